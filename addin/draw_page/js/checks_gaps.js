// Step 6: the published gaps, from the published sums, and with the sealed list from the pupils themselves.

import { criteriaOf } from "./criteria.js";
import { classOfPupils, sizesOf } from "./drawn.js";
import { bad, holds, missing, told } from "./finding.js";
import { PLACES, classValues, gapOf, isCounted, isFloored, shownValue, valuesOf } from "./gaps.js";
import { Ratio, ZERO, whole } from "./ratio.js";
import { headerAt, rowsOf } from "./sealed.js";
import { toleranceOf, wishRows, wishTolerance } from "./wishes.js";
import { fewOf, listed, plain, text } from "./words.js";

/** Are the classes as even as published? */
export function gapsStep({ record, sealed }) {
  const { criteria, result, rules } = record;
  const sizes = sizesOf(record);
  const wrong = new Set();
  const note = (list) => list.forEach((at) => wrong.add(at));
  const values = criteria.map(valuesOf);
  const gaps = criteria.map((one, at) => gapOf(one.kind, values[at], sizes));
  const byGap = where(criteria, (one, at) => gaps[at].rounded(PLACES) !== one.gap);
  const bySums = unsound(criteria, values, sizes, record.seal.tables);
  const byTolerance = where(criteria, (one) => !toleranceAgrees(one, record.seal.tables));
  const byFloor = where(criteria, (one) => !floorAgrees(one));
  [byGap, bySums, byTolerance, byFloor].forEach(note);
  const findings = [
    every(byGap, criteria, text(
      `${criteria.length} 项的最大差，由各班的合计和人数重新算出，全部一致。`,
      `The gaps of all ${criteria.length} criteria, computed anew from the sums and counts of the classes, agree.`,
    ), text("最大差与各班数字不符", "gaps that are not those of the classes")),
    every(bySums, criteria, text(
      "各项人数加起来正好是各班人数。", "The counts of every criterion add up to the sizes of the classes.",
    ), text("人数加起来不对", "counts that do not add up")),
    every(byTolerance, criteria, text(
      "允许差就是封存的允许差。", "The tolerances are those that were sealed.",
    ), text("允许差与封存的不同", "tolerances other than those sealed")),
    every(byFloor, criteria, text(
      "“已达最小可能差”的标记与数字相符。", "Where the smallest possible gap is said to be reached, the figures say so too.",
    ), text("“已达最小可能差”与数字不符", "wrongly said to be at the smallest possible gap")),
  ];
  if (sealed) {
    const { unlike, problem } = fromMarks(record, sealed, values);
    note(unlike);
    findings.push(problem ? bad(problem) : every(unlike, criteria, text(
      "用封存名单里每名学生的成绩、性别、类别重新统计各班，每一项都一致。",
      "Counted anew from every pupil's marks, gender and categories in the sealed list, every criterion agrees.",
    ), text("与封存名单重新统计的不同", "other than counted anew from the sealed list")));
  } else {
    findings.push(missing(text(
      "各班的合计本身要有封存名单才能重算。", "The sums of the classes themselves take the sealed list to compute.",
    )));
  }
  const missed = where(criteria, (one) => one.tolerance !== null && one.tolerance !== undefined && exceeds(one));
  if (missed.length) {
    findings.push(told(text(
      `超出允许差的有：${labels(missed, criteria).zh}。`, `Above the tolerance: ${labels(missed, criteria).en}.`,
    )));
  }
  findings.push(holds(!rules.broken, text(
    `记录称 ${rules.kept} 条规则全部遵守。`, `The record says that all ${rules.kept} rules are kept.`,
  ), text(`记录称有 ${rules.broken} 条规则没有遵守。`, `The record says that ${rules.broken} rules are broken.`)));
  return {
    why: text(
      "每一项的“最大差”是最好的班与最差的班之差。这里不相信记录里的差，而是由各班的数字用分数精确重算，不四舍五入。",
      "The gap of a criterion is the largest class value minus the smallest. The page does not trust the gaps in the " +
        "record: it computes them anew from the figures of the classes, in exact fractions.",
    ),
    findings,
    shows: [{
      kind: "table",
      head: [
        text("均衡项", "Criterion"), ...result.classes.map(plain), text("最大差", "Gap"), text("最小可能差", "Smallest possible"),
        text("允许差", "Tolerance"),
      ],
      rows: criteria.map((one, row) => [
        text(one.label.zh, one.label.en),
        ...classValues(one.kind, values[row]).map((value) => plain(shownValue(one.kind, value))),
        plain(one.gap),
        one.at_floor ? text(`${one.floor} ✓ 已达`, `${one.floor} ✓ reached`) : plain(isFloored(one.kind) ? one.floor : "—"),
        plain(one.tolerance || ""),
      ]),
      bad: [...wrong],
      figures: true,
    }],
  };
}

function where(criteria, test) {
  return criteria.flatMap((one, at) => (test(one, at) ? [at] : []));
}

function labels(found, criteria) {
  const words = found.slice(0, 6).map((at) => text(criteria[at].label.zh, criteria[at].label.en));
  return listed(found.length > 6 ? [...words, plain("…")] : words);
}

function every(found, criteria, right, wrong) {
  const named = labels(found, criteria);
  return holds(!found.length, right, text(`${wrong.zh}：${named.zh}。`, `These criteria have ${wrong.en}: ${named.en}.`));
}

function exceeds(one) {
  return Ratio.from(one.tolerance).below(Ratio.from(one.gap));
}

