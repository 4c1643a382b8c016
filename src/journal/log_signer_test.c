#include "journal/log_signer.h"

#include "base/test.h"
#include "journal/signer_file.h"
#include "journal/told.h"
#include "sys/disk_sim.h"

#define ORIGIN "truce/term/2"

static const uint8_t seed[SIGN_SEED_BYTES] = {7};

struct signing { /* a signer on a simulated disk */
    struct disk *disk;
    struct note_signer key;
    struct log_signer_here here;
    struct log_signer signer;
    struct arena arena;
};

static void sit_down(struct signing *s, struct disk *disk)
{
    *s = (struct signing){.disk = disk};
    note_signer_make(&s->key, SPAN_LIT(ORIGIN), NOTE_TYPE_ED25519, seed);
    s->here = (struct log_signer_here){.disk = disk, .key = &s->key};
    s->signer = log_signer_in(&s->here);
}

static void stand_up(struct signing *s)
{
    disk_close(s->disk);
    arena_free(&s->arena);
}

static bool ask_last(struct signing *s, struct checkpoint *out, struct err *err)
{
    return s->signer.last(s->signer.context, out, err);
}

static bool sign(struct signing *s, const struct checkpoint *next,
                 const struct merkle_proof *extends, struct span *out, struct err *err)
{
    return s->signer.sign(s->signer.context, next, extends, out, &s->arena, err);
}

static bool same(const struct checkpoint *a, const struct checkpoint *b)
{
    return strcmp(a->origin, b->origin) == 0 && a->size == b->size && hash_equal(a->root, b->root);
}

/* --- what is signed after what --- */

enum spoilt { AS_PROVED, NO_PROOF, ONE_HASH_LESS, ONE_HASH_MORE, ONE_BIT_OTHER };

static void spoil(struct merkle_proof *proof, enum spoilt how)
{
    switch (how) {
    case AS_PROVED:
        break;
    case NO_PROOF:
        proof->count = 0;
        break;
    case ONE_HASH_LESS:
        proof->count--;
        break;
    case ONE_HASH_MORE:
        proof->hash[proof->count++] = merkle_empty();
        break;
    case ONE_BIT_OTHER:
        proof->hash[0].bytes[31] ^= 1;
        break;
    }
}

