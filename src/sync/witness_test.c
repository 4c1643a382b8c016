#include "sync/witness_inside.h"

#include "base/test.h"
#include "codec/hex.h"
#include "ledger/statement.h"
#include "sync/witness_world.h"

#define NEVER WITNESS_WORLD_TRUE
#define TERM WITNESS_WORLD_NAME "/term/"
#define SECONDS 1790000000u
#define HASH "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"

static struct arena arena;

struct house { /* a witness, its disk and its log */
    struct witness_world w;
    struct disk *disk;
    struct witness *witness;
};

static void house_open_witness(struct house *house)
{
    const struct witness_options options = witness_world_options(&house->w, house->disk);
    struct err err = {0};

    if (!witness_open(&house->witness, &options, &err))
        fail_msg("%s", err.text);
}

static void house_open(struct house *house)
{
    *house = (struct house){.w = witness_world_make()};
    assert_true(disk_sim_open(&house->disk, 1));
    house_open_witness(house);
}

static void house_close(struct house *house)
{
    witness_close(house->witness);
    disk_close(house->disk);
    arena_reset(&arena);
}

static size_t files(struct house *house, const char *folder)
{
    struct disk_entry *entry;
    struct err err = {0};
    size_t count;

    assert_true(disk_list(house->disk, folder, &entry, &count, &arena, &err));
    return count;
}

static struct witness_reply ask(struct house *house, struct span body)
{
    struct witness_reply reply = {0};

    witness_add_checkpoint(house->witness, body, &reply, &arena);
    return reply;
}

/* One whole line of this witness's over that text, of that second. */
static bool is_line(const struct house *house, struct span line, struct span text, uint64_t seconds)
{
    const struct note_key key = note_signer_key(&house->w.witness);
    struct buf bytes = buf_in(&arena, 4096);
    struct err err = {0};
    struct note note;
    uint64_t got;

    buf_put(&bytes, text);
    buf_byte(&bytes, '\n');
    buf_put(&bytes, line);
    return note_parse(&note, buf_span(&bytes), &arena, &err) && note.count == 1 &&
           cosignature_verify(&got, text, &note.line[0], &key) && got == seconds;
}

static bool same(struct checkpoint a, struct checkpoint b)
{
    return strcmp(a.origin, b.origin) == 0 && a.size == b.size && hash_equal(a.root, b.root);
}

/* Has the witness cosign the log that is held at that size, of the last term known. */
static void cosign(struct house *house, uint64_t size)
{
    struct checkpoint checkpoint =
        witness_world_checkpoint(&house->w, house->w.terms, size, house->w.lies_from);
    struct err err = {0};
    struct span line;

    if (!witness_cosign(house->witness, &checkpoint, (struct span){0}, &line, &arena, &err))
        fail_msg("%s", err.text);
    assert_true(is_line(house, line, witness_world_text(&checkpoint, &arena), SECONDS));
}

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
            cosign(&house, q->before);
        house.w.held = q->held;
        house.w.reachable = q->reachable;
        struct checkpoint before = witness_last(house.witness);
        struct checkpoint asked = witness_world_checkpoint(&house.w, 1, q->size, q->lies_from);
        uint64_t changes = disk_sim_operations(house.disk);
        struct witness_reply reply = ask(&house, body_of(&house, q));
        char *text = arena_text(&arena, reply.body);

        if (reply.status != q->status)
            fail_msg("case \"%s\": %d %s", q->name, reply.status, text);
        CHECK_CASE(q->name, strstr(text, q->says) != NULL);
        CHECK_CASE(q->name,
                   (reply.status == 200) ==
                       is_line(&house, reply.body, witness_world_text(&asked, &arena), SECONDS));
        CHECK_CASE(q->name, strcmp(reply.type, reply.status == 409 ? "text/x.tlog.size"
                                                                   : "text/plain; "
                                                                     "charset=utf-8") == 0);
        CHECK_CASE(q->name, reply.status != 409 || strcmp(text, q->says) == 0);
        CHECK_CASE(q->name,
                   same(witness_last(house.witness), reply.status == 200 ? asked : before));
        CHECK_CASE(q->name, files(&house, "evidence") == q->evidence);
        CHECK_CASE(q->name, (disk_sim_operations(house.disk) > changes) ==
                                ((reply.status == 200 && !same(asked, before)) || q->evidence > 0));
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
        struct witness_reply reply = ask(&house, buf_span(&body));
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

    between->status = ask(between->house, between->body).status;
}

