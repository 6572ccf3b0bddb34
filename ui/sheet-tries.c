/*
 * sheet-tries.c - what a tune has tried, the best first
 *
 *	   depth  leaf      mcc                          sd
 *	 ▸     4     5    0.881          ───●───      0.021     0.12 s
 *	       6     5    0.879         ────●────     0.026     0.15 s
 *
 * What varies has a column each; the line is the mean of the folds with one
 * standard deviation to both sides, all on one scale.  Below stand the words of
 * the report: what the best is worth, and what is as good and simpler.
 */
#include "sheet-tries.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "chart.h"
#include "panel.h"
#include "run/tune.h"
#include "workbench.h"

enum { FIRST_X = 3, VALUE_LEAST = 5, VALUE_MOST = 14, NUMBER = 7, ROWS = 9,
       SECONDS = 9, STRIP_LEAST = 9, STRIP_MOST = 48, NOTES = 5,
       WIDTHS_OF = 200 };

/* ---- which run, and what it has ---- */

static struct view *view_of(const struct session *s)
{
	struct ui *ui = s->screen;

	return &ui->view;
}

/* NULL: none was tuned. */
static const struct result *shown(const struct session *s)
{
	int wanted = view_of(s)->tries_of;

	for (size_t i = s->results; i-- > 0;)
		if (s->result[i]->tuned &&
		    (!wanted || s->result[i]->number == wanted))
			return s->result[i];
	return NULL;
}

static size_t sheet_rows(const struct session *s)
{
	const struct result *r = shown(s);

	return r ? r->tuned->tries : 1;
}

static const char *sheet_title(const struct session *s, const struct view *v)
{
	(void)s;
	(void)v;
	return "tries";
}

static void sheet_note(const struct session *s, const struct view *v,
		       char *text, size_t size)
{
	const struct result *r = shown(s);

	(void)v;
	*text = '\0';
	if (r)
		snprintf(text, size, "#%d %s", r->number, r->method->name);
}

static const struct tried *under_cursor(const struct session *s)
{
	const struct result *r = shown(s);
	size_t at = view_of(s)->at[SHEET_TRIES];

	return r && at < r->tuned->tries ? &r->tuned->tried[at] : NULL;
}

static const char *sheet_item(const struct session *s, const struct view *v)
{
	const struct tried *tried = under_cursor(s);

	(void)v;
	return tried ? tried->options : NULL;
}

/* ---- where all stands ---- */

/* Of the columns; 0: it is not shown. */
struct places {
	size_t options;
	int option[OPTIONS_MAX];	/* widths */
	int mean, strip, sd, rows, seconds;	/* and where they begin */
	int strip_width;
	double low, high;		/* the scale of the strips */
};

/* "depth=4" as its name or its value. */
static char *part_of(const char *word, bool value)
{
	size_t name = strcspn(word, "=");

	return value ? mem_strdup(word + name + (word[name] == '='))
		     : mem_strndup(word, name);
}

static void widen(struct places *p, const char *options)
{
	struct words words;

	if (!words_split(&words, options, NULL))
		return;
	for (size_t k = 0; k < words.n && k < OPTIONS_MAX; k++)
		for (int value = 0; value < 2; value++) {
			char *text = part_of(words.word[k], value);
			int width = (int)text_width(text);

			width = width < VALUE_MOST ? width : VALUE_MOST;
			if (width > p->option[k])
				p->option[k] = width;
			free(text);
		}
	p->options = words.n < OPTIONS_MAX ? words.n : OPTIONS_MAX;
	words_clear(&words);
}

/* Means and deviations; where all are alike, some room around them. */
static void find_scale(struct places *p, const struct tuned *t)
{
	p->low = INFINITY;
	p->high = -INFINITY;
	for (size_t i = 0; i < t->tries; i++) {
		if (t->tried[i].failed)
			continue;
		p->low = fmin(p->low, t->tried[i].mean - t->tried[i].sd);
		p->high = fmax(p->high, t->tried[i].mean + t->tried[i].sd);
	}
	if (!(p->high > p->low)) {
		p->low -= 0.5;
		p->high += 0.5;
	}
}

