#include "render/paper.h"

#include "forms/xform.h"
#include "render/pdf.h"
#include "render/qr.h"

#define MARGIN 42.0
#define CODE_SIDE 92.0
#define LINE_HIGH 22.0
#define BOX_SIDE 9.0
#define GAP 6.0
#define COLUMNS 3u
#define MOST_CHOICES 16u /* more are written out by hand: a sheet is no book */
#define ROWS 4u          /* of what may be said several times */

struct paper {
    const struct paper_ask *ask;
    struct words words;
    const struct words_language *language;
    const char *id; /* of the language */
    struct arena *arena;
    struct pdf *pdf;
    double y;
    unsigned sheet;
    unsigned group, question;
};

/* --- from one side or the other --- */

/* Where something stands whose distance from the side at which lines begin is `from`. */
static double at(const struct paper *p, double from, double width)
{
    return p->language->rtl ? PDF_WIDTH - from - width : from;
}

static struct pdf_style style(const struct paper *p, double size, bool bold)
{
    return (struct pdf_style){
        .size = size, .bold = bold, .rtl = p->language->rtl, .language = p->id};
}

static double put(struct paper *p, struct span text, double size, bool bold, double from,
                  double width)
{
    struct pdf_style s = style(p, size, bold);

    return pdf_text(p->pdf, text, &s, at(p, from, width), p->y, width, true);
}

static struct span word(const struct paper *p, const char *key)
{
    return words_get(&p->words, p->language, key);
}

/* --- sheets --- */

struct span paper_code(const struct paper_ask *ask, unsigned sheet, struct arena *arena)
{
    struct xform xform = xform_of(ask->form, ask->terms, ask->language, arena);

    return span_of(arena_printf(arena, "sulh-form %s %s %u", ask->form->id, xform.version, sheet));
}

static bool put_code(struct paper *p, struct err *err)
{
    struct span text = paper_code(p->ask, p->sheet, p->arena);
    struct qr qr;

    if (!qr_make(&qr, text, QR_PAPER, p->arena, err))
        return false;
    double side = CODE_SIDE / (qr.width + 2 * QR_QUIET);
    double left = at(p, PDF_WIDTH - MARGIN - CODE_SIDE, CODE_SIDE) + QR_QUIET * side;
    for (unsigned n = 0; n < qr.width * qr.width; n++)
        if (qr.black[n])
            pdf_fill(p->pdf, left + n % qr.width * side,
                     MARGIN - 12 + (QR_QUIET + n / qr.width) * side, side * 1.02, side * 1.02, 0);
    return true;
}

static bool begin_page(struct paper *p, struct err *err)
{
    const double width = PDF_WIDTH - 2 * MARGIN - CODE_SIDE - GAP;
    const char *title = arena_printf(p->arena, "form.%s", p->ask->form->id);

    p->y = MARGIN - 6;
    if (!put_code(p, err))
        return false;
    p->y += put(p, word(p, title), 17, true, MARGIN, width) + 2;
    p->y +=
        put(p,
            span_of(arena_printf(p->arena, "%.*s %u", SPAN_ARG(word(p, "paper.sheet")), p->sheet)),
            10, false, MARGIN, width) +
        2;
    p->y += put(p, word(p, "paper.how"), 9, false, MARGIN, width);
    p->y += GAP;
    if (p->y < MARGIN + CODE_SIDE)
        p->y = MARGIN + CODE_SIDE;
    return true;
}

/* A question is not torn in two. */
static bool make_room(struct paper *p, double high, struct err *err)
{
    if (p->y + high <= PDF_HEIGHT - MARGIN)
        return true;
    pdf_next_page(p->pdf);
    return begin_page(p, err);
}

/* --- answers --- */

static void put_rule(struct paper *p, double from, double width)
{
    double x = at(p, from, width);

    pdf_line(p->pdf, x, p->y + LINE_HIGH - 4, x + width, p->y + LINE_HIGH - 4, 0.4);
}

static bool put_lines(struct paper *p, unsigned count, struct err *err)
{
    for (unsigned i = 0; i < count; i++) {
        if (!make_room(p, LINE_HIGH, err))
            return false;
        put_rule(p, MARGIN + 14, PDF_WIDTH - 2 * MARGIN - 14);
        p->y += LINE_HIGH;
    }
    return true;
}

struct choices {
    struct span at[MOST_CHOICES];
    size_t count;
    bool more; /* than are listed */
};

static void add_choice(struct choices *c, struct span text)
{
    if (c->count == MOST_CHOICES)
        c->more = true;
    else
        c->at[c->count++] = text;
}

