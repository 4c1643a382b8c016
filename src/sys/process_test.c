#include "sys/process.h"

#include "base/test.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define NOBODY 65534

/* --- what the other process does --- */

/* Says back what it hears, at most 8 bytes of it, and how long it was. */
static int echo(int channel, void *context)
{
    uint8_t message[8];
    char said[64];
    size_t len;
    struct err err;

    (void)context;
    while (process_receive(channel, message, sizeof message, &len, &err)) {
        size_t kept = len < sizeof message ? len : sizeof message;
        snprintf(said, sizeof said, "%zu %.*s", len, (int)kept, (const char *)message);
        if (!process_send(channel, span_of(said), &err))
            return 1;
    }
    return 0;
}

/* What it has open, and where its standard descriptors lead. */
static int count_descriptors(int channel, void *context)
{
    DIR *folder = opendir("/proc/self/fd");
    char said[64], in[32] = "", out[32] = "";
    struct err err;
    int count = -3; /* "." and "..", and the folder itself */

    (void)context;
    while (folder && readdir(folder))
        count++;
    bool ok = readlink("/proc/self/fd/0", in, sizeof in - 1) > 0 &&
              readlink("/proc/self/fd/1", out, sizeof out - 1) > 0;
    snprintf(said, sizeof said, "%d %s %s", ok ? count : -1, in, out);
    return process_send(channel, span_of(said), &err) ? 0 : 1;
}

static int fall(int channel, void *context)
{
    (void)channel;
    (void)context;
    return 7;
}

/* Says that it has begun, and looks at nothing any more. */
static int pause_for_ever(int channel, void *context)
{
    struct err err;

    (void)context;
    while (process_send(channel, SPAN_LIT("here"), &err) && pause())
        ;
    return 0;
}

/* --- */

static struct process started(process_main *main)
{
    struct process process;
    struct err err = {0};

    if (!process_start(&process, main, NULL, &err))
        fail_msg("%s", err.text);
    return process;
}

static void heard(const struct process *process, const char *wanted)
{
    char message[128] = "";
    struct err err = {0};
    size_t len;

    if (!process_receive(process->channel, (uint8_t *)message, sizeof message - 1, &len, &err))
        fail_msg("%s", err.text);
    assert_string_equal(message, wanted);
}

static void test_messages(void **state)
{
    static const struct {
        const char *sent, *answer;
    } cases[] = {
        {"a", "1 a"},
        {"12345678", "8 12345678"},
        {"one byte too many", "17 one byte"},
        {"one\ntwo", "7 one\ntwo"},
    };
    struct process process = started(echo);
    struct err err = {0};
    (void)state;

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        assert_true(process_send(process.channel, span_of(cases[i].sent), &err));
        heard(&process, cases[i].answer);
    }
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) /* they wait, each for itself */
        assert_true(process_send(process.channel, span_of(cases[i].sent), &err));
    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        heard(&process, cases[i].answer);
    process_end(&process);
}

static void test_large_message(void **state)
{
    static uint8_t large[100000];
    struct process process = started(echo);
    struct err err = {0};
    (void)state;

    memset(large, 'x', sizeof large);
    assert_true(process_send(process.channel, span_make(large, sizeof large), &err));
    heard(&process, "100000 xxxxxxxx");
    process_end(&process);
}

static void test_its_end(void **state)
{
    uint8_t message[8];
    struct err err = {0};
    size_t len;
    (void)state;

    signal(SIGPIPE, SIG_DFL);
    struct process process = started(fall);
    assert_false(process_receive(process.channel, message, sizeof message, &len, &err));
    assert_int_equal(err.kind, ERR_IO);
    assert_non_null(strstr(err.text, "has ended"));
    assert_false(process_send(process.channel, SPAN_LIT("x"), &err));
    assert_int_equal(err.kind, ERR_IO);
    process_end(&process);
}

