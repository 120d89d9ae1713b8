// Predict first, then see; and tasks to solve by switching.

const guess = { share: 0, revealed: null };

function buildPredict() {
  const pick = h("select", { id: "predict-pick", onchange: (event) => { state.figure = event.target.value; guess.revealed = null; render(); } },
    VIEW.predicted.map((key) => h("option", { value: key }, figureName(key))));
  const slider = h("input", { type: "range", id: "predict-slider", min: -100, max: 100, step: 1, value: 0,
    oninput: (event) => { guess.share = Number(event.target.value) / 100; guess.revealed = null; updatePredict(); } });
  put(at("predict"), h("h2", {}, t("predict.title")), h("p", { id: "predict-question", class: "question" }), h("p", { id: "predict-ask" }),
    h("div", { class: "ask" }, h("label", {}, h("span", {}, t("predict.figure")), pick),
      h("label", { class: "wide" }, h("span", {}, t("predict.guess")), slider), h("output", { for: "predict-slider", id: "predict-said" }),
      h("button", { type: "button", class: "strong", id: "reveal", onclick: reveal }, t("predict.reveal"))),
    h("div", { class: "row" },
      h("button", { type: "button", class: "quiet", id: "draw", onclick: drawSet }, t("predict.draw")),
      h("button", { type: "button", class: "quiet", id: "copy-question", onclick: copyQuestion }, t("question.copy")),
      h("label", { class: "own" }, h("span", {}, t("question.own")),
      h("input", { type: "text", id: "question", maxlength: LONGEST, oninput: (event) => { state.question = event.target.value; put(at("predict-question"), state.question); writeLink(); } }))),
    h("div", { id: "predict-result", "aria-live": "polite" }));
}

/** The link holds the question, and the answer only for whoever reveals it. */
const copyQuestion = () => copyLink(at("copy-question"), "question.copy");

/** A set to guess at: two to four schemes, any of the programme, as far as there are so many. */
function drawSet() {
  let mask = 0;
  const drawn = DATA.schemes.map((_, bit) => bit).filter((bit) => bit !== APART);
  const wanted = Math.min(drawn.length, 2 + Math.floor(Math.random() * 3));
  while (ones(mask) < wanted) mask |= 1 << drawn[Math.floor(Math.random() * drawn.length)];
  state.mask = 0;
  choose(mask);
}

function reveal() {
  const column = COLUMN.get(predicted());
  const before = column[state.mask];
  const changed = bits(state.mask ^ state.draft);
  const added = changed.reduce((sum, bit) => sum + column[state.mask ^ (1 << bit)] - before, 0);
  guess.revealed = { key: predicted(), said: guess.share, is: changeOf(predicted(), state.draft, state.mask), added: added / Math.abs(before), many: changed.length,
    from: state.mask, to: state.draft };
  state.ref = state.mask;
  state.mask = state.draft;
  render();
}

const predicted = () => (VIEW.predicted.includes(state.figure) ? state.figure : VIEW.predicted[0]);

function updatePredict() {
  at("predict").hidden = state.mode !== "predict";
  document.body.classList.toggle("predicting", state.mode === "predict");
  if (state.mode !== "predict") return;
  at("predict-pick").value = predicted();
  put(at("predict-question"), state.question);
  if (at("question").value !== state.question) at("question").value = state.question;
  at("predict-slider").value = Math.round(guess.share * 100);
  at("predict-slider").setAttribute("aria-valuetext", percent(guess.share));
  put(at("predict-said"), percent(guess.share));
  const waiting = state.draft !== state.mask;
  at("reveal").disabled = at("copy-question").disabled = !waiting;
  put(at("predict-ask"), waiting ? t("predict.ask", { from: setName(state.mask), to: setName(state.draft), what: figureName(predicted()) }) : t("predict.start"));
  put(at("predict-result"), guess.revealed && !waiting ? verdict(guess.revealed) : null);
}

