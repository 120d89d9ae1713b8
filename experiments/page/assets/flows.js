// Flows and losses: what any flow chart needs, whatever its stages; `chart` draws it.

const NODE = 13;
const BAND = 104; // the thickest node of any design, px, at most
const FLARE = 110; // the widest loss of any stage in any design, px, at most, where no factor is given
const TIGHT = 850; // px; below it labels at both ends get less room
const FEW = 4; // what is counted, told by buttons; more by a list
const FACTORS = [1, 2, 5, 10, 20, 50]; // by which losses may be drawn wider
const LONG = "loss:cooling water"; // the longest label
const LOWEST = 400; // px of height that the chart needs beside the switches
const MEDIUM_ORDER = ["loss:emission gas", "loss:wastewater", "loss:slop oil", "loss:residue", "loss:cooling water"];

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
  const wanted = (FLARE * most) / (loss * BAND);
  const magnified = DATA.magnified[DATA.counted[counted]] || FACTORS.filter((factor) => factor <= wanted).pop() || 1;
  const found = { throughput, most, loss, magnified };
  EXTREMES.set(counted, found);
  return found;
}

/** Flows below this are left out of the chart, t/yr: other things that a stream carries along. */
function faint(counted) {
  const { throughput } = extremes(counted);
  return VIEW.faint[DATA.counted[counted]] * Math.max(...Object.values(throughput));
}

/** What passes a stage in a design, t/yr. */
function throughOf(stage, mask, counted) {
  const sum = (links) => links.reduce((total_, link) => total_ + flow(mask, link.at, counted), 0);
  return Math.max(sum(into(stage)), sum(outOf(stage)));
}

/** Losses of a stage in a design by medium, t/yr. */
function lossesOf(stage, mask, counted) {
  return outOf(stage).filter(isLoss)
    .map((link) => ({ medium: link.to, link, amount: flow(mask, link.at, counted) }))
    .sort((a, b) => MEDIUM_ORDER.indexOf(a.medium) - MEDIUM_ORDER.indexOf(b.medium));
}

/** What flows between two ends in the design with most of it, t/yr. */
const mostOf = (link, counted) => FLOWS[link.at * DATA.counted.length + counted].reduce((a, b) => Math.max(a, b), 0);

function buildSankey() {
  put(at("sankey"), cardHead("sankey", t("sankey"), null,
    pickCounted(DATA.counted.map((key, at_) => [String(at_), name("counted", key)]), (value) => { state.counted = Number(value); render(); }),
    h("label", { class: "check" }, h("input", { type: "checkbox", id: "both-designs", onchange: (event) => { state.both = event.target.checked; render(); } }), h("span", { id: "both-words" }))),
    h("div", { class: "legend" },
      h("span", {}, h("i", { class: "flow" }), t("sankey.flow")),
      h("span", {}, t("sankey.lost")),
      MEDIUM_ORDER.filter((medium) => LINKS.some((link) => link.to === medium)).map((medium) => h("span", { "data-medium": medium }, h("i", { class: mediumClass(medium) }), name("ends", medium))),
      h("span", {}, h("i", { class: "ghost" }), legendItem("", () => t("sankey.ghost", { other: setName(state.ref) })).lastChild)),
    h("div", { class: "scroll", id: "sankey-chart", tabindex: "0", role: "group", "aria-label": t("sankey") }),
    h("p", { class: "about", id: "sankey-about" }),
    h("details", { class: "fold" }, h("summary", {}, t("as.table")), h("div", { class: "scroll", id: "sankey-table" })));
}

/** What is counted: buttons while they are few. */
const pickCounted = (options, pick) => (options.length <= FEW ? choices("counted", t("sankey.counted"), options, String(state.counted), pick)
  : h("label", { class: "pick" }, h("span", { class: "unseen" }, t("sankey.counted")),
    h("select", { id: "counted-pick", onchange: (event) => pick(event.target.value) }, options.map(([value, label_]) => h("option", { value }, label_)))));

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
  const both = state.both && state.mask !== ref;
  at("both-designs").checked = state.both;
  at("both-designs").parentElement.hidden = state.mask === ref;
  put(at("both-words"), t("sankey.both", { other: setName(ref) }));
  at("sankey").querySelectorAll("input[name=counted]").forEach((input) => { input.checked = Number(input.value) === counted; });
  if (at("counted-pick")) at("counted-pick").value = String(counted);
  const width = at("sankey-chart").clientWidth || 1000;
  const { magnified } = extremes(counted);
  put(at("sankey-about"), name("counted_about", DATA.counted[counted]), " ",
    t(`scale.${width < NARROW ? "ladder" : magnified > 1 ? "magnified" : "true"}`, { factor: magnified }));
  at("sankey").classList.toggle("narrow", width < NARROW);
  if (width < NARROW) put(at("sankey-chart"), ladder(mask, ref, counted));
  else put(at("sankey-chart"),
    h("figure", {}, both ? h("figcaption", {}, `B \u00b7 ${setName(state.mask)}`) : null, chart(mask, ref, counted, width)),
    both ? h("figure", {}, h("figcaption", {}, `A \u00b7 ${setName(ref)}`), chart(ref, ref, counted, width)) : null);
  if (at("sankey-table").closest("details").open) put(at("sankey-table"), flowTable());
  at("sankey-table").closest("details").ontoggle = () => put(at("sankey-table"), flowTable());
}

