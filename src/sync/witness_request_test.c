#include "sync/witness.h"

#include "base/test.h"
#include "sync/witness_house.h"

/* Every answer that c2sp.org/tlog-witness names. */

enum signing { LOG, STRANGER, BROKEN, TWICE, BESIDE, UNKNOWN, LATER_TERM };
enum proving { RIGHT, NO_PROOF, SPARE, CHANGED };

struct question {
    const char *name;
    uint64_t before, held, reachable; /* cosigned; here; what hold can get */
    uint64_t old, size, lies_from;
    enum signing signing;
    enum proving proof;
    int status;
    const char *says; /* in the answer of a refusal */
    size_t evidence;  /* notes that are kept */
};

static struct span sign_as(const struct house *house, const struct question *q)
{
    struct checkpoint checkpoint = witness_world_checkpoint(
        &house->w, q->signing == LATER_TERM ? 2 : 1, q->size, q->lies_from);
    struct buf note = buf_in(&arena, 10000);

    if (q->signing == UNKNOWN)
        memcpy(checkpoint.origin, "elsewhere/term/1", sizeof "elsewhere/term/1");
    struct span text = witness_world_text(&checkpoint, &arena);
    struct span by_log = note_sign(text, &house->w.log[0], &arena);
    struct span by_stranger = note_sign(text, &house->w.stranger, &arena);
    if (q->signing == BROKEN) {
        struct checkpoint other = witness_world_checkpoint(&house->w, 1, 77, NEVER);
        by_log = witness_world_note(&other, &house->w.log[0], &arena);
        buf_put(&note, text);
        buf_put(&note, span_from(by_log, witness_world_text(&other, &arena).len));
        return buf_span(&note);
    }
    buf_put(&note, q->signing == STRANGER ? by_stranger : by_log);
    if (q->signing == TWICE)
        buf_put(&note, span_from(by_log, text.len + 1));
    if (q->signing == BESIDE)
        buf_put(&note, span_from(by_stranger, text.len + 1));
    return buf_span(&note);
}

static struct span body_of(const struct house *house, const struct question *q)
{
    struct span note = sign_as(house, q);
    struct span body = witness_world_body(q->old, q->size, q->lies_from, note, &arena);
    struct buf changed = buf_in(&arena, 20000);

    if (q->proof == RIGHT)
        return body;
    buf_printf(&changed, "old %" PRIu64 "\n", q->old);
    if (q->proof == CHANGED) { /* in its first hash */
        char *text = arena_text(&arena, span_slice(body, changed.len, body.len - changed.len));
        text[0] = text[0] == 'A' ? 'B' : 'A';
        buf_text(&changed, text);
        return buf_span(&changed);
    }
    if (q->proof == SPARE) {
        buf_put(&changed, span_slice(body, changed.len, body.len - changed.len - note.len - 1));
        buf_text(&changed, HASH);
    }
    buf_byte(&changed, '\n');
    buf_put(&changed, note);
    return buf_span(&changed);
}

