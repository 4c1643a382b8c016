#include "terms/members.h"

#include "terms/terms.h"

#include "base/limits.h"

#define LONGEST_CLOCK_MS (INT64_C(3660) * 24 * 3600 * 1000) /* ten years */
#define WORDS(...) ((const char *const[]){__VA_ARGS__, NULL})

#define INTEGER(needed, least, most)                                                               \
    .form = TERMS_INTEGER, .required = (needed), .min = (least), .max = (most)
#define FLAG INTEGER(false, 0, 1)
#define COUNT INTEGER(false, 0, 64)
#define ORDER(needed) INTEGER(needed, 0, 1000)
#define SPAN_OF_TIME(needed) INTEGER(needed, 1, LONGEST_CLOCK_MS)
#define NAME(needed, section) .form = TERMS_NAME, .required = (needed), .section_named = (section)
#define NAMES(section) .form = TERMS_NAMES, .section_named = (section)

static const struct terms_member members[] = {
    {"act", "clause", NAME(false, "clause"), .about = "What it rests on."},
    {"act", "grade", NAME(false, "grade"), .about = "Where an allegation of it starts."},
    {"act", "modes", NAMES("mode"), .about = "How a party may answer for it."},

    {"author", "organisation", NAME(false, "organisation"), .about = "Whose act it then is."},

    {"body", "action", NAME(false, "clock"),
     .about = "The time that an action has, until it is due."},
    {"body", "answer", NAME(false, "clock"), .about = "Until all have agreed to what was filed."},
    {"body", "calendar", NAME(false, "clock"),
     .about = "Until the next session, if none is named."},
    {"body", "chairs", NAME(true, "group"), .about = "Who opens and closes its sessions."},
    {"body", "concur", NAME(true, "group"), .about = "Who must agree to what is the body's."},
    {"body", "dormant", NAME(false, "clock"),
     .about = "After how long who says nothing is silent."},
    {"body", "quorum", INTEGER(true, 1, 64), .about = "How many are there when it decides."},
    {"body", "replaces", NAME(false, "group"),
     .about = "Who may put aside a text that somebody has concurred in; absent: nobody."},
    {"body", "sits", NAME(true, "group"), .about = "Who has a seat."},

    {"clock", "duration_ms", SPAN_OF_TIME(true), .about = "How long it runs."},
    {"clock", "each", .form = TERMS_EACH,
     .about = "It runs for each organisation of this group, or for each of the accused, apart."},
    {"clock", "extension_ms", SPAN_OF_TIME(false), .about = "By how much at most, each time."},
    {"clock", "extensions", INTEGER(false, 0, 100), .about = "How often it may be extended."},
    {"clock", "urgent_ms", SPAN_OF_TIME(false), .about = "How long in a case that is urgent."},

    {"feed", "licence", .form = TERMS_TOKEN, .required = true, .about = "Under what licence."},
    {"feed", "organisation", NAME(false, "organisation"), .about = "Whose keys bring it."},
    {"feed", "origin", NAME(true, "origin"), .about = "What it is one origin with."},
    {"feed", "role", NAME(false, "role"), .about = "Of which role these keys are."},

    {"group", "organisations", NAMES("organisation"), .required = true, .min = 1,
     .about = "Who counts together."},

    {"hotline_priority", "answered", NAME(false, "clock"), .about = "The time until an answer."},
    {"hotline_priority", "delivered", NAME(false, "clock"), .about = "Until it has come."},
    {"hotline_priority", "opened", NAME(false, "clock"), .about = "Until an officer opens it."},
    {"hotline_priority", "passed", NAME(false, "clock"),
     .about = "Until who stands between passes it on, or refuses to."},
    {"hotline_priority", "understood", NAME(false, "clock"), .about = "Until it is read back."},

    {"mode", "questions", .form = TERMS_TOKENS,
     .about = "What a finding answers, each with an item, that says so of an organisation."},
    {"mode", "standard", NAME(false, "standard"), .about = "What such a finding must reach."},

    {"move", "awaits", NAMES("clock"), .about = "Clocks of the case that must not run."},
    {"move", "clause", NAME(true, "clause"), .about = "What it rests on, and its verdict cites."},
    {"move", "ends", NAMES("clock"), .about = "Clocks that it ends."},
    {"move", "starts", NAMES("clock"), .about = "Clocks that it starts."},

    {"obligation", "clause", NAME(true, "clause"), .about = "What it rests on."},
    {"obligation", "clock", NAME(false, "clock"), .about = "Whose time runs until it is due."},
    {"obligation", "due_ms", INTEGER(false, 0, LIMIT_INTEGER),
     .about = "When it is due, in milliseconds since 1970."},
    {"obligation", "owes", NAMES("organisation"), .required = true, .min = 1,
     .about = "Who owes it, each for itself."},
    {"obligation", "waits_for", NAMES("obligation"),
     .about = "Obligations above it that must be kept before it binds."},

    {"notice_type", "acts", NAMES("act"), .about = "Acts that such a notice would have covered."},
    {"notice_type", "code", NAME(false, "act"), .about = "Which act it is where none did."},

    {"origin", "neutral", FLAG, .about = "0: nothing that comes from there is neutral."},

    {"role", "blur", FLAG,
     .about = "1: the public sees where what its keys tell is no nearer than `blur_m`."},
    {"role", "gateway", FLAG, .about = "1: its keys sign for others, whom they name."},
    {"role", "groups", NAMES("group"), .min = 1, .about = "Whose organisations alone may have it."},
    {"role", "may", .form = TERMS_CAPABILITIES, .required = true, .about = "What it may."},
    {"role", "may_not", .form = TERMS_CAPABILITIES, .about = "What it must never be given."},
    {"role", "reads", NAMES("tier"), .about = "Of which tiers its keys may be recipients."},

    {"rung", "clock", NAME(false, "clock"), .about = "The time that its owner has."},
    {"rung", "order", ORDER(false), .about = "Its place on the ladder."},
    {"rung", "standard", NAME(true, "standard"), .about = "What the finding must have reached."},

    {"standard", "alternatives", FLAG, .about = "1: other explanations were considered."},
    {"standard", "contradictions", FLAG, .about = "1: none is open."},
    {"standard", "items", COUNT, .about = "How many items."},
    {"standard", "neutral", COUNT, .about = "How many neutral ones."},
    {"standard", "order", ORDER(true), .about = "Which is higher; each has its own."},
    {"standard", "origins", COUNT, .about = "From how many origins."},
    {"standard", "physical", COUNT, .about = "How many neutral physical or technical ones."},
    {"standard", "reply", FLAG, .about = "1: the accused have replied, or their time is over."},

    {"step", "for", .form = TERMS_WORDS, .required = true, .min = 1,
     .words = WORDS("ruling", "interpretation", "review"), .about = "What it decides."},
    {"step", "needs", .form = TERMS_NEEDS, .required = true, .about = "Who must concur."},
    {"step", "not_for_grades", NAMES("grade"), .about = "Grades that it is too small for."},
    {"step", "order", ORDER(true), .about = "When it is tried; each has its own."},
    {"step", "roles", NAMES("role"), .about = "Who may answer; absent: whoever may `rule`."},
    {"step", "summonses", INTEGER(false, 1, 100),
     .about = "After how many, to one who stays away, anybody may say that it failed."},

    {"tier", "after_notice", FLAG, .about = "1: nothing of a case before its notice."},
    {"tier", "of", NAMES("organisation"), .min = 1,
     .about = "Whose keys may be recipients of its parts; absent: nobody's."},
    {"tier", "order", ORDER(false), .about = "From the fewest readers to the most."},
    {"tier", "whole", FLAG,
     .about = "1: each of `of` that has a reader is among the recipients, all in one act."},
};

