#include "ledger/statement.h"

#include "base/limits.h"
#include "base/reader.h"
#include "codec/hex.h"

/* The largest: a freeze of two vkeys and two origins. */
#define STATEMENT_BYTES 4096u
#define MOST_MEMBERS 6

enum form { FORM_NONE, FORM_COUNT, FORM_TIME, FORM_HASH, FORM_NAME, FORM_VKEY, FORM_REASON };

static const struct word {
    const char *word;
    const char *signer;
    struct {
        const char *name;
        enum form form;
    } member[MOST_MEMBERS]; /* in bytewise order */
} words[] = {
    {"promise",
     "the promise key of the term",
     {{"at_ms", FORM_TIME},
      {"id", FORM_HASH},
      {"index", FORM_COUNT},
      {"leaf", FORM_HASH},
      {"origin", FORM_NAME}}},
    {"refusal",
     "the operator's node key",
     {{"at_ms", FORM_TIME},
      {"id", FORM_HASH},
      {"origin", FORM_NAME},
      {"reason", FORM_REASON},
      {"size", FORM_COUNT}}},
    {"freeze",
     "the node key of a witness's organisation",
     {{"next_log_key", FORM_VKEY},
      {"next_origin", FORM_NAME},
      {"next_promise_key", FORM_VKEY},
      {"origin", FORM_NAME},
      {"root", FORM_HASH},
      {"size", FORM_COUNT}}},
    {"sign-in", "who signs in", {{"at_ms", FORM_TIME}, {"node", FORM_NAME}, {"nonce", FORM_HASH}}},
    {"pin",
     "the node key",
     {{"certificate", FORM_HASH}, {"from_ms", FORM_TIME}, {"to_ms", FORM_TIME}}},
    {"rotate", "the key that takes another's place", {{"from", FORM_NAME}, {"key", FORM_VKEY}}},
};

/* §6.3 */
static const char *const reasons[] = {"not a record", "another agreement", "unknown key",
                                      "signature does not hold", "too large"};

static const struct word *find_word(struct span word)
{
    for (size_t i = 0; i < ARRAY_LEN(words); i++)
        if (span_is(word, words[i].word))
            return &words[i];
    return NULL;
}

const char *statement_signer(struct span word)
{
    const struct word *found = find_word(word);

    return found ? found->signer : NULL;
}

static bool is_reason(struct span text)
{
    for (size_t i = 0; i < ARRAY_LEN(reasons); i++)
        if (span_is(text, reasons[i]))
            return true;
    return false;
}

static bool has_form(const struct json *value, enum form form)
{
    struct hash hash;
    struct note_key key;
    struct err err = {0};

    if (form == FORM_COUNT || form == FORM_TIME)
        return value->type == JSON_INTEGER &&
               value->integer >= (form == FORM_TIME ? LIMIT_TIME_MIN_MS : 0) &&
               (form == FORM_COUNT || value->integer <= LIMIT_TIME_MAX_MS);
    if (value->type != JSON_STRING)
        return false;
    switch (form) {
    case FORM_HASH:
        return hex_parse(hash.bytes, sizeof hash.bytes, value->string);
    case FORM_NAME:
        return note_name_valid(value->string);
    case FORM_VKEY:
        return note_key_parse(&key, value->string, &err);
    case FORM_REASON:
        return is_reason(value->string);
    default:
        assert(!"a form that is none of a string");
        return false;
    }
}

/* The name of the first member that is missing, of another form, or too many; else NULL. */
static const char *wrong_member(const struct word *word, const struct json *members)
{
    size_t i = 0;

    for (; i < MOST_MEMBERS && word->member[i].name; i++) {
        const struct json *value = json_get(members, word->member[i].name);

        if (!value || !has_form(value, word->member[i].form))
            return word->member[i].name;
    }
    return members->object.count == i ? NULL : "another member";
}

static bool parse_text(struct statement *out, struct arena *arena, struct err *err)
{
    struct reader r = reader_over(out->note.text);

    out->agreement = reader_line(&r, LIMIT_NAME_BYTES);
    if (!reader_failed(&r) && !note_name_valid(out->agreement))
        reader_fail(&r, "first line is not an agreement's name");
    out->word = reader_line(&r, 32);
    const struct word *word = find_word(out->word);
    if (!reader_failed(&r) && !word)
        reader_fail(&r, "second line is no statement's word");
    struct span third = reader_line(&r, STATEMENT_BYTES);
    if (!reader_done(&r))
        return err_set(err, ERR_MALFORMED, "%s, at byte %zu", r.why, reader_offset(&r));
    if (!json_parse_canonical(&out->members, third, arena, err))
        return err_wrap(err, "third line");
    if (out->members.type != JSON_OBJECT)
        return err_set(err, ERR_MALFORMED, "third line is not an object");

    const char *wrong = wrong_member(word, &out->members);
    return !wrong || err_set(err, ERR_MALFORMED,
                             "third line: \"%s\" is missing, of another form, "
                             "or too many",
                             wrong);
}

bool statement_parse(struct statement *out, struct span bytes, struct arena *arena, struct err *err)
{
    struct statement statement = {0};

    bool ok = note_parse(&statement.note, bytes, arena, err);
    ok = ok && parse_text(&statement, arena, err);
    if (!ok)
        return err_wrap(err, "statement");
    if (statement.note.count != 1)
        return err_set(err, ERR_MALFORMED, "statement: %zu signatures, must be one",
                       statement.note.count);
    *out = statement;
    return true;
}

bool statement_verify(const struct statement *statement, const struct note_key *key)
{
    return note_line_verify(&statement->note, &statement->note.line[0], key);
}

struct span statement_sign(struct span agreement, const char *word, const struct json *members,
                           const struct note_signer *signer, struct arena *arena)
{
    const struct word *known = find_word(span_of(word));
    struct buf text = buf_in(arena, STATEMENT_BYTES);

    assert(note_name_valid(agreement) && known && !wrong_member(known, members));
    buf_put(&text, agreement);
    buf_printf(&text, "\n%s\n", word);
    json_encode(&text, members);
    buf_byte(&text, '\n');
    assert(!text.full);
    return note_sign(buf_span(&text), signer, arena);
}