static void freeze_between(void *context)
{
    struct between *between = context;
    struct house *house = between->house;
    struct note_key log = note_signer_key(&house->w.log[1]);
    struct note_key promise = note_signer_key(&house->w.promise);
    struct checkpoint checkpoint = witness_world_checkpoint(&house->w, 1, 50, NEVER);
    const struct freeze freeze = {&checkpoint, log.name, note_key_text(&log, &arena),
                                  note_key_text(&promise, &arena)};
    struct err err = {0};
    struct span note;

    between->status = witness_freeze(house->witness, &freeze, &house->w.node, &note, &arena, &err);
}

static struct span good_body(struct house *house, uint64_t old, uint64_t size)
{
    struct checkpoint checkpoint = witness_world_checkpoint(&house->w, 1, size, NEVER);

    return witness_world_body(old, size, NEVER,
                              witness_world_note(&checkpoint, &house->w.log[0], &arena), &arena);
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
        cosign(&house, 5);
        struct between between = {.house = &house};
        if (cases[i].size_between > 0)
            between.body = good_body(&house, 5, cases[i].size_between);
        /* The first call of root is before the state is judged again in hold. */
        house.w.meanwhile = cases[i].size_between > 0 ? ask_between : freeze_between;
        house.w.meanwhile_context = &between;
        struct witness_reply reply = ask(&house, good_body(&house, 5, cases[i].size));
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
        struct between between = {&house, good_body(&house, 0, cases[i].size_between), 0};
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

/* Cosigning without being asked over HTTP. */
static void test_cosign(void **state)
{
    static const struct {
        const char *name;
        uint64_t before, held, lies_from; /* lies_from: of the log held now */
        unsigned terms, term;
        uint64_t size, asked_lies_from;
        enum err_kind kind;
        size_t evidence;
    } cases[] = {
        {"the first", 0, 100, NEVER, 1, 1, 9, NEVER, ERR_NONE, 0},
        {"the next", 5, 100, NEVER, 1, 1, 9, NEVER, ERR_NONE, 0},
        {"the same again", 9, 100, NEVER, 1, 1, 9, NEVER, ERR_NONE, 0},
        {"smaller", 9, 100, NEVER, 1, 1, 8, NEVER, ERR_REFUSED, 0},
        {"the same, another root", 9, 100, NEVER, 1, 1, 9, 3, ERR_CONFLICT, 1},
        {"larger, another root", 5, 100, NEVER, 1, 1, 9, 3, ERR_CONFLICT, 1},
        {"not held", 5, 8, NEVER, 1, 1, 9, NEVER, ERR_MISSING, 0},
        {"what was cosigned is not in it", 5, 100, 3, 1, 1, 9, 3, ERR_REFUSED, 0},
        {"what was cosigned is in it still", 5, 100, 7, 1, 1, 9, 7, ERR_NONE, 0},
        {"the next term", 5, 100, NEVER, 2, 2, 9, NEVER, ERR_NONE, 0},
        {"the next term, cut back", 50, 100, 30, 2, 2, 40, 30, ERR_NONE, 0},
        {"the term before, of the log", 5, 100, NEVER, 2, 1, 9, NEVER, ERR_REFUSED, 0},
        {"the term before, gone on alone", 5, 100, NEVER, 2, 1, 9, 6, ERR_REFUSED, 0},
        {"a term that is not known", 5, 100, NEVER, 1, 2, 9, NEVER, ERR_REFUSED, 0},
        {"no term at all", 0, 100, NEVER, 0, 1, 9, NEVER, ERR_REFUSED, 0},
    };
    (void)state;

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct house house;
        struct err err = {0};
        struct span line = {0};

        house_open(&house);
        if (cases[i].before > 0)
            cosign(&house, cases[i].before);
        house.w.held = cases[i].held;
        house.w.lies_from = cases[i].lies_from;
        house.w.terms = cases[i].terms;
        struct checkpoint before = witness_last(house.witness);
        struct checkpoint checkpoint = witness_world_checkpoint(
            &house.w, cases[i].term, cases[i].size, cases[i].asked_lies_from);
        struct span note = witness_world_note(&checkpoint, &house.w.log[cases[i].term - 1], &arena);
        bool ok = witness_cosign(house.witness, &checkpoint, note, &line, &arena, &err);
        if ((ok ? ERR_NONE : err.kind) != cases[i].kind)
            fail_msg("case \"%s\": %s", cases[i].name, err.text);
        CHECK_CASE(cases[i].name,
                   ok == is_line(&house, line, witness_world_text(&checkpoint, &arena), SECONDS));
        CHECK_CASE(cases[i].name, same(witness_last(house.witness), ok ? checkpoint : before));
        CHECK_CASE(cases[i].name, files(&house, "evidence") == cases[i].evidence);
        CHECK_CASE(cases[i].name, house.w.holds == 0);
        house_close(&house);
    }
}

