#include "node/node.h"

#include "base/test.h"
#include "codec/json.h"
#include "journal/follow.h"
#include "journal/world.h"
#include "ledger/cosignature.h"
#include "sys/disk_sim.h"

#include <stdlib.h>

/* What each answer of a peer leads to, at a node that follows and at one that keeps the log: a
 * peer without the log's key can stop neither. */

#define TERM_1 WORLD_NAME "/term/1"
#define TERM_2 WORLD_NAME "/term/2"
#define FOLLOWER "obs/follower"
#define WITNESS "obs/w0"
#define KEEPER_URL "http://keeper"
#define OTHER_URL "http://other"
#define KEEPER 0u /* places in the settings of the node that follows */
#define OTHER 1u

struct place {
    struct disk *disk;
    struct store *store;
    struct node *node;
};

struct town {
    struct world *world;
    struct note_signer second, follower; /* the log's key of term 2 */
    struct place keeper, follows;
    struct arena arena;
    int64_t now_ms;
    bool keeper_is_silent;
    /* The other peer; empty: it does not answer. */
    int status;
    struct span checkpoint, end;
    unsigned asked;    /* for anything but its checkpoint */
    const char *first; /* of the peers, who was asked for anything else first */
};

static void must(bool ok, const struct err *err)
{
    if (ok)
        return;
    fprintf(stderr, "%s\n", err->text);
    abort();
}

/* --- the world --- */

static int64_t town_now(void *context)
{
    return ((struct town *)context)->now_ms;
}

static bool town_key(void *context, const char *name, struct note_signer *out, struct err *err)
{
    const struct town *t = context;
    const struct note_signer witness = world_witness(WITNESS);
    const struct note_signer *const all[] = {&t->world->log,         &t->world->promise,
                                             &t->world->node.signer, &t->second,
                                             &t->follower,           &witness};

    for (size_t i = 0; i < ARRAY_LEN(all); i++)
        if (strcmp(all[i]->name, name) == 0) {
            *out = *all[i];
            return true;
        }
    return err_set(err, ERR_MISSING, "no key %s", name);
}

static void put_file(struct place *place, const char *path, const char *text)
{
    struct err err = {0};

    must(disk_replace(place->disk, path, span_of(text), true, &err), &err);
}

static void give_answer(struct call *call, int status, struct span reply)
{
    call->answered = status != 0;
    call->status = status;
    call->reply = reply;
    if (!call->answered)
        err_set(&call->err, ERR_IO, "no answer");
}

static void keeper_answers(struct town *t, struct call *call, struct arena *in)
{
    const char *path = arena_printf(in, "log%s", call->path);
    struct span bytes = {0};
    struct err gone = {0};
    bool there = disk_read(t->keeper.disk, path, call->limit, &bytes, in, &gone);

    give_answer(call, t->keeper_is_silent ? 0 : there ? 200 : 404, bytes);
}

static void other_answers(struct town *t, struct call *call)
{
    bool is_checkpoint = strcmp(call->path, "/checkpoint") == 0;
    bool is_end = strncmp(call->path, "/term/", 6) == 0 && t->end.len > 0;

    t->asked += !is_checkpoint;
    if (is_checkpoint)
        give_answer(call, t->status, t->checkpoint);
    else
        give_answer(call, is_end ? 200 : 404, is_end ? t->end : (struct span){0});
}

static void town_run(void *context, struct call *calls, size_t count, unsigned patience_ms,
                     bool (*enough)(void *context), void *enough_context, struct arena *in)
{
    struct town *t = context;

    (void)patience_ms;
    (void)enough;
    (void)enough_context;
    for (size_t i = 0; i < count; i++) {
        bool is_keeper = strcmp(calls[i].url, KEEPER_URL) == 0;

        if (!t->first && strcmp(calls[i].path, "/checkpoint") != 0)
            t->first = is_keeper ? KEEPER_URL : OTHER_URL;
        if (is_keeper)
            keeper_answers(t, &calls[i], in);
        else
            other_answers(t, &calls[i]);
    }
}

/* --- the nodes --- */

