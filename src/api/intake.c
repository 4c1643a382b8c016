#include "api/intake.h"
#include "api/call.h"

#include "base/calendar.h"
#include "codec/hex.h"
#include "codec/json_foreign.h"
#include "crypto/hash.h"
#include "forms/intake.h"
#include "journal/in_force.h"
#include "ledger/note.h"

/*
 * POST /intake/sms: a message of a telephone, by a gateway (doc/flash.md). Gateways differ in what
 * they call things, and in whether they send a form or JSON.
 */

#define CLOCKS_DIFFER_MS (10 * MS_PER_MINUTE)
#define SECONDS_MOST INT64_C(100000000000) /* what is more is milliseconds */

enum { SMS_FROM, SMS_TEXT, SMS_ID, SMS_RECEIVED, SMS_TOKEN, SMS_FIELDS };
static const char *const names[SMS_FIELDS][7] = {
    [SMS_FROM] = {"from", "sender", "phone", "phoneNumber", "msisdn", "number"},
    [SMS_TEXT] = {"text", "message", "content", "body"},
    [SMS_ID] = {"id", "message_id", "messageId", "sms_id"},
    [SMS_RECEIVED] = {"received", "receivedAt", "received_at", "sent_timestamp", "timestamp"},
    [SMS_TOKEN] = {"token", "secret"},
};

struct sms {
    struct span field[SMS_FIELDS];
};

static void take(struct sms *sms, struct span name, struct span value)
{
    for (size_t i = 0; i < SMS_FIELDS; i++)
        for (size_t n = 0; n < ARRAY_LEN(names[i]) && names[i][n]; n++)
            if (span_is(name, names[i][n]) && !sms->field[i].len)
                sms->field[i] = value;
}

static bool read_form(struct sms *sms, struct api_call *call, struct err *err)
{
    struct span rest = call->request->body;
    struct http_parameter field;

    while (http_query_next(&rest, &field, call->arena)) {
        if (!field.valid)
            return err_set(err, ERR_USAGE, "a field of the form is no UTF-8 text");
        take(sms, field.name, field.value);
    }
    return true;
}

static void take_object(struct sms *sms, const struct foreign *object)
{
    for (size_t i = 0; object && object->type == FOREIGN_OBJECT && i < object->object.count; i++) {
        const struct foreign_member *member = &object->object.at[i];

        if (member->value.type == FOREIGN_STRING || member->value.type == FOREIGN_NUMBER)
            take(sms, member->key, member->value.text);
    }
}

/* Some put it all into `payload`. What they say besides, in whatever form, is passed over. */
static bool read_json(struct sms *sms, struct api_call *call, struct err *err)
{
    struct foreign object;

    if (!foreign_parse(&object, call->request->body, call->arena, err)) {
        err->kind = ERR_USAGE;
        return false;
    }
    take_object(sms, foreign_get(&object, "payload"));
    take_object(sms, &object);
    return true;
}

static bool is_json(const struct api_call *call)
{
    return span_starts_with(http_header(call->request, "Content-Type"),
                            SPAN_LIT("application/json"));
}

/* --- who may --- */

static bool is_token(struct span given, const char *known)
{
    char text[2 * HASH_BYTES + 1];
    struct hash hash = hash_of(given);

    hex_text(text, hash_span(&hash));
    return given.len > 0 && known[0] && strcmp(text, known) == 0;
}

/* In a header or a field. Not in Authorization, which says who has signed in here. */
static bool may_send(const struct api_call *call, const struct sms *sms)
{
    const char *known = node_settings(call->node)->messages;

    return call->request->local || is_token(sms->field[SMS_TOKEN], known) ||
           is_token(http_header(call->request, "X-Gateway-Token"), known);
}

/* --- when --- */

/* Milliseconds or seconds since 1970, with or without a fraction, or ISO 8601. What a gateway says
 * is in the future it received now. */
