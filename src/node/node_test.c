#include "node/node.h"

#include "base/test.h"
#include "net/http.h"
#include "net/listen.h"
#include "node/house.h"

/* --- who holds a directory --- */

static void answer_anything(void *context, const struct http_request *request,
                            struct http_response *response)
{
    (void)context;
    (void)request;
    response->body = SPAN_LIT("{}");
}

/* A socket's file whose process is gone. */
static void leave_socket(struct house *h)
{
    struct err err = {0};
    int fd;

    house_ok(listen_unix(&fd, house_path(h, "socket"), &err), &err);
    close(fd);
}

static struct http_server *answer_at_socket(struct house *h)
{
    struct http_options options = {.socket_path = house_path(h, "socket"),
                                   .body_limit = 1,
                                   .threads = 1,
                                   .handler = answer_anything};
    struct http_server *server;
    struct err err = {0};

    house_ok(http_start(&server, &options, &err), &err);
    return server;
}

enum socket { NO_SOCKET, DEAD_SOCKET, LIVE_SOCKET };

static void test_holding(void **state)
{
    static const struct {
        const char *name;
        bool locked; /* by somebody else */
        enum socket socket;
        bool opens, holds;
    } cases[] = {
        {"nobody is there", false, NO_SOCKET, true, true},
        {"nobody, and a dead server's socket", false, DEAD_SOCKET, true, true},
        {"a server", true, LIVE_SOCKET, true, false},
        {"somebody who serves nothing", true, NO_SOCKET, false, false},
        {"somebody else, and a dead server's socket", true, DEAD_SOCKET, false, false},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct house *h = house_build(i);
        struct http_server *server = NULL;
        struct node *node = NULL;
        struct disk *other;
        struct err err = {0};

        house_ok(disk_open(&other, h->scratch.path, false, &err), &err);
        if (cases[i].locked)
            house_ok(disk_lock(other, &err), &err);
        if (cases[i].socket == DEAD_SOCKET)
            leave_socket(h);
        if (cases[i].socket == LIVE_SOCKET)
            server = answer_at_socket(h);
        bool ok = node_open(&node, h->scratch.path, NULL, NULL, &err);
        CHECK_CASE(cases[i].name, ok == cases[i].opens);
        CHECK_CASE(cases[i].name, !ok || node_holds(node) == cases[i].holds);
        CHECK_CASE(cases[i].name, ok || (err.kind == ERR_CONFLICT &&
                                         strstr(err.text, "no server answers") != NULL));
        node_close(node);
        http_stop(server);
        disk_close(other);
        house_end(h);
    }
}

/* --- beside a process that holds the node, and goes into another term --- */

static const char *vkeys(struct house *h, const struct note_signer *const *key, size_t count)
{
    const char *text = "";

    for (size_t i = 0; i < count; i++)
        text = arena_printf(&h->arena, "%s%.*s\n", text, SPAN_ARG(world_vkey(key[i], &h->arena)));
    return text;
}

static void put_checkpoint(struct house *h, const char *origin, const struct note_signer *key)
{
    struct checkpoint checkpoint = {.size = 7, .root = merkle_empty()};
    struct buf text = buf_in(&h->arena, LIMIT_CHECKPOINT_BYTES);

    snprintf(checkpoint.origin, sizeof checkpoint.origin, "%s", origin);
    checkpoint_put(&text, &checkpoint);
    house_write(h, "log/checkpoint", note_sign(buf_span(&text), key, &h->arena));
}

