// The gap of a criterion from the values of its classes, exactly.

import { Ratio, ZERO, exactly, largest, smallest, whole } from "./ratio.js";

export const CRITERIA = ["size", "count", "absent", "band", "top", "bottom", "mean", "spread", "unmet", "met"];
const SHARED = ["count", "absent", "band", "top", "bottom"]; // of these every class has a fair share by its size
const OVER_SOME = ["mean", "spread", "met"];
export const PLACES = 4; // decimals of gaps and floors in a record

/** Return whether the value of a class is a number of pupils, not a mean, a spread or a share. */
export function isCounted(kind) {
  return !OVER_SOME.includes(kind);
}

/** Return whether its smallest possible gap is known; if not, 0 is no more than what no gap is below. */
export function isFloored(kind) {
  return kind !== "spread" && kind !== "met";
}

/** Return the values of a criterion of a record as ratios: [sum, count] or [sum, count, sum of squares] per class. */
export function valuesOf(criterion) {
  return criterion.values.map((value) => value.map((part) => Ratio.from(part)));
}

/** Return the mean, share or count of each class, of a spread the variance; null for a class without anybody. */
export function classValues(kind, values) {
  return values.map(([sum, count, squares]) => {
    if (count.equals(ZERO)) return null;
    const mean = sum.over(count);
    return kind === "spread" ? squares.over(count).minus(mean.times(mean)) : mean;
  });
}

/**
 * Return the largest minus the smallest class value; counts of unequal classes are compared by their fair share. Of
 * pupils without any wish fulfilled, who are too many wherever they are, return how many there are in all.
 */
export function gapOf(kind, values, sizes) {
  let known = classValues(kind, values);
  const all = known.reduce((sum, value) => (value ? sum.plus(value) : sum), ZERO);
  if (kind === "unmet") return all;
  if (kind === "spread") {
    const deviations = known.filter(Boolean).map((variance) => Math.sqrt(variance.number()));
    return deviations.length ? exactly(Math.max(...deviations) - Math.min(...deviations)) : ZERO;
  }
  if (SHARED.includes(kind) && Math.max(...sizes) - Math.min(...sizes) > 1) {
    const share = all.over(whole(sizes.reduce((a, b) => a + b, 0)));
    known = known.map((value, k) => value && value.minus(whole(sizes[k]).times(share)));
  }
  known = known.filter((value) => value !== null);
  return known.length ? largest(known).minus(smallest(known)) : ZERO;
}

/** Return a class value as it is shown: at most two decimals, of a spread the standard deviation. */
export function shownValue(kind, value) {
  if (value === null) return "–";
  return (kind === "spread" ? exactly(Math.sqrt(value.number())) : value).rounded(2);
}
