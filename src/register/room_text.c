#include "register/casework.h"

/*
 * A text that is negotiated: part by part, how each side would have it, in brackets side by side,
 * and what who stands between puts as a bridge. A part is agreed when each who must has accepted
 * the same wording; the whole when each has concurred in every one of its languages, by the hash
 * of what it reads there. A text that is concurred in one language and not in another is none.
 */

/* Of one text: the longest peace agreements have some hundreds of numbered parts. */
#define MOST_PARTS 1000u

static struct span own_org(const struct apply *a)
{
    return json_get_text(a->signer, "org");
}

static struct span own_id(const struct apply *a)
{
    return span_of(a->record.id_text);
}

static bool text_of(struct apply *a, const struct json *row, const struct json **out,
                    struct err *err)
{
    return apply_get(a, "text", json_get_text(row, "text"), out, err);
}

static bool ask_place(struct apply *a, const struct json *text, const char *member, struct err *err)
{
    const struct json *body;

    return body_of(a, text, &body, err) && body_ask(a, body, member, err);
}

/* Whom the body names as those who must agree. */
static bool must_agree(struct apply *a, const struct json *text, const struct json **out,
                       struct err *err)
{
    const struct json *body, *group;

    if (!body_of(a, text, &body, err) ||
        !apply_term(a, "group", json_get_text(body, "concur"), &group, err))
        return false;
    *out = json_get(group, "organisations");
    return true;
}

/* --- the text --------------------------------------------------------------------------------- */

static bool ask_open(struct apply *a, struct err *err)
{
    const struct json *languages = json_get(a->body, "languages");

    for (size_t i = 0; i < languages->array.count; i++)
        for (size_t k = 0; k < i; k++)
            if (span_equal(languages->array.at[i].string, languages->array.at[k].string))
                return apply_void(a, REASON_SHAPE, "a language stands twice");
    return ask_place(a, a->body, NULL, err);
}

static bool begin_text(struct apply *a, struct err *err)
{
    return case_set_row(a, "text", own_id(a), "articles", json_array(), err) &&
           case_set_row(a, "text", own_id(a), "brackets", json_array(), err);
}

/* --- its parts -------------------------------------------------------------------------------- */

static struct span article_key(struct apply *a, const struct json *wording)
{
    return apply_join(a, json_get_text(wording, "text"), ' ', json_get_text(wording, "article"));
}

/* A side words it for itself; a bridge is put by who stands between. */
static bool ask_propose(struct apply *a, struct err *err)
{
    bool is_bridge = span_is(json_get_text(a->body, "as"), "bridge");
    struct span id = json_get_text(a->body, "bridges");
    const struct json *other = NULL;

    if (!ask_place(a, a->at.named, is_bridge ? "chairs" : "concur", err) || apply_is_void(a))
        return apply_is_void(a);
    if (id.len == 0)
        return true;
    if (!is_bridge)
        return apply_void(a, REASON_SHAPE, "a side bridges nothing");
    if (!apply_get(a, "wording", id, &other, err))
        return false;
    return span_equal(article_key(a, other), article_key(a, a->body)) ||
           apply_void(a, REASON_REFERENCE, "\"bridges\" is of another part");
}

/* A text's row has the names of its parts, and is written anew with each wording. */
static bool ask_part_fits(struct apply *a, struct err *err)
{
    const struct json *articles = json_get(a->at.named, "articles");

    return articles->array.count < MOST_PARTS ||
           json_lists(articles, json_get_text(a->body, "article")) ||
           apply_no_move(a, err, "the text has %u parts already", MOST_PARTS);
}

/* Adds the part to a list of the text's, or takes it off. */
static bool list_article(struct apply *a, struct span text, const char *member, struct span article,
                         bool stands, struct err *err)
{
    const struct json *row;

    if (!apply_get(a, "text", text, &row, err))
        return false;
    return case_set_row(a, "text", text, member,
                        case_names_with(a, json_get(row, member), article, stands), err);
}

