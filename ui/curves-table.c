/*
 * curves-table.c - many classes: each by itself, and what is mistaken for what
 */
#include "sheet-curves.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/text.h"

enum { NAME_WIDTH = 24, FIELD = 11, CELL = 8 };

/* A line for each class and the two averages; of mistakes no more than that. */
size_t curves_lines(const struct result *r)
{
	return r->classes == 2 ? 1 : r->classes + 2;
}

/* ---- each class ---- */

static void draw_class(const struct curves *curves, int y, const char *name,
		       const struct class_metrics *m, enum tone tone)
{
	const struct canvas *c = curves->c;
	double of[] = { m->precision, m->recall, m->f1 };
	char text[COUNT_TEXT], measure[MEASURE_TEXT];
	int x = NAME_WIDTH + 2;

	draw_text(c, y, 1, NAME_WIDTH, tone, name);
	for (size_t k = 0; k < ARRAY_LEN(of); k++, x += FIELD)
		draw_right(c, y, x, FIELD - 1, of[k] < 0.5 ? TONE_BAD : tone,
			   panel_measure(measure, of[k]));
	draw_right(c, y, x, FIELD - 1, TONE_DIM, text_count(text, m->support));
	x += FIELD + 1;
	if (x + 10 < c->columns)
		draw_bar(c, y, x, c->columns - x - 1, TONE_VALUES, m->f1);
}

static void draw_classes(struct curves *curves)
{
	static const char *const head[] = { "precision", "recall", "f1",
					    "rows" };
	const struct result *r = curves->result;
	const struct canvas *c = curves->c;
	size_t n = curves_lines(r);
	size_t top = panel_top(curves->view, SHEET_CURVES, curves->at, n,
			       c->rows - 1);

	draw_text(c, 0, 1, NAME_WIDTH, TONE_DIM, "class");
	for (size_t k = 0; k < ARRAY_LEN(head); k++)
		draw_right(c, 0, NAME_WIDTH + 2 + (int)k * FIELD, FIELD - 1,
			   TONE_DIM, head[k]);
	for (int y = 1; y < c->rows; y++) {
		size_t i = top + (size_t)y - 1;

		if (i >= n)
			break;
		if (i < r->classes)
			draw_class(curves, y, r->class_name[i],
				   &r->test.class_of[i], TONE_PLAIN);
		else
			draw_class(curves, y, i == r->classes ?
				   "macro average" : "weighted average",
				   i == r->classes ? &r->test.macro :
				   &r->test.weighted, TONE_STRONG);
		if (i == curves->at)
			draw_cursor(c, y, curves->focused);
	}
}

/* ---- confusion ---- */

struct mistake {
	size_t count, at;
};

static int more_first(const void *a, const void *b)
{
	const struct mistake *x = a, *y = b;

	if (x->count != y->count)
		return x->count < y->count ? 1 : -1;
	return (x->at > y->at) - (x->at < y->at);
}

/* Those that were made, the most frequent first; the caller frees them. */
static struct mistake *mistakes_of(const struct metrics *m, size_t *n)
{
	size_t k = m->classes, all = k * k;
	struct mistake *of = mem_array(all, sizeof(*of));

	*n = 0;
	for (size_t i = 0; i < all; i++)
		if (m->confusion[i] && i / k != i % k)
			of[(*n)++] = (struct mistake){ m->confusion[i], i };
	qsort(of, *n, sizeof(*of), more_first);
	return of;
}

static void draw_mistakes(struct curves *curves)
{
	const struct result *r = curves->result;
	const struct canvas *c = curves->c;
	size_t n, k = r->classes, top;
	struct mistake *of = mistakes_of(&r->test, &n);
	char text[COUNT_TEXT];

	if (n > curves_lines(r))
		n = curves_lines(r);
	top = panel_top(curves->view, SHEET_CURVES, curves->at,
			curves_lines(r), c->rows - 1);
	draw_text(c, 0, 1, NAME_WIDTH, TONE_DIM, "truly");
	draw_text(c, 0, NAME_WIDTH + 3, NAME_WIDTH, TONE_DIM, "told");
	draw_right(c, 0, 2 * NAME_WIDTH + 4, FIELD, TONE_DIM, "rows");
	if (!n)
		draw_text(c, 1, 1, c->columns - 2, TONE_GOOD,
			  "no row is told a wrong class");
	for (int y = 1; y < c->rows && top + (size_t)y - 1 < n; y++) {
		const struct mistake *m = &of[top + (size_t)y - 1];

		draw_text(c, y, 1, NAME_WIDTH, TONE_PLAIN,
			  r->class_name[m->at / k]);
		draw_text(c, y, NAME_WIDTH + 3, NAME_WIDTH, TONE_BAD,
			  r->class_name[m->at % k]);
		draw_right(c, y, 2 * NAME_WIDTH + 4, FIELD, TONE_STRONG,
			   text_count(text, m->count));
		if (top + (size_t)y - 1 == curves->at)
			draw_cursor(c, y, curves->focused);
	}
	free(of);
}

/* Columns of the class under the cursor lead where not all fit. */
static void draw_matrix(struct curves *curves)
{
	const struct result *r = curves->result;
	const struct canvas *c = curves->c;
	size_t k = r->classes, shown, left = 0, top;

	shown = c->columns > NAME_WIDTH + 3 ?
		(size_t)(c->columns - NAME_WIDTH - 3) / CELL : 0;
	shown = shown > k ? k : shown;
	if (shown < k && curves->at >= shown / 2)
		left = curves->at - shown / 2;
	if (left + shown > k)
		left = k - shown;
	top = panel_top(curves->view, SHEET_CURVES, curves->at,
			curves_lines(r), c->rows - 1);
	draw_printf(c, 0, 1, NAME_WIDTH, TONE_DIM, "truly %s told",
		    draw_glyph(GLYPH_TO));
	for (size_t j = 0; j < shown; j++)
		draw_right(c, 0, NAME_WIDTH + 2 + (int)j * CELL, CELL - 1,
			   TONE_DIM, r->class_name[left + j]);
	for (int y = 1; y < c->rows && top + (size_t)y - 1 < k; y++) {
		size_t i = top + (size_t)y - 1;

		draw_text(c, y, 1, NAME_WIDTH, TONE_PLAIN, r->class_name[i]);
		for (size_t j = left; j < left + shown; j++) {
			size_t count = r->test.confusion[i * k + j];
			char text[COUNT_TEXT];

			draw_right(c, y, NAME_WIDTH + 2 + (int)(j - left) *
				   CELL, CELL - 1, i == j ? TONE_STRONG :
				   count ? TONE_BAD : TONE_DIM, count ?
				   text_count(text, count) :
				   draw_glyph(GLYPH_DOT));
		}
		if (i == curves->at)
			draw_cursor(c, y, curves->focused);
	}
}

const struct curve_view curves_many[] = {
	{ "classes", draw_classes },
	{ "mistakes", draw_mistakes },
	{ "confusion", draw_matrix },
	{ NULL, NULL }
};
