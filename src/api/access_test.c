/* Who is answered: over the real server, with an agreement whose entries are for its
 * participants. */

#include "api/call.h"
#include "api/story.h"
#include "base/test.h"
#include "journal/submission.h"
#include "ledger/statement.h"
#include "net/http_client.h"
#include "net/sign_in.h"
#include "net/wire.h"
#include "sys/clock.h"

#define STATEMENT_TYPE "application/vnd.sulh.statement"

static struct http_server *serve(struct story *s)
{
    struct http_options options = {.listen = "127.0.0.1:0",
                                   .socket_path =
                                       arena_printf(&s->arena, "%s/socket", s->directory),
                                   .body_limit = SUBMISSION_BYTES,
                                   .threads = 2,
                                   .handler = api_handle,
                                   .context = s->api};
    struct http_server *server = NULL;
    struct err err = {0};

    story_ok(http_start(&server, &options, &err), &err);
    return server;
}

static struct story *closed_story(uint64_t seed)
{
    world_entries = "participants";
    return story_start(seed);
}

static void closed_end(struct story *s)
{
    story_end(s);
    world_entries = "public";
}

/* One request; `credential` is a whole header, or NULL. */
static struct http_reply ask(struct story *s, struct http_server *server, const char *path,
                             const char *credential)
{
    struct http_call call = {
        .url = arena_printf(&s->arena, "%s%s", http_address(server), path),
        .method = "GET",
        .headers = {credential},
        .limit = 1 << 20,
        .timeout_s = 20,
    };
    struct http_reply reply;
    struct err err = {0};

    story_ok(http_do(&call, &reply, &s->arena, &err), &err);
    return reply;
}

static struct http_reply post(struct story *s, struct http_server *server, const char *path,
                              const char *type, struct span body, const char *credential)
{
    struct http_call call = {
        .url = arena_printf(&s->arena, "%s%s", http_address(server), path),
        .method = "POST",
        .type = type,
        .body = body,
        .headers = {credential},
        .limit = SUBMISSION_ANSWER_BYTES,
        .timeout_s = 20,
    };
    struct http_reply reply;
    struct err err = {0};

    story_ok(http_do(&call, &reply, &s->arena, &err), &err);
    return reply;
}

static bool says(struct story *s, const struct http_reply *reply, const char *what)
{
    return strstr(arena_text(&s->arena, reply->body), what) != NULL;
}

static const char *member(struct story *s, const struct http_reply *reply, const char *name)
{
    struct json object;
    struct err err = {0};

    story_ok(json_parse(&object, reply->body, &s->arena, &err), &err);
    return arena_text(&s->arena, json_get_string(&object, name, (struct span){0}));
}

static const char *fresh_nonce(struct story *s, struct http_server *server)
{
    struct http_reply reply = ask(s, server, "/sign-in/nonce", NULL);

    assert_int_equal(reply.status, 200);
    return member(s, &reply, "nonce");
}

static bool enter(struct story *s, struct http_server *server, const struct note_signer *signer,
                  bool for_browser, char out[65], struct err *err)
{
    struct sign_in how = {
        .url = http_address(server),
        .agreement = SPAN_LIT(WORLD_NAME),
        .node = "obs/node",
        .signer = signer,
        .now_ms = clock_now_ms(clock_system()),
        .for_browser = for_browser,
        .timeout_s = 20,
    };

    (void)s;
    return sign_in(&how, out, err);
}

static const char *bearer(struct story *s, struct http_server *server,
                          const struct note_signer *signer)
{
    char token[65];
    struct err err = {0};

    story_ok(enter(s, server, signer, false, token, &err), &err);
    return arena_printf(&s->arena, "Authorization: Bearer %s", token);
}

/* --- who may read what --- */

