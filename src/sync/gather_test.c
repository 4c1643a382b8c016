#include "sync/gather.h"

#include "base/test.h"
#include "sync/gather_house.h"
#include "sync/gather_script.h"

#define SEVEN 7u

static uint64_t true_log = NEVER;

/* One witness, and every answer that there is. */

struct scripted {
    int status[2];
    const char *type[2];
    struct span body[2];
    struct span asked[3]; /* what it was sent */
    unsigned questions;
};

static bool answer_scripted(void *context, struct call *call, struct arena *in)
{
    struct scripted *s = context;
    unsigned n = s->questions++;

    assert_true(n < 3);
    assert_string_equal(call->path, "/add-checkpoint");
    assert_non_null(call->type);
    s->asked[n] = arena_copy(&arena, call->body);
    n = n < 1 ? n : 1;
    call->status = s->status[n];
    call->reply = arena_copy(in, s->body[n]);
    call->reply_type = span_of(s->type[n] ? s->type[n] : "text/plain");
    return s->status[n] != 0;
}

static size_t seen_bytes;

static void see(void *context, const char *url, struct span lines)
{
    assert_string_equal(url, "http://w1");
    assert_null(context);
    seen_bytes += lines.len;
}

#define X_SIZE "text/x.tlog.size"

static void test_answers(void **state)
{
    static const struct {
        const char *name;
        uint64_t old; /* that it is thought to have cosigned */
        struct {
            int status; /* 0: no answer */
            const char *type, *body;
        } answer[2];       /* body "@WORDS": lines */
        uint64_t asked[2]; /* the old sizes it was asked with; 99: not asked */
        const char *want;  /* names on the note */
        uint64_t old_after;
    } cases[] = {
        {"a line", 0, {{200, NULL, "@w1"}}, {0, 99}, "w1", SIZE},
        {"from what it had", 9, {{200, NULL, "@w1"}}, {9, 99}, "w1", SIZE},
        {"the same again", SIZE, {{200, NULL, "@w1"}}, {SIZE, 99}, "w1", SIZE},
        {"more than there is", SIZE + 1, {{200, NULL, "@w1"}}, {0, 99}, "w1", SIZE},
        {"among strangers'", 0, {{200, NULL, "@w9 b1 w1 s1"}}, {0, 99}, "w1", SIZE},
        {"others' lines", 0, {{200, NULL, "@w2 w3"}}, {0, 99}, "w2 w3", SIZE},
        {"a stranger's", 0, {{200, NULL, "@w9"}}, {0, 99}, "", SIZE},
        {"another key of its name", 0, {{200, NULL, "@s1"}}, {0, 99}, "", SIZE},
        {"over another text", 0, {{200, NULL, "@x1"}}, {0, 99}, "", SIZE},
        {"that does not hold", 0, {{200, NULL, "@b1"}}, {0, 99}, "", SIZE},
        {"nothing", 0, {{200, NULL, ""}}, {0, 99}, "", SIZE},
        {"garbage", 0, {{200, NULL, "<html>"}}, {0, 99}, "", SIZE},
        {"a line and garbage", 0, {{200, NULL, "@w1 ?"}}, {0, 99}, "", SIZE},
        {"no answer", 9, {{0, NULL, ""}}, {9, 99}, "", 9},
        {"a line, created", 9, {{201, NULL, "@w1"}}, {9, 99}, "", 9},
        {"a line, but an error", 9, {{500, NULL, "@w1"}}, {9, 99}, "", 9},
        {"a redirection", 9, {{302, NULL, "@w1"}}, {9, 99}, "", 9},
        {"unknown origin", 9, {{404, NULL, "no\n"}}, {9, 99}, "", 9},
        {"no proof", 9, {{422, NULL, "no\n"}}, {9, 99}, "", 9},
        {"later", 9, {{503, NULL, "no\n"}}, {9, 99}, "", 9},
        {"another size", 0, {{409, X_SIZE, "9\n"}, {200, NULL, "@w1"}}, {0, 9}, "w1", SIZE},
        {"nothing, it says", 9, {{409, X_SIZE, "0\n"}, {200, NULL, "@w1"}}, {9, 0}, "w1", SIZE},
        {"this size", 9, {{409, X_SIZE, "40\n"}, {200, NULL, "@w1"}}, {9, SIZE}, "w1", SIZE},
        {"with a parameter",
         0,
         {{409, X_SIZE "; a=b", "9\n"}, {200, NULL, "@w1"}},
         {0, 9},
         "w1",
         SIZE},
        {"another, and then no", 0, {{409, X_SIZE, "9\n"}, {422, NULL, ""}}, {0, 9}, "", 9},
        {"another, and then nothing", 0, {{409, X_SIZE, "9\n"}, {0, NULL, ""}}, {0, 9}, "", 9},
        {"another, and another", 0, {{409, X_SIZE, "9\n"}, {409, X_SIZE, "12\n"}}, {0, 9}, "", 12},
        {"a larger one", 9, {{409, X_SIZE, "41\n"}}, {9, 99}, "", 41},
        {"the one that was said", 9, {{409, X_SIZE, "9\n"}}, {9, 99}, "", 9},
        {"a size without its type", 9, {{409, NULL, "12\n"}}, {9, 99}, "", 9},
        {"a size without its end", 9, {{409, X_SIZE, "12"}}, {9, 99}, "", 9},
        {"only an end", 9, {{409, X_SIZE, "\n"}}, {9, 99}, "", 9},
        {"no size", 9, {{409, X_SIZE, ""}}, {9, 99}, "", 9},
        {"a size with a zero before it", 9, {{409, X_SIZE, "012\n"}}, {9, 99}, "", 9},
        {"two sizes", 9, {{409, X_SIZE, "12\n12\n"}}, {9, 99}, "", 9},
        {"a size that no log has", 9, {{409, X_SIZE, "9007199254740992\n"}}, {9, 99}, "", 9},
    };
    struct witness_world w = witness_world_make();
    const struct witness_set set = set_make(3, 3);
    (void)state;

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct span note = note_of(&w, SIZE);
        struct scripted s = {0};
        struct script_peer peer = {"http://w1", 10, answer_scripted, &s, 0};
        struct script script = {&peer, 1, 0};
        const struct transport transport = {script_run, &script};
        struct gather_peer asked = {"http://w1", cases[i].old};
        struct gather gather = {&transport,         &asked,    1,   &set, 1000,
                                witness_world_hash, &true_log, see, NULL};

        for (int n = 0; n < 2; n++) {
            const char *body = cases[i].answer[n].body ? cases[i].answer[n].body : "";
            s.status[n] = cases[i].answer[n].status;
            s.type[n] = cases[i].answer[n].type;
            s.body[n] = body[0] == '@' ? arena_copy(&arena, lines_of(body + 1, text_of(note)))
                                       : span_of(body);
        }
        seen_bytes = 0;
        const char *got = names_on(&w, &set, gather_run(&gather, note, &arena));
        if (strcmp(got, cases[i].want) != 0)
            fail_msg("case \"%s\": %s", cases[i].name, got);
        CHECK_CASE(cases[i].name, asked.old == cases[i].old_after);
        CHECK_CASE(cases[i].name, s.questions == 1u + (cases[i].asked[1] != 99));
        for (unsigned n = 0; n < s.questions; n++)
            CHECK_CASE(cases[i].name,
                       span_equal(s.asked[n], witness_world_body(cases[i].asked[n], SIZE, NEVER,
                                                                 note, &arena)));
        bool last_is_200 = cases[i].answer[s.questions - 1].status == 200;
        CHECK_CASE(cases[i].name, seen_bytes == (last_is_200 ? s.body[s.questions - 1].len : 0));
        arena_reset(&arena);
    }
}

