// A command's form as a dialog. What is wrong is said beside its field, and nothing that was typed is lost.
import { byId, get, parse } from "./page.js";
import { submit } from "./submit.js";
import { showTimes } from "./when.js";

const dialog = byId("form");
let packed = "";
let source = null;
let follow = null;

export function openForm(told, from, then) {
  packed = told.packed;
  source = from;
  follow = then;
  dialog.replaceChildren(parse(told.html));
  showTimes(dialog);
  if (!dialog.open) dialog.showModal();
  const fields = [...dialog.querySelectorAll("input, select, textarea")].filter((f) => f.checkVisibility());
  (fields.find((f) => !f.value) ?? fields[0] ?? dialog.querySelector('[type="submit"]'))?.focus();
}

function mark(key, html) {
  const field = dialog.querySelector(`.field[data-key="${CSS.escape(key)}"]`);
  if (!field) return false;
  const says = field.querySelector(".error");
  says.replaceChildren(parse(html));
  says.hidden = !html;
  const control = field.querySelector("input, select, textarea");
  if (html) control.setAttribute("aria-invalid", "true"); else control.removeAttribute("aria-invalid");
  return true;
}

function trouble(html) {
  const box = byId("form-trouble");
  box.replaceChildren(parse(html));
  box.hidden = !html;
  if (html) box.scrollIntoView({ block: "nearest" });
}

function unmark() {
  trouble("");
  for (const field of dialog.querySelectorAll(".field")) mark(field.dataset.key, "");
}

// A file travels as its name, a line break and its text; what is no text or too large is told beside its field.
async function textOf(file, most) {
  if (!file.name && !file.size) return "";
  if (file.size > most) throw new Error(`The file has ${Math.ceil(file.size / 1000)} kB, and at most ${most / 1000} kB are taken.`);
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(await file.arrayBuffer());
    return `file:${file.name.replace(/[\r\n]/g, " ")}\n${text}`;
  } catch {
    throw new Error("This is not UTF-8 text: choose Markdown or plain text.");
  }
}

async function valuesOf(form) {
  const data = new FormData(form);
  const values = Object.fromEntries(data);
  for (const box of form.querySelectorAll('input[type="checkbox"]')) values[box.name] = data.getAll(box.name).join(",");
  for (const input of form.querySelectorAll('input[type="file"]')) {
    try {
      values[input.name] = await textOf(values[input.name], Number(input.dataset.max));
    } catch (trouble) {
      mark(input.name, trouble.message);
      input.focus();
      return null;
    }
  }
  return values;
}

async function send(form) {
  const values = await valuesOf(form);
  if (!values) return;
  const button = form.querySelector('[type="submit"]');
  const ref = source?.closest?.("[data-message]")?.dataset.message;
  const told = await submit("/call", { packed, values, ...(ref ? { ref } : {}) }, button);
  if (!told) return;
  unmark();
  if (told.do === "errors") {
    const elsewhere = Object.entries(told.errors).filter(([key, html]) => !mark(key, html)).map(([, html]) => html);
    trouble(elsewhere.join("<br>"));
    dialog.querySelector('[aria-invalid="true"]')?.focus();
  } else if (told.do === "refused") {
    trouble(told.html);
  } else {
    const from = source;
    dialog.close();
    await follow(told, from);
    from?.dispatchEvent?.(new CustomEvent("form-done", { bubbles: true }));
  }
}

dialog.addEventListener("submit", (event) => {
  event.preventDefault();
  send(event.target);
});
dialog.addEventListener("click", (event) => {
  if (event.target.closest("[data-close]")) dialog.close(); // a stray click beside the form would lose what was typed
});
dialog.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) dialog.querySelector("form").requestSubmit();
});
dialog.addEventListener("close", () => {
  (source?.isConnected ? source : byId("line")).focus({ preventScroll: true });
});

let timer = 0;
async function suggest(input) {
  const params = { packed, param: input.name, typed: input.value };
  const found = await get("/suggest", params).then((r) => r.json(), () => []);
  if (!input.isConnected) return;
  const options = found.map((c) => Object.assign(document.createElement("option"), { value: c.value, label: c.label }));
  input.list?.replaceChildren(...options);
}
for (const kind of ["input", "focusin"]) {
  dialog.addEventListener(kind, (event) => {
    if (!event.target.list) return;
    clearTimeout(timer);
    timer = setTimeout(() => suggest(event.target), kind === "input" ? 120 : 0);
  });
}
