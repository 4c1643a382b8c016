#include "register/casework.h"

/*
 * A text that is negotiated: part by part, how each side would have it, in brackets side by side,
 * and what who stands between puts as a bridge. A part is agreed when each who must has accepted
 * the same wording. The whole is room_final.c's.
 */

/* Of one text: the longest peace agreements have some hundreds of numbered parts. */
#define MOST_PARTS 1000u

static struct span own_id(const struct apply *a)
{
    return span_of(a->record.id_text);
}

static bool text_of(struct apply *a, const struct json *row, const struct json **out,
                    struct err *err)
{
    return apply_get(a, "text", json_get_text(row, "text"), out, err);
}

/* --- the text --------------------------------------------------------------------------------- */

static bool ask_open(struct apply *a, struct err *err)
{
    const struct json *languages = json_get(a->body, "languages");

    for (size_t i = 0; i < languages->array.count; i++)
        for (size_t k = 0; k < i; k++)
            if (span_equal(languages->array.at[i].string, languages->array.at[k].string))
                return apply_void(a, REASON_SHAPE, "a language stands twice");
    return body_ask_of(a, a->body, NULL, err);
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

    if (!body_ask_of(a, a->at.named, is_bridge ? "chairs" : "concur", err) || apply_is_void(a))
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

static bool ask_reopen(struct apply *a, struct err *err)
{
    return final_ask_put_aside(a, !span_is(json_get_text(a->body, "as"), "bridge"), err);
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
    struct span agreed = json_get_text(article, "agreed");

    return !(agreed.len && span_is(json_get_text(article, "state"), "agreed") &&
             !case_follow(a, "wording", agreed, "set_aside", "set_aside_by", json_string(own_id(a)),
                          err)) &&
           final_put_aside(a, err);
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
    struct span key = apply_join(a, article_key(a, a->body), ' ', apply_org(a));
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

    if (!body_concur(a, a->at.named, &needed, err))
        return false;
    struct json accepted =
        case_names_with(a, &none, apply_org(a), json_lists(needed, apply_org(a)));
    return case_set_row(a, "wording", own_id(a), "accepted", accepted, err) &&
           settle(a, own_id(a), a->body, needed, &accepted, err);
}

static bool ask_answer(struct apply *a, struct err *err)
{
    const struct json *text;

    if (span_equal(apply_org(a), json_get_text(a->at.named, "org")))
        return apply_void(a, REASON_NOT_YOURS, "the wording is the signer's own");
    return text_of(a, a->at.named, &text, err) && body_ask_of(a, text, "concur", err);
}

static bool put_answer(struct apply *a, struct err *err)
{
    bool accepts = span_is(json_get_text(a->body, "answer"), "accepted");
    const struct json *text, *needed;

    if (!text_of(a, a->at.named, &text, err) || !body_concur(a, text, &needed, err) ||
        !case_move(a, "wording_answer", apply_join(a, a->at.of, ' ', apply_org(a)), true, err))
        return false;
    if (apply_is_void(a))
        return true;
    struct json accepted =
        case_names_with(a, json_get(a->at.named, "accepted"), apply_org(a), accepts);
    return case_set_named(a, "accepted", accepted, err) &&
           settle(a, a->at.of, a->at.named, needed, &accepted, err);
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
     .asks = {ask_propose, ask_reopen, ask_part_fits},
     .then = {put_article, put_bracket, accept_own},
     .does = SEAT
     "in its `chairs` where `as` is `bridge`, else in its `concur`. With `bridges`: `shape` unless "
     "it is a bridge, `reference` unless that is of the same text and `article`. With a `final` "
     "that is `offered`, `concurred` if in a language of it, by `text_concurrence`, the signer's "
     "organisation has concurred, or with `bridge` any of the body's `concur`; but not where one "
     "of `concur` has a row of `text_language` under it, or the body has a clock `answer` that "
     "neither runs nor is paused on it, or the signer's organisation is of the body's `replaces`. "
     "`no_move` if the text has 1000 `articles`, and this is none of them. Where the part is "
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
    {0},
};

const struct case_room case_room_text = {work, moves};
