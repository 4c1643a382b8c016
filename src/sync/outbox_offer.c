#include "sync/outbox_inside.h"

#include "codec/hex.h"
#include "record/kind.h"

#include <stdlib.h>

/*
 * What to offer next. The walk goes through the records in turn, and before it takes one goes
 * first to what that continues or names, if it waits here too; which may need something in turn:
 * a stack of them, of which only the topmost is read.
 */

/* --- what a record names ------------------------------------------------- */

struct names {
    struct hash *at;
    size_t count, room;
    struct arena *arena;
};

static void add_name(struct names *names, struct span text)
{
    struct hash id;

    if (!hex_parse(id.bytes, HASH_BYTES, text))
        return;
    if (names->count == names->room) {
        struct hash *before = names->at;

        names->room = names->room ? 2 * names->room : 16;
        names->at = ARENA_ARRAY(names->arena, struct hash, names->room);
        if (before)
            memcpy(names->at, before, names->count * sizeof *before);
    }
    names->at[names->count++] = id;
}

static const struct field *field_of(const struct field *object, struct span key)
{
    for (size_t i = 0; object && i < object->count; i++)
        if (span_is(key, object->fields[i].name))
            return &object->fields[i];
    return NULL;
}

/* `field` says what the value is; NULL: a kind that this program does not know, and any string
 * that could be an id may be one. A field of another type is none: node.attest lists ids of
 * records that are not logged. */
static void add_names(struct names *names, const struct field *field, const struct json *value,
                      bool known)
{
    if (known && !field)
        return;
    switch (value->type) {
    case JSON_STRING:
        if (!field || field->type == FIELD_RECORD)
            add_name(names, value->string);
        break;
    case JSON_ARRAY:
        for (size_t i = 0; i < value->array.count; i++)
            add_names(names, field && field->count ? &field->fields[0] : NULL, &value->array.at[i],
                      known);
        break;
    case JSON_OBJECT:
        for (size_t i = 0; i < value->object.count; i++)
            add_names(names, field_of(field, value->object.at[i].key), &value->object.at[i].value,
                      known);
        break;
    case JSON_INTEGER:
        break;
    }
}

/* The ids in a body; its nesting is bounded (LIMIT_JSON_DEPTH). */
static struct names names_in(const struct record *record, struct arena *arena)
{
    const struct kind *kind = kind_find(record->kind, record->version);
    struct names names = {.arena = arena};
    struct field body = {.type = FIELD_OBJECT};

    if (kind) {
        body.fields = kind->fields;
        body.count = kind->count;
    }
    add_names(&names, kind ? &body : NULL, record->body, kind != NULL);
    return names;
}

/* --- what is due --------------------------------------------------------- */

/* A clock that was put back must not keep anything waiting for longer than the longest wait. */
static bool is_due(const struct outbox_entry *entry, int64_t now_ms)
{
    return entry->due_ms <= now_ms || entry->due_ms > now_ms + OUTBOX_REFUSED_AGAIN_MS;
}

static bool is_open(const struct outbox_entry *entry)
{
    return !entry->gone && !entry->promised && !(entry->logged && entry->handed);
}

/* Whether what names this one need not wait for it. */
static bool is_settled(const struct outbox_entry *entry)
{
    return entry->gone || entry->promised || entry->logged;
}

/* --- the walk ------------------------------------------------------------ */

struct walk {
    struct outbox *outbox;
    int64_t now_ms;
    size_t most, limit; /* what is left of them */
    bool full;
    struct outbox_offer *offer;
    size_t count;
    struct outbox_entry **stack;
    size_t depth;
    struct arena *arena, scratch;
};

static bool was_taken(const struct walk *walk, const struct outbox_entry *entry)
{
    return entry->seen == walk->outbox->round && entry->as == SEEN_TAKEN;
}

static void push(struct walk *walk, struct outbox_entry *entry)
{
    entry->seen = walk->outbox->round;
    entry->as = SEEN_STACKED;
    walk->stack[walk->depth++] = entry;
}

enum need {
    NEED_NOTHING,
    NEED_FIRST, /* that first */
    NEED_WAIT,  /* until that has been answered */
    NEED_BAR,   /* until that is no longer refused: nobody knows when */
};

/* How one that waits here is named by the one on top of the stack. */
struct naming {
    const struct outbox_entry *by;
    bool is_prev;
};

/* Whether it is enough that the one named stands before it in the same offer. If it may be
 * refused, what names it would be void for good: so a promise is waited for where the two are
 * not of one key, or it was refused before. A gap in a chain is only marked. */
static bool may_follow(const struct outbox_entry *named, struct naming naming)
{
    return naming.is_prev || (strcmp(named->by, naming.by->by) == 0 && named->hold != HOLD_REFUSED);
}

/* Behind a `prev` that is barred its key's records go on, with a gap on display: who keeps the
 * log must not silence a key by refusing one record. */
