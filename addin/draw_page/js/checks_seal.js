// Steps 1 and 2: the sealed list and the seed.

import { keyOf, normalPart, sealOf, seedOf, shortCode } from "./canonical.js";
import { bad, holds, missing, ok, same, told } from "./finding.js";
import { rowsOf, settingOf } from "./sealed.js";
import { fewOf, plain, text } from "./words.js";

/** Was this list, and no other, locked before the draw? */
export function sealStep({ record, dropped }) {
  const { seal } = record;
  const code = sealOf(seal.tables);
  const findings = [
    same(code, seal.code, text(
      "由记录里的各张表重新算出的封存码，与记录一致。",
      "The sealed code computed anew from the tables in the record is the one recorded.",
    )),
    same(shortCode(code), seal.short, text(
      `封存码的短码是 ${seal.short}：请与封存时宣布、张贴的短码逐字对照。`,
      `Its short form is ${seal.short}: compare it, sign by sign, with the one announced when the list was sealed.`,
    )),
    ...counts(record),
  ];
  if (dropped) findings.push(...listFindings(record, dropped));
  else findings.push(missing(text(
    "名单内容（成绩、姓名）不公开。督学放入封存名单后，可以逐格核对。",
    "What the list says (marks, names) is private. An inspector drops the sealed list to check it cell by cell.",
  )));
  return {
    why: text(
      "封存码是整份名单、列设置、班级、规则的“指纹”。名单里多一个人、少一个人、改一分，封存码都会完全不同。" +
        "所以只要短码与抽签前宣布的一样，就没有人“先拿出来、抽完再放回去”。",
      "The sealed code is a fingerprint of the whole list with its columns, classes and rules. One pupil more or fewer, " +
        "one mark changed, and it is a different code. As long as it is the one announced before the draw, nobody was " +
        "taken out before it and put back after.",
    ),
    findings,
    shows: [{ kind: "code", label: text("封存码", "Sealed code"), value: seal.short, full: seal.code }],
  };
}

function counts({ seal, draw }) {
  const rows = rowsOf(seal.tables, "Students")[1].length;
  const all = rows === seal.pupils && (!draw || draw.groups.length === rows);
  const found = [holds(all, text(`封存了 ${rows} 名学生，人人都参加了抽签。`, `${rows} pupils are sealed and every one of them was drawn.`), text(
    `封存的有 ${rows} 行，记录写 ${seal.pupils} 人，参加抽签 ${draw ? draw.groups.length : 0} 人。`,
    `${rows} rows are sealed, the record says ${seal.pupils} pupils, ${draw ? draw.groups.length : 0} were drawn.`,
  ))];
  if (!draw && all) found[0] = ok(text(`封存了 ${rows} 名学生。`, `${rows} pupils are sealed.`));
  if (seal.official === null || seal.official === undefined) {
    found.push(told(text(
      "封存时没有填写官方人数（学籍系统的人数），请自行核对。",
      "No official count (that of the register) was given at sealing; please ask for it.",
    )));
  } else {
    found.push(holds(rows === seal.official, text(`与官方人数 ${seal.official} 相同。`, `That is the official count, ${seal.official}.`), text(
      `官方人数是 ${seal.official}，封存了 ${rows} 人。`, `The official count is ${seal.official}, but ${rows} are sealed.`,
    )));
  }
  return found;
}

/** Return whether the sealed list is the one sealed: every commit, every cell of the open tables. */
function listFindings({ seal }, { published: made }) {
  const differs = [];
  let rows = 0;
  seal.tables.forEach(([name, fields, published], at) => {
    const ours = made[at];
    if (!ours || ours[0] !== name || JSON.stringify(ours[1]) !== JSON.stringify(fields)) {
      differs.push(text(`表 ${name} 的列不同`, `table ${name} has other columns`));
      return;
    }
    for (let row = 0; row < Math.max(published.length, ours[2].length); row++) {
      rows++;
      if (JSON.stringify(published[row]) === JSON.stringify(ours[2][row])) continue;
      differs.push(text(`表 ${name} 第 ${row + 1} 行`, `table ${name}, row ${row + 1}`));
    }
  });
  if (made.length > seal.tables.length) differs.push(text("封存名单多了一张表", "the sealed list has a table too many"));
  if (!differs.length) {
    return [ok(text(
      `封存名单就是被封存的那一份：${rows} 行逐格重算，全部一致。`,
      `The sealed list is the one that was sealed: ${rows} rows computed anew, cell by cell, and all agree.`,
    ))];
  }
  return [bad(text(
    `放入的封存名单与记录不是同一份，有 ${differs.length} 处不同：${fewOf(differs.map((d) => d.zh)).zh}。`,
    `The sealed list dropped is not the one of the record; ${differs.length} differences: ${fewOf(differs.map((d) => d.en)).en}.`,
  ))];
}

