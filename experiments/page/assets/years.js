// What a year with breakdowns comes to: its mean with an interval and its worst, beside the steady figure.

/** Simulated years of a design, if the page holds them. */
const yearOf = (mask) => DATA.years.designs.find((each) => parseSet(each.schemes) === mask) || null;

function buildYears() {
  put(at("years"), cardHead("years", t("years"), t("years.about", { count: DATA.years.count })), h("div", { id: "years-table", class: "scroll", tabindex: "0", role: "group", "aria-label": t("years") }));
}

function updateYears() {
  const { mask } = state;
  const year = yearOf(mask);
  at("years").hidden = !DATA.years.designs.length;
  if (!year) {
    put(at("years-table"), h("p", { class: "hint" }, t("years.none", { set: setName(mask) }), " "),
      h("div", { class: "presets" }, DATA.years.designs.map(({ schemes }) =>
        h("button", { type: "button", class: "chip", onclick: () => choose(parseSet(schemes)) }, setName(parseSet(schemes))))));
    return;
  }
  const told = Object.keys(year.abnormal).length > 0; // causes are told apart
  const row = ([key, { mean, low, high, worst }]) => h("tr", { "data-year": key }, h("th", { scope: "row" }, figureName(key)),
    h("td", {}, num(digits(COLUMN.get(key)[mask]), key, COLUMN.get(key)[mask])),
    h("td", {}, num(digits(mean), `year.${key}`, mean), h("small", {}, `${digits(low === null ? low : Math.max(0, low))} \u2013 ${digits(high)}`)),
    h("td", {}, num(digits(worst), `worst.${key}`, worst)),
    told && h("td", {}, year.abnormal[key] === undefined ? "\u2013" : num(percent(year.abnormal[key]).replace("+", ""), `abnormal.${key}`, year.abnormal[key])),
    h("td", { class: "unit" }, unitName(figureUnit(key))));
  put(at("years-table"), h("table", { class: "plain years" },
    h("thead", {}, h("tr", {}, h("td", {}), ["steady", "mean", "worst", ...(told ? ["abnormal"] : [])].map((kind) => h("th", { scope: "col" }, t(`years.${kind}`))), h("td", {}))),
    h("tbody", {}, Object.entries(year.figures).map(row))));
}
