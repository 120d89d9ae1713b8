// Putting it together: build once a language, update at every choice.

const ROUNDING = 1e-9; // of what enters: a balance that closes so well leaves nothing but the computer's rounding

function choose(mask) {
  state.strange = [];
  if (state.mode === "predict") {
    state.draft = mask;
    guess.revealed = null;
    guess.share = 0;
  } else state.mask = mask;
  render();
}

/** Parts of the page in the order in which they are brought in line: element, what builds it, what updates it. */
const PARTS = [
  ["switchboard", buildSwitches, updateSwitches],
  ["notice", null, updateNotice],
  ...SPECIAL,
  ["story", null, updateStory],
  ["balance", buildBalance, updateBalance],
  ["predict", buildPredict, updatePredict],
  ["tiles", buildTiles, null],
  ["sankey", buildSankey, move],
  ["output", buildOutput, updateOutput],
  ["years", buildYears, updateYears],
  ["limits", buildLimits, updateLimits],
  ["money", buildMoney, updateMoney],
  ["shares", buildShares, updateShares],
  ["sides", buildSides, updateSides],
  ["dock", null, updateDock],
  ["emissions", buildEmissions, () => updateBars(at("emissions"))],
];

function build() {
  document.documentElement.lang = view.lang === "zh" ? "zh-CN" : "en";
  document.title = t("title");
  document.querySelectorAll("[data-t]").forEach((element) => put(element, t(element.dataset.t)));
  document.querySelectorAll("[data-t-label]").forEach((element) => element.setAttribute("aria-label", t(element.dataset.tLabel)));
  put(at("language"), t("language"));
  at("language").lang = view.lang === "zh" ? "en" : "zh-CN";
  for (const [id, build] of PARTS) if (at(id) && build) build();
  put(at("footer"),
    h("p", {}, t("footer.basis", { hours: digits(DATA.hours) }), " ", DATA.closure < ROUNDING ? t("footer.closed") : t("footer.closes", { closure: percent(DATA.closure).replace("+", "") })),
    h("p", {}, t("footer.source"), " ", t("footer.version", { version: DATA.version, design: DATA.design })));
}

/** Bring everything in line with the state. */
function render() {
  if (state.mode !== "predict") state.draft = state.mask;
  document.querySelectorAll("input[name=mode]").forEach((input) => { input.checked = input.value === state.mode; });
  for (const [id, , update] of PARTS) if (at(id) && update) update();
  document.querySelectorAll("[data-preset]").forEach((chip) => chip.setAttribute("aria-pressed", String(parseSet(chip.dataset.preset) === current())));
  document.querySelectorAll("[data-ref]").forEach((chip) => chip.setAttribute("aria-pressed", String(parseSet(chip.dataset.ref) === state.ref)));
  writeLink();
}

/** On a phone the switches come first: go down to what the mode asks or tells. */
function showPanel() {
  const panel = document.querySelector(".screen > .panel:not([hidden])");
  if (panel && panel.getBoundingClientRect().top > innerHeight / 2) panel.scrollIntoView();
}

function start() {
  if (CHINESE) view.lang = "zh";
  readLink();
  build();
  render();
  showPanel();
  document.querySelectorAll("input[name=mode]").forEach((input) => input.addEventListener("change", () => {
    if (input.value === "tour") {
      tourTo(state.step);
    } else {
      state.mode = input.value;
      state.draft = state.mask;
      guess.revealed = null;
      render();
    }
    showPanel();
  }));
  at("language").addEventListener("click", () => {
    view.lang = view.lang === "zh" ? "en" : "zh";
    build();
    render();
  });
  at("print").addEventListener("click", () => window.print());
  window.addEventListener("beforeprint", updateHandout);
  for (const [medium, colour] of Object.entries(DATA.colours)) document.documentElement.style.setProperty(`--${mediumClass(medium)}`, colour);
  at("copy-link").addEventListener("click", () => copyLink());
  at("open-link").hidden = /^https?:$/.test(location.protocol); // such a link opens by itself
  at("open-link").addEventListener("click", openLink);
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-basis]");
    if (button) showBasis(button.dataset.basis);
  });
  window.addEventListener("hashchange", () => {
    const before = view.lang;
    guess.revealed = null;
    readLink();
    if (view.lang !== before) build();
    render();
    showPanel();
  });
  let waiting = null;
  window.addEventListener("resize", () => {
    cancelAnimationFrame(waiting);
    waiting = requestAnimationFrame(() => { sharesWidth = 0; updateSankey(); updateShares(); });
  });
}

/** Show here what a link shows that was copied from this page on another device, where the file lies elsewhere. */
function openLink() {
  const pasted = window.prompt(t("link.paste"));
  if (pasted && pasted.trim()) location.hash = pasted.slice(pasted.indexOf("#") + 1).trim().split(/\s/)[0].replace(/&lang=\w+/, "");
}

async function copyLink(button = at("copy-link"), words = "link.copy") {
  try {
    await navigator.clipboard.writeText(location.href);
    put(button, t("link.copied"));
  } catch {
    window.prompt(t("link.here"), location.href);
  }
  setTimeout(() => put(button, t(words)), 2000);
}

start();
