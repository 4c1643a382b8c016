/*
 * Prints doc/vectors.json: for each section of doc/format.md what its bytes are, made from
 * fixed seeds by the program's own encoders. Byte strings are base64 or hex, texts are
 * strings; a name that ends in _b64 or _hex says which.
 *
 *     format_vectors > doc/vectors.json
 */

#include <stdio.h>

#include "codec/base64.h"
#include "codec/hex.h"
#include "journal/stage.h"
#include "journal/submission.h"
#include "ledger/checkpoint.h"
#include "ledger/cosignature.h"
#include "ledger/proof.h"
#include "ledger/statement.h"
#include "ledger/tile.h"
#include "node/key_file.h"
#include "register/test_log.h"

static struct arena arena;

/* --- making values ----------------------------------------------------------- */

static struct span hex_of(struct span bytes)
{
    struct buf buf = buf_in(&arena, SIZE_MAX);

    hex_put(&buf, bytes);
    return buf_span(&buf);
}

static struct span base64_of(struct span bytes)
{
    struct buf buf = buf_in(&arena, SIZE_MAX);

    base64_put(&buf, bytes);
    return buf_span(&buf);
}

static void set(struct json *object, const char *key, const char *text)
{
    json_set_string(object, key, arena_copy(&arena, span_of(text)), &arena);
}

static void set_span(struct json *object, const char *key, struct span text)
{
    json_set_string(object, key, text, &arena);
}

static void set_hash(struct json *object, const char *key, struct hash hash)
{
    set_span(object, key, hex_of(hash_span(&hash)));
}

static void set_number(struct json *object, const char *key, uint64_t number)
{
    json_set_integer(object, key, (int64_t)number, &arena);
}

static void push(struct json *array, struct json value)
{
    json_push(array, value, &arena);
}

/* Two spaces a level; a list of numbers stands on one line. */
static void print_value(const struct json *value, int depth);

static void print_indent(int depth)
{
    printf("\n%*s", 2 * depth, "");
}

static void print_scalar(const struct json *value)
{
    struct span text = json_bytes(value, &arena);

    fwrite(text.at, 1, text.len, stdout);
}

static void print_array(const struct json *array, int depth)
{
    bool flat = array->array.count == 0 || array->array.at[0].type == JSON_INTEGER;

    putchar('[');
    for (size_t i = 0; i < array->array.count; i++) {
        if (i)
            putchar(',');
        if (!flat)
            print_indent(depth + 1);
        print_value(&array->array.at[i], depth + 1);
    }
    if (!flat)
        print_indent(depth);
    putchar(']');
}

static void print_object(const struct json *object, int depth)
{
    putchar('{');
    for (size_t i = 0; i < object->object.count; i++) {
        const struct json key = json_string(object->object.at[i].key);

        if (i)
            putchar(',');
        print_indent(depth + 1);
        print_scalar(&key);
        printf(": ");
        print_value(&object->object.at[i].value, depth + 1);
    }
    print_indent(depth);
    putchar('}');
}

static void print_value(const struct json *value, int depth)
{
    if (value->type == JSON_ARRAY)
        print_array(value, depth);
    else if (value->type == JSON_OBJECT)
        print_object(value, depth);
    else
        print_scalar(value);
}

/* --- §1 and §2 --------------------------------------------------------------- */

static struct json list_of(const char *const *texts, size_t count)
{
    struct json list = json_array();

    for (size_t i = 0; i < count; i++)
        push(&list, json_text(texts[i]));
    return list;
}

#define A_50 "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define A_100 A_50 A_50
#define A_101 A_100 "a"

static struct json names(void)
{
    static const char *const accepted[] = {"a", "north-south", "north-south/term/1", "0.9_x-y/z",
                                           A_100};
    static const char *const refused[] = {"", "/a", "a/", "a//b", "A", "a b", "a+b", "ä", A_101};
    struct json out = json_object();

