/* Forms that are complete become records, signed by the gateway key in the name of whoever their
 * device was given out for. On the thread that takes turns. */

#include "api/openrosa.h"

#include "codec/hex.h"
#include "forms/answer.h"

#include <stdio.h>

#define BATCH 64u                     /* forms that are signed in one turn */
#define BATCH_BYTES ((size_t)8 << 20) /* unless one is larger: it stands in memory three times */
#define AGAIN_MS 60000                /* when something stood in the way */
#define BEFORE_MS 1000                /* when the form before it is not signed yet */
#define MEDIA_TYPE "application/octet-stream"
#define FILES_TYPE "application/vnd.sulh.form+json"
/* Beside the XML, the list of files, and a part of fields a tier. */
#define MOST_MEDIA (LIMIT_RECORD_PARTS - TIERS - 2)

struct batch {
    struct submission submission[BATCH];
    char id[BATCH][65];
    struct inbox_record record[BATCH];
    size_t count, bytes;
};

/* --- what goes into the record --- */

/* What the sender says it is, if that has the form of a type; without parameters. */
static struct span media_type(struct span said)
{
    struct span type;
    bool slash = false;

    if (!span_cut(&said, ';', &type))
        type = said;
    for (size_t i = 0; i < type.len; i++) {
        if (type.at[i] <= ' ' || type.at[i] >= 0x7f)
            return SPAN_LIT(MEDIA_TYPE);
        slash = slash || type.at[i] == '/';
    }
    return slash && type.len <= 100 ? type : SPAN_LIT(MEDIA_TYPE);
}

/* Files that the form names and that never came, where it was released without them. */
static struct json names_of(const struct inbox_form *form, struct arena *arena)
{
    struct json out = json_array();

    for (size_t i = 0; i < form->lacks_count; i++)
        json_push(&out, json_string(form->lacks[i]), arena);
    return out;
}

/* Which file is which: a part has a type and no name. */
static struct span list_files(const struct inbox_form *form, struct arena *arena)
{
    struct json out = json_object(), files = json_array();

    for (size_t i = 0; i < form->file_count; i++) {
        struct json one = json_object();
        struct hash hash = hash_of(form->file[i].bytes);
        char text[2 * HASH_BYTES + 1];

        hex_text(text, hash_span(&hash));
        json_set_string(&one, "name", form->file[i].name, arena);
        json_set_string(&one, "sha256", arena_copy(arena, span_of(text)), arena);
        json_set_string(&one, "type", media_type(form->file[i].type), arena);
        json_push(&files, one, arena);
    }
    json_set_string(&out, "device", form->device, arena);
    json_set(&out, "files", files, arena);
    json_set_string(&out, "form", form->form, arena);
    json_set_string(&out, "instance", form->instance, arena);
    if (form->lacks_count > 0)
        json_set(&out, "lacks", names_of(form, arena), arena);
    json_set_integer(&out, "received_ms", form->since_ms, arena);
    json_set_string(&out, "version", form->version, arena);
    return json_bytes(&out, arena);
}

/* Those that a record has no room for, in one part (RFC 2046 §5.1.3). */
static struct span bundle(const struct inbox_file *file, size_t count, struct arena *arena)
{
    struct buf out = buf_in(arena, LIMIT_PART_BYTES);
    char boundary[2 * HASH_BYTES + 1];
    struct hash hash = hash_of(file[0].bytes);

    hex_text(boundary, hash_span(&hash));
    for (size_t i = 0; i < count; i++) {
        buf_printf(&out,
                   "--%s\r\nContent-Type: %.*s\r\nContent-Disposition: attachment; "
                   "filename*=UTF-8''",
                   boundary, SPAN_ARG(media_type(file[i].type)));
        for (size_t k = 0; k < file[i].name.len; k++)
            buf_printf(&out, "%%%02X", file[i].name.at[k]);
        buf_text(&out, "\r\n\r\n");
        buf_put(&out, file[i].bytes);
        buf_text(&out, "\r\n");
    }
    buf_printf(&out, "--%s--\r\n", boundary);
    assert(!out.full); /* INBOX_FORM_BYTES and INBOX_FILES names */
    return buf_span(&out);
}

