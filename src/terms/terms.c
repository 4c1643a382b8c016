#include "terms/terms.h"

#include "terms/members.h"

const char *const terms_capabilities[] = {
    /* keys, and what everybody may tell */
    "admit",
    "revoke",
    "open_incident",
    "report",
    "claim",
    "link",
    "withdraw",
    "flash",
    "warn",
    "ask",
    "explain",
    /* what is perceived, and what becomes of it */
    "observe",
    "sense",
    "watch",
    "assess",
    "keep",
    "release",
    "match",
    "grade",
    "erase",
    "refuse",
    /* a case, and those who are asked in it */
    "triage",
    "notify",
    "preserve",
    "answer",
    "reply",
    "ask_access",
    "answer_access",
    "task",
    "verify",
    "mark",
    "summon",
    "extend",
    "recuse",
    "publish",
    "close",
    /* what is found, what is ruled, and what follows */
    "draft",
    "comment",
    "issue",
    "propose",
    "rule",
    "dissent",
    "order",
    "perform",
    "check",
    "appeal",
    /* an organisation's own word */
    "declare_state",
    "set_level",
    "accredit",
    /* crossings, and what is announced */
    "declare_crossing",
    "count_traffic",
    "ask_transit",
    "answer_transit",
    "give_notice",
    "answer_notice",
    /* the hotline */
    "use_hotline",
    "relay_hotline",
    "set_duty",
    /* obligations, persons, and what is asked beyond */
    "keep_obligations",
    "report_obligation",
    "judge_obligation",
    "register_persons",
    "make_demand",
    "answer_demand",
    "give_guarantee",
    /* what is asked in confidence, and what is said in public */
    "ask_intelligence",
    "answer_intelligence",
    "release_intelligence",
    "log_statement",
    /* dialogue */
    "take_part",
    "chair_session",
    "carry_text",
    NULL,
};

#define LONGEST_GAP_MS (INT64_C(7) * 24 * 3600 * 1000) /* a week of silence counts for no more */
#define SHORTEST_WINDOW_MS 1000
#define LONGEST_WINDOW_MS (INT64_C(24) * 3600 * 1000) /* to wait longer is to be turned away */
#define MOST_IN_WINDOW 10000000
#define LEAST_BLUR_M 500                          /* nearer, a house in a village is found */
#define MOST_BLUR_M 100000                        /* farther, it is in no district any more */
#define BLUR_M_UNSAID 10000                       /* who says nothing has not asked to be exact */
#define SHORTEST_GAP_MS (INT64_C(20) * 60 * 1000) /* twice the idle cadence, format §8.4 */

bool terms_id_valid(struct span id)
{
    if (id.len == 0 || id.len > 64)
        return false;
    for (size_t i = 0; i < id.len; i++)
        if (id.at[i] <= ' ' || id.at[i] > '~')
            return false;
    return true;
}

/* One that is there and says nothing is not one that is not there. */
static struct terms_quota quota_of(const struct json *head)
{
    const struct json *quota = json_get(head, "quota");

    if (!quota)
        return (struct terms_quota){0};
    int64_t window_ms = json_get_integer(quota, "window_ms", -1);
    return (struct terms_quota){
        .window_ms = window_ms ? window_ms : -1,
        .of_key = json_get_integer(quota, "of_key", 0),
        .of_organisation = json_get_integer(quota, "of_organisation", 0),
        .exempt = json_get(quota, "exempt"),
    };
}

struct terms_head terms_head_of(const struct json *head)
{
    return (struct terms_head){
        .name = json_get_text(head, "name"),
        .entries = json_get_text(head, "entries"),
        .no_move = json_get_text(head, "no_move"),
        .max_gap_ms = json_get_integer(head, "max_gap_ms", 0),
        .quorum = json_get_integer(head, "quorum", -1),
        .rules = json_get_integer(head, "rules", 0),
        .blur_m = json_get_integer(head, "blur_m", json_get(head, "blur_m") ? -1 : BLUR_M_UNSAID),
        .quota = quota_of(head),
    };
}

static bool is_list_of_kinds(const struct json *list)
{
    if (list->type != JSON_ARRAY)
        return false;
    for (size_t i = 0; i < list->array.count; i++)
        if (list->array.at[i].type != JSON_STRING || !terms_id_valid(list->array.at[i].string))
            return false;
    return true;
}

/* Nobody's key may have more than its organisation, or the second number would say nothing. */
static const char *quota_fault(const struct terms_quota *quota)
{
    if (quota->window_ms == 0)
        return NULL;
    if (quota->window_ms < SHORTEST_WINDOW_MS || quota->window_ms > LONGEST_WINDOW_MS)
        return "\"quota\": \"window_ms\" must be a second to a day, in milliseconds";
    if (quota->of_key < 1 || quota->of_key > MOST_IN_WINDOW)
        return "\"quota\": \"of_key\" must be 1 to 10000000";
    if (quota->of_organisation < quota->of_key || quota->of_organisation > MOST_IN_WINDOW)
        return "\"quota\": \"of_organisation\" must be \"of_key\" to 10000000";
    if (quota->exempt && !is_list_of_kinds(quota->exempt))
        return "\"quota\": \"exempt\" must be a list of kinds";
    return NULL;
}