static void open_place(struct town *t, struct place *place)
{
    const struct node_world world = {.disk = place->disk,
                                     .store = place->store,
                                     .clock = {town_now, t},
                                     .key = town_key,
                                     .context = t};
    const struct transport transport = {town_run, t};
    struct err err = {0};

    must(node_open_in(&place->node, &world, NULL, &err) &&
             node_meet(place->node, &transport, &transport, &err),
         &err);
}

static void make_place(struct town *t, struct place *place, const char *settings)
{
    struct span vkey = world_vkey(&t->world->log, &t->arena);
    struct err err = {0};

    must(disk_sim_open(&place->disk, 1) && store_open(&place->store, "memory:", &err), &err);
    put_file(place, "sulh.toml", settings);
    put_file(place, "log.vkey", arena_printf(&t->arena, "%.*s\n", SPAN_ARG(vkey)));
    open_place(t, place);
}

static void close_place(struct place *place)
{
    node_close(place->node);
    store_close(place->store);
    disk_close(place->disk);
}

static const char *keeper_settings(struct town *t, const char *origin)
{
    return arena_printf(&t->arena,
                        "[node]\nagreement = \"" WORLD_NAME "\"\nname = \"obs/node\"\n[log]\n"
                        "origin = \"%s\"\npromise = \"obs/promise\"\n"
                        "[[peer]]\nname = \"obs/other\"\nurl = \"" OTHER_URL "\"\n",
                        origin);
}

static void submit(struct town *t, struct node *node, const struct submission *one, size_t count)
{
    struct answer answer[WORLD_START];
    struct err err = {0};

    must(node_submit(node, one, count, answer, &t->arena, &err), &err);
    for (size_t i = 0; i < count; i++)
        assert_int_equal(answer[i].kind, ANSWER_LOGGED);
}

static bool turn_later(struct town *t, struct node *node, int64_t ms, struct err *err)
{
    t->now_ms += ms;
    return node_turn(node, err);
}

static struct town *town_make(void)
{
    static const char follower[] =
        "[node]\nagreement = \"" WORLD_NAME "\"\nname = \"" FOLLOWER "\"\nwitness = \"" WITNESS
        "\"\n[[peer]]\nname = \"obs/node\"\nurl = \"" KEEPER_URL
        "\"\n[[peer]]\nname = \"obs/other\"\nurl = \"" OTHER_URL "\"\n";
    struct town *t = calloc(1, sizeof *t);
    struct submission start[WORLD_START];
    struct err err = {0};

    assert(t);
    t->world = world_new(1);
    world_key(t->world, &t->second, TERM_2);
    world_key(t->world, &t->follower, FOLLOWER);
    t->now_ms = t->world->now_ms + 60000;
    make_place(t, &t->keeper, keeper_settings(t, TERM_1));
    world_start(t->world, start, &t->arena);
    submit(t, t->keeper.node, start, WORLD_START);
    must(node_turn(t->keeper.node, &err), &err);
    make_place(t, &t->follows, follower);
    must(node_turn(t->follows.node, &err), &err);
    return t;
}

static void town_end(struct town *t)
{
    close_place(&t->follows);
    close_place(&t->keeper);
    arena_free(&t->arena);
    free(t->world);
    free(t);
}

static struct checkpoint head_of(struct town *t, struct node *node)
{
    struct journal_head head;

    journal_head(node_journal(node), &head, &t->arena);
    return head.checkpoint;
}

static size_t evidence(struct town *t, struct place *place)
{
    struct disk_entry *entry;
    size_t count;
    struct err err = {0};

    must(disk_list(place->disk, "evidence", &entry, &count, &t->arena, &err), &err);
    return count;
}

/* --- what is shown --- */

static struct span sign(struct town *t, const char *origin, int64_t more, bool true_root,
                        const struct note_signer *key)
{
    struct checkpoint checkpoint = head_of(t, t->keeper.node);
    struct buf text = buf_in(&t->arena, LIMIT_CHECKPOINT_BYTES);

    checkpoint.size = (uint64_t)((int64_t)checkpoint.size + more);
    snprintf(checkpoint.origin, sizeof checkpoint.origin, "%s", origin);
    if (!true_root)
        checkpoint.root.bytes[0] ^= 1;
    checkpoint_put(&text, &checkpoint);
    return note_sign(buf_span(&text), key, &t->arena);
}

enum signer { LOG, SECOND, STRANGER };

