// On whose word a figure stands: what it is computed from, and the basis of every number behind it.

function showBasis(key) {
  const dialog = at("basis");
  const of = key === "shares" ? state.figure : key;
  put(dialog,
    h("form", { method: "dialog" }, h("button", { class: "close", "aria-label": t("close") }, "\u00d7")),
    h("h2", { id: "basis-title" }, CARDS.includes(of) ? t(of) : figureName(of)),
    h("p", { class: "about" }, COLUMN.has(of) || of === "sankey" ? t("basis.model", { hours: digits(DATA.hours) }) : t(`basis.${of}`)),
    of === "limits" ? behindLimits() : of === "output" ? behindLoads() : of === "sankey" ? behindFlows()
      : COLUMN.has(of) ? behindFigure(of) : behindMoney(of));
  dialog.showModal();
}

/** Every number of the line: a flow passes through all of it. */
function behindFlows() {
  return counts(Object.values(DATA.parameters));
}

function behindLoads() {
  const rows = Object.entries(DATA.parameters).filter(([path, { amount }]) => path.endsWith(".capacity") && Number.isFinite(amount));
  return [counts(rows.map(([, stated]) => stated)), statedTable(rows)];
}

function behindLimits() {
  const standards = [...new Set(DATA.limits.map(({ source }) => DATA.sources[source]))];
  return [standards.map((text) => h("p", {}, h("small", {}, text))), h("table", { class: "plain stated" }, h("tbody", {}, DATA.limits.map((limit) => {
    const basis = limit.recalled ? "recalled" : "source";
    return h("tr", {},
      h("th", { scope: "row" }, limit.unit === "pH" ? "pH" : name("pollutants", limit.component), h("small", {}, name("points", limit.point))),
      h("td", {}, limit.low === null ? plain(limit.high) : `${limit.low}\u2013${limit.high}`, ` ${limit.unit === "pH" ? "" : unitName(limit.unit)}`),
      h("td", {}, h("span", { class: `basis ${basis}` }, name("basis", basis))));
  })))];
}

function counts(stated) {
  const found = new Map();
  for (const { basis } of stated) found.set(basis, (found.get(basis) || 0) + 1);
  return h("ul", { class: "counts" }, Object.keys(DATA.names.basis).filter((word) => found.has(word)).map((word) =>
    h("li", {}, h("span", { class: `basis ${word}` }, name("basis", word)), ` ${found.get(word)} `, h("small", {}, name("basis_about", word)))));
}

function behindFigure(key) {
  const parts = DATA.rests[key] || DATA.parts;
  const paths = Object.keys(DATA.parameters);
  const of = (part) => paths.filter((path) => path === part || path.startsWith(`${part}.`));
  return [
    h("p", {}, t("basis.parts", { parts: parts.map((part) => name("parts", part)).join(t("comma")) })),
    counts(parts.flatMap(of).map((path) => DATA.parameters[path])),
    parts.filter((part) => of(part).length).map((part) => h("details", { class: "fold" }, h("summary", {}, name("parts", part)),
      statedTable(of(part).map((path) => [path, DATA.parameters[path]])))),
  ];
}

function behindMoney(key) {
  const needed = key === "investment" ? [] : [...new Set(DATA.items.map((item) => item.price)),
    ...DATA.schemes.map((scheme) => scheme.upkeep_price).filter(Boolean),
    ...(key === "present_value" ? ["interest_rate", "horizon"] : key === "payback" ? ["horizon"] : [])];
  const rows = needed.map((path) => [path, DATA.prices[path]]);
  const printed = DATA.schemes.map((scheme) => h("tr", {}, h("th", { scope: "row" }, scheme.id), h("td", {}, scheme.investment ? rmb(scheme.investment) : scheme.investment === null ? t("cost.unknown") : t("cost.free")),
    h("td", {}, investmentBasis(scheme))));
  return [
    rows.length ? [counts(rows.map(([, stated]) => stated)), statedTable(rows)] : null,
    key === "investment" || key === "payback" || key === "present_value"
      ? h("table", { class: "plain" }, h("caption", {}, t("basis.printed")), h("tbody", {}, printed)) : null,
  ];
}

function statedTable(rows) {
  return h("table", { class: "plain stated" }, h("tbody", {}, rows.map(([path, stated]) => h("tr", {},
    h("th", { scope: "row" }, sentenceStart(stated.meaning[view.lang]), h("code", {}, path)),
    h("td", {}, valueWords(stated.value), " ", stated.unit === "1" ? "" : stated.unit, stated.range ? h("small", {}, t("basis.range", { range: stated.range.replace(" to ", "\u2013") })) : null),
    h("td", {}, h("span", { class: `basis ${stated.basis}` }, name("basis", stated.basis)),
      h("small", {}, stated.basis === "source" ? DATA.sources[stated.source] : view.lang === "en" ? noteWords(stated.note) : ""))))));
}
