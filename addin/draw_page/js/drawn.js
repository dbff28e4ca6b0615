// What a record says was drawn, looked up: the class of pupils and of teachers.

/** Return the class, as a position, of every pupil in roster order. */
export function classOfPupils({ draw }) {
  return draw.groups.map((g) => draw.labels[g]);
}

/** Return how many pupils each class has. */
export function sizesOf(record) {
  const sizes = new Array(record.result.classes.length).fill(0);
  for (const k of classOfPupils(record)) sizes[k]++;
  return sizes;
}

/** Return how many pupils each group has. */
export function groupSizes({ draw }) {
  const sizes = new Array(draw.labels.length).fill(0);
  for (const g of draw.groups) sizes[g]++;
  return sizes;
}

/** Return the class, as a position, of every teacher in table order; none without any. */
export function classOfTeachers({ teachers }) {
  return teachers ? teachers.teams.map((team) => teachers.labels[team]) : [];
}

/** Return how a group is called: A, B, … Z, AA, … */
export function groupName(g) {
  const letter = String.fromCharCode(65 + (g % 26));
  return g < 26 ? letter : groupName(Math.floor(g / 26) - 1) + letter;
}
