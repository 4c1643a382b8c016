#include "scenario/expected.h"

#include "base/limits.h"
#include "base/reader.h"
#include "register/register.h"

#define LIST_TEXT_BYTES 500u

/* --- names of tables and of their members --- */

static const struct register_table *table_named(struct span name)
{
    const struct register_table *table = NULL;

    for (size_t i = 0; (table = register_table_at(i)); i++)
        if (span_is(name, table->name))
            return table;
    return NULL;
}

static bool no_table(const struct block *at, struct span name, struct arena *arena, struct err *err)
{
    struct buf out = buf_in(arena, LIST_TEXT_BYTES);
    const struct register_table *table;

    for (size_t i = 0; (table = register_table_at(i)); i++)
        buf_printf(&out, "%s%s", i ? ", " : "", table->name);
    return block_fault(at, err, "there is no table \"%.*s\"; there are: %.*s", SPAN_ARG(name),
                       SPAN_ARG(buf_span(&out)));
}

/* "start.at_ms": a member, and one of what it is made of. */
static bool check_member(const struct block *at, const struct register_table *table,
                         struct span member, struct arena *arena, struct err *err)
{
    struct buf out = buf_in(arena, LIST_TEXT_BYTES);
    struct span first = member, rest = member;

    if (!table || !table->members) /* a view, or terms: what they have is their own to say */
        return member.len > 0 || block_fault(at, err, "a member is missing");
    if (span_cut(&rest, '.', &first))
        member = first;
    for (size_t i = 0; table->members[i]; i++) {
        if (span_is(member, table->members[i]))
            return true;
        buf_printf(&out, "%s%s", i ? ", " : "", table->members[i]);
    }
    return block_fault(at, err, "rows of %s have no \"%.*s\"; they have: %.*s", table->name,
                       SPAN_ARG(member), SPAN_ARG(buf_span(&out)));
}

/* --- conditions --- */

static const struct {
    const char *words;
    enum compare compare;
} operators[] = {
    /* the longer first */
    {"is not", IS_NOT}, {"has no", HAS_NOT}, {"is", IS},        {"=", IS},
    {"!=", IS_NOT},     {"has", HAS},        {">=", AT_LEAST},  {"<=", AT_MOST},
    {">", MORE},        {"<", LESS},         {"contains", HAS},
};

static bool take_operator(struct span *rest, enum compare *out)
{
    for (size_t i = 0; i < ARRAY_LEN(operators); i++)
        if (words_take(rest, operators[i].words)) {
            *out = operators[i].compare;
            return true;
        }
    return false;
}

static bool condition_parse(struct condition *out, struct span text, const struct block *at,
                            const struct register_table *table, struct arena *arena,
                            struct err *err)
{
    struct span rest = text;

    *out = (struct condition){.compare = NOT_THERE};
    if (words_take(&rest, "no")) {
        out->member = rest;
        return check_member(at, table, out->member, arena, err);
    }
    out->member = words_next(&rest);
    if (!check_member(at, table, out->member, arena, err))
        return false;
    if (rest.len == 0) {
        out->compare = THERE;
        return true;
    }
    if (!take_operator(&rest, &out->compare) || rest.len == 0)
        return block_fault(at, err,
                           "\"%.*s\": a condition is written \"member = value\", or with !=, has, "
                           "has no, >, <, >=, <= in the middle; or \"no member\"",
                           SPAN_ARG(text));
    out->value = words_unquote(rest, &out->quoted);
    return true;
}

static bool conditions_parse(struct expected *out, struct span text, const struct block *at,
                             struct arena *arena, struct err *err)
{
    const struct register_table *table = table_named(out->table);
    struct span one;

    while (text.len) {
        if (!words_cut(&text, ",", &one)) {
            one = words_trim(text);
            text = (struct span){0};
        }
        if (out->conditions == SCENARIO_CONDITIONS)
            return block_fault(at, err, "more than 12 conditions");
        if (!condition_parse(&out->condition[out->conditions++], one, at, table, arena, err))
            return false;
    }
    return true;
}

/* --- rows --- */

static bool take_table(struct expected *out, struct span *rest, const struct block *at,
                       struct arena *arena, struct err *err)
{
    out->table = words_next(rest);
    return table_named(out->table) || no_table(at, out->table, arena, err);
}