static void test_clock(void **state)
{
    static const struct {
        const char *name;
        int64_t now_ms;
        uint64_t seconds; /* 0: none */
    } cases[] = {
        {"the first second", 1000, 1},
        {"rounded down", 1999, 1},
        {"the last second", INT64_C(9007199254740999), UINT64_C(9007199254740)},
        {"second zero", 999, 0},
        {"before 1970", -1000, 0},
        {"past the last", INT64_C(9007199254741000), 0},
        {"the end of time", INT64_MAX, 0},
        {"the beginning of time", INT64_MIN, 0},
    };
    (void)state;

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct house house;

        house_open(&house);
        house.w.now_ms = cases[i].now_ms;
        struct checkpoint checkpoint = witness_world_checkpoint(&house.w, 1, 9, NEVER);
        struct witness_reply reply = ask(&house, good_body(&house, 0, 9));
        CHECK_CASE(cases[i].name, reply.status == (cases[i].seconds ? 200 : 503));
        CHECK_CASE(cases[i].name,
                   !cases[i].seconds ||
                       is_line(&house, reply.body, witness_world_text(&checkpoint, &arena),
                               cases[i].seconds));
        CHECK_CASE(cases[i].name, witness_last(house.witness).size == (cases[i].seconds ? 9 : 0));
        house_close(&house);
    }
}

/* A clock that is set back cosigns nothing until it has caught up, nor does the next process. */
static void test_clock_back(void **state)
{
    static const struct {
        const char *name;
        int64_t now_s;
        uint64_t size;
        int status;
    } steps[] = {
        {"the first", 10000, 5, 200},
        {"an hour back", 10000 - 3600, 9, 503},
        {"a second back", 9999, 9, 503},
        {"a second back, the same size", 9999, 5, 503},
        {"the same second", 10000, 9, 200},
        {"the same size, later", 20000, 9, 200},
        {"later than the first, not than the last", 15000, 10, 503},
        {"as late as the last", 20000, 10, 200},
    };
    struct house house;
    (void)state;

    house_open(&house);
    for (size_t i = 0; i < ARRAY_LEN(steps); i++) {
        uint64_t before = witness_last(house.witness).size;

        house.w.now_ms = steps[i].now_s * 1000;
        struct witness_reply reply = ask(&house, good_body(&house, before, steps[i].size));
        char *text = arena_text(&arena, reply.body);
        if (reply.status != steps[i].status)
            fail_msg("case \"%s\": %d %s", steps[i].name, reply.status, text);
        CHECK_CASE(steps[i].name, reply.status == 200 || strstr(text, "behind the last"));
        CHECK_CASE(steps[i].name, witness_last(house.witness).size ==
                                      (reply.status == 200 ? steps[i].size : before));
        witness_close(house.witness);
        house_open_witness(&house);
    }
    house_close(&house);
}