static void test_status(void **state)
{
    static const struct question cases[] = {
        /* 200 */
        {"the first", 0, 100, 100, 0, 9, NEVER, LOG, RIGHT, 200, "", 0},
        {"the next", 5, 100, 100, 5, 9, NEVER, LOG, RIGHT, 200, "", 0},
        {"from a power of two", 8, 100, 100, 8, 64, NEVER, LOG, RIGHT, 200, "", 0},
        {"one more", 9, 100, 100, 9, 10, NEVER, LOG, RIGHT, 200, "", 0},
        {"the same again", 9, 100, 100, 9, 9, NEVER, LOG, RIGHT, 200, "", 0},
        {"entries that must be got", 9, 9, 100, 9, 50, NEVER, LOG, RIGHT, 200, "", 0},
        {"the first, all to be got", 0, 0, 100, 0, 100, NEVER, LOG, RIGHT, 200, "", 0},
        {"an empty log", 0, 0, 0, 0, 0, NEVER, LOG, RIGHT, 200, "", 0},
        {"a stranger's line beside the log's", 5, 100, 100, 5, 9, NEVER, BESIDE, RIGHT, 200, "", 0},
        /* 404 */
        {"another log", 0, 100, 100, 0, 9, NEVER, UNKNOWN, RIGHT, 404, "elsewhere/term/1", 0},
        {"another log, old wrong", 5, 100, 100, 9, 9, NEVER, UNKNOWN, RIGHT, 404, "none that", 0},
        {"a term not known yet", 5, 100, 100, 5, 9, NEVER, LATER_TERM, RIGHT, 404, "term/2", 0},
        /* 403 */
        {"signed by a stranger", 5, 100, 100, 5, 9, NEVER, STRANGER, RIGHT, 403, "not signed", 0},
        {"signed by nobody, old wrong", 5, 100, 100, 0, 9, NEVER, STRANGER, RIGHT, 403, "", 0},
        {"signature of another text", 5, 100, 100, 5, 9, NEVER, BROKEN, RIGHT, 403, "not hold", 0},
        {"signed twice by the log", 5, 100, 100, 5, 9, NEVER, TWICE, RIGHT, 403, "twice", 0},
        {"a lie that nobody signed", 5, 100, 100, 5, 9, 3, STRANGER, RIGHT, 403, "", 0},
        /* 400 */
        {"old beyond the size", 5, 100, 100, 10, 9, NEVER, LOG, NO_PROOF, 400, "old size", 0},
        {"old beyond, not signed", 5, 100, 100, 10, 9, NEVER, STRANGER, NO_PROOF, 403, "", 0},
        /* 409 */
        {"old too small", 5, 100, 100, 4, 9, NEVER, LOG, RIGHT, 409, "5\n", 0},
        {"old unknown", 5, 100, 100, 0, 9, NEVER, LOG, RIGHT, 409, "5\n", 0},
        {"old too large", 5, 100, 100, 7, 9, NEVER, LOG, RIGHT, 409, "5\n", 0},
        {"nothing cosigned yet", 0, 100, 100, 5, 9, NEVER, LOG, RIGHT, 409, "0\n", 0},
        {"smaller than cosigned", 9, 100, 100, 5, 7, NEVER, LOG, RIGHT, 409, "9\n", 0},
        {"old wrong, and a proof that is", 5, 100, 100, 4, 9, NEVER, LOG, CHANGED, 409, "5\n", 0},
        {"a smaller lie", 9, 100, 100, 5, 7, 6, LOG, RIGHT, 409, "9\n", 1},
        {"empty after something", 9, 100, 100, 0, 0, NEVER, LOG, RIGHT, 409, "9\n", 0},
        /* 422 */
        {"no proof", 5, 100, 100, 5, 9, NEVER, LOG, NO_PROOF, 422, "proof", 0},
        {"a hash too many", 5, 100, 100, 5, 9, NEVER, LOG, SPARE, 422, "proof", 0},
        {"a hash changed", 5, 100, 100, 5, 9, NEVER, LOG, CHANGED, 422, "proof", 0},
        {"a proof from nothing", 0, 100, 100, 0, 9, NEVER, LOG, SPARE, 422, "proof", 0},
        {"a proof of the same", 9, 100, 100, 9, 9, NEVER, LOG, SPARE, 422, "proof", 0},
        {"same size, another root", 9, 100, 100, 9, 9, 8, LOG, RIGHT, 422, "another root", 1},
        {"a lie after the old size", 5, 100, 100, 5, 9, 6, LOG, RIGHT, 422, "another root", 1},
        {"a lie before the old size", 5, 100, 100, 5, 9, 2, LOG, RIGHT, 422, "another root", 1},
        {"a lie, the first", 0, 100, 100, 0, 9, 2, LOG, RIGHT, 422, "another root", 1},
        {"a lie, proof wrong", 5, 100, 100, 5, 9, 2, LOG, NO_PROOF, 422, "another root", 1},
        {"a lie found by getting it", 5, 5, 100, 5, 9, 6, LOG, RIGHT, 422, "not extend", 1},
        {"a lie before, not held so far", 5, 5, 100, 5, 9, 2, LOG, RIGHT, 422, "proof", 0},
        /* 503 */
        {"nobody gives it", 5, 5, 8, 5, 9, NEVER, LOG, RIGHT, 503, "nobody gives entry 8", 0},
        {"a lie that nobody gives", 5, 5, 8, 5, 9, 6, LOG, RIGHT, 503, "nobody gives entry 8", 0},
    };
    (void)state;

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        const struct question *q = &cases[i];
        struct house house;

        house_open(&house);
        if (q->before > 0)
            house_cosign(&house, q->before);
        house.w.held = q->held;
        house.w.reachable = q->reachable;
        struct checkpoint before = witness_last(house.witness);
        struct checkpoint asked = witness_world_checkpoint(&house.w, 1, q->size, q->lies_from);
        uint64_t changes = disk_sim_operations(house.disk);
        struct witness_reply reply = house_ask(&house, body_of(&house, q));
        char *text = arena_text(&arena, reply.body);

        if (reply.status != q->status)
            fail_msg("case \"%s\": %d %s", q->name, reply.status, text);
        CHECK_CASE(q->name, strstr(text, q->says) != NULL);
        CHECK_CASE(q->name,
                   (reply.status == 200) ==
                       house_line(&house, reply.body, witness_world_text(&asked, &arena), SECONDS));
        CHECK_CASE(q->name, strcmp(reply.type, reply.status == 409 ? "text/x.tlog.size"
                                                                   : "text/plain; "
                                                                     "charset=utf-8") == 0);
        CHECK_CASE(q->name, reply.status != 409 || strcmp(text, q->says) == 0);
        CHECK_CASE(q->name,
                   house_same(witness_last(house.witness), reply.status == 200 ? asked : before));
        CHECK_CASE(q->name, house_files(&house, "evidence") == q->evidence);
        CHECK_CASE(q->name,
                   (disk_sim_operations(house.disk) > changes) ==
                       ((reply.status == 200 && !house_same(asked, before)) || q->evidence > 0));
        house_close(&house);
    }
}

