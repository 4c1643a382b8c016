#include "base/test.h"

#include "forms/intake.h"
#include "forms/test_flash.h"
#include "sys/disk_sim.h"

#include <stdio.h>

#define PHONE "+93701234567"

struct house {
    struct arena arena;
    struct flash_book book;
    struct disk *disk;
    struct intake *intake;
};

static void open_house(struct house *house, uint64_t seed)
{
    struct intake_sender sender = {
        .name = "village-7", .from = PHONE, .language = "en", .offset_min = 270, .since_ms = 1};
    struct err err = {0};

    *house = (struct house){0};
    assert_true(flash_case_book(&house->book, &house->arena, &err));
    assert_true(disk_sim_open(&house->disk, seed));
    house->intake = intake_open(house->disk);
    assert_true(intake_sender_add(house->disk, &sender, &err));
}

static void close_house(struct house *house)
{
    intake_close(house->intake);
    disk_close(house->disk);
    arena_free(&house->arena);
}

static bool take(struct house *house, const char *id, const char *from, const char *text,
                 int minutes, struct intake_answer *out, struct err *err)
{
    struct intake_message message = {.channel = SPAN_LIT("sms"),
                                     .id = span_of(id),
                                     .from = span_of(from),
                                     .text = span_of(text),
                                     .received_ms = FLASH_CASE_RECEIVED + minutes * INT64_C(60000)};

    return intake_take(house->intake, &house->book, &message, out, &house->arena, err);
}

static size_t count_confirmed(struct house *house, struct intake_confirmed *out)
{
    struct err err = {0};
    size_t count = 0;
    bool any;

    assert_true(intake_next(house->intake, 0, out, &any, &house->arena, &err));
    while (any && count < 8) {
        struct intake_confirmed next = *out;

        count++;
        assert_true(intake_done(house->intake, next.key, "abc", &err));
        assert_true(intake_next(house->intake, 0, &next, &any, &house->arena, &err));
    }
    return count;
}

/* --- conversations --- */

#define STEPS 6
struct step {
    const char *id, *text;
    int minutes;
    const char *state;
};
#define WHOLE "FLASH 14:20 TORKHAM SHELLING DEAD 0 INJURED 2"
#define WHOLE_YES "YES 2141"

static const struct {
    const char *name;
    struct step step[STEPS];
    size_t confirmed;
} talks[] = {
    {"understood and confirmed",
     {{"1", WHOLE, 0, "understood"}, {"2", WHOLE_YES, 5, "confirmed"}},
     1},
    {"confirmed in small letters and other digits",
     {{"1", WHOLE, 0, "understood"}, {"2", "yes ۲۱۴۱", 5, "confirmed"}},
     1},
    {"nobody confirms", {{"1", WHOLE, 0, "understood"}}, 0},
    {"another number", {{"1", WHOLE, 0, "understood"}, {"2", "YES 1111", 5, "wrong"}}, 0},
    {"yes alone is no confirmation",
     {{"1", WHOLE, 0, "understood"}, {"2", "YES", 5, "understood"}},
     0},
    {"another number, then the right one",
     {{"1", WHOLE, 0, "understood"},
      {"2", "YES 1111", 5, "wrong"},
      {"3", WHOLE_YES, 6, "confirmed"}},
     1},
    {"no",
     {{"1", WHOLE, 0, "understood"}, {"2", "NO", 5, "dropped"}, {"3", WHOLE_YES, 6, "asked"}},
     0},
    {"a number without anything said", {{"1", WHOLE_YES, 0, "asked"}}, 0},
    {"asked and answered",
     {{"1", "2:20 TORKHAM SHELLING DEAD 0 INJURED 2", 0, "asked"},
      {"2", "2", 5, "understood"},
      {"3", WHOLE_YES, 6, "confirmed"}},
     1},
    {"asked three times",
     {{"1", "FLASH", 0, "asked"},
      {"2", "14:20", 1, "asked"},
      {"3", "TORKHAM", 2, "asked"},
      {"4", "SHELLING", 3, "understood"}},
     0},
    {"too late to answer",
     {{"1", "TORKHAM SHELLING", 0, "asked"}, {"2", "14:20", 361, "asked"}},
     0},
    {"too late to confirm", {{"1", WHOLE, 0, "understood"}, {"2", WHOLE_YES, 361, "asked"}}, 0},
    {"a new flash takes the place of a question",
     {{"1", "2:20 KURRAM", 0, "asked"},
      {"2", WHOLE, 5, "understood"},
      {"3", WHOLE_YES, 6, "confirmed"}},
     1},
    {"a correction is asked about",
     {{"1", WHOLE, 0, "understood"}, {"2", "INJURED 3", 5, "asked"}},
     0},
    {"the same again is the same",
     {{"1", WHOLE, 0, "understood"},
      {"1", WHOLE, 0, "understood"},
      {"2", WHOLE_YES, 5, "confirmed"},
      {"2", WHOLE_YES, 5, "confirmed"}},
     1},
    {"help", {{"1", "salaam", 0, "asked"}, {"2", "hello", 5, "asked"}}, 0},
};

