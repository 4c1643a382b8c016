#include "journal/audit.h"

#include "base/test.h"
#include "journal/follow.h"
#include "journal/log_reader.h"
#include "journal/stage.h"
#include "journal/world.h"
#include "ledger/cosignature.h"
#include "sys/disk_sim.h"

/*
 * One healthy directory, changed in one way at a time. Whatever was changed, the audit
 * says so and names the place.
 */

#define ENTRIES 600u /* two full bundles and a partial one */

static struct {
    struct arena arena;
    struct disk *disk;
    struct store *store;
    struct disk_entry *file;
    size_t count;
    struct span *bytes; /* of each file */
    char agreement_id[65];
} healthy;

static void audit_disk(struct disk *disk, struct store *store, const char *id,
                       struct audit_result *out)
{
    const struct audit_options options = {.disk = disk, .store = store, .agreement_id = id};
    struct err err = {0};

    if (!audit_run(out, &options, &err))
        fail_msg("%s", err.text);
}

static void append_all(struct journal *journal, struct submission *submission, size_t count)
{
    struct answer *answers = ARENA_ARRAY(&healthy.arena, struct answer, count);
    struct err err = {0};

    if (!journal_append(journal, submission, count, answers, &healthy.arena, &err))
        fail_msg("%s", err.text);
}

/* Witnesses: one in force, one revoked, and one that counts for nothing. */

static struct submission admit_key(struct world *w, const char *name, const char *job)
{
    struct note_signer signer = world_witness(name);
    struct json body = json_object();

    json_set_string(&body, "key", world_vkey(&signer, &healthy.arena), &healthy.arena);
    json_set(&body, "job", json_text(job), &healthy.arena);
    json_set(&body, "org", json_text("obs"), &healthy.arena);
    return world_sign(w, &w->root, "member.admit", &body, &healthy.arena);
}

static struct submission revoke_key(struct world *w, const char *name)
{
    struct json body = json_object();

    json_set(&body, "name", json_text(name), &healthy.arena);
    json_set(&body, "reason", json_text("left"), &healthy.arena);
    return world_sign(w, &w->root, "member.revoke", &body, &healthy.arena);
}

static struct submission healthy_entry(struct world *w, size_t n)
{
    switch (n) {
    case 300:
    case 400:
        return world_void(w, &healthy.arena);
    case 350:
        return revoke_key(w, "obs/w0");
    case 351:
        return admit_key(w, "obs/w1", "witness");
    case 352:
        return admit_key(w, "obs/x1", "external");
    default:
        return world_any(w, &healthy.arena);
    }
}

static int make_healthy(void **state)
{
    struct world *w = world_new(3);
    struct journal *journal;
    struct submission *s = ARENA_ARRAY(&healthy.arena, struct submission, ENTRIES);
    struct err err = {0};
    (void)state;

    assert_true(disk_sim_open(&healthy.disk, 3) && store_open(&healthy.store, "memory:", &err));
    struct journal_options options = world_options(w, healthy.disk, healthy.store);
    assert_true(journal_open(&journal, &options, &err));
    world_start(w, s, &healthy.arena);
    for (size_t i = WORLD_START; i < ENTRIES; i++)
        s[i] = healthy_entry(w, i);
    append_all(journal, s, 520);
    assert_true(journal_publish(journal, &err));
    append_all(journal, s + 520, ENTRIES - 520);
    assert_true(journal_publish(journal, &err));
    journal_close(journal);
    memcpy(healthy.agreement_id, w->id, sizeof healthy.agreement_id);
    free(w);

    assert_true(disk_list(healthy.disk, "", &healthy.file, &healthy.count, &healthy.arena, &err));
    healthy.bytes = ARENA_ARRAY(&healthy.arena, struct span, healthy.count);
    for (size_t i = 0; i < healthy.count; i++)
        assert_true(disk_read(healthy.disk, healthy.file[i].path, 1u << 30, &healthy.bytes[i],
                              &healthy.arena, &err));
    return 0;
}

static int free_healthy(void **state)
{
    (void)state;
    store_close(healthy.store);
    disk_close(healthy.disk);
    arena_free(&healthy.arena);
    return 0;
}

/* A disk with the healthy files. */
static struct disk *copy_healthy(void)
{
    struct disk *disk;
    struct err err = {0};

    assert_true(disk_sim_open(&disk, 1));
    for (size_t i = 0; i < healthy.count; i++)
        assert_true(disk_replace(disk, healthy.file[i].path, healthy.bytes[i], false, &err));
    return disk;
}

