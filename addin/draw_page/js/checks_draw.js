// Steps 3 to 5: groups drawn for classes, teams of teachers drawn for classes, the result code.

import { resultOf, shortCode } from "./canonical.js";
import { trimmed } from "./cells.js";
import { bad, holds, missing, same, told } from "./finding.js";
import { classOfPupils, classOfTeachers, groupName, groupSizes } from "./drawn.js";
import { MOST_TRIES, classLabels, teacherLabels } from "./lots.js";
import { barsOf, classesOf, namedClasses, rowsOf, tradingSets } from "./sealed.js";
import { fewOf, listed, plain, text } from "./words.js";

const equal = (a, b) => JSON.stringify(a) === JSON.stringify(b);

/** Did lots alone decide which group became which class? */
export function classesStep({ record, sealed }) {
  const { draw, seal, result } = record;
  const classes = classesOf(seal.tables);
  const sizes = groupSizes(record);
  const labels = classLabels(draw.key, draw.sets, classes.length);
  const findings = [
    holds(equal(classes.map((one) => one.label), result.classes), text(
      `${classes.length} 个班就是封存的班级。`, `The ${classes.length} classes are those that were sealed.`,
    ), text(
      `封存的班级是 ${listed(classes.map((one) => plain(one.label))).zh}，结果里是 ${result.classes.join("、")}。`,
      `The classes sealed are ${listed(classes.map((one) => plain(one.label))).en}; in the result: ${result.classes.join(", ")}.`,
    )),
    ...sizeFindings(classes, sizes, draw),
    ...setFindings(record, sealed, classes, sizes),
    holds(equal(labels, draw.labels), text(
      "用密钥重新抽签，每组得到的班与记录完全一样。",
      "The lots drawn anew from the key give every group the class that is recorded.",
    ), text(
      `重新抽签的结果不同：${differing(labels, draw.labels, result.classes).zh}。`,
      `The lots drawn anew say otherwise: ${differing(labels, draw.labels, result.classes).en}.`,
    )),
  ];
  const setOf = (k) => draw.sets.findIndex((set) => set.includes(k));
  const rows = labels.map((k, g) => [
    text(`${groupName(g)} 组`, `Group ${groupName(g)}`),
    plain(sizes[g]),
    setOf(g) < 0 ? text("不参加：班级有特定要求", "not drawn: the class is set apart") : text(`第 ${setOf(g) + 1} 签筒`, `urn ${setOf(g) + 1}`),
    plain(result.classes[draw.labels[g]]),
    k === draw.labels[g] ? text("符合", "agrees") : text(`应为 ${result.classes[k]}`, `should be ${result.classes[k]}`),
  ]);
  const head = [text("组", "Group"), text("人数", "Pupils"), text("抽签", "Drawn from"), text("抽到的班", "Class drawn"), text("重算", "Anew")];
  return {
    why: text(
      "程序先把学生分成条件相当的几组，再由抽签决定哪一组是几班。所以程序和操作的人都不能替任何学生挑班。",
      "Pupils are first put into groups that are alike; then lots decide which group becomes which class. So neither the " +
        "program nor whoever runs it can choose a pupil's class.",
    ),
    findings,
    shows: [{ kind: "table", head, rows, bad: labels.flatMap((k, g) => (k === draw.labels[g] ? [] : [g])) }],
  };
}

function differing(ours, theirs, names) {
  const found = ours.flatMap((k, g) => (k === theirs[g] ? [] : [text(
    `${groupName(g)} 组应为 ${names[k]}`, `group ${groupName(g)} should be ${names[k]}`,
  )]));
  return listed(found.slice(0, 6));
}

function sizeFindings(classes, sizes, { labels }) {
  const wrong = sizes.flatMap((size, g) => {
    const wanted = classes[labels[g]];
    const fits = wanted.locked || ((wanted.size === null || wanted.size === size) && (wanted.largest === null || size <= wanted.largest));
    return fits && size > 0 ? [] : [`${wanted.label}: ${size}`];
  });
  return [holds(!wrong.length, text("各班人数符合封存的要求。", "The classes have the sizes that were sealed."), text(
    `人数不符合封存的要求：${fewOf(wrong).zh}。`, `Not the sizes that were sealed: ${fewOf(wrong).en}.`,
  ))];
}

