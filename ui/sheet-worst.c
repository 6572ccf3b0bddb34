/*
 * sheet-worst.c - the test rows that the newest run tells worst, one a line
 *
 *	      row  told    actual   of that      loss
 *	 ▸     43  no      yes       0.0031     5.777  ███████████
 *	      810  yes     no        0.0240     3.730  ███████
 */
#include "sheet-worst.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "grid.h"
#include "panel.h"
#include "run/worst.h"
#include "workbench.h"

enum { ROW_X = 1, ROW_WIDTH = 10, TOLD_X = ROW_X + ROW_WIDTH + 2,
       CLASS_LEAST = 6, CLASS_MOST = 18, NUMBER = 11, BAR_LEAST = 6,
       ROWS = 20 };

static const struct worst *worst_of(const struct session *s)
{
	const struct result *r = session_newest(s);

	return r && r->explained ? r->explained->worst : NULL;
}

/* One line says so when there is nothing to see. */
static size_t sheet_rows(const struct session *s)
{
	const struct worst *w = worst_of(s);

	return w && w->n ? w->n : 1;
}

static void sheet_want(struct session *s, struct view *v)
{
	struct result *r = s->results ? s->result[s->results - 1] : NULL;
	struct worst *found;

	(void)v;
	if (!r || worst_of(s) || !(found = worst_find(r, ROWS, NULL)))
		return;
	if (!r->explained)
		r->explained = mem_new(sizeof(*r->explained));
	explained_worst(r->explained, found);
}

static const char *sheet_title(const struct session *s, const struct view *v)
{
	(void)s;
	(void)v;
	return "worst";
}

static void sheet_note(const struct session *s, const struct view *v,
		       char *text, size_t size)
{
	panels[SHEET_MODEL]->note(s, v, text, size);
}

static const char *sheet_item(const struct session *s, const struct view *v)
{
	static char item[COUNT_TEXT];
	const struct worst *w = worst_of(s);
	size_t at = v->at[SHEET_WORST];

	if (!w || at >= w->n)
		return NULL;
	snprintf(item, sizeof(item), "%zu", w->at[at].row + 1);
	return item;
}

/* ---- drawing ---- */

/* What is told, and what is so, need the same room. */
static int class_width(const struct result *r, const struct worst *w)
{
	char text[WORST_TEXT];
	int most = CLASS_LEAST;

	for (size_t i = 0; i < 2 * w->n; i++) {
		const struct worst_row *row = &w->at[i / 2];
		int width = (int)text_width(i % 2 ? worst_told(text, r, row) :
					    worst_actual(text, r, row));

		most = width > most ? width : most;
	}
	return most < CLASS_MOST ? most : CLASS_MOST;
}

/* "−12.4": what is so minus what is told. */
static void say_off(char to[MEASURE_TEXT], double x)
{
	char size[MEASURE_TEXT];

	snprintf(to, MEASURE_TEXT, "%s%s", x < 0 ? draw_glyph(GLYPH_MINUS) :
		 "+", panel_figure(size, fabs(x)));
}

static void draw_row(const struct canvas *c, int y, int width,
		     const struct result *r, const struct worst *w, size_t i)
{
	const struct worst_row *row = &w->at[i];
	bool numbers = r->task == TASK_REGRESSION;
	char text[WORST_TEXT], figure[MEASURE_TEXT];
	int x = TOLD_X, room;

	draw_right(c, y, ROW_X, ROW_WIDTH, TONE_DIM,
		   text_count(text, row->row + 1));
	(numbers ? draw_right : draw_text)(c, y, x, width, TONE_PLAIN,
					   worst_told(text, r, row));
	x += width + 2;
	(numbers ? draw_right : draw_text)(c, y, x, width, TONE_STRONG,
					   worst_actual(text, r, row));
	x += width;
	if (numbers)
		say_off(figure, worst_figure(r, row));
	else
		snprintf(figure, sizeof(figure), "%.4f", worst_figure(r, row));
	draw_right(c, y, x, NUMBER, TONE_PLAIN, figure);
	x += NUMBER;
	if (!numbers) {
		draw_right(c, y, x, NUMBER, TONE_PLAIN,
			   panel_measure(figure, row->loss));
		x += NUMBER;
	}
	room = c->columns - x - 3;
	if (room >= BAR_LEAST && w->at[0].loss > 0)
		draw_bar(c, y, x + 2, room < 40 ? room : 40, TONE_BAD,
			 row->loss / w->at[0].loss);
}

