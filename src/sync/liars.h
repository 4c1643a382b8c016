#pragma once

/*
 * For tests and fuzzers only: a small agreement of seven organisations, everybody's secret
 * keys, and logs of any content; so that everybody can be made to lie. Keys follow from their
 * names, everything else from what is asked for. Faults end the test.
 */

#include <stdlib.h>

#include "base/limits.h"
#include "codec/hex.h"
#include "ledger/cosignature.h"
#include "ledger/proof.h"
#include "ledger/statement.h"
#include "record/record.h"
#include "sync/misbehaviour.h"

#define LIARS_AGREEMENT "test.invalid/truce"
#define LIARS_ORIGIN LIARS_AGREEMENT "/term/1"
#define LIARS_ORGS 7u
#define LIARS_ROOTS 4u /* the first so many organisations have one */
#define LIARS_OPERATOR "observer/e/node"

static const char *const liars_org[LIARS_ORGS] = {
    "party/a", "party/b", "mediator/c", "mediator/d", "observer/e", "observer/f", "observer/g"};

static struct arena liars; /* of everything here */

static inline const char *liars_name(size_t org, const char *job)
{
    return arena_printf(&liars, "%s/%s", liars_org[org], job);
}

static inline struct note_signer liars_signer(const char *name, uint8_t type)
{
    struct hash seed = hash_of(span_of(name));
    struct note_signer signer;
    bool started = sign_start();

    assert(started);
    note_signer_make(&signer, span_of(name), type, seed.bytes);
    return signer;
}

static inline struct json liars_vkey(const char *name, uint8_t type)
{
    struct note_signer signer = liars_signer(name, type);
    struct note_key key = note_signer_key(&signer);

    return json_text(note_key_text(&key, &liars));
}

/* --- records --- */

struct liars_record {
    const char *agreement, *kind, *by, *prev;
    uint64_t seq;
    struct json body;
    const char *signer; /* whose key signs in the name of `by`; NULL: its own */
};

static inline struct span liars_record(struct liars_record record)
{
    struct note_signer signer =
        liars_signer(record.signer ? record.signer : record.by, NOTE_TYPE_ED25519);
    struct record_draft draft = {
        .agreement = span_of(record.agreement ? record.agreement : LIARS_AGREEMENT),
        .kind = record.kind,
        .version = 1,
        .by = span_of(record.by),
        .seq = record.seq,
        .prev = span_of(record.prev),
        .seen_root = merkle_empty(),
        .said_at_ms = INT64_C(1761955200000),
        .body = record.body,
    };
    struct span out;
    struct err err;

    memcpy(signer.name, record.by, strlen(record.by) + 1);
    bool ok = record_sign(&out, &draft, &signer, &liars, &err);
    assert(ok);
    return out;
}

static inline const char *liars_id(struct span note)
{
    struct record record;
    struct err err;
    bool ok = record_parse(&record, note, &liars, &err);

    assert(ok);
    return arena_printf(&liars, "%s", record.id_text);
}

/* --- the agreement --- */

#define LIARS_PIECES 2u
static inline struct span liars_piece(size_t n)
{
    static const char text[] =
        "{\"agreement\":{\"entries\":\"public\",\"max_gap_ms\":3600000,\"name\":\"" LIARS_AGREEMENT
        "\",\"no_move\":\"c1\",\"quorum\":5,\"rules\":1},\"clause\":[{\"id\":\"c1\"}],\"role\":["
        "{\"id\":\"chief\",\"may\":[\"admit\",\"report\"]},{\"id\":\"monitor\",\"may\":[\"report\"]"
        "}]}";
    const size_t cut = 100;

    return n == 0 ? span_make(text, cut) : span_of(text + cut);
}

static inline struct json liars_pieces(void)
{
    struct json list = json_array();

    for (size_t n = 0; n < LIARS_PIECES; n++) {
        struct json piece = json_object();
        struct hash sum = hash_of(liars_piece(n));
        char hex[2 * HASH_BYTES + 1];

        hex_text(hex, hash_span(&sum));
        json_set(&piece, "file", json_text("agreement.toml"), &liars);
        json_set_integer(&piece, "n", (int64_t)n + 1, &liars);
        json_set_string(&piece, "sha256", arena_copy(&liars, span_of(hex)), &liars);
        json_push(&list, piece, &liars);
    }
    return list;
}