/* "case of i1: state = notified", "no case of i1" */
static bool row_parse(struct expected *out, struct parse *p, struct span text,
                      const struct block *at, struct err *err)
{
    struct span head, rest = text;
    bool has = words_cut(&rest, ":", &head);

    out->what = EXPECT_ROW;
    if (!has) {
        head = text;
        rest = (struct span){0};
    }
    if (!take_table(out, &head, at, p->arena, err))
        return false;
    if (!words_take(&head, "of") || head.len == 0)
        return block_fault(at, err, "which row of %.*s? \"expect %.*s of NAME: member = value\"",
                           SPAN_ARG(out->table), SPAN_ARG(out->table));
    out->keys = head;
    if (has && out->none)
        return block_fault(at, err,
                           "a row that is not there has no members: leave out what stands behind "
                           "the colon");
    if (has && words_trim(rest).len == 0)
        return block_fault(at, err, "what must it say? \"member = value\" is missing");
    return conditions_parse(out, rest, at, p->arena, err);
}

static bool starts_with_word(struct span text, const char *word)
{
    return words_take(&text, word);
}

static struct span join(struct arena *arena, struct span left, struct span right)
{
    return left.len ? span_of(arena_printf(arena, "%.*s %.*s", SPAN_ARG(left), SPAN_ARG(right)))
                    : right;
}

/* "count of link of i1 where state = linked: 3" */
static bool count_parse(struct expected *out, struct parse *p, struct span text,
                        const struct block *at, struct err *err)
{
    struct span head;

    out->what = EXPECT_COUNT;
    if (!words_cut(&text, ":", &head) || !decimal_parse(&out->number, text, LIMIT_INTEGER))
        return block_fault(at, err, "how many? \"expect count of TABLE where member = value: 3\"");
    if (!take_table(out, &head, at, p->arena, err))
        return false;
    if (words_take(&head, "of"))
        while (head.len && !starts_with_word(head, "where"))
            out->keys = join(p->arena, out->keys, words_next(&head));
    if (head.len && !words_take(&head, "where"))
        return block_fault(at, err, "\"where\" must stand before the conditions");
    return conditions_parse(out, head, at, p->arena, err);
}

/* --- deadlines --- */

static const char *const states[] = {"overdue", "running", "met", "late", "paused"};

static bool take_state(struct span *rest, struct span *out)
{
    struct span left = *rest, word = words_next(&left);

    if (word.len && word.at[word.len - 1] == ':')
        word.len--;
    for (size_t i = 0; i < ARRAY_LEN(states); i++)
        if (span_is(word, states[i])) {
            *out = word;
            *rest = left;
            return true;
        }
    return false;
}

/* "by ORG", "in case i1", "of t1" */
static bool whose_parse(struct expected *out, struct span rest, const struct block *at,
                        struct err *err)
{
    while (rest.len) {
        if (words_take(&rest, "by"))
            out->organisation = words_next(&rest);
        else if (words_take(&rest, "in case") || words_take(&rest, "of"))
            out->keys = words_next(&rest);
        else
            return block_fault(at, err,
                               "\"%.*s\": \"by ORGANISATION\" or \"in case NAME\" or \"of "
                               "NAME\" may stand here",
                               SPAN_ARG(rest));
    }
    return true;
}

static bool due_parse(struct expected *out, struct parse *p, struct span rest,
                      const struct block *at, struct err *err)
{
    struct moment unused;

    if (!words_take(&rest, "due"))
        return block_fault(at, err,
                           "only \"due in 6 hours\" or \"due 2025-11-06 15:40 UTC\" may "
                           "stand behind the comma");
    out->due = rest;
    return moment_parse(&unused, rest, &p->now) ||
           block_fault(at, err,
                       "\"%.*s\" is no moment: write \"due in 6 hours\" or \"due "
                       "2025-11-06 15:40 UTC\"",
                       SPAN_ARG(rest));
}

/* "overdue: reply by party/pakistan in case i1, due in 6 hours" */
static bool deadline_parse(struct expected *out, struct parse *p, struct span rest,
                           const struct block *at, struct err *err)
{
    struct span head;

    out->what = out->none ? EXPECT_NO_DEADLINE : EXPECT_DEADLINE;
    if (words_cut(&rest, ",", &head)) {
        if (!due_parse(out, p, rest, at, err))
            return false;
    } else {
        head = rest;
    }
    if (!out->none || !(span_starts_with(head, SPAN_LIT("in case ")) ||
                        span_starts_with(head, SPAN_LIT("by ")) || head.len == 0))
        out->table = words_next(&head);
    if (!out->none && out->table.len == 0)
        return block_fault(at, err,
                           "which clock? \"expect %.*s: CLOCK by ORGANISATION in case NAME\"",
                           SPAN_ARG(out->state));
    return whose_parse(out, head, at, err);
}

