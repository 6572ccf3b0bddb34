/*
 * sheet-curves.h - what the sheet Curves is drawn from
 *
 * The sheet is sheet-curves.c; its pictures of two classes are in
 * curves-classes.c, those of numbers in curves-numbers.c, and the tables of any
 * number of classes in curves-table.c.
 */
#ifndef GEMBA_SHEET_CURVES_H
#define GEMBA_SHEET_CURVES_H

#include "chart.h"
#include "panel.h"

/* Where a picture goes: the inside of its frame, and beside it what is told in
 * words (words_x; beyond the canvas: no room). */
struct curves {
	const struct session *session;
	const struct result *result;
	const struct canvas *c;
	size_t at;			/* the line under the cursor */
	struct view *view;
	bool focused;
	int rows, columns, y, x;	/* of the chart */
	int words_x, words_y;		/* the next line of the words */
};

/* Views of a result, and which is shown. */
struct curve_view {
	const char *name;
	void (*draw)(struct curves *curves);
};
size_t curves_views(const struct session *s);

extern const struct curve_view curves_two[], curves_many[], curves_numbers[];

/* Words beside the chart, a line each: a dim name and its value. */
void curves_say(struct curves *curves, const char *name, enum tone tone,
		const char *fmt, ...) __attribute__((format(printf, 4, 5)));
void curves_gap(struct curves *curves);
/* The ends of both axes, and what they are. */
void curves_axes(const struct curves *curves, const char *low_x,
		 const char *high_x, const char *name_x, const char *low_y,
		 const char *high_y);

/* How many lines the tables have. */
size_t curves_lines(const struct result *r);

#endif
