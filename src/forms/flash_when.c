#include "forms/flash_inside.h"

#include "base/calendar.h"

#include <stdio.h>

/* How far a minute that somebody states may be off, and one that is said to be about. */
#define STATED_ERROR_MS (5 * MS_PER_MINUTE)
#define ABOUT_ERROR_MS (30 * MS_PER_MINUTE)
/* What clocks may differ by, before a time is taken to be in the future. */
#define CLOCKS_DIFFER_MS (10 * MS_PER_MINUTE)
/* A time without a day is of today as long as it is no longer ago. */
#define TODAY_MS (12 * MS_PER_HOUR)
#define DAYS_BACK 60
#define OFFSET_MOST_MIN 840 /* of a zone, from UTC */

struct stated {
    struct item *item; /* the time itself */
    size_t from, to;   /* with what belongs to it */
    int hour, minute;
    int digits;                     /* of the hour as typed */
    bool of_24;                     /* said to be, or it cannot be else */
    const struct flash_entry *part; /* of the day; NULL: not said */
    int offset_min;
    bool about;
};

#define TIMES 4u
struct when {
    struct reading *r;
    struct stated time[TIMES];
    size_t times;
    struct item *now;
    struct item *day; /* the last of: a date, today, yesterday */
    struct piece days_said[TIMES];
    size_t days;
};

static struct item *at(struct reading *r, size_t i)
{
    return i < r->count ? &r->item[i] : NULL;
}

static bool is(struct reading *r, size_t i, enum flash_meaning meaning)
{
    struct item *item = at(r, i);

    return item && !item->used && means(item, meaning);
}

/* --- which numbers are times --- */

static bool whole(const struct item *item)
{
    return item->low == item->high && item->low % 1000 == 0 && !item->token->open_ended;
}

static bool says_clock(struct reading *r, size_t i)
{
    return is(r, i, FLASH_HOURS) || is(r, i, FLASH_O_CLOCK) || is(r, i, FLASH_DAY_PART) ||
           is(r, i, FLASH_UTC) || is(r, i, FLASH_LOCAL);
}

static bool is_clock_number(struct reading *r, size_t i)
{
    struct item *item = at(r, i);
    bool keyed = i > 0 && is(r, i - 1, FLASH_KEY_TIME);
    bool behind = says_clock(r, i + 1);
    bool before = i > 0 && is(r, i - 1, FLASH_DAY_PART) && !is(r, i + 1, FLASH_UNIT);

    if (item->type != ITEM_NUMBER || item->used || !item->token || item->token->offset)
        return false;
    if (item->token->type == FLASH_NUMBER && item->token->dotted)
        return (keyed || behind) && !is(r, i + 1, FLASH_UNIT);
    if (!whole(item) || item->low > 2359000)
        return false;
    return behind || before ||
           (keyed && item->token->type == FLASH_NUMBER && item->token->third > 2 &&
            !is(r, i + 1, FLASH_UNIT));
}

static void read_hour(struct stated *t)
{
    const struct flash_token *token = t->item->token;
    int64_t value = t->item->low / 1000;

    if (t->item->type == ITEM_CLOCK || token->dotted) {
        t->hour = token->first;
        t->minute = token->second;
        t->digits = token->third;
        return;
    }
    t->digits = token->type == FLASH_NUMBER ? token->third : 1;
    t->hour = (int)(t->digits > 2 ? value / 100 : value);
    t->minute = (int)(t->digits > 2 ? value % 100 : 0);
    t->digits -= t->digits > 2 ? 2 : 0;
}

/* "+0500", "+5", "+04:30" behind a time; what is no zone on earth is no part of it. */
static bool read_offset(const struct item *item, int *out_min)
{
    int64_t value = item->low / 1000;

    if (item->type != ITEM_NUMBER || !item->token || !item->token->offset || item->used ||
        item->low % 1000 != 0)
        return false;
    int64_t min = item->token->third > 2 ? value / 100 * 60 + value % 100 : value * 60;
    if (value < 0 || min > OFFSET_MOST_MIN)
        return false;
    *out_min = (int)min;
    return true;
}

