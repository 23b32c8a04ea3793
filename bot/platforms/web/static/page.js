// What every part of the page knows: who, where, how to ask the server.
export const byId = (id) => document.getElementById(id);
export const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
export const here = { person: "", room: "general", thread: null };

let token = document.querySelector('meta[name="token"]').content;
export const renewToken = (fresh) => { token = fresh; };

export const stored = {
  read(name, otherwise) {
    try { return JSON.parse(localStorage.getItem(`trailmate.${name}`)) ?? otherwise; } catch { return otherwise; }
  },
  write(name, value) {
    try { localStorage.setItem(`trailmate.${name}`, JSON.stringify(value)); } catch { /* this page only */ }
  },
};

export class Trouble extends Error {}

async function ask(path, options) {
  let response;
  try {
    response = await fetch(path, options);
  } catch {
    throw new Trouble("Trailmate cannot be reached just now. Nothing was sent.");
  }
  if (!response.ok) {
    const said = (await response.text()).slice(0, 300);
    throw new Trouble(said || "Something went wrong on the page's side. The log has the details.");
  }
  return response;
}

const where = () => ({ as: here.person, zone, room: here.room, ...(here.thread ? { thread: here.thread } : {}) });

export async function get(path, params = {}) {
  return ask(`${path}?${new URLSearchParams({ ...where(), ...params })}`, {});
}

export async function post(path, body) {
  const headers = { "Content-Type": "application/json", "X-Trailmate-Token": token };
  return (await ask(path, { method: "POST", headers, body: JSON.stringify({ ...where(), ...body }) })).json();
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
