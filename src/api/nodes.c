/* The participants' nodes: witnessing, and what each says that it holds and computed. */

#include "api/call.h"

#include "codec/hex.h"
#include "journal/applier.h"
#include "ledger/cosignature.h"
#include "sync/gather.h"
#include "sync/outbox.h"

#define NODES_MOST 256u /* that are listed */
#define OUTBOX_PAGE 1000u

bool add_checkpoint_answer(struct api_call *call, struct err *err)
{
    struct witness_reply reply = {0};

    (void)err;
    node_add_checkpoint(call->node, call->request->body, &reply, call->arena);
    call->response->status = reply.status;
    call->response->type = reply.type;
    call->response->body = reply.body;
    return true;
}

/* c2sp.org/tlog-witness, the monitoring path: the hash is that of the origin. */
bool monitor_answer(struct api_call *call, struct err *err)
{
    struct hash origin = hash_of(span_of(call->head.origin));
    char hex[2 * HASH_BYTES + 1];

    hex_text(hex, hash_span(&origin));
    if (call->head.size == 0 || !span_is(call->in_path.text, hex))
        return err_set(err, ERR_MISSING, "this node holds no log of that origin");
    return api_answer_bytes(call, call->head_note);
}

/* Where a term ended that another has followed (doc/format.md §7.5). */
bool term_end_answer(struct api_call *call, struct err *err)
{
    struct span note;

    if (!node_term_end(call->node, (uint64_t)call->in_path.integer, &note, call->arena, err))
        return err->kind == ERR_MISSING
                   ? err_set(err, ERR_MISSING, "term %" PRId64 " has not ended here",
                             call->in_path.integer)
                   : false;
    return api_answer_bytes(call, note);
}

bool waiting_answer(struct api_call *call, struct err *err)
{
    struct outbox_last last;
    struct json out = json_object();
    const struct json *row;
    struct note_key key;

    if (!api_row(call, "key", call->in_path.text, &row, err))
        return false;
    if (!row)
        return err_set(err, ERR_MISSING, "no key of that name was ever admitted");
    if (!note_key_parse(&key, json_get_string(row, "vkey", (struct span){0}), err) ||
        !node_waiting(call->node, &key, &last, err))
        return false;
    if (last.seq > 0) {
        json_set_integer(&out, "seq", (int64_t)last.seq, call->arena);
        json_set_string(&out, "id", arena_copy(call->arena, span_of(last.id)), call->arena);
    }
    return api_answer_json(call, &out);
}

/* --- GET /api/outbox --- */

static struct json outbox_item(struct api_call *call, const struct outbox_item *item)
{
    struct json out = json_object();

    json_set_integer(&out, "number", (int64_t)item->number, call->arena);
    json_set(&out, "id", json_text(item->id), call->arena);
    json_set(&out, "kind", json_text(item->kind), call->arena);
    json_set(&out, "by", json_text(item->by), call->arena);
    json_set_integer(&out, "seq", (int64_t)item->seq, call->arena);
    json_set_integer(&out, "since_ms", item->since_ms, call->arena);
    json_set(&out, "state", json_text(outbox_state_word(item->state)), call->arena);
    if (item->state == OUTBOX_PROMISED)
        json_set_integer(&out, "index", (int64_t)item->index, call->arena);
    if (item->reason[0])
        json_set(&out, "reason", json_text(item->reason), call->arena);
    return out;
}

bool outbox_answer(struct api_call *call, struct err *err)
{
    const struct api_value *after = api_value(call, "after");
    struct outbox *outbox = node_outbox(call->node);
    struct json out = json_object(), list = json_array();
    const struct outbox_item *item;
    size_t count = 0;

    (void)err;
    if (outbox)
        outbox_list(outbox, after->given ? (uint64_t)after->integer : 0, OUTBOX_PAGE, &item, &count,
                    call->arena);
    for (size_t i = 0; i < count; i++)
        json_push(&list, outbox_item(call, &item[i]), call->arena);
    json_set(&out, "outbox", list, call->arena);
    return api_answer_json(call, &out);
}

/* --- GET /api/nodes --- */

static struct json contacts(struct api_call *call)
{
    struct json list = json_array();
    struct node_contact contact;

