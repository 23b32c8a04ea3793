// The channel: its messages as the server draws them, and the private answers that only this page holds.
import { byId, get, here, parse, stored, toast, Trouble } from "./page.js";
import { setNow, showTimes } from "./when.js";

const log = byId("log");
const list = byId("messages");
const kept = new Map(); // private answers of rooms that are not open
export const sentFrom = new Map(); // the room of each submission that waits for its answer, by key
const sources = new WeakMap(); // the HTML that each message was drawn from
let asked = 0;
let retry = 0; // while the server cannot show the room
const RETRY_MS = 4000;

export const roomKey = () => `${here.person}|${here.room}|${here.thread ?? ""}`;
const isLocal = (el) => el?.dataset.local !== undefined;
const atEnd = () => log.scrollHeight - log.scrollTop - log.clientHeight < 90;

let firstNew = ""; // of the messages below that have not been shown yet

export function toEnd() {
  log.scrollTop = log.scrollHeight;
  seenAll();
}

function seenAll() {
  firstNew = "";
  byId("newer").hidden = true;
}

// Goes to the end, but never past the beginning of what is new.
function toNew() {
  const first = firstNew && list.querySelector(`[data-ref="${CSS.escape(firstNew)}"]`);
  if (!first) return toEnd();
  first.scrollIntoView({ block: "start" });
  seenAll();
}

export async function openRoom(room, thread) {
  leave();
  Object.assign(here, { room, thread });
  list.replaceChildren();
  log.setAttribute("aria-live", "off");
  await Promise.all([refresh(), showRooms()]);
  for (const { el, after } of kept.get(roomKey()) ?? []) {
    let anchor = after ? list.querySelector(`[data-ref="${CSS.escape(after)}"]`) : null;
    while (anchor && isLocal(anchor.nextElementSibling)) anchor = anchor.nextElementSibling;
    if (anchor) anchor.after(el); else list.append(el);
  }
  kept.delete(roomKey());
  toEnd();
  setTimeout(() => log.setAttribute("aria-live", "polite"), 300);
}

export function leave() {
  const local = [...list.children].filter((el) => el.classList.contains("private"));
  if (!local.length) return;
  const notes = local.map((el) => {
    let before = el.previousElementSibling;
    while (isLocal(before)) before = before.previousElementSibling;
    return { el, after: before?.dataset.ref };
  });
  kept.set(roomKey(), [...(kept.get(roomKey()) ?? []), ...notes]);
  for (const el of local) el.remove();
}

export async function refresh() {
  const mine = ++asked;
  const path = [here.room, ...(here.thread ? [here.thread] : [])].map(encodeURIComponent).join("/");
  let html;
  try {
    html = await (await get(`/room/${path}`)).text();
  } catch (trouble) {
    if (!(trouble instanceof Trouble) || mine !== asked) return;
    if (!retry) toast(trouble.message);
    clearTimeout(retry);
    retry = setTimeout(() => { refresh(); showRooms(); }, RETRY_MS);
    return;
  }
  if (mine !== asked) return; // a later answer is on its way
  clearTimeout(retry);
  retry = 0;
  const fresh = parse(html).querySelector("ol");
  setNow(fresh.dataset.now);
  head(fresh.dataset.heading);
  merge([...fresh.children]);
  seen();
}

function merge(fresh) {
  const stick = atEnd();
  const isFirst = !list.children.length;
  const old = new Map([...list.children].filter((el) => !isLocal(el)).map((el) => [el.dataset.ref, el]));
  let cursor = list.firstElementChild;
  for (const el of fresh) {
    const source = el.outerHTML;
    while (isLocal(cursor)) cursor = cursor.nextElementSibling;
    let stays = old.get(el.dataset.ref);
    old.delete(el.dataset.ref);
    if (stays && sources.get(stays) !== source) {
      el.classList.toggle("is-new", false);
      if (cursor === stays) cursor = el;
      const held = stays.contains(document.activeElement) ? focusPath(stays) : null;
      stays.replaceWith(el);
      held?.(el);
      stays = null;
    } else if (!stays && !isFirst) {
      el.classList.add("is-new");
      if (el.classList.contains("message")) firstNew ||= el.dataset.ref;
    }
    const put = stays ?? el;
    if (!stays) { sources.set(put, source); showTimes(put); }
    if (put === cursor) cursor = cursor.nextElementSibling;
    else list.insertBefore(put, cursor);
  }
  for (const el of old.values()) el.remove();
  if (isFirst) toEnd();
  else if (stick) toNew();
  else if (firstNew) byId("newer").hidden = false;
}

