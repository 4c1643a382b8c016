#include "crypto/hash.h"

#include <openssl/evp.h>
#include <pthread.h>

/*
 * Looking SHA-256 up costs more than hashing the 65 bytes of a tree's node, and
 * so does a new context: the one is fetched once, the other kept for each thread.
 */
static pthread_once_t once = PTHREAD_ONCE_INIT;
static EVP_MD *sha256;
static pthread_key_t thread_key; /* frees a thread's context when the thread ends */
static _Thread_local EVP_MD_CTX *thread_context;

static void free_context(void *context)
{
    EVP_MD_CTX_free(context);
    thread_context = NULL; /* whatever else the thread does at its end may hash once more */
}

static void start(void)
{
    sha256 = EVP_MD_fetch(NULL, "SHA2-256", NULL);
    assert(sha256);
    int failed = pthread_key_create(&thread_key, free_context);
    assert(!failed);
}

static EVP_MD_CTX *new_context(void)
{
    int failed = pthread_once(&once, start);
    assert(!failed);
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    assert(context);
    return context;
}

static EVP_MD_CTX *this_threads_context(void)
{
    if (!thread_context) {
        thread_context = new_context();
        int failed = pthread_setspecific(thread_key, thread_context);
        assert(!failed);
    }
    return thread_context;
}

static void begin(EVP_MD_CTX *context)
{
    int ok = EVP_DigestInit_ex2(context, sha256, NULL);
    assert(ok == 1);
}

static void add(EVP_MD_CTX *context, struct span bytes)
{
    int ok = EVP_DigestUpdate(context, bytes.at, bytes.len);
    assert(ok == 1);
}

static struct hash end(EVP_MD_CTX *context)
{
    struct hash out;
    unsigned len = 0;

    int ok = EVP_DigestFinal_ex(context, out.bytes, &len);
    assert(ok == 1 && len == HASH_BYTES);
    return out;
}

struct hash hash_of(struct span bytes)
{
    return hash_of_parts(&bytes, 1);
}

struct hash hash_of_parts(const struct span *parts, size_t count)
{
    EVP_MD_CTX *context = this_threads_context();

    begin(context);
    for (size_t i = 0; i < count; i++)
        add(context, parts[i]);
    return end(context);
}

bool hash_equal(struct hash a, struct hash b)
{
    return memcmp(a.bytes, b.bytes, HASH_BYTES) == 0;
}

struct span hash_span(const struct hash *hash)
{
    return span_make(hash->bytes, HASH_BYTES);
}

struct hasher *hasher_new(void)
{
    EVP_MD_CTX *context = new_context();

    begin(context);
    return (struct hasher *)context;
}

void hasher_add(struct hasher *hasher, struct span bytes)
{
    add((EVP_MD_CTX *)hasher, bytes);
}

struct hash hasher_end(struct hasher *hasher)
{
    struct hash out = end((EVP_MD_CTX *)hasher);

    begin((EVP_MD_CTX *)hasher);
    return out;
}

void hasher_free(struct hasher *hasher)
{
    EVP_MD_CTX_free((EVP_MD_CTX *)hasher);
}