/* A log that lies more often than there is room for. */
static void test_evidence(void **state)
{
    struct house house;
    struct err none = {0};
    (void)state;

    house_open(&house);
    assert_true(disk_replace(house.disk, "evidence/promise-1", SPAN_LIT("another's"), true, &none));
    for (uint64_t from = 0; from < 30; from++) {
        struct checkpoint checkpoint = witness_world_checkpoint(&house.w, 1, 40, from);
        struct span note = witness_world_note(&checkpoint, &house.w.log[0], &arena);
        struct span body = witness_world_body(0, 40, from, note, &arena), kept;
        struct hash hash = hash_of(witness_world_text(&checkpoint, &arena));
        char hex[65], path[96];
        struct err err = {0};

        for (int again = 0; again < 2; again++)
            assert_int_equal(ask(&house, body).status, 422);
        assert_int_equal(files(&house, "evidence"), 1 + (from < 16 ? from + 1 : 16));
        hex_text(hex, hash_span(&hash));
        snprintf(path, sizeof path, "evidence/checkpoint-40-%.16s", hex);
        assert_int_equal(disk_read(house.disk, path, 10000, &kept, &arena, &err), from < 16);
        assert_true(from >= 16 || span_equal(kept, note));
        witness_close(house.witness); /* it counts them again */
        house_open_witness(&house);
    }
    assert_int_equal(witness_last(house.witness).size, 0);
    house_close(&house);
}

/* Freezing. */

enum next { LOG_2, LOG_3, LOG_2_FOR_3, WITNESS_KEY, NO_KEY };

static const char *next_key(struct house *house, enum next next)
{
    struct note_signer signer = house->w.log[next == LOG_3 ? 2 : 1];

    if (next == NO_KEY)
        return "no key";
    if (next == WITNESS_KEY)
        signer = house->w.witness;
    struct note_key key = note_signer_key(&signer);
    return note_key_text(&key, &arena);
}

struct freezing {
    const char *name;
    uint64_t size, lies_from;
    const char *next_origin;
    enum next next_log_key;
    bool promise_key;
    enum err_kind kind;
};

static bool freeze(struct house *house, unsigned term, const struct freezing *f, struct span *out,
                   struct err *err)
{
    struct checkpoint checkpoint = witness_world_checkpoint(&house->w, term, f->size, f->lies_from);
    struct note_key promise =
        note_signer_key(f->promise_key ? &house->w.promise : &house->w.witness);
    const struct freeze freeze = {&checkpoint, f->next_origin, next_key(house, f->next_log_key),
                                  note_key_text(&promise, &arena)};

    return witness_freeze(house->witness, &freeze, &house->w.node, out, &arena, err);
}

