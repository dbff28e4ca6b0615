// Every criterion recomputed from the sealed list: what engine/criteria.py and docs/method.md define, written anew.

import { folded, isAbsent, isBlank, isYes, parseDay, parseNumber, parseWhole, trimmed } from "./cells.js";
import { Ratio, ZERO, whole } from "./ratio.js";
import { headerAt, rowsOf, settingOf } from "./sealed.js";
import { ofWishes } from "./wishes.js";

const NUMBERS = ["mark", "total", "number", "date"];
const LABELS = ["gender", "flag", "category"];
const MOST_PLACES = 6;
const LARGEST_SQUARES = 1n << 61n;
const LOCKS = 2; // the last two fields of Students are not columns of the roster

/**
 * Return [{column, kind, level, values}, ...] in the order of a record; `values` are [sum, count] per class, of a
 * spread the sum of squares too. `classOf` is the class of every pupil; `tables` are those of a sealed list.
 */
export function criteriaOf(tables, classOf, k) {
  const groups = { classOf, k };
  const found = [counted("", "size", null, classOf.map(() => true), groups)];
  for (const column of columnsOf(tables)) {
    found.push(...(column.levels ? ofLabels(column, groups) : ofNumbers(column, groups)));
  }
  return [...found, ...ofWishes(tables, groups)];
}

/** Return the measured columns in roster order, a computed total last. */
function columnsOf(tables) {
  const [fields, rows] = rowsOf(tables, "Students");
  const headers = fields.slice(0, -LOCKS);
  const made = [];
  const computed = [];
  for (const item of rowsOf(tables, "Columns").records) {
    const at = headerAt(headers, item.column);
    if (![...NUMBERS, ...LABELS].includes(item.use)) continue;
    if (at < 0) {
      if (item.use === "total") computed.push(item);
      continue;
    }
    const cells = rows.map((row) => row[at]);
    const column = LABELS.includes(item.use) ? labelColumn(item, cells) : numberColumn(item, cells, tables);
    if (column) made.push([at, { ...column, name: headers[at] }]);
  }
  const columns = made.sort(([a], [b]) => a - b).map(([, column]) => column);
  for (const item of computed) columns.push(...addedUp(item, columns));
  return columns;
}

function labelColumn(item, cells) {
  if (item.use === "flag") return { levels: [[null, cells.map(isYes)]] };
  const first = new Map();
  for (const cell of cells) {
    if (!isBlank(cell) && !first.has(folded(cell))) first.set(folded(cell), trimmed(cell));
  }
  const keys = [...first.keys()].sort(byCodePoint);
  const levels = keys.map((key) => [first.get(key), cells.map((cell) => !isBlank(cell) && folded(cell) === key)]);
  if (keys.length && cells.some(isBlank)) levels.push(["(blank)", cells.map(isBlank)]);
  return { levels };
}

function byCodePoint(a, b) {
  const [left, right] = [[...a], [...b]];
  for (let i = 0; i < Math.min(left.length, right.length); i++) {
    if (left[i] !== right[i]) return left[i].codePointAt(0) - right[i].codePointAt(0);
  }
  return left.length - right.length;
}

/** Return a column of numbers as integers `values` in units of 1 / `unit`; null where a pupil has none. */
function numberColumn(item, cells, tables) {
  const zero = settingOf(tables, "absent_marks") === "zero" && ["mark", "total"].includes(item.use);
  const numbers = cells.map((cell) => numberIn(cell, item.use) || (zero && isAbsent(cell) ? { digits: 0n, places: 0 } : null));
  const known = numbers.filter(Boolean);
  if (!known.length) return null;
  const scaled = (places) => known.map((number) => atScale(number, places));
  const needed = Math.max(...known.map((number) => number.places));
  let places = Math.min(needed, MOST_PLACES);
  while (places > 0 && tooWide(scaled(needed), needed, places, known.length)) places--;
  const values = numbers.map((number) => number && atScale(number, places));
  return { ...shape(item), values, unit: 10n ** BigInt(places) };
}

function numberIn(cell, use) {
  if (use !== "date") return parseNumber(cell);
  const day = parseDay(cell);
  return day === null ? null : { digits: BigInt(day), places: 0 };
}

function shape(item) {
  return {
    use: item.use,
    bands: bandWidth(item.band_width),
    top: parseWhole(item.top),
    bottom: parseWhole(item.bottom),
    spread: item.spread === "yes" || isYes(item.spread),
  };
}

/** Return digits / 10^places as a whole number of 1 / 10^wanted, halves to the even one. */
function atScale({ digits, places }, wanted) {
  if (places <= wanted) return digits * 10n ** BigInt(wanted - places);
  const scale = 10n ** BigInt(places - wanted);
  const floor = floorOf(digits, scale);
  const twice = 2n * (digits - floor * scale);
  return floor + (twice > scale || (twice === scale && floor % 2n !== 0n) ? 1n : 0n);
}

function floorOf(a, b) {
  return a / b - (a % b !== 0n && a < 0n ? 1n : 0n);
}

/** Return whether the sum of squares could be too large for 64 bits with this many places. */
function tooWide(values, needed, places, n) {
  const span = most(values) - least(values) + 10n ** BigInt(needed);
  const cut = places >= needed ? span * 10n ** BigInt(places - needed) : span / 10n ** BigInt(needed - places);
  return cut * cut * BigInt(n) > LARGEST_SQUARES;
}