const struct terms_member *terms_member_at(size_t index)
{
    return index < ARRAY_LEN(members) ? &members[index] : NULL;
}

static struct span id_of(const struct json *item)
{
    return json_get_string(item, "id", (struct span){0});
}

static const struct json *items_of(const struct json *terms, const char *section)
{
    static const struct json none = {.type = JSON_ARRAY};
    const struct json *items = json_get(terms, section);

    return items ? items : &none;
}

const struct json *terms_find(const struct json *terms, const char *section, struct span id)
{
    const struct json *items = items_of(terms, section);

    for (size_t i = 0; i < items->array.count; i++)
        if (span_equal(id_of(&items->array.at[i]), id))
            return &items->array.at[i];
    return NULL;
}

static bool one_of(struct span word, const char *const *words)
{
    for (size_t i = 0; words[i]; i++)
        if (span_is(word, words[i]))
            return true;
    return false;
}

static bool is_integer(const struct json *value, int64_t min, int64_t max)
{
    return value && value->type == JSON_INTEGER && value->integer >= min && value->integer <= max;
}

static bool is_name(const struct json *terms, const char *section, const struct json *value)
{
    return value->type == JSON_STRING && terms_find(terms, section, value->string);
}

/* What an item of a list must be; the list has none twice. */
static bool fits_list(const struct json *terms, const struct terms_member *m,
                      const struct json *value)
{
    if (value->type != JSON_STRING)
        return false;
    switch (m->form) {
    case TERMS_NAMES:
        return is_name(terms, m->section_named, value);
    case TERMS_WORDS:
        return one_of(value->string, m->words);
    case TERMS_CAPABILITIES:
        return one_of(value->string, terms_capabilities);
    default:
        return terms_id_valid(value->string);
    }
}

