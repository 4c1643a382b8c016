#include "sim/inside.h"

#include "journal/log_reader.h"
#include "store/store.h"
#include "sync/accuse.h"
#include "sync/gather.h"

/* The end: everything is mended, everybody has time, and it is looked at closely. */

#define ROUNDS 150u
#define ROUND_MS 5000
#define CALM 3u   /* rounds in which all is quiet, */
#define STUCK 20u /* or nothing happens: longer than anybody waits before the next attempt, */
#define SLOW 6u   /* and then as long as a clock may have been set back */
#define SLOW_ROUND_MS 60000

static void mend(struct sim *sim)
{
    struct instance *instance;

    sim->rough = false;
    succession_end(sim);
    sim->late_count = 0;
    memset(sim->cut, 0, sizeof sim->cut);
    for (size_t i = 0; (instance = instance_at(sim, i)) != NULL; i++) {
        bool broken = instance->hurt;

        instance->full = false;
        disk_sim_fill(instance->disk, false);
        if (broken)
            instance_crash(instance);
    }
}

/* A liar that ends by itself has had its chance. */
static void bring_up(struct sim *sim, bool liars)
{
    struct instance *instance;
    struct err err = {0};

    for (size_t i = 0; (instance = instance_at(sim, i)) != NULL; i++)
        if (!instance->node && (liars || sim_is_honest(sim, instance->org)) &&
            !instance_start(instance, &err) && sim_is_honest(sim, instance->org))
            sim_broken(sim, "node %zu does not start again: %s", instance->org, err.text);
}

/* --- whether all is quiet --- */

static bool in_log(struct instance *instance, const char *id, bool *out)
{
    struct store_reader *reader = NULL;
    struct arena arena = {0};
    struct span row = {0};
    struct err err = {0};
    bool ok = store_reader_open(node_store(instance->node), &reader, &err) &&
              store_get(reader, "record", span_of(id), STORE_LATEST, &row, NULL, &arena, &err);

    *out = ok && row.at;
    store_reader_close(reader);
    arena_free(&arena);
    return ok;
}

/* A file of its outbox has it. */
static bool in_outbox(struct instance *instance, struct span note)
{
    struct arena arena = {0};
    struct disk_entry *entry;
    struct err err = {0};
    struct span file;
    bool found = false;
    size_t count;

    if (!disk_list(instance->disk, "outbox", &entry, &count, &arena, &err))
        count = 0;
    for (size_t i = 0; i < count && !found; i++)
        found = disk_read(instance->disk, entry[i].path, 1u << 20, &file, &arena, &err) &&
                memmem(file.at, file.len, note.at, note.len);
    arena_free(&arena);
    return found;
}

/* The heads of all honest nodes. */
static struct hash heads(struct sim *sim)
{
    struct hash all = {0};

    for (size_t org = 0; org < ORGS; org++) {
        const struct instance *instance = &sim->org[org].instance[0];
        struct span of[] = {hash_span(&all), hash_span(&instance->note)};

        if (sim_is_honest(sim, org))
            all = hash_of_parts(of, ARRAY_LEN(of));
    }
    return all;
}

/* One log everywhere, and all records in it; if not, why. */
static const char *what_is_missing(struct sim *sim)
{
    struct hash root = {0};
    bool first = true, there;

    for (size_t org = 0; org < ORGS; org++) {
        struct instance *instance = &sim->org[org].instance[0];
        struct journal_head head;

        if (!sim_is_honest(sim, org))
            continue;
        if (!instance->node)
            return arena_printf(&sim->working, "node %zu is down", org);
        journal_head(node_journal(instance->node), &head, &sim->working);
        if (!first && !hash_equal(root, head.checkpoint.root))
            return arena_printf(&sim->working, "node %zu holds another log", org);
        root = head.checkpoint.root;
        first = false;
    }
    for (size_t i = 0; i < sim->taken_count; i++)
        if (!in_log(&sim->org[sim->taken[i].org].instance[0], sim->taken[i].id, &there) || !there)
            return arena_printf(&sim->working, "record %.8s of node %zu is not in the log",
                                sim->taken[i].id, sim->taken[i].org);
    return NULL;
}

