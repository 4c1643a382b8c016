#include "api/api.h"

#include "api/call.h"
#include "api/intake.h"
#include "api/openrosa.h"
#include "api/owed.h"
#include "api/refusals.h"
#include "api/uploads.h"
#include "base/limits.h"
#include "codec/hex.h"
#include "ledger/note.h"
#include "node/unlogged.h"

#include <pthread.h>
#include <stdlib.h>

/* Who has not signed in hands in so many records at once, and so many more a second: a batch
 * of the largest kind, and more than a busy person writes. */
#define STRANGER_RECORDS LIMIT_BATCH_RECORDS
#define STRANGER_RECORDS_PER_S 10u
/* Sign-ins at once and per second: all the desks and nodes of a mission behind one address that
 * come back together, and nobody who keeps two threads busy with signatures. */
#define STRANGER_SIGN_INS 200u
#define STRANGER_SIGN_INS_PER_S 2u

/* What one request needs to itself. Kept for the next: opening a reader prepares its
 * statements. There are never more than threads that answer. */
struct session {
    struct session *next;
    struct store_reader *reader;
    struct log_reader *log;
};

struct api {
    struct node *node;
    struct hash tag; /* of this log and this program's answers: part of every entity tag */
    struct api_door door;
    struct intake_box box; /* of the thread that takes turns */
    pthread_mutex_t lock;
    struct session *idle;
};

/* Raised when the same entry is answered otherwise than before. */
#define ANSWERS_VERSION "sulh/api/1\n"

static void door_open(struct api_door *door, struct node *node)
{
    const struct settings *settings = node_settings(node);
    struct span of[] = {span_of(settings->agreement), SPAN_LIT("\n"), span_of(settings->name)};
    struct hash hash = hash_of_parts(of, ARRAY_LEN(of));

    door->sessions = sessions_open();
    door->records = limiter_open(STRANGER_RECORDS, STRANGER_RECORDS_PER_S);
    door->sign_ins = limiter_open(STRANGER_SIGN_INS, STRANGER_SIGN_INS_PER_S);
    door->intake = intake_open(node_disk(node));
    door->owed = owed_open();
    memcpy(door->cookie, "sulh-", 5);
    hex_text(door->cookie + 5, span_make(hash.bytes, 8));
    pthread_mutex_init(&door->pin_lock, NULL);
}

static void door_close(struct api_door *door)
{
    rosa_close(door->rosa);
    quarantine_close(door->quarantine);
    sessions_close(door->sessions);
    uploads_close(door->uploads);
    owed_close(door->owed);
    limiter_close(door->records);
    limiter_close(door->sign_ins);
    intake_close(door->intake);
    pthread_mutex_destroy(&door->pin_lock);
    free(door->pin);
}

struct api *api_open(struct node *node)
{
    struct api *api = calloc(1, sizeof *api);
    const struct note_key *log_key = &node_log_keys(node)->at[0];
    struct span of[] = {SPAN_LIT(ANSWERS_VERSION), span_of(log_key->name),
                        span_make(log_key->key.bytes, sizeof log_key->key.bytes)};

    if (!api)
        abort();
    api->node = node;
    api->tag = hash_of_parts(of, ARRAY_LEN(of));
    door_open(&api->door, node);
    api->door.uploads = uploads_open(node_directory(node), 0, clock_now_ms(node_clock(node)));
    pthread_mutex_init(&api->lock, NULL);
    return api;
}

static void session_close(struct session *session)
{
    store_reader_close(session->reader);
    log_reader_close(session->log);
    free(session);
}

void api_close(struct api *api)
{
    if (!api)
        return;
    while (api->idle) {
        struct session *next = api->idle->next;
        session_close(api->idle);
        api->idle = next;
    }
    intake_box_close(&api->box);
    door_close(&api->door);
    pthread_mutex_destroy(&api->lock);
    free(api);
}

bool api_take_forms(struct api *api, struct err *err)
{
    assert(node_holds(api->node));
    return quarantine_open(&api->door.quarantine, node_disk(api->node),
                           node_settings(api->node)->agreement, node_own_key(api->node), err) &&
           (!gateway_is_set(api->node) || rosa_open(&api->door.rosa, api->node, err));
}

bool api_turn(struct api *api, struct err *err)
{
    struct rosa *rosa = api->door.rosa;

    return (!rosa || rosa_turn(rosa, err)) &&
           intake_box_turn(&api->box, api->node, api->door.intake, api->door.quarantine, err) &&
           intake_turn(api->node, rosa ? rosa->gateway : NULL, api->door.intake, err) &&
           (!rosa || refusals_turn(api->node, rosa->gateway, api->door.quarantine, err));
}

void api_set_pin(struct api *api, struct span statement)
{
    char *pin = strndup((const char *)statement.at, statement.len);

    if (!pin)
        abort();
    pthread_mutex_lock(&api->door.pin_lock);
    free(api->door.pin);
    api->door.pin = pin;
    pthread_mutex_unlock(&api->door.pin_lock);
}

