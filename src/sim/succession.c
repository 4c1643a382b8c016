#include "sim/inside.h"

#include "base/reader.h"
#include "codec/hex.h"
#include "ledger/statement.h"
#include "store/store.h"

/*
 * How people hand the log over, as doc/handover.md tells them: they silence whoever keeps it, let
 * the others meet, freeze, and the next opens its term; when the one before comes back, they do
 * what it says. They are no better at it than people are: they freeze before all are level, begin
 * again, are cut short, and leave one node that still hears the old keeper.
 */

#define TRIES 10u /* before they begin again, towards another */
#define HANDED_OVER "the log was handed over at size "

void succession_plan(struct sim *sim, size_t keeper)
{
    struct term *term = &sim->term[sim->terms++];
    size_t number = sim->terms;

    *term = (struct term){.keeper = keeper};
    sim_make_key(sim, &term->log, NOTE_TYPE_ED25519,
                 arena_printf(&sim->arena, "%s/term/%zu", AGREEMENT, number));
    sim_make_key(sim, &term->promise, NOTE_TYPE_ED25519,
                 arena_printf(&sim->arena, "%s/promise/%zu", sim->org[keeper].name, number));
}

size_t succession_find(const struct sim *sim, struct span origin)
{
    size_t i = 0;

    while (i < sim->terms && !span_is(origin, sim->term[i].log.name))
        i++;
    return i;
}

size_t succession_present(const struct sim *sim)
{
    size_t present = 0;

    for (size_t i = 0; i < sim->terms; i++)
        if (sim->term[i].opened)
            present = i;
    return present;
}

/* The size from which on a term, or what it came of, was left for the one that there is. */
static uint64_t left_at(const struct sim *sim, size_t term)
{
    uint64_t left = UINT64_MAX;

    for (size_t now = succession_present(sim); now != term;)
        if (now > term) {
            left = sim->term[now].start;
            now = sim->term[now].after;
        } else { /* nobody went on from it */
            left = sim->term[term].start < left ? sim->term[term].start : left;
            term = sim->term[term].after;
        }
    return left;
}

bool succession_is_beyond(const struct sim *sim, size_t term, uint64_t size)
{
    return size > left_at(sim, term);
}

bool succession_is_honest(const struct sim *sim, size_t term)
{
    enum lie lie = sim->org[sim->term[term].keeper].lie;

    return lie != LIE_SPLIT && lie != LIE_PUT_BACK && lie != LIE_ROTS;
}

bool succession_one_log(const struct sim *sim)
{
    for (size_t i = 0; i < sim->terms; i++)
        if (sim->term[i].opened && !succession_is_honest(sim, i))
            return false;
    return true;
}

void succession_opened(struct sim *sim, size_t term)
{
    sim->term[term].opened = true;
    sim->handover.begun = false;
    sim->out->handed_over++;
    sim_say(sim, "term %zu is open, from %" PRIu64 " on, kept by %zu", term + 1,
            sim->term[term].start, sim->term[term].keeper);
}

/* --- silencing --- */

static void go_down(struct instance *instance, bool in_order)
{
    if (in_order)
        instance_stop(instance);
    else
        instance_crash(instance);
    instance->stays = true;
}

static void silence(struct sim *sim, size_t org)
{
    struct org *old = &sim->org[org];
    size_t how = sim_below(sim, 4);

    if (old->lie == LIE_GOES_ON) {
        old->away = AWAY_DEAF;
        sim_say(sim, "%zu does not want to hear of a hand-over", org);
    } else if (how < 2) {
        old->away = AWAY_ALONE;
        old->companion = how ? ORGS : sim_below(sim, ORGS);
        sim_say(sim, "%zu is left alone", org);
    } else {
        for (size_t side = 0; side < 2; side++)
            if (old->instance[side].disk)
                go_down(&old->instance[side], how == 2);
        sim_say(sim, "%zu is stopped", org);
    }
}

static void come_back(struct sim *sim, size_t org)
{
    struct org *old = &sim->org[org];

    if (old->away == AWAY_ALONE)
        old->away = AWAY_NOT;
    for (size_t side = 0; side < 2; side++)
        old->instance[side].stays = false;
}

/* Whether a quorum is in the present term. */
static bool have_followed(struct sim *sim)
{
    struct journal_head head;
    size_t count = 0;

    for (size_t i = 0; i < ORGS; i++) {
        if (!sim->org[i].instance[0].node)
            continue;
        journal_head(node_journal(sim->org[i].instance[0].node), &head, &sim->working);
        count += succession_find(sim, span_of(head.checkpoint.origin)) == succession_present(sim);
    }
    return count >= QUORUM;
}

static void begin(struct sim *sim)
{
    size_t old = sim->term[succession_present(sim)].keeper, next = sim_below(sim, ORGS);

    if (next == old || sim->terms == TERMS || (!have_followed(sim) && !sim_one_in(sim, 8)))
        return;
    sim->handover = (struct handover){.begun = true, .next = next};
    succession_plan(sim, next);
    sim_say(sim, "the log is to be kept by %zu, as term %zu", next, sim->terms);
    silence(sim, old);
}

