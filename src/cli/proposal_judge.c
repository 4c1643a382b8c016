#include "cli/proposal.h"

#include "journal/rows.h"
#include "ledger/merkle.h"
#include "register/register.h"

/* What the register would make of the records, were they signed. */

struct judge {
    struct rows *rows;
    struct register_lookup lookup;
};

static bool get_row(void *context, const char *table, struct span key, const struct json **out,
                    struct arena *arena, struct err *err)
{
    struct judge *judge = context;
    struct span bytes;

    *out = NULL;
    if (!rows_get(judge->rows, table, key, &bytes, arena, err))
        return false;
    if (!bytes.at)
        return true;
    struct json *row = ARENA_NEW(arena, struct json);
    *out = row;
    return json_parse(row, bytes, arena, err);
}

/* Our records have seen nothing. */
static bool get_root(void *context, uint64_t size, struct hash *out, struct err *err)
{
    (void)context;
    (void)err;
    assert(size == 0);
    *out = merkle_empty();
    return true;
}

/* As a record, with a signature that is none: the register is asked what would follow if the
 * one that is to come held. */
static struct span as_if_signed(const struct proposal_record *record, struct arena *arena)
{
    static const uint8_t none[SIGN_SIGNATURE_BYTES];
    struct buf note = buf_in(arena, LIMIT_ENTRY_BYTES);

    buf_put(&note, record->text);
    buf_byte(&note, '\n');
    note_put_line(&note, record->by, 0, span_make(none, sizeof none));
    assert(!note.full);
    return buf_span(&note);
}

static bool judge_one(struct judge *judge, const struct proposal *p, size_t n, struct arena *arena,
                      struct err *err)
{
    struct register_entry entry = {
        .index = n, .bytes = as_if_signed(&p->record[n], arena), .author_verified = true};
    struct effects effects;
    bool ok = true;

    if (!register_apply(&effects, &judge->lookup, &entry, arena, err))
        return false;
    if (effects.lacks_rules || effects.verdict != VERDICT_HOLDS)
        return err_set(err, ERR_REFUSED, "record %zu, %.*s by %.*s, would not hold: %.*s (%.*s)", n,
                       SPAN_ARG(p->record[n].kind), SPAN_ARG(p->record[n].by),
                       SPAN_ARG(effects.why), SPAN_ARG(effects.clause));
    for (size_t i = 0; ok && i < effects.count; i++)
        ok = rows_set(judge->rows, effects.at[i].table, effects.at[i].key,
                      effects.at[i].row ? json_bytes(effects.at[i].row, arena) : (struct span){0},
                      err);
    return ok;
}

static bool check_in_force(struct judge *judge, struct arena *arena, struct err *err)
{
    const struct json *row;

    if (!get_row(judge, "agreement", SPAN_LIT("1"), &row, arena, err))
        return false;
    return span_is(folder_text(row, "state"), "in_force") ||
           err_set(err, ERR_REFUSED, "the agreement would not come into force");
}

bool proposal_judge(const struct proposal *p, struct err *err)
{
    struct judge judge = {.rows = rows_open(SIZE_MAX)};
    struct arena arena = {0};
    bool ok = true;

    judge.lookup = (struct register_lookup){&judge, get_row, get_root};
    for (size_t i = 0; ok && i < p->record_count; i++) {
        arena_reset(&arena);
        ok = judge_one(&judge, p, i, &arena, err);
    }
    ok = ok && check_in_force(&judge, &arena, err);
    arena_free(&arena);
    rows_close(judge.rows);
    return ok;
}
