// Where everything of the flow chart lies. One scale for all designs, so that widths compare;
// losses are drawn wider by a factor that is stated, for at the same width they would be hairlines.

const MAIN = ["storage", "chlorination", "washing", "crude", "rectification", "polychloride"];
const WORDS = { top: 26, above: 58, below: 122, under: 80 }; // px for labels around the bands
const LANE_GAP = 12;

/** The benzene that goes round, in the design with most of it, t/yr. */
const mostRecycled = (counted) => mostOf(LINKS.find((link) => link.from === "crude" && link.to === "storage"), counted);

/** px per t/yr, the same for all designs, so that all of them fit into the height that there is. */
function scaleFor(counted, room) {
  const { throughput, most } = extremes(counted);
  const fixed = WORDS.top + WORDS.above + WORDS.below + WORDS.under + 12;
  const stacked = Math.max(...MAIN.map((stage) => throughput[stage])) + mostRecycled(counted) + throughput.absorption;
  return Math.max(40 / most, Math.min(BAND / most, (room - fixed) / stacked));
}

/** Positions of stages and lanes for a width and a height; room enough for every design. */
function frame(counted, width, room) {
  const { throughput } = extremes(counted);
  const scale = scaleFor(counted, room);
  const recycle = mostRecycled(counted) * scale;
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
