#include "sim/inside.h"

#include "base/limits.h"
#include "base/reader.h"
#include "journal/submission.h"
#include "ledger/cosignature.h"
#include "ledger/proof.h"
#include "node/author.h"
#include "node/settings.h"

#include <stdio.h>
#include <stdlib.h>

/* What organisations do that they should not, each with its own keys and no others. */

#define FLOOD 8u /* ticks at once */

static const char *const words[LIES] = {"honest",
                                        "shows two logs",
                                        "cosigns everything",
                                        "cosigns nothing",
                                        "ignores an author",
                                        "serves garbage",
                                        "floods with ticks",
                                        "is put back from an old copy",
                                        "has a disk that rots",
                                        "goes on after its term"};

const char *sim_lie_word(enum lie lie)
{
    return words[lie];
}

bool sim_is_honest(const struct sim *sim, size_t org)
{
    return sim->org[org].lie == LIE_NONE;
}

/* --- answers --- */

/* Whatever it is: without a look at what it holds or has signed before. */
static bool sign_all(struct instance *to, const struct instance *from, struct call *call,
                     struct arena *arena)
{
    const struct note_signer *witness = &to->sim->org[to->org].witness;
    struct reader r = reader_over(call->body);
    struct merkle_proof proof;
    struct note note;
    struct err err = {0};
    struct buf line = buf_in(arena, 1000);

    (void)from;
    if (strcmp(call->path, "/add-checkpoint") != 0)
        return false;
    reader_expect(&r, "old ");
    (void)reader_decimal_line(&r, LIMIT_TREE_SIZE);
    proof_read_hashes(&r, &proof);
    if (!note_parse(&note, reader_take(&r, reader_left(&r)), arena, &err))
        return false;
    cosignature_put_line(&line, note.text, (uint64_t)to->sim->now_ms / 1000, witness, arena);
    call->status = 200;
    call->reply = buf_span(&line);
    return true;
}

static bool names_ignored(const struct sim *sim, struct span body, struct arena *arena)
{
    const char *name = sim->org[IGNORED].author.signer.name;
    struct submission *submission;
    struct record record;
    struct err err = {0};
    size_t count;

    if (!submission_parse(&submission, &count, body, arena, &err))
        return false;
    for (size_t i = 0; i < count; i++)
        if (record_parse(&record, submission[i].note, arena, &err) && span_is(record.by, name))
            return true;
    return false;
}

static bool ignore(struct instance *to, const struct instance *from, struct call *call,
                   struct arena *arena)
{
    (void)from;
    if (strcmp(call->path, "/submit") != 0 || !names_ignored(to->sim, call->body, arena))
        return false;
    call->status = 503;
    return true;
}

/* To those of one side, so that the others have what it keeps from them. */
static bool serve_garbage(struct instance *to, const struct instance *from, struct call *call,
                          struct arena *arena)
{
    struct sim *sim = to->sim;
    char tile[] = "/tile/";

    if (sim->org[from->org].view == 0 || strncmp(call->path, tile, strlen(tile)) != 0)
        return false;
    size_t len = 1 + sim_below(sim, 1000);
    uint8_t *bytes = arena_alloc(arena, len);
    for (size_t i = 0; i < len; i++)
        bytes[i] = (uint8_t)sim_chance(sim);
    call->status = 200;
    call->reply = span_make(bytes, len);
    return true;
}

typedef bool answers(struct instance *to, const struct instance *from, struct call *call,
                     struct arena *arena);
static answers *const answer_of[LIES] = {
    [LIE_SIGNS_ALL] = sign_all, [LIE_IGNORES] = ignore, [LIE_GARBAGE] = serve_garbage};

bool liar_answer(struct instance *to, const struct instance *from, struct call *call,
                 struct arena *arena)
{
    answers *lie = answer_of[to->sim->org[to->org].lie];

    return lie && lie(to, from, call, arena);
}

/* --- beginning --- */

static void try_start(struct instance *instance)
{
    struct err err = {0};

    if (!instance_start(instance, &err))
        sim_say(instance->sim, "node %zu.%zu does not start: %s", instance->org, instance->side,
                err.text);
}