    for (size_t i = 0; i < ARRAY_LEN(accepted); i++)
        assert(note_name_valid(span_of(accepted[i])));
    for (size_t i = 0; i < ARRAY_LEN(refused); i++)
        assert(!note_name_valid(span_of(refused[i])));
    json_set(&out, "accepted", list_of(accepted, ARRAY_LEN(accepted)), &arena);
    json_set(&out, "refused", list_of(refused, ARRAY_LEN(refused)), &arena);
    return out;
}

/* The key file under a passphrase: costs next to nothing to try, as no real one does. */
static void set_encrypted(struct json *row, const struct note_signer *signer)
{
    static const char passphrase[] = "صلح, and three words more";
    struct key_file file = {.cost = {.passes = 2, .memory_kib = 64}, .salt = "salted", .nonce = "n"};
    struct buf text = buf_in(&arena, KEY_FILE_BYTES);
    struct secretbox_key key;

    file.salt[15] = file.nonce[23] = (uint8_t)strlen(signer->name);
    bool made = secretbox_key_of(&key, span_of(passphrase), file.salt, file.cost);
    assert(made);
    key_file_seal(&file, signer, &key);
    key_file_put(&text, &file);
    set(row, "passphrase", passphrase);
    set_span(row, "argon2id_hex", hex_of(span_make(key.bytes, sizeof key.bytes)));
    set_span(row, "encrypted_key_file", buf_span(&text));
}

static struct json keys(struct test_log *log)
{
    static const struct {
        const char *name;
        uint8_t type;
    } rows[] = {
        {"north/root", NOTE_TYPE_ED25519},
        {"north-south/term/1", NOTE_TYPE_ED25519},
        {"w1", NOTE_TYPE_COSIGNATURE},
    };
    struct json out = json_array();

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        const struct test_key *key = test_key(log, rows[i].name);
        const struct note_signer *signer =
            rows[i].type == NOTE_TYPE_ED25519 ? &key->signer : &key->witness;
        struct note_key public = note_signer_key(signer);
        struct json row = json_object();

        set(&row, "name", rows[i].name);
        set_number(&row, "type", rows[i].type);
        set_span(&row, "seed_hex", hex_of(span_make(signer->secret.seed, SIGN_SEED_BYTES)));
        set_span(&row, "public_hex", hex_of(span_make(public.key.bytes, SIGN_KEY_BYTES)));
        set(&row, "key_id_hex",
            arena_printf(&arena, "%08" PRIx32,
                         note_key_id(span_of(public.name), public.type, &public.key)));
        set(&row, "vkey", note_key_text(&public, &arena));
        set(&row, "key_file", note_signer_text(signer, &arena));
        set_encrypted(&row, signer);
        push(&out, row);
    }
    return out;
}

static struct json canonical_json(void)
{
    static const char *const accepted[] = {
        "0",
        "-9007199254740991",
        "\"\"",
        "\"\\b\\t\\n\\f\\r\\u0001\\u001f\\\"\\\\/\"",
        "\"\xd8\xb5\xd9\x84\xd8\xad \xf0\x9f\x95\x8a \x7f\"",
        "[]",
        "{}",
        "[1,[\"a\",{}],{\"a\":0}]",
        "{\" \":1,\"!\":2,\"A\":3,\"_\":4,\"a\":5,\"a.b\":6}",
    };
    static const struct {
        const char *text, *why;
    } refused[] = {
        {"", "nothing"},
        {" 0", "white space"},
        {"0\n", "white space"},
        {"[1, 2]", "white space"},
        {"01", "a leading zero"},
        {"-0", "-0"},
        {"1.0", "a fraction"},
        {"1e3", "an exponent"},
        {"9007199254740992", "past 2^53 - 1"},
        {"true", "true"},
        {"null", "null"},
        {"\"\\/\"", "an escape that need not be"},
        {"\"\\u0041\"", "an escape that need not be"},
        {"\"\\u001F\"", "capitals in an escape"},
        {"\"\\u0009\"", "the long escape of a tab"},
        {"\"\\u0000\"", "U+0000"},
        {"\"\\ud800\"", "half a surrogate pair"},
        {"\"\t\"", "a control character that is not escaped"},
        {"\"a", "not closed"},
        {"{\"b\":1,\"a\":2}", "members out of order"},
        {"{\"a\":1,\"a\":2}", "a member twice"},
        {"{\"\":1}", "a key of nothing"},
        {"{\"\xc3\xa9\":1}", "a key beyond ASCII"},
        {"{\"a\\\"b\":1}", "a quote in a key"},
        {"[1,]", "a comma too many"},
        {"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]", "33 deep"},
    };
    struct json out = json_object(), yes = json_array(), no = json_array();
    struct json value;
    struct err err = {0};

