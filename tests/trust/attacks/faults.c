/* Stands between a program and the disk (LD_PRELOAD, Linux) and makes one write point go wrong.

   A write point is a call that changes what lies under one folder, or makes it durable: write, pwrite,
   writev, open with O_CREAT or O_TRUNC, ftruncate, fsync, fdatasync, unlink, rename, link, mkdir. They are
   counted from 1; at the chosen one the chosen thing happens. The layer is armed by faults_arm(), or from
   the start by PPDESK_FAULTS_FOLDER, PPDESK_FAULTS_KIND and PPDESK_FAULTS_AT.

   Nothing here asks for memory, so that the layer is safe in a child of fork(). */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

enum kind {
  COUNT = 0,     /* count only */
  KILL = 1,      /* SIGKILL before the call */
  KILL_HALF = 2, /* half of the bytes are written, then SIGKILL; other calls are done first */
  FULL_ONCE = 3, /* ENOSPC, this once */
  FULL_ON = 4,   /* half of the bytes are written, then ENOSPC from here on */
  EIO_ONCE = 5,  /* EIO, this once */
  EIO_ON = 6,    /* EIO from here on */
  JOURNAL = 7,   /* every call that went well is written to a descriptor */
};

static char folder[PATH_MAX];
static size_t folder_length;
static int kind, journal = -1, synced;
static long at, count;

/* What needs room on the drive; the rest cannot end in ENOSPC, and is no write point of these kinds. */
static int needs_room(char call) { return strchr("wotlrm", call) != NULL; }

void faults_arm(const char *under, int what, long when, int to) {
  folder_length = 0;
  if (!under) return;
  strncpy(folder, under, sizeof folder - 1);
  kind = what, at = when, journal = to, count = 0;
  folder_length = strlen(folder);
}

long faults_count(void) { return count; }

/* With 0 (the start) fsync is counted and left out: after a SIGKILL the kernel still has every write. */
void faults_sync(int really) { synced = really; }

__attribute__((constructor)) static void from_environment(void) {
  const char *under = getenv("PPDESK_FAULTS_FOLDER"), *what = getenv("PPDESK_FAULTS_KIND");
  const char *when = getenv("PPDESK_FAULTS_AT");
  if (under && what && when) faults_arm(under, atoi(what), atol(when), -1);
}

static int within(const char *path) {
  return folder_length && !strncmp(path, folder, folder_length) &&
         (path[folder_length] == '/' || !path[folder_length]);
}

static int absolute(int dir, const char *path, char *out) {
  if (!folder_length || !path) return 0;
  if (path[0] == '/') {
    strncpy(out, path, PATH_MAX - 1);
    out[PATH_MAX - 1] = 0;
    return within(out);
  }
  char link[64];
  if (dir == AT_FDCWD) strcpy(link, "/proc/self/cwd");
  else snprintf(link, sizeof link, "/proc/self/fd/%d", dir);
  ssize_t length = readlink(link, out, PATH_MAX - 1);
  if (length < 0 || (size_t)length + strlen(path) + 2 > PATH_MAX) return 0;
  out[length] = '/';
  strcpy(out + length + 1, path);
  return within(out);
}

/* Whether a descriptor is of a file or folder under the folder; its path goes to `out`. */
static int ours(int fd, char *out) {
  if (!folder_length || fd == journal) return 0;
  char link[64];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link, out, PATH_MAX - 1);
  if (length <= 0) return 0;
  out[length] = 0;
  return within(out);
}

static void die(void) {
  syscall(SYS_kill, getpid(), SIGKILL);
  for (;;) pause();
}

/* 0: go on. 1: do half of it (write) or all of it (else), then call after(). -1: errno is set, fail. */
static int point(char call) {
  int on = kind == FULL_ON || kind == EIO_ON;
  if ((kind == FULL_ONCE || kind == FULL_ON) && !needs_room(call)) return 0;
  long number = ++count;
  if (!at || (number != at && !(on && number > at))) return 0; /* 0 counts only */
  switch (kind) {
    case KILL: die(); break;
    case KILL_HALF: return 1;
    case FULL_ON:
      if (number == at && call == 'w') return 1;
      /* fall through */
    case FULL_ONCE: errno = ENOSPC; return -1;
    case EIO_ONCE: case EIO_ON: errno = EIO; return -1;
  }
  return 0;
}

static void after(int halved) {
  if (halved == 1 && kind == KILL_HALF) die();
}

static uint64_t inode(int fd, const char *path) {
  struct stat told;
  int failed = path ? lstat(path, &told) : fstat(fd, &told);
  return failed ? 0 : told.st_ino;
}

