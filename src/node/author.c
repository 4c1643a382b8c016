#include "node/author.h"

#include "node/keyring.h"
#include "record/kind.h"
#include "register/register.h"
#include "sync/outbox.h"
#include "sys/entropy.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

struct author {
    struct node *node;
    struct note_signer signer;
    int held; /* the key file */
    uint64_t next_seq;
    char prev[65];
    uint64_t seen_size;
    struct hash seen_root;
};

static bool chain_row(struct author *author, uint64_t seq, struct span *out, struct arena *arena,
                      struct err *err)
{
    struct span key = span_of(arena_printf(arena, "%s %016" PRIu64, author->signer.name, seq));

    return store_get(node_reader(author->node), "chain", key, STORE_LATEST, out, NULL, arena, err);
}

/* The last number of the key's chain that is logged: 0 for none. Doubles until one is
 * missing, then halves. */
static bool last_seq(struct author *author, uint64_t *out, struct arena *arena, struct err *err)
{
    uint64_t there = 0, missing = 1;
    struct span row;

    for (;; missing *= 2) {
        if (!chain_row(author, missing, &row, arena, err))
            return false;
        if (!row.at)
            break;
        there = missing;
    }
    while (missing - there > 1) {
        uint64_t middle = there + (missing - there) / 2;

        if (!chain_row(author, middle, &row, arena, err))
            return false;
        *(row.at ? &there : &missing) = middle;
    }
    *out = there;
    return true;
}

static bool copy_id(char out[65], struct span row, struct arena *arena, struct err *err)
{
    struct json value;
    struct span id = {0};

    if (json_parse_canonical(&value, row, arena, err))
        id = json_get_string(&value, "id", id);
    if (id.len != 64)
        return err_set(err, ERR_MALFORMED, "a row of the store has no id: sulh replay mends it");
    snprintf(out, 65, "%.*s", SPAN_ARG(id));
    return true;
}

/* What the first record of a key continues: entry 0, or nothing before there is one. */
static bool start_chain(struct author *author, struct arena *arena, struct err *err)
{
    struct span row;

    author->prev[0] = '\0';
    if (!store_get(node_reader(author->node), "agreement", SPAN_LIT("1"), STORE_LATEST, &row, NULL,
                   arena, err))
        return false;
    return !row.at || copy_id(author->prev, row, arena, err);
}

/* Where the log has the chain, or what waits to go there. */
static bool find_chain(struct author *author, struct arena *arena, struct err *err)
{
    struct note_key key = note_signer_key(&author->signer);
    struct outbox_last waiting;
    struct span row;
    uint64_t last;

    if (!last_seq(author, &last, arena, err))
        return false;
    if (!node_waiting(author->node, &key, &waiting, err))
        return false;
    if (waiting.seq > last) {
        author->next_seq = waiting.seq + 1;
        memcpy(author->prev, waiting.id, sizeof author->prev);
        return true;
    }
    author->next_seq = last + 1;
    if (last == 0)
        return start_chain(author, arena, err);
    return chain_row(author, last, &row, arena, err) && copy_id(author->prev, row, arena, err);
}

static bool see(struct author *author, struct arena *arena, struct err *err)
{
    struct checkpoint checkpoint;
    struct span note;

    if (!node_checkpoint(author->node, &checkpoint, &note, arena, err))
        return false;
    author->seen_size = checkpoint.size;
    author->seen_root = checkpoint.root;
    return true;
}

/* Where the log has the chain of the key that is held. */
static bool continue_chain(struct author *author, struct err *err)
{
    struct arena arena = {0};
    bool ok = store_reader_refresh(node_reader(author->node), err) &&
              find_chain(author, &arena, err) && see(author, &arena, err);

    arena_free(&arena);
    return ok;
}

static struct author *author_new(struct node *node)
{
    struct author *author = calloc(1, sizeof *author);

    assert(author);
    author->node = node;
    author->held = -1;
    return author;
}

static bool finish_open(struct author **out, struct author *author, bool ok, struct err *err)
{
    ok = ok && continue_chain(author, err);
    if (ok)
        *out = author;
    else
        author_close(author);
    return ok;
}

bool author_open(struct author **out, struct node *node, const char *key_name, struct err *err)
{
    struct author *author = author_new(node);
    const char *directory = node_directory(node);
    bool held = directory[0]
                    ? keyring_hold(&author->signer, &author->held, directory, key_name, err)
                    : node_key(node, key_name, &author->signer, err);

    return finish_open(out, author, held, err);
}

bool author_open_file(struct author **out, struct node *node, const char *path, struct err *err)
{
    struct author *author = author_new(node);
    bool held = keyring_hold_file(&author->signer, &author->held, path, err);

    return finish_open(out, author, held, err);
}

void author_close(struct author *author)
{
    if (!author)
        return;
    sign_secret_wipe(&author->signer.secret);
    if (author->held >= 0)
        close(author->held);
    free(author);
}

static void add_public_part(struct json *body, const struct json *part, struct submission *out,
                            struct arena *arena)
{
    uint8_t salt[PART_SALT_BYTES];
    struct span *stored = ARENA_NEW(arena, struct span);

    entropy_fill(salt, sizeof salt);
    *stored = part_make(body, salt, json_bytes(part, arena), arena);
    out->part = stored;
    out->part_count = 1;
}

bool author_sign(struct author *author, const char *kind, const struct json *flat,
                 struct submission *out, char id[65], struct arena *arena, struct err *err)
{
    const struct kind *known = kind_find(span_of(kind), 1);
    struct kind_fields fields;
    struct submission submission = {0};
    struct record record;

    if (!known)
        return err_set(err, ERR_USAGE, "there is no kind \"%s\": sulh rules prints them all", kind);
    if (!kind_split(known, flat, TIER_PUBLIC, &fields, arena, err))
        return false;
    if (fields.part[TIER_PUBLIC].object.count)
        add_public_part(&fields.entry, &fields.part[TIER_PUBLIC], &submission, arena);
    struct record_draft draft = {
        .agreement = span_of(node_settings(author->node)->agreement),
        .kind = kind,
        .version = known->version,
        .by = span_of(author->signer.name),
        .seq = author->next_seq,
        .prev = span_of(author->prev),
        .seen_size = author->seen_size,
        .seen_root = author->seen_root,
        .said_at_ms = clock_now_ms(node_clock(author->node)),
        .body = fields.entry,
    };
    if (!record_sign(&submission.note, &draft, &author->signer, arena, err) ||
        !record_parse(&record, submission.note, arena, err))
        return false;
    memcpy(id, record.id_text, 65);
    memcpy(author->prev, record.id_text, sizeof author->prev);
    author->next_seq++;
    *out = submission;
    return true;
}
