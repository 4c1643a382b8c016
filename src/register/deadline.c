#include "register/casework.h"

#include <stdio.h>

/*
 * Deadlines run on `counted` (format §8.3), so nobody makes one pass by holding time back.
 * `due` has every one that runs, in the order in which they run out.
 */

static bool counted_now(struct apply *a, int64_t *out, struct err *err)
{
    const struct json *clock;

    if (!apply_get(a, "clock", SPAN_LIT("clock"), &clock, err))
        return false;
    *out = json_get_integer(clock, "counted_ms", 0);
    return true;
}

static struct span key_of(struct apply *a, struct span subject, struct span clock, struct span org)
{
    struct span key = apply_join(a, subject, ' ', clock);

    return org.len ? apply_join(a, key, ' ', org) : key;
}

static struct span due_key(struct apply *a, int64_t due_ms, struct span key)
{
    char at[REGISTER_INDEX_TEXT];

    register_index_key(at, (uint64_t)due_ms);
    return apply_join(a, span_of(at), ' ', key);
}

static bool is_running(const struct json *row)
{
    return span_is(json_get_text(row, "state"), "running");
}

/* Puts the row, and keeps `due` in step with it. */
static bool put(struct apply *a, struct span key, const struct json *before, struct json *row,
                struct err *err)
{
    int64_t was = json_get_integer(before, "due_ms", 0), is = json_get_integer(row, "due_ms", 0);
    struct json *due = apply_copy(a, NULL);

    if (is_running(before) && !apply_put(a, "due", due_key(a, was, key), NULL, err))
        return false;
    json_set_string(due, "deadline", key, a->arena);
    if (is_running(row) && !apply_put(a, "due", due_key(a, is, key), due, err))
        return false;
    return apply_put(a, "deadline", key, row, err);
}

bool deadline_each(struct apply *a, const struct json *clock, const struct json **out,
                   struct err *err)
{
    struct span each = json_get_text(clock, "each");
    const struct json *group, *row;

    *out = NULL;
    if (each.len == 0)
        return true;
    if (span_is(each, "accused")) {
        if (!apply_get(a, "case", a->at.id, &row, err))
            return false;
        *out = json_get(row, "accused");
        return true;
    }
    if (!apply_term(a, "group", each, &group, err))
        return false;
    *out = json_get(group, "organisations");
    return true;
}

static bool known_clock(struct apply *a, struct span clock, const struct json **term,
                        const struct json **orgs, struct err *err)
{
    *orgs = NULL;
    return apply_term(a, "clock", clock, term, err) &&
           (!*term || deadline_each(a, *term, orgs, err));
}

/* Of the case as it is by now: the record that says it is urgent may be the one that starts it. */
static bool duration(struct apply *a, const struct json *term, int64_t *out, struct err *err)
{
    const struct json *row = NULL;

    *out = json_get_integer(term, "duration_ms", 0);
    if (a->at.id.len && !apply_get(a, "case", a->at.id, &row, err))
        return false;
    if (span_is(json_get_text(row, "urgent"), "yes"))
        *out = json_get_integer(term, "urgent_ms", *out);
    return true;
}

static bool start_one(struct apply *a, struct span subject, struct span clock, struct span org,
                      int64_t for_ms, struct err *err)
{
    struct span key = key_of(a, subject, clock, org);
    struct json *row = apply_copy(a, NULL);
    const struct json *before;
    int64_t counted;

    if (!counted_now(a, &counted, err) || !apply_get(a, "deadline", key, &before, err))
        return false;
    const char *to = move_to("deadline", "start", json_get_text(before, "state"));
    if (!to)
        return true; /* it runs already */
    if (a->at.id.len)
        json_set_string(row, "case", a->at.id, a->arena);
    json_set_string(row, "clock", clock, a->arena);
    json_set_integer(row, "due_ms", counted + for_ms, a->arena);
    json_set_integer(row, "index", (int64_t)a->entry->index, a->arena);
    if (org.len)
        json_set_string(row, "org", org, a->arena);
    json_set_integer(row, "started_ms", counted, a->arena);
    json_set(row, "state", json_text(to), a->arena);
    json_set_string(row, "subject", subject, a->arena);
    return put(a, key, before, row, err);
}