static void test_descriptors(void **state)
{
    int before = open("/dev/null", O_RDONLY), after;
    (void)state;

    /* Whatever is open here, and wherever the channel comes to lie. */
    assert_true(before >= 0);
    struct process process = started(count_descriptors);
    heard(&process, "4 /dev/null /dev/null");
    process_end(&process);
    assert_true((after = dup2(before, 77)) == 77);
    process = started(count_descriptors);
    heard(&process, "4 /dev/null /dev/null");
    process_end(&process);
    close(after);
    close(before);
}

static void test_deaf(void **state)
{
    static const int signals[] = {SIGINT, SIGTERM, SIGHUP, SIGUSR1, SIGALRM};
    struct process process = started(echo);
    struct err err = {0};
    (void)state;

    assert_true(process_send(process.channel, SPAN_LIT("a"), &err));
    heard(&process, "1 a"); /* it has begun */
    for (size_t i = 0; i < ARRAY_LEN(signals); i++)
        assert_int_equal(kill(process.id, signals[i]), 0);
    assert_true(process_send(process.channel, SPAN_LIT("b"), &err));
    heard(&process, "1 b");
    process_end(&process);
}

/* The parent is killed, and the other, which does not look at its channel, with it. */
static void test_orphan(void **state)
{
    int report[2], status;
    struct process process;
    uint8_t here[4];
    size_t len;
    (void)state;

    assert_int_equal(prctl(PR_SET_CHILD_SUBREAPER, 1), 0);
    assert_int_equal(pipe(report), 0);
    pid_t parent = fork();
    if (parent == 0) {
        struct err err;
        bool ok = process_start(&process, pause_for_ever, NULL, &err) &&
                  process_receive(process.channel, here, sizeof here, &len, &err) &&
                  write(report[1], &process, sizeof process) == (ssize_t)sizeof process;
        if (!ok)
            _exit(1);
        pause();
    }
    assert_int_equal(read(report[0], &process, sizeof process), sizeof process);
    assert_int_equal(kill(parent, SIGKILL), 0);
    assert_int_equal(waitpid(parent, &status, 0), parent);
    assert_int_equal(waitpid(process.id, &status, 0), process.id);
    assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
    close(report[0]);
    close(report[1]);
}

/* --- nobody looks into it --- */

static bool can_look_into(pid_t other)
{
    char path[64];

    snprintf(path, sizeof path, "/proc/%d/mem", (int)other);
    int fd = open(path, O_RDONLY);
    if (fd >= 0)
        close(fd);
    return fd >= 0;
}

/* By whoever is of the same user and not root. An ordinary child can be looked into: else
 * this would say nothing. 0: as it should be. */
static int look_as_nobody(void)
{
    struct process process;
    struct err err;
    uint8_t message[8];
    size_t len;

    if ((getuid() == 0 && setuid(NOBODY) != 0) || prctl(PR_SET_DUMPABLE, 1) != 0)
        return 1;
    pid_t ordinary = fork();
    if (ordinary == 0) {
        pause();
        _exit(0);
    }
    bool looked = can_look_into(ordinary);
    kill(ordinary, SIGKILL);
    if (!process_start(&process, echo, NULL, &err) ||
        !process_send(process.channel, SPAN_LIT("a"), &err) ||
        !process_receive(process.channel, message, sizeof message, &len, &err))
        return 2;
    bool looked_into_it = can_look_into(process.id);
    process_end(&process);
    return !looked ? 3 : looked_into_it ? 4 : 0;
}

static void test_hidden(void **state)
{
    int status;
    (void)state;

    pid_t helper = fork();
    if (helper == 0)
        _exit(look_as_nobody());
    assert_int_equal(waitpid(helper, &status, 0), helper);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_messages), cmocka_unit_test(test_large_message),
    cmocka_unit_test(test_its_end),  cmocka_unit_test(test_descriptors),
    cmocka_unit_test(test_deaf),     cmocka_unit_test(test_orphan),
    cmocka_unit_test(test_hidden),
};
RUN_TESTS(tests)
