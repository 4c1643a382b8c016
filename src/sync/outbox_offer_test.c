#include "base/limits.h"
#include "base/test.h"
#include "journal/submission.h"
#include "sync/outbox_world.h"

/*
 * In which order records are offered. A case is a few words. `made` are records in the order in
 * which they are signed, each a letter, the digit of its key (whose last record it continues),
 * and the letters of up to two that its body names: "a0 b1a". After '?' it is of a kind that
 * nobody knows, after '!' an attest, which lists what is not logged, after '~' a step of a message
 * of the hotline, which is no other record's name. `put` is the order in which
 * they come here, '-' a restart.
 */

struct played {
    struct outbox_world *w;
    struct submission record[26];
    uint64_t number[26]; /* in the outbox; 0: it is not there */
};

static struct json names(struct played *p, char kind, const char *letters)
{
    static const char *const members[] = {"incident", "record"};
    struct arena *arena = &p->w->arena;
    struct json body = json_object(), list = json_array(), item;

    for (size_t i = 0; letters[i] && i < ARRAY_LEN(members); i++) {
        struct span id = span_of(outbox_world_id(p->w, &p->record[letters[i] - 'a']));

        if (kind == '!') {
            item = json_object();
            json_set_string(&item, "id", id, arena);
            json_push(&list, item, arena);
        } else if (kind == '~') {
            json_set_string(&body, "message", id, arena);
        } else if (kind == '?') {
            json_push(&list, json_string(id), arena);
        } else {
            json_set_string(&body, members[i], id, arena);
        }
    }
    if (list.array.count > 0)
        json_set(&body, "offered", list, arena);
    return body;
}

static void make(struct played *p, const char *word)
{
    unsigned key = (unsigned)(word[1] - '0');
    char kind = strchr("?!~", word[2]) ? word[2] : '\0';
    const char *kinds = kind == '?'   ? "field.note"
                        : kind == '!' ? "node.attest"
                        : kind == '~' ? "hotline.ack"
                                      : "incident.link";

    p->record[word[0] - 'a'] =
        outbox_world_say(p->w, key, kinds, names(p, kind, word + 2 + (kind != '\0')));
}

static struct played *play(const char *name, const char *made, const char *puts)
{
    struct played *p = calloc(1, sizeof *p);
    struct err err = {0};
    uint64_t number = 0;

    assert_non_null(p);
    p->w = outbox_world_new(1);
    assert_true(outbox_world_open(p->w, &err));
    char *words = arena_text(&p->w->arena, span_of(made)), *left;
    for (char *word = strtok_r(words, " ", &left); word; word = strtok_r(NULL, " ", &left))
        make(p, word);
    for (; *puts; puts++) {
        if (*puts == '-') {
            CHECK_CASE(name, outbox_world_open(p->w, &err));
            continue;
        }
        struct submission *one = &p->record[*puts - 'a'];
        CHECK_CASE(name, outbox_put(p->w->outbox, one, 1, p->w->now_ms, &err));
        p->number[*puts - 'a'] = ++number;
    }
    return p;
}

static void play_end(struct played *p)
{
    outbox_world_free(p->w);
    free(p);
}

static char letter_of(const struct played *p, const char *id)
{
    for (unsigned i = 0; i < 26; i++)
        if (p->record[i].note.len && strcmp(outbox_world_id(p->w, &p->record[i]), id) == 0)
            return (char)('a' + i);
    return '#';
}

static void answer(struct played *p, char letter, struct answer answer)
{
    struct err err = {0};

    assert_true(
        outbox_answered(p->w->outbox, p->number[letter - 'a'], &answer, p->w->now_ms, &err));
}

static void promise(struct played *p, char letter)
{
    answer(p, letter, outbox_world_promise(p->w, &p->record[letter - 'a'], 7));
}

/* Offers and promises until nothing is left to offer; "ab|c" is two rounds. */
static void rounds(struct played *p, size_t most, size_t limit, char out[64])
{
    size_t len = 0;

    for (unsigned round = 0; round < 20; round++) {
        struct outbox_offer *offer;
        size_t count = outbox_next(p->w->outbox, most, limit, p->w->now_ms, &offer, &p->w->arena);

        if (count > 0 && len > 0)
            out[len++] = '|';
        for (size_t i = 0; i < count; i++)
            out[len++] = letter_of(p, offer[i].id);
        for (size_t i = 0; i < count; i++)
            promise(p, letter_of(p, offer[i].id));
    }
    out[len] = '\0';
}

