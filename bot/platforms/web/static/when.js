// Instants in the browser's own zone.
import { zone } from "./page.js";

const shape = new Intl.DateTimeFormat("en-GB", {
  weekday: "short", day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit", hourCycle: "h23",
});
const counts = new Intl.RelativeTimeFormat("en", { numeric: "auto" });
let offset = 0;

export const setNow = (iso) => { offset = Date.parse(iso) - Date.now(); };
const now = () => Date.now() + offset;

function parts(at) {
  return Object.fromEntries(shape.formatToParts(at).map((p) => [p.type, p.value]));
}

function relative(at) {
  const minutes = Math.round((at - now()) / 60000);
  if (Math.abs(minutes) < 60) return counts.format(minutes, "minute");
  if (Math.abs(minutes) < 48 * 60) return counts.format(Math.round(minutes / 60), "hour");
  return counts.format(Math.round(minutes / 1440), "day");
}

export function words(at, style) {
  const p = parts(at);
  const day = `${p.weekday} ${p.day} ${p.month}${p.year === parts(now()).year ? "" : ` ${p.year}`}`;
  if (style === "day") return day;
  if (style === "time") return `${p.hour}:${p.minute}`;
  if (style === "relative") return relative(at);
  const full = `${day}, ${p.hour}:${p.minute}`;
  return style === "countdown" ? `${full} (${relative(at)})` : full;
}

export function showTimes(root = document) {
  for (const time of root.querySelectorAll("time[data-style]")) {
    const at = Date.parse(time.dateTime);
    time.textContent = words(at, time.dataset.style);
    time.title = `${words(at, "full")} (${zone})`;
  }
}

setInterval(() => {
  for (const time of document.querySelectorAll('time[data-style="relative"], time[data-style="countdown"]')) {
    time.textContent = words(Date.parse(time.dateTime), time.dataset.style);
  }
}, 30000);
