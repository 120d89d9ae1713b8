// A change moves: figures and flows glide from what was shown to what is shown now.

const MOVE = 300; // ms
const moving = { frame: 0, at: null };

/** Whether things stand still: the reader asks for it, or nobody looks. */
const still = () => matchMedia("(prefers-reduced-motion: reduce)").matches || document.hidden;

/** Draw from 0 to 1 in 300 ms, or 1 at once; what still moves is stopped. */
function glide(draw) {
  cancelAnimationFrame(moving.frame);
  if (still()) {
    draw(1);
    return;
  }
  const start = performance.now();
  draw(0);
  const step = (now) => {
    const part = Math.min(1, Math.max(0, now - start) / MOVE);
    draw(part < 1 ? 1 - (1 - part) ** 3 : 1);
    if (part < 1) moving.frame = requestAnimationFrame(step);
  };
  moving.frame = requestAnimationFrame(step);
}

/** A design between two: what `flow` takes in place of a number while a change moves. */
const between = (from, to, part) => (part >= 1 || from === to ? to : { from, to, part });

const mixed = (before, after, part) => (before === null || after === null ? after : before + (after - before) * part);

/** Move chart and tiles from the design that was shown last to the one that is shown now. */
function move() {
  const to = state.mask;
  const from = moving.at === null ? to : moving.at;
  moving.at = to;
  if (from === to) cancelAnimationFrame(moving.frame);
  const draw = (part) => {
    updateTiles(from, part); // first: the chart takes the height that they leave
    updateSankey(between(from, to, part));
  };
  if (from === to) draw(1);
  else glide(draw);
}