static void take(struct stated *t, struct item *item)
{
    item->used = true;
    t->from = item->from < t->from ? item->from : t->from;
    t->to = item->to > t->to ? item->to : t->to;
}

static void take_behind(struct reading *r, struct stated *t, size_t i)
{
    for (; i < r->count; i++) {
        struct item *item = &r->item[i];

        if (is(r, i, FLASH_DAY_PART) && !t->part)
            t->part = item->entry;
        else if (is(r, i, FLASH_HOURS))
            t->of_24 = true;
        else if (is(r, i, FLASH_UTC))
            t->offset_min = 0;
        else if (!is(r, i, FLASH_O_CLOCK) && !is(r, i, FLASH_LOCAL) &&
                 !read_offset(item, &t->offset_min))
            return;
        take(t, item);
    }
}

static void take_before(struct reading *r, struct stated *t, size_t i)
{
    for (; i > 0; i--) {
        struct item *item = &r->item[i - 1];

        if (is(r, i - 1, FLASH_DAY_PART) && !t->part)
            t->part = item->entry;
        else if (is(r, i - 1, FLASH_ABOUT))
            t->about = true;
        else if (!is(r, i - 1, FLASH_KEY_TIME) && !is(r, i - 1, FLASH_LOCAL))
            return;
        take(t, item);
    }
}

static void find_times(struct when *w)
{
    struct reading *r = w->r;

    for (size_t i = 0; i < r->count; i++) {
        struct item *item = &r->item[i];
        struct stated t = {
            .item = item, .from = item->from, .to = item->to, .offset_min = r->ask->offset_min};

        if (item->type != ITEM_CLOCK && !is_clock_number(r, i))
            continue;
        read_hour(&t);
        item->used = true;
        take_behind(r, &t, i + 1);
        take_before(r, &t, i);
        if (w->times < TIMES)
            w->time[w->times++] = t;
    }
}

static void find_days(struct when *w)
{
    for (size_t i = 0; i < w->r->count; i++) {
        struct item *item = &w->r->item[i];

        if (is(w->r, i, FLASH_NOW)) {
            w->now = item;
            item->used = true;
            reading_understood(w->r, "time", item->from, item->to);
        }
        if (item->type != ITEM_DATE && !is(w->r, i, FLASH_TODAY) && !is(w->r, i, FLASH_YESTERDAY))
            continue;
        item->used = true;
        w->day = item;
        if (w->days < TIMES)
            w->days_said[w->days++] = (struct piece){item->from, item->to};
    }
}

/* --- the hour --- */

static bool hour_of_part(int *hour, int64_t part)
{
    int h = *hour;
    bool known = part == FLASH_NIGHT  ? h == 12 || h <= 4 || (h >= 7 && h < 12) || h >= 18
                 : part == FLASH_NOON ? h >= 11 || (h >= 1 && h <= 3)
                 : part == FLASH_AM   ? h <= 12
                                      : h >= 1;

    if (part == FLASH_AM || part == FLASH_NIGHT)
        h = h == 12 ? 0 : part == FLASH_NIGHT && h >= 7 && h < 12 ? h + 12 : h;
    else
        h = h >= 1 && h <= (part == FLASH_NOON ? 3 : 11) ? h + 12 : h;
    *hour = h;
    return known;
}

static struct span hour_text(struct when *w, int hour, int minute, const char *behind)
{
    return span_of(arena_printf(w->r->arena, "%02d:%02d%s", hour, minute, behind));
}

static void ask_half(struct when *w, const struct stated *t)
{
    struct flash_question *q = reading_ask(w->r, "q.clock", t->from, t->to);
    int early = t->hour % 12;

    for (int half = 0; q && half < 2; half++)
        reading_offer(q, hour_text(w, early + 12 * half, t->minute, ""),
                      hour_text(w, early + 12 * half, t->minute, " HRS"));
}

static bool settle_hour(struct when *w, struct stated *t)
{
    bool typed_of_24 = t->hour > 12 || t->hour == 0 || (t->digits == 2 && t->hour < 10);
    bool ok = t->hour <= 23 && t->minute <= 59;

    if (ok && t->part)
        ok = hour_of_part(&t->hour, t->part->value);
    else if (ok && !t->of_24 && !typed_of_24) {
        ask_half(w, t);
        return false;
    }
    if (!ok)
        reading_ask(w->r, "q.clock", t->from, t->to);
    return ok;
}

