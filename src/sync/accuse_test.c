#include "base/test.h"
#include "journal/tile_writer.h"
#include "sync/accuse.h"
#include "sync/liars_check.h"
#include "sys/disk_sim.h"

/*
 * A log of real records: entry 0, the pieces of the agreement, two admissions of the key "x"
 * of which the second counts, for it is by an author that may, and what "x" said.
 */

#define X_SAYS(what, number)                                                                       \
    (struct liars_saying)                                                                          \
    {                                                                                              \
        "x", what, number, NULL, NULL                                                              \
    }
#define CHIEF 3u   /* the entry that admits party/a/1 */
#define ADMITS 5u  /* the entry that admits x */
#define OPENS 8u   /* the entry that opens term 2 */
#define ENTRIES 9u /* the first so many entries of both logs are the same */

struct here { /* one log, on a disk */
    struct disk *disk;
    struct log_reader *reader;
    struct span entry[ENTRIES + 8];
    size_t count;
    struct liars_checkpoint head;
    struct span note;
};

static struct span piece_record(size_t n)
{
    struct json body = json_object();

    json_set_string(&body, "content", liars_piece(n), &liars);
    json_set(&body, "file", json_text("agreement.toml"), &liars);
    json_set_integer(&body, "n", (int64_t)n + 1, &liars);
    return liars_record((struct liars_record){.kind = "agreement.part",
                                              .by = "party/a/root",
                                              .prev = liars_id(liars_entry0()),
                                              .seq = n + 2,
                                              .body = body});
}

static struct span admit_x(const char *by)
{
    return liars_admit((struct liars_admission){by, "x", "author", "observer/f", "monitor", NULL});
}

static struct span open_term_3(void)
{
    return liars_term_open((struct liars_hand_over){.by = "01234",
                                                    .number = 3,
                                                    .origin = LIARS_AGREEMENT "/term/2",
                                                    .next_promise = "promise/3",
                                                    .promise_key = "promise/3"});
}

/* `tail` are the titles of what x says behind the first ENTRIES, a letter each; 3: what opens term
 * 3. */
static void fill(struct here *h, const char *tail)
{
    h->entry[0] = liars_entry0();
    h->entry[1] = piece_record(1); /* in whatever order */
    h->entry[2] = piece_record(0);
    h->entry[CHIEF] = liars_admit(
        (struct liars_admission){"party/a/root", "party/a/1", "author", "party/a", "chief", NULL});
    h->entry[4] = admit_x("party/a/node"); /* void: a node admits nobody */
    h->entry[ADMITS] = admit_x("party/a/1");
    h->entry[6] = SPAN_LIT("no record\n");
    h->entry[7] =
        liars_rotate((struct liars_rotation){.by = "party/b/node", .name = "party/b/node/2"});
    h->entry[OPENS] = liars_term_open((struct liars_hand_over){.by = "01234", .number = 2});
    h->count = ENTRIES;
    for (uint64_t seq = 2; *tail; tail++, seq++)
        h->entry[h->count++] = *tail == '3'
                                   ? open_term_3()
                                   : liars_say(X_SAYS(arena_printf(&liars, "%c", *tail), seq));
}

static void write_tiles(struct here *h)
{
    struct edge *edge = ARENA_NEW(&liars, struct edge);
    struct tile_writer *writer;
    struct err err;

    bool ok = disk_sim_open(&h->disk, 1) && edge_load(edge, h->disk, 0, &err) &&
              tile_writer_open(&writer, h->disk, edge, &err);
    assert_true(ok);
    for (size_t i = 0; i < h->count; i++)
        assert_true(tile_writer_add(writer, h->entry[i], &err));
    assert_true(tile_writer_end(writer, &err));
    tile_writer_close(writer);
}

static struct hash root_of(const struct here *h, size_t size)
{
    struct merkle tree = {0};

    for (size_t i = 0; i < size; i++)
        merkle_push(&tree, merkle_leaf(h->entry[i]));
    return merkle_root(&tree);
}

