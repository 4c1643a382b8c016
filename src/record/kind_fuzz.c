#include "record/kind.h"

/* The first byte says which kind, the rest is a body of it: as an entry, as a public part,
 * and flat, as a person gives it. */

/* By their letters: these first, so that the corpus keeps its meaning, then all others in the
 * order of the table of kinds. */
static const char *const first[] = {
    "agreement.adopt", "agreement.part",  "agreement.concur", "member.admit",    "member.revoke",
    "clock.tick",      "node.attest",     "incident.open",    "incident.report", "claim",
    "incident.link",   "incident.unlink", "record.withdraw",  "rules.adopt",     "term.open",
    "member.rotate",   "agreement.amend",
};

static bool is_first(const struct kind *kind)
{
    for (size_t i = 0; i < ARRAY_LEN(first); i++)
        if (strcmp(first[i], kind->name) == 0)
            return true;
    return false;
}

static const struct kind *kind_of(uint8_t letter)
{
    size_t n = (size_t)(letter - 'a');
    const struct kind *kind;

    if (letter < 'a')
        return NULL;
    if (n < ARRAY_LEN(first)) {
        kind = kind_find(span_of(first[n]), 1);
        assert(kind);
        return kind;
    }
    n -= ARRAY_LEN(first);
    for (size_t i = 0; (kind = kind_at(i)) != NULL; i++)
        if (!is_first(kind) && n-- == 0)
            return kind;
    return NULL;
}

static void put_all(struct json *whole, const struct json *some, struct arena *arena)
{
    for (size_t i = 0; i < some->object.count; i++)
        json_set(whole, arena_text(arena, some->object.at[i].key), some->object.at[i].value, arena);
}

static void check_flat(const struct kind *kind, const struct json *flat, enum tier least,
                       struct arena *arena)
{
    struct kind_fields fields;
    struct json whole = json_object();
    struct err err = {0};

    if (!kind_split(kind, flat, least, &fields, arena, &err)) {
        assert(err.kind == ERR_MALFORMED && err.text[0] != '\0');
        return;
    }
    bool ok = kind_check_body(kind, &fields.entry, &err);
    put_all(&whole, &fields.entry, arena);
    for (enum tier tier = 0; ok && tier < TIERS; tier++) {
        struct span bytes = json_bytes(&fields.part[tier], arena);

        assert(tier >= least || fields.part[tier].object.count == 0);
        ok = fields.part[tier].object.count == 0 || kind_check_part(kind, tier, bytes, arena, &err);
        put_all(&whole, &fields.part[tier], arena);
    }
    assert(ok && json_equal(&whole, flat));
}

/* Parts that were checked can be walked, and stand in their order. */
static void check_parts(const struct json *body)
{
    struct part part, before = {0};
    struct span bytes;
    size_t n = 0;

    for (; part_at(body, n, &part); n++) {
        assert(part.commitment.len == 64 && part.stored.len == 64 && part.tier < TIERS);
        assert(n == 0 || span_compare(before.commitment, part.commitment) < 0);
        bool opened = part_open(&part, SPAN_LIT("no such bytes, and more than 32 of them"), &bytes);
        assert(!opened);
        before = part;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena = {0};
    struct json body;
    struct err err = {0};
    const struct kind *kind = size ? kind_of(data[0]) : NULL;

    if (!kind || !json_parse(&body, span_make(data + 1, size - 1), &arena, &err)) {
        arena_free(&arena);
        return 0;
    }
    if (kind_check_body(kind, &body, &err))
        check_parts(&body);
    else
        assert(err.kind == ERR_MALFORMED && err.text[0] != '\0');

    struct err unfit = {0};
    bool is_part = kind_check_part(kind, TIER_PUBLIC, json_bytes(&body, &arena), &arena, &unfit);
    assert(is_part == (unfit.kind == ERR_NONE));
    for (enum tier least = 0; least < TIERS; least++)
        check_flat(kind, &body, least, &arena);
    arena_free(&arena);
    return 0;
}
