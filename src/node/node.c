#include "node/node.h"

#include "codec/hex.h"
#include "codec/json.h"
#include "journal/submission.h"
#include "net/http_client.h"
#include "node/author.h"
#include "node/keyring.h"
#include "record/kind.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct node {
    char directory[4096];
    struct settings settings;
    struct disk *disk;
    struct store *store;
    struct store_reader *reader;
    struct parts *parts; /* the journal's, or our own */
    struct journal *journal;
    struct note_signer log, promise, operator; /* as long as there is a journal */
    struct note_key log_key;
    uint64_t entries; /* past the last index that node_submit was answered with */
};

#define HOLDER_PATIENCE_NS UINT64_C(2000000000) /* a short command ends, a server starts */
#define HOLDER_WAIT_US 20000u
#define HOLDER_ANSWER_S 10u /* it may be writing a large batch */

static char *path_in(const struct node *node, const char *name, struct arena *arena)
{
    return arena_printf(arena, "%s/%s", node->directory, name);
}

/* The socket's file alone says nothing: a server that was killed leaves it behind. */
static bool holder_answers(struct node *node)
{
    struct arena arena = {0};
    struct http_call call = {
        .url = "http://node/checkpoint",
        .socket_path = path_in(node, "socket", &arena),
        .method = "GET",
        .limit = LIMIT_CHECKPOINT_BYTES,
        .timeout_s = HOLDER_ANSWER_S,
    };
    struct http_reply reply;
    struct err none = {0};
    bool answered = http_do(&call, &reply, &arena, &none);

    arena_free(&arena);
    return answered;
}

/* True when this process holds the directory, or (*held false) another does and serves. */
static bool take_hold(struct node *node, bool *held, struct err *err)
{
    uint64_t start = clock_ticks_ns();

    do {
        struct err busy = {0};

        *held = disk_lock(node->disk, &busy);
        if (*held || (busy.kind == ERR_CONFLICT && holder_answers(node)))
            return true;
        if (busy.kind != ERR_CONFLICT) {
            *err = busy;
            return false;
        }
        usleep(HOLDER_WAIT_US);
    } while (clock_ticks_ns() - start < HOLDER_PATIENCE_NS);
    return err_set(err, ERR_CONFLICT,
                   "another process is at work in it and no server answers at its socket: try "
                   "again when that has ended");
}

static bool read_signers(struct node *node, struct err *err)
{
    return keyring_read(&node->log, node->directory, node->settings.origin, err) &&
           keyring_read(&node->promise, node->directory, node->settings.promise, err) &&
           keyring_read(&node->operator, node->directory, node->settings.operator, err);
}

static bool open_journal(struct node *node, const struct journal_view *view,
                         const struct journal_progress *progress, struct err *err)
{
    struct journal_options options = {
        .disk = node->disk,
        .store = node->store,
        .clock = clock_system(),
        .log = &node->log,
        .promise = &node->promise,
        .node = &node->operator,
        .agreement = node->settings.agreement,
    };

    if (view)
        options.view = *view;
    if (progress)
        options.progress = *progress;
    if (!read_signers(node, err) || !journal_open(&node->journal, &options, err))
        return false;
    node->parts = journal_parts(node->journal);
    return true;
}

static bool open_store(struct node *node, struct err *err)
{
    struct arena arena = {0};
    const char *path = path_in(node, "store.db", &arena);
    bool ok = store_open(&node->store, arena_printf(&arena, "sqlite:%s", path), err);

    arena_free(&arena);
    return ok;
}

static bool read_log_key(struct node *node, struct err *err)
{
    struct arena arena = {0};
    struct span text, line;
    bool ok = disk_read(node->disk, "log.vkey", 1024, &text, &arena, err);

    if (ok && (!span_cut(&text, '\n', &line) || text.len))
        ok = err_set(err, ERR_MALFORMED, "log.vkey: must be one line");
    ok = ok && (note_key_parse(&node->log_key, line, err) || err_wrap(err, "log.vkey"));
    arena_free(&arena);
    return ok;
}

bool node_open(struct node **out, const char *directory, const struct journal_view *view,
               const struct journal_progress *progress, struct err *err)
{
    struct node *node = calloc(1, sizeof *node);
    bool held = false;

    assert(node);
    int len = snprintf(node->directory, sizeof node->directory, "%s", directory);
    bool ok = (size_t)len < sizeof node->directory ||
              err_set(err, ERR_LIMIT, "the directory's path is too long");
    ok = ok && disk_open(&node->disk, directory, false, err);
    ok = ok && settings_read(&node->settings, node->disk, err) && read_log_key(node, err);
    ok = ok && take_hold(node, &held, err) && open_store(node, err);
    ok = ok && (held ? open_journal(node, view, progress, err)
                     : parts_open(&node->parts, node->disk, err));
    ok = ok && store_reader_open(node->store, &node->reader, err);
    if (ok)
        *out = node;
    else
        node_close(node);
    return ok || err_wrap(err, "%s", directory);
}