static inline struct json liars_members(const char *job, size_t count, uint8_t type)
{
    struct json list = json_array();

    for (size_t i = 0; i < count; i++) {
        struct json member = json_object();

        json_set(&member, "key", liars_vkey(liars_name(i, job), type), &liars);
        json_set(&member, "org", json_text(liars_org[i]), &liars);
        json_push(&list, member, &liars);
    }
    return list;
}

static inline struct json liars_adoption(void)
{
    struct json body = json_object();

    json_set(&body, "name", json_text(LIARS_AGREEMENT), &liars);
    json_set(&body, "origin", json_text(LIARS_ORIGIN), &liars);
    json_set(&body, "log_key", liars_vkey(LIARS_ORIGIN, NOTE_TYPE_ED25519), &liars);
    json_set(&body, "promise_key", liars_vkey("observer/e/promise", NOTE_TYPE_ED25519), &liars);
    json_set(&body, "operator", json_text(LIARS_OPERATOR), &liars);
    json_set(&body, "roots", liars_members("root", LIARS_ROOTS, NOTE_TYPE_ED25519), &liars);
    json_set(&body, "nodes", liars_members("node", LIARS_ORGS, NOTE_TYPE_ED25519), &liars);
    json_set(&body, "witnesses", liars_members("witness", LIARS_ORGS, NOTE_TYPE_COSIGNATURE),
             &liars);
    json_set_integer(&body, "quorum", 5, &liars);
    json_set_integer(&body, "rules", 1, &liars);
    json_set(&body, "pieces", liars_pieces(), &liars);
    return body;
}

static inline struct span liars_adopt(struct json body)
{
    return liars_record((struct liars_record){
        .kind = "agreement.adopt", .by = "party/a/root", .prev = "", .seq = 1, .body = body});
}

static inline struct span liars_entry0(void) /* made once: it is asked for all the time */
{
    static uint8_t bytes[LIMIT_ENTRY_BYTES];
    static size_t len;

    if (len == 0) {
        struct span entry = liars_adopt(liars_adoption());

        memcpy(bytes, entry.at, entry.len);
        len = entry.len;
    }
    return span_make(bytes, len);
}

struct liars_admission {
    const char *by, *name, *job, *org, *role, *scope;
};
static inline struct span liars_admit(struct liars_admission a)
{
    bool cosigns = strcmp(a.job, "witness") == 0 || strcmp(a.job, "external") == 0;
    struct json body = json_object(), scope = json_array();

    json_set(&body, "key", liars_vkey(a.name, cosigns ? NOTE_TYPE_COSIGNATURE : NOTE_TYPE_ED25519),
             &liars);
    json_set(&body, "job", json_text(a.job), &liars);
    json_set(&body, "org", json_text(a.org), &liars);
    if (a.role)
        json_set(&body, "role", json_text(a.role), &liars);
    if (a.scope) {
        json_push(&scope, json_text(a.scope), &liars);
        json_set(&body, "scope", scope, &liars);
    }
    return liars_record((struct liars_record){.kind = "member.admit",
                                              .by = a.by,
                                              .prev = liars_id(liars_entry0()),
                                              .seq = 2,
                                              .body = body});
}

/* A new key in the place of `by`; what is NULL is as it should be. */
struct liars_rotation {
    const char *by, *name;
    const char *from, *consents, *agreement, *key; /* of the consent */
};
static inline struct span liars_rotate(struct liars_rotation r)
{
    struct note_signer signer = liars_signer(r.consents ? r.consents : r.name, NOTE_TYPE_ED25519);
    struct json members = json_object(), body = json_object();

    json_set(&members, "from", json_text(r.from ? r.from : r.by), &liars);
    json_set(&members, "key", liars_vkey(r.key ? r.key : r.name, NOTE_TYPE_ED25519), &liars);
    json_set(&body, "key", liars_vkey(r.name, NOTE_TYPE_ED25519), &liars);
    json_set_string(&body, "consent",
                    statement_sign(span_of(r.agreement ? r.agreement : LIARS_AGREEMENT), "rotate",
                                   &members, &signer, &liars),
                    &liars);
    return liars_record((struct liars_record){.kind = "member.rotate",
                                              .by = r.by,
                                              .prev = liars_id(liars_entry0()),
                                              .seq = 2,
                                              .body = body});
}

