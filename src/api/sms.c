#include "api/sms.h"

#include "codec/charset.h"
#include "codec/json_foreign.h"
#include "codec/multipart.h"
#include "codec/utf8.h"
#include "net/http.h"

/* In any case of their letters: Twilio writes From and Body. */
#define NAMES 10
static const char *const names[SMS_FIELDS][NAMES] = {
    [SMS_FROM] = {"from", "sender", "phone", "phoneNumber", "phone_number", "msisdn", "number",
                  "contact"},
    [SMS_TEXT] = {"text", "message", "content", "body"},
    [SMS_ID] = {"id", "message_id", "messageId", "sms_id", "MessageSid", "SmsSid", "message_uuid"},
    [SMS_RECEIVED] = {"received", "receivedAt", "received_at", "receivedStamp", "sent_timestamp",
                      "timestamp", "sentStamp"},
    [SMS_TOKEN] = {"token", "secret"},
};

const char *sms_field_name(unsigned field)
{
    assert(field < SMS_FIELDS);
    return names[field][0];
}

/* What only one gateway says. */
static const struct {
    const char *name;
    enum sms_answer answer;
} tongues[] = {{"MessageSid", SMS_TWIML}, {"sent_to", SMS_SYNC}};

struct reading {
    struct sms sms;
    size_t rank[SMS_FIELDS]; /* of the name that a field was said under */
};

static void take(struct reading *r, struct span name, struct span value)
{
    for (size_t i = 0; i < SMS_FIELDS; i++)
        for (size_t n = 0; n < NAMES && names[i][n]; n++)
            if (value.len && span_is_caseless(name, names[i][n]) &&
                (!r->sms.field[i].len || n < r->rank[i])) {
                r->sms.field[i] = value;
                r->rank[i] = n;
            }
    for (size_t i = 0; i < ARRAY_LEN(tongues); i++)
        if (span_is_caseless(name, tongues[i].name))
            r->sms.answer = tongues[i].answer;
}

/* What one place says goes before what the next one does, under whatever names. */
static void keep(struct reading *r)
{
    for (size_t i = 0; i < SMS_FIELDS; i++)
        if (r->sms.field[i].len)
            r->rank[i] = 0;
}

static bool read_form(struct reading *r, struct span rest, struct arena *arena, struct err *err)
{
    struct http_parameter field;

    while (http_query_next(&rest, &field, arena)) {
        if (!field.valid)
            return err_set(err, ERR_USAGE, "a field of the form is no UTF-8 text");
        take(r, field.name, field.value);
    }
    return true;
}

static bool read_multipart(struct reading *r, struct span type, struct span body,
                           struct arena *arena, struct err *err)
{
    struct multipart_part *part;
    size_t count;

    if (!multipart_parse(&part, &count, type, body, arena, err)) {
        err->kind = ERR_USAGE;
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        if (part[i].has_filename)
            continue;
        if (!utf8_valid(part[i].bytes))
            return err_set(err, ERR_USAGE, "a field of the form is no UTF-8 text");
        take(r, part[i].name, part[i].bytes);
    }
    return true;
}

/* --- JSON --- */

/* What they say besides, in whatever form, is passed over. */
static void take_object(struct reading *r, const struct foreign *object)
{
    for (size_t i = 0; object && object->type == FOREIGN_OBJECT && i < object->object.count; i++) {
        const struct foreign_member *member = &object->object.at[i];

        if (member->value.type == FOREIGN_STRING || member->value.type == FOREIGN_NUMBER)
            take(r, member->key, member->value.text);
    }
}

/* A message in an envelope: of SMS Gateway for Android, of events (CloudEvents), and of those that
 * would send some at once (Infobip). *out NULL: there is none. */
static bool find_envelope(const struct foreign **out, const struct foreign *object, struct err *err)
{
    static const char *const envelopes[] = {"payload", "data"};
    const struct foreign *results = foreign_get(object, "results");

    *out = NULL;
    for (size_t i = 0; i < ARRAY_LEN(envelopes) && !*out; i++)
        *out = foreign_get(object, envelopes[i]);
    if (*out || !results || results->type != FOREIGN_ARRAY)
        return true;
    if (results->array.count != 1)
        return err_set(err, ERR_USAGE, "%zu messages in one post: send each alone",
                       (size_t)results->array.count);
    *out = &results->array.at[0];
    return true;
}

