#include "scenario/running.h"

#include "base/limits.h"
#include "codec/hex.h"
#include "journal/log_reader.h"
#include "node/readers.h"
#include "record/record.h"
#include "sys/entropy.h"

/* Parts: named, handed on, and read by those who may. Everybody here reads with an age identity of
 * their own, as in earnest; nothing is opened by knowing what was put in. */

#define TEXT_MEDIA SPAN_LIT("text/plain")
#define FIELDS_MEDIA SPAN_LIT("application/json")

/* --- names --- */

static bool part_of_note(struct part *out, struct span note, enum tier tier, bool attachment,
                         struct arena *arena, struct err *err)
{
    struct record record;

    if (!record_parse(&record, note, arena, err) || !parts_check(record.body, err))
        return false;
    for (size_t i = 0; part_at(record.body, i, out); i++)
        if (attachment ? out->media.len > 0 : out->tier == tier && out->media.len == 0)
            return true;
    return err_set(err, ERR_MISSING, "it has no such part");
}

/* The part of this commitment, as the record has it. */
static bool part_committed(struct part *out, struct span note, struct span commitment,
                           struct arena *arena, struct err *err)
{
    struct record record;

    if (!record_parse(&record, note, arena, err) || !parts_check(record.body, err))
        return false;
    for (size_t i = 0; part_at(record.body, i, out); i++)
        if (span_equal(out->commitment, commitment))
            return true;
    return err_set(err, ERR_MISSING, "it has no such part");
}

static void name_document(struct run *run, const struct step *step, struct name *name)
{
    uint8_t salt[PART_SALT_BYTES];
    struct json body = json_object();
    struct part part = {.tier = TIER_PUBLIC};

    entropy_fill(salt, sizeof salt);
    name->keeper = step->signer[0];
    name->salted = part_salted(salt, step->document, run->arena);
    part_put(&body, &part, name->salted, name->salted, run->arena); /* which commits to it */
    bool there = part_at(&body, 0, &part);
    assert(there);
    name->id = arena_text(run->arena, part.commitment);
}

bool run_part(struct run *run, const struct step *step, struct err *err)
{
    const struct name *record = names_find(&run->names, NAME_RECORD, step->part_of);
    struct name name = {.name = step->name, .of = NAME_PART, .line = step->at->line};
    struct err none = {0};
    struct part part;

    (void)err;
    if (step->document.len) {
        name_document(run, step, &name);
    } else if (record && record->note.len &&
               part_of_note(&part, record->note, step->tier, step->is_attachment, run->arena,
                            &none)) {
        name.id = arena_text(run->arena, part.commitment);
        name.note = record->note;
    } else {
        run_tell(run, step->at, false, "%.*s: %s", SPAN_ARG(step->part_of),
                 record && record->note.len ? none.text : "the record was never made");
    }
    names_add(&run->names, name, run->arena);
    return true;
}

/* --- what is stored --- */

static bool get_stored(struct run *run, const struct part *part, struct span *out, struct err *err)
{
    struct hash hash;

    return (hex_parse(hash.bytes, sizeof hash.bytes, part->stored) ||
            err_set(err, ERR_MALFORMED, "no hash of a part")) &&
           parts_get(node_parts(run->node), &hash, out, run->arena, err);
}

/* One seal off, where it is one of this person's. */
static bool take_off(struct run *run, const struct person *person, struct span file,
                     struct span *out, struct err *err)
{
    struct buf plain = buf_in(run->arena, LIMIT_PART_BYTES);

    if (!person->reads)
        return err_set(err, ERR_REFUSED, "%.*s has nothing to read with", SPAN_ARG(person->name));
    if (!age_decrypt(&plain, &person->identity, 1, file, err))
        return false;
    *out = buf_span(&plain);
    return true;
}

/* The record that took off the outer or the inner seal, and the part that it hands on. */
static bool find_opening(struct run *run, struct span commitment, const char *step,
                         struct part *out, bool *out_there, struct err *err)
{
    struct log_reader *reader = NULL;
    struct checkpoint checkpoint;
    struct json opening, record;
    struct span note, entry;

    *out_there = false;
    if (!run_row(run, "opening", commitment, &opening, out_there, err))
        return false;
    *out_there = *out_there && json_get(&opening, step);
    if (!*out_there)
        return true;
    if (!run_row(run, "record", json_get_text(&opening, step), &record, out_there, err) ||
        !node_checkpoint(run->node, &checkpoint, &note, &run->working, err) ||
        !log_reader_open(&reader, run->disk, checkpoint.size, err))
        return false;
    bool ok =
        log_reader_entry(reader, (uint64_t)json_get_integer(&record, "index", 0), &entry, err);
    if (ok)
        entry = arena_copy(run->arena, entry);
    log_reader_close(reader);
    return ok && part_committed(out, entry, commitment, run->arena, err);
}

static bool seal_to(struct run *run, const struct age_recipient *to, size_t count,
                    struct span plain, struct span *out, struct err *err)
{
    struct buf file = buf_in(run->arena, SIZE_MAX);
    struct age_seed seed;

