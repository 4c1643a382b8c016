#include "forms/flash_inside.h"

/*
 * Numbers and what they count stand in a row, "DEAD 0 INJURED 2" or "2 injured no dead". Each
 * number belongs to a neighbour; a row is understood when there is exactly one way in which all
 * numbers have one, and all that must have a number do.
 */

#define MOST_IN_ROW 64u
#define GOES 4u

struct counts {
    struct reading *r;
    bool given[FLASH_COUNTS], open[FLASH_COUNTS], not_known[FLASH_COUNTS];
    int64_t low[FLASH_COUNTS], high[FLASH_COUNTS];
    struct piece piece[FLASH_COUNTS]; /* where it was said */
    bool goes_on, is_over, go_unknown;
    struct piece goes[GOES]; /* where these were */
    size_t goes_count;
    struct json needs;
};

struct row {
    struct item *at[MOST_IN_ROW];
    bool about[MOST_IN_ROW], at_least[MOST_IN_ROW]; /* of a number */
    size_t count;
};

/* What one of a row may be joined with. */
enum part { PART_COUNTED, PART_SAID /* it goes on, it is needed */, PART_NUMBER, PART_WORD };

static enum part part_of(const struct item *item)
{
    if (item->type == ITEM_NUMBER)
        return PART_NUMBER;
    if (means(item, FLASH_COUNTED))
        return PART_COUNTED;
    return means(item, FLASH_YES) || means(item, FLASH_NO) || means(item, FLASH_UNKNOWN)
               ? PART_WORD
               : PART_SAID;
}

static bool is_value(const struct item *item)
{
    return part_of(item) == PART_NUMBER || part_of(item) == PART_WORD;
}

static bool may_join(const struct item *noun, const struct item *value)
{
    if (is_value(noun) || !is_value(value))
        return false;
    if (part_of(noun) == PART_COUNTED)
        return !means(value, FLASH_YES);
    return part_of(value) == PART_WORD;
}

static bool must_join(const struct item *item)
{
    return part_of(item) != PART_SAID;
}

/* --- ways --- */

/* ways[i]: in how many ways, up to two, the parts from i on can be joined. */
static void count_ways(const struct row *row, unsigned ways[MOST_IN_ROW + 2])
{
    ways[row->count] = 1;
    ways[row->count + 1] = 0;
    for (size_t i = row->count; i-- > 0;) {
        struct item *here = row->at[i], *next = i + 1 < row->count ? row->at[i + 1] : NULL;
        bool pair = next && (may_join(here, next) || (may_join(next, here) && !next->keyed));

        ways[i] = must_join(here) ? 0 : ways[i + 1];
        ways[i] += pair ? ways[i + 2] : 0;
        ways[i] = ways[i] > 2 ? 2 : ways[i];
    }
}

/* --- what is said --- */

static struct piece around(const struct item *noun, const struct item *value)
{
    bool first = !value || noun->from < value->from;

    return (struct piece){first ? noun->from : value->from, value && first ? value->to : noun->to};
}

static void set_counted(struct counts *c, const struct item *noun, const struct item *value,
                        bool at_least)
{
    enum flash_counted what = (enum flash_counted)noun->entry->value;
    bool number = value->type == ITEM_NUMBER;

    c->given[what] = true;
    c->piece[what] = around(noun, value);
    c->not_known[what] = means(value, FLASH_UNKNOWN);
    c->low[what] = number ? value->low / 1000 : 0;
    c->high[what] = number ? value->high / 1000 : 0;
    c->open[what] = at_least || (number && value->token->open_ended);
}

static void set_said(struct counts *c, const struct item *noun, const struct item *value)
{
    bool no = value && means(value, FLASH_NO);

    if (means(noun, FLASH_NEED)) {
        if (!no && c->needs.array.count < 8)
            json_push(&c->needs, json_string(noun->entry->id), c->r->arena);
        return;
    }
    if (c->goes_count < GOES)
        c->goes[c->goes_count++] = around(noun, value);
    if (value && means(value, FLASH_UNKNOWN))
        c->go_unknown = true;
    else if (means(noun, FLASH_ONGOING) != no)
        c->goes_on = true;
    else
        c->is_over = true;
}

static bool is_double(const struct counts *c, const struct item *noun)
{
    return part_of(noun) == PART_COUNTED && c->given[noun->entry->value];
}

static void ask_row(struct counts *c, const struct row *row)
{
    reading_ask(c->r, "q.counts", row->at[0]->from, row->at[row->count - 1]->to);
}

/* False: it is asked. */
static bool join(struct counts *c, const struct row *row, size_t i)
{
    bool noun_first = !is_value(row->at[i]);
    const struct item *noun = row->at[noun_first ? i : i + 1];
    size_t v = noun_first ? i + 1 : i;

    if (is_double(c, noun)) {
        const struct piece both[] = {c->piece[noun->entry->value], around(noun, row->at[v])};

        reading_ask_one(c->r, "q.counts", both, 2);
        return true;
    }
    if (row->about[v] || row->at[v]->low % 1000 != 0 || row->at[v]->low > row->at[v]->high)
        return false;
    if (part_of(noun) == PART_COUNTED)
        set_counted(c, noun, row->at[v], row->at_least[v]);
    else
        set_said(c, noun, row->at[v]);
    return true;
}

