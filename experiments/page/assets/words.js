// Words and numbers as a reader sees them, in the language of the page.

const view = { lang: "en" };
const NOTICED = 0.005; // of a figure; less is told as hardly any change
const GONE = 1e-3; // of a figure; what is left then is told as nothing
const MINUS = "\u2212";

/** A text of the page by its key; {name} is replaced by what is given. */
function t(key, given = {}) {
  const text = DATA.texts[key];
  if (text === undefined) throw new Error(`no text ${key}`);
  return tied(text[view.lang].replace(/\{(\w+)\}/g, (_, name) => given[name]));
}

/** A text in which no number is parted from its unit at the end of a line. */
const tied = (text) => spaced(text).replace(/(?<=\d) (?=[%×万])|(?<=million) (?=RMB)/g, "\u00a0");

/** A text for a narrow place, where RMB may stand below its million. */
const untied = (text) => text.replace(/(?<=million)\u00a0/g, " ");

/** A text in which Chinese and Latin stand apart, as in 与 F1 相比. */
const spaced = (text) => text.replace(/(?<=[A-Za-z0-9])(?=[\u4e00-\u9fff])|(?<=[\u4e00-\u9fff])(?=[A-Za-z0-9])/g, " ");

/** What a thing is called. */
const name = (kind, key) => (DATA.names[kind][key] || { [view.lang]: key })[view.lang];

const unitName = (unit) => name("units", unit);

function figureName(key) {
  return DATA.names.indicators[key] ? name("indicators", key) : name("money", key);
}

/** The unit of a figure as a key of names.units. */
function figureUnit(key) {
  const indicator = DATA.indicators.find((each) => each.key === key);
  if (indicator) return indicator.unit;
  return { payback: "yr", investment: "money", present_value: "money" }[key] || "money/yr";
}

/** What tables count money in: thousand RMB in English, ten thousand in Chinese; whole where a plant is small. */
const moneyUnit = () => (DATA.terms.whole ? 1 : view.lang === "zh" ? 1e4 : 1e3);

/** A figure in the unit that tables show. */
const inUnit = (key, value) =>
  value === null || COLUMN.has(key) || key === "payback" ? value : value / moneyUnit();

/** An amount of money as one says it, in parts: 2.27 of "million RMB", 227 of 万元. */
function moneyParts(value) {
  if (DATA.terms.whole) return { text: digits(value), unit: t("rmb"), scale: 1 };
  if (view.lang === "zh") return { text: digits(value / 1e4), unit: t("rmb.wan"), scale: 1e4 };
  if (Math.abs(value) >= 999500) return { text: digits(value / 1e6), unit: t("rmb.million"), scale: 1e6 };
  if (Math.abs(value) < 1) return { text: digits(value), unit: t("rmb"), scale: 1 };
  const sign = value < 0 ? MINUS : "";
  return { text: sign + Number(Math.abs(value).toPrecision(3)).toLocaleString("en-US", { maximumFractionDigits: 0 }), unit: t("rmb"), scale: 1 };
}

/** An amount of money as one says it: 2.27 million RMB, 227 万元. */
function rmb(value) {
  const { text, unit } = moneyParts(value);
  return `${text}\u00a0${unit}`;
}

/** A number with the digits that a reader can use: three, or four above a thousand. */
function digits(value) {
  if (value === null || value === undefined || Number.isNaN(value)) return "\u2013";
  if (!Number.isFinite(value)) return "\u221e";
  const size = Math.abs(value);
  if (size < 5e-10) return "0";
  const decimals = size >= 99.95 ? 0 : size >= 9.995 ? 1 : size >= 0.9995 ? 2 : size >= 0.09995 ? 3 : null;
  const text = decimals === null
    ? Number(size.toPrecision(2)).toLocaleString("en-US", { maximumSignificantDigits: 2 })
    : Number(size < 1e3 ? size : size.toPrecision(4)).toLocaleString("en-US", { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
  return (value < 0 ? MINUS : "") + text;
}

/** Years as one says them: to a tenth; a few days are not none. */
const years = (value) => (!Number.isFinite(value) ? digits(value) : value > 0 && value < 0.05 ? "< 0.1" : value.toFixed(1));

/** A change of years, to a tenth; none where a design has nothing to pay back. */
const yearsMore = (before, after) => (before > 0 && after > 0 && Number.isFinite(after - before) ? `${after < before ? MINUS : "+"}${years(Math.abs(after - before))}` : "\u2013");

/** A round number as it is written: 85, 0.92. */
const plain = (value) => Number(value.toPrecision(4)).toLocaleString("en-US", { maximumSignificantDigits: 4 });

/** A change, with its sign. */
const signed = (value) => (value > 0 ? "+" : "") + digits(value);

/** A share as a percentage of change. */
function percent(share) {
  if (!Number.isFinite(share)) return "\u2013";
  const of = share * 100;
  const size = Math.abs(of);
  if (size < 0.05) return "\u00b10\u00a0%";
  const text = size.toLocaleString("en-US", { maximumFractionDigits: size < 9.95 ? 1 : 0 });
  return `${of < 0 ? MINUS : "+"}${text}\u00a0%`;
}

/** A value that is a word, as a reader says it; a number as it is. */
const valueWords = (value) => (DATA.names.values[value] ? name("values", value) : value);

/** A note of a data file with the signs of print. */
const noteWords = (text) => text.replaceAll("+-", "\u00b1").replace(/(?<=\s)-(?=\d)/g, MINUS);

const sentenceStart = (text) => text[0].toUpperCase() + text.slice(1);

const sentenceMiddle = (text) => text[0].toLowerCase() + text.slice(1);

/** A text as a sentence: a capital, a full stop. */
const sentence = (text) => sentenceStart(text) + (/[.。]$/.test(text) ? "" : view.lang === "zh" ? "。" : ".");

/** Whether a scheme's id is that of the one before it, counted on: F4 after F3. */
function follows(bit) {
  const [[, stem, number], [, other, last]] = [bit, bit - 1].map((each) => /^(.*?)(\d*)$/.exec(DATA.schemes[each].id));
  return stem === other && number !== "" && Number(number) === Number(last) + 1;
}

/** A set of schemes as a reader writes it: F1-F4, F7. */
function setName(mask) {
  const numbers = bits(mask);
  if (!numbers.length) return t("none");
  const runs = [];
  for (const bit of numbers) {
    const last = runs[runs.length - 1];
    if (last && last[1] === bit - 1 && follows(bit)) last[1] = bit;
    else runs.push([bit, bit]);
  }
  return runs
    .flatMap(([from, to]) => (to - from < 2 ? numbers.filter((b) => b >= from && b <= to).map((b) => DATA.schemes[b].id)
      : [`${DATA.schemes[from].id}\u2013${DATA.schemes[to].id}`]))
    .join(" + ");
}

/** A change of a figure relative to a base in words: cut it by 12 %, raise it, leave it as it is. */
function changeWords(what, share) {
  if (Number.isNaN(share) || Math.abs(share) < 5e-4) return t("story.same", { what });
  if (share === Infinity) return t("story.new", { what });
  if (Math.abs(share) < NOTICED) return t("story.hardly", { what });
  if (share < GONE - 1) return t("story.gone", { what });
  return t(share < 0 ? "story.cut" : "story.raise", { what, by: percent(Math.abs(share)).replace("+", "") });
}
