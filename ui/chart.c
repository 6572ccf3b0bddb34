#include "chart.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"

/* A cell's dots, four rows of two; block and ASCII use fewer of them. */
struct cell {
	unsigned char dots;
	short mark;		/* a glyph + 1; 0: none */
	enum tone tone;
};

struct chart {
	int rows, columns;
	int high, wide;		/* dots in a cell */
	struct cell *cell;	/* owned */
};

struct chart *chart_new(int rows, int columns)
{
	struct chart *chart = mem_new(sizeof(*chart));
	enum glyphs tier = draw_glyphs();

	chart->rows = rows > 0 ? rows : 0;
	chart->columns = columns > 0 ? columns : 0;
	chart->high = tier == GLYPHS_BRAILLE ? 4 : 2;
	chart->wide = tier == GLYPHS_ASCII ? 1 : 2;
	chart->cell = mem_array((size_t)chart->rows * (size_t)chart->columns +
				1, sizeof(*chart->cell));
	return chart;
}

void chart_free(struct chart *chart)
{
	free(chart->cell);
	free(chart);
}

/* The dot in row i from the top and column j. */
static void put(struct chart *chart, int i, int j, enum tone tone)
{
	struct cell *cell;

	if (i < 0 || j < 0 || i >= chart->rows * chart->high ||
	    j >= chart->columns * chart->wide)
		return;
	cell = &chart->cell[i / chart->high * chart->columns +
			    j / chart->wide];
	cell->dots |= (unsigned char)(1 << (i % chart->high * 2 +
					    j % chart->wide));
	cell->tone = tone;
}

static int row_of(const struct chart *chart, double y)
{
	return (int)round((1 - y) * (chart->rows * chart->high - 1));
}

static int column_of(const struct chart *chart, double x)
{
	return (int)round(x * (chart->columns * chart->wide - 1));
}

/* Rounding may leave a part just beyond an end. */
static bool inside(double part)
{
	return part >= -1e-9 && part <= 1 + 1e-9;
}

void chart_point(struct chart *chart, double x, double y, enum tone tone)
{
	if (inside(x) && inside(y))
		put(chart, row_of(chart, y), column_of(chart, x), tone);
}

static void line(struct chart *chart, double x0, double y0, double x1,
		 double y1, enum tone tone, int every)
{
	int i0, j0, i1, j1, n;

	if (!inside(x0) || !inside(y0) || !inside(x1) || !inside(y1))
		return;
	i0 = row_of(chart, y0);
	j0 = column_of(chart, x0);
	i1 = row_of(chart, y1);
	j1 = column_of(chart, x1);
	n = abs(i1 - i0) > abs(j1 - j0) ? abs(i1 - i0) : abs(j1 - j0);
	for (int k = 0; k <= n; k += every)
		put(chart, n ? i0 + (int)lround((double)(i1 - i0) * k / n) : i0,
		    n ? j0 + (int)lround((double)(j1 - j0) * k / n) : j0, tone);
}

void chart_line(struct chart *chart, double x0, double y0, double x1,
		double y1, enum tone tone)
{
	line(chart, x0, y0, x1, y1, tone, 1);
}

void chart_dotted(struct chart *chart, double x0, double y0, double x1,
		  double y1, enum tone tone)
{
	line(chart, x0, y0, x1, y1, tone, 2 * chart->wide);
}

void chart_mark(struct chart *chart, double x, double y, enum tone tone,
		enum glyph glyph)
{
	int i, j;
	struct cell *cell;

	if (!inside(x) || !inside(y) || !chart->rows || !chart->columns)
		return;
	i = row_of(chart, y) / chart->high;
	j = column_of(chart, x) / chart->wide;
	cell = &chart->cell[i * chart->columns + j];
	cell->mark = (short)(glyph + 1);
	cell->tone = tone;
}

/* ---- on the screen ---- */

/* Braille numbers its dots column by column, the fourth row behind. */
static void braille(char text[4], unsigned dots)
{
	static const unsigned char bit[8] = { 0, 3, 1, 4, 2, 5, 6, 7 };
	unsigned code = 0;

	for (int k = 0; k < 8; k++)
		if (dots & 1u << k)
			code |= 1u << bit[k];
	text[0] = '\xe2';
	text[1] = (char)(0xa0 | code >> 6);
	text[2] = (char)(0x80 | (code & 0x3f));
	text[3] = '\0';
}

/* By the dots at the top left, top right, bottom left, bottom right. */
static const char *const quadrant[16] = {
	" ", "▘", "▝", "▀", "▖", "▌", "▞", "▛",
	"▗", "▚", "▐", "▜", "▄", "▙", "▟", "█",
};
/* By the upper and the lower one. */
static const char *const ascii[8] = { " ", "'", "", "", ".", ":", "", "" };

static void sign_of(const struct cell *cell, char text[8])
{
	switch (draw_glyphs()) {
	case GLYPHS_BRAILLE:
		braille(text, cell->dots);
		return;
	case GLYPHS_BLOCK:
		snprintf(text, 8, "%s", quadrant[cell->dots & 15]);
		return;
	case GLYPHS_ASCII:
		break;
	}
	snprintf(text, 8, "%s", ascii[cell->dots & 7]);
}

void chart_draw(const struct chart *chart, const struct canvas *c, int y,
		int x)
{
	for (int i = 0; i < chart->rows; i++) {
		draw_text(c, y + i, x - 1, 1, TONE_DIM,
			  draw_glyph(GLYPH_AXIS));
		for (int j = 0; j < chart->columns; j++) {
			const struct cell *cell =
				&chart->cell[i * chart->columns + j];
			char text[8];

			if (cell->mark) {
				draw_text(c, y + i, x + j, 1, cell->tone,
					  draw_glyph((enum glyph)(cell->mark -
								  1)));
			} else if (cell->dots) {
				sign_of(cell, text);
				draw_text(c, y + i, x + j, 1, cell->tone, text);
			}
		}
	}
	draw_repeat(c, y + chart->rows, x - 1, chart->columns + 1, TONE_DIM,
		    GLYPH_LINE);
}
