#include "node/inside.h"

#include "node/author.h"

/* What a node says of itself: ticks and attests, signed by its own key. */

bool node_row(struct node *node, const char *table, const char *key, struct json *out,
              struct arena *arena, struct err *err)
{
    struct span row;

    *out = json_object();
    return store_get(node->reader, table, span_of(key), STORE_LATEST, &row, NULL, arena, err) &&
           (!row.at || json_parse_canonical(out, row, arena, err));
}

/* A node may follow whose key nobody has admitted, and has nothing to say then. */
static bool is_admitted(struct node *node, bool *out, struct err *err)
{
    struct arena arena = {0};
    struct json row;
    bool ok = node_row(node, "key", node->settings.name, &row, &arena, err);

    *out = ok && span_is(json_get_string(&row, "job", (struct span){0}), "node") &&
           span_is(json_get_string(&row, "state", (struct span){0}), "active");
    arena_free(&arena);
    return ok;
}

/* What was said last still waits: saying more to a keeper that does not listen is no use. */
static bool may_say(struct node *node, bool *out, struct err *err)
{
    const struct note_key own = note_signer_key(&node->own);
    struct outbox_last waiting;

    if (!is_admitted(node, out, err) || !node_waiting(node, &own, &waiting, err))
        return false;
    *out = *out && waiting.seq == 0;
    return true;
}

bool say_own(struct node *node, const char *kind, const struct json *body, bool *out_said,
             struct err *err)
{
    struct author *author = NULL;
    struct submission submission;
    struct answer answer;
    struct arena arena = {0};
    char id[65];

    if (!may_say(node, out_said, err))
        return false;
    if (!*out_said)
        return true;
    *out_said = author_open(&author, node, node->settings.name, err);
    bool ok = *out_said || err->kind == ERR_CONFLICT; /* whoever has the key hands it in here */
    if (*out_said)
        ok = author_sign(author, kind, body, &submission, id, &arena, err) &&
             node_submit(node, &submission, 1, &answer, &arena, err);
    author_close(author);
    arena_free(&arena);
    return ok;
}

/* --- ticks --- */

/* Later than the last tick whatever the machine's clock says, so that time moves on. */
static void set_time(struct node *node, struct json *body, const struct json *clock,
                     struct arena *arena)
{
    int64_t now = clock_now_ms(node->world.clock);
    int64_t last = json_get_integer(clock, "now_ms", 0);

    json_set_integer(body, "at_ms", now > last ? now : last + 1, arena);
}

/* The checkpoint as it is published, if it has the quorum and covers more than the last. */
static bool set_checkpoint(struct node *node, struct json *body, const struct json *clock,
                           bool *out_wanted, struct arena *arena, struct err *err)
{
    struct witness_set *set = ARENA_NEW(arena, struct witness_set);
    struct checkpoint checkpoint;
    struct span note;

    if (!witness_set_read(set, node->reader, err) ||
        !node_checkpoint(node, &checkpoint, &note, arena, err))
        return false;
    *out_wanted = checkpoint.size > (uint64_t)json_get_integer(clock, "size", 0) &&
                  witness_count(set, note) >= set->quorum;
    json_set_string(body, "checkpoint", note, arena);
    return true;
}

static bool make_tick(struct node *node, struct json *body, bool *out_wanted, struct arena *arena,
                      struct err *err)
{
    struct json agreement, clock, quorum;

    *out_wanted = false;
    if (!node_row(node, "agreement", "1", &agreement, arena, err) ||
        !node_row(node, "clock", "clock", &clock, arena, err) ||
        !node_row(node, "quorum", "quorum", &quorum, arena, err))
        return false;
    if (!span_is(json_get_string(&agreement, "state", (struct span){0}), "in_force"))
        return true;
    if (json_get_integer(&quorum, "quorum", 0) > 0)
        return set_checkpoint(node, body, &clock, out_wanted, arena, err);
    *out_wanted = node_keeps(node);
    set_time(node, body, &clock, arena);
    return true;
}

bool node_tick(struct node *node, struct err *err)
{
    struct arena arena = {0};
    struct json body = json_object();
    bool wanted, said = false;

    assert(node_holds(node));
    bool ok = journal_publish(node->journal, err) && store_reader_refresh(node->reader, err) &&
              make_tick(node, &body, &wanted, &arena, err);
    if (ok && wanted)
        ok = say_own(node, "clock.tick", &body, &said, err) &&
             journal_publish(node->journal, err) && store_reader_refresh(node->reader, err);
    if (ok && said && node->live)
        node->live->said_tick_ms = clock_now_ms(node->world.clock);
    arena_free(&arena);
    return ok;
}
