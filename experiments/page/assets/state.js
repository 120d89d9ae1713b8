// What the user has chosen, and its link: #F1+F7&vs=F5&lang=zh.

const state = {
  mask: 0, // the design that is shown, B
  ref: 0, // the design that it is compared with, A
  draft: 0, // what is switched on while a prediction is waited for
  mode: "explore",
  step: 0, // of the tour
  question: "", // in the words of whoever hands on the link
  figure: VIEW.figure,
  counted: 0,
  both: false,
  strange: [], // parts of the link that name nothing
};

const MODES = [...document.querySelectorAll("input[name=mode]")].map((input) => input.value);
const LONGEST = 300; // letters of a question
const CHINESE = /^zh/.test(navigator.language || ""); // where the link does not say: what the browser speaks
const ATTRIBUTED = [...DATA.indicators.map(({ key }) => key).filter((key) => !VIEW.part.includes(key)), ...(NET ? ["net"] : [])];
const BITS = new Map(DATA.schemes.map(({ id }, bit) => [id.toUpperCase(), bit]));

/** The number of a design that is written F1+F7, F1-F4+F7, none or all; null where it names nothing. */
function parseSet(text) {
  const words = text.trim().toUpperCase();
  if (words === "ALL") return COUNT - 1;
  if (words === "NONE" || words === "") return 0;
  let mask = 0;
  for (const piece of words.split(/[+,\s]+/)) {
    const [, stem, from, again, to] = /^(.*?)(\d+)[-\u2013](.*?)(\d+)$/.exec(piece) || [];
    if (stem !== undefined && again && again !== stem) return null;
    const named = stem === undefined ? [piece] : numbersFrom(Number(from), Number(to)).map((number) => stem + number);
    if (!named.length || !named.every((id) => BITS.has(id))) return null;
    for (const id of named) mask |= 1 << BITS.get(id);
  }
  return mask;
}

/** Whole numbers from one to another, no more than there are schemes. */
const numbersFrom = (from, to) => (to < from || to - from >= DATA.schemes.length ? [] : Array.from({ length: to - from + 1 }, (_, step_) => from + step_));

/** A part of the link, decoded if it can be. */
function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Take over what the link says; what names nothing is kept for the reader to be told. */
function readLink() {
  const rest = location.hash.replace(/^#/, "").split("&").map(decoded);
  const set = rest[0].includes("=") ? "none" : rest.shift(); // #lang=zh alone
  const strange = [];
  const known = (text, value, otherwise) => {
    if (value !== null) return value;
    strange.push(text);
    return otherwise;
  };
  const given = new Map(rest.filter(Boolean).map((part) => [part.split("=")[0], part.split("=").slice(1).join("=")]));
  const take = (key, read, otherwise) => {
    if (!given.has(key)) return otherwise;
    const text = given.get(key) || "";
    given.delete(key);
    return known(`${key}=${text}`, read(text), otherwise);
  };
  const oneOf = (list) => (text) => (list.includes(text) ? text : null);
  state.mask = known(set, parseSet(set), 0);
  state.ref = take("vs", parseSet, 0);
  state.mode = take("mode", oneOf(MODES), "explore");
  state.figure = take("figure", oneOf(ATTRIBUTED), VIEW.figure);
  const chart_ = take("chart", oneOf(DATA.counted), null);
  state.both = take("both", oneOf(["1"]), null) === "1";
  state.step = take("step", stepIn, 0);
  state.counted = chart_ === null ? chartOf(state.mode, state.step) : DATA.counted.indexOf(chart_);
  state.draft = take("ask", parseSet, state.mask);
  state.question = (given.get("q") || "").slice(0, LONGEST);
  given.delete("q");
  view.lang = take("lang", oneOf(["en", "zh"]), view.lang);
  state.strange = [...strange, ...given.keys()];
  written = step();
}

/** The number of a step of the tour that is written from 1, or null. */
const stepIn = (text) => (/^[1-8]$/.test(text) ? Number(text) - 1 : null);

function linkOf() {
  const parts = [ids(state.mask).join("+") || "none"];
  if (state.ref) parts.push(`vs=${ids(state.ref).join("+")}`);
  if (state.mode !== "explore") parts.push(`mode=${state.mode}`);
  if (state.mode === "tour" && state.step) parts.push(`step=${state.step + 1}`);
  if (state.mode === "predict" && state.draft !== state.mask) parts.push(`ask=${ids(state.draft).join("+") || "none"}`);
  if (state.mode === "predict" && state.question) parts.push(`q=${encodeURIComponent(state.question)}`);
  if (state.figure !== VIEW.figure) parts.push(`figure=${state.figure}`);
  if (state.counted || chartOf(state.mode, state.step)) parts.push(`chart=${DATA.counted[state.counted]}`);
  if (state.both) parts.push("both=1");
  if (view.lang !== "en" || CHINESE) parts.push(`lang=${view.lang}`);
  return `#${parts.join("&")}`;
}

/** What the back button goes back over: another design, another to compare with, another mode. */
const step = () => [state.mask, state.ref, state.mode, state.step].join();
let written = "";

function writeLink() {
  if (location.hash !== linkOf()) {
    try {
      history[step() === written ? "replaceState" : "pushState"](null, "", linkOf());
    } catch {
      // some browsers allow only so many a minute: the page goes on, the link stays behind
    }
  }
  written = step();
}
