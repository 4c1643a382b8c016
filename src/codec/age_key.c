#include "codec/age.h"

#include "codec/bech32.h"
#include "crypto/seal.h"
#include "crypto/sign.h"

#define RECIPIENT_PREFIX "age"
#define IDENTITY_PREFIX "AGE-SECRET-KEY-"

_Static_assert(AGE_KEY_BYTES == SEAL_KEY_BYTES, "a key");

bool age_recipient_parse(struct age_recipient *out, struct span text, struct err *err)
{
    struct seal_public key;

    if (!bech32_parse(key.bytes, sizeof key.bytes, RECIPIENT_PREFIX, text, err))
        return err_wrap(err, "age recipient");
    if (!seal_public_valid(&key))
        return err_set(err, ERR_MALFORMED, "age recipient: is no key that anybody could have");
    memcpy(out->key, key.bytes, sizeof out->key);
    return true;
}

struct span age_recipient_text(const struct age_recipient *recipient, struct arena *arena)
{
    struct buf buf = buf_in(arena, AGE_RECIPIENT_BYTES);

    bech32_put(&buf, RECIPIENT_PREFIX, span_make(recipient->key, sizeof recipient->key));
    assert(!buf.full && buf.len == AGE_RECIPIENT_BYTES);
    return buf_span(&buf);
}

bool age_identity_parse(struct age_identity *out, struct span text, struct err *err)
{
    return bech32_parse(out->secret, sizeof out->secret, IDENTITY_PREFIX, text, err) ||
           err_wrap(err, "age identity");
}

void age_identity_put(struct buf *buf, const struct age_identity *identity)
{
    bech32_put(buf, IDENTITY_PREFIX, span_make(identity->secret, sizeof identity->secret));
}

struct age_recipient age_identity_recipient(const struct age_identity *identity)
{
    struct age_recipient out;
    struct seal_secret secret;

    memcpy(secret.bytes, identity->secret, sizeof secret.bytes);
    struct seal_public key = seal_public_of(&secret);
    memcpy(out.key, key.bytes, sizeof out.key);
    sign_wipe(&secret, sizeof secret);
    return out;
}