static bool stands_before(const struct json *list, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (json_equal(&list->array.at[i], &list->array.at[n]))
            return true;
    return false;
}

static const char *of_what(const struct terms_member *m)
{
    static const char *const words[] = {
        [TERMS_WORDS] = "word known here",
        [TERMS_CAPABILITIES] = "capability",
        [TERMS_TOKENS] = "id",
    };

    return m->form == TERMS_NAMES ? m->section_named : words[m->form];
}

static bool check_list(const struct json *terms, const struct terms_member *m,
                       const struct json *list, struct err *err)
{
    if (list->type != JSON_ARRAY || (int64_t)list->array.count < m->min)
        return err_set(err, ERR_MALFORMED, "must be a list%s", m->min ? " of one at least" : "");
    for (size_t i = 0; i < list->array.count; i++) {
        if (!fits_list(terms, m, &list->array.at[i]))
            return err_set(err, ERR_MALFORMED, "number %zu is no %s", i + 1, of_what(m));
        if (stands_before(list, i))
            return err_set(err, ERR_MALFORMED, "number %zu stands there before", i + 1);
    }
    return true;
}

static size_t size_of_group(const struct json *terms, struct span id)
{
    const struct json *group = terms_find(terms, "group", id);
    const struct json *orgs = json_get(group, "organisations");

    return orgs && orgs->type == JSON_ARRAY ? orgs->array.count : 0;
}

/* A step that needs nobody would decide by itself, one that needs more than there are, never. */
static bool check_needs(const struct json *terms, const struct json *list, struct err *err)
{
    if (list->type != JSON_ARRAY || list->array.count == 0)
        return err_set(err, ERR_MALFORMED, "must be a list of one at least");
    for (size_t i = 0; i < list->array.count; i++) {
        const struct json *need = &list->array.at[i], *group = json_get(need, "group");

        if (!group || !is_name(terms, "group", group))
            return err_set(err, ERR_MALFORMED, "number %zu names no group", i + 1);
        size_t there = size_of_group(terms, group->string);
        if (!is_integer(json_get(need, "count"), 1, (int64_t)there))
            return err_set(err, ERR_MALFORMED,
                           "\"count\" of number %zu must be 1 to %zu, as the group has", i + 1,
                           there);
    }
    return true;
}

