// What got better and what got worse between two designs, and why for each thing that got worse.

const SAME_DIRT = 0.02; // of the tonnes; those of the drains count what the water carries, a litre does not

function buildBalance() {
  put(at("balance"), h("h2", { id: "balance-title", class: "unseen" }, t("balance")),
    h("div", { class: "better" }, h("h3", {}, t("balance.better")), h("ul", { id: "better" })),
    h("div", { class: "worse" }, h("h3", {}, t("balance.worse")), h("ul", { id: "worse" })));
}

/** Changes beyond the noticeable, as {key, share, worse}, the largest first; a new one is infinite. */
function changes(mask, ref) {
  const found = [];
  const add = (key, sign) => {
    const [before, after] = [COLUMN.get(key)[ref], COLUMN.get(key)[mask]];
    const share = changeOf(key, mask, ref);
    if (Number.isNaN(share) || Math.abs(share) < NOTICED) return;
    found.push({ key, share, worse: share * sign > 0, before, after });
  };
  VIEW.less.forEach((key) => add(key, 1));
  VIEW.more.forEach((key) => add(key, -1));
  return found.sort((a, b) => Math.abs(b.share) - Math.abs(a.share));
}

/** Pollutants whose concentration in all drains rises although their tonnes hardly do. */
function thinner(mask, ref) {
  const water = COLUMN.get(VIEW.drains.water);
  if (!water || !(water[mask] < water[ref])) return [];
  return DATA.limits.map((limit, row) => ({ ...limit, row, before: KEPT[row][ref], after: KEPT[row][mask] }))
    .filter(({ point, unit, before, after }) => point === VIEW.drains.point && unit === "mg/L" && after / before - 1 > NOTICED
      && (after * water[mask]) / (before * water[ref]) - 1 < SAME_DIRT);
}

/** The pH of all drains where it moves against its bounds, or from one side of them to the other. */
function acidityMoved(mask, ref) {
  const row = DATA.limits.findIndex(({ point, unit }) => point === VIEW.drains.point && unit === "pH");
  if (row < 0) return null;
  const { low, high } = DATA.limits[row];
  const [before, after] = [KEPT[row][ref], KEPT[row][mask]];
  const out = (value) => (value < low ? value - low : Math.max(value - high, 0)); // below it is negative
  const crossed = out(before) * out(after) < 0;
  if (digits(before) === digits(after) || out(before) === out(after)) return null;
  return { row, before, after, crossed, worse: crossed || Math.abs(out(after)) > Math.abs(out(before)), alkaline: after > high };
}

/** How many things got better and worse: as many as the lists below tell. */
function counted(mask, ref) {
  const all = changes(mask, ref);
  const gain = NET ? NET[mask] - NET[ref] : 0;
  const worse = all.filter((each) => each.worse).length;
  const acidity = acidityMoved(mask, ref);
  return {
    better: all.length - worse + (gain > 0) + Boolean(acidity && !acidity.worse),
    worse: worse + (gain < 0) + thinner(mask, ref).length + Boolean(acidity && acidity.worse),
  };
}

