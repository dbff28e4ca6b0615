// What is shown in a ceremony, in order: before the draw as far as the words, with a record to the end.

import { keyOf, seedOf } from "./canonical.js";
import { makeTable, make } from "./dom.js";
import { classOfPupils, groupName, groupSizes } from "./drawn.js";
import { classValues, shownValue, valuesOf } from "./gaps.js";
import { largest, smallest } from "./ratio.js";
import { classesOf } from "./sealed.js";
import { plain, text } from "./words.js";

const GAP_ROWS = 8; // on one screen
const MOST_DOTS = 2500;

/** Return [{id, short, title, proves, beats, body, checked, alarm}, ...]; `body(beat)` shows as much as that beat. */
export function slidesOf({ files, steps, live }) {
  const { record, list } = files;
  const step = (id) => steps.find((one) => one.id === id);
  if (!record) return [welcome(null), nothingYet()];
  const drawn = Boolean(record.draw);
  const made = [welcome(record), sealedSlide(record, step("seal"))];
  if (!drawn) return [...made, wordsSlide(live.parts(), live), seedSlide(record, live)];
  const foreign = live.parts().length > 0 && JSON.stringify(live.parts()) !== JSON.stringify(record.draw.parts);
  made.push(wordsSlide(record.draw.parts, null, foreign), drawnSeed(record, step("seed")), groupsSlide(record));
  made.push(classesSlide(record, step("classes")));
  if (record.teachers) made.push(teachersSlide(record, step("teachers")));
  made.push(gapsSlide(record, step("gaps")), resultSlide(record, steps), listSlide(record, list, step("list")));
  return made;
}

function welcome(record) {
  const points = [
    text("名单先封存：谁也不能增减、改动", "First the list is sealed: nobody can add, remove or change a pupil"),
    text("种子由在场各方当场说的话做成：谁也不能事先知道", "Then the words of those present make the seed: nobody can know it before"),
    text("抽签当众进行，重抽一定有记录；任何人都能重算", "The draw is public, another one leaves a trace, and anyone can work it out again"),
  ];
  return {
    id: "welcome", short: text("开始", "Start"), beats: 0, alarm: record && drawnBefore(record),
    title: record && record.title ? plain(record.title) : text("阳光分班 · 现场抽签", "Class placement by public draw"),
    proves: text("今天的每一步，会后都能在家里核对。", "Every step of today can be checked at home afterwards."),
    body: () => make("ol", { class: "points" }, points.map((words) => make("li", {}, words))),
  };
}

/** Return words if a list was drawn from before, null if not. */
function drawnBefore({ earlier }) {
  return earlier.length ? text(
    `注意：之前已经抽过 ${earlier.length} 次，结果没有采用。`, `Note: there were ${earlier.length} draws before, which were not used.`,
  ) : null;
}

function nothingYet() {
  return {
    id: "nothing", short: text("名单", "List"), beats: 0, title: text("还没有放入记录", "No record yet"),
    proves: text("封存之后，名单就定了。", "Once sealed, the list is fixed."),
    body: () => make("p", { class: "big" }, text("请把封存时导出的记录（JSON）拖到这里。", "Drop the record (JSON) written when the list was sealed.")),
  };
}

function sealedSlide({ seal }, step) {
  const official = seal.official === null || seal.official === undefined ? text("未填写", "not given") : plain(seal.official);
  const tiles = [
    [text("封存学生", "Pupils sealed"), plain(seal.pupils)],
    [text("官方人数", "Official count"), official],
    [text("班级", "Classes"), plain(classesOf(seal.tables).length)],
    [text("封存时间", "Sealed"), plain(seal.when.replace("T", " "))],
  ];
  return {
    id: "sealed", short: text("封存名单", "Sealed list"), beats: 0, title: text("名单已经封存", "The list is sealed"), checked: step,
    proves: text(
      "这串短码是整份名单的指纹。改动任何一格，它都会变成另一串。请记下或拍照。",
      "This code is a fingerprint of the whole list: change one cell and it is another code. Please note it or take a picture.",
    ),
    body: () => [bigCode(seal.short), make("dl", { class: "tiles" }, tiles.map(([label, value]) => make("div", {}, make("dt", {}, label), make("dd", {}, value))))],
  };
}

function bigCode(code) {
  return make("p", { class: "big-code", translate: "no" }, code);
}

/** The words: typed into a form first if `live` is given, then shown one by one. */
function wordsSlide(parts, live, foreign = false) {
  const shownParts = (count) => make("ol", { class: "parts" }, parts.map(([who, words], at) => make("li", { "data-there": at < count ? "yes" : "no" },
    make("span", { class: "who" }, who || "–"), make("span", { class: "said" }, at < count ? words : "……"))));
  return {
    id: "words", short: text("各方出题", "The words"), title: text("各方当场说的话", "What those present say"),
    beats: parts.length,
    alarm: foreign ? text("记录里的话与刚才输入的不同！", "The words in the record are not those typed here!") : null,
    proves: text(
      "只要有一方的话是别人事先不知道的，就没有人能事先知道或挑选结果。",
      "If one party says something that nobody else knew before, nobody can know or choose the result.",
    ),
    body: (beat) => (live && beat === 0 ? live.form() : shownParts(beat)),
  };
}

