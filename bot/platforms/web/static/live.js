// What changes by itself: rooms, the demo's time, the connection.
import { checkHealth, showHealth } from "./health.js";
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
    showHealth("down", "Unreachable");
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

setInterval(() => { if (!lost) checkHealth(); }, 15000);
