// docs/draw_format.md, sections 1, 3 and 4: hashes of lists, commits, the seal, key and seed.

import { sha256 } from "./sha256.js";

const DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const ENCODER = new TextEncoder();

export const COMMITTED = ["Students", "Rules", "Teachers"];

/** Return H(x): x holds lists, text and whole numbers only, so JSON.stringify writes the bytes of RFC 8785. */
export function hash(value) {
  return sha256(ENCODER.encode(JSON.stringify(value)));
}

/** Return the first 80 bits of a hash as people read them aloud. */
export function shortCode(hex) {
  const bits = BigInt("0x" + hex.slice(0, 20));
  let digits = "";
  for (let shift = 75n; shift >= 0n; shift -= 5n) digits += DIGITS[Number((bits >> shift) & 31n)];
  return digits.match(/.{4}/g).join("-");
}

/** Return a code as it was typed in the form of `shortCode`: O is 0, I and L are 1, whatever stands between. */
export function typedCode(typed) {
  const plain = typed.normalize("NFKC").toUpperCase().replace(/O/g, "0").replace(/[IL]/g, "1");
  const digits = [...plain].filter((digit) => DIGITS.includes(digit)).join("");
  return (digits.match(/.{1,4}/g) || []).join("-");
}

export function saltOf(secret, table, row) {
  return hash(["EvenClass salt 1", secret, table, row]);
}

export function commitOf(table, row, salt, cells) {
  return hash(["EvenClass row 1", table, row, salt, cells]);
}

/** Return the seal of published tables: [[table, fields, rows or commits], ...]. */
export function sealOf(tables) {
  return hash(["EvenClass seal 1", tables]);
}

/** Return the published form of the tables of a sealed list: a commit for each row of a private table. */
export function publishedTables(tables, secret) {
  return tables.map(([name, fields, rows]) => [
    name,
    fields,
    COMMITTED.includes(name)
      ? rows.map((cells, at) => commitOf(name, at + 1, saltOf(secret, name, at + 1), cells))
      : rows,
  ]);
}

/** Return what was said in its normal form: NFC, every run of spaces one space, none at either end. */
export function normalPart(said) {
  return said.normalize("NFC").replace(/[\t-\r \u00a0\u3000]+/g, " ").replace(/^ | $/g, "");
}

export function keyOf(seal, number, parts) {
  return hash(["EvenClass draw 1", seal, number, parts]);
}

/** Return the seed: the first 48 bits of the key, a whole number that JavaScript holds exactly. */
export function seedOf(key) {
  return parseInt(key.slice(0, 12), 16);
}

export function resultOf(key, classes, teachers) {
  return hash(["EvenClass result 1", key, classes, teachers]);
}