/* --- views --- */

/* "coverage of SEC-6 on 2025-11-06: watched = no" */
static bool coverage_parse(struct expected *out, struct parse *p, struct span text,
                           const struct block *at, struct err *err)
{
    struct span head, day;
    struct moment unused;

    out->what = EXPECT_VIEW;
    out->table = SPAN_LIT("coverage");
    if (!words_cut(&text, ":", &head))
        return block_fault(at, err, "what must it say? \": watched = yes, denied = 1\" is missing");
    out->keys = words_next(&head);
    day = words_take(&head, "on") ? words_next(&head) : (struct span){0};
    out->due = span_of(arena_printf(p->arena, "%.*s 00:00", SPAN_ARG(day)));
    if (head.len || !moment_parse(&unused, out->due, &p->now))
        return block_fault(at, err, "which day? \"expect coverage of SECTOR on 2025-11-06: …\"");
    return conditions_parse(out, text, at, p->arena, err);
}

/* "ledgers of party/a and party/b: different_author = 46" */
static bool ledgers_parse(struct expected *out, struct parse *p, struct span text,
                          const struct block *at, struct err *err)
{
    struct span head, left;

    out->what = EXPECT_VIEW;
    out->table = SPAN_LIT("ledgers");
    if (!words_cut(&text, ":", &head) || !words_cut(&head, " and ", &left))
        return block_fault(at, err,
                           "write \"expect ledgers of ORGANISATION and ORGANISATION: "
                           "same_author = 9\"");
    out->keys = span_of(arena_printf(p->arena, "%.*s %.*s", SPAN_ARG(left), SPAN_ARG(head)));
    return conditions_parse(out, text, at, p->arena, err);
}

/* --- what the program says --- */

static bool quoted_parse(struct expected *out, struct span rest, const struct block *at,
                         struct err *err)
{
    bool quoted;

    while (rest.len) {
        struct span one;

        if (!words_cut(&rest, "and", &one)) {
            one = rest;
            rest = (struct span){0};
        }
        one = words_unquote(one, &quoted);
        if (!quoted || one.len == 0 || out->values == ARRAY_LEN(out->value))
            return block_fault(at, err,
                               "what it says stands in quotation marks, at most 8 of them "
                               "with \"and\" between them");
        out->value[out->values++] = one;
    }
    return out->values > 0 || block_fault(at, err, "what does it say? \"…\" is missing");
}

/* "page of i1 says …", "sulh case i1 says …" */
static bool says_parse(struct expected *out, struct span rest, const struct block *at,
                       struct err *err)
{
    struct span head;

    out->what = EXPECT_SAYS;
    if (words_cut(&rest, " does not say ", &head))
        out->none = true;
    else if (!words_cut(&rest, " says ", &head))
        return block_fault(at, err, "\"says …\" or \"does not say …\" is missing");
    out->keys = head;
    if (head.len == 0)
        return block_fault(at, err, "what says it?");
    return quoted_parse(out, rest, at, err);
}

/* "khan", "khan, rahim and lena" */
static bool take_readers(struct expected *out, struct parse *p, struct span text,
                         const struct block *at, struct err *err)
{
    struct span one;

    while (text.len) {
        if (!words_cut(&text, ",", &one) && !words_cut(&text, " and ", &one)) {
            one = text;
            text = (struct span){0};
        }
        (void)words_take(&one, "and");
        if (out->readers == SCENARIO_SIGNERS)
            return block_fault(at, err, "more than 16 who read");
        if (!names_find(&p->names, NAME_PERSON, one))
            return block_fault(at, err, "nobody called \"%.*s\" takes part; there are: %s",
                               SPAN_ARG(one), names_text(&p->names, NAME_PERSON, p->arena));
        out->reader[out->readers++] = one;
    }
    return out->readers > 0 || block_fault(at, err, "who reads it?");
}

