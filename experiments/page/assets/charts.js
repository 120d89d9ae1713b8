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
  updateItems();
  put(at("money-note"), t("money.note", { rate: plain(100 * DATA.terms.rate), years: DATA.terms.horizon }));
}

/** What the net income is made of, against no scheme as all of this part, the other design behind in grey. */
function updateItems() {
  const [was, is] = [bookChanges(0, state.ref), bookChanges(0, state.mask)];
  const most = (item) => Math.max(Math.abs(was.get(item)), Math.abs(is.get(item)));
  const items = [...is.keys()].filter((item) => most(item) > VIEW.noted).sort((a, b) => most(b) - most(a));
  const compared = state.ref !== 0 && state.ref !== state.mask;
  const amount = (kind, item, value) => num(Math.abs(value) > VIEW.noted ? signed(value / moneyUnit()) : "0", `${kind}.${item}`, value, moneyUnit());
  const bar = (kind, value) => h("i", { class: kind, style: `width:${(50 * Math.abs(value)) / most(items[0])}%;${value < 0 ? "right" : "left"}:50%` });
  const row = (item) => h("div", { class: "bar-row signed", "data-item": item },
    h("span", { class: "label" }, name("items", item)),
    h("span", { class: "track-bar both", "aria-hidden": "true" }, compared && bar("was", was.get(item)), bar("is", is.get(item))),
    h("span", { class: "amount" }, amount("item", item, is.get(item))),
    compared && h("span", { class: "by" }, amount("change", item, is.get(item) - was.get(item))));
  const mark = (kind, mask) => h("span", {}, h("i", { class: kind }), setName(mask));
  const heads = compared && [h("div", { class: "legend" }, mark("was", state.ref), mark("is", state.mask)), h("div", { class: "bar-row signed heads" }, h("span"), h("span", { class: "track-bar" }),
    h("span", { class: "amount" }, setName(state.mask)), h("span", { class: "by" }, t("years.against", { other: setName(state.ref) })))];
  at("money-items").classList.toggle("compared", compared);
  put(at("money-items"), items.length ? [heads, items.map(row)] : h("p", { class: "hint" }, t("money.nothing", { other: setName(0) })));
}
