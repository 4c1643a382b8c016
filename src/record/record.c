#include "record/record.h"

#include "base/limits.h"
#include "base/reader.h"
#include "codec/hex.h"

#include <stdio.h>

/* The note adds an empty line and one line of dash, name, space and base64 of 68 bytes. */
#define SIGNATURE_ROOM (1 + 4 + LIMIT_NAME_BYTES + 1 + 92 + 1)

/* KIND of §3.2: one word of a–z and _, or two with a dot between them. */
static bool kind_name_valid(struct span kind)
{
    size_t dots = 0;

    if (kind.len < 1 || kind.len > 32 || kind.at[0] == '.' || kind.at[kind.len - 1] == '.')
        return false;
    for (size_t i = 0; i < kind.len; i++) {
        uint8_t c = kind.at[i];
        dots += c == '.';
        if (c != '.' && c != '_' && (c < 'a' || c > 'z'))
            return false;
    }
    return dots <= 1;
}

static void read_kind_line(struct record *out, struct reader *r)
{
    struct span version = reader_line(r, 64);

    if (!span_cut(&version, ' ', &out->kind))
        reader_fail(r, "second line is not a kind and a version");
    else if (!kind_name_valid(out->kind))
        reader_fail(r, "kind is not a word of a-z and _, or two joined by a dot");
    else if (!decimal_parse(&out->version, version, UINT32_MAX) || out->version == 0)
        reader_fail(r, "version is not a number from 1");
}

static bool is_hash(struct hash *out, const struct json *value)
{
    return value->type == JSON_STRING && hex_parse(out->bytes, sizeof out->bytes, value->string);
}

static bool is_time(const struct json *value)
{
    return value->type == JSON_INTEGER && value->integer >= LIMIT_TIME_MIN_MS &&
           value->integer <= LIMIT_TIME_MAX_MS;
}

/* Whether the members of an object that was read as canonical are exactly these, which
 * stand in bytewise order, as they do there. */
static bool has_members(const struct json *object, const char *const *names, size_t count)
{
    if (object->type != JSON_OBJECT || object->object.count != count)
        return false;
    for (size_t i = 0; i < count; i++)
        if (!span_is(object->object.at[i].key, names[i]))
            return false;
    return true;
}

static bool take_seen(struct record *out, const struct json *seen)
{
    static const char *const names[] = {"root", "size"};

    if (!has_members(seen, names, ARRAY_LEN(names)))
        return false;
    const struct json *root = &seen->object.at[0].value, *size = &seen->object.at[1].value;
    if (!is_hash(&out->seen_root, root) || size->type != JSON_INTEGER || size->integer < 0)
        return false;
    out->seen_size = (uint64_t)size->integer;
    return true;
}

/* What is wrong with the members of the object, or NULL. */
static const char *take_members(struct record *out)
{
    enum { BODY, BY, PREV, SAID_AT_MS, SEEN, SEQ, COUNT };
    static const char *const names[COUNT] = {"body", "by", "prev", "said_at_ms", "seen", "seq"};
    const struct json_member *at = out->object.object.at;
    struct hash unused;

    if (!has_members(&out->object, names, COUNT))
        return "not exactly the members body, by, prev, said_at_ms, seen, seq";
    if (at[BODY].value.type != JSON_OBJECT)
        return "body is not an object";
    if (at[BY].value.type != JSON_STRING || !note_name_valid(at[BY].value.string))
        return "by is not a key name";
    if (at[PREV].value.type != JSON_STRING ||
        (at[PREV].value.string.len != 0 && !is_hash(&unused, &at[PREV].value)))
        return "prev is neither an id nor empty";
    if (!is_time(&at[SAID_AT_MS].value))
        return "said_at_ms is not a time of the years 2 to 9998";
    if (!take_seen(out, &at[SEEN].value))
        return "seen is not a root and a size";
    if (at[SEQ].value.type != JSON_INTEGER || at[SEQ].value.integer < 1)
        return "seq is not an integer from 1";
    out->body = &at[BODY].value;
    out->by = at[BY].value.string;
    out->prev = at[PREV].value.string;
    out->said_at_ms = at[SAID_AT_MS].value.integer;
    out->seq = (uint64_t)at[SEQ].value.integer;
    return NULL;
}

