// Building elements; nothing of the page is put in as HTML text.

const SVG = "http://www.w3.org/2000/svg";

function fill(element, attributes, children) {
  for (const [key, value] of Object.entries(attributes || {})) {
    if (value === null || value === undefined || value === false) continue;
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else element.setAttribute(key, value === true ? "" : value);
  }
  element.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

/** An HTML element: h("p", { class: "x" }, "text", h("b", {}, "more")). */
const h = (tag, attributes, ...children) => fill(document.createElement(tag), attributes, children);

/** An SVG element. */
const s = (tag, attributes, ...children) => fill(document.createElementNS(SVG, tag), attributes, children);

const at = (id) => document.getElementById(id);

/** Put children in place of what an element holds. */
const put = (element, ...children) => {
  element.replaceChildren();
  return fill(element, {}, children);
};

/** A number that carries its exact value, and what it is counted in, for whoever checks it. */
const num = (text, key, value, scale = null) => h("span", { class: "num", "data-figure": key, "data-value": String(value), "data-scale": scale }, text);

/** The button that tells on whose word a figure stands. */
function basisButton(key, what = figureName(key)) {
  const label = t("basis.of", { what });
  return h("button", { type: "button", class: "why", "aria-label": label, title: label, "data-basis": key }, "i");
}

const LAST = 14; // letters of a last word that stay together; a name may be longer than its place

/** What a figure is called, and its button: never parted at the end of a line. */
function figureTitle(key) {
  const words = figureName(key);
  const last = /[\u4e00-\u9fff\uff09]{2}$/.test(words) ? words.length - 2 : words.lastIndexOf(" ") + 1;
  const cut = words.length - last > LAST ? words.length - 2 : last;
  return [words.slice(0, cut), h("span", { class: "whole" }, words.slice(cut), basisButton(key))];
}

/** The unit of a figure, for beside its name: behind a change in per cent it would be read with that. */
const unitBeside = (key) => [" ", h("small", { class: "unit" }, unitName(figureUnit(key)))];

/** Cards whose numbers are told about all together. */
const CARDS = ["sankey", "output", "limits", "shares"];

/** The head of a card: title, what it shows, tools. */
function cardHead(id, title, about, ...tools) {
  return h("div", { class: "card-head" },
    h("div", { class: "named" }, h("h2", { id: `${id}-title` }, title), CARDS.includes(id) ? basisButton(id, title) : null, about ? h("p", { class: "about" }, about) : null),
    tools.length ? h("div", { class: "card-tools" }, tools) : null);
}

/** A row of exclusive choices that share one look. */
function choices(group, legend, options, chosen, pick) {
  return h("fieldset", { class: "segments small" },
    h("legend", { class: "unseen" }, legend),
    options.map(([value, label]) => h("label", {},
      h("input", { type: "radio", name: group, value, checked: value === chosen, onchange: () => pick(value) }),
      h("span", {}, label))));
}
