// Wished companions: the columns that name them, and in each class who has one and who has none.

import { parseNumber } from "./cells.js";
import { Ratio, whole } from "./ratio.js";
import { headerAt, pupilsIn, rowsOf } from "./sealed.js";

/** Return the rows of *Columns* used as wishes, in the order of that table. */
export function wishRows(tables) {
  return rowsOf(tables, "Columns").records.filter((row) => row.use === "wish");
}

/** Return the smallest tolerance of the columns of wishes, null if none has one. */
export function wishTolerance(tables) {
  const known = wishRows(tables).map((row) => toleranceOf(row)).filter(Boolean);
  return known.length ? known.reduce((least, one) => (one.below(least) ? one : least)) : null;
}

/** Return the tolerance in a row of *Columns*, 20% as 0.2; null if it is blank. */
export function toleranceOf(row) {
  const percent = /%\s*$/.test(row.tolerance);
  const wanted = parseNumber(row.tolerance.replace(/%\s*$/, ""));
  return wanted && new Ratio(wanted.digits, 10n ** BigInt(wanted.places)).over(whole(percent ? 100 : 1));
}

/** Return the criteria of wishes, as `criteriaOf` does: none if nobody wishes for anyone. */
export function ofWishes(tables, { classOf, k }) {
  const [fields, rows] = rowsOf(tables, "Students");
  const columns = wishRows(tables).map((row) => headerAt(fields, row.column)).filter((at) => at >= 0);
  const pupils = pupilsIn(tables);
  const none = new Array(k).fill(0);
  const met = new Array(k).fill(0);
  rows.forEach((row, i) => {
    const wished = columns.flatMap((at) => pupils.wished(row[at], i));
    if (wished.length) (wished.some((j) => classOf[j] === classOf[i]) ? met : none)[classOf[i]]++;
  });
  if (![...none, ...met].some(Boolean)) return [];
  const made = { column: fields[columns[0]], level: null };
  return [
    { ...made, kind: "unmet", values: none.map((count) => [whole(count), whole(1)]) },
    { ...made, kind: "met", values: met.map((count, c) => [whole(count), whole(count + none[c])]) },
  ];
}
