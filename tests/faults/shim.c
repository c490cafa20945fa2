/* Records what a process writes to a database's files and when it flushes them, in one order with what it says on
   standard output; on demand it refuses to write. Loaded by LD_PRELOAD; tests/faults/recorder.py reads the record. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#define MOST 4096

static const char *prefix, *refusal;
static int record = -1;
static signed char kinds[MOST]; /* 0: not ours, 1: the file, 2: its log, 3: its journal */
static pthread_mutex_t order = PTHREAD_MUTEX_INITIALIZER;

__attribute__((constructor)) static void begin(void) {
    const char *path = getenv("FAULT_RECORD");
    prefix = getenv("FAULT_FILE");
    refusal = getenv("FAULT_REFUSAL");
    if (path) record = syscall(SYS_openat, AT_FDCWD, path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
}

static int kind_of(const char *path) {
    size_t length = prefix ? strlen(prefix) : 0;
    if (!length || strncmp(path, prefix, length)) return 0;
    if (!path[length]) return 1;
    if (!strcmp(path + length, "-wal")) return 2;
    return !strcmp(path + length, "-journal") ? 3 : 0;
}

static int kind_at(int fd) { return fd >= 0 && fd < MOST ? kinds[fd] : 0; }

static int opened(int fd, const char *path) {
    if (fd >= 0 && fd < MOST) kinds[fd] = kind_of(path);
    return fd;
}

static int refused(void) {
    char number[8] = "";
    int fd;
    if (!refusal || (fd = syscall(SYS_openat, AT_FDCWD, refusal, O_RDONLY)) < 0) return 0;
    long got = syscall(SYS_read, fd, number, sizeof number - 1);
    syscall(SYS_close, fd);
    return got > 0 ? atoi(number) : 0;
}

static void note(char what, int kind, int64_t offset, const void *data, uint32_t length) {
    struct __attribute__((packed)) { char what; char kind; int64_t offset; uint32_t length; } head = {what, kind, offset, length};
    struct iovec parts[2] = {{&head, sizeof head}, {(void *)data, data ? length : 0}};
    if (record >= 0) syscall(SYS_writev, record, parts, 2);
}

#define OPEN(name, flag)                                                                 \
    int name(const char *path, int flags, ...) {                                         \
        mode_t mode = 0;                                                                 \
        if (flags & (O_CREAT | O_TMPFILE)) {                                             \
            va_list rest;                                                                \
            va_start(rest, flags);                                                       \
            mode = va_arg(rest, mode_t);                                                 \
            va_end(rest);                                                                \
        }                                                                                \
        return opened(syscall(SYS_openat, AT_FDCWD, path, flags | (flag), mode), path);  \
    }
OPEN(open, 0)
OPEN(open64, O_LARGEFILE)

int close(int fd) {
    if (fd >= 0 && fd < MOST) kinds[fd] = 0;
    return syscall(SYS_close, fd);
}

#define GUARDED(fd, call, what, offset, data, length)                                    \
    int kind = kind_at(fd), number;                                                      \
    if (!kind) return call;                                                              \
    if ((number = refused())) return errno = number, -1;                                 \
    pthread_mutex_lock(&order);                                                          \
    long done = call;                                                                    \
    if (done >= 0) note(what, kind, offset, data, length);                               \
    pthread_mutex_unlock(&order);                                                        \
    return done;

ssize_t pwrite64(int fd, const void *data, size_t length, off64_t offset) {
    GUARDED(fd, syscall(SYS_pwrite64, fd, data, length, offset), 'W', offset, data, done)
}
ssize_t pwrite(int fd, const void *data, size_t length, off_t offset) { return pwrite64(fd, data, length, offset); }

int ftruncate64(int fd, off64_t length) { GUARDED(fd, syscall(SYS_ftruncate, fd, length), 'T', length, NULL, 0) }
int ftruncate(int fd, off_t length) { return ftruncate64(fd, length); }

int fsync(int fd) { GUARDED(fd, syscall(SYS_fsync, fd), 'S', 0, NULL, 0) }
int fdatasync(int fd) { GUARDED(fd, syscall(SYS_fdatasync, fd), 'S', 0, NULL, 0) }

int unlink(const char *path) {
    int kind = kind_of(path);
    pthread_mutex_lock(&order);
    int done = syscall(SYS_unlink, path);
    if (kind && !done) note('U', kind, 0, NULL, 0);
    pthread_mutex_unlock(&order);
    return done;
}

ssize_t write(int fd, const void *data, size_t length) {
    if (fd != 1 || record < 0) return syscall(SYS_write, fd, data, length);
    pthread_mutex_lock(&order);
    ssize_t done = syscall(SYS_write, fd, data, length);
    if (done > 0) note('A', 0, 0, data, done);
    pthread_mutex_unlock(&order);
    return done;
}
