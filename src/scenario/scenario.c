#include "scenario/scenario.h"

#include "base/limits.h"
#include "base/reader.h"
#include "record/kind.h"
#include "scenario/expected.h"
#include "scenario/part_lines.h"
#include "scenario/value.h"

#define LIST_TEXT_BYTES 400u
#define NO_ID "0000000000000000000000000000000000000000000000000000000000000000"

/* --- steps and names --- */

static bool add_step(struct parse *p, const struct step *step, struct err *err)
{
    struct scenario *s = p->out;

    if (s->steps == SCENARIO_STEPS)
        return block_fault(step->at, err, "more than 5000 steps");
    if (s->steps == p->room) {
        struct step *old = s->step;

        p->room = p->room ? 2 * p->room : 64;
        s->step = ARENA_ARRAY(p->arena, struct step, p->room);
        if (s->steps)
            memcpy(s->step, old, s->steps * sizeof *old);
    }
    s->step[s->steps++] = *step;
    return true;
}

static bool name_fits(struct span name)
{
    for (size_t i = 0; i < name.len; i++)
        if (name.at[i] == ',' || name.at[i] == ':' || name.at[i] == '"' || name.at[i] == ' ')
            return false;
    return name.len > 0 && name.len <= 60;
}

/* Keys of an organisation that are there already, or mean something. */
static bool is_reserved(struct span name)
{
    static const char *const words[] = {"root", "node", "witness", "promise", "revoker", "the"};

    for (size_t i = 0; i < ARRAY_LEN(words); i++)
        if (span_is(name, words[i]))
            return true;
    return false;
}

static bool add_name(struct parse *p, struct name name, const struct block *at, struct err *err)
{
    const struct name *there = names_any(&p->names, name.name);

    if (is_reserved(name.name))
        return block_fault(at, err, "\"%.*s\" means something else: take another name",
                           SPAN_ARG(name.name));
    if (!name_fits(name.name))
        return block_fault(at, err,
                           "\"%.*s\" cannot be a name: one word of up to 60 bytes, without "
                           ", : and \"",
                           SPAN_ARG(name.name));
    if (there)
        return block_fault(at, err, "the name \"%.*s\" is given already, in line %" PRIu64,
                           SPAN_ARG(name.name), there->line);
    name.line = at->line;
    names_add(&p->names, name, p->arena);
    return true;
}

static bool know_person(struct parse *p, struct span name, const struct block *at, struct err *err)
{
    return names_find(&p->names, NAME_PERSON, name) ||
           block_fault(at, err, "nobody called \"%.*s\" takes part; there are: %s", SPAN_ARG(name),
                       names_text(&p->names, NAME_PERSON, p->arena));
}

/* "khan", "khan and rahim", "khan, rahim and lena" */
static bool take_signers(struct parse *p, struct step *step, struct span text, struct err *err)
{
    struct span one;

    while (text.len) {
        if (!words_cut(&text, ",", &one) && !words_cut(&text, " and ", &one)) {
            one = text;
            text = (struct span){0};
        }
        if (step->signers == SCENARIO_SIGNERS)
            return block_fault(step->at, err, "more than 16 who sign");
        (void)words_take(&one, "and"); /* "a, b, and c" */
        if (!know_person(p, one, step->at, err))
            return false;
        step->signer[step->signers++] = one;
    }
    return step->signers > 0 || block_fault(step->at, err, "who?");
}

/* --- the head --- */

static bool title_line(struct parse *p, struct span rest, const struct block *at, struct err *err)
{
    if (p->out->title.len)
        return block_fault(at, err, "it has a title already");
    p->out->title = rest;
    return rest.len > 0 || block_fault(at, err, "the title is missing");
}

static bool under_line(struct parse *p, struct span rest, const struct block *at, struct err *err)
{
    bool plain = rest.len > 0 && rest.len <= 100 && rest.at[0] != '.';

    for (size_t i = 0; i < rest.len; i++)
        plain = plain && rest.at[i] > ' ' && rest.at[i] != '/';
    p->out->under = rest;
    return plain || block_fault(at, err,
                                "under which agreement? The name of its folder, such as "
                                "doha-istanbul-2025");
}

/* --- people --- */

