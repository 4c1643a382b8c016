#include "register/apply.h"

/*
 * The agreement's beginning (format §7): entry 0, the pieces of its files, the roots'
 * concurrences; and, when all are there, its terms as rows.
 */

static struct json key_row(struct apply *a, const char *job, struct span vkey, struct span org)
{
    struct json row = json_object();

    json_set_integer(&row, "from", (int64_t)a->entry->index, a->arena);
    json_set(&row, "job", json_text(job), a->arena);
    if (org.len)
        json_set_string(&row, "org", org, a->arena);
    json_set(&row, "state", json_text(move_to("key", a->kind->name, (struct span){0})), a->arena);
    json_set_string(&row, "vkey", vkey, a->arena);
    return row;
}

static bool bind(struct apply *a, const char *job, struct span vkey, struct span org,
                 struct err *err)
{
    struct json *row = ARENA_NEW(a->arena, struct json);

    *row = key_row(a, job, vkey, org);
    return keys_bind(a, row, err);
}

static bool bind_list(struct apply *a, const char *job, const char *member, struct err *err)
{
    const struct json *list = json_get(a->body, member);

    for (size_t i = 0; i < list->array.count && !apply_is_void(a); i++)
        if (!bind(a, job, json_get_text(&list->array.at[i], "key"),
                  json_get_text(&list->array.at[i], "org"), err))
            return false;
    return true;
}

static struct json names_of(struct apply *a, const char *member)
{
    const struct json *list = json_get(a->body, member);
    struct json names = json_array();

    for (size_t i = 0; i < list->array.count; i++)
        json_push(&names, json_string(keys_name(json_get_text(&list->array.at[i], "key"))),
                  a->arena);
    return names;
}

static struct json orgs_of(struct apply *a, const char *member)
{
    const struct json *list = json_get(a->body, member);
    struct json orgs = json_array();

    for (size_t i = 0; i < list->array.count; i++)
        json_push(&orgs, json_string(json_get_text(&list->array.at[i], "org")), a->arena);
    return orgs;
}

/* §1.5: an organisation has one witness's place. */
static bool has_org_twice(struct apply *a, const char *member)
{
    struct json orgs = orgs_of(a, member);

    for (size_t i = 1; i < orgs.array.count; i++)
        for (size_t j = 0; j < i; j++)
            if (json_equal(&orgs.array.at[i], &orgs.array.at[j]))
                return true;
    return false;
}

/* What entry 0 says must agree with itself (format §7.1), beyond the shapes of its fields. */
static const char *adopt_fault(struct apply *a)
{
    struct json nodes = names_of(a, "nodes");
    struct span name = json_get_text(a->body, "name");

    if (!span_equal(name, a->record.agreement))
        return "its name is not that on its first line";
    if (!span_equal(json_get_text(a->body, "origin"), apply_key(a, "%.*s/term/1", SPAN_ARG(name))))
        return "its origin is not its name and \"/term/1\"";
    if (!span_equal(keys_name(json_get_text(a->body, "log_key")), json_get_text(a->body, "origin")))
        return "the log key's name is not the origin";
    if (!json_lists(&nodes, json_get_text(a->body, "operator")))
        return "the operator is none of its nodes";
    if (a->record.seq != 1)
        return "it is not its signer's first record";
    if (json_get_integer(a->body, "quorum", 0) >
        (int64_t)json_get(a->body, "witnesses")->array.count)
        return "its quorum is larger than the number of witnesses";
    if (has_org_twice(a, "witnesses"))
        return "an organisation has two witnesses";
    return pieces_fault(json_get(a->body, "pieces"));
}

static bool put_quorum(struct apply *a, struct err *err)
{
    struct json *row = apply_copy(a, NULL);

    json_set(row, "orgs", orgs_of(a, "witnesses"), a->arena);
    json_set(row, "pending", json_array(), a->arena);
    json_set(row, "quorum", *json_get(a->body, "quorum"), a->arena);
    json_set(row, "witnesses", names_of(a, "witnesses"), a->arena);
    return apply_put(a, "quorum", SPAN_LIT("quorum"), row, err);
}