bool deadline_start(struct apply *a, struct span subject, struct span clock, struct err *err)
{
    const struct json *term, *orgs;
    int64_t for_ms;

    if (!known_clock(a, clock, &term, &orgs, err))
        return false;
    if (!term)
        return true;
    if (!duration(a, term, &for_ms, err))
        return false;
    if (json_get_text(term, "each").len == 0)
        return start_one(a, subject, clock, (struct span){0}, for_ms, err);
    for (size_t i = 0; orgs && i < orgs->array.count; i++)
        if (!start_one(a, subject, clock, orgs->array.at[i].string, for_ms, err))
            return false;
    return true;
}

bool deadline_start_until(struct apply *a, struct span subject, struct span clock, int64_t at_ms,
                          struct err *err)
{
    const struct json *row;

    if (!apply_get(a, "clock", SPAN_LIT("clock"), &row, err))
        return false;
    int64_t left = at_ms - json_get_integer(row, "now_ms", 0);
    return start_one(a, subject, clock, (struct span){0}, left > 0 ? left : 0, err);
}

bool deadline_end(struct apply *a, struct span subject, struct span clock, struct err *err)
{
    const struct json *term, *orgs, *before;
    int64_t counted;

    if (!known_clock(a, clock, &term, &orgs, err))
        return false;
    struct span org = json_get_text(term, "each").len ? apply_org(a) : (struct span){0};
    struct span key = key_of(a, subject, clock, org);
    if (!counted_now(a, &counted, err) || !apply_get(a, "deadline", key, &before, err))
        return false;
    bool late = is_running(before) && counted > json_get_integer(before, "due_ms", 0);
    const char *to = move_to("deadline", late ? "late" : "met", json_get_text(before, "state"));
    if (!to)
        return true; /* none, or ended before */
    struct json *row = apply_copy(a, before);
    json_set_integer(row, "ended", (int64_t)a->entry->index, a->arena);
    json_set(row, "state", json_text(to), a->arena);
    return put(a, key, before, row, err);
}

static bool runs_one(struct apply *a, struct span subject, struct span clock, struct span org,
                     bool *out, struct err *err)
{
    const struct json *row;
    int64_t counted;

    if (!counted_now(a, &counted, err) ||
        !apply_get(a, "deadline", key_of(a, subject, clock, org), &row, err))
        return false;
    *out = span_is(json_get_text(row, "state"), "paused") ||
           (is_running(row) && counted <= json_get_integer(row, "due_ms", 0));
    return true;
}

bool deadline_runs(struct apply *a, struct span subject, struct span clock, bool *out,
                   struct err *err)
{
    const struct json *term, *orgs;

    *out = false;
    if (subject.len == 0)
        return true;
    if (!known_clock(a, clock, &term, &orgs, err))
        return false;
    if (json_get_text(term, "each").len == 0)
        return runs_one(a, subject, clock, (struct span){0}, out, err);
    for (size_t i = 0; orgs && i < orgs->array.count && !*out; i++)
        if (!runs_one(a, subject, clock, orgs->array.at[i].string, out, err))
            return false;
    return true;
}

bool deadline_past(struct apply *a, struct span subject, struct span clock, struct span org,
                   bool *out, struct err *err)
{
    const struct json *term, *row;
    bool runs;

    if (!apply_term(a, "clock", clock, &term, err))
        return false;
    if (json_get_text(term, "each").len == 0)
        org = (struct span){0};
    if (!apply_get(a, "deadline", key_of(a, subject, clock, org), &row, err) ||
        !runs_one(a, subject, clock, org, &runs, err))
        return false;
    *out = row && !runs;
    return true;
}

/* --- what records say of a deadline: more time, or none for a while --- */

static bool find_named(struct apply *a, struct span *key, const struct json **row, struct err *err)
{
    *key = key_of(a, json_get_text(a->body, "subject"), json_get_text(a->body, "clock"),
                  json_get_text(a->body, "organisation"));
    return apply_get(a, "deadline", *key, row, err);
}

/* The deadline's own case, not another that the record might name. */
static bool ask_case(struct apply *a, struct err *err)
{
    const struct json *row;
    struct span key;

    if (!find_named(a, &key, &row, err))
        return false;
    if (!row)
        return apply_no_move(a, err, "there is no deadline %.*s", SPAN_ARG(key));
    return span_equal(json_get_text(row, "case"), a->at.id) ||
           apply_void(a, REASON_REFERENCE, "the deadline is of another case");
}