static void test_order(void **state)
{
    static const struct {
        const char *name, *made, *put, *want;
        size_t most;
    } cases[] = {
        {"one", "a0", "a", "a", 9},
        {"none", "a0", "", "", 9},
        {"a chain in its order", "a0 b0 c0", "abc", "abc", 9},
        {"a chain that came in another", "a0 b0 c0", "cba", "abc", 9},
        {"two chains mixed", "a0 b0 c1 d1", "dbca", "cdab", 9},
        {"a gap in a chain", "a0 b0 c0", "ca", "ca", 9},
        {"a body names one before", "a0 b0a", "ba", "ab", 9},
        {"a body names two", "a0 b0 c0 d0bc", "dcba", "abcd", 9},
        {"a body names what is not here", "a0 b0a", "b", "b", 9},
        {"of another key: that is promised first", "a0 b1a", "ab", "a|b", 9},
        {"and so on along a line", "a0 b1a c2b d3c", "abcd", "a|b|c|d", 9},
        {"whatever the order they came in", "a0 b1a c2b d3c", "dcba", "a|b|c|d", 9},
        {"others do not wait", "a0 b1a c2 d1", "abcd", "ac|bd", 9},
        {"a chain does not wait for what is beside it", "a0 b1 c1a d1", "cdba", "ba|cd", 9},
        {"an unknown kind that names one", "a0 b0?a", "ba", "ab", 9},
        {"an attest waits for nobody", "a0 b1!a", "ba", "ba", 9},
        {"steps of a message as they came", "a0 b1~a c2~a d3~a", "dbc", "dbc", 9},
        {"steps of a message that is here", "a0 b1~a c2~a", "cba", "a|cb", 9},
        {"steps of two messages", "a0 b1 c2~a d3~b", "dc", "dc", 9},
        {"at most two", "a0 b0 c0", "abc", "ab|c", 2},
        {"at most one", "a0 b0a c0", "cba", "a|b|c", 1},
        {"what is needed takes the last place", "a0 b0 c1", "cba", "ca|b", 2},
        {"none at most", "a0", "a", "", 0},
        {"after a restart", "a0 b0 c0", "cb-a-", "abc", 9},
    };
    (void)state;

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct played *p = play(cases[i].name, cases[i].made, cases[i].put);
        char got[64];

        rounds(p, cases[i].most, 1 << 20, got);
        if (strcmp(got, cases[i].want) != 0)
            fail_msg("case \"%s\": %s, not %s", cases[i].name, got, cases[i].want);
        play_end(p);
    }
}

/* Something was said to `a` before. What is offered now, a minute and an hour later; and a
 * millisecond before, nothing. */
static void test_held(void **state)
{
    enum said { LATER, REPEATED, REFUSED, PUT_OFF, HURRIED, PROMISED };
    static const struct {
        const char *name, *made, *put;
        enum said said;
        const char *now, *minute, *hour;
    } cases[] = {
        {"later: its key waits", "a0 b0 c1", "abc", LATER, "c", "ab", ""},
        {"and what names it", "a0 b1a", "ab", LATER, "", "a|b", ""},
        {"repeated: the same", "a0 b0 c1a d2", "abcd", REPEATED, "d", "ab|c", ""},
        {"refused: its key goes on, with a gap", "a0 b0 c0", "abc", REFUSED, "bc", "", "a"},
        {"but not what names it", "a0 b0a", "ab", REFUSED, "", "", "a|b"},
        {"nor of another key", "a0 b1a c1", "abc", REFUSED, "c", "", "a|b"},
        {"nor what names that", "a0 b1a c2b", "abc", REFUSED, "", "", "a|b|c"},
        {"behind what waits for it the key goes on", "a0 b1a c1 d1", "abcd", REFUSED, "cd", "",
         "a|b"},
        {"put off: as if told to come later", "a0 b0 c1a d1 e2", "abcde", PUT_OFF, "e", "ab|cd",
         ""},
        {"a step, later: those behind it wait", "m0 a1~m b2~m n0 c3~n", "abc", LATER, "c", "ab",
         ""},
        {"put off: likewise", "m0 a1~m b2~m n0 c3~n", "abc", PUT_OFF, "c", "ab", ""},
        {"refused: they do not", "m0 a1~m b2~m", "ab", REFUSED, "b", "", "a"},
        {"put off, and somebody else is asked: at once", "a0 b0", "ab", HURRIED, "ab", "", ""},
        {"promised: nothing waits for it", "a0 b0 c1a", "abc", PROMISED, "bc", "", ""},
    };
    (void)state;

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct played *p = play(cases[i].name, cases[i].made, cases[i].put);
        struct answer later = {.kind = ANSWER_LATER, .later_ms = 60000},
                      repeated = {.kind = ANSWER_REPEATED, .index = 5};
        const char *want[] = {cases[i].now, cases[i].minute, cases[i].hour};
        static const int64_t moments[] = {0, 60000, 3600000};

        if (cases[i].said == LATER)
            answer(p, 'a', later);
        else if (cases[i].said == REPEATED)
            answer(p, 'a', repeated);
        else if (cases[i].said == REFUSED)
            answer(p, 'a', outbox_world_refusal(p->w, &p->record[0]));
        else if (cases[i].said == PROMISED)
            promise(p, 'a');
        else
            outbox_put_off(p->w->outbox, p->number[0], "no answer", p->w->now_ms + 59000);
        if (cases[i].said == HURRIED)
            outbox_hurry(p->w->outbox);
        for (size_t when = 0; when < ARRAY_LEN(want); when++) {
            char got[64];

            p->w->now_ms = WORLD_START_MS + moments[when] - 1;
            if (when > 0) {
                rounds(p, 9, 1 << 20, got);
                CHECK_CASE(cases[i].name, strcmp(got, "") == 0);
            }
            p->w->now_ms = WORLD_START_MS + moments[when];
            rounds(p, 9, 1 << 20, got);
            if (strcmp(got, want[when]) != 0)
                fail_msg("case \"%s\", %zu: %s, not %s", cases[i].name, when, got, want[when]);
        }
        play_end(p);
    }
}