static void test_talks(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(talks); i++) {
        struct intake_confirmed confirmed;
        struct intake_answer answer;
        struct house house;
        struct err err = {0};

        open_house(&house, i + 1);
        for (size_t n = 0; n < STEPS && talks[i].step[n].text; n++) {
            const struct step *step = &talks[i].step[n];

            if (!take(&house, step->id, PHONE, step->text, step->minutes, &answer, &err))
                fail_msg("%s: %s", talks[i].name, err.text);
            if (!span_is(answer.state, step->state))
                fail_msg("%s, step %zu: %.*s: %.*s", talks[i].name, n + 1, SPAN_ARG(answer.state),
                         SPAN_ARG(answer.text));
            CHECK_CASE(talks[i].name, answer.text.len && flash_messages(answer.text) <= 2);
        }
        CHECK_CASE(talks[i].name, count_confirmed(&house, &confirmed) == talks[i].confirmed);
        close_house(&house);
    }
}

/* What is signed: what was confirmed, in whose name, and every word. */
static void test_confirmed(void **state)
{
    struct intake_confirmed confirmed;
    struct intake_answer answer;
    struct house house;
    struct err err = {0};

    (void)state;
    open_house(&house, 1);
    assert_true(take(&house, "1", PHONE, "14:20 KURRAM SHELLING", 0, &answer, &err));
    assert_true(take(&house, "2", PHONE, "1", 1, &answer, &err));
    const char *yes = strstr(arena_text(&house.arena, answer.text), "YES ");
    assert_non_null(yes);
    assert_true(
        take(&house, "3", PHONE, arena_text(&house.arena, span_make(yes, 8)), 2, &answer, &err));
    assert_true(span_is(answer.state, "confirmed"));
    assert_int_equal(count_confirmed(&house, &confirmed), 1);
    assert_true(span_is(confirmed.on_behalf, "village-7"));
    assert_true(span_is(confirmed.said, "14:20 KURRAM SHELLING\n1\n"));
    assert_true(span_is(json_get_text(&confirmed.fields, "sector"), "SEC-3"));
    assert_int_equal(count_confirmed(&house, &confirmed), 0);
    /* Sent again by a gateway that got no answer: nothing more is signed. */
    assert_true(
        take(&house, "3", PHONE, arena_text(&house.arena, span_make(yes, 8)), 2, &answer, &err));
    assert_true(answer.again);
    assert_int_equal(count_confirmed(&house, &confirmed), 0);
    close_house(&house);
}

static bool holds_words(struct house *house, const char *words)
{
    static const char *const folders[] = {"intake/message", "intake/talk", "intake/confirmed"};
    struct err err = {0};

    for (size_t f = 0; f < ARRAY_LEN(folders); f++) {
        struct disk_entry *entry;
        struct span text;
        size_t count;

        assert_true(disk_list(house->disk, folders[f], &entry, &count, &house->arena, &err));
        for (size_t i = 0; i < count; i++) {
            assert_true(disk_read(house->disk, entry[i].path, 1 << 20, &text, &house->arena, &err));
            if (strstr(arena_text(&house->arena, text), words))
                return true;
        }
    }
    return false;
}

