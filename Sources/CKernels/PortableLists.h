// Scans of inverted lists, one code after the other. A part of Portable.c.
#pragma once
#include "Lists.h"

INLINE size_t keep_from(float *scores, uint32_t *positions, size_t count, float least) {
    return keep_from_one_by_one(scores, positions, count, least);
}

INLINE void collect(
    const uint8_t *start, const int32_t *sums, CKernelsScale scale, uint32_t first,
    CKernelsFound *found) {
    float offsets[block];
    memcpy(offsets, start, sizeof offsets);
    for (uint32_t code = 0; code < block; ++code) {
        const float score = (float)sums[code] * scale.step + (scale.base - offsets[code]);
        if (!(score > found->threshold)) continue;
        found->scores[found->count] = score;
        found->positions[found->count++] = first + code;
    }
}

static void scan_codes(
    const CKernelsList *list, const uint8_t *tables, CKernelsScale scale, CKernelsFound *found) {
    for (size_t number = 0; number < list->count; ++number) {
        const uint8_t *start = block_of(list, number), *codes = start + offsets_size;
        int32_t sums[block] = {};
        for (size_t group = 0; group < list->groups; ++group, codes += group_size) {
            for (size_t lane = 0; lane < 4; ++lane) {
                const uint8_t *low = tables + (group * 8 + lane) * block, *high = low + 4 * block;
                for (size_t code = 0; code < block; ++code) {
                    const uint8_t two = codes[lane * block + code];
                    sums[code] += low[two & 15] + high[two >> 4];
                }
            }
        }
        collect(start, sums, scale, first_of(list, number), found);
    }
}

static void scan_bytes(
    const CKernelsList *list, const int8_t *query, CKernelsScale scale, CKernelsFound *found) {
    for (size_t number = 0; number < list->count; ++number) {
        const uint8_t *start = block_of(list, number), *codes = start + offsets_size;
        int32_t sums[block] = {};
        for (size_t group = 0; group < list->groups; ++group, codes += group_size)
            for (size_t code = 0; code < block; ++code)
                for (size_t place = 0; place < 4; ++place)
                    sums[code] += codes[code * 4 + place] * query[group * 4 + place];
        collect(start, sums, scale, first_of(list, number), found);
    }
}
