#include "scenario/running.h"

#include "api/views.h"
#include "journal/log_keys.h"
#include "node/node.h"
#include "store/store.h"
#include "sys/disk_sim.h"
#include "terms/terms.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

/* The node of a scenario, and its steps one after another. */

void run_tell(struct run *run, const struct block *at, bool ok, const char *format, ...)
{
    char text[1200];
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    run->result->failures += !ok;
    run->told->tell(run->told->context, at->line, ok, text);
}

struct person *run_person(struct run *run, struct span name)
{
    for (size_t i = 0; i < run->people; i++)
        if (span_equal(run->person[i].name, name))
            return &run->person[i];
    return NULL;
}

const char *run_why(const struct run *run, uint64_t index)
{
    size_t place = index % ARRAY_LEN(run->why);

    return run->why[place].index == index ? run->why[place].text : "";
}

/* --- the node --- */

static int64_t clock_of(void *context)
{
    const struct run *run = context;

    return run->now.ms;
}

static bool key_of(void *context, const char *name, struct note_signer *out, struct err *err)
{
    const struct run *run = context;

    for (size_t i = 0; i < run->people; i++)
        if (strcmp(run->person[i].signer.name, name) == 0) {
            *out = run->person[i].signer;
            return true;
        }
    for (size_t i = 0; i < run->founding->signers; i++)
        if (strcmp(run->founding->signer[i].name, name) == 0) {
            *out = run->founding->signer[i];
            return true;
        }
    return err_set(err, ERR_MISSING, "there is no key %s", name);
}

/* Remembers what the register said of an entry, which is no part of any row. */
static bool observe(void *context, struct store_tx *tx, uint64_t index, const struct record *record,
                    const struct effects *effects, struct parts *parts, struct arena *arena,
                    struct err *err)
{
    const struct journal_view view = views_journal();
    struct run *run = context;
    size_t place = index % ARRAY_LEN(run->why);

    run->why[place].index = index;
    snprintf(run->why[place].text, sizeof run->why[place].text, "%.*s", SPAN_ARG(effects->why));
    return view.observer(view.context, tx, index, record, effects, parts, arena, err);
}

bool run_open(struct run *run, struct err *err)
{
    const struct node_world world = {.disk = run->disk,
                                     .store = run->store,
                                     .clock = {clock_of, run},
                                     .key = key_of,
                                     .context = run};
    const struct journal_view view = {.observer = observe, .context = run};

    return node_open_in(&run->node, &world, &view, err);
}

void run_close(struct run *run)
{
    for (size_t i = 0; i < run->people; i++) {
        author_close(run->person[i].author);
        run->person[i].author = NULL;
    }
    node_close(run->node);
    run->node = NULL;
}

/* --- its log --- */

static bool write_settings(struct run *run, struct err *err)
{
    struct log_keys *keys = ARENA_NEW(run->arena, struct log_keys);

    return log_keys_add(keys, &run->founding->log_key, err) &&
           settings_write(run->founding->settings, run->disk, err) &&
           log_keys_write(keys, run->disk, err);
}

static bool submit_founding(struct run *run, struct err *err)
{
    const struct scenario_founding *f = run->founding;
    struct answer *answer = ARENA_ARRAY(run->arena, struct answer, f->records);

    if (!node_submit(run->node, f->record, f->records, answer, run->arena, err))
        return false;
    for (size_t i = 0; i < f->records; i++)
        if (answer[i].kind != ANSWER_LOGGED)
            return err_set(err, ERR_REFUSED, "record %zu of the agreement: %s", i,
                           answer[i].reason ? answer[i].reason : "not logged");
    return true;
}

static bool found(struct run *run, struct err *err)
{
    struct json agreement;
    bool there;

    run->now = run->scenario->start;
    if (!disk_sim_open(&run->disk, 1) || !store_open(&run->store, "memory:", err) ||
        !write_settings(run, err) || !run_open(run, err) || !submit_founding(run, err) ||
        !node_tick(run->node, err) ||
        !run_row(run, "agreement", SPAN_LIT("1"), &agreement, &there, err))
        return false;
    return span_is(json_get_string(&agreement, "state", (struct span){0}), "in_force") ||
           err_set(err, ERR_CONFLICT, "the agreement did not come into force");
}

/* --- its steps --- */

static bool pass_counted(struct run *run, const struct step *step, struct err *err)
{
    run->now.offset_min = step->offset_min;
    return run_pass(run, step->ms, false, err);
}

static bool pass_silent(struct run *run, const struct step *step, struct err *err)
{
    return run_pass(run, step->ms, true, err);
}

static bool (*const steps[])(struct run *run, const struct step *step, struct err *err) = {
    [STEP_CAST] = run_cast,       [STEP_TIME] = pass_counted,   [STEP_SILENCE] = pass_silent,
    [STEP_OFFLINE] = run_offline, [STEP_ONLINE] = run_online,   [STEP_RECORD] = run_record,
    [STEP_PART] = run_part,       [STEP_AMEND] = run_amend,     [STEP_COPY] = run_copy,
    [STEP_ALTER] = run_alter,     [STEP_RESTORE] = run_restore, [STEP_EXPECT] = run_expect,
};

static bool take_step(struct run *run, const struct step *step, struct err *err)
{
    bool ok = steps[step->type](run, step, err);

    arena_reset(&run->working);
    return ok || err_wrap(err, "line %" PRIu64, step->at->line);
}

/* Whatever happened, the log must be one that anybody can check. */
static bool end(struct run *run, struct err *err)
{
    const struct block last = {
        .line = run->scenario->steps ? run->scenario->step[run->scenario->steps - 1].at->line : 1};

    return journal_publish(node_journal(run->node), err) &&
           run_audit(run, &last, run->disk, (struct span){0}, err);
}

static void release(struct run *run, bool ok, struct disk **out_disk)
{
    run_close(run);
    store_close(run->store);
    for (size_t i = 0; i < run->copies; i++)
        disk_close(run->copy[i].disk);
    if (ok && out_disk)
        *out_disk = run->disk;
    else
        disk_close(run->disk);
    for (size_t i = 0; i < run->people; i++) {
        sign_secret_wipe(&run->person[i].signer.secret);
        sign_wipe(&run->person[i].identity, sizeof run->person[i].identity);
    }
    arena_free(&run->working);
    free(run);
}

bool scenario_run(struct scenario_result *out, const struct scenario *scenario,
                  const struct scenario_founding *founding, const struct scenario_told *told,
                  struct disk **out_disk, struct arena *arena, struct err *err)
{
    struct scenario_result result = {0};
    struct run *run = calloc(1, sizeof *run);

    assert(run);
    run->arena = arena;
    run->scenario = scenario;
    run->founding = founding;
    run->told = told;
    run->result = &result;
    run->terms = founding->terms;
    run->version = 1;
    run->counted_gap_ms = terms_head_of(json_get(&founding->terms, "agreement")).max_gap_ms;
    bool ok = found(run, err);
    for (size_t i = 0; ok && i < scenario->steps; i++)
        ok = take_step(run, &scenario->step[i], err);
    ok = ok && end(run, err);
    release(run, ok, out_disk);
    if (ok)
        *out = result;
    return ok;
}
