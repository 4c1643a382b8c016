#include "node/inbox_inside.h"

#include "codec/hex.h"

#include <stdio.h>
#include <stdlib.h>

#define HEAD_BYTES 131072u    /* what a piece says of itself: 300 names of 255 bytes */
#define DONE_BYTES HEAD_BYTES /* it may name the files that it lacks */

/* --- where things are --- */

void inbox_key_of(char out[INBOX_KEY_TEXT], struct span form, struct span instance)
{
    const struct span of[] = {form, SPAN_LIT("\n"), instance};
    struct hash hash = hash_of_parts(of, ARRAY_LEN(of));

    hex_text(out, hash_span(&hash));
}

pthread_mutex_t *inbox_stripe_of(struct inbox *inbox, const char *key)
{
    return &inbox->stripe[((unsigned char)key[0] + 16u * (unsigned char)key[1]) % INBOX_STRIPES];
}

void inbox_path(char out[INBOX_PATH_BYTES], const char *folder, const char *key)
{
    snprintf(out, INBOX_PATH_BYTES, "inbox/%s/%s", folder, key);
}

void inbox_piece_path(char out[INBOX_PATH_BYTES], const char *key, unsigned n)
{
    snprintf(out, INBOX_PATH_BYTES, "inbox/wait/%s-%03u", key, n);
}

/* --- a piece's file: a line of JSON, then the XML and the files, one after another --- */

static struct json file_head(const struct inbox_file *file, struct arena *arena)
{
    struct json out = json_object();
    struct hash hash = hash_of(file->bytes);
    char text[2 * HASH_BYTES + 1];

    hex_text(text, hash_span(&hash));
    json_set_integer(&out, "bytes", (int64_t)file->bytes.len, arena);
    json_set_string(&out, "name", file->name, arena);
    json_set_string(&out, "sha256", arena_copy(arena, span_of(text)), arena);
    json_set_string(&out, "type", file->type, arena);
    return out;
}

static struct json piece_head(const struct inbox_piece *piece, const struct inbox_file *file,
                              size_t count, struct arena *arena)
{
    struct json out = json_object(), files = json_array(), named = json_array();

    for (size_t i = 0; i < count; i++)
        json_push(&files, file_head(&file[i], arena), arena);
    for (size_t i = 0; i < piece->named_count; i++)
        json_push(&named, json_string(piece->named[i]), arena);
    json_set_integer(&out, "at_ms", piece->at_ms, arena);
    json_set_string(&out, "before", piece->before, arena);
    json_set_string(&out, "device", piece->device, arena);
    json_set(&out, "files", files, arena);
    json_set_string(&out, "form", piece->form, arena);
    json_set_string(&out, "instance", piece->instance, arena);
    json_set_integer(&out, "last", piece->last, arena);
    json_set(&out, "named", named, arena);
    json_set_string(&out, "on_behalf", piece->on_behalf, arena);
    json_set_string(&out, "version", piece->version, arena);
    json_set_integer(&out, "xml_bytes", (int64_t)piece->xml.len, arena);
    struct hash xml = hash_of(piece->xml);
    char text[2 * HASH_BYTES + 1];
    hex_text(text, hash_span(&xml));
    json_set_string(&out, "xml", arena_copy(arena, span_of(text)), arena);
    return out;
}

/* Appended, not replaced: a piece may be large, and stands in memory once. One that was cut short
 * is shorter than it says, and was never acknowledged. */
static bool write_piece(struct inbox *inbox, const char *path, const struct inbox_piece *piece,
                        const struct inbox_file *file, size_t count, struct err *err)
{
    struct arena arena = {0};
    struct json value = piece_head(piece, file, count, &arena);
    struct buf head = buf_in(&arena, HEAD_BYTES);
    struct disk_file *out = NULL;

    json_encode(&head, &value);
    buf_byte(&head, '\n');
    bool ok = !head.full || err_set(err, ERR_LIMIT, "the names of a form's files are too long");
    ok = ok && disk_remove(inbox->disk, path, err) &&
         disk_append_open(inbox->disk, path, &out, err) && disk_append(out, buf_span(&head), err) &&
         disk_append(out, piece->xml, err);
    for (size_t i = 0; ok && i < count; i++)
        ok = disk_append(out, file[i].bytes, err);
    ok = ok && disk_sync(out, err) && disk_sync_directory(inbox->disk, "inbox/wait", err);
    disk_append_close(out);
    arena_free(&arena);
    return ok;
}