function verdict(found) {
  if (!Number.isFinite(found.is)) {
    const after = `${digits(COLUMN.get(found.key)[found.to])} ${unitName(figureUnit(found.key))}`;
    return h("p", { "data-verdict": "new" }, t("predict.new", { after }));
  }
  const rows = [["said", found.said], ["added", found.added], ["is", found.is]];
  const most = Math.max(0.05, ...rows.map(([, share]) => Math.abs(share)));
  const off = Math.abs(found.said - found.is) * 100;
  return [
    h("div", { class: "verdict" }, rows.filter(([kind]) => kind !== "added" || found.many > 1).map(([kind, share]) => h("div", { class: "bar-row signed", "data-verdict": kind },
      h("span", { class: "label" }, t(`predict.${kind}`)),
      h("span", { class: "track-bar both", "aria-hidden": "true" }, h("i", { class: kind === "is" ? "is" : "was", style: `width:${(50 * Math.abs(share)) / most}%;${share < 0 ? "right" : "left"}:50%` })),
      h("span", { class: "amount" }, num(percent(share), `predict.${kind}`, share))))),
    h("p", {}, t(off < 5 ? "predict.close" : "predict.off", { points: Math.round(off) }), " ",
      found.many > 1 && Math.abs(found.added - found.is) > 0.005 ? t("predict.sum", { by: percent(found.added) }) : ""),
  ];
}

const FIRST_CHART = "chlorine"; // where the first task's loss is drawn

/** The first minute: a task that one free switch solves. */
function updateFirst() {
  const { first } = DATA;
  const solved = first.conditions.every((condition) => meets(condition, state.mask));
  at("first").hidden = state.mode !== "explore" || !first.solutions || state.ref !== 0 || ones(state.mask) > 1;
  const unseen = state.counted !== DATA.counted.indexOf(FIRST_CHART);
  put(at("first"), h("b", {}, t("first")), " ", solved ? t("first.solved") : t("first.ask", goalWords(first)), " ",
    unseen ? [h("button", { type: "button", class: "link", onclick: () => { state.counted = DATA.counted.indexOf(FIRST_CHART); render(); } }, t("first.chart")), " "] : null,
    h("button", { type: "button", class: "link", onclick: () => { tourTo(0); showPanel(); } }, t("first.tour")), " ",
    h("button", { type: "button", class: "link", onclick: showBudget }, t("first.budget")));
}

function buildTasks() {
  put(at("tasks"), h("h2", {}, t("tasks.title")), h("p", {}, t("tasks.about")),
    h("ol", { class: "goals" }, DATA.goals.map((goal) => h("li", { "data-goal": goal.name },
      h("p", { class: "wish" }, t(`goal.${goal.name}`, goalWords(goal))), h("p", { class: "state" })))));
}

const goalWords = (goal) => Object.fromEntries(goal.conditions.flatMap(({ figure: key, kind, amount }) => [
  [`${kind}`, key === "schemes" ? String(amount) : kind === "cut" || kind === "hold" ? percent(kind === "hold" ? amount - 1 : amount).replace("+", "") : rmb(amount)],
  [`${key}`.replace(/\W/g, "_"), figureName(key)],
]));

function updateTasks() {
  at("tasks").hidden = state.mode !== "tasks";
  if (state.mode !== "tasks") return;
  for (const item of at("tasks").querySelectorAll("[data-goal]")) {
    const goal = DATA.goals.find(({ name: key }) => key === item.dataset.goal);
    const each = goal.conditions.map((condition) => ({ condition, met: meets(condition, state.mask) }));
    const solved = each.every(({ met }) => met);
    item.classList.toggle("solved", solved);
    put(item.querySelector(".state"), each.map(({ condition, met }) => h("span", { class: met ? "met" : "open" }, `${met ? "\u2713" : "\u2717"} ${conditionWords(condition)}`)),
      solved ? h("strong", {}, t("goal.solved", { count: goal.solutions.toLocaleString("en-US"), all: COUNT.toLocaleString("en-US") })) : null);
  }
}

function conditionWords({ figure: key }) {
  const value = key === "investment" ? investment(state.mask) : key === "schemes" ? ones(state.mask) : figure(key, state.mask);
  if (value === null) return `${figureName(key)}: ${t("money.unknown")}`;
  if (COLUMN.has(key)) return `${figureName(key)} ${percent(value / COLUMN.get(key)[0] - 1)}`;
  return key === "schemes" ? setName(state.mask) : `${figureName(key)} ${rmb(value)}`;
}