/** Return whether the sets of classes that traded are those that the rules of the draw say. */
function setFindings({ draw }, sealed, classes, sizes) {
  if (sealed) {
    const wanted = tradingSets(classes, sizes, namedClasses(sealed.tables));
    return [holds(equal(wanted, draw.sets), text(
      "哪些班一起抽签，由封存名单重新得出，与记录一致。",
      "Which classes are drawn among each other was worked out anew from the sealed list, and agrees.",
    ), text(
      `一起抽签的班应为 ${setsSaid(wanted, classes)}，记录里是 ${setsSaid(draw.sets, classes)}。`,
      `Drawn among each other should be ${setsSaid(wanted, classes)}; recorded: ${setsSaid(draw.sets, classes)}.`,
    ))];
  }
  const open = tradingSets(classes, sizes, new Set());
  const members = draw.sets.flat();
  const fit = new Set(members).size === members.length && draw.sets.every((set) => set.length > 1
    && open.some((wider) => set.every((k) => wider.includes(k)))
    && equal(set, [...set].sort((a, b) => a - b)));
  const inOrder = equal(draw.sets.map((set) => set[0]), draw.sets.map((set) => set[0]).sort((a, b) => a - b));
  const found = [holds(fit && inOrder, text(
    `一起抽签的班（${setsSaid(draw.sets, classes) || "无"}）人数和要求都相同。`,
    `Classes drawn among each other (${setsSaid(draw.sets, classes) || "none"}) are alike in size and in what was asked of them.`,
  ), text(
    `记录里一起抽签的班（${setsSaid(draw.sets, classes)}）并不相同，不能一起抽。`,
    `The classes recorded as drawn among each other (${setsSaid(draw.sets, classes)}) are not alike.`,
  ))];
  const left = open.flat().filter((k) => !members.includes(k)).map((k) => classes[k].label);
  if (left.length) {
    found.push(told(text(
      `${fewOf(left).zh} 没有参加班级抽签：封存的规则点了它的名，或有学生锁定在那里。规则不公开，督学用封存名单可以核对。`,
      `${fewOf(left).en} did not take part: a sealed rule or a locked pupil names it. Rules are private; an inspector can check with the sealed list.`,
    )));
  }
  return found;
}

function setsSaid(sets, classes) {
  return sets.map((set) => `{${set.map((k) => (classes[k] ? classes[k].label : k)).join(", ")}}`).join(" ");
}