static bool copy_of_line(struct parse *p, struct step *step, struct span rest, struct err *err)
{
    struct span owner = rest;

    if (span_is(rest, "the log")) {
        step->type = STEP_COPY;
        return true;
    }
    if (!span_ends_with(rest, SPAN_LIT("'s key")))
        return block_fault(step->at, err,
                           "a copy of what? \"copy of the log\" or \"copy of khan's "
                           "key\"");
    owner.len -= 6;
    step->copy_of = owner;
    return know_person(p, owner, step->at, err);
}

/* "party/pakistan as liaison", with ", not admitted" behind it */
static bool person_line(struct step *step, struct span rest, struct err *err)
{
    struct span head, tail;

    if (words_cut(&rest, ",", &head)) {
        step->not_admitted = span_is(rest, "not admitted");
        tail = rest;
        if (!step->not_admitted)
            return block_fault(step->at, err,
                               "\"%.*s\": only \"not admitted\" may stand behind the "
                               "comma",
                               SPAN_ARG(tail));
    } else {
        head = rest;
    }
    step->organisation = words_next(&head);
    if (!words_take(&head, "as") || head.len == 0)
        return block_fault(step->at, err, "who is that? \"khan = ORGANISATION as ROLE\"");
    step->role = words_next(&head);
    return head.len == 0 ||
           block_fault(step->at, err, "\"%.*s\" is one word too many", SPAN_ARG(head));
}

static bool cast_line(struct parse *p, struct span name, struct span rest, const struct block *at,
                      struct err *err)
{
    struct step step = {.type = STEP_CAST, .at = at, .name = name};
    struct name person = {.name = name, .of = NAME_PERSON, .key_name = "a/b", .vkey = "a/b"};
    bool copy = words_take(&rest, "copy of") || words_take(&rest, "a copy of");

    return (copy ? copy_of_line(p, &step, rest, err) : person_line(&step, rest, err)) &&
           add_name(p, person, at, err) && add_step(p, &step, err);
}

/* "source = the sealed part of tip", "radar_log = document of khan" */
static bool part_line(struct parse *p, struct span name, struct span rest, const struct block *at,
                      struct err *err)
{
    struct step step = {.type = STEP_PART, .at = at, .name = name};
    struct name part = {.name = name, .of = NAME_PART, .id = NO_ID};

    if (!p->has_time)
        return block_fault(at, err, "when is that? \"at 2025-11-06 15:40 +05:00\" must come first");
    return part_parse(p, &step, rest, err) && add_name(p, part, at, err) && add_step(p, &step, err);
}

/* --- time --- */

static bool at_line(struct parse *p, struct span rest, const struct block *at, struct err *err)
{
    struct step step = {.type = STEP_TIME, .at = at};
    struct moment moment;

    if (!moment_parse(&moment, rest, p->has_time ? &p->now : NULL))
        return block_fault(at, err, "\"%.*s\" is no moment: write \"at 2025-11-06 15:40 +05:00\"%s",
                           SPAN_ARG(rest), p->has_time ? ", or \"at 15:40\" for the same day" : "");
    if (!p->has_time)
        p->out->start = moment;
    else if (moment.ms <= p->now.ms)
        return block_fault(at, err, "time does not go back: it is %s already",
                           moment_text(p->now, p->arena));
    step.ms = p->has_time ? moment.ms - p->now.ms : 0;
    step.offset_min = moment.offset_min;
    p->now = moment;
    p->has_time = true;
    return add_step(p, &step, err);
}

static bool pass(struct parse *p, enum step_type type, struct span rest, const struct block *at,
                 struct err *err)
{
    struct step step = {.type = type, .at = at, .offset_min = p->now.offset_min};

    if (!p->has_time)
        return block_fault(at, err,
                           "when does it begin? \"at 2025-11-06 15:40 +05:00\" must come "
                           "first");
    if (!moment_duration(&step.ms, rest) || step.ms == 0)
        return block_fault(at, err,
                           "\"%.*s\" is no duration: write \"6 hours\" or \"1 day 30 "
                           "min\"",
                           SPAN_ARG(rest));
    p->now.ms += step.ms;
    if (p->now.ms > LIMIT_TIME_MAX_MS)
        return block_fault(at, err, "that is past the year 9998");
    return add_step(p, &step, err);
}

static bool after_line(struct parse *p, struct span rest, const struct block *at, struct err *err)
{
    return pass(p, STEP_TIME, rest, at, err);
}

static bool silence_line(struct parse *p, struct span rest, const struct block *at, struct err *err)
{
    return pass(p, STEP_SILENCE, rest, at, err);
}

/* --- records --- */

