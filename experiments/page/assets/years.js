// What a year with breakdowns comes to: its mean with an interval and its worst, beside the steady figure.

const CUBE = DATA.years.cube; // years of every set of some schemes, if the page holds them
const CUBED = CUBE && unpack(CUBE.values, Float32Array, 1 << CUBE.schemes.length);
const FEW_YEARS = 5; // from fewer a spread can hardly be told

/** The number of a design in the cube; null where there is none, or it has another scheme. */
function inCube(mask) {
  const places = ids(mask).map((id) => (CUBE ? CUBE.schemes.indexOf(id) : -1));
  return CUBE && !places.includes(-1) ? places.reduce((number, place) => number | (1 << place), 0) : null;
}

/** Whether a year of a design in the cube could not be run to its end. */
const brokeOff = (row) => CUBED.slice(0, CUBE.count).some((values) => Number.isNaN(values[row]));

/** Years of a design, by figure, if the page holds them: those of the cube, else those that were run for it. */
function yearsOf(mask) {
  const run = DATA.years.designs.find((each) => parseSet(each.schemes) === mask);
  const abnormal = run ? run.abnormal : {};
  const row = inCube(mask);
  if (row === null || brokeOff(row)) return run ? { from: DATA.years, figures: run.figures, abnormal } : null;
  const of = (at) => Array.from({ length: CUBE.count }, (_, year) => CUBED[at * CUBE.count + year][row]);
  return { from: CUBE, figures: Object.fromEntries(CUBE.figures.map((key, at) => [key, of(at)])), abnormal };
}

/** Mean, and half of Student's t interval of it; none of a single year. */
function spread(values, t) {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, half: t === null ? null : t * Math.sqrt(squares / (values.length - 1) / values.length) };
}

/** The worst of some years: the least of what is made or earned, else the most. */
const worstOf = (key, values) => (key === "net" || VIEW.more.includes(key) ? Math.min : Math.max)(...values);

/** How many years they are of, in words. */
function yearsWords({ count, years: length }) {
  if (length !== 1) return t("years.parts", { count, length: plain(length) });
  return count === 1 ? t("years.one") : t("years.many", { count });
}

/** Mean, interval and worst of a figure's years, in the unit that tables show. */
function toldYears(key, { from, figures: { [key]: values } }) {
  const { mean, half } = spread(values, from.t);
  const least = key === "net" ? -Infinity : 0; // an amount is not below nothing
  const ends = half === null ? "" : [Math.max(least, mean - half), mean + half].map((end) => digits(inUnit(key, end))).join(" \u2013 ");
  return { mean, ends, worst: worstOf(key, values) };
}

function buildYears() {
  put(at("years"), cardHead("years", t("years"), h("span", { id: "years-about" })),
    h("div", { id: "years-table", class: "scroll", tabindex: "0", role: "group", "aria-label": t("years") }), h("p", { class: "hint", id: "years-note" }));
}

function updateYears() {
  const { mask, ref } = state;
  const year = yearsOf(mask);
  at("years").hidden = !DATA.years.designs.length && !CUBE;
  put(at("years-note"));
  put(at("years-about"), year ? t("years.about", { years: yearsWords(year.from) }) : "");
  if (!year) {
    put(at("years-table"), noYears(mask));
    return;
  }
  const other = mask === ref ? null : yearsOf(ref);
  const paired = other && other.from === year.from ? other : null;
  put(at("years-table"), yearsTable(year, paired));
  put(at("years-note"), yearsNotes(year, paired).join(view.lang === "zh" ? "" : " "));
}

/** Which designs the page holds years of. */
function noYears(mask) {
  const run = DATA.years.designs.map(({ schemes }) => parseSet(schemes));
  const broke = inCube(mask) !== null;
  return [
    h("p", { class: "hint" }, t(broke ? "years.broke" : "years.none", { set: setName(mask) }), " ",
      CUBE && !broke && [t("years.sets", { schemes: CUBE.schemes.join(t("comma")) }), " "], run.length > 0 && t("years.kept")),
    h("div", { class: "presets" }, run.map((each) => h("button", { type: "button", class: chipClass(setName(each)), onclick: () => choose(each) }, setName(each)))),
  ];
}

/** What the columns mean, and how sure an interval is. */
function yearsNotes({ from, abnormal }, paired) {
  const { count } = from;
  return [
    count === 1 ? t("years.single") : count < FEW_YEARS && t("years.few", { years: yearsWords(from) }),
    count > 1 && paired && t("years.paired"),
    causesNote(from, abnormal),
  ].filter(Boolean);
}

/** What part of each emission is abnormal: which years say so, or who else does where the page cannot. */
function causesNote(from, abnormal) {
  if (Object.keys(abnormal).length) return t(from === CUBE ? "years.causes.run" : "years.causes", { years: yearsWords(DATA.years) });
  const told = DATA.years.designs.filter((each) => Object.keys(each.abnormal).length).map(({ schemes }) => setName(parseSet(schemes)));
  return t(told.length ? "years.causes.kept" : "years.causes.none", { sets: told.join(t("comma")), set: setName(state.mask) });
}

/** A row a figure; beside another design that met the same breakdowns what changes against it. */
function yearsTable(year, paired) {
  const causes = Object.keys(year.abnormal).length > 0;
  const kinds = ["steady", "mean", "worst", ...(paired ? ["against"] : []), ...(causes ? ["abnormal"] : [])];
  const row = (key) => {
    const { mean, ends, worst } = toldYears(key, year);
    const cell = (what, value) => num(digits(inUnit(key, value)), what, value, COLUMN.has(key) ? 1 : moneyUnit());
    return h("tr", { "data-year": key, role: "row" },
      h("th", { scope: "row", role: "rowheader" }, figureName(key), h("small", {}, unitName(figureUnit(key)))),
      h("td", { role: "cell" }, cell(key, figure(key, state.mask))),
      h("td", { role: "cell" }, cell(`year.${key}`, mean), h("small", {}, ends)),
      h("td", { role: "cell" }, cell(`worst.${key}`, worst)),
      paired && changeCell(key, year, paired),
      causes && h("td", { role: "cell" }, year.abnormal[key] === undefined ? "\u2013" : num(percent(year.abnormal[key]).replace("+", ""), `abnormal.${key}`, year.abnormal[key])));
  };
  return h("table", { class: "plain years", role: "table", style: `--kinds:${kinds.length}` }, // its rows are grids on a phone
    h("thead", {}, h("tr", { role: "row" }, h("td", {}), kinds.map((kind) => h("th", { scope: "col", role: "columnheader" }, t(`years.${kind}`, { other: setName(state.ref) }))))),
    h("tbody", {}, Object.keys(year.figures).map(row)));
}

/** What changes against another design, year by year: both met the same breakdowns. */
function changeCell(key, year, other) {
  const { mean, half } = spread(year.figures[key].map((value, at) => value - other.figures[key][at]), year.from.t);
  return h("td", { role: "cell" }, num(signed(inUnit(key, mean)), `against.${key}`, mean, COLUMN.has(key) ? 1 : moneyUnit()),
    half !== null && h("small", {}, `\u00b1 ${digits(inUnit(key, half))}`));
}
