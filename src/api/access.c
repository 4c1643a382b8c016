/* Who asks, and what that one may have (doc/api.md, "Who may read what"). */

#include "api/call.h"
#include "api/credential.h"
#include "sys/clock.h"

#define HOW_TO "sulh sign-in prints an address that does it, and doc/api.md says how programs do"

int64_t access_ticks_ms(void)
{
    return (int64_t)(clock_ticks_ns() / 1000000);
}

/* As of the latest entry, whatever the call asks about: rights are never of the past. */
static bool latest_row(struct api_call *call, const char *table, struct span key,
                       const struct json **out, struct err *err)
{
    struct span bytes;

    *out = NULL;
    if (!store_get(call->reader, table, key, STORE_LATEST, &bytes, NULL, call->arena, err))
        return false;
    if (!bytes.at)
        return true;
    struct json *row = ARENA_NEW(call->arena, struct json);
    *out = row;
    return api_json(call, bytes, row, err) || err_wrap(err, "table %s", table);
}

bool access_key(struct api_call *call, const char *name, const struct json **out, const char **why,
                struct err *err)
{
    const struct json *row;

    *out = NULL;
    if (!latest_row(call, "key", span_of(name), &row, err))
        return false;
    struct span job = json_get_string(row, "job", (struct span){0});
    if (!row)
        *why = arena_printf(call->arena, "no key %s is admitted", name);
    else if (!span_is(job, "author") && !span_is(job, "node"))
        *why = arena_printf(call->arena, "%s is a key of job %.*s: authors and nodes sign in", name,
                            SPAN_ARG(job));
    else if (!span_is(json_get_string(row, "state", (struct span){0}), "active"))
        *why = arena_printf(call->arena, "the key %s was revoked", name);
    else
        *out = row;
    return true;
}

/* A program's token goes before a browser's. */
struct span access_token(const struct api_call *call)
{
    struct span authorization = http_header(call->request, "Authorization");

    return authorization.len
               ? credential_bearer(authorization)
               : credential_cookie(http_header(call->request, "Cookie"), call->door->cookie);
}

static bool take_token(struct api_call *call, struct span token, struct err *err)
{
    char *name = arena_alloc(call->arena, 104);
    const struct json *key;

    if (!sessions_find(call->door->sessions, token, access_ticks_ms(), name)) {
        call->turned_away = "the token is none of this node's, or has ended";
        return true;
    }
    if (!access_key(call, name, &key, &call->turned_away, err))
        return false;
    if (!key) {
        sessions_end_all(call->door->sessions, name);
        return true;
    }
    call->signed_in = true;
    call->who = name;
    call->who_org = json_get_string(key, "org", (struct span){0});
    return true;
}

bool access_identify(struct api_call *call, struct err *err)
{
    const struct json *head;

    if (!api_head(call, STORE_LATEST, &head, err))
        return false;
    call->entries_public = span_is(json_get_string(head, "entries", (struct span){0}), "public");
    if (call->request->local) {
        call->signed_in = true;
        return true;
    }
    struct span token = access_token(call);
    return token.len == 0 || take_token(call, token, err);
}

bool access_node(struct api_call *call, const char **out, struct err *err)
{
    const struct json *key;
    const char *why;

    *out = NULL;
    if (!call->who)
        return true;
    if (!access_key(call, call->who, &key, &why, err))
        return false;
    if (span_is(json_get_text(key, "job"), "node"))
        *out = call->who;
    return true;
}

bool access_reads(const struct api_call *call)
{
    return call->signed_in || call->entries_public;
}

/* A program that shows a token wants to be whom it stands for, and is told when it is not. */
bool access_allows(const struct api_call *call)
{
    bool turned_away = call->turned_away && http_header(call->request, "Authorization").len > 0;

    return (call->route->may == API_ANYONE || access_reads(call)) && !turned_away;
}

void access_refuse(struct api_call *call)
{
    const char *why = call->turned_away ? call->turned_away : "this is for the participants";

    http_error(call->request, call->response, 401, "%s: sign in; " HOW_TO, why);
    call->response->headers[0] = "WWW-Authenticate: Bearer";
}

bool access_within(struct api_call *call, struct limiter *limiter, uint32_t cost, const char *what)
{
    uint32_t wait_s = call->signed_in
                          ? 0
                          : limiter_take(limiter, call->request->address, cost, access_ticks_ms());

    if (wait_s == 0)
        return true;
    http_error(call->request, call->response, 429,
               "too many %s from one address that has not signed in: again in %" PRIu32 " seconds",
               what, wait_s);
    call->response->headers[0] = arena_printf(call->arena, "Retry-After: %" PRIu32, wait_s);
    return false;
}
