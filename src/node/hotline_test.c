#include "node/house.h"

#include "base/test.h"
#include "node/unlogged.h"
#include "sync/lines.h"
#include "sync/outbox.h"

/* What POST /hotline takes, from whoever signs and from another node; what is shown of it before
 * the log has it; and that the log then has it once. */

#define PEER "two/node"

static const char settings[] =
    "[node]\nagreement = \"" WORLD_NAME "\"\nname = \"" HOUSE_OPERATOR
    "\"\n[log]\norigin = \"" WORLD_NAME "/term/1\"\npromise = \"obs/promise\"\n"
    "[[peer]]\nname = \"" PEER "\"\nurl = \"http://two.invalid\"\n";

#define MOVE(kind) "{\"clause\":\"c1\",\"id\":\"" kind "\"}"

struct exchange {
    struct house *house;
    struct node *node;
    unsigned calls;
};

static void run(void *context, struct call *calls, size_t count, unsigned patience_ms,
                bool (*enough)(void *context), void *enough_context, struct arena *arena)
{
    struct exchange *x = context;

    (void)patience_ms, (void)enough, (void)enough_context, (void)arena;
    for (size_t i = 0; i < count; i++) {
        calls[i].answered = false;
        calls[i].unsent = true;
        (void)err_set(&calls[i].err, ERR_IO, "nobody there");
        x->calls += calls[i].type != NULL;
    }
}

static void join(struct exchange *x)
{
    const struct transport transport = {run, x};
    struct err err = {0};

    x->node = house_open(x->house, NULL);
    house_ok(node_meet(x->node, &transport, &transport, &err) &&
                 node_wire(x->node, &transport, false, &err),
             &err);
}

static struct exchange *open_exchange(const char *may, const char *quota)
{
    struct exchange *x = calloc(1, sizeof *x);

    assert_non_null(x);
    world_also.moves = ",\"hotline_priority\":[{\"id\":\"flash\"}],\"move\":[" MOVE(
        "hotline.ack") "," MOVE("hotline.send") "]";
    world_also.organisations = ",{\"id\":\"two\"}";
    world_also.may = may;
    world_quota = quota;
    x->house = house_build(1);
    house_write(x->house, "sulh.toml", span_of(settings));
    join(x);
    house_found(x->house, x->node);
    return x;
}

static void close_exchange(struct exchange *x)
{
    node_close(x->node);
    house_end(x->house);
    world_also.moves = world_also.organisations = world_also.may = world_quota = "";
    free(x);
}

static struct submission message(struct exchange *x, size_t author, const char *to)
{
    struct world *world = x->house->world;
    struct arena *arena = &x->house->arena;
    struct json body = json_object();

    json_set(&body, "priority", json_text("flash"), arena);
    json_set(&body, "to", json_text(to), arena);
    return world_sign(world, &world->author[author], "hotline.send", &body, arena);
}

static struct submission step(struct exchange *x, size_t author, const char *of)
{
    struct world *world = x->house->world;
    struct arena *arena = &x->house->arena;
    struct json body = json_object();

    json_set_string(&body, "message", arena_copy(arena, span_of(of)), arena);
    json_set(&body, "step", json_text("opened"), arena);
    return world_sign(world, &world->author[author], "hotline.ack", &body, arena);
}

static struct answer give(struct exchange *x, const char *from, struct submission one)
{
    struct answer answer = {0};
    struct err err = {0};

    house_ok(node_hotline(x->node, from, &one, 1, &answer, &x->house->arena, &err), &err);
    return answer;
}

static bool is_held(const struct answer *answer)
{
    return answer->kind == ANSWER_LATER && answer->why.kind == ERR_NONE;
}

/* --- what is taken --------------------------------------------------------- */

enum what {
    GOOD,
    AGAIN, /* the same once more */
    OTHER_KIND,
    NO_RECORD,
    FORGED,
    STRANGER, /* by a key that nobody admitted */
    TO_NOBODY,
    TO_ONESELF,
    STEP_OF_NOTHING,
    STEP_OF_OWN,
    LARGE,
    FORKED,
};

static struct submission forge(struct exchange *x, struct submission one)
{
    char *text = arena_text(&x->house->arena, one.note);
    char *at = strstr(text, "flash");

    memcpy(at, "flask", 5);
    one.note = span_of(text);
    return one;
}

static struct submission make(struct exchange *x, enum what what)
{
    struct world *world = x->house->world;
    struct arena *arena = &x->house->arena;
    struct submission one = {0};
    struct world_signer stranger = world->author[0];

