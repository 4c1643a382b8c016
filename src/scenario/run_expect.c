#include "scenario/running.h"

#include "api/api.h"
#include "base/calendar.h"
#include "base/limits.h"
#include "base/reader.h"
#include "codec/json.h"
#include "journal/audit.h"
#include "node/node.h"
#include "register/register.h"
#include "store/store.h"

/* What must have come out: rows of the register, deadlines, what the program says, the audit. */

#define PAGE 500u

bool run_row(struct run *run, const char *table, struct span key, struct json *out, bool *out_there,
             struct err *err)
{
    struct span row;

    *out = json_object();
    *out_there = false;
    if (!store_get(node_reader(run->node), table, key, STORE_LATEST, &row, NULL, &run->working,
                   err))
        return false;
    *out_there = row.at != NULL;
    return !row.at || json_parse_canonical(out, row, &run->working, err);
}

/* --- names --- */

/* What a word stands for: a record's id, a part's commitment, a key's name, or itself. */
static struct span meaning(struct run *run, struct span word)
{
    const struct name *name = names_any(&run->names, word);

    if (name && name->of == NAME_PERSON)
        return span_of(name->key_name);
    return name && name->id ? span_of(name->id) : word;
}

static struct span key_of(struct run *run, struct span words)
{
    struct buf out = buf_in(&run->working, 4096);

    while (words.len) {
        bool quoted;
        struct span word = words_unquote(words_next(&words), &quoted);

        buf_text(&out, out.len ? " " : "");
        buf_put(&out, quoted ? word : meaning(run, word));
    }
    return buf_span(&out);
}

/* --- conditions --- */

static const struct json *member_of(const struct json *row, struct span path, struct arena *arena)
{
    const struct json *at = row;
    struct span one;

    while (at && path.len) {
        if (!span_cut(&path, '.', &one)) {
            one = path;
            path = (struct span){0};
        }
        at = json_get(at, arena_text(arena, one));
    }
    return at;
}

/* A number as it is written for this member: plain, or a moment or a duration where it is one. */
static bool number_meant(struct run *run, const struct condition *c, int64_t *out)
{
    struct span text = c->value;
    bool minus = text.len && text.at[0] == '-';
    struct moment moment;
    uint64_t number;

    if (decimal_parse(&number, minus ? span_from(text, 1) : text, LIMIT_INTEGER)) {
        *out = minus ? -(int64_t)number : (int64_t)number;
        return true;
    }
    if (moment_duration(out, text))
        return true;
    if (!moment_parse(&moment, text, &run->now))
        return false;
    *out = moment.ms;
    return true;
}

static bool equals(struct run *run, const struct condition *c, const struct json *value)
{
    struct span wanted = c->quoted ? c->value : meaning(run, c->value);
    int64_t number;

    switch (value->type) {
    case JSON_STRING:
        return span_equal(value->string, wanted) || span_equal(value->string, c->value);
    case JSON_INTEGER:
        if (span_is(c->value, "yes") || span_is(c->value, "no"))
            return value->integer == span_is(c->value, "yes");
        return number_meant(run, c, &number) && number == value->integer;
    case JSON_ARRAY:
        return (value->array.count == 1 && equals(run, c, &value->array.at[0])) ||
               (value->array.count == 0 && span_is(c->value, "empty"));
    case JSON_OBJECT:
        return json_get(value, "at_ms") && number_meant(run, c, &number) &&
               number == json_get_integer(value, "at_ms", 0);
    }
    return false;
}

static bool text_has(struct span text, struct span part)
{
    for (size_t i = 0; i + part.len <= text.len; i++)
        if (span_starts_with(span_from(text, i), part))
            return true;
    return false;
}

static bool has(struct run *run, const struct condition *c, const struct json *value)
{
    if (value->type == JSON_STRING)
        return text_has(value->string, c->value);
    for (size_t i = 0; value->type == JSON_ARRAY && i < value->array.count; i++)
        if (equals(run, c, &value->array.at[i]))
            return true;
    return false;
}

static bool compares(struct run *run, const struct condition *c, const struct json *value)
{
    int64_t number;

    if (value->type != JSON_INTEGER || !number_meant(run, c, &number))
        return false;
    switch (c->compare) {
    case MORE:
        return value->integer > number;
    case LESS:
        return value->integer < number;
    case AT_LEAST:
        return value->integer >= number;
    default:
        return value->integer <= number;
    }
}

static bool meets(struct run *run, const struct condition *c, const struct json *row)
{
    const struct json *value = member_of(row, c->member, &run->working);

    switch (c->compare) {
    case THERE:
        return value != NULL;
    case NOT_THERE:
        return value == NULL;
    case IS:
        return value && equals(run, c, value);
    case IS_NOT:
        return !value || !equals(run, c, value);
    case HAS:
        return value && has(run, c, value);
    case HAS_NOT:
        return !value || !has(run, c, value);
    default:
        return value && compares(run, c, value);
    }
}

