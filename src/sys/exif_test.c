#include "sys/exif.h"

#include "base/buf.h"
#include "base/test.h"

#include <stdio.h>

/* --- pictures, made here byte by byte: big-endian TIFF with three directories --- */

enum { ASCII = 2, LONG = 4, RATIONAL = 5 };
enum { IFD0, EXIF, GPS, IFDS };

struct tag {
    int ifd;
    uint16_t tag, type;
    uint32_t count;
    const char *text;   /* of ASCII: count 0 is its length and the NUL */
    uint32_t number[6]; /* of LONG and RATIONAL */
};
#define MAKE(text)                                                                                 \
    {                                                                                              \
        IFD0, 0x10f, ASCII, 0, text,                                                               \
        {                                                                                          \
            0                                                                                      \
        }                                                                                          \
    }
#define MODEL(text)                                                                                \
    {                                                                                              \
        IFD0, 0x110, ASCII, 0, text,                                                               \
        {                                                                                          \
            0                                                                                      \
        }                                                                                          \
    }
#define SOFTWARE(text)                                                                             \
    {                                                                                              \
        IFD0, 0x131, ASCII, 0, text,                                                               \
        {                                                                                          \
            0                                                                                      \
        }                                                                                          \
    }
#define TAKEN(text)                                                                                \
    {                                                                                              \
        EXIF, 0x9003, ASCII, 0, text,                                                              \
        {                                                                                          \
            0                                                                                      \
        }                                                                                          \
    }
#define OFFSET(text)                                                                               \
    {                                                                                              \
        EXIF, 0x9011, ASCII, 0, text,                                                              \
        {                                                                                          \
            0                                                                                      \
        }                                                                                          \
    }
#define LAT(ref, ...)                                                                              \
    {GPS, 1, ASCII, 0, ref, {0}},                                                                  \
    {                                                                                              \
        GPS, 2, RATIONAL, 3, NULL,                                                                 \
        {                                                                                          \
            __VA_ARGS__                                                                            \
        }                                                                                          \
    }
#define LON(ref, ...)                                                                              \
    {GPS, 3, ASCII, 0, ref, {0}},                                                                  \
    {                                                                                              \
        GPS, 4, RATIONAL, 3, NULL,                                                                 \
        {                                                                                          \
            __VA_ARGS__                                                                            \
        }                                                                                          \
    }
#define ERROR_M(...)                                                                               \
    {                                                                                              \
        GPS, 0x1f, RATIONAL, 1, NULL,                                                              \
        {                                                                                          \
            __VA_ARGS__                                                                            \
        }                                                                                          \
    }
#define TAGS 8u

static uint32_t bytes_of(const struct tag *tag)
{
    static const uint32_t each[] = {[ASCII] = 1, [LONG] = 4, [RATIONAL] = 8};
    uint32_t count = tag->count ? tag->count : (uint32_t)strlen(tag->text) + 1;

    return count * each[tag->type];
}

static void put_entry(struct buf *ifd, struct buf *values, const struct tag *tag, uint32_t base)
{
    uint32_t len = bytes_of(tag);
    struct arena arena = {0};
    struct buf value = buf_in(&arena, 65536);

    if (tag->text)
        buf_put(&value, span_make(tag->text, strlen(tag->text) + 1));
    else
        for (size_t i = 0; i < len / 4; i++)
            buf_u32be(&value, tag->number[i]);
    buf_u16be(ifd, tag->tag);
    buf_u16be(ifd, tag->type);
    buf_u32be(ifd, tag->count ? tag->count : len);
    if (len <= 4) {
        while (buf_span(&value).len < 4)
            buf_byte(&value, 0);
        buf_put(ifd, buf_span(&value));
    } else {
        buf_u32be(ifd, base + (uint32_t)buf_span(values).len);
        buf_put(values, buf_span(&value));
    }
    arena_free(&arena);
}

static size_t count_of(const struct tag *tags, int ifd)
{
    size_t count = 0;

    for (size_t i = 0; i < TAGS; i++)
        count += tags[i].tag && tags[i].ifd == ifd;
    return count;
}

/* Every directory has room for a pointer to each of the two below the first. */
#define IFD_BYTES (2 + 12 * (TAGS + 2) + 4)
#define AT(ifd) (8u + (uint32_t)(ifd) * (uint32_t)IFD_BYTES)

