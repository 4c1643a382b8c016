#include "cli/session.h"

#include "net/sign_in.h"
#include "node/keyring.h"

#include <pthread.h>
#include <stdlib.h>

#define PATIENCE_S 10u /* as long as a call of the transport may take */

struct session {
    const struct whose *whose;
    struct note_signer signer;
    pthread_mutex_t lock;      /* of what follows */
    struct http_access access; /* of the session that was begun last */
};

bool session_signer(struct note_signer *out, const char *directory, const char *name,
                    const char *file, struct err *err)
{
    bool ok = file ? keyring_read_file(out, file, err) : keyring_read(out, directory, name, err);

    if (ok && out->type != NOTE_TYPE_ED25519) {
        sign_secret_wipe(&out->secret);
        return err_set(err, ERR_REFUSED, "%s is a witness's key: it cosigns, and does not sign in",
                       out->name);
    }
    return ok;
}

/* Of https by the certificate that the node's own key has signed; in the open to this machine
 * alone: sign_in sees to it. */
static bool begin(struct http_access *out, const struct session *session, struct err *err)
{
    const struct whose *whose = session->whose;
    bool secure = strncmp(whose->url, "https:", 6) == 0;
    struct http_access access = {0};
    struct pin pin;
    char token[65];

    if (secure && !whose_pin(&pin, whose, err))
        return false;
    if (secure)
        access.pin = pin.certificate;
    const struct sign_in how = {
        .url = whose->url,
        .pin = secure ? &access.pin : NULL,
        .agreement = span_of(whose->agreement),
        .node = whose->key.name,
        .signer = &session->signer,
        .now_ms = clock_now_ms(clock_system()),
        .timeout_s = PATIENCE_S,
    };
    if (!sign_in(&how, token, err))
        return err_wrap(err, "sign in as %s", session->signer.name);
    snprintf(access.authorization, sizeof access.authorization, "Authorization: Bearer %s", token);
    *out = access;
    return true;
}

bool session_open(struct session **out, const struct whose *whose, const struct note_signer *signer,
                  struct err *err)
{
    struct session *session = calloc(1, sizeof *session);

    if (!session || pthread_mutex_init(&session->lock, NULL))
        abort();
    session->whose = whose;
    session->signer = *signer;
    if (!begin(&session->access, session, err)) {
        session_close(session);
        return false;
    }
    *out = session;
    return true;
}

void session_close(struct session *session)
{
    if (!session)
        return;
    sign_secret_wipe(&session->signer.secret);
    pthread_mutex_destroy(&session->lock);
    free(session);
}

/* Who comes with the session that stands was turned away with it; who comes with another has
 * only not heard of it yet. */
bool session_access(void *context, const char *url, struct http_access *out, struct err *err)
{
    struct session *session = context;

    assert(strcmp(url, session->whose->url) == 0);
    pthread_mutex_lock(&session->lock);
    bool stale = strcmp(out->authorization, session->access.authorization) == 0;
    bool ok = !stale || begin(&session->access, session, err);
    if (ok)
        *out = session->access;
    pthread_mutex_unlock(&session->lock);
    return ok;
}
