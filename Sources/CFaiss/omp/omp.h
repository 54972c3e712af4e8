// What Faiss's headers want of OpenMP: the name of one type.
//
// Why it exists: Debian's clang has no omp.h, and <faiss/impl/HNSW.h> declares two functions, which
// nobody calls here, with a vector of locks. The layout is that of libgomp.
#pragma once

typedef struct {
    unsigned char _x[4] __attribute__((__aligned__(4)));
} omp_lock_t;
