// The flow chart of the line: recycles above, losses downward, the other design as an outline.

const FAR = 58; // px that an input is seen to come from

function chart(mask, ref, counted, width) {
  const lay = layout(mask, counted, width, state.both ? Math.max(LOWEST, roomFor() / 2) : roomFor());
  lay.reached = {};
  lay.between = (stage, x, longest) => labelStart(lay, stage, x, longest);
  const bands = s("g", { class: "bands" });
  const words = s("g", { class: "words" });
  for (const link of LINKS) {
    link.skip = !(flow(mask, link.at, counted) > faint(counted));
  }
  drawMain(lay, bands, words);
  drawRecycles(lay, bands, words);
  const flares = DATA.stages.map((stage) => drawLosses(lay, lay.nodes[stage], ref, words));
  return s("svg", { viewBox: `0 0 ${width} ${lay.height}`, width, height: lay.height, role: "img",
    "aria-label": t("sankey.alt", { what: name("counted", DATA.counted[counted]), set: setName(typeof mask === "number" ? mask : mask.to) }) },
  s("defs", {}, s("linearGradient", { id: "fade" }, s("stop", { offset: "0", class: "fade-0" }), s("stop", { offset: "1", class: "fade-1" }))),
  bands, flares, DATA.stages.map((stage) => drawNode(lay, lay.nodes[stage], counted)), words);
}

function drawNode(lay, node, counted) {
  const hangs = node.stage === "absorption";
  // the benzene's loop leaves its own two stages room on one side only
  const [anchor, beside] = hangs ? ["end", -12] : { storage: ["start", -8], crude: ["end", NODE + 8] }[node.stage] || ["middle", NODE / 2];
  const idle = node.through <= faint(counted); // nothing that is counted passes it
  const raised = lay.tight ? { crude: 32, rectification: 16 }[node.stage] || 0 : 0; // or it would touch its neighbour
  const above = idle && node.stage === "storage" ? node.y + node.tall + 16 : node.y - 24 - raised;
  const [x, y] = [node.x + beside, hangs ? node.y + Math.max(node.tall, node.left) + 24 : above];
  return s("g", { class: idle ? "idle" : "" },
    s("rect", { class: "node", x: node.x, y: node.y, width: NODE, height: node.tall, rx: 1.5 }),
    idle ? null : s("text", { class: "through", x, y: y + 15, "text-anchor": anchor }, digits(node.through)), // its wide rim lies under the name
    s("text", { class: "stage", x, y, "text-anchor": anchor }, name("stages", node.stage)));
}

const linkBetween = (from, to) => LINKS.find((link) => link.from === from && link.to === to && !link.skip);

function drawMain(lay, bands, words) {
  const { nodes } = lay;
  // ports are dealt from below, so the order of these lines is the order on a node's side
  const oil = linkBetween("absorption", "storage");
  const oilIn = oil ? port(nodes.storage, "left", lay.size(oil)) : null;
  const supply = linkBetween("in:benzene", "storage");
  if (supply) {
    const to = port(nodes.storage, "left", lay.size(supply));
    bands.append(band(lay, supply, `M0,${to.y}L${to.x},${to.y + 1e-3}`, "entering"));
    const below = to.y + lay.size(supply) / 2 + 15;
    words.append(label(0, below, name("ends", "in:benzene"), "start", "good"), label(0, below + 15, digits(flow(lay.mask, supply.at, lay.counted)), "start"));
  }
  const gas = linkBetween("chlorination", "absorption");
  if (gas) {
    const from = port(nodes.chlorination, "right", lay.size(gas));
    const to = port(nodes.absorption, "left", lay.size(gas));
    bands.append(band(lay, gas, `M${from.x},${from.y}C${from.x + 60},${from.y} ${to.x - 60},${to.y} ${to.x},${to.y}`));
  }
  MAIN.slice(0, -1).forEach((stage, at_) => {
    const link = linkBetween(stage, MAIN[at_ + 1]);
    if (link) bands.append(band(lay, link, curve(port(nodes[stage], "right", lay.size(link)), port(nodes[link.to], "left", lay.size(link)))));
  });
  if (oil) bands.append(band(lay, oil, oilPath(lay, port(nodes.absorption, "left", lay.size(oil)), oilIn, lay.size(oil)), "back"));
  drawGoods(lay, bands, words);
  drawInputs(lay, bands, words);
}

function oilPath(lay, from, to, width) {
  const r = width / 2 + 10;
  const x = to.x - 2 * r;
  return `M${from.x},${from.y}L${x + r},${from.y}Q${x},${from.y} ${x},${from.y - r}L${x},${to.y + r}Q${x},${to.y} ${x + r},${to.y}L${to.x},${to.y}`;
}

function drawGoods(lay, bands, words) {
  for (const link of LINKS.filter((each) => each.to.startsWith("out:") && !each.skip)) {
    const from = port(lay.nodes[link.from], "right", lay.size(link));
    const end = lay.width - lay.right + (lay.tight ? 24 : 44);
    const half = lay.size(link) / 2;
    const over = link.to === "out:chlorobenzene"; // it passes above the polychloride column
    const y = over ? Math.min(from.y, lay.nodes.polychloride.y - 56 - half) : from.y;
    bands.append(band(lay, link, over ? `${curve(from, { x: from.x + 70, y })}L${end},${y}` : `M${from.x},${y}L${end},${y}`, "sold"));
    words.append(label(end + 6, y - 2, name("ends", link.to), "start", "good"),
      label(end + 6, y + 13, digits(flow(lay.mask, link.at, lay.counted)), "start"));
  }
}