static void test_who_may_read(void **state)
{
    static const struct {
        const char *path;
        bool for_anyone;
    } cases[] = {
        {"/checkpoint", true},
        {"/log.vkey", true},
        {"/tile/0/000.p/8", true},
        {"/tile/entries/000.p/8", false},
        {"/pin", true},
        {"/sign-in/nonce", true},
        {"/$I/checkpoint", true},
        {"/term/1/checkpoint", true},
        {"/api/status", true},
        {"/api/openapi.json", true},
        {"/openrosa/formList", true},
        {"/api/agreement", false},
        {"/api/agreement/files/agreement.toml", false},
        {"/api/incidents", false},
        {"/api/incidents/$I", false},
        {"/api/kinds", true},
        {"/api/forms", false},
        {"/api/forms/flash", false},
        {"/paper/flash", false},
        {"/api/ceasefire", false},
        {"/api/compliance", false},
        {"/api/cases", false},
        {"/api/cases/$I", false},
        {"/api/findings/$I", false},
        {"/api/due", false},
        {"/api/hotline", false},
        {"/api/hotline/$I", false},
        {"/api/dialogue", false},
        {"/api/coverage", false},
        {"/api/ledgers", false},
        {"/api/records/$I", false},
        {"/api/entries/0", false},
        {"/api/entries/0?as_of=0", false},
        {"/api/entries/0/effects", false},
        {"/api/entries/0/digest", false},
        {"/api/nodes", false},
        {"/api/outbox", false},
        {"/api/waiting/obs/1", false},
        {"/api/entries/0/receipt", false},
        {"/api/parts/$P", false},
        {"/api/media/$P", false},
        {"/api/readers?tier=mission", false},
        {"/api/custody/$P", false},
        {"/api/crossings", false},
        {"/api/notices", false},
        {"/api/obligations", false},
        {"/api/obligations?limit=1&before=5", false},
        {"/api/intelligence", false},
        {"/api/intelligence?limit=1&before=5", false},
        {"/crossings.txt", false},
        {"/crossings.atom", false},
        {"/api/hotline", false},
        {"/upload/$P", false},
        /* What is not there is not said to be not there. */
        {"/tile/entries/000.p/255", false},
        {"/tile/entries/noise", false},
        {"/api/entries/999", false},
        {"/api/parts/$I", false},
    };
    struct story *s = closed_story(31);
    struct http_server *server = serve(s);
    const char *token = bearer(s, server, &s->world->author[0].signer);
    struct submission incident = world_incident(s->world, &s->arena);
    struct submission report = world_report(s->world, &s->arena);
    struct hash part = hash_of(report.part[0]);
    const struct api_route *route;
    char part_text[65];

    (void)state;
    struct answer answer = story_append(s, &incident, 1);
    story_append(s, &report, 1);
    hex_text(part_text, hash_span(&part));
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct span path = span_of(cases[i].path), head;
        const char *full = cases[i].path;

        if (span_cut(&path, '$', &head))
            full =
                arena_printf(&s->arena, "%.*s%s%s", SPAN_ARG(head),
                             path.at[0] == 'P' ? part_text : answer.id, (const char *)path.at + 1);
        struct http_reply stranger = ask(s, server, full, NULL), friend;
        friend = ask(s, server, full, token);
        CHECK_CASE(cases[i].path, (stranger.status != 401) == cases[i].for_anyone);
        CHECK_CASE(cases[i].path, friend.status != 401);
        if (!cases[i].for_anyone) {
            CHECK_CASE(cases[i].path, says(s, &stranger, "this is for the participants: sign in"));
            CHECK_CASE(cases[i].path, stranger.etag.len == 0);
        }
        const char *tag = arena_printf(&s->arena, "If-None-Match: %.*s", SPAN_ARG(friend.etag));
        if (!cases[i].for_anyone && friend.etag.len) /* that it is right buys nothing */
            CHECK_CASE(cases[i].path, ask(s, server, full, tag).status == 401);
    }
    /* Every route that there is stands in the table above: who adds one says who may take it. */
    for (size_t i = 0; (route = api_route_at(i)) != NULL; i++) {
        struct span rest = span_of(route->pattern), head = rest, tail = {0};
        bool listed = strcmp(route->method, "GET") != 0;

        if (span_cut(&rest, '{', &head) && span_cut(&rest, '}', &tail))
            tail = rest;
        for (size_t j = 0; j < ARRAY_LEN(cases); j++)
            listed = listed || (span_starts_with(span_of(cases[j].path), head) &&
                                span_ends_with(span_of(cases[j].path), tail));
        CHECK_CASE(route->pattern, listed);
    }
    http_stop(server);
    closed_end(s);
}