static bool meets_all(struct run *run, const struct expected *e, const struct json *row)
{
    for (size_t i = 0; i < e->conditions; i++)
        if (!meets(run, &e->condition[i], row))
            return false;
    return true;
}

/* --- rows --- */

static const char *member_text(struct run *run, const struct condition *c, const struct json *row)
{
    const struct json *value = member_of(row, c->member, &run->working);

    if (!value)
        return "is not there";
    return arena_printf(&run->working, "is %.*s", SPAN_ARG(json_bytes(value, &run->working)));
}

static void tell_conditions(struct run *run, const struct step *step, const struct json *row)
{
    const struct expected *e = &step->expected;

    for (size_t i = 0; i < e->conditions; i++) {
        const struct condition *c = &e->condition[i];

        run_tell(run, step->at, meets(run, c, row), "%.*s of %.*s: %.*s %s", SPAN_ARG(e->table),
                 SPAN_ARG(e->keys), SPAN_ARG(c->member), member_text(run, c, row));
    }
}

/* The words of a key that were taken for names, for who meant the word itself. */
static const char *taken_for_names(struct run *run, struct span words)
{
    struct buf out = buf_in(&run->working, 1000);

    while (words.len) {
        bool quoted;
        struct span word = words_unquote(words_next(&words), &quoted);
        const struct name *name = names_find(&run->names, NAME_RECORD, word);

        if (name && !quoted)
            buf_printf(&out, "%s%.*s of line %" PRIu64, out.len ? ", " : " (here ", SPAN_ARG(word),
                       name->line);
    }
    buf_text(&out, out.len ? "; a word of the same name stands in quotation marks)" : "");
    return arena_text(&run->working, buf_span(&out));
}

static bool expect_row(struct run *run, const struct step *step, struct err *err)
{
    const struct expected *e = &step->expected;
    const char *table = arena_text(&run->working, e->table);
    struct json row;
    bool there;

    if (!run_row(run, table, key_of(run, e->keys), &row, &there, err))
        return false;
    if (e->none || !there || !e->conditions) {
        run_tell(run, step->at, there != e->none, "%s of %.*s: there is %s%s", table,
                 SPAN_ARG(e->keys), there ? "one" : "none",
                 there ? "" : taken_for_names(run, e->keys));
        return true;
    }
    tell_conditions(run, step, &row);
    return true;
}

/* Calls `see` for every row of the table whose key begins so. */
static bool each_row(struct run *run, const char *table, struct span prefix,
                     void (*see)(struct run *run, const struct step *step, const struct json *row,
                                 void *context),
                     const struct step *step, void *context, struct err *err)
{
    struct span after = {0};
    struct store_row *row;
    size_t count = PAGE;

    for (; count == PAGE; after = row[count - 1].key) {
        if (!store_scan(node_reader(run->node), table, prefix, after, STORE_LATEST, PAGE, &row,
                        &count, &run->working, err))
            return false;
        for (size_t i = 0; i < count; i++) {
            struct json value;

            if (!json_parse_canonical(&value, row[i].row, &run->working, err))
                return false;
            see(run, step, &value, context);
        }
        if (count == 0)
            break;
    }
    return true;
}

static void count_row(struct run *run, const struct step *step, const struct json *row,
                      void *context)
{
    uint64_t *count = context;

    *count += meets_all(run, &step->expected, row);
}

static bool expect_count(struct run *run, const struct step *step, struct err *err)
{
    const struct expected *e = &step->expected;
    const char *table = arena_text(&run->working, e->table);
    uint64_t count = 0;

    if (!each_row(run, table, key_of(run, e->keys), count_row, step, &count, err))
        return false;
    run_tell(run, step->at, count == e->number,
             "count of %s: there are %" PRIu64 ", and should be %" PRIu64, table, count, e->number);
    return true;
}

/* --- deadlines --- */

struct deadlines {
    int64_t counted_ms;
    size_t found;   /* of that clock, organisation and subject */
    size_t fitting; /* and in that state */
    struct json one;
    const char *seen; /* what there is, for whoever asks */
};

static const char *state_of(const struct json *row, int64_t counted_ms, struct arena *arena)
{
    struct span state = json_get_text(row, "state");

    if (span_is(state, "running") && json_get_integer(row, "due_ms", 0) < counted_ms)
        return "overdue";
    return arena_text(arena, state);
}

static bool concerns(struct run *run, const struct expected *e, const struct json *row)
{
    struct span subject = e->keys.len ? meaning(run, e->keys) : (struct span){0};

    return (e->table.len == 0 || span_equal(e->table, json_get_text(row, "clock"))) &&
           (e->organisation.len == 0 || span_equal(e->organisation, json_get_text(row, "org"))) &&
           (subject.len == 0 || span_equal(subject, json_get_text(row, "case")) ||
            span_equal(subject, json_get_text(row, "subject")));
}

