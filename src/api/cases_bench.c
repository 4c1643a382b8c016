#include "api/views.h"
#include "codec/hex.h"
#include "journal/bench.h"
#include "ledger/merkle.h"
#include "register/register.h"
#include "register/test_log.h"

/*
 * What a move costs among a thousand cases, and among many more (CASES=1000000; 20,000 unless
 * that says): register, digest, views and store with its commits. The two are measured move by
 * move in turn, so that what else the machine does falls on both. Signatures are not made, and
 * taken to hold. Every case has an incident, a triage, a notice and two clocks that run; the
 * cases that are moved lie far apart, and the stores are opened anew before they are.
 */

#define FEW 1000u
#define MANY 20000u
#define ROOM 2000000u
#define MOVED 1000u       /* cases taken through each move, in each round */
#define IN_COMMIT 50u     /* moves that share a commit, as on a node that has much to do */
#define FILL_CASES 50000u /* in a commit while it fills */

struct signer {
    const char *name;
    uint64_t seq;
    struct hash last;
};

struct cases {
    struct test_log log; /* the agreement, and who is admitted */
    struct store *store;
    struct store_tx *tx;
    struct applier applier;
    char path[200];
    uint64_t size;
    struct signer signer[3];
    struct hash *incident; /* of each case */
    size_t count;
    struct hash task[MOVED]; /* of the cases that are moved */
    struct arena arena;      /* of one commit */
};

enum who { MISSION, NORTH, SOUTH };

/* No record here has seen anything. */
static bool no_root(void *context, uint64_t size, struct hash *out, struct err *err)
{
    (void)context;
    (void)err;
    assert(size == 0);
    *out = merkle_empty();
    return true;
}

/* --- the store --- */

static void open_store(struct cases *c)
{
    struct err err = {0};

    must(store_open(&c->store, arena_printf(&c->arena, "sqlite:%s/store.db", c->path), &err), &err);
}

static void begin(struct cases *c)
{
    struct err err = {0};

    must(store_begin(c->store, &c->tx, &err), &err);
}

static void commit(struct cases *c)
{
    struct err err = {0};

    must(store_commit(&c->tx, &err), &err);
    arena_reset(&c->arena);
}

static void apply(struct cases *c, struct span note)
{
    const struct register_entry entry = {.index = c->size, .bytes = note, .author_verified = true};
    struct effects effects;
    struct arena arena = {0};
    struct err err = {0};

    must(applier_apply(&c->applier, c->tx, &entry, &effects, &arena, &err), &err);
    if (effects.verdict != VERDICT_HOLDS) {
        fprintf(stderr, "entry %" PRIu64 ", %.*s: %.*s\n", c->size, SPAN_ARG(effects.kind),
                SPAN_ARG(effects.why));
        exit(1);
    }
    c->size++;
    arena_free(&arena);
}

/* --- records --- */

static const char *hex_of(struct cases *c, const struct hash *hash)
{
    char *text = arena_alloc(&c->arena, 2 * HASH_BYTES + 1);

    hex_text(text, hash_span(hash));
    return text;
}

/* Its next record, with nothing where the signature would be; its id in *out_id. */
static struct span note_of(struct cases *c, enum who who, const char *kind, const char *body,
                           struct hash *out_id)
{
    static const uint8_t nothing[SIGN_SIGNATURE_BYTES];
    struct signer *signer = &c->signer[who];
    struct buf note = buf_in(&c->arena, 65536);
    struct err err = {0};
    struct span text;
    struct record_draft draft = {
        .agreement = SPAN_LIT(TEST_AGREEMENT),
        .kind = kind,
        .version = 1,
        .by = span_of(signer->name),
        .seq = ++signer->seq,
        .prev = span_of(hex_of(c, &signer->last)),
        .seen_root = merkle_empty(),
        .said_at_ms = 1760000000000,
    };

    must(json_parse(&draft.body, span_of(body), &c->arena, &err), &err);
    must(record_text(&text, &draft, &c->arena, &err), &err);
    signer->last = *out_id = hash_of(text);
    buf_put(&note, text);
    buf_byte(&note, '\n');
    note_put_line(&note, draft.by, 0, span_make(nothing, sizeof nothing));
    return buf_span(&note);
}

/* --- filling it --- */

#define TRIAGE                                                                                     \
    "{\"accused\":[\"north\",\"south\"],\"act\":\"shelling\",\"case\":\"%s\",\"grade\":"           \
    "\"grave\",\"modalities\":1,\"outcome\":\"open\"}"

static void take_up(struct cases *c)
{
    struct hash *incident = &c->incident[c->count++], unused;

    apply(c, note_of(c, MISSION, "incident.open", "{}", incident));
    const char *id = hex_of(c, incident);
    apply(c, note_of(c, MISSION, "case.triage", arena_printf(&c->arena, TRIAGE, id), &unused));
    apply(c, note_of(c, MISSION, "case.notify", arena_printf(&c->arena, "{\"case\":\"%s\"}", id),
                     &unused));
}

static void fill(struct cases *c, size_t count)
{
    uint64_t start = clock_ticks_ns();
    size_t before = c->count;

    while (c->count < count) {
        begin(c);
        for (size_t i = 0; i < FILL_CASES && c->count < count; i++) {
            take_up(c);
            if (c->count % 1000 == 0)
                arena_reset(&c->arena);
        }
        commit(c);
    }
    line(arena_printf(&c->arena, "taking up %zu cases", count - before),
         (double)(count - before) / seconds_since(start), "cases/s");
}

