// Saves each field of a course by itself, merges what others change, and never drops what was typed.
(() => {
  if (document.getElementById("draft-runs")) setTimeout(() => location.reload(), 4000);
  const writing = document.getElementById("writing");
  if (!writing) return;
  const PAUSE = 1200, LONG_PAUSE = 4000, RETRY = 8000;
  const says = document.getElementById("save-state");
  const address = new URL(location.href);
  const isResult = address.searchParams.has("said");
  address.searchParams.delete("said");
  if (isResult) history.replaceState(null, "", address);  // a reload doesn't show the result of a button again
  const query = address.search;
  const fields = new Map([...writing.querySelectorAll("[data-key]")].map((input) => [input.dataset.key, { input, before: input.value.trim(), shown: input.value.trim(), timer: 0, trouble: "" }]));
  let actions = null, running = Promise.resolve();

  const clock = () => new Date().toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  // `before` is the text that the server has, `shown` the same as it was typed: without double spaces, say.
  const isDirty = (field) => field.input.value.trim() !== field.shown;
  const dirty = () => [...fields.values()].filter(isDirty);
  const tell = (text, isBad = false) => {
    if (says.textContent !== text) says.textContent = text;
    says.classList.toggle("is-bad", isBad);
  };
  const saidOf = (field) => document.getElementById(`${field.input.id}-said`);

  function showTrouble(field, message, ...more) {
    field.input.setAttribute("aria-invalid", "true");
    const box = saidOf(field), text = document.createElement("div");
    text.className = "error";
    text.innerHTML = message;
    box.replaceChildren(text, ...more);
  }

  function clearTrouble(field) {
    field.input.removeAttribute("aria-invalid");
    field.trouble = "";
    saidOf(field).replaceChildren();
  }

  function button(label, press) {
    const node = Object.assign(document.createElement("button"), { type: "button", className: "button", textContent: label });
    node.addEventListener("click", press);
    return node;
  }

  function showConflict(field, message, theirs) {
    const row = document.createElement("div"), text = document.createElement("pre");
    text.textContent = theirs || "(empty)";
    row.className = "buttons";
    row.append(
      button("Keep my text", () => { field.before = theirs.trim(); field.shown = null; clearTrouble(field); save(field); field.input.focus(); }),
      button("Take their text", () => { fill(field, theirs); clearTrouble(field); report(); field.input.focus(); }),
    );
    field.trouble = "conflict";
    showTrouble(field, message, text, row);
  }

  async function ask(path, body) {
    const answer = await fetch(path + query, body ? { method: "POST", body: new URLSearchParams(body), keepalive: body.text.length < 20000 } : { headers: { Accept: "application/json" } });
    if (!(answer.headers.get("Content-Type") ?? "").includes("json")) throw answer.status;
    return answer.json();
  }

  function fill(field, text) {
    field.input.value = text;
    field.before = field.shown = text.trim();
  }

  // What others have changed appears in the fields that nobody is changing here.
  function take(state) {
    actions = state.do;
    for (const [key, text] of Object.entries(state.values)) {
      const field = fields.get(key);
      if (field && !isDirty(field) && !field.trouble && field.input !== document.activeElement && field.before !== text.trim()) fill(field, text);
    }
    for (const [id, html] of Object.entries(state.parts)) {
      const part = document.getElementById(id);
      if (part && !part.contains(document.activeElement)) part.innerHTML = html;
    }
  }

  function report() {
    const left = dirty();
    if (!left.length) tell(`Saved ${clock()}`);
    else if (left.some((field) => field.trouble)) tell("Not saved: look at the marked field.", true);
  }

  async function send(field, isAgain = false) {
    const key = field.input.dataset.key, text = field.input.value.trim();
    if (!isDirty(field) || field.trouble === "conflict") return;
    const at = key.lastIndexOf(" "), place = key.slice(0, at), name = key.slice(at + 1);
    const isNote = place.startsWith("note:");
    tell("Saving…");
    try {
      if (!actions) take(await ask(writing.dataset.state));
      const body = { do: actions[isNote ? "note" : "course"], field: name, before: field.before, text };
      const state = await ask(writing.dataset.save, { ...body, ...(isNote ? { note: place.slice(5) } : { place }) });
      if (state.tone === "busy") throw 503;
      if (state.tone === "warn") showConflict(field, state.message, state.values[key] ?? "");
      else if (state.tone === "error") { field.trouble = "refused"; showTrouble(field, state.message); }
      else {
        clearTrouble(field);
        field.shown = text;
        field.before = (state.stored ?? text).trim();
        if (field.input !== document.activeElement && !isDirty(field)) fill(field, state.stored ?? text);
      }
      take(state);
      report();
      if (isDirty(field) && !field.trouble && !field.timer) plan(field);
    } catch (status) {
      if (status === 403 && !isAgain) {  // this page was signed for another visit, or long ago
        actions = null;
        return send(field, true);
      }
      if (status === 401 || status === 403) return offerSignIn();
      tell(status === 404 ? "Not saved: this course can't be changed any more. Your text is still on this page." : "Not saved: no connection. Your text stays on this page, and I'll try again.", true);
      field.timer ||= setTimeout(() => { field.timer = 0; save(field); }, RETRY);
    }
  }

  function offerSignIn() {
    tell("You're signed out. Your text stays on this page. Type dashboard in the chat, open the link in another tab, then ", true);
    says.append(button("Save again", () => { actions = null; flush(); }));
  }

  function save(field) {
    clearTimeout(field.timer);
    field.timer = 0;
    running = running.then(() => send(field));
    return running;
  }

  function plan(field) {
    clearTimeout(field.timer);
    field.timer = setTimeout(() => save(field), field.input.rows > 10 ? LONG_PAUSE : PAUSE);
  }

  async function flush() {
    for (const field of dirty()) if (field.trouble !== "conflict") { field.trouble = ""; save(field); }
    await running;
    return !dirty().length;
  }

  for (const field of fields.values()) {
    field.input.addEventListener("input", () => {
      if (field.trouble === "refused") clearTrouble(field);
      if (!isDirty(field)) return report();
      tell("Not saved yet");
      plan(field);
    });
    field.input.addEventListener("change", () => { if (isDirty(field) && field.trouble !== "conflict") save(field); });
  }

  // Links and buttons of the page wait until all is saved; a text that can't be saved keeps its writer here.
  document.addEventListener("click", async (event) => {
    const link = event.target.closest("a[href]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || link.target || link.getAttribute("href").startsWith("#") || !dirty().length) return;
    event.preventDefault();
    if (await flush()) location.assign(link.href);
  });
  document.addEventListener("submit", async (event) => {
    if (!dirty().length) return;
    event.preventDefault();
    if (await flush()) event.target.submit();
  });
  addEventListener("beforeunload", (event) => { if (dirty().length) event.preventDefault(); });
  addEventListener("online", flush);
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) running = running.then(async () => { try { take(await ask(writing.dataset.state)); } catch { /* the next save tells */ } });
  });

  for (const opener of writing.querySelectorAll("[data-of]")) {
    const box = opener.closest("article").querySelector(".preview"), field = fields.get(opener.dataset.of);
    opener.addEventListener("click", async () => {
      box.hidden = !box.hidden;
      opener.setAttribute("aria-expanded", String(!box.hidden));
      if (box.hidden) return;
      try {
        box.innerHTML = (await ask(writing.dataset.preview, { text: field.input.value })).html;
      } catch {
        box.textContent = "No preview: no connection.";
      }
      box.focus();
    });
  }
  // After a question, its result stands above the open form for the next one.
  const adding = document.getElementById("add-question"), result = document.querySelector(".flash");
  if (isResult && adding && result && sessionStorage.getItem("adding") === address.searchParams.get("at")) {
    adding.parentElement.open = true;
    adding.before(result);
    adding.elements.question.focus({ preventScroll: true });
    adding.parentElement.scrollIntoView();
  }
  sessionStorage.removeItem("adding");
  adding?.addEventListener("submit", () => sessionStorage.setItem("adding", address.searchParams.get("at")));

  if (matchMedia("(max-width: 760px)").matches && new URLSearchParams(query).get("at")) document.getElementById("outline-box").open = false;
})();
