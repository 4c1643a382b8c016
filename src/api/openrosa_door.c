/* Who asks: by a token in the path, by Digest, by Basic over TLS, or nobody. */

#include "api/openrosa.h"

#include "codec/base64.h"
#include "codec/json_foreign.h"

#include <strings.h>

#define OPAQUE "5ce0e9a56015fec5aadfa328ae398115" /* RFC 2617: any; clients give it back */
#define CREDENTIALS_BYTES 256u

/* --- asking --- */

static const char *challenge(struct api_call *call, bool stale)
{
    struct rosa *rosa = call->door->rosa;
    char nonce[ROSA_NONCE_TEXT];

    rosa_nonce_make(nonce, rosa->secret, access_ticks_ms());
    return arena_printf(call->arena,
                        "WWW-Authenticate: Digest realm=\"" DEVICE_REALM
                        "\", domain=\"/openrosa\", nonce=\"%s\", opaque=\"" OPAQUE
                        "\", algorithm=MD5, qop=\"auth\"%s",
                        nonce, stale ? ", stale=true" : "");
}

bool rosa_ask(struct api_call *call, const struct rosa_asker *asker, const char *key, bool stale)
{
    rosa_say(call, asker, 401, key, NULL);
    size_t at = 0;
    while (call->response->headers[at])
        at++;
    call->response->headers[at++] = challenge(call, stale);
    if (call->request->secure) /* clients answer this one over TLS alone, and so it should be */
        call->response->headers[at] = "WWW-Authenticate: Basic realm=\"" DEVICE_REALM "\"";
    return true;
}

/* --- what is shown --- */

/* A failed try costs, so that nobody tries without end. */
static bool refuse(struct api_call *call, const struct rosa_asker *asker, bool by_token)
{
    static const char key[] = "phone.not_known";

    if (!access_within(call, call->door->sign_ins, 1, "tries"))
        return true;
    return by_token ? rosa_say(call, asker, 403, key, NULL) : rosa_ask(call, asker, key, false);
}

/* An address that ends in a slash, with a path put behind it, has two; some add one at the end. */
static struct span without_slashes(struct span path)
{
    while (path.len && path.at[0] == '/')
        path = span_from(path, 1);
    while (path.len && path.at[path.len - 1] == '/')
        path.len--;
    return path;
}

/* "key/TOKEN/": *rest is what follows. */
static bool take_token(struct api_call *call, struct rosa_asker *asker, bool *out_answered,
                       struct err *err)
{
    struct span rest = span_from(asker->rest, strlen("key/")), token;
    struct err missing = {0};

    if (!span_cut(&rest, '/', &token))
        token = rest, rest = (struct span){0};
    asker->rest = without_slashes(rest);
    asker->known = device_of_token(node_disk(call->node), token, &asker->device, &missing);
    if (!asker->known && missing.kind != ERR_MISSING) {
        *err = missing;
        return false;
    }
    asker->base = arena_printf(call->arena, "%s/key/%.*s", asker->base, SPAN_ARG(token));
    if (!asker->known || asker->device.removed)
        *out_answered = refuse(call, asker, true);
    return true;
}

/* Whether the URI that was signed is the one asked for; proxies and some clients write it whole. */
static bool is_target(const struct http_request *request, struct span uri)
{
    size_t len = request->path.len + (request->query.at ? 1 + request->query.len : 0);

    if (uri.len < len || (uri.len > len && !span_starts_with(uri, SPAN_LIT("http"))))
        return false;
    uri = span_from(uri, uri.len - len);
    return span_starts_with(uri, request->path) &&
           (!request->query.at ||
            (uri.at[request->path.len] == '?' && span_ends_with(uri, request->query)));
}

static bool find(struct api_call *call, struct span name, struct device *out, bool *out_found,
                 struct err *err)
{
    struct err missing = {0};

    *out_found = device_find(node_disk(call->node), name, out, &missing);
    if (!*out_found && missing.kind != ERR_MISSING)
        *err = missing;
    *out_found = *out_found && !out->removed;
    return missing.kind == ERR_NONE || missing.kind == ERR_MISSING;
}

static bool take_digest(struct api_call *call, struct span header, struct rosa_asker *asker,
                        bool *out_answered, struct err *err)
{
    struct rosa *rosa = call->door->rosa;
    struct rosa_digest digest;
    struct err malformed = {0};
    bool found;

    if (!rosa_digest_parse(&digest, header, call->arena, &malformed)) {
        *out_answered = rosa_ask(call, asker, "phone.not_known", false);
        return true;
    }
    if (!find(call, digest.username, &asker->device, &found, err))
        return false;
    asker->known = found && span_is(digest.realm, DEVICE_REALM) &&
                   is_target(call->request, digest.uri) &&
                   rosa_digest_holds(&digest, asker->device.ha1,
                                     call->request->head ? "HEAD" : call->request->method);
    enum rosa_nonce nonce = rosa_nonce_check(digest.nonce, rosa->secret, access_ticks_ms());
    /* A server that was started anew knows no nonce of before: that is no wrong password. */
    if (asker->known && nonce != ROSA_NONCE_HOLDS)
        *out_answered = rosa_ask(call, asker, "phone.devices", true);
    else if (!asker->known)
        *out_answered = refuse(call, asker, false);
    return true;
}