/* What was agreed, or offered as the whole, is so no more. */
static bool unsettle(struct apply *a, const struct json *article, struct err *err)
{
    struct span agreed = json_get_text(article, "agreed"),
                final = json_get_text(a->at.named, "final");
    const struct json *row;

    if (agreed.len && span_is(json_get_text(article, "state"), "agreed") &&
        !case_follow(a, "wording", agreed, "set_aside", "set_aside_by", json_string(own_id(a)),
                     err))
        return false;
    if (final.len == 0)
        return true;
    if (!apply_get(a, "final_text", final, &row, err))
        return false;
    if (!span_is(json_get_text(row, "state"), "offered"))
        return true;
    return case_follow(a, "final_text", final, "superseded", "superseded_by",
                       json_string(own_id(a)), err) &&
           body_turn_answer(a, final, a->at.named, deadline_end, err);
}

static bool put_article(struct apply *a, struct err *err)
{
    struct span key = article_key(a, a->body);
    const struct json *before;

    if (!apply_get(a, "article", key, &before, err) || !unsettle(a, before, err))
        return false;
    struct json *row = apply_copy(a, before);
    int64_t versions = json_get_integer(before, "versions", 0) + 1;
    json_set_string(row, "article", json_get_text(a->body, "article"), a->arena);
    json_set(row, "state", json_text(move_to("article", "worded", json_get_text(before, "state"))),
             a->arena);
    json_set_string(row, "text", a->at.of, a->arena);
    json_set_integer(row, "versions", versions, a->arena);
    return apply_put(a, "article", key, row, err) &&
           case_set_row(a, "wording", own_id(a), "version", json_integer(versions), err) &&
           list_article(a, a->at.of, "articles", json_get_text(a->body, "article"), true, err) &&
           list_article(a, a->at.of, "brackets", json_get_text(a->body, "article"), true, err);
}

/* An organisation has one wording of a part: its last. */
static bool put_bracket(struct apply *a, struct err *err)
{
    struct span key = apply_join(a, article_key(a, a->body), ' ', own_org(a));
    const struct json *before, *earlier = NULL;

    if (!apply_get(a, "bracket", key, &before, err))
        return false;
    struct span id = json_get_text(before, "wording");
    if (id.len && !apply_get(a, "wording", id, &earlier, err))
        return false;
    if (span_is(json_get_text(earlier, "state"), "live") &&
        !case_follow(a, "wording", id, "superseded", "superseded_by", json_string(own_id(a)), err))
        return false;
    struct json *row = apply_copy(a, NULL);
    json_set_string(row, "wording", own_id(a), a->arena);
    return apply_put(a, "bracket", key, row, err);
}

/* What all who must have accepted is agreed; `of` names the text and the part. */
static bool settle(struct apply *a, struct span wording, const struct json *of,
                   const struct json *needed, const struct json *accepted, struct err *err)
{
    for (size_t i = 0; i < needed->array.count; i++)
        if (!json_lists(accepted, needed->array.at[i].string))
            return true;
    return case_follow(a, "wording", wording, "complete", "settled",
                       json_integer((int64_t)a->entry->index), err) &&
           case_follow(a, "article", article_key(a, of), "complete", "agreed", json_string(wording),
                       err) &&
           list_article(a, json_get_text(of, "text"), "brackets", json_get_text(of, "article"),
                        false, err);
}

/* Who must accept it, and words it so, accepts it. */
static bool accept_own(struct apply *a, struct err *err)
{
    const struct json *needed;
    struct json none = json_array();

    if (!must_agree(a, a->at.named, &needed, err))
        return false;
    struct json accepted = case_names_with(a, &none, own_org(a), json_lists(needed, own_org(a)));
    return case_set_row(a, "wording", own_id(a), "accepted", accepted, err) &&
           settle(a, own_id(a), a->body, needed, &accepted, err);
}

static bool ask_answer(struct apply *a, struct err *err)
{
    const struct json *text;

    if (span_equal(own_org(a), json_get_text(a->at.named, "org")))
        return apply_void(a, REASON_NOT_YOURS, "the wording is the signer's own");
    return text_of(a, a->at.named, &text, err) && ask_place(a, text, "concur", err);
}

