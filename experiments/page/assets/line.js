// What the page of the line has beside what every plant's has.

const SPECIAL = [
  ["tour", buildTour, updateTour],
  ["first", null, updateFirst],
  ["tasks", buildTasks, updateTasks],
];
