#include "register/apply.h"

#include "codec/hex.h"
#include "terms/terms.h"

#include <stdio.h>

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
        if (!bind(a, job, apply_text(&list->array.at[i], "key"),
                  apply_text(&list->array.at[i], "org"), err))
            return false;
    return true;
}

static struct json names_of(struct apply *a, const char *member)
{
    const struct json *list = json_get(a->body, member);
    struct json names = json_array();

    for (size_t i = 0; i < list->array.count; i++)
        json_push(&names, json_string(keys_name(apply_text(&list->array.at[i], "key"))), a->arena);
    return names;
}

static struct json orgs_of(struct apply *a, const char *member)
{
    const struct json *list = json_get(a->body, member);
    struct json orgs = json_array();

    for (size_t i = 0; i < list->array.count; i++)
        json_push(&orgs, json_string(apply_text(&list->array.at[i], "org")), a->arena);
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

/* Pieces in order of file and number, none twice, none left out. */
static const char *pieces_fault(const struct json *pieces)
{
    struct span file = {0};
    bool terms = false;
    int64_t n = 0;

    for (size_t i = 0; i < pieces->array.count; i++) {
        const struct json *piece = &pieces->array.at[i];
        int order = span_compare(apply_text(piece, "file"), file);

        if (order < 0 || json_get_integer(piece, "n", 0) != (order > 0 ? 1 : n + 1))
            return "its pieces are not in order of file and number";
        file = apply_text(piece, "file");
        n = json_get_integer(piece, "n", 0);
        terms |= span_is(file, "agreement.toml");
    }
    return terms ? NULL : "it lists no agreement.toml";
}

/* What entry 0 says must agree with itself (format §7.1), beyond the shapes of its fields. */
static const char *adopt_fault(struct apply *a)
{
    struct json nodes = names_of(a, "nodes");
    struct span name = apply_text(a->body, "name");

    if (!span_equal(name, a->record.agreement))
        return "its name is not that on its first line";
    if (!span_equal(apply_text(a->body, "origin"), apply_key(a, "%.*s/term/1", SPAN_ARG(name))))
        return "its origin is not its name and \"/term/1\"";
    if (!span_equal(keys_name(apply_text(a->body, "log_key")), apply_text(a->body, "origin")))
        return "the log key's name is not the origin";
    if (!apply_holds_name(&nodes, apply_text(a->body, "operator")))
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
                bind(a, "promise", apply_text(a->body, "promise_key"), (struct span){0}, err));
    ok = ok && (apply_is_void(a) ||
                bind(a, "log", apply_text(a->body, "log_key"), (struct span){0}, err));
    ok = ok && (apply_is_void(a) || put_quorum(a, err));
    return ok && (apply_is_void(a) || put_agreement(a, err));
}

static struct span piece_key(struct apply *a, struct span file, int64_t n)
{
    return apply_key(a, "%.*s %04" PRId64, SPAN_ARG(file), n);
}

/* The content of one file, put together from its pieces. */
static bool whole_file(struct apply *a, const struct json *pieces, const char *file,
                       struct span *out, struct err *err)
{
    struct buf whole = buf_in(a->arena, SIZE_MAX / 2);

    for (size_t i = 0; i < pieces->array.count; i++) {
        const struct json *piece = &pieces->array.at[i], *row;

        if (!span_is(apply_text(piece, "file"), file))
            continue;
        if (!apply_get(a, "agreement_part",
                       piece_key(a, span_of(file), json_get_integer(piece, "n", 0)), &row, err))
            return false;
        buf_put(&whole, apply_text(row, "content"));
    }
    *out = buf_span(&whole);
    return true;
}

static bool put_terms(struct apply *a, const struct json *terms, struct err *err)
{
    struct terms_walk walk = {0};
    struct terms_item item;
    bool ok = apply_put(a, "term", SPAN_LIT("agreement"), json_get(terms, "agreement"), err);

    while (ok && terms_walk_next(&walk, terms, &item))
        ok = apply_put(a, "term", apply_join(a, item.section, '/', item.id), item.value, err);
    return ok;
}

/* §7.3: all pieces and all concurrences are there. */
static bool enter_force(struct apply *a, struct json *row, struct err *err)
{
    struct json *terms = ARENA_NEW(a->arena, struct json);
    struct terms_head head;
    struct err fault = {0};
    struct span text;

    if (!whole_file(a, json_get(row, "pieces"), "agreement.toml", &text, err))
        return false;
    if (!json_parse_canonical(terms, text, a->arena, &fault) || !terms_check(&head, terms, &fault))
        return apply_void(a, REASON_TERMS, "agreement.toml: %s", fault.text);
    if (!span_equal(head.name, apply_text(row, "name")))
        return apply_void(a, REASON_TERMS, "agreement.toml: is that of another agreement");
    json_set_integer(row, "in_force_at", (int64_t)a->entry->index, a->arena);
    json_set(row, "state", json_text(move_to("agreement", "complete", apply_text(row, "state"))),
             a->arena);
    return put_terms(a, terms, err);
}

static bool put_progress(struct apply *a, struct json *row, struct err *err)
{
    bool whole = json_get_integer(row, "missing", 1) == 0;
    bool agreed = json_get(row, "concurred")->array.count == json_get(row, "roots")->array.count;

    if (whole && agreed && !enter_force(a, row, err))
        return false;
    return apply_is_void(a) || apply_put(a, "agreement", SPAN_LIT("1"), row, err);
}

static const struct json *listed_piece(const struct json *pieces, struct span file, int64_t n)
{
    for (size_t i = 0; i < pieces->array.count; i++)
        if (span_equal(apply_text(&pieces->array.at[i], "file"), file) &&
            json_get_integer(&pieces->array.at[i], "n", 0) == n)
            return &pieces->array.at[i];
    return NULL;
}

static bool content_is(struct span content, struct span sha256)
{
    struct hash want, got = hash_of(content);

    return hex_parse(want.bytes, sizeof want.bytes, sha256) && hash_equal(want, got);
}

bool room_agreement_part(struct apply *a, struct err *err)
{
    struct span file = apply_text(a->body, "file"), content = apply_text(a->body, "content");
    int64_t n = json_get_integer(a->body, "n", 0);
    const struct json *listed = listed_piece(json_get(a->agreement, "pieces"), file, n), *there;
    struct span key = piece_key(a, file, n);

    if (!listed || !content_is(content, apply_text(listed, "sha256")))
        return apply_void(a, REASON_PIECE, "piece %" PRId64 " of %.*s is not what entry 0 lists", n,
                          SPAN_ARG(file));
    if (!apply_get(a, "agreement_part", key, &there, err))
        return false;
    if (there)
        return apply_void(a, REASON_PIECE, "piece %" PRId64 " of %.*s is there already", n,
                          SPAN_ARG(file));

    struct json *piece = apply_copy(a, NULL), *row = apply_copy(a, a->agreement);
    json_set_string(piece, "content", content, a->arena);
    json_set_integer(piece, "index", (int64_t)a->entry->index, a->arena);
    json_set_integer(row, "missing", json_get_integer(row, "missing", 0) - 1, a->arena);
    return apply_put(a, "agreement_part", key, piece, err) && put_progress(a, row, err);
}

bool room_agreement_concur(struct apply *a, struct err *err)
{
    if (!span_equal(apply_text(a->body, "agreement"), apply_text(a->agreement, "id")))
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
