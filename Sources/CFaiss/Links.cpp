#include "CFaiss.h"

#include "Checks.h"
#include "Guard.h"
#include "Threads.h"

#include <faiss/IndexHNSW.h>

#include <memory>

/// The graph, and the vectors that it was built from.
struct CFaissLinks {
    std::unique_ptr<faiss::IndexHNSWFlat> index;
};

using namespace cfaiss;

CFaissLinks *CFaiss_link(
    int64_t dimension, int64_t count, const float *vectors, CFaissMetric metric, int32_t degree,
    int32_t breadth, int32_t seed, CFaissError *error) noexcept {
    return guarded(error, [&] {
        require_dimension(dimension);
        require_vectors(count, dimension, vectors);
        require(count <= INT32_MAX, "links number up to ", INT32_MAX, " rows, not ", count);
        require(degree >= 2 && degree <= 256, "a row has 2 to 256 links, not ", degree);
        require(breadth >= 1, "links are found by a breadth of at least 1, not ", breadth);
        auto links = std::make_unique<CFaissLinks>();
        links->index = std::make_unique<faiss::IndexHNSWFlat>(
            dimension, degree,
            metric == CFaissMetricL2 ? faiss::METRIC_L2 : faiss::METRIC_INNER_PRODUCT);
        links->index->hnsw.efConstruction = breadth;
        links->index->hnsw.rng = faiss::RandomGenerator(seed);
        // More threads would link rows in the order in which they happen to come.
        const ThreadLimit one(1);
        links->index->add(count, vectors);
        return links.release();
    });
}

CFaissLinkView CFaiss_link_view(const CFaissLinks *links) noexcept {
    const faiss::HNSW &hnsw = links->index->hnsw;
    CFaissLinkView view = {};
    view.levels = hnsw.levels.data();
    view.neighbours = hnsw.neighbors.data();
    view.neighbour_count = hnsw.neighbors.size();
    view.entry = hnsw.entry_point;
    return view;
}

void CFaiss_free_links(CFaissLinks *links) noexcept { delete links; }
