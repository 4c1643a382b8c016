#include "net/sign_in.h"

#include "codec/hex.h"
#include "ledger/statement.h"

#define ANSWER_BYTES 4096u
#define STATEMENT_TYPE "application/vnd.sulh.statement"
#define SECRET_BYTES 32u /* of nonce, token and code */

/* The member of this name, if it is hex of 32 bytes. */
static bool hex_member(struct span *out, const char *name, struct span answer, struct arena *arena,
                       struct err *err)
{
    uint8_t bytes[SECRET_BYTES];
    struct json object;

    if (!json_parse(&object, answer, arena, err))
        return false;
    struct span text = json_get_string(&object, name, (struct span){0});
    if (!hex_parse(bytes, sizeof bytes, text))
        return err_set(err, ERR_MALFORMED, "the answer has no %s of 64 hex digits", name);
    *out = text;
    return true;
}

bool sign_in_statement(struct span *out, const struct sign_in *how, struct span answer,
                       struct arena *arena, struct err *err)
{
    struct json members = json_object();
    struct span nonce;

    if (!hex_member(&nonce, "nonce", answer, arena, err))
        return false;
    json_set_integer(&members, "at_ms", how->now_ms, arena);
    json_set_string(&members, "node", span_of(how->node), arena);
    json_set_string(&members, "nonce", nonce, arena);
    *out = statement_sign(how->agreement, "sign-in", &members, how->signer, arena);
    return true;
}

/* What the node gave as its reason, for a person. */
static bool refused(const struct http_call *call, const struct http_reply *reply,
                    struct arena *arena, struct err *err)
{
    struct json object;
    struct err none = {0};
    struct span reason = {0};

    if (json_parse(&object, reply->body, arena, &none))
        reason = json_get_string(&object, "error", reason);
    return err_set(err, ERR_REFUSED, "%s: %d %.*s", call->url, reply->status, SPAN_ARG(reason));
}

static bool ask(const struct sign_in *how, struct http_call *call, const char *path,
                struct span *out, struct arena *arena, struct err *err)
{
    struct http_reply reply;

    call->client = how->client;
    call->url = arena_printf(arena, "%s%s", how->url, path);
    call->pin = how->pin;
    call->limit = ANSWER_BYTES;
    call->timeout_s = how->timeout_s;
    if (!http_do(call, &reply, arena, err))
        return false;
    *out = reply.body;
    return reply.status == 200 || refused(call, &reply, arena, err);
}

static bool exchange(const struct sign_in *how, struct span *out, struct arena *arena,
                     struct err *err)
{
    struct http_call get = {.method = "GET"};
    struct http_call post = {.method = "POST", .type = STATEMENT_TYPE};
    const char *path = how->for_browser ? "/sign-in?for=browser" : "/sign-in";
    struct span answer;

    return ask(how, &get, "/sign-in/nonce", &answer, arena, err) &&
           sign_in_statement(&post.body, how, answer, arena, err) &&
           ask(how, &post, path, &answer, arena, err) &&
           hex_member(out, how->for_browser ? "code" : "token", answer, arena, err);
}

bool sign_in(const struct sign_in *how, char out[65], struct err *err)
{
    struct arena arena = {0};
    struct span text;

    if (!how->pin && !http_url_is_loopback(how->url))
        return err_set(err, ERR_REFUSED,
                       "%s: sign in over https, with the node's certificate pinned: anybody can "
                       "stand between",
                       how->url);
    bool ok = exchange(how, &text, &arena, err);
    if (ok)
        memcpy(out, arena_text(&arena, text), 2 * SECRET_BYTES + 1);
    arena_free(&arena);
    return ok;
}
