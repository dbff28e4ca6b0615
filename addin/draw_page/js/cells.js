// What a cell says: numbers, dates, yes and no, names of classes; as the workbook is read, written independently.

const SPACES = "[\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]";
const OUTER = new RegExp(`^${SPACES}+|${SPACES}+$`, "g");
const INNER = new RegExp(`${SPACES}+`, "g");
const YES = new Set("是 √ ✓ ✔ ☑ ✅ v y yes true t 1 有 x ● ○ 对".split(" "));
const NO = new Set("否 ☐ no n false f 0 × ✗ 无 没有 不是 -".split(" "));
const ABSENT = new Set((
  "缺考 缺 缺席 缺勤 缺测 旷考 请假 免考 免试 免修 休学 缓考 弃考 补考 未考 未到 未测 未参加 不参加 " +
  "无成绩 无 病假 事假 absent abs missing na n/a nan null none - -- — —— / \\ . " +
  "#n/a #div/0! #value! #ref! #name? #num! #null!"
).split(" "));
const KEPT_LOWER = /[\u0131\u13a0-\u13f5]/; // folded by Unicode to something else than the small form of their capital
const DATE = /^(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:[\st]+\d{1,2}:\d{2}(?::\d{2})?)?$/;
const DIGITS_DATE = /^((?:19|20)\d{2})(\d{2})(\d{2})$/;
const MONTH = /^((?:19|20)\d{2})(?:\s*[-/.年]\s*(\d{1,2})\s*月?|(\d{2}))$/;
const NUMBER = /^([+-]?)(\d+\.?\d*|\.\d+)(?:e([+-]?\d+))?$/;
const DAY = 86400000;
const DAY_ONE = 719163; // 1970-01-01, counted from 0001-01-01 as day 1
const SERIAL_ZERO = 693594; // 1899-12-30: day 0 of Excel's serial numbers

export function trimmed(text) {
  return text.replace(OUTER, "");
}

/** Return the words of a text, split at any spaces; none of a blank one. */
export function pieces(text) {
  return trimmed(text).split(INNER).filter(Boolean);
}

/** Return a text for comparing words: full-width forms made plain, Unicode case folding, no outer spaces. */
export function folded(text) {
  const plain = trimmed(text).normalize("NFKC");
  const lower = [...plain].map((c) => (KEPT_LOWER.test(c) ? c : small(small(c).toUpperCase())));
  return trimmed(lower.join(""));
}

function small(text) {
  return [...text].map((c) => c.toLowerCase()).join("");
}

export function isBlank(text) {
  return trimmed(text) === "";
}

export function isAbsent(text) {
  return isBlank(text) || ABSENT.has(folded(text));
}

export function isYes(text) {
  return YES.has(folded(text));
}

export function isNo(text) {
  return isBlank(text) || NO.has(folded(text));
}

/** Return the number in a cell as {digits, places}: digits / 10^places, exactly; null if it holds none. */
export function parseNumber(text) {
  let word = folded(text).replace(INNER, "").replace(/分$/, "");
  if (/^[+-]?\d{1,3}(,\d{3})+(\.\d*)?$/.test(word)) word = word.replace(/,/g, "");
  const found = NUMBER.exec(word);
  if (!found) return null;
  const [before, after = ""] = found[2].split(".");
  const power = Number(found[3] || 0);
  if (Math.abs(power) > 400) return null;
  let digits = BigInt(before + after || "0");
  let places = after.length - power;
  if (places < 0) [digits, places] = [digits * 10n ** BigInt(-places), 0];
  while (places > 0 && digits % 10n === 0n) [digits, places] = [digits / 10n, places - 1];
  return { digits: found[1] === "-" ? -digits : digits, places };
}

/** Return a whole number in a cell, null if it holds none. */
export function parseWhole(text) {
  const number = parseNumber(text);
  return number && number.places === 0 ? Number(number.digits) : null;
}

/** Return the day of a date, 0001-01-01 being day 1; null if the cell holds none. */
export function parseDay(text) {
  const word = folded(text);
  if (/^\d+$/.test(word) && Number(word) >= 25000 && Number(word) < 60000) return SERIAL_ZERO + Number(word);
  const found = DATE.exec(word) || DIGITS_DATE.exec(word);
  if (found) return dayOf(found[1], found[2], found[3]);
  const month = MONTH.exec(word);
  return month ? dayOf(month[1], month[2] || month[3], 1) : null;
}

function dayOf(...parts) {
  const [year, month, day] = parts.map(Number);
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  const real = year > 0 && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  return real ? date.getTime() / DAY + DAY_ONE : null;
}

/** Return the form in which headings are compared: letters and digits only. */
export function matching(text) {
  return [...folded(text)].filter((c) => /[\p{L}\p{N}]/u.test(c)).join("");
}

/** Return the position of the class that a cell names: its label, 3 for 3班 or 初一(3)班, else the third; or null. */
export function classNamed(cell, labels) {
  const word = matching(cell);
  if (!word) return null;
  const whole = labels.map(matching);
  for (const [known, wanted] of [[whole, word], [whole.map(bare), bare(word)]]) {
    const found = known.flatMap((label, k) => (label === wanted ? [k] : []));
    if (found.length === 1) return found[0];
  }
  const number = parseWhole(bare(word));
  if (number === null) return null;
  const last = whole.map(lastNumber);
  const found = last.flatMap((digits, k) => (digits === number ? [k] : []));
  if (found.length === 1) return found[0];
  return last.every((digits) => digits === null) && number >= 1 && number <= labels.length ? number - 1 : null;
}

function bare(word) {
  return word.replace(/班$/, "").replace(/^class/, "") || word;
}

function lastNumber(label) {
  const digits = label.match(/\d+/g);
  return digits ? Number(digits[digits.length - 1]) : null;
}
