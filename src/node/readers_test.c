#include "node/readers.h"

#include "base/test.h"
#include "node/house.h"

/* Who reads a tier, what is sealed to them, and who opens that. */

#define WITHOUT_AGE 2 /* this author has no recipient */

static struct age_identity identity_of(size_t author)
{
    struct age_identity out = {.secret = {7, (uint8_t)author}};

    return out;
}

static const char *age_of(size_t author)
{
    static char text[WORLD_AUTHORS][80];
    struct arena arena = {0};
    struct age_identity identity = identity_of(author);
    struct age_recipient to = age_identity_recipient(&identity);
    struct span span = age_recipient_text(&to, &arena);

    snprintf(text[author], sizeof text[author], "%.*s", SPAN_ARG(span));
    arena_free(&arena);
    return author == WITHOUT_AGE ? NULL : text[author];
}

static struct node *begin(struct house **out)
{
    world_also.reads = ",\"reads\":[\"mechanism\",\"mission\",\"sealed\"]";
    world_also.tiers = ",\"tier\":[{\"id\":\"mechanism\"},{\"id\":\"mission\",\"of\":[\"obs\"]},"
                       "{\"id\":\"sealed\",\"of\":[\"obs\"]}]";
    world_age = age_of;
    *out = house_build(1);
    struct node *node = house_open(*out, NULL);
    house_found(*out, node);
    struct err err = {0};
    house_ok(store_reader_refresh(node_reader(node), &err), &err);
    return node;
}

static void end(struct house *h, struct node *node)
{
    node_close(node);
    house_end(h);
    world_also.reads = world_also.tiers = "";
    world_age = NULL;
}

/* A tier that lists nobody has no readers, nor has a sealed one within one organisation. */
static void test_readers(void **state)
{
    static const struct {
        enum tier tier;
        size_t readers;
    } cases[] = {
        {TIER_PUBLIC, 0}, {TIER_MECHANISM, 0}, {TIER_MISSION, WORLD_AUTHORS - 1}, {TIER_SEALED, 0}};
    struct house *h;
    struct node *node = begin(&h);

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct reader_key *key;
        struct err err = {0};
        size_t count;

        house_ok(readers_of(node_reader(node), cases[i].tier, &key, &count, &h->arena, &err), &err);
        CHECK_CASE(tier_word(cases[i].tier), count == cases[i].readers);
        for (size_t k = 0; k < count; k++) {
            CHECK_CASE("organisation", span_is(key[k].org, "obs"));
            CHECK_CASE("order", k == 0 || span_compare(key[k - 1].name, key[k].name) < 0);
        }
    }
    end(h, node);
}

static bool sign(struct house *h, struct node *node, const struct author_ask *ask,
                 struct submission *out, struct err *err)
{
    struct author *author;
    char id[65];

    house_ok(author_open(&author, node, HOUSE_AUTHOR, err), err);
    bool ok = author_sign_parts(author, ask, out, id, &h->arena, err);
    author_close(author);
    return ok;
}

static void test_sealed_to_readers(void **state)
{
    static const struct {
        const char *name;
        size_t as; /* author; WORLD_AUTHORS: nobody */
        enum reading_state fields, medium;
    } cases[] = {
        {"a reader", 0, READING_OPEN, READING_OPEN},
        {"another reader", 1, READING_OPEN, READING_OPEN},
        {"an author without an identity", WITHOUT_AGE, READING_CLOSED, READING_CLOSED},
        {"anybody", WORLD_AUTHORS, READING_CLOSED, READING_CLOSED},
    };
    struct house *h;
    struct node *node = begin(&h);
    struct json flat;
    struct submission said;
    struct answer answer;
    struct record record;
    struct err err = {0};

    (void)state;
    house_ok(json_parse(&flat, SPAN_LIT("{\"title\":\"a crossing\"}"), &h->arena, &err), &err);
    const struct author_medium photo = {SPAN_LIT("image/jpeg"), SPAN_LIT("\377\330\377"),
                                        TIER_MISSION};
    const struct author_ask ask = {.kind = "incident.open",
                                   .flat = &flat,
                                   .least = TIER_MISSION,
                                   .media = &photo,
                                   .media_count = 1};
    house_ok(sign(h, node, &ask, &said, &err), &err);
    assert_int_equal(said.part_count, 2);
    house_ok(node_submit(node, &said, 1, &answer, &h->arena, &err), &err);
    assert_int_equal(answer.kind, ANSWER_LOGGED);
    house_ok(record_parse(&record, said.note, &h->arena, &err), &err);
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct age_identity identity = identity_of(cases[i].as + 50 * (cases[i].as == WITHOUT_AGE));
        struct reading reading;
        struct part part;

        for (size_t n = 0; part_at(record.body, n, &part); n++) {
            assert_int_equal(part.recipients->array.count, WORLD_AUTHORS - 1);
            house_ok(reading_part(node_parts(node), &part, &identity, cases[i].as < WORLD_AUTHORS,
                                  &reading, &h->arena, &err),
                     &err);
            bool medium = part.media.len > 0;
            CHECK_CASE(cases[i].name,
                       reading.state == (medium ? cases[i].medium : cases[i].fields));
            CHECK_CASE(cases[i].name,
                       reading.state != READING_OPEN ||
                           span_equal(reading.bytes, medium
                                                         ? photo.bytes
                                                         : SPAN_LIT("{\"title\":\"a crossing\"}")));
        }
    }
    end(h, node);
}

