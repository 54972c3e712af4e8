// Which level this processor can run.
#include "Level.h"

// Good from the first instruction of the program on, whichever constructor runs first.
const CKernelsTable *CKernels_chosen = &CKernels_portable;

#if defined(__x86_64__)

// The compiler's run time asks the processor what it can do, and the system whether it keeps the
// wide registers when threads take turns.
#define CAN(feature) __builtin_cpu_supports(feature)

static bool can_run(CKernelsLevel level) {
    __builtin_cpu_init();
    const bool avx2 = CAN("avx2") && CAN("fma") && CAN("f16c") && CAN("popcnt");
    switch (level) {
    case CKernelsLevelPortable: return true;
    case CKernelsLevelAVX2: return avx2;
    case CKernelsLevelAVX512:
        return avx2 && CAN("avx512f") && CAN("avx512bw") && CAN("avx512vl") && CAN("avx512dq")
            && CAN("avx512vbmi") && CAN("avx512vnni") && CAN("avx512vpopcntdq");
    }
    return false;
}

const CKernelsTable *CKernels_table(CKernelsLevel level) {
    if (!can_run(level)) return NULL;
    switch (level) {
    case CKernelsLevelPortable: return &CKernels_portable;
    case CKernelsLevelAVX2: return &CKernels_avx2;
    case CKernelsLevelAVX512: return &CKernels_avx512;
    }
    return NULL;
}

__attribute__((constructor)) static void choose(void) {
    const CKernelsTable *avx512 = CKernels_table(CKernelsLevelAVX512);
    const CKernelsTable *avx2 = CKernels_table(CKernelsLevelAVX2);
    if (avx512 || avx2) CKernels_chosen = avx512 ? avx512 : avx2;
}

#else

const CKernelsTable *CKernels_table(CKernelsLevel level) {
    return level == CKernelsLevelPortable ? &CKernels_portable : NULL;
}

#endif