/* How many bytes a piece has behind what it says of itself. */
static uint64_t bytes_behind(const struct json *head)
{
    const struct json *files = json_get(head, "files");
    uint64_t sum = (uint64_t)json_get_integer(head, "xml_bytes", 0);

    for (size_t i = 0; files && files->type == JSON_ARRAY && i < files->array.count; i++)
        sum += (uint64_t)json_get_integer(&files->array.at[i], "bytes", 0);
    return sum;
}

/* What a piece says of itself; ERR_MISSING when there is no such piece, or it was cut short.
 * *out_body is where its bytes begin. */
static bool read_head(struct disk *disk, const char *path, struct json *out, uint64_t *out_body,
                      struct arena *arena, struct err *err)
{
    struct span bytes, line;
    struct err damaged = {0};
    uint64_t size;

    *out_body = 0;
    if (!disk_size(disk, path, &size, err) ||
        !disk_read_at(disk, path, 0, size < HEAD_BYTES ? (size_t)size : HEAD_BYTES, &bytes, arena,
                      err))
        return false;
    if (!span_cut(&bytes, '\n', &line) || !json_parse(out, line, arena, &damaged) ||
        size != line.len + 1 + bytes_behind(out))
        return err_set(err, ERR_MISSING, "%s was cut short", path);
    *out_body = line.len + 1;
    return true;
}

/* --- forms, put together from their pieces --- */

static struct span *names_of(const struct json *list, size_t *out_count, struct arena *arena)
{
    *out_count = list && list->type == JSON_ARRAY ? list->array.count : 0;
    struct span *names = ARENA_ARRAY(arena, struct span, *out_count ? *out_count : 1);

    for (size_t i = 0; i < *out_count; i++)
        names[i] =
            list->array.at[i].type == JSON_STRING ? list->array.at[i].string : (struct span){0};
    return names;
}

static const struct inbox_file *file_named(const struct inbox_form *form, struct span name)
{
    for (size_t i = 0; i < form->file_count; i++)
        if (span_equal(form->file[i].name, name))
            return &form->file[i];
    return NULL;
}

/* Takes the files of one more piece. Of two of one name the first counts. */
static bool add_files(struct disk *disk, struct inbox_form *form, const char *path,
                      const struct json *head, uint64_t at, bool whole, struct arena *arena,
                      struct err *err)
{
    const struct json *files = json_get(head, "files");

    for (size_t i = 0; files && files->type == JSON_ARRAY && i < files->array.count; i++) {
        const struct json *one = &files->array.at[i];
        size_t len = (size_t)json_get_integer(one, "bytes", 0);
        struct inbox_file file = {.name = json_get_text(one, "name"),
                                  .type = json_get_text(one, "type")};

        if (whole && !disk_read_at(disk, path, at, len, &file.bytes, arena, err))
            return err_wrap(err, "%s", path);
        at += len;
        if (form->file_count < INBOX_FILES && !file_named(form, file.name))
            form->file[form->file_count++] = file;
    }
    return true;
}

static bool begin_form(struct disk *disk, struct inbox_form *form, const char *path,
                       const struct json *head, uint64_t body, bool whole, struct arena *arena,
                       struct err *err)
{
    size_t xml_bytes = (size_t)json_get_integer(head, "xml_bytes", 0);

    form->device = json_get_text(head, "device");
    form->on_behalf = json_get_text(head, "on_behalf");
    form->form = json_get_text(head, "form");
    form->version = json_get_text(head, "version");
    form->instance = json_get_text(head, "instance");
    form->before = json_get_text(head, "before");
    form->since_ms = json_get_integer(head, "at_ms", 0);
    return !whole || disk_read_at(disk, path, body, xml_bytes, &form->xml, arena, err);
}