static struct span offset_text(struct when *w, int64_t minutes, const char *between)
{
    int64_t size = minutes < 0 ? -minutes : minutes;

    return span_of(arena_printf(w->r->arena, "%c%02d%s%02d", minutes < 0 ? '-' : '+',
                                (int)(size / 60), between, (int)(size % 60)));
}

static bool settle_offset(struct when *w, const struct stated *t)
{
    const struct json *known = w->r->book->offsets;
    struct span said = reading_text(w->r, t->from, t->to);

    if (t->offset_min != FLASH_NO_OFFSET)
        return true;
    struct flash_question *q = reading_ask(w->r, "q.zone", t->from, t->to);
    for (uint32_t i = 0; q && known && i < known->array.count; i++) {
        int64_t minutes = known->array.at[i].integer;

        if (minutes >= 0)
            reading_offer(q, offset_text(w, minutes, ":"),
                          span_of(arena_printf(w->r->arena, "%.*s %.*s", SPAN_ARG(said),
                                               SPAN_ARG(offset_text(w, minutes, "")))));
    }
    return false;
}

/* --- the day --- */

static int64_t local_day(const struct when *w, int offset_min)
{
    int64_t local = w->r->ask->received_ms + offset_min * MS_PER_MINUTE;

    return local - (local % MS_PER_DAY + MS_PER_DAY) % MS_PER_DAY;
}

static struct span day_text(struct when *w, int64_t day_ms)
{
    struct calendar_date date = calendar_date(day_ms);

    return span_of(arena_printf(w->r->arena, "%04d-%02d-%02d", date.year, date.month, date.day));
}

static bool is_date(int year, int month, int day, int64_t *out_ms)
{
    char text[32];
    struct calendar_date date;

    if (year < 1 || year > 9999 || month < 1 || month > 12 || day < 1 || day > 31)
        return false;
    size_t len = (size_t)snprintf(text, sizeof text, "%04d-%02d-%02d", year, month, day);
    if (!calendar_parse_date(&date, span_make(text, len)))
        return false;
    *out_ms = calendar_ms(date);
    return true;
}

/* A date as it was typed may be two: 3/4. Only days that a flash can be of count. */
static size_t days_meant(const struct when *w, int64_t today, int64_t out[4])
{
    const struct flash_token *t = w->day->token;
    int year = calendar_date(today).year;
    size_t count = 0;

    for (int way = 0; way < 4; way++) {
        int month = way & 1 ? t->third : t->second, day = way & 1 ? t->second : t->third;
        int64_t ms;
        bool is_new = is_date(t->first ? t->first : year - (way >> 1), month, day, &ms) &&
                      ms <= today && ms >= today - DAYS_BACK * (int64_t)MS_PER_DAY;

        for (size_t i = 0; is_new && i < count; i++)
            is_new = out[i] != ms;
        if (is_new && !(t->first && way == 1 && w->day->to - w->day->from == 10 &&
                        w->r->text.text.at[w->day->from + 4] == '-'))
            out[count++] = ms;
    }
    return count;
}

static void offer_day(struct when *w, struct flash_question *q, int64_t day, struct span before)
{
    struct span text = day_text(w, day);

    if (q)
        reading_offer(q, text,
                      before.len ? span_of(arena_printf(w->r->arena, "%.*s %.*s", SPAN_ARG(before),
                                                        SPAN_ARG(text)))
                                 : text);
}

static bool settle_written_day(struct when *w, int64_t today, int64_t *out)
{
    int64_t days[4] = {0};
    size_t count = days_meant(w, today, days);

    *out = days[0];
    if (count == 1)
        return true;
    struct flash_question *q = reading_ask(w->r, "q.day", w->day->from, w->day->to);
    for (size_t i = 0; i < count; i++)
        offer_day(w, q, days[i], (struct span){0});
    return false;
}

