#include "register/apply.h"

#include "codec/hex.h"

/* What a job asks of a key (format §1.4). */
static const struct {
    const char *job;
    uint8_t type;
} job_types[] = {
    {"root", NOTE_TYPE_ED25519},        {"author", NOTE_TYPE_ED25519},
    {"node", NOTE_TYPE_ED25519},        {"revoker", NOTE_TYPE_ED25519},
    {"promise", NOTE_TYPE_ED25519},     {"log", NOTE_TYPE_ED25519},
    {"witness", NOTE_TYPE_COSIGNATURE}, {"external", NOTE_TYPE_COSIGNATURE},
};

static bool type_fits(struct span job, uint8_t type)
{
    for (size_t i = 0; i < ARRAY_LEN(job_types); i++)
        if (span_is(job, job_types[i].job))
            return type == job_types[i].type;
    return false;
}

static struct span public_text(struct apply *a, const struct note_key *key)
{
    char hex[2 * SIGN_KEY_BYTES + 1];

    hex_text(hex, span_make(key->key.bytes, SIGN_KEY_BYTES));
    return arena_copy(a->arena, span_of(hex));
}

/* `row` is that of the table `key`: its vkey says name and key. Void when either is bound
 * already, or the key does not fit its job. */
bool keys_bind(struct apply *a, const struct json *row, struct err *err)
{
    struct span vkey = json_get_string(row, "vkey", (struct span){0});
    struct json *owner = apply_copy(a, NULL);
    const struct json *name_row, *key_row;
    struct note_key key;
    struct err unfit = {0};

    if (!note_key_parse(&key, vkey, &unfit))
        return apply_void(a, REASON_KEY_UNFIT, "%s", unfit.text);
    if (!sign_key_valid(&key.key) ||
        !type_fits(json_get_string(row, "job", (struct span){0}), key.type))
        return apply_void(a, REASON_KEY_UNFIT, "%s: not a key for its job", key.name);
    struct span name = span_of(key.name), hex = public_text(a, &key);
    if (!apply_get(a, "key", name, &name_row, err) ||
        !apply_get(a, "public_key", hex, &key_row, err))
        return false;
    if (name_row || key_row)
        return apply_void(a, REASON_KEY_TAKEN, "%s: %s is bound already", key.name,
                          name_row ? "the name" : "the key");
    json_set_string(owner, "name", arena_copy(a->arena, name), a->arena);
    return apply_put(a, "key", name, row, err) && apply_put(a, "public_key", hex, owner, err);
}