static void put(const void *data, size_t length) {
  const char *next = data;
  while (length) {
    ssize_t done = syscall(SYS_write, journal, next, length);
    if (done <= 0) die(); /* a journal with gaps is worse than none */
    next += done, length -= done;
  }
}

/* call, inode, offset, then three counted byte strings: path, other path, data */
static void tell(char call, uint64_t node, int64_t offset, const char *path, const char *other,
                 const void *data, size_t length) {
  if (kind != JOURNAL || journal < 0 || !folder_length) return;
  int kept = errno;
  uint64_t head[5] = {node, (uint64_t)offset, strlen(path), other ? strlen(other) : 0, length};
  put(&call, 1), put(head, sizeof head), put(path, head[2]);
  if (other) put(other, head[3]);
  if (data) put(data, length);
  errno = kept;
}

/* What the program itself has to say between two calls, such as that an event is acknowledged. */
void faults_note(const char *words) { tell('n', 0, 0, "", NULL, words, strlen(words)); }

static ssize_t written(int fd, const void *data, size_t length, int64_t offset, int placed) {
  char path[PATH_MAX];
  long call = placed ? SYS_pwrite64 : SYS_write;
  if (!ours(fd, path)) return syscall(call, fd, data, length, offset);
  int halved = point('w');
  if (halved < 0) return -1;
  if (!placed) {
    struct stat told;
    int appends = fcntl(fd, F_GETFL) & O_APPEND;
    offset = appends && !fstat(fd, &told) ? told.st_size : lseek(fd, 0, SEEK_CUR);
  }
  size_t some = halved ? length / 2 : length;
  ssize_t done = some ? syscall(call, fd, data, some, offset) : 0;
  after(halved);
  if (!done && length) return errno = ENOSPC, -1; /* the half of one byte */
  if (done > 0) tell('w', inode(fd, NULL), offset, path, NULL, data, done);
  return done;
}

ssize_t write(int fd, const void *data, size_t length) { return written(fd, data, length, 0, 0); }
ssize_t pwrite(int fd, const void *data, size_t length, off_t offset) {
  return written(fd, data, length, offset, 1);
}
ssize_t pwrite64(int fd, const void *data, size_t length, off64_t offset) {
  return written(fd, data, length, offset, 1);
}

ssize_t writev(int fd, const struct iovec *vector, int parts) {
  char path[PATH_MAX];
  if (!ours(fd, path)) return syscall(SYS_writev, fd, vector, parts);
  ssize_t sum = 0;
  for (int each = 0; each < parts; each++) { /* one after the other: each is a point of its own */
    ssize_t done = written(fd, vector[each].iov_base, vector[each].iov_len, 0, 0);
    if (done < 0) return sum ? sum : -1;
    sum += done;
    if ((size_t)done < vector[each].iov_len) break;
  }
  return sum;
}

/* Ways to write that the count would miss: refused, and callers fall back to write(). */
ssize_t sendfile(int to, int from, off_t *offset, size_t length) {
  char path[PATH_MAX];
  if (ours(to, path)) return errno = EINVAL, -1;
  return syscall(SYS_sendfile, to, from, offset, length);
}
ssize_t sendfile64(int to, int from, off64_t *offset, size_t length) {
  return sendfile(to, from, (off_t *)offset, length);
}
ssize_t copy_file_range(int from, off64_t *off1, int to, off64_t *off2, size_t length, unsigned flags) {
  char path[PATH_MAX];
  if (ours(to, path)) return errno = EXDEV, -1;
  return syscall(SYS_copy_file_range, from, off1, to, off2, length, flags);
}
int fallocate(int fd, int mode, off_t offset, off_t length) {
  char path[PATH_MAX];
  if (ours(fd, path)) return errno = EOPNOTSUPP, -1;
  return syscall(SYS_fallocate, fd, mode, offset, length);
}
int fallocate64(int fd, int mode, off64_t offset, off64_t length) { return fallocate(fd, mode, offset, length); }

static int cut(int fd, off64_t length) {
  char path[PATH_MAX];
  if (!ours(fd, path)) return syscall(SYS_ftruncate, fd, length);
  int halved = point('t');
  if (halved < 0) return -1;
  int done = syscall(SYS_ftruncate, fd, length);
  after(halved);
  if (!done) tell('t', inode(fd, NULL), length, path, NULL, NULL, 0);
  return done;
}
int ftruncate(int fd, off_t length) { return cut(fd, length); }
int ftruncate64(int fd, off64_t length) { return cut(fd, length); }

