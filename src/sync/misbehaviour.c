#include "sync/misbehaviour_inside.h"

#include "base/limits.h"
#include "base/reader.h"
#include "codec/hex.h"

#define HEADER "sulh/misbehaviour/v1\n"

/* --- the kinds --- */

enum form { FORM_NONE, FORM_NOTE, FORM_TWO_NOTES, FORM_RECEIPT, FORM_HASH, FORM_PATH };

struct evidence_member {
    const char *name;
    enum form form;
};

static const struct {
    struct misbehaviour_kind kind;
    struct evidence_member member[4]; /* in bytewise order */
    misbehaviour_trial *trial;
} kinds[] = {
    {{"split",
      "The log key, or a witness, signed two logs of which one does not continue the other."},
     {{"checkpoints", FORM_TWO_NOTES}, {"consistency", FORM_PATH}, {"root", FORM_HASH}},
     misbehaviour_split},
    {{"clock", "A witness cosigned the larger log at the earlier time."},
     {{"checkpoints", FORM_TWO_NOTES}},
     misbehaviour_clock},
    {{"promise", "The log has another record where this one was promised."},
     {{"leaf", FORM_HASH}, {"promise", FORM_NOTE}, {"receipt", FORM_RECEIPT}},
     misbehaviour_promise},
    {{"promises", "One place was promised to two records, or two places to one."},
     {{"promises", FORM_TWO_NOTES}},
     misbehaviour_promises},
    {{"fork", "A key signed two different records under one number."},
     {{"records", FORM_TWO_NOTES}},
     misbehaviour_fork},
    {{"refusal", "The operator refused, for a reason that is false, a record that it had to log."},
     {{"receipt", FORM_RECEIPT}, {"record", FORM_NOTE}, {"refusal", FORM_NOTE}},
     misbehaviour_refusal},
    {{"freeze", "An organisation froze a log and cosigned it beyond."},
     {{"checkpoint", FORM_NOTE}, {"freeze", FORM_NOTE}},
     misbehaviour_freeze},
    {{"freezes", "A node key signed two freezes for one next origin."},
     {{"freezes", FORM_TWO_NOTES}},
     misbehaviour_freezes},
};

const struct misbehaviour_kind *misbehaviour_kind_at(size_t index)
{
    return index < ARRAY_LEN(kinds) ? &kinds[index].kind : NULL;
}

/* --- the form of the file --- */

/* A note of a proof is no longer than an entry: whoever makes one leaves out the lines of
 * strangers. A receipt has as many hashes as a tree is high besides, or the entry. */
#define RECEIPT_BYTES (3u * LIMIT_ENTRY_BYTES)

static bool is_text(const struct json *value, size_t limit)
{
    return value->type == JSON_STRING && value->string.len > 0 && value->string.len <= limit;
}

static bool is_list(const struct json *value, size_t least, size_t most, size_t limit)
{
    if (value->type != JSON_ARRAY || value->array.count < least || value->array.count > most)
        return false;
    for (size_t i = 0; i < value->array.count; i++)
        if (!is_text(&value->array.at[i], limit))
            return false;
    return true;
}

static bool is_hash(const struct json *value)
{
    struct hash hash;

    return value->type == JSON_STRING && hex_parse(hash.bytes, HASH_BYTES, value->string);
}

static bool is_path(const struct json *value)
{
    if (!is_list(value, 0, LIMIT_PROOF_HASHES, 2 * HASH_BYTES))
        return false;
    for (size_t i = 0; i < value->array.count; i++)
        if (!is_hash(&value->array.at[i]))
            return false;
    return true;
}

static bool has_form(const struct json *value, enum form form)
{
    switch (form) {
    case FORM_NOTE:
        return is_text(value, LIMIT_ENTRY_BYTES);
    case FORM_TWO_NOTES:
        return is_list(value, 2, 2, LIMIT_ENTRY_BYTES);
    case FORM_RECEIPT: /* may be empty: none is needed */
        return value->type == JSON_STRING && value->string.len <= RECEIPT_BYTES;
    case FORM_HASH:
        return is_hash(value);
    case FORM_PATH:
        return is_path(value);
    case FORM_NONE:
        break;
    }
    assert(!"a form that is none");
    return false;
}

/* The name of the first member that is missing, of another form, or too many; else NULL. */
static const char *wrong_evidence(const struct evidence_member *member, size_t most,
                                  const struct json *evidence)
{
    size_t i = 0;

    for (; i < most && member[i].name; i++) {
        const struct json *value = json_get(evidence, member[i].name);

        if (!value || !has_form(value, member[i].form))
            return member[i].name;
    }
    return evidence->object.count == i ? NULL : "another member";
}

static bool take_members(struct misbehaviour *out, const struct json *file, struct err *err)
{
    static const char *const names[] = {"admissions", "entry", "evidence", "kind", "pieces"};

    if (file->type != JSON_OBJECT || file->object.count != ARRAY_LEN(names))
        return err_set(err, ERR_MALFORMED,
                       "must have the members admissions, entry, evidence, kind and pieces");
    for (size_t i = 0; i < ARRAY_LEN(names); i++)
        if (!span_is(file->object.at[i].key, names[i]))
            return err_set(err, ERR_MALFORMED, "\"%s\" is missing", names[i]);
    const struct json_member *at = file->object.at;
    if (!is_list(&at[0].value, 0, MISBEHAVIOUR_ADMISSIONS, LIMIT_ENTRY_BYTES))
        return err_set(err, ERR_MALFORMED, "\"admissions\" is no list of notes");
    if (!is_text(&at[1].value, LIMIT_ENTRY_BYTES))
        return err_set(err, ERR_MALFORMED, "\"entry\" is no note");
    if (at[2].value.type != JSON_OBJECT)
        return err_set(err, ERR_MALFORMED, "\"evidence\" is no object");
    if (!is_text(&at[3].value, 32))
        return err_set(err, ERR_MALFORMED, "\"kind\" is no word");
    if (!is_list(&at[4].value, 0, 300, LIMIT_AGREEMENT_PART_BYTES))
        return err_set(err, ERR_MALFORMED, "\"pieces\" is no list of pieces");
    *out = (struct misbehaviour){.admissions = at[0].value,
                                 .entry = at[1].value.string,
                                 .evidence = at[2].value,
                                 .kind = at[3].value.string,
                                 .pieces = at[4].value};
    return true;
}

