// Hamming distances, eight bytes at a time. Included by the levels whose best way this is: where
// there is POPCNT, it counts eight bytes in a cycle, which is as fast as memory gives them.
#pragma once
#include "Level.h"

INLINE int32_t differing_bits(const uint8_t *a, const uint8_t *b, size_t bytes) {
    int32_t distance = 0;
    size_t place = 0;
    for (; place + 8 <= bytes; place += 8) {
        uint64_t left, right;
        memcpy(&left, a + place, 8);
        memcpy(&right, b + place, 8);
        distance += __builtin_popcountll(left ^ right);
    }
    for (; place < bytes; ++place) distance += __builtin_popcount(a[place] ^ b[place]);
    return distance;
}

static void hamming_distances(
    const uint8_t *code, const uint8_t *codes, size_t bytes, size_t count, int32_t *distances) {
    for (size_t row = 0; row < count; ++row)
        distances[row] = differing_bits(code, codes + row * bytes, bytes);
}
