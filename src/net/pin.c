#include "net/pin.h"

#include "base/calendar.h"
#include "codec/hex.h"
#include "ledger/statement.h"

#define ANSWER_BYTES 8192u

struct span pin_sign(const struct pin *pin, struct span agreement, const struct note_signer *node,
                     struct arena *arena)
{
    char certificate[2 * HASH_BYTES + 1];
    struct json members = json_object();

    hex_text(certificate, hash_span(&pin->certificate.certificate));
    json_set_string(&members, "certificate", span_of(certificate), arena);
    json_set_integer(&members, "from_ms", pin->from_ms, arena);
    json_set_integer(&members, "to_ms", pin->to_ms, arena);
    return statement_sign(agreement, "pin", &members, node, arena);
}

static struct pin read_members(const struct json *members)
{
    struct pin pin = {
        .from_ms = json_get_integer(members, "from_ms", 0),
        .to_ms = json_get_integer(members, "to_ms", 0),
    };
    bool ok = hex_parse(pin.certificate.certificate.bytes, HASH_BYTES,
                        json_get_string(members, "certificate", (struct span){0}));

    assert(ok); /* statement_parse has seen to it */
    (void)ok;
    return pin;
}

static bool check_time(const struct pin *pin, int64_t now_ms, struct err *err)
{
    char from[CALENDAR_TEXT], to[CALENDAR_TEXT];

    if (now_ms >= pin->from_ms && now_ms <= pin->to_ms)
        return true;
    calendar_format(from, pin->from_ms, 0);
    calendar_format(to, pin->to_ms, 0);
    return err_set(err, ERR_REFUSED, "the pin is good from %s to %s, which is not now", from, to);
}

bool pin_check(struct pin *out, struct span bytes, const struct pin_node *node, int64_t now_ms,
               struct arena *arena, struct err *err)
{
    struct statement statement;

    if (!statement_parse(&statement, bytes, arena, err))
        return false;
    if (!span_is(statement.word, "pin"))
        return err_set(err, ERR_MALFORMED, "the statement is a %.*s, not a pin",
                       SPAN_ARG(statement.word));
    if (!span_equal(statement.agreement, node->agreement))
        return err_set(err, ERR_REFUSED, "the pin is of a node of %.*s, not of %.*s",
                       SPAN_ARG(statement.agreement), SPAN_ARG(node->agreement));
    if (!statement_verify(&statement, node->key))
        return err_set(err, ERR_REFUSED, "the pin is not signed by %s with the key it has here",
                       node->key->name);
    struct pin pin = read_members(&statement.members);
    if (!check_time(&pin, now_ms, err))
        return false;
    *out = pin;
    return true;
}

static bool fetch(struct span *out, struct http_pin *shown, const char *url, unsigned timeout_s,
                  struct arena *arena, struct err *err)
{
    struct http_call call = {
        .url = arena_printf(arena, "%s/pin", url),
        .out_pin = shown,
        .method = "GET",
        .limit = ANSWER_BYTES,
        .timeout_s = timeout_s,
    };
    struct http_reply reply;

    if (!http_do(&call, &reply, arena, err))
        return false;
    *out = reply.body;
    return reply.status == 200 ||
           err_set(err, ERR_REFUSED, "%s was answered with %d", call.url, reply.status);
}

bool pin_fetch(struct pin *out, const char *url, const struct pin_node *node, int64_t now_ms,
               unsigned timeout_s, struct err *err)
{
    struct arena arena = {0};
    struct http_pin shown;
    struct span statement;
    struct pin pin;
    bool ok = fetch(&statement, &shown, url, timeout_s, &arena, err) &&
              (pin_check(&pin, statement, node, now_ms, &arena, err) || err_wrap(err, "%s", url));

    if (ok && !hash_equal(shown.certificate, pin.certificate.certificate))
        ok = err_set(err, ERR_REFUSED,
                     "%s shows another certificate than %s pins: somebody stands between", url,
                     node->key->name);
    if (ok)
        *out = pin;
    arena_free(&arena);
    return ok;
}
