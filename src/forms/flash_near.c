#include "forms/flash_near.h"

#include <stdlib.h>

static bool begins_letter(uint8_t byte)
{
    return (byte & 0xc0) != 0x80;
}

/* How many bytes both begin with, or end with, in whole letters. */
static size_t same_before(struct span a, struct span b)
{
    size_t n = 0;

    while (n < a.len && n < b.len && a.at[n] == b.at[n])
        n++;
    while (n > 0 &&
           ((n < a.len && !begins_letter(a.at[n])) || (n < b.len && !begins_letter(b.at[n]))))
        n--;
    return n;
}

static size_t same_behind(struct span a, struct span b)
{
    size_t n = 0;

    while (n < a.len && n < b.len && a.at[a.len - n - 1] == b.at[b.len - n - 1])
        n++;
    while (n > 0 && !begins_letter(a.at[a.len - n]))
        n--;
    return n;
}

/* One letter more, less or another: without what they begin and end with alike, each is a letter
 * or nothing. */
static bool is_near(struct span a, struct span b)
{
    if (a.len > b.len + 4 || b.len > a.len + 4)
        return false;
    size_t n = same_before(a, b);
    a = span_from(a, n);
    b = span_from(b, n);
    n = same_behind(a, b);
    return flash_letters(span_slice(a, 0, a.len - n)) <= 1 &&
           flash_letters(span_slice(b, 0, b.len - n)) <= 1;
}

/* --- the words by their ends --- */

/* As if both were written the other way round. */
static int compare_back(struct span a, struct span b)
{
    while (a.len && b.len && a.at[a.len - 1] == b.at[b.len - 1]) {
        a.len--;
        b.len--;
    }
    if (!a.len || !b.len)
        return (a.len > 0) - (b.len > 0);
    return a.at[a.len - 1] < b.at[b.len - 1] ? -1 : 1;
}

static int compare_ends(const void *a, const void *b)
{
    const struct flash_entry *const *left = a, *const *right = b;
    int order = compare_back((*left)->key, (*right)->key);

    return order ? order : (*left > *right) - (*left < *right);
}

void flash_near_index(struct flash_book *book, struct arena *arena)
{
    book->by_end = ARENA_ARRAY(arena, const struct flash_entry *, book->count);
    for (size_t i = 0; i < book->count; i++)
        book->by_end[i] = &book->entry[i];
    qsort(book->by_end, book->count, sizeof *book->by_end, compare_ends);
}

/* --- those that may be near --- */

static struct span first_letters(struct span key, size_t letters)
{
    size_t at = 0;

    while (at < key.len && (letters || !begins_letter(key.at[at])))
        letters -= begins_letter(key.at[at++]);
    return span_slice(key, 0, at);
}

static struct span last_letters(struct span key, size_t letters)
{
    size_t at = key.len;

    while (at > 0 && letters)
        letters -= begins_letter(key.at[--at]);
    return span_from(key, at);
}

static size_t beginning(const struct flash_entry **out, const struct flash_book *book,
                        struct span with)
{
    size_t count = 0, low = flash_book_at(book, with);

    *out = &book->entry[low];
    while (low + count < book->count && span_starts_with(book->entry[low + count].key, with))
        count++;
    return count;
}

static size_t ending(const struct flash_entry *const **out, const struct flash_book *book,
                     struct span with)
{
    size_t low = 0, high = book->count, count = 0;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (compare_back(book->by_end[middle]->key, with) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    *out = &book->by_end[low];
    while (low + count < book->count && span_ends_with(book->by_end[low + count]->key, with))
        count++;
    return count;
}

/* Of five letters, one apart, the first two are the same, or the last three. */
size_t flash_near(const struct flash_entry ***out, const struct flash_book *book, struct span key,
                  struct arena *arena)
{
    const struct flash_entry *begin, *const *end, **near;
    size_t begins = beginning(&begin, book, first_letters(key, 2));
    size_t ends = ending(&end, book, last_letters(key, 3)), count = 0;

    near = ARENA_ARRAY(arena, const struct flash_entry *, begins + ends);
    for (size_t i = 0; i < begins + ends; i++) {
        const struct flash_entry *entry = i < begins ? &begin[i] : end[i - begins];

        if (entry->letters >= FLASH_NEAR_LETTERS && is_near(key, entry->key))
            near[count++] = entry;
    }
    *out = near;
    return count;
}
