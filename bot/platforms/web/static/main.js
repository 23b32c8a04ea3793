// Ties the parts together: the address says the room, the switch says who.
import { byId, here, stored } from "./page.js";
import { click } from "./act.js";
import { fill } from "./line.js";
import { listen } from "./live.js";
import { leave, openRoom } from "./room.js";
import { showTimes } from "./when.js";

const people = byId("people");
const side = byId("side");

function place() {
  const [room, thread] = decodeURIComponent(location.hash.slice(1)).split("/");
  return room === "direct" ? [`@${here.person}`, null] : ["general", thread || null];
}

function become(radio) {
  radio.checked = true;
  here.person = radio.value;
  stored.write("as", radio.value);
  const me = byId("me").querySelector(".avatar");
  const avatar = radio.parentElement.querySelector(".avatar");
  me.className = avatar.className;
  me.textContent = avatar.textContent;
  byId("me").setAttribute("aria-label", `You are ${radio.dataset.name}. Change`);
}

function showSide(is) {
  side.classList.toggle("is-open", is);
  byId("shade").hidden = !is;
  for (const id of ["open-side", "me"]) byId(id).setAttribute("aria-expanded", String(is));
}

people.addEventListener("change", (event) => {
  leave();
  become(event.target);
  openRoom(...place());
  if (side.classList.contains("is-open")) {
    showSide(false);
    byId("me").focus();
  }
});
window.addEventListener("hashchange", async () => {
  const wasOpen = side.classList.contains("is-open");
  showSide(false);
  await openRoom(...place());
  if (wasOpen || !side.contains(document.activeElement)) byId("room-title").focus({ preventScroll: true });
});
byId("open-side").addEventListener("click", () => showSide(!side.classList.contains("is-open")));
byId("me").addEventListener("click", () => {
  showSide(true);
  people.querySelector("input:checked").focus();
});
byId("shade").addEventListener("click", () => showSide(false));
side.addEventListener("click", (event) => { if (event.target.closest("a")) showSide(false); });
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && side.classList.contains("is-open")) { showSide(false); byId("open-side").focus(); }
});
byId("skip").addEventListener("click", (event) => { event.preventDefault(); byId("line").focus(); });
document.addEventListener("click", (event) => {
  const target = event.target.closest("[data-call], [data-line], [data-dismiss]");
  if (!target) return;
  if (target.dataset.call !== undefined) click(target);
  else if (target.dataset.line !== undefined) fill(target.dataset.line);
  else dismiss(target.closest("li"));
});

function dismiss(note) {
  const next = note.nextElementSibling ?? note.previousElementSibling;
  note.remove();
  (next?.classList.contains("private") ? next : byId("line")).focus({ preventScroll: true });
}

const remembered = stored.read("as", "");
become(people.querySelector(`input[value="${CSS.escape(remembered)}"]`) ?? people.querySelector("input"));
showTimes();
openRoom(...place()).then(() => { if (matchMedia("(min-width: 761px)").matches) byId("line").focus(); });
listen();
