#include "register/standard.h"

#include "register/casework.h"

/* --- which records count --- */

/* Where rows of this kind are; NULL: it has none of its own. */
static const char *table_of(struct span kind)
{
    const char *table = register_item_table(kind);

    return table ? table : register_own_table(kind);
}

/* It was superseded or withdrawn since. */
static bool check_state(struct apply *a, struct standard_item *item, const struct json *record,
                        struct err *err)
{
    const char *table = table_of(json_get_text(record, "kind"));
    const struct json *row;

    if (!table)
        return true;
    if (!apply_get(a, table, item->id, &row, err))
        return false;
    struct span state = json_get_text(row, "state");
    if (span_is(state, "superseded"))
        item->why_not = "superseded";
    if (span_is(state, "withdrawn"))
        item->why_not = "withdrawn";
    return true;
}

/* Who assesses it after the key's revocation knows what there is to know of the key. */
static bool check_doubt(struct apply *a, struct standard_item *item, const struct json *record,
                        const struct json *assessment, struct err *err)
{
    const struct json *key;

    if (!apply_get(a, "key", json_get_text(record, "by"), &key, err))
        return false;
    if (json_get_integer(record, "index", 0) >= json_get_integer(key, "doubt_from", INT64_MAX) &&
        json_get_integer(assessment, "index", 0) <= json_get_integer(key, "revoked_at", 0))
        item->why_not = "in doubt with its key";
    return true;
}

/* Nothing is neutral that comes from where the agreement says that nothing is. */
static bool take_assessment(struct apply *a, struct standard_item *item,
                            const struct json *assessment, struct err *err)
{
    struct span class = json_get_text(assessment, "class");
    const struct json *origin;

    item->origin = json_get_text(assessment, "origin");
    if (!apply_term(a, "origin", item->origin, &origin, err))
        return false;
    item->neutral = span_is(json_get_text(assessment, "neutral"), "yes") &&
                    json_get_integer(origin, "neutral", 1) != 0;
    item->physical = span_is(class, "physical") || span_is(class, "technical");
    return true;
}

static bool weigh(struct apply *a, struct standard_item *item, struct err *err)
{
    const struct json *record, *assessment;

    if (!apply_get(a, "record", item->id, &record, err) ||
        !apply_get(a, "assessment", item->id, &assessment, err))
        return false;
    if (!record || span_is(json_get_text(record, "verdict"), "void")) {
        item->why_not = "not in effect";
        return true;
    }
    if (!assessment) {
        item->why_not = "not assessed";
        return true;
    }
    return take_assessment(a, item, assessment, err) &&
           check_doubt(a, item, record, assessment, err) && check_state(a, item, record, err);
}

static bool named_before(const struct json *ids, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (span_equal(ids->array.at[i].string, ids->array.at[n].string))
            return true;
    return false;
}

static bool origin_before(const struct standard *s, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (!s->item[i].why_not && span_equal(s->item[i].origin, s->item[n].origin))
            return true;
    return false;
}

static void count(struct standard *s)
{
    for (size_t i = 0; i < s->item_count; i++) {
        const struct standard_item *item = &s->item[i];

        if (item->why_not)
            continue;
        s->items++;
        s->origins += !origin_before(s, i);
        s->neutral += item->neutral;
        s->physical += item->neutral && item->physical;
    }
}

static bool weigh_all(struct apply *a, struct standard *s, const struct json *finding,
                      struct err *err)
{
    const struct json *ids = json_get(finding, "items");

    s->item_count = ids ? ids->array.count : 0;
    s->item = ARENA_ARRAY(a->arena, struct standard_item, s->item_count + 1);
    for (size_t i = 0; i < s->item_count; i++) {
        s->item[i] = (struct standard_item){.id = ids->array.at[i].string};
        if (named_before(ids, i))
            s->item[i].why_not = "named twice";
        else if (!weigh(a, &s->item[i], err))
            return false;
    }
    count(s);
    return true;
}

/* --- what is missing --- */

struct judge {
    struct apply *a;
    const struct json *finding;
    const struct json *standard, *mode; /* the agreement's; mode NULL: nobody is to answer */
    struct span against;                /* empty: nobody */
    bool attributes;                    /* to an organisation, be it only as its forces' act */
    struct standard *out;
};