static void put(struct disk *disk, const char *path, struct span bytes)
{
    struct err err = {0};

    assert_true(disk_replace(disk, path, bytes, false, &err));
}

static struct span get(struct disk *disk, const char *path, struct arena *arena)
{
    struct span bytes;
    struct err err = {0};

    if (!disk_read(disk, path, 1u << 30, &bytes, arena, &err))
        fail_msg("%s", err.text);
    return bytes;
}

static void test_healthy(void **state)
{
    struct audit_result result;
    (void)state;

    audit_disk(healthy.disk, healthy.store, healthy.agreement_id, &result);
    assert_string_equal(result.text, "");
    assert_true(result.ok && !result.to_recover && result.has_store);
    assert_int_equal(result.entries, ENTRIES);
    assert_int_equal(result.store_applied, ENTRIES);
    assert_int_equal(result.holds + result.marked + result.voided, ENTRIES);
    assert_int_equal(result.voided, 2);
    assert_int_equal(result.staged, 0);
    assert_true(result.parts > 100);
    assert_string_equal(result.agreement, WORLD_NAME);
    assert_string_equal(result.agreement_id, healthy.agreement_id);
    audit_disk(healthy.disk, NULL, NULL, &result);
    assert_true(result.ok && !result.has_store);
}

/* Whatever of the register is in a file, it is the same. */
static void test_rows_in_a_file(void **state)
{
    struct audit_options options = {.disk = healthy.disk, .store = healthy.store};
    struct audit_result whole, bounded;
    struct err err = {0};
    (void)state;

    audit_disk(healthy.disk, healthy.store, NULL, &whole);
    for (options.rows_bytes = 1; options.rows_bytes < 1 << 20; options.rows_bytes *= 32) {
        if (!audit_run(&bounded, &options, &err))
            fail_msg("%s", err.text);
        assert_true(bounded.ok);
        assert_true(hash_equal(bounded.digest, whole.digest));
        assert_int_equal(bounded.holds, whole.holds);
        assert_int_equal(bounded.marked, whole.marked);
        assert_int_equal(bounded.parts, whole.parts);
    }
}

/* Every file of the log, one byte changed at its start, its end and at random places. */
static bool is_current_bundle(const char *path)
{
    return strstr(path, "entries") && strcmp(path, "log/tile/entries/002.p/8") != 0;
}

static void test_any_byte(void **state)
{
    struct world *w = world_new(5);
    (void)state;

    for (size_t i = 0; i < healthy.count; i++) {
        const char *path = healthy.file[i].path;
        struct span bytes = healthy.bytes[i];
        if (!span_starts_with(span_of(path), SPAN_LIT("log/")))
            continue;
        for (unsigned n = 0; n < 10; n++) {
            size_t at = n == 0 ? 0 : n == 1 ? bytes.len - 1 : world_below(w, bytes.len);
            struct arena arena = {0};
            struct disk *disk = copy_healthy();
            struct audit_result result;
            char *changed = arena_text(&arena, bytes);
            char name[1100];

            changed[at] = (char)(changed[at] ^ (char)(1 << world_below(w, 8)));
            put(disk, path, span_make(changed, bytes.len));
            audit_disk(disk, healthy.store, NULL, &result);
            snprintf(name, sizeof name, "%s, byte %zu: %s", path, at, result.text);
            CHECK_CASE(name, !result.ok);
            CHECK_CASE(name, strcmp(result.path, path) == 0);
            CHECK_CASE(name, result.has_entry == is_current_bundle(path));
            disk_close(disk);
            arena_free(&arena);
        }
    }
    free(w);
}

/* Changes of structure. */

static struct span join(struct arena *arena, const struct span *piece, size_t count)
{
    struct buf buf = buf_in(arena, 1u << 30);

    for (size_t i = 0; i < count; i++)
        buf_put(&buf, piece[i]);
    return buf_span(&buf);
}

/* Puts the entries of a bundle together in another order: `order` holds their numbers. */
static void reorder(struct disk *disk, const char *path, const unsigned *order, size_t count,
                    struct arena *arena)
{
    struct span rest = get(disk, path, arena), entry;
    struct span *entries = ARENA_ARRAY(arena, struct span, TILE_WIDTH);
    struct buf out = buf_in(arena, 1u << 30);

    for (size_t n = 0; tile_bundle_next(&rest, &entry); n++)
        entries[n] = entry;
    for (size_t i = 0; i < count; i++)
        tile_bundle_put(&out, entries[order[i]]);
    put(disk, path, buf_span(&out));
}