static bool put_agreement(struct apply *a, struct err *err)
{
    static const char *const copied[] = {"log_key", "name",   "operator",    "origin",
                                         "pieces",  "quorum", "promise_key", "rules"};
    struct json *row = apply_copy(a, NULL);

    for (size_t i = 0; i < ARRAY_LEN(copied); i++)
        json_set(row, copied[i], *json_get(a->body, copied[i]), a->arena);
    json_set(row, "concurred", json_array(), a->arena);
    json_set_string(row, "id", span_of(a->record.id_text), a->arena);
    json_set_integer(row, "missing", (int64_t)json_get(a->body, "pieces")->array.count, a->arena);
    json_set(row, "roots", names_of(a, "roots"), a->arena);
    json_set(row, "state", json_text(move_to("agreement", a->kind->name, (struct span){0})),
             a->arena);
    return apply_put(a, "agreement", SPAN_LIT("1"), row, err);
}

/* §10.6: a program that lacks the rules stops, for it can give no verdict at all. */
static bool rules_known(int64_t rules, struct err *err)
{
    return register_knows(rules) ||
           err_set(err, ERR_REFUSED, "the agreement names rules %" PRId64 ", this program knows 1",
                   rules);
}

bool room_agreement_adopt(struct apply *a, struct err *err)
{
    if (a->entry->index != 0)
        return apply_void(a, REASON_ADOPT, "only entry 0 adopts an agreement");
    const char *fault = adopt_fault(a);
    if (fault)
        return apply_void(a, REASON_ADOPT, "%s", fault);
    if (!rules_known(json_get_integer(a->body, "rules", 0), err))
        return false;

    bool ok = bind_list(a, "root", "roots", err);
    ok = ok && (apply_is_void(a) || bind_list(a, "node", "nodes", err));
    ok = ok && (apply_is_void(a) || bind_list(a, "witness", "witnesses", err));
    ok = ok && (apply_is_void(a) ||
                bind(a, "promise", json_get_text(a->body, "promise_key"), (struct span){0}, err));
    ok = ok && (apply_is_void(a) ||
                bind(a, "log", json_get_text(a->body, "log_key"), (struct span){0}, err));
    ok = ok && (apply_is_void(a) || put_quorum(a, err));
    return ok && (apply_is_void(a) || put_agreement(a, err));
}

/* §7.3: all pieces and all concurrences are there. */
static bool enter_force(struct apply *a, struct json *row, struct err *err)
{
    const struct json *terms;

    if (!pieces_terms(a, json_get(row, "pieces"), (struct span){0}, &terms, err))
        return false;
    if (apply_is_void(a))
        return true;
    json_set_integer(row, "in_force_at", (int64_t)a->entry->index, a->arena);
    json_set(row, "state", json_text(move_to("agreement", "complete", json_get_text(row, "state"))),
             a->arena);
    return pieces_put_terms(a, terms, 1, err);
}

static bool put_progress(struct apply *a, struct json *row, struct err *err)
{
    bool whole = json_get_integer(row, "missing", 1) == 0;
    bool agreed = json_get(row, "concurred")->array.count == json_get(row, "roots")->array.count;

    if (whole && agreed && !enter_force(a, row, err))
        return false;
    return apply_is_void(a) || apply_put(a, "agreement", SPAN_LIT("1"), row, err);
}

bool room_agreement_part(struct apply *a, struct err *err)
{
    if (json_get(a->body, "amendment"))
        return amendment_part(a, err);
    if (!pieces_keep(a, json_get(a->agreement, "pieces"), (struct span){0}, err))
        return false;
    if (apply_is_void(a))
        return true;

    struct json *row = apply_copy(a, a->agreement);
    json_set_integer(row, "missing", json_get_integer(row, "missing", 0) - 1, a->arena);
    return put_progress(a, row, err);
}

bool room_agreement_concur(struct apply *a, struct err *err)
{
    if (!span_equal(json_get_text(a->body, "agreement"), json_get_text(a->agreement, "id")))
        return amendment_concur(a, err);

    struct json *row = apply_copy(a, a->agreement);
    struct json concurred = json_array();
    const struct json *before = json_get(row, "concurred");
    bool has;

    if (!keys_hold(a, before, a->record.by, &has, err))
        return false;
    if (has)
        return apply_void(a, REASON_NO_MOVE, "this root has concurred already"); /* no terms yet */
    for (size_t i = 0; i < before->array.count; i++)
        json_push(&concurred, before->array.at[i], a->arena);
    json_push(&concurred, json_string(a->record.by), a->arena);
    json_set(row, "concurred", concurred, a->arena);
    return put_progress(a, row, err);
}