static bool no_kind(const struct block *at, struct span name, struct arena *arena, struct err *err)
{
    struct buf out = buf_in(arena, LIST_TEXT_BYTES);
    struct span room, rest = name;
    const struct kind *kind;

    if (!span_cut(&rest, '.', &room))
        room = (struct span){0};
    for (size_t i = 0; (kind = kind_at(i)); i++)
        if (room.len == 0 || span_starts_with(span_of(kind->name), room))
            buf_printf(&out, "%s%s", out.len ? ", " : "", kind->name);
    if (out.len == 0)
        return no_kind(at, (struct span){0}, arena, err);
    return block_fault(at, err, "there is no kind of record \"%.*s\"; there are: %.*s%s",
                       SPAN_ARG(name), SPAN_ARG(buf_span(&out)), out.full ? "…" : "");
}

static struct span without_comma(struct span word)
{
    if (word.len && (word.at[word.len - 1] == ',' || word.at[word.len - 1] == ':'))
        word.len--;
    return word;
}

static bool no_tail(const struct block *at, struct span rest, struct err *err)
{
    return block_fault(
        at, err,
        "\"%.*s\": \"as NAME\", \"tier TIER\", \"forged\" and \"9 times\" may stand behind the "
        "kind",
        SPAN_ARG(rest));
}

/* "9 times" */
static bool take_times(struct step *step, struct span rest, struct err *err)
{
    struct span number = words_next(&rest);

    if (!decimal_parse(&step->times, number, SCENARIO_TIMES) || !span_is(rest, "times"))
        return no_tail(step->at, number, err);
    return step->times > 0 || block_fault(step->at, err, "1 to 500 times");
}

/* "incident.report as r1, forged" */
static bool record_head(struct parse *p, struct step *step, struct span rest, struct err *err)
{
    struct span kind = without_comma(words_next(&rest));

    step->kind = kind_find(kind, 1);
    if (!step->kind)
        return no_kind(step->at, kind, p->arena, err);
    if (words_take(&rest, "as")) {
        step->as = without_comma(words_next(&rest));
        if (step->signers != 1)
            return block_fault(step->at, err, "records that several sign get no common name");
    }
    if (!part_tier_take(p, step, &rest, err))
        return false;
    if (words_take(&rest, "forged"))
        step->forged = true;
    else if (rest.len)
        return take_times(step, rest, err);
    return rest.len == 0 || no_tail(step->at, rest, err);
}

/* The form of what is said, with ids and keys that stand for those to come. */
static bool check_fields(struct parse *p, const struct step *step, struct err *err)
{
    const struct value_reader reader = {
        .names = &p->names, .now = &p->now, .arena = p->arena, .number = step->times ? 1 : 0};
    struct json flat;

    return value_fields(&flat, &reader, step->kind, step->fields, err);
}

/* "incident.report", and not "K-15" or "yes". */
static bool kind_like(struct span rest)
{
    struct span word = words_next(&rest), before;

    return span_is(word, "claim") || span_cut(&word, '.', &before);
}

/* "a", or "a.1" to "a.9" */
static bool add_record_names(struct parse *p, const struct step *step, struct name name,
                             struct err *err)
{
    struct span base = name.name;

    if (step->times == 0)
        return add_name(p, name, step->at, err);
    for (uint64_t i = 1; i <= step->times; i++) {
        name.name = span_of(arena_printf(p->arena, "%.*s.%" PRIu64, SPAN_ARG(base), i));
        if (!add_name(p, name, step->at, err))
            return false;
    }
    return true;
}

static bool record_line(struct parse *p, struct span who, struct span rest, const struct block *at,
                        struct err *err)
{
    struct step step = {.type = STEP_RECORD, .at = at};
    struct name name = {.of = NAME_RECORD, .id = NO_ID};

    if (!p->has_time)
        return block_fault(at, err, "when is that? \"at 2025-11-06 15:40 +05:00\" must come first");
    if (!kind_like(rest) && !names_find(&p->names, NAME_PERSON, who))
        return block_fault(at, err,
                           "\"%.*s: …\": a field of a record is indented below it; a record is "
                           "written \"PERSON: KIND\"",
                           SPAN_ARG(who));
    if (!take_signers(p, &step, who, err) || !record_head(p, &step, rest, err) ||
        !part_lines_take(p, &step, err) || !check_fields(p, &step, err))
        return false;
    if (step.forged)
        step.wanted = (struct outcome_wanted){.outcome = OUTCOME_AWAY};
    name.name = step.as;
    name.kind = span_of(step.kind->name);
    return (step.as.len == 0 || add_record_names(p, &step, name, err)) && add_step(p, &step, err);
}

