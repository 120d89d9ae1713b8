// Emissions by medium, output and loads, money by item: rows of bars on one scale each.

const INDEX_MOST = 1.5; // of none; what goes beyond is cut off, and its number tells

function buildEmissions() {
  put(at("emissions"), cardHead("emissions", t("emissions"), t("emissions.about")),
    h("div", { class: "legend" }, legendItem("was", () => setName(state.ref)), legendItem("is", () => setName(state.mask)),
      h("span", {}, h("i", { class: "tick base" }), t("legend.base"))),
    Object.entries(VIEW.media).map(([medium, keys]) => h("div", { class: "medium" }, h("h3", {}, t(`medium.${medium}`)), keys.map(barRow))));
}

function legendItem(kind, text) {
  const label = h("span", { class: "of" });
  label.refresh = () => put(label, text());
  return h("span", {}, h("i", { class: kind }), label);
}

/** Bring a legend up to date: nothing is told twice, nothing that is not drawn. */
function refreshLegends(card) {
  card.querySelectorAll(".of").forEach((label) => label.refresh());
  const same = state.mask === state.ref;
  card.querySelectorAll(".legend .was, .legend .ghost").forEach((mark) => { mark.parentElement.hidden = same; });
  card.querySelectorAll(".legend .base").forEach((mark) => { mark.parentElement.hidden = state.ref === 0 || state.mask === 0; });
}

function barRow(key) {
  return h("div", { class: "bar-row", "data-row": key },
    h("span", { class: "label" }, figureTitle(key)),
    h("span", { class: "track-bar", "aria-hidden": "true" }), h("span", { class: "amount" }), h("span", { class: "by" }));
}

function updateBars(card) {
  refreshLegends(card);
  for (const row of card.querySelectorAll("[data-row]")) {
    const key = row.dataset.row;
    const column = COLUMN.get(key);
    const [value, before, base] = [column[state.mask], column[state.ref], column[0]];
    const whole = base || largest(column) || 1; // what no scheme leaves out is told against the largest
    const width = (part) => `width:${(100 * Math.min(part / whole, INDEX_MOST)) / INDEX_MOST}%`;
    put(row.querySelector(".track-bar"),
      h("i", { class: "was", style: width(before) }), h("i", { class: "is", style: width(value) }),
      h("i", { class: "tick", style: `left:${100 / INDEX_MOST}%` }));
    put(row.querySelector(".amount"), num(digits(value), key, value), " ", h("small", {}, unitName(figureUnit(key))));
    put(row.querySelector(".by"), value === before ? "" : percent(changeOf(key, state.mask, state.ref)));
  }
}

function buildOutput() {
  put(at("output"), cardHead("output", t("output"), t("output.about")),
    h("div", { class: "legend" }, legendItem("was", () => setName(state.ref)), legendItem("is", () => setName(state.mask))),
    h("p", { class: "finding", id: "bottleneck" }), h("div", { id: "loads" }),
    h("h3", {}, t("output.made")), VIEW.output.map(barRow),
    h("details", { class: "fold" }, h("summary", {}, t("output.used")), VIEW.input.map(barRow)));
}

function updateOutput() {
  updateBars(at("output"));
  const narrow = bottleneck(state.mask);
  put(at("bottleneck"), t("bottleneck", { train: name("trains", DATA.trains[narrow].key) }));
  at("bottleneck").dataset.train = DATA.trains[narrow].key;
  put(at("loads"), DATA.trains.map(({ key }, train) => {
    const [load, before] = [LOADS[train][state.mask], LOADS[train][state.ref]];
    return h("div", { class: `bar-row load${train === narrow ? " narrow" : ""}`, "data-load": key },
      h("span", { class: "label" }, name("trains", key)),
      h("span", { class: "track-bar", "aria-hidden": "true" },
        h("i", { class: "was", style: `width:${100 * before}%` }), h("i", { class: "is", style: `width:${100 * load}%` })),
      h("span", { class: "amount" }, num(digits(100 * load), `load.${key}`, load), " %"),
      h("span", { class: "by" }, train === narrow ? t("bottleneck.mark") : ""));
  }));
}

function buildMoney() {
  put(at("money"), cardHead("money", t("money"), t("money.about")), buildBudget(),
    h("dl", { class: "facts", id: "money-facts" }), h("h3", {}, t("money.items"), basisButton("net")), h("div", { id: "money-items" }),
    h("p", { class: "hint", id: "money-note" }));
}

function updateMoney() {
  updateBudget();
  const found = money(state.mask);
  const fact = (key) => {
    const value = found[key];
    const words = value === null ? t("money.unknown") : key === "payback" ? tileValue(key, value) : digits(Math.abs(value) < VIEW.noted ? 0 : inUnit(key, value));
    const bare = value === null || (key === "payback" && (value === 0 || value === Infinity));
    return h("div", {}, h("dt", {}, figureName(key)), h("dd", {}, num(words, key, value, key === "payback" ? 1 : moneyUnit()), bare ? "" : h("small", {}, ` ${unitName(figureUnit(key))}`)));
  };
  put(at("money-facts"), ["investment", "income", "operating_cost", "net", "payback", "present_value"].map(fact));
  const changes = [...bookChanges(state.ref, state.mask)].filter(([, change]) => Math.abs(change) > VIEW.noted);
  changes.sort((a, b) => Math.abs(b[1]) - Math.abs(a[1]));
  const most = Math.max(1, ...changes.map(([, change]) => Math.abs(change)));
  put(at("money-items"), changes.length ? changes.map(([item, change]) => h("div", { class: "bar-row signed", "data-item": item },
    h("span", { class: "label" }, name("items", item)),
    h("span", { class: "track-bar both", "aria-hidden": "true" },
      h("i", { class: "is", style: `width:${(50 * Math.abs(change)) / most}%;${change < 0 ? "right" : "left"}:50%` })),
    h("span", { class: "amount" }, num(signed(change / moneyUnit()), `item.${item}`, change, moneyUnit()))))
    : h("p", { class: "hint" }, t("money.nothing", { other: setName(state.ref) })));
  put(at("money-note"), t("money.note", { other: setName(state.ref), rate: plain(100 * DATA.terms.rate), years: DATA.terms.horizon }));
}