/* --- logs --- */

/* A log's entries are one byte each, so that logs part where their bytes do. */
struct liars_log {
    const char *bytes;
    struct span record; /* one that stands in the place of a byte; empty: none */
    uint64_t record_at;
};

static inline struct hash liars_leaf(const struct liars_log *log, uint64_t index)
{
    bool is_record = log->record.len > 0 && log->record_at == index;

    return merkle_leaf(is_record ? log->record : span_make(log->bytes + index, 1));
}

static inline bool liars_lookup(void *context, unsigned level, uint64_t index, struct hash *out,
                                struct err *err)
{
    struct merkle tree = {0};

    (void)err;
    for (uint64_t i = index << level; i < (index + 1) << level; i++)
        merkle_push(&tree, liars_leaf(context, i));
    *out = merkle_root(&tree);
    return true;
}

static inline struct hash liars_root(const struct liars_log *log, uint64_t size)
{
    struct merkle tree = {0};

    for (uint64_t i = 0; i < size; i++)
        merkle_push(&tree, liars_leaf(log, i));
    return merkle_root(&tree);
}

/*
 * A checkpoint as a word, "A5 L013@101/2": of log A's first 5 entries, with the lines of L the
 * log's key and of 0 to 6 the witnesses (l and a to g: lines that do not hold; +: a witness of
 * later), cosigned at second 101 (else 100), of term 2 (else 1; x: of another agreement). Logs
 * A and B part at entry 3, A and C at once.
 */
#define LIARS_LATER "party/a/witness/2"

struct liars_checkpoint {
    const char *origin;
    struct liars_log log;
    uint64_t size;
    const char *by;
    uint64_t at;
};

static inline struct liars_log liars_log(char name)
{
    static const char *const bytes[] = {"abcdefghijkl", "abcXefghijkl", "Xbcdefghijkl"};

    assert(name >= 'A' && name <= 'C');
    return (struct liars_log){.bytes = bytes[name - 'A']};
}

static inline struct liars_checkpoint liars_read(const char *word)
{
    const char *rest = word + 1, *time = strchr(word, '@'), *term = strchr(word, '/');
    struct liars_checkpoint c = {.origin = LIARS_ORIGIN, .log = liars_log(word[0]), .at = 100};

    for (; *rest != ' '; rest++)
        c.size = c.size * 10 + (uint64_t)(*rest - '0');
    rest++;
    c.by = arena_printf(&liars, "%.*s", (int)strcspn(rest, "@/"), rest);
    if (time)
        c.at = strtoull(time + 1, NULL, 10);
    if (term)
        c.origin = term[1] == 'x' ? "test.invalid/other/term/1"
                                  : arena_printf(&liars, LIARS_AGREEMENT "/term/%s", term + 1);
    return c;
}

static inline void liars_put_line(struct buf *buf, struct span text, const char *name, uint8_t type,
                                  uint64_t at, bool holds)
{
    struct note_signer signer = liars_signer(name, type);
    struct note_key key = note_signer_key(&signer);
    struct span other = SPAN_LIT("another text\n");
    struct span signature;

    if (type == NOTE_TYPE_COSIGNATURE) {
        signature = cosignature_sign(holds ? text : other, at, &signer, &liars);
    } else {
        struct sign_signature s = sign_message(&signer.secret, holds ? text : other);
        signature = arena_copy(&liars, span_make(s.bytes, sizeof s.bytes));
    }
    note_put_line(buf, span_of(name), note_key_id(span_of(name), type, &key.key), signature);
}