static bool parse_text(struct record *out, struct arena *arena, struct err *err)
{
    struct reader r = reader_over(out->note.text);
    struct span third;

    out->agreement = reader_line(&r, LIMIT_NAME_BYTES);
    if (!reader_failed(&r) && !note_name_valid(out->agreement))
        reader_fail(&r, "first line is not an agreement's name");
    read_kind_line(out, &r);
    third = reader_line(&r, LIMIT_ENTRY_BYTES);
    if (!reader_done(&r))
        return err_set(err, ERR_MALFORMED, "%s, at byte %zu", r.why, reader_offset(&r));
    if (!json_parse_canonical(&out->object, third, arena, err))
        return err_wrap(err, "third line");
    if (out->object.type != JSON_OBJECT)
        return err_set(err, ERR_MALFORMED, "third line is not an object");

    const char *why = take_members(out);
    return !why || err_set(err, ERR_MALFORMED, "third line: %s", why);
}

static void take_id(struct record *record)
{
    record->id = hash_of(record->note.text);
    hex_text(record->id_text, hash_span(&record->id));
}

bool record_parse_text(struct record *out, struct span text, struct arena *arena, struct err *err)
{
    struct record record = {.note = {.text = text}};

    if (text.len > LIMIT_ENTRY_BYTES - SIGNATURE_ROOM)
        return err_set(err, ERR_LIMIT, "record: a text of %zu bytes, with a signature too many",
                       text.len);
    if (!parse_text(&record, arena, err))
        return err_wrap(err, "record");
    take_id(&record);
    *out = record;
    return true;
}

bool record_parse(struct record *out, struct span bytes, struct arena *arena, struct err *err)
{
    struct record record = {.bytes = bytes};

    if (bytes.len > LIMIT_ENTRY_BYTES)
        return err_set(err, ERR_LIMIT, "record: %zu bytes, more than %u", bytes.len,
                       LIMIT_ENTRY_BYTES);
    bool ok = note_parse(&record.note, bytes, arena, err);
    ok = ok && parse_text(&record, arena, err);
    if (!ok)
        return err_wrap(err, "record");
    if (record.note.count != 1)
        return err_set(err, ERR_MALFORMED, "record: %zu signatures, must be one",
                       record.note.count);
    if (record.note.line[0].signature.len != SIGN_SIGNATURE_BYTES)
        return err_set(err, ERR_MALFORMED, "record: its signature is not of 64 bytes");
    if (!span_equal(record.note.line[0].name, record.by))
        return err_set(err, ERR_MALFORMED, "record: signed under another name than its \"by\"");

    take_id(&record);
    *out = record;
    return true;
}

bool record_verify(const struct record *record, const struct note_key *key)
{
    return note_line_verify(&record->note, &record->note.line[0], key);
}

static struct json draft_object(const struct record_draft *draft, struct arena *arena)
{
    struct json object = json_object();
    struct json seen = json_object();
    char root[2 * HASH_BYTES + 1];

    hex_text(root, hash_span(&draft->seen_root));
    json_set_string(&seen, "root", span_of(arena_text(arena, span_of(root))), arena);
    json_set_integer(&seen, "size", (int64_t)draft->seen_size, arena);
    json_set(&object, "body", draft->body, arena);
    json_set_string(&object, "by", draft->by, arena);
    json_set_string(&object, "prev", draft->prev, arena);
    json_set_integer(&object, "said_at_ms", draft->said_at_ms, arena);
    json_set(&object, "seen", seen, arena);
    json_set_integer(&object, "seq", (int64_t)draft->seq, arena);
    return object;
}

bool record_text(struct span *out, const struct record_draft *draft, struct arena *arena,
                 struct err *err)
{
    struct buf text = buf_in(arena, LIMIT_ENTRY_BYTES - SIGNATURE_ROOM);
    struct json object = draft_object(draft, arena);

    assert(note_name_valid(draft->agreement) && note_name_valid(draft->by) && draft->seq >= 1);
    buf_put(&text, draft->agreement);
    buf_printf(&text, "\n%s %" PRIu64 "\n", draft->kind, draft->version);
    json_encode(&text, &object);
    buf_byte(&text, '\n');
    if (text.full)
        return err_set(err, ERR_LIMIT,
                       "a %s of more than %u bytes: shorten it, or move text to a part",
                       draft->kind, LIMIT_ENTRY_BYTES);
    *out = buf_span(&text);
    return true;
}

bool record_sign(struct span *out, const struct record_draft *draft,
                 const struct note_signer *signer, struct arena *arena, struct err *err)
{
    struct span text;

    assert(span_is(draft->by, signer->name));
    if (!record_text(&text, draft, arena, err))
        return false;
    *out = note_sign(text, signer, arena);
    return true;
}
