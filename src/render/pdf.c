#include "render/pdf.h"

#include <cairo-pdf.h>
#include <fontconfig/fontconfig.h>
#include <pango/pangocairo.h>
#include <pango/pangofc-fontmap.h>

#include <stdlib.h>

#define FONTS "/usr/share/fonts/truetype/noto/"
#define PDF_BYTES ((size_t)64 << 20)

struct pdf {
    cairo_surface_t *surface;
    cairo_t *cairo;
    FcConfig *fonts;
    PangoFontMap *map;
    PangoContext *context;
    struct arena arena;
    struct buf out;
};

/* Of the Nastaliq both weights call themselves one, so that a search finds the wrong one: only
 * that which is wanted is there to be found. */
static const char *const font_files[] = {
    FONTS "NotoSans-Regular.ttf",         FONTS "NotoSans-Bold.ttf",
    FONTS "NotoNaskhArabic-Regular.ttf",  FONTS "NotoNaskhArabic-Bold.ttf",
    FONTS "NotoNastaliqUrdu-Regular.ttf",
};

static const struct {
    const char *language, *family;
} families[] = {
    {"ur", "Noto Nastaliq Urdu, Noto Sans"},
    {"ps", "Noto Naskh Arabic, Noto Sans"},
    {"prs", "Noto Naskh Arabic, Noto Sans"},
    {"ar", "Noto Naskh Arabic, Noto Sans"},
};

static const char *family_of(const char *language)
{
    for (size_t i = 0; i < ARRAY_LEN(families); i++)
        if (strcmp(families[i].language, language) == 0)
            return families[i].family;
    return "Noto Sans, Noto Naskh Arabic";
}

/* --- the document --- */

static cairo_status_t take_bytes(void *context, const unsigned char *bytes, unsigned count)
{
    struct pdf *pdf = context;

    buf_put(&pdf->out, span_make(bytes, count));
    return pdf->out.full ? CAIRO_STATUS_WRITE_ERROR : CAIRO_STATUS_SUCCESS;
}

static bool open_fonts(struct pdf *pdf, struct err *err)
{
    pdf->fonts = FcConfigCreate();
    for (size_t i = 0; i < ARRAY_LEN(font_files); i++)
        if (!FcConfigAppFontAddFile(pdf->fonts, (const FcChar8 *)font_files[i]))
            return err_set(err, ERR_MISSING, "there is no font %s: install fonts-noto-core",
                           font_files[i]);
    pdf->map = pango_cairo_font_map_new_for_font_type(CAIRO_FONT_TYPE_FT);
    pango_fc_font_map_set_config(PANGO_FC_FONT_MAP(pdf->map), pdf->fonts);
    pdf->context = pango_font_map_create_context(pdf->map);
    return true;
}

bool pdf_open(struct pdf **out, const char *title, struct err *err)
{
    struct pdf *pdf = calloc(1, sizeof *pdf);

    if (!pdf)
        abort();
    pdf->out = buf_in(&pdf->arena, PDF_BYTES);
    if (!open_fonts(pdf, err)) {
        pdf_close(pdf);
        return false;
    }
    pdf->surface = cairo_pdf_surface_create_for_stream(take_bytes, pdf, PDF_WIDTH, PDF_HEIGHT);
    cairo_pdf_surface_restrict_to_version(pdf->surface, CAIRO_PDF_VERSION_1_5);
    cairo_pdf_surface_set_metadata(pdf->surface, CAIRO_PDF_METADATA_TITLE, title);
    /* When it was made is nobody's business, and cairo writes it where nothing is set. */
    cairo_pdf_surface_set_metadata(pdf->surface, CAIRO_PDF_METADATA_CREATE_DATE,
                                   "1970-01-01T00:00:00Z");
    pdf->cairo = cairo_create(pdf->surface);
    pango_cairo_update_context(pdf->cairo, pdf->context);
    *out = pdf;
    return true;
}