static void test_private_answers(void **state)
{
    struct story *s = closed_story(32);
    struct http_server *server = serve(s);
    const char *token = bearer(s, server, &s->world->author[0].signer);
    struct http_reply stranger = ask(s, server, "/api/status", NULL);
    struct http_reply friend = ask(s, server, "/api/status", token);

    (void)state;
    assert_true(says(s, &stranger, "\"size\":8"));
    assert_false(says(s, &stranger, "\"records\""));
    assert_false(says(s, &stranger, "signed_in"));
    assert_true(says(s, &friend, "\"records\""));
    assert_true(says(s, &friend, "\"signed_in\":{\"name\":\"obs/1\",\"org\":\"obs\"}"));
    assert_false(span_equal(stranger.etag, friend.etag));
    assert_int_equal(ask(s, server, "/api/status", "Cookie: sulh-0000000000000000=00").status, 200);
    http_stop(server);
    closed_end(s);

    s = story_start(33); /* public */
    server = serve(s);
    stranger = ask(s, server, "/api/status", NULL);
    assert_true(says(s, &stranger, "\"records\""));
    assert_int_equal(ask(s, server, "/api/entries/0", NULL).status, 200);
    assert_int_equal(ask(s, server, "/tile/entries/000.p/8", NULL).status, 200);
    assert_int_equal(ask(s, server, "/api/entries/0", "Authorization: Basic 00").status, 200);
    /* Who says who it is and is not is told, whatever it asks for. */
    assert_int_equal(ask(s, server, "/api/entries/0", "Authorization: Bearer 00").status, 401);
    assert_int_equal(ask(s, server, "/checkpoint", "Authorization: Bearer 00").status, 401);
    http_stop(server);
    story_end(s);
}

/* The node's owner, over the Unix socket. */
static void test_socket(void **state)
{
    struct story *s = closed_story(34);
    struct http_server *server = serve(s);
    struct http_call call = {
        .url = "http://node/api/entries/0",
        .socket_path = arena_printf(&s->arena, "%s/socket", s->directory),
        .method = "GET",
        .limit = 1 << 20,
        .timeout_s = 20,
    };
    struct http_reply reply;
    struct err err = {0};

    (void)state;
    story_ok(http_do(&call, &reply, &s->arena, &err), &err);
    assert_int_equal(reply.status, 200);
    http_stop(server);
    closed_end(s);
}

static const char *reader(size_t author)
{
    (void)author; /* the key with which age's own documentation begins */
    return "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p";
}

/* An entry whose part is not public, in an agreement whose entries are. */
static void test_closed_parts(void **state)
{
    world_also.reads = ",\"reads\":[\"mission\"]";
    world_also.tiers = ",\"tier\":[{\"id\":\"mission\",\"of\":[\"obs\"]}]";
    world_age = reader;
    static const char blob[] = "age-encryption.org/v1 and so on";
    struct story *s = story_start(35);
    struct http_server *server = serve(s);
    struct world_signer *by = &s->world->author[1];
    struct hash stored = hash_of(span_of(blob)), commitment = hash_of(SPAN_LIT("of it"));
    struct span part = span_of(blob);
    char stored_text[65], commitment_text[65];
    struct record record;
    struct submission one = {.part = &part, .part_count = 1};
    struct err err = {0};
    struct record_draft draft = {.agreement = SPAN_LIT(WORLD_NAME),
                                 .kind = "incident.open",
                                 .version = 1,
                                 .by = span_of(by->signer.name),
                                 .seq = 1,
                                 .prev = span_of(s->world->id),
                                 .seen_root = s->world->seen_root};

    (void)state;
    hex_text(stored_text, hash_span(&stored));
    hex_text(commitment_text, hash_span(&commitment));
    const char *body = arena_printf(&s->arena,
                                    "{\"parts\":[{\"commitment\":\"%s\",\"recipients\":[\"obs/1\"],"
                                    "\"stored\":\"%s\",\"tier\":\"mission\"}]}",
                                    commitment_text, stored_text);
    story_ok(json_parse(&draft.body, span_of(body), &s->arena, &err) &&
                 record_sign(&one.note, &draft, &by->signer, &s->arena, &err) &&
                 record_parse(&record, one.note, &s->arena, &err),
             &err);
    story_append(s, &one, 1);
    const char *path = arena_printf(&s->arena, "/api/parts/%s", stored_text);
    struct http_reply stranger = ask(s, server, path, NULL);
    struct http_reply friend = ask(s, server, path, bearer(s, server, &by->signer));

    assert_int_equal(stranger.status, 401);
    assert_false(says(s, &stranger, "age"));
    assert_int_equal(friend.status, 200);
    assert_true(span_is(friend.body, blob));
    assert_int_equal(
        ask(s, server, arena_printf(&s->arena, "/api/records/%s", record.id_text), NULL).status,
        200);
    http_stop(server);
    story_end(s);
    world_also.reads = world_also.tiers = "";
    world_age = NULL;
}

