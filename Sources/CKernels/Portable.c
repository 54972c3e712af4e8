// The level of any processor: four lanes, by the compiler's own vectors.
#include "Sums.h"
#include "Words.h"

typedef FourFloats Lanes;
typedef uint32_t FourWords __attribute__((vector_size(16)));
typedef uint16_t FourHalves __attribute__((vector_size(8)));
enum { width = 4 };

INLINE Lanes floats(const float *values) {
    Lanes lanes;
    memcpy(&lanes, values, sizeof lanes);
    return lanes;
}

INLINE Lanes some_floats(const float *values, size_t count) {
    return (Lanes){values[0], count > 1 ? values[1] : 0, count > 2 ? values[2] : 0, 0};
}

/// The floats of four halves, without an instruction for it.
INLINE Lanes widened(FourWords halves) {
    const FourWords sign = (halves & 0x8000) << 16;
    // Moved to their places in a float, the bits mean 2^-112 of the value, subnormal or not: the
    // exponents of floats count from -127, those of halves from -15.
    const FourWords bits = (FourWords)((Lanes)((halves & 0x7fff) << 13) * 0x1p112f);
    // From 2^16 on, a half is infinite or not a number.
    const FourWords beyond = (FourWords)(bits >= 0x47800000u) & 0x7f800000u;
    return (Lanes)(bits | beyond | sign);
}

INLINE Lanes halves(const uint16_t *values) {
    FourHalves four;
    memcpy(&four, values, sizeof four);
    return widened(__builtin_convertvector(four, FourWords));
}

INLINE Lanes some_halves(const uint16_t *values, size_t count) {
    return widened((FourWords){
        values[0], count > 1 ? values[1] : 0u, count > 2 ? values[2] : 0u, 0});
}

INLINE Lanes minus(Lanes a, Lanes b) { return a - b; }
INLINE Lanes plus_product(Lanes sum, Lanes a, Lanes b) { return sum + a * b; }
INLINE FourFloats folded(Lanes lanes) { return lanes; }

#include "Scores.h"
#include "PortableLists.h"

// MARK: - Bytes

#define PRODUCTS(name, Element)                                                          \
    static void name(                                                                    \
        const int8_t *query, const Element *vectors, size_t dimension, size_t count,     \
        int32_t *products) {                                                             \
        for (size_t row = 0; row < count; ++row) {                                       \
            uint32_t sum = 0;                                                            \
            for (size_t place = 0; place < dimension; ++place)                           \
                sum += (uint32_t)(query[place] * vectors[row * dimension + place]);      \
            products[row] = (int32_t)sum;                                                \
        }                                                                                \
    }

PRODUCTS(byte_products, int8_t)
PRODUCTS(unsigned_byte_products, uint8_t)

// MARK: - Conversion

INLINE uint32_t bits_of(float value) {
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

INLINE uint16_t half_of(float value) {
    const uint32_t sign = bits_of(value) >> 31 << 15, magnitude = bits_of(value) & 0x7fffffff;
    uint32_t half;
    if (magnitude > 0x7f800000) {
        half = 0x7e00 | (magnitude >> 13 & 0x1ff);  // not a number
    } else if (magnitude >= 0x47800000) {
        half = 0x7c00;  // 2^16 and more: infinite
    } else if (magnitude >= 0x38800000) {
        // The exponents of halves count from -15, not -127. Adding half a unit of the last place,
        // less one unless that place is odd, carries just where rounding goes up.
        half = (magnitude - (112u << 23) + 0xfff + (magnitude >> 13 & 1)) >> 13;
    } else {
        // Below 2^-14. The last place of 0.5 is 2^-24, as that of a subnormal half is: the
        // addition rounds.
        float positive;
        memcpy(&positive, &magnitude, sizeof positive);
        half = bits_of(positive + 0.5f) - bits_of(0.5f);
    }
    return (uint16_t)(sign | half);
}

static void to_halves(const float *values, size_t count, uint16_t *out) {
    for (size_t place = 0; place < count; ++place) out[place] = half_of(values[place]);
}

static void from_halves(const uint16_t *values, size_t count, float *out) {
    size_t place = 0;
    for (; place + width <= count; place += width) {
        const Lanes four = halves(values + place);
        memcpy(out + place, &four, sizeof four);
    }
    if (place == count) return;
    const Lanes last = some_halves(values + place, count - place);
    memcpy(out + place, &last, (count - place) * sizeof *out);
}

#define LEVEL CKernelsLevelPortable
#define TABLE CKernels_portable
#include "Table.h"
