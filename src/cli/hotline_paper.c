#include "cli/hotline.h"

#include "cli/hotline_slip.h"
#include "forms/words.h"
#include "journal/submission.h"
#include "render/pdf.h"
#include "render/qr.h"

/* A slip for a courier (hotline_slip.h): on paper, or as a file of lines. Its text stays encrypted
 * to its readers; what stands on the paper in words is no more than the log shows. */

#define MARGIN 42.0
#define CODE_SIDE 235.0
#define CODES_A_PAGE 4u
#define HEAD_HIGH 190.0

struct paper {
    struct hotline *h;
    const struct json *message;
    struct words words;
    struct pdf *pdf;
    double y;
};

static void put(struct paper *p, const struct words_language *language, struct span text,
                double size, bool bold)
{
    const struct pdf_style style = {.size = size,
                                    .bold = bold,
                                    .rtl = language->rtl,
                                    .language = arena_text(&p->h->work, language->id)};

    p->y += pdf_text(p->pdf, text, &style, MARGIN, p->y, PDF_WIDTH - 2 * MARGIN, true) + 4;
}

static struct span of_item(const struct paper *p, const struct words_language *language,
                           const char *section, const char *member)
{
    struct span id = json_get_text(p->message, member);
    const struct json *item = hotline_term(p->h, section, id);

    return item ? words_of_item(item, language) : id;
}

/* "Flash · Afghanistan · To: Pakistan". */
static void put_way(struct paper *p, const struct words_language *language)
{
    struct span priority = of_item(p, language, "hotline_priority", "priority");
    struct span from = of_item(p, language, "organisation", "org");
    struct span to = of_item(p, language, "organisation", "to");
    struct span whom = words_get(&p->words, language, "hotline.field.to");

    put(p, language,
        span_of(arena_printf(&p->h->work, "%.*s · %.*s · %.*s: %.*s", SPAN_ARG(priority),
                             SPAN_ARG(from), SPAN_ARG(whom), SPAN_ARG(to))),
        14, true);
}

static void put_head(struct paper *p, const struct words_language *language)
{
    put(p, language, words_get(&p->words, language, "hotline.title"), 11, false);
    if (json_get(p->message, "exercise"))
        put(p, language, words_get(&p->words, language, "hotline.exercise"), 14, true);
    put_way(p, language);
    put(p, language, words_get(&p->words, language, "hotline.slip"), 9, false);
}

static bool put_code(struct paper *p, struct span line, size_t n, double top, struct err *err)
{
    double left = n % 2 ? PDF_WIDTH - MARGIN - CODE_SIDE : MARGIN;
    struct qr qr;

    top += n / 2 * (CODE_SIDE + 24);
    if (!qr_make(&qr, line, QR_PAPER, &p->h->work, err))
        return false;
    double side = CODE_SIDE / (qr.width + 2 * QR_QUIET);
    for (unsigned i = 0; i < qr.width * qr.width; i++)
        if (qr.black[i])
            pdf_fill(p->pdf, left + (QR_QUIET + i % qr.width) * side,
                     top + (QR_QUIET + i / qr.width) * side, side * 1.02, side * 1.02, 0);
    return true;
}

/* The heading of the agreement's languages that the reader may have: the officer's and English. */
static void put_heads(struct paper *p)
{
    const struct words_language *mine = words_language(&p->words, p->h->language);
    const struct words_language *english = words_language(&p->words, SPAN_LIT("en"));

    p->y = MARGIN;
    if (english)
        put_head(p, english);
    if (mine && mine != english)
        put_head(p, mine);
}

static bool put_all(struct paper *p, const struct span *line, size_t count, struct err *err)
{
    put_heads(p);
    for (size_t n = 0; n < count; n++) {
        bool first = n < CODES_A_PAGE;

        if (n > 0 && n % CODES_A_PAGE == 0)
            pdf_next_page(p->pdf);
        if (!put_code(p, line[n], n % CODES_A_PAGE,
                      !first             ? MARGIN
                      : p->y > HEAD_HIGH ? p->y
                                         : HEAD_HIGH,
                      err))
            return false;
    }
    return true;
}

static bool make_pdf(struct hotline *h, const struct json *message, const struct span *line,
                     size_t count, struct span *out, struct err *err)
{
    struct paper p = {.h = h, .message = message, .words = words_of_agreement(&h->terms, &h->work)};
    bool ok = pdf_open(&p.pdf, "hotline", err) && put_all(&p, line, count, err) &&
              pdf_end(p.pdf, out, &h->work, err);

    pdf_close(p.pdf);
    return ok;
}

static bool write_new(const char *path, struct span bytes, struct err *err)
{
    FILE *file = fopen(path, "wbx");

    if (!file)
        return err_errno(err, "make %s", path);
    bool written = fwrite(bytes.at, 1, bytes.len, file) == bytes.len;
    return (fclose(file) == 0 && written) || err_errno(err, "write %s", path);
}

static struct span joined(const struct span *line, size_t count, struct arena *arena)
{
    struct buf out = buf_in(arena, SIZE_MAX);

    for (size_t i = 0; i < count; i++) {
        buf_put(&out, line[i]);
        buf_byte(&out, '\n');
    }
    return buf_span(&out);
}

bool hotline_print(struct hotline *h, const struct json *message, const char *path, struct err *err)
{
    struct span bytes, *line, file;
    size_t count;

    if (!hotline_submission(h, json_get_text(message, "id"), &bytes, &h->work, err) ||
        !hotline_slip_lines(&line, &count, bytes, &h->work, err))
        return false;
    bool ok = true;
    if (span_ends_with(span_of(path), SPAN_LIT(".pdf")))
        ok = make_pdf(h, message, line, count, &file, err);
    else
        file = joined(line, count, &h->work);
    if (!ok || !write_new(path, file, err))
        return false;
    printf("%s: %zu code%s\n", path, count, count == 1 ? "" : "s");
    return true;
}

/* Whoever signed it; who brings it does not matter. */
bool hotline_take(struct hotline *h, const char *path, struct err *err)
{
    struct span text, bytes;
    struct submission *taken;
    struct record record;
    size_t count;

    if (!cli_read_file(&text, path, 2 * HOTLINE_SLIP_LINES * HOTLINE_SLIP_BYTES, &h->work, err))
        return false;
    if (!hotline_slip_parse(&bytes, text, &h->work, err) ||
        !submission_parse(&taken, &count, bytes, &h->work, err) ||
        !record_parse(&record, taken->note, &h->work, err))
        return err_wrap(err, "%s", path);
    if (count != 1 || !span_starts_with(record.kind, SPAN_LIT("hotline.")))
        return err_set(err, ERR_REFUSED, "%s: it is no record of the hotline", path);
    return hotline_hand_in(h, taken, arena_printf(&h->work, "taken %.*s", SPAN_ARG(record.kind)),
                           err);
}