static void edit_bundle(struct disk *disk, struct arena *arena, unsigned from, unsigned to,
                        unsigned skip, unsigned twice)
{
    unsigned order[TILE_WIDTH + 1], count = 0;

    for (unsigned i = 0; i < TILE_WIDTH; i++) {
        if (i == skip)
            continue;
        order[count++] = i == from ? to : i == to ? from : i;
        if (i == twice)
            order[count++] = i;
    }
    reorder(disk, "log/tile/entries/001", order, count, arena);
}

#define NONE 999u

static void swap_entries(struct disk *disk, struct arena *arena)
{
    edit_bundle(disk, arena, 20, 30, NONE, NONE);
}
static void remove_entry(struct disk *disk, struct arena *arena)
{
    edit_bundle(disk, arena, NONE, NONE, 40, NONE);
}
static void repeat_entry(struct disk *disk, struct arena *arena)
{
    edit_bundle(disk, arena, NONE, NONE, NONE, 50);
}
static void remove_last_entry(struct disk *disk, struct arena *arena)
{
    edit_bundle(disk, arena, NONE, NONE, 255, NONE);
}
static void repeat_last_entry(struct disk *disk, struct arena *arena)
{
    edit_bundle(disk, arena, NONE, NONE, NONE, 255);
}

/* An entry and its hash together: the tile above tells. */
static void rewrite_entry(struct disk *disk, struct arena *arena)
{
    struct span bundle = get(disk, "log/tile/entries/000", arena), rest = bundle, entry;
    char *entries = arena_text(arena, bundle);
    char *hashes = arena_text(arena, get(disk, "log/tile/0/000", arena));

    for (unsigned i = 0; i <= 100; i++)
        assert_true(tile_bundle_next(&rest, &entry));
    size_t at = (size_t)(entry.at - bundle.at);
    entries[at + 100] ^= 1;
    struct hash leaf = merkle_leaf(span_make(entries + at, entry.len));
    memcpy(hashes + 100 * HASH_BYTES, leaf.bytes, HASH_BYTES);
    put(disk, "log/tile/entries/000", span_make(entries, bundle.len));
    put(disk, "log/tile/0/000", span_make(hashes, TILE_WIDTH * HASH_BYTES));
}

static void remove_file(struct disk *disk, const char *path)
{
    struct err err = {0};

    assert_true(disk_remove(disk, path, &err));
}
static void remove_checkpoint(struct disk *disk, struct arena *arena)
{
    (void)arena;
    remove_file(disk, "log/checkpoint");
}
static void remove_bundle(struct disk *disk, struct arena *arena)
{
    (void)arena;
    remove_file(disk, "log/tile/entries/001");
}
static void remove_first_bundle(struct disk *disk, struct arena *arena)
{
    (void)arena;
    remove_file(disk, "log/tile/entries/000");
}
static void remove_tile(struct disk *disk, struct arena *arena)
{
    (void)arena;
    remove_file(disk, "log/tile/1/000.p/2");
}
static void cut_tile(struct disk *disk, struct arena *arena)
{
    put(disk, "log/tile/0/001", span_slice(get(disk, "log/tile/0/001", arena), 0, 8160));
}
static void lengthen_tile(struct disk *disk, struct arena *arena)
{
    put(disk, "log/tile/0/001",
        join(arena, (struct span[]){get(disk, "log/tile/0/001", arena), SPAN_LIT("x")}, 2));
}
static void lengthen_bundle(struct disk *disk, struct arena *arena)
{
    put(disk, "log/tile/entries/001",
        join(arena, (struct span[]){get(disk, "log/tile/entries/001", arena), SPAN_LIT("x")}, 2));
}
static void add_stale_partial(struct disk *disk, struct arena *arena)
{
    put(disk, "log/tile/0/001.p/7", span_slice(get(disk, "log/tile/0/001", arena), 0, 7 * 32));
}
static void add_wider_partial(struct disk *disk, struct arena *arena)
{
    put(disk, "log/tile/0/002.p/89",
        join(arena,
             (struct span[]){get(disk, "log/tile/0/002.p/88", arena),
                             span_make((uint8_t[32]){1}, 32)},
             2));
}
static void add_true_partial(struct disk *disk, struct arena *arena)
{
    put(disk, "log/tile/0/002.p/7", span_slice(get(disk, "log/tile/0/002.p/88", arena), 0, 7 * 32));
}
static void add_false_partial(struct disk *disk, struct arena *arena)
{
    put(disk, "log/tile/0/002.p/7", span_slice(get(disk, "log/tile/0/001", arena), 0, 7 * 32));
}
static void add_short_bundle(struct disk *disk, struct arena *arena)
{
    struct span bundle = get(disk, "log/tile/entries/002.p/8", arena);
    put(disk, "log/tile/entries/002.p/7", span_slice(bundle, 0, bundle.len - 1));
}
static void add_full_tile_beyond(struct disk *disk, struct arena *arena)
{
    put(disk, "log/tile/0/002", get(disk, "log/tile/0/001", arena));
}
static void add_file(struct disk *disk, struct arena *arena)
{
    (void)arena;
    put(disk, "log/tile/0/readme", SPAN_LIT("hello"));
}
static void give_another_log_key(struct disk *disk, struct arena *arena)
{
    struct note_signer other;

    note_signer_make(&other, SPAN_LIT(WORLD_NAME "/term/1"), NOTE_TYPE_ED25519, (uint8_t[32]){7});
    put(disk, "log.vkey",
        join(arena, (struct span[]){world_vkey(&other, arena), SPAN_LIT("\n")}, 2));
}
static void give_log_key(struct disk *disk, struct arena *arena)
{
    struct world *w = world_new(3);

    put(disk, "log.vkey",
        join(arena, (struct span[]){world_vkey(&w->log, arena), SPAN_LIT("\n")}, 2));
    free(w);
}
static void give_key_of_next_term(struct disk *disk, struct arena *arena)
{
    struct note_signer next;

    give_log_key(disk, arena);
    note_signer_make(&next, SPAN_LIT(WORLD_NAME "/term/2"), NOTE_TYPE_ED25519, (uint8_t[32]){7});
    put(disk, "log.vkey",
        join(
            arena,
            (struct span[]){get(disk, "log.vkey", arena), world_vkey(&next, arena), SPAN_LIT("\n")},
            3));
}
static void give_no_log_key(struct disk *disk, struct arena *arena)
{
    (void)arena;
    put(disk, "log.vkey", SPAN_LIT("example.com/log+530d903a+AQ==\n"));
}
static void add_file_beside(struct disk *disk, struct arena *arena)
{
    (void)arena;
    put(disk, "log/checkpoint2", SPAN_LIT("hello"));
}
static void add_other_spelling(struct disk *disk, struct arena *arena)
{
    put(disk, "log/tile/0/x000/001", get(disk, "log/tile/0/001", arena));
}
static void add_level(struct disk *disk, struct arena *arena)
{
    put(disk, "log/tile/2/000.p/1", span_slice(get(disk, "log/tile/1/000.p/2", arena), 0, 32));
}