/* What became a record is there, encrypted; here its words are forgotten, and its messages known.
 */
static void test_forgotten(void **state)
{
    static const struct {
        const char *name, *id, *from, *text, *state;
        enum err_kind kind;
    } again[] = {
        {"the first", "1", PHONE, WHOLE, "understood", ERR_NONE},
        {"one with another number", "2", PHONE, "YES 1111", "wrong", ERR_NONE},
        {"the confirmation", "3", PHONE, WHOLE_YES, "confirmed", ERR_NONE},
        {"other words under its id", "1", PHONE, WHOLE " X", NULL, ERR_CONFLICT},
        {"of somebody else", "1", "+93709999999", WHOLE, NULL, ERR_CONFLICT},
        {"without any", "1", PHONE, "", NULL, ERR_CONFLICT},
    };
    struct intake_confirmed confirmed;
    struct intake_answer answer;
    struct house house;
    struct err err = {0};
    bool any;

    (void)state;
    open_house(&house, 1);
    assert_true(take(&house, "0", PHONE, "TORKHAM SHELLING", 0, &answer, &err));
    assert_true(take(&house, "0b", PHONE, "NO", 0, &answer, &err));
    for (size_t i = 0; i < 3; i++)
        assert_true(take(&house, again[i].id, PHONE, again[i].text, 1, &answer, &err));
    assert_true(holds_words(&house, WHOLE));
    assert_true(intake_next(house.intake, 0, &confirmed, &any, &house.arena, &err) && any);
    assert_true(holds_words(&house, WHOLE)); /* until it is done */
    assert_true(intake_done(house.intake, confirmed.key, "abc", &err));
    assert_false(holds_words(&house, "DEAD 0"));
    assert_false(holds_words(&house, "YES"));
    assert_true(holds_words(&house, "\"NO\"")); /* of what no record was made of */
    for (size_t i = 0; i < ARRAY_LEN(again); i++) {
        struct err fault = {0};
        bool ok = take(&house, again[i].id, again[i].from, again[i].text, 1, &answer, &fault);

        CHECK_CASE(again[i].name, fault.kind == again[i].kind);
        CHECK_CASE(again[i].name, !ok || (answer.again && span_is(answer.state, again[i].state)));
        CHECK_CASE(again[i].name, !ok || answer.text.len > 0);
    }
    assert_int_equal(count_confirmed(&house, &confirmed), 0);
    close_house(&house);
}

/* --- refused --- */

static void test_refused(void **state)
{
    static const struct {
        const char *name, *id, *from, *text;
        enum err_kind kind;
    } cases[] = {
        {"no number", "9", "", "x", ERR_USAGE},
        {"a word for a number", "9", "MOBILINK", "x", ERR_USAGE},
        {"three digits", "9", "123", "x", ERR_USAGE},
        {"sixteen digits", "9", "1234567890123456", "x", ERR_USAGE},
        {"no UTF-8", "9", PHONE, "\xff", ERR_MALFORMED},
        {"an id of no UTF-8", "\xff", PHONE, "x", ERR_MALFORMED},
        {"another text under an id", "1", PHONE, "x", ERR_CONFLICT},
        {"another sender under an id", "1", "+93709999999", WHOLE, ERR_CONFLICT},
    };
    struct intake_answer answer;
    struct house house;
    struct err err = {0};

    (void)state;
    open_house(&house, 1);
    assert_true(take(&house, "1", PHONE, WHOLE, 0, &answer, &err));
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct err fault = {0};

        CHECK_CASE(cases[i].name,
                   !take(&house, cases[i].id, cases[i].from, cases[i].text, 0, &answer, &fault));
        CHECK_CASE(cases[i].name, fault.kind == cases[i].kind);
    }
    close_house(&house);
}

