// The flow chart for a narrow screen: stage after stage, what passes and what is lost.

const NARROW = 600; // px; below it the flow chart's labels would not fit

function ladder(mask, ref, counted) {
  const { most } = extremes(counted);
  const worst = Math.max(...[mask, ref].flatMap((each) => DATA.stages.map((stage) => total(lossesOf(stage, each, counted)))), 1e-9);
  const told = (kind, text) => h("span", {}, h("i", { class: kind }), text);
  const lost = sumBy(DATA.stages.flatMap((stage) => lossesOf(stage, mask, counted)));
  const main = Object.keys(lost).sort((a, b) => lost[b] - lost[a])[0]; // its colour stands for all
  const legend = h("div", { class: "legend" }, told("flow", t("sankey.flow")),
    mask === ref ? null : told("was", t("sankey.ghost", { other: setName(ref) })), main ? told(mediumClass(main), t("sankey.ghost", { other: setName(state.mask) })) : null);
  const stages = h("ol", { class: "ladder" }, DATA.stages.map((stage) => {
    const through = (link) => flow(mask, link.at, counted);
    const passed = throughOf(stage, mask, counted);
    const losses = lossesOf(stage, mask, counted).filter(({ amount }) => amount > 1e-6 * most);
    const goods = outOf(stage).filter((link) => link.to.startsWith("out:") && through(link) > 0);
    const was = total(lossesOf(stage, ref, counted));
    return h("li", {},
      h("div", { class: "bar-row" }, h("span", { class: "label" }, h("b", {}, name("stages", stage))), h("span", { class: "amount" }, digits(passed)), h("span", {}),
        h("span", { class: "track-bar", "aria-hidden": "true" }, h("i", { class: "through", style: `width:${(100 * passed) / most}%` }))),
      goods.map((link) => h("p", { class: "good" }, `\u2192 ${name("ends", link.to)} ${digits(through(link))}`)),
      losses.length || was > 0 ? h("div", { class: "lost" },
        h("span", { class: "track-bar", "aria-hidden": "true" },
          h("i", { class: "was", style: `width:${(100 * was) / worst}%` }), segments(losses, worst)),
        h("p", {}, losses.map(({ medium, amount }) => h("span", {}, h("i", { class: `dab ${mediumClass(medium)}` }), `${name("ends", medium)} ${digits(amount)}`)))) : null);
  }));
  return [legend, stages];
}

/** Losses of a stage one behind the other, in the colours of where they go. */
function segments(losses, worst) {
  let left = 0;
  return losses.map(({ medium, amount }) => {
    const width = (100 * amount) / worst;
    const piece = h("i", { class: `is ${mediumClass(medium)}`, style: `left:${left}%;width:${width}%` });
    left += width;
    return piece;
  });
}

/** How much is lost to each medium. */
function sumBy(losses) {
  const sums = {};
  losses.forEach(({ medium, amount }) => { sums[medium] = (sums[medium] || 0) + amount; });
  return sums;
}

const total = (list) => list.reduce((sum, { amount }) => sum + amount, 0);
