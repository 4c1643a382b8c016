#include "feed/importer.h"

#include "feed/import_plan.h"
#include "feed/once.h"
#include "node/author.h"
#include "register/register.h"

#include <stdio.h>
#include <stdlib.h>

#define BATCH_RECORDS 500u /* one sync, and half of what one batch may hold */

/* A kind, a space and an external id. */
#define NAME_BYTES 160u

/* A record that was signed, and the line it was made of. */
struct sent {
    const char *kind, *file;
    uint64_t line, index;
    char id[65], name[NAME_BYTES];
};

struct run {
    struct feed *feed;
    const struct import_options *options;
    struct import_plan *plan;
    struct author *author;
    struct arena scratch; /* the batch's */
    struct submission batch[BATCH_RECORDS];
    /* What the register does not show yet; the last `batched` are not handed in. What it shows
     * is found there, so that memory does not grow with the feed. */
    struct sent *sent;
    size_t waiting, batched, room;
    size_t logged;     /* in this run */
    struct once ended; /* the names of what this run superseded by its source's word */
};

/* --- answers --- */

static bool fault_of(const struct sent *sent, struct err *err, const char *what, struct span why,
                     struct span more)
{
    return err_set(err, ERR_REFUSED, "%s: line %" PRIu64 ": its %s is %s: %.*s (%.*s)", sent->file,
                   sent->line, sent->kind, what, SPAN_ARG(why), SPAN_ARG(more));
}

static bool take_answers(struct run *r, const struct answer *answer, struct err *err)
{
    struct sent *sent = &r->sent[r->waiting];
    bool ok = true;

    for (size_t i = 0; i < r->batched; i++) {
        if (answer[i].kind == ANSWER_REFUSED) {
            if (ok)
                fault_of(&sent[i], err, "refused", span_of(answer[i].reason),
                         span_of(answer[i].why.text));
            ok = false;
        } else if (answer[i].kind == ANSWER_LATER) {
            bool over = answer[i].why.kind != ERR_NONE;
            if (ok)
                fault_of(&sent[i], err, "not in the log yet",
                         over ? span_of(answer[i].why.text)
                              : SPAN_LIT("this node keeps it and carries it there"),
                         over ? SPAN_LIT("import the rest then")
                              : SPAN_LIT("import again when it has"));
            ok = false;
        } else {
            sent[i].index = answer[i].index;
            r->sent[r->waiting++] = sent[i]; /* closes up over what was refused */
            r->logged++;
        }
    }
    r->batched = 0;
    return ok;
}

static bool judge_one(const struct sent *sent, struct store_reader *reader, struct arena *arena,
                      struct err *err)
{
    char key[REGISTER_INDEX_TEXT];
    struct json verdict = json_object();
    struct span row;

    register_index_key(key, sent->index);
    if (!store_get(reader, "verdict", span_of(key), STORE_LATEST, &row, NULL, arena, err) ||
        !json_parse_canonical(&verdict, row, arena, err))
        return false;
    return !span_is(json_get_string(&verdict, "verdict", SPAN_LIT("void")), "void") ||
           fault_of(sent, err, "void", json_get_string(&verdict, "reason", SPAN_LIT("")),
                    json_get_string(&verdict, "clause", SPAN_LIT("")));
}

/* What the register has made of it by now: a logged record may still be void. */
static bool judge(struct run *r, struct err *err)
{
    struct store_reader *reader = node_reader(r->options->node);
    struct arena arena = {0};
    uint64_t applied;
    size_t judged = 0;
    bool ok = store_reader_refresh(reader, err) && store_applied(reader, &applied, err);

    assert(r->batched == 0);
    while (ok && judged < r->waiting && r->sent[judged].index < applied) {
        arena_reset(&arena);
        ok = judge_one(&r->sent[judged++], reader, &arena, err);
    }
    r->waiting -= judged;
    memmove(r->sent, r->sent + judged, r->waiting * sizeof *r->sent);
    arena_free(&arena);
    return ok;
}

static bool flush(struct run *r, struct err *err)
{
    struct answer *answer = ARENA_ARRAY(&r->scratch, struct answer, r->batched + 1);
    bool ok = r->batched == 0 ||
              (node_submit(r->options->node, r->batch, r->batched, answer, &r->scratch, err) &&
               take_answers(r, answer, err) && judge(r, err));

    arena_reset(&r->scratch);
    return ok;
}

/* --- signing --- */

static const char *name_of(const char *kind, struct span external_id, struct arena *arena)
{
    return arena_printf(arena, "%s %.*s", kind, SPAN_ARG(external_id));
}

/* The newest record of this kind and external id, of this run or in the register; "" for one that
 * is live no more. A feed names only what it has brought. */
static bool find(struct run *r, const char *kind, struct span external_id, const char **out,
                 struct err *err)
{
    const char *name = name_of(kind, external_id, &r->scratch);
    struct held *held = ARENA_NEW(&r->scratch, struct held);

    for (size_t i = r->waiting + r->batched; i-- > 0;)
        if (strcmp(r->sent[i].name, name) == 0) {
            *out = r->sent[i].id;
            return true;
        }
    if (!held_find(held, &r->plan->holdings, kind, external_id, &r->scratch, err))
        return false;
    *out = held->state == HELD_LIVE || strcmp(kind, "incident.open") == 0 ? held->id : "";
    return true;
}

