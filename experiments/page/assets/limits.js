// Concentrations and mass flows against the limits of the time, on one logarithmic scale.

const KEPT = unpack(DATA.columns.limits, Float64Array);
const POINTS = [...new Set(DATA.limits.map(({ point, unit }) => `${point}|${unit}`))].filter((each) => !each.endsWith("|pH"));
const LEAST = 0.01; // of a limit: where the scale begins

const scaleEnd = Math.max(10, ...DATA.limits.map(({ high, unit }, row) =>
  (unit === "pH" ? 1 : KEPT[row].reduce((most, value) => (value > most ? value : most), 0) / high)));

/** Place on the scale, % of its width. */
const onScale = (times) => (100 * Math.log(Math.max(times, LEAST) / LEAST)) / Math.log(scaleEnd / LEAST);

function buildLimits() {
  put(at("limits"), cardHead("limits", t("limits"), t("limits.about")),
    h("div", { class: "legend" }, legendItem("dot was", () => setName(state.ref)), legendItem("dot is", () => setName(state.mask)),
      h("span", {}, h("i", { class: "tick" }), t("limits.scale"))),
    h("div", { id: "limits-rows" }), h("p", { class: "hint" }, t("limits.why")), DATA.limits.some(({ recalled }) => recalled) ? h("p", { class: "hint" }, t("limits.recalled")) : null);
}

const isKept = (row, value) => value <= DATA.limits[row].high && (DATA.limits[row].low === null || value >= DATA.limits[row].low);

function updateLimits() {
  refreshLegends(at("limits"));
  const rows = DATA.limits.map((limit, row) => ({ ...limit, row, value: KEPT[row][state.mask], before: KEPT[row][state.ref] }));
  put(at("limits-rows"),
    POINTS.map((key) => {
      const [point, unit] = key.split("|");
      return [h("h3", {}, `${name("points", point)}, ${unitName(unit)}`), rows.filter((each) => each.point === point && each.unit === unit).map(limitRow),
        rows.filter((each) => each.unit === "pH" && each.point === point && unit === "mg/L").map(acidityRow)];
    }));
}

function limitRow({ component, high, recalled, row, value, before }) {
  const times = value / high;
  return h("div", { class: `bar-row limit${isKept(row, value) ? " kept" : ""}`, "data-limit": row },
    h("span", { class: "label" }, name("pollutants", component)),
    h("span", { class: "track-bar scale", "aria-hidden": "true" },
      h("i", { class: "tick", style: `left:${onScale(1)}%` }), Number.isFinite(before) ? h("i", { class: "dot was", style: `left:${onScale(before / high)}%` }) : null,
      Number.isFinite(times) ? h("i", { class: "dot is", style: `left:${onScale(times)}%` }) : null),
    h("span", { class: "amount" }, num(digits(value), `limit.${row}`, value), h("small", {}, ` / ${plain(high)}${recalled ? "*" : ""}`)),
    h("span", { class: "by" }, Number.isFinite(times) ? (isKept(row, value) ? t("limits.within") : `${digits(Number(times.toPrecision(3)))} ×`) : "\u2013"));
}

function acidityRow({ low, high, recalled, row, value }) {
  return h("div", { class: `bar-row limit${isKept(row, value) ? " kept" : ""}`, "data-limit": row },
    h("span", { class: "label" }, "pH"), h("span", { class: "track-bar" }),
    h("span", { class: "amount" }, num(digits(value), `limit.${row}`, value), h("small", {}, ` / ${low}\u2013${high}${recalled ? "*" : ""}`)),
    h("span", { class: "by" }, isKept(row, value) ? t("limits.within") : t("limits.above")));
}