    for (size_t i = 0; node_contact(call->node, i, &contact); i++) {
        struct json item = json_object();

        json_set(&item, "name", json_text(contact.peer->name), call->arena);
        json_set(&item, "url", json_text(contact.peer->url), call->arena);
        json_set_integer(&item, "size", (int64_t)contact.size, call->arena);
        json_set_integer(&item, "asked_ms", contact.asked_ms, call->arena);
        json_set_integer(&item, "answered_ms", contact.answered_ms, call->arena);
        if (contact.problem[0])
            json_set_string(&item, "problem", arena_copy(call->arena, span_of(contact.problem)),
                            call->arena);
        if (contact.charge[0])
            json_set_string(&item, "charge", arena_copy(call->arena, span_of(contact.charge)),
                            call->arena);
        json_push(&list, item, call->arena);
    }
    return list;
}

/* What waits here on its way to the log; where the log is kept, nothing does. */
static void put_outbox(struct api_call *call, struct json *out)
{
    struct outbox *outbox = node_outbox(call->node);
    struct outbox_status status;
    struct json item = json_object();

    if (!outbox)
        return;
    outbox_status(outbox, &status);
    for (int i = OUTBOX_WAITING; i <= OUTBOX_REFUSED; i++)
        json_set_integer(&item, outbox_state_word((enum outbox_state)i), (int64_t)status.state[i],
                         call->arena);
    json_set_integer(&item, "damaged", (int64_t)status.damaged, call->arena);
    json_set_integer(&item, "bytes", (int64_t)status.bytes, call->arena);
    json_set_integer(&item, "oldest_ms", status.oldest_ms, call->arena);
    json_set(out, "outbox", item, call->arena);
}

/* Witnesses of hashes alone, that never count. */
static struct json externals(struct api_call *call)
{
    struct json list = json_array();
    struct node_external external;

    for (size_t i = 0; node_external(call->node, i, &external); i++) {
        struct json item = json_object();

        json_set_string(&item, "name", arena_copy(call->arena, span_of(external.name)),
                        call->arena);
        json_set_integer(&item, "size", (int64_t)external.size, call->arena);
        json_set_integer(&item, "cosigned_ms", (int64_t)external.seconds * 1000, call->arena);
        json_push(&list, item, call->arena);
    }
    return list;
}

/* Whose line stands on the checkpoint, and when it was signed. */
static bool put_witnesses(struct api_call *call, struct json *out, struct err *err)
{
    struct witness_set *set = ARENA_NEW(call->arena, struct witness_set);
    struct json list = json_array();
    struct note note;

    if (!witness_set_read(set, call->reader, err) ||
        (call->head.size > 0 && !note_parse(&note, call->head_note, call->arena, err)))
        return false;
    for (size_t i = 0; i < set->count; i++) {
        struct json item = json_object();
        const struct note_line *line = call->head.size > 0 ? note_find(&note, &set->at[i]) : NULL;
        uint64_t seconds;

        json_set(&item, "name", json_text(set->at[i].name), call->arena);
        json_set_integer(&item, "in_force", set->in_force[i], call->arena);
        if (line && cosignature_verify(&seconds, note.text, line, &set->at[i]))
            json_set_integer(&item, "cosigned_ms", (int64_t)seconds * 1000, call->arena);
        json_push(&list, item, call->arena);
    }
    json_set(out, "witnesses", list, call->arena);
    json_set_integer(out, "quorum", (int64_t)set->quorum, call->arena);
    if (call->head.size > 0)
        json_set_integer(out, "cosigned", (int64_t)witness_count(set, call->head_note),
                         call->arena);
    return true;
}

/* What a node attested, and whether it is what was computed here. */
static bool put_attest(struct api_call *call, const struct store_row *found, struct json *list,
                       struct err *err)
{
    struct json row, item;
    struct hash said, own;

    if (!api_json(call, found->row, &row, err))
        return false;
    item = row;
    int64_t size = json_get_integer(&row, "size", 0);
    json_set_string(&item, "name", found->key, call->arena);
    if (size > 0 && (uint64_t)size <= call->size &&
        hex_parse(said.bytes, sizeof said.bytes,
                  json_get_string(&row, "digest", (struct span){0}))) {
        if (!store_digest(call->reader, (uint64_t)size - 1, &own, err))
            return false;
        json_set_integer(&item, "agrees", hash_equal(said, own), call->arena);
    }
    json_push(list, item, call->arena);
    return true;
}

