#include "sync/known_keys_inside.h"

#include "base/limits.h"
#include "base/reader.h"
#include "codec/hex.h"
#include "terms/terms.h"

const struct known_key *known_key_named(const struct known_keys *keys, struct span name)
{
    for (size_t i = 0; i < keys->count; i++)
        if (span_is(name, keys->at[i]->key.name))
            return keys->at[i];
    return NULL;
}

const struct known_key *known_key_of(const struct known_keys *keys, struct span name,
                                     const char *job)
{
    const struct known_key *key = known_key_named(keys, name);

    return key && span_is(key->job, job) ? key : NULL;
}

bool known_key_signs_records(const struct known_key *key)
{
    static const char *const jobs[] = {"root", "author", "node"};

    for (size_t i = 0; i < ARRAY_LEN(jobs); i++)
        if (span_is(key->job, jobs[i]))
            return true;
    return false;
}

const struct known_term *known_term_of(const struct known_keys *keys, struct span origin)
{
    for (size_t i = 0; i < keys->term_count; i++)
        if (span_is(origin, keys->term[i].log->key.name))
            return &keys->term[i];
    return NULL;
}

bool known_term_operates(const struct known_term *term, const struct known_key *key)
{
    while (key && key != term->operated)
        key = key->replaces;
    return key != NULL;
}

bool known_keys_term_number(const struct known_keys *keys, struct span origin, uint64_t *out)
{
    const struct span word = SPAN_LIT("/term/");
    struct span name = span_of(keys->anchor.agreement);

    if (!span_starts_with(origin, name) || !span_starts_with(span_from(origin, name.len), word))
        return false;
    return decimal_parse(out, span_from(origin, name.len + word.len), LIMIT_INTEGER) && *out > 0;
}

/* Format §1.3, §1.4: of witnesses and externals alone the keys are of type 0x04. */
static bool type_fits(struct span job, uint8_t type)
{
    bool cosigns = span_is(job, "witness") || span_is(job, "external");

    return type == (cosigns ? NOTE_TYPE_COSIGNATURE : NOTE_TYPE_ED25519);
}

/* Names that origins have are the log keys' alone (format §1.4). */
static bool name_fits(const struct known_keys *keys, struct span job, const char *name)
{
    struct span prefix = span_of(arena_printf(keys->arena, "%s/term/", keys->anchor.agreement));

    return span_is(job, "log") || !span_starts_with(span_of(name), prefix);
}

static bool is_bound(const struct known_keys *keys, const struct note_key *key)
{
    for (size_t i = 0; i < keys->count; i++)
        if (strcmp(keys->at[i]->key.name, key->name) == 0 ||
            memcmp(keys->at[i]->key.key.bytes, key->key.bytes, SIGN_KEY_BYTES) == 0)
            return true;
    return false;
}

static void append(struct known_keys *keys, struct known_key key)
{
    if (keys->count == keys->room) {
        size_t room = keys->room ? 2 * keys->room : 64;
        struct known_key **more = ARENA_ARRAY(keys->arena, struct known_key *, room);

        if (keys->count)
            memcpy(more, keys->at, keys->count * sizeof(struct known_key *));
        keys->at = more;
        keys->room = room;
    }
    keys->at[keys->count] = ARENA_NEW(keys->arena, struct known_key);
    *keys->at[keys->count++] = key;
}

bool known_keys_bind(struct known_keys *keys, struct known_key key, struct span vkey,
                     struct err *err)
{
    if (!note_key_parse(&key.key, vkey, err))
        return false;
    if (!type_fits(key.job, key.key.type))
        return err_set(err, ERR_MALFORMED, "%s: no key of job \"%.*s\" is of type 0x%02x",
                       key.key.name, SPAN_ARG(key.job), key.key.type);
    if (!name_fits(keys, key.job, key.key.name))
        return err_set(err, ERR_MALFORMED, "%s: such a name is a log key's", key.key.name);
    if (is_bound(keys, &key.key))
        return err_set(err, ERR_CONFLICT, "%s: the name or the key is bound already", key.key.name);
    append(keys, key);
    return true;
}

static bool bind_list(struct known_keys *keys, const char *job, const struct json *list,
                      struct err *err)
{
    for (size_t i = 0; i < list->array.count; i++) {
        struct known_key key = {.job = span_of(job),
                                .org = json_get_text(&list->array.at[i], "org")};

        if (!known_keys_bind(keys, key, json_get_text(&list->array.at[i], "key"), err))
            return false;
    }
    return true;
}

static bool bind_first(struct known_keys *keys, const struct json *body, struct err *err)
{
    const struct known_key log = {.job = SPAN_LIT("log")}, promise = {.job = SPAN_LIT("promise")};

    return known_keys_bind(keys, log, json_get_text(body, "log_key"), err) &&
           known_keys_bind(keys, promise, json_get_text(body, "promise_key"), err) &&
           bind_list(keys, "root", json_get(body, "roots"), err) &&
           bind_list(keys, "node", json_get(body, "nodes"), err) &&
           bind_list(keys, "witness", json_get(body, "witnesses"), err);
}

bool known_keys_open(struct known_keys *out, struct span entry, struct arena *arena,
                     struct err *err)
{
    struct known_keys keys = {.arena = arena};
    struct record record;

    if (!anchor_parse(&keys.anchor, entry, err) || !record_parse(&record, entry, arena, err))
        return false;
    if (!bind_first(&keys, record.body, err))
        return err_wrap(err, "entry 0");
    keys.term[keys.term_count++] = (struct known_term){
        .log = known_key_of(&keys, span_of(keys.anchor.log.name), "log"),
        .promise = known_key_of(&keys, span_of(keys.anchor.promise.name), "promise"),
        .operated = known_key_of(&keys, json_get_text(record.body, "operator"), "node"),
    };
    if (!keys.term[0].operated)
        return err_set(err, ERR_MALFORMED, "entry 0: the operator is none of its nodes");
    keys.pieces = json_get(record.body, "pieces");
    keys.quorum = (unsigned)json_get_integer(record.body, "quorum", 0);
    *out = keys;
    return true;
}

/* --- what roles may do --- */

/* What entry 0 lists as piece n of agreement.toml; NULL past the last. */
static const struct json *listed_piece(const struct known_keys *keys, size_t n)
{
    for (size_t i = 0; i < keys->pieces->array.count; i++)
        if (span_is(json_get_text(&keys->pieces->array.at[i], "file"), "agreement.toml") &&
            --n == 0)
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

    return listed && hex_parse(want.bytes, sizeof want.bytes, json_get_text(listed, "sha256")) &&
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
                      struct err *err)
{
    struct buf text = buf_in(keys->arena, SIZE_MAX / 2);
    struct json *terms = ARENA_NEW(keys->arena, struct json);
    struct terms_head head;

    if (!join_pieces(keys, &text, piece, count))
        return err_set(err, ERR_MALFORMED,
                       "the pieces are not those of agreement.toml that entry 0 lists");
    if (!json_parse_canonical(terms, buf_span(&text), keys->arena, err) ||
        !terms_check(&head, terms, err))
        return err_wrap(err, "agreement.toml");
    keys->terms = terms;
    return true;
}
