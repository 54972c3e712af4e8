// Inner products of bytes and Hamming distances, 64 bytes at a time. A part of AVX512.c.
#pragma once
#include "Sums.h"

// MARK: - Bytes

INLINE __m512i bytes(const void *values) { return _mm512_loadu_si512(values); }

/// The first `count` of 64 bytes, and zeros behind them; `count` is below 64.
INLINE __m512i some_bytes(const void *values, size_t count) {
    return _mm512_maskz_loadu_epi8(((__mmask64)1 << count) - 1, values);
}

INLINE FourWhole folded_whole(__m512i lanes) {
    const __m256i eight =
        _mm256_add_epi32(_mm512_castsi512_si256(lanes), _mm512_extracti32x8_epi32(lanes, 1));
    const __m128i high = _mm256_extracti128_si256(eight, 1);
    return (FourWhole)_mm_add_epi32(_mm256_castsi256_si128(eight), high);
}

/// The folded inner products of `many` vectors (a constant).
///
/// dpbusd multiplies bytes without a sign by bytes with one, and adds in 32 bits without a limit.
/// Flipping a byte's highest bit (`flip`) adds 128 and takes the sign away, so that 128 times the
/// query's sum is too much. Behind the end the query's bytes are zero, whatever the others are.
INLINE void add_byte_products(
    const int8_t *query, const uint8_t *const *vectors, size_t dimension, size_t many,
    __m512i flip, FourWhole *sums) {
    __m512i all[4] = {};
    size_t place = 0;
    for (; place + 64 <= dimension; place += 64) {
        for (size_t v = 0; v < many; ++v) {
            const __m512i flipped = _mm512_xor_si512(bytes(vectors[v] + place), flip);
            all[v] = _mm512_dpbusd_epi32(all[v], flipped, bytes(query + place));
        }
    }
    if (place < dimension) {
        const size_t rest = dimension - place;
        for (size_t v = 0; v < many; ++v) {
            const __m512i flipped = _mm512_xor_si512(some_bytes(vectors[v] + place, rest), flip);
            all[v] = _mm512_dpbusd_epi32(all[v], flipped, some_bytes(query + place, rest));
        }
    }
    for (size_t v = 0; v < many; ++v) sums[v] = folded_whole(all[v]);
}

INLINE void multiply_bytes(
    const int8_t *query, const uint8_t *vectors, size_t dimension, size_t count, bool is_signed,
    int32_t *products) {
    const __m512i flip = _mm512_set1_epi8(is_signed ? -128 : 0);
    uint32_t excess = 0;
    for (size_t place = 0; place < dimension && is_signed; ++place)
        excess += 128u * (uint32_t)query[place];
    size_t row = 0;
    for (; row + 4 <= count; row += 4) {
        const uint8_t *four[4];
        for (size_t v = 0; v < 4; ++v) four[v] = vectors + (row + v) * dimension;
        FourWhole folded[4];
        add_byte_products(query, four, dimension, 4, flip, folded);
        store_whole_sums(folded, products + row);
    }
    for (; row < count; ++row) {
        const uint8_t *vector = vectors + row * dimension;
        FourWhole folded;
        add_byte_products(query, &vector, dimension, 1, flip, &folded);
        products[row] = whole_sum(folded);
    }
    for (row = 0; row < count && is_signed; ++row)
        products[row] = (int32_t)((uint32_t)products[row] - excess);
}

static void byte_products(
    const int8_t *query, const int8_t *vectors, size_t dimension, size_t count,
    int32_t *products) {
    multiply_bytes(query, (const uint8_t *)vectors, dimension, count, true, products);
}

static void unsigned_byte_products(
    const int8_t *query, const uint8_t *vectors, size_t dimension, size_t count,
    int32_t *products) {
    multiply_bytes(query, vectors, dimension, count, false, products);
}

// MARK: - Hamming distances

/// Eight counts of the bits by which 64 bytes differ; as 32-bit numbers, every other one is 0.
INLINE __m512i counts(__m512i a, __m512i b) { return _mm512_popcnt_epi64(_mm512_xor_si512(a, b)); }

INLINE void add_counts(
    const uint8_t *code, const uint8_t *const *codes, size_t size, size_t many, FourWhole *sums) {
    __m512i all[4] = {};
    size_t place = 0;
    for (; place + 64 <= size; place += 64) {
        for (size_t c = 0; c < many; ++c)
            all[c] = _mm512_add_epi32(all[c], counts(bytes(code + place), bytes(codes[c] + place)));
    }
    if (place < size) {
        const size_t rest = size - place;
        const __m512i last = some_bytes(code + place, rest);
        for (size_t c = 0; c < many; ++c)
            all[c] = _mm512_add_epi32(all[c], counts(last, some_bytes(codes[c] + place, rest)));
    }
    for (size_t c = 0; c < many; ++c) sums[c] = folded_whole(all[c]);
}

static void hamming_distances(
    const uint8_t *code, const uint8_t *codes, size_t size, size_t count, int32_t *distances) {
    size_t row = 0;
    if (size == 8) {
        // Eight codes fill a register, and no sum is left to take.
        int64_t one;
        memcpy(&one, code, sizeof one);
        for (; row + 8 <= count; row += 8) {
            const __m512i eight = counts(_mm512_set1_epi64(one), bytes(codes + row * 8));
            _mm256_storeu_si256((__m256i *)(distances + row), _mm512_cvtepi64_epi32(eight));
        }
    }
    for (; row + 4 <= count; row += 4) {
        const uint8_t *four[4];
        for (size_t c = 0; c < 4; ++c) four[c] = codes + (row + c) * size;
        FourWhole folded[4];
        add_counts(code, four, size, 4, folded);
        store_whole_sums(folded, distances + row);
    }
    for (; row < count; ++row) {
        const uint8_t *other = codes + row * size;
        FourWhole folded;
        add_counts(code, &other, size, 1, &folded);
        distances[row] = whole_sum(folded);
    }
}
