#include "base/test.h"

#include "base/calendar.h"
#include "forms/test_flash.h"
#include "record/kind.h"

#define EAST 300
#define WEST 270
#define NONE FLASH_NO_OFFSET

/* --- what comes out, in short --- */

/* "14:20 crossing=X01 …", the fields in their order. */
static const char *fields_shown(const struct json *fields, struct arena *arena)
{
    const struct json *at = json_get(fields, "at");
    int64_t offset = json_get_integer(at, "offset_min", 0);
    struct buf out = buf_in(arena, 4096);
    char time[CALENDAR_TEXT];

    calendar_format(time, json_get_integer(at, "at_ms", 0), (int)offset);
    buf_text(&out, time);
    for (uint32_t i = 0; i < fields->object.count; i++) {
        const struct json_member *member = &fields->object.at[i];

        if (span_is(member->key, "at"))
            continue;
        buf_printf(&out, " %.*s=", SPAN_ARG(member->key));
        if (member->value.type == JSON_STRING)
            buf_put(&out, member->value.string);
        else
            json_encode(&out, &member->value);
    }
    return arena_text(arena, buf_span(&out));
}

/* The questions: "?when where". */
static const char *shown(const struct flash *flash, struct arena *arena)
{
    struct buf out = buf_in(arena, 4096);

    if (flash->questions == 0)
        return fields_shown(&flash->fields, arena);
    for (size_t i = 0; i < flash->questions; i++)
        buf_printf(&out, "%s%s", i ? " " : "?", flash->question[i].say + 2);
    return arena_text(arena, buf_span(&out));
}

struct house {
    struct arena arena;
    struct flash_book book;
};

static void open_house(struct house *house)
{
    struct err err = {0};

    *house = (struct house){0};
    if (!flash_case_book(&house->book, &house->arena, &err))
        fail_msg("%s", err.text);
}

static struct flash read_as(struct house *house, const char *text, const char *language, int offset)
{
    struct flash_ask ask = {.text = span_of(text),
                            .language = span_of(language),
                            .offset_min = offset,
                            .received_ms = FLASH_CASE_RECEIVED};
    struct flash flash;
    struct err err = {0};

    if (!flash_read(&flash, &house->book, &ask, &house->arena, &err))
        fail_msg("\"%s\": %s", text, err.text);
    struct span reply = flash_reply(&flash, &house->book, &ask, &house->arena);
    CHECK_CASE(text, flash_messages(reply) <= 2);
    return flash;
}

/* --- understood --- */

#define AT_1420 "2025-11-22T14:20:00+05:00"

