/* For LD_PRELOAD: ends the process, as a loss of power would, at the sync number KILL_AT, before
 * that is done. What is on disk then is what was synced, and what the kernel had. */

#include <dlfcn.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

static void count(void)
{
    static _Atomic int done;
    const char *at = getenv("KILL_AT");

    if (at && ++done == atoi(at))
        kill(getpid(), SIGKILL);
}

static int pass_on(const char *name, int fd)
{
    union {
        void *found;
        int (*call)(int fd);
    } next = {.found = dlsym(RTLD_NEXT, name)};

    count();
    return next.call(fd);
}

int fsync(int fd)
{
    return pass_on("fsync", fd);
}

int fdatasync(int fd)
{
    return pass_on("fdatasync", fd);
}