/* --- statements that do not sign in --- */

/* What a statement is made of; what is left out is right. */
struct made_of {
    const char *agreement, *word, *node, *nonce;
    int64_t off_ms; /* its clock */
    enum { BY_AUTHOR, BY_NODE, BY_ROOT, BY_PROMISE, BY_STRANGER, BY_NAMESAKE, BY_REVOKED } by;
};

static const struct note_signer *signer_of(struct story *s, const struct made_of *of)
{
    struct note_signer *made = ARENA_NEW(&s->arena, struct note_signer);

    switch (of->by) {
    case BY_AUTHOR:
        return &s->world->author[0].signer;
    case BY_REVOKED:
        return &s->world->author[1].signer;
    case BY_NODE:
        return &s->world->node.signer;
    case BY_ROOT:
        return &s->world->root.signer;
    case BY_PROMISE:
        return &s->world->promise;
    case BY_STRANGER:
        world_key(s->world, made, "nobody/1");
        return made;
    case BY_NAMESAKE:
        world_key(s->world, made, "obs/1");
        return made;
    }
    return NULL;
}

static struct span make(struct story *s, struct http_server *server, const struct made_of *of)
{
    struct json members = json_object();
    int64_t now_ms = clock_now_ms(clock_system()) + of->off_ms;
    const char *word = of->word ? of->word : "sign-in";

    if (strcmp(word, "pin") == 0) {
        json_set(&members, "certificate", json_text(fresh_nonce(s, server)), &s->arena);
        json_set_integer(&members, "from_ms", 0, &s->arena);
        json_set_integer(&members, "to_ms", now_ms, &s->arena);
    } else {
        json_set_integer(&members, "at_ms", now_ms, &s->arena);
        json_set(&members, "node", json_text(of->node ? of->node : "obs/node"), &s->arena);
        json_set(&members, "nonce", json_text(of->nonce ? of->nonce : fresh_nonce(s, server)),
                 &s->arena);
    }
    return statement_sign(span_of(of->agreement ? of->agreement : WORLD_NAME), word, &members,
                          signer_of(s, of), &s->arena);
}

static void end_key(struct story *s, const char *name)
{
    struct json body = json_object();
    struct submission one;

    json_set(&body, "name", json_text(name), &s->arena);
    json_set(&body, "reason", json_text("lost"), &s->arena);
    one = world_sign(s->world, &s->world->root, "member.revoke", &body, &s->arena);
    story_append(s, &one, 1);
}

static void test_statements(void **state)
{
    static const struct {
        const char *name;
        struct made_of of;
        int status;
        const char *has;
    } cases[] = {
        {"an author", {.by = BY_AUTHOR}, 200, "\"token\":\""},
        {"a node", {.by = BY_NODE}, 200, "\"name\":\"obs/node\""},
        {"a clock nearly five minutes behind", {.off_ms = -290000}, 200, "token"},
        {"a clock nearly five minutes ahead", {.off_ms = 290000}, 200, "token"},
        {"a clock more than five minutes behind", {.off_ms = -310000}, 403, "behind this node's"},
        {"a clock more than five minutes ahead", {.off_ms = 310000}, 403, "ahead of this node's"},
        {"for another node", {.node = "obs/other"}, 403, "for the node obs/other"},
        {"of another agreement", {.agreement = "test.invalid/x"}, 403, "of the agreement test.inv"},
        {"a root", {.by = BY_ROOT}, 403, "a key of job root: authors and nodes sign in"},
        {"the promise key", {.by = BY_PROMISE}, 403, "a key of job promise"},
        {"nobody's key", {.by = BY_STRANGER}, 403, "no key nobody/1 is admitted"},
        {"another key of that name", {.by = BY_NAMESAKE}, 403, "not that of the key obs/1"},
        {"a revoked key", {.by = BY_REVOKED}, 403, "the key obs/2 was revoked"},
        {"a nonce of its own",
         {.nonce = "00000000000000000000000000000000000000000000000000000000000000aa"},
         403,
         "none that this node gave"},
        {"another statement", {.word = "pin", .by = BY_NODE}, 400, "not a sign-in"},
    };
    struct story *s = closed_story(36);
    struct http_server *server = serve(s);

    (void)state;
    end_key(s, "obs/2");
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct span statement = make(s, server, &cases[i].of);
        struct http_reply reply = post(s, server, "/sign-in", STATEMENT_TYPE, statement, NULL);

        if (reply.status != cases[i].status || !says(s, &reply, cases[i].has))
            fail_msg("%s: %d %.*s", cases[i].name, reply.status, SPAN_ARG(reply.body));
        CHECK_CASE(cases[i].name, reply.status == 200 || !says(s, &reply, "token\":"));
        /* Neither what held nor what did not holds another time. */
        reply = post(s, server, "/sign-in", STATEMENT_TYPE, statement, NULL);
        CHECK_CASE(cases[i].name, reply.status != 200);
        CHECK_CASE(cases[i].name, cases[i].status != 200 || says(s, &reply, "was used before"));
    }
    http_stop(server);
    closed_end(s);
}