// Keeps the keyboard where it was when the message that holds it is drawn again.
function focusPath(el) {
  const all = [...el.querySelectorAll("button, a")];
  const index = all.indexOf(document.activeElement);
  return (next) => (next.querySelectorAll("button, a")[index] ?? byId("line")).focus({ preventScroll: true });
}

function head(title) {
  const direct = here.room.startsWith("@");
  const name = direct ? "Direct messages" : here.thread ? title || "Thread" : "general";
  byId("room-title").textContent = direct || here.thread ? name : "# general";
  byId("room-note").textContent = direct ? "Only you read here" : here.thread ? "Thread in # general" : "";
  byId("back").hidden = !here.thread;
  byId("line").placeholder = direct ? "Write a command or ask a question" : "Write to the channel, or “trailmate, …”";
  document.title = `${name} · ${document.body.dataset.title}`;
  log.setAttribute("aria-label", `Messages in ${name}`);
}

// ---- private answers

// Shows an answer in the room that it belongs to, or keeps it until its person is there again.
export function addPrivate(html, { source = null, replaces = false, key = "", place = sentFrom.get(key) ?? roomKey() } = {}) {
  const el = parse(html).querySelector("li");
  showTimes(el);
  const clicked = source?.closest?.("li.private");
  if (place !== roomKey()) {
    const notes = kept.get(place) ?? [];
    const note = notes.find((other) => (key && other.el.dataset.key === key) || (replaces && other.el === clicked));
    if (note) note.el = el; else kept.set(place, [...notes, { el }]);
    return;
  }
  const passing = key ? list.querySelector(`li.private[data-key="${CSS.escape(key)}"]`) : null;
  if (passing) passing.replaceWith(el);
  else if (replaces && clicked?.isConnected) { clicked.replaceWith(el); el.focus({ preventScroll: true }); }
  else { el.classList.add("is-new"); list.append(el); }
  // a long answer is read from its beginning
  if (el.offsetHeight > log.clientHeight) el.scrollIntoView({ block: "start" });
  else if (el === list.lastElementChild) toEnd();
  else el.scrollIntoView({ block: "nearest" });
}

export function waiting() {
  let el = null;
  const place = roomKey();
  const timer = setTimeout(() => {
    if (place !== roomKey()) return;
    const stick = atEnd();
    el = byId("waiting").content.firstElementChild.cloneNode(true);
    list.append(el);
    if (stick) toEnd();
  }, 350);
  return () => { clearTimeout(timer); el?.remove(); };
}

// ---- the list of rooms, and what has not been read

export async function showRooms() {
  let html;
  try {
    html = await (await get("/rooms")).text();
  } catch {
    return; // the next event asks again
  }
  const nav = byId("rooms");
  const held = nav.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
  nav.replaceChildren(parse(html));
  if (held) nav.querySelector(`a[href="${CSS.escape(held)}"]`)?.focus();
  for (const link of nav.querySelectorAll("a")) {
    const isOpen = link.dataset.room === here.room && (link.dataset.thread ?? null) === here.thread;
    if (isOpen) link.setAttribute("aria-current", "page");
  }
  seen();
}

function seen() {
  const read = stored.read("seen", {});
  const isNew = !Object.keys(read).some((name) => name.startsWith(`${here.person}|`));
  let any = false;
  const unread = (person, room, newest) => newest && read[`${person}|${room}`] !== newest;
  for (const link of byId("rooms").querySelectorAll("a")) {
    const name = `${here.person}|${link.dataset.room}${link.dataset.thread ? `/${link.dataset.thread}` : ""}`;
    // a first visit starts with the history read; a direct message still waits for its person
    const isHistory = isNew && !link.dataset.room.startsWith("@");
    if (isHistory || link.hasAttribute("aria-current")) read[name] = link.dataset.newest;
    const is = Boolean(link.dataset.newest) && read[name] !== link.dataset.newest;
    link.querySelector(".unread").hidden = !is;
    link.classList.toggle("has-unread", is);
    any ||= is;
  }
  for (const one of byId("rooms").querySelectorAll("[data-newest-of]")) {
    const id = one.dataset.newestOf;
    const is = id !== here.person && unread(id, `@${id}`, one.dataset.newest);
    byId("people").querySelector(`[data-unread-of="${CSS.escape(id)}"]`).hidden = !is;
    any ||= is;
  }
  byId("side-unread").hidden = !any;
  stored.write("seen", read);
}

byId("newer").addEventListener("click", () => { toNew(); byId("line").focus({ preventScroll: true }); });
let follows = true; // whether the end is in view, and stays there when the room becomes smaller
log.addEventListener("scroll", () => {
  follows = atEnd();
  if (follows) seenAll();
}, { passive: true });
new ResizeObserver(() => { if (follows) toEnd(); }).observe(log);
