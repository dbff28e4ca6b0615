// docs/draw_format.md, sections 5 to 7: lots, classes, teachers.

import { hash } from "./canonical.js";

const WORDS = 1n << 64n;
export const MOST_TRIES = 10000;

/** The stream of lots of one purpose: permutations that anyone can repeat. */
export class Lots {
  constructor(key, purpose) {
    this.key = key;
    this.purpose = purpose;
    this.next = 0;
  }

  /** Return a number below m, each as likely as any other. */
  below(m) {
    const most = BigInt(m);
    for (;;) {
      const word = BigInt("0x" + hash(["EvenClass lot 1", this.key, this.purpose, this.next++]).slice(0, 16));
      if (word < (WORDS / most) * most) return Number(word % most);
    }
  }

  permutation(n) {
    const items = Array.from({ length: n }, (_, i) => i);
    for (let i = n - 1; i > 0; i--) {
      const j = this.below(i + 1);
      [items[i], items[j]] = [items[j], items[i]];
    }
    return items;
  }
}

/** Return the class of each of k groups: the groups of a set are drawn among its classes, the others keep theirs. */
export function classLabels(key, sets, k) {
  const lots = new Lots(key, "classes");
  const labels = Array.from({ length: k }, (_, g) => g);
  for (const trading of sets) {
    lots.permutation(trading.length).forEach((to, at) => { labels[trading[at]] = trading[to]; });
  }
  return labels;
}

/**
 * Return {labels, tries}: the class of each team by the first permutation that keeps every bar, null if none does.
 * `barred(team, label)` says whether a team may not have a class.
 */
export function teacherLabels(key, k, barred) {
  const lots = new Lots(key, "teachers");
  for (let tries = 1; tries <= MOST_TRIES; tries++) {
    const labels = lots.permutation(k);
    if (!labels.some((label, team) => barred(team, label))) return { labels, tries };
  }
  return null;
}
