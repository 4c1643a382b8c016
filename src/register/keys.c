#include "register/apply.h"

#include "codec/age.h"
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

/* Names that origins have are the log keys' alone: a checkpoint is signed under one. */
static bool name_fits(struct apply *a, struct span job, struct span name)
{
    return span_is(job, "log") ||
           !span_starts_with(name, apply_key(a, "%.*s/term/", SPAN_ARG(a->record.agreement)));
}

static struct span public_text(struct apply *a, const struct note_key *key)
{
    char hex[2 * SIGN_KEY_BYTES + 1];

    hex_text(hex, span_make(key->key.bytes, SIGN_KEY_BYTES));
    return arena_copy(a->arena, span_of(hex));
}

/* To one that is no point of the curve, or of a small group, nothing can be sealed. */
static bool recipient_fits(const struct json *row, struct err *why)
{
    const struct json *age = json_get(row, "age");
    struct age_recipient recipient;

    return !age || age_recipient_parse(&recipient, age->string, why);
}

struct span keys_name(struct span vkey)
{
    struct span name = vkey;

    span_cut(&vkey, '+', &name);
    return name;
}

bool keys_bind(struct apply *a, const struct json *row, struct err *err)
{
    struct span vkey = json_get_text(row, "vkey"), job = json_get_text(row, "job");
    struct json *owner = apply_copy(a, NULL);
    const struct json *name_row, *key_row;
    struct note_key key;
    struct err unfit = {0};

    bool parsed = note_key_parse(&key, vkey, &unfit);
    assert(parsed); /* the fields that hold keys let no other in */
    if (!type_fits(job, key.type))
        return apply_void(a, REASON_KEY_UNFIT,
                          "%s: of type 0x%02x, which no key of job \"%.*s\" is", key.name, key.type,
                          SPAN_ARG(job));
    struct span name = span_of(key.name), hex = public_text(a, &key);
    if (!name_fits(a, job, name))
        return apply_void(a, REASON_KEY_UNFIT, "%s: such a name is a log key's", key.name);
    if (!recipient_fits(row, &unfit))
        return apply_void(a, REASON_KEY_UNFIT, "%s: %s", key.name, unfit.text);
    if (!apply_get(a, "key", name, &name_row, err) ||
        !apply_get(a, "public_key", hex, &key_row, err))
        return false;
    if (name_row || key_row)
        return apply_void(a, REASON_KEY_TAKEN, "%s: the %s is bound already", key.name,
                          name_row ? "name" : "key");
    json_set_string(owner, "name", arena_copy(a->arena, name), a->arena);
    return apply_put(a, "key", name, row, err) && apply_put(a, "public_key", hex, owner, err);
}

struct span keys_first(struct span name, const struct json *row)
{
    return json_get_string(row, "first", name);
}

bool keys_hold(struct apply *a, const struct json *names, struct span name, bool *out,
               struct err *err)
{
    const struct json *row, *its;

    *out = false;
    if (!apply_get(a, "key", name, &row, err))
        return false;
    for (size_t i = 0; i < names->array.count && !*out; i++) {
        struct span held = names->array.at[i].string;

        if (!apply_get(a, "key", held, &its, err))
            return false;
        *out = span_equal(keys_first(held, its), keys_first(name, row));
    }
    return true;
}