/* An answer that never ends is not taken. */
static bool answer_much(void *context, struct call *call, struct arena *in)
{
    struct span line = *(struct span *)context;
    struct buf buf = buf_in(in, 10u << 20);

    assert_true(call->limit <= 64u << 10);
    for (int i = 0; i < 2000; i++)
        buf_put(&buf, line);
    call->status = 200;
    call->reply = buf_span(&buf);
    return true;
}

static void test_much(void **state)
{
    struct witness_world w = witness_world_make();
    const struct witness_set set = set_make(1, 1);
    struct span note = note_of(&w, SIZE);
    struct span line = arena_copy(&arena, lines_of("w1", text_of(note)));
    struct script_peer peer = {"http://w1", 10, answer_much, &line, 0};
    struct script script = {&peer, 1, 0};
    const struct transport transport = {script_run, &script};
    struct gather_peer asked = {"http://w1", 0};
    struct gather gather = {&transport,         &asked,    1,    &set, 1000,
                            witness_world_hash, &true_log, NULL, NULL};
    (void)state;

    assert_true(span_equal(gather_run(&gather, note, &arena), note));
    assert_int_equal(peer.questions, 1);
    arena_reset(&arena);
}

/* A log that cannot prove: of a hash that is not there nothing is asked, and nobody waits. */
static bool no_hash(void *context, unsigned level, uint64_t index, struct hash *out,
                    struct err *err)
{
    (void)context, (void)level, (void)index, (void)out;
    return err_set(err, ERR_IO, "the disk is gone");
}