static void take_row(struct counts *c, const struct row *row)
{
    unsigned ways[MOST_IN_ROW + 2];
    bool sure;

    if (row->count == 0)
        return;
    for (size_t i = 0; i < row->count; i++)
        row->at[i]->used = true;
    count_ways(row, ways);
    sure = ways[0] == 1;
    for (size_t i = 0; sure && i < row->count;) {
        bool alone = !must_join(row->at[i]) && ways[i + 1] == 1;

        if (alone)
            set_said(c, row->at[i], NULL);
        else
            sure = join(c, row, i);
        i += alone ? 1 : 2;
    }
    if (sure)
        reading_understood(c->r, "counts", row->at[0]->from, row->at[row->count - 1]->to);
    else
        ask_row(c, row);
}

/* --- rows --- */

static bool in_row(const struct item *item)
{
    static const enum flash_meaning parts[] = {
        FLASH_COUNTED, FLASH_ONGOING, FLASH_OVER, FLASH_NEED, FLASH_YES, FLASH_NO, FLASH_UNKNOWN};

    if (item->used)
        return false;
    for (size_t i = 0; i < ARRAY_LEN(parts); i++)
        if (means(item, parts[i]))
            return true;
    return item->type == ITEM_NUMBER;
}

/* A number without anything to count beside it is asked for where all that is left is. */
static bool has_noun(const struct row *row)
{
    for (size_t i = 0; i < row->count; i++)
        if (!is_value(row->at[i]))
            return true;
    return false;
}

static void end_row(struct counts *c, struct row *row)
{
    if (has_noun(row))
        take_row(c, row);
    *row = (struct row){0};
}

static void find_rows(struct counts *c)
{
    struct row row = {0};
    bool about = false, at_least = false;

    for (size_t i = 0; i < c->r->count; i++) {
        struct item *item = &c->r->item[i];

        if (means(item, FLASH_ABOUT) || means(item, FLASH_AT_LEAST)) {
            about = about || means(item, FLASH_ABOUT);
            at_least = at_least || means(item, FLASH_AT_LEAST);
            item->used = true;
            continue;
        }
        if (means(item, FLASH_FILL) || means(item, FLASH_KEY_NEED)) {
            item->used = true;
            continue;
        }
        if (!in_row(item) || row.count == MOST_IN_ROW)
            end_row(c, &row);
        if (!in_row(item))
            continue;
        row.about[row.count] = about && is_value(item);
        row.at_least[row.count] = at_least && is_value(item);
        about = about && !is_value(item);
        at_least = at_least && !is_value(item);
        row.at[row.count++] = item;
    }
    end_row(c, &row);
}

/* --- the fields --- */

static void set_casualties(struct counts *c)
{
    struct json *fields = &c->r->out->fields;
    struct arena *arena = c->r->arena;
    int64_t low = c->low[FLASH_DEAD] + c->low[FLASH_INJURED];
    int64_t high = c->high[FLASH_DEAD] + c->high[FLASH_INJURED];
    bool both = c->given[FLASH_DEAD] && c->given[FLASH_INJURED];
    bool all = c->given[FLASH_CASUALTIES] && !c->not_known[FLASH_CASUALTIES];
    bool known = (c->given[FLASH_DEAD] && !c->not_known[FLASH_DEAD]) ||
                 (c->given[FLASH_INJURED] && !c->not_known[FLASH_INJURED]);
    bool open = !both || c->open[FLASH_DEAD] || c->open[FLASH_INJURED] ||
                c->not_known[FLASH_DEAD] || c->not_known[FLASH_INJURED];

    if (all && known && low > c->high[FLASH_CASUALTIES]) {
        reading_ask(c->r, "q.counts", c->piece[FLASH_CASUALTIES].from,
                    c->piece[FLASH_CASUALTIES].to);
        return;
    }
    if (all) {
        low = c->low[FLASH_CASUALTIES];
        high = c->high[FLASH_CASUALTIES];
        open = c->open[FLASH_CASUALTIES];
    }
    if (!all && !known)
        return;
    json_set_integer(fields, "casualties_min", low, arena);
    if (!open)
        json_set_integer(fields, "casualties_max", high, arena);
}

static void set_needs(struct counts *c)
{
    struct json once = json_array();

    for (uint32_t i = 0; i < c->needs.array.count; i++) {
        bool again = false;

        for (uint32_t n = 0; n < once.array.count; n++)
            again = again || span_equal(once.array.at[n].string, c->needs.array.at[i].string);
        if (!again)
            json_push(&once, c->needs.array.at[i], c->r->arena);
    }
    if (once.array.count)
        json_set(&c->r->out->fields, "needs", once, c->r->arena);
}

void reading_counts(struct reading *r)
{
    struct counts c = {.r = r, .needs = json_array()};

    find_rows(&c);
    set_casualties(&c);
    set_needs(&c);
    if (c.goes_on + c.is_over + c.go_unknown > 1)
        reading_ask_one(r, "q.ongoing", c.goes, c.goes_count);
    else if (c.goes_on || c.is_over || c.go_unknown)
        json_set(&r->out->fields, "ongoing",
                 json_text(c.goes_on   ? "yes"
                           : c.is_over ? "no"
                                       : "unknown"),
                 r->arena);
}