/* Put off again and again: by how much; and what begins anew. */
static void test_put_off(void **state)
{
    enum between { NOTHING, LATER, HURRIED };
    static const struct {
        const char *name;
        enum between between;
        int64_t waits[9];
    } cases[] = {
        {"twice as long each time, a minute at most",
         NOTHING,
         {1000, 2000, 4000, 8000, 16000, 32000, 60000, 60000, 60000}},
        {"answered between", LATER, {1000, 1000, 1000}},
        {"another is asked", HURRIED, {1000, 1000, 1000}},
    };
    (void)state;

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct played *p = play(cases[i].name, "a0", "a");
        struct answer later = {.kind = ANSWER_LATER, .later_ms = 1000};
        struct outbox *outbox = p->w->outbox;
        struct outbox_offer *offer;
        int64_t now = p->w->now_ms;

        for (size_t n = 0; n < ARRAY_LEN(cases[i].waits) && cases[i].waits[n]; n++) {
            outbox_put_off(outbox, p->number[0], "no answer", now);
            now += cases[i].waits[n];
            CHECK_CASE(cases[i].name,
                       outbox_next(outbox, 1, 1, now - 1, &offer, &p->w->arena) == 0);
            CHECK_CASE(cases[i].name, outbox_next(outbox, 1, 1, now, &offer, &p->w->arena) == 1);
            if (cases[i].between == LATER)
                answer(p, 'a', later);
            if (cases[i].between == HURRIED)
                outbox_hurry(outbox);
        }
        play_end(p);
    }
}

/* What somebody takes from nobody keeps nothing else from its turn. */
static void test_turns(void **state)
{
    static const struct {
        const char *name, *put_off, *turns;
    } cases[] = {
        {"none was put off", "", "abc"},
        {"one was", "a", "bca"},
        {"two were, the first first", "ab", "cab"},
        {"the second first", "ba", "cba"},
        {"all were", "bca", "bca"},
    };
    (void)state;

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct played *p = play(cases[i].name, "a0 b1 c2", "abc");
        struct outbox_offer *offer;
        int64_t now = p->w->now_ms;

        for (const char *c = cases[i].put_off; *c; c++)
            outbox_put_off(p->w->outbox, p->number[*c - 'a'], "no answer", now++);
        size_t count = outbox_next(p->w->outbox, 3, SIZE_MAX, now + 60000, &offer, &p->w->arena);
        CHECK_CASE(cases[i].name, count == 3);
        for (size_t n = 0; n < count; n++)
            CHECK_CASE(cases[i].name, offer[n].number == p->number[cases[i].turns[n] - 'a']);
        play_end(p);
    }
}

