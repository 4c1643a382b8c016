#include "feed/importer.h"

#include "feed/import_plan.h"
#include "node/author.h"
#include "register/register.h"

#define BATCH_RECORDS 500u /* one sync, and half of what one batch may hold */

/* A record that was handed in, and the line it was made of. */
struct sent {
    const char *kind, *file;
    uint64_t line, index;
};

struct run {
    struct feed *feed;
    const struct import_options *options;
    struct import_plan *plan;
    struct author *author;
    struct arena arena;   /* the run's */
    struct arena scratch; /* the batch's */
    struct submission batch[BATCH_RECORDS];
    struct sent *sent; /* all of them; the last `batched` are not handed in yet */
    size_t batched, logged, judged;
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
    struct sent *sent = &r->sent[r->logged];
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
            r->sent[r->logged++] = sent[i]; /* closes up over what was refused */
        }
    }
    r->batched = 0;
    return ok;
}

/* What the register has made of it by now: a logged record may still be void. */
static bool judge(struct run *r, struct err *err)
{
    struct store_reader *reader = node_reader(r->options->node);
    struct arena arena = {0};
    uint64_t applied;
    bool ok = store_reader_refresh(reader, err) && store_applied(reader, &applied, err);

    for (; ok && r->judged < r->logged && r->sent[r->judged].index < applied; r->judged++) {
        const struct sent *sent = &r->sent[r->judged];
        char key[REGISTER_INDEX_TEXT];
        struct json verdict = json_object();
        struct span row;

        arena_reset(&arena);
        register_index_key(key, sent->index);
        ok = store_get(reader, "verdict", span_of(key), STORE_LATEST, &row, NULL, &arena, err) &&
             json_parse_canonical(&verdict, row, &arena, err);
        if (ok && span_is(json_get_string(&verdict, "verdict", SPAN_LIT("void")), "void"))
            ok = fault_of(sent, err, "void", json_get_string(&verdict, "reason", SPAN_LIT("")),
                          json_get_string(&verdict, "clause", SPAN_LIT("")));
    }
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

/* The id of what an item supersedes: its own earlier version, or what its source says. */
static const char *superseded_by(struct run *r, const struct feed_item *item,
                                 const struct planned *planned)
{
    if (planned->fate == FATE_CHANGED)
        return arena_text(&r->scratch, span_of(planned->id));
    if (item->supersedes.len == 0)
        return "";
    struct planned *before = import_planned(r->plan, item->kind, item->supersedes, &r->scratch);
    if (!before->live) {
        remark(&r->options->remarks,
               "%s: line %" PRIu64 ": %.*s cannot supersede %.*s, which is superseded or withdrawn "
               "already",
               item->file, item->line, SPAN_ARG(item->external_id), SPAN_ARG(item->supersedes));
        return "";
    }
    before->live = false;
    return arena_text(&r->scratch, span_of(before->id));
}

static bool sign(struct run *r, const struct feed_item *item, struct planned *planned,
                 struct err *err)
{
    const char *incident = "", *supersedes = superseded_by(r, item, planned);
    size_t all = r->logged + r->batched;

    if (item->incident.len)
        incident = import_planned(r->plan, "incident.open", item->incident, &r->scratch)->id;
    assert(item->incident.len == 0 || incident[0]); /* a feed opens an incident first */
    struct json fields = import_fields(r->plan, item, incident, supersedes, &r->scratch);
    if (!author_sign(r->author, item->kind, &fields, &r->batch[r->batched], planned->id,
                     &r->scratch, err))
        return import_wrap(item, err);
    planned->live = true;
    r->sent = list_room(r->sent, sizeof *r->sent, all, &r->arena);
    r->sent[all] = (struct sent){.kind = item->kind, .file = item->file, .line = item->line};
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
        struct planned *planned = &plan->at[i];
        bool to_sign = planned->fate == FATE_NEW || planned->fate == FATE_CHANGED;
        if (to_sign && !sign(r, &item, planned, err))
            return false;
        plan->summary.made += planned->fate == FATE_NEW;
        plan->summary.superseded += planned->fate == FATE_CHANGED;
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
    bool settled = r->logged == 0 || (node_settle(r->options->node, &late) && judge(r, &late));

    if (ok && !settled)
        *err = late;
    return ok && settled;
}

static bool all_judged(const struct run *r, struct err *err)
{
    return r->judged == r->logged ||
           err_set(err, ERR_IO, "%zu records are logged and their verdicts not known yet",
                   r->logged - r->judged);
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
    arena_free(&run.arena);
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