    for (size_t i = 0; i < ARRAY_LEN(accepted); i++) {
        bool ok = json_parse_canonical(&value, span_of(accepted[i]), &arena, &err);
        assert(ok && span_is(json_bytes(&value, &arena), accepted[i]));
        push(&yes, json_text(accepted[i]));
    }
    for (size_t i = 0; i < ARRAY_LEN(refused); i++) {
        struct json row = json_object();

        assert(!json_parse_canonical(&value, span_of(refused[i].text), &arena, &err));
        set(&row, "text", refused[i].text);
        set(&row, "why", refused[i].why);
        push(&no, row);
    }
    json_set(&out, "accepted", yes, &arena);
    json_set(&out, "refused", no, &arena);
    return out;
}

/* --- §3 ---------------------------------------------------------------------- */

static struct json record_of(struct span note)
{
    struct json out = json_object();
    struct record record;
    struct err err = {0};

    bool ok = record_parse(&record, note, &arena, &err);
    assert(ok);
    set_span(&out, "note", note);
    set_span(&out, "text", record.note.text);
    set(&out, "id", record.id_text);
    set_span(&out, "agreement", record.agreement);
    set_span(&out, "kind", record.kind);
    set_number(&out, "version", record.version);
    set_span(&out, "by", record.by);
    set_number(&out, "seq", record.seq);
    set_span(&out, "prev", record.prev);
    return out;
}

/* Each is a record but for what `put` does to it; signed after that. */
static struct json not_records(struct test_log *log, struct span text)
{
    static const struct {
        const char *why, *find, *put;
    } rows[] = {
        {"no agreement's name", "north-south\n", "North-South\n"},
        {"no version", "claim 1", "claim"},
        {"version 0", "claim 1", "claim 0"},
        {"a version past 32 bits", "claim 1", "claim 4294967296"},
        {"a kind of three words", "claim 1", "a.b.c 1"},
        {"a fourth line", "}\n", "}\n\n"},
        {"white space", "{\"body\":", "{ \"body\":"},
        {"a member too many", "{\"body\":", "{\"a\":1,\"body\":"},
        {"an id that is none", "\"prev\":\"", "\"prev\":\"x"},
        {"number 0", "\"seq\":", "\"seq\":-"},
        {"a time past the year 9998", "\"said_at_ms\":1", "\"said_at_ms\":999999999"},
        {"signed under another name than its by", "\"by\":\"north/desk\"", "\"by\":\"south/desk\""},
    };
    const char *base = arena_text(&arena, text);
    struct json out = json_array();

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        const char *at = strstr(base, rows[i].find);
        struct json row = json_object();
        struct record record;
        struct err err = {0};

        assert(at);
        struct span changed = span_of(arena_printf(&arena, "%.*s%s%s", (int)(at - base), base,
                                                   rows[i].put, at + strlen(rows[i].find)));
        struct span note = note_sign(changed, &test_key(log, "north/desk")->signer, &arena);
        assert(!record_parse(&record, note, &arena, &err));
        set_span(&row, "note", note);
        set(&row, "why", rows[i].why);
        push(&out, row);
    }
    return out;
}

