#include "sys/process.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define CHANNEL 3 /* behind the standard ones */

/* Where stdin and stdout led is not its business; what a failed assertion says is. */
static bool keep_descriptors(int channel)
{
    int null = open("/dev/null", O_RDWR);

    return null >= 0 && dup2(null, STDIN_FILENO) >= 0 && dup2(null, STDOUT_FILENO) >= 0 &&
           (channel == CHANNEL || dup2(channel, CHANNEL) >= 0) &&
           fcntl(CHANNEL, F_SETFD, FD_CLOEXEC) == 0 && close_range(CHANNEL + 1, ~0u, 0) == 0;
}

/* An end of the parent before this is set would go unnoticed: so it is looked at afterwards. */
static bool end_with(pid_t parent)
{
    return prctl(PR_SET_PDEATHSIG, SIGKILL) == 0 && getppid() == parent;
}

/* No core, no tracing, no /proc/PID/mem: not even for the parent, which is of the same user. */
static bool hide(void)
{
    return prctl(PR_SET_DUMPABLE, 0) == 0;
}

static _Noreturn void begin(int channel, pid_t parent, process_main *main, void *context)
{
    sigset_t all;

    sigfillset(&all);
    if (sigprocmask(SIG_SETMASK, &all, NULL) != 0 || !end_with(parent) || !hide() ||
        !keep_descriptors(channel))
        _exit(1);
    _exit(main(CHANNEL, context));
}

bool process_start(struct process *out, process_main *main, void *context, struct err *err)
{
    pid_t parent = getpid();
    int end[2];

    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, end) != 0)
        return err_errno(err, "make a channel");
    pid_t child = fork();
    if (child == 0)
        begin(end[1], parent, main, context);
    close(end[1]);
    if (child < 0) {
        err_errno(err, "start a process");
        close(end[0]);
        return false;
    }
    *out = (struct process){.channel = end[0], .id = child};
    return true;
}

void process_end(struct process *process)
{
    close(process->channel);
    while (waitpid(process->id, NULL, 0) < 0 && errno == EINTR)
        ;
}

bool process_send(int channel, struct span message, struct err *err)
{
    ssize_t n;

    while ((n = send(channel, message.at, message.len, MSG_NOSIGNAL)) < 0 && errno == EINTR)
        ;
    return n == (ssize_t)message.len || err_errno(err, "send to the other process");
}

bool process_receive(int channel, uint8_t *at, size_t room, size_t *out_len, struct err *err)
{
    ssize_t n;

    while ((n = recv(channel, at, room, MSG_TRUNC)) < 0 && errno == EINTR)
        ;
    if (n < 0)
        return err_errno(err, "receive from the other process");
    if (n == 0)
        return err_set(err, ERR_IO, "the other process has ended");
    *out_len = (size_t)n;
    return true;
}
