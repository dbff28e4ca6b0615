// All steps of checking in order, from whatever files are there.

import { classesStep, resultStep, teachersStep } from "./checks_draw.js";
import { gapsStep } from "./checks_gaps.js";
import { listStep, slipStep } from "./checks_people.js";
import { earlierStep, sealStep, seedStep } from "./checks_seal.js";
import { publishedTables } from "./canonical.js";
import { bad, verdictOf } from "./finding.js";
import { text } from "./words.js";

const BEFORE = [sealStep, slipStep];
const ALL = [sealStep, seedStep, classesStep, teachersStep, resultStep, gapsStep, listStep, earlierStep, slipStep];

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
    "封存的名单是否真实（有没有漏掉学生、成绩是否属实）：请与学籍系统的人数对照，并用自己的凭条核对自己的一行。",
    "Whether the sealed list is true (no pupil left out, marks as they were): compare the official count, and check your own row.",
  ),
];

/** Return the steps for {record, list, sealed, slip}; `record` must be there, the others may be null. */
export function stepsOf(files) {
  const sealed = files.sealed && agreesWith(files.record, files.sealed) ? files.sealed : null;
  return (files.record.draw ? ALL : BEFORE).map((check) => {
    const step = check({ ...files, sealed, dropped: files.sealed });
    return { ...step, verdict: verdictOf(step.findings) };
  });
}

function agreesWith(record, sealed) {
  return JSON.stringify(publishedTables(sealed.tables, sealed.secret)) === JSON.stringify(record.seal.tables);
}

/** Return `stepsOf`, or one failed step in words where a file has what nobody thought of. */
export function stepsOrWords(files) {
  try {
    return stepsOf(files);
  } catch (trouble) {
    return [{
      id: "unreadable",
      title: text("记录", "The record"),
      why: text("", ""),
      findings: [bad(text(
        `记录里有读不懂的内容，无法核对（${trouble.message}）。`, `The record has something that cannot be read (${trouble.message}).`,
      ))],
      shows: [],
      verdict: "bad",
    }];
  }
}