static bool put_choice(struct paper *p, struct span text, unsigned column, double *high)
{
    const double width = (PDF_WIDTH - 2 * MARGIN - 14) / COLUMNS;
    double from = MARGIN + 14 + column * width;
    double used = put(p, text, 10, false, from + BOX_SIDE + 5, width - BOX_SIDE - 11);

    pdf_frame(p->pdf, at(p, from, BOX_SIDE), p->y + used / 2 - BOX_SIDE / 2, BOX_SIDE, BOX_SIDE);
    *high = used > *high ? used : *high;
    return true;
}

static bool put_choices(struct paper *p, const struct choices *c, struct err *err)
{
    double high = 0;

    for (size_t i = 0; i < c->count; i++) {
        if (i % COLUMNS == 0 && !make_room(p, 2 * LINE_HIGH, err))
            return false;
        if (!put_choice(p, c->at[i], (unsigned)(i % COLUMNS), &high))
            return false;
        if (i % COLUMNS == COLUMNS - 1 || i + 1 == c->count) {
            p->y += high + 3;
            high = 0;
        }
    }
    return true;
}

static struct choices choices_of(struct paper *p, const struct ask *ask, const struct field *field)
{
    const struct json *items = field ? form_items(field, p->ask->terms) : NULL;
    const struct field *of =
        field && field->type == FIELD_LIST && field->count == 1 ? &field->fields[0] : field;
    struct choices c = {0};

    if (ask->as == ASK_EXACT || ask->as == ASK_ERROR)
        for (size_t i = 0; form_exactness_at(ask->as, i); i++)
            add_choice(&c, word(p, form_choice_key(ask->name, form_exactness_at(ask->as, i)->word,
                                                   &p->words, p->arena)));
    for (uint32_t i = 0; items && i < items->array.count; i++)
        add_choice(
            &c, span_of(arena_printf(p->arena, "%.*s\u2002%.*s",
                                     SPAN_ARG(json_get_text(&items->array.at[i], "id")),
                                     SPAN_ARG(words_of_item(&items->array.at[i], p->language)))));
    for (size_t i = 0; of && of->type == FIELD_WORD && of->words[i]; i++)
        add_choice(&c, word(p, form_choice_key(ask->name, of->words[i], &p->words, p->arena)));
    if (c.more)
        c.count = 0;
    return c;
}

static unsigned lines_for(const struct ask *ask, const struct field *field)
{
    if (ask->as == ASK_FIELD && field && field->type == FIELD_TEXT && field->max > 1000)
        return 4;
    return ask->as == ASK_LINE || ask->as == ASK_AREA ? 2 : 1;
}

/* --- questions --- */

static bool is_medium(const struct ask *ask)
{
    return ask->as == ASK_IMAGE || ask->as == ASK_AUDIO || ask->as == ASK_VIDEO;
}

static bool is_asked(const struct paper *p, const struct ask *repeat, const struct ask *ask)
{
    const struct field *field = form_field(p->ask->form, repeat, ask);

    return !is_medium(ask) && (!field || form_asks(field, p->ask->terms));
}

/* In brackets what is to be written, where that is not plain. */
static const char *form_of_answer(const struct ask *ask)
{
    return ask->as == ASK_TIME                          ? "paper.time"
           : ask->as == ASK_POSITION                    ? "paper.position"
           : ask->as == ASK_LINE || ask->as == ASK_AREA ? "paper.points"
                                                        : NULL;
}

static void put_label(struct paper *p, const struct ask *repeat, const struct ask *ask)
{
    const char *form = form_of_answer(ask);
    struct span label = word(p, form_label_key(p->ask->form, ask->name, &p->words, p->arena));
    bool must = form_must(p->ask->form, repeat, ask);
    const char *text =
        form ? arena_printf(p->arena, "%u.%u  %.*s%s (%.*s)", p->group, p->question,
                            SPAN_ARG(label), must ? " *" : "", SPAN_ARG(word(p, form)))
             : arena_printf(p->arena, "%u.%u  %.*s%s", p->group, p->question, SPAN_ARG(label),
                            must ? " *" : "");

    p->y += put(p, span_of(text), 10.5, true, MARGIN, PDF_WIDTH - 2 * MARGIN);
}

static bool put_question(struct paper *p, const struct ask *ask, struct err *err)
{
    const struct field *field = form_field(p->ask->form, NULL, ask);
    struct choices choices = choices_of(p, ask, field);
    const char *hint = form_hint_key(p->ask->form, ask->name, &p->words, p->arena);

    p->question++;
    if (!make_room(p, 3 * LINE_HIGH, err))
        return false;
    put_label(p, NULL, ask);
    if (hint)
        p->y += put(p, word(p, hint), 8.5, false, MARGIN + 14, PDF_WIDTH - 2 * MARGIN - 14);
    bool ok =
        choices.count ? put_choices(p, &choices, err) : put_lines(p, lines_for(ask, field), err);
    p->y += GAP;
    return ok;
}

