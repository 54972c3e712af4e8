// Takes the place of the C library's malloc in the program of the tests, counts the calls of each
// thread, and hands them on. What Swift's runtime, Faiss and libstdc++ allocate comes by here, too,
// for a program's own symbols go before those of its libraries. Memory is freed by the C library
// itself, whose own it is.
#include "CAllocations.h"

#include <errno.h>
#include <stddef.h>

static _Thread_local uint64_t count, large_count;

uint64_t CAllocations_count(void) { return count; }

uint64_t CAllocations_largeCount(void) { return large_count; }

#if __has_feature(thread_sanitizer) || __has_feature(address_sanitizer)

bool CAllocations_areCounted(void) { return false; }

#else

bool CAllocations_areCounted(void) { return true; }

// glibc exports its own under these names for this purpose.
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t number, size_t size);
void *__libc_realloc(void *memory, size_t size);
void *__libc_memalign(size_t alignment, size_t size);

static void note(size_t size) {
    count++;
    large_count += size >= CAllocations_large;
}

void *malloc(size_t size) {
    note(size);
    return __libc_malloc(size);
}

void *calloc(size_t number, size_t size) {
    note(number * size);
    return __libc_calloc(number, size);
}

void *realloc(void *memory, size_t size) {
    note(size);
    return __libc_realloc(memory, size);
}

void *memalign(size_t alignment, size_t size) {
    note(size);
    return __libc_memalign(alignment, size);
}

void *aligned_alloc(size_t alignment, size_t size) { return memalign(alignment, size); }

int posix_memalign(void **memory, size_t alignment, size_t size) {
    if (alignment % sizeof(void *) != 0 || (alignment & (alignment - 1)) != 0 || alignment == 0) {
        return EINVAL;
    }
    void *room = memalign(alignment, size);
    if (room == NULL) { return ENOMEM; }
    *memory = room;
    return 0;
}

#endif
