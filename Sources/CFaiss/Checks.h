// What Faiss would assert, checked before it can.
#pragma once
#include "Guard.h"

#include <cmath>
#include <cstdint>

namespace cfaiss {

/// Far above any embedding; small enough that no size below overflows.
constexpr int64_t maximum_dimension = 65'536;
constexpr int64_t maximum_lists = 1 << 24;
constexpr int64_t maximum_bits = 16'384;
constexpr int64_t maximum_count = int64_t{1} << 40;

inline void require_dimension(int64_t dimension) {
    require(
        dimension >= 1 && dimension <= maximum_dimension,
        "a vector has 1 to ", maximum_dimension, " dimensions, not ", dimension);
}

/// There is at least one vector, and every component is finite: of one that is not, Faiss loses
/// the row without a word.
inline void require_vectors(int64_t count, int64_t dimension, const float *vectors) {
    require(
        count >= 1 && count <= maximum_count, "1 to ", maximum_count,
        " vectors are possible, not ", count);
    for (int64_t position = 0; position < count * dimension; ++position) {
        require(
            std::isfinite(vectors[position]), "component ", position % dimension, " of vector ",
            position / dimension, " is not a finite number");
    }
}

}  // namespace cfaiss