function floorAgrees({ gap, floor, at_floor: reached }) {
  const [most, least] = [Ratio.from(gap), Ratio.from(floor)];
  return reached ? most.equals(least) : !most.below(least);
}

function columnRow(one, tables) {
  const { records } = rowsOf(tables, "Columns");
  const at = headerAt(records.map((row) => row.column), one.column);
  return at < 0 ? null : records[at];
}

function toleranceAgrees(one, tables) {
  if (one.kind === "size") return !one.tolerance;
  const row = columnRow(one, tables);
  if (!row) return false;
  const held = one.kind === "mean" || one.kind === "count"; // other criteria of a column have none
  const sealed = one.kind === "unmet" ? wishTolerance(tables) : held && toleranceOf(row);
  if (!sealed) return one.tolerance === null || one.tolerance === undefined;
  return Boolean(one.tolerance) && sealed.equals(Ratio.from(one.tolerance));
}

/** Return the criteria whose sums cannot be: levels that do not add up to the class, means over other numbers. */
function unsound(criteria, values, sizes, tables) {
  const found = new Set();
  const add = (those) => those.forEach((at) => found.add(at));
  const of = (column, kind) => where(criteria, (one) => one.column === column && one.kind === kind);
  const sums = (those) => sizes.map((_, k) => those.reduce((sum, at) => sum.plus(values[at][k][0]), ZERO));
  const are = (given, wanted) => given.every((value, k) => value.equals(wanted[k]));
  const full = sizes.map(whole);
  criteria.forEach((one, at) => {
    const counting = isCounted(one.kind);
    if (counting && !values[at].every(([sum, count], k) => count.equals(whole(1)) && isCount(sum, sizes[k]))) found.add(at);
    if (!counting && !values[at].every(([, count], k) => isCount(count, sizes[k]))) found.add(at);
  });
  const sizeRows = of("", "size");
  if (sizeRows.length !== 1 || !are(sums(sizeRows), full)) add(sizeRows.length ? sizeRows : [0]);
  for (const column of new Set(criteria.map((one) => one.column))) {
    const row = column && columnRow({ column }, tables);
    const levels = of(column, "count");
    if (row && ["gender", "category"].includes(row.use) && !are(sums(levels), full)) add(levels);
    const [mean] = of(column, "mean");
    if (mean === undefined) continue;
    const present = values[mean].map(([, count]) => count);
    const absent = of(column, "absent");
    if (!are(sums(absent).map((sum, k) => sum.plus(present[k])), full)) add([mean, ...absent]);
    const bands = of(column, "band");
    if (bands.length && !are(sums(bands), present)) add(bands);
    for (const spread of of(column, "spread")) {
      const alike = values[spread].every(([sum, count], k) => sum.equals(values[mean][k][0]) && count.equals(present[k]));
      if (!alike) add([spread]);
    }
  }
  add(wishesUnsound(criteria, values, tables));
  return [...found].sort((a, b) => a - b);
}

/** Return the criteria of wishes unless they are a pair, of the first column sealed as one, that add up in each class. */
function wishesUnsound(criteria, values, tables) {
  const those = where(criteria, (one) => one.kind === "unmet" || one.kind === "met");
  if (!those.length) return [];
  const [first] = wishRows(tables).map((row) => row.column);
  const [none, met] = those;
  const paired = those.length === 2 && criteria[none].kind === "unmet" && criteria[met].kind === "met";
  const named = first !== undefined && those.every((at) => headerAt([criteria[at].column], first) === 0);
  const sound = paired && values[met].every(([sum, wishing], k) => {
    return !sum.below(ZERO) && sum.plus(values[none][k][0]).equals(wishing);
  });
  return named && sound ? [] : those;
}

function isCount(value, most) {
  return value.top % value.bottom === 0n && value.top >= 0n && !whole(most).below(value);
}

/** Return the criteria that differ from those counted anew, or in words why they cannot be compared. */
function fromMarks(record, sealed, values) {
  const pupils = rowsOf(sealed.tables, "Students")[1].length;
  if (record.draw.groups.length !== pupils) {
    const drawn = record.draw.groups.length;
    return { unlike: [], problem: text(`封存了 ${pupils} 人，抽签的有 ${drawn} 人。`, `${pupils} pupils are sealed, ${drawn} were drawn.`) };
  }
  const ours = criteriaOf(sealed.tables, classOfPupils(record), record.result.classes.length);
  const kinds = (list) => list.map((one) => JSON.stringify([one.column, one.kind, one.level || null]));
  const [wanted, given] = [kinds(ours), kinds(record.criteria)];
  if (JSON.stringify(wanted) !== JSON.stringify(given)) {
    const left = [...wanted.filter((one) => !given.includes(one)), ...given.filter((one) => !wanted.includes(one))];
    const few = fewOf(left.map((one) => JSON.parse(one).filter(Boolean).join(" ")), 6);
    return { unlike: [], problem: text(
      `按封存的列设置应有 ${wanted.length} 项，记录里有 ${given.length} 项；不同的是：${few.zh}。`,
      `By the columns sealed there should be ${wanted.length} criteria; the record has ${given.length}. Not in both: ${few.en}.`,
    ) };
  }
  const unlike = where(record.criteria, (_one, at) => {
    return !values[at].every((value, k) => value.every((part, j) => part.equals(ours[at].values[k][j])));
  });
  return { unlike, problem: null };
}