static void put_ifd(struct buf *out, struct buf *values, const struct tag *tags, int ifd)
{
    struct arena arena = {0};
    struct buf one = buf_in(&arena, IFD_BYTES);

    buf_u16be(&one, (uint16_t)(count_of(tags, ifd) + (ifd == IFD0 ? 2 : 0)));
    for (size_t i = 0; i < TAGS; i++)
        if (tags[i].tag && tags[i].ifd == ifd)
            put_entry(&one, values, &tags[i], AT(IFDS));
    if (ifd == IFD0) {
        const struct tag pointer[] = {{IFD0, 0x8769, LONG, 1, NULL, {AT(EXIF)}},
                                      {IFD0, 0x8825, LONG, 1, NULL, {AT(GPS)}}};
        put_entry(&one, values, &pointer[0], 0);
        put_entry(&one, values, &pointer[1], 0);
    }
    while (buf_span(&one).len < IFD_BYTES)
        buf_byte(&one, 0);
    buf_put(out, buf_span(&one));
    arena_free(&arena);
}

static struct span tiff(const struct tag *tags, struct arena *arena)
{
    struct buf out = buf_in(arena, 65536), values = buf_in(arena, 65536);

    buf_text(&out, "MM");
    buf_u16be(&out, 42);
    buf_u32be(&out, AT(IFD0));
    for (int ifd = 0; ifd < IFDS; ifd++)
        put_ifd(&out, &values, tags, ifd);
    buf_put(&out, buf_span(&values));
    return buf_span(&out);
}

static struct span jpeg(struct span block, struct arena *arena)
{
    struct buf out = buf_in(arena, 1 << 17);

    buf_put(&out, span_make("\xff\xd8\xff\xe0\0\4xx", 8));
    buf_put(&out, span_make("\xff\xe1", 2));
    buf_u16be(&out, (uint16_t)(block.len + 8));
    buf_put(&out, span_make("Exif\0\0", 6));
    buf_put(&out, block);
    buf_put(&out, span_make("\xff\xda\0\2\xff\xd9", 6));
    return buf_span(&out);
}

static struct span png(struct span block, struct arena *arena)
{
    struct buf out = buf_in(arena, 1 << 17);

    buf_text(&out, "\x89PNG\r\n\x1a\n");
    buf_put(&out, span_make("\0\0\0\0IDAT....", 12));
    buf_u32be(&out, (uint32_t)block.len);
    buf_text(&out, "eXIf");
    buf_put(&out, block);
    buf_put(&out, span_make("....\0\0\0\0IEND....", 16));
    return buf_span(&out);
}

static struct span webp(struct span block, struct arena *arena)
{
    struct buf out = buf_in(arena, 1 << 17);

    buf_put(&out, span_make("RIFF\0\0\0\0WEBPVP8 \3\0\0\0abc\0EXIF", 28));
    for (int i = 0; i < 4; i++)
        buf_byte(&out, (uint8_t)(block.len >> (8 * i)));
    buf_put(&out, block);
    return buf_span(&out);
}

/* --- what is read --- */

static char *told(const struct exif *e, struct arena *arena)
{
    const char *place =
        e->has_position ? arena_printf(arena, "%" PRId64 ",%" PRId64, e->lat_e7, e->lon_e7) : "-";
    const char *off = e->has_uncertainty ? arena_printf(arena, "~%" PRId64, e->uncertainty_m) : "";
    const char *time = e->has_time ? arena_printf(arena, "%" PRId64, e->local_ms) : "-";
    const char *offset = e->has_offset ? arena_printf(arena, "%+d", e->offset_min) : "";

    return arena_printf(arena, "%.*s|%.*s|%.*s %s%s %s%s", SPAN_ARG(e->make), SPAN_ARG(e->model),
                        SPAN_ARG(e->software), place, off, time, offset);
}

#define CHAMAN_LAT LAT("N", 30, 1, 55, 1, 1788, 100) /* 30.9216333 */
#define CHAMAN_LON LON("E", 66, 1, 27, 1, 0, 1)      /* 66.45 */
#define OCTOBER "2025:10:15 04:30:00"
#define OCTOBER_MS "1760502600000"
#define LONG_TEXT                                                                                  \
    "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx" \
    "xxxxxxxx"

