/* The annealing loop of engine/annealing.py once more, for pupils without rules: the measure of how fast it could be.

   Same data, same layout, same generator, same decisions; so the same placement, which a test compares. Whoever changes
   the loop there changes it here. */

#include <stdint.h>

#define MULTIPLIER 4294883355ULL
#define LOW 0xFFFFFFFFULL

/* What engine.kernels.Arrays holds, as far as lone pupils without rules need it. */
typedef struct {
    int64_t units, columns, numbers, groups, classes, widest, step;
    const int64_t *x, *mark;
    const uint16_t *level;
    const int64_t *reciprocal, *weight, *kin_start, *kin_count, *kin;
} Arrays;

/* What engine.kernels.State holds, and what anneal keeps beside it: all of it is changed. */
typedef struct {
    int64_t *class_of, *sums, *single, *singles, *at;
    uint64_t *random;
    int64_t *pull, *slack, *cost;
} State;

static inline uint64_t following(uint64_t word) { return (word & LOW) * MULTIPLIER + (word >> 32); }

static inline uint64_t bits_of(uint64_t word) { return (word & LOW) ^ (word >> 32); }

static inline int64_t scaled(uint64_t bits, int64_t n) { return (int64_t)((bits * (uint64_t)n) >> 32); }

static void refresh(const Arrays *arrays, const State *state, int64_t a) {
    const int64_t r = arrays->reciprocal[a];
    const int64_t *sums = state->sums + a * arrays->columns;
    int64_t *pull = state->pull + a * (arrays->columns + 1);
    int64_t part = 0;
    for (int64_t f = 0; f < arrays->columns; f++) {
        pull[f] = 2 * arrays->weight[f] * r * sums[f];
        if (f < arrays->numbers) part += arrays->weight[f] * r * sums[f] * sums[f];
    }
    state->slack[a] = part;
}

static inline int64_t counts_delta(const Arrays *arrays, const State *state, int64_t i, int64_t j, int64_t a, int64_t b) {
    const int64_t *pull_a = state->pull + a * (arrays->columns + 1), *pull_b = state->pull + b * (arrays->columns + 1);
    const uint16_t *level_i = arrays->level + i * arrays->groups, *level_j = arrays->level + j * arrays->groups;
    int64_t pulled = 0, paid = 0;
    for (int64_t g = 0; g < arrays->groups; g++) {
        const int64_t p = level_i[g], q = level_j[g];
        const int64_t both = state->cost[p] + state->cost[q];
        pulled += pull_a[q] - pull_b[q] - pull_a[p] + pull_b[p];
        paid += p != q ? both : 0;
    }
    return arrays->step * pulled + (arrays->reciprocal[a] + arrays->reciprocal[b]) * paid;
}

static inline int64_t numbers_delta(const Arrays *arrays, const State *state, int64_t i, int64_t j, int64_t a, int64_t b) {
    const int64_t *pull_a = state->pull + a * (arrays->columns + 1), *pull_b = state->pull + b * (arrays->columns + 1);
    const int64_t *mark_i = arrays->mark + i * arrays->numbers, *mark_j = arrays->mark + j * arrays->numbers;
    const int64_t r = arrays->reciprocal[a] + arrays->reciprocal[b];
    int64_t total = 0;
    for (int64_t f = 0; f < arrays->numbers; f++) {
        const int64_t d = mark_j[f] - mark_i[f];
        total += d * (pull_a[f] - pull_b[f] + arrays->weight[f] * r * d);
    }
    return total;
}

static void relocate(const Arrays *arrays, const State *state, int64_t i, int64_t k) {
    const int64_t a = state->class_of[i], columns = arrays->columns;
    for (int64_t f = 0; f < columns; f++) {
        state->sums[a * columns + f] -= arrays->x[i * columns + f];
        state->sums[k * columns + f] += arrays->x[i * columns + f];
    }
    const int64_t last = state->single[a * arrays->widest + state->singles[a] - 1];
    state->single[a * arrays->widest + state->at[i]] = last;
    state->at[last] = state->at[i];
    state->singles[a]--;
    state->single[k * arrays->widest + state->singles[k]] = i;
    state->at[i] = state->singles[k];
    state->singles[k]++;
    state->class_of[i] = k;
}

/* Propose `steps` exchanges at one temperature; return the change of E. */
int64_t anneal(const Arrays *arrays, const State *state, const int64_t *thresholds, int64_t most, int64_t steps,
               int64_t kin_share) {
    int64_t gained = 0;
    uint64_t word = state->random[0];
    for (int64_t f = 0; f < arrays->columns; f++) state->cost[f] = arrays->weight[f] * arrays->step * arrays->step;
    for (int64_t a = 0; a < arrays->classes; a++) refresh(arrays, state, a);
    for (int64_t n = 0; n < steps; n++) {
        word = following(word);
        const int64_t i = scaled(bits_of(word), arrays->units);
        const int64_t a = state->class_of[i];
        word = following(word);
        const int64_t bits = (int64_t)bits_of(word);
        const int64_t threshold = thresholds[bits & (most - 1)];
        word = following(word);
        const uint64_t third = bits_of(word);
        int64_t j, b, delta = 0;
        if (((bits >> 10) & 255) < kin_share) {
            if (arrays->kin_count[i] < 2) continue;
            j = arrays->kin[arrays->kin_start[i] + scaled(third, arrays->kin_count[i])];
            b = state->class_of[j];
            if (b == a) continue;
        } else {
            j = scaled(third, arrays->units);
            b = state->class_of[j];
            if (b == a) continue;
            delta = counts_delta(arrays, state, i, j, a, b);
            if (delta > threshold + state->slack[a] + state->slack[b]) continue;
        }
        delta += numbers_delta(arrays, state, i, j, a, b);
        if (delta > threshold) continue;
        relocate(arrays, state, i, b);
        relocate(arrays, state, j, a);
        refresh(arrays, state, a);
        refresh(arrays, state, b);
        gained += delta;
    }
    state->random[0] = word;
    return gained;
}
