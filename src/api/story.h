#pragma once

/*
 * For test programs only: a node in a temporary directory with the small agreement of
 * journal/world.h in force, and a way to file records and ask the api about them.
 */

#include "api/api.h"
#include "api/views.h"
#include "journal/world.h"
#include "node/keyring.h"

#include <ftw.h>
#include <unistd.h>

struct story {
    char directory[64];
    struct world *world;
    struct node *node;
    struct api *api;
    struct arena arena;
};

static inline void story_ok(bool ok, const struct err *err)
{
    if (ok)
        return;
    fprintf(stderr, "%s\n", err->text);
    abort();
}

/* Opens the node (catching its store up) and the api over it. */
static inline void story_open(struct story *s)
{
    struct journal_view view = views_journal();
    struct err err = {0};

    story_ok(node_open(&s->node, s->directory, &view, NULL, &err), &err);
    s->api = api_open(s->node);
}

static inline void story_close(struct story *s)
{
    api_close(s->api);
    node_close(s->node);
    s->api = NULL;
    s->node = NULL;
}

static inline struct answer story_append(struct story *s, const struct submission *submission,
                                         size_t count)
{
    struct answer *answers = ARENA_ARRAY(&s->arena, struct answer, count);
    struct err err = {0};

    story_ok(journal_append(node_journal(s->node), submission, count, answers, &s->arena, &err),
             &err);
    story_ok(journal_publish(node_journal(s->node), &err), &err);
    return answers[count - 1];
}

static inline void story_make_directory(struct story *s)
{
    struct settings settings = {.agreement = WORLD_NAME,
                                .origin = WORLD_NAME "/term/1",
                                .promise = "obs/promise",
                                .name = "obs/node"};
    const struct note_signer *kept[] = {&s->world->log, &s->world->promise, &s->world->node.signer};
    struct err err = {0};
    struct disk *disk;

    snprintf(s->directory, sizeof s->directory, "/tmp/api_test.XXXXXX");
    if (!mkdtemp(s->directory))
        abort();
    for (size_t i = 0; i < ARRAY_LEN(kept); i++)
        story_ok(keyring_write(s->directory, kept[i], &err), &err);
    story_ok(disk_open(&disk, s->directory, false, &err), &err);
    story_ok(settings_write(&settings, disk, &err), &err);
    const char *line =
        arena_printf(&s->arena, "%.*s\n", SPAN_ARG(world_vkey(&s->world->log, &s->arena)));
    story_ok(disk_replace(disk, "log.vkey", span_of(line), true, &err), &err);
    disk_close(disk);
}

/* A node whose log is empty. */
static inline struct story *story_empty(uint64_t seed)
{
    struct story *s = calloc(1, sizeof *s);

    if (!s)
        abort();
    s->world = world_new(seed);
    story_make_directory(s);
    story_open(s);
    return s;
}

/* The agreement in force, and a first tick. */
static inline struct story *story_start(uint64_t seed)
{
    struct story *s = story_empty(seed);
    struct submission start[WORLD_START];

    world_start(s->world, start, &s->arena);
    story_append(s, start, WORLD_START);
    return s;
}

static inline int story_unlink(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
    (void)st, (void)type, (void)ftw;
    return remove(path);
}

static inline void story_end(struct story *s)
{
    story_close(s);
    nftw(s->directory, story_unlink, 16, FTW_DEPTH | FTW_PHYS);
    arena_free(&s->arena);
    free(s->world);
    free(s);
}

/* Signs, files and publishes one record of author `by` (from 0), whose fields are given as
 * JSON text. Its id, in the arena. */
static inline const char *story_say(struct story *s, size_t by, const char *kind, const char *text)
{
    struct world_signer *signer = &s->world->author[by];
    struct kind_fields fields;
    struct json flat;
    struct err err = {0};

    story_ok(json_parse(&flat, span_of(text), &s->arena, &err), &err);
    story_ok(kind_split(kind_find(span_of(kind), 1), &flat, TIER_PUBLIC, &fields, &s->arena, &err),
             &err);
    struct submission one = world_sign(s->world, signer, kind, &flat, &s->arena);
    story_append(s, &one, 1);
    return arena_text(&s->arena, span_of(signer->prev));
}

static inline void story_tick(struct story *s)
{
    struct submission tick = world_tick(s->world, &s->arena);

    story_append(s, &tick, 1);
}

/* What is answered to GET. The path may have a query. */
static inline struct http_response story_get(struct story *s, const char *path)
{
    struct http_request request = {.method = "GET", .query = span_of(path), .arena = &s->arena};
    struct http_response response = {0};

    if (!span_cut(&request.query, '?', &request.path)) {
        request.path = request.query;
        request.query = (struct span){0};
    }
    api_handle(s->api, &request, &response);
    if (!response.status)
        response.status = 200;
    return response;
}

static inline struct json story_get_json(struct story *s, const char *path)
{
    struct http_response response = story_get(s, path);
    struct json out;
    struct err err = {0};

    if (response.status != 200)
        err_set(&err, ERR_IO, "%s: %d %.*s", path, response.status, SPAN_ARG(response.body));
    story_ok(response.status == 200, &err);
    story_ok(json_parse_canonical(&out, response.body, &s->arena, &err), &err);
    return out;
}