/** Could anyone have known the seed before the list was locked and everybody had spoken? */
export function seedStep({ record }) {
  const { seal, draw } = record;
  const parts = draw.parts.map((part) => part.map(normalPart));
  const normal = JSON.stringify(parts) === JSON.stringify(draw.parts);
  const key = keyOf(seal.code, draw.number, parts);
  const effort = settingOf(seal.tables, "effort");
  const findings = [
    holds(parts.some(([, words]) => words), text(
      `${parts.length} 方各说了一段话，列在下面。请在场的人确认自己说的一字不差。`,
      `What ${parts.length} parties said stands below. Whoever was there, please see that your words are unchanged.`,
    ), text("没有任何人说过什么，种子可能事先就知道。", "Nobody said anything: the seed could have been known before.")),
    holds(normal, text("每段话都按规定的写法记录。", "Every part is written in its normal form."), text(
      "有的话没有按规定的写法（空格、字形）记录。", "A part is not written in its normal form (spaces, composed letters).",
    )),
    same(key, draw.key, text(
      "由封存码、第几次抽签和这些话重新算出的密钥，与记录一致。",
      "The key computed anew from sealed code, number of the draw and these words is the one recorded.",
    )),
    same(seedOf(key), draw.seed, text("由密钥得出的种子一致。", "The seed taken from the key is the one recorded.")),
    same(effort, draw.effort, text(
      `计算强度“${effort}”是封存时定好的。`, `The effort, “${effort}”, is the one that was sealed.`,
    )),
  ];
  return {
    why: text(
      "种子由封存码和在场各方当场说的话混合而成。改动任何一个字，种子就完全不同；只要有一方的话是事先没人知道的，" +
        "就没有人能事先知道结果，也没有人能挑选结果。",
      "The seed is mixed from the sealed code and what each party said there and then. Change one letter and it is " +
        "another seed; if a single party said something nobody knew before, nobody could know or choose the result.",
    ),
    findings,
    shows: [
      { kind: "table", head: [text("谁", "Who"), text("说了什么", "What they said")], rows: draw.parts },
      { kind: "facts", facts: [[text("密钥", "Key"), key], [text("种子", "Seed"), String(seedOf(key))]] },
    ],
  };
}

/** Has there been a draw before this one? */
export function earlierStep({ record }) {
  const { seal, draw, earlier } = record;
  const here = earlier.filter((one) => (one.seal || seal.code) === seal.code).map((one) => one.number);
  const wanted = Array.from({ length: draw.number - 1 }, (_, at) => at + 1);
  const findings = [];
  if (draw.number < 1 || JSON.stringify(here) !== JSON.stringify(wanted)) {
    findings.push(bad(text(
      `这是第 ${draw.number} 次抽签，但记录里先前的抽签是：${here.join("、") || "无"}。`,
      `This is draw number ${draw.number}, but the earlier draws recorded are: ${here.join(", ") || "none"}.`,
    )));
  }
  if (earlier.length) {
    findings.push(told(text(
      `注意：这份结果之前已经抽过 ${earlier.length} 次，结果没有采用。请问清楚为什么重抽，依据是什么。`,
      `Note: ${earlier.length} ${earlier.length === 1 ? "draw was" : "draws were"} made before this one and not used. Ask why it was drawn again.`,
    )));
  } else if (!findings.length) {
    findings.push(ok(text("这份名单只抽过这一次。", "The only draw of this list.")));
  }
  const rows = earlier.map((one) => [
    text(`第 ${one.number} 次`, `No. ${one.number}`),
    plain(one.when),
    plain(one.parts.map((part) => part.join("：")).join("；")),
    plain(shortCode(one.result)),
    (one.seal || seal.code) === seal.code ? text("同一份名单", "this list") : plain(shortCode(one.seal)),
  ]);
  const head = [
    text("次序", "No."), text("时间", "When"), text("说了什么", "What was said"), text("结果码", "Result code"), text("封存码", "Sealed code"),
  ];
  return {
    why: text(
      "如果可以一抽再抽，就能挑一个“满意”的结果。次数是种子的一部分：第二次抽签的种子与第一次不同，隐瞒不了。",
      "Whoever may draw again and again can pick a result. The number of the draw is part of the seed: a second draw " +
        "cannot pass for the first.",
    ),
    findings,
    shows: rows.length ? [{ kind: "table", head, rows, loud: true }] : [],
  };
}
