// Controls and drawing for figures that one can move. A page calls `start`; nothing moves by itself.
"use strict";

/** Return the value of a colour of movable.css. */
const ink = (name) => `var(--${name})`;

/** What draws into the picture: shapes in user units, from the top left corner. */
class Pen {
  constructor(picture, width, height) {
    this.picture = picture;
    picture.setAttribute("viewBox", `0 0 ${width} ${height}`);
  }

  clear() {
    this.picture.replaceChildren();
  }

  add(tag, attributes, text = "") {
    const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    element.textContent = text;
    this.picture.append(element);
  }

  line(x1, y1, x2, y2, color = "line", width = 1.5, dash = "") {
    this.add("line", { x1, y1, x2, y2, stroke: ink(color), "stroke-width": width, "stroke-dasharray": dash });
  }

  path(points, color = "blue", width = 2, dash = "") {
    const at = points.map(([x, y]) => `${x.toFixed(1)},${y.toFixed(1)}`).join(" ");
    this.add("polyline", { points: at, fill: "none", stroke: ink(color), "stroke-width": width, "stroke-dasharray": dash });
  }

  box(x, y, width, height, color = "blue", opacity = 1, edge = "") {
    const attributes = { x, y, width: Math.max(0, width), height: Math.max(0, height), fill: color ? ink(color) : "none" };
    this.add("rect", { ...attributes, "fill-opacity": opacity, stroke: edge ? ink(edge) : "none" });
  }

  dot(x, y, radius = 4, color = "blue", opacity = 1) {
    this.add("circle", { cx: x, cy: y, r: radius, fill: ink(color), "fill-opacity": opacity });
  }

  text(x, y, words, color = "ink", anchor = "start") {
    this.add("text", { x, y, fill: ink(color), "text-anchor": anchor, "dominant-baseline": "middle" }, words);
  }
}

/** Return a scale from data to user units. */
const scale = (low, high, from, to) => (value) => from + ((value - low) / (high - low)) * (to - from);

/** Return numbers between 0 and 1 that are the same each time. */
function makeRandom(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** Return a number of the standard normal distribution. */
const makeNormal = (random) => () =>
  Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());

/** Return the softmax of scores at a temperature. */
function softmax(scores, temperature = 1) {
  const highest = Math.max(...scores);
  const weights = scores.map((score) => Math.exp((score - highest) / temperature));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
}

/**
 * Build the controls and draw. `draw(values, pen)` returns the sentence below the picture.
 * A control is {name, label, min, max, step, value, show} or {name, label, options, value}.
 */
function start({ width = 640, height = 320, controls, draw }) {
  const place = document.getElementById("controls");
  const picture = document.getElementById("picture");
  const reading = document.getElementById("reading");
  const pen = new Pen(picture, width, height);
  const values = {};
  const update = () => {
    pen.clear();
    reading.textContent = draw(values, pen);
  };
  for (const control of controls) {
    const label = document.createElement("label");
    const output = document.createElement("output");
    label.append(`${control.label} `, output);
    const input = document.createElement(control.options ? "select" : "input");
    if (control.options) {
      input.append(...control.options.map((option) => new Option(option, option)));
    } else {
      Object.assign(input, { type: "range", min: control.min, max: control.max, step: control.step });
    }
    input.value = control.value;
    const read = () => {
      values[control.name] = control.options ? input.value : Number(input.value);
      const shown = control.show ? control.show(values[control.name]) : String(values[control.name]);
      if (!control.options) {
        output.textContent = shown;
        input.setAttribute("aria-valuetext", shown);
      }
    };
    input.addEventListener("input", () => {
      read();
      update();
    });
    read();
    label.append(input);
    place.append(label);
  }
  update();
}
