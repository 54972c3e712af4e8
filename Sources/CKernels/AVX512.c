// The level of AVX-512: sixteen lanes, of which a mask takes some.
#if defined(__x86_64__)
#include "Level.h"

#include <immintrin.h>

#pragma clang attribute push( \
    __attribute__((target("avx2,fma,f16c,popcnt,avx512f,avx512bw,avx512vl,avx512dq," \
                          "avx512vbmi,avx512vnni,avx512vpopcntdq"))), \
    apply_to = function)

typedef __m512 Lanes;
enum { width = 16 };

/// The first `count` of sixteen lanes.
INLINE __mmask16 first(size_t count) { return (__mmask16)((1u << count) - 1); }

INLINE Lanes floats(const float *values) { return _mm512_loadu_ps(values); }

INLINE Lanes some_floats(const float *values, size_t count) {
    return _mm512_maskz_loadu_ps(first(count), values);
}

INLINE Lanes halves(const uint16_t *values) {
    return _mm512_cvtph_ps(_mm256_loadu_si256((const __m256i *)values));
}

INLINE Lanes some_halves(const uint16_t *values, size_t count) {
    return _mm512_cvtph_ps(_mm256_maskz_loadu_epi16(first(count), values));
}

INLINE Lanes minus(Lanes a, Lanes b) { return _mm512_sub_ps(a, b); }
INLINE Lanes plus_product(Lanes sum, Lanes a, Lanes b) { return _mm512_fmadd_ps(a, b, sum); }
INLINE __m128 folded(Lanes lanes) {
    const __m256 eight =
        _mm256_add_ps(_mm512_castps512_ps256(lanes), _mm512_extractf32x8_ps(lanes, 1));
    return _mm_add_ps(_mm256_castps256_ps128(eight), _mm256_extractf128_ps(eight, 1));
}

#include "Scores.h"
#include "AVX512Bytes.h"
#include "AVX512Lists.h"

// MARK: - Conversion

static void to_halves(const float *values, size_t count, uint16_t *out) {
    for (size_t place = 0; place < count; place += width) {
        const __mmask16 mask = first(count - place < width ? count - place : width);
        const __m512 some = _mm512_maskz_loadu_ps(mask, values + place);
        const __m256i narrow = _mm512_cvtps_ph(some, _MM_FROUND_TO_NEAREST_INT);
        _mm256_mask_storeu_epi16(out + place, mask, narrow);
    }
}

static void from_halves(const uint16_t *values, size_t count, float *out) {
    for (size_t place = 0; place < count; place += width) {
        const size_t some = count - place < width ? count - place : width;
        _mm512_mask_storeu_ps(out + place, first(some), some_halves(values + place, some));
    }
}

#pragma clang attribute pop

#define LEVEL CKernelsLevelAVX512
#define TABLE CKernels_avx512
#include "Table.h"
#endif
