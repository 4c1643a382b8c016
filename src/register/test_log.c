#include "register/test_log.h"

#include "codec/hex.h"
#include "ledger/checkpoint.h"
#include "ledger/cosignature.h"
#include "ledger/statement.h"

static const char small_terms[] =
    "{'act':[{'id':'shelling'}],"
    "'agreement':{'entries':'public','max_gap_ms':1800000,'name':'north-south',"
    "'no_move':'14.2','quorum':0,'rules':1},"
    "'clause':[{'id':'14.2'}],"
    "'crossing':[{'id':'bridge'}],"
    "'organisation':[{'id':'north'},{'id':'south'},{'id':'mediators'}],"
    "'role':[{'id':'desk','may':['admit','claim','link','open_incident','report','revoke',"
    "'withdraw']},{'id':'monitor','may':['claim','report','withdraw']},{'id':'reader','may':[]},"
    "{'id':'registrar','may':['admit']}],"
    "'sector':[{'id':'east'}]}";

const char *const test_adopt =
    "{'log_key':'@north-south/term/1','name':'north-south','nodes':[{'key':'@north/node',"
    "'org':'north'},{'key':'@south/node','org':'south'}],'operator':'north/node',"
    "'origin':'north-south/term/1','pieces':[{'file':'agreement.toml','n':1,'sha256':'#'}],"
    "'promise_key':'@north-south/promise','quorum':0,'roots':[{'key':'@north/root',"
    "'org':'north'},{'key':'@south/root','org':'south'}],'rules':1,'witnesses':[]}";

void test_log_open(struct test_log *log, const char *terms)
{
    *log = (struct test_log){0};
    bool started = sign_start();
    assert(started);
    log->root_room = 128;
    log->root = ARENA_ARRAY(&log->arena, struct hash, log->root_room);
    log->entry = ARENA_ARRAY(&log->arena, struct span, log->root_room);
    log->root[0] = merkle_empty();
    log->origin = TEST_AGREEMENT "/term/1";
    struct json value = test_body(log, terms ? terms : small_terms);
    log->terms = json_bytes(&value, &log->arena);
}

void test_log_close(struct test_log *log)
{
    arena_free(&log->arena);
    arena_free(&log->work);
    *log = (struct test_log){0};
}

void test_log_fork(struct test_log *out, const struct test_log *from)
{
    *out = *from; /* rows, names and entries are never changed, so their bytes are shared */
    out->arena = out->work = (struct arena){0};
    out->row = ARENA_ARRAY(&out->arena, struct test_row, from->row_room);
    if (from->row_room)
        memcpy(out->row, from->row, from->row_room * sizeof *out->row);
    out->root = ARENA_ARRAY(&out->arena, struct hash, from->root_room);
    memcpy(out->root, from->root, (from->size + 1) * sizeof *out->root);
    out->entry = ARENA_ARRAY(&out->arena, struct span, from->root_room);
    memcpy(out->entry, from->entry, from->size * sizeof *out->entry);
    struct test_key **end = &out->keys;
    for (const struct test_key *key = from->keys; key; key = key->next) {
        *end = ARENA_NEW(&out->arena, struct test_key);
        **end = *key;
        end = &(*end)->next;
    }
}

struct test_key *test_key(struct test_log *log, const char *name)
{
    struct test_key *key = log->keys;

    while (key && strcmp(key->signer.name, name) != 0)
        key = key->next;
    if (key)
        return key;
    struct hash seed =
        hash_of_parts((const struct span[]){SPAN_LIT("test key "), span_of(name)}, 2);
    key = ARENA_NEW(&log->arena, struct test_key);
    note_signer_make(&key->signer, span_of(name), NOTE_TYPE_ED25519, seed.bytes);
    note_signer_make(&key->witness, span_of(name), NOTE_TYPE_COSIGNATURE, seed.bytes);
    key->next = log->keys;
    log->keys = key;
    return key;
}

