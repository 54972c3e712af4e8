// Loops over numbers, written for three kinds of processor.
//
// Why it exists: a program for any x86-64 processor may use SSE2 alone, which leaves most of a
// present one idle. Here every loop is there three times, and the processor that runs the program
// chooses. CKernels includes nothing but the compiler's headers: no inline function of another
// library may be compiled here for more than the least processor, and then be linked elsewhere.
//
// Vectors are compact: component j of vector i is vectors[i * dimension + j]. Nothing needs to be
// aligned, and every count may be 0. Halves are IEEE 754 binary16. Sums of floats are of single
// precision, in an order that depends on the level and the dimension alone: the score of a vector
// has the same bits from `one`, `each` and `rows`.
#pragma once
#include "CKernelsLists.h"

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// What a processor can do; each level can also do what is below it.
typedef enum __attribute__((enum_extensibility(closed))) CKernelsLevel : int32_t {
    /// Anything: no instruction that the compiler's target does not have.
    CKernelsLevelPortable = 0,
    /// AVX2, FMA, F16C and POPCNT: Haswell (2013), Zen, and later.
    CKernelsLevelAVX2 = 1,
    /// AVX-512 F, BW, VL, DQ, VBMI, VNNI and VPOPCNTDQ: Ice Lake (2019), Zen 4, and later.
    CKernelsLevelAVX512 = 2,
} CKernelsLevel;

/// Scores of vectors of floats or of halves by a query of floats.
typedef struct CKernelsScores {
    float (*_Nonnull one)(
        const float *_Nullable query, const void *_Nullable vector, size_t dimension);
    /// Those of `count` vectors that lie one behind the other.
    void (*_Nonnull each)(
        const float *_Nullable query, const void *_Nullable vectors, size_t dimension,
        size_t count, float *_Nullable scores);
    /// Those of the vectors numbered `rows`, fetched ahead from wherever they lie.
    void (*_Nonnull rows)(
        const float *_Nullable query, const void *_Nullable vectors, size_t dimension,
        const uint32_t *_Nullable rows, size_t count, float *_Nullable scores);
} CKernelsScores;

/// All kernels of one level.
typedef struct CKernelsTable {
    CKernelsLevel level;
    /// Inner products and squared distances with floats.
    CKernelsScores products, distances;
    /// The same with halves.
    CKernelsScores half_products, half_distances;
    /// Inner products of a query of bytes with `count` vectors of bytes, exact modulo 2^32.
    void (*_Nonnull byte_products)(
        const int8_t *_Nullable query, const int8_t *_Nullable vectors, size_t dimension,
        size_t count, int32_t *_Nullable products);
    /// The same with vectors of bytes without a sign.
    void (*_Nonnull unsigned_byte_products)(
        const int8_t *_Nullable query, const uint8_t *_Nullable vectors, size_t dimension,
        size_t count, int32_t *_Nullable products);
    /// In how many bits each of `count` codes of `bytes` bytes differs from `code`.
    void (*_Nonnull hamming_distances)(
        const uint8_t *_Nullable code, const uint8_t *_Nullable codes, size_t bytes, size_t count,
        int32_t *_Nullable distances);
    /// Rounds to the nearest half, ties to even; what is too large becomes infinite.
    void (*_Nonnull to_halves)(
        const float *_Nullable floats, size_t count, uint16_t *_Nullable halves);
    void (*_Nonnull from_halves)(
        const uint16_t *_Nullable halves, size_t count, float *_Nullable floats);
    /// The sum modulo 2^64 of `count` words: what it costs to read them, and nothing else.
    uint64_t (*_Nonnull sum_words)(const uint64_t *_Nullable words, size_t count);
    CKernelsLists lists;
} CKernelsTable;

/// The kernels of `level`, or NULL where this processor cannot run them.
const CKernelsTable *_Nullable CKernels_table(CKernelsLevel level);

/// Set before `main`, and never again. Not for Swift: see `CKernels_best`.
extern const CKernelsTable *_Nonnull CKernels_chosen;

/// The kernels of the highest level that this processor can run.
static inline const CKernelsTable *_Nonnull CKernels_best(void) { return CKernels_chosen; }

#ifdef __cplusplus
}
#endif