static void test_no_proof(void **state)
{
    struct witness_world w = witness_world_make();
    const struct witness_set set = set_make(1, 1);
    struct span note = note_of(&w, SIZE);
    struct script_peer peer = {"http://w1", 10, answer_much, NULL, 0};
    struct script script = {&peer, 1, 0};
    const struct transport transport = {script_run, &script};
    struct gather_peer asked = {"http://w1", 9};
    struct gather gather = {&transport, &asked, 1, &set, 1000, no_hash, NULL, NULL, NULL};
    (void)state;

    assert_true(span_equal(gather_run(&gather, note, &arena), note));
    assert_int_equal(peer.questions, 0);
    arena_reset(&arena);
}

/* Seven witnesses, each with its own memory, over one log. */

struct street {
    struct witness_world log; /* the operator's */
    struct {
        struct witness_world w;
        struct disk *disk;
        struct witness *witness;
        int lies; /* what it answers instead */
    } house[SEVEN];
    struct script_peer peer[SEVEN];
    struct gather_peer asked[SEVEN];
    struct script script;
    struct transport transport;
    unsigned seen; /* answers of 200 */
};

enum mind { HONEST, SILENT, REFUSING, SLOW, WRONG, COPYING, AHEAD };

static bool answer_as(void *context, struct call *call, struct arena *in)
{
    struct street *street = context;
    unsigned n = (unsigned)strtoul(call->url + strlen("http://w"), NULL, 10) - 1;
    struct span rest = call->body, before, text;
    struct witness_reply reply;

    switch (street->house[n].lies) {
    case SILENT:
        return false;
    case REFUSING:
        call->status = 403;
        call->reply = SPAN_LIT("no\n");
        return true;
    case WRONG: /* signs the checkpoint of another log */
        text = SPAN_LIT(TERM "\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n");
        call->status = 200;
        call->reply = arena_copy(in, lines_of(arena_printf(in, "w%u", n + 1), text));
        return true;
    case COPYING: /* claims another's line as its own */
        while (span_cut(&rest, '\n', &before) && before.len > 0)
            continue;
        text = text_of(rest);
        call->status = 200;
        call->reply = arena_copy(in, lines_of("w1", text));
        return true;
    default:
        witness_add_checkpoint(street->house[n].witness, call->body, &reply, in);
        call->status = reply.status;
        call->reply = reply.body;
        call->reply_type = span_of(reply.type);
        return true;
    }
}