/* In the order of the XML, and what is missing. */
static void end_form(struct inbox_form *form, const struct json *head, bool last,
                     struct arena *arena)
{
    size_t count, ordered = 0;
    struct span *named = names_of(json_get(head, "named"), &count, arena);
    struct inbox_file *file = ARENA_ARRAY(arena, struct inbox_file, count ? count : 1);

    form->lacks = ARENA_ARRAY(arena, struct span, count ? count : 1);
    for (size_t i = 0; i < count; i++) {
        const struct inbox_file *found = file_named(form, named[i]);
        if (found)
            file[ordered++] = *found;
        else
            form->lacks[form->lacks_count++] = named[i];
    }
    form->file = file;
    form->file_count = ordered;
    form->complete = last && form->lacks_count == 0;
}

static bool is_released(struct disk *disk, const char *key, bool *out, struct err *err)
{
    struct err missing = {0};
    char path[INBOX_PATH_BYTES];
    uint64_t size;

    inbox_path(path, "release", key);
    *out = disk_size(disk, path, &size, &missing);
    if (!*out && missing.kind != ERR_MISSING)
        *err = missing;
    return *out || missing.kind == ERR_MISSING;
}

bool inbox_read_form(struct disk *disk, const char *key, bool whole, struct inbox_form *out,
                     unsigned *out_pieces, struct span *out_xml, struct arena *arena,
                     struct err *err)
{
    struct inbox_form form = {.file = ARENA_ARRAY(arena, struct inbox_file, INBOX_FILES)};
    struct json head, first = json_object();
    bool last = false;
    unsigned n = 0;

    for (; n < INBOX_PIECES; n++) {
        struct err missing = {0};
        char path[INBOX_PATH_BYTES];
        uint64_t body;

        inbox_piece_path(path, key, n + 1);
        if (!read_head(disk, path, &head, &body, arena, &missing)) {
            if (missing.kind == ERR_MISSING)
                break;
            *err = missing;
            return false;
        }
        if (n == 0) {
            first = head;
            if (!begin_form(disk, &form, path, &head, body, whole, arena, err))
                return false;
        }
        body += (uint64_t)json_get_integer(&head, "xml_bytes", 0);
        last = last || json_get_integer(&head, "last", 0) != 0;
        if (!add_files(disk, &form, path, &head, body, whole, arena, err))
            return false;
    }
    end_form(&form, &first, last, arena);
    snprintf(form.key, sizeof form.key, "%s", key);
    if (!is_released(disk, key, &form.released, err))
        return false;
    *out_xml = json_get_text(&first, "xml");
    *out_pieces = n;
    *out = form;
    return true;
}

bool inbox_read(struct inbox *inbox, const char *key, struct inbox_form *out, struct arena *arena,
                struct err *err)
{
    unsigned pieces;
    struct span xml;

    if (!inbox_read_form(inbox->disk, key, true, out, &pieces, &xml, arena, err))
        return false;
    struct hash hash = hash_of(out->xml);
    char text[2 * HASH_BYTES + 1];
    hex_text(text, hash_span(&hash));
    return span_is(xml, text) || err_set(err, ERR_MALFORMED, "inbox/wait/%s-001 is damaged", key);
}

/* --- taking in --- */

bool inbox_read_small(struct disk *disk, const char *path, size_t limit, struct json *out,
                      struct arena *arena, struct err *err)
{
    struct err missing = {0};
    struct span bytes;

    *out = json_object();
    if (!disk_read(disk, path, limit, &bytes, arena, &missing)) {
        *err = missing;
        return missing.kind == ERR_MISSING;
    }
    return json_parse(out, bytes, arena, err) || err_wrap(err, "%s", path);
}

bool inbox_is_done(struct inbox *inbox, const char *key, struct json *out, struct arena *arena,
                   struct err *err)
{
    char path[INBOX_PATH_BYTES];

    inbox_path(path, "done", key);
    return inbox_read_small(inbox->disk, path, DONE_BYTES, out, arena, err);
}