    switch (what) {
    case OTHER_KIND:
        return world_incident(world, arena);
    case NO_RECORD:
        one.note = SPAN_LIT("hotline.send\n");
        return one;
    case FORGED:
        return forge(x, message(x, 0, "two"));
    case STRANGER:
        world_key(world, &stranger.signer, "obs/nobody");
        stranger.seq = 0;
        world->author[0] = stranger;
        return message(x, 0, "two");
    case TO_NOBODY:
        return message(x, 0, "three");
    case TO_ONESELF:
        return message(x, 0, "obs");
    case STEP_OF_NOTHING:
        return step(x, 0, "00000000000000000000000000000000000000000000000000000000000000aa");
    case STEP_OF_OWN:
        one = message(x, 0, "two");
        assert_true(is_held(&(struct answer[]){give(x, NULL, one)}[0]));
        return step(x, 1, world->author[0].prev);
    case LARGE:
        one = message(x, 0, "two");
        one.part = ARENA_NEW(arena, struct span);
        *(struct span *)(uintptr_t)one.part = span_make(arena_alloc(arena, 70000), 70000);
        one.part_count = 1;
        return one;
    case FORKED:
        one = message(x, 0, "two");
        assert_true(is_held(&(struct answer[]){give(x, NULL, one)}[0]));
        world->author[0].seq--;
        memcpy(world->author[0].prev, world->id, sizeof world->id);
        return message(x, 0, "two");
    case AGAIN:
        one = message(x, 0, "two");
        assert_true(is_held(&(struct answer[]){give(x, NULL, one)}[0]));
        return one;
    default:
        return message(x, 0, "two");
    }
}

static void test_what_is_taken(void **state)
{
    static const struct {
        const char *name;
        enum what what;
        const char *here, *peer; /* "": held; "later": not now; else the reason */
        const char *why;
    } cases[] = {
        {"a message", GOOD, "", "", ""},
        {"the same again", AGAIN, "", "", ""},
        {"what is nothing of the hotline", OTHER_KIND, "void", "void", "no record of the hotline"},
        {"no record at all", NO_RECORD, "not a record", "not a record", ""},
        {"another word than was signed", FORGED, "signature does not hold",
         "signature does not hold", ""},
        {"of a key that nobody admitted", STRANGER, "unknown key", "later", "obs/nobody"},
        {"to nobody there is", TO_NOBODY, "void", "later", "term"},
        {"to one's own", TO_ONESELF, "void", "void", "not_yours"},
        {"a step of what is not here", STEP_OF_NOTHING, "void", "later", "reference"},
        {"a step of one's own message", STEP_OF_OWN, "void", "void", "not_yours"},
        {"with more than it may bring", LARGE, "too large", "too large", "small"},
        {"a second of the same number", FORKED, "void", "void", "fork"},
    };
    (void)state;

    for (size_t i = 0; i < 2 * ARRAY_LEN(cases); i++) {
        struct exchange *x = open_exchange(",\"use_hotline\"", "");
        const char *name = cases[i / 2].name;
        const char *want = i % 2 ? cases[i / 2].peer : cases[i / 2].here;
        struct submission one = make(x, cases[i / 2].what);
        const struct unlogged_item *item;
        struct err err = {0};
        struct outbox_status before, after;

        outbox_status(node_outbox(x->node), &before);
        struct answer is = give(x, i % 2 ? PEER : NULL, one);
        outbox_status(node_outbox(x->node), &after);
        bool held = want[0] == '\0', later = strcmp(want, "later") == 0;
        CHECK_CASE(name, is_held(&is) == held);
        CHECK_CASE(name, (is.kind == ANSWER_LATER) == (held || later));
        CHECK_CASE(name, held || later || strcmp(is.reason, want) == 0);
        CHECK_CASE(name, held || strstr(is.why.text, cases[i / 2].why) != NULL);
        CHECK_CASE(name, held || before.bytes == after.bytes); /* nothing is kept of it */
        house_ok(unlogged_begin(node_unlogged(x->node), &err), &err);
        size_t items = unlogged_items(node_unlogged(x->node), &item);
        for (size_t n = 0; n < items; n++)
            CHECK_CASE(name, item[n].verdict == VERDICT_HOLDS);
        unlogged_end(node_unlogged(x->node));
        close_exchange(x);
    }
}

static void test_who_may_not(void **state)
{
    struct exchange *x = open_exchange("", "");
    struct answer is = give(x, NULL, message(x, 0, "two"));
    (void)state;

    assert_int_equal(is.kind, ANSWER_REFUSED);
    assert_non_null(strstr(is.why.text, "capability"));
    close_exchange(x);
}