/** A band from a port to a port, as a stroke. */
function band(lay, link, path, kind = "") {
  const width = Math.max(1.2, lay.size(link));
  const fresh = !(flow(state.ref, link.at, lay.counted) > 0);
  return s("path", { class: `band ${kind}${fresh && lay.mask !== state.ref ? " fresh" : ""}`, d: path, "stroke-width": width },
    s("title", {}, `${endName(link.from)} \u2192 ${endName(link.to)}: ${digits(flow(lay.mask, link.at, lay.counted))} ${unitName("t/yr")}`));
}

const endName = (end) => (end.includes(":") ? name("ends", end) : name("stages", end));

const curve = (a, b) => `M${a.x},${a.y}C${(a.x + b.x) / 2},${a.y} ${(a.x + b.x) / 2},${b.y} ${b.x},${b.y}`;

/** The next free piece of a node's side, from below (from above where the node hangs). */
function port(node, side, width) {
  const used = node[side];
  node[side] += width;
  const hangs = node.stage === "absorption";
  const y = hangs ? node.y + used + width / 2 : node.y + node.tall - used - width / 2;
  return { x: node.x + (side === "right" ? NODE : 0), y };
}

/** The losses of a stage: a flare downward, in bands by medium, over the outline of the other design's. */
function drawLosses(lay, node, ref, words) {
  const scale = lay.scale * lay.magnified;
  const losses = lossesOf(node.stage, lay.mask, lay.counted);
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
    group.append(s("path", { class: `flare ${mediumClass(loss.medium)}`, d: lay.straight ? spout(x - all * lay.scale, y0, y1, offset / lay.magnified, neck, offset, wide) : flare(x, y0, y1, offset / lay.magnified, neck, offset, wide) },
      s("title", {}, `${endName(node.stage)} \u2192 ${endName(loss.medium)}: ${digits(loss.amount)} ${unitName("t/yr")}`)));
    offset += wide;
  }
  if (lay.mask !== ref && was * scale > 3 && Math.abs(was - all) * scale > 0.5) {
    group.append(s("path", { class: "ghost", d: lay.straight ? spout(x - was * lay.scale, y0, y1, 0, was * lay.scale, 0, was * scale) : flare(x, y0, y1, 0, was * lay.scale, 0, was * scale) }));
  }
  const shown = losses.filter(({ amount }) => amount * scale > 0.02).slice(0, 4);
  const told = shown.map((loss) => `${name("ends", loss.medium)} ${digits(loss.amount)}`);
  const longest = Math.max(0, ...told.map(lengthOf)) + 12;
  const start = lay.between ? lay.between(node.stage, x, longest) : x;
  const lower = lay.tight && shown.length && shown[0].medium === LONG ? 1 : 0; // or it would touch its neighbour's
  shown.forEach((loss, at_) => {
    const y = y1 + 16 + (at_ + lower) * 15;
    words.append(s("rect", { class: `swatch ${mediumClass(loss.medium)}`, x: start - 1, y: y - 8, width: 8, height: 8 }),
      label(start + 12, y, told[at_], "start", "lost"));
  });
  return group;
}

/** About how long a label is, px: a Chinese sign takes as much as two letters. */
const lengthOf = (text) => [...text].reduce((sum, sign) => sum + (sign > "\u2e7f" ? 12.5 : 6.3), 0);

const mediumClass = (medium) => ({ "loss:emission gas": "air", "loss:wastewater": "sewer", "loss:slop oil": "slop", "loss:residue": "residue", "loss:returned vapour": "returned" })[medium] || "coolant";

function flare(x, y0, y1, from, neck, offset, wide) {
  const middle = (y0 + y1) / 2;
  const [a, b, c, d] = [x - from, x - from - neck, x + offset, x + offset + wide];
  return `M${b},${y0}C${b},${middle} ${c},${middle - 6} ${c},${y1 - 8}L${c},${y1}L${d},${y1}L${d},${y1 - 8}C${d},${middle - 6} ${a},${middle} ${a},${y0}Z`;
}

/** A loss that may be as thick as what is kept: straight down, bands in one order. */
function spout(x, y0, y1, from, neck, offset, wide) {
  const middle = (y0 + y1) / 2;
  const [a, b, c, d] = [x + from, x + from + neck, x + offset, x + offset + wide];
  return `M${a},${y0}C${a},${middle} ${c},${middle} ${c},${y1}L${d},${y1}C${d},${middle} ${b},${middle} ${b},${y0}Z`;
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