/* For whoever reads the history: where a node stands, and what it says of the others. */
static void tell(struct instance *instance)
{
    struct sim *sim = instance->sim;
    struct node_contact contact;
    struct journal_head head;
    const struct outbox_item *item;
    size_t count;

    journal_head(node_journal(instance->node), &head, &sim->working);
    sim_say(sim, "node %zu.%zu holds %" PRIu64 " entries of %s", instance->org, instance->side,
            head.checkpoint.size, head.checkpoint.origin);
    for (size_t n = 0; node_contact(instance->node, n, &contact); n++)
        if (contact.problem[0])
            sim_say(sim, "  of %s: %s", contact.peer->name, contact.problem);
    outbox_list(node_outbox(instance->node), 0, 100, &item, &count, &sim->working);
    for (size_t n = 0; n < count; n++)
        sim_say(sim, "  %.8s by %s is %s: %s", item[n].id, item[n].by,
                outbox_state_word(item[n].state), item[n].reason);
}

static void tell_all(struct sim *sim)
{
    struct instance *instance;

    for (size_t i = 0; (instance = instance_at(sim, i)) != NULL; i++)
        if (instance->node)
            tell(instance);
}

void sim_heal(struct sim *sim)
{
    struct instance *instance;
    unsigned calm = 0, same = 0;
    const char *missing = NULL;

    sim_say(sim, "all is mended");
    mend(sim);
    for (unsigned round = 0; round < ROUNDS && calm < CALM && same < STUCK; round++) {
        struct hash before = heads(sim);

        arena_reset(&sim->working);
        sim->now_ms += same < SLOW ? ROUND_MS : SLOW_ROUND_MS;
        bring_up(sim, round < 4);
        for (size_t i = 0; (instance = instance_at(sim, i)) != NULL; i++)
            if (instance->node) {
                instance_turn(instance);
                succession_look(instance);
            }
        missing = what_is_missing(sim);
        calm = missing ? 0 : calm + 1;
        same = hash_equal(before, heads(sim)) ? same + 1 : 0;
    }
    if (missing)
        sim_say(sim, "it does not come to rest: %s", missing);
    else
        sim_say(sim, "all is quiet");
    if (missing)
        tell_all(sim);
    sim->calm = calm == CALM;
}

/* --- what has become of it --- */

static void judge_taken(struct sim *sim)
{
    for (size_t i = 0; i < sim->taken_count; i++) {
        const struct taken *taken = &sim->taken[i];
        struct instance *instance = &sim->org[taken->org].instance[0];
        bool there = false;

        if (!instance->node || !in_log(instance, taken->id, &there))
            sim_broken(sim, "node %zu cannot be asked", taken->org);
        else if (!there && !in_outbox(instance, taken->note))
            sim_broken(sim, "record %.8s that node %zu took in is lost", taken->id, taken->org);
    }
}

/* A proof, from what an honest node holds, that convinces a stranger. */
static bool proves(struct instance *instance, const char *kind, struct span a, struct span b,
                   struct err *err)
{
    struct sim *sim = instance->sim;
    struct arena *arena = &sim->working;
    struct accuser accuser = {0};
    struct journal_head head;
    struct proven proven;
    struct span file;

    journal_head(node_journal(instance->node), &head, arena);
    accuser.note = head.note;
    bool ok = log_reader_open(&accuser.log, instance->disk, head.checkpoint.size, err) &&
              accuse(&file, &proven, &accuser, kind, a, b, arena, err) &&
              misbehaviour_verify(&proven, file, sim->id, arena, err);
    log_reader_close(accuser.log);
    return ok;
}

struct held { /* what a node holds that may be evidence */
    const char *path;
    struct span bytes;
};

static bool begins(const struct held *held, const char *prefix)
{
    return strncmp(held->path, prefix, strlen(prefix)) == 0;
}

static bool ends(const struct held *held, const char *suffix)
{
    return span_ends_with(span_of(held->path), span_of(suffix));
}

/* The proof that was made when it came. */
static bool has_proof(const struct held *held, size_t count, const struct held *note)
{
    for (size_t i = 0; i < count; i++)
        if (ends(&held[i], ".split") &&
            strncmp(held[i].path, note->path, strlen("evidence/") + 64) == 0)
            return true;
    return false;
}

/* Beside the log, or beside what else was kept: of a term that has ended the log's own checkpoint
 * is none. */
static bool splits(struct instance *instance, const struct held *held, size_t count, size_t which,
                   struct err *err)
{
    struct err unproven;

    if (has_proof(held, count, &held[which]) || /* which is verified in its turn */
        proves(instance, "split", held[which].bytes, (struct span){0}, err))
        return true;
    for (size_t i = 0; i < count; i++)
        if (i != which && !begins(&held[i], "evidence/promise-") && !ends(&held[i], ".split") &&
            !begins(&held[i], "terms/opening") &&
            proves(instance, "split", held[which].bytes, held[i].bytes, &unproven))
            return true;
    return false;
}