static struct span sign_by(struct town *t, const char *origin, int64_t more, bool true_root,
                           enum signer by)
{
    struct note_signer stranger = t->follower;

    snprintf(stranger.name, sizeof stranger.name, "%s", origin);
    return sign(t, origin, more, true_root,
                by == LOG      ? &t->world->log
                : by == SECOND ? &t->second
                               : &stranger);
}

struct wanted {
    const char *problem; /* a piece of it; NULL: none */
    bool charge;
    size_t evidence;
    bool stops;
};

static void check_contact(const char *name, struct town *t, struct place *place, size_t n, bool ok,
                          const struct err *err, const struct wanted *want)
{
    struct node_contact contact;

    CHECK_CASE(name, ok == !want->stops && (ok || err->kind == ERR_CONFLICT));
    CHECK_CASE(name, node_contact(place->node, n, &contact));
    CHECK_CASE(name, (contact.problem[0] != '\0') == (want->problem != NULL));
    CHECK_CASE(name, !want->problem || strstr(contact.problem, want->problem));
    CHECK_CASE(name, json_text_valid(span_of(contact.problem)));
    CHECK_CASE(name, (contact.charge[0] != '\0') == want->charge);
    CHECK_CASE(name, evidence(t, place) == want->evidence);
}

static void test_answers(void **state)
{
    static const struct {
        const char *name;
        int status;
        const char *bytes;  /* NULL: a checkpoint, */
        const char *origin; /* of this */
        int64_t more;       /* entries than there are */
        bool true_root;
        enum signer by;
        const char *end; /* the origin of what it gives as a term's end; NULL: nothing */
        struct wanted at_follower, at_keeper;
    } cases[] = {
        {.name = "no answer",
         .bytes = "",
         .at_follower = {.problem = "no answer"},
         .at_keeper = {.problem = "no answer"}},
        {.name = "none",
         .status = 404,
         .bytes = "",
         .at_follower = {.problem = "answered 404"},
         .at_keeper = {.problem = "answered 404"}},
        {.name = "nothing",
         .status = 200,
         .bytes = "",
         .at_follower = {.problem = "no checkpoint"},
         .at_keeper = {.problem = "no checkpoint"}},
        {.name = "bytes that are no text",
         .status = 200,
         .bytes = "\377\376\200\n1\nx\n\n",
         .at_follower = {.problem = "\"???\""},
         .at_keeper = {.problem = "\"???\""}},
        {.name = "the log's, as it is",
         .status = 200,
         .origin = TERM_1,
         .true_root = true,
         .by = LOG},
        {.name = "signed by a stranger",
         .status = 200,
         .origin = TERM_1,
         .true_root = true,
         .by = STRANGER,
         .at_follower = {.problem = "checkpoint"},
         .at_keeper = {.problem = "checkpoint"}},
        {.name = "another log",
         .status = 200,
         .origin = "other/term/1",
         .by = STRANGER,
         .at_follower = {.problem = "none that is known"},
         .at_keeper = {.problem = "none that is known"}},
        {.name = "another root, signed by the log's key",
         .status = 200,
         .origin = TERM_1,
         .by = LOG,
         .at_follower = {.charge = true, .evidence = 2},
         .at_keeper = {.charge = true, .evidence = 2}},
        {.name = "another root of a part of it",
         .status = 200,
         .origin = TERM_1,
         .more = -3,
         .by = LOG,
         .at_follower = {.charge = true, .evidence = 2},
         .at_keeper = {.charge = true, .evidence = 2}},
        {.name = "more of it than the keeper has",
         .status = 200,
         .origin = TERM_1,
         .more = 1,
         .by = LOG,
         .at_follower = {.problem = "there is none"},
         .at_keeper = {NULL, false, 1, true}},
        {.name = "more of it, signed by a stranger",
         .status = 200,
         .origin = TERM_1,
         .more = 1,
         .by = STRANGER,
         .at_follower = {.problem = "checkpoint"},
         .at_keeper = {.problem = "checkpoint"}},
        {.name = "a next term, and no end of this one",
         .status = 200,
         .origin = TERM_2,
         .by = SECOND,
         .at_follower = {.problem = "there is none"},
         .at_keeper = {.problem = "there is none"}},
        {.name = "a next term, and another log's end",
         .status = 200,
         .origin = TERM_2,
         .by = SECOND,
         .end = "other/term/1",
         .at_follower = {.problem = "another log's"},
         .at_keeper = {.problem = "another log's"}},
        {.name = "a next term, that nothing opens",
         .status = 200,
         .origin = TERM_2,
         .more = 1,
         .by = SECOND,
         .end = TERM_1,
         .at_follower = {.problem = "there is none"},
         .at_keeper = {.problem = "there is none"}},
        {.name = "a next term without an entry",
         .status = 200,
         .origin = TERM_2,
         .by = SECOND,
         .end = TERM_1,
         .at_follower = {.problem = "no entry of its own"},
         .at_keeper = {.problem = "no entry of its own"}},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct town *t = town_make();
        struct err err = {0};

        t->status = cases[i].status;
        t->checkpoint = cases[i].bytes ? span_of(cases[i].bytes)
                                       : sign_by(t, cases[i].origin, cases[i].more,
                                                 cases[i].true_root, cases[i].by);
        if (cases[i].end)
            t->end = sign_by(t, cases[i].end, 0, true,
                             strcmp(cases[i].end, TERM_1) == 0 ? LOG : STRANGER);
        bool ok = turn_later(t, t->follows.node, 5000, &err);
        check_contact(cases[i].name, t, &t->follows, OTHER, ok, &err, &cases[i].at_follower);
        ok = turn_later(t, t->keeper.node, 5000, &err);
        check_contact(cases[i].name, t, &t->keeper, 0, ok, &err, &cases[i].at_keeper);
        town_end(t);
    }
}

