// What the page of the line has beside what every plant's has.

/** What the chart counts where the link does not say: what a step of the tour is about. */
const chartOf = (mode, step_) => (mode === "tour" ? STEPS[step_].counted : 0);

const SPECIAL = [
  ["tour", buildTour, updateTour],
  ["first", null, updateFirst],
  ["tasks", buildTasks, updateTasks],
];
