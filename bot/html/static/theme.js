// Runs before anything is drawn: the colours that were chosen here, else the system's.
(() => {
  const system = matchMedia("(prefers-color-scheme: dark)");
  const chosen = () => { try { return localStorage.getItem("trailmate.theme"); } catch { return null; } };
  const show = (theme) => {
    document.documentElement.dataset.theme = theme;
    const button = document.getElementById("theme");
    if (!button) return;
    const label = theme === "dark" ? "Light colours" : "Dark colours"; // what a press brings
    if (button.hasAttribute("aria-label")) button.setAttribute("aria-label", label);
    else button.textContent = label;
  };
  const apply = () => show(chosen() ?? (system.matches ? "dark" : "light"));
  system.addEventListener("change", apply);
  document.addEventListener("DOMContentLoaded", () => {
    apply();
    // a row of pages that scrolls begins where one is
    const row = document.querySelector(".pages");
    const here = row?.querySelector("[aria-current]");
    if (here) row.scrollLeft = here.offsetLeft - row.offsetLeft - 16;
    document.getElementById("theme")?.addEventListener("click", () => {
      const next = document.documentElement.dataset.theme === "dark" ? "light" : "dark";
      try { localStorage.setItem("trailmate.theme", next); } catch { /* private browsing: this page only */ }
      show(next);
    });
  });
  apply();
})();