/* --- who kept an earlier term --- */

/* The keeper goes on as that of term 2; what opens it does not matter here. */
static void begin_term_2(struct town *t)
{
    struct span one = world_vkey(&t->world->log, &t->arena);
    struct span two = world_vkey(&t->second, &t->arena);
    struct submission opening = world_incident(t->world, &t->arena);
    struct journal_head head;

    journal_head(node_journal(t->keeper.node), &head, &t->arena);
    node_close(t->keeper.node);
    put_file(&t->keeper, "sulh.toml", keeper_settings(t, TERM_2));
    put_file(&t->keeper, "log.vkey",
             arena_printf(&t->arena, "%.*s\n%.*s\n", SPAN_ARG(one), SPAN_ARG(two)));
    put_file(&t->keeper, "terms/1", arena_text(&t->arena, head.note));
    put_file(&t->keeper, "terms/opening", arena_text(&t->arena, opening.note));
    open_place(t, &t->keeper);
}

static void test_old_term(void **state)
{
    static const struct {
        const char *name, *origin;
        int64_t more; /* than the log has with its new term */
        bool true_root;
        enum signer by;
        struct wanted want;
    } cases[] = {
        {"the new term's", TERM_2, 0, true, SECOND, {NULL, false, 0, false}},
        {"more of the new one", TERM_2, 1, false, SECOND, {NULL, false, 1, true}},
        {"the old one goes on beside it", TERM_1, 0, false, LOG, {"has ended", false, 0, false}},
        {"and beyond it", TERM_1, 5, false, LOG, {"has ended", false, 0, false}},
        {"another old one", TERM_1, -1, false, LOG, {NULL, true, 2, false}},
        {"the old key signs the new term", TERM_2, 1, false, LOG, {"checkpoint", false, 0, false}},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct town *t = town_make();
        struct err err = {0};

        begin_term_2(t);
        t->status = 200;
        t->checkpoint = sign_by(t, cases[i].origin, cases[i].more, cases[i].true_root, cases[i].by);
        bool ok = turn_later(t, t->keeper.node, 5000, &err);
        check_contact(cases[i].name, t, &t->keeper, 0, ok, &err, &cases[i].want);
        town_end(t);
    }
}

/* A node that knows what opened term 2 and has nothing of that yet follows nobody further into
 * term 1. */
