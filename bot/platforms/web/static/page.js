// What every part of the page knows: who, where, how to ask the server.
export const byId = (id) => document.getElementById(id);
export const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
export const here = { person: "", room: "general", thread: null };

const TOKEN = "X-Trailmate-Token";
const KNOWN = 8;
let tokens = [document.querySelector('meta[name="token"]').content]; // of several processes each has its own
export const renewToken = (fresh) => { tokens = [fresh, ...tokens.filter((one) => one !== fresh)].slice(0, KNOWN); };

export const stored = {
  read(name, otherwise) {
    try { return JSON.parse(localStorage.getItem(`trailmate.${name}`)) ?? otherwise; } catch { return otherwise; }
  },
  write(name, value) {
    try { localStorage.setItem(`trailmate.${name}`, JSON.stringify(value)); } catch { /* this page only */ }
  },
};

export class Trouble extends Error {}

async function reach(path, options) {
  try {
    return await fetch(path, options);
  } catch {
    throw new Trouble("Trailmate cannot be reached just now. Nothing was sent.");
  }
}

async function taken(response) {
  if (!response.ok) {
    const said = (await response.text()).slice(0, 300);
    throw new Trouble(said || "Something went wrong on the page's side. The log has the details.");
  }
  return response;
}

const where = () => ({ as: here.person, zone, room: here.room, ...(here.thread ? { thread: here.thread } : {}) });

export async function get(path, params = {}) {
  return taken(await reach(`${path}?${new URLSearchParams({ ...where(), ...params })}`, {}));
}

export async function post(path, body) {
  const said = JSON.stringify({ ...where(), ...body });
  for (let tries = 1; ; tries++) {
    const headers = { "Content-Type": "application/json", [TOKEN]: tokens.join(" ") };
    const response = await reach(path, { method: "POST", headers, body: said });
    const fresh = response.status === 403 ? response.headers.get(TOKEN) : null;
    if (!fresh || tries > KNOWN) return (await taken(response)).json();
    renewToken(fresh); // of a process that this page had not met; it has taken nothing yet
  }
}

export function newKey() {
  return crypto.randomUUID();
}

export function toast(text, kind = "bad", stays = false) {
  const box = byId("toasts");
  for (const old of box.children) if (old.textContent === text) return old;
  const one = Object.assign(document.createElement("p"), { className: `toast ${kind}`, textContent: text });
  box.append(one);
  if (!stays) setTimeout(() => one.remove(), 6000);
  return one;
}

export function parse(html) {
  const box = document.createElement("template");
  box.innerHTML = html; // the server escaped every string in it, and the page's policy runs no script from it
  return box.content;
}
