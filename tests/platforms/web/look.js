// Looks at the page as it stands and returns what is wrong with it, in words.
() => {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = 1;
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  const rgba = (colour) => {
    pen.clearRect(0, 0, 1, 1);
    pen.fillStyle = colour;
    pen.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = pen.getImageData(0, 0, 1, 1).data;
    return [r, g, b, a / 255];
  };
  const over = (top, under) => top.slice(0, 3).map((v, i) => v * top[3] + under[i] * (1 - top[3]));
  const ground = (el) => {
    const stack = [];
    for (; el; el = el.parentElement) stack.push(rgba(getComputedStyle(el).backgroundColor));
    return stack.reverse().reduce((under, top) => over(top, under), [255, 255, 255]);
  };
  const light = (colour) => {
    const [r, g, b] = colour.map((v) => (v / 255 <= 0.03928 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const isSeen = (el) => el.checkVisibility({ visibilityProperty: true, opacityProperty: true });
  const wrong = [];

  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const el = walk.currentNode.parentElement;
    const text = walk.currentNode.data.trim();
    if (!text || !isSeen(el) || el.closest(".hidden, .skip, template, :disabled")) continue;
    const back = ground(el);
    const [a, b] = [light(over(rgba(getComputedStyle(el).color), back)), light(back)].sort((x, y) => y - x);
    const ratio = (a + 0.05) / (b + 0.05);
    if (ratio < 4.5) wrong.push(`contrast ${ratio.toFixed(2)}: ${text.slice(0, 30)}`);
  }

  for (const el of document.querySelectorAll("button, a, input, select, textarea, [role=menuitem], [role=option]")) {
    const labels = [...(el.labels ?? [])].map((l) => l.textContent).join("");
    const name = el.getAttribute("aria-label") || el.textContent || labels;
    if (isSeen(el) && !name.trim()) wrong.push(`no name: ${el.outerHTML.slice(0, 80)}`);
  }

  const ids = [...document.querySelectorAll("[id]")].map((el) => el.id);
  for (const id of ids.filter((one, i) => ids.indexOf(one) !== i)) wrong.push(`twice: ${id}`);
  for (const name of ["aria-controls", "aria-describedby", "aria-labelledby", "aria-activedescendant"]) {
    for (const el of document.querySelectorAll(`[${name}]`)) {
      for (const id of el.getAttribute(name).split(" ")) {
        if (id && !ids.includes(id) && isSeen(el)) wrong.push(`${name} of nothing: ${id}`);
      }
    }
  }

  for (const el of [document.documentElement, document.body, document.querySelector("#log")]) {
    if (el.scrollWidth > el.clientWidth) wrong.push(`too wide: ${el.tagName} ${el.scrollWidth} > ${el.clientWidth}`);
  }
  return wrong;
}
