#include "forms/flash_inside.h"

#include "forms/flash_near.h"

/* --- for the other files --- */

struct flash_question *reading_ask(struct reading *r, const char *say, size_t from, size_t to)
{
    struct flash *out = r->out;

    if (out->questions == FLASH_QUESTIONS)
        return NULL;
    out->question[out->questions] = (struct flash_question){.say = say, .from = from, .to = to};
    return &out->question[out->questions++];
}

void reading_offer(struct flash_question *question, struct span shown, struct span put)
{
    if (question->options < FLASH_OPTIONS)
        question->option[question->options++] = (struct flash_option){shown, put};
}

/* All from the first to the last piece, without those that are not `keep`. */
static struct span keeping(struct reading *r, const struct piece *piece, size_t count, size_t keep)
{
    size_t from = piece[0].from, to = piece[0].to;
    struct buf out = buf_in(r->arena, FLASH_TEXT_BYTES);

    for (size_t i = 0; i < count; i++)
        to = piece[i].to > to ? piece[i].to : to;
    for (size_t at = from; at < to; at++) {
        bool dropped = false;

        for (size_t i = 0; i < count; i++)
            dropped = dropped || (i != keep && at >= piece[i].from && at < piece[i].to);
        if (!dropped || (at >= piece[keep].from && at < piece[keep].to))
            buf_byte(&out, r->text.text.at[at]);
    }
    return buf_span(&out);
}

void reading_ask_one(struct reading *r, const char *say, const struct piece *piece, size_t count)
{
    size_t to = 0;

    for (size_t i = 0; i < count; i++)
        to = piece[i].to > to ? piece[i].to : to;
    struct flash_question *q = reading_ask(r, say, piece[0].from, to);
    for (size_t i = 0; q && i < count; i++)
        reading_offer(q, reading_text(r, piece[i].from, piece[i].to), keeping(r, piece, count, i));
}

void reading_understood(struct reading *r, const char *as, size_t from, size_t to)
{
    struct json entry = json_object();

    json_set(&entry, "as", json_text(as), r->arena);
    json_set_string(&entry, "text", reading_text(r, from, to), r->arena);
    json_push(&r->out->understood, entry, r->arena);
}

bool reading_by_id(struct reading *r, const struct item *item)
{
    return item->type == ITEM_MEANT && item->entry->meaning >= FLASH_CROSSING &&
           span_equal(item->entry->name, item->entry->id) &&
           span_equal(item->entry->key,
                      flash_fold(reading_text(r, item->from, item->to), r->arena));
}

/* --- the language --- */

static void find_language(struct reading *r)
{
    size_t words[FLASH_LANGUAGES] = {0}, most = 0;

    for (size_t i = 0; i < r->count; i++)
        for (unsigned n = 0; r->item[i].type == ITEM_MEANT && n < FLASH_LANGUAGES; n++)
            words[n] += r->item[i].entry->languages >> n & 1;
    for (unsigned n = 1; n < FLASH_LANGUAGES; n++)
        most = words[n] > words[most] ? n : most;
    r->out->language = r->ask->language.len ? r->ask->language : span_of(flash_languages[most]);
}

/* --- what happened --- */

static void put_word(struct buf *out, struct span word)
{
    if (out->len)
        buf_byte(out, ' ');
    buf_put(out, word);
}

static void take_what(struct reading *r)
{
    struct buf what = buf_in(r->arena, 2000);
    const struct flash_entry *act = NULL;
    bool keyed = false, acts_differ = false;

    for (size_t i = 0; i < r->count; i++) {
        struct item *item = &r->item[i];
        bool said = means(item, FLASH_WHAT) || means(item, FLASH_ACT);

        keyed = means(item, FLASH_KEY_WHAT) ||
                (keyed && item->type != ITEM_BREAK && (said || item->type == ITEM_WORD));
        if (means(item, FLASH_ACT)) {
            acts_differ =
                acts_differ || item->entries > 1 || (act && !span_equal(act->id, item->entry->id));
            act = item->entry;
        }
        if (means(item, FLASH_KEY_WHAT))
            item->used = true;
        else if (said || keyed) {
            item->used = true;
            if (!reading_by_id(r, item))
                put_word(&what, reading_text(r, item->from, item->to));
            reading_understood(r, "what", item->from, item->to);
        }
    }
    if (what.len && !what.full)
        json_set_string(&r->out->fields, "what", buf_span(&what), r->arena);
    else if (!act || acts_differ)
        reading_ask(r, "q.what", 0, 0);
    if (act && !acts_differ)
        json_set_string(&r->out->fields, "act", act->id, r->arena);
}

