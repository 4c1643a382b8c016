#include "journal/audit.h"

#include "base/test.h"
#include "journal/follow.h"
#include "journal/log_reader.h"
#include "journal/tile_writer.h"
#include "register/test_log.h"
#include "sys/disk_sim.h"

/* A log that was handed over twice, in the directory of one who follows it. */

#define TERM(n) TEST_AGREEMENT "/term/" n
#define SECOND 6u /* the entry that begins term 2 */
#define FOURTH 9u /* and term 4: numbers may be passed over */
#define ALL 12u

#define KEY(n) "'@" TERM(n) "'"
#define KEYS_1 "[" KEY("1") "]"
#define KEYS_12 "[" KEY("1") "," KEY("2") "]"
#define KEYS_124 "[" KEY("1") "," KEY("2") "," KEY("4") "]"

static struct test_log all;

static void hand_over(struct test_log *log, const char *by, uint64_t term)
{
    static const char *const nodes[] = {"north/node", "south/node", "mediators/node", NULL};
    struct json freeze = test_freeze(log, term);
    struct record_draft draft = test_term_open(log, by, nodes, &freeze);
    struct err err = {0};

    assert_true(test_append(log, test_sign(log, &draft), &err));
    assert_string_equal(test_verdict(log), "holds");
}

static void say_something(struct test_log *log, uint64_t until)
{
    while (log->size < until)
        test_say(log, "south/node", "node.attest", "{'digest':'#','size':1}");
}

static int make_log(void **state)
{
    (void)state;
    test_begin_witnessed(&all, 3);
    say_something(&all, SECOND);
    hand_over(&all, "mediators/node", 2);
    say_something(&all, FOURTH);
    hand_over(&all, "north/node", 4);
    say_something(&all, ALL);
    return 0;
}

static int free_log(void **state)
{
    (void)state;
    test_log_close(&all);
    return 0;
}

static void put(struct disk *disk, const char *path, struct span bytes)
{
    struct err err = {0};

    assert_true(disk_replace(disk, path, bytes, false, &err));
}

/* The first `size` entries, the checkpoint signed by the key of `origin`. */
static struct disk *write_log(uint64_t size, const char *origin)
{
    static const char *const nobody[] = {NULL};
    static struct edge edge;
    struct tile_writer *writer;
    struct disk *disk;
    struct err err = {0};

    edge = (struct edge){0};
    assert_true(disk_sim_open(&disk, 1) && tile_writer_open(&writer, disk, &edge, &err));
    for (uint64_t n = 0; n < size; n++)
        assert_true(tile_writer_add(writer, all.entry[n], &err));
    assert_true(tile_writer_end(writer, &err));
    tile_writer_close(writer);
    all.origin = origin;
    put(disk, LOG_CHECKPOINT, test_checkpoint(&all, size, nobody, NULL));
    return disk;
}

static void write_keys(struct disk *disk, const char *keys)
{
    struct json list = test_body(&all, keys);
    struct buf text = buf_in(&all.arena, 4096);

    for (size_t i = 0; i < list.array.count; i++) {
        buf_put(&text, list.array.at[i].string);
        buf_byte(&text, '\n');
    }
    put(disk, LOG_KEYS_FILE, buf_span(&text));
}

static void audit(struct disk *disk, struct audit_result *out)
{
    const struct audit_options options = {.disk = disk};
    struct err err = {0};

    if (!audit_run(out, &options, &err))
        fail_msg("%s", err.text);
}