/* --- §4 ---------------------------------------------------------------------- */

static struct json parts(struct span *out_stored)
{
    const uint8_t salt[PART_SALT_BYTES] = {1, 2, 3, 4, 5, 6, 7, 8};
    const struct span bytes = SPAN_LIT("{\"title\":\"Spin Boldak, 15 October\"}");
    struct json body = json_object(), row = json_object(), out = json_array();

    *out_stored = part_make(&body, salt, bytes, &arena);
    set_span(&row, "salt_hex", hex_of(span_make(salt, sizeof salt)));
    set_span(&row, "bytes", bytes);
    set_span(&row, "stored_b64", base64_of(*out_stored));
    json_set(&row, "parts", *json_get(&body, "parts"), &arena);
    push(&out, row);
    return out;
}

/* --- §6.1 -------------------------------------------------------------------- */

static struct json statements(struct test_log *log)
{
    static const struct {
        const char *word, *by, *members;
    } rows[] = {
        {"promise", "north-south/promise",
         "{'at_ms':1760000000000,'id':'$first','index':8,'leaf':'#','origin':'north-south/term/"
         "1'}"},
        {"refusal", "north/node",
         "{'at_ms':1760000000000,'id':'$first','origin':'north-south/term/1','reason':'unknown "
         "key','size':8}"},
        {"freeze", "south/node",
         "{'next_log_key':'@north-south/term/2','next_origin':'north-south/term/2',"
         "'next_promise_key':'@north-south/promise/2','origin':'north-south/term/1','root':'#',"
         "'size':8}"},
        {"sign-in", "north/desk", "{'at_ms':1760000000000,'node':'north/node','nonce':'#'}"},
        {"pin", "north/node", "{'certificate':'#','from_ms':1760000000000,'to_ms':1791536000000}"},
        {"rotate", "south/root/2", "{'from':'south/root','key':'@south/root/2'}"},
    };
    struct json out = json_array();

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct json members = test_body(log, rows[i].members), row = json_object();
        struct span note = statement_sign(SPAN_LIT(TEST_AGREEMENT), rows[i].word, &members,
                                          &test_key(log, rows[i].by)->signer, &arena);
        struct statement statement;
        struct err err = {0};

        bool ok = statement_parse(&statement, note, &arena, &err);
        assert(ok);
        set(&row, "word", rows[i].word);
        set_span(&row, "vkey", test_vkey(log, rows[i].by, NOTE_TYPE_ED25519));
        set_span(&row, "note", note);
        push(&out, row);
    }
    return out;
}

/* --- §7 to §10: whole logs ---------------------------------------------------- */

static struct json entries;
static struct span entry_bytes[64];

static void log_entry(struct test_log *log, struct span bytes)
{
    struct json row = json_object();
    struct err err = {0};

    entry_bytes[log->size] = arena_copy(&arena, bytes);
    bool ok = test_append(log, bytes, &err);
    assert(ok);
    set_span(&row, "entry_b64", base64_of(bytes));
    set_span(&row, "effects", arena_copy(&arena, log->effects_bytes));
    set(&row, "verdict", arena_text(&arena, span_of(test_verdict(log))));
    set_hash(&row, "digest_hex", log->digest);
    set_hash(&row, "root_hex", log->root[log->size]);
    push(&entries, row);
}

static void say(struct test_log *log, const char *as, const char *by, const char *kind,
                const char *body)
{
    log_entry(log, test_record(log, by, kind, body));
    if (as)
        test_name_it(log, as);
}

static struct json whole_log(struct test_log *log)
{
    struct json out = json_object();

    json_set(&out, "entries", entries, &arena);
    set_number(&out, "size", log->size);
    set_hash(&out, "root_hex", log->root[log->size]);
    return out;
}

#define CLAIM(more)                                                                                \
    "{'channel':'filed','claimant':'Command'," more "'matter':'killed','side':'north',"            \
    "'subject':'south'}"