static void test_bodies(void **state)
{
    static const struct {
        const char *name;
        const char *path, *type, *body;
        int status;
        const char *has;
    } cases[] = {
        {"noise", "/sign-in", STATEMENT_TYPE, "noise", 400, "statement: "},
        {"nothing", "/sign-in", STATEMENT_TYPE, "", 400, "statement: "},
        {"a record", "/sign-in", STATEMENT_TYPE, "$R", 400, "second line"},
        {"as a form of another page could send it", "/sign-in", "text/plain", "noise", 415,
         STATEMENT_TYPE},
        {"for somebody", "/sign-in?for=somebody", STATEMENT_TYPE, "noise", 400, "for is"},
        {"a code that is none", "/sign-in/code", "application/json", "{\"code\":\"00\"}", 403,
         "sign in again"},
        {"no code", "/sign-in/code", "application/json", "{}", 403, "sign in again"},
        {"no object", "/sign-in/code", "application/json", "[]", 403, "sign in again"},
        {"no JSON", "/sign-in/code", "application/json", "code", 400, "line 1"},
        {"a code of a form", "/sign-in/code", "text/plain", "{\"code\":\"00\"}", 415, "json"},
    };
    struct story *s = closed_story(37);
    struct http_server *server = serve(s);
    struct submission record = world_incident(s->world, &s->arena);

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct span body = strcmp(cases[i].body, "$R") == 0 ? record.note : span_of(cases[i].body);
        struct http_reply reply = post(s, server, cases[i].path, cases[i].type, body, NULL);

        if (reply.status != cases[i].status || !says(s, &reply, cases[i].has))
            fail_msg("%s: %d %.*s", cases[i].name, reply.status, SPAN_ARG(reply.body));
    }
    http_stop(server);
    closed_end(s);
}

/* --- tokens --- */

static void test_tokens(void **state)
{
    struct story *s = closed_story(38);
    struct http_server *server = serve(s);
    const char *good = bearer(s, server, &s->world->author[0].signer);
    const char *text = good + strlen("Authorization: Bearer ");
    const char *cut = arena_text(&s->arena, span_make(good, strlen(good) - 1));
    char code[65];
    struct err err = {0};

    (void)state;
    story_ok(enter(s, server, &s->world->author[0].signer, true, code, &err), &err);
    const struct {
        const char *name;
        const char *credential;
        int status;
    } cases[] = {
        {"a token", good, 200},
        {"in other letters", arena_printf(&s->arena, "authorization: bearer %s", text), 200},
        {"none", NULL, 401},
        {"cut short", cut, 401},
        {"with more behind it", arena_printf(&s->arena, "%s0", good), 401},
        {"as a password", arena_printf(&s->arena, "Authorization: Basic %s", text), 401},
        {"a code is no token", arena_printf(&s->arena, "Authorization: Bearer %s", code), 401},
        {"in a cookie of another name", arena_printf(&s->arena, "Cookie: sulh=%s", text), 401},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct http_reply reply = ask(s, server, "/api/entries/0", cases[i].credential);

        CHECK_CASE(cases[i].name, reply.status == cases[i].status);
        CHECK_CASE(cases[i].name, reply.status == 200 || !says(s, &reply, "note"));
    }
    /* Signing out ends this one and no other. */
    const char *other = bearer(s, server, &s->world->author[0].signer);
    assert_int_equal(post(s, server, "/sign-out", NULL, (struct span){0}, good).status, 200);
    struct http_reply reply = ask(s, server, "/api/entries/0", good);
    assert_int_equal(reply.status, 401);
    assert_true(says(s, &reply, "or has ended"));
    assert_int_equal(ask(s, server, "/api/entries/0", other).status, 200);
    assert_int_equal(post(s, server, "/sign-out", NULL, (struct span){0}, NULL).status, 200);
    assert_int_equal(ask(s, server, "/api/entries/0", other).status, 200);

    /* And so does the end of the key. */
    end_key(s, "obs/1");
    reply = ask(s, server, "/api/entries/0", other);
    assert_int_equal(reply.status, 401);
    assert_true(says(s, &reply, "the key obs/1 was revoked"));
    http_stop(server);
    closed_end(s);
}

