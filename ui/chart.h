/*
 * chart.h - points and lines in a frame, in dots finer than the terminal's
 *
 * x and y are parts, 0 to 1, from the left and from the bottom.  A cell has
 * two by four dots in braille, two by two in blocks, one by two in ASCII, and
 * one tone: that of what was put into it last.
 */
#ifndef GEMBA_CHART_H
#define GEMBA_CHART_H

#include "draw.h"

struct chart;

struct chart *chart_new(int rows, int columns);
void chart_free(struct chart *chart);
/* What lies outside, or is not a number, is left out. */
void chart_point(struct chart *chart, double x, double y, enum tone tone);
void chart_line(struct chart *chart, double x0, double y0, double x1,
		double y1, enum tone tone);
/* Only every other dot. */
void chart_dotted(struct chart *chart, double x0, double y0, double x1,
		  double y1, enum tone tone);
/* A sign of its own in the place of the dots. */
void chart_mark(struct chart *chart, double x, double y, enum tone tone,
		enum glyph glyph);

/*
 * With its first cell at row y, column x of the canvas, in a frame of an axis
 * at the left and one below: that takes one column and one row more.
 */
void chart_draw(const struct chart *chart, const struct canvas *c, int y,
		int x);

#endif
