/* Makes the calls of one folder (SHIM_ROOT) fail as network shares do; SHIM names the calls. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int asked(const char *what) {
    char list[256], *name, *rest = list;
    const char *faults = getenv("SHIM");
    if (!faults) return 0;
    snprintf(list, sizeof list, "%s", faults);
    while ((name = strsep(&rest, ",")))
        if (!strcmp(name, what)) return 1;
    return 0;
}

static int below(const char *path) {
    const char *root = getenv("SHIM_ROOT");
    char whole[PATH_MAX];
    if (!root || !path) return 0;
    if (path[0] != '/') {
        if (!getcwd(whole, sizeof whole)) return 0;
        path = whole;
    }
    return !strncmp(path, root, strlen(root));
}

static int open_below(int file) {
    char link[64], path[PATH_MAX];
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length < 0) return 0;
    path[length] = 0;
    return below(path);
}

static int fails(int error) {
    errno = error;
    return -1;
}

int fsync(int file) {
    int (*real)(int) = dlsym(RTLD_NEXT, "fsync");
    struct stat found;
    if (open_below(file) && !fstat(file, &found) && asked(S_ISDIR(found.st_mode) ? "dirfsync" : "fsync"))
        return fails(EINVAL);
    return real(file);
}

int fchmod(int file, mode_t mode) {
    int (*real)(int, mode_t) = dlsym(RTLD_NEXT, "fchmod");
    return asked("fchmod") && open_below(file) ? fails(EPERM) : real(file, mode);
}

int flock(int file, int operation) {
    int (*real)(int, int) = dlsym(RTLD_NEXT, "flock");
    return asked("flock") && open_below(file) ? fails(EOPNOTSUPP) : real(file, operation);
}

int link(const char *from, const char *to) {
    int (*real)(const char *, const char *) = dlsym(RTLD_NEXT, "link");
    return asked("link") && below(to) ? fails(EPERM) : real(from, to);
}

int linkat(int from_folder, const char *from, int to_folder, const char *to, int flags) {
    int (*real)(int, const char *, int, const char *, int) = dlsym(RTLD_NEXT, "linkat");
    return asked("link") && below(to) ? fails(EPERM) : real(from_folder, from, to_folder, to, flags);
}
