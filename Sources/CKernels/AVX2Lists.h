// Scans of inverted lists, sixteen codes in two registers. A part of AVX2.c.
#pragma once
#include "Lists.h"

INLINE size_t keep_from(float *scores, uint32_t *positions, size_t count, float least) {
    return keep_from_one_by_one(scores, positions, count, least);
}


/// Appends those of eight codes whose score is above the threshold.
INLINE void collect(
    const uint8_t *offsets, __m256i sums, CKernelsScale scale, uint32_t first,
    CKernelsFound *found) {
    const __m256 base =
        _mm256_sub_ps(_mm256_set1_ps(scale.base), _mm256_loadu_ps((const float *)offsets));
    const __m256 scores =
        _mm256_fmadd_ps(_mm256_cvtepi32_ps(sums), _mm256_set1_ps(scale.step), base);
    unsigned above = (unsigned)_mm256_movemask_ps(
        _mm256_cmp_ps(scores, _mm256_set1_ps(found->threshold), _CMP_GT_OQ));
    if (!above) return;
    float eight[8];
    _mm256_storeu_ps(eight, scores);
    for (; above; above &= above - 1) {
        const unsigned place = (unsigned)__builtin_ctz(above);
        found->scores[found->count] = eight[place];
        found->positions[found->count++] = first + place;
    }
}

/// Sums for sixteen codes what the tables say of each of their parts.
///
/// A shuffle looks up one part of sixteen codes in each half of a register. The bytes are added as
/// they lie, two in a word: the upper ones are counted apart, and taken off again.
static void scan_codes(
    const CKernelsList *list, const uint8_t *tables, CKernelsScale scale, CKernelsFound *found) {
    const __m256i four_bits = _mm256_set1_epi8(15);
    for (size_t number = 0; number < list->count; ++number) {
        const uint8_t *start = block_of(list, number), *codes = start + offsets_size;
        fetch_ahead(list, start);
        __m256i sums[2] = {_mm256_setzero_si256(), _mm256_setzero_si256()};
        for (size_t group = 0; group < list->groups;) {
            // A word holds 257 bytes; a group adds four to each half, and to each word.
            const size_t end = group + 32 < list->groups ? group + 32 : list->groups;
            __m256i all = _mm256_setzero_si256(), upper = all;
            for (; group < end; ++group, codes += 64) {
                const __m256i *two = (const __m256i *)codes;
                const __m256i *table = (const __m256i *)(tables + group * 8 * block);
                for (size_t half = 0; half < 2; ++half) {
                    const __m256i both = _mm256_loadu_si256(two + half);
                    const __m256i high_bits =
                        _mm256_and_si256(_mm256_srli_epi16(both, 4), four_bits);
                    const __m256i low = _mm256_shuffle_epi8(
                        _mm256_loadu_si256(table + half), _mm256_and_si256(both, four_bits));
                    const __m256i high =
                        _mm256_shuffle_epi8(_mm256_loadu_si256(table + 2 + half), high_bits);
                    all = _mm256_add_epi16(all, _mm256_add_epi16(low, high));
                    upper = _mm256_add_epi16(
                        upper,
                        _mm256_add_epi16(_mm256_srli_epi16(low, 8), _mm256_srli_epi16(high, 8)));
                }
            }
            const __m256i lower = _mm256_sub_epi16(all, _mm256_slli_epi16(upper, 8));
            const __m128i even = _mm_add_epi16(
                _mm256_castsi256_si128(lower), _mm256_extracti128_si256(lower, 1));
            const __m128i odd = _mm_add_epi16(
                _mm256_castsi256_si128(upper), _mm256_extracti128_si256(upper, 1));
            const __m128i front = _mm_unpacklo_epi16(even, odd);
            const __m128i back = _mm_unpackhi_epi16(even, odd);
            sums[0] = _mm256_add_epi32(sums[0], _mm256_cvtepu16_epi32(front));
            sums[1] = _mm256_add_epi32(sums[1], _mm256_cvtepu16_epi32(back));
        }
        collect(start, sums[0], scale, first_of(list, number), found);
        collect(start + 32, sums[1], scale, first_of(list, number) + 8, found);
    }
}

static void scan_bytes(
    const CKernelsList *list, const int8_t *query, CKernelsScale scale, CKernelsFound *found) {
    for (size_t number = 0; number < list->count; ++number) {
        const uint8_t *start = block_of(list, number), *codes = start + offsets_size;
        fetch_ahead(list, start);
        // Two sums for each code, of four codes in each register.
        __m256i sums[4] = {};
        for (size_t group = 0; group < list->groups; ++group, codes += 64) {
            int32_t four;
            memcpy(&four, query + group * 4, 4);
            const __m256i words = _mm256_cvtepi8_epi16(_mm_set1_epi32(four));
            for (size_t quarter = 0; quarter < 4; ++quarter) {
                const __m128i bytes = _mm_loadu_si128((const __m128i *)codes + quarter);
                const __m256i products = _mm256_madd_epi16(_mm256_cvtepu8_epi16(bytes), words);
                sums[quarter] = _mm256_add_epi32(sums[quarter], products);
            }
        }
        for (size_t half = 0; half < 2; ++half) {
            const __m256i folded = _mm256_hadd_epi32(sums[2 * half], sums[2 * half + 1]);
            const __m256i ordered = _mm256_permute4x64_epi64(folded, 0xd8);
            const uint32_t first = first_of(list, number) + (uint32_t)(8 * half);
            collect(start + 32 * half, ordered, scale, first, found);
        }
    }
}
