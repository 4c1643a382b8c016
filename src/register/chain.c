#include "register/apply.h"

/*
 * The chain of one key's records (format §3.4, §9.2, §9.3). The first record logged at
 * a number holds it; gaps are marked and closed when they are filled.
 */

static struct span chain_key(struct apply *a, uint64_t seq)
{
    char digits[REGISTER_INDEX_TEXT];

    register_index_key(digits, seq);
    return apply_join(a, a->record.by, ' ', span_of(digits));
}

static void mark(struct apply *a, const char *word)
{
    assert(a->mark_count < ARRAY_LEN(a->mark));
    a->mark[a->mark_count++] = span_of(word);
}

static bool judge_first(struct apply *a)
{
    struct span must = a->agreement ? json_get_text(a->agreement, "id") : (struct span){0};

    if (!span_equal(a->record.prev, must))
        return apply_void(a, REASON_FIRST_PREV, "prev must be \"%.*s\"", SPAN_ARG(must));
    return true;
}

static bool judge_later(struct apply *a, struct err *err)
{
    const struct json *before;

    if (!apply_get(a, "chain", chain_key(a, a->record.seq - 1), &before, err))
        return false;
    if (!before)
        mark(a, "gap");
    else if (!span_equal(a->record.prev, json_get_text(before, "id")))
        return apply_void(a, REASON_PREV, "number %" PRIu64 " of this key is %.*s",
                          a->record.seq - 1, SPAN_ARG(json_get_text(before, "id")));
    uint64_t seen = (uint64_t)json_get_integer(before, "seen", 0);
    if (seen > a->seen)
        a->seen = seen;
    return true;
}

/* §9.3: `ahead`, `gap`, `seen`, in this order. */
static bool mark_seen(struct apply *a, struct err *err)
{
    struct hash root;

    if (a->record.seen_size > a->entry->index) {
        mark(a, "ahead");
        return true;
    }
    if (!a->lookup->root(a->lookup->context, a->record.seen_size, &root, err))
        return err_wrap(err, "entry %" PRIu64, a->entry->index);
    if (!hash_equal(root, a->record.seen_root))
        mark(a, "seen");
    return true;
}

static int compare_marks(const struct span *a, const struct span *b)
{
    return span_compare(*a, *b);
}

static void sort_marks(struct apply *a)
{
    for (size_t i = 1; i < a->mark_count; i++)
        for (size_t j = i; j > 0 && compare_marks(&a->mark[j - 1], &a->mark[j]) > 0; j--) {
            struct span swap = a->mark[j];
            a->mark[j] = a->mark[j - 1];
            a->mark[j - 1] = swap;
        }
}

bool chain_judge(struct apply *a, struct err *err)
{
    const struct json *here;

    a->seen = a->record.seen_size;
    if (!apply_get(a, "chain", chain_key(a, a->record.seq), &here, err))
        return false;
    if (here)
        return apply_void(a, REASON_FORK, "number %" PRIu64 " of this key is %.*s", a->record.seq,
                          SPAN_ARG(json_get_text(here, "id")));
    if (!(a->record.seq == 1 ? judge_first(a) : judge_later(a, err)))
        return false;
    if (apply_is_void(a))
        return true; /* it takes no number: the one that does continue the chain may still come */
    a->chained = true;
    bool ok = mark_seen(a, err);
    sort_marks(a);
    return ok;
}

/* The marks of a record whose gap is now filled: without `gap`, or with `fork`. */
static struct json settled_marks(struct apply *a, const struct json *marks, bool continues)
{
    struct json out = json_array();

    for (size_t i = 0; i < marks->array.count; i++)
        if (!span_is(marks->array.at[i].string, "gap"))
            json_push(&out, marks->array.at[i], a->arena);
        else if (!continues)
            json_push(&out, json_text("fork"), a->arena);
    return out;
}

/* With its last mark gone a marked record holds. */
static bool put_unmarked(struct apply *a, struct span index, const struct json *verdict,
                         struct err *err)
{
    bool was_marked = span_is(json_get_text(verdict, "verdict"), "marked");
    struct json *row = apply_copy_without(a, verdict, "marks"), *record;
    const struct json *before;

    if (!was_marked)
        return apply_put(a, "verdict", index, row, err);
    json_set(row, "verdict", json_text("holds"), a->arena);
    if (!apply_get(a, "record", json_get_text(verdict, "id"), &before, err))
        return false;
    record = apply_copy(a, before);
    json_set(record, "verdict", json_text("holds"), a->arena);
    return apply_put(a, "verdict", index, row, err) &&
           apply_put(a, "record", json_get_text(verdict, "id"), record, err);
}

/* The record after this one was logged before it: its gap closes, or shows a fork. */
static bool settle_gap(struct apply *a, const struct json *after, struct err *err)
{
    bool continues = span_is(json_get_text(after, "prev"), a->record.id_text);
    char text[REGISTER_INDEX_TEXT];
    const struct json *verdict;

    register_index_key(text, (uint64_t)json_get_integer(after, "index", 0));
    struct span index = span_of(text);
    if (!apply_get(a, "verdict", index, &verdict, err))
        return false;
    struct json marks = settled_marks(a, json_get(verdict, "marks"), continues);
    if (marks.array.count == 0)
        return put_unmarked(a, index, verdict, err);

    struct json *row = apply_copy(a, verdict);
    json_set(row, "marks", marks, a->arena);
    return apply_put(a, "verdict", index, row, err);
}

bool chain_write(struct apply *a, struct err *err)
{
    struct json *row = apply_copy(a, NULL);
    const struct json *after;

    json_set_string(row, "id", span_of(a->record.id_text), a->arena);
    json_set_integer(row, "index", (int64_t)a->entry->index, a->arena);
    json_set_string(row, "prev", a->record.prev, a->arena);
    json_set_integer(row, "seen", (int64_t)a->seen, a->arena);
    bool ok = apply_put(a, "chain", chain_key(a, a->record.seq), row, err);
    ok = ok && apply_get(a, "chain", chain_key(a, a->record.seq + 1), &after, err);
    return ok && (!after || settle_gap(a, after, err));
}
