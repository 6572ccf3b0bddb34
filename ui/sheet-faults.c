/*
 * sheet-faults.c - what is wrong with single rows and cells, one a line
 *
 *	      line      row
 *	 ▸      44       43  temp [°C]: over range
 *	       812      810  5 cells, not 4
 */
#include "panel.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/text.h"
#include "data/faults.h"

enum { NUMBER_WIDTH = 11 };

static const struct faults *faults_of(const struct session *s)
{
	return s->working != WORK_OPEN && s->data.fault_line
		? &s->data.found->faults : NULL;
}

/* One line says so when nothing is wrong. */
static size_t sheet_rows(const struct session *s)
{
	const struct faults *faults = faults_of(s);

	return !faults ? 0 : faults->n ? faults->n : 1;
}

static const char *sheet_title(const struct session *s, const struct view *v)
{
	(void)s;
	(void)v;
	return "faults";
}

/* "12 odd, 3 ragged". */
static void sheet_note(const struct session *s, const struct view *v,
		       char *text, size_t size)
{
	const struct faults *faults = faults_of(s);
	char count[COUNT_TEXT];

	(void)v;
	*text = '\0';
	for (int k = 0; faults && k < FAULT_KINDS; k++)
		if (faults->count[k])
			text_append(text, size, "%s%s %s", *text ? ", " : "",
				    text_count(count, faults->count[k]),
				    fault_name[k]);
}

/* "44 'temp [°C]'": where :row goes to. */
static const char *sheet_item(const struct session *s, const struct view *v)
{
	static char *item;
	const struct faults *faults = faults_of(s);
	size_t at = v->at[SHEET_FAULTS];
	const struct fault *fault;
	char *column;

	if (!faults || at >= faults->n)
		return NULL;
	fault = &faults->fault[at];
	free(item);
	if (fault->kind == FAULT_RAGGED ||
	    fault->column >= s->data.found->columns)
		return item = mem_printf("%zu", fault->row + 1);
	column = text_quote(s->data.found->column[fault->column].name);
	item = mem_printf("%zu %s", fault->row + 1, column);
	free(column);
	return item;
}

static void draw_fault(const struct session *s, const struct canvas *c, int y,
		       size_t i)
{
	const struct fault *fault = &faults_of(s)->fault[i];
	int x = 3 + 2 * (NUMBER_WIDTH + 1) + 1;
	char number[COUNT_TEXT], text[FAULT_TEXT];

	draw_right(c, y, 3, NUMBER_WIDTH, TONE_DIM,
		   text_count(number, (size_t)s->data.fault_line[i]));
	draw_right(c, y, 3 + NUMBER_WIDTH + 1, NUMBER_WIDTH, TONE_PLAIN,
		   text_count(number, fault->row + 1));
	draw_text(c, y, x, c->columns - 1 - x, TONE_WARN,
		  fault_text(s->data.found, fault, text));
}

static void sheet_draw(const struct session *s, struct view *v,
		       const struct canvas *c, bool focused)
{
	const struct faults *faults = faults_of(s);
	size_t at = v->at[SHEET_FAULTS], top;

	if (!faults || !faults->n) {
		draw_text(c, 0, 1, c->columns - 2, TONE_GOOD,
			  "no row is ragged or broken, and no cell is odd");
		return;
	}
	draw_right(c, 0, 3, NUMBER_WIDTH, TONE_DIM, "line");
	draw_right(c, 0, 3 + NUMBER_WIDTH + 1, NUMBER_WIDTH, TONE_DIM, "row");
	if (faults_total(faults) > faults->n)
		draw_printf(c, 0, 4 + 2 * (NUMBER_WIDTH + 1),
			    c->columns - 5 - 2 * (NUMBER_WIDTH + 1), TONE_DIM,
			    "the first 10,000; export rejects has all");
	top = panel_top(v, SHEET_FAULTS, at, faults->n, c->rows - 1);
	for (int y = 1; y < c->rows && top + (size_t)y - 1 < faults->n; y++) {
		size_t i = top + (size_t)y - 1;

		draw_fault(s, c, y, i);
		if (i != at)
			continue;
		draw_text(c, y, 1, 1, TONE_ACCENT, draw_glyph(GLYPH_CURSOR));
		draw_cursor(c, y, focused);
	}
}

const struct panel sheet_faults = {
	.name = "Faults", .home = PANEL_DATA,
	.title = sheet_title,
	.rows = sheet_rows,
	.note = sheet_note,
	.draw = sheet_draw,
	.item = sheet_item,
};
