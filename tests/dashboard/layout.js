// What is wrong with the layout of a page: sideways scrolling, clipped buttons, words broken inside a heading,
// content above the page's heading.
() => {
  const faults = [];
  const note = (what, element) => faults.push(`${what}: ${element.outerHTML.slice(0, 140)}`);
  const main = document.querySelector("main"), title = main.querySelector("h1");
  if (document.documentElement.scrollWidth > innerWidth) faults.push("the page scrolls sideways");
  for (const element of document.querySelectorAll("body *:not(.skip, .hidden, .hidden *)")) {
    const box = element.getBoundingClientRect();
    if (!box.width || !box.height || !element.checkVisibility({ visibilityProperty: true })) continue;
    if (element.matches("button, .button")) {
      const style = getComputedStyle(element);
      if (element.scrollWidth > element.clientWidth + 1) note("a label beyond its button", element);
      if (element.matches(".button") && (parseFloat(style.paddingLeft) < 6 || parseFloat(style.paddingRight) < 6)) {
        note("a button without padding", element);
      }
      for (let outer = element.parentElement; outer !== document.body; outer = outer.parentElement) {
        const edge = outer.getBoundingClientRect();
        const isClipped = box.right > edge.right + 1 || box.left < edge.left - 1;
        if (isClipped && getComputedStyle(outer).overflowX !== "visible") { note("a clipped button", element); break; }
      }
    }
    if (element.matches("h1, h2, h3, h4, legend, summary")) {
      const texts = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
      for (let text; (text = texts.nextNode());) {
        for (const word of text.data.matchAll(/[\p{L}\p{N}]+/gu)) {
          const range = document.createRange();
          range.setStart(text, word.index);
          range.setEnd(text, word.index + word[0].length);
          const lines = new Set([...range.getClientRects()].map((line) => Math.round(line.top)));
          if (lines.size > 1 && word[0].length < 25) note(`the word ${word[0]} is broken`, element);
        }
      }
    }
    const isBefore = element.compareDocumentPosition(title) & Node.DOCUMENT_POSITION_FOLLOWING;
    if (main.contains(element) && !element.contains(title) && isBefore) note("content above the heading", element);
  }
  return faults;
}