/* Whom nobody registered is answered, kept, and never signed for. */
static void test_stranger(void **state)
{
    struct intake_confirmed confirmed;
    struct intake_answer answer;
    struct house house;
    struct err err = {0};

    (void)state;
    open_house(&house, 1);
    assert_true(take(&house, "1", "+923000000000", WHOLE, 0, &answer, &err));
    assert_true(span_is(answer.state, "stranger"));
    assert_true(take(&house, "2", "+923000000000", WHOLE_YES, 1, &answer, &err));
    assert_true(span_is(answer.state, "stranger"));
    assert_int_equal(count_confirmed(&house, &confirmed), 0);
    close_house(&house);
}

/* --- senders --- */

static void test_phone(void **state)
{
    static const struct {
        const char *text, *want;
    } cases[] = {
        {"+93 70 123 4567", PHONE},
        {"0093701234567", PHONE},
        {"+۹۳۷۰۱۲۳۴۵۶۷", PHONE},
        {"+93-(70)-1234567", PHONE},
        {"8118", "8118"},
        {"811", ""},
        {"", ""},
        {"+", ""},
        {"+93x701234567", ""},
        {"12345678901234567", ""},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        char out[INTAKE_PHONE_BYTES + 1] = "";
        struct err err = {0};

        CHECK_CASE(cases[i].text,
                   intake_phone(out, span_of(cases[i].text), &err) == (cases[i].want[0] != '\0'));
        CHECK_CASE(cases[i].text, strcmp(out, cases[i].want) == 0);
    }
}

static void test_from(void **state)
{
    static const struct {
        const char *text, *want;
    } cases[] = {
        {"+93 70 123 4567", PHONE},
        {"Clerk@Site.example", "clerk@site.example"},
        {"", ""},
        {"clerk", ""},
        {"@site.example", ""},
        {"clerk@", ""},
        {"a b@site.example", ""},
        {"<a@site.example>", ""},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        char out[INTAKE_FROM_BYTES + 1] = "";
        struct err err = {0};

        CHECK_CASE(cases[i].text,
                   intake_from(out, span_of(cases[i].text), &err) == (cases[i].want[0] != '\0'));
        CHECK_CASE(cases[i].text, strcmp(out, cases[i].want) == 0);
    }
}

static void test_senders(void **state)
{
    static const struct {
        const char *name, *phone;
        enum err_kind kind; /* ERR_NONE: is registered */
    } cases[] = {
        {"village-7", "+93700000000", ERR_CONFLICT}, {"village-8", PHONE, ERR_CONFLICT},
        {"Village", "+93700000000", ERR_USAGE},      {"", "+93700000000", ERR_USAGE},
        {"a b", "+93700000000", ERR_USAGE},          {"village-8", "+93700000000", ERR_NONE},
    };
    struct intake_sender *list;
    struct house house;
    struct err err = {0};
    size_t count;

    (void)state;
    open_house(&house, 1);
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct intake_sender sender = {.offset_min = FLASH_NO_OFFSET};
        struct err fault = {0};

        snprintf(sender.name, sizeof sender.name, "%s", cases[i].name);
        snprintf(sender.from, sizeof sender.from, "%s", cases[i].phone);
        CHECK_CASE(cases[i].name,
                   intake_sender_add(house.disk, &sender, &fault) == (cases[i].kind == ERR_NONE));
        CHECK_CASE(cases[i].name, fault.kind == cases[i].kind);
    }
    assert_true(intake_sender_list(house.disk, &list, &count, &house.arena, &err));
    assert_int_equal(count, 2);
    assert_string_equal(list[1].name, "village-8");
    assert_int_equal(list[1].offset_min, FLASH_NO_OFFSET);
    assert_true(intake_sender_remove(house.disk, "village-8", &err));
    assert_false(intake_sender_remove(house.disk, "village-8", &err));
    assert_int_equal(err.kind, ERR_MISSING);
    close_house(&house);
}

/* --- what a person should look at --- */

static void check_list(struct house *house, const char *want)
{
    struct buf got = buf_in(&house->arena, 4096);
    struct intake_item *item;
    struct err err = {0};
    size_t count;

    assert_true(intake_list(house->disk, &item, &count, &house->arena, &err));
    for (size_t i = 0; i < count; i++)
        buf_printf(&got, "%.*s %.*s%s%.*s;", SPAN_ARG(item[i].state), SPAN_ARG(item[i].from),
                   item[i].why.len ? " " : "", SPAN_ARG(item[i].why));
    buf_byte(&got, '\0');
    assert_string_equal(got.at, want);
}

