#include "render/qr.h"

#include "base/buf.h"
#include "feed/gunzip.h"

#include <qrencode.h>

#define CODE_BYTES 2953u /* of the largest, at the least repair */
#define TEXT_BYTES (1u << 20)
#define MOST_SCALE 32u

bool qr_make(struct qr *out, struct span bytes, enum qr_repair repair, struct arena *arena,
             struct err *err)
{
    QRecLevel level = repair == QR_PAPER ? QR_ECLEVEL_Q : QR_ECLEVEL_L;

    if (bytes.len == 0 || bytes.len > CODE_BYTES)
        return err_set(err, ERR_LIMIT, "a QR code holds 1 to %u bytes, not %zu", CODE_BYTES,
                       bytes.len);
    QRcode *code = QRcode_encodeData((int)bytes.len, bytes.at, 0, level);
    if (!code)
        return err_set(err, ERR_LIMIT, "%zu bytes are more than a QR code holds", bytes.len);
    size_t count = (size_t)code->width * (size_t)code->width;
    uint8_t *black = arena_alloc(arena, count);
    for (size_t i = 0; i < count; i++)
        black[i] = code->data[i] & 1;
    *out = (struct qr){.width = (unsigned)code->width, .black = black};
    QRcode_free(code);
    return true;
}

/* With the quiet zone, and white beyond it. */
static bool is_black(const struct qr *qr, unsigned x, unsigned y)
{
    bool inside =
        x >= QR_QUIET && y >= QR_QUIET && x - QR_QUIET < qr->width && y - QR_QUIET < qr->width;

    return inside && qr->black[(y - QR_QUIET) * qr->width + (x - QR_QUIET)];
}

static unsigned side(const struct qr *qr)
{
    return qr->width + 2 * QR_QUIET;
}

struct span qr_text(const struct qr *qr, struct arena *arena)
{
    /* What is drawn is the white of the code. */
    static const char *const blocks[2][2] = {{"█", "▀"}, {"▄", " "}};
    struct buf text = buf_in(arena, TEXT_BYTES);

    for (unsigned y = 0; y < side(qr); y += 2) {
        for (unsigned x = 0; x < side(qr); x++)
            buf_text(&text, blocks[is_black(qr, x, y)][is_black(qr, x, y + 1)]);
        buf_byte(&text, '\n');
    }
    assert(!text.full);
    return buf_span(&text);
}

struct span qr_svg(const struct qr *qr, struct arena *arena)
{
    struct buf text = buf_in(arena, TEXT_BYTES);
    unsigned n = side(qr);

    buf_printf(&text,
               "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%umm\" height=\"%umm\" "
               "viewBox=\"0 0 %u %u\" shape-rendering=\"crispEdges\">"
               "<rect width=\"%u\" height=\"%u\" fill=\"#fff\"/><path d=\"",
               n, n, n, n, n, n);
    for (unsigned y = 0; y < n; y++)
        for (unsigned x = 0; x < n; x++)
            if (is_black(qr, x, y))
                buf_printf(&text, "M%u %uh1v1h-1z", x, y);
    buf_text(&text, "\"/></svg>\n");
    assert(!text.full);
    return buf_span(&text);
}

/* --- PNG (ISO/IEC 15948), one bit a pixel --- */

/* CRC-32, as Annex D has it. */
static uint32_t crc_of(struct span bytes)
{
    uint32_t crc = UINT32_MAX;

    for (size_t i = 0; i < bytes.len; i++) {
        crc ^= bytes.at[i];
        for (int bit = 0; bit < 8; bit++)
            crc = (crc >> 1) ^ (crc & 1 ? UINT32_C(0xedb88320) : 0);
    }
    return ~crc;
}

static void put_chunk(struct buf *out, const char *type, struct span data, struct arena *arena)
{
    struct buf covered = buf_in(arena, 4 + data.len);

    buf_text(&covered, type);
    buf_put(&covered, data);
    buf_u32be(out, (uint32_t)data.len);
    buf_put(out, buf_span(&covered));
    buf_u32be(out, crc_of(buf_span(&covered)));
}

static struct span pixels(const struct qr *qr, unsigned scale, struct arena *arena)
{
    size_t n = (size_t)side(qr) * scale, row_bytes = 1 + (n + 7) / 8;
    uint8_t *rows = arena_alloc(arena, n * row_bytes);

    for (size_t y = 0; y < n; y++)
        for (size_t x = 0; x < n; x++) /* each row behind its filter, which is none */
            if (!is_black(qr, (unsigned)(x / scale), (unsigned)(y / scale)))
                rows[y * row_bytes + 1 + x / 8] |= (uint8_t)(0x80u >> (x % 8));
    return span_make(rows, n * row_bytes);
}

struct span qr_png(const struct qr *qr, unsigned scale, struct arena *arena)
{
    struct buf out = buf_in(arena, TEXT_BYTES), head = buf_in(arena, 13);

    assert(scale > 0 && scale <= MOST_SCALE);
    buf_u32be(&head, side(qr) * scale);
    buf_u32be(&head, side(qr) * scale);
    buf_put(&head, SPAN_LIT("\1\0\0\0\0")); /* one bit, grey, the only packing, no interlace */
    buf_put(&out, SPAN_LIT("\x89PNG\r\n\x1a\n"));
    put_chunk(&out, "IHDR", buf_span(&head), arena);
    put_chunk(&out, "IDAT", zlib_pack(pixels(qr, scale, arena), arena), arena);
    put_chunk(&out, "IEND", (struct span){0}, arena);
    assert(!out.full);
    return buf_span(&out);
}
