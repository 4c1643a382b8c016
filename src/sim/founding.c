#include "sim/inside.h"

#include "codec/hex.h"
#include "journal/log_keys.h"
#include "record/kind.h"

#include <stdio.h>
#include <stdlib.h>

/* The agreement of the seven, by real records; their keys; and what authors report. */

static const char *const names[ORGS] = {"party/a",    "party/b",    "mediator/c", "mediator/d",
                                        "observer/e", "observer/f", "observer/g"};

static const char terms[] =
    "{\"agreement\":{\"entries\":\"public\",\"max_gap_ms\":3600000,\"name\":\"" AGREEMENT
    "\",\"no_move\":\"c1\",\"quorum\":5,\"rules\":1},\"clause\":[{\"id\":\"c1\"}],"
    "\"organisation\":[{\"id\":\"party/a\"},{\"id\":\"party/b\"},{\"id\":\"mediator/c\"},"
    "{\"id\":\"mediator/d\"},{\"id\":\"observer/e\"},{\"id\":\"observer/f\"},{\"id\":\"observer/"
    "g\"}],"
    "\"role\":[{\"id\":\"monitor\",\"may\":[\"open_incident\",\"report\",\"claim\",\"link\","
    "\"withdraw\"]}]}";

const struct mission sim_mission = {
    .names = names, .terms = terms, .roots = ROOTS, .authors = AUTHORS};

static void must(bool ok, const struct err *err)
{
    if (ok)
        return;
    fprintf(stderr, "%s\n", err->text);
    abort();
}

void sim_make_key(struct sim *sim, struct note_signer *out, uint8_t type, const char *name)
{
    uint8_t seed[SIGN_SEED_BYTES];

    for (size_t i = 0; i < sizeof seed; i++)
        seed[i] = (uint8_t)sim_chance(sim);
    note_signer_make(out, span_of(name), type, seed);
}

static void make_keys(struct sim *sim)
{
    for (size_t i = 0; i < ORGS; i++) {
        struct org *org = &sim->org[i];
        struct {
            struct note_signer *signer;
            uint8_t type;
            const char *job;
        } keys[] = {{&org->node, NOTE_TYPE_ED25519, "node"},
                    {&org->witness, NOTE_TYPE_COSIGNATURE, "witness"},
                    {&org->root.signer, NOTE_TYPE_ED25519, "root"},
                    {&org->author.signer, NOTE_TYPE_ED25519, "author"}};

        snprintf(org->name, sizeof org->name, "%s", sim->mission->names[i]);
        for (size_t k = 0; k < ARRAY_LEN(keys); k++)
            sim_make_key(sim, keys[k].signer, keys[k].type,
                         arena_printf(&sim->arena, "%s/%s", org->name, keys[k].job));
    }
    succession_plan(sim, KEEPER);
    sim->term[0].opened = true;
}

static struct span make_part(struct sim *sim, struct json *body, const struct json *part,
                             struct arena *arena)
{
    uint8_t salt[PART_SALT_BYTES];

    for (size_t i = 0; i < sizeof salt; i++)
        salt[i] = (uint8_t)sim_chance(sim);
    return part_make(body, salt, json_bytes(part, arena), arena);
}

struct submission sim_sign(struct sim *sim, struct signs *by, const char *kind,
                           const struct json *flat, struct arena *arena)
{
    struct submission out = {0};
    struct kind_fields fields;
    struct record record;
    struct err err = {0};
    struct record_draft draft = {.agreement = SPAN_LIT(AGREEMENT),
                                 .kind = kind,
                                 .version = 1,
                                 .by = span_of(by->signer.name),
                                 .seq = by->seq + 1,
                                 .prev = arena_copy(arena, span_of(by->seq ? by->prev : sim->id)),
                                 .seen_root = merkle_empty(),
                                 .said_at_ms = sim->now_ms};

    must(kind_split(kind_find(span_of(kind), 1), flat, TIER_PUBLIC, &fields, arena, &err), &err);
    draft.body = fields.entry;
    if (fields.part[TIER_PUBLIC].object.count > 0) {
        struct span *stored = ARENA_NEW(arena, struct span);

        *stored = make_part(sim, &draft.body, &fields.part[TIER_PUBLIC], arena);
        out.part = stored;
        out.part_count = 1;
    }
    must(record_sign(&out.note, &draft, &by->signer, arena, &err) &&
             record_parse(&record, out.note, arena, &err),
         &err);
    by->seq++;
    memcpy(by->prev, record.id_text, sizeof by->prev);
    return out;
}

