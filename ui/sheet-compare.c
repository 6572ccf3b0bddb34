/*
 * sheet-compare.c - two runs side by side, and whether chance may be all that
 * is between them
 */
#include "sheet-compare.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "command/judging.h"
#include "page.h"
#include "panel.h"
#include "ui.h"
#include "workbench.h"

enum { NAME_X = 1, A_X = 20, WIDTH = 10, B_X = A_X + WIDTH + 1,
       DIFFERENCE_X = B_X + WIDTH + 1, RANGE_X = DIFFERENCE_X + WIDTH + 2,
       RANGE_WIDTH = 22, STRIP_X = RANGE_X + RANGE_WIDTH + 1 };

/* The comparison that was asked for last. */
static const struct versus *shown(const struct session *s)
{
	return s->versuses ? s->versus[s->versuses - 1] : NULL;
}

static size_t sheet_rows(const struct session *s)
{
	(void)s;
	return 1;
}

static const char *sheet_title(const struct session *s, const struct view *v)
{
	(void)s;
	(void)v;
	return "compare";
}

static void sheet_note(const struct session *s, const struct view *v,
		       char *text, size_t size)
{
	const struct versus *versus = shown(s);

	(void)v;
	*text = '\0';
	if (versus)
		snprintf(text, size, "#%d against #%d", versus->b, versus->a);
}

static char *say(const struct versus *v, char to[MEASURE_TEXT], double x)
{
	return v->numbers ? panel_figure(to, x) : panel_measure(to, x);
}

static char *say_signed(const struct versus *v, char to[MEASURE_TEXT],
			double x)
{
	char size[MEASURE_TEXT];

	if (!v->numbers || isnan(x))
		return panel_signed(to, x, 3);
	snprintf(to, MEASURE_TEXT, "%s%s", x < 0 ? draw_glyph(GLYPH_MINUS) :
		 "+", panel_figure(size, fabs(x)));
	return to;
}

/* Less is better of the errors of numbers. */
static enum tone tone_of(const struct versus *v, size_t k,
			 const struct difference *d)
{
	bool less = v->numbers && k != NUMBER_R2;

	if (d->of.by == BY_NOTHING || (d->of.low <= 0 && d->of.high >= 0))
		return TONE_DIM;
	return (d->of.low > 0) != less ? TONE_GOOD : TONE_BAD;
}

/* The interval as a line beside a 0, all on the scale of the widest. */
static void draw_strip(const struct canvas *c, int y, double most,
		       const struct difference *d, enum tone tone)
{
	int width = c->columns - STRIP_X - 2, zero = STRIP_X + width / 2;
	int half = width / 2, low, high;

	if (width < 11 || d->of.by == BY_NOTHING || !(most > 0))
		return;
	low = zero + (int)lround(d->of.low / most * half);
	high = zero + (int)lround(d->of.high / most * half);
	draw_text(c, y, zero, 1, TONE_DIM, draw_glyph(GLYPH_AXIS));
	draw_repeat(c, y, low, high - low + 1, tone, GLYPH_LINE);
	if (low <= zero && high >= zero)
		draw_text(c, y, zero, 1, tone, draw_glyph(GLYPH_AXIS));
	draw_text(c, y, zero + (int)lround((d->b - d->a) / most * half), 1,
		  tone, draw_glyph(GLYPH_ON));
}

static void draw_measure(const struct canvas *c, int y,
			 const struct versus *v, size_t k, const char *name,
			 const struct difference *d, double most)
{
	char text[MEASURE_TEXT], low[MEASURE_TEXT], high[MEASURE_TEXT];
	enum tone tone = tone_of(v, k, d);

	draw_text(c, y, NAME_X, A_X - NAME_X - 1, TONE_PLAIN, name);
	draw_right(c, y, A_X, WIDTH, TONE_PLAIN, say(v, text, d->a));
	draw_right(c, y, B_X, WIDTH, TONE_STRONG, say(v, text, d->b));
	draw_right(c, y, DIFFERENCE_X, WIDTH, tone == TONE_DIM ? TONE_PLAIN :
		   tone, say_signed(v, text, d->b - d->a));
	if (d->of.by != BY_NOTHING)
		draw_printf(c, y, RANGE_X, RANGE_WIDTH, TONE_DIM, "%s to %s",
			    say_signed(v, low, d->of.low),
			    say_signed(v, high, d->of.high));
	/* Of numbers each has a scale of its own. */
	draw_strip(c, y, v->numbers ? fmax(fabs(d->of.low), fabs(d->of.high))
		   : most, d, tone);
}

static double widest(const struct versus *v)
{
	const struct difference *d;
	const char *name, *key;
	double most = 0;

	for (size_t k = 0; (d = versus_nth(v, k, &name, &key)); k++)
		if (d->of.by != BY_NOTHING)
			most = fmax(most, fmax(fabs(d->of.low),
					       fabs(d->of.high)));
	return most;
}

