#include "cli/hotline_words.h"

#include "codec/hex.h"
#include "journal/submission.h"
#include "net/http_client.h"
#include "node/readers.h"
#include "sys/clock.h"

#include <time.h>

#define PAGE_BYTES (16u << 20)
#define PATIENCE_S 10u
#define LEAST_DIGITS 4u

/* --- asking --- */

struct answered {
    int status;
    struct span body;
};

static bool ask_here(struct hotline *h, const char *path, const char *query, struct answered *out,
                     struct arena *arena)
{
    const struct http_request request = {.method = "GET",
                                         .path = span_of(path),
                                         .query = span_of(query),
                                         .local = true,
                                         .arena = arena};
    struct http_response answer = {.status = 200};

    api_handle(h->api, &request, &answer);
    *out = (struct answered){answer.status, answer.body};
    return true;
}

static bool ask_server(struct hotline *h, const char *path, const char *query, struct answered *out,
                       struct arena *arena, struct err *err)
{
    const struct http_call call = {
        .url = arena_printf(arena, "http://node%s%s%s", path, query[0] ? "?" : "", query),
        .socket_path = arena_printf(arena, "%s/socket", node_directory(h->node)),
        .method = "GET",
        .limit = PAGE_BYTES,
        .timeout_s = PATIENCE_S,
    };
    struct http_reply reply;

    if (!http_do(&call, &reply, arena, err))
        return false;
    *out = (struct answered){reply.status, reply.body};
    return true;
}

/* What is no 200 is a fault with the words of the answer. */
static bool ask(struct hotline *h, const char *path, const char *query, struct span *out,
                struct arena *arena, struct err *err)
{
    struct answered answered;
    struct json said;

    if (!(h->api ? ask_here(h, path, query, &answered, arena)
                 : ask_server(h, path, query, &answered, arena, err)))
        return false;
    *out = answered.body;
    if (answered.status == 200)
        return true;
    return json_parse(&said, answered.body, arena, err) &&
           err_set(err, ERR_MISSING, "%.*s",
                   SPAN_ARG(json_get_string(&said, "error", SPAN_LIT("not there"))));
}

bool hotline_get(struct hotline *h, const char *path, const char *query, struct json *out,
                 struct arena *arena, struct err *err)
{
    struct span body;

    return ask(h, path, query, &body, arena, err) && json_parse(out, body, arena, err);
}

/* What has just been logged is published in a moment. */
bool hotline_submission(struct hotline *h, struct span id, struct span *out, struct arena *arena,
                        struct err *err)
{
    const struct timespec moment = {.tv_nsec = 100000000};
    const char *path = arena_printf(arena, "/api/hotline/%.*s", SPAN_ARG(id));
    bool ok = ask(h, path, "", out, arena, err);

    for (int tries = 0; !ok && err->kind == ERR_MISSING && !h->api && tries < 5; tries++) {
        nanosleep(&moment, NULL);
        ok = ask(h, path, "", out, arena, err);
    }
    return ok;
}

/* While the log goes on its time is the machine's; a folder that only this console holds stands
 * still between two records. */
static int64_t time_of(const struct hotline *h)
{
    int64_t logged = json_get_integer(&h->state, "now_ms", 0);
    int64_t here = clock_now_ms(node_clock(h->node));

    return h->api || here < logged ? logged : here;
}

void hotline_go_on(struct hotline *h)
{
    h->now_ms = time_of(h);
}

bool hotline_refresh(struct hotline *h, struct err *err)
{
    struct arena arena = {0};
    struct json state;

    if (!store_reader_refresh(node_reader(h->node), err) ||
        !hotline_get(h, "/api/hotline", "limit=500", &state, &arena, err)) {
        arena_free(&arena);
        return false;
    }
    arena_free(&h->old);
    h->old = h->arena;
    h->arena = arena;
    h->state = state;
    h->now_ms = time_of(h);
    return true;
}

/* --- rows --- */

const struct json *hotline_list(const struct hotline *h, const char *member)
{
    static const struct json none = {.type = JSON_ARRAY};
    const struct json *list = json_get(&h->state, member);

    return list && list->type == JSON_ARRAY ? list : &none;
}

static struct span name_of(const struct hotline *h, const char *member)
{
    return hotline_word(h, strcmp(member, "messages") == 0 ? "hotline.messages" : "console.calls");
}

bool hotline_find(const struct hotline *h, const char *member, struct span begins,
                  const struct json **out, struct err *err)
{
    const struct json *list = hotline_list(h, member);
    size_t found = 0;

    if (begins.len < LEAST_DIGITS)
        return hotline_wrong(h, err, ERR_USAGE, "console.digits",
                             HOTLINE_BLANKS({"id", begins, false}));
    for (size_t i = 0; i < list->array.count; i++)
        if (span_starts_with(json_get_text(&list->array.at[i], "id"), begins)) {
            *out = &list->array.at[i];
            found++;
        }
    if (found == 1)
        return true;
    return hotline_wrong(
        h, err, ERR_MISSING, found ? "console.several" : "console.none",
        HOTLINE_BLANKS({"what", name_of(h, member), false}, {"id", begins, false}));
}

