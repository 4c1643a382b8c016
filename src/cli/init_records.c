#include "cli/init.h"

#include "codec/hex.h"

#include <stdlib.h>

static struct json member(struct init *init, struct span vkey, struct span org)
{
    struct json out = json_object();

    json_set_string(&out, "key", vkey, init->arena);
    json_set_string(&out, "org", org, init->arena);
    return out;
}

static bool set_roots(struct init *init, struct json *adopt, struct err *err)
{
    const struct json *list = init_organisations(init);
    struct json roots = json_array();

    for (size_t i = 0; i < list->array.count; i++) {
        const struct json *organisation = &list->array.at[i];
        struct span vkey;

        if (!init_is_root(organisation))
            continue;
        if (!init_vkey(init, init_key_name(init, organisation, "root"), &vkey, err))
            return false;
        json_push(&roots, member(init, vkey, init_text(organisation, "id")), init->arena);
    }
    json_set(adopt, "roots", roots, init->arena);
    return true;
}

static struct json pieces(struct init *init)
{
    struct json list = json_array();

    for (size_t i = 0; i < init->piece_count; i++) {
        struct hash hash = hash_of(init->piece[i].content);
        struct json piece = json_object();
        char hex[2 * HASH_BYTES + 1];

        hex_text(hex, hash_span(&hash));
        json_set(&piece, "file", json_text(init->piece[i].file), init->arena);
        json_set_integer(&piece, "n", init->piece[i].n, init->arena);
        json_set_string(&piece, "sha256", arena_copy(init->arena, span_of(hex)), init->arena);
        json_push(&list, piece, init->arena);
    }
    return list;
}

static bool adoption(struct init *init, struct json *out, struct err *err)
{
    const struct settings *settings = &init->settings;
    struct json adopt = json_object(), nodes = json_array();
    struct span log, promise, node;
    const struct json *operator;

    if (!init_operator(init, &operator, err) || !init_vkey(init, settings->origin, &log, err) ||
        !init_vkey(init, settings->promise, &promise, err) ||
        !init_vkey(init, settings->operator, & node, err) || !set_roots(init, &adopt, err))
        return false;
    json_push(&nodes, member(init, node, init_text(operator, "id")), init->arena);
    json_set(&adopt, "name", json_text(settings->agreement), init->arena);
    json_set(&adopt, "origin", json_text(settings->origin), init->arena);
    json_set(&adopt, "operator", json_text(settings->operator), init->arena);
    json_set_string(&adopt, "log_key", log, init->arena);
    json_set_string(&adopt, "promise_key", promise, init->arena);
    json_set(&adopt, "nodes", nodes, init->arena);
    json_set(&adopt, "witnesses", json_array(), init->arena);
    json_set_integer(&adopt, "quorum", 0, init->arena);
    json_set_integer(&adopt, "rules", init->head.rules, init->arena);
    json_set(&adopt, "pieces", pieces(init), init->arena);
    *out = adopt;
    return true;
}

/* Signs and submits one record; what is not accepted and effective ends it all. */
static bool say(struct init *init, struct node *node, struct author *author, const char *kind,
                const struct json *flat, char id[65], struct err *err)
{
    struct submission submission;
    struct answer answer;

    if (!author_sign(author, kind, flat, &submission, id, init->arena, err) ||
        !node_submit(node, &submission, 1, &answer, init->arena, err))
        return false;
    return answer.kind == ANSWER_LOGGED ||
           err_set(err, ERR_REFUSED, "%s: %s", kind, answer.reason ? answer.reason : "repeated");
}

static bool say_pieces(struct init *init, struct node *node, struct author *author, struct err *err)
{
    char id[65];
    bool ok = true;

    for (size_t i = 0; ok && i < init->piece_count; i++) {
        struct json piece = json_object();

        json_set(&piece, "file", json_text(init->piece[i].file), init->arena);
        json_set_integer(&piece, "n", init->piece[i].n, init->arena);
        json_set_string(&piece, "content", init->piece[i].content, init->arena);
        ok = say(init, node, author, "agreement.part", &piece, id, err);
    }
    return ok;
}

static bool say_admissions(struct init *init, struct node *node, struct author *author,
                           struct err *err)
{
    const struct json *list = init_organisations(init);
    char id[65];
    bool ok = true;

    for (size_t i = 0; ok && init->demo && i < list->array.count; i++) {
        const struct json *organisation = &list->array.at[i];
        struct json admit = json_object();
        struct span vkey;

        if (init_text(organisation, "role").len == 0)
            continue;
        ok = init_vkey(init, init_key_name(init, organisation, "1"), &vkey, err);
        if (!ok)
            break;
        json_set_string(&admit, "key", vkey, init->arena);
        json_set(&admit, "job", json_text("author"), init->arena);
        json_set_string(&admit, "org", init_text(organisation, "id"), init->arena);
        json_set_string(&admit, "role", init_text(organisation, "role"), init->arena);
        ok = say(init, node, author, "member.admit", &admit, id, err);
    }
    return ok;
}

/* What each root signs; the first also adopts, brings the pieces, and admits. */
bool init_say_all(struct init *init, struct node *node, struct err *err)
{
    const struct json *list = init_organisations(init);
    struct json adopt, concur = json_object();
    struct author *author[64] = {0};
    char entry0[65] = "", id[65];
    size_t count = 0;
    bool ok = adoption(init, &adopt, err);

    for (size_t i = 0; ok && i < list->array.count && count < ARRAY_LEN(author); i++)
        if (init_is_root(&list->array.at[i])) {
            ok = author_open(&author[count], node, init_key_name(init, &list->array.at[i], "root"),
                             err);
            if (ok && count++ == 0)
                ok = say(init, node, author[0], "agreement.adopt", &adopt, entry0, err) &&
                     journal_publish(node_journal(node), err) &&
                     say_pieces(init, node, author[0], err);
            if (count == 1) /* the others' first records continue entry 0: it must be committed */
                json_set(&concur, "agreement", json_text(arena_text(init->arena, span_of(entry0))),
                         init->arena);
        }
    if (ok && count == 0)
        ok = err_set(err, ERR_MISSING, "the agreement has no organisation with root = 1");
    for (size_t i = 0; ok && i < count; i++)
        ok = say(init, node, author[i], "agreement.concur", &concur, id, err);
    ok = ok && say_admissions(init, node, author[0], err);
    for (size_t i = 0; i < count; i++)
        author_close(author[i]);
    return ok;
}