static void test_claims(void **state)
{
    static const struct {
        const char *name;
        struct tag tags[TAGS];
        const char *want;
    } cases[] = {
        {"a phone's",
         {MAKE("Acme"), MODEL("P 7 "), SOFTWARE("1.2"), TAKEN(OCTOBER), OFFSET("+05:00")},
         "Acme|P 7|1.2 - " OCTOBER_MS "+300"},
        {"a place", {CHAMAN_LAT, CHAMAN_LON}, "|| 309216333,664500000 -"},
        {"south and west",
         {LAT("S", 1, 1, 0, 1, 0, 1), LON("W", 2, 1, 30, 1, 0, 1)},
         "|| -10000000,-25000000 -"},
        {"decimal minutes",
         {LAT("N", 1, 1, 3000001, 100000, 0, 1), LON("E", 0, 1, 0, 1, 0, 1)},
         "|| 15000002,0 -"},
        {"its error, rounded up",
         {CHAMAN_LAT, CHAMAN_LON, ERROR_M(4001, 1000)},
         "|| 309216333,664500000~5 -"},
        {"an error of nothing by nothing",
         {CHAMAN_LAT, CHAMAN_LON, ERROR_M(0, 0)},
         "|| 309216333,664500000 -"},
        {"the largest numbers",
         {LAT("N", 4294967295, 4294967295, 0, 1, 0, 1), LON("E", 0, 1, 0, 1, 0, 1)},
         "|| 10000000,0 -"},
        {"a pole",
         {LAT("N", 90, 1, 0, 1, 0, 1), LON("E", 180, 1, 0, 1, 0, 1)},
         "|| 900000000,1800000000 -"},
        {"west of UTC", {TAKEN(OCTOBER), OFFSET("-03:30")}, "|| - " OCTOBER_MS "-210"},
        {"another script", {MAKE("اکمی")}, "اکمی|| - -"},

        /* what is claimed otherwise than the standard has it is no claim */
        {"beyond the pole", {MAKE("A"), LAT("N", 90, 1, 0, 1, 1, 1), CHAMAN_LON}, "A|| - -"},
        {"91 degrees", {MAKE("A"), LAT("N", 91, 1, 0, 1, 0, 1), CHAMAN_LON}, "A|| - -"},
        {"61 minutes", {MAKE("A"), LAT("N", 1, 1, 61, 1, 0, 1), CHAMAN_LON}, "A|| - -"},
        {"by nothing", {MAKE("A"), LAT("N", 1, 0, 0, 1, 0, 1), CHAMAN_LON}, "A|| - -"},
        {"all zero by zero", {MAKE("A"), LAT("N", 0, 0, 0, 0, 0, 0), CHAMAN_LON}, "A|| - -"},
        {"half a position", {MAKE("A"), CHAMAN_LAT}, "A|| - -"},
        {"no such half", {MAKE("A"), LAT("X", 1, 1, 0, 1, 0, 1), CHAMAN_LON}, "A|| - -"},
        {"both halves", {MAKE("A"), LAT("NS", 1, 1, 0, 1, 0, 1), CHAMAN_LON}, "A|| - -"},
        {"an offset alone", {MAKE("A"), OFFSET("+05:00")}, "A|| - -"},
        {"an offset of words", {TAKEN(OCTOBER), OFFSET("+05.00")}, "|| - " OCTOBER_MS},
        {"a month 13", {MAKE("A"), TAKEN("2025:13:15 04:30:00")}, "A|| - -"},
        {"a camera never set", {MAKE("A"), TAKEN("0000:00:00 00:00:00")}, "A|| - -"},
        {"a blank time", {MAKE("A"), TAKEN("    :  :     :  :  ")}, "A|| - -"},
        {"dashes", {MAKE("A"), TAKEN("2025-10-15 04:30:00")}, "A|| - -"},
        {"control characters", {MAKE("a\nb\x1b[m\xc2\x9b\xff")}, "a?b?[m??|| - -"},
    };
    static struct span (*const forms[])(struct span block, struct arena * arena) = {jpeg, png,
                                                                                    webp};

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        for (size_t f = 0; f < ARRAY_LEN(forms); f++) {
            struct arena arena = {0};
            struct exif got = {0};
            struct err err = {0};
            bool ok = exif_read(&got, forms[f](tiff(cases[i].tags, &arena), &arena), &arena, &err);

            CHECK_CASE(cases[i].name, ok);
            if (strcmp(told(&got, &arena), cases[i].want) != 0)
                fail_msg("case \"%s\": %s", cases[i].name, told(&got, &arena));
            arena_free(&arena);
        }
}

static void test_long_text(void **state)
{
    static const struct tag tags[TAGS] = {MAKE(LONG_TEXT LONG_TEXT "xxxé")};
    struct arena arena = {0};
    struct exif got = {0};
    struct err err = {0};

    (void)state;
    assert_true(exif_read(&got, jpeg(tiff(tags, &arena), &arena), &arena, &err));
    assert_int_equal(got.make.len, EXIF_TEXT_BYTES);
    arena_free(&arena);
}