/* --- a browser --- */

/* What a browser would send back; "" when no cookie is set. */
static const char *cookie_of(struct story *s, const char *answer)
{
    static const char name[] = "\r\nSet-Cookie: ";
    const char *at = strstr(answer, name);

    if (!at)
        return "";
    struct span rest = span_of(at + strlen(name)), pair;
    span_cut(&rest, ';', &pair);
    return arena_printf(&s->arena, "Cookie: %.*s", SPAN_ARG(pair));
}

/* As it goes over the wire. */
static const char *post_raw(struct story *s, struct http_server *server, const char *path,
                            const char *body, const char *cookie)
{
    static char answer[1 << 16];
    int fd = wire_open(server);
    const char *request =
        arena_printf(&s->arena,
                     "POST %s HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                     "%s\r\nContent-Length: %zu\r\n\r\n%s",
                     path, cookie, strlen(body), body);

    wire_put(fd, request, strlen(request));
    wire_answer(fd, answer, sizeof answer, false);
    close(fd);
    return answer;
}

static void test_browser(void **state)
{
    struct story *s = closed_story(39);
    struct http_server *server = serve(s);
    struct err err = {0};
    char code[65];

    (void)state;
    story_ok(enter(s, server, &s->world->node.signer, true, code, &err), &err);
    const char *body = arena_printf(&s->arena, "{\"code\":\"%s\"}", code);
    const char *got = post_raw(s, server, "/sign-in/code", body, "X: y");
    assert_non_null(strstr(got, "HTTP/1.1 200"));
    assert_non_null(strstr(got, "; Path=/; HttpOnly; SameSite=Strict\r\n")); /* no TLS here */
    assert_non_null(strstr(got, "{\"name\":\"obs/node\",\"org\":\"obs\"}"));
    assert_non_null(strstr(got, "Cache-Control: no-store"));
    const char *cookie = cookie_of(s, got);
    assert_null(strstr(cookie, code));
    assert_int_equal(ask(s, server, "/api/entries/0", cookie).status, 200);
    const char *among = arena_printf(&s->arena, "Cookie: a=b; %s; c=d", cookie + 8);
    assert_int_equal(ask(s, server, "/api/entries/0", among).status, 200);

    got = post_raw(s, server, "/sign-in/code", body, "X: y");
    assert_non_null(strstr(got, "HTTP/1.1 403"));
    assert_string_equal(cookie_of(s, got), "");
    got = post_raw(s, server, "/sign-out", "", cookie);
    assert_non_null(strstr(got, "Max-Age=0"));
    assert_int_equal(ask(s, server, "/api/entries/0", cookie).status, 401);

    /* A code whose key is revoked before it is used. */
    story_ok(enter(s, server, &s->world->author[0].signer, true, code, &err), &err);
    end_key(s, "obs/1");
    got = post_raw(s, server, "/sign-in/code", arena_printf(&s->arena, "{\"code\":\"%s\"}", code),
                   "X: y");
    assert_non_null(strstr(got, "HTTP/1.1 403"));
    assert_non_null(strstr(got, "was revoked"));
    assert_string_equal(cookie_of(s, got), "");
    http_stop(server);
    closed_end(s);
}

/* --- handing in without having signed in --- */

/* What answers to a batch of so many things that are no records. */
static struct http_reply hand_in(struct story *s, struct http_server *server, size_t count,
                                 const char *credential)
{
    struct submission *nothing = ARENA_ARRAY(&s->arena, struct submission, count);
    struct span body;
    struct err err = {0};

    for (size_t i = 0; i < count; i++)
        nothing[i].note = SPAN_LIT("x");
    story_ok(submission_encode(&body, nothing, count, &s->arena, &err), &err);
    return post(s, server, "/submit", SUBMISSION_TYPE, body, credential);
}