function seedBody(code, number, parts) {
  const key = keyOf(code, number, parts);
  return make("div", { class: "mixing" },
    make("p", { class: "sum" }, text(`封存码 ＋ 第 ${number} 次 ＋ ${parts.length} 方的话`, `sealed code + draw number ${number} + the words of ${parts.length}`)),
    make("p", { class: "arrow", "aria-hidden": "true" }, "↓ SHA-256"),
    make("p", { class: "key", translate: "no" }, key.match(/.{8}/g).join(" ")),
    make("p", { class: "arrow", "aria-hidden": "true" }, "↓"),
    make("p", { class: "seed" }, text("种子 ", "seed "), make("strong", { translate: "no" }, String(seedOf(key)))));
}

const SEED = {
  id: "seed", short: text("种子", "The seed"), beats: 0, title: text("种子做好了", "The seed is made"),
  proves: text(
    "从这里起，一切都由种子决定：同样的名单、同样的话，任何电脑都算出同样的结果。",
    "From here the seed decides everything: the same list and the same words give the same result on any computer.",
  ),
};

function seedSlide({ seal, earlier }, live) {
  const number = 1 + earlier.filter((one) => (one.seal || seal.code) === seal.code).length;
  const none = text("还没有人说话：请退回上一步输入。", "Nobody has said anything: go back and type the words.");
  return {
    ...SEED,
    title: live.parts().length ? SEED.title : text("种子", "The seed"),
    body: () => (live.parts().length ? [seedBody(seal.code, number, live.parts()), live.handOver()] : make("p", { class: "big" }, none)),
  };
}

function drawnSeed({ seal, draw }, step) {
  return { ...SEED, checked: step, body: () => seedBody(seal.code, draw.number, draw.parts) };
}

/** Return cards in rows of one length: up to 5 in one row, then two, three … rows; `names` will stand on them. */
function cards(made, names = []) {
  const rows = made.length <= 5 ? 1 : Math.ceil(made.length / 8) + (made.length <= 8 ? 1 : 0);
  const facts = { "data-many": made.length > 12 ? "yes" : "no", "data-long": names.some((name) => name.length > 4) ? "yes" : "no" };
  return make("div", { class: "cards", ...facts, columns: Math.ceil(made.length / rows) }, made);
}

function groupsSlide(record) {
  const sizes = groupSizes(record);
  const dots = record.draw.groups.length <= MOST_DOTS;
  const card = (size, g) => make("div", { class: "card" },
    make("h3", {}, text(`${groupName(g)} 组`, `Group ${groupName(g)}`)),
    make("p", { class: "count" }, text(`${size} 人`, `${size} pupils`)),
    dots ? make("div", { class: "dots", "aria-hidden": "true" }, Array.from({ length: size }, () => make("i"))) : null);
  return {
    id: "groups", short: text("分组", "Groups"), beats: 0,
    title: text(`分成了 ${sizes.length} 组`, `${sizes.length} groups are formed`),
    proves: text(
      "各组的人数、男女、成绩都相当。还没有人知道哪一组会是几班。",
      "The groups are alike in size, gender and marks. Nobody knows yet which group will be which class.",
    ),
    body: () => cards(sizes.map(card)),
  };
}

function classesSlide({ draw, result }, step) {
  const order = draw.sets.flat();
  const name = (g) => result.classes[draw.labels[g]];
  const card = (g, beat) => {
    const turn = order.indexOf(g);
    const open = turn < beat;
    return make("div", { class: "card drawn", "data-open": open ? "yes" : "no", "data-now": turn >= 0 && turn === beat - 1 ? "yes" : "no" },
      make("h3", {}, text(`${groupName(g)} 组`, `Group ${groupName(g)}`)),
      make("p", { class: "label" }, open ? name(g) : "?"),
      turn < 0 ? make("small", {}, text("按规则固定", "fixed by a rule")) : null);
  };
  const urn = (beat) => {
    const left = order.slice(beat).map(name).sort((a, b) => result.classes.indexOf(a) - result.classes.indexOf(b));
    return make("p", { class: "urn" }, left.length ? [text("签筒里还有：", "Still in the urn: "), left.join("  ")] : text("全部抽完", "All drawn"));
  };
  return {
    id: "classes", short: text("抽班级", "Classes"), beats: order.length, checked: step,
    title: text("哪一组是几班", "Which group is which class"),
    proves: text(
      "班级由种子抽出，程序和操作的人都不能替任何学生挑班。",
      "Lots from the seed decide it: neither the program nor whoever runs it can choose a pupil's class.",
    ),
    body: (beat) => [cards(draw.labels.map((_, g) => card(g, beat)), result.classes), order.length ? urn(beat) : null],
  };
}

