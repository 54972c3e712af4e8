#include "CFaiss.h"

#include "Checks.h"
#include "Guard.h"
#include "Threads.h"

#include <faiss/Clustering.h>
#include <faiss/IndexFlat.h>
#include <faiss/IndexIVFFlat.h>
#include <faiss/IndexLSH.h>
#include <faiss/index_io.h>

#include <algorithm>
#include <limits>
#include <memory>
#include <vector>

/// An index, and the kind that it is; exactly one of `ivf` and `lsh` is set for these kinds, and
/// points into `owner`.
struct CFaissIndex {
    std::unique_ptr<faiss::Index> owner;
    faiss::IndexIVFFlat *ivf = nullptr;
    faiss::IndexLSH *lsh = nullptr;
};

namespace cfaiss {
namespace {

faiss::MetricType faiss_metric(CFaissMetric metric) {
    return metric == CFaissMetricL2 ? faiss::METRIC_L2 : faiss::METRIC_INNER_PRODUCT;
}

/// Visits the nearest lists of an ivf index.
///
/// Not IndexIVF::search: that one adds to process-wide statistics without a lock. The number of
/// probes goes along as a parameter, for a change of the index's own would reach other threads.
void search_lists(
    const faiss::IndexIVFFlat &ivf, const float *query, int64_t k, int64_t probes, float *distances,
    int64_t *rows) {
    std::vector<int64_t> lists(probes);
    std::vector<float> nearness(probes);
    ivf.quantizer->search(1, query, probes, nearness.data(), lists.data());
    faiss::SearchParametersIVF parameters;
    parameters.nprobe = probes;
    faiss::IndexIVFStats statistics;
    ivf.search_preassigned(
        1, query, k, lists.data(), nearness.data(), distances, rows, false, &parameters,
        &statistics);
}

/// Takes over what a file held, where it is an index that this library can search.
CFaissIndex *adopt(std::unique_ptr<faiss::Index> loaded) {
    auto index = std::make_unique<CFaissIndex>();
    index->ivf = dynamic_cast<faiss::IndexIVFFlat *>(loaded.get());
    index->lsh = dynamic_cast<faiss::IndexLSH *>(loaded.get());
    const bool is_flat = dynamic_cast<faiss::IndexFlat *>(loaded.get()) != nullptr;
    require(is_flat || index->ivf || index->lsh, "the file holds an index of an unknown kind");
    require(loaded->d > 0 && loaded->ntotal >= 0, "the index in the file has no possible size");
    require(loaded->is_trained, "the index in the file was never trained");
    require(
        loaded->metric_type == faiss::METRIC_L2
            || loaded->metric_type == faiss::METRIC_INNER_PRODUCT,
        "the index in the file has an unknown metric");
    if (const auto *ivf = index->ivf) {
        require(
            ivf->quantizer && ivf->invlists && ivf->nlist > 0 && ivf->quantizer->d == ivf->d
                && ivf->quantizer->ntotal == static_cast<int64_t>(ivf->nlist)
                && ivf->invlists->nlist == ivf->nlist && ivf->invlists->code_size == ivf->code_size
                && ivf->code_size == ivf->d * sizeof(float)
                && ivf->invlists->compute_ntotal() == static_cast<size_t>(ivf->ntotal),
            "the inverted lists in the file do not fit together");
    } else {
        const auto &codes = dynamic_cast<const faiss::IndexFlatCodes &>(*loaded);
        const size_t code_size =
            index->lsh ? (index->lsh->nbits + 7) / 8 : loaded->d * sizeof(float);
        require(
            codes.code_size == code_size
                && codes.codes.size() == code_size * static_cast<size_t>(loaded->ntotal),
            "the codes in the file do not fit its count");
    }
    if (const auto *lsh = index->lsh) {
        const size_t bits = lsh->nbits;
        require(
            lsh->rotate_data && lsh->train_thresholds && lsh->thresholds.size() == bits
                && lsh->rrot.d_in == lsh->d && lsh->rrot.d_out == lsh->nbits
                && lsh->rrot.A.size() == bits * lsh->d,
            "the projections in the file do not fit its codes");
    }
    index->owner = std::move(loaded);
    return index.release();
}

}  // namespace
}  // namespace cfaiss

using namespace cfaiss;

CFaissIndex *CFaiss_flat(int64_t dimension, CFaissMetric metric, CFaissError *error) noexcept {
    return guarded(error, [&] {
        require_dimension(dimension);
        auto index = std::make_unique<CFaissIndex>();
        index->owner = std::make_unique<faiss::IndexFlat>(dimension, faiss_metric(metric));
        return index.release();
    });
}

CFaissIndex *CFaiss_ivf(
    int64_t dimension, int64_t lists, CFaissMetric metric, int32_t seed,
    CFaissError *error) noexcept {
    return guarded(error, [&] {
        require_dimension(dimension);
        require(
            lists >= 1 && lists <= maximum_lists, "an index has 1 to ", maximum_lists,
            " lists, not ", lists);
        auto index = std::make_unique<CFaissIndex>();
        auto quantizer = std::make_unique<faiss::IndexFlat>(dimension, faiss_metric(metric));
        auto ivf = std::make_unique<faiss::IndexIVFFlat>(
            quantizer.get(), dimension, lists, faiss_metric(metric));
        quantizer.release();
        ivf->own_fields = true;
        ivf->cp.seed = seed;
        ivf->cp.min_points_per_centroid = 1;  // else Faiss writes warnings to stderr
        index->ivf = ivf.get();
        index->owner = std::move(ivf);
        return index.release();
    });
}