/* The XML as it came, what it came with, and every file. The XML says all that was answered. */
static void put_media(struct author_ask *ask, const struct inbox_form *form, enum tier of_xml,
                      enum tier tier, struct arena *arena)
{
    struct author_medium *media = ARENA_ARRAY(arena, struct author_medium, form->file_count + 2);
    size_t single = form->file_count <= MOST_MEDIA ? form->file_count : MOST_MEDIA - 1;
    size_t count = 0;

    media[count++] = (struct author_medium){SPAN_LIT("text/xml"), form->xml, of_xml};
    media[count++] = (struct author_medium){SPAN_LIT(FILES_TYPE), list_files(form, arena), tier};
    for (size_t i = 0; i < single; i++)
        media[count++] =
            (struct author_medium){media_type(form->file[i].type), form->file[i].bytes, tier};
    if (single < form->file_count)
        media[count++] = (struct author_medium){
            SPAN_LIT("multipart/mixed"),
            bundle(&form->file[single], form->file_count - single, arena), tier};
    ask->media = media;
    ask->media_count = count;
}

/* Fields that say how it came here, where the kind has them. */
static void put_origin(struct json *flat, const struct kind *kind, const struct inbox_form *form,
                       const char *before, struct arena *arena)
{
    const struct {
        const char *name;
        struct span value;
    } said[] = {
        {"on_behalf", form->on_behalf},
        {"device", form->device},
        {"supersedes", span_of(before)},
    };

    for (size_t i = 0; i < ARRAY_LEN(said); i++)
        if (said[i].value.len && kind_field(kind, said[i].name))
            json_set_string(flat, said[i].name, said[i].value, arena);
}

/* --- signing --- */

/* Raw XML and media say who was where, and what a gateway takes in others have told it: no more
 * open than the mission, whatever the form says. What of it is for more, a release says. */
static enum tier at_least_mission(enum tier tier)
{
    return tier > TIER_MISSION ? tier : TIER_MISSION;
}

static bool sign(struct rosa *rosa, const struct json *terms, const struct inbox_form *form,
                 const char *before, struct batch *batch, struct arena *arena, struct err *err)
{
    struct form_answer answer;
    struct author *author;

    if (!answer_parse(&answer, form->xml, arena, err))
        return false;
    const struct form *of = answer.form;
    struct author_ask ask = {
        .kind = of->kind, .flat = &answer.flat, .least = at_least_mission(form_tier(of, terms))};
    put_origin(&answer.flat, form_kind(of), form, before, arena);
    put_media(&ask, form, at_least_mission(form_tier_of_answer(of, &answer.flat, terms)),
              at_least_mission(form_tier(of, terms)), arena);
    return gateway_author(rosa->gateway, &author, err) &&
           author_sign_parts(author, &ask, &batch->submission[batch->count],
                             batch->id[batch->count], arena, err);
}

/* The record whose place it takes; "" for none. ERR_MISSING while there is none yet. */
static bool find_before(struct rosa *rosa, const struct inbox_form *form, char out[65],
                        struct err *err)
{
    out[0] = '\0';
    return form->before.len == 0 ||
           inbox_record_of(rosa->inbox, form->form, form->before, out, err);
}

/* Adds it to the batch, or puts it off and says why. */
static bool add(struct rosa *rosa, const struct json *terms, const char *key, int64_t now_ms,
                struct batch *batch, struct arena *arena, struct err *err)
{
    struct inbox_form form;
    struct err why = {0};
    char before[65];