void node_close(struct node *node)
{
    if (!node)
        return;
    store_reader_close(node->reader);
    if (!node->journal)
        parts_close(node->parts);
    journal_close(node->journal);
    store_close(node->store);
    disk_close(node->disk);
    sign_secret_wipe(&node->log.secret);
    sign_secret_wipe(&node->promise.secret);
    sign_secret_wipe(&node->operator.secret);
    free(node);
}

bool node_holds(const struct node *node)
{
    return node->journal != NULL;
}

const char *node_directory(const struct node *node)
{
    return node->directory;
}

const struct settings *node_settings(const struct node *node)
{
    return &node->settings;
}

/* .invalid is reserved for what must never be taken for real (RFC 2606). */
bool node_is_demo(const struct node *node)
{
    return span_starts_with(span_of(node->settings.agreement), SPAN_LIT("demo.invalid/"));
}

const struct note_key *node_log_key(const struct node *node)
{
    return &node->log_key;
}

struct disk *node_disk(struct node *node)
{
    return node->disk;
}

struct store *node_store(struct node *node)
{
    return node->store;
}

struct parts *node_parts(struct node *node)
{
    return node->parts;
}

struct journal *node_journal(struct node *node)
{
    return node->journal;
}

struct store_reader *node_reader(struct node *node)
{
    return node->reader;
}

bool node_checkpoint(struct node *node, struct checkpoint *out, struct span *out_note,
                     struct arena *arena, struct err *err)
{
    struct note note;
    struct err missing = {0};

    *out = (struct checkpoint){.root = hash_of((struct span){0})};
    *out_note = (struct span){0};
    if (log_reader_checkpoint(node->disk, out_note, arena, &missing))
        return checkpoint_open(out, &note, *out_note, &node->log_key, arena, err);
    if (missing.kind == ERR_MISSING)
        return true;
    *err = missing;
    return false;
}

static bool public_part(const struct record *record, struct part *out)
{
    for (size_t i = 0; part_at(record->body, i, out); i++)
        if (span_is(out->tier, "public") && out->media.len == 0)
            return true;
    return false;
}

/* The bytes that open the commitment. They are their author's: whatever they are, it is no
 * fault of ours. */
static bool find_part(struct parts *parts, const struct part *part, struct span *out,
                      bool *out_here, struct arena *arena, struct err *err)
{
    struct hash hash;
    struct span stored;
    struct err gone = {0};

    *out_here = hex_parse(hash.bytes, sizeof hash.bytes, part->stored) &&
                parts_get(parts, &hash, &stored, arena, &gone) && part_open(part, stored, out);
    if (gone.kind == ERR_NONE || gone.kind == ERR_MISSING || gone.kind == ERR_CONFLICT)
        return true;
    *err = gone;
    return false;
}

bool node_public(struct parts *parts, const struct record *record, struct json *out, bool *out_here,
                 struct arena *arena, struct err *err)
{
    const struct kind *kind = kind_find(record->kind, record->version);
    struct part part;
    struct span bytes;
    struct err unfit = {0};

    *out = json_object();
    *out_here = true;
    if (!public_part(record, &part))
        return true;
    if (!find_part(parts, &part, &bytes, out_here, arena, err))
        return false;
    *out_here = *out_here && kind && kind_check_part(kind, "public", bytes, arena, &unfit) &&
                json_parse_canonical(out, bytes, arena, &unfit);
    return true;
}

/* --- ending what a command appended --- */

static bool wants_tick(struct node *node, bool *out, struct arena *arena, struct err *err)
{
    struct span row;
    struct json agreement;

    if (!store_get(node->reader, "agreement", SPAN_LIT("1"), STORE_LATEST, &row, NULL, arena, err))
        return false;
    *out = false;
    if (!row.at)
        return true;
    if (!json_parse_canonical(&agreement, row, arena, err))
        return false;
    *out = json_get_integer(&agreement, "quorum", 1) == 0 &&
           span_is(json_get_string(&agreement, "state", (struct span){0}), "in_force");
    return true;
}

