"""After the annealing: which classes are evened out with which, and when that ends."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from engine.cohort import Ints
from engine.effort import Effort
from engine.encode import Encoded
from engine.finish import finish_pair
from engine.goals import Goal, above, exactly, means_first, outside
from engine.kernels import Arrays, State, Words, below
from engine.opening import shuffled, state_of

FIRM, STRICT = 512, 4096  # how much heavier than spreads the means are outside their range
AT_ANY_PRICE = 1 << 16  # the same in the last quarter of the tries to mend a gap
FEW = 16  # one in so many pairs: when fewer gain in two rounds in a row, pairing by lot ends
MENDING = 3  # visits per class, at most, to mend what is left of counts, and of gaps above the goal
AT_ONCE = 8  # one in so many classes is visited between two looks at who has most to gain
NEAR = (150, 220, 320, 450, 640)  # swaps of a pair of which all pairs are looked at, more and more thorough
MANY = 40_000  # moves of thorough visits side by side that are worth a second thread; of short ones four times as many
THREADS = 2  # pairs of classes visited side by side; the kernels hold no lock

Pairs = list[tuple[int, int]]
Tell = Callable[[float], None]


@dataclass(slots=True)
class Visits:
    """The visits to pairs of classes that even out numbers: how many there may be, in how many turns, and were made."""

    most: int
    turns: int
    tell: Tell
    made: int = 0

    def until(self, turn: int) -> int:
        """Return how many may have been made when a turn is over; what one leaves over is there for the next."""
        return self.most * (turn + 1) // self.turns

    def make(self, visits: int) -> None:
        """Count visits, of which a thorough one counts for several."""
        self.made += visits
        self.tell(min(1.0, self.made / self.most))


def even_counts(encoded: Encoded, effort: Effort, state: State, tell: Tell) -> None:
    """Pair every class with another by lot, round after round while that gains much; even out counts and numbers alike.

    At last classes that are two pupils or more apart in a count are visited together: by lot they would seldom meet.
    """
    arrays, k = encoded.arrays, state.sums.shape[0]
    idle = 0
    for turn in range(effort.rounds):
        order = shuffled(k, state.random)
        pairs = [(int(order[at]), int(order[at + 1])) for at in range(0, k - 1, 2)]
        gained = sum(change < 0 for change in _visit(arrays, state, exactly(state), pairs, effort.moves, 0))
        tell((turn + 1) / effort.rounds)
        idle = 0 if gained * FEW > len(pairs) else idle + 1
        if idle == 2:
            break
    worth_it = ~np.eye(k, dtype=np.bool_)
    for _ in range(min(MENDING * k, effort.visits)):
        counts = state.sums[:, arrays.numbers :]
        high, low = counts == counts.max(axis=0), counts == counts.min(axis=0)
        apart = np.flatnonzero(counts.max(axis=0) - counts.min(axis=0) >= 2 * arrays.step)
        open_pairs = [(a, b) for f in apart for a, b in np.argwhere(np.outer(high[:, f], low[:, f]) & worth_it)]
        if not open_pairs:
            return
        a, b = map(int, open_pairs[below(state.random, len(open_pairs))])
        if _visit(arrays, state, exactly(state), [(a, b)], effort.moves, 0)[0] < 0:
            worth_it[[a, b], :] = worth_it[:, [a, b]] = True
        worth_it[a, b] = worth_it[b, a] = False
        np.fill_diagonal(worth_it, val=False)


def even_numbers(encoded: Encoded, moves: int, goal: Goal, state: State, visits: Visits, turn: int) -> None:
    """Visit the pairs of classes that have most to gain from each other until none gains or the turn is over.

    Means within the goal cost nothing, so that the spreads become as even as they then can. A pair that found nothing
    is not visited again before one of the two has changed; when no pair is left, the visits become more thorough. In
    the last of several turns no mean is given away for a spread.
    """
    asked = bool(goal.limits.any())
    factor = STRICT if turn == visits.turns - 1 > 0 else FIRM
    firm = encoded.arrays._replace(weight=means_first(encoded, factor)) if asked else encoded.arrays
    most = visits.until(turn)
    ranges = goal.low, goal.high
    k = state.sums.shape[0]
    start = thorough(encoded.arrays, k)[0]
    for near in thorough(encoded.arrays, k):
        worth_it = ~np.eye(k, dtype=np.bool_)
        while visits.made < most:
            pairs = _promising(firm, state, ranges, worth_it)
            if not pairs:
                break
            changes = _visit(firm, state, ranges, pairs, moves, near)
            for (a, b), change in zip(pairs, changes, strict=True):
                if change < 0:
                    worth_it[[a, b], :] = worth_it[:, [a, b]] = True
            for a, b in pairs:
                worth_it[a, b] = worth_it[b, a] = False
            np.fill_diagonal(worth_it, val=False)
            visits.make(max(1, len(pairs) * near * near // start**2))


def mend_gaps(encoded: Encoded, effort: Effort, goal: Goal, state: State, sizes: tuple[int, ...]) -> State:
    """Return the state with gaps of means brought down to the goal by exchanges of the classes outside its ranges.

    One pair at a time, which disturbs the others least; an exchange that does not help is taken back. Where spreads are
    so even already that any exchange costs them more than a step of a mean is worth, the last tries pay that too.
    """
    strict, stricter = (
        encoded.arrays._replace(weight=means_first(encoded, factor)) for factor in (STRICT, AT_ANY_PRICE)
    )
    k = state.sums.shape[0]
    levels = thorough(encoded.arrays, k)
    tries = min(max(MENDING * k, effort.visits // 10), max(3, effort.visits // 5))
    for turn in range(tries):
        if above(encoded, goal, state.sums) == 0:
            return state
        far = outside(encoded, goal, state.sums)
        ends = np.flatnonzero(far)
        end = int(ends[below(state.random, len(ends))])
        other = (end + 1 + int(below(state.random, k - 1))) % k
        kept = state.class_of.copy()
        weighed = strict if 4 * turn < 3 * tries else stricter
        _visit(weighed, state, (goal.low, goal.high), [(end, other)], effort.moves, levels[turn * len(levels) // tries])
        if outside(encoded, goal, state.sums).sum() >= far.sum():
            state = state_of(encoded.arrays, kept, sizes, state.random)
    return state


def thorough(arrays: Arrays, k: int) -> list[int]:
    """Return of how many swaps all pairs are looked at, from visit to visit: fewer in classes of less than 50."""
    return [near * min(50, int(arrays.size.sum()) // k) // 50 + 2 for near in NEAR]


def _promising(arrays: Arrays, state: State, ranges: tuple[Ints, Ints], worth_it: npt.NDArray[np.bool_]) -> Pairs:
    """Return some disjoint pairs of classes that are worth a visit, those with the most to gain from it first.

    What two classes could gain at most is what their number columns cost beyond the ranges, less what they would cost
    if the two shared evenly.
    """
    m, k = arrays.numbers, state.sums.shape[0]
    low, high = (ends[:, :m] for ends in ranges)
    sums, r, weight = state.sums[:, :m], arrays.reciprocal, arrays.weight[:m]
    beyond = np.maximum(0, np.maximum(low - sums, sums - high))
    alone = (weight * beyond**2).sum(axis=1) * r
    gain = np.empty((k, k), np.int64)
    for a in range(k):
        over = np.maximum(0, np.maximum(low[a] + low - sums[a] - sums, sums[a] + sums - high[a] - high))
        shared = (weight * over * over).sum(axis=1) * (r[a] * r) // (r[a] + r)
        gain[a] = alone[a] + alone - shared
    gain[~worth_it] = 0
    pairs: Pairs = []
    while len(pairs) < max(2, k // AT_ONCE):
        a, b = divmod(int(gain.argmax()), k)
        if gain[a, b] <= 0:
            break
        pairs.append((a, b))
        gain[[a, b], :] = gain[:, [a, b]] = 0
    return pairs


def _visit(arrays: Arrays, state: State, ranges: tuple[Ints, Ints], pairs: Pairs, moves: int, near: int) -> list[int]:
    """Finish disjoint pairs of classes, two side by side; return the change of each.

    A pair changes nothing that another one reads, and each has a generator of its own, drawn beforehand: so the
    result is the same with one thread or two, whichever comes first.
    """
    generators = [np.array([1 + below(state.random, 1 << 30)], np.uint64) for _ in pairs]

    def visit(pair: tuple[int, int], random: Words) -> int:
        return int(finish_pair(arrays, state._replace(random=random), *ranges, *pair, moves, near))

    if len(pairs) < 2 or len(pairs) * moves < (MANY if near else 4 * MANY):  # a thread costs more than that
        return [visit(pair, random) for pair, random in zip(pairs, generators, strict=True)]
    with ThreadPoolExecutor(max_workers=THREADS) as pool:
        return list(pool.map(visit, pairs, generators))