static void test_terms(void **state)
{
    static const struct {
        const char *name;
        uint64_t size;
        const char *origin;
        const char *keys; /* of log.vkey, in the spelling of test_body; NULL: no such file */
        bool following;
        const char *path; /* of the finding; NULL: nothing is wrong */
        const char *text;
    } cases[] = {
        {"the first term", SECOND, TERM("1"), KEYS_1, false, NULL, ""},
        {"the first without log.vkey", SECOND, TERM("1"), NULL, false, NULL, ""},
        {"the second", SECOND + 1, TERM("2"), KEYS_12, false, NULL, ""},
        {"the second, to its last size", FOURTH, TERM("2"), KEYS_12, false, NULL, ""},
        {"the last", ALL, TERM("4"), KEYS_124, false, NULL, ""},
        {"on the way to the second", SECOND, TERM("1"), KEYS_12, true, NULL, ""},
        {"on the way to the last", SECOND, TERM("1"), KEYS_124, true, NULL, ""},

        {"the second's key before its time", SECOND, TERM("1"), KEYS_12, false, "log.vkey",
         "no entry begins the term of " TERM("2")},
        {"the second's checkpoint before its time", SECOND, TERM("2"), KEYS_12, true,
         "log/checkpoint", "the log was " TERM("1") "'s"},
        {"the first goes on", SECOND + 1, TERM("1"), KEYS_12, false, "log/checkpoint",
         "the log was " TERM("2") "'s"},
        {"the second goes on", ALL, TERM("2"), KEYS_124, false, "log/checkpoint",
         "the log was " TERM("4") "'s"},
        {"the second's key is not there", SECOND + 1, TERM("1"), KEYS_1, false, "log.vkey",
         "key of " TERM("2") " is not there"},
        {"nor the file", SECOND + 1, TERM("1"), NULL, false, "log.vkey", "is not there"},
        {"the second's checkpoint without its key", SECOND + 1, TERM("2"), KEYS_1, false,
         "log/checkpoint", "none that is known here"},
        {"one is left out", ALL, TERM("4"), "[" KEY("1") "," KEY("4") "]", false, "log.vkey",
         "line 2 is not the log key of " TERM("2")},
        {"another order", ALL, TERM("4"), "[" KEY("1") "," KEY("4") "," KEY("2") "]", false,
         "log.vkey", "line 2 is not"},
        {"one too many", ALL, TERM("4"), "[" KEY("1") "," KEY("2") "," KEY("4") "," KEY("5") "]",
         false, "log.vkey", "no entry begins the term of " TERM("5")},
        {"on the way, but with another", SECOND + 1, TERM("2"),
         "[" KEY("1") "," KEY("3") "," KEY("2") "]", true, "log.vkey", "line 2 is not"},
    };
    (void)state;

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct disk *disk = write_log(cases[i].size, cases[i].origin);
        struct audit_result result;
        struct span note;
        struct err err = {0};

        if (cases[i].keys)
            write_keys(disk, cases[i].keys);
        assert_true(disk_read(disk, LOG_CHECKPOINT, 4096, &note, &all.arena, &err));
        if (cases[i].following)
            put(disk, FOLLOWING_FILE, note);
        audit(disk, &result);
        if (result.ok != (cases[i].path == NULL) || !strstr(result.text, cases[i].text))
            fail_msg("%s: %s", cases[i].name, result.text);
        CHECK_CASE(cases[i].name, result.ok || strcmp(result.path, cases[i].path) == 0);
        CHECK_CASE(cases[i].name, !result.ok || strcmp(result.origin, cases[i].origin) == 0);
        CHECK_CASE(cases[i].name, result.to_recover == cases[i].following);
        disk_close(disk);
    }
}

/* Who is to keep the next term has its key, and the record that opens it. */
static void test_opening(void **state)
{
    static const struct {
        const char *name;
        const char *keys;
        unsigned opening; /* the entry that is in terms/opening */
        bool ok;
    } cases[] = {
        {"as it should be", KEYS_12, SECOND, true},
        {"not needed any more", KEYS_1, SECOND, true},
        {"the opening of another term", KEYS_12, FOURTH, false},
        {"another record", KEYS_12, SECOND - 1, false},
        {"and one more", KEYS_124, SECOND, false},
    };
    (void)state;

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct disk *disk = write_log(SECOND, TERM("1"));
        struct audit_result result;

        write_keys(disk, cases[i].keys);
        put(disk, TERM_OPENING_FILE, all.entry[cases[i].opening]);
        audit(disk, &result);
        CHECK_CASE(cases[i].name, result.ok == cases[i].ok);
        CHECK_CASE(cases[i].name, result.ok || strcmp(result.path, "log.vkey") == 0);
        disk_close(disk);
    }
}

/* Another key under the name of the second term's, and what it signed. */
static void test_another_key(void **state)
{
    struct disk *disk = write_log(SECOND + 1, TERM("1"));
    struct log_keys keys = {.count = 2};
    struct note_signer other;
    struct checkpoint checkpoint = {.origin = TERM("2"), .size = SECOND + 1};
    struct buf text = buf_in(&all.arena, 1000);
    struct audit_result result;
    struct err err = {0};
    (void)state;

    keys.at[0] = note_signer_key(&test_key(&all, TERM("1"))->signer);
    note_signer_make(&other, SPAN_LIT(TERM("2")), NOTE_TYPE_ED25519, (uint8_t[32]){5});
    keys.at[1] = note_signer_key(&other);
    checkpoint.root = all.root[checkpoint.size];
    checkpoint_put(&text, &checkpoint);
    assert_true(log_keys_write(&keys, disk, &err));
    put(disk, LOG_CHECKPOINT, note_sign(buf_span(&text), &other, &all.arena));
    audit(disk, &result);
    assert_false(result.ok);
    assert_string_equal(result.path, "log.vkey");
    assert_non_null(strstr(result.text, "line 2 is not the log key of " TERM("2")));
    disk_close(disk);
}

static const struct CMUnitTest tests[] = {cmocka_unit_test(test_terms),
                                          cmocka_unit_test(test_opening),
                                          cmocka_unit_test(test_another_key)};

int main(void)
{
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, make_log, free_log);
}