/* Whether the form that it names as the one before is known, and still has its place; then it has
 * it from now on. */
static bool take_place(struct inbox *inbox, const struct inbox_piece *piece,
                       enum inbox_verdict *out, struct arena *arena, struct err *err)
{
    char key[INBOX_KEY_TEXT], path[INBOX_PATH_BYTES], first[INBOX_PATH_BYTES];
    struct json done, edit, mine = json_object();
    struct err missing = {0};
    uint64_t size;

    *out = INBOX_KEPT;
    if (piece->before.len == 0)
        return true;
    inbox_key_of(key, piece->form, piece->before);
    inbox_piece_path(first, key, 1);
    inbox_path(path, "edit", key);
    if (!inbox_is_done(inbox, key, &done, arena, err) ||
        !inbox_read_small(inbox->disk, path, DONE_BYTES, &edit, arena, err))
        return false;
    bool waits = disk_size(inbox->disk, first, &size, &missing);
    struct span other = json_get_text(&edit, "instance");
    if (!waits && done.object.count == 0)
        *out = INBOX_UNKNOWN;
    else if (other.len && !span_equal(other, piece->instance))
        *out = INBOX_STALE;
    if (*out != INBOX_KEPT || other.len)
        return true;
    json_set_string(&mine, "instance", piece->instance, arena);
    return disk_replace(inbox->disk, path, json_bytes(&mine, arena), true, err);
}

/* Of what it brings, the files that the XML names and that are not here. */
static size_t new_files(const struct inbox_piece *piece, const struct inbox_form *form,
                        struct inbox_file *out)
{
    size_t count = 0;

    for (size_t i = 0; i < piece->file_count && count < INBOX_FILES; i++) {
        bool named = false;
        for (size_t k = 0; k < piece->named_count; k++)
            named = named || span_equal(piece->named[k], piece->file[i].name);
        if (named && !file_named(form, piece->file[i].name))
            out[count++] = piece->file[i];
    }
    return count;
}

/* With what is here already. */
static bool fits(struct inbox *inbox, const char *key, const struct inbox_piece *piece,
                 const struct inbox_file *fresh, size_t count, unsigned pieces, struct arena *arena,
                 struct err *err)
{
    uint64_t sum = piece->xml.len;

    for (size_t i = 0; i < count; i++)
        sum += fresh[i].bytes.len;
    for (unsigned n = 1; n <= pieces; n++) {
        char path[INBOX_PATH_BYTES];
        struct json head;
        uint64_t body;

        inbox_piece_path(path, key, n);
        if (!read_head(inbox->disk, path, &head, &body, arena, err))
            return false;
        sum += bytes_behind(&head) - (uint64_t)json_get_integer(&head, "xml_bytes", 0);
    }
    return sum <= INBOX_FORM_BYTES ||
           err_set(err, ERR_LIMIT, "the files of this form are more than %u MiB",
                   (unsigned)(INBOX_FORM_BYTES >> 20));
}

static bool is_same(const struct inbox_piece *piece, struct span xml)
{
    struct hash hash = hash_of(piece->xml);
    char text[2 * HASH_BYTES + 1];

    hex_text(text, hash_span(&hash));
    return span_is(xml, text);
}

/* One more piece of what waits, or the first. */
static bool keep(struct inbox *inbox, const struct inbox_piece *piece, const char *key,
                 enum inbox_verdict *out, size_t *out_lacks, struct arena *arena, struct err *err)
{
    struct inbox_file *fresh = ARENA_ARRAY(arena, struct inbox_file, INBOX_FILES);
    struct inbox_form form;
    struct span xml;
    unsigned pieces;
    char path[INBOX_PATH_BYTES];

