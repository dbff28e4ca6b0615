// Looking into tables as they are sealed or published: [[table, fields, rows], ...].

import { classNamed, folded, isBlank, isNo, isYes, matching, parseWhole, trimmed } from "./cells.js";
import { Pupils } from "./pupils.js";

/** Return [fields, rows] of a table, and its rows as `records` by field; nothing if there is no such table. */
export function rowsOf(tables, name) {
  const [, fields, rows] = tables.find(([known]) => known === name) || [name, [], []];
  const found = [fields, rows];
  found.records = rows.map((row) => Object.fromEntries(fields.map((field, at) => [field, row[at] || ""])));
  return found;
}

/** Return the position of the heading that *Columns* means by a name, -1 if there is none. */
export function headerAt(headers, name) {
  const wanted = trimmed(name);
  for (const same of [(h) => h === wanted, (h) => trimmed(h) === wanted, (h) => matching(h) === matching(name)]) {
    const at = headers.findIndex(same);
    if (at >= 0) return at;
  }
  return -1;
}

/** Return the sealed value of a setting, "" if there is none. */
export function settingOf(tables, key) {
  const row = rowsOf(tables, "Settings").records.find((record) => record.setting === key);
  return row ? row.value : "";
}

/** Return [{label, size, largest, locked}, ...] of the classes; size and largest null where left open. */
export function classesOf(tables) {
  return rowsOf(tables, "Classes").records
    .filter((row) => ["class", "size", "largest"].some((field) => !isBlank(row[field] || "")))
    .map((row) => ({
      label: trimmed(row.class || ""),
      size: parseWhole(row.size || ""),
      largest: parseWhole(row.largest || ""),
      locked: isYes(row.locked || ""),
    }));
}

/**
 * Return the sets of classes that can be traded, in table order: same size, size wanted and largest size, not locked
 * and not in `named`. `sizes` are the sizes of the placement.
 */
export function tradingSets(classes, sizes, named) {
  const alike = new Map();
  classes.forEach((one, k) => {
    if (one.locked || named.has(k)) return;
    const sign = JSON.stringify([sizes[k], one.size, one.largest]);
    alike.set(sign, [...(alike.get(sign) || []), k]);
  });
  return [...alike.values()].filter((set) => set.length > 1);
}

/** Return the classes that a rule, a preset column, a locked pupil or a bar names: with the sealed list alone. */
export function namedClasses(tables) {
  const labels = classesOf(tables).map((one) => one.label);
  const named = new Set();
  const name = (cell) => {
    const k = classNamed(cell, labels);
    if (k !== null) named.add(k);
  };
  for (const rule of rowsOf(tables, "Rules").records) {
    if (["fixed", "barred"].includes(rule.rule)) name(rule.class);
  }
  const [fields, rows] = rowsOf(tables, "Students");
  const presets = rowsOf(tables, "Columns").records
    .filter((row) => row.use === "preset")
    .map((row) => headerAt(fields, row.column));
  for (const row of rows) {
    fields.forEach((_, at) => {
      const last = at === fields.length - 1;
      const said = folded(row[at]);
      const nothing = isNo(row[at]) && said !== "f" && said !== "n";
      if (last ? said !== "" : presets.includes(at) && !nothing) name(row[at]);
    });
  }
  return named;
}

/** Return what finds the pupils of a sealed list by id or name. */
export function pupilsIn(tables) {
  const [fields, rows] = rowsOf(tables, "Students");
  const cellsUsedAs = (use) => {
    const column = rowsOf(tables, "Columns").records.find((row) => row.use === use);
    const at = column ? headerAt(fields, column.column) : -1;
    return at < 0 ? null : rows.map((row) => row[at]);
  };
  const ids = cellsUsedAs("id") || rows.map((_, at) => String(at + 1));
  return new Pupils(ids, cellsUsedAs("name") || rows.map(() => ""));
}

/** Return [[teacher, row of pupil], ...] as the sealed teachers bar pupils; null if a pupil cannot be told. */
export function barsOf(tables) {
  const pupils = pupilsIn(tables);
  const bars = [];
  const teachers = rowsOf(tables, "Teachers").records;
  for (const [at, teacher] of teachers.entries()) {
    const those = pupils.listed(teacher.barred || "");
    if (those === null) return null;
    for (const i of those) {
      if (!bars.some(([t, row]) => t === at && row === i + 1)) bars.push([at, i + 1]);
    }
  }
  return bars;
}
