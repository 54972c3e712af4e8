// A bare echo over a Unix socket by epoll, and a client that times round trips: what any server on
// this machine could do at best, beside what one does.
//
//     cc -O2 -o roundtrip tools/bench/roundtrip.c
//     roundtrip serve SOCKET ANSWER_BYTES
//     roundtrip time COUNT ROUNDS NAME=SOCKET:REQUEST_FILE ...
//
// `serve` answers every message, which begins with a ttrpc header, by a frame with a body of
// ANSWER_BYTES. `time` makes COUNT calls in each round to each server in turn, one in flight, with
// the bytes of REQUEST_FILE (a whole frame, whose stream id is written anew for each call), and
// prints a line of JSON for each: the medians over the rounds of p50 and p99, in microseconds.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

enum { header = 10, most = 1 << 22 };

static void fail(const char *what) {
    perror(what);
    exit(1);
}

static struct sockaddr_un address(const char *path) {
    struct sockaddr_un result = {.sun_family = AF_UNIX};
    if (strlen(path) >= sizeof result.sun_path) {
        fprintf(stderr, "%s is too long for a socket\n", path);
        exit(1);
    }
    strcpy(result.sun_path, path);
    return result;
}

static void write_all(int fd, const char *bytes, size_t count) {
    while (count > 0) {
        ssize_t done = write(fd, bytes, count);
        if (done < 0) fail("write");
        bytes += done;
        count -= (size_t)done;
    }
}

static uint32_t word(const char *bytes) {
    uint32_t value;
    memcpy(&value, bytes, 4);
    return ntohl(value);
}

// MARK: - The server

typedef struct {
    int fd;
    size_t count;
    char bytes[1 << 16];
} Connection;

static void answer(Connection *one, uint32_t body) {
    static char frame[most];
    size_t position = 0;
    while (one->count - position >= header) {
        size_t length = header + word(one->bytes + position);
        if (one->count - position < length) break;
        uint32_t size = htonl(body);
        memcpy(frame, &size, 4);
        memcpy(frame + 4, one->bytes + position + 4, 4);
        frame[8] = 2;
        frame[9] = 0;
        write_all(one->fd, frame, header + body);
        position += length;
    }
    memmove(one->bytes, one->bytes + position, one->count - position);
    one->count -= position;
}

static void serve(const char *path, uint32_t body) {
    struct sockaddr_un to = address(path);
    unlink(path);
    int listener = socket(AF_UNIX, SOCK_STREAM, 0);
    if (bind(listener, (struct sockaddr *)&to, sizeof to) || listen(listener, 64)) fail(path);
    int poll = epoll_create1(0);
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = NULL};
    epoll_ctl(poll, EPOLL_CTL_ADD, listener, &event);
    for (;;) {
        struct epoll_event ready[64];
        int count = epoll_wait(poll, ready, 64, -1);
        for (int i = 0; i < count; i++) {
            Connection *one = ready[i].data.ptr;
            if (!one) {
                one = calloc(1, sizeof *one);
                one->fd = accept(listener, NULL, NULL);
                struct epoll_event new = {.events = EPOLLIN, .data.ptr = one};
                epoll_ctl(poll, EPOLL_CTL_ADD, one->fd, &new);
                continue;
            }
            ssize_t got = read(one->fd, one->bytes + one->count, sizeof one->bytes - one->count);
            if (got <= 0) {
                close(one->fd);
                free(one);
                continue;
            }
            one->count += (size_t)got;
            answer(one, body);
        }
    }
}

// MARK: - The client

typedef struct {
    char *name;
    int fd;
    char *request;
    size_t size;
    uint32_t stream;
    double *p50, *p99;
    // The p50 of each round beside that of the server before, which was measured just before it.
    double *ratio;
    uint32_t answer;
} Server;

static void read_all(int fd, char *bytes, size_t count) {
    while (count > 0) {
        ssize_t got = read(fd, bytes, count);
        if (got <= 0) fail("read");
        bytes += got;
        count -= (size_t)got;
    }
}