static const struct {
    const char *text;
    int offset;
    const char *want;
} understood[] = {
    {"FLASH 14:20 TORKHAM SHELLING 3KM E ONGOING DEAD 0 INJURED 2 NEED MEDEVAC", EAST,
     AT_1420 " casualties_max=2 casualties_min=2 crossing=X01 needs=[\"medevac\"] ongoing=yes "
             "place_name=TORKHAM 3KM E what=SHELLING"},
    {"need medevac, injured 2, dead 0, ongoing, 3 km e, shelling, torkham, 14:20, flash", EAST,
     AT_1420 " casualties_max=2 casualties_min=2 crossing=X01 needs=[\"medevac\"] ongoing=yes "
             "place_name=torkham 3 km e what=shelling"},
    {"time: 1420\nplace: Torkham\nwhat: shelling\ndead: none\ninjured: two", EAST,
     AT_1420 " casualties_max=2 casualties_min=2 crossing=X01 place_name=Torkham what=shelling"},
    {"فلیش ۱۴:۲۰ طورخم گولہ باری ۳ کلومیٹر مشرق جاری ہلاک ۰ زخمی ۲ ضرورت ایمبولینس", EAST,
     AT_1420 " casualties_max=2 casualties_min=2 crossing=X01 needs=[\"medevac\"] ongoing=yes "
             "place_name=طورخم ۳ کلومیٹر مشرق what=گولہ باری"},
    {"بېړنی ۱۴:۲۰ تورخم ډزې ۳ کیلومتره ختیځ دوام لري مړه ۰ ټپیان ۲ اړتیا امبولانس", WEST,
     "2025-11-22T14:20:00+04:30 casualties_max=2 casualties_min=2 crossing=X01 "
     "needs=[\"medevac\"] ongoing=yes place_name=تورخم ۳ کیلومتره ختیځ what=ډزې"},
    {"عاجل ۱۴:۲۰ تورخم گلوله‌باری ۳ کیلومتر شرق "
     "ادامه دارد کشته ۰ زخمی ۲ نیاز امبولانس",
     WEST,
     "2025-11-22T14:20:00+04:30 casualties_max=2 casualties_min=2 crossing=X01 "
     "needs=[\"medevac\"] ongoing=yes place_name=تورخم ۳ کیلومتر شرق "
     "what=گلوله‌باری"},
    {"عاجل الساعة ١٤:٢٠ طورخم قصف ٣ كم شرق مستمر قتلى ٠ جرحى ٢ مطلوب إسعاف", EAST,
     AT_1420 " casualties_max=2 casualties_min=2 crossing=X01 needs=[\"medevac\"] ongoing=yes "
             "place_name=طورخم ٣ كم شرق what=قصف"},
    {"ACİL 14:20 TORHAM top atışı 3 km doğusunda sürüyor ölü 0 yaralı 2 ambulans lazım", EAST,
     AT_1420 " casualties_max=2 casualties_min=2 crossing=X01 needs=[\"medevac\"] ongoing=yes "
             "place_name=TORHAM 3 km doğusunda what=top atışı"},
    {"acil 14:20 torham patlama olu yok yarali 2", EAST,
     AT_1420 " casualties_max=2 casualties_min=2 crossing=X01 place_name=torham what=patlama"},
    {"صبح 9 بجے طورخم فائرنگ، ہلاک کوئی نہیں، زخمی تین", EAST,
     "2025-11-22T09:00:00+05:00 casualties_max=3 casualties_min=3 crossing=X01 place_name=طورخم "
     "what=فائرنگ"},
    {"14:20 طورخم گولهباري زخمي 2 هلاك 1", EAST,
     AT_1420 " casualties_max=3 casualties_min=3 crossing=X01 place_name=طورخم what=گولهباري"},
    {"NO CASUALTIES 1420 HRS X01 DRONE", EAST,
     AT_1420 " casualties_max=0 casualties_min=0 crossing=X01 what=DRONE"},
    {"14:20 SEC-3 TORKHAM K-03 5+ DEAD", EAST,
     AT_1420 " act=K-03 casualties_min=5 crossing=X01 place_name=TORKHAM sector=SEC-3"},
    {"2:20 pm Chaman airstrike", EAST,
     AT_1420 " act=A-01 place_name=Chaman sector=SEC-6 what=airstrike"},
    {"14:20 village Landi Kotal, mortar fire, 2 injured no dead", EAST,
     AT_1420 " act=K-03 casualties_max=2 casualties_min=2 place_name=Landi Kotal "
             "what=mortar fire"},
    {"now torkham shelling stopped", EAST,
     "2025-11-22T15:30:00+05:00 crossing=X01 ongoing=no place_name=torkham what=shelling"},
    {"14:20 +0430 Nawa Pass 2-3 injured at least 1 dead explosion", EAST,
     "2025-11-22T14:20:00+04:30 casualties_min=3 crossing=X06 place_name=Nawa Pass "
     "what=explosion"},
    {"10:20 pm 21/11 TORKHAM SHELLING ONGOING NO DEAD 2", EAST,
     "2025-11-21T22:20:00+05:00 casualties_min=2 crossing=X01 ongoing=no place_name=TORKHAM "
     "what=SHELLING"},
    {"09:20 UTC TORKHAM FIRING casualties unknown", EAST,
     "2025-11-22T09:20:00Z crossing=X01 place_name=TORKHAM what=FIRING"},
};

