#include "journal/quota.h"

#include <stdlib.h>

static void forget(struct quota *quota)
{
    struct quota_counts *counts[] = {&quota->keys, &quota->organisations};

    for (size_t i = 0; i < ARRAY_LEN(counts); i++) {
        free(counts[i]->at);
        *counts[i] = (struct quota_counts){0};
    }
    arena_free(&quota->arena);
}

void quota_close(struct quota *quota)
{
    forget(quota);
    arena_free(&quota->terms_arena);
}

void quota_set(struct quota *quota, struct span head)
{
    int64_t window_ms = quota->terms.window_ms;
    struct json row = json_object();
    struct err ignored;

    arena_reset(&quota->terms_arena);
    if (head.len > 0 &&
        !json_parse(&row, arena_copy(&quota->terms_arena, head), &quota->terms_arena, &ignored))
        row = json_object(); /* a row of a damaged store; the journal meets it elsewhere */
    quota->terms = terms_head_of(&row).quota;
    if (quota->terms.window_ms != window_ms)
        forget(quota);
}

/* Counting. */

static struct quota_count *count_of(struct quota_counts *counts, struct span name,
                                    struct arena *arena)
{
    size_t low = 0, high = counts->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = span_compare(counts->at[middle].name, name);

        if (order == 0)
            return &counts->at[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    if (counts->count == counts->room) {
        counts->room = counts->room ? 2 * counts->room : 16;
        counts->at = realloc(counts->at, counts->room * sizeof *counts->at);
        if (!counts->at)
            abort();
    }
    memmove(&counts->at[low + 1], &counts->at[low], (counts->count++ - low) * sizeof *counts->at);
    counts->at[low] = (struct quota_count){.name = arena_copy(arena, name)};
    return &counts->at[low];
}

/* What is older than a window is forgotten. */
static void move_to(struct quota_count *count, int64_t piece)
{
    if (piece - count->piece >= QUOTA_PIECES)
        memset(count->count, 0, sizeof count->count);
    else
        for (int64_t p = count->piece + 1; p <= piece; p++)
            count->count[p % QUOTA_PIECES] = 0;
    count->piece = piece;
}

/* Pieces from now on until there is room for one more: 0 when there is. */
static int64_t pieces_until_room(const struct quota_count *count, int64_t most)
{
    int64_t sum = 0, waited = 0;

    for (size_t i = 0; i < QUOTA_PIECES; i++)
        sum += count->count[i];
    while (sum >= most) { /* the oldest goes first */
        waited++;
        sum -= count->count[(count->piece + waited) % QUOTA_PIECES];
    }
    return waited;
}

int64_t quota_take(struct quota *quota, struct span kind, struct span key, struct span organisation,
                   int64_t now_ms)
{
    const struct terms_quota *terms = &quota->terms;

    if (now_ms > quota->now_ms)
        quota->now_ms = now_ms;
    if (terms->window_ms == 0 || terms_quota_spares(terms, kind))
        return 0;
    int64_t long_ms = (terms->window_ms + QUOTA_PIECES - 2) / (QUOTA_PIECES - 1);
    int64_t piece = quota->now_ms / long_ms;
    struct quota_count *of_key = count_of(&quota->keys, key, &quota->arena),
                       *of_org = count_of(&quota->organisations, organisation, &quota->arena);
    move_to(of_key, piece);
    move_to(of_org, piece);
    int64_t wait = pieces_until_room(of_key, terms->of_key);
    int64_t wait_org = pieces_until_room(of_org, terms->of_organisation);
    wait = wait > wait_org ? wait : wait_org;
    if (wait > 0)
        return (piece + wait) * long_ms - quota->now_ms;
    of_key->count[piece % QUOTA_PIECES]++;
    of_org->count[piece % QUOTA_PIECES]++;
    return 0;
}
