// Files dropped on the page: recognised by what is in them, checked, or refused in words.

import { COMMITTED } from "./canonical.js";
import { folded, parseWhole, trimmed } from "./cells.js";
import { parseCsv } from "./csv.js";
import { CRITERIA } from "./gaps.js";
import { classesOf } from "./sealed.js";
import {
  Refusal, hasFields, isBelow, isBoolean, isDecimal, isHash, isListOf, isText, isTuple, isWhole, maybe, refuse,
} from "./shape.js";
import { text } from "./words.js";

export const KINDS = {
  record: text("抽签记录", "draw record"),
  list: text("公示名单", "published list"),
  sealed: text("封存名单", "sealed list"),
  slip: text("学生条", "pupil's slip"),
};
const SLIP = "EvenClass slip 1";
const FORMATS = {
  "EvenClass record 1": ["record", checkedRecord],
  "EvenClass sealed list 1": ["sealed", checkedSealed],
  [SLIP]: ["slip", checkedSlip],
};
const HEADERS = {
  row: ["no.", "no", "序号"],
  class: ["class", "班级"],
  name: ["name", "姓名"],
  id: ["id", "学号"],
};
const BOTH = hasFields({ zh: isText, en: isText });
const PART = isTuple(isText, isText);
const LARGEST = 200e6; // bytes; a record of 100,000 pupils is a tenth of it