static void test_understood(void **state)
{
    struct house house;

    (void)state;
    open_house(&house);
    for (size_t i = 0; i < ARRAY_LEN(understood); i++) {
        struct flash flash = read_as(&house, understood[i].text, "", understood[i].offset);
        const char *got = shown(&flash, &house.arena);
        const struct kind *kind = kind_find(SPAN_LIT("incident.flash"), 1);
        struct kind_fields split;
        struct err err = {0};

        if (strcmp(got, understood[i].want) != 0)
            fail_msg("\"%s\"\n  gives %s\n  not   %s", understood[i].text, got, understood[i].want);
        if (!kind_split(kind, &flash.fields, TIER_PUBLIC, &split, &house.arena, &err))
            fail_msg("\"%s\": %s", understood[i].text, err.text);
    }
    arena_free(&house.arena);
}

/* --- asked --- */

static const struct {
    const char *text;
    int offset;
    const char *want;
} asked[] = {
    {"hello", EAST, "?when where what"},
    {"", EAST, "?when where what"},
    {"FLASH", EAST, "?when where what"},
    {"TORKHAM SHELLING", EAST, "?when"},
    {"14:20 SHELLING", EAST, "?where"},
    {"14:20 TORKHAM", EAST, "?what"},
    {"2:20 TORKHAM SHELLING", EAST, "?clock"},
    {"10:20 TORKHAM SHELLING", EAST, "?clock"},
    {"12:20 TORKHAM SHELLING", EAST, "?clock"},
    {"5 بجے طورخم فائرنگ", EAST, "?clock"},
    {"۵ بجې تورخم ډزې", WEST, "?clock"},
    {"رات 6 بجے طورخم فائرنگ", EAST, "?clock"},
    {"25:10 TORKHAM SHELLING", EAST, "?clock"},
    {"14:60 TORKHAM SHELLING", EAST, "?clock"},
    {"14:2 TORKHAM SHELLING", EAST, "?clock"},
    {"14.20 TORKHAM SHELLING", EAST, "?clock"},
    {"14:20 am noon TORKHAM SHELLING", EAST, "?clock"},
    {"14:20 15:00 TORKHAM SHELLING", EAST, "?two_times"},
    {"FROM 14:20 TO 14:40 TORKHAM SHELLING", EAST, "?two_times"},
    {"NOW 14:20 TORKHAM SHELLING", EAST, "?two_times"},
    {"1420 TORKHAM SHELLING", EAST, "?when number"},
    {"14:20 TORKHAM SHELLING", NONE, "?zone"},
    {"14:20 +21 TORKHAM SHELLING", EAST, "?number"},
    {"14:20 +1401 TORKHAM SHELLING", EAST, "?number"},
    {"14:20 +21 TORKHAM SHELLING", NONE, "?zone number"},
    {"23:10 TORKHAM SHELLING", EAST, "?day"},
    {"02:10 TORKHAM SHELLING", EAST, "?day"},
    {"yesterday 14:20 TORKHAM SHELLING", EAST, "?day"},
    {"کل 14:20 طورخم گولہ باری", EAST, "?day"},
    {"پرون 14:20 تورخم ډزې", WEST, "?day"},
    {"دیروز 14:20 تورخم انفجار", WEST, "?day"},
    {"أمس 14:20 طورخم قصف", EAST, "?day"},
    {"dün 14:20 Torham patlama", EAST, "?day"},
    {"14:20 3/4 TORKHAM SHELLING", EAST, "?day"},
    {"14:20 1405-09-01 TORKHAM SHELLING", EAST, "?day"},
    {"14:20 TODAY 21/11 TORKHAM SHELLING", EAST, "?day"},
    {"14:20 KURRAM SHELLING", EAST, "?which"},
    {"14:20 MOHMAND SHELLING", EAST, "?which"},
    {"14:20 NORTH WAZIRISTAN AIRSTRIKE", EAST, "?which"},
    {"14:20 TORKHAM NAWA PASS SHELLING", EAST, "?two_places"},
    {"14:20 TORKHAM SEC-6 SHELLING", EAST, "?two_places"},
    {"14:20 TORKHEM SHELLING", EAST, "?meant"},
    {"14:20 TORKHAM SHELING", EAST, "?meant"},
    {"14:20 TORKHAM 3KM E 5KM S SHELLING", EAST, "?distance"},
    {"14:20 TORKHAM SHELLING DEAD 2 INJURED", EAST, "?counts"},
    {"14:20 TORKHAM SHELLING PEOPLE INJURED", EAST, "?counts"},
    {"14:20 TORKHAM SHELLING DEAD 2, DEAD 3", EAST, "?counts"},
    {"14:20 TORKHAM SHELLING ABOUT 5 DEAD", EAST, "?counts"},
    {"14:20 TORKHAM SHELLING CASUALTIES 2 DEAD 5", EAST, "?counts"},
    {"14:20 TORKHAM SHELLING DEAD 1.5", EAST, "?counts"},
    {"14:20 طورخم گولہ باری ہلاک 2 زخمی", EAST, "?counts"},
    {"14:20 Torham patlama ölü 2 yaralı", EAST, "?counts"},
    {"14:20 TORKHAM SHELLING 5", EAST, "?number"},
    {"14:20 TORKHAM 5 SHELLING, 20 MINUTES", EAST, "?number number"},
    {"14:20 TORKHAM 3 E SHELLING", EAST, "?number"},
    {"14:20 TORKHAM FIRING ONGOING STOPPED", EAST, "?ongoing"},
};