/* "khan and rahim can read r1: \"…\"", "khan cannot read r1 because \"…\"" */
static bool reads_parse(struct expected *out, struct parse *p, struct span who, struct span rest,
                        const struct block *at, struct err *err)
{
    struct span name = rest;

    out->what = EXPECT_READS;
    if (span_ends_with(who, SPAN_LIT(" together"))) {
        out->together = true;
        who = words_trim(span_slice(who, 0, who.len - 9));
    }
    bool says = words_cut(&rest, out->none ? " because " : ":", &name);
    out->keys = name;
    if (!names_find(&p->names, NAME_RECORD, name) && !names_find(&p->names, NAME_PART, name))
        return block_fault(at, err, "\"%.*s\" is no record and no part; there are: %s, and %s",
                           SPAN_ARG(name), names_text(&p->names, NAME_RECORD, p->arena),
                           names_text(&p->names, NAME_PART, p->arena));
    return take_readers(out, p, who, at, err) && (!says || quoted_parse(out, rest, at, err));
}

/* "audit: nothing is wrong", "audit of lahore: entry 7 is wrong", "…: r1 is wrong" */
static bool audit_parse(struct expected *out, struct span rest, const struct block *at,
                        struct err *err)
{
    struct span head;
    bool ok = words_cut(&rest, ":", &head);

    out->what = EXPECT_AUDIT;
    if (ok && words_take(&head, "of"))
        out->keys = words_next(&head);
    if (ok && head.len == 0 && span_is(rest, "nothing is wrong"))
        return true;
    out->none = true;
    if (ok && span_ends_with(rest, SPAN_LIT(" is wrong"))) {
        out->state = words_trim(span_slice(rest, 0, rest.len - 9));
        (void)words_take(&out->state, "entry");
        return true;
    }
    return block_fault(at, err,
                       "write \"expect audit: nothing is wrong\" or \"expect audit of "
                       "COPY: NAME is wrong\"");
}

/* "due in 72 hours: reply by party/pakistan in case i1" */
static bool due_first(struct expected *out, struct parse *p, struct span rest,
                      const struct block *at, struct err *err)
{
    struct span due;

    if (!words_cut(&rest, ": ", &due)) /* and not at that of 15:40 */
        return block_fault(at, err,
                           "due what? \"expect due in 6 hours: CLOCK by ORGANISATION in "
                           "case NAME\"");
    out->state = SPAN_LIT("running");
    return deadline_parse(
        out, p, span_of(arena_printf(p->arena, "%.*s, due %.*s", SPAN_ARG(rest), SPAN_ARG(due))),
        at, err);
}

bool expected_parse(struct expected *out, struct parse *p, struct span text, const struct block *at,
                    struct err *err)
{
    struct span rest = text;

    struct span who;

    *out = (struct expected){0};
    if (words_cut(&rest, " can read ", &who))
        return reads_parse(out, p, who, rest, at, err);
    if (words_cut(&rest, " cannot read ", &who)) {
        out->none = true;
        return reads_parse(out, p, who, rest, at, err);
    }
    if (words_take(&rest, "page of"))
        return says_parse(out, span_of(arena_printf(p->arena, "case %.*s", SPAN_ARG(rest))), at,
                          err);
    if (words_take(&rest, "page"))
        return block_fault(at, err, "the page of which case? \"expect page of NAME says …\"");
    if (words_take(&rest, "due"))
        return due_first(out, p, rest, at, err);
    if (words_take(&rest, "sulh"))
        return says_parse(out, rest, at, err);
    if (words_take(&rest, "audit:"))
        return audit_parse(out, span_of(arena_printf(p->arena, ": %.*s", SPAN_ARG(rest))), at, err);
    if (words_take(&rest, "audit"))
        return audit_parse(out, rest, at, err);
    if (words_take(&rest, "coverage of"))
        return coverage_parse(out, p, rest, at, err);
    if (words_take(&rest, "ledgers of"))
        return ledgers_parse(out, p, rest, at, err);
    if (words_take(&rest, "count of"))
        return count_parse(out, p, rest, at, err);
    if (take_state(&rest, &out->state))
        return deadline_parse(out, p, rest, at, err);
    if (words_take(&rest, "nothing")) {
        out->none = true;
        return take_state(&rest, &out->state)
                   ? deadline_parse(out, p, rest, at, err)
                   : block_fault(at, err, "nothing what? overdue, running, met, late or paused");
    }
    out->none = words_take(&rest, "no");
    return row_parse(out, p, rest, at, err);
}