/* A checkpoint of its first `size` entries, signed `by` as in sync/liars.h. */
static struct span sign(const struct here *h, size_t size, const char *by, uint64_t at)
{
    struct liars_checkpoint c = liars_read("A0 ");

    c.size = size;
    c.by = by;
    c.at = at;
    return liars_sign_root(c, root_of(h, size));
}

static void here_open(struct here *h, const char *tail, const char *by)
{
    struct err err;

    *h = (struct here){0};
    fill(h, tail);
    write_tiles(h);
    h->note = sign(h, h->count, by, 100);
    assert_true(log_reader_open(&h->reader, h->disk, h->count, &err));
}

static void here_close(struct here *h)
{
    log_reader_close(h->reader);
    disk_close(h->disk);
}

/* Whom it accuses and how many admissions it takes; or why there is nothing to prove. */
static void check(const char *name, const struct accuser *accuser, const char *kind, struct span a,
                  struct span b, const char *accused, size_t admissions, const char *fault)
{
    struct misbehaviour file;
    struct proven proven;
    struct span bytes;
    struct err err = {0};
    bool ok = accuse(&bytes, &proven, accuser, kind, a, b, &liars, &err);

    if (ok != (fault[0] == '\0') || !strstr(err.text, fault))
        fail_msg("case \"%s\": %s", name, ok ? "is proven" : err.text);
    if (!ok)
        return;
    CHECK_CASE(name, misbehaviour_parse(&file, bytes, &liars, &err));
    CHECK_CASE(name, file.admissions.array.count == admissions);
    /* An author admitted x, and nobody but x and a term takes two. */
    bool by_author = admissions > 1 && strncmp(accused, "promise/", 8) != 0;
    CHECK_CASE(name, file.pieces.array.count == (by_author ? LIARS_PIECES : 0));
    liars_check(name, file, accused, "");
}

#define NONE ((struct span){0})

static void test_split(void **state)
{
    struct here a, b;

    (void)state;
    here_open(&a, "abc", "L0");
    here_open(&b, "abXde", "L0+");
    const struct accuser one = {.log = a.reader, .note = a.note};
    const struct accuser both = {.log = a.reader, .note = a.note, .other = b.reader};
    const struct accuser other = {.log = b.reader, .note = b.note};
    const struct {
        const char *name;
        const struct accuser *accuser;
        struct span a, b;
        const char *accused, *fault;
    } cases[] = {
        {"a larger one, whose log is there", &both, b.note, NONE, LIARS_ORIGIN ",party/a/witness",
         ""},
        {"a smaller one", &other, a.note, NONE, LIARS_ORIGIN ",party/a/witness", ""},
        {"as large", &one, sign(&b, a.count, "L", 1), NONE, LIARS_ORIGIN, ""},
        {"two that are not the log's last", &other, sign(&a, 12, "L1", 1), sign(&b, 13, "1L", 1),
         LIARS_ORIGIN ",party/b/witness", ""},
        {"one cosigned by many others", &other, sign(&a, 12, "L0123456", 1), NONE,
         LIARS_ORIGIN ",party/a/witness", ""},

        {"a larger one, whose log is not there", &one, b.note, NONE, "", "give its directory"},
        {"the log's own", &one, a.note, NONE, "", "continues the first"},
        {"an earlier one", &one, sign(&a, 9, "L", 1), NONE, "", "continues the first"},
        {"before they part", &other, sign(&a, 11, "L", 1), NONE, "", "continues the first"},
        {"signed by others", &one, sign(&b, 9, "3", 1), NONE, "", "no key signed both"},
        {"no checkpoint", &one, a.entry[0], NONE, "", "checkpoint:"},
        {"nothing", &one, SPAN_LIT("x"), NONE, "", "note:"},
    };

    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        check(cases[i].name, cases[i].accuser, "split", cases[i].a, cases[i].b, cases[i].accused, 0,
              cases[i].fault);
    here_close(&a);
    here_close(&b);
}