static void test_freeze(void **state)
{
    static const struct freezing cases[] = {
        {"as large as cosigned", 9, NEVER, TERM "2", LOG_2, true, ERR_NONE},
        {"larger", 12, NEVER, TERM "2", LOG_2, true, ERR_NONE},
        {"for the term after next", 9, NEVER, TERM "3", LOG_3, true, ERR_NONE},
        {"smaller than cosigned", 8, NEVER, TERM "2", LOG_2, true, ERR_REFUSED},
        {"another tree", 12, 3, TERM "2", LOG_2, true, ERR_CONFLICT},
        {"not held", 101, NEVER, TERM "2", LOG_2, true, ERR_MISSING},
        {"for itself", 9, NEVER, TERM "1", LOG_2, true, ERR_USAGE},
        {"for a term before all", 9, NEVER, TERM "0", LOG_2, true, ERR_USAGE},
        {"for another agreement's", 9, NEVER, "south/term/2", LOG_2, true, ERR_USAGE},
        {"for no term", 9, NEVER, WITNESS_WORLD_NAME, LOG_2, true, ERR_USAGE},
        {"for no name", 9, NEVER, TERM "2 ", LOG_2, true, ERR_USAGE},
        {"for a number with a zero before it", 9, NEVER, TERM "02", LOG_2, true, ERR_USAGE},
        {"another origin's key", 9, NEVER, TERM "3", LOG_2, true, ERR_USAGE},
        {"a witness's key", 9, NEVER, TERM "2", WITNESS_KEY, true, ERR_USAGE},
        {"no key", 9, NEVER, TERM "2", NO_KEY, true, ERR_USAGE},
        {"a witness's key to promise", 9, NEVER, TERM "2", LOG_2, false, ERR_USAGE},
    };
    (void)state;

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct statement statement;
        struct house house;
        struct err err = {0}, none = {0};
        struct span note = {0};

        house_open(&house);
        const struct note_key node = note_signer_key(&house.w.node);
        cosign(&house, 9);
        bool ok = freeze(&house, 1, &cases[i], &note, &err);
        if ((ok ? ERR_NONE : err.kind) != cases[i].kind)
            fail_msg("case \"%s\": %d %s", cases[i].name, err.kind, err.text);
        CHECK_CASE(cases[i].name, files(&house, "frozen") == ok);
        CHECK_CASE(cases[i].name, ask(&house, good_body(&house, 9, 20)).status == (ok ? 404 : 200));
        CHECK_CASE(cases[i].name,
                   !ok ||
                       (statement_parse(&statement, note, &arena, &none) &&
                        statement_verify(&statement, &node) && span_is(statement.word, "freeze") &&
                        json_get_integer(&statement.members, "size", 0) == (int64_t)cases[i].size));
        house_close(&house);
    }
}

/* One note a next origin, before and after a new start; what is frozen stays so. */
static void test_freeze_again(void **state)
{
    static const struct {
        struct freezing f;
        bool same; /* as the first note */
    } cases[] = {
        {{"the same", 9, NEVER, TERM "2", LOG_2, true, ERR_NONE}, true},
        {{"another size", 10, NEVER, TERM "2", LOG_2, true, ERR_REFUSED}, false},
        {{"for another term", 10, NEVER, TERM "3", LOG_3, true, ERR_NONE}, false},
        {{"that one again", 10, NEVER, TERM "3", LOG_3, true, ERR_NONE}, false},
        {{"that one, smaller", 9, NEVER, TERM "3", LOG_3, true, ERR_REFUSED}, false},
        {{"the first again", 9, NEVER, TERM "2", LOG_2, true, ERR_NONE}, true},
    };
    struct house house;
    struct err err = {0};
    struct span first, note;
    (void)state;

    house_open(&house);
    cosign(&house, 9);
    assert_true(freeze(&house, 1, &cases[0].f, &first, &err));
    for (size_t i = 0; i < 2 * ARRAY_LEN(cases); i++) {
        const struct freezing *f = &cases[i % ARRAY_LEN(cases)].f;
        struct err why = {0};

        bool ok = freeze(&house, 1, f, &note, &why);
        CHECK_CASE(f->name, (ok ? ERR_NONE : why.kind) == f->kind);
        CHECK_CASE(f->name, (ok && span_equal(note, first)) == cases[i % ARRAY_LEN(cases)].same);
        CHECK_CASE(f->name, ask(&house, good_body(&house, 9, 20)).status == 404);
        witness_close(house.witness);
        house_open_witness(&house);
    }
    assert_int_equal(files(&house, "frozen"), 2);

    /* The next term is cosigned, and what is over is not frozen anew. */
    house.w.terms = 2;
    cosign(&house, 30);
    static const struct freezing late = {"late", 9, NEVER, TERM "3", LOG_3, true, 0};
    assert_true(freeze(&house, 1, &cases[0].f, &note, &err) && span_equal(note, first));
    assert_false(freeze(&house, 1, &late, &note, &err));
    assert_int_equal(err.kind, ERR_REFUSED);
    assert_int_equal(witness_last(house.witness).size, 30);
    house_close(&house);
}