/* Told to come later: by how much, within bounds; and a clock put back holds nothing for ever. */
static void test_later(void **state)
{
    static const struct {
        const char *name;
        int64_t asked, due;
    } cases[] = {
        {"at once is a second", 0, 1000},
        {"a second", 1000, 1000},
        {"a minute", 60000, 60000},
        {"an hour", 3600000, 3600000},
        {"a day is an hour", 86400000, 3600000},
        {"for ever is an hour", LIMIT_INTEGER, 3600000},
    };
    (void)state;

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct played *p = play(cases[i].name, "a0", "a");
        struct answer later = {.kind = ANSWER_LATER, .later_ms = cases[i].asked};
        const int64_t at = p->w->now_ms;
        struct outbox_offer *offer;
        struct arena *arena = &p->w->arena;

        answer(p, 'a', later);
        CHECK_CASE(cases[i].name,
                   outbox_next(p->w->outbox, 1, 1, at + cases[i].due - 1, &offer, arena) == 0);
        CHECK_CASE(cases[i].name,
                   outbox_next(p->w->outbox, 1, 1, at + cases[i].due, &offer, arena) == 1);
        CHECK_CASE(cases[i].name,
                   outbox_next(p->w->outbox, 1, 1, at - 86400000, &offer, arena) == 1);
        play_end(p);
    }
}

/* So many bytes at most, but one whatever its size. */
static void test_bytes(void **state)
{
    struct played *p = play("bytes", "a0 b1 c2", "abc");
    struct submission one[3] = {p->record[0], p->record[1], p->record[2]};
    struct err err = {0};
    struct span payload[3];
    char got[64];
    (void)state;

    for (unsigned i = 0; i < 3; i++)
        assert_true(submission_encode(&payload[i], &one[i], 1, &p->w->arena, &err));
    size_t two = payload[0].len + payload[1].len;
    const struct {
        size_t limit;
        const char *want;
    } cases[] = {
        {0, "a|b|c"},
        {1, "a|b|c"},
        {two - 1, "a|b|c"},
        {two, "ab|c"},
        {two + payload[2].len, "abc"},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct played *again = play("bytes", "a0 b1 c2", "abc");

        rounds(again, 9, cases[i].limit, got);
        CHECK_CASE(cases[i].want, strcmp(got, cases[i].want) == 0);
        play_end(again);
    }
    play_end(p);
}

/* The same record twice, the second time with a part: any of it will do for what names it, and
 * both are offered. */
static void test_twice(void **state)
{
    struct played *p = play("twice", "a0 b0a", "ab");
    struct submission more = outbox_world_with_part(p->w, p->record[0], "a part");
    struct answer later = {.kind = ANSWER_LATER, .later_ms = 60000};
    struct outbox_offer *offer;
    struct err err = {0};
    (void)state;

    assert_true(outbox_put(p->w->outbox, &more, 1, p->w->now_ms, &err));
    assert_int_equal(outbox_next(p->w->outbox, 9, 9999, p->w->now_ms, &offer, &p->w->arena), 3);
    answer(p, 'a', later);
    assert_int_equal(outbox_next(p->w->outbox, 9, 9999, p->w->now_ms, &offer, &p->w->arena), 2);
    assert_int_equal(offer[0].number, 3);
    assert_int_equal(offer[1].number, 2);
    play_end(p);
}

/* A long chain that came in the worst of orders. */
static void test_long_chain(void **state)
{
    enum { LENGTH = 2000, MOST = 100 };
    struct outbox_world *w = outbox_world_new(1);
    struct submission *record = ARENA_ARRAY(&w->arena, struct submission, LENGTH);
    struct err err = {0};
    (void)state;

    assert_true(outbox_world_open(w, &err));
    for (unsigned i = 0; i < LENGTH; i++)
        record[LENGTH - 1 - i] = outbox_world_any(w, 0);
    assert_true(outbox_put(w->outbox, record, LENGTH, w->now_ms, &err));
    for (unsigned done = 0; done < LENGTH; done += MOST) {
        struct arena arena = {0};
        struct outbox_offer *offer;

        assert_int_equal(outbox_next(w->outbox, MOST, 1 << 20, w->now_ms, &offer, &arena), MOST);
        for (unsigned i = 0; i < MOST; i++) {
            struct answer promise = outbox_world_promise(w, &offer[i].submission, done + i);

            assert_int_equal(offer[i].number, LENGTH - done - i);
            assert_true(outbox_answered(w->outbox, offer[i].number, &promise, w->now_ms, &err));
        }
        arena_free(&arena);
    }
    outbox_world_free(w);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_order), cmocka_unit_test(test_held),       cmocka_unit_test(test_put_off),
    cmocka_unit_test(test_turns), cmocka_unit_test(test_later),      cmocka_unit_test(test_bytes),
    cmocka_unit_test(test_twice), cmocka_unit_test(test_long_chain),
};
RUN_TESTS(tests)
