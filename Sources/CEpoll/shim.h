// Readiness of many descriptors, which Swift's Glibc module leaves out.
#include <sys/epoll.h>

// A set of descriptors, or -1.
static inline int CEpollCreate(void) {
    return epoll_create1(EPOLL_CLOEXEC);
}

// Adds a descriptor to a set, which it leaves when it is closed; 0, or -1.
static inline int CEpollAdd(int set, int descriptor) {
    struct epoll_event event = {.events = EPOLLIN};
    return epoll_ctl(set, EPOLL_CTL_ADD, descriptor, &event);
}

// Whether a descriptor of the set can be read from at this moment.
static inline int CEpollIsReadable(int set) {
    struct epoll_event event;
    return epoll_wait(set, &event, 1, 0) > 0;
}