static bool some_on_fewer_rows(const struct tuned *t)
{
	for (size_t i = 0; i < t->tries; i++)
		if (t->tried[i].rows != t->rows)
			return true;
	return false;
}

/* The score always, then sd, the strip, rows where they differ, seconds, as
 * far as there is room. */
static struct places place(const struct tuned *t, int columns)
{
	struct places p = { .mean = FIRST_X };
	int left;

	for (size_t i = 0; i < t->tries && i < WIDTHS_OF; i++)
		widen(&p, t->tried[i].options);
	for (size_t k = 0; k < p.options; k++) {
		if (p.option[k] < VALUE_LEAST)
			p.option[k] = VALUE_LEAST;
		p.mean += p.option[k] + 2;
	}
	find_scale(&p, t);
	left = columns - 1 - p.mean - NUMBER;
	if (left >= NUMBER + 1) {
		p.sd = p.mean + NUMBER + 1;
		left -= NUMBER + 1;
	}
	if (some_on_fewer_rows(t) && left >= ROWS) {
		p.rows = p.sd + NUMBER;
		left -= ROWS;
	}
	if (left >= SECONDS + STRIP_LEAST + 2) {
		p.seconds = columns - 1 - SECONDS;
		left -= SECONDS;
	}
	if (left >= STRIP_LEAST + 2) {
		p.strip_width = left - 2 < STRIP_MOST ? left - 2 : STRIP_MOST;
		p.strip = (p.rows ? p.rows + ROWS : p.sd + NUMBER) + 2;
	}
	return p;
}

/* ---- a line ---- */

static void draw_options(const struct canvas *c, int y,
			 const struct places *p, const char *options,
			 bool value, enum tone tone)
{
	struct words words;
	int x = FIRST_X;

	if (!words_split(&words, options, NULL))
		return;
	for (size_t k = 0; k < words.n && k < p->options; k++) {
		char *text = part_of(words.word[k], value);

		draw_right(c, y, x, p->option[k], tone, text);
		x += p->option[k] + 2;
		free(text);
	}
	words_clear(&words);
}

static void draw_head(const struct canvas *c, int y, const struct places *p,
		      const struct tuned *t)
{
	draw_options(c, y, p, t->tried[0].options, false, TONE_DIM);
	draw_right(c, y, p->mean, NUMBER, TONE_DIM, t->measure);
	if (p->sd)
		draw_right(c, y, p->sd, NUMBER, TONE_DIM, "sd");
	if (p->rows)
		draw_right(c, y, p->rows, ROWS, TONE_DIM, "rows");
}

static int strip_at(const struct places *p, double x)
{
	double part = (x - p->low) / (p->high - p->low);

	return p->strip + (int)lround(part * (p->strip_width - 1));
}

static void draw_strip(const struct canvas *c, int y, const struct places *p,
		       const struct tried *one, bool best)
{
	int low = strip_at(p, one->mean - one->sd);
	int high = strip_at(p, one->mean + one->sd);

	draw_repeat(c, y, low, high - low + 1, TONE_DIM, GLYPH_LINE);
	draw_text(c, y, strip_at(p, one->mean), 1, best ? TONE_GOOD
		  : TONE_VALUES, draw_glyph(GLYPH_ON));
}

