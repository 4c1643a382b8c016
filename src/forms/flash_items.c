#include "forms/flash_inside.h"

#define MOST_WORDS 6u /* of one phrase */

static void set_number(struct item *item, int64_t low, int64_t high)
{
    item->type = ITEM_NUMBER;
    item->low = low;
    item->high = high;
}

/* Words that a language writes apart or together at will are compared together; in Latin letters
 * a space makes a difference. */
static bool fits(const struct flash_entry *entry, size_t words)
{
    return !entry->latin || entry->words == words;
}

static bool is_part(const struct flash_token *token)
{
    return token->type == FLASH_WORD || token->type == FLASH_NUMBER;
}

static size_t find(const struct reading *r, struct span key, size_t words,
                   const struct flash_entry **out)
{
    size_t count = flash_book_find(r->book, key, out);

    return count && fits(*out, words) ? count : 0;
}

/* Without the Arabic article. */
static struct span bare(struct span key)
{
    struct span article = SPAN_LIT("ال");

    return span_starts_with(key, article) && key.len > article.len + 4 ? span_from(key, article.len)
                                                                       : key;
}

/* The longest phrase from token `at` on; how many tokens. */
static size_t longest(struct reading *r, size_t at, struct item *out)
{
    struct buf key = buf_in(r->arena, FLASH_TEXT_BYTES);
    size_t found = 0, bytes = 0;

    for (size_t n = 0; n < MOST_WORDS && at + n < r->text.count; n++) {
        const struct flash_token *token = &r->text.token[at + n];
        const struct flash_entry *entry;

        /* A number is part of a phrase only in an id, as SEC-3. */
        if (!is_part(token) || (token->type == FLASH_NUMBER && (n != 1 || !token->joined)))
            break;
        bytes += token->key.len;
        buf_put(&key, token->key);
        size_t count = find(r, buf_span(&key), n + 1, &entry);
        if (!count && n == 0)
            count = find(r, bare(buf_span(&key)), 1, &entry);
        if (!count)
            continue;
        if (entry[count - 1].meaning == FLASH_ACT) /* beside the word for what happened */
            for (; entry->meaning != FLASH_ACT; count--)
                entry++;
        found = n + 1;
        *out = (struct item){.type = ITEM_MEANT,
                             .meaning = entry->meaning,
                             .entry = entry,
                             .entries = count,
                             .token = &r->text.token[at],
                             .from = r->text.token[at].from,
                             .to = token->to};
    }
    assert(bytes <= FLASH_TEXT_BYTES);
    return found;
}

static struct item plain(const struct flash_token *token)
{
    static const enum item_type types[] = {
        [FLASH_WORD] = ITEM_WORD, [FLASH_NUMBER] = ITEM_NUMBER, [FLASH_CLOCK] = ITEM_CLOCK,
        [FLASH_DATE] = ITEM_DATE, [FLASH_COLON] = ITEM_BREAK,   [FLASH_BREAK] = ITEM_BREAK,
    };

    return (struct item){.type = types[token->type],
                         .token = token,
                         .from = token->from,
                         .to = token->to,
                         .low = token->low,
                         .high = token->high};
}

static void put(struct reading *r, struct item item)
{
    if (means(&item, FLASH_NUMERAL))
        set_number(&item, item.entry->value * 1000, item.entry->value * 1000);
    if (item.type == ITEM_MEANT && item.meaning == FLASH_FILL)
        item.used = true;
    r->item[r->count++] = item;
}

void reading_items(struct reading *r)
{
    r->item = ARENA_ARRAY(r->arena, struct item, r->text.count + 1);
    for (size_t at = 0; at < r->text.count;) {
        const struct flash_token *token = &r->text.token[at];
        struct item item;
        size_t taken = token->type == FLASH_WORD ? longest(r, at, &item) : 0;

        if (token->type == FLASH_COLON && r->count && r->item[r->count - 1].type == ITEM_MEANT) {
            r->item[r->count - 1].keyed = true;
            at++;
            continue;
        }
        put(r, taken ? item : plain(token));
        at += taken ? taken : 1;
    }
}