static bool take_basic(struct api_call *call, struct span base64, struct rosa_asker *asker,
                       bool *out_answered, struct err *err)
{
    struct span password, name;
    bool found = false;

    if (!base64_parse(&password, base64, CREDENTIALS_BYTES, call->arena) ||
        !span_cut(&password, ':', &name)) {
        *out_answered = refuse(call, asker, false);
        return true;
    }
    if (!find(call, name, &asker->device, &found, err))
        return false;
    asker->known = found && device_password_holds(&asker->device, password);
    if (!asker->known)
        *out_answered = refuse(call, asker, false);
    return true;
}

static bool begins_with(struct span text, const char *word)
{
    return text.len > strlen(word) && strncasecmp((const char *)text.at, word, strlen(word)) == 0;
}

/* --- addresses --- */

static bool is_host(struct span host)
{
    for (size_t i = 0; i < host.len; i++) {
        uint8_t c = host.at[i];
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (!letter && !strchr(".:-[]", c))
            return false;
    }
    return host.len > 0;
}

/* Clients use addresses as given: they must be whole. */
static const char *base_of(struct api_call *call)
{
    const char *url = node_settings(call->node)->url;
    struct span host = http_header(call->request, "Host");

    if (url[0])
        return arena_printf(call->arena, "%s/openrosa", url);
    if (!is_host(host))
        host = SPAN_LIT("localhost");
    return arena_printf(call->arena, "%s://%.*s/openrosa", call->request->secure ? "https" : "http",
                        SPAN_ARG(host));
}

/* Of a device, its own; else what the browser or program asks for. */
static struct span language_of(struct api_call *call, const struct rosa_asker *asker)
{
    struct span asked = http_query(call->request, "language");

    if (device_language_valid(asked))
        return asked;
    return asker->known ? arena_copy(call->arena, span_of(asker->device.language)) : SPAN_LIT("en");
}

static bool next_listed(struct span *rest, struct span *out)
{
    if (rest->len == 0)
        return false;
    if (!span_cut(rest, ',', out)) {
        *out = *rest;
        *rest = (struct span){0};
    }
    while (out->len && out->at[0] == ' ')
        *out = span_from(*out, 1);
    return true;
}

/* Dari is said to be Persian by phones that have no other name for it. */
static struct span language_of_tag(struct span tag)
{
    struct span rest = tag, language;

    if (!span_cut(&rest, '-', &language))
        language = tag;
    return span_is(language, "fa") ? SPAN_LIT("prs") : language;
}

/* Of "fa-AF, ur;q=0.8" the one that it would rather have of those that we have (RFC 9110 §12.5.4).
 */
static struct span accepted(struct api_call *call)
{
    struct span rest = http_header(call->request, "Accept-Language"), item, tag, best = {0};
    int64_t most = 0;

    while (next_listed(&rest, &item)) {
        int64_t quality = 1000;

        if (!span_cut(&item, ';', &tag))
            tag = item;
        else if (!span_starts_with(item, SPAN_LIT("q=")) ||
                 !foreign_scaled(&quality, span_from(item, strlen("q=")), 3, 1000))
            continue;
        if (quality > most && device_language_valid(language_of_tag(tag))) {
            best = language_of_tag(tag);
            most = quality;
        }
    }
    return best;
}

bool rosa_who(struct api_call *call, struct rosa_asker *out, bool *out_answered, struct err *err)
{
    struct span header = http_header(call->request, "Authorization");
    struct rosa_asker asker = {.rest = without_slashes(call->in_path.text),
                               .base = base_of(call),
                               .said_in = accepted(call)};
    bool ok = true;

    *out_answered = false;
    if (span_starts_with(asker.rest, SPAN_LIT("key/")))
        ok = take_token(call, &asker, out_answered, err);
    else if (begins_with(header, "Digest "))
        ok = take_digest(call, header, &asker, out_answered, err);
    else if (begins_with(header, "Basic ") && call->request->secure)
        ok = take_basic(call, span_from(header, strlen("Basic ")), &asker, out_answered, err);
    asker.language = language_of(call, &asker);
    if (!asker.said_in.len)
        asker.said_in = asker.language;
    *out = asker;
    return ok;
}