static void test_ended_term(void **state)
{
    static const struct {
        const char *name;
        int64_t more; /* than where term 1 ended */
        struct wanted want;
    } cases[] = {
        {"as it ended", 0, {NULL, false, 0, false}},
        {"a part of it", -1, {NULL, true, 2, false}}, /* of another root */
        {"and gone on", 1, {"has ended", false, 0, false}},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct town *t = town_make();
        struct note_key second = note_signer_key(&t->second);
        struct journal_head head;
        struct err err = {0};

        journal_head(node_journal(t->follows.node), &head, &t->arena);
        put_file(&t->follows, "terms/1", arena_text(&t->arena, head.note));
        must(follow_term(node_journal(t->follows.node), &second, &err), &err);
        t->status = 200;
        t->checkpoint = sign_by(t, TERM_1, cases[i].more, true, LOG);
        bool ok = turn_later(t, t->follows.node, 5000, &err);
        check_contact(cases[i].name, t, &t->follows, OTHER, ok, &err, &cases[i].want);
        town_end(t);
    }
}

/* Before anything of the term that is known here is followed. */
static void test_next_term_first(void **state)
{
    struct town *t = town_make();
    struct submission more = world_incident(t->world, &t->arena);
    struct err err = {0};

    (void)state;
    submit(t, t->keeper.node, &more, 1);
    must(turn_later(t, t->keeper.node, 1000, &err), &err);
    t->status = 200;
    t->checkpoint = sign_by(t, TERM_2, 1, true, SECOND);
    t->end = sign_by(t, TERM_1, 0, true, LOG);
    t->first = NULL; /* since it was made */
    must(turn_later(t, t->follows.node, 5000, &err), &err);
    assert_non_null(t->first);
    assert_string_equal(t->first, OTHER_URL);
    assert_int_equal(head_of(t, t->follows.node).size, head_of(t, t->keeper.node).size);
    town_end(t);
}

/* --- again and again --- */

/* One checkpoint with ever other lines behind it is one piece of evidence. */
static void test_evidence_is_kept_once(void **state)
{
    struct town *t = town_make();
    struct span note = sign_by(t, TERM_1, -3, false, LOG);
    struct note_signer stranger = t->follower;
    struct err err = {0};

    (void)state;
    t->status = 200;
    for (unsigned i = 0; i < 5; i++) {
        struct buf more = buf_in(&t->arena, note.len + 1000);

        buf_put(&more, note);
        snprintf(stranger.name, sizeof stranger.name, "stranger/%u", i);
        note_put_line(&more, span_of(stranger.name), i, SPAN_LIT("any bytes"));
        t->checkpoint = buf_span(&more);
        must(turn_later(t, t->follows.node, 5000, &err), &err);
        must(turn_later(t, t->keeper.node, 5000, &err), &err);
        assert_int_equal(evidence(t, &t->follows), 2);
        assert_int_equal(evidence(t, &t->keeper), 2);
        struct submission one = world_incident(t->world, &t->arena);
        submit(t, t->keeper.node, &one, 1); /* so that our own checkpoint is another one */
    }
    town_end(t);
}

/* Who shows a term that does not come about is asked for it less and less. */
static void test_fetching_in_vain(void **state)
{
    struct town *t = town_make();
    struct err err = {0};

    (void)state;
    t->status = 200;
    t->checkpoint = sign_by(t, TERM_2, 1, false, SECOND);
    t->keeper_is_silent = true;
    for (unsigned i = 0; i < 200; i++)
        must(turn_later(t, t->follows.node, 500, &err), &err);
    assert_true(t->asked >= 4);
    assert_true(t->asked <= 9); /* in a hundred seconds */
    town_end(t);
}

/* --- freezing --- */

/* A witness that was put back from an old copy learns what it cosigned before it freezes below. */
static void test_freeze_asks_first(void **state)
{
    static const struct {
        const char *name;
        int64_t more; /* entries, of what it cosigned, than it holds */
        bool cosigned, freezes;
    } cases[] = {
        {"what it holds", 0, true, true},
        {"less than it holds", -1, true, true},
        {"more, that others cosigned", 2, false, true},
        {"more, that it cosigned itself", 2, true, false},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct town *t = town_make();
        struct note_signer witness = world_witness(WITNESS);
        struct note_key next_log = note_signer_key(&t->second), promise = next_log;
        struct span note = sign_by(t, TERM_1, cases[i].more, true, LOG), text = note, frozen;
        struct buf lines = buf_in(&t->arena, LIMIT_CHECKPOINT_BYTES);
        struct checkpoint shown;
        struct note parsed;
        struct err err = {0};

        must(note_parse(&parsed, note, &t->arena, &err) &&
                 checkpoint_parse(&shown, parsed.text, &err),
             &err);
        text = parsed.text;
        snprintf(promise.name, sizeof promise.name, "obs/promise/2");
        buf_put(&lines, note);
        if (cases[i].cosigned)
            cosignature_put_line(&lines, text, (uint64_t)t->now_ms / 1000, &witness, &t->arena);
        t->status = 200;
        t->checkpoint = buf_span(&lines);
        bool ok = node_freeze(t->follows.node, &next_log, &promise, &frozen, &t->arena, &err);
        CHECK_CASE(cases[i].name, ok == cases[i].freezes);
        CHECK_CASE(cases[i].name, ok || err.kind == ERR_REFUSED);
        town_end(t);
    }
}