/** Did lots alone decide which teachers got which class? */
export function teachersStep({ record, sealed }) {
  const { draw, teachers, result, seal } = record;
  const rows = rowsOf(seal.tables, "Teachers")[1].length;
  const step = {
    why: text(
      "学生和教师分别抽签（双随机）：哪一组教师教哪个班，抽之前谁也不知道。有亲属在的班，该教师不会抽到。",
      "Pupils and teachers are drawn apart: nobody knows beforehand which team teaches which class. A teacher never " +
        "gets the class of a relative.",
    ),
    findings: [],
    shows: [],
  };
  if (!teachers) {
    step.findings = [rows
      ? bad(text(`封存了 ${rows} 名教师，记录里却没有教师抽签。`, `${rows} teachers were sealed, yet the record has no draw of them.`))
      : missing(text("这次没有教师抽签。", "No teachers were drawn."))];
    return step;
  }
  const classOf = classOfPupils(record);
  const bars = teachers.bars.map(([t, row]) => [teachers.teams[t], classOf[row - 1]]);
  const k = result.classes.length;
  const drawn = teacherLabels(draw.key, k, (team, label) => bars.some(([t, c]) => t === team && c === label));
  const right = drawn && equal(drawn.labels, teachers.labels);
  step.findings = [
    holds(rows === teachers.names.length, text(`${rows} 名教师都封存过。`, `All ${rows} teachers were sealed.`), text(
      `封存了 ${rows} 名教师，抽签的有 ${teachers.names.length} 名。`, `${rows} teachers were sealed, ${teachers.names.length} drawn.`,
    )),
    drawn
      ? holds(right, text("用密钥重新抽签，每组教师得到的班与记录完全一样。", "The lots drawn anew give every team the class that is recorded."), text(
        "重新抽签，有的教师应去别的班，见下表。", "The lots drawn anew send some teachers to other classes, see the table.",
      ))
      : bad(text(`抽了 ${MOST_TRIES} 次也避不开回避关系。`, `${MOST_TRIES} lots did not keep every bar.`)),
    ...(right ? [same(drawn.tries, teachers.tries, text(
      `抽了 ${drawn.tries} 次，第一个避开所有回避关系的就是结果。`, `Drawn ${drawn.tries} time(s): the first that keeps every bar counts.`,
    ))] : []),
    ...barFindings(teachers, sealed),
  ];
  const wanted = (t) => drawn && drawn.labels[teachers.teams[t]];
  const wrong = (t) => drawn && wanted(t) !== teachers.labels[teachers.teams[t]];
  step.shows = [{
    kind: "table",
    head: [text("教师", "Teacher"), text("教师组", "Team"), text("抽到的班", "Class drawn"), text("重算", "Anew")],
    rows: teachers.names.map((name, t) => [
      plain(name),
      plain(teachers.teams[t] + 1),
      plain(result.classes[teachers.labels[teachers.teams[t]]]),
      wrong(t) ? text(`应为 ${result.classes[wanted(t)]}`, `should be ${result.classes[wanted(t)]}`) : text("符合", "agrees"),
    ]),
    bad: teachers.names.flatMap((_, t) => (wrong(t) ? [t] : [])),
  }];
  return step;
}

function barFindings(teachers, sealed) {
  const rows = teachers.bars.map(([, row]) => row);
  if (rows.includes(0)) return [bad(text("回避的学生行号应从 1 起。", "Rows of barred pupils count from 1."))];
  if (!sealed) {
    return rows.length
      ? [missing(text(`回避关系有 ${rows.length} 条；是否与封存的一致，要有封存名单才能核对。`, `${rows.length} bars; whether they are those sealed takes the sealed list.`))]
      : [];
  }
  const names = rowsOf(sealed.tables, "Teachers").records.map((row) => trimmed(row.name || ""));
  const bars = barsOf(sealed.tables);
  return [
    holds(equal(names, teachers.names), text("教师姓名与封存名单一致。", "The teachers are those of the sealed list."), text(
      "教师姓名与封存名单不同。", "The teachers are not those of the sealed list.",
    )),
    holds(equal(bars, teachers.bars), text("回避关系与封存名单一致。", "The bars are those of the sealed list."), text(
      "回避关系与封存名单不同。", "The bars are not those of the sealed list.",
    )),
  ];
}

/** Is the result the one that was announced? */
export function resultStep({ record }) {
  const { draw, teachers, result } = record;
  const classes = classOfPupils(record).map((k) => result.classes[k]);
  const taught = teachers ? classOfTeachers(record).map((k, t) => [teachers.names[t], result.classes[k]]) : [];
  const code = resultOf(draw.key, classes, taught);
  return {
    why: text(
      "结果码是“谁在哪个班、哪位老师教哪个班”的指纹。结果当场宣布后，任何一名学生被换了班，结果码就对不上。",
      "The result code is a fingerprint of who is in which class and who teaches it. If a single pupil is moved after it " +
        "was announced, the code is another one.",
    ),
    findings: [
      same(code, result.code, text("由抽签结果重新算出的结果码，与记录一致。", "The result code computed anew is the one recorded.")),
      same(shortCode(code), result.short, text(
        `短码是 ${result.short}：请与当场宣布、凭证上打印的对照。`,
        `Its short form is ${result.short}: compare it with the one announced and printed on the certificate.`,
      )),
    ],
    shows: [{ kind: "code", label: text("结果码", "Result code"), value: result.short, full: result.code }],
  };
}
