#include "forms/flash.h"

#include "base/calendar.h"
#include "base/reader.h"
#include "codec/utf8.h"

/* What is quoted of what somebody typed. */
#define QUOTE_BYTES 40u
#define REPLY_BYTES 2000u

static struct span quote(struct span text)
{
    while (text.len && (text.at[0] == ' ' || text.at[0] == '\n'))
        text = span_from(text, 1);
    return utf8_prefix(text, QUOTE_BYTES);
}

/* The template with {x} filled in; line ends become spaces. */
static void put_template(struct buf *out, struct span text, const char *mark, struct span with)
{
    struct span name = span_of(mark);

    while (text.len) {
        if (span_starts_with(text, name)) {
            buf_put(out, with);
            text = span_from(text, name.len);
        } else {
            buf_byte(out, text.at[0]);
            text = span_from(text, 1);
        }
    }
}

/* --- a question --- */

static struct span question_text(const struct flash *flash, const struct flash_book *book,
                                 const struct flash_ask *ask, size_t options, struct arena *arena)
{
    const struct flash_question *q = &flash->question[0];
    struct buf out = buf_in(arena, REPLY_BYTES);

    put_template(&out, flash_book_say(book, flash->language, q->say), "{x}",
                 quote(span_slice(ask->text, q->from, q->to - q->from)));
    for (size_t i = 0; i < options; i++)
        buf_printf(&out, " %zu) %.*s", i + 1, SPAN_ARG(quote(q->option[i].shown)));
    return buf_span(&out);
}

/* --- what was understood --- */

static void put_when(struct buf *out, const struct flash *flash)
{
    const struct json *at = json_get(&flash->fields, "at");
    int64_t offset = json_get_integer(at, "offset_min", 0);
    int64_t local = json_get_integer(at, "at_ms", 0) + offset * MS_PER_MINUTE;
    struct calendar_date date = calendar_date(local);
    char text[CALENDAR_TEXT];

    calendar_format(text, local, 0);
    text[16] = '\0';
    buf_printf(out, " %s %d/%d %c%02d%02d", text + 11, date.day, date.month, offset < 0 ? '-' : '+',
               (int)(offset < 0 ? -offset : offset) / 60,
               (int)(offset < 0 ? -offset : offset) % 60);
}

static void put_texts(struct buf *out, const struct flash *flash, size_t bytes)
{
    static const struct {
        const char *field;
        bool cut;
        const char *before;
    } texts[] = {{"crossing", false, " "},
                 {"sector", false, " "},
                 {"place_name", true, " "},
                 {"act", false, ", "},
                 {"what", true, ", "}};

    for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
        struct span text = json_get_text(&flash->fields, texts[i].field);
        struct span kept = texts[i].cut ? utf8_prefix(text, bytes) : text;

        if (kept.len)
            buf_printf(out, "%s%.*s%s", texts[i].before, SPAN_ARG(kept),
                       kept.len < text.len ? ".." : "");
    }
}

static void put_rest(struct buf *out, const struct flash *flash, const struct flash_book *book)
{
    const struct json *least = json_get(&flash->fields, "casualties_min");
    const struct json *most = json_get(&flash->fields, "casualties_max");
    const struct json *needs = json_get(&flash->fields, "needs");
    struct span ongoing = json_get_text(&flash->fields, "ongoing");

    if (span_is(ongoing, "yes") || span_is(ongoing, "no"))
        buf_printf(out, ", %.*s",
                   SPAN_ARG(flash_book_say(book, flash->language,
                                           span_is(ongoing, "yes") ? "ongoing" : "over")));
    if (least) {
        buf_printf(out, ", %.*s %" PRId64,
                   SPAN_ARG(flash_book_say(book, flash->language, "casualties")), least->integer);
        if (!most)
            buf_byte(out, '+');
        else if (most->integer != least->integer)
            buf_printf(out, "-%" PRId64, most->integer);
    }
    for (uint32_t i = 0; needs && i < needs->array.count; i++) {
        if (i == 0)
            buf_printf(out, ", %.*s", SPAN_ARG(flash_book_say(book, flash->language, "need")));
        buf_printf(out, " %.*s", SPAN_ARG(needs->array.at[i].string));
    }
}