static bool check_value(const struct json *terms, const struct terms_member *m,
                        const struct json *value, struct err *err)
{
    switch (m->form) {
    case TERMS_INTEGER:
        return is_integer(value, m->min, m->max) ||
               err_set(err, ERR_MALFORMED, "must be %" PRId64 " to %" PRId64, m->min, m->max);
    case TERMS_NAME:
        return is_name(terms, m->section_named, value) ||
               err_set(err, ERR_MALFORMED, "names no %s", m->section_named);
    case TERMS_TOKEN:
        return (value->type == JSON_STRING && terms_id_valid(value->string)) ||
               err_set(err, ERR_MALFORMED, "is no id");
    case TERMS_EACH:
        return (value->type == JSON_STRING && span_is(value->string, "accused")) ||
               is_name(terms, "group", value) ||
               err_set(err, ERR_MALFORMED, "names no group, and is not \"accused\"");
    case TERMS_NEEDS:
        return check_needs(terms, value, err);
    default:
        return check_list(terms, m, value, err);
    }
}

static bool check_member(const struct json *terms, const struct terms_member *m,
                         const struct json *item, struct err *err)
{
    const struct json *value = json_get(item, m->member);

    if (!value)
        return !m->required || err_set(err, ERR_MALFORMED, "\"%s\" is missing", m->member);
    return check_value(terms, m, value, err) || err_wrap(err, "\"%s\"", m->member);
}

/* --- what members of one item, or of several, must be together --- */

/* An amendment, or a tired drafter, gives no role what it must not have. */
static bool check_role(const struct json *terms, const struct json *role, struct err *err)
{
    const struct json *may = json_get(role, "may"), *never = json_get(role, "may_not");

    (void)terms;
    for (size_t i = 0; never && i < never->array.count; i++)
        if (json_lists(may, never->array.at[i].string))
            return err_set(err, ERR_MALFORMED, "\"%.*s\" stands in \"may\" and in \"may_not\"",
                           SPAN_ARG(never->array.at[i].string));
    return true;
}

static bool check_group(const struct json *terms, const struct json *group, struct err *err)
{
    (void)terms;
    return !span_is(id_of(group), "accused") ||
           err_set(err, ERR_MALFORMED, "\"accused\" are those of a case, and no group");
}

static bool is_ended(const struct json *terms, struct span clock)
{
    const struct json *moves = items_of(terms, "move");

    for (size_t i = 0; i < moves->array.count; i++)
        if (json_lists(json_get(&moves->array.at[i], "ends"), clock))
            return true;
    return false;
}

static bool check_ended(const struct json *terms, struct span clock, struct err *err)
{
    return clock.len == 0 || is_ended(terms, clock) ||
           err_set(err, ERR_MALFORMED, "no move ends the clock \"%.*s\" that it starts",
                   SPAN_ARG(clock));
}

static bool check_move(const struct json *terms, const struct json *move, struct err *err)
{
    const struct json *starts = json_get(move, "starts");

    for (size_t i = 0; starts && i < starts->array.count; i++)
        if (!check_ended(terms, starts->array.at[i].string, err))
            return false;
    return true;
}

static bool check_rung(const struct json *terms, const struct json *rung, struct err *err)
{
    return check_ended(terms, json_get_string(rung, "clock", (struct span){0}), err);
}

static bool check_clock(const struct json *terms, const struct json *clock, struct err *err)
{
    (void)terms;
    return (json_get_integer(clock, "extensions", 0) > 0) ==
               (json_get(clock, "extension_ms") != NULL) ||
           err_set(err, ERR_MALFORMED, "\"extensions\" and \"extension_ms\" go together");
}

/* Two of one order would leave open which of them is higher, or comes first. */
static bool check_order(const char *section, const struct json *terms, const struct json *item,
                        struct err *err)
{
    const struct json *items = items_of(terms, section);
    int64_t order = json_get_integer(item, "order", 0);