/* --- what must become of the record above --- */

static const struct {
    const char *words;
    enum outcome outcome;
} outcomes[] = {
    {"holds", OUTCOME_HOLDS},
    {"marked", OUTCOME_MARKED},
    {"refused", OUTCOME_VOID},
    {"turned away", OUTCOME_AWAY},
};

static bool outcome_words(struct outcome_wanted *out, struct span rest, const struct block *at,
                          struct err *err)
{
    bool quoted;

    while (rest.len) {
        (void)(words_take(&rest, ",") || words_take(&rest, ":"));
        if (words_take(&rest, "clause")) {
            out->clause = without_comma(words_next(&rest));
        } else if (words_take(&rest, "because")) {
            out->because = words_unquote(rest, &quoted);
            rest = (struct span){0};
        } else if (out->outcome == OUTCOME_AWAY && out->because.len == 0) {
            out->because = words_unquote(rest, &quoted);
            rest = (struct span){0};
        } else if (out->reason.len == 0) {
            out->reason = without_comma(words_next(&rest));
        } else {
            return block_fault(at, err,
                               "\"%.*s\": a reason, \"clause …\" and \"because …\" may "
                               "stand here",
                               SPAN_ARG(rest));
        }
    }
    return true;
}

static bool outcome_line(struct parse *p, size_t n, struct span rest, const struct block *at,
                         struct err *err)
{
    struct step *last = p->out->steps ? &p->out->step[p->out->steps - 1] : NULL;

    if (!last || last->type != STEP_RECORD)
        return block_fault(at, err, "\"%s\" of what? It must stand right below a record",
                           outcomes[n].words);
    if (last->wanted.line)
        return block_fault(at, err, "what becomes of this record is said already, in line %" PRIu64,
                           last->wanted.line);
    last->wanted = (struct outcome_wanted){.outcome = outcomes[n].outcome, .line = at->line};
    return outcome_words(&last->wanted, rest, at, err);
}

/* --- the rest --- */

static bool expect_line(struct parse *p, struct span rest, const struct block *at, struct err *err)
{
    struct step step = {.type = STEP_EXPECT, .at = at};

    if (!p->has_time)
        return block_fault(at, err,
                           "nothing has happened yet: \"at 2025-11-06 15:40 +05:00\" must "
                           "come first");
    return expected_parse(&step.expected, p, rest, at, err) && add_step(p, &step, err);
}

static bool reach_line(struct parse *p, enum step_type type, struct span who,
                       const struct block *at, struct err *err)
{
    struct step step = {.type = type, .at = at};

    return take_signers(p, &step, who, err) && add_step(p, &step, err);
}

/* "r1 is altered in lahore" */
static bool alter_line(struct parse *p, struct span what, struct span copy, const struct block *at,
                       struct err *err)
{
    struct step step = {.type = STEP_ALTER, .at = at, .name = copy, .as = what};

    if (!names_find(&p->names, NAME_RECORD, what))
        return block_fault(at, err, "\"%.*s\" is no record; there are: %s", SPAN_ARG(what),
                           names_text(&p->names, NAME_RECORD, p->arena));
    return know_person(p, copy, at, err) && add_step(p, &step, err);
}

static bool restore_line(struct parse *p, struct span rest, const struct block *at, struct err *err)
{
    struct step step = {.type = STEP_RESTORE, .at = at, .name = rest};

    return know_person(p, rest, at, err) && add_step(p, &step, err);
}

/* "the roots amend the agreement from …", "doha proposes to amend the agreement as a2 from …" */
static bool amend_line(struct parse *p, struct span who, struct span rest, const struct block *at,
                       struct err *err)
{
    struct step step = {.type = STEP_AMEND, .at = at, .ms = p->now.ms};
    struct name name = {.of = NAME_RECORD, .id = NO_ID, .kind = SPAN_LIT("agreement.amend")};
    struct moment from;

