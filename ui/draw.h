/*
 * draw.h - text, colours and glyphs in a window
 *
 * Panels draw through these, so that widths are measured in one place and a
 * terminal without colour, without UTF-8 or without light is served by all.
 */
#ifndef GEMBA_DRAW_H
#define GEMBA_DRAW_H

#include <curses.h>
#include <stdbool.h>
#include <stddef.h>

/* What a colour means.  None is ever the only sign of it. */
enum tone {
	TONE_PLAIN, TONE_STRONG, TONE_DIM, TONE_ACCENT, TONE_GOOD, TONE_BAD,
	TONE_WARN, TONE_UP, TONE_DOWN,	/* positive and negative weights */
	TONE_VALUES,			/* histograms */
	TONE_FOUND,			/* what is looked for */
	TONE_CELL,			/* the cell under the cursor */
	TONE_HEADER,			/* the first line of the screen */
	TONE_HEADER_STRONG,
	TONES
};

/* What is drawn with: by the locale, or :set glyphs=. */
enum glyphs { GLYPHS_BRAILLE, GLYPHS_BLOCK, GLYPHS_ASCII };

enum glyph {
	GLYPH_TARGET, GLYPH_USED, GLYPH_LEFT_OUT, GLYPH_CURSOR, GLYPH_DOT,
	GLYPH_ON, GLYPH_ALERT, GLYPH_BEST, GLYPH_MINUS, GLYPH_DASH,
	GLYPH_TIMES, GLYPH_MORE, GLYPH_AXIS, GLYPH_RISING, GLYPH_FALLING,
	GLYPH_HIDDEN, GLYPH_TO, GLYPH_LINE, GLYPH_LEVEL, GLYPH_WEAK,
	GLYPH_MIDDLE, GLYPH_MEDIAN, GLYPH_FULL, GLYPH_MIXED,
	GLYPH_PLUS_MINUS, GLYPH_MARKS
};

void draw_init(void);			/* after curses: colours, NO_COLOR */
void draw_set_glyphs(enum glyphs glyphs);
enum glyphs draw_glyphs(void);
const char *draw_glyph(enum glyph glyph);
attr_t draw_tone(enum tone tone);

/*
 * The window that is drawn into, without its border and erased, and whether its
 * words are stale (all dim).
 */
struct canvas {
	WINDOW *window;		/* its corner is row 0, column 0 */
	int rows, columns;
	bool stale;
};

/*
 * Text at row y, column x of the canvas, made harmless, at most width columns;
 * cut text ends in the more-sign.  Returns the columns used.  What lies outside
 * of the canvas is not drawn.
 */
int draw_text(const struct canvas *c, int y, int x, int width, enum tone tone,
	      const char *text);
/* The same against the right edge of x ... x + width - 1. */
int draw_right(const struct canvas *c, int y, int x, int width, enum tone tone,
	       const char *text);
int draw_printf(const struct canvas *c, int y, int x, int width, enum tone tone,
		const char *fmt, ...) __attribute__((format(printf, 6, 7)));

/* A bar of part (0 to 1) of width columns, in eighths of a column. */
void draw_bar(const struct canvas *c, int y, int x, int width, enum tone tone,
	      double part);
/* The same, growing to the left from column x + width. */
void draw_bar_left(const struct canvas *c, int y, int x, int width,
		   enum tone tone, double part);
/*
 * n values as a row of small columns, scaled to the largest; at most width of
 * the canvas' columns.  With more values than columns braille puts two into
 * one; what is still too much is averaged.
 */
void draw_spark(const struct canvas *c, int y, int x, int width, enum tone tone,
		const double *value, size_t n);
/*
 * n bars beside each other, each so many columns wide, the last row of which is
 * y + rows - 1: as high as part[i] (0 to 1) of the rows, in eighths of one.
 * Those of which weak[i] is true are of dim dots; weak may be NULL.
 */
void draw_columns(const struct canvas *c, int y, int x, int rows, int width,
		  enum tone tone, const double *part, const bool *weak,
		  size_t n);
/* A sign, so many times. */
void draw_repeat(const struct canvas *c, int y, int x, int width,
		 enum tone tone, enum glyph glyph);
/* Mark a row of the canvas, already drawn, as the one under the cursor. */
void draw_cursor(const struct canvas *c, int y, bool focused);

#endif
