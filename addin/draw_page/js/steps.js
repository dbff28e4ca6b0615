// All steps of checking in order, from whatever files are there.

import { classesStep, resultStep, teachersStep } from "./checks_draw.js";
import { gapsStep } from "./checks_gaps.js";
import { listStep, slipStep } from "./checks_people.js";
import { earlierStep, sealStep, seedStep } from "./checks_seal.js";
import { publishedTables } from "./canonical.js";
import { bad, verdictOf } from "./finding.js";
import { text } from "./words.js";

const SEAL_STEP = [sealStep, "seal", text("封存名单", "The sealed list")];
const SLIP_STEP = [slipStep, "slip", text("自己的学生条", "Your own slip")];
const BEFORE = [SEAL_STEP, SLIP_STEP];
const ALL = [
  SEAL_STEP,
  [seedStep, "seed", text("种子", "The seed")],
  [classesStep, "classes", text("班级抽签", "The draw of the classes")],
  [teachersStep, "teachers", text("教师抽签", "The draw of the teachers")],
  [resultStep, "result", text("结果码", "The result code")],
  [gapsStep, "gaps", text("均衡程度", "How even the classes are")],
  [listStep, "list", text("公示名单", "The published list")],
  [earlierStep, "earlier", text("是不是只抽了一次", "Was it drawn only once?")],
  SLIP_STEP,
];

export const NOT_CHECKED = [
  text(
    "分组本身的计算（在种子之下找到最均衡的分法）：这一步要运行同一版本的程序，命令是 evenclass verify。",
    "The search itself (which even groups the seed leads to): that takes the program of the stated version, evenclass verify.",
  ),
  text(
    "“最小可能差”的证明，以及每条规则是否遵守：evenclass verify 会重算。",
    "The proof of the smallest possible gaps, and whether each rule is kept: evenclass verify computes both.",
  ),
  text(
    "记录里写的时间、标题和版本号；先前抽签的内容。",
    "Times, title and version as written in the record; what earlier draws contained.",
  ),
  text(
    "封存的名单是否真实（有没有漏掉学生、成绩是否属实）：请与学籍系统的人数对照，并用自己的学生条核对自己的一行。",
    "Whether the sealed list is true (no pupil left out, marks as they were): compare the official count, and check your own row.",
  ),
];

/** Return the steps for {record, list, sealed, slip}; `record` must be there, the others may be null. */
export function stepsOf(files) {
  const dropped = files.sealed && { ...files.sealed, published: publishedTables(files.sealed.tables, files.sealed.secret) };
  const agrees = dropped && JSON.stringify(dropped.published) === JSON.stringify(files.record.seal.tables);
  const all = { ...files, dropped, sealed: agrees ? dropped : null };
  return (files.record.draw ? ALL : BEFORE).map(([check, id, title]) => {
    const step = { id, title, ...checked(check, all) };
    return { ...step, verdict: verdictOf(step.findings) };
  });
}

/** Return what a check finds; words instead of an end to everything where a file has what nobody thought of. */
function checked(check, files) {
  try {
    return check(files);
  } catch (trouble) {
    const words = text(
      `文件里有读不懂的内容，这一步无法核对（${trouble.message}）。`,
      `A file has something that cannot be read, so this step cannot be checked (${trouble.message}).`,
    );
    return { why: text("", ""), findings: [bad(words)], shows: [] };
  }
}