static void test_asked(void **state)
{
    struct house house;

    (void)state;
    open_house(&house);
    for (size_t i = 0; i < ARRAY_LEN(asked); i++) {
        struct flash flash = read_as(&house, asked[i].text, "", asked[i].offset);
        const char *got = shown(&flash, &house.arena);

        if (strcmp(got, asked[i].want) != 0)
            fail_msg("\"%s\"\n  gives %s\n  not   %s", asked[i].text, got, asked[i].want);
    }
    arena_free(&house.arena);
}

/* --- a conversation --- */

static const struct {
    const char *text;
    int offset;
    const char *answer;
    const char *want;
} answered[] = {
    {"2:20 TORKHAM SHELLING", EAST, "2", AT_1420 " crossing=X01 place_name=TORKHAM what=SHELLING"},
    {"2:20 TORKHAM SHELLING", EAST, "14:20",
     AT_1420 " crossing=X01 place_name=TORKHAM what=SHELLING"},
    {"2:20 TORKHAM SHELLING", EAST, "3", "?when number"},
    {"14:20 TORKHAM SHELLING", NONE, "۱",
     "2025-11-22T14:20:00+04:30 crossing=X01 place_name=TORKHAM what=SHELLING"},
    {"14:20 KURRAM SHELLING", EAST, "1", AT_1420 " sector=SEC-3 what=SHELLING"},
    {"14:20 KURRAM SHELLING", EAST, "SEC-4", AT_1420 " sector=SEC-4 what=SHELLING"},
    {"14:20 TORKHEM SHELLING", EAST, "1", AT_1420 " crossing=X01 what=SHELLING"},
    {"14:20 TORKHAM NAWA PASS SHELLING", EAST, "2",
     AT_1420 " crossing=X06 place_name=NAWA PASS what=SHELLING"},
    {"14:20 TORKHAM 15:00 SHELLING", EAST, "1",
     AT_1420 " crossing=X01 place_name=TORKHAM what=SHELLING"},
    {"yesterday 14:20 TORKHAM SHELLING", EAST, "1",
     "2025-11-21T14:20:00+05:00 crossing=X01 place_name=TORKHAM what=SHELLING"},
    {"23:10 TORKHAM SHELLING", EAST, "1",
     "2025-11-21T23:10:00+05:00 crossing=X01 place_name=TORKHAM what=SHELLING"},
    {"14:20 TORKHAM SHELLING DEAD 2 INJURED", EAST, "DEAD 2 INJURED 0",
     AT_1420 " casualties_max=2 casualties_min=2 crossing=X01 place_name=TORKHAM what=SHELLING"},
    {"14:20 TORKHAM SHELLING DEAD 2, DEAD 3", EAST, "2",
     AT_1420 " casualties_min=3 crossing=X01 place_name=TORKHAM what=SHELLING"},
    {"14:20 TORKHAM FIRING ONGOING STOPPED", EAST, "2",
     AT_1420 " crossing=X01 ongoing=no place_name=TORKHAM what=FIRING"},
    {"14:20 TORKHAM", EAST, "firing", AT_1420 " crossing=X01 place_name=TORKHAM what=firing"},
    {"14:20 TORKHAM", EAST, "no idea", "?what"},
};