/* --- freezing --- */

static bool take_note(struct sim *sim, size_t org, struct span note)
{
    struct handover *h = &sim->handover;
    struct statement statement;
    struct err err = {0};

    if (!statement_parse(&statement, note, &sim->arena, &err))
        return false;
    h->size[org] = (uint64_t)json_get_integer(&statement.members, "size", 0);
    if (!hex_parse(h->root[org].bytes, HASH_BYTES,
                   json_get_string(&statement.members, "root", (struct span){0})))
        return false;
    h->note[org] = note;
    sim_say(sim, "%zu freezes at %" PRIu64, org, h->size[org]);
    return true;
}

/* What another signed, whatever it holds itself. */
static void freeze_as_another(struct sim *sim, size_t org)
{
    struct handover *h = &sim->handover;
    size_t other = sim_below(sim, ORGS);
    struct statement statement;
    struct err err = {0};

    if (h->note[other].len > 0 && statement_parse(&statement, h->note[other], &sim->arena, &err))
        (void)take_note(sim, org,
                        statement_sign(span_of(AGREEMENT), "freeze", &statement.members,
                                       &sim->org[org].node, &sim->arena));
}

static void freeze(struct sim *sim, size_t org)
{
    struct instance *instance = &sim->org[org].instance[0];
    const struct term *term = &sim->term[sim->terms - 1];
    struct note_key log = note_signer_key(&term->log), promise = note_signer_key(&term->promise);
    struct span note;
    struct err err = {0};

    if (!instance->node || sim->handover.note[org].len > 0)
        return;
    if (sim->org[org].lie == LIE_SIGNS_ALL) {
        freeze_as_another(sim, org);
        return;
    }
    if (node_freeze(instance->node, &log, &promise, &note, &sim->arena, &err)) {
        (void)take_note(sim, org, note);
        return;
    }
    sim_say(sim, "%zu does not freeze: %s", org, err.text);
    if (err.kind == ERR_IO)
        instance_crash(instance);
}

/* Of the nodes that are up, how many hold the same as this one. */
static size_t level_with(struct sim *sim, size_t org)
{
    struct journal_head head, other;
    size_t count = 0;

    journal_head(node_journal(sim->org[org].instance[0].node), &head, &sim->working);
    for (size_t i = 0; i < ORGS; i++) {
        if (!sim->org[i].instance[0].node)
            continue;
        journal_head(node_journal(sim->org[i].instance[0].node), &other, &sim->working);
        count += hash_equal(head.checkpoint.root, other.checkpoint.root);
    }
    return count;
}

static void freeze_some(struct sim *sim)
{
    bool patient = !sim_one_in(sim, 10);
    size_t old = sim->term[succession_present(sim)].keeper;

    for (size_t i = 0; i < ORGS; i++)
        if (i != old && sim->org[i].instance[0].node &&
            (!patient || level_with(sim, i) >= QUORUM) && !sim_one_in(sim, 8))
            freeze(sim, i);
}

/* --- opening --- */

/* The notes of a quorum that are of one text; 0: there are none. */
static size_t one_text(const struct sim *sim, struct span out[ORGS], size_t *of)
{
    const struct handover *h = &sim->handover;

    for (size_t i = 0; i < ORGS; i++) {
        size_t count = 0;

        for (size_t k = 0; h->note[i].len > 0 && k < ORGS; k++)
            if (h->note[k].len > 0 && h->size[k] == h->size[i] &&
                hash_equal(h->root[k], h->root[i]))
                out[count++] = h->note[k];
        *of = i;
        if (count >= QUORUM)
            return count;
    }
    return 0;
}

static void take_over(struct instance *instance, const struct span *note, size_t count,
                      struct hash root)
{
    struct sim *sim = instance->sim;
    struct term *term = &sim->term[sim->terms - 1];
    struct note_key log = note_signer_key(&term->log), promise = note_signer_key(&term->promise);
    struct journal_head head;
    struct err err = {0};

    if (!instance->node || strcmp(node_settings(instance->node)->origin, log.name) == 0)
        return;
    journal_head(node_journal(instance->node), &head, &sim->working);
    if (!hash_equal(head.checkpoint.root, root)) {
        sim_say(sim, "node %zu.%zu does not hold what was frozen", instance->org, instance->side);
        return;
    }
    sim_say(sim, "node %zu.%zu takes over", instance->org, instance->side);
    term->after = succession_find(sim, span_of(head.checkpoint.origin));
    term->start = head.checkpoint.size;
    bool ok = node_take_over(instance->node, &log, &promise, note, count, &sim->working, &err);
    if (!ok)
        sim_say(sim, "it does not: %s", err.text);
    if (!ok && sim_is_honest(sim, instance->org) && !instance->hurt)
        sim_broken(sim, "node %zu opens no term with the notes of a quorum: %s", instance->org,
                   err.text);
    if (!ok && err.kind == ERR_IO)
        instance_crash(instance);
    else
        instance_restart(instance);
}

