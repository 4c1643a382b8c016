#include "record/kind.h"

#include "base/limits.h"
#include "codec/hex.h"
#include "crypto/hash.h"

/* doc/format.md §4. */

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
    {.name = "tier",
     .type = FIELD_WORD,
     .required = true,
     .words = (const char *const[]){"public", "mechanism", "mission", "sealed", NULL}},
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
    const char *tier;
    size_t least, most;
} tiers[] = {{"public", 0, 0}, {"mechanism", 1, 64}, {"mission", 1, 64}, {"sealed", 2, 2}};

static bool check_recipients(const struct json *part, struct err *err)
{
    size_t count = json_get(part, "recipients")->array.count;

    for (size_t i = 0; i < ARRAY_LEN(tiers); i++)
        if (span_is(json_get_text(part, "tier"), tiers[i].tier) &&
            (count < tiers[i].least || count > tiers[i].most))
            return err_set(err, ERR_MALFORMED, "\"parts\": a %s part has %zu to %zu recipients",
                           tiers[i].tier, tiers[i].least, tiers[i].most);
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
    *out = (struct part){.tier = json_get_text(part, "tier"),
                         .media = json_get_text(part, "media"),
                         .commitment = json_get_text(part, "commitment"),
                         .stored = json_get_text(part, "stored")};
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

struct span part_make(struct json *body, const char *tier, const uint8_t salt[PART_SALT_BYTES],
                      struct span bytes, struct arena *arena)
{
    const struct json *present = json_get(body, "parts");
    struct json parts = present ? *present : json_array();
    struct json part = json_object();
    struct buf stored = buf_in(arena, PART_SALT_BYTES + bytes.len);

    assert(strcmp(tier, "public") == 0);
    buf_put(&stored, span_make(salt, PART_SALT_BYTES));
    buf_put(&stored, bytes);
    json_set_string(&part, "commitment", hex_in(arena, commit(buf_span(&stored))), arena);
    json_set(&part, "recipients", json_array(), arena);
    json_set_string(&part, "stored", hex_in(arena, hash_of(buf_span(&stored))), arena);
    json_set_string(&part, "tier", span_of(tier), arena);
    insert(&parts, part, arena);
    json_set(body, "parts", parts, arena);
    return buf_span(&stored);
}

bool part_open(const struct part *part, struct span stored, struct span *out_bytes)
{
    struct hash want;

    if (stored.len < PART_SALT_BYTES ||
        !hex_parse(want.bytes, sizeof want.bytes, part->commitment) ||
        !hash_equal(want, commit(stored)))
        return false;
    *out_bytes = span_from(stored, PART_SALT_BYTES);
    return true;
}
