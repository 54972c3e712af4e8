// Faiss's codes of bits, by our kernels.
//
// Why it exists, and when it may go: see FaissDistances.cpp. The member is hamming.cpp.o. Searches
// run on one thread, as all of ours do.
#include "CKernels.h"

#include <faiss/impl/FaissAssert.h>
#include <faiss/utils/hamming.h>
#include <faiss/utils/utils.h>

#include <algorithm>
#include <vector>

namespace faiss {

// MARK: - What LSH calls

void fvecs2bitvecs(const float *x, uint8_t *b, size_t d, size_t n) {
    const size_t bytes = (d + 7) / 8;
    std::fill(b, b + n * bytes, uint8_t{0});
    for (size_t row = 0; row < n; ++row) {
        for (size_t bit = 0; bit < d; ++bit)
            b[row * bytes + bit / 8] |= (x[row * d + bit] >= 0) << bit % 8;
    }
}

void bitvecs2fvecs(const uint8_t *b, float *x, size_t d, size_t n) {
    for (size_t row = 0; row < n; ++row) binary_to_real(d, b + row * ((d + 7) / 8), x + row * d);
}

void hammings_knn_hc(
    int_maxheap_array_t *heaps, const uint8_t *a, const uint8_t *b, size_t nb, size_t ncodes,
    int ordered) {
    constexpr size_t at_once = 1'024;  // their distances stay in the nearest cache
    std::vector<hamdis_t> distances(std::min(nb, at_once));
    heaps->heapify();
    for (size_t query = 0; query < heaps->nh; ++query) {
        hamdis_t *const nearest = heaps->get_val(query);
        int64_t *const ids = heaps->get_ids(query);
        for (size_t start = 0; start < nb; start += at_once) {
            const size_t count = std::min(at_once, nb - start);
            CKernels_best()->hamming_distances(
                a + query * ncodes, b + start * ncodes, ncodes, count, distances.data());
            for (size_t row = 0; row < count; ++row) {
                if (distances[row] >= nearest[0]) continue;
                maxheap_replace_top(heaps->k, nearest, ids, distances[row], int64_t(start + row));
            }
        }
    }
    if (ordered) heaps->reorder();
}

// MARK: - What our kinds of index never call

#define TWO_BITS(n) n, n + 1, n + 1, n + 2
#define FOUR_BITS(n) TWO_BITS(n), TWO_BITS(n + 1), TWO_BITS(n + 1), TWO_BITS(n + 2)
#define SIX_BITS(n) FOUR_BITS(n), FOUR_BITS(n + 1), FOUR_BITS(n + 1), FOUR_BITS(n + 2)

/// How many bits each byte has.
const uint8_t hamdis_tab_ham_bytes[256] = {SIX_BITS(0), SIX_BITS(1), SIX_BITS(1), SIX_BITS(2)};

void hammings(const uint8_t *, const uint8_t *, size_t, size_t, size_t, hamdis_t *) {
    FAISS_THROW_MSG("tables of Hamming distances are left out of this program");
}

void hammings_knn_mc(
    const uint8_t *, const uint8_t *, size_t, size_t, size_t, size_t, int32_t *, int64_t *) {
    FAISS_THROW_MSG("searches of binary indexes are left out of this program");
}

void hamming_range_search(
    const uint8_t *, const uint8_t *, size_t, size_t, int, size_t, RangeSearchResult *) {
    FAISS_THROW_MSG("searches for all codes in a radius are left out of this program");
}

void generalized_hammings_knn_hc(
    int_maxheap_array_t *, const uint8_t *, const uint8_t *, size_t, size_t, int) {
    FAISS_THROW_MSG("generalised Hamming distances are left out of this program");
}

}  // namespace faiss