/** Return {kind, data} of a file's bytes (Uint8Array). Throws `Refusal`. */
export function readFile(bytes) {
  if (!bytes.length) throw new Refusal(text("文件是空的。", "The file is empty."));
  if (bytes.length > LARGEST) throw new Refusal(text("文件太大，不会是抽签文件。", "The file is too large for a draw."));
  if (bytes[0] === 0x50 && bytes[1] === 0x4b) {
    throw new Refusal(text(
      "这是 Excel 工作簿或压缩包。请放入抽签时导出的 JSON 记录或 CSV 公示名单。",
      "This is a workbook or a zip archive. Drop the JSON record or the CSV list that the draw wrote.",
    ));
  }
  const content = decoded(bytes);
  return /^\s*[{[]/.test(content) ? readJson(content) : { kind: "list", data: checkedList(content) };
}

function decoded(bytes) {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    // A list saved again by a Chinese Excel is no longer UTF-8.
  }
  try {
    return new TextDecoder("gb18030", { fatal: true }).decode(bytes);
  } catch {
    throw new Refusal(text("文件不是文字，无法读出。", "The file is no text that could be read."));
  }
}

/** Return {kind, data} of JSON text. Throws `Refusal`. */
export function readJson(content) {
  let data;
  try {
    data = JSON.parse(content.replace(/^\ufeff/, ""));
  } catch {
    throw new Refusal(text(
      "文件不是完整的 JSON，可能没有下载完或被改动过。请重新拿一份。",
      "The file is no complete JSON: it was cut off or edited. Get it again.",
    ));
  }
  if (Array.isArray(data) && data.length && data.every((one) => one && one.format === SLIP)) {
    data.forEach(checkedSlip);
    return { kind: "slip", data };
  }
  const format = data && typeof data.format === "string" ? data.format : "";
  if (!Object.hasOwn(FORMATS, format)) {
    throw new Refusal(text(
      `这不是本页能读的文件（format 是“${format.slice(0, 40)}”）。本页读：${Object.keys(FORMATS).join("、")}。`,
      `This page cannot read the file (its format is “${format.slice(0, 40)}”). It reads: ${Object.keys(FORMATS).join(", ")}.`,
    ));
  }
  const [kind, check] = FORMATS[format];
  check(data);
  return { kind, data: kind === "slip" ? [data] : data };
}

/** A record; before the draw it has nothing but the seal. */
function checkedRecord(data) {
  hasFields({
    version: isText,
    title: maybe(isText),
    seal: hasFields({
      code: isHash, short: isText, when: isText, pupils: isWhole, official: maybe(isWhole), tables: isListOf(isTable(true)),
    }),
    earlier: maybe(isListOf(hasFields({ number: isWhole, when: isText, parts: isListOf(PART), result: isHash, seal: maybe(isHash) }))),
  })(data, "");
  mustHaveTables(data.seal.tables, "seal.tables");
  if (!data.earlier) data.earlier = [];
  if (data.draw === null || data.draw === undefined) return;
  const k = classesOf(data.seal.tables).length;
  const isClass = isBelow(k);
  hasFields({
    draw: hasFields({
      number: isWhole, when: isText, parts: isListOf(PART), key: isHash, seed: isWhole, effort: isText,
      groups: isListOf(isClass), sets: isListOf(isListOf(isClass)), labels: isListOf(isClass, k),
    }),
    teachers: maybe(teachersFit(isClass, k, data.draw.groups)),
    result: hasFields({ code: isHash, short: isText, classes: isListOf(isText, k) }),
    criteria: isListOf(isCriterion(k)),
    rules: hasFields({ kept: isWhole, broken: isWhole }),
  })(data, "");
}

function teachersFit(isClass, k, groups) {
  return (value, place) => {
    hasFields({ names: isListOf(isText) })(value, place);
    const teachers = value.names.length;
    hasFields({
      teams: isListOf(isClass, teachers),
      bars: isListOf(isTuple(isBelow(teachers), isBelow((groups || []).length + 1))),
      tries: isWhole,
      labels: isListOf(isClass, k),
    })(value, place);
  };
}

function isKind(value, place) {
  const known = CRITERIA.join(", ");
  if (!CRITERIA.includes(value)) refuse(place, text(`本页认识的均衡项（${known}）`, `a kind that this page knows (${known})`), value);
}

function isCriterion(k) {
  return (value, place) => {
    hasFields({
      label: BOTH, column: isText, kind: isKind, level: maybe(isText), gap: isDecimal, floor: isDecimal,
      tolerance: maybe(isDecimal), at_floor: isBoolean,
    })(value, place);
    const parts = value.kind === "spread" ? 3 : 2;
    isListOf(isListOf(isDecimal, parts), k)(value.values, `${place}.values`);
  };
}

/** Return a check for [table, fields, rows]; `published`: rows of private tables are commits. */
function isTable(published) {
  return (value, place) => {
    isTuple(isText, isListOf(isText), () => {})(value, place);
    const [name, fields, rows] = value;
    const isRow = published && COMMITTED.includes(name) ? isHash : isListOf(isText, fields.length);
    isListOf(isRow)(rows, `${place}[2]`);
  };
}

const NEEDED = {
  Students: ["locked", "locked_class"],
  Columns: ["column", "use", "weight", "tolerance", "band_width", "top", "bottom", "spread", "at_most"],
  Classes: ["class", "size", "largest", "locked"],
  Rules: ["rule", "pupils", "class", "at_most", "reason"],
  Settings: ["setting", "value"],
};

function mustHaveTables(tables, place) {
  const names = tables.map(([name]) => name);
  const wanted = Object.keys(NEEDED).join(", ");
  if (names.slice(0, 5).join(", ") !== wanted || ![5, 6].includes(names.length) || (names[5] || "Teachers") !== "Teachers") {
    refuse(place, text(`这些表：${wanted}（, Teachers）`, `the tables ${wanted} (, Teachers)`), names);
  }
  for (const [name, fields] of tables) {
    const missing = (NEEDED[name] || []).filter((field) => !fields.includes(field));
    if (missing.length) refuse(`${place} ${name}`, text(`字段 ${missing.join("、")}`, `the fields ${missing.join(", ")}`), fields);
  }
  if (!classesOf(tables).length) refuse(`${place} Classes`, text("至少一个班", "a class at least"), []);
}

function checkedSealed(data) {
  hasFields({ secret: isText, tables: isListOf(isTable(false)) })(data, "");
  mustHaveTables(data.tables, "tables");
}

function checkedSlip(data) {
  hasFields({ row: isWhole, salt: isHash, fields: isListOf(isText), class: isText })(data, "");
  isListOf(isText, data.fields.length)(data.cells, "cells");
}

/** Return the published list as [{line, row, label, name, id}, ...]; `row` is null where it is no number. */
function checkedList(content) {
  const rows = parseCsv(content);
  if (rows === null) throw new Refusal(text("CSV 文件里有引号没有闭合。", "A quotation mark in the CSV file is never closed."));
  const heads = rows.length ? rows[0].cells.map((cell) => folded(cell)) : [];
  const at = Object.fromEntries(
    Object.entries(HEADERS).map(([key, names]) => [key, heads.findIndex((head) => names.includes(head))]),
  );
  if (at.row < 0 || at.class < 0) {
    throw new Refusal(text(
      "这既不是 JSON 文件，也不是公示名单：第一行应有“序号”和“班级”两个标题。",
      "This is neither JSON nor a published list: its first line should have the headings “No.” and “Class”.",
    ));
  }
  const cell = (cells, key) => (at[key] < 0 ? "" : trimmed(cells[at[key]] || ""));
  return rows.slice(1).map(({ line, cells }) => ({
    line, row: parseWhole(cell(cells, "row")), label: meant(cell(cells, "class")), name: meant(cell(cells, "name")), id: meant(cell(cells, "id")),
  }));
}

/** Return a cell without the apostrophe that keeps a spreadsheet from taking it for a formula. */
function meant(cell) {
  return cell.replace(/^'(?=[=+\-@\t])/, "");
}
