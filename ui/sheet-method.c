/*
 * sheet-method.c - a method and its options, chosen with the eyes on the result
 *
 *	 ● logistic  a weight for ...  │   l2      1       default 1
 *	   linear    tells numbers     │ ▸ solver  newton  newton liblinear
 *	   ...                         │   ...
 *
 * All methods at the left, at the right the options of the one under the
 * cursor; where there is no room, one of the two.  Each change is a "method"
 * command.  Training and Weights stay in sight below, so that what a choice
 * comes to is seen at once.
 */
#include "sheet-method.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "option-lines.h"
#include "run/target.h"

enum { BOTH_COLUMNS = 74,	/* from here on list and options */
       LIST_LEAST = 34, LIST_MOST = 56,
       NAME_LEAST = 8, VALUE_LEAST = 9, VALUE_MOST = 16 };

static size_t methods_n(void)
{
	size_t n = 0;

	while (methods[n])
		n++;
	return n;
}

const struct method *method_under(const struct view *v)
{
	size_t at = v->at[SHEET_METHOD], n = methods_n();

	return methods[at < n ? at : n - 1];
}

/* ---- what can be chosen, and what is ---- */

/* Whether there is a target; the task that it makes, as far as a glance
 * tells. */
static bool glance(const struct session *s, enum task_kind *task)
{
	enum { GLANCE = 10000 };
	const struct table *table = panel_table(s);
	const struct column *target;

	if (!table || s->settings.target < 0)
		return false;
	target = &table->column[s->settings.target];
	*task = target_task(target, table->rows < GLANCE ? table->rows
							 : GLANCE);
	return true;
}

const char *method_refuses(const struct session *s,
			   const struct method *method)
{
	enum task_kind task;

	return glance(s, &task) ? method_unfit(method, task) : NULL;
}

bool method_chosen(const struct session *s, const struct method *method)
{
	enum task_kind task = TASK_CLASSIFICATION;

	if (s->settings.method)
		return method == s->settings.method;
	glance(s, &task);
	return method == method_for(task);
}

void method_options(const struct session *s, const struct method *method,
		    struct option_values *values)
{
	if (method == s->settings.method) {
		options_copy(values, &s->settings.method_options);
		return;
	}
	for (size_t i = s->results; i-- > 0;)
		if (s->result[i]->method == method) {
			options_copy(values, &s->result[i]->options);
			return;
		}
	options_init(values, method->options);
}

void method_go(const struct session *s, struct view *v)
{
	v->method.options = false;
	for (size_t i = 0; methods[i]; i++)
		if (method_chosen(s, methods[i]))
			v->at[SHEET_METHOD] = i;
}

size_t *method_cursor(struct view *v, size_t *n)
{
	*n = v->method.options ? options_count(method_under(v)->options)
			       : methods_n();
	return v->method.options ? &v->method.option : &v->at[SHEET_METHOD];
}

/* ---- the frame ---- */

static size_t sheet_rows(const struct session *s)
{
	return panel_table(s) ? methods_n() : 0;
}

/* Of all of them, so that nothing jumps when the cursor moves; two are for the
 * help. */
static int sheet_lines(void)
{
	size_t most = methods_n();

	for (size_t i = 0; methods[i]; i++) {
		size_t n = options_count(methods[i]->options);

		most = n > most ? n : most;
	}
	return (int)most + 2;
}

static const char *sheet_title(const struct session *s, const struct view *v)
{
	(void)s;
	return v->method.options ? method_under(v)->name : "method";
}

static const char *sheet_item(const struct session *s, const struct view *v)
{
	(void)s;
	return method_under(v)->name;
}

/* What the choice has come to, and whether it has already. */
static void sheet_note(const struct session *s, const struct view *v,
		       char *text, size_t size)
{
	const struct result *r = session_newest(s);
	char work[MEASURE_TEXT], headline[HEADLINE_TEXT], rank[HEADLINE_TEXT];

	(void)v;
	*text = '\0';
	if (s->working == WORK_TRAIN)
		snprintf(text, size, "%s", panel_work(work, s));
	else if (r && session_result_stale(s, r))
		snprintf(text, size, "not trained yet");
	else if (r)
		snprintf(text, size, "#%d  %s  %s", r->number,
			 panel_headline(headline, r), panel_rank(rank, r));
}

/* ---- the methods ---- */

static int name_width(void)
{
	int most = NAME_LEAST;

	for (size_t i = 0; methods[i]; i++) {
		int width = (int)text_width(methods[i]->name);

		most = width > most ? width : most;
	}
	return most + 2;
}

static void draw_method(const struct session *s, const struct canvas *c, int y,
			const struct method *method)
{
	const char *refuses = method_refuses(s, method);
	bool chosen = method_chosen(s, method);
	int x = 5, width = name_width();

	if (chosen)
		draw_text(c, y, 3, 1, TONE_GOOD, draw_glyph(GLYPH_ON));
	draw_text(c, y, x, width < c->columns - x ? width - 1 : c->columns - x,
		  refuses ? TONE_DIM : chosen ? TONE_STRONG : TONE_PLAIN,
		  method->name);
	x += width;
	if (x + OPTION_HINT < c->columns)
		draw_text(c, y, x, c->columns - 1 - x, TONE_DIM,
			  refuses ? refuses : method->help);
}

