// The level of AVX2, FMA, F16C and POPCNT: eight lanes.
#if defined(__x86_64__)
#include "Level.h"

#include <immintrin.h>

#pragma clang attribute push(__attribute__((target("avx2,fma,f16c,popcnt"))), apply_to = function)

typedef __m256 Lanes;
enum { width = 8 };

INLINE Lanes floats(const float *values) { return _mm256_loadu_ps(values); }

INLINE Lanes some_floats(const float *values, size_t count) {
    // Eight from `count` places before its middle on: that many ones, then zeros.
    static const int32_t taken[16] = {-1, -1, -1, -1, -1, -1, -1, -1};
    const __m256i mask = _mm256_loadu_si256((const __m256i *)(taken + width - count));
    return _mm256_maskload_ps(values, mask);
}

INLINE Lanes halves(const uint16_t *values) {
    return _mm256_cvtph_ps(_mm_loadu_si128((const __m128i *)values));
}

INLINE Lanes some_halves(const uint16_t *values, size_t count) {
    uint16_t some[8] = {};
    for (size_t lane = 0; lane < count; ++lane) some[lane] = values[lane];
    return halves(some);
}

INLINE Lanes minus(Lanes a, Lanes b) { return _mm256_sub_ps(a, b); }
INLINE Lanes plus_product(Lanes sum, Lanes a, Lanes b) { return _mm256_fmadd_ps(a, b, sum); }
INLINE __m128 folded(Lanes lanes) {
    return _mm_add_ps(_mm256_castps256_ps128(lanes), _mm256_extractf128_ps(lanes, 1));
}

#include "Scores.h"
#include "AVX2Lists.h"
#include "Words.h"

// MARK: - Bytes

/// Sixteen bytes, as 16-bit numbers.
INLINE __m256i sixteen(const void *bytes, bool is_signed) {
    const __m128i loaded = _mm_loadu_si128((const __m128i *)bytes);
    return is_signed ? _mm256_cvtepi8_epi16(loaded) : _mm256_cvtepu8_epi16(loaded);
}

/// Not by maddubs, which needs half the instructions but adds two products in 16 bits, where
/// 255 * -128 twice is too much.
INLINE int32_t byte_product(
    const int8_t *query, const uint8_t *vector, size_t dimension, bool is_signed) {
    __m256i sums = _mm256_setzero_si256();
    size_t place = 0;
    for (; place + 16 <= dimension; place += 16) {
        const __m256i pairs =
            _mm256_madd_epi16(sixteen(query + place, true), sixteen(vector + place, is_signed));
        sums = _mm256_add_epi32(sums, pairs);
    }
    uint32_t rest = 0;
    for (; place < dimension; ++place) {
        const int value = is_signed ? (int8_t)vector[place] : vector[place];
        rest += (uint32_t)(query[place] * value);
    }
    const __m128i four =
        _mm_add_epi32(_mm256_castsi256_si128(sums), _mm256_extracti128_si256(sums, 1));
    return (int32_t)((uint32_t)whole_sum((FourWhole)four) + rest);
}

static void byte_products(
    const int8_t *query, const int8_t *vectors, size_t dimension, size_t count,
    int32_t *products) {
    for (size_t row = 0; row < count; ++row) {
        const uint8_t *vector = (const uint8_t *)vectors + row * dimension;
        products[row] = byte_product(query, vector, dimension, true);
    }
}

static void unsigned_byte_products(
    const int8_t *query, const uint8_t *vectors, size_t dimension, size_t count,
    int32_t *products) {
    for (size_t row = 0; row < count; ++row)
        products[row] = byte_product(query, vectors + row * dimension, dimension, false);
}

// MARK: - Conversion

static void to_halves(const float *values, size_t count, uint16_t *out) {
    size_t place = 0;
    for (; place + width <= count; place += width) {
        const __m128i eight = _mm256_cvtps_ph(floats(values + place), _MM_FROUND_TO_NEAREST_INT);
        _mm_storeu_si128((__m128i *)(out + place), eight);
    }
    const Lanes last = some_floats(values + place, count - place);
    const __m128i eight = _mm256_cvtps_ph(last, _MM_FROUND_TO_NEAREST_INT);
    memcpy(out + place, &eight, (count - place) * sizeof *out);
}

static void from_halves(const uint16_t *values, size_t count, float *out) {
    size_t place = 0;
    for (; place + width <= count; place += width)
        _mm256_storeu_ps(out + place, halves(values + place));
    const Lanes last = some_halves(values + place, count - place);
    memcpy(out + place, &last, (count - place) * sizeof *out);
}

#pragma clang attribute pop

#define LEVEL CKernelsLevelAVX2
#define TABLE CKernels_avx2
#include "Table.h"
#endif
