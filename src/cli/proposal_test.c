#include "base/test.h"
#include "cli/proposal_case.h"
#include "ledger/merkle.h"
#include "record/record.h"

/* A key's name says whose it is and for what. */
static void test_keys(void **state)
{
    enum { NONE = -1, S = NOTE_TYPE_ED25519, W = NOTE_TYPE_COSIGNATURE };
    static const struct {
        const char *name, *key;
        uint8_t type;
        int job;
        const char *org, *fault;
    } cases[] = {
        {"a root", "north/root", S, PROPOSAL_ROOT, "north", ""},
        {"a node", "south/node", S, PROPOSAL_NODE, "south", ""},
        {"of who is no root", "guest/node", S, PROPOSAL_NODE, "guest", ""},
        {"a witness", "north/press/witness", W, PROPOSAL_WITNESS, "north/press", ""},
        {"the operator's promises", "north/promise", S, PROPOSAL_PROMISE, "north", ""},
        {"the log", "truce/term/1", S, PROPOSAL_LOG, NULL, ""},
        {"an author", "south/1", S, PROPOSAL_AUTHOR, "south", ""},
        {"of the longer id", "north/press/1", S, PROPOSAL_AUTHOR, "north/press", ""},
        {"with more to its name", "north/desk/root", S, PROPOSAL_AUTHOR, "north", ""},
        {"of nobody", "atlantis/1", S, NONE, "", "is of no organisation of truce"},
        {"an organisation alone", "north", S, NONE, "", "is of no organisation"},
        {"one that begins alike", "northern/1", S, NONE, "", "is of no organisation"},
        {"the log's next", "truce/term/2", S, NONE, "", "is of no organisation"},
        {"a root that is none", "guest/root", S, NONE, "", "does not have guest as a root"},
        {"promises of another", "south/promise", S, NONE, "", "only the operator, north"},
        {"an author without a role", "guest/1", S, NONE, "", "gives the authors of guest no role"},
        {"a root that cosigns", "north/root", W, NONE, "", "of another type than a root's"},
        {"a witness that signs", "north/witness", S, NONE, "", "of another type than a witness's"},
        {"a log key that cosigns", "truce/term/1", W, NONE, "", "of another type than the log's"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct proposal_case c;
        struct err err = {0};

        proposal_case_start(&c);
        struct note_key key = proposal_case_key(&c, cases[i].key, cases[i].type);
        bool ok = proposal_add_key(c.p, &key, &err);
        CHECK_CASE(cases[i].name, ok == (cases[i].job != NONE) && c.p->key_count == ok);
        CHECK_CASE(cases[i].name, strstr(err.text, cases[i].fault) != NULL);
        if (ok) {
            const struct proposal_key *added = &c.p->key[0];
            struct span org = folder_text(added->organisation, "id");

            CHECK_CASE(cases[i].name, (int)added->job == cases[i].job);
            CHECK_CASE(cases[i].name, cases[i].org ? span_is(org, cases[i].org) : org.len == 0);
            CHECK_CASE(cases[i].name, !proposal_add_key(c.p, &key, &err));
            CHECK_CASE(cases[i].name, err.kind == ERR_CONFLICT && c.p->key_count == 1);
        }
        proposal_case_close(&c);
    }
}

#define RECIPIENT "age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj"

/* Of all keys of the case; "south/2" has a recipient before. */
static void test_readers(void **state)
{
    static const struct {
        const char *name, *key, *recipient, *fault;
    } cases[] = {
        {"an author's", "south/1", RECIPIENT, ""},
        {"of an organisation without a root", "north/press/1", RECIPIENT, ""},
        {"a second", "south/2", RECIPIENT, "a second age recipient of south/2"},
        {"a root's", "south/root", RECIPIENT, "is an author's"},
        {"a node's", "north/node", RECIPIENT, "is an author's"},
        {"a witness's", "south/witness", RECIPIENT, "is an author's"},
        {"the log's", "truce/term/1", RECIPIENT, "is an author's"},
        {"nobody's", "", RECIPIENT, "is an author's"},
        {"of a key that was not handed over", "south/3", RECIPIENT, "is an author's"},
        {"a letter changed", "south/1",
         "age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwp",
         "of south/1: age recipient: the checksum"},
        {"an identity", "south/1",
         "AGE-SECRET-KEY-1GFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPQ4EGAEX",
         "of south/1: age recipient: does not begin"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct proposal_case c;
        struct err err = {0};

        proposal_case_open(&c);
        bool ok = proposal_add_reader(c.p, cases[i].key, span_of(cases[i].recipient), &err);
        CHECK_CASE(cases[i].name, ok == (cases[i].fault[0] == '\0'));
        CHECK_CASE(cases[i].name, strstr(err.text, cases[i].fault) != NULL);
        const struct proposal_key *key = proposal_key_named(c.p, span_of(cases[i].key));
        CHECK_CASE(cases[i].name, !ok || strcmp(key->age, cases[i].recipient) == 0);
        CHECK_CASE(cases[i].name,
                   ok || !key || !key->age[0] || strcmp(cases[i].key, "south/2") == 0);
        proposal_case_close(&c);
    }
}

/* What is said, in the order of the log; each key's records one after another. */
static void test_records(void **state)
{
    static const struct {
        const char *kind, *by;
        uint64_t seq;
        int prev; /* number of the record; -1: none */
        const char *admits, *age;
    } want[] = {
        {"agreement.adopt", "north/root", 1, -1, NULL, NULL},
        {"agreement.part", "north/root", 2, 0, NULL, NULL},
        {"agreement.part", "north/root", 3, 1, NULL, NULL},
        {"agreement.concur", "north/root", 4, 2, NULL, NULL},
        {"agreement.concur", "south/root", 1, 0, NULL, NULL},
        {"member.admit", "south/root", 2, 4, "south/1", ""},
        {"member.admit", "south/root", 3, 5, "south/2", RECIPIENT},
        {"member.admit", "north/root", 5, 3, "north/press/1", ""},
    };
    struct proposal_case c;
    struct err err = {0};

    (void)state;
    proposal_case_open(&c);
    assert_int_equal(c.p->record_count, ARRAY_LEN(want));
    for (size_t i = 0; i < ARRAY_LEN(want); i++) {
        const struct proposal_record *got = &c.p->record[i];
        struct record record;

        assert_true(record_parse_text(&record, got->text, &c.arena, &err));
        assert_string_equal(record.id_text, got->id);
        assert_true(span_is(record.kind, want[i].kind) && span_is(record.by, want[i].by));
        assert_int_equal(record.seq, want[i].seq);
        assert_true(span_is(record.prev, want[i].prev < 0 ? "" : c.p->record[want[i].prev].id));
        assert_int_equal(record.said_at_ms, c.p->said_at_ms);
        assert_int_equal(record.seen_size, 0);
        assert_true(hash_equal(record.seen_root, merkle_empty()));
        assert_int_equal(got->admits != NULL, want[i].admits != NULL);
        if (got->admits)
            assert_string_equal(got->admits->key.name, want[i].admits);
        if (got->admits)
            assert_true(span_is(folder_text(record.body, "age"), want[i].age));
    }
    proposal_case_close(&c);
}

/* --- taken from somebody else --- */

struct brought { /* of another machine: the same folder, and what was found */
    struct proposal_case c;
    struct proposal_found *found;
};

static void bring(struct brought *b, const struct proposal_case *from)
{
    proposal_case_start(&b->c);
    b->c.p->operator_org = NULL;
    b->found = ARENA_NEW(&b->c.arena, struct proposal_found);
    b->found->texts = from->p->record_count;
    for (size_t i = 0; i < from->p->record_count; i++)
        b->found->text[i] = arena_copy(&b->c.arena, from->p->record[i].text);
}

static struct span signed_by(const struct proposal_case *c, size_t record, size_t signer,
                             struct arena *arena)
{
    return note_sign(c->p->record[record].text, &c->signer[signer], arena);
}

/* Signed by whom it says, or not yet. */
static void test_take(void **state)
{
    struct proposal_case from;
    struct brought b;
    struct err err = {0};

    (void)state;
    proposal_case_open(&from);
    bring(&b, &from);
    b.found->note[5] = signed_by(&from, 5, 1, &b.c.arena);
    proposal_case_ok(proposal_take(b.c.p, b.found, &err), &err);
    assert_string_equal(b.c.p->record[0].id, from.p->record[0].id);
    assert_int_equal(b.c.p->key_count, from.p->key_count);
    assert_int_equal(b.c.p->quorum, 1);
    assert_true(span_equal(b.c.p->record[5].note, b.found->note[5]));
    assert_int_equal(b.c.p->record[4].note.len, 0);
    assert_true(proposal_check_signer(b.c.p, &from.signer[0], &err));
    assert_false(proposal_check_signer(b.c.p, &from.signer[2], &err));
    assert_int_equal(err.kind, ERR_REFUSED);
    proposal_case_close(&b.c);
    proposal_case_close(&from);
}

/* Any byte of any text. */
static void test_any_byte(void **state)
{
    struct proposal_case from;

    (void)state;
    proposal_case_open(&from);
    for (size_t i = 0; i < from.p->record_count; i++)
        for (size_t at = 0; at < from.p->record[i].text.len; at += 1 + at % 7) {
            struct brought b;
            struct err err = {0};

            bring(&b, &from);
            ((uint8_t *)(uintptr_t)b.found->text[i].at)[at] ^= 1;
            if (proposal_take(b.c.p, b.found, &err))
                fail_msg("text %zu, byte %zu", i, at);
            proposal_case_close(&b.c);
        }
    proposal_case_close(&from);
}

static void test_notes(void **state)
{
    struct proposal_case from;
    struct arena arena = {0};

    (void)state;
    proposal_case_open(&from);
    const struct {
        const char *name;
        size_t at;
        struct span note;
        const char *fault;
    } cases[] = {
        {"south's", 4, signed_by(&from, 4, 1, &arena), ""},
        {"another record of south's", 4, signed_by(&from, 5, 1, &arena), "another text"},
        {"by another root", 4, signed_by(&from, 4, 0, &arena), "under another name"},
        {"past the last", 99, signed_by(&from, 4, 1, &arena), "0099.note is of no record"},
        {"no note", 4, from.p->record[4].text, "note: "},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct brought b;
        struct err err = {0};

        bring(&b, &from);
        b.found->note[cases[i].at] = cases[i].note;
        bool ok = proposal_take(b.c.p, b.found, &err);
        CHECK_CASE(cases[i].name, ok == (cases[i].fault[0] == '\0'));
        CHECK_CASE(cases[i].name, strstr(err.text, cases[i].fault) != NULL);
        proposal_case_close(&b.c);
    }
    arena_free(&arena);
    proposal_case_close(&from);
}

/* What the register would not let hold is not proposed. */
static void test_judged(void **state)
{
    static const struct {
        const char *name;
        int64_t quorum, rules;
        const char *fault;
    } cases[] = {
        {"as it is", 1, 1, ""},
        {"no quorum", 0, 1, ""},
        {"more than there are witnesses", 2, 1, "quorum is larger than the number of witnesses"},
        {"more than there can be", 65, 1, "record 0, agreement.adopt by north/root, would not"},
        {"rules of later", 1, 2, "rules 2"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct proposal_case c;
        struct err err = {0};

        proposal_case_open(&c);
        c.p->record_count = 0;
        c.p->quorum = cases[i].quorum;
        c.p->folder.head.rules = cases[i].rules;
        bool ok = proposal_make(c.p, &err);
        CHECK_CASE(cases[i].name, ok == (cases[i].fault[0] == '\0'));
        CHECK_CASE(cases[i].name, strstr(err.text, cases[i].fault) != NULL);
        proposal_case_close(&c);
    }
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_keys),   cmocka_unit_test(test_readers),  cmocka_unit_test(test_records),
    cmocka_unit_test(test_take),   cmocka_unit_test(test_any_byte), cmocka_unit_test(test_notes),
    cmocka_unit_test(test_judged),
};

RUN_TESTS(tests)