/* A witness that hears of the hand-over only from the log freezes nothing of what is over. */
static void test_freeze_of_the_past(void **state)
{
    static const struct freezing late = {"late", 9, NEVER, TERM "3", LOG_3, true, 0};
    struct house house;
    struct err err = {0};
    struct span note;
    (void)state;

    house_open(&house);
    cosign(&house, 9);
    house.w.terms = 2;
    assert_false(freeze(&house, 1, &late, &note, &err));
    assert_int_equal(err.kind, ERR_REFUSED);
    assert_int_equal(files(&house, "frozen"), 0);
    house_close(&house);
}

/* Recalling. */

static void test_recall(void **state)
{
    static const struct {
        const char *name;
        uint64_t before;
        unsigned term;
        uint64_t size, lies_from;
        const char *how; /* "ours", "stranger", "broken", "garbage", "other" */
        enum err_kind kind;
        uint64_t last;
    } cases[] = {
        {"larger", 5, 1, 9, NEVER, "ours", ERR_NONE, 9},
        {"nothing was known", 0, 1, 9, NEVER, "ours", ERR_NONE, 9},
        {"as large", 9, 1, 9, NEVER, "ours", ERR_NONE, 9},
        {"smaller", 9, 1, 5, NEVER, "ours", ERR_NONE, 9},
        {"smaller, of a later term", 9, 2, 5, NEVER, "ours", ERR_NONE, 5},
        {"as large, another tree", 9, 1, 9, 3, "ours", ERR_CONFLICT, 9},
        {"larger, another tree", 5, 1, 9, 3, "ours", ERR_NONE, 9},
        {"without a line of ours", 5, 1, 9, NEVER, "stranger", ERR_NONE, 5},
        {"our line over another text", 5, 1, 9, NEVER, "broken", ERR_NONE, 5},
        {"our line behind a broken one", 5, 1, 9, NEVER, "behind", ERR_NONE, 9},
        {"no note", 5, 1, 9, NEVER, "garbage", ERR_NONE, 5},
        {"another agreement", 5, 1, 9, NEVER, "other", ERR_NONE, 5},
    };
    (void)state;

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct house house;
        struct err err = {0};
        const char *how = cases[i].how;

        house_open(&house);
        if (cases[i].before > 0)
            cosign(&house, cases[i].before);
        struct checkpoint checkpoint =
            witness_world_checkpoint(&house.w, cases[i].term, cases[i].size, cases[i].lies_from);
        if (strcmp(how, "other") == 0)
            memcpy(checkpoint.origin, "south/term/1", sizeof "south/term/1");
        struct span text = witness_world_text(&checkpoint, &arena);
        struct buf note = buf_in(&arena, 10000);
        buf_put(&note, witness_world_note(&checkpoint, &house.w.log[0], &arena));
        if (strcmp(how, "broken") == 0 || strcmp(how, "behind") == 0)
            cosignature_put_line(&note, SPAN_LIT("another text\n"), 7, &house.w.witness, &arena);
        if (strcmp(how, "ours") == 0 || strcmp(how, "behind") == 0 || strcmp(how, "other") == 0)
            cosignature_put_line(&note, text, 7, &house.w.witness, &arena);
        struct span shown = strcmp(how, "garbage") == 0 ? SPAN_LIT("?\n") : buf_span(&note);

        bool ok = witness_recall(house.witness, shown, &err);
        CHECK_CASE(cases[i].name, (ok ? ERR_NONE : err.kind) == cases[i].kind);
        for (int again = 0; again < 2; again++) {
            CHECK_CASE(cases[i].name, witness_last(house.witness).size == cases[i].last);
            witness_close(house.witness);
            house_open_witness(&house);
        }
        /* A log that is not the one recalled is not cosigned, wherever it goes on to. */
        if (cases[i].last == 9 && cases[i].lies_from != NEVER && ok) {
            struct checkpoint larger = witness_world_checkpoint(&house.w, 1, 50, NEVER);
            CHECK_CASE(cases[i].name, !witness_cosign(house.witness, &larger, (struct span){0},
                                                      &text, &arena, &err));
            CHECK_CASE(cases[i].name, ask(&house, good_body(&house, 9, 50)).status == 422);
        }
        house_close(&house);
    }
}