static void sign_checkpoint(struct disk *disk, const struct note_signer *signer, bool instead,
                            struct arena *arena)
{
    struct span bytes = get(disk, "log/checkpoint", arena);
    struct note note;
    struct err err = {0};

    assert_true(note_parse(&note, bytes, arena, &err));
    struct span signed_note = note_sign(note.text, signer, arena);
    struct span line = span_from(signed_note, note.text.len + 1);
    put(disk, "log/checkpoint",
        instead ? signed_note : join(arena, (struct span[]){bytes, line}, 2));
}
static void add_unknown_line(struct disk *disk, struct arena *arena)
{
    struct note_signer other;

    note_signer_make(&other, SPAN_LIT("somebody/else"), NOTE_TYPE_ED25519, (uint8_t[32]){7});
    sign_checkpoint(disk, &other, false, arena);
}
static void add_line_of_same_name(struct disk *disk, struct arena *arena)
{
    struct note_signer other;

    note_signer_make(&other, SPAN_LIT(WORLD_NAME "/term/1"), NOTE_TYPE_ED25519, (uint8_t[32]){7});
    sign_checkpoint(disk, &other, false, arena);
}
static void sign_with_another_key(struct disk *disk, struct arena *arena)
{
    struct note_signer other;

    note_signer_make(&other, SPAN_LIT(WORLD_NAME "/term/1"), NOTE_TYPE_ED25519, (uint8_t[32]){7});
    sign_checkpoint(disk, &other, true, arena);
}
static void add_line_twice(struct disk *disk, struct arena *arena)
{
    struct world *w = world_new(3);

    sign_checkpoint(disk, &w->log, false, arena);
    free(w);
}
/* Another number of entries, signed by the log's own key. */
static void sign_smaller(struct disk *disk, struct arena *arena)
{
    struct world *w = world_new(3);
    struct checkpoint checkpoint;
    struct note note;
    struct buf text = buf_in(arena, 1000);
    struct err err = {0};

    assert_true(note_parse(&note, get(disk, "log/checkpoint", arena), arena, &err));
    assert_true(checkpoint_parse(&checkpoint, note.text, &err));
    checkpoint.size = 520;
    checkpoint_put(&text, &checkpoint);
    put(disk, "log/checkpoint", note_sign(buf_span(&text), &w->log, arena));
    free(w);
}