static void draw_methods(const struct session *s, struct view *v,
			 const struct canvas *c, bool focused)
{
	size_t n = methods_n(), at = v->at[SHEET_METHOD];
	size_t top = panel_top(v, SHEET_METHOD, at, n, c->rows);

	for (int y = 0; y < c->rows && top + (size_t)y < n; y++) {
		size_t i = top + (size_t)y;

		draw_method(s, c, y, methods[i]);
		if (i != at)
			continue;
		draw_text(c, y, 1, 1, focused ? TONE_ACCENT : TONE_DIM,
			  draw_glyph(GLYPH_CURSOR));
		draw_cursor(c, y, focused);
	}
}

/* ---- the options of one ---- */

/* Names have the room that they need, values some of what is left. */
static struct option_columns place(const struct option *table, int columns)
{
	struct option_columns at = { .x = 3, .name = NAME_LEAST };

	for (size_t i = 0; table && table[i].name; i++) {
		int width = (int)text_width(table[i].name) + 2;

		at.name = width > at.name ? width : at.name;
	}
	at.value = (columns - at.name) / 4;
	at.value = at.value < VALUE_LEAST ? VALUE_LEAST :
		   at.value > VALUE_MOST ? VALUE_MOST : at.value;
	return at;
}

static void draw_options(const struct session *s, struct view *v,
			 const struct canvas *c, bool focused)
{
	const struct method *method = method_under(v);
	struct option_columns at = place(method->options, c->columns);
	size_t n = options_count(method->options), top;
	struct option_values values;

	if (n == 0) {
		draw_text(c, 0, 3, c->columns - 4, TONE_DIM, "no options");
		return;
	}
	method_options(s, method, &values);
	if (v->method.option >= n)
		v->method.option = n - 1;
	top = list_top(&v->method.top, v->method.option, n, c->rows);
	for (int y = 0; y < c->rows && top + (size_t)y < n; y++) {
		option_line(c, y, &at, &values, top + (size_t)y);
		if (top + (size_t)y != v->method.option || !v->method.options)
			continue;
		draw_text(c, y, 1, 1, TONE_ACCENT, draw_glyph(GLYPH_CURSOR));
		draw_cursor(c, y, focused);
	}
	options_clear(&values);
}

/* ---- both ---- */

/* What the line under the cursor means. */
static void draw_help(const struct session *s, const struct view *v,
		      const struct canvas *c, int y)
{
	const struct method *method = method_under(v);
	const char *refuses = method_refuses(s, method);
	bool option = v->method.options && method->options;

	if (refuses)
		draw_printf(c, y, 3, c->columns - 4, TONE_WARN, "%s %s",
			    method->name, refuses);
	else
		draw_text(c, y, 3, c->columns - 4, TONE_DIM, option
			  ? method->options[v->method.option].help
			  : method->help);
}

/* A part of the canvas, where it can be had. */
static void draw_part(const struct session *s, struct view *v,
		      const struct canvas *c, int x, int columns, bool options,
		      bool focused)
{
	struct canvas part = { derwin(c->window, c->rows, columns, 0, x),
			       c->rows, columns, c->stale };

	if (!part.window)
		return;
	focused = focused && options == v->method.options;
	if (options)
		draw_options(s, v, &part, focused);
	else
		draw_methods(s, v, &part, focused);
	delwin(part.window);
}

static void sheet_draw(const struct session *s, struct view *v,
		       const struct canvas *c, bool focused)
{
	struct canvas upper = *c;
	int list = c->columns * 42 / 100;

	if (panel_waiting(s, c))
		return;
	if (c->rows >= 4)
		upper.rows -= c->rows >= 8 ? 2 : 1;
	list = list < LIST_LEAST ? LIST_LEAST :
	       list > LIST_MOST ? LIST_MOST : list;
	if (c->columns < BOTH_COLUMNS) {
		draw_part(s, v, &upper, 0, c->columns, v->method.options,
			  focused);
	} else {
		draw_part(s, v, &upper, 0, list, false, focused);
		for (int y = 0; y < upper.rows; y++)
			draw_text(c, y, list, 1, TONE_DIM,
				  draw_glyph(GLYPH_AXIS));
		draw_part(s, v, &upper, list + 1, c->columns - list - 1, true,
			  focused);
	}
	if (upper.rows < c->rows)
		draw_help(s, v, c, c->rows - 1);
}

const struct panel sheet_method = {
	.name = "Method", .home = PANEL_TRAINING,
	.down = CURSOR_METHOD,
	.lines = sheet_lines,
	.title = sheet_title,
	.rows = sheet_rows,
	.note = sheet_note,
	.draw = sheet_draw,
	.item = sheet_item,
};