/* The kind's place in the table, if its evidence is of its form. */
static bool find_kind(size_t *out, const struct misbehaviour *misbehaviour, struct err *err)
{
    size_t i = 0;

    while (i < ARRAY_LEN(kinds) && !span_is(misbehaviour->kind, kinds[i].kind.word))
        i++;
    if (i == ARRAY_LEN(kinds))
        return err_set(err, ERR_MALFORMED, "there is no kind \"%.*s\"",
                       SPAN_ARG(misbehaviour->kind));
    const char *wrong =
        wrong_evidence(kinds[i].member, ARRAY_LEN(kinds[i].member), &misbehaviour->evidence);
    if (wrong)
        return err_set(err, ERR_MALFORMED,
                       "evidence: \"%s\" is missing, of another form, or too many", wrong);
    *out = i;
    return true;
}

bool misbehaviour_parse(struct misbehaviour *out, struct span bytes, struct arena *arena,
                        struct err *err)
{
    struct reader r = reader_over(bytes);
    struct misbehaviour misbehaviour;
    struct json file;
    size_t unused;

    if (bytes.len > LIMIT_MISBEHAVIOUR_BYTES)
        return err_set(err, ERR_LIMIT, "proof: %zu bytes, more than %u", bytes.len,
                       LIMIT_MISBEHAVIOUR_BYTES);
    reader_expect(&r, HEADER);
    struct span line = reader_line(&r, LIMIT_MISBEHAVIOUR_BYTES);
    if (!reader_done(&r))
        return err_set(err, ERR_MALFORMED, "proof: %s, at byte %zu", r.why, reader_offset(&r));
    if (!json_parse_canonical(&file, line, arena, err) ||
        !take_members(&misbehaviour, &file, err) || !find_kind(&unused, &misbehaviour, err))
        return err_wrap(err, "proof");
    *out = misbehaviour;
    return true;
}

struct span misbehaviour_encode(const struct misbehaviour *misbehaviour, struct arena *arena)
{
    struct buf buf = buf_in(arena, SIZE_MAX / 2);
    struct json file = json_object();

    json_set(&file, "admissions", misbehaviour->admissions, arena);
    json_set_string(&file, "entry", misbehaviour->entry, arena);
    json_set(&file, "evidence", misbehaviour->evidence, arena);
    json_set_string(&file, "kind", misbehaviour->kind, arena);
    json_set(&file, "pieces", misbehaviour->pieces, arena);
    buf_text(&buf, HEADER);
    json_encode(&buf, &file);
    buf_byte(&buf, '\n');
    return buf_span(&buf);
}

/* --- what it proves --- */

static bool know_terms(struct known_keys *keys, const struct json *pieces, struct arena *arena,
                       struct err *err)
{
    struct span *piece = ARENA_ARRAY(arena, struct span, pieces->array.count);

    for (size_t i = 0; i < pieces->array.count; i++)
        piece[i] = pieces->array.at[i].string;
    return pieces->array.count == 0 || known_keys_terms(keys, piece, pieces->array.count, err);
}

static bool know_keys(struct known_keys *keys, const struct misbehaviour *misbehaviour,
                      const char *agreement_id, struct arena *arena, struct err *err)
{
    const struct json *admissions = &misbehaviour->admissions;

    if (!known_keys_open(keys, misbehaviour->entry, arena, err))
        return false;
    if (strcmp(keys->anchor.id, agreement_id) != 0)
        return err_set(err, ERR_REFUSED, "it is of another agreement: the id of its entry 0 is %s",
                       keys->anchor.id);
    if (!know_terms(keys, &misbehaviour->pieces, arena, err))
        return false;
    for (size_t i = 0; i < admissions->array.count; i++)
        if (!known_keys_admit(keys, admissions->array.at[i].string, err))
            return err_wrap(err, "admission %zu", i + 1);
    return true;
}

bool misbehaviour_verify(struct proven *out, struct span bytes, const char *agreement_id,
                         struct arena *arena, struct err *err)
{
    struct misbehaviour misbehaviour;
    struct known_keys keys;
    struct proven *proven = ARENA_NEW(arena, struct proven);
    size_t kind;

    if (!misbehaviour_parse(&misbehaviour, bytes, arena, err) ||
        !find_kind(&kind, &misbehaviour, err) ||
        !know_keys(&keys, &misbehaviour, agreement_id, arena, err))
        return false;
    proven->accused = ARENA_ARRAY(arena, struct accused, keys.count);
    struct trial trial = {
        .keys = &keys, .evidence = &misbehaviour.evidence, .out = proven, .arena = arena};
    if (!kinds[kind].trial(&trial, err))
        return false;
    assert(proven->count > 0 && proven->sentence.len > 0);
    memcpy(proven->agreement, keys.anchor.agreement, sizeof proven->agreement);
    proven->kind = misbehaviour.kind;
    *out = *proven;
    return true;
}
