#include "crypto/seal.h"

#include <sodium.h>

_Static_assert(SEAL_KEY_BYTES == crypto_scalarmult_BYTES &&
                   SEAL_KEY_BYTES == crypto_scalarmult_SCALARBYTES &&
                   SEAL_KEY_BYTES == crypto_auth_hmacsha256_KEYBYTES &&
                   SEAL_KEY_BYTES == crypto_aead_chacha20poly1305_ietf_KEYBYTES,
               "a key");
_Static_assert(SEAL_NONCE_BYTES == crypto_aead_chacha20poly1305_ietf_NPUBBYTES, "a nonce");
_Static_assert(SEAL_TAG_BYTES == crypto_aead_chacha20poly1305_ietf_ABYTES, "a tag");
_Static_assert(sizeof(struct seal_mac) == crypto_auth_hmacsha256_BYTES, "a MAC");

struct seal_public seal_public_of(const struct seal_secret *secret)
{
    struct seal_public key;
    int failed = crypto_scalarmult_base(key.bytes, secret->bytes);

    assert(!failed);
    return key;
}

/* Below 2^255 − 19. X25519 (RFC 7748 §5) drops the highest bit and reduces the rest; whoever
 * has the secret computes the reduced spelling, and both are hashed into the key that wraps. */
static bool is_reduced(const struct seal_public *key)
{
    bool high = key->bytes[31] == 0x7f;

    for (size_t i = 1; i < 31; i++)
        high = high && key->bytes[i] == 0xff;
    return key->bytes[31] < 0x80 && !(high && key->bytes[0] >= 0xed);
}

bool seal_public_valid(const struct seal_public *key)
{
    static const struct seal_secret any = {{1}};
    struct seal_key shared;

    return is_reduced(key) && seal_agree(&shared, &any, key);
}

bool seal_agree(struct seal_key *out, const struct seal_secret *secret,
                const struct seal_public *key)
{
    return crypto_scalarmult(out->bytes, secret->bytes, key->bytes) == 0 &&
           !sodium_is_zero(out->bytes, sizeof out->bytes);
}

struct seal_mac seal_mac_of(const struct seal_key *key, struct span message)
{
    struct seal_mac mac;

    crypto_auth_hmacsha256(mac.bytes, message.at, message.len, key->bytes);
    return mac;
}

bool seal_mac_equal(const struct seal_mac *a, const struct seal_mac *b)
{
    return sodium_memcmp(a->bytes, b->bytes, sizeof a->bytes) == 0;
}

struct seal_key seal_derive(struct span secret, struct span salt, struct span info)
{
    crypto_auth_hmacsha256_state state;
    struct seal_key extracted, out;
    uint8_t block[SEAL_INFO_BYTES + 1];

    crypto_auth_hmacsha256_init(&state, salt.at, salt.len); /* a key of any length */
    crypto_auth_hmacsha256_update(&state, secret.at, secret.len);
    crypto_auth_hmacsha256_final(&state, extracted.bytes);

    assert(info.len <= SEAL_INFO_BYTES);
    if (info.len > 0)
        memcpy(block, info.at, info.len);
    block[info.len] = 1; /* T(1), of as many bytes as are asked for */
    crypto_auth_hmacsha256(out.bytes, block, info.len + 1, extracted.bytes);
    sodium_memzero(&state, sizeof state);
    sodium_memzero(&extracted, sizeof extracted);
    return out;
}

void seal_close(uint8_t *out, struct span text, const uint8_t nonce[SEAL_NONCE_BYTES],
                const struct seal_key *key)
{
    int failed = crypto_aead_chacha20poly1305_ietf_encrypt(out, NULL, text.at, text.len, NULL, 0,
                                                           NULL, nonce, key->bytes);
    assert(!failed);
}

bool seal_open(uint8_t *out, struct span sealed, const uint8_t nonce[SEAL_NONCE_BYTES],
               const struct seal_key *key)
{
    return crypto_aead_chacha20poly1305_ietf_decrypt(out, NULL, NULL, sealed.at, sealed.len, NULL,
                                                     0, nonce, key->bytes) == 0;
}