/* What is no request. %s is a checkpoint's note that would do. */

#define FOUR(text) text text text text
#define LINE "\xe2\x80\x94 other/key q83vEjQ=\n"
#define TEXT WITNESS_WORLD_NAME "/term/1\n9\n" HASH

static void test_syntax(void **state)
{
    static const struct {
        const char *name, *body;
        int status;
        const char *says;
    } cases[] = {
        {"as it should be", "old 0\n\n%s", 200, ""},
        {"63 hashes",
         "old 0\n" FOUR(FOUR(HASH HASH HASH)) FOUR(HASH HASH HASH) HASH HASH HASH "\n%s", 422,
         "proof"},
        {"64 hashes", "old 0\n" FOUR(FOUR(FOUR(HASH))) "\n%s", 400, "more hashes"},
        {"nothing", "", 400, "not what must stand here"},
        {"only a note", "%s", 400, "not what must stand here"},
        {"an upper case letter", "Old 0\n\n%s", 400, "not what must stand here"},
        {"two spaces", "old  0\n\n%s", 400, "not a decimal"},
        {"a space behind", "old 0 \n\n%s", 400, "leading zero"},
        {"no number", "old \n\n%s", 400, "at byte 4"},
        {"a leading zero", "old 00\n\n%s", 400, "leading zero"},
        {"a sign", "old -1\n\n%s", 400, "not a decimal"},
        {"a carriage return", "old 0\r\n\n%s", 400, "leading zero"},
        {"larger than a log can be", "old 9007199254740992\n\n%s", 400, "larger than"},
        {"a second old", "old 0\nold 0\n\n%s", 400, "not 32 bytes"},
        {"a short hash", "old 0\nCsUYapGG\n\n%s", 400, "not 32 bytes"},
        {"spare bits set in a hash", "old 0\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2J=\n\n%s",
         400, "not 32 bytes"},
        {"a space before a hash", "old 0\n " HASH "\n%s", 400, "too long"},
        {"no empty line", "old 0\n%s", 400, "not 32 bytes"},
        {"an empty line too many", "old 0\n\n\n%s", 404, "the origin \"\""},
        {"ends behind the old size", "old 0\n", 400, "at byte 6"},
        {"ends in the proof", "old 0\n" HASH, 400, ""},
        {"no note", "old 0\n\n", 400, "no empty line"},
        {"a note without signatures", "old 0\n\n" TEXT "\n", 400, "no signature line"},
        {"a note without an empty line", "old 0\n\n" TEXT LINE, 400, "no empty line"},
        {"no log's line", "old 0\n\n" TEXT "\n" LINE, 403, "not signed"},
        {"something behind the note", "old 0\n\n%smore\n", 400, "without its dash"},
        {"something behind it, cut", "old 0\n\n%s\xe2\x80\x94", 400, ""},
        {"a control character", "old 0\n\n" TEXT "\x01\n\n" LINE, 400, "control character"},
        {"not UTF-8", "old 0\n\n" TEXT "\xff\n\n" LINE, 400, "not UTF-8"},
        {"an extension line", "old 0\n\n" TEXT "more\n\n" LINE, 400, "left over"},
        {"an extension line of another log", "old 0\n\nother\n9\n" HASH "more\n\n" LINE, 404,
         "other"},
        {"an origin that is none of ours", "old 0\n\nan origin\n9\n" HASH "\n" LINE, 404,
         "an origin"},
        {"an origin below ours", "old 0\n\n" WITNESS_WORLD_NAME "\n9\n" HASH "\n" LINE, 404, ""},
        {"a size that is none", "old 0\n\n" WITNESS_WORLD_NAME "/term/1\n09\n" HASH "\n" LINE, 400,
         "leading zero"},
        {"a root cut short", "old 0\n\n" WITNESS_WORLD_NAME "/term/1\n9\nCsUYapGG\n\n" LINE, 400,
         "32 bytes"},
        {"a size beyond all",
         "old 0\n\n" WITNESS_WORLD_NAME "/term/1\n9007199254740992\n" HASH "\n" LINE, 400,
         "larger"},
        {"128 strangers' lines and the log's", "old 0\n\n%s" FOUR(FOUR(FOUR(LINE LINE))), 400,
         "129 signature lines"},
        {"127 of them",
         "old 0\n\n%s" FOUR(FOUR(FOUR(LINE))) FOUR(FOUR(LINE LINE LINE)) FOUR(LINE LINE LINE)
             LINE LINE LINE,
         200, ""},
    };
    (void)state;

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct house house;

        house_open(&house);
        struct checkpoint checkpoint = witness_world_checkpoint(&house.w, 1, 9, NEVER);
        struct buf body = buf_in(&arena, 100000);
        const char *mark = strstr(cases[i].body, "%s");
        buf_put(&body, span_make(cases[i].body,
                                 mark ? (size_t)(mark - cases[i].body) : strlen(cases[i].body)));
        if (mark) {
            buf_put(&body, witness_world_note(&checkpoint, &house.w.log[0], &arena));
            buf_text(&body, mark + 2);
        }
        struct witness_reply reply = house_ask(&house, buf_span(&body));
        char *text = arena_text(&arena, reply.body);
        if (reply.status != cases[i].status || !strstr(text, cases[i].says))
            fail_msg("case \"%s\": %d %s", cases[i].name, reply.status, text);
        CHECK_CASE(cases[i].name,
                   witness_last(house.witness).size == (reply.status == 200 ? 9 : 0));
        CHECK_CASE(cases[i].name, reply.status == 200 || house.w.holds == 0);
        house_close(&house);
    }
}