static void test_checkpoint_beside(void **state)
{
    static const struct {
        const char *name, *origin;
        size_t keys;  /* in log.vkey by then */
        bool by_next; /* who signed it; else by the key of term 1 */
        const char *fault;
    } cases[] = {
        {"the term that it was opened in", WORLD_NAME "/term/1", 1, false, ""},
        {"that, and another is known by now", WORLD_NAME "/term/1", 2, false, ""},
        {"a term that has come since", WORLD_NAME "/term/2", 2, true, ""},
        {"a term whose key has not come", WORLD_NAME "/term/2", 1, true, "none that is known"},
        {"that term, signed by the key before", WORLD_NAME "/term/2", 2, false, "sign"},
        {"the term before, signed by the next key", WORLD_NAME "/term/1", 2, true, "sign"},
        {"no term of any log here", "another.invalid/term/2", 2, true, "none that is known"},
        {"no key is left", WORLD_NAME "/term/2", 0, true, "log.vkey"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct house *h = house_build(i);
        struct http_server *server = answer_at_socket(h);
        struct checkpoint got;
        struct note_signer next;
        struct node *node = NULL;
        struct disk *other;
        struct span note;
        struct err err = {0};

        house_ok(disk_open(&other, h->scratch.path, false, &err) && disk_lock(other, &err) &&
                     node_open(&node, h->scratch.path, NULL, NULL, &err),
                 &err);
        world_key(h->world, &next, WORLD_NAME "/term/2");
        const struct note_signer *const keys[] = {&h->world->log, &next};
        struct note_signer by = cases[i].by_next ? next : h->world->log;
        snprintf(by.name, sizeof by.name, "%s", cases[i].origin);
        house_write(h, "log.vkey", span_of(vkeys(h, keys, cases[i].keys)));
        put_checkpoint(h, cases[i].origin, &by);
        bool ok = node_checkpoint(node, &got, &note, &h->arena, &err);
        CHECK_CASE(cases[i].name, ok == (cases[i].fault[0] == '\0'));
        CHECK_CASE(cases[i].name, ok ? got.size == 7 && err.kind == ERR_NONE
                                     : strstr(err.text, cases[i].fault) != NULL);
        node_close(node);
        http_stop(server);
        disk_close(other);
        house_end(h);
    }
}

static void test_open_refuses(void **state)
{
    static const struct {
        const char *name, *file, *text; /* what stands in the file instead; NULL: it is gone */
        const char *fault;
    } cases[] = {
        {"no settings", "sulh.toml", NULL, "it has no sulh.toml"},
        {"settings that are none", "sulh.toml", "x", "sulh.toml"},
        {"no log.vkey", "log.vkey", NULL, "log.vkey"},
        {"two keys", "log.vkey", "a\nb\n", "log.vkey"},
        {"no key", "log.vkey", "a\n", "log.vkey"},
        {"the operator's key is gone", "keys/obs/node.key", NULL, "no key \"obs/node\""},
        {"it is another's", "keys/obs/node.key", "x\n", "obs/node.key"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct house *h = house_build(i);
        const char *path = house_path(h, cases[i].file);
        struct node *node = NULL;
        struct err err = {0};

        if (cases[i].text) {
            FILE *file = fopen(path, "w");
            CHECK_CASE(cases[i].name, file && fputs(cases[i].text, file) >= 0 && !fclose(file));
        } else {
            CHECK_CASE(cases[i].name, remove(path) == 0);
        }
        CHECK_CASE(cases[i].name, !node_open(&node, h->scratch.path, NULL, NULL, &err));
        CHECK_CASE(cases[i].name, strstr(err.text, cases[i].fault) != NULL);
        CHECK_CASE(cases[i].name, strncmp(err.text, h->scratch.path, strlen(h->scratch.path)) == 0);
        house_end(h);
    }
}

/* --- public parts: nobody checks one before its record is logged --- */

struct seen {
    uint64_t index;
    bool here;
    size_t members;
};

static bool observe(void *context, struct store_tx *tx, uint64_t index, const struct record *record,
                    const struct effects *effects, struct parts *parts, struct arena *arena,
                    struct err *err)
{
    struct seen *seen = context;
    struct json content;

    (void)tx;
    if (!record || effects->verdict == VERDICT_VOID)
        return true;
    seen->index = index;
    if (!node_public(parts, record, &content, &seen->here, arena, err))
        return false;
    seen->members = content.object.count;
    return true;
}

/* A report whose public part is these bytes. */
static struct submission report_with(struct house *h, struct span bytes)
{
    static const uint8_t salt[PART_SALT_BYTES] = {1};
    struct world_signer *by = &h->world->author[0];
    struct json body = json_object();
    struct span *part = ARENA_NEW(&h->arena, struct span);
    struct submission out = {.part = part, .part_count = 1};
    struct err err = {0};

    json_set(&body, "type", json_text("shelling"), &h->arena);
    *part = part_make(&body, salt, bytes, &h->arena);
    struct record_draft draft = {.agreement = SPAN_LIT(WORLD_NAME),
                                 .kind = "incident.report",
                                 .version = 1,
                                 .by = span_of(by->signer.name),
                                 .seq = by->seq + 1,
                                 .prev = span_of(by->seq ? by->prev : h->world->id),
                                 .seen_root = merkle_empty(),
                                 .body = body};
    struct record record;

    house_ok(record_sign(&out.note, &draft, &by->signer, &h->arena, &err) &&
                 record_parse(&record, out.note, &h->arena, &err),
             &err);
    by->seq++;
    memcpy(by->prev, record.id_text, sizeof by->prev);
    return out;
}

static void test_public_part(void **state)
{
    static const struct {
        const char *name, *bytes;
        bool comes; /* with its record */
        bool here;
        size_t members;
    } cases[] = {
        {"of the kind's shape", "{\"summary\":\"x\"}", true, true, 1},
        {"no members", "{}", true, true, 0},
        {"never handed in", "{\"summary\":\"y\"}", false, false, 0},
        {"no JSON", "\377\376", true, false, 0},
        {"nothing", "", true, false, 0},
        {"not canonical", "{ \"summary\":\"x\"}", true, false, 0},
        {"an array", "[]", true, false, 0},
        {"a number", "1", true, false, 0},
        {"a field of another type", "{\"summary\":1}", true, false, 0},
        {"out of its bounds", "{\"lat_e7\":900000001}", true, false, 0},
        {"a field that there is not", "{\"sumary\":\"x\"}", true, false, 0},
        {"a field of the entry", "{\"type\":\"x\"}", true, false, 0},
    };
    struct house *h = house_build(1);
    struct seen seen = {0};
    struct journal_view view = {observe, &seen};
    struct node *node = house_open(h, &view);
    struct err err = {0};

    (void)state;
    house_found(h, node);
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct submission one = report_with(h, span_of(cases[i].bytes));
        struct answer answer;

        if (!cases[i].comes)
            one.part_count = 0;
        CHECK_CASE(cases[i].name, node_submit(node, &one, 1, &answer, &h->arena, &err));
        CHECK_CASE(cases[i].name, answer.kind == ANSWER_LOGGED && seen.index == answer.index);
        CHECK_CASE(cases[i].name, seen.here == cases[i].here);
        CHECK_CASE(cases[i].name, seen.members == cases[i].members);
    }
    assert_true(node_settle(node, &err)); /* none of them has stopped the node */
    node_close(node);
    node_close(house_open(h, &view));
    house_end(h);
}

/* --- handing in where nobody serves --- */

#define PEER_SETTINGS "[[peer]]\nname = \"far/node\"\nurl = \"http://127.0.0.1:1\"\n"

static void no_answers(void *context, struct call *call, size_t count, unsigned patience_ms,
                       bool (*enough)(void *context), void *enough_context, struct arena *arena)
{
    (void)context;
    (void)patience_ms;
    (void)enough;
    (void)enough_context;
    (void)arena;
    for (size_t i = 0; i < count; i++)
        err_set(&call[i].err, ERR_IO, "nobody is there");
}

/* Whoever keeps the log signs nothing before the others could say that they hold more. */
static void test_submit_alone(void **state)
{
    static const struct {
        const char *name;
        bool keeps, peers, in_touch;
        const char *fault; /* "": none, and */
        enum answer_kind answer;
    } cases[] = {
        {"keeps the log, alone in the world", true, false, false, "", ANSWER_LOGGED},
        {"keeps it, and is in touch", true, true, true, "", ANSWER_LOGGED},
        {"keeps it, has peers, and is not", true, true, false, "run sulh serve", 0},
        {"follows, and is not: the record waits", false, true, false, "", ANSWER_LATER},
        {"follows, and has nobody to follow", false, false, false, "", ANSWER_LATER},
    };
    const struct transport transport = {no_answers, NULL};

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct house *h = house_build(i);
        struct node *node = house_open(h, NULL);
        struct answer answer;
        struct err err = {0};

        house_found(h, node);
        uint64_t before = house_entries(h, node);
        node_close(node);
        const char *settings = arena_printf(
            &h->arena,
            "[node]\nagreement = \"" WORLD_NAME "\"\nname = \"" HOUSE_OPERATOR "\"\n%s%s",
            cases[i].keeps ? "[log]\norigin = \"" WORLD_NAME
                             "/term/1\"\npromise = \"obs/promise\"\n"
                           : "",
            cases[i].peers ? PEER_SETTINGS : "");
        house_write(h, "sulh.toml", span_of(settings));
        node = house_open(h, NULL);
        if (cases[i].in_touch)
            house_ok(node_meet(node, &transport, &transport, &err), &err);
        struct submission one = report_with(h, SPAN_LIT("{}"));
        bool ok = node_submit(node, &one, 1, &answer, &h->arena, &err);
        CHECK_CASE(cases[i].name, ok == (cases[i].fault[0] == '\0'));
        CHECK_CASE(cases[i].name, ok ? answer.kind == cases[i].answer
                                     : err.kind == ERR_REFUSED && strstr(err.text, cases[i].fault));
        bool logged = ok && answer.kind == ANSWER_LOGGED;
        CHECK_CASE(cases[i].name, house_entries(h, node) == before + logged);
        node_close(node);
        house_end(h);
    }
}

