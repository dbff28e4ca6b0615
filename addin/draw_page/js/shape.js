// The shape that a file must have: small checks that are put together; what does not fit is refused in words.

import { text } from "./words.js";

/** Why a file cannot be read, in words for people. */
export class Refusal extends Error {
  constructor(words) {
    super(words.en);
    this.words = words;
  }
}

/** Refuse a file: at `place` something else was expected than what was found. */
export function refuse(place, expected, found) {
  const shown = found === undefined ? text("没有", "nothing") : text(clipped(found), clipped(found));
  throw new Refusal(text(
    `文件的“${place}”这一处应为${expected.zh}，实际是：${shown.zh}。`,
    `At “${place}” the file should have ${expected.en}; it has: ${shown.en}.`,
  ));
}

function clipped(value) {
  const said = JSON.stringify(value);
  return said.length > 60 ? said.slice(0, 60) + "…" : said;
}

const WHOLE = text("0 或更大的整数", "a whole number, 0 or more");
const TEXT = text("文字", "text");
const HASH = text("64 位十六进制数", "64 hexadecimal digits");
const DECIMAL = text("十进制数的文字", "a decimal number as text");
const LIST = text("列表", "a list");
const FIELDS = text("一组字段", "named fields");

export function isText(value, place) {
  if (typeof value !== "string" || /\p{Surrogate}/u.test(value)) refuse(place, TEXT, value);
}

export function isWhole(value, place) {
  if (!Number.isSafeInteger(value) || value < 0) refuse(place, WHOLE, value);
}

export function isHash(value, place) {
  if (typeof value !== "string" || !/^[0-9a-f]{64}$/.test(value)) refuse(place, HASH, value);
}

export function isDecimal(value, place) {
  if (typeof value !== "string" || !/^-?\d{1,80}(\.\d{1,80})?$/.test(value)) refuse(place, DECIMAL, value);
}

export function isBoolean(value, place) {
  if (typeof value !== "boolean") refuse(place, text("true 或 false", "true or false"), value);
}

/** Return a check for a whole number below `limit`. */
export function isBelow(limit) {
  return (value, place) => {
    isWhole(value, place);
    if (value >= limit) refuse(place, text(`小于 ${limit} 的整数`, `a whole number below ${limit}`), value);
  };
}

export function maybe(check) {
  return (value, place) => {
    if (value !== null && value !== undefined) check(value, place);
  };
}

/** Return a check for a list whose items all pass `check`; of `length` items if that is given. */
export function isListOf(check, length = null) {
  return (value, place) => {
    if (!Array.isArray(value)) refuse(place, LIST, value);
    if (length !== null && value.length !== length) {
      refuse(place, text(`${length} 项的列表`, `a list of ${length}`), value);
    }
    value.forEach((item, at) => check(item, `${place}[${at}]`));
  };
}

/** Return a check for a list of fixed length whose items each have a check of their own. */
export function isTuple(...checks) {
  return (value, place) => {
    isListOf(() => {}, checks.length)(value, place);
    checks.forEach((check, at) => check(value[at], `${place}[${at}]`));
  };
}

/** Return a check for an object with these fields; others are passed over. */
export function hasFields(checks) {
  return (value, place) => {
    if (typeof value !== "object" || value === null || Array.isArray(value)) refuse(place, FIELDS, value);
    for (const [field, check] of Object.entries(checks)) {
      check(Object.hasOwn(value, field) ? value[field] : undefined, place ? `${place}.${field}` : field);
    }
  };
}