static const struct {
    const char *name;
    const char *last_origin; /* NULL: nothing was signed */
    uint64_t last_size;
    const char *origin; /* of what is to be signed */
    unsigned telling;   /* of that; what was signed last is of telling 0 */
    uint64_t size;
    unsigned proof_telling;
    uint64_t proof_from, proof_to;
    enum spoilt spoilt;
    const char *fault; /* "": is signed */
} cases[] = {
    {"the first", NULL, 0, ORIGIN, 0, 1, 0, 0, 1, AS_PROVED, ""},
    {"the first here, of a long log", NULL, 0, ORIGIN, 1, 60, 1, 0, 60, AS_PROVED, ""},
    {"larger", ORIGIN, 7, ORIGIN, 0, 9, 0, 7, 9, AS_PROVED, ""},
    {"larger by one", ORIGIN, 7, ORIGIN, 0, 8, 0, 7, 8, AS_PROVED, ""},
    {"larger than a full tree", ORIGIN, 8, ORIGIN, 0, 9, 0, 8, 9, AS_PROVED, ""},
    {"much larger", ORIGIN, 1, ORIGIN, 0, 63, 0, 1, 63, AS_PROVED, ""},
    {"from where they were alike", ORIGIN, 5, ORIGIN, 1, 9, 1, 5, 9, AS_PROVED, ""},
    {"the same again", ORIGIN, 9, ORIGIN, 0, 9, 0, 9, 9, AS_PROVED, ""},
    {"the same again, needing no proof", ORIGIN, 9, ORIGIN, 0, 9, 0, 7, 9, AS_PROVED, ""},
    {"the first of a later term", "truce/term/1", 7, ORIGIN, 0, 8, 0, 7, 8, AS_PROVED, ""},

    {"the same size, another root", ORIGIN, 9, ORIGIN, 1, 9, 0, 9, 9, AS_PROVED, "signed last"},
    {"the same size, a proof from before", ORIGIN, 9, ORIGIN, 1, 9, 1, 5, 9, AS_PROVED,
     "signed last"},
    {"smaller", ORIGIN, 9, ORIGIN, 0, 8, 0, 8, 8, AS_PROVED, "signed last"},
    {"smaller, of another history", ORIGIN, 9, ORIGIN, 1, 8, 0, 8, 8, AS_PROVED, "signed last"},
    {"nothing, after something", ORIGIN, 9, ORIGIN, 0, 0, 0, 0, 0, AS_PROVED, "signed last"},
    {"nothing, before anything", NULL, 0, ORIGIN, 0, 0, 0, 0, 0, AS_PROVED, "signed last"},
    {"larger, of another history", ORIGIN, 7, ORIGIN, 1, 9, 1, 7, 9, AS_PROVED, "not proved"},
    {"and with the proof of the first", ORIGIN, 7, ORIGIN, 1, 9, 0, 7, 9, AS_PROVED, "not proved"},
    {"and from where they were alike", ORIGIN, 7, ORIGIN, 1, 9, 1, 5, 9, AS_PROVED, "not proved"},
    {"without a proof", ORIGIN, 7, ORIGIN, 0, 9, 0, 7, 9, NO_PROOF, "not proved"},
    {"without one, of a full tree", ORIGIN, 8, ORIGIN, 0, 9, 0, 8, 9, NO_PROOF, "not proved"},
    {"the proof of another beginning", ORIGIN, 7, ORIGIN, 0, 9, 0, 6, 9, AS_PROVED, "not proved"},
    {"the proof of another end", ORIGIN, 7, ORIGIN, 0, 9, 0, 7, 13, AS_PROVED, "not proved"},
    {"a hash less", ORIGIN, 7, ORIGIN, 0, 9, 0, 7, 9, ONE_HASH_LESS, "not proved"},
    {"a hash more", ORIGIN, 7, ORIGIN, 0, 9, 0, 7, 9, ONE_HASH_MORE, "not proved"},
    {"a bit of it another", ORIGIN, 7, ORIGIN, 0, 9, 0, 7, 9, ONE_BIT_OTHER, "not proved"},
    {"the first with a proof of something", NULL, 0, ORIGIN, 0, 9, 0, 7, 9, AS_PROVED,
     "not proved"},
    {"another origin", ORIGIN, 7, "truce/term/3", 0, 9, 0, 7, 9, AS_PROVED, "not the origin"},
    {"another origin, at first", NULL, 0, "truce/term/1", 0, 9, 0, 0, 9, AS_PROVED,
     "not the origin"},
    {"after a later term", "truce/term/3", 7, ORIGIN, 0, 9, 0, 7, 9, AS_PROVED, "no later term"},
    {"after a term by another number", "truce/term/2x", 7, ORIGIN, 0, 9, 0, 7, 9, AS_PROVED,
     "no later term"},
    {"after another agreement", "peace/term/1", 7, ORIGIN, 0, 9, 0, 7, 9, AS_PROVED,
     "no later term"},
    {"after one whose name begins so", "truce/x/term/1", 7, ORIGIN, 0, 9, 0, 7, 9, AS_PROVED,
     "no later term"},
    {"after what is no term", "truce", 7, ORIGIN, 0, 9, 0, 7, 9, AS_PROVED, "no later term"},
    {"after a term by another word", "truce/year/1", 7, ORIGIN, 0, 9, 0, 7, 9, AS_PROVED,
     "no later term"},
    {"a later term at the same size", "truce/term/1", 9, ORIGIN, 0, 9, 0, 9, 9, AS_PROVED,
     "signed last"},
    {"a later term that leaves some out", "truce/term/1", 9, ORIGIN, 0, 8, 0, 8, 8, AS_PROVED,
     "signed last"},
    {"a later term of another history", "truce/term/1", 7, ORIGIN, 1, 9, 1, 7, 9, AS_PROVED,
     "not proved"},
};

static void check_signed(const struct signing *s, const char *name, struct span note,
                         const struct checkpoint *wanted)
{
    struct checkpoint got;
    struct note parsed;
    struct arena arena = {0};
    struct err err = {0};

    CHECK_CASE(name, checkpoint_open(&got, &parsed, note, &s->signer.key, &arena, &err));
    CHECK_CASE(name, parsed.count == 1 && same(&got, wanted));
    arena_free(&arena);
}

