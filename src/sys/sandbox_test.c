#include "sys/sandbox.h"

#include "base/test.h"
#include "sys/process.h"
#include "sys/scratch.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>

/* --- what it tries; true: as it wanted --- */

#define FILE_NAME "file"
#define NEW_NAME "new"

static int directory; /* open before the sandbox is entered, as is FILE_NAME in it */
static int file;
static int channel;

static bool say(void)
{
    struct err err;

    return process_send(channel, SPAN_LIT("x"), &err);
}
static bool hear(void)
{
    struct err err;
    uint8_t message[8];
    size_t len;

    return process_receive(channel, message, sizeof message, &len, &err) && len == 3;
}
static bool replace_file(void)
{
    int fd = openat(directory, NEW_NAME, O_WRONLY | O_APPEND | O_CREAT | O_EXCL | O_NOFOLLOW, 0640);

    return fd >= 0 && write(fd, "x", 1) == 1 && fdatasync(fd) == 0 && close(fd) == 0 &&
           renameat(directory, NEW_NAME, directory, FILE_NAME) == 0 && fsync(directory) == 0;
}
static bool remove_what_is_not_there(void)
{
    return unlinkat(directory, NEW_NAME, 0) != 0 && errno == ENOENT;
}
static bool take_memory(void)
{
    uint8_t *volatile large = malloc(4u << 20);

    if (large)
        large[0] = large[(4u << 20) - 1] = 1;
    free(large);
    return large != NULL;
}
static bool look_at_clock(void)
{
    struct timespec now;

    return clock_gettime(CLOCK_MONOTONIC, &now) == 0;
}
static bool read_file(void)
{
    return openat(directory, FILE_NAME, O_RDONLY) >= 0;
}
static bool write_file(void)
{
    return openat(directory, FILE_NAME, O_WRONLY) >= 0;
}
static bool make_or_cut(void)
{
    return openat(directory, FILE_NAME, O_WRONLY | O_CREAT | O_TRUNC, 0640) >= 0;
}
static bool make_to_read(void)
{
    return openat(directory, NEW_NAME, O_RDWR | O_CREAT | O_EXCL, 0640) >= 0;
}
static bool read_what_is_open(void)
{
    char byte;

    return read(file, &byte, 1) == 1;
}
static bool hear_elsewhere(void)
{
    char byte;

    return recv(file, &byte, 1, 0) >= 0;
}
static bool say_elsewhere(void)
{
    return send(file, "x", 1, 0) >= 0;
}
static bool connect_out(void)
{
    return socket(AF_INET, SOCK_STREAM, 0) >= 0;
}
static bool start_another(void)
{
    return fork() > 0;
}
static bool start_a_program(void)
{
    return execl("/bin/true", "true", (char *)NULL) == 0;
}
static bool kill_parent(void)
{
    return kill(getppid(), 0) == 0;
}
static bool trace_parent(void)
{
    return ptrace(PTRACE_ATTACH, getppid(), NULL, NULL) == 0;
}
static bool make_code(void)
{
    return mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1,
                0) != MAP_FAILED;
}
static bool turn_into_code(void)
{
    static uint8_t page[8192];

    return mprotect((void *)(((uintptr_t)page + 4095) & ~(uintptr_t)4095), 4096,
                    PROT_READ | PROT_EXEC) == 0;
}
static bool be_looked_into(void)
{
    return prctl(PR_SET_DUMPABLE, 1) == 0;
}
static bool open_mode(void)
{
    return fchmodat(directory, FILE_NAME, 0777, 0) == 0;
}
static bool make_directory(void)
{
    return mkdirat(directory, "folder", 0750) == 0;
}
static bool link_file(void)
{
    return linkat(directory, FILE_NAME, directory, NEW_NAME, 0) == 0;
}
static bool see_file(void)
{
    struct stat st;

    return fstatat(directory, FILE_NAME, &st, AT_SYMLINK_NOFOLLOW) == 0;
}

enum outcome { DONE, FAILED, NEVER_BEGAN };

struct plan {
    struct scratch scratch;
    bool (*trial)(void);
};

static int try_it(int its_channel, void *context)
{
    const struct plan *plan = context;
    struct err err;

    channel = its_channel;
    directory = open(plan->scratch.path, O_RDONLY | O_DIRECTORY);
    file = openat(directory, FILE_NAME, O_RDWR | O_CREAT, 0640);
    if (directory < 0 || file < 0 || write(file, "xy", 2) != 2 || lseek(file, 0, SEEK_SET) != 0 ||
        !sandbox_enter(channel, &err))
        return NEVER_BEGAN;
    return plan->trial() ? DONE : FAILED;
}

static void test_trials(void **state)
{
    static const struct {
        const char *name;
        bool (*trial)(void);
        bool ends; /* it is ended for it */
    } cases[] = {
        {"say something", say, false},
        {"hear something", hear, false},
        {"replace a file", replace_file, false},
        {"remove what is not there", remove_what_is_not_there, false},
        {"take memory", take_memory, false},
        {"look at the clock", look_at_clock, false},
        {"read a file", read_file, true},
        {"write a file that is there", write_file, true},
        {"cut one", make_or_cut, true},
        {"make one to read", make_to_read, true},
        {"read what is open", read_what_is_open, true},
        {"hear elsewhere", hear_elsewhere, true},
        {"say something elsewhere", say_elsewhere, true},
        {"connect to somebody", connect_out, true},
        {"start another process", start_another, true},
        {"start a program", start_a_program, true},
        {"send a signal", kill_parent, true},
        {"trace its parent", trace_parent, true},
        {"make memory that runs", make_code, true},
        {"make memory run", turn_into_code, true},
        {"be looked into", be_looked_into, true},
        {"open a file to others", open_mode, true},
        {"make a directory", make_directory, true},
        {"link a file", link_file, true},
        {"see a file", see_file, true},
    };
    (void)state;

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct plan plan = {scratch_make(), cases[i].trial};
        struct process process;
        struct err err = {0};
        int status;

        CHECK_CASE(cases[i].name, process_start(&process, try_it, &plan, &err));
        (void)!process_send(process.channel, SPAN_LIT("abc"), &err); /* it may have ended */
        CHECK_CASE(cases[i].name, waitpid(process.id, &status, 0) == process.id);
        CHECK_CASE(cases[i].name, WIFSIGNALED(status) == cases[i].ends);
        if (cases[i].ends)
            CHECK_CASE(cases[i].name, WTERMSIG(status) == SIGSYS);
        else
            CHECK_CASE(cases[i].name, WEXITSTATUS(status) == DONE);
        close(process.channel);
        scratch_remove(&plan.scratch);
    }
}

static const struct CMUnitTest tests[] = {cmocka_unit_test(test_trials)};
RUN_TESTS(tests)