static void street_open(struct street *street, const enum mind minds[SEVEN])
{
    static const char *const urls[SEVEN] = {"http://w1", "http://w2", "http://w3", "http://w4",
                                            "http://w5", "http://w6", "http://w7"};

    *street = (struct street){.log = witness_world_make(),
                              .script = {street->peer, SEVEN, 0},
                              .transport = {script_run, &street->script}};
    for (unsigned i = 0; i < SEVEN; i++) {
        struct witness_world *w = &street->house[i].w;
        struct err err = {0};

        *w = witness_world_make();
        w->witness = witness_signer(i + 1);
        w->held = minds[i] == AHEAD ? 100 : 0;
        street->house[i].lies = minds[i];
        assert_true(disk_sim_open(&street->house[i].disk, i));
        const struct witness_options options = witness_world_options(w, street->house[i].disk);
        assert_true(witness_open(&street->house[i].witness, &options, &err));
        street->peer[i] = (struct script_peer){urls[i], minds[i] == SLOW ? 5000 : 10 * (i + 1),
                                               answer_as, street, 0};
        street->asked[i].url = urls[i];
        if (minds[i] == AHEAD) {
            struct checkpoint checkpoint = witness_world_checkpoint(w, 1, 90, NEVER);
            struct span line;
            assert_true(witness_cosign(street->house[i].witness, &checkpoint, (struct span){0},
                                       &line, &arena, &err));
        }
    }
}

static void street_close(struct street *street)
{
    for (unsigned i = 0; i < SEVEN; i++) {
        witness_close(street->house[i].witness);
        disk_close(street->house[i].disk);
    }
    arena_reset(&arena);
}

static void see_street(void *context, const char *url, struct span lines)
{
    struct street *street = context;

    assert_non_null(url);
    assert_true(lines.len > 0);
    street->seen++;
}

static struct span street_gather(struct street *street, const struct witness_set *set,
                                 struct span note)
{
    struct gather gather = {&street->transport, street->asked, SEVEN,      set,   1000,
                            witness_world_hash, &true_log,     see_street, street};

    street->seen = 0;
    return gather_run(&gather, note, &arena);
}

static void test_seven(void **state)
{
    static const struct {
        const char *name;
        unsigned quorum;
        enum mind minds[SEVEN];
        const char *want; /* names on the note */
        unsigned took_ms;
    } cases[] = {
        {"all are there", 5, {0}, "w1 w2 w3 w4 w5", 50},
        {"all are needed", 7, {0}, "w1 w2 w3 w4 w5 w6 w7", 70},
        {"two sign nothing", 5, {SILENT, 0, REFUSING}, "w2 w4 w5 w6 w7", 70},
        {"two sign nothing, one is slow, one wrong",
         3,
         {SILENT, 0, SLOW, 0, WRONG, REFUSING, 0},
         "w2 w4 w7",
         70},
        {"the same, and more are needed",
         5,
         {SILENT, 0, SLOW, 0, WRONG, REFUSING, 0},
         "w2 w4 w7",
         1000},
        {"two slow ones are not waited for", 5, {SLOW, 0, 0, SLOW}, "w2 w3 w5 w6 w7", 70},
        {"three answer wrongly", 4, {WRONG, WRONG, WRONG}, "w4 w5 w6 w7", 70},
        {"one line three times", 3, {0, COPYING, COPYING, COPYING, SILENT}, "w1 w6 w7", 70},
        {"one is ahead", 6, {0, 0, AHEAD}, "w1 w2 w4 w5 w6 w7", 70},
        {"nobody is there", 5, {SILENT, SILENT, SILENT, SILENT, SILENT, SILENT, SILENT}, "", 70},
        {"nobody is needed", 0, {0}, "", 0},
    };
    (void)state;

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        const struct witness_set set = set_make(SEVEN, cases[i].quorum);
        struct street street;

        street_open(&street, cases[i].minds);
        struct span note = street_gather(&street, &set, note_of(&street.log, SIZE));
        const char *got = names_on(&street.log, &set, note);
        if (strcmp(got, cases[i].want) != 0 || street.script.now_ms != cases[i].took_ms)
            fail_msg("case \"%s\": %s after %u ms", cases[i].name, got, street.script.now_ms);
        street_close(&street);
    }
}