struct span test_vkey(struct test_log *log, const char *name, uint8_t type)
{
    struct test_key *key = test_key(log, name);
    struct note_key public =
        note_signer_key(type == NOTE_TYPE_ED25519 ? &key->signer : &key->witness);

    return span_of(note_key_text(&public, &log->arena));
}

void test_name_it(struct test_log *log, const char *name)
{
    struct test_name *named = ARENA_NEW(&log->arena, struct test_name);

    assert(strlen(name) < sizeof named->name);
    memcpy(named->name, name, strlen(name));
    named->id = log->id;
    named->next = log->names;
    log->names = named;
}

static struct span id_named(const struct test_log *log, struct span name)
{
    for (const struct test_name *named = log->names; named; named = named->next)
        if (span_is(name, named->name))
            return named->id;
    assert(!"a test names a record that there is not");
    return (struct span){0};
}

/* What stands behind a sign: letters, digits, and what else key names have. */
static struct span take_word(const char **at)
{
    size_t len = strspn(*at, "abcdefghijklmnopqrstuvwxyz0123456789_-/.");
    struct span word = span_make(*at, len);

    *at += len;
    return word;
}

struct span test_consent(struct test_log *log, struct span from, const char *to)
{
    struct json members = json_object();

    json_set_string(&members, "from", from, &log->arena);
    json_set_string(&members, "key", test_vkey(log, to, NOTE_TYPE_ED25519), &log->arena);
    return statement_sign(SPAN_LIT(TEST_AGREEMENT), "rotate", &members, &test_key(log, to)->signer,
                          &log->arena);
}

static struct span take_consent(struct test_log *log, const char **at)
{
    struct span from = take_word(at);

    assert(**at == '>');
    ++*at;
    return test_consent(log, from, arena_text(&log->arena, take_word(at)));
}

static void put_hash(struct buf *buf, struct hash hash)
{
    hex_put(buf, hash_span(&hash));
}

/* One character of the spelling that the header explains. */
static void expand(struct test_log *log, struct buf *buf, const char **at)
{
    char sign = *(*at)++;
    struct json text;

    switch (sign) {
    case '\'':
        buf_byte(buf, '"');
        break;
    case '$':
        buf_put(buf, id_named(log, take_word(at)));
        break;
    case '@':
    case '%':
        buf_put(buf, test_vkey(log, arena_text(&log->arena, take_word(at)),
                               sign == '@' ? NOTE_TYPE_ED25519 : NOTE_TYPE_COSIGNATURE));
        break;
    case '#':
        put_hash(buf, hash_of(log->terms));
        break;
    case '~':
        text = json_string(log->terms);
        json_encode(buf, &text);
        break;
    case '&':
        text = json_string(take_consent(log, at));
        json_encode(buf, &text);
        break;
    default:
        buf_byte(buf, (uint8_t)sign);
    }
}

struct json test_body(struct test_log *log, const char *text)
{
    struct buf buf = buf_in(&log->arena, SIZE_MAX / 2);
    struct json body;
    struct err err = {0};

    while (*text)
        expand(log, &buf, &text);
    bool parsed = json_parse(&body, buf_span(&buf), &log->arena, &err);
    assert(parsed);
    return body;
}

struct record_draft test_draft(struct test_log *log, const char *by, const char *kind,
                               const char *body)
{
    struct test_key *key = test_key(log, by);
    const struct json *agreement = test_row(log, "agreement", "1");

    return (struct record_draft){
        .agreement = SPAN_LIT(TEST_AGREEMENT),
        .kind = kind,
        .version = 1,
        .by = span_of(key->signer.name),
        .seq = key->seq + 1,
        .prev = key->seq ? key->prev : json_get_string(agreement, "id", (struct span){0}),
        .seen_root = merkle_empty(),
        .said_at_ms = 1760000000000,
        .body = test_body(log, body),
    };
}

struct span test_sign(struct test_log *log, const struct record_draft *draft)
{
    struct test_key *key = test_key(log, arena_text(&log->arena, draft->by));
    struct span text, note;
    char id[2 * HASH_BYTES + 1];
    struct err err = {0};