/* Whether it can have been on that day; else the day is asked. */
static bool settle_day(struct when *w, const struct stated *t, int64_t *out_ms)
{
    int64_t today = local_day(w, t->offset_min), day = today;
    int64_t in_day = t->hour * (int64_t)MS_PER_HOUR + t->minute * (int64_t)MS_PER_MINUTE;
    int64_t received = w->r->ask->received_ms;

    if (w->day && w->day->type == ITEM_DATE && !settle_written_day(w, today, &day))
        return false;
    *out_ms = day + in_day - t->offset_min * (int64_t)MS_PER_MINUTE;
    bool ok = *out_ms <= received + CLOCKS_DIFFER_MS &&
              !(w->day && means(w->day, FLASH_YESTERDAY)) &&
              (w->day || received - *out_ms <= TODAY_MS);
    if (ok)
        return true;
    struct flash_question *q = w->day ? reading_ask(w->r, "q.day", w->day->from, w->day->to)
                                      : reading_ask(w->r, "q.day", t->from, t->to);
    struct span before = w->day ? (struct span){0} : reading_text(w->r, t->from, t->to);
    offer_day(w, q, today - MS_PER_DAY, before);
    if (today + in_day - t->offset_min * (int64_t)MS_PER_MINUTE <= received + CLOCKS_DIFFER_MS)
        offer_day(w, q, today, before);
    return false;
}

/* --- the whole --- */

static void set_time(struct when *w, int64_t at_ms, int offset_min, int64_t error_ms)
{
    struct json time = json_object();
    struct arena *arena = w->r->arena;

    json_set_integer(&time, "at_ms", at_ms, arena);
    json_set(&time, "basis", json_text("estimate"), arena);
    json_set_integer(&time, "offset_min", offset_min, arena);
    json_set_integer(&time, "uncertainty_ms", error_ms, arena);
    json_set(&w->r->out->fields, "at", time, arena);
}

static void ask_which(struct when *w)
{
    struct piece piece[TIMES + 1];
    size_t count = 0;

    if (w->now)
        piece[count++] = (struct piece){w->now->from, w->now->to};
    for (size_t i = 0; i < w->times; i++)
        piece[count++] = (struct piece){w->time[i].from, w->time[i].to};
    reading_ask_one(w->r, "q.two_times", piece, count);
}

/* "14.20" without a word for a time or a length beside it. */
static bool ask_dotted(struct when *w)
{
    for (size_t i = 0; i < w->r->count; i++) {
        struct item *item = &w->r->item[i];
        bool dotted = item->type == ITEM_NUMBER && item->token->type == FLASH_NUMBER &&
                      item->token->dotted && !item->used;

        if (!dotted || item->token->first > 23 || item->token->second > 59 ||
            is(w->r, i + 1, FLASH_UNIT))
            continue;
        item->used = true;
        struct flash_question *q = reading_ask(w->r, "q.clock", item->from, item->to);
        if (q)
            reading_offer(q, hour_text(w, item->token->first, item->token->second, ""),
                          hour_text(w, item->token->first, item->token->second, " HRS"));
        return true;
    }
    return false;
}

static void settle_one(struct when *w)
{
    struct stated *t = &w->time[0];
    int64_t at_ms;

    reading_understood(w->r, "time", t->from, t->to);
    if (settle_hour(w, t) && settle_offset(w, t) && settle_day(w, t, &at_ms))
        set_time(w, at_ms, t->offset_min, t->about ? ABOUT_ERROR_MS : STATED_ERROR_MS);
}

void reading_when(struct reading *r)
{
    struct when w = {.r = r};

    find_times(&w);
    find_days(&w);
    if (w.days > 1)
        reading_ask_one(r, "q.day", w.days_said, w.days);
    else if (w.times + (w.now != NULL) > 1)
        ask_which(&w);
    else if (w.now && !w.day)
        set_time(&w, r->ask->received_ms,
                 r->ask->offset_min == FLASH_NO_OFFSET ? 0 : r->ask->offset_min, CLOCKS_DIFFER_MS);
    else if (w.times == 1)
        settle_one(&w);
    else if (!ask_dotted(&w))
        reading_ask(r, "q.when", 0, 0);
}