static void test_strangers_hand_in(void **state)
{
    struct story *s = closed_story(40);
    struct http_server *server = serve(s);
    const char *token = bearer(s, server, &s->world->author[0].signer);

    (void)state;
    assert_int_equal(hand_in(s, server, 900, NULL).status, 200);
    struct http_reply reply = hand_in(s, server, 300, NULL);
    assert_int_equal(reply.status, 429);
    assert_true(says(s, &reply, "too many records from one address"));
    assert_true(reply.retry_after_s >= 15 && reply.retry_after_s <= 20);
    assert_int_equal(hand_in(s, server, 300, token).status, 200);
    assert_int_equal(hand_in(s, server, 50, NULL).status, 200);
    assert_int_equal(hand_in(s, server, 300, "Authorization: Bearer 00").status, 401);
    http_stop(server);
    closed_end(s);
}

/* An address that signs in again and again, whether or not it holds, is told to wait: so is not
 * who has signed in, nor the node's owner at its socket. */
static void test_strangers_sign_in(void **state)
{
    static const struct {
        const char *name, *path, *type, *body;
        int status; /* as long as it may */
    } cases[] = {
        {"statements", "/sign-in", STATEMENT_TYPE, "noise", 400},
        {"codes", "/sign-in/code", "application/json", "{\"code\":\"00\"}", 403},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct story *s = closed_story(41);
        struct http_server *server = serve(s);
        const char *token = bearer(s, server, &s->world->author[0].signer);
        struct span body = span_of(cases[i].body);
        struct http_reply reply = {.status = cases[i].status};
        struct err err = {0};
        unsigned tried = 0;

        for (; reply.status == cases[i].status && tried < 1000; tried++)
            reply = post(s, server, cases[i].path, cases[i].type, body, NULL);
        CHECK_CASE(cases[i].name, reply.status == 429 && tried >= 200 && tried < 300);
        CHECK_CASE(cases[i].name, says(s, &reply, "too many sign-ins from one address"));
        CHECK_CASE(cases[i].name, reply.retry_after_s >= 1 && reply.retry_after_s <= 2);
        CHECK_CASE(cases[i].name,
                   post(s, server, cases[i].path, cases[i].type, body, token).status ==
                       cases[i].status);
        struct http_call at_home = {.url = arena_printf(&s->arena, "http://node%s", cases[i].path),
                                    .socket_path =
                                        arena_printf(&s->arena, "%s/socket", s->directory),
                                    .method = "POST",
                                    .type = cases[i].type,
                                    .body = body,
                                    .limit = 1000,
                                    .timeout_s = 20};
        story_ok(http_do(&at_home, &reply, &s->arena, &err), &err);
        CHECK_CASE(cases[i].name, reply.status == cases[i].status);
        CHECK_CASE(cases[i].name, ask(s, server, "/sign-in/nonce", NULL).status == 200);
        http_stop(server);
        closed_end(s);
    }
}

/* --- many at once --- */

struct visitor {
    struct story *s;
    struct http_server *server;
    size_t by;
    unsigned wrong;
};

static void *visit(void *context)
{
    struct visitor *visitor = context;

    for (unsigned i = 0; i < 20; i++) {
        struct story own = *visitor->s; /* with an arena of its own */
        struct err err = {0};
        char token[65];

        own.arena = (struct arena){0};
        bool ok = enter(&own, visitor->server, &own.world->author[visitor->by].signer, false, token,
                        &err);
        const char *credential = arena_printf(&own.arena, "Authorization: Bearer %s", token);
        ok = ok && ask(&own, visitor->server, "/api/entries/1", credential).status == 200;
        struct http_reply reply = ask(&own, visitor->server, "/api/status", credential);
        ok = ok && says(&own, &reply, own.world->author[visitor->by].signer.name);
        ok = ok &&
             post(&own, visitor->server, "/sign-out", NULL, (struct span){0}, credential).status ==
                 200;
        ok = ok && ask(&own, visitor->server, "/api/entries/1", credential).status == 401;
        visitor->wrong += !ok;
        arena_free(&own.arena);
    }
    return NULL;
}