static void test_answered(void **state)
{
    struct house house;

    (void)state;
    open_house(&house);
    for (size_t i = 0; i < ARRAY_LEN(answered); i++) {
        struct flash flash = read_as(&house, answered[i].text, "", answered[i].offset);

        CHECK_CASE(answered[i].text, flash.questions > 0);
        struct span text = flash_answered(&flash, span_of(answered[i].text),
                                          span_of(answered[i].answer), &house.arena);
        flash = read_as(&house, arena_text(&house.arena, text), "", answered[i].offset);
        const char *got = shown(&flash, &house.arena);
        if (strcmp(got, answered[i].want) != 0)
            fail_msg("\"%s\", then \"%s\"\n  gives %s\n  not   %s", answered[i].text,
                     answered[i].answer, got, answered[i].want);
    }
    arena_free(&house.arena);
}

/* --- what is sent back --- */

static const struct {
    const char *text, *language, *want;
} replies[] = {
    {"14:20 TORKHAM SHELLING DEAD 0 INJURED 2 foo", "en",
     "UNDERSTOOD: 14:20 22/11 +0500 X01 TORKHAM, SHELLING, dead+injured 2. NOT UNDERSTOOD: foo. "
     "Right? Send YES 5779. Wrong? Send what is right."},
    {"2:20 TORKHAM SHELLING", "en", "2:20: which time? 1) 02:20 2) 14:20"},
    {"2:20 TORKHAM SHELLING", "ps", "2:20: کوم وخت؟ 1) 02:20 2) 14:20"},
    {"14:20 KURRAM SHELLING", "ur",
     "KURRAM: کون سا؟ 1) SEC-3 ننگرہار / مہمند، خی "
     "2) SEC-4 Khost / Kurram and North Wazirista"},
    {"14:20 TORKHAM", "tr", "NE oldu?"},
    {"14:20 طورخم", "ar", "ماذا حدث؟"},
    {"14:20 تورخم", "prs", "چه شد؟"},
};

static void test_replies(void **state)
{
    struct house house;

    (void)state;
    open_house(&house);
    for (size_t i = 0; i < ARRAY_LEN(replies); i++) {
        struct flash flash = read_as(&house, replies[i].text, replies[i].language, EAST);
        struct flash_ask ask = {.text = span_of(replies[i].text), .offset_min = EAST};
        const char *got =
            arena_text(&house.arena, flash_reply(&flash, &house.book, &ask, &house.arena));

        if (strcmp(got, replies[i].want) != 0)
            fail_msg("\"%s\"\n  gives %s\n  not   %s", replies[i].text, got, replies[i].want);
    }
    arena_free(&house.arena);
}

/* Another figure is another number to confirm. */
static void test_check(void **state)
{
    struct house house;
    struct flash one, two;

    (void)state;
    open_house(&house);
    one = read_as(&house, "14:20 TORKHAM SHELLING DEAD 0 INJURED 2", "", EAST);
    two = read_as(&house, "14:20 TORKHAM SHELLING DEAD 0 INJURED 3", "", EAST);
    assert_string_not_equal(one.check, two.check);
    two = read_as(&house, "INJURED 2 DEAD 0 SHELLING TORKHAM 14:20", "", EAST);
    assert_string_equal(one.check, two.check);
    arena_free(&house.arena);
}

/* --- the words --- */

static void test_one_meaning(void **state)
{
    struct house house;

    (void)state;
    open_house(&house);
    for (size_t i = 1; i < house.book.count; i++) {
        const struct flash_entry *a = &house.book.entry[i - 1], *b = &house.book.entry[i];

        bool places = a->sector.len && b->sector.len;
        bool an_act =
            b->meaning == FLASH_ACT && (a->meaning == FLASH_WHAT || a->meaning == FLASH_ACT);

        if (span_equal(a->key, b->key) && !places && !an_act)
            fail_msg("\"%.*s\" means %.*s and %.*s", SPAN_ARG(a->name), SPAN_ARG(a->id),
                     SPAN_ARG(b->id));
    }
    arena_free(&house.arena);
}

