#include "sync/known_keys.h"

#include "base/limits.h"
#include "codec/hex.h"
#include "record/kind.h"
#include "terms/terms.h"

static struct span text_of(const struct json *object, const char *key)
{
    return json_get_string(object, key, (struct span){0});
}

const struct known_key *known_key_named(const struct known_keys *keys, struct span name)
{
    for (size_t i = 0; i < keys->count; i++)
        if (span_is(name, keys->at[i].key.name))
            return &keys->at[i];
    return NULL;
}

const struct known_key *known_key_of(const struct known_keys *keys, struct span name,
                                     const char *job)
{
    const struct known_key *key = known_key_named(keys, name);

    return key && span_is(key->job, job) ? key : NULL;
}

const struct known_term *known_term_of(const struct known_keys *keys, struct span origin)
{
    return span_is(origin, keys->term.log->key.name) ? &keys->term : NULL;
}

/* Format §1.3, §1.4: of witnesses and externals alone the keys are of type 0x04. */
static bool type_fits(struct span job, uint8_t type)
{
    bool cosigns = span_is(job, "witness") || span_is(job, "external");

    return type == (cosigns ? NOTE_TYPE_COSIGNATURE : NOTE_TYPE_ED25519);
}

static bool is_bound(const struct known_keys *keys, const struct note_key *key)
{
    for (size_t i = 0; i < keys->count; i++)
        if (strcmp(keys->at[i].key.name, key->name) == 0 ||
            memcmp(keys->at[i].key.key.bytes, key->key.bytes, SIGN_KEY_BYTES) == 0)
            return true;
    return false;
}

/* `key->key` is read from the vkey. */
static bool bind(struct known_keys *keys, struct known_key key, struct span vkey, struct err *err)
{
    if (keys->count == KNOWN_KEYS_MOST)
        return err_set(err, ERR_LIMIT, "more than %u keys", KNOWN_KEYS_MOST);
    if (!note_key_parse(&key.key, vkey, err))
        return false;
    if (!type_fits(key.job, key.key.type))
        return err_set(err, ERR_MALFORMED, "%s: no key of job \"%.*s\" is of type 0x%02x",
                       key.key.name, SPAN_ARG(key.job), key.key.type);
    if (is_bound(keys, &key.key))
        return err_set(err, ERR_CONFLICT, "%s: the name or the key is bound already", key.key.name);
    keys->at[keys->count++] = key;
    return true;
}

static bool bind_list(struct known_keys *keys, const char *job, const struct json *list,
                      struct err *err)
{
    for (size_t i = 0; i < list->array.count; i++) {
        struct known_key key = {.job = span_of(job), .org = text_of(&list->array.at[i], "org")};

        if (!bind(keys, key, text_of(&list->array.at[i], "key"), err))
            return false;
    }
    return true;
}

static bool bind_first(struct known_keys *keys, const struct json *body, struct err *err)
{
    const struct known_key log = {.job = SPAN_LIT("log")}, promise = {.job = SPAN_LIT("promise")};

    return bind(keys, log, text_of(body, "log_key"), err) &&
           bind(keys, promise, text_of(body, "promise_key"), err) &&
           bind_list(keys, "root", json_get(body, "roots"), err) &&
           bind_list(keys, "node", json_get(body, "nodes"), err) &&
           bind_list(keys, "witness", json_get(body, "witnesses"), err);
}

bool known_keys_open(struct known_keys *out, struct span entry, struct arena *arena,
                     struct err *err)
{
    struct known_keys keys = {.at = ARENA_ARRAY(arena, struct known_key, KNOWN_KEYS_MOST)};
    struct record record;

    if (!anchor_parse(&keys.anchor, entry, err) || !record_parse(&record, entry, arena, err))
        return false;
    if (!bind_first(&keys, record.body, err))
        return err_wrap(err, "entry 0");
    keys.term = (struct known_term){
        .log = known_key_of(&keys, span_of(keys.anchor.log.name), "log"),
        .promise = known_key_of(&keys, span_of(keys.anchor.promise.name), "promise"),
        .operated = known_key_of(&keys, text_of(record.body, "operator"), "node"),
    };
    if (!keys.term.operated)
        return err_set(err, ERR_MALFORMED, "entry 0: the operator is none of its nodes");
    keys.pieces = json_get(record.body, "pieces");
    *out = keys;
    return true;
}

/* --- what roles may do --- */

/* What entry 0 lists as piece n of agreement.toml; NULL past the last. */
static const struct json *listed_piece(const struct known_keys *keys, size_t n)
{
    for (size_t i = 0; i < keys->pieces->array.count; i++)
        if (span_is(text_of(&keys->pieces->array.at[i], "file"), "agreement.toml") && --n == 0)
            return &keys->pieces->array.at[i];
    return NULL;
}