static void open_term(struct sim *sim)
{
    struct handover *h = &sim->handover;
    struct span note[ORGS];
    size_t of, count = one_text(sim, note, &of);

    if (count > 0) {
        for (size_t side = 0; side < 2; side++) /* a liar's two open it each for itself */
            if (sim->org[h->next].instance[side].disk)
                take_over(&sim->org[h->next].instance[side], note, count, h->root[of]);
    } else if (++h->tries >= TRIES && sim->terms < TERMS) {
        sim_say(sim, "they begin again");
        h->begun = false;
        begin(sim);
    }
}

void succession_step(struct sim *sim)
{
    struct instance *instance;

    for (size_t i = 0; (instance = instance_at(sim, i)) != NULL; i++)
        succession_look(instance);
    if (sim->handover.begun) {
        freeze_some(sim);
        open_term(sim);
    } else if (sim->out->handed_over < sim->options->handovers && sim_one_in(sim, 3)) {
        begin(sim);
    }
    for (size_t i = 0; i < ORGS; i++)
        if (i != sim->term[succession_present(sim)].keeper && sim_one_in(sim, 6))
            come_back(sim, i);
}

/* --- the old keeper, and who went on with it --- */

/* Where a directory moves, all of it does at once. */
static bool move(void *context, const char *what, struct err *err)
{
    struct instance *instance = context;
    struct sim *sim = instance->sim;
    struct disk *disk = instance->disk;
    struct arena *arena = &sim->working;
    struct disk_entry *entry;
    struct span bytes;
    size_t count;

    if (sim_one_in(sim, 12))
        return err_set(err, ERR_IO, "cut short before %s", what);
    if (!disk_list(disk, "", &entry, &count, arena, err))
        return false;
    for (size_t i = 0; i < count; i++) {
        struct span path = span_of(entry[i].path), rest = path, first;
        char *folder = arena_text(arena, path);

        if (!(span_is(path, what) || (span_cut(&rest, '/', &first) && span_is(first, what))))
            continue;
        char *slash = strrchr(folder, '/');
        *(slash ? slash : folder) = '\0';
        const char *to = arena_printf(arena, "aside/%" PRId64 "/%s", sim->now_ms, entry[i].path);
        if (!disk_read(disk, entry[i].path, 1u << 24, &bytes, arena, err) ||
            !disk_replace(disk, to, bytes, true, err) || !disk_remove(disk, entry[i].path, err) ||
            !disk_sync_directory(disk, folder, err))
            return false;
    }
    return true;
}

/* As often as it is cut short. The machine is put in order before. */
static void set_aside(struct instance *instance, uint64_t size)
{
    struct sim *sim = instance->sim;
    struct err err = {0};
    uint64_t records = 0;
    bool ok = false;

    instance->full = false;
    if (instance->hurt)
        instance_crash(instance);
    else
        instance_stop(instance);
    for (unsigned i = 0; i < 20 && !ok; i++) {
        const struct node_aside world = {
            .disk = instance->disk, .now_ms = sim->now_ms, .move = move, .context = instance};

        err = (struct err){0};
        ok = node_set_aside_in(&world, size, &records, &err) || err.kind == ERR_USAGE;
        if (!ok)
            sim_say(sim, "node %zu.%zu, setting aside: %s", instance->org, instance->side,
                    err.text);
    }
    sim_say(sim, "node %zu.%zu sets aside what is beyond %" PRIu64 ": %" PRIu64 " records",
            instance->org, instance->side, size, records);
    if (!ok && sim_is_honest(sim, instance->org))
        sim_broken(sim, "node %zu cannot set aside: %s", instance->org, err.text);
    sim->out->set_aside++;
    store_close(instance->store);
    instance->store = NULL;
    instance->now_ms = 0;
    instance->now_size = 0;
    instance->note = (struct hash){0};
}

bool succession_set_aside(struct instance *instance, const char *said)
{
    const char *at = strstr(said, HANDED_OVER);
    struct span number;
    uint64_t size;

    if (!at)
        return false;
    at += strlen(HANDED_OVER);
    number = span_make(at, strcspn(at, " "));
    if (!decimal_parse(&size, number, UINT64_MAX))
        return false;
    set_aside(instance, size);
    instance_restart(instance);
    return true;
}

/* A term that was opened, and for which another was in the end: nobody follows from it into that.
 * People know it, and say where the log goes on. */
static bool leave_superseded(struct instance *instance)
{
    struct sim *sim = instance->sim;
    struct journal_head head;
    size_t present = succession_present(sim), term, now = present;

    journal_head(node_journal(instance->node), &head, &sim->working);
    term = succession_find(sim, span_of(head.checkpoint.origin));
    while (now > term)
        now = sim->term[now].after;
    if (term == sim->terms || !sim->term[term].opened || now == term)
        return false;
    set_aside(instance, left_at(sim, term));
    instance_restart(instance);
    return true;
}

void succession_look(struct instance *instance)
{
    struct node_contact contact;

    if (instance->node && leave_superseded(instance))
        return;
    for (size_t n = 0; instance->node && node_contact(instance->node, n, &contact); n++)
        if (succession_set_aside(instance, contact.problem))
            return;
}

void succession_end(struct sim *sim)
{
    for (size_t i = 0; i < ORGS; i++)
        come_back(sim, i);
}