/* The time of what is recalled counts, whatever its size. */
static void test_recall_time(void **state)
{
    static const struct {
        const char *name;
        uint64_t size, seconds;
        int64_t now_s;
        bool ok;
    } cases[] = {
        {"larger and later", 12, 3000, 2999, false},
        {"smaller and later", 5, 3000, 2999, false},
        {"as large and later", 9, 3000, 2999, false},
        {"larger and earlier", 12, 500, 999, false},
        {"larger and later, now", 12, 3000, 3000, true},
        {"smaller and later, now", 5, 3000, 3000, true},
        {"smaller and earlier", 5, 500, 1000, true},
    };
    (void)state;

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct checkpoint larger, given;
        struct buf note = buf_in(&arena, 10000);
        struct house house;
        struct err err = {0};
        struct span line;

        house_open(&house);
        house.w.now_ms = 1000 * 1000;
        larger = witness_world_checkpoint(&house.w, 1, 9, NEVER);
        assert_true(witness_cosign(house.witness, &larger, (struct span){0}, &line, &arena, &err));
        given = witness_world_checkpoint(&house.w, 1, cases[i].size, NEVER);
        buf_put(&note, witness_world_note(&given, &house.w.log[0], &arena));
        cosignature_put_line(&note, witness_world_text(&given, &arena), cases[i].seconds,
                             &house.w.witness, &arena);
        assert_true(witness_recall(house.witness, buf_span(&note), &err));
        witness_close(house.witness);
        house_open_witness(&house);
        CHECK_CASE(cases[i].name,
                   witness_last(house.witness).size == (cases[i].size > 9 ? cases[i].size : 9));
        house.w.now_ms = cases[i].now_s * 1000;
        larger = witness_world_checkpoint(&house.w, 1, 20, NEVER);
        CHECK_CASE(cases[i].name, witness_cosign(house.witness, &larger, (struct span){0}, &line,
                                                 &arena, &err) == cases[i].ok);
        house_close(&house);
    }
}

/* What opening finds. */

static void check_opening(struct house *house, const char *name, enum err_kind kind)
{
    const struct witness_options options = witness_world_options(&house->w, house->disk);
    struct err err = {0};

    witness_close(house->witness);
    house->witness = NULL;
    bool ok = witness_open(&house->witness, &options, &err);
    if ((ok ? ERR_NONE : err.kind) != kind)
        fail_msg("case \"%s\": %d %s", name, err.kind, err.text);
}

static void test_open(void **state)
{
    static const struct {
        const char *name, *path, *text;
        bool origin; /* the text is the origin of a file that is whole */
        enum err_kind kind;
    } cases[] = {
        {"nothing", "other", "x", false, ERR_NONE},
        {"an empty file", "witness", "", false, ERR_MALFORMED},
        {"half of one", "witness", TEXT, false, ERR_MALFORMED},
        {"this agreement's", "witness", TERM "1", true, ERR_NONE},
        {"a later term's", "witness", TERM "7", true, ERR_NONE},
        {"another agreement's", "witness", "south/term/1", true, ERR_CONFLICT},
        {"no term's", "witness", WITNESS_WORLD_NAME, true, ERR_CONFLICT},
        {"the zeroth term's", "witness", TERM "0", true, ERR_CONFLICT},
        {"too long", "witness", FOUR(FOUR(TEXT)), false, ERR_LIMIT},
        {"no freeze note, and not by its name", "frozen/x.note", "x", false, ERR_MALFORMED},
        {"no freeze note, by its name",
         "frozen/2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881.note", "x", false,
         ERR_MALFORMED},
        {"an empty one",
         "frozen/e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855.note", "", false,
         ERR_MALFORMED},
        {"whatever in evidence", "evidence/x", "x", false, ERR_NONE},
    };
    (void)state;

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct cosigned cosigned = {.checkpoint.size = 9, .seconds = 1};
        struct house house;
        struct err err = {0};

        house_open(&house);
        struct span bytes = span_of(cases[i].text);
        memcpy(cosigned.checkpoint.origin, bytes.at, cases[i].origin ? bytes.len : 0);
        if (cases[i].origin)
            bytes = witness_file_encode(&cosigned, &arena);
        assert_true(disk_replace(house.disk, cases[i].path, bytes, true, &err));
        check_opening(&house, cases[i].name, cases[i].kind);
        house_close(&house);
    }
}

