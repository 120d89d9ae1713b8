// Eight steps for a visitor who knows nothing of the plant: what it is, where it loses, what helps.

const LOSS_LINKS = () => LINKS.filter(isLoss);

/** The schemes of the tour: the one whose saving is drawn first, and two that take the same loss. */
const BENZENE = "air.benzene_t";
const ACID = "wastewater.hydrogen_chloride_t";
const bitOf = (id) => DATA.schemes.findIndex((scheme) => scheme.id === id);
const FIRST = bitOf("F2");
const MORE = [bitOf("F7"), bitOf("F10")];
const PROGRAMME = DATA.schemes.reduce((mask, _, bit) => (bit === APART ? mask : mask | (1 << bit)), 0);

const STEPS = [
  { key: "plant", mask: 0, counted: 0, mark: "#sankey-chart" },
  { key: "loses", mask: 0, counted: 0, mark: ".loss" },
  { key: "first", mask: 1 << FIRST, counted: 1, mark: "#tiles" },
  { key: "more", mask: (1 << FIRST) | (1 << MORE[0]) | (1 << MORE[1]), counted: 1, mark: "#balance" },
  { key: "sum", mask: (1 << FIRST) | (1 << MORE[0]) | (1 << MORE[1]), counted: 1, mark: "#shares" },
  { key: "pays", mask: PROGRAMME, counted: 0, mark: "#tiles" },
  { key: "events", mask: PROGRAMME, counted: 0, mark: "#years" },
  { key: "unknown", mask: PROGRAMME, counted: 0, mark: null },
];

/** What a step says; every number is read off the designs. */
const TOLD = {
  plant: () => ({ benzene: digits(flow(0, linkBetweenAny("in:benzene", "storage"), 0)), made: digits(COLUMN.get("chlorobenzene_t")[0]),
    acid: digits(COLUMN.get("hydrochloric_acid_t")[0]) }),
  loses: () => {
    const lost = DATA.stages.map((stage) => [stage, total(lossesOf(stage, 0, 0))]).sort((a, b) => b[1] - a[1]);
    const all = lost.reduce((sum, [, amount]) => sum + amount, 0);
    return { stage: name("stages", lost[0][0]), most: digits(lost[0][1]), all: digits(all),
      part: percent(all / flow(0, linkBetweenAny("in:benzene", "storage"), 0)).replace("+", "") };
  },
  first: () => ({ scheme: DATA.schemes[FIRST].id, from: digits(COLUMN.get(ACID)[0]), to: digits(COLUMN.get(ACID)[1 << FIRST]),
    gain: rmb(NET[1 << FIRST]) }),
  more: () => ({ a: DATA.schemes[MORE[0]].id, b: DATA.schemes[MORE[1]].id, cost: rmb(investment((1 << MORE[0]) | (1 << MORE[1]))),
    to: digits(COLUMN.get(ACID)[STEPS[3].mask]), air: changeWords(t(`told.${BENZENE}`), changeOf(BENZENE, STEPS[3].mask, 0)) }),
  sum: () => {
    const { rows, together } = attribute(COLUMN.get(ACID), STEPS[4].mask);
    const tonnes = rows.map(({ alone }) => Math.round(-alone)); // added up as they are read
    return { each: rows.map(({ bit }, at_) => `${DATA.schemes[bit].id}\u00a0${digits(tonnes[at_])}`).join(t("comma")), sum: digits(tonnes.reduce((sum, each) => sum + each, 0)),
      together: digits(-together), there: digits(COLUMN.get(ACID)[0]) };
  },
  pays: () => {
    const { net, payback } = money(PROGRAMME);
    return { cost: rmb(investment(PROGRAMME)), net: rmb(net), years: years(payback), air: digits(COLUMN.get("air.benzene_t")[PROGRAMME]) };
  },
  events: () => {
    const year = yearsOf(PROGRAMME);
    const steady = digits(COLUMN.get(BENZENE)[PROGRAMME]);
    if (!year) return { steady };
    const { mean, worst } = toldYears(BENZENE, year);
    return { steady, mean: digits(mean), worst: digits(worst), years: yearsWords(year.from),
      abnormal: percent(year.abnormal[BENZENE]).replace("+", "") };
  },
  unknown: () => ({ air: digits(COLUMN.get("air.benzene_t")[0]) }),
};

const BELOW = ["#balance", "#shares", "#years"]; // what a step points to below the first screen

const linkBetweenAny = (from, to) => LINKS.find((link) => link.from === from && link.to === to).at;

function buildTour() {
  put(at("tour"), h("div", { class: "tour-head" }, h("p", { class: "count", id: "tour-count" }), h("h2", { id: "tour-title" }),
      h("div", { class: "row" },
        h("button", { type: "button", class: "quiet", id: "tour-back", onclick: () => tourTo(state.step - 1) }, t("tour.back")),
        h("button", { type: "button", class: "strong", id: "tour-next", onclick: () => tourTo(state.step + 1) }, t("tour.next")),
        h("button", { type: "button", class: "quiet", id: "tour-end", onclick: () => { state.mode = "explore"; render(); } }, t("tour.end")))),
    h("p", { id: "tour-text", "aria-live": "polite" }),
    h("p", { class: "try", id: "tour-try" }));
}

/** Go to a step: its design is set, and can then be changed at will. */
function tourTo(step) {
  state.step = Math.max(0, Math.min(STEPS.length - 1, step));
  const { mask, counted, key } = STEPS[state.step];
  Object.assign(state, { mode: "tour", mask, draft: mask, ref: 0, counted, both: false });
  if (key === "sum") state.figure = ACID;
  render();
}

/** What the page can tell of breakdowns: nothing, years, or also what part of them is abnormal. */
function toldOfEvents() {
  const year = yearsOf(PROGRAMME);
  if (!year) return "still";
  return year.abnormal[BENZENE] === undefined ? "mean" : "events";
}

function updateTour() {
  const on = state.mode === "tour";
  at("tour").hidden = !on;
  document.body.classList.toggle("touring", on);
  document.querySelectorAll(".marked").forEach((element) => element.classList.remove("marked"));
  if (!on) return;
  const { key, mark, mask } = STEPS[state.step];
  put(at("tour-count"), `${state.step + 1} / ${STEPS.length}`);
  put(at("tour-title"), t(`tour.${key}.title`));
  const told = key === "events" ? toldOfEvents() : key;
  put(at("tour-text"), t(`tour.${told}`, TOLD[key]()));
  const offer = (id, onclick, text) => [" ", h("button", { type: "button", class: "link", id, onclick }, text)];
  put(at("tour-try"), t(`tour.${key}.try`),
    mark && BELOW.includes(mark) ? offer("tour-show", () => document.querySelector(mark).scrollIntoView({ block: "center" }), t("tour.show")) : null,
    state.mask !== mask ? offer("tour-again", () => tourTo(state.step), t("tour.again")) : null);
  at("tour-back").disabled = state.step === 0;
  at("tour-next").disabled = state.step === STEPS.length - 1;
  if (mark && mark.startsWith("#")) document.querySelector(mark)?.classList.add("marked");
  at("sankey").classList.toggle("losses-only", mark === ".loss");
}