/* --- moves --- */

static const struct {
    const char *name, *kind;
    enum who who;
    const char *of, *says; /* whose id it gives, and what else */
} moves[] = {
    {"reply of one", "case.reply", NORTH, "case", "\"answer\":\"denies\","},
    {"reply of the other", "case.reply", SOUTH, "case", "\"answer\":\"justifies\","},
    {"task", "case.task", MISSION, "case", ""},
    {"verification", "case.verify", MISSION, "task", "\"result\":\"seen\","},
    {"mark", "case.mark", MISSION, "case", "\"side\":\"unsafe\","},
    {"publication", "case.publish", MISSION, "case", "\"tier\":\"parties\","},
    {"close", "case.close", MISSION, "case", "\"reason\":\"not_pursued\","},
    {"reopen", "case.reopen", MISSION, "case", "\"reason\":\"error\","},
};

struct cost {
    double wall_us, cpu_us; /* of one */
};

/* One move in every one of the cases that lie so far apart. */
static struct cost move_all(struct cases *c, size_t move, size_t step)
{
    struct span note[IN_COMMIT];
    struct cost cost = {0};
    struct hash id;

    for (size_t i = 0; i < MOVED; i += IN_COMMIT) {
        for (size_t k = 0; k < IN_COMMIT; k++) {
            bool of_task = strcmp(moves[move].of, "task") == 0;
            const struct hash *of = of_task ? &c->task[i + k] : &c->incident[(i + k) * step];
            const char *body = arena_printf(&c->arena, "{%s\"%s\":\"%s\"}", moves[move].says,
                                            moves[move].of, hex_of(c, of));

            note[k] = note_of(c, moves[move].who, moves[move].kind, body, &id);
            if (strcmp(moves[move].kind, "case.task") == 0)
                c->task[i + k] = id;
        }
        struct stopwatch start = {clock_ticks_ns(), cpu_ns()};
        begin(c);
        for (size_t k = 0; k < IN_COMMIT; k++)
            apply(c, note[k]);
        commit(c);
        cost.wall_us += (double)(clock_ticks_ns() - start.wall_ns) / 1e3;
        cost.cpu_us += (double)(cpu_ns() - start.cpu_ns) / 1e3;
    }
    return (struct cost){cost.wall_us / MOVED, cost.cpu_us / MOVED};
}

/* --- the run --- */

static void begin_log(struct cases *c)
{
    static const char *const names[] = {"mission/desk", "north/desk", "south/desk"};
    const char *above = getenv("TMPDIR");

    snprintf(c->path, sizeof c->path, "%s/sulh-bench-XXXXXX", above ? above : "/var/tmp");
    if (!mkdtemp(c->path)) {
        perror(c->path);
        exit(1);
    }
    test_begin_case(&c->log);
    c->applier = (struct applier){.root = no_root, .view = views_journal()};
    open_store(c);
    begin(c);
    for (uint64_t i = 0; i < c->log.size; i++)
        apply(c, c->log.entry[i]);
    commit(c);
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        const struct test_key *key = test_key(&c->log, names[i]);
        const struct json *agreement = test_row(&c->log, "agreement", "1");
        struct span prev = key->seq ? key->prev : json_get_string(agreement, "id", key->prev);

        c->signer[i] = (struct signer){.name = names[i], .seq = key->seq};
        bool parsed = hex_parse(c->signer[i].last.bytes, HASH_BYTES, prev);
        assert(parsed);
    }
}

static void end_log(struct cases *c)
{
    store_close(c->store);
    const char *command = arena_printf(&c->arena, "rm -r '%s'", c->path);
    if (system(command) != 0)
        perror(command);
    test_log_close(&c->log);
    arena_free(&c->arena);
    free(c->incident);
    free(c);
}

static struct cases *taken_up(size_t count)
{
    struct cases *c = calloc(1, sizeof *c);

    assert(c);
    c->incident = calloc(count, sizeof *c->incident);
    assert(c->incident);
    begin_log(c);
    fill(c, count);
    store_close(c->store);
    open_store(c);
    return c;
}

static void add(struct cost *sum, struct cost one)
{
    sum->wall_us += one.wall_us;
    sum->cpu_us += one.cpu_us;
}

static void compare(struct cases *few, struct cases *many)
{
    struct cost sum[2] = {{0}};

    for (size_t i = 0; i < ARRAY_LEN(moves); i++) {
        struct cost one = move_all(few, i, 1), other = move_all(many, i, many->count / MOVED);

        printf("%-20s %8.1f µs among %zu, %8.1f µs among %zu: %.1f times (%.1f by processor "
               "time)\n",
               moves[i].name, one.wall_us, few->count, other.wall_us, many->count,
               other.wall_us / one.wall_us, other.cpu_us / one.cpu_us);
        fflush(stdout);
        add(&sum[0], one);
        add(&sum[1], other);
    }
    printf("a move among %zu cases costs %.1f times what it costs among %zu (%.1f by processor "
           "time)\n",
           many->count, sum[1].wall_us / sum[0].wall_us, few->count, sum[1].cpu_us / sum[0].cpu_us);
}

int main(void)
{
    const char *asked = getenv("CASES");
    size_t count = asked ? strtoul(asked, NULL, 10) : MANY;

    if (count < FEW || count > ROOM) {
        fprintf(stderr, "CASES is %u to %u\n", FEW, ROOM);
        return 2;
    }
    struct cases *many = taken_up(count), *few = taken_up(FEW);
    compare(few, many);
    end_log(few);
    end_log(many);
    return 0;
}