static Server connected(char *argument, int rounds) {
    char *path = strchr(argument, '=');
    char *file = path ? strrchr(path, ':') : NULL;
    if (!file) {
        fprintf(stderr, "%s is not NAME=SOCKET:REQUEST_FILE\n", argument);
        exit(1);
    }
    *path++ = 0;
    *file++ = 0;
    Server one = {.name = argument, .fd = socket(AF_UNIX, SOCK_STREAM, 0), .stream = 1};
    struct sockaddr_un to = address(path);
    if (connect(one.fd, (struct sockaddr *)&to, sizeof to)) fail(path);
    FILE *from = fopen(file, "rb");
    if (!from) fail(file);
    one.request = malloc(most);
    one.size = fread(one.request, 1, most, from);
    fclose(from);
    one.p50 = calloc((size_t)rounds, sizeof(double));
    one.p99 = calloc((size_t)rounds, sizeof(double));
    one.ratio = calloc((size_t)rounds, sizeof(double));
    return one;
}

static int ascending(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void measure(Server *one, int count, int round) {
    static char frame[most + header];
    double *times = malloc((size_t)count * sizeof *times);
    for (int i = 0; i < count; i++) {
        uint32_t stream = htonl(one->stream);
        one->stream += 2;
        memcpy(one->request + 4, &stream, 4);
        struct timespec start, end;
        clock_gettime(CLOCK_MONOTONIC, &start);
        write_all(one->fd, one->request, one->size);
        // As clients do: one read for what is usually all of it.
        ssize_t got = read(one->fd, frame, sizeof frame);
        if (got < header) fail("read");
        size_t length = header + word(frame);
        if ((size_t)got < length) read_all(one->fd, frame + got, length - (size_t)got);
        clock_gettime(CLOCK_MONOTONIC, &end);
        times[i] = (double)(end.tv_sec - start.tv_sec) * 1e6 + (double)(end.tv_nsec - start.tv_nsec) / 1e3;
        one->answer = (uint32_t)length;
    }
    qsort(times, (size_t)count, sizeof *times, ascending);
    one->p50[round] = times[count / 2];
    one->p99[round] = times[(size_t)count * 99 / 100];
    free(times);
}

int main(int count, char **arguments) {
    if (count == 4 && !strcmp(arguments[1], "serve")) {
        serve(arguments[2], (uint32_t)atoi(arguments[3]));
    }
    if (count < 5 || strcmp(arguments[1], "time")) {
        fprintf(stderr, "use: roundtrip serve SOCKET BYTES | roundtrip time COUNT ROUNDS NAME=SOCKET:FILE ...\n");
        return 64;
    }
    int calls = atoi(arguments[2]), rounds = atoi(arguments[3]), servers = count - 4;
    Server *all = calloc((size_t)servers, sizeof *all);
    for (int i = 0; i < servers; i++) all[i] = connected(arguments[4 + i], rounds);
    for (int i = 0; i < servers; i++) measure(&all[i], calls, 0);  // warm
    for (int round = 0; round < rounds; round++) {
        for (int i = 0; i < servers; i++) {
            measure(&all[i], calls, round);
            all[i].ratio[round] = all[i].p50[round] / all[i ? i - 1 : 0].p50[round];
        }
    }
    for (int i = 0; i < servers; i++) {
        qsort(all[i].p50, (size_t)rounds, sizeof(double), ascending);
        qsort(all[i].p99, (size_t)rounds, sizeof(double), ascending);
        qsort(all[i].ratio, (size_t)rounds, sizeof(double), ascending);
        printf("{\"server\": \"%s\", \"request_bytes\": %zu, \"answer_bytes\": %u, "
               "\"p50_us\": %.2f, \"p99_us\": %.2f, \"least_p50_us\": %.2f, \"most_p50_us\": %.2f, "
               "\"ratio_to_the_one_before\": %.3f}\n",
               all[i].name, all[i].size, all[i].answer, all[i].p50[rounds / 2],
               all[i].p99[rounds / 2], all[i].p50[0], all[i].p50[rounds - 1],
               all[i].ratio[rounds / 2]);
    }
}