static void miss(struct judge *j, const char *what, struct span about, int64_t has, int64_t needs)
{
    struct standard *s = j->out;

    if ((s->gap_count & (s->gap_count - 1)) == 0) { /* full at 0, 1, 2, 4, … */
        size_t room = s->gap_count ? 2 * s->gap_count : 1;
        struct standard_gap *gap = ARENA_ARRAY(j->a->arena, struct standard_gap, room);

        if (s->gap_count)
            memcpy(gap, s->gap, s->gap_count * sizeof *gap);
        s->gap = gap;
    }
    s->gap[s->gap_count++] = (struct standard_gap){what, about, has, needs};
}

static void ask_count(struct judge *j, const char *what, int64_t has, int64_t needs)
{
    if (has < needs)
        miss(j, what, (struct span){0}, has, needs);
}

static bool asks(const struct judge *j, const char *member)
{
    return json_get_integer(j->standard, member, 0) > 0;
}

/* Nobody answers for anything on the word of the other side alone. */
static void ask_counts(struct judge *j)
{
    const struct standard *s = j->out;
    int64_t neutral = json_get_integer(j->standard, "neutral", 0);

    ask_count(j, "items", s->items, json_get_integer(j->standard, "items", 0));
    ask_count(j, "origins", s->origins, json_get_integer(j->standard, "origins", 0));
    ask_count(j, "neutral", s->neutral, j->attributes && neutral < 1 ? 1 : neutral);
    ask_count(j, "physical", s->physical, json_get_integer(j->standard, "physical", 0));
}

static void ask_words(struct judge *j)
{
    if (asks(j, "alternatives") &&
        !span_is(json_get_text(j->finding, "alternatives"), "considered"))
        miss(j, "alternatives", (struct span){0}, 0, 0);
    if (asks(j, "contradictions") && span_is(json_get_text(j->finding, "contradictions"), "open"))
        miss(j, "contradictions", (struct span){0}, 0, 0);
}

/* Each of the accused has replied, or has let the time for it pass: by the clocks that a reply
 * ends under the agreement. */
static bool ask_reply(struct judge *j, struct span org, const struct json *clocks, struct err *err)
{
    for (size_t i = 0; clocks && i < clocks->array.count; i++) {
        bool past;

        if (!deadline_past(j->a, j->a->at.id, clocks->array.at[i].string, org, &past, err))
            return false;
        if (!past) {
            miss(j, "reply", org, 0, 0);
            return true;
        }
    }
    return true;
}

static bool ask_replies(struct judge *j, struct err *err)
{
    const struct json *accused = json_get(j->a->at.row, "accused"), *move;

    if (j->against.len && !json_lists(accused, j->against))
        miss(j, "accused", j->against, 0, 0);
    if (!asks(j, "reply"))
        return true;
    if (!apply_term(j->a, "move", SPAN_LIT("case.reply"), &move, err))
        return false;
    for (size_t i = 0; accused && i < accused->array.count; i++)
        if (!ask_reply(j, accused->array.at[i].string, json_get(move, "ends"), err))
            return false;
    return true;
}

static int64_t order_of(const struct json *standard)
{
    return json_get_integer(standard, "order", 0);
}

static bool ask_mode_standard(struct judge *j, struct err *err)
{
    struct span least = json_get_text(j->mode, "standard");
    const struct json *standard;

    if (least.len == 0)
        return true;
    if (!apply_term(j->a, "standard", least, &standard, err))
        return false;
    if (order_of(j->standard) < order_of(standard))
        miss(j, "mode", least, 0, 0);
    return true;
}

static bool any_counts(struct judge *j, const struct json *ids, bool *out, struct err *err)
{
    *out = false;
    for (size_t i = 0; ids && i < ids->array.count && !*out; i++) {
        struct standard_item item = {.id = ids->array.at[i].string};

        if (!weigh(j->a, &item, err))
            return false;
        *out = item.why_not == NULL;
    }
    return true;
}

/* Answered, be it by "unknown", with a record that counts. */
static bool ask_question(struct judge *j, struct span question, struct err *err)
{
    const struct json *answers = json_get(j->finding, "answers");
    bool answered = false;

    for (size_t i = 0; answers && i < answers->array.count && !answered; i++) {
        const struct json *answer = &answers->array.at[i];

        if (span_equal(json_get_text(answer, "question"), question) &&
            !any_counts(j, json_get(answer, "items"), &answered, err))
            return false;
    }
    if (!answered)
        miss(j, "question", question, 0, 0);
    return true;
}

