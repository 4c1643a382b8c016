/* The keys of notes: names, key ids, vkeys and key files (doc/format.md §1). */

#include "base/limits.h"
#include "codec/base64.h"
#include "codec/hex.h"
#include "ledger/note.h"

#define PRIVATE "PRIVATE+KEY+"
#define TYPED_BYTES 33u /* a type and 32 bytes of key or of seed */
#define KEY_TEXT_BYTES 256u

static bool name_byte_valid(uint8_t c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-' ||
           c == '/';
}

bool note_name_valid(struct span name)
{
    if (name.len == 0 || name.len > LIMIT_NAME_BYTES)
        return false;
    for (size_t i = 0; i < name.len; i++) {
        bool slash_out_of_place =
            name.at[i] == '/' && (i == 0 || i + 1 == name.len || name.at[i - 1] == '/');
        if (!name_byte_valid(name.at[i]) || slash_out_of_place)
            return false;
    }
    return true;
}

static bool type_known(uint8_t type)
{
    return type == NOTE_TYPE_ED25519 || type == NOTE_TYPE_COSIGNATURE;
}

uint32_t note_key_id(struct span name, uint8_t type, const struct sign_key *key)
{
    const uint8_t between[2] = {'\n', type};
    const struct span parts[] = {name, span_make(between, sizeof between),
                                 span_make(key->bytes, sizeof key->bytes)};
    struct hash hash = hash_of_parts(parts, ARRAY_LEN(parts));

    return (uint32_t)hash.bytes[0] << 24 | (uint32_t)hash.bytes[1] << 16 |
           (uint32_t)hash.bytes[2] << 8 | hash.bytes[3];
}

static void put_key_id(struct buf *buf, struct span name, uint8_t type, const struct sign_key *key)
{
    buf_printf(buf, "%08" PRIx32, note_key_id(name, type, key));
}

bool note_bytes_parse(uint8_t *out, size_t len, struct span base64)
{
    struct arena arena = {0};
    struct span bytes;
    bool ok = base64_parse(&bytes, base64, len, &arena) && bytes.len == len;

    if (ok) {
        memcpy(out, bytes.at, len);
        sign_wipe((void *)(uintptr_t)bytes.at, len); /* it may have been a seed */
    }
    arena_free(&arena);
    return ok;
}

/* NAME+KEYID+BASE64, of which a vkey and a key file alike consist. */
static const char *read_parts(struct span *name, struct span *key_id, uint8_t typed[TYPED_BYTES],
                              struct span text)
{
    if (!span_cut(&text, '+', name) || !span_cut(&text, '+', key_id))
        return "not NAME+KEYID+BASE64";
    if (!note_name_valid(*name))
        return "not a key name";
    if (!note_bytes_parse(typed, TYPED_BYTES, text))
        return "not the base64 of a type and 32 bytes";
    return type_known(typed[0]) ? NULL : "a type of key that is not known";
}

static const char *check_key_id(struct span key_id, const struct note_key *key)
{
    uint8_t bytes[4];

    if (!hex_parse(bytes, sizeof bytes, key_id))
        return "the key id is not 8 lower-case hex digits";
    uint32_t said =
        (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
    return said == note_key_id(span_of(key->name), key->type, &key->key)
               ? NULL
               : "the key id is another key's";
}

bool note_key_parse_again(struct note_key *out, struct span vkey, struct err *err)
{
    struct span name, key_id;
    uint8_t typed[TYPED_BYTES];
    struct note_key key = {0};

    const char *why = read_parts(&name, &key_id, typed, vkey);
    if (!why) {
        memcpy(key.name, name.at, name.len);
        key.type = typed[0];
        memcpy(key.key.bytes, typed + 1, SIGN_KEY_BYTES);
        why = check_key_id(key_id, &key);
    }
    if (why)
        return err_set(err, ERR_MALFORMED, "vkey: %s", why);
    *out = key;
    return true;
}

bool note_key_parse(struct note_key *out, struct span vkey, struct err *err)
{
    struct note_key key;

    if (!note_key_parse_again(&key, vkey, err))
        return false;
    if (!sign_key_valid(&key.key))
        return err_set(err, ERR_MALFORMED, "vkey: not a point of the prime-order group");
    *out = key;
    return true;
}

bool note_key_equal(const struct note_key *a, const struct note_key *b)
{
    return strcmp(a->name, b->name) == 0 && a->type == b->type &&
           memcmp(a->key.bytes, b->key.bytes, sizeof a->key.bytes) == 0;
}

void note_key_put(struct buf *buf, const struct note_key *key)
{
    uint8_t typed[TYPED_BYTES] = {key->type};

    memcpy(typed + 1, key->key.bytes, SIGN_KEY_BYTES);
    buf_text(buf, key->name);
    buf_byte(buf, '+');
    put_key_id(buf, span_of(key->name), key->type, &key->key);
    buf_byte(buf, '+');
    base64_put(buf, span_make(typed, sizeof typed));
}

char *note_key_text(const struct note_key *key, struct arena *arena)
{
    struct buf buf = buf_in(arena, KEY_TEXT_BYTES);

    note_key_put(&buf, key);
    buf_byte(&buf, '\0');
    assert(!buf.full);
    return (char *)buf.at;
}

void note_signer_make(struct note_signer *out, struct span name, uint8_t type,
                      const uint8_t seed[SIGN_SEED_BYTES])
{
    assert(note_name_valid(name) && type_known(type));
    *out = (struct note_signer){.type = type};
    memcpy(out->name, name.at, name.len);
    sign_secret_from_seed(&out->secret, seed);
}

struct note_key note_signer_key(const struct note_signer *signer)
{
    struct note_key key = {.type = signer->type, .key = sign_public(&signer->secret)};

    memcpy(key.name, signer->name, sizeof key.name);
    return key;
}

bool note_signer_parse(struct note_signer *out, struct span text, struct err *err)
{
    struct span name, key_id;
    uint8_t typed[TYPED_BYTES];
    struct note_signer signer = {0};
    const struct span prefix = SPAN_LIT(PRIVATE);
    const char *why = "not a private key";

    if (span_starts_with(text, prefix))
        why = read_parts(&name, &key_id, typed, span_from(text, prefix.len));
    if (!why) {
        note_signer_make(&signer, name, typed[0], typed + 1);
        struct note_key key = note_signer_key(&signer);
        why = check_key_id(key_id, &key);
    }
    if (!why)
        *out = signer;
    sign_wipe(typed, sizeof typed);
    sign_secret_wipe(&signer.secret);
    return why ? err_set(err, ERR_MALFORMED, "key file: %s", why) : true;
}

/* One allocation, so that no half-grown copy of the seed stays behind in the arena. */
char *note_signer_text(const struct note_signer *signer, struct arena *arena)
{
    struct note_key key = note_signer_key(signer);
    uint8_t typed[TYPED_BYTES] = {signer->type};
    struct buf buf = buf_in(arena, KEY_TEXT_BYTES);

    memcpy(typed + 1, signer->secret.seed, SIGN_SEED_BYTES);
    buf_text(&buf, PRIVATE);
    buf_text(&buf, key.name);
    buf_byte(&buf, '+');
    put_key_id(&buf, span_of(key.name), key.type, &key.key);
    buf_byte(&buf, '+');
    base64_put(&buf, span_make(typed, sizeof typed));
    buf_byte(&buf, '\0');
    sign_wipe(typed, sizeof typed);
    assert(!buf.full);
    return (char *)buf.at;
}
