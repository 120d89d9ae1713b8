// What the user has chosen, and its link: #F1+F7&vs=F5&lang=zh.

const state = {
  mask: 0, // the design that is shown, B
  ref: 0, // the design that it is compared with, A
  draft: 0, // what is switched on while a prediction is waited for
  mode: "explore",
  figure: "air.benzene_t",
  counted: 0,
  both: false,
};

const MODES = ["explore", "predict", "tasks"];
const ATTRIBUTED = [...DATA.indicators.map(({ key }) => key).filter((key) => key !== "raw_water_power_mwh"), "net"];

/** The number of a design that is written F1+F7, F1-F4+F7, none or all. */
function parseSet(text) {
  const words = text.trim().toUpperCase();
  if (words === "ALL") return COUNT - 1;
  if (words === "NONE" || words === "") return 0;
  let mask = 0;
  for (const piece of words.split(/[+,\s]+/)) {
    const match = /^F(\d+)(?:[-\u2013]F?(\d+))?$/.exec(piece);
    if (!match) return null;
    const [from, to] = [Number(match[1]), Number(match[2] || match[1])];
    if (!(from >= 1 && to >= from && to <= DATA.schemes.length)) return null;
    for (let number = from; number <= to; number += 1) mask |= 1 << (number - 1);
  }
  return mask;
}

function readLink() {
  const [set, ...rest] = decodeURIComponent(location.hash.replace(/^#/, "")).split("&");
  const given = Object.fromEntries(rest.map((part) => part.split("=", 2)));
  const mask = parseSet(set);
  state.mask = state.draft = mask === null ? 0 : mask;
  state.ref = parseSet(given.vs || "") || 0;
  state.mode = MODES.includes(given.mode) ? given.mode : "explore";
  state.figure = ATTRIBUTED.includes(given.figure) ? given.figure : "air.benzene_t";
  state.counted = Math.max(0, DATA.counted.indexOf(given.chart));
  view.lang = given.lang === "zh" || given.lang === "en" ? given.lang : view.lang;
  return mask !== null;
}

function linkOf() {
  const parts = [ids(state.mask).join("+") || "none"];
  if (state.ref) parts.push(`vs=${ids(state.ref).join("+")}`);
  if (state.mode !== "explore") parts.push(`mode=${state.mode}`);
  if (state.figure !== "air.benzene_t") parts.push(`figure=${state.figure}`);
  if (state.counted) parts.push(`chart=${DATA.counted[state.counted]}`);
  if (view.lang !== "en") parts.push(`lang=${view.lang}`);
  return `#${parts.join("&")}`;
}

function writeLink() {
  if (location.hash !== linkOf()) history.replaceState(null, "", linkOf());
}