/* Every language has words for what must be said, and every text that is sent. */
static void test_complete(void **state)
{
    static const enum flash_meaning needed[] = {
        FLASH_BEGINS, FLASH_KEY_TIME, FLASH_KEY_PLACE, FLASH_COUNTED, FLASH_ONGOING,
        FLASH_OVER,   FLASH_YES,      FLASH_NO,        FLASH_NEED,    FLASH_UNIT,
        FLASH_WHAT,   FLASH_TODAY,    FLASH_YESTERDAY};
    struct house house;

    (void)state;
    open_house(&house);
    for (unsigned n = 0; n < FLASH_LANGUAGES; n++) {
        const struct json *say = json_get(house.book.say, flash_languages[n]);

        assert_int_equal(say->object.count, json_get(house.book.say, "en")->object.count);
        for (size_t i = 0; i < ARRAY_LEN(needed); i++) {
            bool found = false;

            for (size_t e = 0; e < house.book.count; e++)
                found = found || (house.book.entry[e].meaning == needed[i] &&
                                  house.book.entry[e].languages >> n & 1);
            CHECK_CASE(flash_languages[n], found);
        }
        for (uint32_t i = 0; i < say->object.count; i++)
            CHECK_CASE(arena_text(&house.arena, say->object.at[i].value.string),
                       flash_messages(say->object.at[i].value.string) <= 2);
    }
    arena_free(&house.arena);
}

/* --- texts --- */

static void test_refused(void **state)
{
    char many[FLASH_TEXT_BYTES + 2];
    struct house house;

    (void)state;
    open_house(&house);
    memset(many, 'a', sizeof many);
    const struct {
        const char *name;
        struct span text;
        enum err_kind kind;
    } cases[] = {
        {"no UTF-8", SPAN_LIT("14:20 \xff"), ERR_MALFORMED},
        {"an overlong form", SPAN_LIT("\xc0\xaf"), ERR_MALFORMED},
        {"a NUL", span_make("a\0b", 3), ERR_MALFORMED},
        {"too long", span_make(many, FLASH_TEXT_BYTES + 1), ERR_LIMIT},
        {"too many words", span_make(memset(many, ',', FLASH_TOKENS + 1), FLASH_TOKENS + 1),
         ERR_LIMIT},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct flash_ask ask = {.text = cases[i].text};
        struct flash flash = {.words = 99};
        struct err err = {0};

        CHECK_CASE(cases[i].name, !flash_read(&flash, &house.book, &ask, &house.arena, &err));
        CHECK_CASE(cases[i].name, err.kind == cases[i].kind && flash.words == 99);
    }
    arena_free(&house.arena);
}

static void test_messages(void **state)
{
    char text[700];
    static const struct {
        const char *name, *unit;
        size_t count;
        unsigned want;
    } cases[] = {
        {"empty", "", 0, 1},          {"160 of GSM", "a", 160, 1},
        {"161 of GSM", "a", 161, 2},  {"306 of GSM", "a", 306, 2},
        {"307 of GSM", "a", 307, 3},  {"80 brackets", "[", 80, 1},
        {"81 brackets", "[", 81, 2},  {"70 of others", "ا", 70, 1},
        {"71 of others", "ا", 71, 2}, {"134 of others", "ا", 134, 2},
        {"135", "ا", 135, 3},         {"35 beyond", "😀", 35, 1},
        {"36 beyond", "😀", 36, 2},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        size_t len = strlen(cases[i].unit);

        for (size_t n = 0; n < cases[i].count; n++)
            memcpy(text + n * len, cases[i].unit, len);
        CHECK_CASE(cases[i].name,
                   flash_messages(span_make(text, cases[i].count * len)) == cases[i].want);
    }
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_understood), cmocka_unit_test(test_asked),
    cmocka_unit_test(test_answered),   cmocka_unit_test(test_replies),
    cmocka_unit_test(test_check),      cmocka_unit_test(test_one_meaning),
    cmocka_unit_test(test_complete),   cmocka_unit_test(test_refused),
    cmocka_unit_test(test_messages),
};

RUN_TESTS(tests)