/* Another thread comes between. */

struct between {
    struct house *house;
    struct span body;
    int status;
};

static void ask_between(void *context)
{
    struct between *between = context;

    between->status = house_ask(between->house, between->body).status;
}

static void freeze_between(void *context)
{
    static const struct freezing f = {"", 50, NEVER, TERM "2", LOG_2, true, ERR_NONE};
    struct between *between = context;
    struct err err = {0};
    struct span note;

    between->status = house_freeze(between->house, 1, &f, &note, &err);
}

/* The race that the specification spells out, and its like. */
static void test_between(void **state)
{
    static const struct {
        const char *name;
        uint64_t size, size_between; /* 0: it is frozen */
        int status, status_between;
        const char *says;
        uint64_t last;
    } cases[] = {
        {"a larger one", 10, 20, 409, 200, "20\n", 20},
        {"a smaller one", 20, 10, 409, 200, "10\n", 10},
        {"the same", 10, 10, 409, 200, "10\n", 10},
        {"one of the old size", 10, 5, 200, 200, "", 10},
        {"a freeze", 10, 0, 404, 1, "no more", 5},
    };
    (void)state;

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct house house;

        house_open(&house);
        house_cosign(&house, 5);
        struct between between = {.house = &house};
        if (cases[i].size_between > 0)
            between.body = house_body(&house, 5, cases[i].size_between);
        /* The first call of root is before the state is judged again in hold. */
        house.w.meanwhile = cases[i].size_between > 0 ? ask_between : freeze_between;
        house.w.meanwhile_context = &between;
        struct witness_reply reply = house_ask(&house, house_body(&house, 5, cases[i].size));
        char *text = arena_text(&arena, reply.body);
        if (reply.status != cases[i].status || between.status != cases[i].status_between)
            fail_msg("case \"%s\": %d, %d, %s", cases[i].name, reply.status, between.status, text);
        CHECK_CASE(cases[i].name, strstr(text, cases[i].says) != NULL);
        CHECK_CASE(cases[i].name, witness_last(house.witness).size == cases[i].last);
        house_close(&house);
    }
}

/* A caller who brings no proof is judged anew. */
static void test_cosign_between(void **state)
{
    static const struct {
        const char *name;
        uint64_t size, size_between;
        bool ok;
        uint64_t last;
    } cases[] = {
        {"a larger one", 10, 20, false, 20},
        {"a smaller one", 20, 10, true, 20},
        {"the same", 10, 10, true, 10},
    };
    (void)state;

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct err err = {0};
        struct house house;
        struct span line;

        house_open(&house);
        struct between between = {&house, house_body(&house, 0, cases[i].size_between), 0};
        struct checkpoint checkpoint = witness_world_checkpoint(&house.w, 1, cases[i].size, NEVER);
        house.w.meanwhile = ask_between;
        house.w.meanwhile_context = &between;
        bool ok = witness_cosign(house.witness, &checkpoint, (struct span){0}, &line, &arena, &err);
        CHECK_CASE(cases[i].name, between.status == 200 && ok == cases[i].ok);
        CHECK_CASE(cases[i].name, ok || err.kind == ERR_REFUSED);
        CHECK_CASE(cases[i].name, witness_last(house.witness).size == cases[i].last);
        house_close(&house);
    }
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_status), cmocka_unit_test(test_syntax), cmocka_unit_test(test_between),
    cmocka_unit_test(test_cosign_between)};
RUN_TESTS(tests)
