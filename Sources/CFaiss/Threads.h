// How many threads Faiss may take.
#pragma once
#include <algorithm>

// Declared here because clang on Debian has no omp.h; libgomp has the functions.
extern "C" {
int omp_get_max_threads(void);
void omp_set_num_threads(int);
}

namespace cfaiss {

/// Limits the OpenMP regions opened by this thread for as long as the object lives.
///
/// The setting belongs to the calling thread, not to the process; a search that runs on many
/// threads must limit each of them.
class ThreadLimit {
    const int before = omp_get_max_threads();

public:
    explicit ThreadLimit(int threads) { omp_set_num_threads(std::max(1, threads)); }
    ~ThreadLimit() { omp_set_num_threads(before); }
    ThreadLimit(const ThreadLimit &) = delete;
    ThreadLimit &operator=(const ThreadLimit &) = delete;
};

}  // namespace cfaiss