static void begin_split(struct instance *instance)
{
    struct instance *other = &instance->sim->org[instance->org].instance[1];

    instance_begin(instance->sim, instance->org, 1, disk_sim_copy(instance->disk));
    try_start(other);
}

static void begin_silence(struct instance *instance)
{
    struct settings *settings = calloc(1, sizeof *settings);
    struct err err = {0};

    instance_stop(instance);
    if (!settings || !settings_read(settings, instance->disk, &err))
        abort();
    settings->witness[0] = '\0';
    if (!settings_write(settings, instance->disk, &err))
        abort();
    free(settings);
    try_start(instance);
}

static void begin_copy(struct instance *instance)
{
    instance->backup = disk_sim_copy(instance->disk);
}

static void (*const begin_of[LIES])(struct instance *instance) = {[LIE_SPLIT] = begin_split,
                                                                  [LIE_SIGNS_NONE] = begin_silence,
                                                                  [LIE_PUT_BACK] = begin_copy,
                                                                  [LIE_ROTS] = begin_copy};

void liar_begin(struct sim *sim)
{
    for (size_t i = 0; i < ORGS; i++)
        if (begin_of[sim->org[i].lie])
            begin_of[sim->org[i].lie](&sim->org[i].instance[0]);
}

/* --- now and then --- */

/* Each of the same checkpoint, which is published and may have a quorum or none. */
static void flood(struct instance *instance)
{
    struct author *author;
    struct checkpoint checkpoint;
    struct json body = json_object();
    struct span note;
    struct answer reply;
    struct submission tick;
    struct err err = {0};
    struct arena *arena = &instance->sim->working;
    char id[65];

    if (!instance->node || !node_checkpoint(instance->node, &checkpoint, &note, arena, &err) ||
        !author_open(&author, instance->node, instance->sim->org[instance->org].node.name, &err))
        return;
    json_set_string(&body, "checkpoint", note, arena);
    for (size_t i = 0; i < FLOOD; i++)
        if (author_sign(author, "clock.tick", &body, &tick, id, arena, &err))
            (void)!node_submit(instance->node, &tick, 1, &reply, arena, &err);
    author_close(author);
    sim_say(instance->sim, "node %zu floods", instance->org);
}

static void put_back(struct instance *instance)
{
    if (sim_one_in(instance->sim, 2)) {
        disk_close(instance->backup);
        instance->backup = disk_sim_copy(instance->disk);
        return;
    }
    sim_say(instance->sim, "node %zu is put back", instance->org);
    instance_put_back(instance, disk_sim_copy(instance->backup));
    try_start(instance);
}

static bool may_rot(const struct disk_entry *entry)
{
    return entry->size > 0 && strcmp(entry->path, "sulh.toml") != 0 &&
           strcmp(entry->path, "log.vkey") != 0;
}

static void rot(struct instance *instance)
{
    struct sim *sim = instance->sim;
    struct disk_entry *entry;
    struct err err = {0};
    struct disk *disk = disk_sim_copy(instance->disk);
    size_t count;

    if (!disk_list(disk, "", &entry, &count, &sim->working, &err))
        abort();
    size_t which = sim_below(sim, count);
    if (may_rot(&entry[which])) {
        sim_say(sim, "node %zu: %s rots", instance->org, entry[which].path);
        disk_sim_rot(disk, entry[which].path, sim_chance(sim));
    }
    instance_put_back(instance, disk);
    try_start(instance);
    if (!instance->node) {
        instance_put_back(instance, disk_sim_copy(instance->backup));
        try_start(instance);
    }
}

static const struct {
    void (*act)(struct instance *instance);
    size_t one_in; /* steps */
} act_of[LIES] = {
    [LIE_FLOODS] = {flood, 20}, [LIE_PUT_BACK] = {put_back, 40}, [LIE_ROTS] = {rot, 40}};

void liar_step(struct sim *sim, size_t org)
{
    enum lie lie = sim->org[org].lie;

    if (act_of[lie].act && sim_one_in(sim, act_of[lie].one_in))
        act_of[lie].act(&sim->org[org].instance[0]);
}