/* Lines of witnesses behind the log's. */

static struct span checkpoint_text(struct disk *disk, struct arena *arena)
{
    struct note note;
    struct err err = {0};

    assert_true(note_parse(&note, get(disk, "log/checkpoint", arena), arena, &err));
    return note.text;
}
static void add_cosignature(struct disk *disk, const struct note_signer *witness, struct span text,
                            struct arena *arena)
{
    struct buf note = buf_in(arena, LIMIT_CHECKPOINT_BYTES);

    buf_put(&note, get(disk, "log/checkpoint", arena));
    cosignature_put_line(&note, text, 1761955200, witness, arena);
    put(disk, "log/checkpoint", buf_span(&note));
}
static void cosign(struct disk *disk, const char *name, struct arena *arena)
{
    struct note_signer witness = world_witness(name);

    add_cosignature(disk, &witness, checkpoint_text(disk, arena), arena);
}
static void cosign_by_one(struct disk *disk, struct arena *arena)
{
    cosign(disk, "obs/w1", arena);
}
static void cosign_by_revoked(struct disk *disk, struct arena *arena)
{
    cosign(disk, "obs/w0", arena);
    cosign(disk, "obs/w1", arena);
}
static void cosign_out_of_order(struct disk *disk, struct arena *arena)
{
    cosign(disk, "obs/w1", arena);
    cosign(disk, "obs/w0", arena);
}
static void cosign_twice(struct disk *disk, struct arena *arena)
{
    cosign(disk, "obs/w1", arena);
    cosign(disk, "obs/w1", arena);
}
static void cosign_by_external(struct disk *disk, struct arena *arena)
{
    cosign(disk, "obs/x1", arena);
}
static void cosign_by_unknown(struct disk *disk, struct arena *arena)
{
    cosign(disk, "obs/w1", arena);
    cosign(disk, "obs/w9", arena);
}
static void cosign_by_another_key(struct disk *disk, struct arena *arena)
{
    struct note_signer other = world_witness("obs/w9");

    memcpy(other.name, "obs/w1", sizeof "obs/w1");
    add_cosignature(disk, &other, checkpoint_text(disk, arena), arena);
}
static void cosign_another_checkpoint(struct disk *disk, struct arena *arena)
{
    struct note_signer witness = world_witness("obs/w1");

    add_cosignature(disk, &witness, SPAN_LIT(WORLD_NAME "/term/1\n5\n"), arena);
}
static void sign_as_author(struct disk *disk, struct arena *arena)
{
    struct world *w = world_new(3);

    sign_checkpoint(disk, &w->author[0].signer, false, arena);
    free(w);
}
static void cosign_before_the_log(struct disk *disk, struct arena *arena)
{
    struct span text = checkpoint_text(disk, arena);
    struct span log = span_from(get(disk, "log/checkpoint", arena), text.len + 1);

    cosign(disk, "obs/w1", arena);
    struct span both = span_from(get(disk, "log/checkpoint", arena), text.len + 1);
    put(disk, "log/checkpoint",
        join(arena, (struct span[]){text, SPAN_LIT("\n"), span_from(both, log.len), log}, 4));
}

/* The directory of one who follows: neither signer nor stage. */

