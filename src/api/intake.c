#include "api/intake.h"

#include "api/call.h"
#include "api/sms.h"

#include "base/calendar.h"
#include "codec/hex.h"
#include "codec/json_foreign.h"
#include "crypto/hash.h"
#include "feed/when.h"
#include "forms/intake.h"
#include "forms/xml.h"
#include "journal/in_force.h"
#include "ledger/note.h"

/* POST /intake/sms: a message of a telephone, by a gateway (doc/flash.md). */

#define CLOCKS_DIFFER_MS (10 * MS_PER_MINUTE)
#define SECONDS_MOST INT64_C(100000000000) /* what is more is milliseconds */

/* --- who may --- */

static bool is_token(struct span given, const char *known)
{
    char text[2 * HASH_BYTES + 1];
    struct hash hash = hash_of(given);

    hex_text(text, hash_span(&hash));
    return given.len > 0 && known[0] && strcmp(text, known) == 0;
}

/* In a header or a field, also of the address. Not in Authorization, which says who has signed in
 * here. */
static bool may_send(const struct api_call *call, const struct sms *sms)
{
    const char *known = node_settings(call->node)->messages;

    return call->request->local || is_token(sms->field[SMS_TOKEN], known) ||
           is_token(http_header(call->request, "X-Gateway-Token"), known);
}

/* --- when --- */

/* Milliseconds or seconds since 1970, with or without a fraction, or ISO 8601 with a zone. What a
 * gateway says is in the future, or on a clock that is not known, it received now. */
static int64_t received_of(struct span text, int64_t now_ms)
{
    int64_t at_ms, scaled;
    struct zone zone;

    if (foreign_scaled(&scaled, text, 3, INT64_MAX / 10) && scaled >= 0)
        at_ms = scaled < SECONDS_MOST * 1000 ? scaled : scaled / 1000;
    else if (!when_moment(&at_ms, &zone, text, zone_of((struct span){0})) || zone.doubt_ms)
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

/* What SMSSync waits for, else it sends the message again; and it sends what it is given. */
static struct json for_sync(struct api_call *call, const struct sms *sms,
                            const struct intake_answer *answer)
{
    struct json payload = json_object(), list = json_array(), one = json_object();

    json_set_string(&payload, "success", SPAN_LIT("true"), call->arena);
    if (!answer->text.len)
        return payload;
    json_set_string(&one, "to", sms->field[SMS_FROM], call->arena);
    json_set_string(&one, "message", answer->text, call->arena);
    json_push(&list, one, call->arena);
    json_set_string(&payload, "task", SPAN_LIT("send"), call->arena);
    json_set(&payload, "messages", list, call->arena);
    return payload;
}

static void put_json(struct api_call *call, const struct sms *sms,
                     const struct intake_answer *answer)
{
    struct json out = json_object();

    json_set_string(&out, "answer", answer->text, call->arena);
    json_set_integer(&out, "messages", flash_messages(answer->text), call->arena);
    json_set_string(&out, "state", answer->state, call->arena);
    json_set_string(&out, "to", sms->field[SMS_FROM], call->arena);
    if (sms->answer == SMS_SYNC)
        json_set(&out, "payload", for_sync(call, sms, answer), call->arena);
    call->response->body = json_bytes(&out, call->arena);
}

#define MARKUP_BYTES 200u /* round an answer, and what escaping adds is six bytes for one */

/* twilio.com/docs/messaging/twiml */
static void put_twiml(struct api_call *call, struct span text)
{
    struct buf out = buf_in(call->arena, MARKUP_BYTES + 6 * text.len);
    struct xml_writer w = xml_writer_over(&out);

    xml_open(&w, "Response");
    if (text.len)
        xml_leaf(&w, "Message", text);
    xml_close(&w);
    assert(!out.full);
    call->response->type = "text/xml; charset=utf-8";
    call->response->body = buf_span(&out);
}

static void put_answer(struct api_call *call, const struct sms *sms,
                       const struct intake_answer *answer)
{
    if (sms->answer == SMS_TWIML) {
        put_twiml(call, answer->text);
    } else if (sms->answer == SMS_PLAIN) {
        call->response->type = "text/plain; charset=utf-8";
        call->response->body = answer->text;
    } else {
        put_json(call, sms, answer);
    }
}

/* Some write +93701234567 without its +. Who is registered by the one is meant by the other, unless
 * somebody is registered by that. A number that begins with 0 is of a country, which nobody says.
 */
static bool find_number(struct api_call *call, struct span from, struct span *out, struct err *err)
{
    struct span with = span_of(arena_printf(call->arena, "+%.*s", SPAN_ARG(from)));
    struct disk *disk = node_disk(call->node);
    struct intake_sender sender;
    bool known = true;

    *out = from;
    if (!from.len || from.at[0] < '1' || from.at[0] > '9')
        return true;
    if (!intake_sender_of(disk, from, &sender, &known, call->arena, err))
        return false;
    if (known)
        return true;
    if (!intake_sender_of(disk, with, &sender, &known, call->arena, err))
        return false;
    *out = known ? with : from;
    return true;
}

/* As it came, but for the gateway's token: then what it says without that. */
static struct span bytes_of(struct api_call *call, const struct sms *sms)
{
    struct json out = json_object();

    if (!sms->field[SMS_TOKEN].len)
        return call->request->body;
    for (size_t i = 0; i < SMS_FIELDS; i++)
        if (i != SMS_TOKEN && json_text_valid(sms->field[i]))
            json_set_string(&out, sms_field_name((unsigned)i), sms->field[i], call->arena);
    return json_bytes(&out, call->arena);
}

static bool take_sms(struct api_call *call, const struct sms *sms, struct err *err)
{
    struct intake_message message = {
        .channel = SPAN_LIT("sms"),
        .id = sms->field[SMS_ID],
        .from = sms->field[SMS_FROM],
        .text = sms->field[SMS_TEXT],
        .received_ms = received_of(sms->field[SMS_RECEIVED], clock_now_ms(node_clock(call->node))),
    };
    struct intake_answer answer;
    struct flash_book book;
    struct err fault = {0};

    if (!find_number(call, sms->field[SMS_FROM], &message.from, err) ||
        !intake_book(&book, call->reader, call->arena, err))
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
    if (!sms_parse(&sms, http_header(call->request, "Content-Type"), call->request->query,
                   call->request->body, call->arena, err))
        return false;
    if (!may_send(call, &sms)) {
        http_error(call->request, call->response, 401,
                   "messages are taken from who shows the token that sulh sender token made");
        return true;
    }
    return take_sms(call, &sms, err);
}
