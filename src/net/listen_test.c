#include "net/listen.h"

#include "base/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

static void test_listen_text(void **state)
{
    static const struct {
        const char *text;
        const char *fault; /* "": is understood */
        bool loopback;
    } cases[] = {
        {"127.0.0.1:8117", "", true},
        {"127.8.0.1:0", "", true},
        {"[::1]:8117", "", true},
        {"0.0.0.0:8117", "", false},
        {"[::]:8117", "", false},
        {"192.0.2.1:80", "", false},
        {"[2001:db8::1]:65535", "", false},
        {"[::ffff:127.0.0.1]:1", "", false},
        {"", "no address to listen on", false},
        {"8117", "in numbers", false},
        {":8117", "in numbers", false},
        {"127.0.0.1", "in numbers", false},
        {"127.0.0.1:", "in numbers", false},
        {"127.0.0.1:65536", "in numbers", false},
        {"127.0.0.1:-1", "in numbers", false},
        {"127.0.0.1:08", "in numbers", false},
        {"127.0.0.1:80 ", "in numbers", false},
        {"127.0.0.01:80", "in numbers", false},
        {"127.1:80", "in numbers", false},
        {"localhost:80", "in numbers", false},
        {"::1:80", "in numbers", false},
        {"[::1:80", "in numbers", false},
        {"[::1]80", "in numbers", false},
        {"[]:80", "in numbers", false},
        {"[:80", "in numbers", false},
        {"[127.0.0.1]:80", "in numbers", false},
        {"[fe80::1%eth0]:80", "in numbers", false},
        {"[1111:2222:3333:4444:5555:6666:7777:8888:9999:aaaa]:80", "in numbers", false},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        bool loopback = !cases[i].loopback;
        struct err err = {0};
        bool ok = listen_is_loopback(&loopback, cases[i].text, &err);

        CHECK_CASE(cases[i].text, ok == (cases[i].fault[0] == '\0'));
        CHECK_CASE(cases[i].text, strstr(err.text, cases[i].fault));
        CHECK_CASE(cases[i].text, loopback == (ok ? cases[i].loopback : !cases[i].loopback));
    }
}

/* A port that is taken is refused, not shared. */
static void test_port_taken(void **state)
{
    char first[LISTEN_ADDRESS_TEXT], second[LISTEN_ADDRESS_TEXT];
    struct err err = {0};
    int fd, other = -1;

    (void)state;
    assert_true(listen_tcp(&fd, first, "127.0.0.1:0", &err));
    assert_true(strcmp(first, "127.0.0.1:0") != 0);
    assert_false(listen_tcp(&other, second, first, &err));
    assert_non_null(strstr(err.text, "Address already in use"));
    assert_int_equal(other, -1);
    close(fd);
    assert_true(listen_tcp(&fd, second, first, &err));
    assert_string_equal(first, second);
    close(fd);
}

static void test_unix(void **state)
{
    char directory[] = "/tmp/listen_test.XXXXXX", path[64], long_path[200];
    struct err err = {0};
    struct stat st;
    int fd, other = -1;

    (void)state;
    assert_non_null(mkdtemp(directory));
    snprintf(path, sizeof path, "%s/socket", directory);
    assert_true(listen_unix(&fd, path, &err));
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);

    assert_false(listen_unix(&other, path, &err));
    assert_int_equal(err.kind, ERR_CONFLICT);
    assert_non_null(strstr(err.text, "another process listens there"));
    close(fd); /* as if it had died: the file is still there */
    assert_true(listen_unix(&fd, path, &err));
    close(fd);
    assert_int_equal(unlink(path), 0);

    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fclose(file);
    assert_false(listen_unix(&other, path, &err));
    assert_non_null(strstr(err.text, "is no socket"));
    assert_int_equal(unlink(path), 0);
    assert_int_equal(symlink("/nowhere", path), 0);
    assert_false(listen_unix(&other, path, &err));
    assert_non_null(strstr(err.text, "is no socket"));
    assert_int_equal(unlink(path), 0);

    snprintf(long_path, sizeof long_path, "%s/%0150d", directory, 1);
    assert_false(listen_unix(&other, long_path, &err));
    assert_int_equal(err.kind, ERR_LIMIT);
    snprintf(path, sizeof path, "%s/no/socket", directory);
    assert_false(listen_unix(&other, path, &err));
    assert_int_equal(err.kind, ERR_IO);
    assert_int_equal(other, -1);
    assert_int_equal(rmdir(directory), 0);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_listen_text),
    cmocka_unit_test(test_port_taken),
    cmocka_unit_test(test_unix),
};
RUN_TESTS(tests)
