// The last steps of four sums at once. Included by each level, for its own instructions.
#pragma once
#include "Level.h"

typedef float FourFloats __attribute__((vector_size(16)));
typedef int32_t FourWhole __attribute__((vector_size(16)));

/// Sums of neighbours: those of a, then those of b.
#define NEIGHBOURS(a, b) \
    (__builtin_shufflevector(a, b, 0, 2, 4, 6) + __builtin_shufflevector(a, b, 1, 3, 5, 7))

INLINE float sum(FourFloats a) { return (a[0] + a[1]) + (a[2] + a[3]); }

/// The same sums as `sum` gives one by one, to the bit.
INLINE void store_sums(const FourFloats a[4], float *sums) {
    const FourFloats left = NEIGHBOURS(a[0], a[1]), right = NEIGHBOURS(a[2], a[3]);
    const FourFloats all = NEIGHBOURS(left, right);
    memcpy(sums, &all, sizeof all);
}

INLINE int32_t whole_sum(FourWhole a) { return (a[0] + a[1]) + (a[2] + a[3]); }

INLINE void store_whole_sums(const FourWhole a[4], int32_t *sums) {
    const FourWhole left = NEIGHBOURS(a[0], a[1]), right = NEIGHBOURS(a[2], a[3]);
    const FourWhole all = NEIGHBOURS(left, right);
    memcpy(sums, &all, sizeof all);
}