static bool put_answer(struct apply *a, struct err *err)
{
    bool accepts = span_is(json_get_text(a->body, "answer"), "accepted");
    const struct json *text, *needed;

    if (!text_of(a, a->at.named, &text, err) || !must_agree(a, text, &needed, err) ||
        !case_move(a, "wording_answer", apply_join(a, a->at.of, ' ', own_org(a)), true, err))
        return false;
    if (apply_is_void(a))
        return true;
    struct json accepted =
        case_names_with(a, json_get(a->at.named, "accepted"), own_org(a), accepts);
    return case_set_named(a, "accepted", accepted, err) &&
           settle(a, a->at.of, a->at.named, needed, &accepted, err);
}

/* --- the whole -------------------------------------------------------------------------------- */

static bool ask_final(struct apply *a, struct err *err)
{
    const struct json *text = a->at.named, *versions = json_get(a->body, "versions");
    const struct json *languages = json_get(text, "languages");

    if (!ask_place(a, text, NULL, err) || apply_is_void(a))
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

/* There is one final text at a time. */
static bool offer(struct apply *a, struct err *err)
{
    return unsettle(a, NULL, err) &&
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

    if (!text_of(a, a->at.named, &text, err) || !ask_place(a, text, member, err) ||
        apply_is_void(a))
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

static bool ask_contest(struct apply *a, struct err *err)
{
    return ask_language(a, NULL, err);
}

static struct span language_key(struct apply *a, struct span language)
{
    return apply_join(a, a->at.of, ' ', language);
}

/* Whether all who must have concurred in this language, which nobody contests; *out. */
static bool is_agreed(struct apply *a, struct span language, const struct json *needed, bool *out,
                      struct err *err)
{
    struct span key = language_key(a, language);
    const struct json *row;

    if (!apply_get(a, "text_language", key, &row, err))
        return false;
    *out = !row;
    for (size_t i = 0; *out && i < needed->array.count; i++) {
        if (!apply_get(a, "text_concurrence", apply_join(a, key, ' ', needed->array.at[i].string),
                       &row, err))
            return false;
        *out = row != NULL;
    }
    return true;
}

static bool put_concurrence(struct apply *a, struct err *err)
{
    const struct json *versions = json_get(a->at.named, "versions"), *text, *needed;
    struct span key = language_key(a, json_get_text(a->body, "language"));
    bool all = true;

    if (!text_of(a, a->at.named, &text, err) || !must_agree(a, text, &needed, err) ||
        !case_move(a, "text_concurrence", apply_join(a, key, ' ', own_org(a)), true, err))
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
    return case_move(a, "text_language", language_key(a, json_get_text(a->body, "language")), true,
                     err);
}

#define SEAT "`not_yours` unless the signer's organisation has a place in the body of the text: "
#define PART SEAT "in its `sits` or `chairs`."

static const struct casework work[] = {
    {.kind = "text.open",
     .own = "text",
     .asks = {ask_open},
     .then = {begin_text},
     .does = "`shape` if a language stands twice. " PART
             " `articles` and `brackets` of its row are empty."},
    {.kind = "text.propose",
     .own = "wording",
     .of = "text",
     .moves = "text",
     .word = "as",
     .asks = {ask_propose, ask_part_fits},
     .then = {put_article, put_bracket, accept_own},
     .does = SEAT
     "in its `chairs` where `as` is `bridge`, else in its `concur`. With `bridges`: `shape` unless "
     "it is a bridge, `reference` unless that is of the same text and `article`. `no_move` if the "
     "text "
     "has 1000 `articles`, and this is none of them. Where the part is "
     "`agreed`, its wording makes the move `set_aside`, with this as `set_aside_by`; a `final` "
     "that is `offered` makes the move `superseded`, with this as `superseded_by`, and the body's "
     "clock `answer` ends on it. `article` under the text and the part makes the move `worded`, "
     "its "
     "`versions` one more, which is the `version` of this; the part joins the end of `articles` "
     "and of `brackets` of the text, off which it is taken if it is there. What `bracket` has "
     "under the text, the part and the signer's organisation makes, while it is `live`, the move "
     "`superseded`, with this as `superseded_by`; it has this from now on. `accepted` of this is "
     "the signer's organisation if it is of the body's `concur`, else empty; then as with "
     "`text.answer`."},
    {.kind = "text.answer",
     .of = "wording",
     .moves = "wording",
     .word = "answer",
     .asks = {ask_answer},
     .then = {put_answer},
     .does = "`not_yours` if the wording is of the signer's organisation. " SEAT
             "in its `concur`. Moves `wording_answer` under the wording and the signer's "
             "organisation, which is this record's from now on. That organisation leaves "
             "`accepted` of the wording, and with `accepted` joins its end. Where every "
             "organisation of `concur` is in it: the wording makes the move `complete`, with "
             "`settled`, the entry's index, `article` the same, with the wording as `agreed`, and "
             "the part leaves `brackets` of the text."},
    {.kind = "text.final",
     .own = "final_text",
     .of = "text",
     .moves = "text",
     .asks = {ask_final},
     .then = {offer},
     .does = PART " `brackets` if `brackets` of the text is not empty, or its `articles` are; "
                  "`shape` unless `versions` are of its `languages`, in that order. A `final` that "
                  "is `offered` as with `text.propose`; `final` of the text is this from now on, "
                  "and the body's clock `answer` starts on this."},
    {.kind = "text.concur",
     .of = "final",
     .moves = "final_text",
     .asks = {ask_concur},
     .then = {put_concurrence},
     .does = SEAT "in its `concur`. `other_text` unless `versions` of that row have this language "
                  "and `sha256`. Moves `text_concurrence` under the final text, the language and "
                  "the signer's organisation. Where every organisation of `concur` has such a row "
                  "in each of these languages, and none of them is in `text_language`: the final "
                  "text and the text make the move `complete`, with `settled`, the entry's index, "
                  "and the body's clock `answer` ends on the final text."},
    {.kind = "text.contest",
     .of = "final",
     .moves = "final_text",
     .asks = {ask_contest},
     .then = {put_contest},
     .does = PART " `other_text` unless `versions` of that row have this language. Moves "
                  "`text_language` under the final text and the language."},
    {0},
};

static const struct move moves[] = {
    {"text", "text.open", "", "open"},
    {"text", "text.propose wording", "open", "open"},
    {"text", "text.propose deletion", "open", "open"},
    {"text", "text.propose bridge", "open", "open"},
    {"text", "text.propose wording", "offered", "open"},
    {"text", "text.propose deletion", "offered", "open"},
    {"text", "text.propose bridge", "offered", "open"},
    {"text", "text.final", "open", "offered"},
    {"text", "text.final", "offered", "offered"},
    {"text", "complete", "offered", "final"},

    {"article", "worded", "", "bracketed"},
    {"article", "worded", "bracketed", "bracketed"},
    {"article", "worded", "agreed", "bracketed"},
    {"article", "complete", "bracketed", "agreed"},

    {"wording", "text.propose wording", "", "live"},
    {"wording", "text.propose deletion", "", "live"},
    {"wording", "text.propose bridge", "", "live"},
    {"wording", "text.answer accepted", "live", "live"},
    {"wording", "text.answer rejected", "live", "live"},
    {"wording", "superseded", "live", "superseded"},
    {"wording", "complete", "live", "agreed"},
    {"wording", "set_aside", "agreed", "set_aside"},
    {"wording_answer", "text.answer accepted", "", "accepted"},
    {"wording_answer", "text.answer rejected", "", "rejected"},
    {"wording_answer", "text.answer accepted", "accepted", "accepted"},
    {"wording_answer", "text.answer accepted", "rejected", "accepted"},
    {"wording_answer", "text.answer rejected", "accepted", "rejected"},
    {"wording_answer", "text.answer rejected", "rejected", "rejected"},

    {"final_text", "text.final", "", "offered"},
    {"final_text", "text.concur", "offered", "offered"},
    {"final_text", "text.contest", "offered", "offered"},
    {"final_text", "text.contest", "final", "final"},
    {"final_text", "superseded", "offered", "superseded"},
    {"final_text", "complete", "offered", "final"},
    {"text_concurrence", "text.concur", "", "concurred"},
    {"text_language", "text.contest", "", "contested"},
    {"text_language", "text.contest", "contested", "contested"},
    {0},
};

const struct case_room case_room_text = {work, moves};