/* A table: a column for each of its asks. */
static bool put_repeat(struct paper *p, const struct ask *repeat, struct err *err)
{
    const double width = PDF_WIDTH - 2 * MARGIN;
    size_t columns = 0, column = 0;
    double high = 0, top;

    for (size_t i = 0; i < repeat->count; i++)
        columns += is_asked(p, repeat, &repeat->asks[i]);
    if (columns == 0)
        return true;
    p->question++;
    if (!make_room(p, (ROWS + 3) * LINE_HIGH, err))
        return false;
    put_label(p, NULL, repeat);
    for (size_t i = 0; i < repeat->count; i++) {
        if (!is_asked(p, repeat, &repeat->asks[i]))
            continue;
        const char *key = form_label_key(p->ask->form, repeat->asks[i].name, &p->words, p->arena);
        double used = put(p, word(p, key), 9, false, MARGIN + column++ * width / columns + 3,
                          width / columns - 6);
        high = used > high ? used : high;
    }
    top = p->y;
    for (unsigned row = 0; row <= ROWS; row++) {
        double y = top + high + 2 + row * LINE_HIGH;
        pdf_line(p->pdf, MARGIN, y, PDF_WIDTH - MARGIN, y, 0.2);
    }
    for (size_t i = 0; i <= columns; i++)
        pdf_line(p->pdf, MARGIN + i * width / columns, top, MARGIN + i * width / columns,
                 top + high + 2 + ROWS * LINE_HIGH, 0.2);
    p->y = top + high + 2 + ROWS * LINE_HIGH + GAP;
    return true;
}

static bool has_questions(const struct paper *p, const struct ask *group)
{
    bool any = false;

    for (size_t i = 0; i < group->count; i++)
        any = any || (group->asks[i].as == ASK_REPEAT
                          ? is_asked(p, &group->asks[i], &group->asks[i].asks[0])
                          : is_asked(p, NULL, &group->asks[i]));
    return any;
}

static bool put_group(struct paper *p, const struct ask *group, struct err *err)
{
    struct span label;

    p->group++;
    p->question = 0;
    if (!has_questions(p, group))
        return true;
    if (!make_room(p, 5 * LINE_HIGH, err))
        return false;
    label = word(p, form_label_key(p->ask->form, group->name, &p->words, p->arena));
    struct pdf_style s = style(p, 12, true);
    const char *text = arena_printf(p->arena, "%u  %.*s", p->group, SPAN_ARG(label));
    double high = pdf_text(p->pdf, span_of(text), &s, 0, 0, PDF_WIDTH - 2 * MARGIN, false);
    pdf_fill(p->pdf, MARGIN, p->y, PDF_WIDTH - 2 * MARGIN, high, 0.9);
    p->y += put(p, span_of(text), 12, true, MARGIN + 3, PDF_WIDTH - 2 * MARGIN - 6) + GAP;
    for (size_t i = 0; i < group->count; i++) {
        const struct ask *ask = &group->asks[i];
        bool ok = ask->as == ASK_REPEAT    ? put_repeat(p, ask, err)
                  : is_asked(p, NULL, ask) ? put_question(p, ask, err)
                                           : true;

        if (!ok)
            return false;
    }
    return true;
}

static bool put_sheet(struct paper *p, struct err *err)
{
    p->group = 0;
    if (!begin_page(p, err))
        return false;
    for (size_t i = 0; i < p->ask->form->count; i++)
        if (!put_group(p, &p->ask->form->asks[i], err))
            return false;
    return true;
}

bool paper_make(struct span *out, const struct paper_ask *ask, struct arena *arena, struct err *err)
{
    struct paper p = {.ask = ask, .words = words_of_agreement(ask->terms, arena), .arena = arena};

    p.language = words_language(&p.words, ask->language);
    if (!p.language)
        p.language = &p.words.language[0];
    p.id = arena_text(arena, p.language->id);
    if (ask->sheets == 0 || ask->sheets > PAPER_SHEETS)
        return err_set(err, ERR_USAGE, "1 to %u sheets", PAPER_SHEETS);
    if (!pdf_open(&p.pdf, ask->form->id, err))
        return false;
    bool ok = true;
    for (unsigned i = 0; ok && i < ask->sheets; i++) {
        p.sheet = ask->first + i;
        if (i)
            pdf_next_page(p.pdf);
        ok = put_sheet(&p, err);
    }
    ok = ok && pdf_end(p.pdf, out, arena, err);
    pdf_close(p.pdf);
    return ok;
}