    if (!inbox_read_form(inbox->disk, key, false, &form, &pieces, &xml, arena, err))
        return false;
    if (pieces > 0 && !is_same(piece, xml)) {
        *out = INBOX_OTHER;
        return true;
    }
    if (!take_place(inbox, piece, out, arena, err))
        return false;
    if (*out != INBOX_KEPT)
        return true;
    size_t count = new_files(piece, &form, fresh);
    bool known = pieces > 0 && count == 0 && (!piece->last || form.complete);
    if (!known && piece->named_count > INBOX_FILES)
        return err_set(err, ERR_LIMIT, "a form has more than %u files", INBOX_FILES);
    if (count > 0 && form.released) {
        *out = INBOX_LATE;
        return true;
    }
    if (pieces == INBOX_PIECES)
        return err_set(err, ERR_LIMIT, "a form has come in more than %u pieces", INBOX_PIECES);
    if (!fits(inbox, key, piece, fresh, count, pieces, arena, err))
        return false;
    inbox_piece_path(path, key, pieces + 1);
    if (!known && !write_piece(inbox, path, piece, fresh, count, err))
        return false;
    if (!inbox_read_form(inbox->disk, key, false, &form, &pieces, &xml, arena, err))
        return false;
    *out = known ? INBOX_KNOWN : INBOX_KEPT;
    *out_lacks = form.lacks_count;
    if (form.complete)
        inbox_push_ready(inbox, &form);
    return true;
}

/* Whether it brings what its record says was missing. */
static bool brings_one_of(const struct inbox_piece *piece, const struct json *lacks,
                          struct arena *arena)
{
    size_t count;
    const struct span *name = names_of(lacks, &count, arena);

    for (size_t i = 0; i < piece->file_count; i++)
        for (size_t k = 0; k < count; k++)
            if (span_equal(piece->file[i].name, name[k]))
                return true;
    return false;
}

static bool take(struct inbox *inbox, const struct inbox_piece *piece, const char *key,
                 enum inbox_verdict *out, size_t *out_lacks, struct arena *arena, struct err *err)
{
    struct json done;

    if (!inbox_is_done(inbox, key, &done, arena, err))
        return false;
    if (done.object.count == 0)
        return keep(inbox, piece, key, out, out_lacks, arena, err);
    *out = !is_same(piece, json_get_text(&done, "xml"))            ? INBOX_OTHER
           : brings_one_of(piece, json_get(&done, "lacks"), arena) ? INBOX_LATE
                                                                   : INBOX_KNOWN;
    return true;
}

bool inbox_take(struct inbox *inbox, const struct inbox_piece *piece, enum inbox_verdict *out,
                size_t *out_lacks, struct err *err)
{
    struct arena arena = {0};
    char key[INBOX_KEY_TEXT];

    inbox_key_of(key, piece->form, piece->instance);
    pthread_mutex_t *stripe = inbox_stripe_of(inbox, key);
    *out_lacks = 0;
    pthread_mutex_lock(stripe);
    bool ok = take(inbox, piece, key, out, out_lacks, &arena, err);
    pthread_mutex_unlock(stripe);
    arena_free(&arena);
    return ok;
}

/* --- opening, and listing --- */

bool inbox_key_in(char out[INBOX_KEY_TEXT], const struct disk_entry *entry, const char *folder,
                  const char *behind)
{
    struct span path = span_of(entry->path);
    char prefix[INBOX_PATH_BYTES];

    inbox_path(prefix, folder, "");
    if (!entry->regular || path.len != strlen(prefix) + INBOX_KEY_TEXT - 1 + strlen(behind) ||
        !span_ends_with(path, span_of(behind)))
        return false;
    memcpy(out, path.at + strlen(prefix), INBOX_KEY_TEXT - 1);
    out[INBOX_KEY_TEXT - 1] = '\0';
    return true;
}

struct json inbox_lacks(const struct inbox_form *form, struct arena *arena)
{
    struct json lacks = json_array();

    for (size_t i = 0; i < form->lacks_count; i++)
        json_push(&lacks, json_string(form->lacks[i]), arena);
    return lacks;
}

static int by_since(const void *a, const void *b)
{
    const struct inbox_form *x = a, *y = b;

    return (x->since_ms > y->since_ms) - (x->since_ms < y->since_ms);
}

bool inbox_list(struct disk *disk, struct inbox_form **out, size_t *out_count, struct arena *arena,
                struct err *err)
{
    struct disk_entry *entry;
    size_t count, kept = 0;

