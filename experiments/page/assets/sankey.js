// The flow chart of the line: recycles above, losses downward, the other design as an outline.

const LONG = "loss:cooling water"; // the longest label
const LOWEST = 400; // px of height that the chart needs beside the switches
const FAR = 58; // px that an input is seen to come from
const MEDIUM_ORDER = ["loss:emission gas", "loss:wastewater", "loss:slop oil", "loss:residue", "loss:cooling water"];

function buildSankey() {
  put(at("sankey"), cardHead("sankey", t("sankey"), null,
    choices("counted", t("sankey.counted"), DATA.counted.map((key, at_) => [String(at_), name("counted", key)]), String(state.counted),
      (value) => { state.counted = Number(value); render(); }),
    h("label", { class: "check" }, h("input", { type: "checkbox", id: "both-designs", onchange: (event) => { state.both = event.target.checked; render(); } }), t("sankey.both"))),
    h("div", { class: "legend" },
      h("span", {}, h("i", { class: "flow" }), t("sankey.flow")),
      h("span", {}, t("sankey.lost")),
      MEDIUM_ORDER.map((medium) => h("span", { "data-medium": medium }, h("i", { class: mediumClass(medium) }), name("ends", medium))),
      h("span", {}, h("i", { class: "ghost" }), legendItem("", () => t("sankey.ghost", { other: setName(state.ref) })).lastChild)),
    h("div", { class: "scroll", id: "sankey-chart", tabindex: "0", role: "group", "aria-label": t("sankey") }),
    h("p", { class: "about", id: "sankey-about" }),
    h("details", { class: "fold" }, h("summary", {}, t("as.table")), h("div", { class: "scroll", id: "sankey-table" })));
}

/** The height that is left on the screen for the chart, px; no less than it needs. */
function roomFor() {
  const wide = innerWidth > 960;
  const above = at("sankey-chart").getBoundingClientRect().top + scrollY;
  return Math.max(wide ? LOWEST : 560, Math.min(620, innerHeight - above - 14));
}

/** The chart of the design that is shown, or of one on the way to it. */
function updateSankey(mask = state.mask) {
  const { ref, counted } = state;
  refreshLegends(at("sankey"));
  at("both-designs").checked = state.both;
  at("sankey").querySelectorAll("input[name=counted]").forEach((input) => { input.checked = Number(input.value) === counted; });
  const width = at("sankey-chart").clientWidth || 1000;
  const { magnified } = extremes(counted);
  put(at("sankey-about"), name("counted_about", DATA.counted[counted]), " ",
    t(`scale.${width < NARROW ? "ladder" : magnified > 1 ? "magnified" : "true"}`, { factor: magnified }));
  at("sankey").classList.toggle("narrow", width < NARROW);
  if (width < NARROW) put(at("sankey-chart"), ladder(mask, ref, counted));
  else put(at("sankey-chart"),
    h("figure", {}, state.both ? h("figcaption", {}, `B \u00b7 ${setName(state.mask)}`) : null, chart(mask, ref, counted, width)),
    state.both ? h("figure", {}, h("figcaption", {}, `A \u00b7 ${setName(ref)}`), chart(ref, ref, counted, width)) : null);
  if (at("sankey-table").closest("details").open) put(at("sankey-table"), flowTable());
  at("sankey-table").closest("details").ontoggle = () => put(at("sankey-table"), flowTable());
}

function chart(mask, ref, counted, width) {
  const lay = layout(mask, counted, width, state.both ? Math.max(LOWEST, roomFor() / 2) : roomFor());
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
    s("text", { class: "stage", x, y, "text-anchor": anchor }, name("stages", node.stage)),
    idle ? null : s("text", { class: "through", x, y: y + 15, "text-anchor": anchor }, digits(node.through)));
}

const linkBetween = (from, to) => LINKS.find((link) => link.from === from && link.to === to && !link.skip);

/** A band from a port to a port, as a stroke. */
function band(lay, link, path, kind = "") {
  const width = Math.max(1.2, lay.size(link));
  const fresh = !(flow(state.ref, link.at, lay.counted) > 0);
  return s("path", { class: `band ${kind}${fresh && lay.mask !== state.ref ? " fresh" : ""}`, d: path, "stroke-width": width },
    s("title", {}, `${endName(link.from)} \u2192 ${endName(link.to)}: ${digits(flow(lay.mask, link.at, lay.counted))} ${unitName("t/yr")}`));
}

const endName = (end) => (end.includes(":") ? name("ends", end) : name("stages", end));

