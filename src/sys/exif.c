#include "sys/exif.h"

#include "base/buf.h"
#include "base/calendar.h"
#include "base/reader.h"
#include "codec/utf8.h"

#include <libexif/exif-data.h>
#include <stdlib.h>

/* --- where it stands in a picture --- */

static const struct span exif_mark = {(const uint8_t *)"Exif\0", 6};

/* JPEG (ITU T.81 B.1): segments up to the first scan, each with a length of two bytes. */
static struct span find_in_jpeg(struct reader *r)
{
    reader_expect(r, "\xff\xd8");
    while (!reader_failed(r)) {
        uint8_t mark = reader_u8(r), kind = reader_u8(r);

        if (mark != 0xff || kind == 0xda || kind == 0xd9)
            break; /* the image itself */
        uint16_t len = reader_u16be(r);
        if (len < 2)
            reader_fail(r, "a segment shorter than its own length");
        struct span segment = reader_take(r, len >= 2 ? len - 2u : 0);
        if (kind == 0xe1 && span_starts_with(segment, exif_mark))
            return span_from(segment, exif_mark.len);
    }
    return (struct span){0};
}

/* PNG (W3C, third edition, 5.3 and 11.3.3.6). */
static struct span find_in_png(struct reader *r)
{
    reader_expect(r, "\x89PNG\r\n\x1a\n");
    while (!reader_failed(r) && reader_left(r) > 0) {
        uint32_t len = reader_u32be(r);
        struct span type = reader_take(r, 4), chunk = reader_take(r, len);

        (void)reader_u32be(r); /* a check sum: who wants to change a claim makes it anew */
        if (span_is(type, "eXIf"))
            return chunk;
        if (span_is(type, "IEND"))
            break;
    }
    return (struct span){0};
}

static uint32_t read_u32le(struct reader *r)
{
    return __builtin_bswap32(reader_u32be(r));
}

/* WebP (RFC 9649, 2.3 to 2.7). */
static struct span find_in_webp(struct reader *r)
{
    reader_expect(r, "RIFF");
    (void)read_u32le(r);
    reader_expect(r, "WEBP");
    while (!reader_failed(r) && reader_left(r) > 0) {
        struct span type = reader_take(r, 4);
        uint32_t len = read_u32le(r);
        struct span chunk = reader_take(r, len);

        if (span_is(type, "EXIF"))
            return span_starts_with(chunk, exif_mark) ? span_from(chunk, exif_mark.len) : chunk;
        if (len % 2 && reader_left(r) > 0)
            (void)reader_u8(r);
    }
    return (struct span){0};
}

static const struct {
    struct span begins;
    struct span (*find)(struct reader *r);
} forms[] = {
    {{(const uint8_t *)"\xff\xd8\xff", 3}, find_in_jpeg},
    {{(const uint8_t *)"\x89PNG", 4}, find_in_png},
    {{(const uint8_t *)"RIFF", 4}, find_in_webp},
};

/* As much as a segment of JPEG holds: more is in no picture that a camera made. */
#define BLOCK_BYTES 65533u

static bool find_block(struct span *out, struct span picture, struct err *err)
{
    struct reader r = reader_over(picture);
    struct span found = {0};

    for (size_t i = 0; i < ARRAY_LEN(forms); i++)
        if (span_starts_with(picture, forms[i].begins)) {
            found = forms[i].find(&r);
            break;
        }
    if (reader_failed(&r))
        return err_set(err, ERR_MALFORMED, "picture: %s, at byte %zu", r.why, reader_offset(&r));
    if (found.len == 0)
        return err_set(err, ERR_MISSING, "it says nothing of itself");
    if (found.len > BLOCK_BYTES)
        return err_set(err, ERR_LIMIT, "Exif of %zu bytes", found.len);
    *out = found;
    return true;
}

/* --- the memory that the library may have --- */

/* Thousands of entries may all name the same bytes, of which the library makes a copy for each. A
 * camera's block asks for less than a tenth of this. What is given back is not counted off. */
#define MEMORY_BYTES (4u << 20)
static _Thread_local size_t memory_left;