/* --- entry 0 and what follows it --- */

static struct json vkey(const struct note_signer *signer, struct arena *arena)
{
    struct note_key key = note_signer_key(signer);

    return json_text(note_key_text(&key, arena));
}

static void add_member(struct json *list, const struct org *org, const struct note_signer *signer,
                       struct arena *arena)
{
    struct json member = json_object();

    json_set(&member, "key", vkey(signer, arena), arena);
    json_set(&member, "org", json_text(org->name), arena);
    json_push(list, member, arena);
}

static struct json pieces(const struct sim *sim, struct arena *arena)
{
    struct json list = json_array(), piece = json_object();
    struct hash sum = hash_of(span_of(sim->mission->terms));
    char hex[2 * HASH_BYTES + 1];

    hex_text(hex, hash_span(&sum));
    json_set(&piece, "file", json_text("agreement.toml"), arena);
    json_set_integer(&piece, "n", 1, arena);
    json_set_string(&piece, "sha256", arena_copy(arena, span_of(hex)), arena);
    json_push(&list, piece, arena);
    return list;
}

static struct submission adopt(struct sim *sim, struct arena *arena)
{
    struct json body = json_object();
    struct json roots = json_array(), nodes = json_array(), witnesses = json_array();

    for (size_t i = 0; i < ORGS; i++) {
        const struct org *org = &sim->org[i];

        if (i < sim->mission->roots)
            add_member(&roots, org, &org->root.signer, arena);
        add_member(&nodes, org, &org->node, arena);
        add_member(&witnesses, org, &org->witness, arena);
    }
    json_set(&body, "name", json_text(AGREEMENT), arena);
    json_set(&body, "origin", json_text(sim->term[0].log.name), arena);
    json_set(&body, "log_key", vkey(&sim->term[0].log, arena), arena);
    json_set(&body, "promise_key", vkey(&sim->term[0].promise, arena), arena);
    json_set(&body, "operator", json_text(sim->org[KEEPER].node.name), arena);
    json_set(&body, "roots", roots, arena);
    json_set(&body, "nodes", nodes, arena);
    json_set(&body, "witnesses", witnesses, arena);
    json_set_integer(&body, "quorum", QUORUM, arena);
    json_set_integer(&body, "rules", 1, arena);
    json_set(&body, "pieces", pieces(sim, arena), arena);
    struct signs *first = &sim->org[0].root;
    struct submission out = sim_sign(sim, first, "agreement.adopt", &body, arena);
    memcpy(sim->id, first->prev, sizeof sim->id);
    return out;
}

static struct submission piece(struct sim *sim, struct arena *arena)
{
    struct json body = json_object();

    json_set(&body, "content", json_text(sim->mission->terms), arena);
    json_set(&body, "file", json_text("agreement.toml"), arena);
    json_set_integer(&body, "n", 1, arena);
    return sim_sign(sim, &sim->org[0].root, "agreement.part", &body, arena);
}

static struct submission concur(struct sim *sim, size_t org, struct arena *arena)
{
    struct json body = json_object();

    json_set(&body, "agreement", json_text(sim->id), arena);
    return sim_sign(sim, &sim->org[org].root, "agreement.concur", &body, arena);
}

static struct submission admit(struct sim *sim, size_t org, struct arena *arena)
{
    struct json body = json_object();

    json_set(&body, "key", vkey(&sim->org[org].author.signer, arena), arena);
    json_set(&body, "job", json_text("author"), arena);
    json_set(&body, "org", json_text(sim->org[org].name), arena);
    json_set(&body, "role", json_text("monitor"), arena);
    return sim_sign(sim, &sim->org[org].root, "member.admit", &body, arena);
}