static int64_t received_of(struct span text, int64_t now_ms)
{
    int64_t at_ms, scaled;
    int offset;

    if (foreign_scaled(&scaled, text, 3, INT64_MAX / 10) && scaled >= 0)
        at_ms = scaled < SECONDS_MOST * 1000 ? scaled : scaled / 1000;
    else if (!calendar_parse_time(&at_ms, &offset, text))
        at_ms = now_ms;
    return at_ms > now_ms + CLOCKS_DIFFER_MS ? now_ms : at_ms;
}

/* --- the answer --- */

bool intake_book(struct flash_book *out, struct store_reader *reader, struct arena *arena,
                 struct err *err)
{
    struct json *terms = ARENA_NEW(arena, struct json), *head = ARENA_NEW(arena, struct json);
    struct span row;
    int64_t version;

    *terms = *head = json_object();
    return in_force_version(reader, STORE_LATEST, &version, arena, err) &&
           in_force_terms(reader, version, STORE_LATEST, terms, arena, err) &&
           in_force_term(reader, "agreement", STORE_LATEST, &row, arena, err) &&
           (!row.at || json_parse(head, row, arena, err)) &&
           flash_book_make(out, span_make(flash_words, flash_words_len), terms, head, arena, err);
}

static void put_answer(struct api_call *call, const struct sms *sms,
                       const struct intake_answer *answer)
{
    struct json out = json_object();

    json_set_string(&out, "answer", answer->text, call->arena);
    json_set_integer(&out, "messages", flash_messages(answer->text), call->arena);
    json_set_string(&out, "state", answer->state, call->arena);
    json_set_string(&out, "to", sms->field[SMS_FROM], call->arena);
    call->response->body = json_bytes(&out, call->arena);
}

/* As it came, but for the gateway's token: then what it says without that. */
static struct span bytes_of(struct api_call *call, const struct sms *sms)
{
    struct json out = json_object();

    if (!sms->field[SMS_TOKEN].len)
        return call->request->body;
    for (size_t i = 0; i < SMS_FIELDS; i++)
        if (i != SMS_TOKEN && json_text_valid(sms->field[i]))
            json_set_string(&out, names[i][0], sms->field[i], call->arena);
    return json_bytes(&out, call->arena);
}

static bool take_sms(struct api_call *call, const struct sms *sms, struct err *err)
{
    const struct intake_message message = {
        .channel = SPAN_LIT("sms"),
        .id = sms->field[SMS_ID],
        .from = sms->field[SMS_FROM],
        .text = sms->field[SMS_TEXT],
        .received_ms = received_of(sms->field[SMS_RECEIVED], clock_now_ms(node_clock(call->node))),
    };
    struct intake_answer answer;
    struct flash_book book;
    struct err fault = {0};

    if (!intake_book(&book, call->reader, call->arena, err))
        return false;
    if (intake_take(call->door->intake, &book, &message, &answer, call->arena, &fault)) {
        put_answer(call, sms, &answer);
        return true;
    }
    if (fault.kind == ERR_IO) {
        *err = fault;
        return false;
    }
    http_error(call->request, call->response, fault.kind == ERR_CONFLICT ? 409 : 400, "%s",
               fault.text);
    return !call->door->quarantine ||
           intake_quarantine(call->door->quarantine, call->node, bytes_of(call, sms), "sms",
                             message.from, &fault, call->arena, err);
}

bool intake_sms_answer(struct api_call *call, struct err *err)
{
    struct sms sms = {0};

    if (!node_holds(call->node))
        return err_set(err, ERR_IO, "this node takes no messages now: another process holds it");
    if (is_json(call) ? !read_json(&sms, call, err) : !read_form(&sms, call, err))
        return false;
    if (!may_send(call, &sms)) {
        http_error(call->request, call->response, 401,
                   "messages are taken from who shows the token that sulh sender token made");
        return true;
    }
    return take_sms(call, &sms, err);
}