    entropy_fill(seed.bytes, sizeof seed.bytes);
    bool ok = age_encrypt(&file, to, count, plain, &seed, err);
    sign_wipe(&seed, sizeof seed);
    *out = buf_span(&file);
    return ok;
}

/* --- handing on --- */

/* Salt and content, for who can open it now. What is sealed and has not been opened by both goes as
 * it stands: whether that may be is for the register to say. */
static bool open_named(struct run *run, const struct person *person, const struct name *name,
                       struct span *out, struct err *err)
{
    struct part part;
    struct span stored;

    *out = name->salted;
    if (name->salted.len)
        return span_equal(name->keeper, person->name) ||
               err_set(err, ERR_REFUSED, "%.*s does not have %.*s", SPAN_ARG(person->name),
                       SPAN_ARG(name->name));
    if (!part_committed(&part, name->note, span_of(name->id), run->arena, err))
        return false;
    if (part.tier == TIER_SEALED) {
        bool open;

        if (!find_opening(run, part.commitment, "inner", &part, &open, err))
            return false;
        if (!open)
            return get_stored(run, &part, out, err);
    }
    if (!get_stored(run, &part, &stored, err))
        return false;
    *out = stored;
    return part.tier == TIER_PUBLIC || take_off(run, person, stored, out, err);
}

/* To all who read that tier now; sealed, in one file for the inner within one for the outer. */
static bool seal_for(struct run *run, enum tier tier, struct span salted, struct part *out,
                     struct span *stored, struct err *err)
{
    struct json *names = ARENA_NEW(run->arena, struct json);
    struct age_recipient to[LIMIT_RECORD_PARTS];
    struct reader_key *reader;
    size_t count;

    *names = json_array();
    out->recipients = names;
    *stored = salted;
    if (tier == TIER_PUBLIC)
        return true;
    if (!readers_of(node_reader(run->node), tier, &reader, &count, run->arena, err))
        return false;
    if (count == 0)
        return err_set(err, ERR_MISSING, "nobody reads the tier %s", tier_word(tier));
    for (size_t i = 0; i < count; i++) {
        json_push(names, json_string(reader[i].name), run->arena);
        to[i] = reader[i].to;
    }
    return tier == TIER_SEALED ? seal_to(run, &to[1], 1, salted, stored, err) &&
                                     seal_to(run, &to[0], 1, *stored, stored, err)
                               : seal_to(run, to, count, salted, stored, err);
}

/* The two recipients of a sealed part, by whose recipients they are now. */
static bool seal_to_both(struct run *run, const struct json *names, struct span salted,
                         struct span *out, struct err *err)
{
    struct age_recipient to[2];

    for (size_t i = 0; i < ARRAY_LEN(to); i++) {
        struct json row;
        bool there;

        if (!run_row(run, "key", names->array.at[i].string, &row, &there, err) ||
            !age_recipient_parse(&to[i], json_get_text(&row, "age"), err))
            return false;
    }
    return seal_to(run, to, ARRAY_LEN(to), salted, out, err);
}

/* A step of an opening; in the same way of who has not the seal that is to come off. */
static bool open_step(struct run *run, const struct person *person, const struct name *name,
                      const struct json *flat, struct part *out, struct span *stored,
                      struct err *err)
{
    bool inner = span_is(json_get_text(flat, "step"), "inner"), begun = false;
    struct err closed = {0};
    struct span plain, bytes;
    struct part passed;

    if (!part_committed(out, name->note, span_of(name->id), run->arena, err) ||
        (inner && !find_opening(run, out->commitment, "outer", &passed, &begun, err)) ||
        !get_stored(run, begun ? &passed : out, stored, err))
        return false;
    if (out->tier != TIER_SEALED)
        return err_set(err, ERR_USAGE, "%.*s is not sealed", SPAN_ARG(name->name));
    if (out->media.len == 0)
        out->media = FIELDS_MEDIA;
    if (!take_off(run, person, *stored, &plain, &closed))
        return closed.kind == ERR_REFUSED || err_set(err, closed.kind, "%s", closed.text);
    *stored = plain;
    return !(inner && part_open(out, plain, &bytes)) ||
           seal_to_both(run, out->recipients, plain, stored, err);
}

bool run_hand_on(struct run *run, const struct person *person, const struct step *step,
                 const struct json *flat, struct part *out, struct span *stored, struct err *err)
{
    const struct name *name = names_find(&run->names, NAME_PART, step->passed);
    const struct name *instead = names_find(&run->names, NAME_PART, step->instead);
    struct span salted;

    if (!name || !name->id || (step->instead.len && (!instead || !instead->id)))
        return err_set(err, ERR_MISSING, "there is nothing to hand on");
    if (strcmp(step->kind->name, "part.opened") == 0 && name->note.len)
        return open_step(run, person, name, flat, out, stored, err);
    *out = (struct part){.tier = step->tier, .media = TEXT_MEDIA, .commitment = span_of(name->id)};
    (void)tier_find(&out->tier, json_get_text(flat, "tier"));
    if (!open_named(run, person, instead ? instead : name, &salted, err))
        return false;
    if (name->note.len) {
        struct part its;

        if (!part_committed(&its, name->note, out->commitment, run->arena, err))
            return false;
        out->media = its.media.len ? its.media : FIELDS_MEDIA;
    }
    return seal_for(run, out->tier, salted, out, stored, err);
}