/* A log that grows: everybody is asked with the size that they last cosigned, and who was not
 * asked before is asked again once it has said its size. */
static void test_growth(void **state)
{
    static const enum mind minds[SEVEN] = {0};
    const struct witness_set set = set_make(SEVEN, SEVEN);
    struct street street;
    (void)state;

    street_open(&street, minds);
    for (uint64_t size = 1; size <= 64; size += size < 10 ? 1 : 13) {
        for (unsigned i = 0; i < SEVEN; i++)
            street.peer[i].questions = 0;
        if (size == 5)
            street.asked[3].old = 0; /* forgotten */
        if (size == 7)
            street.asked[4].old = 2; /* wrong */
        if (size == 8)
            street.asked[5].old = 1000; /* a lie that was told */
        struct span note = street_gather(&street, &set, note_of(&street.log, size));
        assert_string_equal(names_on(&street.log, &set, note), "w1 w2 w3 w4 w5 w6 w7");
        assert_int_equal(witness_count(&set, note), SEVEN);
        assert_int_equal(street.seen, SEVEN);
        for (unsigned i = 0; i < SEVEN; i++) {
            bool twice = (size == 5 && i == 3) || (size == 7 && i == 4) || (size == 8 && i == 5);
            assert_int_equal(street.peer[i].questions, twice ? 2 : 1);
            assert_int_equal(street.asked[i].old, size);
        }
        /* A quorum that is there already needs no questions. */
        assert_true(span_equal(street_gather(&street, &set, note), note));
        assert_int_equal(street.peer[0].questions, 1);
    }
    street_close(&street);
}

/* What the note has counts; the lines that come late are added by another round. */
static void test_late(void **state)
{
    static const enum mind minds[SEVEN] = {0, 0, SLOW, 0, 0, SLOW, 0};
    struct witness_set set = set_make(SEVEN, 5);
    struct street street;
    (void)state;

    street_open(&street, minds);
    set.in_force[SEVEN - 2] = false; /* w2: its line is kept and does not count */
    struct span note = street_gather(&street, &set, note_of(&street.log, SIZE));
    assert_string_equal(names_on(&street.log, &set, note), "w1 w2 w4 w5 w7");
    assert_int_equal(street.script.now_ms, 1000);
    assert_int_equal(witness_count(&set, note), 4);

    street.peer[2].delay_ms = 20;
    street.peer[5].delay_ms = 30;
    note = street_gather(&street, &set, note);
    assert_string_equal(names_on(&street.log, &set, note), "w1 w2 w3 w4 w5 w7");
    set.quorum = SEVEN;
    note = street_gather(&street, &set, note);
    assert_string_equal(names_on(&street.log, &set, note), "w1 w2 w3 w4 w5 w6 w7");
    street_close(&street);
}

/* All answer in one moment: nothing that came is thrown away. */
static void test_same_moment(void **state)
{
    static const enum mind minds[SEVEN] = {0};
    const struct witness_set set = set_make(SEVEN, 5);
    struct street street;
    (void)state;

    street_open(&street, minds);
    for (unsigned i = 0; i < SEVEN; i++)
        street.peer[i].delay_ms = 10;
    struct span note = street_gather(&street, &set, note_of(&street.log, SIZE));
    assert_string_equal(names_on(&street.log, &set, note), "w1 w2 w3 w4 w5 w6 w7");
    street_close(&street);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_answers),    cmocka_unit_test(test_much),
    cmocka_unit_test(test_no_proof),   cmocka_unit_test(test_seven),
    cmocka_unit_test(test_growth),     cmocka_unit_test(test_late),
    cmocka_unit_test(test_same_moment)};
RUN_TESTS(tests)