static void test_refused(void **state)
{
    static const struct {
        const char *name, *bytes;
        size_t len;
        enum err_kind kind;
    } cases[] = {
#define BYTES(text) text, sizeof(text) - 1
        {"nothing", BYTES(""), ERR_MISSING},
        {"a text", BYTES("Exif\0\0MM\0\x2a\0\0\0\10"), ERR_MISSING},
        {"a JPEG that says nothing", BYTES("\xff\xd8\xff\xe0\0\4xx\xff\xda\0\2"), ERR_MISSING},
        {"cut off in a segment", BYTES("\xff\xd8\xff\xe1\0\50Exif\0\0MM"), ERR_MALFORMED},
        {"cut off before a length", BYTES("\xff\xd8\xff\xe1\0"), ERR_MALFORMED},
        {"a segment of length 1", BYTES("\xff\xd8\xff\xe1\0\1Exif\0\0"), ERR_MALFORMED},
        {"an empty block", BYTES("\xff\xd8\xff\xe1\0\10Exif\0\0\xff\xd9"), ERR_MISSING},
        {"a block that is no TIFF", BYTES("\xff\xd8\xff\xe1\0\20Exif\0\0abcdefgh\xff\xd9"),
         ERR_MISSING},
        {"a directory beyond the end",
         BYTES("\xff\xd8\xff\xe1\0\20Exif\0\0MM\0\x2a\xff\xff\xff\xff\xff\xd9"), ERR_MISSING},
        {"Exif behind the scan", BYTES("\xff\xd8\xff\xda\xff\xe1\0\10Exif\0\0"), ERR_MISSING},
        {"a PNG with a chunk past its end",
         BYTES("\x89PNG\r\n\x1a\n\xff\xff\xff\xff"
               "eXIf"),
         ERR_MALFORMED},
        {"a PNG broken by a text transfer", BYTES("\x89PNG\n\x1a\n"), ERR_MALFORMED},
        {"a RIFF that is no WebP", BYTES("RIFF\0\0\0\0WAVEfmt "), ERR_MALFORMED},
        {"a WebP without", BYTES("RIFF\0\0\0\0WEBPVP8 \0\0\0\0"), ERR_MISSING},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct arena arena = {0};
        struct exif got = {.local_ms = 99};
        struct err err = {0};

        CHECK_CASE(cases[i].name,
                   !exif_read(&got, span_make(cases[i].bytes, cases[i].len), &arena, &err));
        if (err.kind != cases[i].kind)
            fail_msg("case \"%s\": %s", cases[i].name, err.text);
        CHECK_CASE(cases[i].name, got.local_ms == 99); /* left alone */
        arena_free(&arena);
    }
}

/* 5,000 entries that all name the same 60,000 bytes: 300 MB, if all were copied. */
static void test_entries_that_share(void **state)
{
    struct arena arena = {0};
    struct buf out = buf_in(&arena, 1 << 17);
    struct exif got = {0};
    struct err err = {0};

    (void)state;
    buf_text(&out, "MM");
    buf_u16be(&out, 42);
    buf_u32be(&out, 8);
    buf_u16be(&out, 5000);
    for (size_t i = 0; i < 5000; i++) {
        buf_u16be(&out, 0x10f);
        buf_u16be(&out, ASCII);
        buf_u32be(&out, 60000);
        buf_u32be(&out, 8);
    }
    while (buf_span(&out).len < 65000)
        buf_byte(&out, 'x');
    if (exif_read(&got, jpeg(buf_span(&out), &arena), &arena, &err))
        assert_true(got.make.len <= EXIF_TEXT_BYTES);
    arena_free(&arena);
}

/* Every beginning of a whole picture is read or refused, and none is read past its end. */
static void test_cut_off(void **state)
{
    static const struct tag tags[TAGS] = {MAKE("Acme"), TAKEN(OCTOBER), CHAMAN_LAT, CHAMAN_LON};
    struct arena arena = {0};
    struct span whole = jpeg(tiff(tags, &arena), &arena);

    (void)state;
    for (size_t len = 0; len < whole.len - 8; len++) {
        struct arena scratch = {0};
        uint8_t *cut = arena_alloc(&scratch, len + 1);
        struct exif got;
        struct err err = {0};

        memcpy(cut, whole.at, len);
        assert_false(exif_read(&got, span_make(cut, len), &scratch, &err));
        arena_free(&scratch);
    }
    arena_free(&arena);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_claims),  cmocka_unit_test(test_long_text),
    cmocka_unit_test(test_refused), cmocka_unit_test(test_entries_that_share),
    cmocka_unit_test(test_cut_off),
};
RUN_TESTS(tests)
