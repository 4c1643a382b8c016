#include "cli/proposal.h"

#include "record/kind.h"
#include "record/record.h"

/*
 * A proposal that somebody brought: what its texts and files were made from is taken from them,
 * all of it is made anew, and what differs by a byte is refused.
 */

const char *proposal_path(const struct proposal *p, size_t n, const char *suffix)
{
    return arena_printf(p->arena, "%04zu.%s", n, suffix);
}

/* --- what it was made from --- */

static bool add_vkey(struct proposal *p, struct span vkey, struct err *err)
{
    struct note_key key;

    return note_key_parse(&key, vkey, err) && proposal_add_key(p, &key, err);
}

/* "" for who reads nothing that is not public. */
static bool add_author(struct proposal *p, struct span vkey, struct span recipient, struct err *err)
{
    struct note_key key;

    return note_key_parse(&key, vkey, err) && proposal_add_key(p, &key, err) &&
           (recipient.len == 0 || proposal_add_reader(p, key.name, recipient, err));
}

/* A text as a record of this kind, its body of the kind's shape. */
static bool parse_text(struct record *out, struct span text, const char *kind, struct arena *arena,
                       struct err *err)
{
    if (!record_parse_text(out, text, arena, err))
        return false;
    if (!span_is(out->kind, kind) || out->version != 1)
        return err_set(err, ERR_MALFORMED, "it is no %s", kind);
    return kind_check_body(kind_find(span_of(kind), 1), out->body, err);
}

static bool take_members(struct proposal *p, const struct json *list, struct err *err)
{
    bool ok = true;

    for (size_t i = 0; ok && i < list->array.count; i++)
        ok = add_vkey(p, folder_text(&list->array.at[i], "key"), err);
    return ok;
}

/* ORG of ORG/node. */
static struct span operator_of(struct span name)
{
    const struct span node = SPAN_LIT("/node");

    return span_ends_with(name, node) ? span_slice(name, 0, name.len - node.len) : name;
}

static bool take_adoption(struct proposal *p, struct span text, struct record *record,
                          struct err *err)
{
    const struct json *body;

    if (!parse_text(record, text, "agreement.adopt", p->arena, err))
        return false;
    body = record->body;
    p->said_at_ms = record->said_at_ms;
    p->quorum = json_get_integer(body, "quorum", 0);
    return proposal_set_operator(p, operator_of(folder_text(body, "operator")), err) &&
           take_members(p, json_get(body, "roots"), err) &&
           take_members(p, json_get(body, "nodes"), err) &&
           take_members(p, json_get(body, "witnesses"), err) &&
           add_vkey(p, folder_text(body, "log_key"), err) &&
           add_vkey(p, folder_text(body, "promise_key"), err);
}

static bool take_admission(struct proposal *p, struct span text, struct err *err)
{
    struct record record;

    return parse_text(&record, text, "member.admit", p->arena, err) &&
           add_author(p, folder_text(record.body, "key"), folder_text(record.body, "age"), err);
}

/* The files beside the texts are what people read: they must be what entry 0 lists. */
static bool check_pieces(const struct proposal *p, const struct record *adopt, struct err *err)
{
    const struct json *list = json_get(adopt->body, "pieces");
    const struct folder *folder = &p->folder;
    struct json made = folder_pieces(&p->folder, p->arena);

    for (size_t i = 0; i < folder->piece_count && i < list->array.count; i++)
        if (!json_equal(&made.array.at[i], &list->array.at[i]))
            return err_set(err, ERR_CONFLICT,
                           PROPOSAL_AGREEMENT "/%s is not the file that entry 0 lists",
                           folder->piece[i].file);
    return folder->piece_count == list->array.count ||
           err_set(err, ERR_CONFLICT,
                   "the files in " PROPOSAL_AGREEMENT "/ are not those entry 0 lists");
}

static bool is_admission(struct span text, struct arena *arena)
{
    struct record record;
    struct err ignored;

    return record_parse_text(&record, text, arena, &ignored) &&
           span_is(record.kind, "member.admit");
}

static bool take_texts(struct proposal *p, const struct proposal_found *found, struct err *err)
{
    struct record adopt;

    if (!take_adoption(p, found->text[0], &adopt, err))
        return err_wrap(err, "0000.text");
    if (!check_pieces(p, &adopt, err))
        return false;
    for (size_t i = 1; i < found->texts; i++)
        if (is_admission(found->text[i], p->arena) && !take_admission(p, found->text[i], err))
            return err_wrap(err, "%s", proposal_path(p, i, "text"));
    return true;
}

/* --- what differs --- */

static bool compare_texts(const struct proposal *p, const struct proposal_found *found,
                          struct err *err)
{
    for (size_t i = 0; i < found->texts && i < p->record_count; i++)
        if (!span_equal(found->text[i], p->record[i].text))
            return err_set(err, ERR_CONFLICT,
                           "%s was changed: it is not the %.*s of %.*s that must stand there",
                           proposal_path(p, i, "text"), SPAN_ARG(p->record[i].kind),
                           SPAN_ARG(p->record[i].by));
    return found->texts == p->record_count ||
           err_set(err, ERR_CONFLICT, "it holds %zu texts, and must hold %zu", found->texts,
                   p->record_count);
}

/* That text, signed by that key, and nothing else. */
static bool check_note(const struct proposal *p, const struct proposal_record *wanted,
                       struct span note, struct err *err)
{
    struct record record;

    if (!record_parse(&record, note, p->arena, err))
        return false;
    if (!span_equal(record.note.text, wanted->text))
        return err_set(err, ERR_CONFLICT, "it is another text that was signed");
    return record_verify(&record, &proposal_key_named(p, wanted->by)->key) ||
           err_set(err, ERR_REFUSED, "not the signature of %.*s", SPAN_ARG(wanted->by));
}

static bool take_notes(struct proposal *p, const struct proposal_found *found, struct err *err)
{
    for (size_t i = 0; i < PROPOSAL_MOST_RECORDS; i++) {
        if (found->note[i].len == 0)
            continue;
        if (i >= p->record_count)
            return err_set(err, ERR_CONFLICT, "%s is of no record", proposal_path(p, i, "note"));
        if (!check_note(p, &p->record[i], found->note[i], err))
            return err_wrap(err, "%s", proposal_path(p, i, "note"));
        p->record[i].note = found->note[i];
    }
    return true;
}

bool proposal_take(struct proposal *p, const struct proposal_found *found, struct err *err)
{
    assert(found->texts > 0);
    return take_texts(p, found, err) && proposal_make(p, err) && compare_texts(p, found, err) &&
           take_notes(p, found, err);
}

bool proposal_check_signer(const struct proposal *p, const struct note_signer *signer,
                           struct err *err)
{
    const struct proposal_key *root = proposal_key_named(p, span_of(signer->name));
    const struct note_key key = note_signer_key(signer);

    if (!root || root->job != PROPOSAL_ROOT)
        return err_set(err, ERR_REFUSED, "%s is no root of this proposal: it signs nothing here",
                       signer->name);
    return note_key_equal(&root->key, &key) ||
           err_set(err, ERR_REFUSED, "the proposal names another key %s than this one",
                   signer->name);
}