function drawInputs(lay, bands, words) {
  for (const stage of DATA.stages) {
    const entering = LINKS.filter((link) => link.to === stage && link.from.startsWith("in:") && link.from !== "in:benzene" && !link.skip);
    const told = entering.filter((link) => lay.size(link) > 0.02);
    const y = [];
    told.forEach((link) => {
      const to = port(lay.nodes[stage], "left", lay.size(link));
      bands.append(band(lay, link, `M${to.x - FAR},${to.y}L${to.x},${to.y + 1e-3}`, "entering"));
      y.push(to.y + 4);
    });
    const [highest, lowest] = [Math.min(...y), Math.max(...y)];
    const x = lay.nodes[stage].x - FAR - 4;
    told.forEach((link, at_) => {
      const text = `${name("ends", link.from)} ${digits(flow(lay.mask, link.at, lay.counted))}`;
      const above = x < 92; // no room on the left: above the band
      const line = above ? lowest - 4 - lay.size(link) / 2 - 14 * at_ - 5 : Math.max(y[at_], highest + 14 * at_);
      words.append(above ? label(0, line, text, "start") : label(x, line, text, "end"));
    });
  }
}

function drawRecycles(lay, bands, words) {
  const { nodes } = lay;
  const benzene = linkBetween("crude", "storage");
  if (benzene) {
    const width = lay.size(benzene);
    const y = 8 + width / 2;
    bands.append(band(lay, benzene, loop(port(nodes.crude, "right", width), port(nodes.storage, "left", width), y, width / 2 + 12), "back"));
    words.append(label(nodes.storage.x + (nodes.crude.x - nodes.storage.x) * (lay.tight ? 0.37 : 0.5), y + width / 2 + 15, `${t("sankey.recycle")} ${digits(flow(lay.mask, benzene.at, lay.counted))}`, "middle", "over"));
  }
  const over = [["polychloride", "rectification"], ["crude", "chlorination"], ["storage", "washing"]];
  over.forEach(([from, to], at_) => {
    const link = linkBetween(from, to);
    if (!link) return;
    const [a, b] = [nodes[from], nodes[to]];
    const spanned = MAIN.map((stage) => nodes[stage]).filter(({ x }) => x >= Math.min(a.x, b.x) && x <= Math.max(a.x, b.x));
    const lift = Math.min(...spanned.map(({ y }) => y)) - 44 - at_ * LANE_GAP;
    const start = { x: a.x + NODE - 3, y: a.y };
    bands.append(band(lay, link, over_(start, { x: b.x + 3, y: b.y }, lift), "back"));
  });
  under(lay, bands);
}

/** A thick loop from a right side back to a left side. */
function loop(from, to, y, r) {
  return `M${from.x},${from.y}L${from.x + 4},${from.y}Q${from.x + 4 + r},${from.y} ${from.x + 4 + r},${from.y - r}L${from.x + 4 + r},${y + r}`
    + `Q${from.x + 4 + r},${y} ${from.x + 4},${y}L${to.x - 4},${y}Q${to.x - 4 - r},${y} ${to.x - 4 - r},${y + r}L${to.x - 4 - r},${to.y - r}Q${to.x - 4 - r},${to.y} ${to.x - 4},${to.y}L${to.x},${to.y}`;
}

/** A line over the nodes from a top to a top. */
function over_(from, to, y) {
  const r = 8;
  const sign = Math.sign(to.x - from.x);
  return `M${from.x},${from.y}L${from.x},${y + r}Q${from.x},${y} ${from.x + sign * r},${y}L${to.x - sign * r},${y}Q${to.x},${y} ${to.x},${y + r}L${to.x},${to.y}`;
}

/** What later stages send to absorption: wash acid (F7), collected vents (F10). */
const ledUnder = () => MAIN.slice(2).map((stage) => linkBetween(stage, "absorption")).filter(Boolean);

/** Where it leaves a stage downward. */
const downAt = (lay, link) => lay.nodes[link.from].x + 4;

/** Where labels under a stage begin: beside what is led away from the next one, if the last one's leave them room. */
function labelStart(lay, stage, x, longest) {
  const at_ = MAIN.indexOf(stage);
  const passing = ledUnder().find((link) => at_ >= 0 && link.from === MAIN[at_ + 1]);
  const start = passing ? Math.max((lay.reached[MAIN[at_ - 1]] || 0) + 5, Math.min(x, downAt(lay, passing) - longest - 2)) : x;
  lay.reached[stage] = start + longest;
  return Math.min(x, start);
}

function under(lay, bands) {
  const { absorption } = lay.nodes;
  ledUnder().forEach((link, at_) => {
    const [x, to, y, r] = [downAt(lay, link), absorption.x + 4 + at_ * 3, lay.low - 14 - at_ * 7, 8];
    bands.append(band(lay, link, `M${x},${lay.base}L${x},${y - r}Q${x},${y} ${x - r},${y}L${to + r},${y}Q${to},${y} ${to},${y + r}L${to},${lay.low}`, "back"));
  });
}
