// Where everything of the flow chart lies. One scale for all designs, so that widths compare;
// losses are drawn wider by a factor that is stated, for at the same width they would be hairlines.

const MAIN = ["storage", "chlorination", "washing", "crude", "rectification", "polychloride"];
const NODE = 13;
const BAND = 104; // the thickest node of any design, px
const FLARE = 104; // the widest loss of any stage in any design, px, at most
const LANE_GAP = 12;

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
  const scale = BAND / most;
  const wanted = FLARE / (loss * scale);
  const magnified = [1, 2, 5, 10, 20, 50, 100].filter((factor) => factor <= wanted).pop() || 1;
  const found = { throughput, scale, magnified };
  EXTREMES.set(counted, found);
  return found;
}

/** Positions of stages and lanes for a width. */
function frame(counted, width) {
  const { throughput, scale } = extremes(counted);
  const thick = Math.max(...MAIN.map((stage) => throughput[stage] * scale));
  const recycle = throughput.storage * scale;
  const left = 118;
  const right = 132;
  const step = (width - left - right) / (MAIN.length - 1);
  const top = Math.max(26, recycle) + 34;
  const base = top + thick + 58; // where the main nodes stand
  const low = base + 176; // where absorption hangs
  const hanging = Math.max(16, throughput.absorption * scale);
  const x = Object.fromEntries(MAIN.map((stage, at_) => [stage, left + at_ * step]));
  x.absorption = x.chlorination + 0.62 * step;
  return { width, left, right, step, top, base, low, hanging, x, height: low + hanging + 148, scale };
}

/** Nodes and bands of a design, px. */
function layout(mask, counted, width) {
  const { magnified } = extremes(counted);
  const lay = frame(counted, width);
  const size = (link) => flow(mask, link.at, counted) * lay.scale;
  const nodes = {};
  for (const stage of DATA.stages) {
    const flows = (links) => links.reduce((sum, link) => sum + flow(mask, link.at, counted), 0);
    const through = Math.max(flows(into(stage)), flows(outOf(stage)));
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