    if (!disk_list(disk, "inbox/wait", &entry, &count, arena, err))
        return false;
    struct inbox_form *list = ARENA_ARRAY(arena, struct inbox_form, count ? count : 1);
    for (size_t i = 0; i < count; i++) {
        char key[INBOX_KEY_TEXT], path[INBOX_PATH_BYTES];
        struct json held;
        struct span xml;
        unsigned pieces;

        if (!inbox_key_in(key, &entry[i], "wait", "-001"))
            continue;
        inbox_path(path, "held", key);
        if (!inbox_read_form(disk, key, false, &list[kept], &pieces, &xml, arena, err) ||
            !inbox_read_small(disk, path, DONE_BYTES, &held, arena, err))
            return false;
        list[kept].held = json_get_text(&held, "why");
        kept += pieces > 0; /* it may be done since it was listed */
    }
    qsort(list, kept, sizeof *list, by_since);
    *out = list;
    *out_count = kept;
    return true;
}

static bool release(struct disk *disk, const struct inbox_form *form, struct arena *arena,
                    struct err *err)
{
    struct json value = json_object();
    char path[INBOX_PATH_BYTES];

    inbox_path(path, "release", form->key);
    json_set(&value, "lacks", inbox_lacks(form, arena), arena);
    return disk_replace(disk, path, json_bytes(&value, arena), true, err);
}

bool inbox_release(struct disk *disk, struct span instance, struct arena *arena, struct err *err)
{
    struct inbox_form *list;
    size_t count, found = 0, released = 0;

    if (!inbox_list(disk, &list, &count, arena, err))
        return false;
    for (size_t i = 0; i < count; i++) {
        if (!span_equal(list[i].instance, instance))
            continue;
        found++;
        if (list[i].complete)
            continue;
        if (!release(disk, &list[i], arena, err))
            return false;
        released++;
    }
    if (found == 0)
        return err_set(err, ERR_MISSING, "no form of this instance waits");
    return released > 0 || err_set(err, ERR_CONFLICT, "it is complete, and lacks nothing");
}

bool inbox_done_count(struct disk *disk, size_t *out, struct arena *arena, struct err *err)
{
    struct disk_entry *entry;

    return disk_list(disk, "inbox/done", &entry, out, arena, err);
}

/* What was done and not removed is removed now; what is complete waits to be signed. */
static bool recover(struct inbox *inbox, struct arena *arena, struct err *err)
{
    struct inbox_form *list;
    size_t count;

    if (!inbox_list(inbox->disk, &list, &count, arena, err))
        return false;
    for (size_t i = 0; i < count; i++) {
        struct json done;

        if (!inbox_is_done(inbox, list[i].key, &done, arena, err))
            return false;
        if (done.object.count == 0 && (list[i].complete || list[i].released))
            inbox_push_ready(inbox, &list[i]);
        if (done.object.count > 0 && !inbox_remove_pieces(inbox->disk, list[i].key, err))
            return false;
    }
    return true;
}

bool inbox_open(struct inbox **out, struct disk *disk, struct err *err)
{
    struct inbox *inbox = calloc(1, sizeof *inbox);
    struct arena arena = {0};

    if (!inbox)
        abort();
    inbox->disk = disk;
    pthread_mutex_init(&inbox->lock, NULL);
    for (size_t i = 0; i < INBOX_STRIPES; i++)
        pthread_mutex_init(&inbox->stripe[i], NULL);
    bool ok = recover(inbox, &arena, err) || err_wrap(err, "inbox");
    arena_free(&arena);
    if (ok)
        *out = inbox;
    else
        inbox_close(inbox);
    return ok;
}

void inbox_close(struct inbox *inbox)
{
    if (!inbox)
        return;
    pthread_mutex_destroy(&inbox->lock);
    for (size_t i = 0; i < INBOX_STRIPES; i++)
        pthread_mutex_destroy(&inbox->stripe[i]);
    free(inbox->ready);
    free(inbox);
}
