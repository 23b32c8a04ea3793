// The chat line: a combobox that completes commands, parameters and values; and the menu of commands.
import { byId, get, here, toast } from "./page.js";
import { openCommand, say } from "./act.js";

const input = byId("line");
const panel = byId("options-panel");
const box = byId("options");
const menu = byId("commands");
const opener = byId("open-commands");
let options = [];
let active = -1;
let timer = 0;
let asked = 0;
const past = [];
let back = 0;

function close() {
  clearTimeout(timer);
  asked += 1;
  panel.hidden = true;
  active = -1;
  input.setAttribute("aria-expanded", "false");
  input.removeAttribute("aria-activedescendant");
}

function choose(index) {
  active = index;
  [...box.children].forEach((li, i) => li.setAttribute("aria-selected", String(i === index)));
  if (index < 0) return input.removeAttribute("aria-activedescendant");
  input.setAttribute("aria-activedescendant", box.children[index].id);
  box.children[index].scrollIntoView({ block: "nearest" });
}

function usage(found) {
  const words = found.usage.flatMap(([word, isNow], i) => {
    const el = Object.assign(document.createElement(isNow ? "b" : "span"), { textContent: word });
    return i ? [" ", el] : [el];
  });
  if (words.length) words.push(`  ·  ${found.summary}`);
  byId("usage").replaceChildren(...words);
}

async function complete() {
  const mine = ++asked;
  const text = input.value;
  const found = await get("/complete", { text }).then((r) => r.json(), () => null);
  if (!found || mine !== asked) return;
  usage(found);
  options = found.options.filter((o) => o.line.trim() !== text.trim());
  if (!options.length || document.activeElement !== input) return close();
  box.replaceChildren(...options.map((o, i) => {
    const li = Object.assign(document.createElement("li"), { id: `option-${i}`, role: "option" });
    li.setAttribute("aria-selected", "false");
    li.append(
      Object.assign(document.createElement("b"), { textContent: o.label }),
      Object.assign(document.createElement("span"), { textContent: o.note }),
    );
    return li;
  }));
  panel.hidden = false;
  input.setAttribute("aria-expanded", "true");
  choose(-1);
}

export function fill(text) {
  input.value = text;
  input.focus();
  input.setSelectionRange(text.length, text.length);
  complete();
}

function take(index) {
  const line = options[index].line;
  close();
  fill(line);
}

async function send() {
  const text = input.value.trim();
  if (!text) return;
  if (input.dataset.busy === here.person) return toast("One moment: I am still at your last line. Yours waits in the box.");
  close();
  const told = await say(text, input);
  if (!told) return; // the line stays, nothing was sent
  past.push(text);
  back = past.length;
  if (told.do !== "form") clear(text);
}

function clear(text) {
  if (input.value.trim() !== text) return;
  input.value = "";
  byId("usage").replaceChildren();
}

function recall(step) {
  if (!past.length) return;
  back = Math.max(0, Math.min(past.length, back + step));
  input.value = past[back] ?? "";
}

input.addEventListener("input", () => {
  clearTimeout(timer);
  if (!input.value) { byId("usage").replaceChildren(); return close(); }
  timer = setTimeout(complete, 70);
});
input.addEventListener("keydown", (event) => {
  if (event.isComposing) return;
  const isOpen = !panel.hidden;
  const n = options.length;
  const keys = {
    ArrowDown: () => (isOpen ? choose((active + 1) % n) : back < past.length ? recall(1) : complete()),
    ArrowUp: () => (isOpen ? choose(active <= 0 ? n - 1 : active - 1) : recall(-1)),
    Tab: isOpen && !event.shiftKey ? () => take(Math.max(active, 0)) : null,
    Enter: isOpen && active >= 0 ? () => take(active) : null,
    Escape: isOpen ? close : null,
  };
  if (keys[event.key]) { event.preventDefault(); keys[event.key](); }
});
input.addEventListener("blur", () => setTimeout(() => { if (document.activeElement !== input) close(); }, 120));
input.addEventListener("form-done", () => { input.value = ""; byId("usage").replaceChildren(); });
box.addEventListener("pointerdown", (event) => {
  const li = event.target.closest("li");
  if (li) { event.preventDefault(); take([...box.children].indexOf(li)); }
});
byId("say").addEventListener("submit", (event) => { event.preventDefault(); send(); });

// ---- the menu of commands

const items = () => [...menu.querySelectorAll('[role="menuitem"]')];
function showMenu(is) {
  menu.hidden = !is;
  opener.setAttribute("aria-expanded", String(is));
  if (is) { close(); items()[0]?.focus(); }
}
opener.addEventListener("click", () => showMenu(menu.hidden));
menu.addEventListener("keydown", (event) => {
  const all = items();
  const at = all.indexOf(document.activeElement);
  const to = { ArrowDown: (at + 1) % all.length, ArrowUp: (at - 1 + all.length) % all.length, Home: 0, End: all.length - 1 }[event.key];
  if (to !== undefined) { event.preventDefault(); all[to].focus(); }
  else if (event.key === "Escape") { showMenu(false); opener.focus(); }
  else if (event.key === "Tab") showMenu(false);
  else if (/^[a-z]$/i.test(event.key)) {
    const next = [...all.slice(at + 1), ...all].find((el) => el.dataset.name.startsWith(event.key.toLowerCase()));
    next?.focus();
  }
});
menu.addEventListener("click", (event) => {
  const item = event.target.closest('[role="menuitem"]');
  if (!item) return;
  showMenu(false);
  opener.focus();
  if (item.dataset.packed) openCommand(item.dataset.packed, opener);
  else say(item.dataset.name, opener);
});
document.addEventListener("pointerdown", (event) => {
  if (!menu.hidden && !menu.contains(event.target) && !opener.contains(event.target)) showMenu(false);
});
