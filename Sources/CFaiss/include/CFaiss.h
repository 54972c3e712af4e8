// The part of Faiss that Corkboard uses, as C.
//
// Why it exists: Debian's libfaiss.a carries no C functions, and a C++ exception must never reach
// Swift. Every function here checks its arguments before Faiss sees them (Faiss asserts, and then
// aborts), catches what Faiss throws, and says in `error` what happened: a status, and a sentence.
//
// Vectors are compact: component j of vector i is vectors[i * dimension + j]. An index may be
// searched by any number of threads at once ("Faiss CPU indices are thread-safe for concurrent
// searches, and other operations that do not change the index", Faiss wiki, Threads and
// asynchronous calls); everything that takes a non-const index needs it alone.
#pragma once
#include <stdint.h>

#ifdef __cplusplus
#define CFAISS_NOEXCEPT noexcept
extern "C" {
#else
#define CFAISS_NOEXCEPT
#endif

typedef struct CFaissIndex CFaissIndex;

typedef enum __attribute__((enum_extensibility(closed))) CFaissStatus : int32_t {
    CFaissStatusOk = 0,
    /// An argument cannot be right; nothing was done.
    CFaissStatusArgument = 1,
    /// The memory did not suffice.
    CFaissStatusMemory = 2,
    /// Faiss refused or failed; also a file that cannot be opened, read or understood.
    CFaissStatusFaiss = 3,
    /// Any other C++ exception.
    CFaissStatusOther = 4,
} CFaissStatus;

typedef struct CFaissError {
    CFaissStatus status;
    char message[256];
} CFaissError;

typedef enum __attribute__((enum_extensibility(closed))) CFaissMetric : int32_t {
    CFaissMetricInnerProduct = 0,
    CFaissMetricL2 = 1,
} CFaissMetric;

typedef enum __attribute__((enum_extensibility(closed))) CFaissKind : int32_t {
    CFaissKindFlat = 0,
    CFaissKindIvf = 1,
    CFaissKindLsh = 2,
} CFaissKind;

typedef struct CFaissShape {
    CFaissKind kind;
    CFaissMetric metric;
    int64_t dimension;
    /// How many vectors the index holds.
    int64_t count;
    /// How many inverted lists (ivf), or 0.
    int64_t lists;
    /// The length of a code in bits (lsh), or 0.
    int64_t bits;
} CFaissShape;

/// An empty index that compares a query with every vector. NULL where it cannot be made.
CFaissIndex *_Nullable CFaiss_flat(
    int64_t dimension, CFaissMetric metric, CFaissError *_Nonnull error) CFAISS_NOEXCEPT;

/// An empty index of inverted lists, which hold the vectors as they are. NULL where it cannot be
/// made. The seed decides the first centroids of the training.
CFaissIndex *_Nullable CFaiss_ivf(
    int64_t dimension, int64_t lists, CFaissMetric metric, int32_t seed,
    CFaissError *_Nonnull error) CFAISS_NOEXCEPT;

/// An empty index of codes: the signs of `bits` random projections, less their medians over the
/// training vectors. Bits: a positive multiple of 8. NULL where it cannot be made.
CFaissIndex *_Nullable CFaiss_lsh(
    int64_t dimension, int64_t bits, int32_t seed, CFaissError *_Nonnull error) CFAISS_NOEXCEPT;

/// Writes the centroids of `clusters` clusters of the vectors, found by `iterations` rounds of
/// k-means from vectors drawn by the seed, by `threads` threads. `centroids` has room for
/// clusters * dimension floats. There are at least as many vectors as clusters.
CFaissStatus CFaiss_cluster(
    int64_t dimension, int64_t count, const float *_Nonnull vectors, int64_t clusters,
    int32_t iterations, int32_t seed, int32_t threads, float *_Nonnull centroids,
    CFaissError *_Nonnull error) CFAISS_NOEXCEPT;

/// Prepares the index for vectors like these, by `threads` threads. A flat index needs none.
CFaissStatus CFaiss_train(
    CFaissIndex *_Nonnull index, int64_t count, const float *_Nonnull vectors, int32_t threads,
    CFaissError *_Nonnull error) CFAISS_NOEXCEPT;

/// Appends vectors, by `threads` threads; their rows go on from the count of the index.
CFaissStatus CFaiss_add(
    CFaissIndex *_Nonnull index, int64_t count, const float *_Nonnull vectors, int32_t threads,
    CFaissError *_Nonnull error) CFAISS_NOEXCEPT;

/// Finds the vectors nearest to one query, on the calling thread alone.
///
/// `rows` and `distances` have room for k; `found` says how many were set, best first: never more
/// than the index holds, and fewer where the probed lists hold fewer. The distances are inner
/// products (best: largest), squared Euclidean distances, or Hamming distances (best: smallest).
/// `probes` says how many lists to visit and is ignored by flat and lsh.
CFaissStatus CFaiss_search(
    const CFaissIndex *_Nonnull index, const float *_Nonnull query, int64_t k, int64_t probes,
    int64_t *_Nonnull rows, float *_Nonnull distances, int64_t *_Nonnull found,
    CFaissError *_Nonnull error) CFAISS_NOEXCEPT;

CFaissShape CFaiss_shape(const CFaissIndex *_Nonnull index) CFAISS_NOEXCEPT;

/// Writes the index to the file at `path`. Neither synchronised nor checksummed: the caller does.
CFaissStatus CFaiss_save(
    const CFaissIndex *_Nonnull index, const char *_Nonnull path,
    CFaissError *_Nonnull error) CFAISS_NOEXCEPT;

/// Reads an index of one of the three kinds. Faiss trusts the file, so its checksum must have been
/// verified before. NULL where it cannot be read.
CFaissIndex *_Nullable CFaiss_load(
    const char *_Nonnull path, CFaissError *_Nonnull error) CFAISS_NOEXCEPT;

void CFaiss_free(CFaissIndex *_Nullable index) CFAISS_NOEXCEPT;

/// A graph of links between vectors (HNSW).
typedef struct CFaissLinks CFaissLinks;

/// What a graph holds, borrowed from it.
typedef struct CFaissLinkView {
    /// The levels of each row, at least 1.
    const int32_t *_Nullable levels;
    /// Row after row, and for each its levels from the lowest: 2 * degree rows that it links to on
    /// the lowest, degree on each other; the last ones -1 where there are fewer.
    const int32_t *_Nullable neighbours;
    int64_t neighbour_count;
    /// The row where searches begin, which has the most levels; -1 where there are no rows.
    int32_t entry;
} CFaissLinkView;

/// Links the vectors (count, dimension), one after the other, each to those that a search of the
/// given breadth finds near it. NULL where that cannot be. The seed decides the levels; the calling
/// thread does it alone, so that one seed makes one graph.
CFaissLinks *_Nullable CFaiss_link(
    int64_t dimension, int64_t count, const float *_Nonnull vectors, CFaissMetric metric,
    int32_t degree, int32_t breadth, int32_t seed, CFaissError *_Nonnull error) CFAISS_NOEXCEPT;

CFaissLinkView CFaiss_link_view(const CFaissLinks *_Nonnull links) CFAISS_NOEXCEPT;

void CFaiss_free_links(CFaissLinks *_Nullable links) CFAISS_NOEXCEPT;

#ifdef __cplusplus
}
#endif