/* What becomes of records that the rules cannot use, and of chains out of order. */
static void say_what_is_void(struct test_log *log)
{
    say(log, NULL, "south/desk", "record.withdraw", "{'reason':'error','record':'$claim'}");

    struct record_draft draft = test_draft(log, "south/desk", "claim", CLAIM(""));
    struct span late = test_sign(log, &draft);

    say(log, NULL, "south/desk", "claim", CLAIM("'best':2,"));
    log_entry(log, late);
    log_entry(log, late);
    draft.said_at_ms++;
    log_entry(log, test_sign(log, &draft));
    draft = test_draft(log, "north/desk", "claim", CLAIM(""));
    draft.seen_size = 3;
    log_entry(log, test_sign(log, &draft));
    draft = test_draft(log, "north/desk", "claim", CLAIM(""));
    draft.seen_size = 99;
    log_entry(log, test_sign(log, &draft));
    say(log, NULL, "north/desk", "claim", "{'channel':'rumour'}");
    say(log, NULL, "north/desk", "no.kind", "{}");
    say(log, NULL, "north/node", "claim", CLAIM(""));
    say(log, NULL, "reader", "claim", CLAIM(""));
    say(log, NULL, "stranger", "claim", CLAIM(""));
    log_entry(log, SPAN_LIT("\xff no record"));
    log_entry(log, (struct span){0});
}

/* Who may not admit or revoke whom; and keys that take the places of others. */
static void say_who_is_whose(struct test_log *log)
{
    say(log, NULL, "north/root", "member.admit",
        "{'job':'author','key':'@south/phone','org':'south','role':'monitor'}");
    say(log, NULL, "south/root", "member.admit",
        "{'job':'author','key':'@south/phone','org':'south','role':'monitor'}");
    say(log, NULL, "north/root", "member.revoke", "{'name':'south/desk','reason':'misused'}");
    say(log, NULL, "north/root", "member.revoke",
        "{'name':'north-south/promise','reason':'misused'}");
    say(log, NULL, "north/root", "member.admit",
        "{'job':'node','key':'@north-south/term/2','org':'north'}");
    say(log, NULL, "south/phone", "member.rotate",
        "{'consent':&south/phone>stranger,'key':'@south/phone/2'}");
    say(log, NULL, "south/phone", "member.rotate",
        "{'consent':&south/phone>south/phone/2,'key':'@south/phone/2'}");
    say(log, NULL, "south/root", "member.rotate",
        "{'consent':&south/root>south/root/2,'key':'@south/root/2'}");
    say(log, NULL, "north/node", "member.rotate",
        "{'consent':&north/node>north/node/2,'key':'@north/node/2'}");
    say(log, NULL, "south/phone", "claim", CLAIM(""));
    say(log, NULL, "south/phone/2", "claim", CLAIM(""));
    say(log, NULL, "north/node/2", "clock.tick", "{'at_ms':1760007200000}");
}