static bool put_attests(struct api_call *call, struct json *out, struct err *err)
{
    struct json list = json_array();
    struct store_row *row;
    size_t count;

    if (!store_scan(call->reader, "attest", (struct span){0}, (struct span){0}, call->as_of,
                    NODES_MOST, &row, &count, call->arena, err))
        return false;
    for (size_t i = 0; i < count; i++)
        if (!put_attest(call, &row[i], &list, err))
            return false;
    json_set(out, "attests", list, call->arena);
    return true;
}

/* What keeps this node's witness from cosigning. */
static void put_witness(struct api_call *call, struct json *out)
{
    struct json frozen = json_object();
    uint64_t size;

    if (!node_settings(call->node)->witness[0])
        return;
    json_set_integer(out, "waits_for", node_waits_for(call->node), call->arena);
    if (!node_frozen(call->node, call->head.origin, &size))
        return;
    json_set_integer(&frozen, "size", (int64_t)size, call->arena);
    json_set_integer(&frozen, "beyond",
                     call->head.size > size ? (int64_t)(call->head.size - size) : 0, call->arena);
    json_set(out, "frozen", frozen, call->arena);
}

bool nodes_answer(struct api_call *call, struct err *err)
{
    struct json out = json_object();

    json_set(&out, "name", json_text(node_settings(call->node)->name), call->arena);
    json_set_integer(&out, "keeps", node_keeps(call->node), call->arena);
    json_set(&out, "contacts", contacts(call), call->arena);
    put_outbox(call, &out);
    put_witness(call, &out);
    json_set(&out, "externals", externals(call), call->arena);
    return put_witnesses(call, &out, err) && put_attests(call, &out, err) &&
           api_answer_json(call, &out);
}

/* --- GET /api/entries/{index}/effects --- */

static bool root_at(void *context, uint64_t size, struct hash *out, struct err *err)
{
    struct api_call *call = context;
    struct merkle tree;

    if (!merkle_load(&tree, size, log_reader_hash, call->log, err))
        return false;
    *out = merkle_root(&tree);
    return true;
}

static void put_hash(struct api_call *call, struct json *out, const char *name, struct hash hash)
{
    char hex[2 * HASH_BYTES + 1];

    hex_text(hex, hash_span(&hash));
    json_set_string(out, name, arena_copy(call->arena, span_of(hex)), call->arena);
}

static bool check_published(const struct api_call *call, uint64_t index, struct err *err)
{
    return index < call->size ||
           err_set(err, ERR_MISSING, "entry %" PRIu64 " is not published: there are %" PRIu64,
                   index, call->size);
}

/* What an entry did, computed again: to compare where two nodes part. */
bool effects_answer(struct api_call *call, struct err *err)
{
    uint64_t index = (uint64_t)call->in_path.integer;
    struct applier_lookup rows = {.reader = index > 0 ? call->reader : NULL, .as_of = index - 1};
    struct register_lookup lookup;
    struct register_entry entry = {.index = index};
    struct effects effects;
    struct json out = json_object(), list;
    struct hash before, digest;

    if (!check_published(call, index, err))
        return false;
    rows.root = root_at;
    rows.root_context = call;
    lookup = applier_lookup(&rows);
    if (!api_entry(call, index, &entry.bytes, err) ||
        !applier_digest_at(&before, call->reader, index, err) ||
        !applier_compute(&effects, &digest, &before, &lookup, &entry, call->arena, err) ||
        !json_parse_canonical(&list, register_effects_bytes(&effects, call->arena), call->arena,
                              err))
        return false;
    json_set_integer(&out, "index", (int64_t)index, call->arena);
    put_hash(call, &out, "digest", digest);
    json_set(&out, "effects", list, call->arena);
    return api_answer_json(call, &out);
}

/* --- GET /api/entries/{index}/digest --- */

bool digest_answer(struct api_call *call, struct err *err)
{
    uint64_t index = (uint64_t)call->in_path.integer;
    struct json out = json_object();
    struct hash digest, root;

    if (!check_published(call, index, err) || !store_digest(call->reader, index, &digest, err) ||
        !root_at(call, index + 1, &root, err))
        return false;
    json_set_integer(&out, "index", (int64_t)index, call->arena);
    put_hash(call, &out, "digest", digest);
    put_hash(call, &out, "root", root);
    return api_answer_json(call, &out);
}
