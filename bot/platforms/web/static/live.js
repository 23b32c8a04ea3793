// What changes by itself: rooms, the demo's time, health, the connection.
import { byId, here, post, renewToken, toast, Trouble } from "./page.js";
import { addPrivate, refresh, showRooms } from "./room.js";
import { words } from "./when.js";

let lost = null;
let pending = 0;

// Several events in a row are one look at the room.
function changed() {
  clearTimeout(pending);
  pending = setTimeout(() => { refresh(); showRooms(); }, 40);
}

export function listen() {
  const events = new EventSource("/events");
  const on = (name, act) => events.addEventListener(name, (event) => act(JSON.parse(event.data)));
  on("hello", (data) => {
    renewToken(data.token);
    showDemo(data);
    if (lost) {
      lost.remove();
      lost = null;
      toast("Connected again.", "good");
    }
    changed();
    checkHealth();
  });
  on("room", changed);
  on("time", showDemo);
  on("whisper", (data) => { if (data.as === here.person) addPrivate(data.html, { key: data.key }); });
  events.addEventListener("error", () => {
    lost ??= toast("The connection to Trailmate is lost. Trying again …", "bad", true);
    health("down", "Unreachable", {});
    if (events.readyState === EventSource.CLOSED) setTimeout(listen, 2000);
  });
}

// ---- the demo

function showDemo({ demo, moving }) {
  if (!demo || !byId("demo")) return;
  byId("demo-time").textContent = words(Date.parse(demo), "full");
  busy(moving);
}

function busy(is) {
  byId("demo-busy").hidden = !is;
  for (const button of byId("demo").querySelectorAll("button")) button.disabled = is;
}

byId("demo")?.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-move]");
  if (!button) return;
  try {
    busy(true);
    showDemo(await post("/demo", { to: button.dataset.move }));
    button.focus();
  } catch (trouble) {
    busy(false);
    if (!(trouble instanceof Trouble)) throw trouble;
    toast(trouble.message);
  }
});

// ---- health

function health(state, word, details) {
  byId("health").dataset.state = state;
  byId("health-word").textContent = word;
  byId("health").setAttribute("aria-label", `Health: ${word}`);
  const rows = [];
  const put = (tag, text, className = "") => rows.push(Object.assign(document.createElement(tag), { textContent: text, className }));
  const isGroup = (value) => value !== null && typeof value === "object";
  const add = (values, depth) => {
    const all = Object.entries(values);
    for (const [name, value] of all.filter(([name, value]) => !isGroup(value) && !(depth === 0 && name === "ok"))) {
      put("dt", plain(name));
      put("dd", says(value));
    }
    for (const [name, value] of all.filter(([, value]) => isGroup(value))) {
      put("dt", plain(name), "group");
      if (depth < 3) add(value, depth + 1);
    }
  };
  add(details, 0);
  byId("health-card").querySelector("dl").replaceChildren(...rows);
}

const plain = (name) => (name[0]?.toUpperCase() ?? "") + name.slice(1).replaceAll("_", " ");

function says(value) {
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (typeof value === "string" && /^\d{4}-\d\d-\d\dT/.test(value)) return words(Date.parse(value), "full");
  return value === null ? "–" : String(value);
}

async function checkHealth() {
  try {
    const response = await fetch("/healthz");
    const details = await response.json();
    if (details.ok) health("ok", "All well", details);
    else health("warn", "Needs attention", details);
  } catch {
    health("down", "Unreachable", {});
  }
}
setInterval(() => { if (!lost) checkHealth(); }, 15000);

const card = byId("health-card");
const showCard = (is) => { card.hidden = !is; byId("health").setAttribute("aria-expanded", String(is)); };
byId("health").addEventListener("click", () => showCard(card.hidden));
document.addEventListener("keydown", (event) => { if (event.key === "Escape") showCard(false); });
document.addEventListener("pointerdown", (event) => { if (!event.target.closest(".health")) showCard(false); });
