// A quiz by keyboard: 1 to 9 or the letter choose, Enter goes on. Without this script the buttons work as they are.
(() => {
  const quiz = document.querySelector(".flash [data-quiz]");
  if (!quiz) return;
  const choices = [...quiz.querySelectorAll("button.choice")];
  const next = quiz.querySelector(".buttons .primary");
  if (matchMedia("(hover: hover)").matches && (choices.length || next)) {
    const hint = Object.assign(document.createElement("p"), { className: "soft keys" });
    hint.textContent = choices.length ? `Keys: 1 to ${choices.length}` : "Key: Enter";
    quiz.append(hint);
  }
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    if (event.target.closest("input, textarea, select, dialog")) return;
    const at = /^[1-9]$/.test(event.key) ? Number(event.key) - 1 : event.key.length === 1 ? event.key.toLowerCase().charCodeAt(0) - 97 : -1;
    if (choices[at]) {
      event.preventDefault();
      choices[at].click();
    } else if (event.key === "Enter" && next && !event.target.closest("a, button, summary")) {
      event.preventDefault();
      next.click();
    }
  });
})();