    for (const struct json *other = items->array.at; other < item; other++)
        if (json_get_integer(other, "order", 0) == order)
            return err_set(err, ERR_MALFORMED, "\"%.*s\" has the same \"order\"",
                           SPAN_ARG(id_of(other)));
    return true;
}

static bool check_standard(const struct json *terms, const struct json *standard, struct err *err)
{
    return check_order("standard", terms, standard, err);
}

static bool check_step(const struct json *terms, const struct json *step, struct err *err)
{
    return check_order("step", terms, step, err);
}

/* Each waits only for those above it, so that none waits for itself. */
static bool check_obligation(const struct json *terms, const struct json *obligation,
                             struct err *err)
{
    const struct json *waits = json_get(obligation, "waits_for");

    for (size_t i = 0; waits && i < waits->array.count; i++)
        if (terms_find(terms, "obligation", waits->array.at[i].string) >= obligation)
            return err_set(err, ERR_MALFORMED,
                           "it waits for \"%.*s\", which does not stand above it",
                           SPAN_ARG(waits->array.at[i].string));
    const struct json *clock = json_get(obligation, "clock");
    if (json_get(obligation, "due_ms") && !clock)
        return err_set(err, ERR_MALFORMED, "\"due_ms\" needs a \"clock\"");
    return !clock || !json_get(terms_find(terms, "clock", clock->string), "each") ||
           err_set(err, ERR_MALFORMED, "its clock runs for each of several");
}

/* The time of a body's work is one for all: who may end it may have no place in a group. And it can
 * decide. */
static bool check_body(const struct json *terms, const struct json *body, struct err *err)
{
    static const char *const clocks[] = {"action", "answer", "calendar"};
    const struct json *sits = terms_find(terms, "group", json_get_text(body, "sits"));
    const struct json *organisations = json_get(sits, "organisations");

    for (size_t i = 0; i < ARRAY_LEN(clocks); i++) {
        const struct json *clock = json_get(body, clocks[i]);

        if (clock && json_get(terms_find(terms, "clock", clock->string), "each"))
            return err_set(err, ERR_MALFORMED, "\"%s\": its clock runs for each of several",
                           clocks[i]);
    }
    return json_get_integer(body, "quorum", 0) <= (int64_t)organisations->array.count ||
           err_set(err, ERR_MALFORMED, "\"quorum\" is more than sit in it");
}

static const struct {
    const char *section;
    bool (*check)(const struct json *terms, const struct json *item, struct err *err);
} wholes[] = {
    {"body", check_body}, {"clock", check_clock},           {"group", check_group},
    {"move", check_move}, {"obligation", check_obligation}, {"role", check_role},
    {"rung", check_rung}, {"standard", check_standard},     {"step", check_step},
};

static bool check_each_member(const struct json *terms, struct err *err)
{
    for (size_t i = 0; i < ARRAY_LEN(members); i++) {
        const struct json *items = items_of(terms, members[i].section);

        for (size_t n = 0; n < items->array.count; n++)
            if (!check_member(terms, &members[i], &items->array.at[n], err))
                return err_wrap(err, "[[%s]]: \"%.*s\"", members[i].section,
                                SPAN_ARG(id_of(&items->array.at[n])));
    }
    return true;
}

bool terms_check_members(const struct json *terms, struct err *err)
{
    if (!check_each_member(terms, err))
        return false;
    for (size_t i = 0; i < ARRAY_LEN(wholes); i++) {
        const struct json *items = items_of(terms, wholes[i].section);

        for (size_t n = 0; n < items->array.count; n++)
            if (!wholes[i].check(terms, &items->array.at[n], err))
                return err_wrap(err, "[[%s]]: \"%.*s\"", wholes[i].section,
                                SPAN_ARG(id_of(&items->array.at[n])));
    }
    return true;
}
