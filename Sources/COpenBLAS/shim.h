#pragma once
#include <cblas.h>
#include <stdlib.h>

// These two choose OpenBLAS's kernels by the processor. They are exported but not declared by
// cblas.h; COpenBLAS_choose_kernels needs them.
void gotoblas_dynamic_init(void);
void gotoblas_dynamic_quit(void);

// LAPACK's eigenvectors of a symmetric matrix, by divide and conquer. OpenBLAS holds LAPACK but
// ships no header for it. Arguments: https://netlib.org/lapack/explore-html, ssyevd.
void ssyevd_(const char *job, const char *triangle, const int *order, float *matrix,
             const int *leading, float *values, float *work, const int *work_size, int *whole,
             const int *whole_size, int *info);

/// Makes OpenBLAS take the kernels that this processor can run.
///
/// OpenBLAS 0.3.21 knows processors by their model number and gives those that came after it the
/// slowest kernels of all (SSE3). This asks the processor for its abilities instead. It must be
/// called before the first product, while one thread runs. A choice that the environment makes by
/// OPENBLAS_CORETYPE stands. It may go when Debian's OpenBLAS asks for abilities itself.
static inline void COpenBLAS_choose_kernels(void) {
#if defined(__x86_64__)
    __builtin_cpu_init();
    const char *kernels = NULL;
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
        __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl")) {
        kernels = "SKYLAKEX";
    } else if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) {
        kernels = "HASWELL";
    }
    if (kernels == NULL || getenv("OPENBLAS_CORETYPE") != NULL) return;
    setenv("OPENBLAS_CORETYPE", kernels, 0);
    gotoblas_dynamic_quit();
    gotoblas_dynamic_init();
    unsetenv("OPENBLAS_CORETYPE");
#endif
}
