#include "record/kind.h"

#include "base/limits.h"
#include "codec/hex.h"
#include "crypto/hash.h"

/* doc/format.md §4. */

static const char *const tier_words[] = {
    [TIER_PUBLIC] = "public",
    [TIER_MECHANISM] = "mechanism",
    [TIER_MISSION] = "mission",
    [TIER_SEALED] = "sealed",
    [TIERS] = NULL,
};

const char *tier_word(enum tier tier)
{
    assert(tier < TIERS);
    return tier_words[tier];
}

bool tier_find(enum tier *out, struct span word)
{
    for (enum tier tier = 0; tier < TIERS; tier++)
        if (span_is(word, tier_words[tier])) {
            *out = tier;
            return true;
        }
    return false;
}

static const struct field part_fields[] = {
    {.name = "commitment", .type = FIELD_HASH, .required = true},
    {.name = "media", .type = FIELD_TOKEN, .max = 100},
    {.name = "recipients",
     .type = FIELD_LIST,
     .required = true,
     .min = 0,
     .max = 64,
     .fields = (const struct field[]){{.name = "recipient", .type = FIELD_NAME}},
     .count = 1},
    {.name = "stored", .type = FIELD_HASH, .required = true},
    {.name = "tier", .type = FIELD_WORD, .required = true, .words = tier_words},
};

static const struct field parts_field = {
    .name = "parts",
    .type = FIELD_LIST,
    .min = 1,
    .max = LIMIT_RECORD_PARTS,
    .fields = (const struct field[]){{.name = "part",
                                      .type = FIELD_OBJECT,
                                      .fields = part_fields,
                                      .count = ARRAY_LEN(part_fields)}},
    .count = 1,
};

/* How many recipients a tier has (§4.2). */
static const struct {
    size_t least, most;
} recipients_of[TIERS] = {{0, 0}, {1, 64}, {1, 64}, {2, 2}};

/* In order, so that one list is written in one way; of a sealed part the order says which is the
 * outer one. */
static bool check_recipients(const struct json *part, struct err *err)
{
    const struct json *list = json_get(part, "recipients");
    enum tier tier;
    bool known = tier_find(&tier, json_get_text(part, "tier"));

    assert(known);
    if (list->array.count < recipients_of[tier].least ||
        list->array.count > recipients_of[tier].most)
        return err_set(err, ERR_MALFORMED, "\"parts\": a %s part has %zu to %zu recipients",
                       tier_word(tier), recipients_of[tier].least, recipients_of[tier].most);
    for (size_t i = 1; i < list->array.count; i++) {
        int order = span_compare(list->array.at[i - 1].string, list->array.at[i].string);

        if (order == 0 || (order > 0 && tier != TIER_SEALED))
            return err_set(err, ERR_MALFORMED, "\"parts\": recipients are %s",
                           order ? "not in order" : "named twice");
    }
    return true;
}

/* In order of their commitments, and of the parts that hold fields one a tier. */
static bool check_order(const struct json *parts, struct err *err)
{
    for (size_t i = 0; i < parts->array.count; i++) {
        const struct json *part = &parts->array.at[i];

        if (!check_recipients(part, err))
            return false;
        for (size_t j = 0; j < i; j++) {
            const struct json *before = &parts->array.at[j];

            if (span_compare(json_get_text(before, "commitment"),
                             json_get_text(part, "commitment")) >= 0)
                return err_set(err, ERR_MALFORMED, "\"parts\" are not in order of commitment");
            if (!json_get(part, "media") && !json_get(before, "media") &&
                span_equal(json_get_text(part, "tier"), json_get_text(before, "tier")))
                return err_set(err, ERR_MALFORMED, "\"parts\": two of one tier");
        }
    }
    return true;
}

bool parts_check(const struct json *body, struct err *err)
{
    const struct json *parts = json_get(body, "parts");

    return !parts || (field_check(&parts_field, parts, err) && check_order(parts, err));
}

