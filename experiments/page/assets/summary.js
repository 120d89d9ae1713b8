// The design in a sentence, its main figures, and the line that stays in view on a phone.

const TILES = ["air.benzene_t", "wastewater.hydrogen_chloride_t", "wastewater_t", "chlorobenzene_t", "net", "payback"];

/** What of the link named nothing, if anything. */
function updateNotice() {
  const words = state.strange.map((text) => `\u201c${text.slice(0, 40)}\u201d`).join(t("comma"));
  at("notice").hidden = !words;
  put(at("notice"), words ? t("link.strange", { words, shown: setName(state.mask) }) : "");
}

function updateStory() {
  const { mask, ref } = state;
  const parts = [];
  if (mask === ref) {
    parts.push(mask === 0 ? t("story.none") : t("story.equal", { set: setName(mask) }));
  } else {
    const share = (key) => figure(key, mask) / figure(key, ref) - 1;
    const gain = (NET[mask] - NET[ref]) / WAN;
    parts.push(t(ref ? "story.against" : "story.design", { set: setName(mask), other: setName(ref) }));
    parts.push(changeWords(t("story.air"), share("air.benzene_t")), t("comma"));
    parts.push(changeWords(t("story.water"), share("wastewater.hydrogen_chloride_t")), t("comma"));
    parts.push(t(gain < 0 ? "story.loss" : "story.gain", { amount: digits(Math.abs(gain)) }));
  }
  const story = parts.join("");
  if (at("story").textContent !== story) put(at("story"), story);
}

function buildTiles() {
  put(at("tiles"), TILES.map((key) => h("div", { class: "tile", "data-tile": key },
    h("h3", {}, figureTitle(key)),
    h("p", { class: "value" }), h("div", { class: "meter", "aria-hidden": "true" }), h("p", { class: "delta" }))));
}

function tileValue(key, mask) {
  const value = figure(key, mask);
  if (key === "payback") return value === 0 ? t("payback.none") : value === Infinity ? t("payback.never", { years: DATA.terms.horizon }) : digits(value);
  return digits(inUnit(key, value));
}

function updateTiles() {
  const { mask, ref } = state;
  for (const tile of at("tiles").children) {
    const key = tile.dataset.tile;
    const [value, before] = [figure(key, mask), figure(key, ref)];
    const plain = key === "payback" && (value === null || value === 0 || !Number.isFinite(value));
    put(tile.querySelector(".value"), num(tileValue(key, mask), key, value), plain ? "" : h("span", { class: "unit" }, unitName(figureUnit(key))));
    put(tile.querySelector(".delta"), tileDelta(key, value, before));
    put(tile.querySelector(".meter"), COLUMN.has(key) ? meter(value, before, COLUMN.get(key)) : null);
    tile.classList.toggle("changed", value !== before);
  }
}

function tileDelta(key, value, before) {
  if (key === "payback") {
    const once = investment(state.mask);
    return once === null ? t("payback.unknown") : t("payback.of", { amount: digits(once / WAN) });
  }
  if (key === "net") {
    if (!state.ref && value !== before) return t("delta.base");
    return value === before ? t("delta.same", { other: setName(state.ref) })
      : t("delta.money", { by: signed((value - before) / WAN), other: setName(state.ref) });
  }
  if (Math.abs(value / before - 1) < 5e-4) return t("delta.same", { other: setName(state.ref) });
  return t("delta.from", { value: digits(before), by: percent(value / before - 1), other: setName(state.ref) });
}

/** A bar from nothing to the largest value of any design, with a mark at the other design. */
function meter(value, before, column) {
  const most = largest(column);
  return [
    h("i", { class: "was", style: `width:${(100 * before) / most}%` }),
    h("i", { class: "is", style: `width:${(100 * value) / most}%` }),
  ];
}

const LARGEST = new Map();
function largest(column) {
  if (!LARGEST.has(column)) LARGEST.set(column, column.reduce((most, value) => Math.max(most, value), 0));
  return LARGEST.get(column);
}

function updateDock() {
  put(at("dock"), h("b", {}, setName(state.mask)),
    h("span", {}, `${figureName("air.benzene_t")} ${percent(figure("air.benzene_t", state.mask) / figure("air.benzene_t", state.ref) - 1)}`),
    h("span", {}, `${signed((NET[state.mask] - NET[state.ref]) / WAN)} ${unitName("wan/yr")}`));
}
