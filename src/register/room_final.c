#include "register/casework.h"

/*
 * The whole of a text that is negotiated. It is agreed when each who must has concurred in every
 * one of its languages, by the hash of what it reads there: concurred in one language and not in
 * another, it is none. What somebody has concurred in is not put aside at will.
 */

static struct span own_id(const struct apply *a)
{
    return span_of(a->record.id_text);
}

/* The text of which the record names a final one. */
static bool text_of_named(struct apply *a, const struct json **out, struct err *err)
{
    return apply_get(a, "text", json_get_text(a->at.named, "text"), out, err);
}

/* The whole that is offered, while it is; NULL: none. */
static bool offered_of(struct apply *a, const struct json *text, const struct json **out,
                       struct err *err)
{
    struct span final = json_get_text(text, "final");

    *out = NULL;
    if (final.len && !apply_get(a, "final_text", final, out, err))
        return false;
    if (!span_is(json_get_text(*out, "state"), "offered"))
        *out = NULL;
    return true;
}

/* --- what somebody has signed ----------------------------------------------------------------- */

/* Whether this organisation has a row there of some language of the final text; *out. */
static bool has(struct apply *a, const char *table, const struct json *text, struct span org,
                bool *out, struct err *err)
{
    struct span final = json_get_text(text, "final");
    const struct json *languages = json_get(text, "languages"), *row;

    *out = false;
    for (size_t i = 0; !*out && i < languages->array.count; i++) {
        struct span key = apply_join(a, final, ' ', languages->array.at[i].string);

        if (!apply_get(a, table, apply_join(a, key, ' ', org), &row, err))
            return false;
        *out = row != NULL;
    }
    return true;
}

/* Likewise, some organisation of those who must agree. */
static bool any_has(struct apply *a, const char *table, const struct json *text, bool *out,
                    struct err *err)
{
    const struct json *needed;

    *out = false;
    if (!body_concur(a, text, &needed, err))
        return false;
    for (size_t i = 0; !*out && i < needed->array.count; i++)
        if (!has(a, table, text, needed->array.at[i].string, out, err))
            return false;
    return true;
}

/* Whether the time to concur has run out. Where the body has none, it never does. */
static bool is_late(struct apply *a, const struct json *text, bool *out, struct err *err)
{
    const struct json *body;
    bool runs;

    *out = false;
    if (!body_of(a, text, &body, err))
        return false;
    struct span clock = json_get_text(body, "answer");
    if (clock.len == 0)
        return true;
    if (!deadline_runs(a, json_get_text(text, "final"), clock, &runs, err))
        return false;
    *out = !runs;
    return true;
}

/* Whether what is offered is anybody's to put aside: contested, late, or the signer's organisation
 * is one that the body lets do so; *out. */
static bool is_free(struct apply *a, const struct json *text, bool *out, struct err *err)
{
    const struct json *body;

    return any_has(a, "text_language", text, out, err) && (*out || is_late(a, text, out, err)) &&
           (*out || (body_of(a, text, &body, err) &&
                     body_has(a, body, "replaces", apply_org(a), out, err)));
}

/*
 * Who has concurred in the whole has signed it while others still may: nobody is to make that worth
 * nothing by offering another, and not that organisation by wording a part anew. A side that has
 * not concurred may: so it refuses.
 */
bool final_ask_put_aside(struct apply *a, bool is_side, struct err *err)
{
    const struct json *text = a->at.named, *offered;
    bool stands, free;

    if (!offered_of(a, text, &offered, err))
        return false;
    if (!offered)
        return true;
    if (!(is_side ? has(a, "text_concurrence", text, apply_org(a), &stands, err)
                  : any_has(a, "text_concurrence", text, &stands, err)) ||
        !is_free(a, text, &free, err))
        return false;
    return !stands || free ||
           apply_void(a, REASON_CONCURRED, "it is concurred in, and its time has not run out");
}

