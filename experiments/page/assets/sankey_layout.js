// Where everything of the flow chart lies. One scale for all designs, so that widths compare;
// losses are drawn wider by a factor that is stated, for at the same width they would be hairlines.

const MAIN = ["storage", "chlorination", "washing", "crude", "rectification", "polychloride"];
const NODE = 13;
const BAND = 104; // the thickest node of any design, px, at most
const FLARE = 110; // the widest loss of any stage in any design, px, at most, where no factor is given
const WORDS = { top: 26, above: 58, below: 122, under: 80 }; // px for labels around the bands
const LANE_GAP = 12;
const TIGHT = 850; // px; below it labels at both ends get less room

const LINKS = DATA.links.map(([from, to], at_) => ({ from, to, at: at_, key: `${from}>${to}` }));
const into = (stage) => LINKS.filter((link) => link.to === stage);
const outOf = (stage) => LINKS.filter((link) => link.from === stage);
const isLoss = (link) => link.to.startsWith("loss:");

/** Largest throughput of a stage and largest loss of a stage, over all designs, t/yr. */
const EXTREMES = new Map();
function extremes(counted) {
  if (EXTREMES.has(counted)) return EXTREMES.get(counted);
  const throughput = {};
  let loss = 0;
  for (const stage of DATA.stages) {
    const inflow = new Float64Array(COUNT);
    const lost = new Float64Array(COUNT);
    for (const link of into(stage)) FLOWS[link.at * DATA.counted.length + counted].forEach((v, mask) => { inflow[mask] += v; });
    for (const link of outOf(stage).filter(isLoss)) FLOWS[link.at * DATA.counted.length + counted].forEach((v, mask) => { lost[mask] += v; });
    throughput[stage] = inflow.reduce((a, b) => Math.max(a, b), 0);
    loss = Math.max(loss, lost.reduce((a, b) => Math.max(a, b), 0));
  }
  const most = Math.max(...Object.values(throughput));
  const back = LINKS.find((link) => link.from === "crude" && link.to === "storage");
  const recycle = FLOWS[back.at * DATA.counted.length + counted].reduce((a, b) => Math.max(a, b), 0);
  const wanted = (FLARE * most) / (loss * BAND);
  const magnified = DATA.magnified[DATA.counted[counted]] || [1, 2, 5, 10, 20, 50].filter((factor) => factor <= wanted).pop() || 1;
  const found = { throughput, most, recycle, magnified };
  EXTREMES.set(counted, found);
  return found;
}

/** px per t/yr, the same for all designs, so that all of them fit into the height that there is. */
function scaleFor(counted, room) {
  const { throughput, most, recycle } = extremes(counted);
  const fixed = WORDS.top + WORDS.above + WORDS.below + WORDS.under + 12;
  const stacked = Math.max(...MAIN.map((stage) => throughput[stage])) + recycle + throughput.absorption;
  return Math.max(40 / most, Math.min(BAND / most, (room - fixed) / stacked));
}

/** Flows below this are left out of the chart, t/yr: other things that a stream carries along. */
function faint(counted) {
  const { throughput } = extremes(counted);
  return (DATA.counted[counted] === "benzene" ? 1e-5 : 2e-3) * Math.max(...Object.values(throughput));
}

/** What passes a stage in a design, t/yr. */
function throughOf(stage, mask, counted) {
  const sum = (links) => links.reduce((total_, link) => total_ + flow(mask, link.at, counted), 0);
  return Math.max(sum(into(stage)), sum(outOf(stage)));
}

/** Positions of stages and lanes for a width and a height; room enough for every design. */
function frame(counted, width, room) {
  const { throughput, recycle: most } = extremes(counted);
  const scale = scaleFor(counted, room);
  const recycle = most * scale;
  const thick = Math.max(...MAIN.map((stage) => throughput[stage])) * scale;
  const large = parseFloat(getComputedStyle(document.documentElement).fontSize) > 16; // a projector's labels
  const [left, right] = width < TIGHT ? [98, 150] : [128, large ? 186 : 168];
  const step = (width - left - right) / (MAIN.length - 1);
  const top = Math.max(8, recycle) + WORDS.top;
  const base = top + thick + WORDS.above; // where the main nodes stand
  const low = base + WORDS.below; // where absorption hangs
  const x = Object.fromEntries(MAIN.map((stage, at_) => [stage, left + at_ * step]));
  x.absorption = x.chlorination + 0.62 * step;
  return { tight: width < TIGHT || step < 122, width, left, right, base, low, x, height: low + Math.max(16, throughput.absorption * scale) + WORDS.under, scale };
}

/** Nodes and bands of a design, px. */
function layout(mask, counted, width, room) {
  const { magnified } = extremes(counted);
  const lay = frame(counted, width, room);
  const size = (link) => flow(mask, link.at, counted) * lay.scale;
  const nodes = {};
  for (const stage of DATA.stages) {
    const through = throughOf(stage, mask, counted);
    const tall = Math.max(3, through * lay.scale);
    const y = stage === "absorption" ? lay.low : lay.base - tall;
    nodes[stage] = { stage, x: lay.x[stage], y, tall, through, left: 0, right: 0 };
  }
  return { ...lay, mask, counted, magnified, nodes, size };
}

/** The next free piece of a node's side, from below (from above where the node hangs). */
function port(node, side, width) {
  const used = node[side];
  node[side] += width;
  const hangs = node.stage === "absorption";
  const y = hangs ? node.y + used + width / 2 : node.y + node.tall - used - width / 2;
  return { x: node.x + (side === "right" ? NODE : 0), y };
}

/** Losses of a stage in a design by medium, t/yr. */
function lossesOf(stage, mask, counted) {
  return outOf(stage).filter(isLoss)
    .map((link) => ({ medium: link.to, link, amount: flow(mask, link.at, counted) }));
}