/* --- records at a node that follows --- */

static void test_submission(void **state)
{
    enum what { KNOWN, UNKNOWN, LOGGED, GARBAGE };
    static const struct {
        const char *name;
        enum what what;
        int64_t silent_ms; /* since the keeper answered last */
        enum answer_kind want;
        const char *reason;
    } cases[] = {
        {"a record", KNOWN, 0, ANSWER_LATER, NULL},
        {"a record, out of touch", KNOWN, 60000, ANSWER_LATER, NULL},
        {"of a key that nobody knows", UNKNOWN, 0, ANSWER_REFUSED, "unknown key"},
        {"out of touch that may be known by now", UNKNOWN, 60000, ANSWER_LATER, NULL},
        {"one that is in the log", LOGGED, 0, ANSWER_REPEATED, NULL},
        {"out of touch", LOGGED, 60000, ANSWER_REPEATED, NULL},
        {"no record", GARBAGE, 0, ANSWER_REFUSED, "not a record"},
        {"no record, out of touch", GARBAGE, 60000, ANSWER_REFUSED, "not a record"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct town *t = town_make();
        struct world_signer stranger = {.signer = t->second};
        struct submission logged = world_incident(t->world, &t->arena), one = logged;
        struct json body = json_object();
        struct answer answer;
        struct err err = {0};

        submit(t, t->keeper.node, &logged, 1);
        must(turn_later(t, t->keeper.node, 500, &err), &err);
        must(turn_later(t, t->follows.node, 500, &err), &err);
        json_set(&body, "title", json_text("x"), &t->arena);
        json_set(&body, "start", world_time(t->world, &t->arena), &t->arena);
        if (cases[i].what == KNOWN)
            one = world_incident(t->world, &t->arena);
        if (cases[i].what == UNKNOWN)
            one = world_sign(t->world, &stranger, "incident.open", &body, &t->arena);
        if (cases[i].what == GARBAGE)
            one = (struct submission){.note = SPAN_LIT("x")};
        t->now_ms += cases[i].silent_ms;
        CHECK_CASE(cases[i].name, node_submit(t->follows.node, &one, 1, &answer, &t->arena, &err));
        CHECK_CASE(cases[i].name, answer.kind == cases[i].want);
        CHECK_CASE(cases[i].name, !cases[i].reason || strcmp(answer.reason, cases[i].reason) == 0);
        town_end(t);
    }
}

/* Of a file or more, below that directory. */
static uint64_t bytes_below(struct town *t, const char *directory)
{
    struct disk_entry *entry;
    size_t count;
    uint64_t sum = 0;
    struct err err = {0};

    must(disk_list(t->follows.disk, directory, &entry, &count, &t->arena, &err), &err);
    for (size_t i = 0; i < count; i++)
        sum += entry[i].size;
    return sum;
}

/* Whoever brings a record, be it of the log, brings with it what it names and nothing else. */
static void test_parts_along(void **state)
{
    static const struct {
        const char *name;
        bool logged; /* and its part is owed here */
        enum answer_kind want;
    } cases[] = {
        {"with a new record", false, ANSWER_LATER},
        {"with one that is in the log", true, ANSWER_REPEATED},
    };
    const uint64_t large = LIMIT_SMALL_PART_BYTES + 1;

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct town *t = town_make();
        struct submission one = world_incident(t->world, &t->arena);
        struct span part[3];
        struct answer answer;
        struct err err = {0};

        if (cases[i].logged) {
            submit(t, t->keeper.node, &one, 1);
            must(turn_later(t, t->keeper.node, 500, &err), &err);
            must(turn_later(t, t->follows.node, 500, &err), &err);
        }
        uint8_t *junk = arena_alloc(&t->arena, large);
        memset(junk, 'j', large);
        part[0] = span_make(junk, large);
        part[1] = one.part[0];
        part[2] = span_make(junk, large - 1);
        one.part = part;
        one.part_count = ARRAY_LEN(part);
        CHECK_CASE(cases[i].name, node_submit(t->follows.node, &one, 1, &answer, &t->arena, &err));
        CHECK_CASE(cases[i].name, answer.kind == cases[i].want);
        CHECK_CASE(cases[i].name, bytes_below(t, "parts/large") == 0);
        uint64_t waits = bytes_below(t, "outbox");
        CHECK_CASE(cases[i].name, waits > 0 && waits < large - 1);
        part[0] = part[2] = part[1]; /* once more, in other words */
        CHECK_CASE(cases[i].name, node_submit(t->follows.node, &one, 1, &answer, &t->arena, &err));
        CHECK_CASE(cases[i].name, bytes_below(t, "outbox") == waits);
        town_end(t);
    }
}