bool final_put_aside(struct apply *a, struct err *err)
{
    struct span final = json_get_text(a->at.named, "final");
    const struct json *offered;

    if (!offered_of(a, a->at.named, &offered, err))
        return false;
    return !offered || (case_follow(a, "final_text", final, "superseded", "superseded_by",
                                    json_string(own_id(a)), err) &&
                        body_turn_answer(a, final, a->at.named, deadline_end, err));
}

/* --- it is offered, concurred in, contested --------------------------------------------------- */

static bool ask_final(struct apply *a, struct err *err)
{
    const struct json *text = a->at.named, *versions = json_get(a->body, "versions");
    const struct json *languages = json_get(text, "languages");

    if (!body_ask_of(a, text, NULL, err) || apply_is_void(a))
        return apply_is_void(a);
    if (json_get(text, "brackets")->array.count || json_get(text, "articles")->array.count == 0)
        return apply_void(a, REASON_BRACKETS, "%u of its %u parts are in brackets",
                          (unsigned)json_get(text, "brackets")->array.count,
                          (unsigned)json_get(text, "articles")->array.count);
    bool same = versions->array.count == languages->array.count;
    for (size_t i = 0; same && i < languages->array.count; i++)
        same = span_equal(json_get_text(&versions->array.at[i], "language"),
                          languages->array.at[i].string);
    return same || apply_void(a, REASON_SHAPE, "its languages are not those of the text");
}

/* The same once more would only begin its time anew, and wash off what is said against it. */
static bool ask_other(struct apply *a, struct err *err)
{
    const struct json *offered;

    if (!offered_of(a, a->at.named, &offered, err))
        return false;
    if (offered && json_equal(json_get(offered, "versions"), json_get(a->body, "versions")))
        return apply_no_move(a, err, "this is the text that is offered");
    return final_ask_put_aside(a, false, err);
}

/* There is one final text at a time. */
static bool offer(struct apply *a, struct err *err)
{
    return final_put_aside(a, err) &&
           (apply_is_void(a) || (case_set_named(a, "final", json_string(own_id(a)), err) &&
                                 body_turn_answer(a, own_id(a), a->at.named, deadline_start, err)));
}

static const struct json *version_of(const struct json *final, struct span language)
{
    const struct json *versions = json_get(final, "versions");

    for (size_t i = 0; versions && i < versions->array.count; i++)
        if (span_equal(json_get_text(&versions->array.at[i], "language"), language))
            return &versions->array.at[i];
    return NULL;
}

static bool ask_language(struct apply *a, const char *member, struct err *err)
{
    const struct json *text;

    if (!text_of_named(a, &text, err) || !body_ask_of(a, text, member, err) || apply_is_void(a))
        return apply_is_void(a);
    return version_of(a->at.named, json_get_text(a->body, "language")) ||
           apply_void(a, REASON_OTHER_TEXT, "there is no text in this language");
}

static bool ask_concur(struct apply *a, struct err *err)
{
    if (!ask_language(a, "concur", err) || apply_is_void(a))
        return apply_is_void(a);
    const struct json *version = version_of(a->at.named, json_get_text(a->body, "language"));
    return span_equal(json_get_text(version, "sha256"), json_get_text(a->body, "sha256")) ||
           apply_void(a, REASON_OTHER_TEXT, "the text that was offered has another hash");
}

/* Who need not agree cannot keep it from being agreed; what is final anybody there may doubt. */
static bool ask_contest(struct apply *a, struct err *err)
{
    bool is_final = span_is(json_get_text(a->at.named, "state"), "final");

    return ask_language(a, is_final ? NULL : "concur", err);
}

/* FINAL LANGUAGE ORGANISATION: what one said of the final text in one language. */
static struct span word_key(struct apply *a, struct span language, struct span org)
{
    return apply_join(a, apply_join(a, a->at.of, ' ', language), ' ', org);
}