static void submit_all(struct sim *sim)
{
    struct submission some[2 + 2 * ORGS];
    struct answer answers[ARRAY_LEN(some)];
    struct arena *arena = &sim->arena;
    struct err err = {0};
    size_t n = 0;

    some[n++] = adopt(sim, arena);
    some[n++] = piece(sim, arena);
    for (size_t i = 0; i < sim->mission->roots; i++)
        some[n++] = concur(sim, i, arena);
    for (size_t i = 0; i < sim->mission->authors; i++)
        some[n++] = admit(sim, i, arena);
    must(node_submit(sim->org[KEEPER].instance[0].node, some, n, answers, arena, &err), &err);
    for (size_t i = 0; i < n; i++)
        must(answers[i].kind == ANSWER_LOGGED, &answers[i].why);
}

/* --- the nodes --- */

static void settle_peers(const struct sim *sim, struct settings *settings, size_t self)
{
    for (size_t i = 0; i < ORGS; i++) {
        if (i == self)
            continue;
        struct settings_peer *peer = &settings->peer[settings->peer_count++];

        snprintf(peer->name, sizeof peer->name, "%s/node", sim->mission->names[i]);
        snprintf(peer->url, sizeof peer->url, "http://node.invalid/%zu", i);
    }
}

static struct disk *make_disk(struct sim *sim, size_t org)
{
    struct settings settings = {.agreement = AGREEMENT};
    struct log_keys keys = {.count = 1};
    struct disk *disk;
    struct err err = {0};

    keys.at[0] = note_signer_key(&sim->term[0].log);
    snprintf(settings.name, sizeof settings.name, "%s/node", sim->mission->names[org]);
    snprintf(settings.witness, sizeof settings.witness, "%s/witness", sim->mission->names[org]);
    if (org == KEEPER) {
        snprintf(settings.origin, sizeof settings.origin, "%s", sim->term[0].log.name);
        snprintf(settings.promise, sizeof settings.promise, "%s", sim->term[0].promise.name);
    }
    settle_peers(sim, &settings, org);
    must(disk_sim_open(&disk, sim_chance(sim)), &err);
    must(settings_write(&settings, disk, &err) && log_keys_write(&keys, disk, &err), &err);
    return disk;
}

void sim_found(struct sim *sim)
{
    struct err err = {0};

    must(sign_start(), &err);
    make_keys(sim);
    for (size_t i = 0; i < ORGS; i++) {
        instance_begin(sim, i, 0, make_disk(sim, i));
        must(instance_start(&sim->org[i].instance[0], &err), &err);
    }
    submit_all(sim);
}

/* --- what authors say --- */

static struct json a_time(const struct sim *sim, struct arena *arena)
{
    struct json time = json_object();

    json_set_integer(&time, "at_ms", sim->now_ms - 3600000, arena);
    json_set(&time, "basis", json_text("watch"), arena);
    json_set_integer(&time, "offset_min", 300, arena);
    json_set_integer(&time, "uncertainty_ms", 900000, arena);
    return time;
}

static struct submission incident(struct sim *sim, size_t author, struct arena *arena)
{
    struct signs *by = &sim->org[author].author;
    struct json body = json_object();

    json_set(&body, "title", json_text("Shelling near the northern crossing"), arena);
    json_set(&body, "start", a_time(sim, arena), arena);
    struct submission out = sim_sign(sim, by, "incident.open", &body, arena);
    memcpy(sim->incident[sim->incidents++ % ARRAY_LEN(sim->incident)], by->prev, sizeof by->prev);
    return out;
}

struct submission sim_report(struct sim *sim, size_t author, struct arena *arena)
{
    struct json body = json_object();
    size_t known =
        sim->incidents < ARRAY_LEN(sim->incident) ? sim->incidents : ARRAY_LEN(sim->incident);

    if (known == 0 || sim_one_in(sim, 5))
        return incident(sim, author, arena);
    json_set(&body, "incident",
             json_text(arena_printf(arena, "%s", sim->incident[sim_below(sim, known)])), arena);
    json_set(&body, "type", json_text("shelling"), arena);
    json_set(&body, "means", json_text("heard"), arena);
    json_set(&body, "start", a_time(sim, arena), arena);
    json_set(&body, "summary", json_text("Impacts heard north of the crossing."), arena);
    return sim_sign(sim, &sim->org[author].author, "incident.report", &body, arena);
}