static void test_quota(void **state)
{
    struct exchange *x = open_exchange(",\"use_hotline\"", WORLD_QUOTA);
    (void)state;

    for (unsigned i = 0; i < 3; i++) {
        struct submission one = message(x, 0, "two");
        struct answer is = give(x, NULL, one), again = give(x, PEER, one);

        assert_true(is_held(&is) && is_held(&again)); /* it counts once */
    }
    struct answer over = give(x, NULL, message(x, 0, "two"));
    assert_int_equal(over.kind, ANSWER_LATER);
    assert_non_null(strstr(over.why.text, "quota"));
    assert_true(over.later_ms > 0);
    close_exchange(x);
}

/* --- ahead of the log, and in it -------------------------------------------- */

static struct span state_of(struct exchange *x, const char *id, size_t *out_items)
{
    struct unlogged *unlogged = node_unlogged(x->node);
    const struct unlogged_item *item;
    const struct json *row = NULL;
    struct span *key;
    struct err err = {0};
    bool here = false;

    house_ok(unlogged_begin(unlogged, &err) && unlogged_row(unlogged, "message", span_of(id), &here,
                                                            &row, &x->house->arena, &err),
             &err);
    *out_items = unlogged_items(unlogged, &item);
    assert_int_equal(here, unlogged_keys(unlogged, "message", span_of(id), &key, &x->house->arena));
    unlogged_end(unlogged);
    return here ? arena_copy(&x->house->arena, json_get_text(row, "state")) : (struct span){0};
}

static void turn(struct exchange *x)
{
    struct err err = {0};

    house_ok(node_turn(x->node, &err), &err);
}

static void test_ahead_of_the_log(void **state)
{
    struct exchange *x = open_exchange(",\"use_hotline\"", "");
    struct submission one = message(x, 0, "two");
    const char *id = arena_text(&x->house->arena, span_of(x->house->world->author[0].prev));
    uint64_t news = node_hotline_news(x->node);
    struct line_state line;
    struct node_line at = {.state = &line};
    size_t items;
    (void)state;

    assert_int_equal(state_of(x, id, &items).len, 0);
    assert_int_equal(items, 0);
    struct answer is = give(x, NULL, one);
    assert_true(is_held(&is));
    assert_true(node_hotline_news(x->node) != news);
    assert_true(span_is(state_of(x, id, &items), "sent"));
    assert_int_equal(items, 1);
    node_hand_on(x->node); /* nobody is there: it stays */
    assert_int_equal(x->calls, 1);
    assert_true(node_line(x->node, 0, &at) && line.line == LINE_DOWN && line.owed == 1);
    assert_false(node_line(x->node, 1, &at));

    node_close(x->node); /* and across a start */
    join(x);
    assert_true(span_is(state_of(x, id, &items), "sent"));

    uint64_t entries = house_entries(x->house, x->node);
    turn(x);
    assert_true(house_entries(x->house, x->node) > entries);
    turn(x);
    assert_int_equal(state_of(x, id, &items).len, 0); /* the log's own row stands */
    assert_int_equal(items, 0);
    is = give(x, PEER, one);
    assert_int_equal(is.kind, ANSWER_REPEATED);
    assert_int_equal(is.index, entries);
    assert_true(node_line(x->node, 0, &at) && line.owed == 0);
    close_exchange(x);
}

/* What is signed here goes over the lines; what is void, the log is to say; the rest as ever. */
static void test_handing_in(void **state)
{
    struct exchange *x = open_exchange(",\"use_hotline\"", "");
    struct submission some[] = {world_incident(x->house->world, &x->house->arena),
                                message(x, 1, "two"), message(x, 1, "three")};
    struct answer is[ARRAY_LEN(some)];
    struct err err = {0};
    (void)state;

    house_ok(node_hand_in(x->node, some, ARRAY_LEN(some), is, &x->house->arena, &err), &err);
    assert_int_equal(is[0].kind, ANSWER_LOGGED);
    assert_true(is_held(&is[1]));
    assert_int_equal(is[2].kind, ANSWER_LOGGED);
    house_ok(node_submit(x->node, some, ARRAY_LEN(some), is, &x->house->arena, &err), &err);
    assert_int_equal(is[1].kind, ANSWER_LOGGED); /* carried by another: at once */
    close_exchange(x);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_what_is_taken), cmocka_unit_test(test_who_may_not),
    cmocka_unit_test(test_quota),         cmocka_unit_test(test_ahead_of_the_log),
    cmocka_unit_test(test_handing_in),
};
RUN_TESTS(tests)