static bool ended_before(const struct run *r, const char *name)
{
    return once_has(&r->ended, span_of(name));
}

/* The id of what an item supersedes: its own earlier version, or what its source says. */
static bool superseded_by(struct run *r, const struct feed_item *item, enum fate fate,
                          const char **out, struct err *err)
{
    *out = "";
    if (fate == FATE_CHANGED)
        return find(r, item->kind, item->external_id, out, err);
    if (item->supersedes.len == 0)
        return true;
    const char *name = name_of(item->kind, item->supersedes, &r->scratch);
    if (!find(r, item->kind, item->supersedes, out, err))
        return false;
    if (ended_before(r, name))
        *out = "";
    once_add(&r->ended, span_of(name), item->line);
    if (!(*out)[0])
        remark(&r->options->remarks,
               "%s: line %" PRIu64 ": %.*s cannot supersede %.*s, which is superseded or withdrawn "
               "already",
               item->file, item->line, SPAN_ARG(item->external_id), SPAN_ARG(item->supersedes));
    return true;
}

static struct sent *next_sent(struct run *r)
{
    size_t all = r->waiting + r->batched;

    if (all == r->room) {
        r->room = r->room ? 2 * r->room : 2 * BATCH_RECORDS;
        r->sent = realloc(r->sent, r->room * sizeof *r->sent);
        if (!r->sent)
            abort(); /* as an arena does */
    }
    return &r->sent[all];
}

static bool sign(struct run *r, const struct feed_item *item, enum fate fate, struct err *err)
{
    const char *incident = "", *supersedes;
    struct sent *sent = next_sent(r);

    if (!superseded_by(r, item, fate, &supersedes, err) ||
        (item->incident.len && !find(r, "incident.open", item->incident, &incident, err)))
        return import_wrap(item, err);
    assert(item->incident.len == 0 || incident[0]); /* a feed opens an incident first */
    struct json fields = import_fields(r->plan, item, incident, supersedes, &r->scratch);
    *sent = (struct sent){.kind = item->kind, .file = item->file, .line = item->line};
    if (!author_sign(r->author, item->kind, &fields, &r->batch[r->batched], sent->id, &r->scratch,
                     err))
        return import_wrap(item, err);
    snprintf(sent->name, sizeof sent->name, "%s %.*s", item->kind, SPAN_ARG(item->external_id));
    r->batched++;
    return true;
}

static bool sign_items(struct run *r, struct err *err)
{
    struct import_plan *plan = r->plan;
    struct feed_item item;
    bool more = true;

    for (size_t i = 0; more; i++) {
        if (!feed_next(r->feed, &item, &more, err))
            return false;
        if (!more)
            break;
        enum fate fate = plan->fate[i];
        bool to_sign = fate == FATE_NEW || fate == FATE_CHANGED;
        if (to_sign && !sign(r, &item, fate, err))
            return false;
        plan->summary.made += fate == FATE_NEW;
        plan->summary.superseded += fate == FATE_CHANGED;
        if (r->batched == BATCH_RECORDS && !flush(r, err))
            return false;
        journal_tell(r->options->progress, "import", i + 1, plan->count);
    }
    return flush(r, err);
}

/* Also after a fault: what was logged before it stays, and is published like anything else. */
static bool settle(struct run *r, bool ok, struct err *err)
{
    struct err late = {0};

    r->batched = 0; /* after a fault: never handed in */
    bool settled = r->logged == 0 || (node_settle(r->options->node, &late) && judge(r, &late));

    if (ok && !settled)
        *err = late;
    return ok && settled;
}

static bool all_judged(const struct run *r, struct err *err)
{
    return r->waiting == 0 ||
           err_set(err, ERR_IO, "%zu records are logged and their verdicts not known yet",
                   r->waiting);
}

/* *out_kept is what stays in the log, whatever comes of it. */
static bool carry_out(struct import_plan *plan, struct feed *feed, struct author *author,
                      const struct import_options *options, size_t *out_kept, struct err *err)
{
    struct run run = {.feed = feed, .options = options, .plan = plan, .author = author};

    feed_rewind(feed);
    bool ok = sign_items(&run, err);
    ok = settle(&run, ok, err) && all_judged(&run, err);
    *out_kept = run.logged;
    arena_free(&run.scratch);
    once_free(&run.ended);
    free(run.sent);
    return ok;
}

bool import_run(struct import_summary *out, struct feed *feed, const struct import_options *options,
                struct err *err)
{
    struct import_plan plan = {0};
    struct author *author = NULL;
    size_t kept = 0;

    /* From here on nobody else signs with this key, so what the plan found stays true. */
    bool ok = author_open(&author, options->node, options->key_name, err) &&
              import_plan(&plan, feed, options, err) &&
              carry_out(&plan, feed, author, options, &kept, err);
    if (ok)
        *out = plan.summary;
    else if (kept)
        err_wrap(err, "%zu records were kept, then", kept);
    else
        err_wrap(err, "nothing imported");
    import_plan_free(&plan);
    author_close(author);
    return ok;
}