static bool take_memory(size_t size)
{
    if (size > memory_left)
        return false;
    memory_left -= size;
    return true;
}

static void *give(ExifLong size)
{
    return take_memory(size) ? calloc(1, size ? size : 1) : NULL;
}

static void *give_more(void *at, ExifLong size)
{
    return take_memory(size) ? realloc(at, size ? size : 1) : NULL;
}

/* NULL where the library had not enough. Exif_mnote and the like are read by it besides; nothing
 * of them is asked for. */
static ExifData *load(struct span block, struct arena *arena)
{
    struct buf bytes = buf_in(arena, exif_mark.len + BLOCK_BYTES);

    buf_put(&bytes, exif_mark);
    buf_put(&bytes, block);
    memory_left = MEMORY_BYTES;
    ExifMem *memory = exif_mem_new(give, give_more, free);
    ExifData *data = memory ? exif_data_new_mem(memory) : NULL;
    if (data) {
        exif_data_unset_option(data, EXIF_DATA_OPTION_FOLLOW_SPECIFICATION); /* adds defaults */
        exif_data_load_data(data, buf_span(&bytes).at, (unsigned)buf_span(&bytes).len);
    }
    if (memory)
        exif_mem_unref(memory);
    return data;
}

/* --- claims --- */

struct block {
    ExifData *data;
    struct arena *arena;
};

static struct span value_of(const struct block *block, ExifIfd ifd, unsigned tag, ExifFormat format,
                            size_t count)
{
    ExifContent *content = block->data->ifd[ifd];
    ExifEntry *entry = content ? exif_content_get_entry(content, (ExifTag)tag) : NULL;

    if (!entry || !entry->data || entry->format != format ||
        (count && entry->components != count) ||
        entry->size < entry->components * exif_format_get_size(format))
        return (struct span){0};
    return span_make(entry->data, entry->size);
}

/* Up to the NUL. */
static struct span ascii_of(const struct block *block, ExifIfd ifd, unsigned tag)
{
    struct span text = value_of(block, ifd, tag, EXIF_FORMAT_ASCII, 0);
    const void *end = text.len ? memchr(text.at, '\0', text.len) : NULL;

    return end ? span_make(text.at, (size_t)((const uint8_t *)end - text.at)) : text;
}

static bool is_text(struct span c, uint32_t character)
{
    return c.len > 0 && character >= 0x20 && character != 0x7f &&
           !(character >= 0x80 && character < 0xa0);
}

static struct span text_of(const struct block *block, ExifIfd ifd, unsigned tag)
{
    struct span text = ascii_of(block, ifd, tag);
    struct buf out = buf_in(block->arena, EXIF_TEXT_BYTES);

    while (text.len > 0 && text.at[text.len - 1] == ' ')
        text.len--;
    while (text.len > 0) {
        struct span before = text;
        uint32_t character = 0;
        bool valid = utf8_next(&text, &character);

        if (!valid)
            text = span_from(before, 1);
        struct span c = span_slice(before, 0, before.len - text.len);
        if (!valid || !is_text(c, character))
            c = SPAN_LIT("?");
        if (buf_span(&out).len + c.len > EXIF_TEXT_BYTES)
            break;
        buf_put(&out, c);
    }
    return buf_span(&out);
}

static ExifRational rational_at(const struct block *block, struct span value, size_t i)
{
    return exif_get_rational(span_from(value, 8 * i).at, exif_data_get_byte_order(block->data));
}

/* Degrees, minutes and seconds, each a fraction. */
static bool angle(const struct block *block, unsigned tag, uint64_t most_degrees, int64_t *out_e7)
{
    static const uint64_t of_degree[] = {1, 60, 3600};
    struct span value = value_of(block, EXIF_IFD_GPS, tag, EXIF_FORMAT_RATIONAL, 3);
    const uint64_t most[] = {most_degrees, 60, 60};
    uint64_t sum = 0; /* in 1e-9 degree, so that three roundings do not show */

    if (!value.len)
        return false;
    for (size_t i = 0; i < ARRAY_LEN(of_degree); i++) {
        ExifRational r = rational_at(block, value, i);
        uint64_t below = r.denominator * of_degree[i];

        if (below == 0 || r.numerator > most[i] * r.denominator)
            return false;
        sum += (r.numerator * UINT64_C(1000000000) + below / 2) / below;
    }
    *out_e7 = (int64_t)((sum + 50) / 100);
    return sum <= most_degrees * 1000000000;
}

