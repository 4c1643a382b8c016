/* Signing in by key (doc/format.md §6.1, `sign-in`): the client builds and signs a statement
 * in which nothing but the nonce is ours. Nothing that is sent here is ever signed here. */

#include "api/call.h"

#include "ledger/statement.h"

#define CLOCKS_APART_MS INT64_C(300000)
#define CODE_BYTES 1024u

/* An answer to one person, to be kept by nobody. */
static bool answer(struct api_call *call, const struct json *value)
{
    call->response->cache = "no-store";
    call->response->body = json_bytes(value, call->arena);
    return true;
}

static bool refuse(struct api_call *call, int status, const char *why)
{
    http_error(call->request, call->response, status, "%s", why);
    return true;
}

bool pin_answer(struct api_call *call, struct err *err)
{
    pthread_mutex_lock(&call->door->pin_lock);
    struct span pin = arena_copy(call->arena, span_of(call->door->pin));
    pthread_mutex_unlock(&call->door->pin_lock);
    return pin.len > 0 ? api_answer_bytes(call, pin)
                       : err_set(err, ERR_MISSING,
                                 "this node is reached from its own machine alone, and pins no "
                                 "certificate");
}

bool nonce_answer(struct api_call *call, struct err *err)
{
    struct json out = json_object();
    char nonce[SESSION_TEXT];

    (void)err;
    sessions_nonce(call->door->sessions, access_ticks_ms(), nonce);
    json_set_string(&out, "nonce", arena_copy(call->arena, span_of(nonce)), call->arena);
    return answer(call, &out);
}

/* --- a statement ---------------------------------------------------------- */

/* What can be said of it before its key is looked for; NULL: nothing is wrong. */
static const char *wrong_statement(const struct api_call *call, const struct statement *statement)
{
    const struct settings *settings = node_settings(call->node);
    struct span node = json_get_string(&statement->members, "node", (struct span){0});
    int64_t ahead_ms =
        json_get_integer(&statement->members, "at_ms", 0) - clock_now_ms(node_clock(call->node));

    if (!span_is(statement->agreement, settings->agreement))
        return arena_printf(call->arena, "the statement is of the agreement %.*s, and this is %s",
                            SPAN_ARG(statement->agreement), settings->agreement);
    if (!span_is(node, settings->name))
        return arena_printf(call->arena, "the statement is for the node %.*s, and this is %s",
                            SPAN_ARG(node), settings->name);
    if (ahead_ms > CLOCKS_APART_MS || ahead_ms < -CLOCKS_APART_MS)
        return arena_printf(call->arena,
                            "the statement's clock is %" PRId64 " seconds %s this node's, and "
                            "%" PRId64 " are allowed: set it right, or ask for this one to be",
                            (ahead_ms < 0 ? -ahead_ms : ahead_ms) / 1000,
                            ahead_ms < 0 ? "behind" : "ahead of", CLOCKS_APART_MS / 1000);
    return NULL;
}

/* Whose it is, and what is wrong with that; *why NULL: nothing. */
static bool check_signature(struct api_call *call, const struct statement *statement,
                            const char *name, const struct json **key, const char **why,
                            struct err *err)
{
    struct note_key vkey;

    *why = NULL;
    if (!access_key(call, name, key, why, err))
        return false;
    if (!*key)
        return true;
    if (!note_key_parse(&vkey, json_get_string(*key, "vkey", (struct span){0}), err))
        return err_wrap(err, "the key %s in the store", name);
    if (!statement_verify(statement, &vkey))
        *why = arena_printf(call->arena, "the signature is not that of the key %s", name);
    return true;
}

static const char *nonce_reason(enum nonce_verdict verdict)
{
    switch (verdict) {
    case NONCE_HOLDS:
        break;
    case NONCE_FOREIGN:
        return "the nonce is none that this node gave since it was started";
    case NONCE_OLD:
        return "the nonce is more than two minutes old: ask for another";
    case NONCE_USED:
        return "the nonce was used before: ask for another";
    case NONCE_BUSY:
        return "too many have signed in in the last two minutes: try again later";
    }
    return NULL;
}

/* --- what follows from it --------------------------------------------------- */

static void put_who(struct api_call *call, struct json *out, const char *name, struct span org)
{
    json_set_string(out, "name", span_of(name), call->arena);
    json_set_string(out, "org", org, call->arena);
}