/* Listed: what nobody confirmed, and of what was confirmed why it is no record. */
static void test_list(void **state)
{
    struct intake_confirmed confirmed;
    struct intake_answer answer;
    struct house house;
    struct err err = {0};
    bool told, any;

    (void)state;
    open_house(&house, 1);
    check_list(&house, "");
    assert_true(take(&house, "1", PHONE, "TORKHAM", 0, &answer, &err));
    check_list(&house, "asked " PHONE ";");
    assert_true(take(&house, "2", PHONE, WHOLE, 1, &answer, &err));
    check_list(&house, "understood " PHONE ";");
    assert_true(take(&house, "3", PHONE, WHOLE_YES, 2, &answer, &err));
    check_list(&house, "confirmed village-7;");

    assert_true(intake_next(house.intake, 0, &confirmed, &any, &house.arena, &err) && any);
    assert_int_equal(confirmed.record.len, 0);
    assert_true(intake_signing(house.intake, confirmed.key, "abc", &err));
    assert_true(intake_hold(house.intake, confirmed.key, 5, "no key", &told, &err) && !told);
    assert_true(intake_hold(house.intake, confirmed.key, 9, "no key", &told, &err) && told);
    check_list(&house, "confirmed village-7 no key;");
    assert_true(intake_next(house.intake, 8, &confirmed, &any, &house.arena, &err) && !any);
    assert_true(intake_next(house.intake, 9, &confirmed, &any, &house.arena, &err) && any);
    assert_true(span_is(confirmed.record, "abc"));
    assert_true(intake_done(house.intake, confirmed.key, "abc", &err));
    check_list(&house, "");

    assert_true(take(&house, "4", "a@b.example", "x", 3, &answer, &err));
    assert_true(intake_refuse(house.intake, confirmed.key, "7.a", "its charset", 1, &err));
    check_list(&house, "stranger a@b.example;refused 7.a its charset;");
    close_house(&house);
}

/* --- crashes --- */

/* The disk fails after so many operations, and the machine goes down; the gateway, which got no
 * answer, sends again. In the end there is one record of it. */
static void test_crashes(void **state)
{
    static const struct step steps[] = {{"1", WHOLE, 0, NULL}, {"2", WHOLE_YES, 1, NULL}};

    (void)state;
    for (uint64_t after = 0; after < 40; after++) {
        struct intake_confirmed confirmed;
        struct intake_answer answer;
        struct house house;
        char name[32];

        open_house(&house, after + 1);
        disk_sim_fail_after(house.disk, after);
        snprintf(name, sizeof name, "after %" PRIu64, after);
        for (size_t i = 0; i < ARRAY_LEN(steps); i++) {
            struct err err = {0};

            if (!take(&house, steps[i].id, PHONE, steps[i].text, steps[i].minutes, &answer, &err)) {
                intake_close(house.intake);
                struct disk *crashed = house.disk;
                house.disk = disk_sim_crash(crashed, after + 7);
                disk_close(crashed);
                house.intake = intake_open(house.disk);
                CHECK_CASE(name, take(&house, steps[i].id, PHONE, steps[i].text, steps[i].minutes,
                                      &answer, &err));
            }
        }
        CHECK_CASE(name, span_is(answer.state, "confirmed"));
        CHECK_CASE(name, count_confirmed(&house, &confirmed) == 1);
        close_house(&house);
    }
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_talks),     cmocka_unit_test(test_confirmed),
    cmocka_unit_test(test_forgotten), cmocka_unit_test(test_refused),
    cmocka_unit_test(test_stranger),  cmocka_unit_test(test_phone),
    cmocka_unit_test(test_senders),   cmocka_unit_test(test_crashes),
    cmocka_unit_test(test_from),      cmocka_unit_test(test_list),
};

RUN_TESTS(tests)
