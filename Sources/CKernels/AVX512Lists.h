// Scans of inverted lists, sixteen codes at a time. A part of AVX512.c.
#pragma once
#include "Lists.h"

/// A store of sixteen writes behind what is kept, but never beyond what has been read.
INLINE size_t keep_from(float *scores, uint32_t *positions, size_t count, float least) {
    size_t kept = 0, place = 0;
    for (; place + 16 <= count; place += 16) {
        const __m512 some = _mm512_loadu_ps(scores + place);
        const __m512i where = _mm512_loadu_si512(positions + place);
        const __mmask16 reached = _mm512_cmp_ps_mask(some, _mm512_set1_ps(least), _CMP_GE_OQ);
        _mm512_storeu_ps(scores + kept, _mm512_maskz_compress_ps(reached, some));
        _mm512_storeu_si512(positions + kept, _mm512_maskz_compress_epi32(reached, where));
        kept += (size_t)__builtin_popcount(reached);
    }
    for (; place < count; ++place) {
        const float score = scores[place];
        scores[kept] = score;
        positions[kept] = positions[place];
        kept += score >= least;
    }
    return kept;
}

/// Appends those of sixteen codes whose score is above the threshold.
INLINE void collect(
    const uint8_t *offsets, __m512i sums, CKernelsScale scale, uint32_t first,
    CKernelsFound *found) {
    const __m512 base =
        _mm512_sub_ps(_mm512_set1_ps(scale.base), _mm512_loadu_ps(offsets));
    const __m512 scores =
        _mm512_fmadd_ps(_mm512_cvtepi32_ps(sums), _mm512_set1_ps(scale.step), base);
    const __mmask16 above =
        _mm512_cmp_ps_mask(scores, _mm512_set1_ps(found->threshold), _CMP_GT_OQ);
    if (!above) return;
    const __m512i places =
        _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
    const __m512i positions =
        _mm512_add_epi32(places, _mm512_set1_epi32((int)first));
    // Stored whole: there is room for sixteen more, and a masked store takes ten times as long.
    _mm512_storeu_ps(
        found->scores + found->count, _mm512_maskz_compress_ps(above, scores));
    _mm512_storeu_si512(
        found->positions + found->count, _mm512_maskz_compress_epi32(above, positions));
    found->count += (size_t)__builtin_popcount(above);
}

/// Sums for sixteen codes what the tables say of each of their parts.
///
/// A permutation of bytes looks up 64 table rows at once, of four parts: so a code's four parts are
/// brought beside each other first, each with the number of its table before its four bits; then
/// dpbusd adds the four.
static void scan_codes(
    const CKernelsList *list, const uint8_t *tables, CKernelsScale scale, CKernelsFound *found) {
    const __m512i beside = _mm512_add_epi32(
        _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15) * 0x01010101,
        _mm512_set1_epi32(0x30201000));
    const __m512i four_bits = _mm512_set1_epi8(15), numbers = _mm512_set1_epi32(0x30201000);
    const __m512i ones = _mm512_set1_epi8(1);
    for (size_t number = 0; number < list->count; ++number) {
        const uint8_t *start = block_of(list, number), *codes = start + offsets_size;
        fetch_ahead(list, start);
        __m512i low = _mm512_setzero_si512(), high = low;
        for (size_t group = 0; group < list->groups; ++group, codes += 64) {
            const __m512i both = _mm512_permutexvar_epi8(beside, _mm512_loadu_si512(codes));
            const __m512i low_rows =
                _mm512_ternarylogic_epi32(both, four_bits, numbers, 0xea);  // both & bits | numbers
            const __m512i high_rows =
                _mm512_ternarylogic_epi32(_mm512_srli_epi16(both, 4), four_bits, numbers, 0xea);
            const uint8_t *table = tables + group * 8 * block;
            low = _mm512_dpbusd_epi32(
                low, _mm512_permutexvar_epi8(low_rows, _mm512_loadu_si512(table)), ones);
            high = _mm512_dpbusd_epi32(
                high, _mm512_permutexvar_epi8(high_rows, _mm512_loadu_si512(table + 64)), ones);
        }
        collect(start, _mm512_add_epi32(low, high), scale, first_of(list, number), found);
    }
}

static void scan_bytes(
    const CKernelsList *list, const int8_t *query, CKernelsScale scale, CKernelsFound *found) {
    for (size_t number = 0; number < list->count; ++number) {
        const uint8_t *start = block_of(list, number), *codes = start + offsets_size;
        fetch_ahead(list, start);
        __m512i even = _mm512_setzero_si512(), odd = even;
        size_t group = 0;
        for (; group + 2 <= list->groups; group += 2, codes += 128) {
            int32_t four, next;
            memcpy(&four, query + group * 4, 4);
            memcpy(&next, query + group * 4 + 4, 4);
            even = _mm512_dpbusd_epi32(even, _mm512_loadu_si512(codes), _mm512_set1_epi32(four));
            odd = _mm512_dpbusd_epi32(odd, _mm512_loadu_si512(codes + 64), _mm512_set1_epi32(next));
        }
        if (group < list->groups) {
            int32_t four;
            memcpy(&four, query + group * 4, 4);
            even = _mm512_dpbusd_epi32(even, _mm512_loadu_si512(codes), _mm512_set1_epi32(four));
            codes += 64;
        }
        collect(start, _mm512_add_epi32(even, odd), scale, first_of(list, number), found);
    }
}
