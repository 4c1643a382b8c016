#include "crypto/sign.h"

#include <sodium.h>

_Static_assert(SIGN_KEY_BYTES == crypto_sign_PUBLICKEYBYTES, "a public key");
_Static_assert(SIGN_SIGNATURE_BYTES == crypto_sign_BYTES, "a signature");
_Static_assert(SIGN_SEED_BYTES == crypto_sign_SEEDBYTES, "a seed");
_Static_assert(sizeof((struct sign_secret){0}.expanded) == crypto_sign_SECRETKEYBYTES, "a secret");

bool sign_start(void)
{
    return sodium_init() >= 0;
}

void sign_secret_from_seed(struct sign_secret *out, const uint8_t seed[SIGN_SEED_BYTES])
{
    struct sign_key ignored; /* libsodium's secret key ends in the public one */

    memcpy(out->seed, seed, SIGN_SEED_BYTES);
    int failed = crypto_sign_seed_keypair(ignored.bytes, out->expanded, seed);
    assert(!failed);
}

struct sign_key sign_public(const struct sign_secret *secret)
{
    struct sign_key key;

    memcpy(key.bytes, secret->expanded + SIGN_SEED_BYTES, SIGN_KEY_BYTES);
    return key;
}

struct sign_signature sign_message(const struct sign_secret *secret, struct span message)
{
    struct sign_signature out;

    int failed = crypto_sign_detached(out.bytes, NULL, message.at, message.len, secret->expanded);
    assert(!failed);
    return out;
}

bool sign_verify(const struct sign_key *key, struct span message,
                 const struct sign_signature *signature)
{
    return crypto_sign_verify_detached(signature->bytes, message.at, message.len, key->bytes) == 0;
}

bool sign_key_valid(const struct sign_key *key)
{
    return crypto_core_ed25519_is_valid_point(key->bytes) == 1;
}

void sign_secret_wipe(struct sign_secret *secret)
{
    sign_wipe(secret, sizeof *secret);
}

void sign_wipe(void *secret, size_t len)
{
    sodium_memzero(secret, len);
}