static void draw_tried(const struct canvas *c, int y, const struct places *p,
		       const struct tried *one, bool best)
{
	enum tone tone = one->failed ? TONE_DIM : best ? TONE_STRONG
							: TONE_PLAIN;
	char text[COUNT_TEXT + MEASURE_TEXT];

	if (best)
		draw_text(c, y, 1, 1, TONE_WARN, draw_glyph(GLYPH_BEST));
	draw_options(c, y, p, one->options, true, tone);
	if (one->failed) {
		draw_text(c, y, p->mean + 2, c->columns - 3 - p->mean,
			  TONE_WARN, one->failed);
		return;
	}
	draw_right(c, y, p->mean, NUMBER, tone,
		   panel_measure(text, one->mean));
	if (p->sd)
		draw_right(c, y, p->sd, NUMBER, TONE_DIM,
			   panel_measure(text, one->sd));
	if (p->rows)
		draw_right(c, y, p->rows, ROWS, TONE_DIM,
			   text_count(text, one->rows));
	if (p->strip)
		draw_strip(c, y, p, one, best);
	snprintf(text, sizeof(text), one->seconds < 10 ? "%.2f s" : "%.0f s",
		 one->seconds);
	if (p->seconds)
		draw_right(c, y, p->seconds, SECONDS, TONE_DIM, text);
}

/* ---- the score against the option, where one number varies ---- */

enum { CURVE_LEAST = 3, CURVE_ROWS = 7, CURVE_X = 10, CURVE_FROM = 26 };

struct spot {
	double x, mean, sd;
};

static int by_x(const void *a, const void *b)
{
	const struct spot *p = a, *q = b;

	return (p->x > q->x) - (p->x < q->x);
}

/* Those that were tried on all rows; 0: it is not one number that varies. */
static size_t spots_of(const struct result *r, struct spot *spot)
{
	const struct tuned *t = r->tuned;
	size_t n = 0;

	for (size_t i = 0; i < t->tries; i++) {
		const char *value = strchr(t->tried[i].options, '=');
		char *end = NULL;
		double x = value ? strtod(value + 1, &end) : NAN;

		if (!value || end == value + 1 || *end)
			return 0;
		if (t->tried[i].failed || t->tried[i].rows != t->rows)
			continue;
		spot[n++] = (struct spot){ x, t->tried[i].mean,
					   t->tried[i].sd };
	}
	qsort(spot, n, sizeof(*spot), by_x);
	return n;
}

static void draw_spots(const struct canvas *c, int y, int columns,
		       const struct spot *spot, size_t n,
		       const struct places *p)
{
	struct chart *chart = chart_new(CURVE_ROWS, columns);
	double first = spot[0].x, last = spot[n - 1].x;
	bool log_x = first > 0 && last / first >= 30;
	double before_x = 0, before_y = 0;

	for (size_t i = 0; i < n; i++) {
		double x = log_x ? log(spot[i].x / first) / log(last / first)
				 : (spot[i].x - first) / (last - first);
		double range = p->high - p->low;
		double mean = (spot[i].mean - p->low) / range;
		double sd = spot[i].sd / range;

		chart_dotted(chart, x, mean - sd, x, mean + sd, TONE_DIM);
		if (i > 0)
			chart_line(chart, before_x, before_y, x, mean,
				   TONE_VALUES);
		before_x = x;
		before_y = mean;
	}
	chart_draw(chart, c, y, CURVE_X);
	chart_free(chart);
}

/* Returns the lines that it takes. */
static int draw_curve(const struct canvas *c, int y, const struct result *r,
		      const struct places *p)
{
	struct spot *spot = mem_array(r->tuned->tries, sizeof(*spot));
	size_t n = c->rows >= CURVE_FROM ? spots_of(r, spot) : 0;
	int columns = c->columns - CURVE_X - 4;
	char text[MEASURE_TEXT];

	columns = columns < 72 ? columns : 72;
	if (n < CURVE_LEAST || !(spot[n - 1].x > spot[0].x) || columns < 20) {
		free(spot);
		return 0;
	}
	draw_spots(c, y, columns, spot, n, p);
	draw_right(c, y, 1, CURVE_X - 2, TONE_DIM,
		   panel_measure(text, p->high));
	draw_right(c, y + CURVE_ROWS - 1, 1, CURVE_X - 2, TONE_DIM,
		   panel_measure(text, p->low));
	y += CURVE_ROWS + 1;
	draw_text(c, y, CURVE_X, columns, TONE_DIM,
		  panel_figure(text, spot[0].x));
	draw_right(c, y, CURVE_X, columns + 1, TONE_DIM,
		   panel_figure(text, spot[n - 1].x));
	free(spot);
	return CURVE_ROWS + 3;
}

