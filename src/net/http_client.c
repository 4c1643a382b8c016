#include "net/http_client.h"

#include "base/buf.h"
#include "base/reader.h"
#include "codec/hex.h"
#include "net/tls.h"

#include <curl/curl.h>
#include <pthread.h>
#include <stdlib.h>
#include <strings.h>

/* A host that is not there must not hold up what waits for when it is back: time for a packet to be
 * lost twice, and for an answer by satellite. */
#define CONNECT_S 5L
#define RETRY_AFTER_S 86400u /* who asks for more is not believed */

/* Connections that are kept were made under `check`: a call that expects another
 * certificate does not get one of them. */
struct http_client {
    CURL *curl;
    struct tls_check check;
};

static pthread_once_t started = PTHREAD_ONCE_INIT;

static void start(void)
{
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
        abort();
}

static CURL *new_handle(void)
{
    CURL *curl = curl_easy_init();

    if (!curl)
        abort();
    return curl;
}

struct http_client *http_client_open(void)
{
    struct http_client *client = calloc(1, sizeof *client);

    if (!client)
        abort();
    pthread_once(&started, start);
    client->curl = new_handle();
    return client;
}

void http_client_close(struct http_client *client)
{
    if (!client)
        return;
    curl_easy_cleanup(client->curl);
    free(client);
}

/* --- one call ------------------------------------------------------------- */

static size_t take(char *data, size_t one, size_t len, void *context)
{
    struct buf *body = context;

    buf_put(body, span_make(data, one * len));
    return body->full ? 0 : one * len; /* less than given ends the transfer */
}

static int ask_to_stop(void *context, curl_off_t all, curl_off_t now, curl_off_t sent_all,
                       curl_off_t sent_now)
{
    const struct http_call *call = context;

    (void)all, (void)now, (void)sent_all, (void)sent_now;
    return call->stop(call->stop_context);
}

static CURLcode on_context(CURL *curl, void *ssl_ctx, void *check)
{
    (void)curl;
    tls_check_install(ssl_ctx, check);
    return CURLE_OK;
}

/* An option is refused only by a libcurl without that feature: a fault of the build. */
#define SET(option, value)                                                                         \
    do {                                                                                           \
        if (curl_easy_setopt(curl, (option), (value)) != CURLE_OK)                                 \
            abort();                                                                               \
    } while (0)

/* Should the check not be asked, then no authority is known, and nothing is believed. */
static void set_up_tls(CURL *curl, struct tls_check *check)
{
    SET(CURLOPT_PROTOCOLS_STR, "https");
    SET(CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_3);
    SET(CURLOPT_CAINFO, NULL);
    SET(CURLOPT_CAPATH, NULL);
    SET(CURLOPT_SSL_VERIFYPEER, 1L);
    SET(CURLOPT_SSL_VERIFYHOST, 0L);
    SET(CURLOPT_SSL_SESSIONID_CACHE, 0L); /* a resumed session shows no certificate */
    SET(CURLOPT_SSL_CTX_FUNCTION, on_context);
    SET(CURLOPT_SSL_CTX_DATA, check);
}

static void set_up(CURL *curl, const struct http_call *call, struct buf *body,
                   struct curl_slist *headers)
{
    SET(CURLOPT_URL, call->url);
    SET(CURLOPT_PROTOCOLS_STR, "http");
    SET(CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    SET(CURLOPT_PROXY, ""); /* not even what the environment says */
    SET(CURLOPT_FOLLOWLOCATION, 0L);
    SET(CURLOPT_NOSIGNAL, 1L); /* there are other threads */
    SET(CURLOPT_USERAGENT, "sulh");
    SET(CURLOPT_CONNECTTIMEOUT, CONNECT_S);
    SET(CURLOPT_TIMEOUT, (long)call->timeout_s);
    if (call->socket_path)
        SET(CURLOPT_UNIX_SOCKET_PATH, call->socket_path);
    if (strcmp(call->method, "POST") == 0) {
        SET(CURLOPT_POST, 1L);
        SET(CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)call->body.len);
        SET(CURLOPT_POSTFIELDS, call->body.len ? (const char *)call->body.at : "");
    }
    if (call->stop) {
        SET(CURLOPT_NOPROGRESS, 0L);
        SET(CURLOPT_XFERINFOFUNCTION, ask_to_stop);
        SET(CURLOPT_XFERINFODATA, call);
    }
    SET(CURLOPT_HTTPHEADER, headers);
    SET(CURLOPT_WRITEFUNCTION, take);
    SET(CURLOPT_WRITEDATA, body);
}

static struct curl_slist *header(struct curl_slist *before, const char *line)
{
    struct curl_slist *list = curl_slist_append(before, line);

    if (!list)
        abort();
    return list;
}

static struct curl_slist *headers_of(const struct http_call *call, struct arena *arena)
{
    /* No "Expect: 100-continue": it only costs a second where it is not understood. */
    struct curl_slist *headers = header(NULL, "Expect:");

    if (call->type)
        headers = header(headers, arena_printf(arena, "Content-Type: %s", call->type));
    for (size_t i = 0; i < HTTP_CALL_HEADERS && call->headers[i]; i++) {
        assert(strchr(call->headers[i], ':') && !strpbrk(call->headers[i], "\r\n"));
        headers = header(headers, call->headers[i]);
    }
    return headers;
}

/* Whether what the call says of the other side goes together. */
static bool check_pin(const struct http_call *call, struct err *err)
{
    bool https = strncasecmp(call->url, "https:", 6) == 0;
    bool pinned = call->pin || call->out_pin;

    assert(!(call->pin && call->out_pin) && !(call->out_pin && call->client));
    if (https && !pinned)
        return err_set(err, ERR_REFUSED, "%s: no certificate is pinned for it", call->url);
    return https == pinned ||
           err_set(err, ERR_REFUSED, "%s: a certificate is pinned, and only https shows one",
                   call->url);
}