bool part_at(const struct json *body, size_t n, struct part *out)
{
    const struct json *parts = json_get(body, "parts");

    if (!parts || n >= parts->array.count)
        return false;
    const struct json *part = &parts->array.at[n];
    *out = (struct part){.media = json_get_text(part, "media"),
                         .commitment = json_get_text(part, "commitment"),
                         .stored = json_get_text(part, "stored"),
                         .recipients = json_get(part, "recipients")};
    bool known = tier_find(&out->tier, json_get_text(part, "tier"));
    assert(known);
    return true;
}

static struct hash commit(struct span salt_and_bytes)
{
    const struct span label = SPAN_LIT("sulh/part/v1\n");

    return hash_of_parts((const struct span[]){label, salt_and_bytes}, 2);
}

static struct span hex_in(struct arena *arena, struct hash hash)
{
    char text[2 * HASH_BYTES + 1];

    hex_text(text, hash_span(&hash));
    return arena_copy(arena, span_of(text));
}

/* Keeps the order of commitments. */
static void insert(struct json *parts, struct json part, struct arena *arena)
{
    json_push(parts, part, arena);
    for (size_t i = parts->array.count - 1; i > 0; i--) {
        struct json *left = &parts->array.at[i - 1], *right = &parts->array.at[i];

        if (span_compare(json_get_text(left, "commitment"), json_get_text(right, "commitment")) < 0)
            return;
        struct json swap = *left;
        *left = *right;
        *right = swap;
    }
}

struct span part_salted(const uint8_t salt[PART_SALT_BYTES], struct span bytes, struct arena *arena)
{
    struct buf salted = buf_in(arena, PART_SALT_BYTES + bytes.len);

    buf_put(&salted, span_make(salt, PART_SALT_BYTES));
    buf_put(&salted, bytes);
    return buf_span(&salted);
}

void part_pass(struct json *body, const struct part *part, struct span stored, struct arena *arena)
{
    const struct json *present = json_get(body, "parts");
    struct json parts = present ? *present : json_array();
    struct json object = json_object();

    json_set_string(&object, "commitment", part->commitment, arena);
    if (part->media.len)
        json_set_string(&object, "media", part->media, arena);
    json_set(&object, "recipients", part->recipients ? *part->recipients : json_array(), arena);
    json_set_string(&object, "stored", hex_in(arena, hash_of(stored)), arena);
    json_set_string(&object, "tier", span_of(tier_word(part->tier)), arena);
    insert(&parts, object, arena);
    json_set(body, "parts", parts, arena);
}

void part_put(struct json *body, const struct part *part, struct span salted, struct span stored,
              struct arena *arena)
{
    struct part committed = *part;

    committed.commitment = hex_in(arena, commit(salted));
    part_pass(body, &committed, stored, arena);
}

struct span part_make(struct json *body, const uint8_t salt[PART_SALT_BYTES], struct span bytes,
                      struct arena *arena)
{
    struct span salted = part_salted(salt, bytes, arena);

    part_put(body, &(struct part){.tier = TIER_PUBLIC}, salted, salted, arena);
    return salted;
}

bool part_named_next(struct span *rest, struct hash *out)
{
    static const char word[] = "\"stored\":\"";
    const uint8_t *at;

    while ((at = memmem(rest->at, rest->len, word, sizeof word - 1)) != NULL) {
        *rest = span_from(*rest, (size_t)(at - rest->at) + sizeof word - 1);
        if (rest->len < 2 * HASH_BYTES)
            return false;
        if (hex_parse(out->bytes, sizeof out->bytes, span_slice(*rest, 0, 2 * HASH_BYTES)))
            return true;
    }
    return false;
}

bool part_open(const struct part *part, struct span salted, struct span *out_bytes)
{
    struct hash want;

    if (salted.len < PART_SALT_BYTES ||
        !hex_parse(want.bytes, sizeof want.bytes, part->commitment) ||
        !hash_equal(want, commit(salted)))
        return false;
    *out_bytes = span_from(salted, PART_SALT_BYTES);
    return true;
}