static void set_cookie(struct api_call *call, const char *token, const char *more)
{
    call->response->headers[0] =
        arena_printf(call->arena, "Set-Cookie: %s=%s; Path=/; HttpOnly; SameSite=Strict%s%s",
                     call->door->cookie, token, call->request->secure ? "; Secure" : "", more);
}

static bool start_session(struct api_call *call, bool browser, const char *name, struct span org)
{
    struct json out = json_object();
    char text[SESSION_TEXT];

    sessions_start(call->door->sessions, browser ? SESSION_CODE : SESSION_TOKEN, name,
                   access_ticks_ms(), text);
    put_who(call, &out, name, org);
    json_set_string(&out, browser ? "code" : "token", arena_copy(call->arena, span_of(text)),
                    call->arena);
    json_set_integer(&out, "idle_ms", browser ? SESSION_CODE_MS : SESSION_IDLE_MS, call->arena);
    json_set_integer(&out, "most_ms", browser ? SESSION_CODE_MS : SESSION_MOST_MS, call->arena);
    return answer(call, &out);
}

static bool is_for_browser(struct api_call *call, bool *out, struct err *err)
{
    const struct api_value *use = api_value(call, "for");

    *out = use->given && span_is(use->text, "browser");
    return !use->given || *out || span_is(use->text, "program") ||
           err_set(err, ERR_USAGE, "for is \"%.*s\": give browser or program", SPAN_ARG(use->text));
}

static bool may_try(struct api_call *call)
{
    return access_within(call, call->door->sign_ins, 1, "sign-ins");
}

/* The nonce goes last: one whose signature does not hold uses none up. */
bool sign_in_answer(struct api_call *call, struct err *err)
{
    struct statement statement;
    struct err malformed = {0};
    const struct json *key;
    const char *why;
    bool browser;

    if (!may_try(call))
        return true;
    if (!is_for_browser(call, &browser, err))
        return false;
    if (!statement_parse(&statement, call->request->body, call->arena, &malformed))
        return refuse(call, 400, malformed.text);
    if (!span_is(statement.word, "sign-in"))
        return refuse(call, 400, "the statement is not a sign-in (doc/format.md §6.1)");
    if ((why = wrong_statement(call, &statement)) != NULL)
        return refuse(call, 403, why);

    const char *name = arena_text(call->arena, statement.note.line[0].name);
    if (!check_signature(call, &statement, name, &key, &why, err))
        return false;
    if (why)
        return refuse(call, 403, why);
    enum nonce_verdict nonce = sessions_use_nonce(
        call->door->sessions, json_get_string(&statement.members, "nonce", (struct span){0}),
        access_ticks_ms());
    if (nonce != NONCE_HOLDS)
        return refuse(call, nonce == NONCE_BUSY ? 503 : 403, nonce_reason(nonce));
    return start_session(call, browser, name, json_get_string(key, "org", (struct span){0}));
}

/* What the page does with the code behind the # of the address. */
bool sign_in_code_answer(struct api_call *call, struct err *err)
{
    struct json body, out = json_object();
    struct err malformed = {0};
    const struct json *key;
    char token[SESSION_TEXT], name[104];
    const char *why = "the code was used before, or is more than two minutes old: sign in again";

    if (!may_try(call))
        return true;
    if (!json_parse(&body, call->request->body, call->arena, &malformed))
        return refuse(call, 400, malformed.text);
    struct span code = json_get_string(&body, "code", (struct span){0});
    if (!sessions_redeem(call->door->sessions, code, access_ticks_ms(), token, name))
        return refuse(call, 403, why);
    if (!access_key(call, name, &key, &why, err))
        return false;
    if (!key) {
        sessions_end_all(call->door->sessions, name);
        return refuse(call, 403, why);
    }
    set_cookie(call, token, "");
    put_who(call, &out, arena_text(call->arena, span_of(name)),
            json_get_string(key, "org", (struct span){0}));
    return answer(call, &out);
}

bool sign_out_answer(struct api_call *call, struct err *err)
{
    struct json out = json_object();

    (void)err;
    sessions_end(call->door->sessions, access_token(call));
    set_cookie(call, "", "; Max-Age=0");
    return answer(call, &out);
}