/* ---- what is to be said ---- */

struct said {
	enum tone tone;
	char *text;		/* owned */
};

/* A reason for which there was no room in its line comes first. */
static size_t say(const struct result *r, size_t at, struct said note[NOTES])
{
	const struct tuned *t = r->tuned;
	char rank[HEADLINE_TEXT];
	size_t n = 0;

	if (at < t->tries && t->tried[at].failed)
		note[n++] = (struct said){ TONE_WARN,
			mem_strdup(t->tried[at].failed) };
	if (t->edge)
		note[n++] = (struct said){ TONE_WARN,
			mem_printf("%s %s", draw_glyph(GLYPH_ALERT), t->edge) };
	if (t->simpler)
		note[n++] = (struct said){ TONE_PLAIN, mem_strdup(t->simpler) };
	if (t->over || t->stopped)
		note[n++] = (struct said){ TONE_DIM, mem_printf(
			"%s after %zu of %zu tries", t->stopped ?
			"stopped" : "no more time", t->tries, t->wanted) };
	if (t->tries > 1)
		note[n++] = (struct said){ TONE_DIM, mem_printf(
			"the best of %zu flatters: its %s here is %.3f; on the "
			"test rows, which had no say, %s", t->tries,
			t->measure, t->tried[0].mean, panel_rank(rank, r)) };
	return n;
}

/* Lines that a text takes; drawn from y on, if that is not negative. */
static int flow(const struct canvas *c, int y, const struct said *note)
{
	const char *text = note->text;
	int lines = 0, width = c->columns - 2;

	while (*text && width > 0) {
		size_t len = text_line(text, (size_t)width);
		char *line = mem_strndup(text, len);

		if (y >= 0)
			draw_text(c, y + lines, 1, width, note->tone, line);
		free(line);
		lines++;
		text += len ? len : strlen(text);
		text += strspn(text, " ");
	}
	return lines;
}

/* At the bottom, from the first on, as far as a third of the lines goes;
 * returns how many lines are left above. */
static int draw_notes(const struct canvas *c, const struct result *r,
		      size_t at)
{
	struct said note[NOTES];
	size_t n = say(r, at, note), shown = 0;
	int lines = 0, y;

	while (shown < n && lines + flow(c, -1, &note[shown]) <= c->rows / 3)
		lines += flow(c, -1, &note[shown++]);
	y = c->rows - lines;
	for (size_t i = 0; i < n; i++) {
		if (i < shown)
			y += flow(c, y, &note[i]);
		free(note[i].text);
	}
	return c->rows - lines - (lines && c->rows > 12);
}

/* ---- the sheet ---- */

static void draw_summary(const struct canvas *c, const struct tuned *t)
{
	char rows[COUNT_TEXT];

	draw_printf(c, 0, 1, c->columns - 2, TONE_DIM,
		    "%s: %zu of %zu tried, by %zu folds of the %s training "
		    "rows", t->by, t->tries, t->wanted, t->folds,
		    text_count(rows, t->rows));
}

static void draw_list(struct view *v, const struct canvas *c, int y, int end,
		      const struct result *r, const struct places *p,
		      bool focused)
{
	const struct tuned *t = r->tuned;
	size_t at = v->at[SHEET_TRIES], top;

	draw_head(c, y++, p, t);
	top = panel_top(v, SHEET_TRIES, at, t->tries, end - y);
	for (size_t i = top; i < t->tries && y < end; i++, y++) {
		draw_tried(c, y, p, &t->tried[i], i == 0);
		if (i == at)
			draw_cursor(c, y, focused);
	}
}

