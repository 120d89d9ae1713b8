// One page of paper: what the screen shows, with room for a class to write on.

function updateHandout() {
  const { mask, ref } = state;
  const year = yearsOf(mask);
  const toldYear = (key) => {
    if (!year.figures[key]) return h("td", {}, "\u2013");
    const { mean, ends, worst } = toldYears(key, year);
    return h("td", {}, `${digits(mean)}${ends && ` (${ends})`}${t("comma")}${digits(worst)}`);
  };
  put(at("handout"),
    h("table", { class: "plain" },
      h("thead", {}, h("tr", {}, h("td", {}), h("th", { scope: "col" }, setName(ref)), h("th", { scope: "col" }, setName(mask)), h("th", { scope: "col" }, t("sides.change")),
        year && h("th", { scope: "col" }, t("handout.years", { set: setName(mask), years: yearsWords(year.from) })))),
      h("tbody", {}, VIEW.handout.map((key) => h("tr", {}, h("th", { scope: "row" }, figureName(key), unitBeside(key)),
        [ref, mask].map((each) => h("td", {}, digits(COLUMN.get(key)[each]))),
        h("td", {}, mask === ref ? "\u2013" : percent(changeOf(key, mask, ref))), year && toldYear(key))))),
    h("ol", { class: "asks" }, ["expect", "worse", "who"].map((key) => h("li", {}, t(`handout.${key}`)))),
    h("p", { class: "about" }, t("basis.model", { hours: digits(DATA.hours) }), " ", t("footer.version", { version: DATA.version, design: DATA.design }), ` ${linkOf()}`));
}
