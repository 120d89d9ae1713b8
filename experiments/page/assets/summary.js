// The design in a sentence, its main figures, and the line that stays in view on a phone.

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
    parts.push(mask === 0 ? t("story.none", { hours: digits(DATA.hours) }) : t("story.equal", { set: setName(mask) }));
  } else {
    parts.push(t(ref ? "story.against" : "story.design", { set: setName(mask), other: setName(ref) }));
    parts.push(VIEW.story.map((key) => changeWords(t(`told.${key}`), changeOf(key, mask, ref))).join(t("comma")));
    parts.push(NET ? t("comma") + gainWords(NET[mask] - NET[ref]) : t("story.stop"));
  }
  const story = parts.join("");
  if (at("story").dataset.told === story) return;
  at("story").dataset.told = story;
  put(at("story"), story, " ", mask === ref ? null
    : h("button", { type: "button", class: "link", onclick: () => at("balance").scrollIntoView({ block: "nearest" }) }, t("story.counts", counted(mask, ref))));
}

const gainWords = (gain) => t(gain < 0 ? "story.loss" : "story.gain", { amount: rmb(Math.abs(gain)) });

function buildTiles() {
  at("tiles").style.setProperty("--tiles", VIEW.tiles.length);
  put(at("tiles"), VIEW.tiles.map((key) => h("div", { class: "tile", "data-tile": key },
    h("h3", {}, figureTitle(key)),
    h("p", { class: "value" }), h("div", { class: "meter", "aria-hidden": "true" }), h("p", { class: "delta" }))));
}

/** A figure in the words of a tile; where nothing was paid there is nothing to pay back. */
function tileValue(key, value) {
  if (key !== "payback") return digits(value);
  if (value === 0) return t("payback.none");
  return value === Infinity ? t("payback.never", { years: DATA.terms.horizon }) : years(value);
}

/** Tiles of the design that is shown; `part` of the way from another one while a change moves. */
function updateTiles(from = state.mask, part = 1) {
  const { mask, ref } = state;
  for (const tile of at("tiles").children) {
    const key = tile.dataset.tile;
    const [value, before, left] = [figure(key, mask), figure(key, ref), figure(key, from)];
    const glides = part < 1 && Number.isFinite(value) && Number.isFinite(left) && (key !== "payback" || value * left > 0);
    const drawn = glides ? mixed(left, value, part) : value;
    const plain = key === "payback" && (value === null || value === 0 || !Number.isFinite(value));
    const nothing = key === "payback" && mask === 0;
    const { text, unit, scale } = key === "net" ? { ...moneyParts(drawn), unit: `${moneyParts(drawn).unit}${t("per.year")}` }
      : { text: nothing ? "\u2013" : tileValue(key, drawn), unit: unitName(figureUnit(key)), scale: 1 };
    put(tile.querySelector(".value"), num(text, key, value, scale), plain ? "" : [h("wbr"), h("span", { class: "unit" }, untied(unit))]);
    tile.classList.toggle("wordy", plain);
    if (part === 1 || part === 0) put(tile.querySelector(".delta"), tileDelta(key, value, before));
    put(tile.querySelector(".meter"), COLUMN.has(key) ? meter(drawn, before, COLUMN.get(key)) : null);
    tile.classList.toggle("changed", value !== before);
  }
}

function tileDelta(key, value, before) {
  if (key === "payback") {
    const once = investment(state.mask);
    if (once === null) return t("payback.unknown");
    return once === 0 ? t(state.mask ? "payback.free" : "payback.nothing") : t("payback.of", { amount: untied(rmb(once)) });
  }
  if (key === "net") {
    if (!state.ref && value !== before) return t("delta.base");
    return value === before ? sameWords()
      : t("delta.money", { by: `${value > before ? "+" : MINUS}${untied(rmb(Math.abs(value - before)))}`, other: setName(state.ref) });
  }
  const share = changeOf(key, state.mask, state.ref);
  if (Math.abs(share) < 5e-4) return sameWords();
  if (!Number.isFinite(share)) return t("delta.new", { value: digits(before) });
  const told = t("delta.from", { value: digits(before), by: percent(share) });
  return Math.abs(value) < GONE * Math.abs(before) ? [told, t("comma"), goneWords(key)] : told;
}

/** What is nothing in steady operation may be something in a year with breakdowns. */
function goneWords(key) {
  const year = yearsOf(state.mask);
  return year && year.figures[key] ? t("gone.year", { mean: digits(toldYears(key, year).mean) }) : t("gone");
}

const sameWords = () => (state.mask === state.ref ? "" : t("delta.same"));

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

/** The figure that the dock tells: that of the first task while it is asked for, else the one that the page asks for first. */
const docked = () => (at("first") && !at("first").hidden ? DATA.first.conditions[0].figure : VIEW.figure);

function updateDock() {
  const key = docked();
  put(at("dock"), h("b", {}, setName(state.mask)),
    h("span", {}, `${figureName(key)} ${percent(changeOf(key, state.mask, state.ref))}`),
    NET && h("span", {}, `${NET[state.mask] < NET[state.ref] ? MINUS : "+"}${rmb(Math.abs(NET[state.mask] - NET[state.ref]))}${t("a.year")}`));
}