static inline struct span liars_sign(struct span text, const char *origin, const char *by,
                                     uint64_t at)
{
    struct buf buf = buf_in(&liars, LIMIT_CHECKPOINT_BYTES);

    buf_put(&buf, text);
    buf_byte(&buf, '\n');
    for (; *by; by++) {
        if (*by == 'L' || *by == 'l')
            liars_put_line(&buf, text, origin, NOTE_TYPE_ED25519, 0, *by == 'L');
        else if (*by == '+')
            liars_put_line(&buf, text, LIARS_LATER, NOTE_TYPE_COSIGNATURE, at, true);
        else
            liars_put_line(&buf, text,
                           liars_name((size_t)(*by >= 'a' ? *by - 'a' : *by - '0'), "witness"),
                           NOTE_TYPE_COSIGNATURE, at, *by < 'a');
    }
    return buf_span(&buf);
}

static inline struct span liars_sign_root(struct liars_checkpoint c, struct hash root)
{
    struct checkpoint checkpoint = {.size = c.size, .root = root};
    struct buf text = buf_in(&liars, 1000);

    strcpy(checkpoint.origin, c.origin);
    checkpoint_put(&text, &checkpoint);
    return liars_sign(buf_span(&text), c.origin, c.by, c.at);
}

static inline struct span liars_sign_log(struct liars_checkpoint c)
{
    return liars_sign_root(c, liars_root(&c.log, c.size));
}

static inline struct span liars_checkpoint(const char *word)
{
    return liars_sign_log(liars_read(word));
}

static inline struct json liars_hash(struct hash hash)
{
    char hex[2 * HASH_BYTES + 1];

    hex_text(hex, hash_span(&hash));
    return json_string(arena_copy(&liars, span_of(hex)));
}

static inline struct json liars_path(struct liars_log log, uint64_t first, uint64_t second)
{
    struct json list = json_array();
    struct merkle_proof path;
    struct err err;
    bool ok = merkle_prove_consistency(&path, first, second, liars_lookup, &log, &err);

    assert(ok);
    for (size_t i = 0; i < path.count; i++)
        json_push(&list, liars_hash(path.hash[i]), &liars);
    return list;
}

static inline struct span liars_receipt(struct liars_checkpoint c, uint64_t index)
{
    struct proof proof = {.index = index, .checkpoint_note = liars_sign_log(c)};
    struct buf buf = buf_in(&liars, LIMIT_CHECKPOINT_BYTES);
    struct err err;
    bool ok = merkle_prove_inclusion(&proof.inclusion, index, c.size, liars_lookup, &c.log, &err);

    assert(ok);
    proof_put(&buf, &proof);
    return buf_span(&buf);
}

/* --- what they say --- */

static inline struct span liars_statement(const char *agreement, const char *word,
                                          const struct json *members, const char *by)
{
    struct note_signer signer = liars_signer(by, NOTE_TYPE_ED25519);

    return statement_sign(span_of(agreement ? agreement : LIARS_AGREEMENT), word, members, &signer,
                          &liars);
}

/* A promise of the entry that is these bytes; `id` is a digit, 64 times. */
struct liars_promise {
    uint64_t index;
    const char *leaf;
    char id;
    const char *by, *agreement, *origin; /* NULL: as they should be */
};
static inline struct span liars_promise(struct liars_promise p)
{
    struct json members = json_object();
    char id[65] = {0};

    memset(id, p.id, 64);
    json_set_integer(&members, "at_ms", 1000, &liars);
    json_set_string(&members, "id", arena_copy(&liars, span_of(id)), &liars);
    json_set_integer(&members, "index", (int64_t)p.index, &liars);
    json_set(&members, "leaf", liars_hash(merkle_leaf(span_of(p.leaf))), &liars);
    json_set(&members, "origin", json_text(p.origin ? p.origin : LIARS_ORIGIN), &liars);
    return liars_statement(p.agreement, "promise", &members, p.by ? p.by : "observer/e/promise");
}

struct liars_refusal {
    const char *reason;
    uint64_t size;
    const char *by, *agreement, *origin;
};
static inline struct span liars_refusal(struct liars_refusal r, struct span offered)
{
    struct json members = json_object();

    json_set_integer(&members, "at_ms", 1000, &liars);
    json_set(&members, "id", liars_hash(hash_of(offered)), &liars);
    json_set(&members, "origin", json_text(r.origin ? r.origin : LIARS_ORIGIN), &liars);
    json_set(&members, "reason", json_text(r.reason), &liars);
    json_set_integer(&members, "size", (int64_t)r.size, &liars);
    return liars_statement(r.agreement, "refusal", &members, r.by ? r.by : LIARS_OPERATOR);
}