    if (!inbox_read(rosa->inbox, key, &form, arena, &why))
        return inbox_hold(rosa->inbox, key, now_ms + AGAIN_MS, why.text, err);
    if (!find_before(rosa, &form, before, &why))
        return inbox_hold(rosa->inbox, key, now_ms + BEFORE_MS, why.text, err);
    if (!sign(rosa, terms, &form, before, batch, arena, &why))
        return inbox_hold(rosa->inbox, key, now_ms + AGAIN_MS, why.text, err);
    struct inbox_record *record = &batch->record[batch->count];
    memcpy(record->key, key, sizeof record->key);
    memcpy(record->id, batch->id[batch->count], sizeof record->id);
    for (size_t i = 0; i < batch->submission[batch->count].part_count; i++)
        batch->bytes += batch->submission[batch->count].part[i].len;
    batch->count++;
    return true;
}

/* What was signed is written down before it is handed in: see recover. */
static bool hand_in(struct rosa *rosa, struct batch *batch, int64_t now_ms, struct arena *arena,
                    struct err *err)
{
    struct gateway_fate *fate = ARENA_ARRAY(arena, struct gateway_fate, BATCH);
    size_t safe = 0;

    if (!inbox_signing(rosa->inbox, batch->record, batch->count, err) ||
        !gateway_hand_in(rosa->gateway, batch->submission, (const char(*)[65])batch->id,
                         batch->count, fate, arena, err))
        return false;
    for (size_t i = 0; i < batch->count; i++) {
        struct inbox_record record = batch->record[i];

        if (fate[i].safe)
            batch->record[safe++] = record;
        else if (!inbox_hold(rosa->inbox, record.key, now_ms + fate[i].later_ms, fate[i].why, err))
            return false;
    }
    return inbox_done(rosa->inbox, batch->record, safe, err);
}

/* A process before this one may have ended between signing and handing in, or right behind it:
 * what is in the log, or on its way, is done; the rest is signed anew. */
static bool recover(struct rosa *rosa, struct arena *arena, struct err *err)
{
    struct inbox_record *record;
    size_t count, there = 0;

    if (!inbox_signed(rosa->inbox, &record, &count, arena, err))
        return false;
    for (size_t i = 0; i < count; i++) {
        bool has;

        if (!gateway_has(rosa->gateway, record[i].id, &has, err))
            return false;
        if (has)
            record[there++] = record[i];
    }
    return inbox_done(rosa->inbox, record, there, err);
}

static bool sign_due(struct rosa *rosa, char (*key)[INBOX_KEY_TEXT], size_t count, int64_t now_ms,
                     struct arena *arena, struct err *err)
{
    struct batch *batch = ARENA_NEW(arena, struct batch);
    const struct json *terms;
    struct err none = {0};

    /* Before there is an agreement there is nothing to sign by: the forms wait. */
    if (!rosa_terms(rosa, node_reader(rosa->node), &terms, &none))
        return true;
    for (size_t i = 0; i < count && (batch->count == 0 || batch->bytes < BATCH_BYTES); i++)
        if (!add(rosa, terms, key[i], now_ms, batch, arena, err))
            return false;
    return batch->count == 0 || hand_in(rosa, batch, now_ms, arena, err);
}

bool rosa_turn(struct rosa *rosa, struct err *err)
{
    int64_t now_ms = clock_now_ms(node_clock(rosa->node));
    char key[BATCH][INBOX_KEY_TEXT];
    struct arena arena = {0};
    bool ok = rosa->recovered || recover(rosa, &arena, err);

    rosa->recovered = ok;
    ok = ok && inbox_take_released(rosa->inbox, err);
    size_t count = ok ? inbox_due(rosa->inbox, BATCH, now_ms, key) : 0;
    if (count > 0)
        ok = store_reader_refresh(node_reader(rosa->node), err) &&
             sign_due(rosa, key, count, now_ms, &arena, err);
    gateway_rest(rosa->gateway);
    store_reader_rest(node_reader(rosa->node));
    arena_free(&arena);
    return ok || err_wrap(err, "forms");
}