static struct span echo(const struct flash *flash, const struct flash_book *book, size_t bytes,
                        bool ignored, struct arena *arena)
{
    struct buf out = buf_in(arena, REPLY_BYTES);

    buf_printf(&out, "%.*s:", SPAN_ARG(flash_book_say(book, flash->language, "understood")));
    put_when(&out, flash);
    put_texts(&out, flash, bytes);
    put_rest(&out, flash, book);
    if (ignored && flash->ignored.array.count) {
        buf_printf(&out, ". %.*s:", SPAN_ARG(flash_book_say(book, flash->language, "not")));
        for (uint32_t i = 0; i < flash->ignored.array.count && i < 4; i++)
            buf_printf(&out, " %.*s", SPAN_ARG(quote(flash->ignored.array.at[i].string)));
    }
    buf_text(&out, ". ");
    put_template(&out, flash_book_say(book, flash->language, "confirm"), "{n}",
                 span_of(flash->check));
    return buf_span(&out);
}

/* Letters of Latin that the messages of telephones lack, without their marks: one of them would
 * make of every letter two bytes. Where others are there they make no difference. */
static struct span plain(struct span text, struct arena *arena)
{
    struct buf out = buf_in(arena, REPLY_BYTES);
    uint32_t c;

    while (text.len) {
        struct span rest = text;

        if (!utf8_next(&rest, &c))
            break;
        struct span letter = span_slice(text, 0, text.len - rest.len);
        buf_put(&out, c >= 0x100 && c < 0x250 ? flash_fold(letter, arena) : letter);
        text = rest;
    }
    return buf_span(&out);
}

/* As much as goes into two messages. */
struct span flash_reply(const struct flash *flash, const struct flash_book *book,
                        const struct flash_ask *ask, struct arena *arena)
{
    static const size_t sizes[] = {120, 80, 60, 40, 30, 20, 10, 0};
    struct span text = {0};

    if (flash->questions) {
        size_t options = flash->question[0].options;

        do
            text = plain(question_text(flash, book, ask, options, arena), arena);
        while (flash_messages(text) > 2 && options-- > 0);
        return text;
    }
    for (size_t i = 0; i < ARRAY_LEN(sizes); i++)
        for (int ignored = 1; ignored >= 0; ignored--) {
            text = plain(echo(flash, book, sizes[i], ignored, arena), arena);
            if (flash_messages(text) <= 2)
                return text;
        }
    return text;
}

/* --- an answer --- */

static const struct flash_option *chosen(const struct flash_question *q, struct span answer,
                                         struct arena *arena)
{
    struct span key = flash_fold(answer, arena);
    uint64_t number;

    if (decimal_parse(&number, key, q->options) && number >= 1)
        return &q->option[number - 1];
    for (size_t i = 0; i < q->options; i++)
        if (span_equal(key, flash_fold(q->option[i].shown, arena)))
            return &q->option[i];
    return NULL;
}

struct span flash_answered(const struct flash *flash, struct span text, struct span answer,
                           struct arena *arena)
{
    const struct flash_question *q = &flash->question[0];
    const struct flash_option *option = chosen(q, answer, arena);
    struct buf out = buf_in(arena, 2 * (FLASH_TEXT_BYTES + answer.len) + 8);

    assert(flash->questions > 0);
    buf_put(&out, span_slice(text, 0, q->from));
    if (option) {
        buf_byte(&out, ' ');
        buf_put(&out, option->put);
        buf_byte(&out, ' ');
    }
    buf_put(&out, span_from(text, q->to));
    if (!option) {
        buf_byte(&out, '\n');
        buf_put(&out, answer);
    }
    return buf_span(&out);
}
