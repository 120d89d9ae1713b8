// The switches, by cost class: built once a language, then only checked and unchecked.

const CLASSES = Object.keys(DATA.names.classes).filter((each) => DATA.schemes.some((scheme) => scheme.class === each));
const COSTLY = CLASSES.find((each) => DATA.schemes.some((scheme) => scheme.class === each && scheme.investment)); // where amounts begin

const SHORT_ID = 4; // letters: a longer id stands over its scheme's title

const costWords = (scheme) =>
  scheme.investment === null ? t("cost.unknown") : scheme.investment === 0 ? t("cost.free") : digits(scheme.investment / moneyUnit()).replace(/(\.\d*?)0+$/, "$1").replace(/\.$/, "");

function buildSwitches() {
  const presets = VIEW.presets.map((text) => [text, parseSet(text)]);
  put(at("switchboard"),
    h("div", { class: "board-head" },
      h("h2", {}, t("switches")),
      h("div", { class: "presets" }, presets.map(([text, mask]) =>
        h("button", { type: "button", class: chipClass(presetWords(mask)), "data-preset": text, onclick: () => choose(mask) },
          presetWords(mask))))),
    h("div", { class: "board" }, CLASSES.map((each) => h("fieldset", { class: "cost-class" },
      h("legend", {}, h("span", {}, name("classes", each)), each === COSTLY ? h("span", {}, t("cost.unit")) : null),
      DATA.schemes.map((scheme, bit) => (scheme.class === each ? switchRow(scheme, bit) : null))))),
    NET && h("div", { class: "bill", id: "bill" }));
}

const LONG_CHIP = 24; // letters: a longer button has several lines
const chipClass = (text) => (text.length > LONG_CHIP ? "chip long" : "chip");

/** A set that a button is for: none, F1\u2013F4. */
const presetWords = (mask) => (mask === 0 ? t("preset.none") : setName(mask));

function switchRow(scheme, bit) {
  const details = h("div", { class: "details", id: `details-${scheme.id}`, hidden: true });
  const more = h("button", {
    type: "button", class: "more", "aria-expanded": "false", "aria-controls": details.id,
    "aria-label": t("details.of", { what: scheme.id }),
    onclick: () => {
      const open = more.getAttribute("aria-expanded") !== "true";
      more.setAttribute("aria-expanded", String(open));
      details.hidden = !open;
      if (open) showDetails(scheme, bit, details);
    },
  });
  return h("div", { class: "scheme", "data-scheme": scheme.id },
    h("label", { class: scheme.id.length > SHORT_ID ? "long" : "" },
      h("input", { type: "checkbox", role: "switch", id: `switch-${scheme.id}`, onchange: () => choose(current() ^ (1 << bit)) }),
      h("span", { class: "track", "aria-hidden": "true" }),
      h("span", { class: "id" }, scheme.id),
      h("span", { class: "title" }, scheme.title[view.lang]),
      NET && h("span", { class: "cost", title: scheme.investment === null ? t("details.unknown") : t("cost.unit") }, costWords(scheme))),
    more, details);
}

/** What a scheme changes, costs and interacts with. */
function showDetails(scheme, bit, details) {
  put(details,
    h("p", {}, sentence(scheme.lever[view.lang])),
    h("p", { class: "reason" }, sentence(scheme.reason[view.lang])),
    h("h3", {}, t("details.changes")),
    h("dl", { class: "changes" }, scheme.changes.map((change) => [
      h("dt", {}, sentenceStart(change.meaning[view.lang]), h("code", {}, change.path)),
      h("dd", {}, `${valueWords(change.before)} \u2192 `, h("b", {}, valueWords(change.after)), ` ${change.unit === "1" ? "" : change.unit}`,
        h("span", { class: `basis ${change.basis}`, title: noteWords(change.note[view.lang]) }, name("basis", change.basis)),
        h("small", {}, noteWords(change.note[view.lang])))])),
    NET && [h("h3", {}, t("details.costs")),
      h("p", {}, scheme.investment === null ? t("details.unknown")
        : t("details.once", { amount: rmb(scheme.investment) }),
        scheme.upkeep ? ` ${t("details.upkeep", { amount: rmb(scheme.upkeep) })}` : "",
        investmentBasis(scheme))],
    h("h3", {}, t("details.partners")),
    h("p", { class: "hint" }, t("details.partners.about", { what: figureName(state.figure) })),
    partnerTable(bit));
}

/** On whose word an investment stands, where anybody states it. */
const investmentBasis = (scheme) => scheme.investment !== null && h("span", { class: `basis ${scheme.investment_basis}` }, name("basis", scheme.investment_basis));

function partnerTable(bit) {
  const column = values(state.figure);
  const scale = state.figure === "net" ? moneyUnit() : 1;
  const most = Math.max(...DATA.schemes.map((_, other) => Math.abs(column[1 << other] - column[0])));
  const found = partners(column, bit, state.mask).filter(({ extra, within }) =>
    Math.max(Math.abs(extra), Math.abs(within)) > 1e-4 * most).slice(0, 4);
  if (!found.length) return h("p", {}, t("details.alone"));
  const sumOf = (other) => column[1 << bit] + column[1 << other] - 2 * column[0];
  const isLess = (other, extra) => Math.abs(sumOf(other) + extra) < Math.abs(sumOf(other));
  return h("table", { class: "plain partners" },
    h("thead", {}, h("tr", {}, h("td", {}), h("th", { scope: "col" }, t("partners.pair")), h("th", { scope: "col" }, t("partners.set")))),
    h("tbody", {}, found.map(({ other, extra, within }) => h("tr", {},
      h("th", { scope: "row" }, DATA.schemes[other].id,
        h("small", {}, t(`partners.${isLess(other, extra) ? "less" : "more"}`))),
      h("td", {}, signed(extra / scale)), h("td", {}, signed(within / scale))))));
}

/** What the switches act on: the draft while a prediction is waited for. */
const current = () => (state.mode === "predict" ? state.draft : state.mask);

function updateSwitches() {
  const mask = current();
  DATA.schemes.forEach((scheme, bit) => {
    at(`switch-${scheme.id}`).checked = has(mask, bit);
    const details = at(`details-${scheme.id}`);
    if (!details.hidden) showDetails(scheme, bit, details);
  });
  if (NET) put(at("bill"), spend.budget ? h("button", { type: "button", class: "link", title: t("budget"), onclick: showBudget }, t("bill")) : h("span", {}, t("bill")), h("b", {}, [rmb(knownInvestment(mask)), ...unstated(mask)].join(" + ")));
}