static struct json log_with_operators_clock(struct test_log *log)
{
    entries = json_array();
    test_log_open(log, NULL);
    say(log, "adopt", "north/root", "agreement.adopt", test_adopt);
    say(log, NULL, "south/root", "agreement.part", "{'content':~,'file':'agreement.toml','n':1}");
    say(log, NULL, "north/root", "agreement.concur", "{'agreement':'$adopt'}");
    say(log, NULL, "south/root", "agreement.concur", "{'agreement':'$adopt'}");
    say(log, NULL, "north/node", "clock.tick", "{'at_ms':1760000000000}");
    say(log, NULL, "north/root", "member.admit",
        "{'job':'author','key':'@north/desk','org':'north','revoker':'@north/desk/revoker',"
        "'role':'desk'}");
    say(log, NULL, "south/root", "member.admit",
        "{'job':'author','key':'@south/desk','org':'south','role':'monitor'}");
    say(log, NULL, "north/desk", "member.admit",
        "{'job':'author','key':'@reader','org':'mediators','role':'reader'}");
    say(log, "first", "north/desk", "incident.open", "{'external_id':'1'}");
    say(log, "claim", "north/desk", "claim", CLAIM("'external_id':'7','incident':'$first',"));
    say(log, NULL, "north/desk", "claim",
        CLAIM("'external_id':'7','min':5,'supersedes':'$claim',"));
    say(log, "report", "south/desk", "incident.report", "{'act':'shelling','sector':'east'}");
    say(log, NULL, "north/desk", "incident.link",
        "{'basis':'same_event','incident':'$first','record':'$report'}");
    say(log, NULL, "north/desk", "incident.unlink", "{'incident':'$first','record':'$report'}");
    say(log, NULL, "south/desk", "record.withdraw", "{'reason':'error','record':'$report'}");
    say_what_is_void(log);
    say(log, NULL, "south/node", "node.attest", "{'digest':'#','size':9}");
    say(log, NULL, "north/node", "clock.tick", "{'at_ms':1760003600000}");
    say(log, NULL, "north/desk/revoker", "member.revoke",
        "{'doubt_from':9,'name':'north/desk','reason':'compromised'}");
    say(log, NULL, "north/desk", "claim", CLAIM(""));
    say_who_is_whose(log);
    return whole_log(log);
}

static const char *const witnesses[] = {"w1", "w2", "w3", "w4", NULL};

static void say_tick(struct test_log *log, uint64_t covers, const char *const *by,
                     const uint64_t *seconds)
{
    struct record_draft draft = test_draft(log, "north/node", "clock.tick", "{}");

    set_span(&draft.body, "checkpoint", test_checkpoint(log, covers, by, seconds));
    log_entry(log, test_sign(log, &draft));
}

static void begin_with_witnesses(struct test_log *log, uint64_t quorum)
{
    static const char more[] = "[{'key':'%w1','org':'north'},{'key':'%w2','org':'south'},"
                               "{'key':'%w3','org':'mediators'},{'key':'%w4','org':'observers'}]";

    entries = json_array();
    test_log_open(log, NULL);
    struct record_draft draft = test_draft(log, "north/root", "agreement.adopt", test_adopt);
    set_number(&draft.body, "quorum", quorum);
    json_set(&draft.body, "witnesses", test_body(log, more), &arena);
    log_entry(log, test_sign(log, &draft));
    test_name_it(log, "adopt");
    say(log, NULL, "south/root", "agreement.part", "{'content':~,'file':'agreement.toml','n':1}");
    say(log, NULL, "north/root", "agreement.concur", "{'agreement':'$adopt'}");
    say(log, NULL, "south/root", "agreement.concur", "{'agreement':'$adopt'}");
}

static struct json log_with_witnesses(struct test_log *log)
{
    begin_with_witnesses(log, 3);
    say_tick(log, 4, witnesses + 1, (const uint64_t[]){1760000003, 1760000001, 1760000002});
    say(log, NULL, "south/root", "member.admit", "{'job':'witness','key':'%w5','org':'south'}");
    say(log, NULL, "south/root", "member.revoke", "{'name':'w2','reason':'compromised'}");
    say(log, NULL, "south/root", "member.admit", "{'job':'witness','key':'%w5','org':'south'}");
    say_tick(log, 5, witnesses + 2, (const uint64_t[]){1760000011, 1760000012});
    say_tick(log, 7, witnesses, (const uint64_t[]){1760000024, 1760000021, 1760000023, 1760000022});
    say_tick(log, 8, (const char *const[]){"w1", "w3", "w4", NULL},
             (const uint64_t[]){1760000031, 1760000032, 1760000033});
    say_tick(log, 9, (const char *const[]){"w5", "w1", "w2", NULL},
             (const uint64_t[]){1760000041, 1760000042, 1760000043});
    say_tick(log, 9, (const char *const[]){"w5", "w1", "w3", NULL},
             (const uint64_t[]){1760000041, 1760000042, 1760000043});
    return whole_log(log);
}