static void see_deadline(struct run *run, const struct step *step, const struct json *row,
                         void *context)
{
    const struct expected *e = &step->expected;
    struct deadlines *d = context;
    const char *state = state_of(row, d->counted_ms, &run->working);

    if (!concerns(run, e, row))
        return;
    d->found++;
    if (d->found <= 8)
        d->seen = arena_printf(&run->working, "%s%s%.*s%s%.*s %s", d->seen,
                               d->found > 1 ? ", " : "", SPAN_ARG(json_get_text(row, "clock")),
                               json_get_text(row, "org").len ? " by " : "",
                               SPAN_ARG(json_get_text(row, "org")), state);
    if (!span_is(e->state, state))
        return;
    d->fitting++;
    d->one = *row;
}

static void tell_due(struct run *run, const struct step *step, const struct deadlines *d)
{
    const struct expected *e = &step->expected;
    struct moment wanted, got = run->now;

    got.ms += json_get_integer(&d->one, "due_ms", 0) - d->counted_ms;
    bool ok = moment_parse(&wanted, e->due, &run->now) &&
              wanted.ms / MS_PER_MINUTE == got.ms / MS_PER_MINUTE;
    run_tell(run, step->at, ok, "%.*s: due %s, %s from now", SPAN_ARG(e->table),
             moment_text(got, &run->working),
             moment_duration_text(got.ms - run->now.ms, &run->working));
}

static bool expect_deadline(struct run *run, const struct step *step, struct err *err)
{
    const struct expected *e = &step->expected;
    struct deadlines d = {.seen = ""};
    struct json clock;
    bool there;

    if (!run_row(run, "clock", SPAN_LIT("clock"), &clock, &there, err))
        return false;
    d.counted_ms = json_get_integer(&clock, "counted_ms", 0);
    if (!each_row(run, "deadline", (struct span){0}, see_deadline, step, &d, err))
        return false;
    bool ok = e->what == EXPECT_NO_DEADLINE ? d.fitting == 0 : d.fitting > 0;
    run_tell(run, step->at, ok, "%.*s%s%.*s: %zu; there is %s", SPAN_ARG(e->state),
             e->table.len ? " " : "", SPAN_ARG(e->table), d.fitting, d.found ? d.seen : "none");
    if (ok && e->due.len)
        tell_due(run, step, &d);
    return true;
}

/* --- views --- */

/* What the node answers to a question (doc/api.md); false, with why, when it answers no. */
static bool ask_node(struct run *run, const char *path, const char *query, struct json *out,
                     struct err *why)
{
    struct http_request request = {
        .method = "GET", .path = span_of(path), .query = span_of(query), .arena = &run->working};
    struct http_response answer = {.status = 200};
    struct api *api = api_open(run->node);

    api_handle(api, &request, &answer);
    bool ok = json_parse(out, answer.body, &run->working, why);
    if (ok && answer.status != 200)
        ok = err_set(why, ERR_MISSING, "%.*s",
                     SPAN_ARG(json_get_string(out, "error", SPAN_LIT("no answer"))));
    api_close(api);
    return ok;
}

static const struct json *line_of(const struct json *days, struct span sector)
{
    for (size_t i = 0; days && i < days->array.count; i++)
        if (span_equal(json_get_text(&days->array.at[i], "sector"), sector))
            return &days->array.at[i];
    return NULL;
}

static const struct json *see_coverage(struct run *run, const struct expected *e, struct json *all,
                                       struct err *why)
{
    struct moment day = {0};

    if (!moment_parse(&day, e->due, &run->now))
        return NULL;
    const char *query = arena_printf(&run->working, "from=%" PRId64 "&to=%" PRId64 "&offset_min=%d",
                                     day.ms, day.ms + MS_PER_DAY, run->now.offset_min);
    return ask_node(run, "/api/coverage", query, all, why) ? line_of(json_get(all, "days"), e->keys)
                                                           : NULL;
}

static const struct json *see_ledgers(struct run *run, const struct expected *e, struct json *all,
                                      struct err *why)
{
    struct span right = e->keys, left = words_next(&right);
    const char *query =
        arena_printf(&run->working, "left=%.*s&right=%.*s", SPAN_ARG(left), SPAN_ARG(right));

    if (!ask_node(run, "/api/ledgers", query, all, why))
        return NULL;
    struct json *out = ARENA_NEW(&run->working, struct json);
    *out = *json_get(all, "counts");
    json_set_integer(out, "only_left", json_get(all, "only_left")->array.count, &run->working);
    json_set_integer(out, "only_right", json_get(all, "only_right")->array.count, &run->working);
    return out;
}