static enum need need_of(const struct walk *walk, const struct outbox_entry *named,
                         struct naming naming)
{
    enum need need = NEED_FIRST;

    if (is_settled(named))
        return NEED_NOTHING;
    if (was_taken(walk, named))
        return may_follow(named, naming) ? NEED_NOTHING : NEED_WAIT;
    if (!is_due(named, walk->now_ms))
        need = named->hold == HOLD_LATER ? NEED_WAIT : NEED_BAR;
    else if (named->seen == walk->outbox->round)
        need = named->as == SEEN_BARRED ? NEED_BAR : NEED_WAIT;
    return naming.is_prev && need == NEED_BAR ? NEED_NOTHING : need;
}

/* What the id needs: the same record may wait here more than once, and any of it will do. */
static enum need need_id(const struct walk *walk, const struct hash *id, struct naming naming,
                         struct outbox_entry **out)
{
    struct outbox_entry *named = outbox_find_id(walk->outbox, id);
    enum need found = NEED_NOTHING;

    for (; named && found != NEED_FIRST; named = outbox_next_of_id(named)) {
        enum need need = need_of(walk, named, naming);

        if (need == NEED_NOTHING)
            return NEED_NOTHING;
        if (need == NEED_FIRST || found == NEED_NOTHING) {
            found = need;
            *out = named;
        }
    }
    return found;
}

/* The step before this one of the same message. */
static struct outbox_entry *step_before(const struct walk *walk, const struct outbox_entry *entry)
{
    static const struct hash none = {0};
    size_t i = outbox_place(walk->outbox, entry->number);

    if (hash_equal(entry->about, none))
        return NULL;
    while (i-- > 0)
        if (hash_equal(walk->outbox->at[i]->about, entry->about) && !walk->outbox->at[i]->gone)
            return walk->outbox->at[i];
    return NULL;
}

/* One that is refused bars none: what follows then is judged without it. */
static enum need need_step(const struct walk *walk, const struct outbox_entry *entry,
                           struct outbox_entry **out)
{
    struct outbox_entry *before = step_before(walk, entry);
    struct naming naming = {.by = entry, .is_prev = true};
    enum need need = before ? need_of(walk, before, naming) : NEED_NOTHING;

    if (need != NEED_NOTHING)
        *out = before;
    return need;
}

static enum need need_record(const struct walk *walk, const struct record *record,
                             struct naming *naming, struct outbox_entry **out, struct arena *arena)
{
    struct hash prev;
    enum need need = NEED_NOTHING;

    naming->is_prev = true;
    if (hex_parse(prev.bytes, HASH_BYTES, record->prev))
        need = need_id(walk, &prev, *naming, out);
    if (need != NEED_NOTHING)
        return need;
    struct names names = names_in(record, arena);
    naming->is_prev = false;
    for (size_t i = 0; need == NEED_NOTHING && i < names.count; i++)
        need = need_id(walk, &names.at[i], *naming, out);
    return need;
}

static void fill_offer(struct outbox_offer *offer, const struct outbox_entry *entry,
                       const struct outbox_file *file, struct arena *arena)
{
    const struct submission *from = &file->submission;
    struct span *part = ARENA_ARRAY(arena, struct span, from->part_count);

    offer->number = entry->number;
    memcpy(offer->id, file->record.id_text, sizeof offer->id);
    offer->submission.note = arena_copy(arena, from->note);
    for (size_t i = 0; i < from->part_count; i++)
        part[i] = arena_copy(arena, from->part[i]);
    offer->submission.part = part;
    offer->submission.part_count = from->part_count;
}

static void take(struct walk *walk, struct outbox_entry *entry, const struct outbox_file *file)
{
    fill_offer(&walk->offer[walk->count++], entry, file, walk->arena);
    entry->as = SEEN_TAKEN;
    entry->waits_for = 0;
    walk->depth--;
    walk->most--;
    walk->limit -= file->payload.len < walk->limit ? file->payload.len : walk->limit;
}

/* Goes on with what the topmost needs, or holds it back for that. */
static void go_first(struct walk *walk, enum need need, struct outbox_entry *named,
                     struct naming naming)
{
    struct outbox_entry *top = walk->stack[walk->depth - 1];

    top->waits_for = named->number;
    top->waits_for_prev = naming.is_prev;
    if (need == NEED_FIRST) {
        push(walk, named);
        return;
    }
    top->as = need == NEED_BAR ? SEEN_BARRED : SEEN_HELD;
    walk->depth--;
}

/* As the last walk found it, without reading it. */
static bool still_waits(struct walk *walk)
{
    struct outbox_entry *top = walk->stack[walk->depth - 1];
    struct outbox_entry *named = outbox_find(walk->outbox, top->waits_for);
    struct naming naming = {top, top->waits_for_prev};
    enum need need = named ? need_of(walk, named, naming) : NEED_NOTHING;

    if (need == NEED_NOTHING)
        return false;
    go_first(walk, need, named, naming);
    return true;
}