static bool ask_extension(struct apply *a, struct err *err)
{
    const struct json *row, *term;
    struct span key;

    if (!find_named(a, &key, &row, err) ||
        !apply_term(a, "clock", json_get_text(a->body, "clock"), &term, err))
        return false;
    int64_t times = json_get_integer(term, "extensions", 0);
    int64_t most = json_get_integer(term, "extension_ms", 0);
    if (json_get_integer(row, "extended", 0) >= times)
        return apply_void(a, REASON_EXTENSION, "it may be extended %" PRId64 " times", times);
    if (json_get_integer(a->body, "for_ms", 0) > most)
        return apply_void(a, REASON_EXTENSION, "by at most %" PRId64 " ms", most);
    return true;
}

static bool ask_move(struct apply *a, struct err *err)
{
    const struct json *row;
    struct span key;

    if (!find_named(a, &key, &row, err))
        return false;
    struct span from = json_get_text(row, "state");
    return move_to("deadline", a->kind->name, from) ||
           apply_no_move(a, err, "the deadline is %.*s", SPAN_ARG(from));
}

static bool change(struct apply *a, int64_t due_ms, int64_t left_ms, bool extended, struct err *err)
{
    const struct json *before;
    struct span key;

    if (!find_named(a, &key, &before, err))
        return false;
    struct json *row = apply_copy_without(a, before, "left_ms");
    json_set_integer(row, "due_ms", due_ms, a->arena);
    if (extended)
        json_set_integer(row, "extended", json_get_integer(before, "extended", 0) + 1, a->arena);
    if (left_ms >= 0)
        json_set_integer(row, "left_ms", left_ms, a->arena);
    json_set(row, "state",
             json_text(move_to("deadline", a->kind->name, json_get_text(before, "state"))),
             a->arena);
    return put(a, key, before, row, err);
}

/* Time that has run out starts anew where it ran out: who may extend may set the clock back. */
static bool extend(struct apply *a, struct err *err)
{
    const struct json *row;
    struct span key;

    if (!find_named(a, &key, &row, err))
        return false;
    return change(a, json_get_integer(row, "due_ms", 0) + json_get_integer(a->body, "for_ms", 0),
                  -1, true, err);
}

static bool pause(struct apply *a, struct err *err)
{
    const struct json *row;
    struct span key;
    int64_t counted;

    if (!find_named(a, &key, &row, err) || !counted_now(a, &counted, err))
        return false;
    int64_t due = json_get_integer(row, "due_ms", 0);
    return change(a, due, due > counted ? due - counted : 0, false, err);
}

static bool resume(struct apply *a, struct err *err)
{
    const struct json *row;
    struct span key;
    int64_t counted;

    if (!find_named(a, &key, &row, err) || !counted_now(a, &counted, err))
        return false;
    return change(a, counted + json_get_integer(row, "left_ms", 0), -1, false, err);
}

static const struct casework work[] = {
    {.kind = "deadline.extend",
     .asks = {ask_case, ask_move, ask_extension},
     .then = {extend},
     .does = "`no_move` unless `deadline` has a row of this `subject`, `clock` and `organisation`, "
             "`reference` unless its `case` is the one named here, then the move. `extension` if "
             "it was extended as often as `extensions` of the clock says, or `for_ms` is more than "
             "its `extension_ms`. `due_ms` grows by `for_ms`."},
    {.kind = "deadline.pause",
     .asks = {ask_case, ask_move},
     .then = {pause},
     .does = "As `deadline.extend`, without `extension`. `left_ms` is what was left of it, or 0."},
    {.kind = "deadline.resume",
     .asks = {ask_case, ask_move},
     .then = {resume},
     .does = "As `deadline.pause`. `due_ms` becomes `counted_ms` and `left_ms`, which goes."},
    {0},
};

static const struct move moves[] = {
    {"deadline", "start", "", "running"},
    {"deadline", "start", "met", "running"}, /* asked again, as in a case that was reopened */
    {"deadline", "start", "late", "running"},
    {"deadline", "met", "running", "met"},
    {"deadline", "late", "running", "late"},
    {"deadline", "met", "paused", "met"},
    {"deadline", "deadline.extend", "running", "running"},
    {"deadline", "deadline.extend", "late", "met"}, /* what came late is taken as in time */
    {"deadline", "deadline.pause", "running", "paused"},
    {"deadline", "deadline.resume", "paused", "running"},
    {0},
};

const struct case_room case_room_deadline = {work, moves};