size_t known_keys_pieces(const struct known_keys *keys)
{
    size_t count = 0;

    while (listed_piece(keys, count + 1))
        count++;
    return count;
}

bool known_keys_piece(const struct known_keys *keys, size_t n, struct span content)
{
    const struct json *listed = listed_piece(keys, n);
    struct hash want, got = hash_of(content);

    return listed && hex_parse(want.bytes, sizeof want.bytes, text_of(listed, "sha256")) &&
           hash_equal(want, got);
}

/* The file, if these are its pieces, all of them and no others. */
static bool join_pieces(const struct known_keys *keys, struct buf *out, const struct span *piece,
                        size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (!known_keys_piece(keys, i + 1, piece[i]))
            return false;
        buf_put(out, piece[i]);
    }
    return count > 0 && count == known_keys_pieces(keys);
}

bool known_keys_terms(struct known_keys *keys, const struct span *piece, size_t count,
                      struct arena *arena, struct err *err)
{
    struct buf text = buf_in(arena, SIZE_MAX / 2);
    struct json *terms = ARENA_NEW(arena, struct json);
    struct terms_head head;

    if (!join_pieces(keys, &text, piece, count))
        return err_set(err, ERR_MALFORMED,
                       "the pieces are not those of agreement.toml that entry 0 lists");
    if (!json_parse_canonical(terms, buf_span(&text), arena, err) ||
        !terms_check(&head, terms, err))
        return err_wrap(err, "agreement.toml");
    keys->terms = terms;
    return true;
}

static bool role_admits(const struct known_keys *keys, struct span role)
{
    struct terms_walk walk = {0};
    struct terms_item item;

    while (keys->terms && terms_walk_next(&walk, keys->terms, &item))
        if (span_is(item.section, "role") && span_equal(item.id, role))
            return terms_role_may(item.value, "admit");
    return false;
}

static bool scope_admits(const struct json *scope)
{
    for (size_t i = 0; scope && i < scope->array.count; i++)
        if (span_is(scope->array.at[i].string, "member.admit"))
            return true;
    return !scope;
}

/* --- keys of later --- */

static bool has_root(const struct known_keys *keys, struct span org)
{
    for (size_t i = 0; i < keys->count; i++)
        if (span_is(keys->at[i].job, "root") && span_equal(keys->at[i].org, org))
            return true;
    return false;
}

/* As doc/rules.md says of member.admit. */
static bool may_admit(const struct known_keys *keys, const struct known_key *signer,
                      struct span job, struct span org)
{
    bool root = span_is(signer->job, "root"), own = span_equal(signer->org, org);

    if (span_is(job, "author") || span_is(job, "external"))
        return (root || signer->admits) && (own || !has_root(keys, org));
    return root && own;
}

static const struct known_key *signer_of(const struct known_keys *keys, const struct record *record,
                                         struct err *err)
{
    const struct known_key *signer = known_key_named(keys, record->by);

    if (!span_is(record->agreement, keys->anchor.agreement))
        err_set(err, ERR_REFUSED, "an admission to another agreement");
    else if (!signer)
        err_set(err, ERR_REFUSED, "admitted by %.*s, which is not known", SPAN_ARG(record->by));
    else if (!record_verify(record, &signer->key))
        err_set(err, ERR_REFUSED, "an admission whose signature does not hold");
    else
        return signer;
    return NULL;
}

bool known_keys_admit(struct known_keys *keys, struct span note, struct arena *arena,
                      struct err *err)
{
    struct record record;

    if (!record_parse(&record, note, arena, err))
        return false;
    const struct kind *kind = kind_find(record.kind, record.version);
    if (!kind || strcmp(kind->name, "member.admit") != 0)
        return err_set(err, ERR_MALFORMED, "%.*s is no admission", SPAN_ARG(record.kind));
    const struct known_key *signer = signer_of(keys, &record, err);
    if (!signer || !kind_check_body(kind, record.body, err))
        return false;

    struct span job = text_of(record.body, "job"), org = text_of(record.body, "org");
    if (!may_admit(keys, signer, job, org))
        return err_set(err, ERR_REFUSED, "%s may admit no %.*s of %.*s", signer->key.name,
                       SPAN_ARG(job), SPAN_ARG(org));
    struct known_key key = {
        .job = job,
        .org = org,
        .by = record.by,
        .admission = note,
        .admits = span_is(job, "author") && role_admits(keys, text_of(record.body, "role")) &&
                  scope_admits(json_get(record.body, "scope")),
    };
    return bind(keys, key, text_of(record.body, "key"), err);
}