static bool ends_so(struct span id, struct span word)
{
    return span_ends_with(id, word) && id.len > word.len && id.at[id.len - word.len - 1] == '/';
}

bool hotline_organisation(const struct hotline *h, struct span word, struct span *out,
                          struct err *err)
{
    const struct json *list = json_get(&h->terms, "organisation");
    size_t found = 0;

    for (size_t i = 0; list && i < list->array.count; i++) {
        struct span id = json_get_text(&list->array.at[i], "id");

        if (span_equal(id, word)) {
            *out = id;
            return true;
        }
        if (ends_so(id, word) || span_equal(words_of_item(&list->array.at[i], h->speaks), word)) {
            *out = id;
            found++;
        }
    }
    return found == 1 ||
           hotline_wrong(h, err, ERR_MISSING, found ? "console.organisations" : "console.nobody",
                         HOTLINE_BLANKS({"org", word, false}));
}

const struct json *hotline_term(const struct hotline *h, const char *section, struct span id)
{
    const struct json *list = json_get(&h->terms, section);

    for (size_t i = 0; list && i < list->array.count; i++)
        if (span_equal(json_get_text(&list->array.at[i], "id"), id))
            return &list->array.at[i];
    return NULL;
}

bool hotline_is(const struct hotline *h, const struct json *row, const char *member)
{
    return span_equal(json_get_text(row, member), h->org);
}

struct span hotline_step(const struct json *message, struct span org)
{
    const struct json *steps = json_get(message, "steps");

    for (size_t i = 0; steps && i < steps->array.count; i++)
        if (span_equal(json_get_text(&steps->array.at[i], "org"), org))
            return json_get_text(&steps->array.at[i], "state");
    return (struct span){0};
}

bool hotline_has_come(const struct json *message)
{
    struct span state = json_get_text(message, "state");

    return !json_get(message, "via") || span_is(state, "passed") || span_is(state, "answered");
}

const struct json *hotline_due(const struct json *row)
{
    const struct json *list = json_get(row, "deadlines"), *first = NULL;

    for (size_t i = 0; list && i < list->array.count; i++) {
        const struct json *one = &list->array.at[i];

        if (span_is(json_get_text(one, "state"), "running") &&
            (!first || json_get_integer(one, "at_ms", 0) < json_get_integer(first, "at_ms", 0)))
            first = one;
    }
    return first;
}

/* --- what a record says --- */

static void add_members(struct json *out, const struct json *from, struct arena *arena)
{
    for (uint32_t i = 0; i < from->object.count; i++)
        json_set(out, arena_text(arena, from->object.at[i].key), from->object.at[i].value, arena);
}

static bool is_here(const struct submission *said, const struct part *part, struct span *out)
{
    struct hash stored;

    if (!hex_parse(stored.bytes, sizeof stored.bytes, part->stored))
        return false;
    for (size_t i = 0; i < said->part_count; i++) {
        *out = said->part[i];
        if (hash_equal(hash_of(*out), stored))
            return true;
    }
    return false;
}

/* Nobody could check what is closed before it was logged: it may be anything. */
static bool add_part(struct hotline *h, const struct record *record, const struct part *part,
                     struct span stored, struct json *out, struct arena *arena)
{
    const struct kind *kind = kind_find(record->kind, record->version);
    struct reading reading;
    struct err unfit = {0};
    struct json fields;

    reading_stored(part, stored, &h->identity, h->reads, &reading, arena);
    bool fit = reading.state == READING_OPEN && !part->media.len && kind &&
               kind_check_part(kind, part->tier, reading.bytes, arena, &unfit) &&
               json_parse_canonical(&fields, reading.bytes, arena, &unfit);
    if (fit)
        add_members(out, &fields, arena);
    return fit;
}

bool hotline_fields(struct hotline *h, struct span id, struct json *out, bool *out_closed,
                    struct arena *arena, struct err *err)
{
    struct submission *said;
    struct record record;
    struct part part;
    struct span bytes, stored;
    size_t count;

    *out = json_object();
    *out_closed = false;
    if (!hotline_submission(h, id, &bytes, arena, err) ||
        !submission_parse(&said, &count, bytes, arena, err) ||
        !record_parse(&record, said->note, arena, err) || !parts_check(record.body, err))
        return false;
    add_members(out, record.body, arena);
    for (size_t i = 0; part_at(record.body, i, &part); i++)
        if (!is_here(said, &part, &stored) || !add_part(h, &record, &part, stored, out, arena))
            *out_closed = true;
    return true;
}