static int draw_measures(const struct canvas *c, int y,
			 const struct versus *v)
{
	const struct difference *d;
	const char *name, *key;
	double most = widest(v);
	char run[24];

	snprintf(run, sizeof(run), "run %d", v->a);
	draw_right(c, y, A_X, WIDTH, TONE_DIM, run);
	snprintf(run, sizeof(run), "run %d", v->b);
	draw_right(c, y, B_X, WIDTH, TONE_DIM, run);
	draw_right(c, y, DIFFERENCE_X, WIDTH, TONE_DIM, "difference");
	draw_text(c, y++, RANGE_X, RANGE_WIDTH, TONE_DIM, "95 %");
	for (size_t k = 0; (d = versus_nth(v, k, &name, &key)); k++)
		draw_measure(c, y++, v, k, name, d, most);
	return y;
}

/* McNemar's and the folds', a line each. */
static void say_tests(struct page *p, const struct versus *v)
{
	const struct mcnemar *m = &v->mcnemar;
	char count[COUNT_TEXT], mean[MEASURE_TEXT];

	if (!v->why && !v->numbers) {
		page_label(p, "McNemar");
		page_printf(p, TONE_PLAIN, "run %d alone is right in %s row%s,",
			    v->a, text_count(count, m->only_a),
			    m->only_a == 1 ? "" : "s");
		page_printf(p, TONE_PLAIN, " run %d alone in %s:", v->b,
			    text_count(count, m->only_b));
		page_printf(p, TONE_STRONG, " p %.2g", m->p);
		page_printf(p, TONE_DIM, "%s", m->exact ? ", exact" : "");
		page_line(p);
	}
	if (v->folds) {
		page_label(p, "folds");
		page_printf(p, TONE_PLAIN, "%zu: %s %s on average,", v->folds,
			    v->numbers ? "r2" : "accuracy",
			    panel_signed(mean, v->mean, 4));
		page_printf(p, TONE_STRONG, " p %.2g", v->p);
		page_printf(p, TONE_DIM, ", corrected t");
		page_line(p);
	}
}

static enum tone tone_of_verdict(enum verdict verdict)
{
	return verdict == VERDICT_BETTER ? TONE_GOOD :
	       verdict == VERDICT_WORSE ? TONE_BAD : TONE_STRONG;
}

static void draw_versus(const struct versus *v, const struct canvas *c)
{
	char *words = versus_words(v), count[COUNT_TEXT];
	struct canvas rest = *c;
	struct page p;
	int y;

	draw_printf(c, 0, 1, c->columns - 2, TONE_PLAIN,
		    "run %d: %s   against   run %d: %s", v->b, v->name_b, v->a,
		    v->name_a);
	if (!v->why)
		draw_printf(c, 1, 1, c->columns - 2, TONE_DIM,
			    "on the same %s test rows",
			    text_count(count, v->n));
	y = draw_measures(c, 3, v) + 1;
	page_init(&p, &rest, false);
	p.y = y;
	page_printf(&p, tone_of_verdict(v->verdict), "%s%s%s", words,
		    v->verdict == VERDICT_NONE ? "" : ", in ",
		    v->verdict == VERDICT_NONE ? "" : versus_rank_name(v));
	page_line(&p);
	page_gap(&p);
	say_tests(&p, v);
	free(words);
}

static void sheet_draw(const struct session *s, struct view *v,
		       const struct canvas *c, bool focused)
{
	const struct versus *versus = shown(s);

	(void)v;
	(void)focused;
	if (versus)
		draw_versus(versus, c);
	else
		draw_text(c, 0, 1, c->columns - 2, TONE_DIM,
			  "Enter on a run compares it with the one before");
}

const struct panel sheet_compare = {
	.name = "Compare", .home = PANEL_RUNS,
	.title = sheet_title,
	.rows = sheet_rows,
	.note = sheet_note,
	.draw = sheet_draw,
};

/* ---- the command ---- */

/* The run that one is held against: the pinned one, or the one before; of the
 * first the next. */
static int other_of(const struct session *s, int number)
{
	if (s->pinned && s->pinned != number)
		return s->pinned;
	return number > 1 ? number - 1 : number + 1;
}

static bool versus(struct session *s, int argc, char **argv, struct err *err)
{
	struct ui *ui = s->screen;
	char line[80];
	int number = (int)strtol(argv[1], NULL, 10);

	(void)argc;
	s->fault = 1;
	if (number < 1 || (size_t)number > s->results || s->results < 2)
		return err_set(err, ERR_USAGE, s->results < 2 ?
			       "there are no two runs yet: train twice" :
			       "there is no such run");
	snprintf(line, sizeof(line), "compare %d %d", other_of(s, number),
		 number);
	if (!session_do(s, line, err))
		return false;
	panel_open(&ui->view, SHEET_COMPARE);
	ui_focus(ui, PANEL_RUNS);
	return true;
}

const struct command commands_compare[] = {
	{ .name = "versus", .args = "RUN",
	  .help = "Show a run beside the pinned one, or the one before",
	  .min = 1, .max = 1, .flags = COMMAND_SCREEN, .run = versus },
	{ 0 }
};
