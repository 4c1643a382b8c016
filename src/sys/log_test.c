#include <stdio.h>
#include <unistd.h>

#include "base/test.h"
#include "sys/clock.h"
#include "sys/entropy.h"
#include "sys/log.h"

/* Whatever is logged, one line comes out that a parser of JSON takes. */
static const struct {
    const char *name;
    const char *what, *text;
    const char *line; /* behind the time */
} cases[] = {
    {"plain", "journal", "entry 17", "\"what\":\"journal\",\"text\":\"entry 17\"}\n"},
    {"empty", "", "", "\"what\":\"\",\"text\":\"\"}\n"},
    {"other scripts", "صلح", "д", "\"what\":\"صلح\",\"text\":\"д\"}\n"},
    {"a line within", "a", "x\n{\"at\"", "\"text\":\"x\\u000a{\\u0022at\\u0022\"}\n"},
    {"a quote in the name", "a\",\"b", "", "\"what\":\"a\\u0022,\\u0022b\""},
    {"a backslash", "a", "\\n", "\"text\":\"\\u005cn\"}\n"},
    {"control characters", "a", "\x1b[2J\x7f", "\"text\":\"\\u001b[2J\\u007f\"}\n"},
    {"not UTF-8", "a", "x\xffy\xc3", "\"text\":\"x\\ufffdy\\ufffd\"}\n"},
    {"a surrogate", "a", "\xed\xa0\x80", "\"text\":\"\\ufffd\\ufffd\\ufffd\"}\n"},
};

/* What log_line writes to standard error. */
static void capture(char *out, size_t size, const char *what, const char *text)
{
    int end[2];
    int kept = dup(STDERR_FILENO);

    assert_int_equal(pipe(end), 0);
    dup2(end[1], STDERR_FILENO);
    close(end[1]);
    log_line(LOG_WARNING, what, "%s", text);
    dup2(kept, STDERR_FILENO); /* closes the pipe's last writing end */
    close(kept);
    ssize_t got = read(end[0], out, size - 1);
    close(end[0]);
    assert_true(got >= 0);
    out[got] = '\0';
}

static void test_line(void **state)
{
    char line[20000];

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        capture(line, sizeof line, cases[i].what, cases[i].text);
        CHECK_CASE(cases[i].name, strncmp(line, "{\"at\":\"2", 8) == 0);
        CHECK_CASE(cases[i].name, strstr(line, "Z\",\"level\":\"warning\",\"what\":\""));
        CHECK_CASE(cases[i].name, strstr(line, cases[i].line));
        CHECK_CASE(cases[i].name, strchr(line, '\n') == line + strlen(line) - 1);
    }
}

static void test_long(void **state)
{
    char text[5000];
    char line[20000];

    (void)state;
    memset(text, 1, sizeof text - 1);
    text[sizeof text - 1] = '\0';
    capture(line, sizeof line, text, text);
    assert_int_equal(line[strlen(line) - 1], '\n');
    assert_int_equal(line[strlen(line) - 2], '}');
}

static void test_quiet(void **state)
{
    char line[1000];

    (void)state;
    log_quiet(true);
    capture(line, sizeof line, "a", "b");
    assert_string_equal(line, "");
    log_quiet(false);
    capture(line, sizeof line, "a", "b");
    assert_string_not_equal(line, "");
}

static void test_clock(void **state)
{
    struct clock clock = clock_system();
    int64_t now = clock_now_ms(clock);
    uint64_t ticks = clock_ticks_ns();

    (void)state;
    assert_true(now > INT64_C(1700000000000)); /* 2023 */
    assert_true(clock_now_ms(clock) - now < 60000);
    assert_true(clock_ticks_ns() >= ticks);
}

static void test_entropy(void **state)
{
    uint8_t a[300] = {0}, b[300] = {0};
    size_t zeros = 0;

    (void)state;
    entropy_fill(a, sizeof a);
    entropy_fill(b, sizeof b);
    assert_memory_not_equal(a, b, sizeof a);
    for (size_t i = 0; i < sizeof a; i++)
        zeros += a[i] == 0;
    assert_true(zeros < 30); /* about one in 256 */
    entropy_fill(a, 0);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_line),  cmocka_unit_test(test_long),    cmocka_unit_test(test_quiet),
    cmocka_unit_test(test_clock), cmocka_unit_test(test_entropy),
};
RUN_TESTS(tests)