static bool session_take(struct api *api, struct session **out, struct err *err)
{
    pthread_mutex_lock(&api->lock);
    struct session *session = api->idle;
    if (session)
        api->idle = session->next;
    pthread_mutex_unlock(&api->lock);

    if (session) {
        if (!store_reader_refresh(session->reader, err)) {
            session_close(session);
            return false;
        }
    } else {
        session = calloc(1, sizeof *session);
        if (!session)
            abort();
        if (!store_reader_open(node_store(api->node), &session->reader, err) ||
            !log_reader_open(&session->log, node_disk(api->node), 0, err)) {
            session_close(session);
            return false;
        }
    }
    *out = session;
    return true;
}

static void session_give(struct api *api, struct session *session)
{
    store_reader_rest(session->reader);
    pthread_mutex_lock(&api->lock);
    session->next = api->idle;
    api->idle = session;
    pthread_mutex_unlock(&api->lock);
}

/* --- routes -------------------------------------------------------------- */

/* Whether the path is of the pattern; what stands for {…} is *in_path. */
static bool matches(const struct api_route *route, struct span path, struct span *in_path)
{
    struct span pattern = span_of(route->pattern), head, tail;

    if (!span_cut(&pattern, '{', &head))
        return span_equal(path, pattern);
    span_cut(&pattern, '}', &tail); /* the name goes, the rest of the pattern stays */
    tail = pattern;
    if (path.len <= head.len + tail.len || !span_starts_with(path, head) ||
        !span_ends_with(path, tail))
        return false;
    *in_path = span_slice(path, head.len, path.len - head.len - tail.len);
    return route->in_path.type == API_REST || !memchr(in_path->at, '/', in_path->len);
}

static const struct api_route *route_find(const struct http_request *request, struct span *in_path,
                                          const struct api_route **other_method)
{
    const struct api_route *route;

    *other_method = NULL;
    for (size_t i = 0; (route = api_route_at(i)) != NULL; i++) {
        if (!matches(route, request->path, in_path))
            continue;
        if (strcmp(route->method, request->method) == 0)
            return route;
        *other_method = route;
    }
    return NULL;
}

bool api_has(const struct http_request *request)
{
    const struct api_route *route;
    struct span in_path;

    for (size_t i = 0; (route = api_route_at(i)) != NULL; i++)
        if (matches(route, request->path, &in_path) && strcmp(route->method, request->method) == 0)
            return true;
    return span_starts_with(request->path, SPAN_LIT("/api/"));
}

/* --- a call -------------------------------------------------------------- */

/* The published checkpoint, and the latest entry that is both published and applied. */
static bool find_head(struct api_call *call, struct err *err)
{
    struct err missing = {0};
    struct note note;

    if (!store_applied(call->reader, &call->size, err))
        return false;
    if (!log_reader_checkpoint(node_disk(call->node), &call->head_note, call->arena, &missing)) {
        *err = missing;
        call->size = 0;
        return missing.kind == ERR_MISSING;
    }
    if (!note_parse(&note, call->head_note, call->arena, err) ||
        !checkpoint_parse(&call->head, note.text, err))
        return err_wrap(err, "the published checkpoint");
    log_reader_resize(call->log, call->head.size);
    if (call->size > call->head.size)
        call->size = call->head.size;
    return true;
}

static bool choose_as_of(struct api_call *call, const struct api_value *asked, struct err *err)
{
    uint64_t size = call->size;

    if (asked->given && (uint64_t)asked->integer >= size)
        return err_set(err, ERR_USAGE, "as_of is %" PRId64 ": give 0 to %" PRIu64, asked->integer,
                       size - 1);
    call->as_of_asked = asked->given;
    call->as_of = asked->given ? (uint64_t)asked->integer : size ? size - 1 : 0;
    return true;
}

static struct span tag_text(struct hash hash, struct arena *arena)
{
    struct buf text = buf_in(arena, HASH_BYTES);

    hex_put(&text, span_make(hash.bytes, HASH_BYTES / 2));
    return buf_span(&text);
}

static struct span view_tag(const struct api *api, const struct api_call *call)
{
    struct buf as_of = buf_in(call->arena, 8);

    buf_u64be(&as_of, call->as_of);
    struct span of[] = {hash_span(&api->tag),
                        buf_span(&as_of),
                        call->request->path,
                        SPAN_LIT("?"),
                        call->request->query,
                        SPAN_LIT(" "),
                        span_of(call->who ? call->who : "")};
    return tag_text(hash_of_parts(of, ARRAY_LEN(of)), call->arena);
}

/* The media type of the body, whatever parameters follow it. Of plain text nobody asks that it
 * say so (c2sp.org/tlog-witness). */
static bool takes_body(const struct api_call *call)
{
    struct span rest = http_header(call->request, "Content-Type"), type;

    if (!call->route->takes || strcmp(call->route->takes, "*/*") == 0 ||
        span_starts_with(span_of(call->route->takes), SPAN_LIT("text/")))
        return true;
    if (!span_cut(&rest, ';', &type))
        type = rest;
    while (type.len && type.at[type.len - 1] == ' ')
        type.len--;
    return span_is(type, call->route->takes);
}

