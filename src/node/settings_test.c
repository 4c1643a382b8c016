#include "node/settings.h"

#include "base/test.h"
#include "sys/scratch.h"

#define NODE "[node]\nagreement = \"a\"\nname = \"o/node\"\n"
#define LOG "[log]\norigin = \"a/term/1\"\npromise = \"o/promise\"\n"
#define PEER "[[peer]]\nname = \"s/node\"\nurl = \"https://192.0.2.1:8117\"\n"
#define LONGEST                                                                                    \
    "a123456789a123456789a123456789a123456789a123456789a123456789a123456789a123456789a123456789"   \
    "a123456789"

static void test_read(void **state)
{
    static const struct {
        const char *name;
        const char *text;
        const char *fault; /* "": is accepted */
    } cases[] = {
        {"one that follows", NODE, ""},
        {"one that keeps the log", NODE LOG, ""},
        {"one that cosigns", NODE "witness = \"o/witness\"\n", ""},
        {"two peers", NODE PEER PEER, ""},
        {"a witness apart", NODE "[[witness]]\nname = \"w\"\nurl = \"http://127.0.0.1:1\"\n", ""},
        {"a comment and another table", NODE "# so\n[later]\nx = 1\n", ""},
        {"the longest name", "[node]\nagreement = \"" LONGEST "\"\nname = \"b\"\n", ""},
        {"a gateway", NODE "[forms]\ngateway = \"o/gateway\"\nurl = \"https://forms.example\"\n",
         ""},
        {"a gateway that is no name", NODE "[forms]\ngateway = \"A B\"\n", "[forms] gateway must"},
        {"an address of no kind for devices", NODE "[forms]\nurl = \"forms.example\"\n",
         "[forms] url must be"},
        {"one with a slash", NODE "[forms]\nurl = \"http://x/\"\n", "[forms] url must be"},
        {"one that is a number", NODE "[forms]\nurl = 1\n", "[forms] url must be"},
        {"mails",
         NODE "[forms]\nmaildir = \"/srv/flash/box\"\nmail = \"flash@site.example\"\n"
              "phones = \"sms.example\"\n",
         ""},
        {"a maildir and no address", NODE "[forms]\nmaildir = \"/srv/box\"\n",
         "maildir needs mail"},
        {"a maildir that depends on where one stands",
         NODE "[forms]\nmaildir = \"box\"\nmail = \"a@b\"\n", "[forms] maildir must be"},
        {"a maildir with a quote", NODE "[forms]\nmaildir = '/a\"b'\nmail = \"a@b\"\n", "must be"},
        {"an address that is none", NODE "[forms]\nmail = \"flash\"\n", "[forms] mail must be"},
        {"an address in large letters", NODE "[forms]\nmail = \"A@b\"\n", "[forms] mail must be"},
        {"two addresses", NODE "[forms]\nmail = \"a@b, c@d\"\n", "[forms] mail must be"},
        {"an address for a domain", NODE "[forms]\nphones = \"a@b\"\n", "[forms] phones must be"},
        {"no domain", NODE "[forms]\nphones = \"\"\n", "[forms] phones must be"},
        {"nothing", "", "sulh.toml: [node] agreement must be a name"},
        {"outside the table", "agreement = \"a\"\n", "[node] agreement must be a name"},
        {"one is missing", "[node]\nagreement = \"a\"\n", "[node] name must be a name"},
        {"one is empty", "[node]\nagreement = \"a\"\nname = \"\"\n", "[node] name must be a name"},
        {"one is no name", "[node]\nagreement = \"A B\"\n", "[node] agreement must be a name"},
        {"one is a number", "[node]\nagreement = 1\n", "[node] agreement must be a name"},
        {"too long by one", "[node]\nagreement = \"" LONGEST "x\"\n",
         "[node] agreement must be a name"},
        {"a witness that is no name", NODE "witness = 7\n", "[node] witness must be a name"},
        {"an origin alone", NODE "[log]\norigin = \"a/term/1\"\n",
         "origin and promise, or neither"},
        {"a promise alone", NODE "[log]\npromise = \"p\"\n", "origin and promise, or neither"},
        {"one peer that is no list", NODE "[peer]\nname = \"s\"\n", "write [[peer]]"},
        {"a peer without a name", NODE "[[peer]]\nurl = \"http://x\"\n",
         "name must be that of its"},
        {"a peer without an address", NODE "[[peer]]\nname = \"s\"\n", "url must be"},
        {"an address of no kind", NODE "[[peer]]\nname = \"s\"\nurl = \"ftp://x\"\n",
         "url must be"},
        {"an address with a slash", NODE "[[peer]]\nname = \"s\"\nurl = \"http://x/\"\n",
         "url must be"},
        {"an address with a space", NODE "[[peer]]\nname = \"s\"\nurl = \"http://x y\"\n",
         "url must be"},
        {"not TOML", "[node\n", "sulh.toml: "},
    };
    struct scratch scratch = scratch_make();
    struct disk *disk;
    struct err err = {0};

    (void)state;
    assert_true(disk_open(&disk, scratch.path, false, &err));
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct settings got = {.agreement = "before"};

        err = (struct err){0};
        assert_true(disk_replace(disk, "sulh.toml", span_of(cases[i].text), false, &err));
        bool ok = settings_read(&got, disk, &err);
        CHECK_CASE(cases[i].name, ok == (cases[i].fault[0] == '\0'));
        CHECK_CASE(cases[i].name, strstr(err.text, cases[i].fault) != NULL);
        CHECK_CASE(cases[i].name, ok || strcmp(got.agreement, "before") == 0);
    }
    disk_close(disk);
    scratch_remove(&scratch);
}

static void test_missing(void **state)
{
    struct scratch scratch = scratch_make();
    struct settings got;
    struct disk *disk;
    struct err err = {0};

    (void)state;
    assert_true(disk_open(&disk, scratch.path, false, &err));
    assert_false(settings_read(&got, disk, &err));
    assert_int_equal(err.kind, ERR_MISSING);
    assert_non_null(strstr(err.text, "sulh init and sulh join make"));
    disk_close(disk);
    scratch_remove(&scratch);
}

static void test_written_is_read(void **state)
{
    static const struct settings before = {
        .agreement = "demo.invalid/x",
        .name = "observer/o/node",
        .witness = "observer/o/witness",
        .origin = "demo.invalid/x/term/1",
        .promise = "observer/o/promise",
        .peer = {{"north/node", "http://127.0.0.1:8118"}, {"south/node", "https://[::1]:8119"}},
        .peer_count = 2,
        .witnesses = {{"strangers/witness", "https://192.0.2.7"}},
        .witness_count = 1,
        .gateway = "observer/o/gateway",
        .url = "https://forms.example",
        .maildir = "/srv/flash/box",
        .mail = "flash@site.example",
        .phones = "sms.example",
    };
    struct scratch scratch = scratch_make();
    struct settings after;
    struct disk *disk;
    struct err err = {0};

    (void)state;
    assert_true(disk_open(&disk, scratch.path, false, &err));
    assert_true(settings_write(&before, disk, &err));
    assert_true(settings_read(&after, disk, &err));
    assert_memory_equal(&before, &after, sizeof before);
    disk_close(disk);
    scratch_remove(&scratch);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_read),
    cmocka_unit_test(test_missing),
    cmocka_unit_test(test_written_is_read),
};

RUN_TESTS(tests)