    bool fits = record_text(&text, draft, &log->arena, &err);
    assert(fits);
    note = note_sign(text, &key->signer, &log->arena);
    struct hash hash = hash_of(text);
    hex_text(id, hash_span(&hash));
    key->seq = draft->seq;
    key->prev = log->id = arena_copy(&log->arena, span_of(id));
    return note;
}

struct span test_record(struct test_log *log, const char *by, const char *kind, const char *body)
{
    struct record_draft draft = test_draft(log, by, kind, body);

    return test_sign(log, &draft);
}

struct span test_checkpoint(struct test_log *log, uint64_t size, const char *const *witnesses,
                            const uint64_t *seconds)
{
    struct checkpoint checkpoint = {.size = size};
    struct buf text = buf_in(&log->arena, 1000), note = buf_in(&log->arena, 60000);

    assert(size <= log->size);
    strcpy(checkpoint.origin, log->origin);
    checkpoint.root = log->root[size];
    checkpoint_put(&text, &checkpoint);
    buf_put(&note,
            note_sign(buf_span(&text), &test_key(log, checkpoint.origin)->signer, &log->arena));
    for (size_t i = 0; witnesses[i]; i++)
        cosignature_put_line(&note, buf_span(&text), seconds[i],
                             &test_key(log, witnesses[i])->witness, &log->arena);
    return buf_span(&note);
}

struct json test_freeze(struct test_log *log, uint64_t term)
{
    const struct json *agreement = test_row(log, "agreement", "1");
    struct json freeze =
        test_body(log, arena_printf(&log->arena,
                                    "{'next_log_key':'@" TEST_AGREEMENT "/term/%" PRIu64 "',"
                                    "'next_origin':'" TEST_AGREEMENT "/term/%" PRIu64 "',"
                                    "'next_promise_key':'@" TEST_AGREEMENT "/promise/%" PRIu64 "'}",
                                    term, term, term));
    char root[2 * HASH_BYTES + 1];

    hex_text(root, hash_span(&log->root[log->size]));
    json_set_string(&freeze, "origin", json_get_string(agreement, "origin", (struct span){0}),
                    &log->arena);
    json_set_string(&freeze, "root", arena_copy(&log->arena, span_of(root)), &log->arena);
    json_set_integer(&freeze, "size", (int64_t)log->size, &log->arena);
    return freeze;
}

struct span test_freeze_note(struct test_log *log, const char *by, const struct json *freeze)
{
    return statement_sign(SPAN_LIT(TEST_AGREEMENT), "freeze", freeze, &test_key(log, by)->signer,
                          &log->arena);
}

struct record_draft test_term_open(struct test_log *log, const char *by, const char *const *nodes,
                                   const struct json *freeze)
{
    struct record_draft draft = test_draft(log, by, "term.open", "{}");
    struct json notes = json_array();

    for (size_t i = 0; nodes[i]; i++)
        json_push(&notes, json_string(test_freeze_note(log, nodes[i], freeze)), &log->arena);
    json_set(&draft.body, "freezes", notes, &log->arena);
    json_set(&draft.body, "log_key", *json_get(freeze, "next_log_key"), &log->arena);
    json_set_string(&draft.body, "operator", draft.by, &log->arena);
    json_set(&draft.body, "promise_key", *json_get(freeze, "next_promise_key"), &log->arena);
    return draft;
}

/* Where the row is, or would be put. */
static size_t place_of_row(const struct test_log *log, const char *table, struct span key)
{
    uint32_t hash = 2166136261;

    for (const char *c = table; *c; c++)
        hash = (hash ^ (uint8_t)*c) * 16777619;
    for (size_t i = 0; i < key.len; i++)
        hash = (hash ^ key.at[i]) * 16777619;
    size_t at = hash % log->row_room;
    while (log->row[at].table &&
           (strcmp(log->row[at].table, table) != 0 || !span_equal(log->row[at].key, key)))
        at = (at + 1) % log->row_room;
    return at;
}