function teachersSlide({ teachers, result }, step) {
  const teams = teachers.labels.map((_, team) => teachers.names.filter((_name, t) => teachers.teams[t] === team));
  const card = (names, team, beat) => make("div", { class: "card drawn", "data-open": team < beat ? "yes" : "no", "data-now": team === beat - 1 ? "yes" : "no" },
    make("h3", {}, text(`第 ${team + 1} 组教师`, `Team ${team + 1}`)),
    make("p", { class: "names" }, names.map((name) => [make("span", {}, name), " "])),
    make("p", { class: "label" }, team < beat ? result.classes[teachers.labels[team]] : "?"));
  return {
    id: "teachers", short: text("抽教师", "Teachers"), beats: teams.length, checked: step,
    title: text("哪组教师教哪个班", "Which teachers teach which class"),
    proves: text(
      "教师也由同一个种子抽出（双随机）；有亲属的班自动回避。",
      "Teachers are drawn by the same seed, apart from pupils; nobody gets a relative's class.",
    ),
    body: (beat) => cards(teams.map((names, team) => card(names, team, beat)), result.classes),
  };
}

function gapsSlide({ criteria }, step) {
  const pages = Math.max(1, Math.ceil(criteria.length / GAP_ROWS));
  const tolerated = criteria.some((one) => one.tolerance);
  const row = (one) => {
    const known = classValues(one.kind, valuesOf(one)).filter((value) => value !== null);
    const ends = known.length ? [smallest(known), largest(known)].map((value) => shownValue(one.kind, value)) : ["–", "–"];
    return [text(one.label.zh, one.label.en), ...ends.map(plain), plain(one.gap), plain(one.at_floor ? `${one.floor} ✓` : one.floor),
      ...(tolerated ? [plain(one.tolerance || "")] : [])];
  };
  const head = [text("均衡项", "Criterion"), text("各班最低", "Lowest class"), text("各班最高", "Highest class"), text("最大差", "Gap"),
    text("最小可能差", "Smallest possible"), ...(tolerated ? [text("允许差", "Tolerance")] : [])];
  return {
    id: "gaps", short: text("均衡", "Evenness"), beats: pages - 1, checked: step,
    title: text("各班有多均衡", "How even the classes are"),
    proves: text(
      "✓ 表示任何分法都不可能更均衡了。各班的数字与记录逐项重算。",
      "✓ means that no placement at all could be more even. Every figure was computed anew.",
    ),
    body: (beat) => [makeTable({ head, rows: criteria.slice(beat * GAP_ROWS, (beat + 1) * GAP_ROWS).map(row), figures: true }),
      pages > 1 ? make("p", { class: "urn" }, `${beat + 1} / ${pages}`) : null],
  };
}

function resultSlide(record, steps) {
  const { result, seal } = record;
  const wrong = steps.filter((one) => one.verdict === "bad");
  return {
    id: "result", short: text("结果码", "Result"), beats: 0, title: text("结果码", "The result code"),
    alarm: drawnBefore(record),
    proves: text(
      "结果码是全部结果的指纹。记下它：以后任何一名学生被换了班，它就对不上。",
      "The result code is a fingerprint of the whole result. Note it: if a single pupil is moved later, it no longer fits.",
    ),
    body: () => [bigCode(result.short),
      make("p", { class: "urn" }, text("封存码 ", "sealed code "), make("span", { translate: "no" }, seal.short)),
      make("p", { class: "checked", "data-verdict": wrong.length ? "bad" : "ok" }, wrong.length
        ? [text("✗ 不符：", "✗ Does not agree: "), text(wrong.map((s) => s.title.zh).join("、"), wrong.map((s) => s.title.en).join(", "))]
        : text("✓ 每一步都由本页用另一套程序独立重算，全部符合", "✓ Every step was worked out anew by an independent program in this page, and agrees"))],
  };
}

function listSlide(record, list, step) {
  const { result } = record;
  const classOf = classOfPupils(record);
  const body = (beat) => {
    if (!list) return make("p", { class: "big" }, text("现在张贴公示名单。把公示名单（CSV）拖到这里，可以在大屏上逐班显示。", "Now post the lists. Drop the published list (CSV) here to show it class by class."));
    if (beat === 0) return make("p", { class: "big" }, text(`共 ${list.length} 人，逐班显示。`, `${list.length} pupils, class by class.`));
    const members = list.filter(({ row }) => row && classOf[row - 1] === beat - 1);
    return [make("h2", {}, result.classes[beat - 1], " ", make("small", {}, text(`${members.length} 人`, `${members.length} pupils`))),
      make("ul", { class: "names-list", "data-many": members.length > 48 ? "yes" : "no" }, members.map((one) => make("li", {}, make("small", {}, String(one.row)), " ", one.name || one.id)))];
  };
  return {
    id: "list", short: text("名单", "Lists"), beats: list ? result.classes.length : 0, title: text("公示名单", "The lists"),
    checked: list ? step : null,
    proves: text(
      "名单上的序号就是封存名单的行号，每人只出现一次；会后可以用核对页逐一核对。",
      "The numbers are the rows of the sealed list, each there once; the checking page compares them all.",
    ),
    body,
  };
}