/* Later than the last tick whatever the machine's clock says, so that time moves on. */
static bool tick_time(struct node *node, int64_t *out, struct arena *arena, struct err *err)
{
    struct span row;
    struct json clock = json_object();
    int64_t now = clock_now_ms(clock_system());

    if (!store_get(node->reader, "clock", SPAN_LIT("clock"), STORE_LATEST, &row, NULL, arena,
                   err) ||
        (row.at && !json_parse_canonical(&clock, row, arena, err)))
        return false;
    int64_t last = json_get_integer(&clock, "now_ms", 0);
    *out = now > last ? now : last + 1;
    return true;
}

static bool append_tick(struct node *node, struct arena *arena, struct err *err)
{
    struct author *author = NULL;
    struct submission submission;
    struct answer answer;
    struct json body = json_object();
    int64_t at_ms;
    char id[65];

    if (!tick_time(node, &at_ms, arena, err))
        return false;
    bool ok = author_open(&author, node, node->settings.operator, err);
    if (!ok && err->kind == ERR_CONFLICT)
        return true; /* who signs as the operator just now hands it to us: next time */
    if (ok) {
        json_set_integer(&body, "at_ms", at_ms, arena);
        ok = author_sign(author, "clock.tick", &body, &submission, id, arena, err) &&
             journal_append(node->journal, &submission, 1, &answer, arena, err);
    }
    author_close(author);
    return ok;
}

bool node_tick(struct node *node, struct err *err)
{
    struct arena arena = {0};
    bool wanted;

    assert(node_holds(node));
    bool ok = journal_publish(node->journal, err) && store_reader_refresh(node->reader, err) &&
              wants_tick(node, &wanted, &arena, err);
    if (ok && wanted)
        ok = append_tick(node, &arena, err) && journal_publish(node->journal, err) &&
             store_reader_refresh(node->reader, err);
    arena_free(&arena);
    return ok;
}

#define SETTLE_TRIES 500u /* for 20 ms each: a server publishes every 100 ms */

static bool is_published(struct node *node, uint64_t entries, bool *out, struct err *err)
{
    struct arena arena = {0};
    struct checkpoint checkpoint;
    struct span note;
    uint64_t applied;
    bool ok = node_checkpoint(node, &checkpoint, &note, &arena, err) &&
              store_reader_refresh(node->reader, err) && store_applied(node->reader, &applied, err);

    arena_free(&arena);
    if (ok)
        *out = checkpoint.size >= entries && applied >= entries;
    return ok;
}

/* What the holder has staged: `entries` of them. It applies them before it answers, and
 * publishes them afterwards. */
static bool wait_published(struct node *node, uint64_t entries, struct err *err)
{
    for (unsigned i = 0; i < SETTLE_TRIES; i++) {
        bool published;

        if (!is_published(node, entries, &published, err))
            return false;
        if (published)
            return true;
        usleep(HOLDER_WAIT_US);
    }
    return err_set(err, ERR_IO, "the server has promised entry %" PRIu64 " and not published it",
                   entries - 1);
}

static bool hand_over(struct node *node, const struct submission *submission, size_t count,
                      struct answer *answers, struct arena *arena, struct err *err)
{
    struct http_call call = {
        .url = "http://node/submit",
        .socket_path = path_in(node, "socket", arena),
        .method = "POST",
        .type = SUBMISSION_TYPE,
        .limit = SUBMISSION_ANSWER_BYTES,
        .timeout_s = 60,
    };
    struct http_reply reply;

    if (!submission_encode(&call.body, submission, count, arena, err) ||
        !http_do(&call, &reply, arena, err))
        return false;
    if (reply.status != 200)
        return err_set(err, ERR_IO, "the running server answered %d: %.*s", reply.status,
                       (int)(reply.body.len < 300 ? reply.body.len : 300),
                       (const char *)reply.body.at);
    return submission_answers_parse(answers, count, reply.body, arena, err);
}

bool node_submit(struct node *node, const struct submission *submission, size_t count,
                 struct answer *answers, struct arena *arena, struct err *err)
{
    bool ok = node->journal ? journal_append(node->journal, submission, count, answers, arena, err)
                            : hand_over(node, submission, count, answers, arena, err);

    for (size_t i = 0; ok && i < count; i++)
        if (answers[i].kind != ANSWER_REFUSED && answers[i].index >= node->entries)
            node->entries = answers[i].index + 1;
    return ok;
}

bool node_settle(struct node *node, struct err *err)
{
    return node->journal ? node_tick(node, err) : wait_published(node, node->entries, err);
}