static void check_file(const struct signing *s, const char *name, const struct checkpoint *wanted)
{
    struct checkpoint got;
    struct err err = {0};
    bool there = signer_file_read(&got, s->disk, &err);

    CHECK_CASE(name, there == (wanted != NULL) && (there || err.kind == ERR_MISSING));
    CHECK_CASE(name, !there || same(&got, wanted));
}

static void test_after(void **state)
{
    (void)state;

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct checkpoint last, got, next;
        struct merkle_proof proof;
        struct signing s;
        struct disk *disk = NULL;
        struct span note = {0};
        struct err err = {0};

        assert_true(sign_start() && disk_sim_open(&disk, i));
        sit_down(&s, disk);
        if (cases[i].last_origin) {
            last = told_checkpoint(cases[i].last_origin, 0, cases[i].last_size);
            CHECK_CASE(cases[i].name, signer_file_write(disk, &last, &err));
        }
        bool known = ask_last(&s, &got, &err);
        CHECK_CASE(cases[i].name, known ? same(&got, &last) : err.kind == ERR_MISSING);
        err = (struct err){0};
        next = told_checkpoint(cases[i].origin, cases[i].telling, cases[i].size);
        proof = told_proof(cases[i].proof_telling, cases[i].proof_from, cases[i].proof_to);
        spoil(&proof, cases[i].spoilt);

        bool ok = sign(&s, &next, &proof, &note, &err);
        CHECK_CASE(cases[i].name, ok == (cases[i].fault[0] == '\0'));
        CHECK_CASE(cases[i].name, strstr(err.text, cases[i].fault) != NULL);
        check_file(&s, cases[i].name, ok ? &next : known ? &last : NULL);
        if (ok)
            check_signed(&s, cases[i].name, note, &next);
        else
            CHECK_CASE(cases[i].name, err.kind == ERR_CONFLICT || err.kind == ERR_REFUSED);
        stand_up(&s);
    }
}

/* --- the power goes while it signs --- */

static void test_power(void **state)
{
    const struct checkpoint before = told_checkpoint(ORIGIN, 0, 7),
                            after = told_checkpoint(ORIGIN, 0, 9),
                            other = told_checkpoint(ORIGIN, 1, 9);
    const struct merkle_proof from_none = told_proof(0, 0, 7), grows = told_proof(0, 7, 9),
                              grows_other = told_proof(1, 5, 9);
    unsigned signed_at_all = 0, unsaid = 0;
    (void)state;

    for (uint64_t n = 0; n < 200; n++) {
        struct signing s;
        struct disk *disk = NULL, *rest;
        struct checkpoint got;
        struct span note;
        struct err err = {0};

        assert_true(sign_start() && disk_sim_open(&disk, n));
        sit_down(&s, disk);
        assert_false(ask_last(&s, &got, &err));
        assert_true(sign(&s, &before, &from_none, &note, &err));
        disk_sim_fail_after(disk, disk_sim_operations(disk) + 1 + n % 8);
        bool ok = sign(&s, &after, &grows, &note, &err);
        rest = disk_sim_crash(disk, n);
        stand_up(&s);

        sit_down(&s, rest);
        assert_true(ask_last(&s, &got, &err));
        assert_true(same(&got, &after) || (!ok && same(&got, &before)));
        signed_at_all += ok;
        unsaid += same(&got, &before);
        assert_false(sign(&s, &other, &grows_other, &note, &err));
        assert_true(sign(&s, &after, &grows, &note, &err)); /* the same again, or now */
        stand_up(&s);
    }
    assert_true(signed_at_all > 0 && unsaid > 0);
}

/* A file that is not whole is no reason to begin anew. */
static void test_spoilt_file(void **state)
{
    struct signing s;
    struct disk *disk;
    struct checkpoint got = {.size = 99};
    struct err err = {0};
    (void)state;

    assert_true(disk_sim_open(&disk, 1));
    assert_true(disk_replace(disk, SIGNER_FILE, SPAN_LIT("truce/term/2\n"), true, &err));
    sit_down(&s, disk);
    assert_false(ask_last(&s, &got, &err));
    assert_int_equal(err.kind, ERR_MALFORMED);
    assert_int_equal(got.size, 99);
    assert_false(s.here.is_known);
    stand_up(&s);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_after), cmocka_unit_test(test_power), cmocka_unit_test(test_spoilt_file)};
RUN_TESTS(tests)