const curve = (a, b) => `M${a.x},${a.y}C${(a.x + b.x) / 2},${a.y} ${(a.x + b.x) / 2},${b.y} ${b.x},${b.y}`;

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
    words.append(label(nodes.storage.x + (nodes.crude.x - nodes.storage.x) * (lay.tight ? 0.37 : 0.5), y + width / 2 + 15, `${t("sankey.recycle")} ${digits(flow(lay.mask, benzene.at, lay.counted))}`, "middle"));
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
function under(lay, bands) {
  const { absorption } = lay.nodes;
  MAIN.slice(2).map((stage) => linkBetween(stage, "absorption")).filter(Boolean).forEach((link, at_) => {
    const [x, to, y, r] = [lay.nodes[link.from].x + 4, absorption.x + 4 + at_ * 3, lay.low - 14 - at_ * 7, 8];
    bands.append(band(lay, link, `M${x},${lay.base}L${x},${y - r}Q${x},${y} ${x - r},${y}L${to + r},${y}Q${to},${y} ${to},${y + r}L${to},${lay.low}`, "back"));
  });
}

/** The losses of a stage: a flare downward, in bands by medium, over the outline of the other design's. */
function drawLosses(lay, node, ref, words) {
  const scale = lay.scale * lay.magnified;
  const sorted = (list) => list.slice().sort((a, b) => MEDIUM_ORDER.indexOf(a.medium) - MEDIUM_ORDER.indexOf(b.medium));
  const losses = sorted(lossesOf(node.stage, lay.mask, lay.counted));
  const was = lossesOf(node.stage, ref, lay.counted).reduce((sum, loss) => sum + loss.amount, 0);
  const all = losses.reduce((sum, loss) => sum + loss.amount, 0);
  if (Math.max(all, was) * scale < 0.02) return null;
  const bottom = node.y + node.tall;
  const x = node.x + NODE;
  const [y0, y1] = [bottom + 3, bottom + 40];
  const group = s("g", { class: "loss", "data-stage": node.stage });
  let offset = 0;
  for (const loss of losses.filter(({ amount }) => amount > 0)) {
    const wide = loss.amount * scale;
    const neck = loss.amount * lay.scale;
    group.append(s("path", { class: `flare ${mediumClass(loss.medium)}`, d: flare(x, y0, y1, offset / lay.magnified, neck, offset, wide) },
      s("title", {}, `${endName(node.stage)} \u2192 ${endName(loss.medium)}: ${digits(loss.amount)} ${unitName("t/yr")}`)));
    offset += wide;
  }
  if (lay.mask !== ref && was * scale > 3 && Math.abs(was - all) * scale > 0.5) {
    group.append(s("path", { class: "ghost", d: flare(x, y0, y1, 0, was * lay.scale, 0, was * scale) }));
  }
  const shown = losses.filter(({ amount }) => amount * scale > 0.02).slice(0, 4);
  const lower = lay.tight && shown.length && shown[0].medium === LONG ? 1 : 0; // or it would touch its neighbour's
  shown.forEach((loss, at_) => {
    const y = y1 + 16 + (at_ + lower) * 15;
    words.append(s("rect", { class: `swatch ${mediumClass(loss.medium)}`, x: x - 1, y: y - 8, width: 8, height: 8 }),
      label(x + 12, y, `${name("ends", loss.medium)} ${digits(loss.amount)}`, "start", "lost"));
  });
  return group;
}

const mediumClass = (medium) => ({ "loss:emission gas": "air", "loss:wastewater": "sewer", "loss:slop oil": "slop", "loss:residue": "residue" })[medium] || "coolant";

function flare(x, y0, y1, from, neck, offset, wide) {
  const middle = (y0 + y1) / 2;
  const [a, b, c, d] = [x - from, x - from - neck, x + offset, x + offset + wide];
  return `M${b},${y0}C${b},${middle} ${c},${middle - 6} ${c},${y1 - 8}L${c},${y1}L${d},${y1}L${d},${y1 - 8}C${d},${middle - 6} ${a},${middle} ${a},${y0}Z`;
}

const label = (x, y, text, anchor, kind = "") => s("text", { class: `label ${kind}`, x, y, "text-anchor": anchor }, text);

function flowTable() {
  const { mask, ref, counted } = state;
  const rows = LINKS.filter((link) => flow(mask, link.at, counted) > 0 || flow(ref, link.at, counted) > 0);
  return h("table", { class: "plain flows" },
    h("caption", {}, `${name("counted", DATA.counted[counted])}, ${unitName("t/yr")}`),
    h("thead", {}, h("tr", {}, [t("table.from"), t("table.to"), `A \u00b7 ${setName(ref)}`, `B \u00b7 ${setName(mask)}`].map((text) => h("th", { scope: "col" }, text)))),
    h("tbody", {}, rows.map((link) => h("tr", {}, h("td", {}, endName(link.from)), h("td", {}, endName(link.to)),
      h("td", {}, digits(flow(ref, link.at, counted))), h("td", {}, digits(flow(mask, link.at, counted)))))));
}
