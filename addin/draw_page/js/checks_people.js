// Steps 7 and 9: the published list and a pupil's slip.

import { commitOf } from "./canonical.js";
import { classOfPupils } from "./drawn.js";
import { bad, holds, missing, ok, same } from "./finding.js";
import { rowsOf } from "./sealed.js";
import { fewOf, plain, text } from "./words.js";

/** Does the list that was posted say what was drawn? */
export function listStep({ record, list }) {
  const step = {
    why: text(
      "公示名单里的序号就是封存名单的行号。每一行都要出现，只出现一次，班级与抽到的一样：公示之后没有人被换班。",
      "The numbers in the published list are the rows of the sealed one. Each must be there once, with the class that was " +
        "drawn: nobody was moved between draw and publication.",
    ),
    findings: [],
    shows: [],
  };
  if (!list) {
    step.findings = [missing(text("放入公示名单（CSV）后核对。", "Drop the published list (CSV) to check it."))];
    return step;
  }
  const { result } = record;
  const classOf = classOfPupils(record);
  const seen = new Map();
  const strange = [];
  const moved = [];
  const twice = [];
  for (const { line, row, label } of list) {
    if (row === null || row < 1 || row > classOf.length) strange.push(line);
    else if (seen.has(row)) twice.push(row);
    else {
      seen.set(row, label);
      if (label !== result.classes[classOf[row - 1]].trim()) moved.push([row, label]);
    }
  }
  const absent = classOf.flatMap((_, i) => (seen.has(i + 1) ? [] : [i + 1]));
  const movedSaid = (found) => found.map(([row, label]) => `${row} (${label || "–"} ≠ ${result.classes[classOf[row - 1]]})`);
  step.findings = [
    holds(!absent.length, text(`${classOf.length} 名学生一个不少。`, `All ${classOf.length} pupils are there.`), text(
      `缺少这些序号：${fewOf(absent).zh}。`, `Missing numbers: ${fewOf(absent).en}.`,
    )),
    holds(!twice.length && !strange.length, text("没有重复或多出的人。", "Nobody is there twice, and nobody who was not drawn."), text(
      [twice.length ? `重复的序号：${fewOf(twice).zh}。` : "", strange.length ? `序号不对的在第 ${fewOf(strange).zh} 行。` : ""].join(""),
      [twice.length ? `Numbers there twice: ${fewOf(twice).en}. ` : "", strange.length ? `Numbers that were not drawn, in lines ${fewOf(strange).en}.` : ""].join(""),
    )),
    holds(!moved.length, text("每个人的班级都是抽到的班级。", "Everybody's class is the one that was drawn."), text(
      `${moved.length} 人的班级与抽到的不同（序号）：${fewOf(movedSaid(moved), 6).zh}。`,
      `${moved.length} pupils have another class than was drawn (numbers): ${fewOf(movedSaid(moved), 6).en}.`,
    )),
  ];
  return step;
}

/** Is my child's row in the sealed list, unchanged? */
export function slipStep({ record, slip }) {
  const step = {
    why: text(
      "学生条上是您孩子在封存名单里的那一行。重新算出它的“指纹”，在封存名单里找到它，就证明这一行从封存到抽签没有被改过。",
      "The slip has your child's row of the sealed list. Its fingerprint, computed anew and found in the sealed list, " +
        "proves that the row was not changed between sealing and draw.",
    ),
    findings: [],
    shows: [],
  };
  if (!slip) {
    step.findings = [missing(text("放入学生条（JSON）后核对；学生条只给本人。", "Drop a pupil's slip (JSON); only the family has it."))];
    return step;
  }
  if (slip.length > 1) {
    const wrong = slip.filter((one) => slipFindings(record, one).some(({ verdict }) => verdict === "bad")).map((one) => one.row);
    step.findings = [holds(!wrong.length, text(`${slip.length} 张学生条全部符合。`, `All ${slip.length} slips agree.`), text(
      `${slip.length} 张学生条里有 ${wrong.length} 张不符（行号）：${fewOf(wrong).zh}。`,
      `${wrong.length} of ${slip.length} slips do not agree (rows): ${fewOf(wrong).en}.`,
    ))];
    return step;
  }
  step.findings = slipFindings(record, slip[0]);
  step.shows = [{
    kind: "table",
    head: [text("列", "Column"), text("封存的内容", "As sealed")],
    rows: slip[0].fields.map((field, k) => [plain(field), plain(slip[0].cells[k])]),
  }];
  return step;
}

function slipFindings(record, slip) {
  const [fields, commits] = rowsOf(record.seal.tables, "Students");
  const commit = commitOf("Students", slip.row, slip.salt, slip.cells);
  const at = slip.row - 1;
  const findings = [
    holds(JSON.stringify(fields) === JSON.stringify(slip.fields), text("列与封存名单相同。", "Its columns are those of the sealed list."), text(
      "学生条的列与封存名单不同。", "Its columns are not those of the sealed list.",
    )),
    at < 0 || at >= commits.length
      ? bad(text(`封存名单没有第 ${slip.row} 行。`, `The sealed list has no row ${slip.row}.`))
      : holds(commit === commits[at], text(
        `您的这一行（第 ${slip.row} 行）在封存名单里，一个字都没有改。`, `Your row (number ${slip.row}) is in the sealed list, unchanged.`,
      ), text(
        `第 ${slip.row} 行与封存时不同：学生条或名单被改过。`, `Row ${slip.row} is not what was sealed: the slip or the list was changed.`,
      )),
  ];
  if (record.draw && at >= 0 && at < record.draw.groups.length) {
    const label = record.result.classes[classOfPupils(record)[at]];
    findings.push(same(label, slip.class, text(`抽到的班级是 ${label}，与学生条一致。`, `The class drawn is ${label}, as the slip says.`)));
  } else if (!record.draw) findings.push(ok(text("还没有抽签。", "Nothing has been drawn yet.")));
  return findings;
}
