// "/" and Ctrl-K open a list that finds pages, commands, units, notes and people of the group.
(() => {
  const opener = document.getElementById("find");
  if (!opener) return;
  const MOST = 8;
  let entries = null, shown = [], at = 0;
  const make = (tag, props = {}, ...children) => {
    const node = Object.assign(document.createElement(tag), props);
    node.append(...children);
    return node;
  };
  const input = make("input", { type: "text", id: "palette-line", autocomplete: "off", spellcheck: false, placeholder: "Find a page, command, unit, note or person" });
  for (const [name, value] of [["role", "combobox"], ["aria-expanded", "true"], ["aria-controls", "palette-list"], ["aria-autocomplete", "list"], ["aria-label", "Search"]]) input.setAttribute(name, value);
  const list = make("ul", { id: "palette-list" });
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "Results");
  const says = make("p", { className: "soft palette-says" });
  says.setAttribute("role", "status");
  const dialog = make("dialog", { className: "palette" }, input, list, says);
  dialog.setAttribute("aria-label", "Search");
  document.body.append(dialog);

  function rank(entry, words) {
    const label = entry.label.toLowerCase();
    if (!words.every((word) => label.includes(word) || entry.kind.toLowerCase().startsWith(word))) return -1;
    return label.startsWith(words[0] ?? "") ? 2 : new RegExp(`(^|\\W)${(words[0] ?? "").replace(/\W/g, "")}`).test(label) ? 1 : 0;
  }

  function draw() {
    const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
    const ranked = (entries ?? []).map((entry) => [rank(entry, words), entry]).filter(([score]) => score >= 0);
    shown = ranked.sort(([a], [b]) => b - a).slice(0, MOST).map(([, entry]) => entry);
    at = 0;
    list.replaceChildren(...shown.map((entry, n) => {
      const row = make("li", { id: `palette-${n}` }, make("span", { textContent: entry.label }), make("span", { className: "soft", textContent: entry.kind }));
      row.setAttribute("role", "option");
      row.addEventListener("click", () => follow(entry));
      return row;
    }));
    says.textContent = entries === null ? "Loading" : shown.length ? "" : "Nothing found.";
    mark();
  }

  function mark() {
    [...list.children].forEach((row, n) => row.setAttribute("aria-selected", String(n === at)));
    if (shown.length) input.setAttribute("aria-activedescendant", `palette-${at}`);
    else input.removeAttribute("aria-activedescendant");
  }

  function follow(entry) {
    if (!entry) return;
    if (entry.href) {
      location.assign(entry.href);
      return;
    }
    const form = make("form", { method: "post", action: opener.dataset.do }, make("input", { type: "hidden", name: "do", value: entry.do }));
    document.body.append(form);
    form.submit();
  }

  async function open() {
    if (dialog.open) return;
    input.value = "";
    dialog.showModal();
    draw();
    if (entries === null) {
      entries = await fetch(opener.dataset.find, { headers: { Accept: "application/json" } }).then((r) => r.ok ? r.json() : [], () => []);
      draw();
    }
  }

  opener.addEventListener("click", open);
  input.addEventListener("input", draw);
  input.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && shown.length) {
      event.preventDefault();
      at = (at + step + shown.length) % shown.length;
      mark();
    } else if (event.key === "Enter") {
      event.preventDefault();
      follow(shown[at]);
    }
  });
  dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
  document.addEventListener("keydown", (event) => {
    const isTyping = event.target.closest("input, textarea, select");
    if ((event.key === "/" && !isTyping && !event.ctrlKey && !event.metaKey && !event.altKey) || (event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey))) {
      event.preventDefault();
      open();
    }
  });
})();
