#include "cli/init.h"

#include "codec/hex.h"

static struct json member(struct init *init, struct span vkey, struct span org)
{
    struct json out = json_object();

    json_set_string(&out, "key", vkey, init->arena);
    json_set_string(&out, "org", org, init->arena);
    return out;
}

static struct json roots(struct init *init)
{
    struct json list = json_array();

    for (size_t i = 0; i < init->root_count; i++)
        json_push(&list, member(init, init->root[i].vkey, init->root[i].org), init->arena);
    return list;
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
        !init_vkey(init, settings->name, &node, err))
        return false;
    json_set(&adopt, "roots", roots(init), init->arena);
    json_push(&nodes, member(init, node, init_text(operator, "id")), init->arena);
    json_set(&adopt, "name", json_text(settings->agreement), init->arena);
    json_set(&adopt, "origin", json_text(settings->origin), init->arena);
    json_set(&adopt, "operator", json_text(settings->name), init->arena);
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

/* Signs and submits one record; one that is not logged ends it all. */
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

static bool open_root(struct author **out, struct node *node, const struct init_root *root,
                      struct err *err)
{
    return root->path ? author_open_file(out, node, root->path, err)
                      : author_open(out, node, root->name, err);
}

static bool concur(struct init *init, struct node *node, struct author *author,
                   const char *agreement_id, struct err *err)
{
    struct json body = json_object();
    char id[65];

    json_set(&body, "agreement", json_text(agreement_id), init->arena);
    return say(init, node, author, "agreement.concur", &body, id, err);
}

/* The others' first records continue entry 0: it must be published by then. */
static bool say_as_others(struct init *init, struct node *node, const char *agreement_id,
                          struct err *err)
{
    bool ok = journal_publish(node_journal(node), err);

    for (size_t i = 1; ok && i < init->root_count; i++) {
        struct author *author = NULL;

        ok = open_root(&author, node, &init->root[i], err) &&
             concur(init, node, author, agreement_id, err);
        author_close(author);
    }
    return ok;
}

/* What each root signs; the first also adopts, brings the pieces, and admits. */
bool init_say_all(struct init *init, struct node *node, struct err *err)
{
    struct author *first = NULL;
    struct json adopt;
    char id[65];
    bool ok = adoption(init, &adopt, err) && open_root(&first, node, &init->root[0], err) &&
              say(init, node, first, "agreement.adopt", &adopt, id, err) &&
              say_pieces(init, node, first, err) && concur(init, node, first, id, err) &&
              say_as_others(init, node, id, err) && say_admissions(init, node, first, err);

    author_close(first);
    return ok;
}