/* Whether all who must have concurred in this language, and none of them contests it; *out. */
static bool is_agreed(struct apply *a, struct span language, const struct json *needed, bool *out,
                      struct err *err)
{
    const struct json *agrees, *contests;

    *out = true;
    for (size_t i = 0; *out && i < needed->array.count; i++) {
        struct span key = word_key(a, language, needed->array.at[i].string);

        if (!apply_get(a, "text_concurrence", key, &agrees, err) ||
            !apply_get(a, "text_language", key, &contests, err))
            return false;
        *out = agrees && !contests;
    }
    return true;
}

static bool put_concurrence(struct apply *a, struct err *err)
{
    const struct json *versions = json_get(a->at.named, "versions"), *text, *needed;
    struct span key = word_key(a, json_get_text(a->body, "language"), apply_org(a));
    bool all = true;

    if (!text_of_named(a, &text, err) || !body_concur(a, text, &needed, err) ||
        !case_move(a, "text_concurrence", key, true, err))
        return false;
    for (size_t i = 0; all && !apply_is_void(a) && i < versions->array.count; i++)
        if (!is_agreed(a, json_get_text(&versions->array.at[i], "language"), needed, &all, err))
            return false;
    if (!all || apply_is_void(a))
        return true;
    struct json index = json_integer((int64_t)a->entry->index);
    return case_follow(a, "final_text", a->at.of, "complete", "settled", index, err) &&
           case_follow(a, "text", json_get_text(a->at.named, "text"), "complete", "settled", index,
                       err) &&
           body_turn_answer(a, a->at.of, text, deadline_end, err);
}

static bool put_contest(struct apply *a, struct err *err)
{
    return case_move(a, "text_language",
                     word_key(a, json_get_text(a->body, "language"), apply_org(a)), true, err);
}

#define SEAT "`not_yours` unless the signer's organisation has a place in the body of the text: "
#define PART SEAT "in its `sits` or `chairs`."

static const struct casework work[] = {
    {.kind = "text.final",
     .own = "final_text",
     .of = "text",
     .moves = "text",
     .asks = {ask_final, ask_other},
     .then = {offer},
     .does = PART
     " `brackets` if `brackets` of the text is not empty, or its `articles` are; "
     "`shape` unless `versions` are of its `languages`, in that order; `no_move` if "
     "they are those of a `final` that is `offered`. With one `concurred` as with a "
     "`bridge`, and it ends as with `text.propose`; `final` of the text is this from now on, "
     "and the body's clock `answer` starts on this."},
    {.kind = "text.concur",
     .of = "final",
     .moves = "final_text",
     .asks = {ask_concur},
     .then = {put_concurrence},
     .does = SEAT "in its `concur`. `other_text` unless `versions` of that row have this language "
                  "and `sha256`. Moves `text_concurrence` under the final text, the language and "
                  "the signer's organisation. Where every organisation of `concur` has such a row "
                  "in each of these languages, and none in `text_language`: the final "
                  "text and the text make the move `complete`, with `settled`, the entry's index, "
                  "and the body's clock `answer` ends on the final text."},
    {.kind = "text.contest",
     .of = "final",
     .moves = "final_text",
     .asks = {ask_contest},
     .then = {put_contest},
     .does = SEAT
     "in its `concur`, or where that row is `final` in its `sits` or `chairs`. `other_text` unless "
     "`versions` of that row have this language. Moves `text_language` under the final text, the "
     "language and the signer's organisation."},
    {0},
};

static const struct move moves[] = {
    {"final_text", "text.final", "", "offered"},
    {"final_text", "text.concur", "offered", "offered"},
    {"final_text", "text.contest", "offered", "offered"},
    {"final_text", "text.contest", "final", "final"},
    {"final_text", "superseded", "offered", "superseded"},
    {"final_text", "complete", "offered", "final"},
    {"text_concurrence", "text.concur", "", "concurred"},
    {"text_language", "text.contest", "", "contested"},
    {0},
};

const struct case_room case_room_final = {work, moves};