static void test_side_by_side(void **state)
{
    struct story *s = closed_story(41);
    struct http_server *server = serve(s);
    struct visitor visitor[WORLD_AUTHORS];
    pthread_t thread[WORLD_AUTHORS];

    (void)state;
    for (size_t i = 0; i < WORLD_AUTHORS; i++) {
        visitor[i] = (struct visitor){.s = s, .server = server, .by = i};
        assert_int_equal(pthread_create(&thread[i], NULL, visit, &visitor[i]), 0);
    }
    for (size_t i = 0; i < WORLD_AUTHORS; i++) {
        pthread_join(thread[i], NULL);
        assert_int_equal(visitor[i].wrong, 0);
    }
    http_stop(server);
    closed_end(s);
}

/* --- what a villager told, named by others --- */

static struct world_signer admit_villager(struct story *s)
{
    struct world_signer villager = {0};
    struct json body = json_object();

    world_key(s->world, &villager.signer, "obs/villager");
    json_set_string(&body, "key", world_vkey(&villager.signer, &s->arena), &s->arena);
    json_set(&body, "job", json_text("author"), &s->arena);
    json_set(&body, "org", json_text("obs"), &s->arena);
    json_set(&body, "role", json_text("villager"), &s->arena);
    struct submission one = world_sign(s->world, &s->world->root, "member.admit", &body, &s->arena);
    story_append(s, &one, 1);
    return villager;
}

/* Another's record with the parts of this one, as if they were its own. */
static const char *name_again(struct story *s, struct world_signer *by,
                              const struct submission *from)
{
    struct submission one = {0};
    struct record record;
    struct json body = json_object();
    struct err err = {0};
    struct record_draft draft = {.agreement = SPAN_LIT(WORLD_NAME),
                                 .kind = "incident.report",
                                 .version = 1,
                                 .by = span_of(by->signer.name),
                                 .seq = 1,
                                 .prev = span_of(s->world->id),
                                 .seen_root = merkle_empty()};

    story_ok(record_parse(&record, from->note, &s->arena, &err), &err);
    json_set(&body, "type", json_text("shelling"), &s->arena);
    json_set(&body, "parts", *json_get(record.body, "parts"), &s->arena);
    draft.body = body;
    story_ok(record_sign(&one.note, &draft, &by->signer, &s->arena, &err) &&
                 record_parse(&record, one.note, &s->arena, &err),
             &err);
    story_append(s, &one, 1);
    return arena_printf(&s->arena, "/api/records/%s", record.id_text);
}

/* Nobody makes them public to the letter by naming them in a record of one's own. */
static void test_blurred_for_good(void **state)
{
    world_also.reads = "},{\"blur\":1,\"id\":\"villager\",\"may\":[\"report\"]";
    struct story *s = story_start(36);
    struct http_server *server = serve(s);
    struct world_signer villager = admit_villager(s), *other = &s->world->author[0];
    struct json flat = json_object();
    char hex[65];

    (void)state;
    json_set(&flat, "place_name", json_text("behind the mill"), &s->arena);
    struct submission told = world_sign(s->world, &villager, "incident.report", &flat, &s->arena);
    struct hash stored = hash_of(told.part[0]);
    story_append(s, &told, 1);
    hex_text(hex, hash_span(&stored));
    const char *path = arena_printf(&s->arena, "/api/parts/%s", hex);
    assert_int_equal(ask(s, server, path, NULL).status, 401);
    assert_int_equal(ask(s, server, path, bearer(s, server, &other->signer)).status, 200);
    const char *named = name_again(s, other, &told);
    struct http_reply stranger = ask(s, server, named, NULL);
    struct http_reply friend = ask(s, server, named, bearer(s, server, &other->signer));
    assert_int_equal(stranger.status, 200);
    assert_false(says(s, &stranger, "behind the mill"));
    assert_true(says(s, &friend, "behind the mill"));
    assert_int_equal(ask(s, server, path, NULL).status, 401);
    assert_int_equal(ask(s, server, path, bearer(s, server, &other->signer)).status, 200);
    http_stop(server);
    story_end(s);
    world_also.reads = "";
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_who_may_read),
    cmocka_unit_test(test_private_answers),
    cmocka_unit_test(test_socket),
    cmocka_unit_test(test_closed_parts),
    cmocka_unit_test(test_blurred_for_good),
    cmocka_unit_test(test_statements),
    cmocka_unit_test(test_bodies),
    cmocka_unit_test(test_tokens),
    cmocka_unit_test(test_browser),
    cmocka_unit_test(test_strangers_hand_in),
    cmocka_unit_test(test_strangers_sign_in),
    cmocka_unit_test(test_side_by_side),
};
RUN_TESTS(tests)
