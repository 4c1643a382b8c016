#include "net/http_client.h"

#include "base/buf.h"

#include <curl/curl.h>
#include <pthread.h>
#include <stdlib.h>

#define CONNECT_S 10L

static pthread_once_t started = PTHREAD_ONCE_INIT;

static void start(void)
{
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
        abort();
}

static size_t take(char *data, size_t one, size_t len, void *context)
{
    struct buf *body = context;

    buf_put(body, span_make(data, one * len));
    return body->full ? 0 : one * len; /* less than given ends the transfer */
}

/* An option is refused only by a libcurl without that feature: a fault of the build. */
#define SET(option, value)                                                                         \
    do {                                                                                           \
        if (curl_easy_setopt(curl, (option), (value)) != CURLE_OK)                                 \
            abort();                                                                               \
    } while (0)

static void set_up(CURL *curl, const struct http_call *call, struct buf *body,
                   struct curl_slist *headers)
{
    SET(CURLOPT_URL, call->url);
    SET(CURLOPT_PROTOCOLS_STR, "http,https");
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

bool http_do(const struct http_call *call, struct http_reply *reply, struct arena *arena,
             struct err *err)
{
    struct buf body = buf_in(arena, call->limit);
    char why[CURL_ERROR_SIZE] = "";
    long status = 0;

    assert(strcmp(call->method, "GET") == 0 || strcmp(call->method, "POST") == 0);
    assert(call->timeout_s > 0);
    pthread_once(&started, start);
    CURL *curl = curl_easy_init();
    if (!curl)
        abort();

    /* No "Expect: 100-continue": it only costs a second where it is not understood. */
    struct curl_slist *headers = header(NULL, "Expect:");
    if (call->type)
        headers = header(headers, arena_printf(arena, "Content-Type: %s", call->type));
    set_up(curl, call, &body, headers);
    SET(CURLOPT_ERRORBUFFER, why);

    CURLcode code = curl_easy_perform(curl);
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    curl_slist_free_all(headers);
    curl_easy_cleanup(curl);

    if (body.full)
        return err_set(err, ERR_LIMIT, "%s %s: the answer is larger than %zu bytes", call->method,
                       call->url, call->limit);
    if (code != CURLE_OK)
        return err_set(err, ERR_IO, "%s %s: %s", call->method, call->url,
                       why[0] ? why : curl_easy_strerror(code));
    *reply = (struct http_reply){.status = (int)status, .body = buf_span(&body)};
    return true;
}