static int made_durable(int fd, long call) {
  char path[PATH_MAX];
  if (!ours(fd, path)) return syscall(call, fd);
  int halved = point('s');
  if (halved < 0) return -1;
  int done = synced ? syscall(call, fd) : 0;
  after(halved);
  if (!done) tell('s', inode(fd, NULL), 0, path, NULL, NULL, 0);
  return done;
}
int fsync(int fd) { return made_durable(fd, SYS_fsync); }
int fdatasync(int fd) { return made_durable(fd, SYS_fdatasync); }

static int opened(int dir, const char *name, int flags, mode_t mode) {
  char path[PATH_MAX];
  struct stat told;
  int counts = (flags & (O_CREAT | O_TRUNC)) && absolute(dir, name, path);
  int fresh = counts && lstat(path, &told);
  if (!counts || (!fresh && !(flags & O_TRUNC)) || (!fresh && (flags & O_EXCL)))
    return syscall(SYS_openat, dir, name, flags, mode);
  int halved = point('o');
  if (halved < 0) return -1;
  int fd = syscall(SYS_openat, dir, name, flags, mode);
  after(halved);
  if (fd >= 0 && fresh) tell('o', inode(fd, NULL), 0, path, NULL, NULL, 0);
  else if (fd >= 0) tell('t', inode(fd, NULL), 0, path, NULL, NULL, 0);
  return fd;
}
#define MODE(flags) \
  mode_t mode = 0; \
  if ((flags) & (O_CREAT | O_TMPFILE)) { \
    va_list rest; \
    va_start(rest, flags); \
    mode = va_arg(rest, mode_t); \
    va_end(rest); \
  }
int open(const char *name, int flags, ...) { MODE(flags) return opened(AT_FDCWD, name, flags, mode); }
int open64(const char *name, int flags, ...) { MODE(flags) return opened(AT_FDCWD, name, flags, mode); }
int openat(int dir, const char *name, int flags, ...) { MODE(flags) return opened(dir, name, flags, mode); }
int openat64(int dir, const char *name, int flags, ...) { MODE(flags) return opened(dir, name, flags, mode); }
int creat(const char *name, mode_t mode) {
  return opened(AT_FDCWD, name, O_CREAT | O_WRONLY | O_TRUNC, mode);
}

static int gone(int dir, const char *name, int flags) {
  char path[PATH_MAX];
  struct stat told;
  if (!absolute(dir, name, path) || lstat(path, &told)) return syscall(SYS_unlinkat, dir, name, flags);
  int halved = point('u');
  if (halved < 0) return -1;
  int done = syscall(SYS_unlinkat, dir, name, flags);
  after(halved);
  if (!done) tell('u', told.st_ino, 0, path, NULL, NULL, 0);
  return done;
}
int unlink(const char *name) { return gone(AT_FDCWD, name, 0); }
int unlinkat(int dir, const char *name, int flags) { return gone(dir, name, flags); }
int rmdir(const char *name) { return gone(AT_FDCWD, name, AT_REMOVEDIR); }

static int moved(char call, int dir, const char *name, int other_dir, const char *other, int flags) {
  char from[PATH_MAX], to[PATH_MAX];
  long number = call == 'r' ? SYS_renameat2 : SYS_linkat;
  absolute(dir, name, from);
  if (!absolute(other_dir, other, to)) return syscall(number, dir, name, other_dir, other, flags);
  int halved = point(call);
  if (halved < 0) return -1;
  int done = syscall(number, dir, name, other_dir, other, flags);
  after(halved);
  if (!done) tell(call, inode(-1, to), 0, from, to, NULL, 0);
  return done;
}
int rename(const char *name, const char *other) { return moved('r', AT_FDCWD, name, AT_FDCWD, other, 0); }
int renameat(int dir, const char *name, int to, const char *other) { return moved('r', dir, name, to, other, 0); }
int renameat2(int dir, const char *name, int to, const char *other, unsigned flags) {
  return moved('r', dir, name, to, other, flags);
}
int link(const char *name, const char *other) { return moved('l', AT_FDCWD, name, AT_FDCWD, other, 0); }
int linkat(int dir, const char *name, int to, const char *other, int flags) {
  return moved('l', dir, name, to, other, flags);
}

static int folder_made(int dir, const char *name, mode_t mode) {
  char path[PATH_MAX];
  struct stat told;
  if (!absolute(dir, name, path) || !lstat(path, &told)) return syscall(SYS_mkdirat, dir, name, mode);
  int halved = point('m');
  if (halved < 0) return -1;
  int done = syscall(SYS_mkdirat, dir, name, mode);
  after(halved);
  if (!done) tell('m', inode(-1, path), 0, path, NULL, NULL, 0);
  return done;
}
int mkdir(const char *name, mode_t mode) { return folder_made(AT_FDCWD, name, mode); }
int mkdirat(int dir, const char *name, mode_t mode) { return folder_made(dir, name, mode); }
