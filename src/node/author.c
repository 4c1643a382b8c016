#include "node/author.h"

#include "base/limits.h"
#include "node/keyring.h"
#include "node/readers.h"
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

bool author_refresh(struct author *author, struct err *err)
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
    ok = ok && author_refresh(author, err);
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

/* --- parts --- */

/* What is put together of one record before it is signed. */
struct draft {
    struct author *author;
    struct json body;
    struct span *part; /* what is stored */
    size_t parts;
    struct arena *arena;
};

static bool seal_once(struct draft *draft, const struct reader_key *to, size_t count,
                      struct span plain, struct span *out, struct err *err)
{
    struct age_recipient recipient[LIMIT_RECORD_PARTS];
    struct buf file = buf_in(draft->arena, SIZE_MAX);
    struct age_seed seed;

    assert(count <= ARRAY_LEN(recipient));
    for (size_t i = 0; i < count; i++)
        recipient[i] = to[i].to;
    entropy_fill(seed.bytes, sizeof seed.bytes);
    bool ok = age_encrypt(&file, recipient, count, plain, &seed, err);
    sign_wipe(seed.bytes, sizeof seed.bytes);
    *out = buf_span(&file);
    return ok;
}

/* In one file for all; sealed, in one for the inner reader within one for the outer (§4.2). */
static bool seal(struct draft *draft, enum tier tier, const struct reader_key *to, size_t count,
                 struct span salted, struct span *out, struct err *err)
{
    if (tier != TIER_SEALED)
        return seal_once(draft, to, count, salted, out, err);
    return seal_once(draft, &to[1], 1, salted, out, err) &&
           seal_once(draft, &to[0], 1, *out, out, err);
}

static bool find_readers(struct draft *draft, enum tier tier, struct reader_key **out,
                         size_t *out_count, struct json *names, struct err *err)
{
    *names = json_array();
    if (!readers_of(node_reader(draft->author->node), tier, out, out_count, draft->arena, err))
        return false;
    if (*out_count == 0)
        return err_set(err, ERR_MISSING,
                       "nobody reads the tier %s: no admitted key has an age recipient and a role "
                       "that reads it",
                       tier_word(tier));
    for (size_t i = 0; i < *out_count; i++)
        json_push(names, json_string((*out)[i].name), draft->arena);
    return true;
}

static bool add_part(struct draft *draft, enum tier tier, struct span media, struct span bytes,
                     struct err *err)
{
    struct part part = {.tier = tier, .media = media};
    struct reader_key *to;
    struct json names;
    uint8_t salt[PART_SALT_BYTES];
    size_t count;
    struct arena scratch = {0}; /* what is large and closed stands in memory once behind this */
    bool closed = tier != TIER_PUBLIC, ok = true;

    entropy_fill(salt, sizeof salt);
    struct span salted = part_salted(salt, bytes, closed ? &scratch : draft->arena);
    struct span stored = salted;
    if (closed) {
        ok = find_readers(draft, tier, &to, &count, &names, err) &&
             seal(draft, tier, to, count, salted, &stored, err);
        part.recipients = &names;
    }
    if (ok) {
        part_put(&draft->body, &part, salted, stored, draft->arena);
        draft->part[draft->parts++] = stored;
    }
    arena_free(&scratch);
    return ok;
}

static void pass_part(struct draft *draft, const struct part *part, struct span stored)
{
    part_pass(&draft->body, part, stored, draft->arena);
    draft->part[draft->parts++] = stored;
}

static bool add_parts(struct draft *draft, const struct kind_fields *fields,
                      const struct author_ask *ask, struct err *err)
{
    bool ok = true;

    if (ask->media_count > LIMIT_RECORD_PARTS - TIERS)
        return err_set(err, ERR_LIMIT, "%zu files with one record, of at most %u", ask->media_count,
                       LIMIT_RECORD_PARTS - TIERS);
    draft->part = arena_alloc(draft->arena, (TIERS + ask->media_count + 1) * sizeof *draft->part);
    for (enum tier tier = 0; ok && tier < TIERS; tier++)
        ok = fields->part[tier].object.count == 0 ||
             add_part(draft, tier, (struct span){0}, json_bytes(&fields->part[tier], draft->arena),
                      err);
    for (size_t i = 0; ok && i < ask->media_count; i++)
        ok = add_part(draft, ask->media[i].tier, ask->media[i].type, ask->media[i].bytes, err);
    if (ok && ask->passed)
        pass_part(draft, ask->passed, ask->passed_stored);
    return ok;
}

/* --- signing --- */

static bool sign_draft(struct author *author, const struct kind *kind, const struct json *body,
                       struct submission *out, char id[65], struct arena *arena, struct err *err)
{
    struct record record;
    struct record_draft draft = {
        .agreement = span_of(node_settings(author->node)->agreement),
        .kind = kind->name,
        .version = kind->version,
        .by = span_of(author->signer.name),
        .seq = author->next_seq,
        .prev = span_of(author->prev),
        .seen_size = author->seen_size,
        .seen_root = author->seen_root,
        .said_at_ms = clock_now_ms(node_clock(author->node)),
        .body = *body,
    };

    if (!record_sign(&out->note, &draft, &author->signer, arena, err) ||
        !record_parse(&record, out->note, arena, err))
        return false;
    memcpy(id, record.id_text, 65);
    memcpy(author->prev, record.id_text, sizeof author->prev);
    author->next_seq++;
    return true;
}

bool author_sign_parts(struct author *author, const struct author_ask *ask, struct submission *out,
                       char id[65], struct arena *arena, struct err *err)
{
    const struct kind *kind = kind_find(span_of(ask->kind), 1);
    struct draft draft = {.author = author, .arena = arena};
    struct submission submission = {0};
    struct kind_fields fields;

    if (!kind)
        return err_set(err, ERR_USAGE, "there is no kind \"%s\": sulh rules prints them all",
                       ask->kind);
    if (!kind_split(kind, ask->flat, ask->least, &fields, arena, err))
        return false;
    draft.body = fields.entry;
    if (!add_parts(&draft, &fields, ask, err) ||
        !sign_draft(author, kind, &draft.body, &submission, id, arena, err))
        return false;
    submission.part = draft.part;
    submission.part_count = draft.parts;
    *out = submission;
    return true;
}

bool author_sign(struct author *author, const char *kind, const struct json *flat,
                 struct submission *out, char id[65], struct arena *arena, struct err *err)
{
    return author_sign_parts(author, &(struct author_ask){.kind = kind, .flat = flat}, out, id,
                             arena, err);
}