static void sheet_draw(const struct session *s, struct view *v,
		       const struct canvas *c, bool focused)
{
	const struct result *r = shown(s);
	struct places p;
	int y = 0, end;

	if (!r) {
		draw_text(c, 0, 1, c->columns - 2, TONE_DIM,
			  "no run was tuned: m, then t on a method");
		return;
	}
	p = place(r->tuned, c->columns);
	end = draw_notes(c, r, v->at[SHEET_TRIES]);
	if (c->rows > 8)
		draw_summary(c, r->tuned);
	y = c->rows > 14 ? 2 : c->rows > 8;
	y += draw_curve(c, y, r, &p);
	draw_list(v, c, y, end, r, &p, focused);
}

const struct panel sheet_tries = {
	.name = "Tries", .home = PANEL_TRAINING,
	.title = sheet_title,
	.rows = sheet_rows,
	.note = sheet_note,
	.draw = sheet_draw,
	.item = sheet_item,
};

/* ---- the command ---- */

/* "train tree depth=4 leaf=5": the options of the best but for those that vary,
 * which are this try's. */
static char *train_line(const struct result *r, const struct tried *one)
{
	struct option_values values;
	struct words words;
	char *options, *line;

	options_copy(&values, &r->options);
	if (words_split(&words, one->options, NULL)) {
		for (size_t k = 0; k < words.n; k++)
			options_set(&values, r->method->name, words.word[k],
				    NULL);
		words_clear(&words);
	}
	options = options_format(&values, false);
	line = mem_printf("train %s%s%s", r->method->name, *options ? " " : "",
			  options);
	free(options);
	options_clear(&values);
	return line;
}

static bool take(struct session *s, bool type, struct err *err)
{
	const struct tried *one = under_cursor(s);
	char *line;
	bool ok = true;

	if (!one)
		return err_set(err, ERR_USAGE, "no try is under the cursor");
	line = train_line(shown(s), one);
	if (type)
		ui_prompt(s->screen, line);
	else
		ok = session_do(s, line, err);
	free(line);
	return ok;
}

/* Which run is meant; 0: the newest that was tuned. */
static bool choose(struct session *s, const char *word, struct err *err)
{
	char *end = NULL;
	unsigned long number = word ? strtoul(word, &end, 10) : 0;
	struct view *v = view_of(s);
	int before = v->tries_of;

	if (word && (*end || !number || number > s->results))
		return err_set(err, ERR_USAGE, "there is no run '%.20s'; tries "
			       "takes its number, train or type", word);
	v->tries_of = (int)number;
	if (!shown(s)) {
		v->tries_of = before;
		return word ? err_set(err, ERR_USAGE, "run %lu was not tuned: "
				      "m, then t on a method, tunes it", number)
			    : err_set(err, ERR_USAGE, "no run was tuned yet: "
				      "m, then t on a method, tunes it");
	}
	v->at[SHEET_TRIES] = 0;
	return true;
}

static bool tries(struct session *s, int argc, char **argv, struct err *err)
{
	struct ui *ui = s->screen;
	const char *word = argc > 1 ? argv[1] : NULL;

	s->fault = argc > 1;
	if (word && (!strcmp(word, "train") || !strcmp(word, "type")))
		return take(s, !strcmp(word, "type"), err);
	if (!choose(s, word, err))
		return false;
	panel_open(&ui->view, SHEET_TRIES);
	ui_focus(ui, PANEL_TRAINING);
	return true;
}

static const char *complete_tries(const struct session *s, int argc,
				  char **argv, size_t n)
{
	static const char *const words[] = { "train", "type" };

	(void)s;
	(void)argv;
	return argc == 2 && n < ARRAY_LEN(words) ? words[n] : NULL;
}

const struct command commands_tries[] = {
	{ .name = "tries", .args = "[RUN|train|type]",
	  .help = "Show what a tune has tried, or train one of it",
	  .max = 1, .flags = COMMAND_SCREEN,
	  .complete = complete_tries, .run = tries },
	{ 0 }
};