function updateBalance() {
  const { mask, ref } = state;
  const all = changes(mask, ref);
  const [better, worse] = [all.filter((each) => !each.worse), all.filter((each) => each.worse)];
  at("balance").hidden = mask === ref;
  const gain = NET ? NET[mask] - NET[ref] : 0;
  const acidity = acidityMoved(mask, ref);
  put(at("better"), gain > 0 ? h("li", {}, `${figureName("net")} `, h("b", {}, `+${rmb(gain)}${t("a.year")}`)) : null,
    better.map(({ key, share }) => h("li", { "data-better": key }, `${figureName(key)} `, h("b", {}, percent(share)))),
    acidity && !acidity.worse ? h("li", { "data-better": "acidity" }, `${t("worse.acidity")} `, h("b", {}, fromTo(acidity))) : null,
    gain > 0 || better.length || (acidity && !acidity.worse) ? null : h("li", {}, t("balance.nothing")));
  const found = worse.map((each) => [each.key, figureName(each.key), Number.isFinite(each.share) ? percent(each.share)
    : `${fromTo(each)} ${unitName(figureUnit(each.key))}`, whyWorse(each, mask, ref)]);
  if (gain < 0) found.unshift(["net", figureName("net"), `${MINUS}${rmb(-gain)}${t("a.year")}`, whyPoorer(mask, ref)]);
  found.push(...thinner(mask, ref).map(({ component, before, after }) => ["concentration", t("worse.concentration", { what: name("pollutants", component) }),
    percent(after / before - 1), t("worse.thin", { water: lessWater(mask, ref) })]));
  if (acidity && acidity.worse) found.push(["acidity", t("worse.acidity"), fromTo(acidity), whyAcidity(acidity, mask, ref)]);
  put(at("worse"), found.length ? [...byReason(found)].map(([why, items]) => h("li", { "data-worse": items.map(([key]) => key).join(" ") },
    items.map(([, what, by], at_) => [at_ ? t("comma") : "", `${what} `, h("b", {}, by)]), h("span", { class: "because" }, why)))
    : h("li", {}, t("balance.nothing")));
}

const fromTo = ({ before, after }) => `${digits(before)} \u2192 ${digits(after)}`;

/** How much less water leaves by the drains. */
const lessWater = (mask, ref) => percent(1 - COLUMN.get(VIEW.drains.water)[mask] / COLUMN.get(VIEW.drains.water)[ref]).replace("+", "");

/** Why the drains are sourer or more alkaline: what neutralised or thinned them is gone, or a scheme does it. */
function whyAcidity({ row, before, after, crossed, alkaline }, mask, ref) {
  if (crossed) return t(alkaline ? "worse.alkaline.turned" : "worse.sour.turned");
  const fell = (key) => key && changeOf(key, mask, ref) < -NOTICED;
  if (alkaline && (fell(VIEW.drains.acid) || fell(VIEW.drains.water))) return t("worse.alkaline");
  const culprit = blamed(KEPT[row], after > before ? 1 : -1, mask, ref);
  if (culprit === null) return t("worse.together");
  return t(has(mask, culprit) ? "worse.scheme" : "worse.without", { scheme: DATA.schemes[culprit].id });
}

/** What got worse for the same reason stands together. */
function byReason(found) {
  const groups = new Map();
  for (const each of found) groups.set(each[3], [...(groups.get(each[3]) || []), each]);
  return groups;
}

/** One sentence of why a figure got worse: more product, a scheme's own side effect, or a benefit that ended. */
function whyWorse({ key, share }, mask, ref) {
  const made = COLUMN.get(VIEW.product);
  const more = made[mask] / made[ref] - 1;
  const less = VIEW.less.includes(key);
  if (less && more > NOTICED && share < more + NOTICED) return t("worse.more", { more: percent(more).replace("+", "") });
  const culprit = blamed(COLUMN.get(key), less ? 1 : -1, mask, ref);
  if (culprit === null) return t("worse.together");
  const { id } = DATA.schemes[culprit];
  if (!has(mask, culprit)) return t("worse.without", { scheme: id });
  const told = (DATA.worse[id] || {})[key] || (DATA.worse[id] || {}).any;
  return told ? spaced(`${id}${view.lang === "zh" ? "：" : ": "}${told[view.lang]}`) : t("worse.scheme", { scheme: id });
}

/** The scheme that does most of the worsening: the last one in, of those that differ. */
function blamed(column, sign, mask, ref) {
  let [worst, most] = [null, 0];
  for (const bit of bits(mask ^ ref)) {
    const harm = sign * (column[mask] - column[mask ^ (1 << bit)]);
    if (harm > most) [worst, most] = [bit, harm];
  }
  return worst;
}

/** Which item of the books costs most of the loss. */
function whyPoorer(mask, ref) {
  const [item, change] = [...bookChanges(ref, mask)].sort((a, b) => a[1] - b[1])[0];
  return t("worse.money", { item: name("items", item), by: rmb(-change) });
}