/* --- what is left --- */

static bool is_place(const struct flash_entry *entry)
{
    return entry->meaning == FLASH_CROSSING || entry->meaning == FLASH_SECTOR;
}

static bool is_worth(const struct reading *r, const struct flash_entry *entry)
{
    bool known = json_get(&r->out->fields, "crossing") || json_get(&r->out->fields, "sector");

    return entry->meaning != FLASH_FILL && !(is_place(entry) && known);
}

/* The question what it may have been instead of the one for what is missing. */
static struct flash_question *instead_of(struct reading *r, const struct flash_entry *near)
{
    const char *missing = is_place(near)                                              ? "q.where"
                          : near->meaning == FLASH_WHAT || near->meaning == FLASH_ACT ? "q.what"
                                                                                      : "";

    for (size_t i = 0; i < r->out->questions; i++)
        if (strcmp(r->out->question[i].say, missing) == 0)
            return &r->out->question[i];
    return NULL;
}

static void ask_meant(struct reading *r, const struct item *item, const struct flash_entry *near)
{
    struct flash_question *q = instead_of(r, near);

    if (q)
        *q = (struct flash_question){.say = "q.meant", .from = item->from, .to = item->to};
    else
        q = reading_ask(r, "q.meant", item->from, item->to);
    if (q)
        reading_offer(q, near->name, is_place(near) ? near->id : near->name);
}

/* A word that is nearly one we know may be that: it is asked, if it can be only one. */
static void ask_near(struct reading *r, const struct item *item)
{
    const struct flash_entry **entry, *near = NULL;

    if (flash_letters(item->token->key) < FLASH_NEAR_LETTERS)
        return;
    size_t count = flash_near(&entry, r->book, item->token->key, r->arena);
    for (size_t i = 0; i < count; i++) {
        if (!is_worth(r, entry[i]))
            continue;
        if (near && !span_equal(near->id, entry[i]->id))
            return;
        near = near > entry[i] ? near : entry[i];
    }
    if (near)
        ask_meant(r, item, near);
}

static void take_rest(struct reading *r)
{
    for (size_t i = 0; i < r->count; i++) {
        const struct item *item = &r->item[i];

        if (item->used || item->type == ITEM_BREAK)
            continue;
        if (item->type == ITEM_NUMBER)
            reading_ask(r, "q.number", item->from, item->to);
        else if (item->type == ITEM_WORD ||
                 (item->type == ITEM_MEANT &&
                  (item->meaning == FLASH_DIRECTION || item->meaning == FLASH_UNIT))) {
            if (item->type == ITEM_WORD)
                ask_near(r, item);
            json_push(&r->out->ignored, json_string(reading_text(r, item->from, item->to)),
                      r->arena);
        }
    }
}

static void count_words(struct reading *r)
{
    for (size_t i = 0; i < r->count; i++)
        r->out->words += r->item[i].type == ITEM_MEANT && r->item[i].meaning != FLASH_FILL;
}

/* CRC-16/CCITT of the fields, as four digits: a slip of a digit is found, no more is asked. */
static void set_check(struct flash *out, struct arena *arena)
{
    struct span bytes = json_bytes(&out->fields, arena);
    uint32_t crc = 0xffff;

    for (size_t i = 0; i < bytes.len; i++) {
        crc ^= (uint32_t)bytes.at[i] << 8;
        for (int bit = 0; bit < 8; bit++)
            crc = (crc & 0x8000 ? crc << 1 ^ 0x1021 : crc << 1) & 0xffff;
    }
    for (int i = 0; i < 4; i++, crc /= 10)
        out->check[3 - i] = (char)('0' + crc % 10);
}

bool flash_read(struct flash *out, const struct flash_book *book, const struct flash_ask *ask,
                struct arena *arena, struct err *err)
{
    struct flash read = {
        .fields = json_object(), .understood = json_array(), .ignored = json_array()};
    struct reading r = {.book = book, .ask = ask, .out = &read, .arena = arena};

    if (!flash_text_read(&r.text, ask->text, arena, err))
        return false;
    reading_items(&r);
    find_language(&r);
    count_words(&r);
    reading_when(&r);
    reading_where(&r);
    reading_counts(&r);
    take_what(&r);
    take_rest(&r);
    set_check(&read, arena);
    *out = read;
    return true;
}
