#include "crypto/secretbox.h"

#include <sodium.h>

_Static_assert(SECRETBOX_SALT_BYTES == crypto_pwhash_argon2id_SALTBYTES, "a salt");
_Static_assert(SECRETBOX_KEY_BYTES == crypto_aead_xchacha20poly1305_ietf_KEYBYTES, "a key");
_Static_assert(SECRETBOX_NONCE_BYTES == crypto_aead_xchacha20poly1305_ietf_NPUBBYTES, "a nonce");
_Static_assert(SECRETBOX_TAG_BYTES == crypto_aead_xchacha20poly1305_ietf_ABYTES, "a tag");

bool secretbox_key_of(struct secretbox_key *out, struct span passphrase,
                      const uint8_t salt[SECRETBOX_SALT_BYTES], struct secretbox_cost cost)
{
    assert(cost.passes >= crypto_pwhash_argon2id_OPSLIMIT_MIN &&
           cost.memory_kib >= crypto_pwhash_argon2id_MEMLIMIT_MIN / 1024);
    return crypto_pwhash(out->bytes, sizeof out->bytes, (const char *)passphrase.at, passphrase.len,
                         salt, cost.passes, (size_t)cost.memory_kib * 1024,
                         crypto_pwhash_ALG_ARGON2ID13) == 0;
}

bool secretbox_scrypt(struct secretbox_key *out, struct span passphrase, struct span salt,
                      unsigned log2_n)
{
    assert(log2_n >= 1 && log2_n < 32);
    return crypto_pwhash_scryptsalsa208sha256_ll(passphrase.at, passphrase.len, salt.at, salt.len,
                                                 (uint64_t)1 << log2_n, 8, 1, out->bytes,
                                                 sizeof out->bytes) == 0;
}

void secretbox_seal(uint8_t *out, struct span text, struct span about,
                    const uint8_t nonce[SECRETBOX_NONCE_BYTES], const struct secretbox_key *key)
{
    int failed = crypto_aead_xchacha20poly1305_ietf_encrypt(out, NULL, text.at, text.len, about.at,
                                                            about.len, NULL, nonce, key->bytes);
    assert(!failed);
}

bool secretbox_open(uint8_t *out, struct span sealed, struct span about,
                    const uint8_t nonce[SECRETBOX_NONCE_BYTES], const struct secretbox_key *key)
{
    return crypto_aead_xchacha20poly1305_ietf_decrypt(out, NULL, NULL, sealed.at, sealed.len,
                                                      about.at, about.len, nonce, key->bytes) == 0;
}
