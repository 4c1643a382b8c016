#include "sys/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <seccomp.h>
#include <sys/mman.h>
#include <sys/prctl.h>

/* A call, and what must hold of one of its arguments: masked, it has the value. */
struct allowed {
    int call;
    bool is_bound;
    struct scmp_arg_cmp bound;
};

#define ANY(name)                                                                                  \
    {                                                                                              \
        .call = SCMP_SYS(name)                                                                     \
    }
#define MASKED(name, n, mask, value)                                                               \
    {                                                                                              \
        .call = SCMP_SYS(name), .is_bound = true, .bound = { n, SCMP_CMP_MASKED_EQ, mask, value }  \
    }

/* A file of its own is made anew: none that is there is opened. */
#define OPENED (O_ACCMODE | O_CREAT | O_EXCL | O_TRUNC | O_PATH)
#define MADE (O_WRONLY | O_CREAT | O_EXCL)

static const struct allowed allowed[] = {
    /* disk_replace, in a directory that is open */
    MASKED(openat, 2, OPENED, MADE), ANY(write), ANY(fstat),
    MASKED(newfstatat, 3, AT_EMPTY_PATH, AT_EMPTY_PATH), /* what fstat is made of */
    ANY(fdatasync), ANY(fsync), ANY(close), ANY(renameat), ANY(renameat2), ANY(unlinkat),
    /* the C library */
    MASKED(mmap, 2, PROT_EXEC, 0), ANY(munmap), ANY(mremap), ANY(madvise), ANY(brk), ANY(futex),
    ANY(clock_gettime), ANY(rt_sigreturn), ANY(restart_syscall), ANY(exit), ANY(exit_group),
    ANY(sigaltstack), /* the sanitizers ask, before an end */
};

static int allow(scmp_filter_ctx filter, const struct allowed *rule)
{
    return seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, rule->call, rule->is_bound, &rule->bound);
}

static int allow_channel(scmp_filter_ctx filter, int channel)
{
    const struct allowed receiving = MASKED(recvfrom, 0, UINT32_MAX, (scmp_datum_t)channel);
    const struct allowed sending = MASKED(sendto, 0, UINT32_MAX, (scmp_datum_t)channel);
    int failed = allow(filter, &receiving);

    return failed ? failed : allow(filter, &sending);
}

/* What is not listed ends the process: an error that it could go on after would hide that
 * something was tried, or that this list is too short. */
bool sandbox_enter(int channel, struct err *err)
{
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_KILL_PROCESS);
    int failed = filter ? allow_channel(filter, channel) : -ENOMEM;

    for (size_t i = 0; !failed && i < ARRAY_LEN(allowed); i++)
        failed = allow(filter, &allowed[i]);
    if (!failed && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
        failed = -errno;
    failed = failed ? failed : seccomp_load(filter);
    seccomp_release(filter);
    errno = -failed;
    return failed == 0 || err_errno(err, "confine the process (seccomp)");
}