static void say_hand_over(struct test_log *log, const char *const *nodes)
{
    struct json freeze = test_freeze(log, 2);
    struct record_draft draft = test_term_open(log, "south/node", nodes, &freeze);

    log_entry(log, test_sign(log, &draft));
}

/* And, at its end, to rules that nobody has yet. */
static struct json log_with_hand_over(struct test_log *log)
{
    begin_with_witnesses(log, 2);
    say_tick(log, 4, witnesses, (const uint64_t[]){1760000001, 1760000002, 1760000003, 1760000004});
    say(log, NULL, "south/root", "member.revoke", "{'name':'w2','reason':'lost'}");
    say(log, NULL, "south/root", "member.admit", "{'job':'witness','key':'%w5','org':'south'}");
    say_hand_over(log, (const char *const[]){"south/node", NULL});
    say_hand_over(log, (const char *const[]){"south/node", "north/node", NULL});
    say_tick(log, 9, witnesses + 2, (const uint64_t[]){1760000011, 1760000012});
    log->origin = TEST_AGREEMENT "/term/2";
    say_tick(log, 8, witnesses + 2, (const uint64_t[]){1760000011, 1760000012});
    say_tick(log, 9, (const char *const[]){"w5", "w1", NULL},
             (const uint64_t[]){1760000021, 1760000022});
    say(log, NULL, "north/root", "rules.adopt", "{'number':1}");
    say(log, "rules", "north/root", "rules.adopt", "{'number':2}");
    say(log, NULL, "north/root", "agreement.concur", "{'agreement':'$rules'}");
    say(log, NULL, "south/root", "agreement.concur", "{'agreement':'$rules'}");
    return whole_log(log);
}

/* --- §5: the first of these logs as it is published ---------------------------- */

static bool subtree(void *context, unsigned level, uint64_t index, struct hash *out,
                    struct err *err)
{
    struct merkle tree = {0};

    (void)context, (void)err;
    for (uint64_t i = index << level; i < (index + 1) << level; i++)
        merkle_push(&tree, merkle_leaf(entry_bytes[i]));
    *out = merkle_root(&tree);
    return true;
}

static struct json receipt(struct span checkpoint_note, uint64_t index, uint64_t size)
{
    struct proof proof = {
        .index = index, .extra = entry_bytes[index], .checkpoint_note = checkpoint_note};
    struct buf text = buf_in(&arena, SIZE_MAX);
    struct json out = json_object();
    struct err err = {0};

    bool ok = merkle_prove_inclusion(&proof.inclusion, index, size, subtree, NULL, &err);
    assert(ok);
    proof_put(&text, &proof);
    set_span(&out, "text", buf_span(&text));
    set_number(&out, "index", index);
    return out;
}

static struct json published(struct test_log *log)
{
    static const uint64_t seconds[] = {1760003601, 1760003602, 1760003603, 1760003604};
    struct span note = test_checkpoint(log, log->size, witnesses, seconds);
    struct buf hashes = buf_in(&arena, SIZE_MAX), bundle = buf_in(&arena, SIZE_MAX);
    struct json out = json_object(), vkeys = json_array(), times = json_array();
    char path[TILE_PATH];

    for (size_t i = 0; witnesses[i]; i++) {
        push(&vkeys, json_string(test_vkey(log, witnesses[i], NOTE_TYPE_COSIGNATURE)));
        push(&times, json_integer((int64_t)seconds[i]));
    }
    for (uint64_t i = 0; i < log->size; i++) {
        struct hash leaf = merkle_leaf(entry_bytes[i]);
        buf_put(&hashes, hash_span(&leaf));
        tile_bundle_put(&bundle, entry_bytes[i]);
    }
    set_span(&out, "checkpoint", note);
    set_span(&out, "log_vkey", test_vkey(log, "north-south/term/1", NOTE_TYPE_ED25519));
    json_set(&out, "witness_vkeys", vkeys, &arena);
    json_set(&out, "witness_seconds", times, &arena);
    json_set(&out, "receipt", receipt(note, 9, log->size), &arena);
    tile_path(path, (struct tile){0, 0, (unsigned)log->size});
    set(&out, "tile_path", path);
    set_span(&out, "tile_b64", base64_of(buf_span(&hashes)));
    tile_path(path, (struct tile){TILE_ENTRIES, 0, (unsigned)log->size});
    set(&out, "bundle_path", path);
    set_span(&out, "bundle_b64", base64_of(buf_span(&bundle)));
    return out;
}