static bool ask_mode(struct judge *j, struct err *err)
{
    const struct json *questions = json_get(j->mode, "questions");

    if (!ask_mode_standard(j, err))
        return false;
    for (size_t i = 0; questions && i < questions->array.count; i++)
        if (!ask_question(j, questions->array.at[i].string, err))
            return false;
    return true;
}

static bool find_terms(struct judge *j, struct err *err)
{
    struct span mode = json_get_text(j->finding, "mode"),
                author = json_get_text(j->finding, "author");
    const struct json *whose = NULL;

    if (!apply_term(j->a, "standard", json_get_text(j->finding, "standard"), &j->standard, err) ||
        (mode.len && !apply_term(j->a, "mode", mode, &j->mode, err)) ||
        (author.len && !apply_term(j->a, "author", author, &whose, err)))
        return false;
    j->attributes = j->against.len > 0 || json_get_text(whose, "organisation").len > 0;
    return true;
}

bool standard_judge(struct standard *out, struct apply *a, const struct json *finding,
                    struct err *err)
{
    struct judge j = {
        .a = a, .finding = finding, .against = json_get_text(finding, "against"), .out = out};

    *out = (struct standard){0};
    if (!find_terms(&j, err) || !weigh_all(a, out, finding, err))
        return false;
    if (!j.standard)
        miss(&j, "standard", json_get_text(finding, "standard"), 0, 0);
    ask_counts(&j);
    ask_words(&j);
    return ask_replies(&j, err) && ask_mode(&j, err);
}

/* --- without an entry --- */

bool standard_missing(struct standard *out, const struct register_lookup *lookup,
                      const struct json *finding, struct arena *arena, struct err *err)
{
    const struct register_entry nothing = {0};
    struct apply *a = ARENA_NEW(arena, struct apply);

    *a = (struct apply){.lookup = lookup, .entry = &nothing, .arena = arena};
    a->at.id = json_get_text(finding, "case");
    if (!apply_get(a, "agreement", SPAN_LIT("1"), &a->agreement, err) ||
        !apply_get(a, "case", a->at.id, &a->at.row, err))
        return false;
    a->modalities = json_get_integer(a->at.row, "modalities", a->modalities);
    return standard_judge(out, a, finding, err);
}

/* --- in words --- */

static const struct {
    const char *what, *sentence;
    bool counts;
} sentences[] = {
    {"items", "records that count", true},
    {"origins", "independent origins", true},
    {"neutral", "neutral records", true},
    {"physical", "neutral physical or technical records", true},
    {"reply", "a reply, or the end of the time for it, of", false},
    {"alternatives", "other explanations considered", false},
    {"contradictions", "contradictions explained", false},
    {"mode", "for this mode the standard", false},
    {"question", "an answer, with a record that counts, to", false},
    {"accused", "an accusation in this case of", false},
    {"standard", "in the agreement the standard", false},
};

static void put_gap(struct buf *buf, const struct standard_gap *gap)
{
    for (size_t i = 0; i < ARRAY_LEN(sentences); i++) {
        if (strcmp(sentences[i].what, gap->what) != 0)
            continue;
        buf_text(buf, sentences[i].sentence);
        if (gap->about.len)
            buf_printf(buf, " %.*s", SPAN_ARG(gap->about));
        if (sentences[i].counts)
            buf_printf(buf, " (%" PRId64 " of %" PRId64 ")", gap->has, gap->needs);
    }
}

struct span standard_sentence(const struct standard *standard, struct arena *arena)
{
    struct buf buf = buf_in(arena, SIZE_MAX / 2);

    for (size_t i = 0; i < standard->gap_count; i++) {
        buf_text(&buf, i ? "; " : "");
        put_gap(&buf, &standard->gap[i]);
    }
    for (size_t i = 0; standard->gap_count && i < standard->item_count; i++)
        if (standard->item[i].why_not)
            buf_printf(&buf, "; record %.*s is %s",
                       SPAN_ARG(span_slice(standard->item[i].id, 0, 8)), standard->item[i].why_not);
    return buf_span(&buf);
}
