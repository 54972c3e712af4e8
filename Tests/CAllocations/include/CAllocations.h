#ifndef CALLOCATIONS_H
#define CALLOCATIONS_H

#include <stdbool.h>
#include <stdint.h>

// Whether allocations are counted: not where a sanitizer has taken the place of malloc.
bool CAllocations_areCounted(void);

// How often this thread has asked the C library for memory.
uint64_t CAllocations_count(void);

// How often it has asked for CAllocations_large bytes or more at a time.
enum { CAllocations_large = 512 };
uint64_t CAllocations_largeCount(void);

#endif