/* --- large parts that no record names --- */

#define HOUR_MS INT64_C(3600000)
#define DAY_MS (24 * HOUR_MS)

static struct span large_part(struct town *t)
{
    uint8_t *bytes = arena_alloc(&t->arena, LIMIT_SMALL_PART_BYTES + 1);

    memset(bytes, 'x', LIMIT_SMALL_PART_BYTES + 1);
    return span_make(bytes, LIMIT_SMALL_PART_BYTES + 1);
}

static struct hash keep_large(struct town *t, struct place *place)
{
    struct span stored = large_part(t);
    struct err err = {0};

    must(journal_keep_part(node_journal(place->node), stored, &err), &err);
    return hash_of(stored);
}

static bool is_kept(const struct place *place, const struct hash *stored)
{
    return parts_have(journal_parts(node_journal(place->node)), stored);
}

/* Turns, six hours apart; each has room for a round that reads so small a log. */
static void days_pass(struct town *t, struct place *place, unsigned days)
{
    struct err err = {0};

    for (unsigned i = 0; i < 4 * days; i++) {
        must(turn_later(t, place->node, 6 * HOUR_MS, &err), &err);
        must(turn_later(t, place->node, 100, &err), &err);
    }
}

static void open_again(struct town *t, struct place *place)
{
    node_close(place->node);
    open_place(t, place);
}

/* A report whose medium is that part, brought without it. */
static struct submission naming(struct town *t, const char *kind)
{
    struct world_signer *by = &t->world->author[0];
    struct json body = json_object();
    const struct part part = {.tier = TIER_PUBLIC, .media = SPAN_LIT("image/jpeg")};
    struct record_draft draft = {.agreement = SPAN_LIT(WORLD_NAME),
                                 .kind = kind,
                                 .version = 1,
                                 .by = span_of(by->signer.name),
                                 .seq = by->seq + 1,
                                 .prev = span_of(by->seq ? by->prev : t->world->id),
                                 .seen_root = merkle_empty()};
    struct submission out = {0};
    struct record record;
    struct err err = {0};

    part_put(&body, &part, large_part(t), large_part(t), &t->arena);
    json_set(&body, "type", json_text("shelling"), &t->arena);
    draft.body = body;
    must(record_sign(&out.note, &draft, &by->signer, &t->arena, &err) &&
             record_parse(&record, out.note, &t->arena, &err),
         &err);
    by->seq++;
    memcpy(by->prev, record.id_text, sizeof by->prev);
    return out;
}

static void named_by(struct town *t, struct place *place, const char *kind)
{
    struct submission one = naming(t, kind);

    submit(t, place->node, &one, 1);
}

static void wait_outside(struct town *t, struct place *place)
{
    struct submission one = naming(t, "incident.report");
    struct answer answer;
    struct err err = {0};

    t->keeper_is_silent = true;
    must(node_submit(place->node, &one, 1, &answer, &t->arena, &err), &err);
    assert_int_equal(answer.kind, ANSWER_LATER);
}