static void step(struct walk *walk)
{
    struct outbox_entry *top = walk->stack[walk->depth - 1], *named = NULL;
    struct naming naming = {.by = top};
    struct outbox_file file;

    if (still_waits(walk))
        return;
    arena_reset(&walk->scratch);
    if (!outbox_read(walk->outbox, top, &file, &walk->scratch)) {
        walk->depth--; /* damaged: gone, and told */
        return;
    }
    enum need need = need_record(walk, &file.record, &naming, &named, &walk->scratch);
    if (need == NEED_NOTHING && (need = need_step(walk, top, &named)) != NEED_NOTHING)
        naming.is_prev = true;
    if (need != NEED_NOTHING)
        go_first(walk, need, named, naming);
    else if (walk->count == 0 || (walk->most > 0 && file.payload.len <= walk->limit))
        take(walk, top, &file);
    else
        walk->full = true;
}

static int by_due(const void *a, const void *b)
{
    const struct outbox_entry *one = *(struct outbox_entry *const *)a;
    const struct outbox_entry *other = *(struct outbox_entry *const *)b;

    if (one->due_ms != other->due_ms)
        return one->due_ms < other->due_ms ? -1 : 1;
    return one->number < other->number ? -1 : 1;
}

/* Whose turn it is: first those that nobody has failed to take, in their order; then the others,
 * who has waited longest first. For some that an operator takes from nobody are always due again by
 * the time that anything may be offered, and nothing behind them would ever have its turn. */
static size_t list_due(const struct outbox *outbox, int64_t now_ms, struct outbox_entry **out)
{
    size_t count = 0;

    for (size_t again = 0; again < 2; again++) {
        size_t first = count;

        for (size_t i = 0; i < outbox->count; i++) {
            struct outbox_entry *entry = outbox->at[i];

            if (is_open(entry) && is_due(entry, now_ms) && (entry->put_off > 0) == (again > 0))
                out[count++] = entry;
        }
        if (again)
            qsort(out + first, count - first, sizeof *out, by_due);
    }
    return count;
}

size_t outbox_next(struct outbox *outbox, size_t most, size_t limit, int64_t now_ms,
                   struct outbox_offer **out, struct arena *arena)
{
    struct walk walk = {.now_ms = now_ms, .most = most, .limit = limit, .arena = arena};

    pthread_mutex_lock(&outbox->lock);
    outbox->round++;
    walk.outbox = outbox;
    walk.stack = ARENA_ARRAY(arena, struct outbox_entry *, outbox->count);
    walk.offer =
        ARENA_ARRAY(arena, struct outbox_offer, most < outbox->count ? most : outbox->count);
    struct outbox_entry **turn = ARENA_ARRAY(arena, struct outbox_entry *, outbox->count);
    size_t due = list_due(outbox, now_ms, turn);
    for (size_t i = 0; i < due && walk.most > 0 && !walk.full; i++) {
        if (turn[i]->gone || turn[i]->seen == outbox->round)
            continue;
        push(&walk, turn[i]);
        while (walk.depth > 0 && !walk.full)
            step(&walk);
    }
    outbox_sweep(outbox);
    pthread_mutex_unlock(&outbox->lock);
    arena_free(&walk.scratch);
    *out = walk.offer;
    return walk.count;
}

/* --- large parts --------------------------------------------------------- */

static bool is_large_due(const struct outbox_entry *entry, int64_t now_ms)
{
    bool due = entry->parts_due_ms <= now_ms ||
               entry->parts_due_ms > now_ms + OUTBOX_REFUSED_AGAIN_MS; /* a clock was put back */

    return !entry->gone && entry->has_large && entry->known && !entry->handed && due;
}

bool outbox_next_large(struct outbox *outbox, int64_t now_ms, struct outbox_offer *out,
                       struct arena *arena)
{
    struct arena scratch = {0};
    struct outbox_file file;
    bool found = false;

    pthread_mutex_lock(&outbox->lock);
    for (size_t i = 0; !found && i < outbox->count; i++) {
        struct outbox_entry *entry = outbox->at[i];

        if (!is_large_due(entry, now_ms) || !outbox_read(outbox, entry, &file, &scratch))
            continue;
        fill_offer(out, entry, &file, arena);
        found = true;
    }
    outbox_sweep(outbox);
    pthread_mutex_unlock(&outbox->lock);
    arena_free(&scratch);
    return found;
}

void outbox_handed(struct outbox *outbox, uint64_t number)
{
    pthread_mutex_lock(&outbox->lock);
    struct outbox_entry *entry = outbox_find(outbox, number);
    if (entry)
        entry->handed = true;
    pthread_mutex_unlock(&outbox->lock);
}

void outbox_put_off_large(struct outbox *outbox, uint64_t number, int64_t until_ms)
{
    pthread_mutex_lock(&outbox->lock);
    struct outbox_entry *entry = outbox_find(outbox, number);
    if (entry)
        entry->parts_due_ms = until_ms;
    pthread_mutex_unlock(&outbox->lock);
}
