/* Our side of sealing, for tests: seals standard input to recipients, or opens it by identities.
 *
 *   age_peer seal age1……
 *   age_peer open FILE.age…
 */

#include "codec/age.h"

#include "base/limits.h"
#include "crypto/sign.h"
#include "node/identity.h"
#include "sys/entropy.h"

#include <stdio.h>
#include <unistd.h>

static bool read_stdin(void *context, uint8_t *at, size_t room, size_t *out_len, struct err *err)
{
    ssize_t n = read(STDIN_FILENO, at, room);

    (void)context;
    *out_len = n > 0 ? (size_t)n : 0;
    return n >= 0 || err_errno(err, "read");
}

static bool write_stdout(void *context, struct span bytes, struct err *err)
{
    (void)context;
    return fwrite(bytes.at, 1, bytes.len, stdout) == bytes.len || err_errno(err, "write");
}

static const struct age_source source = {read_stdin, NULL};
static const struct age_sink sink = {write_stdout, NULL};

static bool seal_stdin(char **text, size_t count, struct err *err)
{
    struct age_recipient to[LIMIT_AGE_RECIPIENTS];
    struct age_seed seed;
    bool ok = true;

    for (size_t i = 0; ok && i < count; i++)
        ok = age_recipient_parse(&to[i], span_of(text[i]), err);
    entropy_fill(&seed, sizeof seed);
    return ok && age_encrypt_stream(&sink, to, count, &source, &seed, err);
}

static bool open_stdin(char **path, size_t count, struct err *err)
{
    struct age_identity as[LIMIT_AGE_RECIPIENTS];
    bool ok = true;

    for (size_t i = 0; ok && i < count; i++)
        ok = identity_read_file(&as[i], path[i], err);
    return ok && age_decrypt_stream(&sink, as, count, &source, err);
}

int main(int argc, char **argv)
{
    struct err err = {0};
    size_t count = argc > 2 ? (size_t)argc - 2 : 0;

    if (count < 1 || count > LIMIT_AGE_RECIPIENTS || !sign_start())
        return 2;
    bool ok = strcmp(argv[1], "seal") == 0 ? seal_stdin(argv + 2, count, &err)
                                           : open_stdin(argv + 2, count, &err);
    if (!ok)
        fprintf(stderr, "%s\n", err.text);
    return ok && fflush(stdout) == 0 ? 0 : 1;
}
