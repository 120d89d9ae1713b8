// The flow chart of any plant: boxes in the order of the flow, recycles above, losses downward.
// What comes in and what is sold are boxes, too; every box has room for its words in any design.

const chartOf = () => 0; // what is counted where the link does not say
const SPECIAL = []; // this page has nothing beside what every plant's has
const ROOM = { side: 46, right: 74, far: 150, top: 14, words: 36, loss: 40, line: 15, gap: 18, lane: 10, step: 84 }; // px
const LETTER = 7.2; // px, of a name
const SHORTEST = 6; // letters of a name that is cut short
const THIN = 24; // px that the thickest box has at least

const DRAWN = LINKS.filter((link) => !isLoss(link));
const BOXES = [...new Set(DRAWN.flatMap(({ from, to }) => [from, to]))];
const LAYERS = Math.max(...Object.values(DATA.layers)) + 1;
const isBack = (link) => DATA.layers[link.to] <= DATA.layers[link.from];
const isBox = (end) => !end.includes(":");
const RIGHT = BOXES.some((box) => isBox(box) && DATA.layers[box] === LAYERS - 1) ? ROOM.far : ROOM.right; // room for losses and returns

/** The most that passes a box in any design, t/yr. */
function mostThrough(box, counted) {
  const sum = (links) => {
    const whole = new Float64Array(COUNT);
    for (const link of links) FLOWS[link.at * DATA.counted.length + counted].forEach((v, mask) => { whole[mask] += v; });
    return whole.reduce((a, b) => Math.max(a, b), 0);
  };
  return Math.max(sum(into(box)), sum(outOf(box)));
}

/** Where every box stands for a width and a height; the same for all designs. */
const FRAMES = new Map();
function frame(counted, width, room) {
  const key = [counted, width, room].join();
  if (FRAMES.has(key)) return FRAMES.get(key);
  const { most, loss, magnified } = extremes(counted);
  const step = Math.max(ROOM.step, (width - ROOM.side - RIGHT) / Math.max(1, LAYERS - 1));
  const through = Object.fromEntries(BOXES.map((box) => [box, mostThrough(box, counted)]));
  const columns = Array.from({ length: LAYERS }, (_, at_) => BOXES.filter((box) => DATA.layers[box] === at_));
  const raised = Math.max(...BOXES.map((box) => endName(box).length)) * LETTER > step - 6; // or names would touch
  const below = (box) => ROOM.loss + ROOM.line * outOf(box).filter(isLoss).length;
  const under = (box) => (outOf(box).some(isLoss) ? below(box) : 0) + ROOM.gap;
  const back = DRAWN.filter(isBack);
  const lanes = back.length * ROOM.lane;
  const fixed = (column) => column.reduce((sum, box) => sum + ROOM.words + under(box), 0);
  const stacked = (column) => column.reduce((sum, box) => sum + through[box], 0);
  const circling = back.reduce((sum, link) => sum + mostOf(link, counted), 0);
  const above = ROOM.top + lanes + (raised ? ROOM.words : 0);
  const fits = Math.min(...columns.map((column) => (room - above - fixed(column)) / (stacked(column) + circling || 1)));
  const widest = Math.max(...back.map((link) => mostOf(link, counted)), 0);
  const scale = Math.min(BAND / most, (step - 30) / (loss * magnified), (step / 2) / widest, Math.max(THIN / most, fits));
  const y = {};
  let height = 0;
  for (const column of columns) {
    let next = above + circling * scale;
    for (const box of column) {
      y[box] = next + ROOM.words;
      next = y[box] + Math.max(3, through[box] * scale) + under(box);
    }
    height = Math.max(height, next);
  }
  const found = { step, scale, y, height, raised, back, whole: Math.max(width, ROOM.side + RIGHT + step * (LAYERS - 1)) };
  FRAMES.set(key, found);
  return found;
}

function chart(mask, ref, counted, width) {
  const found = frame(counted, width, state.both ? Math.max(LOWEST, roomFor() / 2) : roomFor());
  const size = (link) => flow(mask, link.at, counted) * found.scale;
  const shown = DRAWN.filter((link) => flow(mask, link.at, counted) > faint(counted));
  const nodes = Object.fromEntries(BOXES.map((box) => {
    const through = throughOf(box, mask, counted);
    return [box, { stage: box, x: ROOM.side + found.step * DATA.layers[box], y: found.y[box], tall: Math.max(3, through * found.scale), through, left: 0, right: 0 }];
  }));
  const lay = { ...found, width, mask, counted, size, nodes, magnified: extremes(counted).magnified, tight: false, straight: true };
  const words = s("g", { class: "words" });
  const bands = s("g", { class: "bands" }, drawBack(lay, shown), drawOnward(lay, shown));
  const flares = DATA.stages.map((stage) => nodes[stage] && drawLosses(lay, nodes[stage], ref, words));
  lay.called = called(lay);
  return s("svg", { viewBox: `0 0 ${found.whole} ${found.height}`, width: found.whole, height: found.height, role: "img",
    "aria-label": t("sankey.alt", { what: name("counted", DATA.counted[counted]), set: setName(typeof mask === "number" ? mask : mask.to) }) },
  bands, flares, BOXES.map((box) => drawBox(lay, nodes[box])), words);
}