static void follow_only(struct disk *disk, struct arena *arena)
{
    struct disk_entry *file;
    size_t count;
    struct err err = {0};

    assert_true(disk_list(disk, "stage", &file, &count, arena, &err));
    for (size_t i = 0; i < count; i++)
        remove_file(disk, file[i].path);
    remove_file(disk, "signer");
}
static void follow_with_key(struct disk *disk, struct arena *arena)
{
    follow_only(disk, arena);
    put(disk, "keys/" WORLD_NAME "/term/1.key", SPAN_LIT("a secret\n"));
}
static void follow_unexplained(struct disk *disk, struct arena *arena)
{
    follow_only(disk, arena);
    add_wider_partial(disk, arena);
}
static void follow_to(struct disk *disk, uint64_t size, struct arena *arena)
{
    struct world *w = world_new(3);
    struct checkpoint checkpoint;
    struct buf text = buf_in(arena, 1000);
    struct err err = {0};

    follow_only(disk, arena);
    assert_true(checkpoint_parse(&checkpoint, checkpoint_text(disk, arena), &err));
    checkpoint.size = size;
    checkpoint_put(&text, &checkpoint);
    put(disk, FOLLOWING_FILE, note_sign(buf_span(&text), &w->log, arena));
    free(w);
}
static void follow_on(struct disk *disk, struct arena *arena)
{
    follow_to(disk, 601, arena);
    add_wider_partial(disk, arena);
}
static void follow_to_next_term(struct disk *disk, struct arena *arena)
{
    follow_to(disk, 601, arena);
    give_key_of_next_term(disk, arena);
}
static void follow_past_a_tile(struct disk *disk, struct arena *arena)
{
    follow_to(disk, 900, arena);
    add_full_tile_beyond(disk, arena);
}
static void follow_and_go_too_far(struct disk *disk, struct arena *arena)
{
    follow_on(disk, arena);
    put(disk, "log/tile/0/002.p/90", SPAN_LIT("wide"));
}
static void follow_and_clear_away(struct disk *disk, struct arena *arena)
{
    follow_to(disk, ENTRIES, arena);
    add_stale_partial(disk, arena);
}
static void follow_nothing(struct disk *disk, struct arena *arena)
{
    follow_only(disk, arena);
    put(disk, FOLLOWING_FILE, SPAN_LIT("hello"));
}
static void put_other_file_in(struct disk *disk, struct arena *arena)
{
    follow_to(disk, 601, arena);
    add_file(disk, arena);
}

static void remove_signer(struct disk *disk, struct arena *arena)
{
    (void)arena;
    remove_file(disk, "signer");
}
static void change_signer(struct disk *disk, struct arena *arena)
{
    char *bytes = arena_text(arena, get(disk, "signer", arena));

    bytes[40] ^= 1;
    put(disk, "signer", span_of(bytes));
}
static void add_to_stage(struct disk *disk, struct arena *arena)
{
    (void)arena;
    put(disk, "stage/notes.txt", SPAN_LIT("hello"));
}
static void stage_another_entry(struct disk *disk, struct arena *arena)
{
    const struct stage_batch batch = {599, &(struct span){(const uint8_t *)"forged", 6}, 1, NULL,
                                      0};

    put(disk, "stage/0000000000000599", stage_encode(&batch, arena));
}
static void stage_with_a_gap(struct disk *disk, struct arena *arena)
{
    const struct stage_batch batch = {601, &(struct span){(const uint8_t *)"an entry", 8}, 1, NULL,
                                      0};

    put(disk, "stage/0000000000000601", stage_encode(&batch, arena));
}
static void damage_pack(struct disk *disk, struct arena *arena)
{
    struct span pack = get(disk, "parts/pack/000001", arena);
    char *bytes = arena_text(arena, pack);

    bytes[pack.len / 2] ^= 1;
    put(disk, "parts/pack/000001", span_make(bytes, pack.len));
}
static void remove_pack(struct disk *disk, struct arena *arena)
{
    (void)arena;
    remove_file(disk, "parts/pack/000001");
}

