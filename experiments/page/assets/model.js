// All designs: figures by design number, bit i for scheme i. Pure functions of the data.

const DATA = JSON.parse(document.getElementById("data").textContent);
const TRACE = 1e-4; // of a figure without schemes
const COUNT = 1 << DATA.schemes.length;
const VIEW = DATA.view; // which figures stand where
const APART = DATA.schemes.findIndex((scheme) => scheme.id === VIEW.apart); // no measure of the programme

function unpack(text, Type, count = COUNT) {
  const letters = atob(text);
  const bytes = new Uint8Array(letters.length); // Uint8Array.from would take half a second
  for (let at = 0; at < bytes.length; at += 1) bytes[at] = letters.charCodeAt(at);
  const all = new Type(bytes.buffer);
  const columns = [];
  for (let start = 0; start < all.length; start += count) {
    columns.push(all.subarray(start, start + count));
  }
  return columns;
}

const TABLE = unpack(DATA.columns.indicators, Float64Array);
const NET = unpack(DATA.columns.net, Float64Array)[0]; // none of a plant without prices
const LOADS = unpack(DATA.columns.loads, Float32Array);
const FLOWS = unpack(DATA.columns.flows, Float32Array);
const COLUMN = new Map(DATA.indicators.map(({ key }, at) => [key, TABLE[at]]));

const has = (mask, bit) => Boolean((mask >> bit) & 1);
const bits = (mask) => DATA.schemes.map((_, bit) => bit).filter((bit) => has(mask, bit));
const ids = (mask) => bits(mask).map((bit) => DATA.schemes[bit].id);

/** Flow between two stages in a design or between two designs, t/yr; the link and what is counted by their numbers. */
function flow(mask, link, counted) {
  const column = FLOWS[link * DATA.counted.length + counted];
  return typeof mask === "number" ? column[mask] : mixed(column[mask.from], column[mask.to], mask.part);
}

/** Investment, RMB; null where a scheme in the set has none in any source. */
function investment(mask) {
  const each = bits(mask).map((bit) => DATA.schemes[bit].investment);
  return each.includes(null) ? null : each.reduce((sum, amount) => sum + amount, 0);
}

/** What of the investment is known, RMB. */
const knownInvestment = (mask) => bits(mask).reduce((sum, bit) => sum + (DATA.schemes[bit].investment || 0), 0);

/** Ids of the schemes in a set whose investment nobody states. */
const unstated = (mask) => bits(mask).filter((bit) => DATA.schemes[bit].investment === null).map((bit) => DATA.schemes[bit].id);

const upkeep = (mask) => bits(mask).reduce((sum, bit) => sum + DATA.schemes[bit].upkeep, 0);

/** Sales (positive) and purchases (negative) by item, RMB/yr, and upkeep. */
function books(mask) {
  const found = new Map();
  for (const item of DATA.items) {
    const less = item.less === null ? 0 : COLUMN.get(item.less)[mask];
    const amount = (COLUMN.get(item.indicator)[mask] - less) * item.perUnit;
    found.set(item.key, item.sign * amount * Number(DATA.prices[item.price].amount));
  }
  found.set("upkeep", -upkeep(mask));
  return found;
}

/** Changes of the books between two designs by item, RMB/yr. */
function bookChanges(from, to) {
  const before = books(from);
  return new Map([...books(to)].map(([item, amount]) => [item, amount - before.get(item)]));
}

/** Income and operating cost against none, RMB/yr, sorted as the source prints them. */
function sorted(mask) {
  let income = 0;
  let cost = 0;
  const goods = new Set(DATA.items.filter((item) => item.goods).map((item) => item.key));
  for (const [item, change] of bookChanges(0, mask)) {
    if (goods.has(item) || change > 0) income += change;
    else cost -= change;
  }
  return { income, cost };
}

const ANNUITY = Array.from({ length: DATA.terms.horizon }, (_, year) => year + 1).reduce(
  (sum, year) => sum + 1 / (1 + DATA.terms.rate) ** year, 0,
);

/** Money figures of a design against none, RMB and RMB/yr; null where nobody can say. */
function money(mask) {
  const once = investment(mask);
  const net = NET[mask];
  const { income, cost } = sorted(mask);
  const years = once === null ? null : once === 0 ? 0 : net > 0 ? once / net : Infinity;
  return {
    investment: once,
    net,
    income,
    operating_cost: cost,
    payback: years !== null && years > DATA.terms.horizon ? Infinity : years,
    present_value: once === null ? null : net * ANNUITY - once,
  };
}