static bool same_check(const struct tls_check *check, const struct http_call *call)
{
    return !call->pin || hash_equal(check->wanted, call->pin->certificate);
}

/* The client's connections go when the call expects another certificate. */
static void hold_to_pin(struct http_client *client, const struct http_call *call)
{
    if (!same_check(&client->check, call)) {
        curl_easy_cleanup(client->curl);
        client->curl = new_handle();
    }
    client->check.any = call->out_pin != NULL;
    if (call->pin)
        client->check.wanted = call->pin->certificate;
    client->check.shown = false;
}

static struct span answer_header(CURL *curl, const char *name, struct arena *arena)
{
    struct curl_header *found;

    if (curl_easy_header(curl, name, 0, CURLH_HEADER, -1, &found) != CURLHE_OK)
        return (struct span){0};
    return arena_copy(arena, span_of(found->value));
}

static void read_answer(CURL *curl, struct span body, struct http_reply *reply, struct arena *arena)
{
    long status = 0;

    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    *reply = (struct http_reply){
        .status = (int)status,
        .body = body,
        .etag = answer_header(curl, "ETag", arena),
        .type = answer_header(curl, "Content-Type", arena),
    };
    if (!decimal_parse(&reply->retry_after_s, answer_header(curl, "Retry-After", arena),
                       RETRY_AFTER_S))
        reply->retry_after_s = 0;
}

static const char *hash_text(struct hash hash, struct arena *arena)
{
    char *text = arena_alloc(arena, 2 * HASH_BYTES + 1);

    hex_text(text, hash_span(&hash));
    return text;
}

static bool explain(const struct http_call *call, const struct tls_check *check, const char *why,
                    struct arena *arena, struct err *err)
{
    if (call->pin && check->shown && !hash_equal(check->seen, check->wanted))
        return err_set(err, ERR_REFUSED,
                       "%s %s: its certificate is %s, and %s is pinned: another machine answers "
                       "there, or its pin is old",
                       call->method, call->url, hash_text(check->seen, arena),
                       hash_text(check->wanted, arena));
    return err_set(err, ERR_IO, "%s %s: %s", call->method, call->url, why);
}

/* A connection that was kept and has died is made anew in one call, and what broke the server may
 * have been sent over it: so the code alone does not tell. */
static bool is_unsent(CURL *curl, CURLcode code)
{
    curl_off_t ready_us = 0, connected_us = 0;

    curl_easy_getinfo(curl, CURLINFO_PRETRANSFER_TIME_T, &ready_us);
    curl_easy_getinfo(curl, CURLINFO_CONNECT_TIME_T, &connected_us);
    return ready_us == 0 &&
           (code == CURLE_COULDNT_CONNECT || code == CURLE_COULDNT_RESOLVE_HOST ||
            (code == CURLE_OPERATION_TIMEDOUT && connected_us == 0)); /* packets are lost */
}

static bool perform(struct http_client *client, const struct http_call *call,
                    struct http_reply *reply, struct arena *arena, struct err *err)
{
    CURL *curl = client->curl;
    struct buf body = buf_in(arena, call->limit);
    struct curl_slist *headers = headers_of(call, arena);
    char why[CURL_ERROR_SIZE] = "";

    curl_easy_reset(curl); /* what was set, not the connections */
    set_up(curl, call, &body, headers);
    if (call->pin || call->out_pin)
        set_up_tls(curl, &client->check);
    SET(CURLOPT_ERRORBUFFER, why);
    CURLcode code = curl_easy_perform(curl);
    if (call->out_unsent)
        *call->out_unsent = is_unsent(curl, code);
    SET(CURLOPT_ERRORBUFFER, NULL);
    SET(CURLOPT_HTTPHEADER, NULL);
    curl_slist_free_all(headers);

    if (body.full)
        return err_set(err, ERR_LIMIT, "%s %s: the answer is larger than %zu bytes", call->method,
                       call->url, call->limit);
    if (code != CURLE_OK)
        return explain(call, &client->check, why[0] ? why : curl_easy_strerror(code), arena, err);
    read_answer(curl, buf_span(&body), reply, arena);
    return true;
}

bool http_do(const struct http_call *call, struct http_reply *reply, struct arena *arena,
             struct err *err)
{
    assert(strcmp(call->method, "GET") == 0 || strcmp(call->method, "POST") == 0);
    assert(call->timeout_s > 0);
    if (!check_pin(call, err))
        return false;

    struct http_client *client = call->client ? call->client : http_client_open();
    hold_to_pin(client, call);
    bool ok = perform(client, call, reply, arena, err);
    if (ok && call->out_pin)
        call->out_pin->certificate = client->check.seen;
    if (!call->client)
        http_client_close(client);
    return ok;
}

/* --- URLs ------------------------------------------------------------------ */

/* As the library reads it that will go there: what stands before an @ is no host. */
bool http_url_is_loopback(const char *url)
{
    static const char *const names[] = {"localhost", "127.0.0.1", "[::1]"};
    CURLU *parsed = curl_url();
    char *host = NULL;
    bool found = false;

    if (!parsed)
        abort();
    if (curl_url_set(parsed, CURLUPART_URL, url, 0) == CURLUE_OK &&
        curl_url_get(parsed, CURLUPART_HOST, &host, 0) == CURLUE_OK)
        for (size_t i = 0; i < ARRAY_LEN(names); i++)
            found = found || strcasecmp(host, names[i]) == 0;
    curl_free(host);
    curl_url_cleanup(parsed);
    return found;
}
