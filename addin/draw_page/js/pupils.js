// Pupils named in a cell, by id or by name, as the workbook reads them.

import { folded, isNo, pieces, trimmed } from "./cells.js";

const SEPARATORS = /[、，,;；\n\r]+/;
const HAN = /[\u3400-\u9fff\uf900-\ufaff\u{20000}-\u{3ffff}]/u;

/** Finds pupils: `ids` and `names` are their texts in roster order. */
export class Pupils {
  constructor(ids, names) {
    this.byId = indexed(ids.map(idKey));
    this.byName = indexed(names.map(nameKey));
  }

  /** Return the positions that a word stands for: one, none if unknown, several if ambiguous. */
  found(word) {
    return this.byId.get(idKey(word)) || this.byName.get(nameKey(word)) || [];
  }

  /** Return for every word in a cell the positions that it stands for. */
  meant(cell) {
    const words = [];
    for (const part of trimmed(cell).split(SEPARATORS)) {
      const those = pieces(part);
      const apart = those.length > 1 && !this.found(part).length && those.every((piece) => this.found(piece).length);
      if (apart) words.push(...those);
      else if (those.length) words.push(trimmed(part));
    }
    return words.map((word) => this.found(word));
  }

  /** Return the positions of all pupils listed in a cell, null if one of them is unknown or ambiguous. */
  listed(cell) {
    const found = this.meant(cell);
    return found.every((those) => those.length === 1) ? found.map(([one]) => one) : null;
  }

  /** Return the positions of the pupils that the one at position i wishes for; words that do not count left out. */
  wished(cell, i) {
    if (isNo(cell) && !this.found(cell).length) return [];
    return this.meant(cell).filter((those) => those.length === 1 && those[0] !== i).map(([one]) => one);
  }
}

function indexed(keys) {
  const index = new Map();
  keys.forEach((key, at) => { if (key) index.set(key, [...(index.get(key) || []), at]); });
  return index;
}

function idKey(text) {
  return pieces(folded(text)).join("");
}

function nameKey(text) {
  const visible = folded(text).replace(/\p{Cf}/gu, "").replace(/[•・‧∙⋅]/g, "·");
  return pieces(visible).join(HAN.test(visible) ? "" : " ");
}
