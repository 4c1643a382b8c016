#include "sync/misbehaviour_inside.h"

#include "codec/hex.h"
#include "ledger/cosignature.h"

/* What the kinds of misbehaviour share. */

struct span trial_text(const struct trial *t, const char *member)
{
    return json_get_string(t->evidence, member, (struct span){0});
}

struct span trial_note(const struct trial *t, const char *member, size_t n)
{
    return json_get(t->evidence, member)->array.at[n].string;
}

static struct hash hash_from(struct span hex)
{
    struct hash hash;
    bool ok = hex_parse(hash.bytes, HASH_BYTES, hex);

    assert(ok); /* its form was checked */
    return hash;
}

struct hash trial_hash(const struct trial *t, const char *member)
{
    return hash_from(trial_text(t, member));
}

void trial_accuse(struct trial *t, const struct known_key *key)
{
    assert(t->out->count < t->keys->count);
    t->out->accused[t->out->count++] =
        (struct accused){.key = arena_text(t->arena, span_of(key->key.name)),
                         .job = key->job,
                         .org = key->org,
                         .by = key->by,
                         .admission = key->admission};
}

const char *trial_name(const struct trial *t, const struct known_key *key)
{
    return arena_printf(t->arena, "the %.*s key %s%s%.*s", SPAN_ARG(key->job), key->key.name,
                        key->org.len ? " of " : "", SPAN_ARG(key->org));
}

const char *trial_names(const struct trial *t)
{
    struct buf names = buf_in(t->arena, SIZE_MAX / 2);

    for (size_t i = 0; i < t->out->count; i++) {
        struct span name = span_of(t->out->accused[i].key);

        if (i > 0)
            buf_text(&names, i + 1 < t->out->count ? ", " : " and ");
        buf_text(&names, trial_name(t, known_key_named(t->keys, name)));
    }
    return arena_text(t->arena, buf_span(&names));
}

void trial_say(struct trial *t, const char *sentence)
{
    char *text = arena_printf(t->arena, "%s", sentence);

    if (text[0] >= 'a' && text[0] <= 'z')
        text[0] = (char)(text[0] - 'a' + 'A');
    t->out->sentence = span_of(text);
}

/* --- statements --- */

struct span testimony_text(const struct testimony *testimony, const char *member)
{
    return json_get_string(&testimony->statement.members, member, (struct span){0});
}

uint64_t testimony_number(const struct testimony *testimony, const char *member)
{
    return (uint64_t)json_get_integer(&testimony->statement.members, member, 0);
}

struct hash testimony_hash(const struct testimony *testimony, const char *member)
{
    return hash_from(testimony_text(testimony, member));
}

bool trial_testimony(const struct trial *t, struct testimony *out, struct span note,
                     const char *word, const char *job, struct err *err)
{
    struct testimony testimony;

    if (!statement_parse(&testimony.statement, note, t->arena, err))
        return false;
    struct span name = testimony.statement.note.line[0].name;
    if (!span_is(testimony.statement.word, word))
        return err_set(err, ERR_MALFORMED, "it is a %.*s, not a %s",
                       SPAN_ARG(testimony.statement.word), word);
    if (!span_is(testimony.statement.agreement, t->keys->anchor.agreement))
        return err_set(err, ERR_REFUSED, "the %s is of another agreement", word);
    testimony.by = known_key_of(t->keys, name, job);
    if (!testimony.by)
        return err_set(err, ERR_REFUSED, "the %s is signed by %.*s, which is no %s key known here",
                       word, SPAN_ARG(name), job);
    if (!statement_verify(&testimony.statement, &testimony.by->key))
        return err_set(err, ERR_REFUSED, "the signature of the %s does not hold", word);
    *out = testimony;
    return true;
}

bool trial_term(const struct trial *t, const struct known_term **out,
                const struct testimony *testimony, struct err *err)
{
    struct span origin = testimony_text(testimony, "origin");

    *out = known_term_of(t->keys, origin);
    return *out || err_set(err, ERR_REFUSED, "the %.*s is of the log %.*s, which is not known here",
                           SPAN_ARG(testimony->statement.word), SPAN_ARG(origin));
}

/* --- checkpoints --- */

bool trial_tree_head(const struct trial *t, struct tree_head *out, struct span note,
                     struct err *err)
{
    struct tree_head head;
    uint64_t number;

    if (!note_parse(&head.note, note, t->arena, err) ||
        !checkpoint_parse(&head.checkpoint, head.note.text, err))
        return false;
    if (!known_keys_term_number(t->keys, span_of(head.checkpoint.origin), &number))
        return err_set(err, ERR_REFUSED, "a checkpoint of another agreement, %s",
                       head.checkpoint.origin);
    *out = head;
    return true;
}

bool tree_head_signed(const struct tree_head *head, const struct known_key *key,
                      uint64_t *out_seconds)
{
    const struct note_line *line = note_find(&head->note, &key->key);

    *out_seconds = 0;
    if (!line)
        return false;
    if (key->key.type == NOTE_TYPE_COSIGNATURE)
        return cosignature_verify(out_seconds, head->note.text, line, &key->key);
    return span_is(key->job, "log") && strcmp(key->key.name, head->checkpoint.origin) == 0 &&
           note_line_verify(&head->note, line, &key->key);
}

bool trial_receipt(const struct trial *t, struct proof *out, struct checkpoint *checkpoint,
                   const struct known_term *term, struct hash leaf, struct err *err)
{
    return proof_verify(out, checkpoint, trial_text(t, "receipt"), leaf, &term->log->key, t->arena,
                        err);
}