static struct span promise_of(uint64_t index, struct span entry)
{
    return liars_promise((struct liars_promise){index, arena_text(&liars, entry), '1', 0, 0, 0});
}

static void test_promise(void **state)
{
    struct here h;

    (void)state;
    here_open(&h, "ab", "L0");
    const struct accuser by = {.log = h.reader, .note = h.note};
    const struct {
        const char *name, *kind;
        struct span a, b;
        const char *fault;
    } cases[] = {
        {"another entry", "promise", promise_of(8, h.entry[9]), NONE, ""},
        {"the last", "promise", promise_of(10, h.entry[8]), NONE, ""},
        {"two promises", "promises", promise_of(8, h.entry[8]), promise_of(8, h.entry[9]), ""},

        {"kept", "promise", promise_of(8, h.entry[8]), NONE, "was kept"},
        {"not due yet", "promise", promise_of(11, h.entry[8]), NONE, "the log here has 11 entries"},
        {"no promise", "promise", h.entry[0], NONE, "statement:"},
        {"a refusal", "promise",
         liars_refusal((struct liars_refusal){"too large", 5, 0, 0, 0}, SPAN_LIT("x")), NONE,
         "it is a refusal"},
        {"one promise twice", "promises", promise_of(8, h.entry[8]), promise_of(8, h.entry[8]),
         "can be kept"},
    };

    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        check(cases[i].name, &by, cases[i].kind, cases[i].a, cases[i].b, "observer/e/promise", 0,
              cases[i].fault);
    here_close(&h);
}

static void test_record(void **state)
{
    struct here h;

    (void)state;
    here_open(&h, "ab", "L0");
    const struct accuser by = {.log = h.reader, .note = h.note};
    struct span said = liars_say(X_SAYS("other", 2));
    struct span by_node = liars_say((struct liars_saying){"party/b/node", "n", 7, 0, 0});
    const struct {
        const char *name, *kind;
        struct span a, b;
        const char *accused;
        size_t admissions;
        const char *fault;
    } cases[] = {
#define REFUSED(at, record)                                                                        \
    liars_refusal((struct liars_refusal){"unknown key", at, 0, 0, 0}, record)
        {"the log has the other", "fork", said, NONE, "x", 2, ""},
        {"both are given", "fork", liars_say(X_SAYS("p", 70)), liars_say(X_SAYS("q", 70)), "x", 2,
         ""},
        {"a key of entry 0", "fork", by_node,
         liars_say((struct liars_saying){"party/b/node", "m", 7, 0, 0}), "party/b/node", 0, ""},
        {"a key in another's place", "fork",
         liars_say((struct liars_saying){"party/b/node/2", "n", 1, 0, 0}),
         liars_say((struct liars_saying){"party/b/node/2", "m", 1, 0, 0}), "party/b/node/2", 1, ""},
        {"refused when it was admitted", "refusal", said, REFUSED(ADMITS + 1, said), LIARS_OPERATOR,
         2, ""},
        {"a key of entry 0, refused", "refusal", by_node, REFUSED(1, by_node), LIARS_OPERATOR, 0,
         ""},

        {"the log has the same", "fork", liars_say(X_SAYS("a", 2)), NONE, "", 0, "has no other"},
        {"the log has none of that number", "fork", liars_say(X_SAYS("z", 60)), NONE, "", 0,
         "has no other"},
        {"a key that was never admitted", "fork",
         liars_say((struct liars_saying){"y", "p", 7, 0, 0}),
         liars_say((struct liars_saying){"y", "q", 7, 0, 0}), "", 0, "no key known here"},
        {"no record", "fork", SPAN_LIT("x"), NONE, "", 0, "record:"},
        {"refused before it was admitted", "refusal", said, REFUSED(ADMITS, said), "", 0,
         "before entry 5"},
        {"another was refused", "refusal", said, REFUSED(9, by_node), "", 0, "of other bytes"},
        {"no such kind", "theft", said, NONE, "", 0, "there is no kind"},
    };

    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        check(cases[i].name, &by, cases[i].kind, cases[i].a, cases[i].b, cases[i].accused,
              cases[i].admissions, cases[i].fault);
    here_close(&h);
}