/* Which half of the world it is in: of a letter each. */
static bool half(const struct block *block, unsigned tag, const char *letters, int64_t *angle_e7)
{
    struct span letter = ascii_of(block, EXIF_IFD_GPS, tag);

    if (letter.len != 1 || !strchr(letters, letter.at[0]))
        return false;
    if (letter.at[0] == letters[1])
        *angle_e7 = -*angle_e7;
    return true;
}

static void read_position(const struct block *block, struct exif *out)
{
    struct span error =
        value_of(block, EXIF_IFD_GPS, EXIF_TAG_GPS_H_POSITIONING_ERROR, EXIF_FORMAT_RATIONAL, 1);

    out->has_position = angle(block, EXIF_TAG_GPS_LATITUDE, 90, &out->lat_e7) &&
                        half(block, EXIF_TAG_GPS_LATITUDE_REF, "NS", &out->lat_e7) &&
                        angle(block, EXIF_TAG_GPS_LONGITUDE, 180, &out->lon_e7) &&
                        half(block, EXIF_TAG_GPS_LONGITUDE_REF, "EW", &out->lon_e7);
    if (!out->has_position) {
        out->lat_e7 = out->lon_e7 = 0;
        return;
    }
    ExifRational r = error.len ? rational_at(block, error, 0) : (ExifRational){0, 0};
    out->has_uncertainty = r.denominator > 0;
    if (out->has_uncertainty)
        out->uncertainty_m = (int64_t)(((uint64_t)r.numerator + r.denominator - 1) / r.denominator);
}

/* "YYYY:MM:DD HH:MM:SS", and "+HH:MM" or "-HH:MM" in another entry. */
static void read_time(const struct block *block, struct exif *out)
{
    struct span taken = ascii_of(block, EXIF_IFD_EXIF, EXIF_TAG_DATE_TIME_ORIGINAL);
    struct span offset = ascii_of(block, EXIF_IFD_EXIF, EXIF_TAG_OFFSET_TIME_ORIGINAL);
    char text[sizeof "YYYY-MM-DDTHH:MM:SS+HH:MM"] = "";
    int64_t unused_ms;
    int none = 0;

    if (taken.len != strlen("YYYY:MM:DD HH:MM:SS") || taken.at[4] != ':' || taken.at[7] != ':' ||
        taken.at[10] != ' ')
        return;
    memcpy(text, taken.at, taken.len);
    text[4] = text[7] = '-';
    text[10] = 'T';
    text[taken.len] = 'Z';
    out->has_time = calendar_parse_time(&out->local_ms, &none, span_of(text));
    if (!out->has_time || offset.len != strlen("+HH:MM"))
        return;
    memcpy(text + taken.len, offset.at, offset.len);
    out->has_offset = calendar_parse_time(&unused_ms, &out->offset_min, span_of(text));
    if (!out->has_offset)
        out->offset_min = 0;
}

bool exif_read(struct exif *out, struct span picture, struct arena *arena, struct err *err)
{
    struct exif found = {0};
    struct span bytes;

    if (!find_block(&bytes, picture, err))
        return false;
    struct block block = {load(bytes, arena), arena};
    if (!block.data)
        return err_set(err, ERR_LIMIT, "Exif that asks for more than %u bytes", MEMORY_BYTES);
    found.make = text_of(&block, EXIF_IFD_0, EXIF_TAG_MAKE);
    found.model = text_of(&block, EXIF_IFD_0, EXIF_TAG_MODEL);
    found.software = text_of(&block, EXIF_IFD_0, EXIF_TAG_SOFTWARE);
    read_position(&block, &found);
    read_time(&block, &found);
    exif_data_unref(block.data);
    if (!found.make.len && !found.model.len && !found.software.len && !found.has_position &&
        !found.has_time)
        return err_set(err, ERR_MISSING, "it says nothing of itself");
    *out = found;
    return true;
}