static bool is_proven(struct instance *instance, const struct held *held, size_t count,
                      size_t which)
{
    struct sim *sim = instance->sim;
    struct proven proven;
    struct err err = {0};
    bool ok;

    if (ends(&held[which], ".split"))
        ok = misbehaviour_verify(&proven, held[which].bytes, sim->id, &sim->working, &err);
    else if (begins(&held[which], "evidence/promise-"))
        ok = proves(instance, "promise", held[which].bytes, (struct span){0}, &err);
    else
        ok = splits(instance, held, count, which, &err);
    if (!ok)
        sim_say(sim, "no proof at node %zu by %s: %s", instance->org, held[which].path, err.text);
    return ok;
}

static size_t list_held(struct instance *instance, const char *folder, struct held *out,
                        size_t room)
{
    struct arena *arena = &instance->sim->working;
    struct disk_entry *entry;
    struct err err = {0};
    size_t count, n = 0;

    if (!disk_list(instance->disk, folder, &entry, &count, arena, &err))
        return 0;
    for (size_t i = 0; i < count && n < room; i++) {
        out[n].path = entry[i].path;
        n += disk_read(instance->disk, entry[i].path, 1u << 20, &out[n].bytes, arena, &err);
    }
    return n;
}

static unsigned proofs_at(struct instance *instance)
{
    struct held held[256];
    size_t evidence = list_held(instance, "evidence", held, 200);
    size_t count = evidence + list_held(instance, "terms", held + evidence, 56);
    unsigned found = 0;

    for (size_t i = 0; i < evidence; i++) {
        found += is_proven(instance, held, count, i);
        /* Those at the end of a term and beyond lapse without blame (doc/format.md §7.5). */
        if (begins(&held[i], "evidence/promise-") && succession_one_log(instance->sim))
            sim_broken(instance->sim, "node %zu holds %s against an honest keeper", instance->org,
                       held[i].path);
    }
    instance->sim->out->evidence += (unsigned)evidence;
    instance->sim->out->proofs += found;
    return found;
}

/* Whether two honest nodes hold logs that do not extend each other. */
static bool honest_differ(struct sim *sim)
{
    struct arena *arena = &sim->working;

    for (size_t a = 0; a < ORGS; a++) {
        struct journal_head head;
        struct log_reader *log = NULL;
        struct merkle tree;
        struct err err = {0};

        if (!sim_is_honest(sim, a))
            continue;
        journal_head(node_journal(sim->org[a].instance[0].node), &head, arena);
        for (size_t b = 0; b < ORGS; b++) {
            struct journal_head other;
            bool same = true;

            if (!sim_is_honest(sim, b))
                continue;
            journal_head(node_journal(sim->org[b].instance[0].node), &other, arena);
            if (other.checkpoint.size < head.checkpoint.size || head.checkpoint.size == 0)
                continue;
            if (log_reader_open(&log, sim->org[b].instance[0].disk, other.checkpoint.size, &err) &&
                merkle_load(&tree, head.checkpoint.size, log_reader_hash, log, &err))
                same = hash_equal(merkle_root(&tree), head.checkpoint.root);
            log_reader_close(log);
            log = NULL;
            if (!same)
                return true;
        }
    }
    return false;
}

/* --- what is on display at an honest node --- */

static bool ask_nodes(struct instance *instance, struct json *out)
{
    struct arena *arena = &instance->sim->working;
    struct http_request request = {.method = "GET", .path = SPAN_LIT("/api/nodes"), .arena = arena};
    struct http_response response = {0};
    struct err err = {0};

    api_handle(instance->api, &request, &response);
    return json_parse(out, response.body, arena, &err);
}

static const struct json *named(const struct json *list, const char *name)
{
    for (size_t i = 0; list && i < list->array.count; i++)
        if (span_is(json_get_string(&list->array.at[i], "name", (struct span){0}), name))
            return &list->array.at[i];
    return NULL;
}

static bool shows_problem(struct instance *instance, size_t org)
{
    struct json nodes;
    const struct json *contact;

    if (!ask_nodes(instance, &nodes))
        return false;
    contact = named(json_get(&nodes, "contacts"), instance->sim->org[org].node.name);
    return contact && json_get(contact, "problem");
}