static struct json stage_batch(struct span stored)
{
    const struct stage_batch batch = {
        .first = 8, .entry = &entry_bytes[8], .entry_count = 2, .part = &stored, .part_count = 1};
    struct json out = json_object(), list = json_array(), part_list = json_array();

    for (size_t i = 0; i < 2; i++)
        push(&list, json_string(base64_of(entry_bytes[8 + i])));
    push(&part_list, json_string(base64_of(stored)));
    set_number(&out, "first", 8);
    json_set(&out, "entries_b64", list, &arena);
    json_set(&out, "parts_b64", part_list, &arena);
    set_span(&out, "batch_b64", base64_of(stage_encode(&batch, &arena)));
    return out;
}

static struct json submission(struct span stored)
{
    const struct submission given[] = {{.note = entry_bytes[8], .part = &stored, .part_count = 1},
                                       {.note = entry_bytes[9]}};
    struct json out = json_object(), list = json_array();
    struct span bytes;
    struct err err = {0};

    for (size_t i = 0; i < ARRAY_LEN(given); i++) {
        struct json row = json_object(), part_list = json_array();

        if (given[i].part_count)
            push(&part_list, json_string(base64_of(stored)));
        set_span(&row, "note_b64", base64_of(given[i].note));
        json_set(&row, "parts_b64", part_list, &arena);
        push(&list, row);
    }
    bool ok = submission_encode(&bytes, given, ARRAY_LEN(given), &arena, &err);
    assert(ok);
    json_set(&out, "records", list, &arena);
    set_span(&out, "body_b64", base64_of(bytes));
    return out;
}

int main(void)
{
    struct test_log first, second, third;
    struct json out = json_object(), logs = json_object();
    struct span stored;

    set(&out, "about",
        "Test vectors for doc/format.md, printed by tests/vectors/format_vectors.c. A name that "
        "ends in _b64 or _hex says what its string is; every other string is the text itself.");
    json_set(&out, "names", names(), &arena);
    json_set(&out, "canonical_json", canonical_json(), &arena);
    json_set(&out, "parts", parts(&stored), &arena);

    json_set(&logs, "hand_over", log_with_hand_over(&third), &arena);
    json_set(&logs, "witnesses", log_with_witnesses(&second), &arena);
    json_set(&logs, "operators_clock", log_with_operators_clock(&first), &arena);
    json_set(&out, "logs", logs, &arena);

    struct json records = json_array();
    for (size_t i = 0; i < 12; i++)
        push(&records, record_of(entry_bytes[i]));
    struct record claim;
    struct err err = {0};
    bool ok = record_parse(&claim, entry_bytes[9], &arena, &err);
    assert(ok);
    json_set(&out, "records", records, &arena);
    json_set(&out, "not_records", not_records(&first, claim.note.text), &arena);
    json_set(&out, "keys", keys(&first), &arena);
    json_set(&out, "published", published(&first), &arena);
    json_set(&out, "statements", statements(&first), &arena);
    json_set(&out, "stage", stage_batch(stored), &arena);
    json_set(&out, "submission", submission(stored), &arena);
    print_value(&out, 0);
    putchar('\n');

    test_log_close(&first);
    test_log_close(&second);
    test_log_close(&third);
    arena_free(&arena);
    return 0;
}