static bool says(struct span text, const char *word)
{
    return text.len && memmem(text.at, text.len, word, strlen(word)) != NULL;
}

/* Some tell of what they sent, too, and that would come back as if the other had written it. */
static bool check_event(const struct foreign *object, struct err *err)
{
    static const char *const members[] = {"event", "type"};

    for (size_t i = 0; i < ARRAY_LEN(members); i++) {
        struct span event = foreign_text(foreign_get(object, members[i]));

        if (event.len && !says(event, "receiv") && !says(event, "inbound"))
            return err_set(err, ERR_USAGE, "an event \"%.*s\" is no message received",
                           SPAN_ARG(utf8_prefix(event, 60)));
    }
    return true;
}

/* What is written on an envelope goes first: its id is the event's own, where that of the message
 * in it may be made of its words alone, which two messages can have. */
static bool read_json(struct reading *r, struct span body, struct arena *arena, struct err *err)
{
    const struct foreign *inside;
    struct foreign object;

    if (!foreign_parse(&object, body, arena, err)) {
        err->kind = ERR_USAGE;
        return false;
    }
    if (!find_envelope(&inside, &object, err) || (inside && !check_event(&object, err)))
        return false;
    take_object(r, &object);
    keep(r);
    take_object(r, inside);
    return true;
}

/* --- the body --- */

/* Without its parameters. */
static struct span media_of(struct span content_type)
{
    struct span rest = content_type, type;

    if (!span_cut(&rest, ';', &type))
        type = content_type;
    while (type.len && type.at[type.len - 1] == ' ')
        type.len--;
    return type;
}

/* Behind "charset=", with or without quotes; empty: not said. */
static struct span charset_of(struct span content_type)
{
    static const char name[] = "charset=";
    struct span rest = content_type;

    while (rest.len >= strlen(name) && !span_is_caseless(span_slice(rest, 0, strlen(name)), name))
        rest = span_from(rest, 1);
    if (rest.len < strlen(name))
        return (struct span){0};
    rest = span_from(rest, strlen(name));
    if (rest.len && rest.at[0] == '"')
        rest = span_from(rest, 1);
    size_t len = 0;
    while (len < rest.len && !strchr("\"; ", rest.at[len]))
        len++;
    return span_slice(rest, 0, len);
}

/* Kannel sends what GSM's alphabet has not as UTF-16BE. */
static bool read_plain(struct reading *r, struct span type, struct span body, struct arena *arena,
                       struct err *err)
{
    struct span charset = charset_of(type);
    const struct charset *other = charset_find(charset);
    bool known = other || !charset.len || span_is_caseless(charset, "utf-8") ||
                 span_is_caseless(charset, "us-ascii");

    if (!known)
        return err_set(err, ERR_USAGE, "plain text in the charset \"%.*s\" is not read here",
                       SPAN_ARG(utf8_prefix(charset, 60)));
    if ((other && !charset_decode(&body, other, body, arena)) || !utf8_valid(body))
        return err_set(err, ERR_USAGE,
                       "the body is not of the charset that it names, or names none");
    if (!r->sms.field[SMS_TEXT].len)
        r->sms.field[SMS_TEXT] = body;
    r->sms.answer = SMS_PLAIN;
    return true;
}

static bool read_body(struct reading *r, struct span type, struct span body, struct arena *arena,
                      struct err *err)
{
    struct span media = media_of(type);

    if (media.len == 0 || span_is_caseless(media, "application/x-www-form-urlencoded"))
        return read_form(r, body, arena, err);
    if (span_is_caseless(media, "application/json") ||
        span_is_caseless(media, "application/cloudevents+json"))
        return read_json(r, body, arena, err);
    if (span_is_caseless(media, "multipart/form-data"))
        return read_multipart(r, type, body, arena, err);
    if (span_is_caseless(media, "text/plain"))
        return read_plain(r, type, body, arena, err);
    return err_set(err, ERR_USAGE, "a message is a form, JSON or plain text, not \"%.*s\"",
                   SPAN_ARG(utf8_prefix(media, 60)));
}

bool sms_parse(struct sms *out, struct span content_type, struct span query, struct span body,
               struct arena *arena, struct err *err)
{
    struct reading r = {0};

    if (!read_form(&r, query, arena, err))
        return false;
    keep(&r);
    if (!read_body(&r, content_type, body, arena, err))
        return false;
    *out = r.sms;
    return true;
}