static void make_room(struct test_log *log)
{
    struct test_log bigger = *log;

    if (2 * log->row_count < log->row_room)
        return;
    bigger.row_room = log->row_room ? 2 * log->row_room : 1024;
    bigger.row = ARENA_ARRAY(&log->arena, struct test_row, bigger.row_room);
    for (size_t i = 0; i < log->row_room; i++)
        if (log->row[i].table)
            bigger.row[place_of_row(&bigger, log->row[i].table, log->row[i].key)] = log->row[i];
    log->row = bigger.row;
    log->row_room = bigger.row_room;
}

void test_put(struct test_log *log, const char *table, struct span key, const struct json *row)
{
    make_room(log);
    struct test_row *place = &log->row[place_of_row(log, table, key)];

    if (!place->table) {
        *place = (struct test_row){.table = table, .key = arena_copy(&log->arena, key)};
        log->row_count++;
    }
    place->row = NULL;
    if (row) {
        struct json *kept = ARENA_NEW(&log->arena, struct json);
        struct err err = {0};
        bool same = json_parse_canonical(kept, json_bytes(row, &log->work), &log->arena, &err);
        assert(same);
        place->row = kept;
    }
}

static bool get_row(void *context, const char *table, struct span key, const struct json **out,
                    struct arena *arena, struct err *err)
{
    const struct test_log *log = context;

    (void)arena;
    (void)err;
    *out = log->row_room ? log->row[place_of_row(log, table, key)].row : NULL;
    return true;
}

static bool get_root(void *context, uint64_t size, struct hash *out, struct err *err)
{
    const struct test_log *log = context;

    (void)err;
    assert(size <= log->size);
    *out = log->root[size];
    return true;
}

struct register_lookup test_lookup(struct test_log *log)
{
    return (struct register_lookup){.context = log, .get = get_row, .root = get_root};
}

static void grow(struct test_log *log, struct span bytes)
{
    merkle_push(&log->tree, merkle_leaf(bytes));
    log->entry[log->size++] = bytes;
    if (log->size == log->root_room) {
        struct hash *root = ARENA_ARRAY(&log->arena, struct hash, 4 * log->root_room);
        struct span *entry = ARENA_ARRAY(&log->arena, struct span, 4 * log->root_room);
        memcpy(root, log->root, log->root_room * sizeof *root);
        memcpy(entry, log->entry, log->root_room * sizeof *entry);
        log->root = root;
        log->entry = entry;
        log->root_room *= 4;
    }
    log->root[log->size] = merkle_root(&log->tree);
}

bool test_append(struct test_log *log, struct span bytes, struct err *err)
{
    struct register_lookup lookup = test_lookup(log);
    struct register_entry entry = {
        .index = log->size, .bytes = bytes, .author_verified = log->trusted};

    arena_reset(&log->work);
    if (!register_apply(&log->effects, &lookup, &entry, &log->work, err))
        return false;
    log->effects_bytes = register_effects_bytes(&log->effects, &log->work);
    log->digest = register_digest(&log->digest, entry.index, log->effects_bytes);
    for (size_t i = 0; i < log->effects.count; i++)
        test_put(log, log->effects.at[i].table, log->effects.at[i].key, log->effects.at[i].row);
    grow(log, bytes);
    return true;
}

void test_say(struct test_log *log, const char *by, const char *kind, const char *body)
{
    struct err err = {0};
    bool ok = test_append(log, test_record(log, by, kind, body), &err);

    assert(ok);
}

const struct json *test_row(struct test_log *log, const char *table, const char *key)
{
    return log->row_room ? log->row[place_of_row(log, table, span_of(key))].row : NULL;
}

const char *test_verdict(struct test_log *log)
{
    return test_verdict_at(log, log->size - 1);
}