static void test_not_sealed(void **state)
{
    static const struct {
        const char *name;
        enum tier tier;
        size_t media;
        enum err_kind fault;
        const char *why;
    } cases[] = {
        {"to a tier of nobody", TIER_MECHANISM, 0, ERR_MISSING, "nobody reads the tier mechanism"},
        {"sealed within one organisation", TIER_SEALED, 0, ERR_MISSING,
         "nobody reads the tier sealed"},
        {"a photograph for nobody", TIER_PUBLIC, 1, ERR_MISSING, "nobody reads the tier mechanism"},
        {"too many photographs", TIER_PUBLIC, 61, ERR_LIMIT, "61 files with one record"},
    };
    static struct author_medium media[61];
    struct house *h;
    struct node *node = begin(&h);
    struct json flat;
    struct err err = {0};

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(media); i++)
        media[i] = (struct author_medium){SPAN_LIT("image/png"), SPAN_LIT("x"), TIER_MECHANISM};
    house_ok(json_parse(&flat, SPAN_LIT("{\"title\":\"a crossing\"}"), &h->arena, &err), &err);
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        const struct author_ask ask = {.kind = "incident.open",
                                       .flat = &flat,
                                       .least = cases[i].tier,
                                       .media = media,
                                       .media_count = cases[i].media};
        struct submission said;
        struct err fault = {0};

        CHECK_CASE(cases[i].name, !sign(h, node, &ask, &said, &fault));
        CHECK_CASE(cases[i].name, fault.kind == cases[i].fault);
        CHECK_CASE(cases[i].name, strstr(fault.text, cases[i].why));
    }
    end(h, node);
}

/* What is stored may be anything: its author made it. */
static void test_readings(void **state)
{
    static const struct {
        const char *name, *stored;
        enum tier tier;
        bool kept, committed;
        enum reading_state state;
    } cases[] = {
        {"never handed in", "salt of thirty-two bytes, exactly", TIER_PUBLIC, false, true,
         READING_MISSING},
        {"another commitment", "salt of thirty-two bytes, exactly", TIER_PUBLIC, true, false,
         READING_DAMAGED},
        {"shorter than a salt", "short", TIER_PUBLIC, true, true, READING_DAMAGED},
        {"as it should be", "salt of thirty-two bytes, exactly", TIER_PUBLIC, true, true,
         READING_OPEN},
        {"no age file", "age-encryption.org/v2\n", TIER_MISSION, true, true, READING_DAMAGED},
        {"no age file, sealed", "nothing", TIER_SEALED, true, true, READING_DAMAGED},
    };
    struct house *h;
    struct node *node = begin(&h);
    struct age_identity identity = identity_of(0);

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct json body = json_object();
        struct span stored = span_of(arena_printf(&h->arena, "%s", cases[i].stored));
        struct part part = {.tier = cases[i].tier};
        struct reading reading;
        struct err err = {0};

        if (!cases[i].kept)
            stored = span_of(arena_printf(&h->arena, "%s and more", cases[i].stored));
        part_put(&body, &part, cases[i].committed ? stored : SPAN_LIT("other"), stored, &h->arena);
        assert_true(part_at(&body, 0, &part));
        if (cases[i].kept)
            house_ok(parts_add(node_parts(node), stored, &err), &err);
        house_ok(reading_part(node_parts(node), &part, &identity, 1, &reading, &h->arena, &err),
                 &err);
        CHECK_CASE(cases[i].name, reading.state == cases[i].state);
    }
    end(h, node);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_readers),
    cmocka_unit_test(test_sealed_to_readers),
    cmocka_unit_test(test_not_sealed),
    cmocka_unit_test(test_readings),
};

RUN_TESTS(tests)
