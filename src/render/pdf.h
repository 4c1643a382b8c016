#pragma once

/*
 * Pages of PDF, by cairo and Pango (doc/decisions/0016-cairo-pango.md). The one file that includes
 * them. Text of every script that the program has words in, each in its own face and direction.
 *
 * The same calls give the same bytes on every machine with the same libraries and fonts: the fonts
 * are loaded by their files, and no date is written. Lengths are points, from the upper left.
 */

#include "base/buf.h"
#include "base/err.h"

#define PDF_WIDTH 595.0
#define PDF_HEIGHT 842.0

struct pdf;

struct pdf_style {
    double size;
    bool bold;
    bool rtl;             /* the line begins on the right, whatever its first letter is */
    const char *language; /* "ur": its face */
};

/* A document of A4 pages; the first is begun. ERR_MISSING when a font is not installed. */
MUST_CHECK bool pdf_open(struct pdf **out, const char *title, struct err *err);
void pdf_close(struct pdf *pdf); /* NULL is fine */
void pdf_next_page(struct pdf *pdf);
/* The whole, in the arena; nothing is written afterwards. */
MUST_CHECK bool pdf_end(struct pdf *pdf, struct span *out, struct arena *arena, struct err *err);

/* Wrapped within the width; how high it is. With `draw` false it is only measured. */
double pdf_text(struct pdf *pdf, struct span text, const struct pdf_style *style, double x,
                double y, double width, bool draw);
void pdf_line(struct pdf *pdf, double x, double y, double to_x, double to_y, double grey);
void pdf_frame(struct pdf *pdf, double x, double y, double width, double height);
void pdf_fill(struct pdf *pdf, double x, double y, double width, double height, double grey);