/* And what a crash may have left, which the stage explains. */
static void stage_next_entry(struct disk *disk, struct arena *arena)
{
    const struct stage_batch batch = {600, &(struct span){(const uint8_t *)"an entry", 8}, 1, NULL,
                                      0};

    put(disk, "stage/0000000000000600", stage_encode(&batch, arena));
}
static void stage_and_begin_tiles(struct disk *disk, struct arena *arena)
{
    stage_next_entry(disk, arena);
    add_wider_partial(disk, arena);
}
static void stage_and_go_too_far(struct disk *disk, struct arena *arena)
{
    stage_next_entry(disk, arena);
    put(disk, "log/tile/0/002.p/90", SPAN_LIT("wide"));
}
static void stage_torn(struct disk *disk, struct arena *arena)
{
    const struct stage_batch batch = {600, &(struct span){(const uint8_t *)"an entry", 8}, 1, NULL,
                                      0};
    struct span bytes = stage_encode(&batch, arena);

    put(disk, "stage/0000000000000600", span_slice(bytes, 0, bytes.len - 5));
}
static void test_structure(void **state)
{
    static const struct {
        void (*change)(struct disk *disk, struct arena *arena);
        const char *path; /* of the finding; NULL: the audit passes */
        unsigned entry;   /* NONE: names none */
        const char *text; /* found in what it says */
        bool to_recover;
    } cases[] = {
        {swap_entries, "log/tile/entries/001", 256 + 20, "not the entry", false},
        {remove_entry, "log/tile/entries/001", 256 + 40, "not the entry", false},
        {repeat_entry, "log/tile/entries/001", 256 + 51, "not the entry", false},
        {remove_last_entry, "log/tile/entries/001", 256 + 255, "ends before", false},
        {repeat_last_entry, "log/tile/entries/001", NONE, "goes on", false},
        {rewrite_entry, "log/tile/1/000.p/2", NONE, "tiles below", false},
        {remove_checkpoint, "log/checkpoint", NONE, "not there", false},
        {remove_bundle, "log/tile/entries/001", NONE, "not there", false},
        {remove_first_bundle, "log/tile/entries/000", NONE, "not there", false},
        {remove_tile, "log/tile/1/000.p/2", NONE, "not there", false},
        {cut_tile, "log/tile/0/001", NONE, "length", false},
        {lengthen_tile, "log/tile/0/001", NONE, "length", false},
        {lengthen_bundle, "log/tile/entries/001", NONE, "goes on", false},
        {add_stale_partial, "log/tile/0/001.p/7", NONE, "stale", false},
        {add_wider_partial, "log/tile/0/002.p/89", NONE, "not cover", false},
        {add_true_partial, NULL, NONE, "", false},
        {add_false_partial, "log/tile/0/002.p/7", NONE, "not the beginning", false},
        {add_short_bundle, "log/tile/entries/002.p/7", NONE, "not the beginning", false},
        {add_full_tile_beyond, "log/tile/0/002", NONE, "not cover", false},
        {add_file, "log/tile/0/readme", NONE, "nothing explains", false},
        {add_file_beside, "log/checkpoint2", NONE, "nothing explains", false},
        {give_another_log_key, "log.vkey", NONE, "not the log key", false},
        {give_log_key, NULL, NONE, "", false},
        {give_key_of_next_term, "log.vkey", NONE, "no entry begins the term", false},
        {give_no_log_key, "log.vkey", NONE, "line 1", false},
        {follow_to_next_term, NULL, NONE, "", true},
        {add_other_spelling, "log/tile/0/x000/001", NONE, "nothing explains", false},
        {add_level, "log/tile/2/000.p/1", NONE, "not cover", false},
        {add_unknown_line, "log/checkpoint", NONE, "not the log's", false},
        {add_line_of_same_name, "log/checkpoint", NONE, "not the log's", false},
        {add_line_twice, "log/checkpoint", NONE, "twice", false},
        {sign_with_another_key, "log/checkpoint", NONE, "not signed", false},
        {sign_smaller, "log/checkpoint", NONE, "another root", false},
        {cosign_by_one, NULL, NONE, "", false},
        {cosign_by_revoked, NULL, NONE, "", false},
        {cosign_out_of_order, "log/checkpoint", NONE, "order of their names", false},
        {cosign_twice, "log/checkpoint", NONE, "order of their names", false},
        {cosign_by_external, "log/checkpoint", NONE, "nor a witness's", false},
        {cosign_by_unknown, "log/checkpoint", NONE, "nor a witness's", false},
        {cosign_by_another_key, "log/checkpoint", NONE, "of obs/w1 does not hold", false},
        {cosign_another_checkpoint, "log/checkpoint", NONE, "of obs/w1 does not hold", false},
        {sign_as_author, "log/checkpoint", NONE, "nor a witness's", false},
        {cosign_before_the_log, "log/checkpoint", NONE, "order of their names", false},
        {follow_only, NULL, NONE, "", false},
        {follow_with_key, "signer", NONE, "", false},
        {follow_unexplained, "log/tile/0/002.p/89", NONE, "not cover", false},
        {follow_on, NULL, NONE, "", true},
        {follow_past_a_tile, NULL, NONE, "", true},
        {follow_and_go_too_far, "log/tile/0/002.p/90", NONE, "not cover", true},
        {follow_and_clear_away, NULL, NONE, "", true},
        {follow_nothing, "following", NONE, "note", false},
        {put_other_file_in, "log/tile/0/readme", NONE, "nothing explains", true},
        {remove_signer, "signer", NONE, "", false},
        {change_signer, "signer", NONE, "hash", false},
        {add_to_stage, "stage", NONE, "no file of the stage", false},
        {stage_another_entry, "stage", NONE, "another in the log", false},
        {stage_with_a_gap, "stage", NONE, "must follow", false},
        {damage_pack, "parts/pack/000001", NONE, "damaged", false},
        {remove_pack, NULL, NONE, "", false}, /* counted: test_owed_parts */
        {stage_next_entry, NULL, NONE, "", true},
        {stage_and_begin_tiles, NULL, NONE, "", true},
        {stage_torn, NULL, NONE, "", true},
        {stage_and_go_too_far, "log/tile/0/002.p/90", NONE, "not cover", true},
    };
    (void)state;

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct arena arena = {0};
        struct disk *disk = copy_healthy();
        struct audit_result result;
        char name[800];

        cases[i].change(disk, &arena);
        audit_disk(disk, healthy.store, NULL, &result);
        snprintf(name, sizeof name, "number %zu: %s", i, result.text);
        CHECK_CASE(name, result.ok == (cases[i].path == NULL));
        CHECK_CASE(name, result.ok || strcmp(result.path, cases[i].path) == 0);
        CHECK_CASE(name, result.has_entry == (cases[i].entry != NONE));
        CHECK_CASE(name, !result.has_entry || result.entry == cases[i].entry);
        CHECK_CASE(name, strstr(result.text, cases[i].text) != NULL);
        CHECK_CASE(name, !cases[i].to_recover || result.to_recover);
        disk_close(disk);
        arena_free(&arena);
    }
}