CFaissIndex *CFaiss_lsh(
    int64_t dimension, int64_t bits, int32_t seed, CFaissError *error) noexcept {
    return guarded(error, [&] {
        require_dimension(dimension);
        require(
            bits >= 8 && bits <= maximum_bits && bits % 8 == 0, "a code has 8 to ",
            maximum_bits, " bits, a multiple of 8, not ", bits);
        auto index = std::make_unique<CFaissIndex>();
        // The medians as thresholds balance every bit, wherever the vectors' mean lies.
        auto lsh = std::make_unique<faiss::IndexLSH>(dimension, bits, true, true);
        lsh->rrot.init(seed);
        index->lsh = lsh.get();
        index->owner = std::move(lsh);
        return index.release();
    });
}

CFaissStatus CFaiss_cluster(
    int64_t dimension, int64_t count, const float *vectors, int64_t clusters, int32_t iterations,
    int32_t seed, int32_t threads, float *centroids, CFaissError *error) noexcept {
    return guarded_status(error, [&] {
        require_dimension(dimension);
        require_vectors(count, dimension, vectors);
        require(
            clusters >= 1 && clusters <= maximum_lists && clusters <= count, count,
            " vectors make 1 to ", std::min(count, maximum_lists), " clusters, not ", clusters);
        faiss::ClusteringParameters parameters;
        parameters.niter = iterations;
        parameters.seed = seed;
        parameters.min_points_per_centroid = 1;  // else Faiss writes warnings to stderr
        // All that are given: the caller has drawn a sample.
        parameters.max_points_per_centroid = static_cast<int>(
            std::min<int64_t>(count / clusters + 1, std::numeric_limits<int>::max()));
        faiss::Clustering clustering(dimension, clusters, parameters);
        faiss::IndexFlatL2 index(dimension);
        const ThreadLimit limit(threads);
        clustering.train(count, vectors, index);
        std::copy(clustering.centroids.begin(), clustering.centroids.end(), centroids);
    });
}

CFaissStatus CFaiss_train(
    CFaissIndex *index, int64_t count, const float *vectors, int32_t threads,
    CFaissError *error) noexcept {
    return guarded_status(error, [&] {
        faiss::Index &faiss = *index->owner;
        require_vectors(count, faiss.d, vectors);
        const int64_t needed = index->ivf ? index->ivf->nlist : 1;
        require(
            count >= needed, "training needs at least ", needed, " vectors, not ", count,
            "; ask for fewer lists");
        require(faiss.ntotal == 0, "an index that holds vectors cannot be trained again");
        const ThreadLimit limit(threads);
        faiss.train(count, vectors);
    });
}

CFaissStatus CFaiss_add(
    CFaissIndex *index, int64_t count, const float *vectors, int32_t threads,
    CFaissError *error) noexcept {
    return guarded_status(error, [&] {
        faiss::Index &faiss = *index->owner;
        require(faiss.is_trained, "an index must be trained before vectors are added");
        require_vectors(count, faiss.d, vectors);
        const ThreadLimit limit(threads);
        faiss.add(count, vectors);
    });
}

CFaissStatus CFaiss_search(
    const CFaissIndex *index, const float *query, int64_t k, int64_t probes, int64_t *rows,
    float *distances, int64_t *found, CFaissError *error) noexcept {
    *found = 0;
    return guarded_status(error, [&] {
        const faiss::Index &faiss = *index->owner;
        require(k >= 1, "a search returns at least 1 candidate, not ", k);
        require(faiss.is_trained, "an index must be trained before it is searched");
        require_vectors(1, faiss.d, query);
        const int64_t limit = std::min<int64_t>(k, faiss.ntotal);
        if (limit == 0) return;
        const ThreadLimit one(1);
        if (const auto *ivf = index->ivf) {
            const int64_t lists = ivf->nlist;
            require(
                probes >= 1 && probes <= lists, "a search visits 1 to ", lists,
                " lists of this index, not ", probes);
            search_lists(*ivf, query, limit, probes, distances, rows);
        } else {
            faiss.search(1, query, limit, distances, rows);
        }
        // Faiss fills what it did not find with row -1.
        for (int64_t hit = 0; hit < limit; ++hit) {
            if (rows[hit] < 0 || rows[hit] >= faiss.ntotal) continue;
            rows[*found] = rows[hit];
            distances[*found] = distances[hit];
            ++*found;
        }
    });
}

CFaissShape CFaiss_shape(const CFaissIndex *index) noexcept {
    const faiss::Index &faiss = *index->owner;
    CFaissShape shape = {};
    shape.kind = index->ivf ? CFaissKindIvf : index->lsh ? CFaissKindLsh : CFaissKindFlat;
    shape.metric =
        faiss.metric_type == faiss::METRIC_L2 ? CFaissMetricL2 : CFaissMetricInnerProduct;
    shape.dimension = faiss.d;
    shape.count = faiss.ntotal;
    shape.lists = index->ivf ? index->ivf->nlist : 0;
    shape.bits = index->lsh ? index->lsh->nbits : 0;
    return shape;
}

CFaissStatus CFaiss_save(
    const CFaissIndex *index, const char *path, CFaissError *error) noexcept {
    return guarded_status(error, [&] { faiss::write_index(index->owner.get(), path); });
}

CFaissIndex *CFaiss_load(const char *path, CFaissError *error) noexcept {
    return guarded(error, [&] {
        return adopt(std::unique_ptr<faiss::Index>(faiss::read_index(path)));
    });
}

void CFaiss_free(CFaissIndex *index) noexcept { delete index; }
