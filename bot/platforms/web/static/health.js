// What /healthz knows, in words: the dot, and the card behind it.
import { byId } from "./page.js";
import { words } from "./when.js";

const SEARCH = { "reading": "reading the notes", "words only": "by words alone", "ready": "by words and by meaning" };
const capital = (word) => (word[0]?.toUpperCase() ?? "") + word.slice(1);
const seconds = (count) => (count < 120 ? `${Math.round(count)} s` : `${Math.round(count / 60)} min`);
const ahead = (count) => `${seconds(Math.abs(count))} ${count < 0 ? "back" : "ahead"}`;

function lastRun({ last_tick: at, last_tick_s: ago } = {}) {
  if (at == null) return "not yet";
  return ago == null ? words(Date.parse(at), "full") : `${seconds(ago)} ago, ${words(Date.parse(at), "full")}`;
}

// Rows of a label and what to say; a fix has the row to itself.
function rows(found) {
  const { database, lock, scheduler, platforms = {}, last_event_s: heard = {}, outbox_lag_s: lag, index, fixes = [] } = found;
  return [
    ...fixes.map((sentence) => ["To fix", sentence]),
    database && ["Database", database === "ok" ? "well" : database],
    lock && ["Its lock", lock === "held" ? "ours" : "lost"],
    scheduler && ["Schedule ran", lastRun(scheduler)],
    scheduler?.clock_set_s && ["Clock was set", ahead(scheduler.clock_set_s)],
    lag != null && ["Messages", lag > 0 ? `the oldest waits for ${seconds(lag)}` : "none waits"],
    index && ["Search", SEARCH[index] ?? index],
    ...Object.entries(platforms).map(([name, state]) => [
      capital(name),
      heard[name] == null ? state : `${state}, last event ${seconds(heard[name])} ago`,
    ]),
  ].filter(Boolean);
}

export function showHealth(state, word, found = {}) {
  byId("health").dataset.state = state;
  byId("health-word").textContent = word;
  byId("health").setAttribute("aria-label", `Health: ${word}`);
  const put = (tag, textContent) => Object.assign(document.createElement(tag), { textContent });
  const told = rows(found).flatMap(([label, text]) => [put("dt", label), put("dd", text)]);
  byId("health-card").querySelector("dl").replaceChildren(...told);
}

export async function checkHealth() {
  try {
    const response = await fetch("/healthz");
    const found = await response.json();
    if (found.ok) showHealth("ok", "All well", found);
    else showHealth("warn", "Needs attention", found);
  } catch {
    showHealth("down", "Unreachable");
  }
}

const card = byId("health-card");
const showCard = (is) => { card.hidden = !is; byId("health").setAttribute("aria-expanded", String(is)); };
byId("health").addEventListener("click", () => showCard(card.hidden));
document.addEventListener("keydown", (event) => { if (event.key === "Escape") showCard(false); });
document.addEventListener("pointerdown", (event) => { if (!event.target.closest(".health")) showCard(false); });