void pdf_close(struct pdf *pdf)
{
    if (!pdf)
        return;
    if (pdf->cairo)
        cairo_destroy(pdf->cairo);
    if (pdf->surface)
        cairo_surface_destroy(pdf->surface);
    if (pdf->context)
        g_object_unref(pdf->context);
    if (pdf->map)
        g_object_unref(pdf->map);
    if (pdf->fonts)
        FcConfigDestroy(pdf->fonts);
    arena_free(&pdf->arena);
    free(pdf);
}

void pdf_next_page(struct pdf *pdf)
{
    cairo_show_page(pdf->cairo);
}

bool pdf_end(struct pdf *pdf, struct span *out, struct arena *arena, struct err *err)
{
    cairo_surface_finish(pdf->surface);
    cairo_status_t status = cairo_surface_status(pdf->surface);
    if (status != CAIRO_STATUS_SUCCESS)
        return err_set(err, ERR_LIMIT, "no PDF: %s", cairo_status_to_string(status));
    *out = arena_copy(arena, buf_span(&pdf->out));
    return true;
}

/* --- what stands on a page --- */

static PangoLayout *layout_of(struct pdf *pdf, struct span text, const struct pdf_style *style,
                              double width)
{
    PangoLayout *layout = pango_layout_new(pdf->context);
    PangoFontDescription *font = pango_font_description_from_string(family_of(style->language));

    pango_font_description_set_absolute_size(font, style->size * PANGO_SCALE);
    pango_font_description_set_weight(font, style->bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
    pango_context_set_language(pdf->context, pango_language_from_string(style->language));
    pango_context_set_base_dir(pdf->context,
                               style->rtl ? PANGO_DIRECTION_RTL : PANGO_DIRECTION_LTR);
    pango_layout_context_changed(layout);
    pango_layout_set_font_description(layout, font);
    pango_layout_set_auto_dir(layout, FALSE); /* then left is left, whatever the direction */
    pango_layout_set_alignment(layout, style->rtl ? PANGO_ALIGN_RIGHT : PANGO_ALIGN_LEFT);
    pango_layout_set_width(layout, (int)(width * PANGO_SCALE));
    pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
    pango_layout_set_text(layout, (const char *)text.at, (int)text.len);
    pango_font_description_free(font);
    return layout;
}

double pdf_text(struct pdf *pdf, struct span text, const struct pdf_style *style, double x,
                double y, double width, bool draw)
{
    PangoLayout *layout = layout_of(pdf, text, style, width);
    int wide, high;

    pango_layout_get_size(layout, &wide, &high);
    if (draw) {
        cairo_set_source_rgb(pdf->cairo, 0, 0, 0);
        cairo_move_to(pdf->cairo, x, y);
        pango_cairo_show_layout(pdf->cairo, layout);
    }
    g_object_unref(layout);
    return (double)high / PANGO_SCALE;
}

void pdf_line(struct pdf *pdf, double x, double y, double to_x, double to_y, double grey)
{
    cairo_set_source_rgb(pdf->cairo, grey, grey, grey);
    cairo_set_line_width(pdf->cairo, 0.6);
    cairo_move_to(pdf->cairo, x, y);
    cairo_line_to(pdf->cairo, to_x, to_y);
    cairo_stroke(pdf->cairo);
}

void pdf_frame(struct pdf *pdf, double x, double y, double width, double height)
{
    cairo_set_source_rgb(pdf->cairo, 0, 0, 0);
    cairo_set_line_width(pdf->cairo, 0.8);
    cairo_rectangle(pdf->cairo, x, y, width, height);
    cairo_stroke(pdf->cairo);
}

void pdf_fill(struct pdf *pdf, double x, double y, double width, double height, double grey)
{
    cairo_set_source_rgb(pdf->cairo, grey, grey, grey);
    cairo_rectangle(pdf->cairo, x, y, width, height);
    cairo_fill(pdf->cairo);
}