function most(values) {
  return values.reduce((a, b) => (a > b ? a : b));
}

function least(values) {
  return values.reduce((a, b) => (a < b ? a : b));
}

function bandWidth(text) {
  if (isBlank(text)) return null;
  const word = folded(text);
  const number = parseNumber(word.replace(/%$/, ""));
  if (!number) return null;
  const width = new Ratio(number.digits, 10n ** BigInt(number.places));
  return word.endsWith("%") ? width.over(whole(100)) : width;
}

/** Return a total that the roster does not have: the sum of all marks, none for a pupil who misses one. */
function addedUp(item, columns) {
  const marks = columns.filter((column) => column.use === "mark");
  if (!marks.length) return [];
  const unit = most(marks.map((column) => column.unit));
  const values = marks[0].values.map((_, i) => (marks.some((column) => column.values[i] === null)
    ? null
    : marks.reduce((sum, column) => sum + column.values[i] * (unit / column.unit), 0n)));
  return values.some((value) => value !== null) ? [{ ...shape(item), name: trimmed(item.column), values, unit }] : [];
}

function counted(column, kind, level, members, { classOf, k }) {
  const sums = new Array(k).fill(0);
  members.forEach((member, i) => { if (member) sums[classOf[i]]++; });
  return { column, kind, level, values: sums.map((sum) => [whole(sum), whole(1)]) };
}

function ofLabels(column, groups) {
  return column.levels.map(([level, members]) => counted(column.name, "count", level, members, groups));
}

function ofNumbers(column, groups) {
  const { name, values, use } = column;
  const known = values.filter((value) => value !== null);
  const youngest = most(known); // of a date, ages are evened: days before the youngest
  const measured = use === "date" ? values.map((value) => (value === null ? null : youngest - value)) : values;
  const sums = summed(measured, column.unit, groups);
  const found = [{ column: name, kind: "mean", level: null, values: sums.map(([sum, count]) => [sum, count]) }];
  const on = (kind, level, test) => counted(name, kind, level, values.map((v) => v !== null && test(v)), groups);
  if (known.length < values.length) found.push(counted(name, "absent", null, values.map((v) => v === null), groups));
  if (column.spread) found.push({ column: name, kind: "spread", level: null, values: sums });
  if (column.bands) found.push(...(column.bands.below(whole(1)) ? shares(column, groups) : widths(column, known, on)));
  const ordered = [...known].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  if (column.top) {
    const mark = ordered[ordered.length - Math.min(column.top, ordered.length)];
    found.push(on("top", String(column.top), (value) => value >= mark));
  }
  if (column.bottom) {
    const mark = ordered[Math.min(column.bottom, ordered.length) - 1];
    found.push(on("bottom", String(column.bottom), (value) => value <= mark));
  }
  return found;
}

function summed(values, unit, { classOf, k }) {
  const sums = Array.from({ length: k }, () => [0n, 0n, 0n]);
  values.forEach((value, i) => {
    if (value === null) return;
    const at = sums[classOf[i]];
    at[0] += value;
    at[1] += 1n;
    at[2] += value * value;
  });
  return sums.map(([sum, count, squares]) => [new Ratio(sum, unit), new Ratio(count), new Ratio(squares, unit * unit)]);
}

/** Bands [b w, (b + 1) w) of a chosen width, empty ones left out. */
function widths(column, known, on) {
  const exact = column.bands.times(new Ratio(column.unit));
  const width = exact.top / exact.bottom || 1n;
  const bands = [...new Set(known.map((value) => floorOf(value, width)))].sort((a, b) => (a < b ? -1 : 1));
  return bands.map((band) => {
    const said = `${decimal(band * width, column.unit)}–${decimal((band + 1n) * width - 1n, column.unit)}`;
    return on("band", said, (value) => floorOf(value, width) === band);
  });
}

/** Bands that each hold the same share of the pupils, ties in roster order. */
function shares(column, groups) {
  const bands = Math.max(1, halfToEven(whole(1).over(column.bands)));
  const order = column.values.flatMap((value, i) => (value === null ? [] : [i]));
  order.sort((i, j) => (column.values[i] < column.values[j] ? -1 : column.values[i] > column.values[j] ? 1 : i - j));
  const found = [];
  for (let b = 0; b < bands; b++) {
    const those = order.filter((_, rank) => Math.ceil(((rank + 1) * bands) / order.length) - 1 === b);
    if (!those.length) continue;
    const held = those.map((i) => column.values[i]);
    const said = `${decimal(least(held), column.unit)}–${decimal(most(held), column.unit)}`;
    const members = column.values.map(() => false);
    those.forEach((i) => { members[i] = true; });
    found.push(counted(column.name, "band", said, members, groups));
  }
  return found;
}

function halfToEven(ratio) {
  const floor = Number(ratio.top / ratio.bottom);
  const rest = ratio.minus(whole(floor)).minus(new Ratio(1n, 2n));
  return floor + (ZERO.below(rest) || (rest.equals(ZERO) && floor % 2 === 1) ? 1 : 0);
}

function decimal(value, unit) {
  return new Ratio(value, unit).rounded(String(unit).length - 1);
}
