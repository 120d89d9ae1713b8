// What a budget is best spent on: of all sets that it pays, each looked at, the one that brings most.

const NEAR = 0.05; // of what the best brings; the model does not tell such sets apart
const SOUGHT = ["net", "present_value", "least"]; // most of the first two, or least of the figure that the page asks for first
const spend = { budget: Number((knownInvestment(COUNT - 1) / 2).toPrecision(1)), sought: "net" };

let COSTS = null; // RMB of every set; not a number where a scheme of it has no price

/** How much better than no scheme a set is in what is sought. */
function brought(sought, mask) {
  if (sought === "net") return NET[mask];
  if (sought === "present_value") return NET[mask] * ANNUITY - COSTS[mask];
  return COLUMN.get(VIEW.figure)[0] - COLUMN.get(VIEW.figure)[mask];
}

/** The best set within a budget, the cheapest that comes near it, how many do, and of how many. */
function bestFor(sought, budget) {
  COSTS = COSTS || Float64Array.from({ length: COUNT }, (_, mask) => investment(mask) ?? NaN);
  const paid = [...COSTS.keys()].filter((mask) => COSTS[mask] <= budget);
  const first = (masks, better) => masks.reduce((best, mask) => (better(mask, best) ? mask : best));
  const best = first(paid, (a, b) => brought(sought, a) > brought(sought, b));
  const near = paid.filter((mask) => brought(sought, mask) >= (1 - NEAR) * brought(sought, best));
  const cheapest = first(near, (a, b) => COSTS[a] < COSTS[b] || (COSTS[a] === COSTS[b] && brought(sought, a) > brought(sought, b)));
  return { best, cheapest, near: near.length - 1, sets: paid.length };
}

const soughtWords = (sought) => (sought === "least" ? t("budget.least", { what: t(`told.${VIEW.figure}`) }) : t("budget.most", { what: sentenceMiddle(figureName(sought)) }));

function buildBudget() {
  if (!spend.budget) return null;
  const amount = h("input", { type: "number", id: "budget-amount", min: 0, step: "any", value: spend.budget / moneyUnit(),
    oninput: (event) => { spend.budget = Math.max(0, Number(event.target.value) * moneyUnit() || 0); updateBudget(); } });
  const pick = h("select", { id: "budget-sought", onchange: (event) => { spend.sought = event.target.value; updateBudget(); } },
    SOUGHT.map((sought) => h("option", { value: sought, selected: sought === spend.sought }, soughtWords(sought))));
  return h("section", { class: "budget", id: "budget", "aria-labelledby": "budget-title" }, h("h3", { id: "budget-title" }, t("budget")),
    h("div", { class: "ask" }, h("label", {}, h("span", {}, t("budget.amount", { unit: t("cost.unit") })), amount),
      h("label", {}, h("span", {}, t("budget.sought")), pick)),
    h("div", { id: "budget-told", "aria-live": "polite" }));
}

const showBudget = () => at("budget").scrollIntoView({ block: "center" });

function updateBudget() {
  if (!at("budget-told")) return;
  const { best, cheapest, near, sets } = bestFor(spend.sought, spend.budget);
  const take = (mask) => (mask === current() ? "" : h("button", { type: "button", class: "link", "data-take": ids(mask).join("+"), onclick: () => choose(mask) }, t("budget.take")));
  const left = unstated(COUNT - 1);
  put(at("budget-told"),
    h("p", { class: "finding", id: "budget-best" }, best === 0 ? t("budget.none") : [
      t(COSTS[best] ? "budget.best" : "budget.free", { set: setName(best), cost: rmb(COSTS[best]) }),
      VIEW.story.map((key) => changeWords(t(`told.${key}`), changeOf(key, best, 0))).join(t("comma")), t("comma"), gainWords(NET[best]), " ", take(best)]),
    cheapest === best ? null : h("p", { id: "budget-near" },
      t("budget.near", { set: setName(cheapest), cost: COSTS[cheapest] ? rmb(COSTS[cheapest]) : t("cost.free"), part: percent(NEAR).replace("+", "") }), " ", take(cheapest)),
    h("p", { class: "hint" }, t("budget.basis", { count: sets.toLocaleString("en-US") }), best && near ? ` ${t("budget.others", { near: near.toLocaleString("en-US"), part: percent(NEAR).replace("+", "") })}` : "",
      left.length ? ` ${t("budget.left", { schemes: left.join(t("comma")) })}` : ""));
}