    if (!p->has_time)
        return block_fault(at, err, "when is that? \"at 2025-11-06 15:40 +05:00\" must come first");
    if (who.len && !take_signers(p, &step, who, err))
        return false;
    if (words_take(&rest, "as"))
        name.name = step.as = words_next(&rest);
    if (words_take(&rest, "from")) {
        if (!moment_parse(&from, rest, &p->now))
            return block_fault(at, err, "\"%.*s\" is no moment", SPAN_ARG(rest));
        step.ms = from.ms;
    } else if (rest.len) {
        return block_fault(at, err, "\"%.*s\": \"as NAME\" and \"from MOMENT\" may stand here",
                           SPAN_ARG(rest));
    }
    if (at->children == 0)
        return block_fault(at, err,
                           "how? Below it, indented: \"clock reply: duration_ms = 48 "
                           "hours\"");
    return (step.as.len == 0 || add_name(p, name, at, err)) && add_step(p, &step, err);
}

static const struct {
    const char *words;
    bool (*parse)(struct parse *p, struct span rest, const struct block *at, struct err *err);
} beginnings[] = {
    {"scenario:", title_line},
    {"under:", under_line},
    {"at", at_line},
    {"after", after_line},
    {"silence of", silence_line},
    {"expect", expect_line},
    {"the log is restored from", restore_line},
};

static bool no_lines(const struct block *at, struct err *err)
{
    return at->children == 0 ||
           block_fault(&at->child[0], err, "nothing can be indented below this line");
}

static const struct {
    const char *words;
    enum step_type type;
} reaches[] = {
    {" is offline", STEP_OFFLINE},
    {" are offline", STEP_OFFLINE},
    {" is online", STEP_ONLINE},
    {" are online", STEP_ONLINE},
};

/* Lines that begin with somebody's or something's name. */
static bool named_line(struct parse *p, const struct block *at, struct err *err)
{
    struct span rest = at->text, before;

    if (words_take(&rest, "the roots amend the agreement"))
        return amend_line(p, (struct span){0}, rest, at, err);
    if (words_cut(&rest, " proposes to amend the agreement", &before))
        return amend_line(p, before, rest, at, err);
    for (size_t i = 0; i < ARRAY_LEN(reaches); i++)
        if (span_ends_with(rest, span_of(reaches[i].words)))
            return no_lines(at, err) &&
                   reach_line(p, reaches[i].type,
                              span_slice(rest, 0, rest.len - strlen(reaches[i].words)), at, err);
    if (words_cut(&rest, " is altered in ", &before))
        return no_lines(at, err) && alter_line(p, before, rest, at, err);
    if (words_cut(&rest, " = ", &before))
        return part_like(rest) ? part_line(p, before, rest, at, err)
                               : no_lines(at, err) && cast_line(p, before, rest, at, err);
    if (words_cut(&rest, ":", &before))
        return record_line(p, before, rest, at, err);
    return block_fault(at, err, "\"%.*s\" is no step of a scenario: see doc/scenarios.md",
                       (int)(at->text.len < 80 ? at->text.len : 80), (const char *)at->text.at);
}

static bool step_line(struct parse *p, const struct block *at, struct err *err)
{
    struct span rest = at->text;

    for (size_t i = 0; i < ARRAY_LEN(outcomes); i++)
        if (words_take(&rest, outcomes[i].words) ||
            words_take(&rest, arena_printf(p->arena, "%s:", outcomes[i].words)))
            return no_lines(at, err) && outcome_line(p, i, rest, at, err);
    for (size_t i = 0; i < ARRAY_LEN(beginnings); i++)
        if (words_take(&rest, beginnings[i].words))
            return no_lines(at, err) && beginnings[i].parse(p, rest, at, err);
    return named_line(p, at, err);
}

bool scenario_parse(struct scenario *out, struct span text, struct arena *arena, struct err *err)
{
    struct scenario scenario = {0};
    struct parse p = {.arena = arena, .out = &scenario};
    struct block *whole = ARENA_NEW(arena, struct block);

    if (text.len > SCENARIO_BYTES)
        return err_set(err, ERR_LIMIT, "1: larger than a mebibyte");
    if (!block_parse(whole, text, arena, err))
        return false;
    for (size_t i = 0; i < whole->children; i++)
        if (!step_line(&p, &whole->child[i], err))
            return false;
    if (scenario.title.len == 0)
        return err_set(err, ERR_MALFORMED, "1: the title is missing: \"scenario: …\"");
    if (!p.has_time)
        return err_set(err, ERR_MALFORMED,
                       "1: nothing happens in it: \"at 2025-11-06 15:40 "
                       "+05:00\" is missing");
    *out = scenario;
    return true;
}