/* Of another root: beyond the size it does not matter. */
static struct span freeze_at(uint64_t size)
{
    return liars_freeze((struct liars_freeze){.log = 'A', .size = size});
}

static void test_witness(void **state)
{
    struct here h;

    (void)state;
    here_open(&h, "ab", "L2");
    const struct accuser by = {.log = h.reader, .note = h.note};
    const struct {
        const char *name, *kind;
        struct span a, b;
        const char *accused, *fault;
    } cases[] = {
        {"a clock, by the log's own", "clock", sign(&h, 9, "L2", 101), NONE, "mediator/c/witness",
         ""},
        {"a clock, the larger first", "clock", sign(&h, 9, "L2", 99), sign(&h, 8, "2", 100),
         "mediator/c/witness", ""},
        {"a freeze, by the log's own", "freeze", freeze_at(9), NONE,
         "mediator/c/witness,mediator/c/node", ""},
        {"a freeze, by another", "freeze", freeze_at(8), sign(&h, 9, "2", 100),
         "mediator/c/witness,mediator/c/node", ""},
        {"two freezes", "freezes", freeze_at(8), freeze_at(9), "mediator/c/node", ""},

        {"a clock that goes on", "clock", sign(&h, 9, "L2", 99), NONE, "", "no witness known here"},
        {"a freeze that was kept", "freeze", freeze_at(12), NONE, "", "does not go beyond"},
        {"bytes that are no text", "freezes", SPAN_LIT("\xff\n"), freeze_at(8), "", "this is none"},
        {"nor the other", "freezes", freeze_at(8), SPAN_LIT("a\0b"), "", "this is none"},
        {"no freeze", "freezes", SPAN_LIT("x"), freeze_at(8), "", "statement:"},
        {"nothing", "freezes", SPAN_LIT(""), freeze_at(8), "", "\"freezes\" is missing"},
        {"one freeze twice", "freezes", freeze_at(8), freeze_at(8), "", "the same freeze"},
    };

    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        check(cases[i].name, &by, cases[i].kind, cases[i].a, cases[i].b, cases[i].accused, 0,
              cases[i].fault);
    here_close(&h);
}

/* Of a later term: the hand-over is in the log. */
static void test_term(void **state)
{
    const struct liars_promise a = {3, "X", '1', "promise/2", NULL, LIARS_AGREEMENT "/term/2"};
    const struct liars_promise c = {3, "X", '1', "promise/3", NULL, LIARS_AGREEMENT "/term/3"};
    struct liars_promise b = a, d = c;
    struct here h;

    (void)state;
    b.leaf = d.leaf = "Y";
    here_open(&h, "ab3", "L2");
    const struct accuser by = {.log = h.reader, .note = h.note};
    check("two promises of term 2", &by, "promises", liars_promise(a), liars_promise(b),
          "promise/2", 1, "");
    check("of term 3, which takes what opened term 2", &by, "promises", liars_promise(c),
          liars_promise(d), "promise/3", 2, "");
    here_close(&h);
}

/* Kinds stand in one order, here and with the verifier. */
static void test_kinds(void **state)
{
    size_t i = 0;

    (void)state;
    for (; accusation_at(i); i++)
        assert_string_equal(accusation_at(i)->kind, misbehaviour_kind_at(i)->word);
    assert_null(misbehaviour_kind_at(i));
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test_teardown(test_split, liars_reset),
    cmocka_unit_test_teardown(test_promise, liars_reset),
    cmocka_unit_test_teardown(test_record, liars_reset),
    cmocka_unit_test_teardown(test_witness, liars_reset),
    cmocka_unit_test_teardown(test_term, liars_reset),
    cmocka_unit_test_teardown(test_kinds, liars_reset),
};
RUN_TESTS(tests)
