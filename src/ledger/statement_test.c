#include "ledger/statement.h"

#include "base/test.h"

/* Statements (format §6). In members ' stands for ". */

#define H "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
#define KEY "tester+a1f06ef0+AepKbGPinFIKvvVQexMuxfmVR3auvr57kkIe6mkURtIs"
#define PROMISE(more)                                                                              \
    "north-south\npromise\n{'at_ms':1,'id':'" H "','index':7,'leaf':'" H                           \
    "','origin':'a/term/1'" more "}\n"

static const struct {
    const char *name, *text;
    const char *fault; /* "": is accepted */
} cases[] = {
    {"a promise", PROMISE(""), ""},
    {"a refusal",
     "north-south\nrefusal\n{'at_ms':1,'id':'" H
     "','origin':'a/term/1','reason':'unknown key','size':0}\n",
     ""},
    {"a freeze",
     "north-south\nfreeze\n{'next_log_key':'" KEY
     "','next_origin':'a/term/2','next_promise_key':'" KEY "','origin':'a/term/1','root':'" H
     "','size':7}\n",
     ""},
    {"a sign-in", "north-south\nsign-in\n{'at_ms':1,'node':'north/node','nonce':'" H "'}\n", ""},
    {"a pin", "north-south\npin\n{'certificate':'" H "','from_ms':1,'to_ms':2}\n", ""},
    {"a rotation", "north-south\nrotate\n{'from':'north/desk','key':'" KEY "'}\n", ""},

    {"no agreement", "\npromise\n{}\n", "empty line"},
    {"an agreement of capitals", "North\npromise\n{}\n", "not an agreement's name"},
    {"no word of ours", "north-south\npledge\n{}\n", "no statement's word"},
    {"a record", "north-south\npromise 1\n{}\n", "no statement's word"},
    {"a checkpoint", "north-south/term/1\n7\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n",
     "no statement's word"},
    {"a word in capitals", "north-south\nPromise\n{}\n", "no statement's word"},
    {"a fourth line", PROMISE("") "more\n", "left over"},
    {"no third line", "north-south\npromise\n", "end"},
    {"no object", "north-south\npromise\n[]\n", "not an object"},
    {"not canonical", PROMISE(" "), "white space"},
    {"nothing in it", "north-south\npromise\n{}\n", "\"at_ms\""},
    {"a member too many", PROMISE(",'size':1"), "\"another member\""},
    {"the members of another word",
     "north-south\nrefusal\n{'at_ms':1,'id':'" H "','index':7,'leaf':'" H
     "','origin':'a/term/1'}\n",
     "\"reason\""},
    {"a reason of another's",
     "north-south\nrefusal\n{'at_ms':1,'id':'" H
     "','origin':'a','reason':'bad weather','size':0}\n",
     "\"reason\""},
    {"an index below 0",
     "north-south\npromise\n{'at_ms':1,'id':'" H "','index':-1,'leaf':'" H "','origin':'a'}\n",
     "\"index\""},
    {"an index in quotes",
     "north-south\npromise\n{'at_ms':1,'id':'" H "','index':'7','leaf':'" H "','origin':'a'}\n",
     "\"index\""},
    {"a time past the last year",
     "north-south\npin\n{'certificate':'" H "','from_ms':1,'to_ms':253370764800000}\n",
     "\"to_ms\""},
    {"a leaf cut short",
     "north-south\npromise\n{'at_ms':1,'id':'" H "','index':1,'leaf':'e3','origin':'a'}\n",
     "\"leaf\""},
    {"a nonce of 31 bytes",
     "north-south\nsign-in\n{'at_ms':1,'node':'n','nonce':"
     "'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b8'}\n",
     "\"nonce\""},
    {"an origin of no name",
     "north-south\npromise\n{'at_ms':1,'id':'" H "','index':1,'leaf':'" H "','origin':'A'}\n",
     "\"origin\""},
    {"a rotation from no name", "north-south\nrotate\n{'from':'North','key':'" KEY "'}\n",
     "\"from\""},
    {"a rotation to no key", "north-south\nrotate\n{'from':'north/desk','key':'north/desk'}\n",
     "\"key\""},
    {"a rotation that says more",
     "north-south\nrotate\n{'at_ms':1,'from':'north/desk','key':'" KEY "'}\n",
     "\"another member\""},
    {"a key that is none",
     "north-south\nfreeze\n{'next_log_key':'k','next_origin':'a/term/2','next_promise_key':'" KEY
     "','origin':'a/term/1','root':'" H "','size':7}\n",
     "\"next_log_key\""},
};

static struct note_signer signer_of(uint8_t seed_byte)
{
    struct note_signer signer;
    uint8_t seed[SIGN_SEED_BYTES] = {seed_byte};

    assert_true(sign_start());
    note_signer_make(&signer, SPAN_LIT("tester"), NOTE_TYPE_ED25519, seed);
    return signer;
}

static struct span spell(const char *text, struct arena *arena)
{
    char *copy = arena_text(arena, span_of(text));

    for (char *c = copy; *c; c++)
        *c = *c == '\'' ? '"' : *c;
    return span_of(copy);
}

static void test_parse(void **state)
{
    struct note_signer signer = signer_of(7), other = signer_of(8);
    struct note_key key = note_signer_key(&signer), other_key = note_signer_key(&other);

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct arena arena = {0};
        struct statement statement = {.word = SPAN_LIT("untouched")};
        struct err err = {0};
        struct span note = note_sign(spell(cases[i].text, &arena), &signer, &arena);
        bool ok = statement_parse(&statement, note, &arena, &err);

        if (ok != (cases[i].fault[0] == '\0') || !strstr(err.text, cases[i].fault))
            fail_msg("case \"%s\": %s", cases[i].name, err.text);
        CHECK_CASE(cases[i].name, ok || span_is(statement.word, "untouched"));
        if (ok) {
            CHECK_CASE(cases[i].name, statement_verify(&statement, &key));
            CHECK_CASE(cases[i].name, !statement_verify(&statement, &other_key));
            CHECK_CASE(cases[i].name, statement_signer(statement.word) != NULL);

            /* Signed again it is the same note. */
            char *word = arena_text(&arena, statement.word);
            CHECK_CASE(cases[i].name,
                       span_equal(statement_sign(statement.agreement, word, &statement.members,
                                                 &signer, &arena),
                                  note));
        }
        arena_free(&arena);
    }
}

static void test_signatures(void **state)
{
    struct note_signer signer = signer_of(7), other = signer_of(8);
    struct arena arena = {0};
    struct span text = spell(PROMISE(""), &arena);
    struct buf two = buf_in(&arena, 4000);
    struct statement statement;
    struct err err = {0};

    (void)state;
    buf_put(&two, note_sign(text, &signer, &arena));
    buf_put(&two, span_from(note_sign(text, &other, &arena), text.len + 1));
    assert_false(statement_parse(&statement, buf_span(&two), &arena, &err));
    assert_non_null(strstr(err.text, "2 signatures"));
    assert_false(statement_parse(&statement, text, &arena, &err));
    assert_null(statement_signer(SPAN_LIT("pledge")));
    arena_free(&arena);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_parse),
    cmocka_unit_test(test_signatures),
};

RUN_TESTS(tests)