/* What is not for everybody, nobody on the way may keep. */
static void keep_private(struct api_call *call)
{
    if (call->who || (call->route->may == API_PARTICIPANTS && !call->entries_public))
        call->response->cache = "private, no-cache";
}

static bool answer(struct api *api, struct api_call *call, const struct api_value *as_of,
                   struct err *err)
{
    if (!choose_as_of(call, as_of, err))
        return false;
    if (call->route->view) {
        struct span tag = view_tag(api, call);
        call->response->etag = tag;
        if (http_etag_matches(http_header(call->request, "If-None-Match"), tag)) {
            keep_private(call);
            return true; /* the server makes 304 of it */
        }
    }
    if (!call->route->answer(call, err))
        return false;
    if (call->owed)
        call->response->etag = (struct span){0};
    keep_private(call);
    return true;
}

static bool run(struct api *api, struct api_call *call, struct span in_path, struct err *err)
{
    const struct api_route *route = call->route;
    struct api_value as_of = {0};

    if (!takes_body(call)) {
        http_error(call->request, call->response, 415, "the body's type must be %s", route->takes);
        return true;
    }
    if (route->in_path.name &&
        !api_parameter_parse(&call->in_path, &route->in_path, in_path, call->arena, err))
        return false;
    if (!api_query_parse(call, &as_of, err) || !find_head(call, err))
        return false;
    if (route->view && call->size == 0)
        return err_set(err, ERR_IO, "nothing is published yet");
    if (!access_identify(call, err))
        return false;
    if (!access_allows(call)) {
        access_refuse(call);
        return true;
    }
    return answer(api, call, &as_of, err);
}

/* What was wrong with the request is its sender's; the rest is ours. */
static int status_of(enum err_kind kind)
{
    return kind == ERR_USAGE ? 400 : kind == ERR_MISSING ? 404 : 503;
}

static void refuse(const struct http_request *request, struct http_response *response,
                   const struct api_route *other)
{
    if (!other) {
        http_error(request, response, 404,
                   "there is no %.*s: /api/openapi.json lists what there is",
                   SPAN_ARG(request->path));
        return;
    }
    http_error(request, response, 405, "%.*s is answered to %s, not to %s", SPAN_ARG(request->path),
               other->method, request->method);
    response->headers[0] = strcmp(other->method, "GET") == 0 ? "Allow: GET, HEAD" : "Allow: POST";
}

void api_handle(void *context, const struct http_request *request, struct http_response *response)
{
    struct api *api = context;
    struct api_call call = {.request = request,
                            .response = response,
                            .arena = request->arena,
                            .node = api->node,
                            .door = &api->door};
    const struct api_route *other;
    struct session *session;
    struct span in_path = {0};
    struct err err = {0};

    call.route = route_find(request, &in_path, &other);
    if (!call.route) {
        refuse(request, response, other);
        return;
    }
    bool ok = session_take(api, &session, &err);
    if (ok) {
        call.reader = session->reader;
        call.log = session->log;
        response->type = call.route->type;
        ok = run(api, &call, in_path, &err);
        api_forget_identity(&call);
        session_give(api, session);
    }
    if (!ok)
        http_error(request, response, status_of(err.kind), "%s", err.text);
}

/* --- what handlers are made of ------------------------------------------- */

bool api_json(struct api_call *call, struct span bytes, struct json *out, struct err *err)
{
    return json_parse(out, bytes, call->arena, err) || err_wrap(err, "a row of the store");
}

bool api_row(struct api_call *call, const char *table, struct span key, const struct json **out,
             struct err *err)
{
    struct span bytes;
    bool here = false;

    *out = NULL;
    if (call->unlogged &&
        (!unlogged_row(call->unlogged, table, key, &here, out, call->arena, err) || here))
        return here;
    if (!store_get(call->reader, table, key, call->as_of, &bytes, NULL, call->arena, err))
        return false;
    if (!bytes.at)
        return true;
    struct json *row = ARENA_NEW(call->arena, struct json);
    if (!api_json(call, bytes, row, err))
        return err_wrap(err, "table %s", table);
    *out = row;
    return true;
}

bool api_entry(struct api_call *call, uint64_t index, struct span *out, struct err *err)
{
    struct span entry;

    if (!log_reader_entry(call->log, index, &entry, err))
        return false;
    *out = arena_copy(call->arena, entry);
    return true;
}

bool api_answer_json(struct api_call *call, struct json *value)
{
    if (call->size > 0)
        json_set_integer(value, "as_of", (int64_t)call->as_of, call->arena);
    struct span bytes = json_bytes(value, call->arena);
    call->response->body = bytes;
    if (!call->route->view)
        return api_answer_bytes(call, bytes);
    return true;
}

bool api_answer_bytes(struct api_call *call, struct span bytes)
{
    call->response->body = bytes;
    call->response->etag = tag_text(hash_of(bytes), call->arena);
    return true;
}