/* No bit of what it remembers can turn without being noticed. */
static void test_rot(void **state)
{
    static const struct freezing f = {"", 9, NEVER, TERM "2", LOG_2, true, ERR_NONE};
    (void)state;

    for (uint64_t seed = 0; seed < 60; seed++) {
        struct disk_entry *entry;
        struct house house;
        struct err err = {0};
        struct span note;
        size_t count;

        house_open(&house);
        cosign(&house, 9);
        assert_true(freeze(&house, 1, &f, &note, &err));
        assert_true(disk_list(house.disk, "frozen", &entry, &count, &arena, &err));
        check_opening(&house, "not rotten", ERR_NONE);
        disk_sim_rot(house.disk, seed % 2 ? "witness" : entry->path, seed);
        check_opening(&house, seed % 2 ? "witness" : entry->path, ERR_MALFORMED);
        house_close(&house);
    }
}

/* Notes that are well made, and not what this witness can have signed. */
static void test_frozen_by_others(void **state)
{
    static const struct freezing f = {"", 9, NEVER, TERM "2", LOG_2, true, ERR_NONE};
    static const struct freezing other = {"", 12, NEVER, TERM "2", LOG_2, true, ERR_NONE};
    static const char *const names[] = {"another agreement's", "a second one for a term"};
    (void)state;

    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        struct house house, elsewhere;
        struct disk_entry *entry;
        struct err err = {0};
        struct span note;
        size_t count;

        house_open(&house);
        house_open(&elsewhere);
        assert_true(freeze(&house, 1, &f, &note, &err));
        assert_true(freeze(&elsewhere, 1, i ? &other : &f, &note, &err));
        if (i == 0) { /* signed for another agreement */
            struct buf text = buf_in(&arena, 4096);
            const char *rest = strchr(arena_text(&arena, note), '\n');
            buf_printf(&text, "south%.*s\n", (int)(strstr(rest, "\n\n") - rest), rest);
            note = note_sign(buf_span(&text), &house.w.node, &arena);
            struct hash hash = hash_of(note);
            char hex[65];
            hex_text(hex, hash_span(&hash));
            assert_true(disk_replace(house.disk, arena_printf(&arena, "frozen/%s.note", hex), note,
                                     true, &err));
        } else {
            assert_true(disk_list(elsewhere.disk, "frozen", &entry, &count, &arena, &err));
            assert_true(disk_replace(house.disk, entry->path, note, true, &err));
        }
        check_opening(&house, names[i], ERR_CONFLICT);
        house_close(&house);
        witness_close(elsewhere.witness);
        disk_close(elsewhere.disk);
    }
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_status),
    cmocka_unit_test(test_syntax),
    cmocka_unit_test(test_between),
    cmocka_unit_test(test_cosign_between),
    cmocka_unit_test(test_cosign),
    cmocka_unit_test(test_clock),
    cmocka_unit_test(test_clock_back),
    cmocka_unit_test(test_evidence),
    cmocka_unit_test(test_freeze),
    cmocka_unit_test(test_freeze_again),
    cmocka_unit_test(test_freeze_of_the_past),
    cmocka_unit_test(test_recall),
    cmocka_unit_test(test_recall_time),
    cmocka_unit_test(test_open),
    cmocka_unit_test(test_rot),
    cmocka_unit_test(test_frozen_by_others),
};
RUN_TESTS(tests)
