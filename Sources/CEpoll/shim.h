// Readiness of many descriptors, which Swift's Glibc module leaves out, and to send and to receive.
//
// What every request asks of the kernel, to wait without a time, recv and send, goes to it straight:
// the C library lets a thread be cancelled there, for two atomic exchanges each, and ours never are.
#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

// What has become of a descriptor that was added under a token.
typedef struct CEpollEvent {
    uint64_t token;
    bool isReadable, isWritable;
    // Both directions are closed, or it failed.
    bool isOver;
} CEpollEvent;

// A set of descriptors, or -1.
static inline int CEpollCreate(void) {
    return epoll_create1(EPOLL_CLOEXEC);
}

static inline uint32_t CEpollEvents(bool reads, bool writes) {
    return (reads ? EPOLLIN : 0) | (writes ? EPOLLOUT : 0);
}

// Says what is to be told of a descriptor, which a set has yet to get, or has; 0, or -1.
static inline int CEpollWatch(
    int set, int descriptor, uint64_t token, bool isNew, bool reads, bool writes
) {
    struct epoll_event event = {.events = CEpollEvents(reads, writes), .data.u64 = token};
    return epoll_ctl(set, isNew ? EPOLL_CTL_ADD : EPOLL_CTL_MOD, descriptor, &event);
}

static inline void CEpollRemove(int set, int descriptor) {
    epoll_ctl(set, EPOLL_CTL_DEL, descriptor, NULL);
}

// Waits for so many nanoseconds, or for ever where they are negative, until something is to be told
// of the set; how many events, at most 64 and `room`, or -1.
static inline int CEpollWait(int set, CEpollEvent *events, int room, int64_t nanoseconds) {
    struct epoll_event found[64];
    const int most = room < 64 ? room : 64;
    int count;
    if (nanoseconds > 0) {
        const struct timespec time = {nanoseconds / 1000000000, nanoseconds % 1000000000};
        count = epoll_pwait2(set, found, most, &time, NULL);
        // Before Linux 5.11, and in sandboxes that do not know it: in milliseconds, and rather too
        // long.
        if (count < 0 && (errno == ENOSYS || errno == EPERM))
            count = epoll_wait(set, found, most, (int)(nanoseconds / 1000000 < 1000000
                ? nanoseconds / 1000000 + 1 : 1000000));
    } else {
        count = (int)syscall(SYS_epoll_pwait, set, found, most, nanoseconds < 0 ? -1 : 0, NULL, 0);
    }
    for (int i = 0; i < count; i++) {
        events[i].token = found[i].data.u64;
        events[i].isReadable = found[i].events & EPOLLIN;
        events[i].isWritable = found[i].events & EPOLLOUT;
        events[i].isOver = found[i].events & (EPOLLHUP | EPOLLERR);
    }
    return count;
}

// recv(2), without waiting.
static inline ssize_t CEpollReceive(int socket, void *bytes, size_t count) {
    return syscall(SYS_recvfrom, socket, bytes, count, MSG_DONTWAIT, NULL, NULL);
}

// send(2), without waiting, and without SIGPIPE.
static inline ssize_t CEpollSend(int socket, const void *bytes, size_t count) {
    return syscall(SYS_sendto, socket, bytes, count, MSG_DONTWAIT | MSG_NOSIGNAL, NULL, 0);
}

// A descriptor that is readable once it has been written to, or -1.
static inline int CEpollAlarm(void) {
    return eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
}
