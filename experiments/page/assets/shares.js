// Who did what: alone, last in, Shapley; a chart of three marks a scheme, and what does not add up.

function buildShares() {
  sharesWidth = 0;
  const pick = h("select", { id: "figure-pick", onchange: (event) => { state.figure = event.target.value; render(); } },
    ATTRIBUTED.map((key) => h("option", { value: key, selected: key === state.figure }, figureName(key))));
  put(at("shares"), cardHead("shares", t("shares"), t("shares.about"),
    h("label", { class: "pick" }, h("span", { class: "unseen" }, t("shares.pick")), pick)),
    h("div", { class: "legend" }, ["alone", "last", "shapley"].map((kind) =>
      h("span", {}, mark(kind), t(`shares.${kind}`)))),
    h("div", { class: "chart", id: "shares-chart" }), h("p", { class: "finding", id: "shares-gap" }),
    h("details", { class: "fold" }, h("summary", {}, t("as.table")), h("div", { id: "shares-table" })),
    h("p", { class: "hint" }, t("shares.note")));
}

let sharesWidth = 0; // px
const LANE = .34; // of the width of the chart, at most, for the schemes' ids

/** A name as far as there is room for it, px. */
function shortened(text, room) {
  if (1.2 * lengthOf(text) <= room) return text;
  const signs = [...text];
  while (signs.length > 3 && 1.2 * lengthOf(`${signs.join("")}\u2026`) > room) signs.pop();
  return `${signs.join("")}\u2026`;
}

const mark = (kind) => s("svg", { class: "mark", viewBox: "-8 -8 16 16", "aria-hidden": "true" }, shape(kind, 0, 0));

function shape(kind, x, y) {
  if (kind === "alone") return s("circle", { class: "m-alone", cx: x, cy: y, r: 5 });
  if (kind === "last") return s("rect", { class: "m-last", x: x - 4.5, y: y - 4.5, width: 9, height: 9 });
  return s("path", { class: "m-shapley", d: `M${x},${y - 7}L${x + 7},${y}L${x},${y + 7}L${x - 7},${y}Z` });
}

function updateShares() {
  at("figure-pick").value = state.figure;
  const scale = state.figure === "net" ? moneyUnit() : 1;
  const unit = unitName(figureUnit(state.figure));
  const found = attribute(values(state.figure), state.mask);
  const rows = found.rows.slice().sort((a, b) => Math.abs(b.shapley) - Math.abs(a.shapley));
  put(at("shares-chart"), rows.length ? dumbbells(rows, found.apart, scale, unit) : h("p", { class: "hint" }, t("shares.nothing")));
  put(at("shares-gap"), rows.length ? gapWords(found, scale, unit) : "");
  put(at("shares-table"), sharesTable(rows, found, scale, unit));
}

function gapWords(found, scale, unit) {
  const gap = found.sum - found.together;
  const given = { sum: signed(found.sum / scale), together: signed(found.together / scale), gap: digits(Math.abs(gap) / scale), unit };
  const size = Math.max(Math.abs(found.sum), Math.abs(found.together));
  if (Math.abs(gap) < 5e-3 * size || !size) return t("gap.none", given);
  const oneWay = found.rows.every((row) => row.alone * found.sum >= 0) && found.sum * found.together > 0;
  const kind = !oneWay ? "mixed" : Math.abs(found.sum) > Math.abs(found.together) ? "overlap" : "helps";
  return t(`gap.${kind}`, given);
}

function dumbbells(rows, apart, scale, unit) {
  // asked once: to ask after every change would lay out the whole page once more
  sharesWidth = sharesWidth || at("shares-chart").clientWidth || 520;
  const width = Math.max(240, sharesWidth);
  const [right, step, top] = [78, 28, 10];
  const called = (row) => shortened(DATA.schemes[row.bit].id, LANE * width);
  const left = Math.max(44, ...rows.concat(apart || []).map((row) => 1.2 * lengthOf(called(row)) + 14));
  const all = rows.flatMap((row) => [row.alone, row.last, row.shapley]).concat(apart ? [apart.alone, apart.last] : [], 0);
  const [low, high] = [Math.min(...all), Math.max(...all)];
  const trace = TRACE * Math.max(-low, high);
  const x = (value) => left + ((value - low) / (high - low || 1)) * (width - left - right);
  const lanes = rows.length + (apart ? 1 : 0);
  const height = top + lanes * step + 30;
  const line = (row, at_) => {
    const y = top + step * (at_ + 0.5);
    const marks = row.shapley === undefined ? ["alone", "last"] : ["alone", "last", "shapley"];
    const places = marks.map((kind) => x(row[kind]));
    const told = row.shapley === undefined ? row.last : row.shapley;
    return s("g", { "data-share": DATA.schemes[row.bit].id },
      s("text", { class: "lane", x: 0, y: y + 4 }, called(row), s("title", {}, DATA.schemes[row.bit].id)),
      s("line", { class: "stem", x1: Math.min(...places), x2: Math.max(...places), y1: y, y2: y }),
      marks.map((kind) => shape(kind, x(row[kind]), y)),
      s("text", { class: "told", x: width, y: y + 4, "text-anchor": "end" }, Math.abs(told) < trace ? "0" : signed(told / scale)));
  };
  return s("svg", { viewBox: `0 0 ${width} ${height}`, width, height, role: "img", "aria-label": t("shares.alt", { what: figureName(state.figure), set: setName(state.mask) }) },
    s("line", { class: "zero", x1: x(0), x2: x(0), y1: 0, y2: height - 26 }),
    rows.map(line),
    apart ? [s("line", { class: "rule", x1: 0, x2: width, y1: top + rows.length * step, y2: top + rows.length * step }), line(apart, rows.length)] : null,
    s("text", { class: "axis", x: x(0), y: height - 10, "text-anchor": x(0) > width - 90 ? "end" : x(0) < 60 ? "start" : "middle" }, "0"),
    s("text", { class: "axis", x: width, y: height - 10, "text-anchor": "end" }, unit));
}

function sharesTable(rows, found, scale, unit) {
  const cell = (value, kind, id) => h("td", {}, value === undefined ? "\u2013" : num(signed(value / scale), `${kind}.${id}`, value));
  const head = ["alone", "last", "shapley"];
  const line = (row) => h("tr", {}, h("th", { scope: "row" }, DATA.schemes[row.bit].id), head.map((kind) => cell(row[kind], kind, DATA.schemes[row.bit].id)));
  const sum = (kind) => rows.reduce((total, row) => total + row[kind], 0);
  return h("table", { class: "plain" },
    h("caption", {}, `${figureName(state.figure)}, ${unit}`),
    h("thead", {}, h("tr", {}, h("td", {}), head.map((kind) => h("th", { scope: "col" }, t(`shares.${kind}`))))),
    h("tbody", {}, rows.map(line),
      h("tr", { class: "total" }, h("th", { scope: "row" }, t("shares.sum")), head.map((kind) => cell(sum(kind), kind, "sum"))),
      found.apart ? line(found.apart) : null));
}