static const char *head_fault(const struct terms_head *head)
{
    if (head->name.len == 0)
        return "\"name\" is missing";
    if (!span_is(head->entries, "public") && !span_is(head->entries, "participants"))
        return "\"entries\" must be \"public\" or \"participants\"";
    if (!terms_id_valid(head->no_move))
        return "\"no_move\" must be the id of a clause";
    if (head->max_gap_ms < SHORTEST_GAP_MS || head->max_gap_ms > LONGEST_GAP_MS)
        return "\"max_gap_ms\" must be 20 minutes to a week, in milliseconds";
    if (head->quorum < 0 || head->quorum > 64)
        return "\"quorum\" must be 0 to 64";
    if (head->rules < 1)
        return "\"rules\" must be a number from 1";
    if (head->blur_m < LEAST_BLUR_M || head->blur_m > MOST_BLUR_M)
        return "\"blur_m\" must be 500 to 100000, in metres";
    return quota_fault(&head->quota);
}

static bool check_item(const struct json *items, size_t n, struct err *err)
{
    const struct json *item = &items->array.at[n];
    struct span id = json_get_text(item, "id");

    if (item->type != JSON_OBJECT || !terms_id_valid(id))
        return err_set(err, ERR_MALFORMED,
                       "needs an \"id\" of 1 to 64 printable ASCII characters without spaces");
    for (size_t i = 0; i < n; i++)
        if (span_equal(json_get_text(&items->array.at[i], "id"), id))
            return err_set(err, ERR_MALFORMED, "the id \"%.*s\" stands twice", SPAN_ARG(id));
    return true;
}

/* "SECTION/ID" must say where the section ends: only an id may hold a slash. */
static bool section_name_valid(struct span name)
{
    for (size_t i = 0; i < name.len; i++)
        if (name.at[i] != '_' && (name.at[i] < 'a' || name.at[i] > 'z'))
            return false;
    return true;
}

static bool check_section(const struct json_member *section, struct err *err)
{
    const struct json *items = &section->value;

    if (!section_name_valid(section->key))
        return err_set(err, ERR_MALFORMED, "a section's name is of a-z and _");
    if (items->type != JSON_ARRAY)
        return err_set(err, ERR_MALFORMED, "must be an array of tables: [[%.*s]]",
                       SPAN_ARG(section->key));
    for (size_t i = 0; i < items->array.count; i++)
        if (!check_item(items, i, err))
            return err_wrap(err, "number %zu", i + 1);
    return true;
}

bool terms_check(struct terms_head *out, const struct json *terms, struct err *err)
{
    const struct json *head = json_get(terms, "agreement");

    if (!head || head->type != JSON_OBJECT)
        return err_set(err, ERR_MALFORMED, "agreement: the table [agreement] is missing");
    struct terms_head found = terms_head_of(head);
    const char *fault = head_fault(&found);
    if (fault)
        return err_set(err, ERR_MALFORMED, "[agreement]: %s", fault);
    for (size_t i = 0; i < terms->object.count; i++) {
        const struct json_member *section = &terms->object.at[i];

        if (!span_is(section->key, "agreement") && !check_section(section, err))
            return err_wrap(err, "[[%.*s]]", SPAN_ARG(section->key));
    }
    if (!terms_find(terms, "clause", found.no_move))
        return err_set(err, ERR_MISSING,
                       "[agreement]: no [[clause]] has the id \"%.*s\" of \"no_move\"",
                       SPAN_ARG(found.no_move));
    if (!terms_check_members(terms, err))
        return false;
    *out = found;
    return true;
}

bool terms_walk_next(struct terms_walk *walk, const struct json *terms, struct terms_item *out)
{
    for (; walk->section < terms->object.count; walk->section++, walk->item = 0) {
        const struct json_member *section = &terms->object.at[walk->section];

        if (section->value.type != JSON_ARRAY || walk->item >= section->value.array.count)
            continue;
        const struct json *item = &section->value.array.at[walk->item++];
        *out = (struct terms_item){section->key, json_get_text(item, "id"), item};
        return true;
    }
    return false;
}

bool terms_quota_spares(const struct terms_quota *quota, struct span kind)
{
    for (size_t i = 0; quota->exempt && i < quota->exempt->array.count; i++) {
        struct span word = quota->exempt->array.at[i].string;
        bool family = word.len > 0 && word.at[word.len - 1] == '.';

        if (family ? span_starts_with(kind, word) : span_equal(kind, word))
            return true;
    }
    return false;
}

bool terms_role_may(const struct json *role, const char *capability)
{
    const struct json *may = json_get(role, "may");

    for (size_t i = 0; may && i < may->array.count; i++)
        if (span_is(may->array.at[i].string, capability))
            return true;
    return false;
}
