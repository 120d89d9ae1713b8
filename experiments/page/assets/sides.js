// Two designs side by side: every figure of A, of B, and the change.

function buildSides() {
  const references = VIEW.references.map((text) => [text, parseSet(text)]);
  put(at("sides"), cardHead("sides", t("sides"), t("sides.about"),
    h("span", { class: "with" }, t("sides.with")),
    references.map(([text, mask]) => h("button", { type: "button", class: chipClass(presetWords(mask)), "data-ref": text, onclick: () => { state.ref = mask; render(); } }, presetWords(mask))),
    h("button", { type: "button", class: "chip strong", id: "pin", onclick: () => { state.ref = state.mask; render(); } }, t("sides.pin"))),
    h("div", { class: "scroll", id: "sides-table", tabindex: "0", role: "group", "aria-label": t("sides") }));
}

function updateSides() {
  const { mask, ref } = state;
  const [a, b] = NET ? [money(ref), money(mask)] : [null, null];
  const groups = [
    ...Object.entries(VIEW.media).map(([medium, keys]) => [t(`medium.${medium}`), keys]),
    [t("output.made"), VIEW.output], [t("output.used"), VIEW.input],
    ...(NET ? [[t("money"), ["investment", "net", "payback", "present_value"]]] : []),
  ];
  const cell = (key, value) => {
    if (COLUMN.has(key)) return num(digits(value), key, value);
    return value === null ? t("money.unknown") : num(key === "payback" ? tileValue(key, value) : digits(inUnit(key, value)), key, value, key === "payback" ? 1 : moneyUnit());
  };
  const line = (key) => {
    const [before, after] = COLUMN.has(key) ? [figure(key, ref), figure(key, mask)] : [a[key], b[key]];
    const difference = before === null || after === null ? null : after - before;
    const part = COLUMN.has(key) ? changeOf(key, mask, ref) : 0;
    const share = Number.isFinite(part) && Math.abs(part) >= 5e-4 ? percent(part) : "";
    const trace = COLUMN.has(key) ? changeOf(key, mask, ref) === 0 : Math.abs(difference) <= Math.max(VIEW.noted, 1e-9 * Math.abs(before));
    const change = key === "payback" ? yearsMore(before, after)
      : difference === null || !Number.isFinite(difference) ? "\u2013" : trace ? "0" : signed(inUnit(key, difference));
    return h("tr", { "data-side": key, class: change === "0" ? "same" : "" }, h("th", { scope: "row" }, figureTitle(key), unitBeside(key)),
      h("td", {}, cell(key, before)), h("td", { class: "b" }, cell(key, after)), h("td", {}, change, h("small", { class: "share" }, share)));
  };
  put(at("sides-table"), h("table", { class: "plain sides" },
    h("thead", {}, h("tr", {}, h("td", {}), h("th", { scope: "col" }, h("small", {}, "A"), setName(ref)), h("th", { scope: "col", class: "b" }, h("small", {}, "B"), setName(mask)),
      h("th", { scope: "col" }, t("sides.change")))),
    groups.map(([title, keys]) => h("tbody", {}, h("tr", { class: "group" }, h("th", { scope: "rowgroup", colspan: 4 }, title)), keys.map(line)))));
}