static bool expect_view(struct run *run, const struct step *step, struct err *err)
{
    const struct expected *e = &step->expected;
    const struct json *seen;
    struct err why = {0};
    struct json all;

    if (!journal_publish(node_journal(run->node), err) ||
        !store_reader_refresh(node_reader(run->node), err))
        return false;
    seen = span_is(e->table, "coverage") ? see_coverage(run, e, &all, &why)
                                         : see_ledgers(run, e, &all, &why);
    if (seen)
        tell_conditions(run, step, seen);
    else
        run_tell(run, step->at, false, "%.*s of %.*s: %s", SPAN_ARG(e->table), SPAN_ARG(e->keys),
                 why.text[0] ? why.text : "there is no such line");
    return true;
}

/* --- what the program says --- */

static bool expect_says(struct run *run, const struct step *step, struct err *err)
{
    const struct expected *e = &step->expected;
    struct span word[32], rest = e->keys, said;
    struct err failed = {0};
    size_t words = 0;

    while (rest.len && words < ARRAY_LEN(word))
        word[words++] = meaning(run, words_next(&rest));
    if (!journal_publish(node_journal(run->node), err))
        return false;
    if (!run->told->ask || !run->told->ask(run->told->context, run->disk, word, words, &said,
                                           &run->working, &failed)) {
        run_tell(run, step->at, false, "sulh %.*s: %s", SPAN_ARG(e->keys),
                 failed.text[0] ? failed.text : "there are no commands here");
        return true;
    }
    for (size_t i = 0; i < e->values; i++) {
        bool found = text_has(said, e->value[i]);

        run_tell(run, step->at, found != e->none, "%.*s %s \"%.*s\"%s%.*s", SPAN_ARG(e->keys),
                 found ? "says" : "does not say", SPAN_ARG(e->value[i]),
                 found != e->none ? "" : "; it says: ",
                 found != e->none ? 0 : (int)(said.len < 900 ? said.len : 900),
                 (const char *)said.at);
    }
    return true;
}

/* --- the audit --- */

bool run_audit(struct run *run, const struct block *at, struct disk *disk, struct span wrong,
               struct err *err)
{
    const struct audit_options options = {.disk = disk};
    struct audit_result *result = ARENA_NEW(&run->working, struct audit_result);
    const char *entry;

    if (!audit_run(result, &options, err))
        return false;
    if (wrong.len == 0 || result->ok) {
        run_tell(run, at, result->ok && wrong.len == 0, "the audit: %s",
                 result->ok ? "nothing is wrong" : result->text);
        return true;
    }
    entry = arena_printf(&run->working, "%" PRIu64, result->entry);
    run_tell(run, at, result->has_entry && span_is(wrong, entry),
             "the audit: %s (entry %s; that should be entry %.*s)", result->text,
             result->has_entry ? entry : "none", SPAN_ARG(wrong));
    return true;
}

static bool index_of(struct run *run, struct span name, struct span *out, struct err *err)
{
    const struct name *record = names_find(&run->names, NAME_RECORD, name);
    struct json row;
    bool there;

    *out = name;
    if (!record || !record->id)
        return true;
    if (!run_row(run, "record", span_of(record->id), &row, &there, err))
        return false;
    *out = span_of(arena_printf(&run->working, "%" PRId64, json_get_integer(&row, "index", -1)));
    return true;
}

static bool expect_audit(struct run *run, const struct step *step, struct err *err)
{
    const struct expected *e = &step->expected;
    struct disk *disk = e->keys.len ? run_copy_named(run, e->keys) : run->disk;
    struct span wrong = {0};

    if (!disk) {
        run_tell(run, step->at, false, "there is no copy \"%.*s\"", SPAN_ARG(e->keys));
        return true;
    }
    return journal_publish(node_journal(run->node), err) &&
           (!e->none || index_of(run, e->state, &wrong, err)) &&
           run_audit(run, step->at, disk, wrong, err);
}

bool run_expect(struct run *run, const struct step *step, struct err *err)
{
    run->result->expectations++;
    if (!store_reader_refresh(node_reader(run->node), err))
        return false;
    switch (step->expected.what) {
    case EXPECT_ROW:
        return expect_row(run, step, err);
    case EXPECT_COUNT:
        return expect_count(run, step, err);
    case EXPECT_DEADLINE:
    case EXPECT_NO_DEADLINE:
        return expect_deadline(run, step, err);
    case EXPECT_VIEW:
        return expect_view(run, step, err);
    case EXPECT_SAYS:
        return expect_says(run, step, err);
    case EXPECT_READS:
        return run_reads(run, step, err);
    case EXPECT_AUDIT:
        return expect_audit(run, step, err);
    }
    return true;
}