static void draw_head(const struct canvas *c, int y, int width, bool numbers)
{
	int x = TOLD_X;

	draw_right(c, y, ROW_X, ROW_WIDTH, TONE_DIM, "row");
	(numbers ? draw_right : draw_text)(c, y, x, width, TONE_DIM, "told");
	x += width + 2;
	(numbers ? draw_right : draw_text)(c, y, x, width, TONE_DIM, "actual");
	x += width;
	draw_right(c, y, x, NUMBER, TONE_DIM, numbers ? "off by" : "of that");
	if (!numbers)
		draw_right(c, y, x + NUMBER, NUMBER, TONE_DIM, "loss");
}

static void draw_summary(const struct canvas *c, const struct result *r,
			 const struct worst *w)
{
	char count[COUNT_TEXT];

	draw_printf(c, 0, 1, c->columns - 2, TONE_DIM, "%zu of %s test rows "
		    "have %d %% of %s", w->n, text_count(count, w->of),
		    panel_percent(w->share), r->task == TASK_REGRESSION ?
		    "all that they are off" : "the log loss");
}

static void draw_nothing(const struct session *s, const struct canvas *c)
{
	draw_text(c, 0, 1, c->columns - 2, TONE_DIM, session_newest(s) ?
		  "nothing that was told of test rows is kept: train again" :
		  "train, and the rows that are told worst are here");
}

static void sheet_draw(const struct session *s, struct view *v,
		       const struct canvas *c, bool focused)
{
	const struct result *r = session_newest(s);
	const struct worst *w = worst_of(s);
	size_t at = v->at[SHEET_WORST], top;
	struct canvas old;
	int y = c->rows > 8 ? 2 : 0, width;

	if (!w || !w->n) {
		draw_nothing(s, c);
		return;
	}
	old = panel_canvas(c, session_result_stale(s, r));
	width = class_width(r, w);
	if (y)
		draw_summary(c, r, w);
	draw_head(c, y++, width, r->task == TASK_REGRESSION);
	top = panel_top(v, SHEET_WORST, at, w->n, c->rows - y);
	for (size_t i = top; i < w->n && y < c->rows; i++, y++) {
		draw_row(&old, y, width, r, w, i);
		if (i == at)
			draw_cursor(c, y, focused);
	}
}

const struct panel sheet_worst = {
	.name = "Worst", .home = PANEL_TRAINING,
	.title = sheet_title,
	.rows = sheet_rows,
	.note = sheet_note,
	.want = sheet_want,
	.draw = sheet_draw,
	.item = sheet_item,
};

/* ---- a row of it, over the sheet ---- */

static bool inspect(struct session *s, int argc, char **argv, struct err *err)
{
	struct ui *ui = s->screen;
	char *end;
	unsigned long number = strtoul(argv[1], &end, 10);
	bool why = argc > 2 && !strcmp(argv[2], "why");

	s->fault = 1;
	if (*end || !isdigit((unsigned char)*argv[1]) || !number)
		return err_set(err, ERR_USAGE, "inspect wants the number of a "
			       "row");
	if (!grid_go(s, &ui->view, number - 1))
		return err_set(err, ERR_USAGE, "the filters hide row %lu, or "
			       "there is none", number);
	s->fault = 2;
	if (argc > 2 && !why)
		return err_set(err, ERR_USAGE, "inspect opens the record of a "
			       "row, or why");
	return session_do(s, why ? "show why" : "show record", err);
}

const struct command commands_worst[] = {
	{ .name = "inspect", .args = "ROW [why]",
	  .help = "Open the record of a row over the sheet that is open",
	  .min = 1, .max = 2, .flags = COMMAND_SCREEN, .run = inspect },
	{ 0 }
};