/* --- ticks --- */

static void test_tick(void **state)
{
    struct house *h = house_build(1);
    struct node *node = house_open(h, NULL);
    struct note_signer operator;
    struct err err = {0};
    int fd;

    (void)state;
    assert_true(node_tick(node, &err)); /* no agreement is in force: nothing to say */
    assert_int_equal(house_entries(h, node), 0);
    house_found(h, node);
    uint64_t before = house_entries(h, node);
    assert_true(node_tick(node, &err));
    assert_int_equal(house_entries(h, node), before + 1);

    assert_true(keyring_hold(&operator, & fd, h->scratch.path, HOUSE_OPERATOR, &err));
    assert_true(node_tick(node, &err));
    assert_int_equal(house_entries(h, node), before + 1);
    close(fd);
    assert_true(node_tick(node, &err));
    assert_int_equal(house_entries(h, node), before + 2);
    node_close(node);
    house_end(h);
}

/* The register's time goes on though the machine's clock has been set back. */
static void test_tick_after_a_later_one(void **state)
{
    struct house *h = house_build(1);
    struct node *node = house_open(h, NULL);
    struct author *author;
    struct submission submission;
    struct answer answer;
    struct json body = json_object(), row;
    struct span bytes;
    const int64_t later = clock_now_ms(clock_system()) + 3600000;
    struct err err = {0};
    char id[65];

    (void)state;
    house_found(h, node);
    json_set_integer(&body, "at_ms", later, &h->arena);
    house_ok(author_open(&author, node, HOUSE_OPERATOR, &err) &&
                 author_sign(author, "clock.tick", &body, &submission, id, &h->arena, &err) &&
                 node_submit(node, &submission, 1, &answer, &h->arena, &err),
             &err);
    author_close(author);
    assert_true(node_settle(node, &err));
    assert_true(store_get(node_reader(node), "clock", SPAN_LIT("clock"), STORE_LATEST, &bytes, NULL,
                          &h->arena, &err));
    assert_true(json_parse_canonical(&row, bytes, &h->arena, &err));
    assert_int_equal(json_get_integer(&row, "now_ms", 0), later + 1);
    node_close(node);
    house_end(h);
}

static void test_is_demo(void **state)
{
    struct house *h = house_build(1);
    struct node *node = house_open(h, NULL);

    (void)state;
    assert_false(node_is_demo(node));
    node_close(node);
    house_write(
        h, "sulh.toml",
        SPAN_LIT("[node]\nagreement = \"demo.invalid/x\"\nname = \"obs/node\"\n[log]\norigin = "
                 "\"" WORLD_NAME "/term/1\"\npromise = \"obs/promise\"\n"));
    node = house_open(h, NULL);
    assert_true(node_is_demo(node));
    node_close(node);
    house_end(h);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_holding),
    cmocka_unit_test(test_checkpoint_beside),
    cmocka_unit_test(test_open_refuses),
    cmocka_unit_test(test_public_part),
    cmocka_unit_test(test_submit_alone),
    cmocka_unit_test(test_tick),
    cmocka_unit_test(test_tick_after_a_later_one),
    cmocka_unit_test(test_is_demo),
};

RUN_TESTS(tests)