struct liars_freeze {
    char log; /* whose root */
    uint64_t size;
    const char *by, *agreement, *origin, *next_origin, *next_log, *next_promise;
};
static inline struct span liars_freeze(struct liars_freeze f)
{
    struct liars_log log = liars_log(f.log);
    const char *next = f.next_origin ? f.next_origin : LIARS_AGREEMENT "/term/2";
    struct json members = json_object();

    json_set(&members, "next_log_key",
             liars_vkey(f.next_log ? f.next_log : next, NOTE_TYPE_ED25519), &liars);
    json_set(&members, "next_origin", json_text(next), &liars);
    json_set(&members, "next_promise_key",
             liars_vkey(f.next_promise ? f.next_promise : "promise/2", NOTE_TYPE_ED25519), &liars);
    json_set(&members, "origin", json_text(f.origin ? f.origin : LIARS_ORIGIN), &liars);
    json_set(&members, "root", liars_hash(liars_root(&log, f.size)), &liars);
    json_set_integer(&members, "size", (int64_t)f.size, &liars);
    return liars_statement(f.agreement, "freeze", &members, f.by ? f.by : "mediator/c/node");
}

/* A hand-over to the term of this number by these organisations' notes, a digit each. */
struct liars_hand_over {
    const char *by;
    unsigned number;
    const char *operated, *signer, *agreement, *origin, *next_origin, *log_key, *promise_key;
    const char *next_promise;
    bool two_texts;
};
static inline struct json liars_freezes(const struct liars_hand_over *h, const char *next)
{
    struct json list = json_array();

    for (const char *by = h->by; *by; by++) {
        const char *name = liars_name((size_t)(*by - '0'), "node");

        json_push(&list,
                  json_string(liars_freeze(
                      (struct liars_freeze){.log = 'A',
                                            .size = h->two_texts && !by[1] ? 6 : 5,
                                            .by = name,
                                            .agreement = h->agreement,
                                            .origin = h->origin,
                                            .next_origin = h->next_origin ? h->next_origin : next,
                                            .next_log = next,
                                            .next_promise = h->next_promise})),
                  &liars);
    }
    return list;
}

static inline struct span liars_term_open(struct liars_hand_over h)
{
    const char *next = arena_printf(&liars, LIARS_AGREEMENT "/term/%u", h.number);
    const char *operated = h.operated ? h.operated : "mediator/c/node";
    struct json body = json_object();

    json_set(&body, "freezes", liars_freezes(&h, next), &liars);
    json_set(&body, "operator", json_text(operated), &liars);
    json_set(&body, "log_key", liars_vkey(h.log_key ? h.log_key : next, NOTE_TYPE_ED25519), &liars);
    json_set(&body, "promise_key",
             liars_vkey(h.promise_key ? h.promise_key : "promise/2", NOTE_TYPE_ED25519), &liars);
    return liars_record((struct liars_record){.kind = "term.open",
                                              .by = h.signer ? h.signer : operated,
                                              .prev = liars_id(liars_entry0()),
                                              .seq = 2,
                                              .body = body});
}

/* An incident of this name is opened. */
struct liars_saying {
    const char *by, *title;
    uint64_t seq;
    const char *signer, *agreement;
};
static inline struct span liars_say(struct liars_saying s)
{
    struct json body = json_object();

    json_set(&body, "external_id", json_text(s.title), &liars);
    return liars_record((struct liars_record){.agreement = s.agreement,
                                              .kind = "incident.open",
                                              .by = s.by,
                                              .signer = s.signer,
                                              .prev = liars_id(liars_entry0()),
                                              .seq = s.seq,
                                              .body = body});
}

/* --- files --- */

static inline struct json liars_two(struct span a, struct span b)
{
    struct json list = json_array();

    json_push(&list, json_string(a), &liars);
    json_push(&list, json_string(b), &liars);
    return list;
}

