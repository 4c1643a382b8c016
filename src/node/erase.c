#include "node/inside.h"

#include "codec/hex.h"

/*
 * Erasures that the register has ordered (format §4.7), carried out: every copy of the part that a
 * record names is destroyed here, be the order new or of long ago, and then the node's own key says
 * so for its organisation, once. What is not ordered, by two organisations, is not touched.
 */

#define EVERY_MS 1000
#define ROWS 64u /* asked for at once */

struct erasing {
    struct node *node;
    struct span part; /* its commitment, in hex */
    bool held;        /* there was something of it */
    bool whole;       /* the copy that the register knows was among those listed */
    struct arena arena;
};

/* --- destroying --- */

/* What has come so far of a large one on its way here. */
static bool destroy_waiting(struct erasing *e, struct span stored, const char *ending,
                            struct err *err)
{
    struct disk *disk = e->node->world.disk;
    const char *path = arena_printf(&e->arena, "upload/%.*s.%s", SPAN_ARG(stored), ending);
    uint64_t size;

    if (!disk_size(disk, path, &size, err))
        return err->kind == ERR_MISSING;
    uint8_t *blank = arena_alloc(&e->arena, (size_t)size);
    memset(blank, 0, (size_t)size);
    e->held = true;
    return disk_overwrite(disk, path, 0, span_make(blank, (size_t)size), err) &&
           disk_remove(disk, path, err) && disk_sync_directory(disk, "upload", err);
}

/* Of a record on its way to whoever keeps the log. */
static bool destroy_carried(struct erasing *e, const struct hash *stored, struct err *err)
{
    bool held;

    if (!outbox_erase(e->node->outbox, stored, &held, err))
        return false;
    e->held = e->held || held;
    return true;
}

/* The outbox first: once the parts say that it was erased here, they have it kept out of there, and
 * it has been looked through. What came between the two is looked for once more. */
static bool destroy_kept(struct erasing *e, const struct hash *stored, struct err *err)
{
    struct live *live = e->node->live;
    bool before = parts_erased(e->node->parts, stored), held = false;

    if (!before && !destroy_carried(e, stored, err))
        return false;
    pthread_mutex_lock(&live->lock); /* of who follows, and adds parts */
    bool ok = journal_erase_part(e->node->journal, stored, &held, err);
    pthread_mutex_unlock(&live->lock);
    e->held = e->held || held;
    return ok && (before || destroy_carried(e, stored, err));
}

static bool destroy_copy(struct erasing *e, struct span stored, struct err *err)
{
    struct hash hash;

    if (!hex_parse(hash.bytes, sizeof hash.bytes, stored))
        return true;
    return destroy_kept(e, &hash, err) && destroy_waiting(e, stored, "part", err) &&
           destroy_waiting(e, stored, "pull", err);
}

/* As it was written first, and as it was handed on or sealed anew: the view lists all. */
static bool destroy_copies(struct erasing *e, struct span first, struct err *err)
{
    struct span prefix = span_of(arena_printf(&e->arena, "%.*s ", SPAN_ARG(e->part)));
    struct span after = {0};
    struct store_row *row;
    size_t count = ROWS;

    while (count == ROWS) {
        if (!store_scan(e->node->reader, "view_copy", prefix, after, STORE_LATEST, ROWS, &row,
                        &count, &e->arena, err))
            return false;
        for (size_t i = 0; i < count; i++) {
            struct span stored = span_from(row[i].key, prefix.len);

            after = row[i].key;
            e->whole = e->whole || span_equal(stored, first);
            if (!destroy_copy(e, stored, err))
                return false;
        }
    }
    return e->whole || destroy_copy(e, first, err);
}

/* --- saying so --- */

/* Whether this node's organisation owes its word. */
static bool owes(struct erasing *e, bool *out, struct err *err)
{
    struct node *node = e->node;
    struct json key, row;

    if (!node_row(node, "key", node->settings.name, &key, &e->arena, err))
        return false;
    const char *name = arena_printf(&e->arena, "%.*s %.*s", SPAN_ARG(e->part),
                                    SPAN_ARG(json_get_text(&key, "org")));
    if (!node_row(node, "erased", name, &row, &e->arena, err))
        return false;
    *out = span_is(json_get_text(&row, "state"), "owed");
    return true;
}

/* The store has forgotten what views said of it (the journal's view saw the order); its files must,
 * too. */
static bool tidy(struct node *node, bool *out, struct err *err)
{
    store_reader_rest(node->reader); /* else it would stand in the way itself */
    pthread_mutex_lock(&node->live->lock);
    bool ok = journal_tidy(node->journal, out, err);
    pthread_mutex_unlock(&node->live->lock);
    return ok && store_reader_refresh(node->reader, err);
}

/* A store that was made before copies were listed knows too little to say anything of all. */
static bool say(struct erasing *e, struct err *err)
{
    struct json body = json_object();
    bool owed, said = false, tidied = false;

    if (!owes(e, &owed, err))
        return false;
    if (!owed)
        return true;
    if (!tidy(e->node, &tidied, err))
        return false;
    json_set_string(&body, "part", e->part, &e->arena);
    json_set(&body, "found", json_text(e->held ? "destroyed" : "none_held"), &e->arena);
    if (e->whole && tidied && !say_own(e->node, "part.erased", &body, &said, err))
        return false;
    e->node->live->erasing = true; /* until it is seen in the register */
    /* Where the log is kept here: what this key says next must follow this. */
    return !said ||
           (journal_publish(e->node->journal, err) && store_reader_refresh(e->node->reader, err));
}

/* --- the turn --- */

static bool carry_out(struct node *node, struct span part, struct err *err)
{
    struct erasing e = {.node = node, .part = part};
    struct json named;
    bool ok = node_row(node, "part", arena_text(&e.arena, part), &named, &e.arena, err) &&
              destroy_copies(&e, json_get_text(&named, "stored"), err) && say(&e, err);

    arena_free(&e.arena);
    return ok || err_wrap(err, "erase a part that was ordered to be");
}

static bool is_ordered(struct span row, bool *out, struct arena *arena, struct err *err)
{
    struct json erasure;

    if (!json_parse_canonical(&erasure, row, arena, err))
        return false;
    *out = span_is(json_get_text(&erasure, "state"), "ordered");
    return true;
}

static bool carry_out_all(struct node *node, struct err *err)
{
    struct arena arena = {0};
    struct span after = {0};
    struct store_row *row;
    size_t count = ROWS;
    bool ok = true, ordered;

    while (ok && count == ROWS) {
        ok = store_scan(node->reader, "erasure", (struct span){0}, after, STORE_LATEST, ROWS, &row,
                        &count, &arena, err);
        for (size_t i = 0; ok && i < count; i++) {
            after = row[i].key;
            ok = is_ordered(row[i].row, &ordered, &arena, err) &&
                 (!ordered || carry_out(node, after, err));
        }
    }
    arena_free(&arena);
    return ok;
}

bool erase_turn(struct node *node, struct err *err)
{
    struct live *live = node->live;
    int64_t now = clock_now_ms(node->world.clock);
    uint64_t applied;

    if (!live_due(now, live->erased_ms, EVERY_MS))
        return true;
    if (!store_applied(node->reader, &applied, err))
        return false;
    if (applied == live->erased_to && !live->erasing)
        return true;
    live->erased_ms = now;
    live->erasing = false;
    if (!carry_out_all(node, err))
        return false;
    live->erased_to = applied;
    return true;
}