/** Where the words of a box stand: inputs and goods have them at the edge. */
function wordsAt(lay, node) {
  const ends = !isBox(node.stage);
  const [first, last] = [0, LAYERS - 1].map((at_) => ends && DATA.layers[node.stage] === at_);
  const [anchor, x] = first ? ["start", 2] : last ? ["end", lay.whole - 2] : ["middle", node.x + NODE / 2];
  const topmost = node.y <= Math.min(...Object.values(lay.y)); // below it, what is lost above needs the room
  const y = node.y - 22 - (lay.raised && topmost && DATA.layers[node.stage] % 2 ? ROOM.words : 0);
  return { anchor, x, y };
}

/** What is written over every box: a name as far as its neighbours leave it room, the whole of it in a title. */
function called(lay) {
  const names = BOXES.map((box) => ({ box, text: endName(box), ...wordsAt(lay, lay.nodes[box]) }));
  const from = ({ anchor, x, text }, wide = lengthOf(text) * (LETTER / 6.3)) => (anchor === "start" ? x : anchor === "end" ? x - wide : x - wide / 2);
  const to = (each) => from(each) + lengthOf(each.text) * (LETTER / 6.3);
  const numbers = names.map((each) => ({ ...each, y: each.y + 15, text: digits(lay.nodes[each.box].through), number: true }));
  const shorten = (each) => { each.text = `${each.text.replace(/\u2026$/, "").slice(0, -1)}\u2026`; };
  for (const each of names) {
    const room = () => from(each) < 0 || to(each) > lay.whole || [...names, ...numbers].some((other) => other.box !== each.box && Math.abs(other.y - each.y) < 12
      && from(other) - 6 < to(each) && from(each) < to(other) + 6 && (other.number || lengthOf(other.text) <= lengthOf(each.text)));
    while (each.text.length > SHORTEST && room()) shorten(each);
  }
  return Object.fromEntries(names.map((each) => [each.box, each.text]));
}

function drawBox(lay, node) {
  const idle = node.through <= faint(lay.counted); // nothing that is counted passes it
  const { anchor, x, y } = wordsAt(lay, node);
  const [whole, text] = [endName(node.stage), lay.called[node.stage]];
  return s("g", { class: idle ? "idle" : "" },
    s("rect", { class: "node", x: node.x, y: node.y, width: NODE, height: node.tall, rx: 1.5 }),
    idle ? null : s("text", { class: "through", x, y: y + 15, "text-anchor": anchor }, digits(node.through)), // its wide rim lies under the name
    s("text", { class: isBox(node.stage) ? "stage" : "label good", x, y, "text-anchor": anchor }, text, text === whole ? null : s("title", {}, whole)));
}

/** The next free piece of a box's side, from above. */
function piece(node, side, width) {
  const y = node.y + node[side] + width / 2;
  node[side] += width;
  return { x: node.x + (side === "right" ? NODE : 0), y };
}

/** Recycles: out on the right, over all boxes, in on the left; the longest outermost. */
function drawBack(lay, shown) {
  let lane = ROOM.top;
  const span = (link) => DATA.layers[link.from] - DATA.layers[link.to];
  return shown.filter(isBack).sort((a, b) => span(b) - span(a)).map((link) => {
    const width = lay.size(link);
    const y = lane + width / 2;
    lane += width + ROOM.lane;
    const r = Math.min(width / 2 + 8, lay.step / 2 - NODE);
    return band(lay, link, around(piece(lay.nodes[link.from], "right", width), piece(lay.nodes[link.to], "left", width), y, r), "back");
  });
}

function around(from, to, y, r) {
  return `M${from.x},${from.y}L${from.x + 3},${from.y}Q${from.x + 3 + r},${from.y} ${from.x + 3 + r},${from.y - r}L${from.x + 3 + r},${y + r}`
    + `Q${from.x + 3 + r},${y} ${from.x + 3},${y}L${to.x - 3},${y}Q${to.x - 3 - r},${y} ${to.x - 3 - r},${y + r}L${to.x - 3 - r},${to.y - r}Q${to.x - 3 - r},${to.y} ${to.x - 3},${to.y}L${to.x},${to.y}`;
}

/** Everything that goes onward; pieces of a side are dealt in the order of where bands come from and go to. */
function drawOnward(lay, shown) {
  const onward = shown.filter((link) => !isBack(link));
  const by = (end) => (a, b) => lay.nodes[a[end]].y - lay.nodes[b[end]].y;
  const starts = new Map(onward.slice().sort(by("to")).map((link) => [link, piece(lay.nodes[link.from], "right", lay.size(link))]));
  const ends = new Map(onward.slice().sort(by("from")).map((link) => [link, piece(lay.nodes[link.to], "left", lay.size(link))]));
  return onward.map((link) => band(lay, link, curve(starts.get(link), { ...ends.get(link), y: ends.get(link).y + 1e-3 })));
}