static inline struct misbehaviour liars_file(const char *kind, struct json evidence)
{
    return (struct misbehaviour){.kind = span_of(kind),
                                 .entry = liars_entry0(),
                                 .admissions = json_array(),
                                 .pieces = json_array(),
                                 .evidence = evidence};
}

/* Evidence that is two notes. */
static inline struct misbehaviour liars_pair(const char *kind, const char *member, struct span a,
                                             struct span b)
{
    struct json evidence = json_object();

    json_set(&evidence, member, liars_two(a, b), &liars);
    return liars_file(kind, evidence);
}

static inline struct misbehaviour liars_split_of(struct liars_checkpoint first,
                                                 struct liars_checkpoint second)
{
    struct misbehaviour file =
        liars_pair("split", "checkpoints", liars_sign_log(first), liars_sign_log(second));

    json_set(&file.evidence, "consistency", liars_path(second.log, first.size, second.size),
             &liars);
    json_set(&file.evidence, "root", liars_hash(liars_root(&second.log, first.size)), &liars);
    return file;
}

static inline struct misbehaviour liars_split(const char *first, const char *second)
{
    return liars_split_of(liars_read(first), liars_read(second));
}

/* With an author of party/a, admitted by its own root. */
#define LIARS_AUTHOR "party/a/1"
static inline struct span liars_author(void)
{
    return liars_admit((struct liars_admission){.by = "party/a/root",
                                                .name = LIARS_AUTHOR,
                                                .job = "author",
                                                .org = "party/a",
                                                .role = "monitor"});
}

static inline struct misbehaviour liars_with(struct misbehaviour file, struct span admission)
{
    json_push(&file.admissions, json_string(admission), &liars);
    return file;
}

/* One of each kind, that proves something. False past the last. */
static inline bool liars_each(size_t n, struct misbehaviour *out)
{
    const struct liars_checkpoint log = liars_read("A9 L");
    struct json promise = json_object(), refusal = json_object(), freeze = json_object();
    struct span said =
        liars_say((struct liars_saying){.by = "party/b/node", .title = "x", .seq = 7});

    json_set(&promise, "leaf", liars_hash(merkle_leaf(SPAN_LIT("d"))), &liars);
    json_set_string(&promise, "promise",
                    liars_promise((struct liars_promise){3, "X", '1', 0, 0, 0}), &liars);
    json_set_string(&promise, "receipt", liars_receipt(log, 3), &liars);
    json_set_string(&refusal, "receipt", (struct span){0}, &liars);
    json_set_string(&refusal, "record", said, &liars);
    json_set_string(&refusal, "refusal",
                    liars_refusal((struct liars_refusal){"unknown key", 5, 0, 0, 0}, said), &liars);
    json_set_string(&freeze, "checkpoint", liars_checkpoint("A6 2"), &liars);
    json_set_string(&freeze, "freeze", liars_freeze((struct liars_freeze){.log = 'A', .size = 5}),
                    &liars);
    const struct misbehaviour each[] = {
        liars_split("A5 L", "B9 L"),
        liars_pair("clock", "checkpoints", liars_checkpoint("A5 2@101"),
                   liars_checkpoint("A9 2@100")),
        liars_file("promise", promise),
        liars_pair("promises", "promises",
                   liars_promise((struct liars_promise){3, "X", '1', 0, 0, 0}),
                   liars_promise((struct liars_promise){3, "Y", '2', 0, 0, 0})),
        liars_with(liars_pair("fork", "records",
                              liars_say((struct liars_saying){LIARS_AUTHOR, "x", 7, 0, 0}),
                              liars_say((struct liars_saying){LIARS_AUTHOR, "y", 7, 0, 0})),
                   liars_author()),
        liars_file("refusal", refusal),
        liars_file("freeze", freeze),
        liars_pair("freezes", "freezes", liars_freeze((struct liars_freeze){.log = 'A', .size = 5}),
                   liars_freeze((struct liars_freeze){.log = 'A', .size = 6})),
    };

    if (n < ARRAY_LEN(each))
        *out = each[n];
    return n < ARRAY_LEN(each);
}