/** A figure of a design by its name: an indicator, or money against none. */
function figure(name, mask) {
  return COLUMN.has(name) ? COLUMN.get(name)[mask] : money(mask)[name];
}

/** A figure's values over all designs, for attribution: an indicator, or "net". */
const values = (name) => (name === "net" ? NET : COLUMN.get(name));

/** Relative change of an indicator between two designs, up where it rises, be it below 0 as steam that is given is; traces of what no scheme has are no change, and from a trace it is infinite. */
function changeOf(key, mask, ref) {
  const column = COLUMN.get(key);
  const [before, after] = [column[ref], column[mask]];
  const trace = TRACE * Math.abs(column[0]);
  if (before === after || Math.abs(after - before) < trace) return 0;
  return Math.abs(before) <= trace ? Math.sign(after - before) * Infinity : Math.sign(before) * (after / before - 1);
}

/** The process train that runs nearest to its capacity. */
function bottleneck(mask) {
  let most = 0;
  LOADS.forEach((column, train) => {
    if (column[mask] > LOADS[most][mask]) most = train;
  });
  return most;
}

/**
 * What every scheme of a set does to a figure: alone, as the last one in, and its Shapley value,
 * exact over all subsets of the set. One that is no measure of the programme stands apart, with
 * what it does as the last one in.
 */
function attribute(column, mask) {
  const apart = APART >= 0 && has(mask, APART);
  const base = apart ? mask & ~(1 << APART) : mask;
  const players = bits(base);
  const n = players.length;
  const masks = [0];
  for (const bit of players) {
    for (let at = 0, size = masks.length; at < size; at += 1) masks.push(masks[at] | (1 << bit));
  }
  const weight = shapleyWeights(n);
  const rows = players.map((bit, at) => {
    let value = 0;
    for (let set = 0; set < masks.length; set += 1) {
      if (set & (1 << at)) continue;
      value += weight[ones(set)] * (column[masks[set | (1 << at)]] - column[masks[set]]);
    }
    const alone = column[1 << bit] - column[0];
    return { bit, alone, last: column[mask] - column[mask & ~(1 << bit)], shapley: value };
  });
  return {
    rows,
    together: column[base] - column[0],
    sum: rows.reduce((sum, row) => sum + row.alone, 0),
    apart: apart ? { bit: APART, alone: column[1 << APART] - column[0], last: column[mask] - column[base] } : null,
    total: column[mask] - column[0],
  };
}

function shapleyWeights(n) {
  // s! (n - s - 1)! / n!, without a factorial that overflows
  const weights = [1 / Math.max(n, 1)];
  for (let s = 1; s < n; s += 1) weights.push((weights[s - 1] * s) / (n - s));
  return weights;
}

function ones(number) {
  let count = 0;
  for (let rest = number; rest; rest &= rest - 1) count += 1;
  return count;
}

/** What two schemes do together beyond the sum of both, in a context of other schemes. */
function interaction(column, i, j, context) {
  const rest = context & ~((1 << i) | (1 << j));
  return column[rest | (1 << i) | (1 << j)] - column[rest | (1 << i)] - column[rest | (1 << j)] + column[rest];
}

/** The partners of a scheme, the strongest first. */
function partners(column, bit, context) {
  return DATA.schemes
    .map((_, other) => other)
    .filter((other) => other !== bit)
    .map((other) => ({ other, extra: interaction(column, bit, other, 0), within: interaction(column, bit, other, context) }))
    .sort((a, b) => Math.abs(b.extra) - Math.abs(a.extra));
}

/** Whether a design meets a condition of a task, and how near it is. */
function meets(condition, mask) {
  const { figure: name, kind, amount } = condition;
  const value = name === "investment" ? investment(mask) : name === "net" ? NET[mask] : name === "schemes" ? ones(mask) : COLUMN.get(name)[mask];
  if (value === null) return false;
  const base = COLUMN.has(name) ? COLUMN.get(name)[0] : 0;
  const slack = 1e-9 * Math.abs(value);
  if (kind === "cut") return value <= (1 - amount) * base + slack;
  if (kind === "most") return value <= amount + slack;
  return value >= (kind === "hold" ? amount * base : amount) - slack;
}