enum fate { NOBODYS, NAMED, NAMED_BY_VOID, IN_QUARANTINE, ASKED_FOR, BROUGHT_AGAIN, CARRIED };

static void meet(struct town *t, struct place *place, enum fate fate, const struct hash *stored)
{
    char path[sizeof "quarantine/" + 2 * HASH_BYTES] = "quarantine/";
    uint64_t size;

    hex_text(path + strlen(path), hash_span(stored));
    if (fate == NAMED || fate == NAMED_BY_VOID)
        named_by(t, place, fate == NAMED ? "incident.report" : "no.such");
    if (fate == IN_QUARANTINE)
        put_file(place, path, "x");
    if (fate == ASKED_FOR)
        assert_true(parts_ask(journal_parts(node_journal(place->node)), stored, &size));
    if (fate == BROUGHT_AGAIN)
        keep_large(t, place);
    if (fate == CARRIED)
        wait_outside(t, place);
}

static void test_unnamed_parts(void **state)
{
    static const struct {
        const char *name;
        enum fate fate;
        bool at_follower;
        bool kept; /* after all, for good */
    } cases[] = {
        {"nobody's", NOBODYS, false, false},
        {"nobody's, at a node that follows", NOBODYS, true, false},
        {"a record names it", NAMED, false, true},
        {"a void one", NAMED_BY_VOID, false, true},
        {"a form in quarantine is the same", IN_QUARANTINE, false, true},
        {"it is asked for again", ASKED_FOR, false, false},
        {"it is brought again", BROUGHT_AGAIN, false, false},
        {"a record names it that has not come into the log", CARRIED, true, true},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct town *t = town_make();
        struct place *place = cases[i].at_follower ? &t->follows : &t->keeper;
        bool again = cases[i].fate == ASKED_FOR || cases[i].fate == BROUGHT_AGAIN;
        struct hash stored = keep_large(t, place);

        days_pass(t, place, 20);
        open_again(t, place); /* it is known how long it has waited */
        days_pass(t, place, 9);
        CHECK_CASE(cases[i].name, is_kept(place, &stored));
        meet(t, place, cases[i].fate, &stored);
        days_pass(t, place, 2);
        CHECK_CASE(cases[i].name, is_kept(place, &stored) == (cases[i].kept || again));
        days_pass(t, place, 60);
        CHECK_CASE(cases[i].name, is_kept(place, &stored) == cases[i].kept);
        open_again(t, place);
        CHECK_CASE(cases[i].name, is_kept(place, &stored) == cases[i].kept);
        town_end(t);
    }
}

/* Neither a clock that jumps nor a node that does not run makes it wait; and what was cleared can
 * come again. */
static void test_unnamed_clock(void **state)
{
    static const struct {
        const char *name;
        int64_t jump_ms;
        bool closed; /* meanwhile */
    } cases[] = {
        {"a year ahead", 365 * DAY_MS, false},
        {"a year back", -365 * DAY_MS, false},
        {"a year away", 365 * DAY_MS, true},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct town *t = town_make();
        struct hash stored = keep_large(t, &t->follows);

        t->now_ms += 2 * 365 * DAY_MS;
        days_pass(t, &t->follows, 5);
        t->now_ms += cases[i].jump_ms;
        if (cases[i].closed)
            open_again(t, &t->follows);
        days_pass(t, &t->follows, 23);
        CHECK_CASE(cases[i].name, is_kept(&t->follows, &stored));
        days_pass(t, &t->follows, 5);
        CHECK_CASE(cases[i].name, !is_kept(&t->follows, &stored));
        keep_large(t, &t->follows);
        CHECK_CASE(cases[i].name, is_kept(&t->follows, &stored));
        town_end(t);
    }
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_answers),
    cmocka_unit_test(test_old_term),
    cmocka_unit_test(test_ended_term),
    cmocka_unit_test(test_next_term_first),
    cmocka_unit_test(test_evidence_is_kept_once),
    cmocka_unit_test(test_fetching_in_vain),
    cmocka_unit_test(test_freeze_asks_first),
    cmocka_unit_test(test_submission),
    cmocka_unit_test(test_parts_along),
    cmocka_unit_test(test_unnamed_parts),
    cmocka_unit_test(test_unnamed_clock),
};

RUN_TESTS(tests)