/* A part that is not here is owed: shown, by number and first entry, and no fault. */
static void test_owed_parts(void **state)
{
    struct arena arena = {0};
    struct disk *disk = copy_healthy();
    struct audit_result whole, without;
    (void)state;

    audit_disk(healthy.disk, healthy.store, NULL, &whole);
    remove_pack(disk, &arena);
    audit_disk(disk, healthy.store, NULL, &without);
    assert_true(whole.ok && whole.parts > 0 && whole.owed == 0);
    assert_true(without.ok && without.parts == 0);
    assert_int_equal(without.owed, whole.parts);
    assert_int_equal(without.owed_entry, WORLD_START);
    assert_int_equal(strlen(without.owed_id), 64);
    disk_close(disk);

    /* what is damaged is owed too, and by which record is told beside what is wrong */
    disk = copy_healthy();
    damage_pack(disk, &arena);
    audit_disk(disk, healthy.store, NULL, &without);
    assert_true(!without.ok && without.parts > 0 && without.owed > 0);
    assert_true(without.owed + without.parts == whole.parts && without.owed_entry > WORLD_START);
    assert_int_equal(strlen(without.owed_id), 64);
    assert_non_null(strstr(without.text, "parts that records name are not here whole, the first"));
    disk_close(disk);
    arena_free(&arena);
}

/* The anchor, and the store beside the log. */

static void test_other_agreement(void **state)
{
    struct audit_result result;
    char other[65];
    (void)state;

    memcpy(other, healthy.agreement_id, sizeof other);
    other[0] = other[0] == '0' ? '1' : '0';
    audit_disk(healthy.disk, NULL, other, &result);
    assert_false(result.ok);
    assert_true(result.has_entry && result.entry == 0);
    assert_non_null(strstr(result.text, "not the agreement asked for"));
}

static void fill_store(struct store *store, uint64_t seed, size_t count)
{
    struct arena arena = {0};
    struct world *w = world_new(seed);
    struct submission first[WORLD_START];
    struct answer answers[WORLD_START];
    struct disk *disk;
    struct journal *journal;
    struct err err = {0};

    assert_true(disk_sim_open(&disk, 1));
    struct journal_options options = world_options(w, disk, store);
    world_start(w, first, &arena);
    assert_true(journal_open(&journal, &options, &err));
    assert_true(journal_append(journal, first, count, answers, &arena, &err));
    journal_close(journal);
    disk_close(disk);
    arena_free(&arena);
    free(w);
}

static void test_store_beside(void **state)
{
    static const struct {
        const char *name;
        uint64_t seed; /* of the log that filled it; 3 is the healthy one's */
        size_t count;
        bool ok;
    } cases[] = {
        {"nothing applied", 3, 0, true},
        {"behind", 3, 5, true},
        {"of another log", 4, 5, false},
    };
    struct audit_result result;
    (void)state;

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct store *store;
        struct err err = {0};

        assert_true(store_open(&store, "memory:", &err));
        if (cases[i].count > 0)
            fill_store(store, cases[i].seed, cases[i].count);
        audit_disk(healthy.disk, store, NULL, &result);
        CHECK_CASE(cases[i].name, result.ok == cases[i].ok);
        CHECK_CASE(cases[i].name, result.ok || strcmp(result.path, "store.db") == 0);
        CHECK_CASE(cases[i].name, !result.ok || result.store_applied == cases[i].count);
        store_close(store);
    }
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_healthy),         cmocka_unit_test(test_any_byte),
    cmocka_unit_test(test_structure),       cmocka_unit_test(test_owed_parts),
    cmocka_unit_test(test_other_agreement), cmocka_unit_test(test_store_beside),
    cmocka_unit_test(test_rows_in_a_file),
};

int main(void)
{
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, make_healthy, free_healthy);
}