/* --- reading --- */

struct glance { /* what somebody reads of a record or a part */
    struct age_identity as[SCENARIO_SIGNERS];
    size_t count;
    size_t open, closed; /* parts that are not public; with none of these, all */
    struct span text[LIMIT_RECORD_PARTS];
    size_t texts;
    const char *why; /* it is closed; NULL: it is not */
};

static bool read_one(struct run *run, struct glance *g, const struct part *part, bool counts,
                     struct err *err)
{
    static const char *const words[] = {[READING_CLOSED] = "it is not for this key",
                                        [READING_MISSING] = "it is missing",
                                        [READING_DAMAGED] = "it is not what was committed to"};
    struct reading reading;
    struct part inner;
    bool opened = false;

    if (!reading_part(node_parts(run->node), part, g->as, g->count, &reading, &run->working, err))
        return false;
    if (reading.state == READING_CLOSED && part->tier == TIER_SEALED &&
        (!find_opening(run, part->commitment, "inner", &inner, &opened, err) ||
         (opened && !reading_part(node_parts(run->node), &inner, g->as, g->count, &reading,
                                  &run->working, err))))
        return false;
    if (reading.state == READING_OPEN && g->texts < ARRAY_LEN(g->text))
        g->text[g->texts++] = reading.bytes;
    g->open += counts && reading.state == READING_OPEN;
    g->closed += counts && reading.state != READING_OPEN;
    if (counts && reading.state != READING_OPEN && !g->why)
        g->why = words[reading.state];
    return true;
}

static bool read_record(struct run *run, struct glance *g, struct span note, struct err *err)
{
    struct record record;
    struct part part;
    bool any = false;

    if (!record_parse(&record, note, &run->working, err) || !parts_check(record.body, err))
        return false;
    for (size_t i = 0; part_at(record.body, i, &part); i++)
        any = any || part.tier != TIER_PUBLIC;
    for (size_t i = 0; part_at(record.body, i, &part); i++)
        if (!read_one(run, g, &part, !any || part.tier != TIER_PUBLIC, err))
            return false;
    return true;
}

static bool take_glance(struct run *run, struct glance *g, const struct expected *e,
                        struct err *err)
{
    const struct name *name = names_any(&run->names, e->keys);
    struct part part;

    if (!name || name->note.len == 0) {
        g->why = name && name->salted.len ? "a document is read where it is handed on"
                                          : "it was never made";
        return true;
    }
    if (name->of == NAME_RECORD)
        return read_record(run, g, name->note, err);
    return part_committed(&part, name->note, span_of(name->id), &run->working, err) &&
           read_one(run, g, &part, true, err);
}

static bool has_text(const struct glance *g, struct span wanted)
{
    for (size_t i = 0; i < g->texts; i++)
        for (size_t at = 0; at + wanted.len <= g->text[i].len; at++)
            if (span_starts_with(span_from(g->text[i], at), wanted))
                return true;
    return false;
}

static void tell_glance(struct run *run, const struct step *step, const struct glance *g,
                        const char *who)
{
    const struct expected *e = &step->expected;
    bool can = g->open > 0 && g->closed == 0, cannot = g->open == 0 && g->why;

    run_tell(run, step->at, e->none ? cannot : can, "%s %s %.*s%s%s", who,
             can      ? "can read"
             : cannot ? "cannot read"
                      : "can read a part of",
             SPAN_ARG(e->keys), g->why ? ": " : "", g->why ? g->why : "");
    for (size_t i = 0; i < e->values; i++) {
        bool ok = e->none ? g->why && span_is(e->value[i], g->why) : has_text(g, e->value[i]);

        run_tell(run, step->at, ok, "%s, of %.*s: %s \"%.*s\"%s", who, SPAN_ARG(e->keys),
                 e->none ? "because" : "reads", SPAN_ARG(e->value[i]),
                 ok ? "" : ", which is not so");
    }
}

static void add_identity(struct run *run, struct glance *g, struct span name)
{
    const struct person *person = run_person(run, name);

    if (person && person->reads)
        g->as[g->count++] = person->identity;
}

/* Each alone, or all together. */
bool run_reads(struct run *run, const struct step *step, struct err *err)
{
    const struct expected *e = &step->expected;
    size_t turns = e->together ? 1 : e->readers;
    bool ok = true;

    if (!journal_publish(node_journal(run->node), err))
        return false;
    for (size_t i = 0; ok && i < turns; i++) {
        struct glance *g = ARENA_NEW(&run->working, struct glance);

        for (size_t j = 0; j < e->readers; j++)
            if (e->together || j == i)
                add_identity(run, g, e->reader[j]);
        ok = take_glance(run, g, e, err);
        if (ok)
            tell_glance(run, step, g,
                        e->together ? "they together" : arena_text(&run->working, e->reader[i]));
        sign_wipe(g->as, sizeof g->as);
    }
    return ok;
}