static bool shows_no_line(struct instance *instance, size_t org)
{
    struct json nodes;
    const struct json *witness;

    if (!ask_nodes(instance, &nodes))
        return false;
    witness = named(json_get(&nodes, "witnesses"), instance->sim->org[org].witness.name);
    return witness && !json_get(witness, "cosigned_ms");
}

/* Some node attests that it offered the record. */
static bool shows_offered(struct instance *instance, const char *id)
{
    struct json nodes;

    if (!ask_nodes(instance, &nodes))
        return false;
    const struct json *attests = json_get(&nodes, "attests");
    for (size_t i = 0; attests && i < attests->array.count; i++) {
        const struct json *offered = json_get(&attests->array.at[i], "offered");

        for (size_t n = 0; offered && n < offered->array.count; n++)
            if (span_is(json_get_string(&offered->array.at[n], "id", (struct span){0}), id))
                return true;
    }
    return false;
}

/* A record that the keeper passes over, and that its carrier can bring to nobody else. */
static void judge_ignored(struct sim *sim, const struct taken *taken)
{
    bool there = false;

    if (taken->author != IGNORED || !in_log(&sim->org[taken->org].instance[0], taken->id, &there) ||
        there)
        return;
    for (size_t i = 0; i < ORGS; i++)
        if (sim_is_honest(sim, i) && !shows_offered(&sim->org[i].instance[0], taken->id)) {
            sim_broken(sim, "record %.8s of node %zu is passed over, and node %zu does not show it",
                       taken->id, taken->org, i);
            return;
        }
    sim->out->passed_over++;
}

static void judge_all_ignored(struct sim *sim)
{
    const struct org *keeper = &sim->org[sim->term[succession_present(sim)].keeper];
    bool ignores = keeper->lie == LIE_IGNORES && keeper->instance[0].node;

    for (size_t i = 0; ignores && i < sim->taken_count; i++)
        judge_ignored(sim, &sim->taken[i]);
}

static bool anybody(struct sim *sim, size_t about,
                    bool (*shows)(struct instance *instance, size_t org))
{
    for (size_t i = 0; i < ORGS; i++)
        if (sim_is_honest(sim, i) && shows(&sim->org[i].instance[0], about))
            return true;
    return false;
}

static bool has_kept(const struct sim *sim, size_t org)
{
    for (size_t i = 0; i < sim->terms; i++)
        if (sim->term[i].opened && sim->term[i].keeper == org)
            return true;
    return false;
}

static void judge_lie(struct sim *sim, size_t org, unsigned proofs)
{
    enum lie lie = sim->org[org].lie;

    if (proofs > 0 && has_kept(sim, org) &&
        (lie == LIE_SPLIT || lie == LIE_PUT_BACK || lie == LIE_ROTS))
        sim->out->found++;
    else if (anybody(sim, org, shows_problem) || anybody(sim, org, shows_no_line))
        sim->out->shown++;
    else if (lie == LIE_SIGNS_NONE)
        sim_broken(sim, "node %zu cosigns nothing, and nobody shows it", org);
    else
        sim->out->harmless++;
}

static void judge_lies(struct sim *sim)
{
    unsigned proofs = 0;

    for (size_t i = 0; i < ORGS; i++)
        if (sim_is_honest(sim, i))
            proofs += proofs_at(&sim->org[i].instance[0]);
    if (succession_one_log(sim) && proofs > 0)
        sim_broken(sim, "an honest keeper is proven to have signed two logs");
    if (honest_differ(sim) && proofs == 0)
        sim_broken(sim, "honest nodes hold two logs, and none has the proof");
    judge_all_ignored(sim);
    for (size_t i = 0; i < ORGS; i++)
        if (!sim_is_honest(sim, i))
            judge_lie(sim, i, proofs);
}

static void judge_rest(struct sim *sim)
{
    struct instance *instance;
    struct journal_head head = {0};

    for (size_t i = 0; (instance = instance_at(sim, i)) != NULL; i++) {
        if (!instance->node)
            continue;
        watch_all(instance);
        if (sim_is_honest(sim, instance->org))
            journal_head(node_journal(instance->node), &head, &sim->working);
        if (head.checkpoint.size > sim->out->entries)
            sim->out->entries = head.checkpoint.size;
    }
}

void sim_judge(struct sim *sim)
{
    if (sim->out->broken[0])
        return;
    if (!sim->calm && sim->options->liars == 0)
        sim_broken(sim, "everything is mended, and it does not come to rest");
    judge_rest(sim);
    judge_taken(sim);
    if (!sim->out->broken[0])
        judge_lies(sim);
}
