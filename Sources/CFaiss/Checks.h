// What Faiss would assert, checked before it can.
#pragma once
#include "Guard.h"

#include <cmath>
#include <cstdint>

namespace cfaiss {

/// Far above any embedding; small enough that no size below overflows.
constexpr long long maximum_dimension = 65'536;
constexpr long long maximum_lists = 1 << 24;
constexpr long long maximum_bits = 16'384;
constexpr long long maximum_count = 1LL << 40;

inline void require_dimension(long long dimension) {
    require(
        dimension >= 1 && dimension <= maximum_dimension,
        "a vector has 1 to %lld dimensions, not %lld", maximum_dimension, dimension);
}

/// There is at least one vector, and every component is finite: of one that is not, Faiss loses
/// the row without a word.
inline void require_vectors(long long count, long long dimension, const float *vectors) {
    require(
        count >= 1 && count <= maximum_count, "1 to %lld vectors are possible, not %lld",
        maximum_count, count);
    for (long long position = 0; position < count * dimension; ++position) {
        require(
            std::isfinite(vectors[position]),
            "component %lld of vector %lld is not a finite number", position % dimension,
            position / dimension);
    }
}

}  // namespace cfaiss