const char *test_verdict_at(struct test_log *log, uint64_t index)
{
    char key[REGISTER_INDEX_TEXT];
    struct buf line = buf_in(&log->arena, 1000);

    register_index_key(key, index);
    const struct json *row = test_row(log, "verdict", key), *marks = json_get(row, "marks");
    struct span verdict = json_get_string(row, "verdict", (struct span){0});
    buf_put(&line, verdict);
    for (size_t i = 0; marks && i < marks->array.count; i++)
        buf_printf(&line, " %.*s", SPAN_ARG(marks->array.at[i].string));
    if (span_is(verdict, "void"))
        buf_printf(&line, " %.*s %.*s", SPAN_ARG(json_get_string(row, "reason", (struct span){0})),
                   SPAN_ARG(json_get_string(row, "clause", (struct span){0})));
    buf_byte(&line, '\0');
    return (const char *)line.at;
}

static void adopt_with(struct test_log *log, const char *witnesses)
{
    struct record_draft draft = test_draft(log, "north/root", "agreement.adopt", test_adopt);
    struct err err = {0};

    json_set(&draft.body, "witnesses", test_body(log, witnesses), &log->arena);
    bool ok = test_append(log, test_sign(log, &draft), &err);
    assert(ok && log->effects.verdict == VERDICT_HOLDS);
    test_name_it(log, "adopt");
}

void test_begin_with(struct test_log *log, const char *witnesses)
{
    static const struct {
        const char *by, *kind, *body;
    } lines[] = {
        {"south/root", "agreement.part", "{'content':~,'file':'agreement.toml','n':1}"},
        {"north/root", "agreement.concur", "{'agreement':'$adopt'}"},
        {"south/root", "agreement.concur", "{'agreement':'$adopt'}"},
        {"north/node", "clock.tick", "{'at_ms':1760000000000}"},
        {"north/root", "member.admit",
         "{'job':'author','key':'@north/desk','org':'north','role':'desk'}"},
        {"south/root", "member.admit",
         "{'job':'author','key':'@south/desk','org':'south','role':'monitor'}"},
        {"north/root", "member.admit",
         "{'job':'author','key':'@reader','org':'mediators','role':'reader'}"},
    };

    adopt_with(log, witnesses);
    for (size_t i = 0; i < ARRAY_LEN(lines); i++) {
        test_say(log, lines[i].by, lines[i].kind, lines[i].body);
        assert(log->effects.verdict == VERDICT_HOLDS);
    }
}

void test_begin_witnessed(struct test_log *log, int64_t quorum)
{
    static const char nodes[] =
        "[{'key':'@north/node','org':'north'},{'key':'@north/node/2','org':'north'},"
        "{'key':'@south/node','org':'south'},{'key':'@mediators/node','org':'mediators'},"
        "{'key':'@press/node','org':'press'}]";
    static const char witnesses[] =
        "[{'key':'%w1','org':'north'},{'key':'%w2','org':'south'},{'key':'%w3','org':'mediators'},"
        "{'key':'%w4','org':'observers'}]";
    struct err err = {0};

    test_log_open(log, NULL);
    struct record_draft draft = test_draft(log, "north/root", "agreement.adopt", test_adopt);
    json_set_integer(&draft.body, "quorum", quorum, &log->arena);
    json_set(&draft.body, "nodes", test_body(log, nodes), &log->arena);
    json_set(&draft.body, "witnesses", test_body(log, witnesses), &log->arena);
    bool ok = test_append(log, test_sign(log, &draft), &err);
    assert(ok);
    test_name_it(log, "adopt");
    test_say(log, "south/root", "agreement.part", "{'content':~,'file':'agreement.toml','n':1}");
    test_say(log, "north/root", "agreement.concur", "{'agreement':'$adopt'}");
    test_say(log, "south/root", "agreement.concur", "{'agreement':'$adopt'}");
    assert(log->effects.verdict == VERDICT_HOLDS);
}

void test_begin(struct test_log *log)
{
    test_begin_with(log, "[]");
}
