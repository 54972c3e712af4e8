// What the files of the three levels share.
#pragma once
#include "CKernels.h"

#include <stdbool.h>
#include <string.h>

/// Only inlined do arguments that are constants at the call become constants of the loop.
#define INLINE static inline __attribute__((always_inline))

extern const CKernelsTable CKernels_portable;
#if defined(__x86_64__)
extern const CKernelsTable CKernels_avx2, CKernels_avx512;
#endif
