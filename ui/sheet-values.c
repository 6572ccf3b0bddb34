/*
 * sheet-values.c - how often each value of a column is there
 *
 * In the rows in sight, the most frequent one first, or in the order of the
 * values.  A value is a way to its rows: its line stands for an expression
 * that Data can be filtered by.
 */
#include "panel.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "command/insight.h"
#include "page.h"

static const struct column *column_of(const struct session *s,
				      const struct view *v)
{
	const struct table *table = panel_table(s);

	return table && v->column < table->columns ? &table->column[v->column]
						   : NULL;
}

static const struct values *values_seen(const struct session *s,
					const struct view *v)
{
	const char *why;

	return column_of(s, v) ? insight_values(s, v->column, &why) : NULL;
}

/* The entry on a line. */
static size_t entry_at(const struct session *s, const struct view *v, size_t i)
{
	const uint32_t *order = v->by_value ? insight_by_value(s) : NULL;

	return order ? order[i] : i;
}

/* ---- what the sheet says of itself ---- */

/* While they are counted there is one line to stand on. */
static size_t sheet_rows(const struct session *s)
{
	size_t n = insight_values_n(s);

	return !panel_table(s) ? 0 : n ? n : 1;
}

static const char *sheet_title(const struct session *s, const struct view *v)
{
	static char *title;
	const struct column *c = column_of(s, v);

	free(title);
	title = mem_printf("%s %s Values", c ? c->name : "",
			   draw_glyph(GLYPH_CURSOR));
	return title;
}

static void sheet_note(const struct session *s, const struct view *v,
		       char *text, size_t size)
{
	const struct values *values = values_seen(s, v);
	char at[COUNT_TEXT], of[COUNT_TEXT];

	if (!values || !values->n)
		return;
	snprintf(text, size, "%s of %s, %s",
		 text_count(at, v->at[SHEET_VALUES] + 1),
		 text_count(of, values->n),
		 v->by_value ? "by value" : "by count");
	if (s->looks.some)
		text_append(text, size, ", in %s rows",
			    text_count(of, values->rows));
}

static void sheet_want(struct session *s, struct view *v)
{
	if (v->values_column != v->column)
		v->at[SHEET_VALUES] = 0;
	v->values_column = v->column;
	insight_want_values(s, v->column);
}

/* ---- the expression of a line ---- */

static char *expression_of(const struct values *values, size_t i)
{
	const struct value *value = &values->value[i];
	const struct column *c = values->column;
	bool level = value->kind == VALUE_PRESENT && !c->number;

	return looks_equal(c, value->kind, value->number,
			   level ? c->level[value->text] : NULL);
}

static const char *sheet_item(const struct session *s, const struct view *v)
{
	static char *expression;
	const struct values *values = values_seen(s, v);

	if (!values || v->at[SHEET_VALUES] >= values->n)
		return NULL;
	free(expression);
	expression = expression_of(values, entry_at(s, v,
						    v->at[SHEET_VALUES]));
	return expression;
}

/* ---- drawing ---- */

/* What an entry says on the screen. */
static const char *text_of(const struct values *values, size_t i,
			   char buf[PAGE_NUMBER])
{
	const struct value *value = &values->value[i];

	if (value->kind == VALUE_MISSING)
		return "missing";
	if (value->kind == VALUE_PRESENT && values->column->type == COLUMN_TIME)
		return page_value(buf, values->column, value->number, 0);
	return values_text(values, i, buf);
}

/* Columns of the canvas; without a width: no room. */
struct places {
	int value, value_width;
	int count, percent, sum, bar, bar_width;
	bool right;		/* numbers stand against the right, */
	int decimals;		/* and their marks below each other */
};

enum { COUNT = 11, PERCENT = 8 };

/* Columns that the mark of a number and what is behind it take. */
static int decimals_of(const struct values *values, size_t i)
{
	char buf[PAGE_NUMBER];
	const char *mark;

	if (!values->column->number ||
	    values->column->type == COLUMN_TIME ||
	    values->value[i].kind != VALUE_PRESENT)
		return 0;
	mark = strchr(text_of(values, i, buf), '.');
	return mark && !strchr(mark, 'e') ? (int)strlen(mark) : 0;
}

static void widen(struct places *p, const struct values *values, size_t i)
{
	char buf[PAGE_NUMBER];
	char *safe = text_safe_dup(text_of(values, i, buf));
	int decimals = decimals_of(values, i);
	int width = (int)text_width(safe) - decimals;

	p->value_width = width > p->value_width ? width : p->value_width;
	p->decimals = decimals > p->decimals ? decimals : p->decimals;
	free(safe);
}

/* What the first of them need, too, so that little moves from page to page. */
enum { WIDENING = 500 };

static struct places places_of(const struct session *s, const struct view *v,
			       const struct canvas *c,
			       const struct values *values, size_t top,
			       size_t end)
{
	int longest, room = c->columns - 2, most = room * 45 / 100;
	struct places p = { .value = 1, .value_width = 5 };

	p.right = values->column->number;
	for (size_t i = 0; i < values->n && i < WIDENING; i++)
		widen(&p, values, entry_at(s, v, i));
	for (size_t i = top; i < end; i++)
		widen(&p, values, entry_at(s, v, i));
	longest = p.value_width + p.decimals;
	if (longest > most)
		longest = most < 6 ? 6 : most;
	p.value_width = longest;
	p.count = p.value + longest + 1;
	if (room - longest - 1 < COUNT)
		p.count = 0;
	p.percent = p.count + COUNT;
	p.sum = p.percent + PERCENT;
	if (p.percent + PERCENT > c->columns)
		p.percent = 0;
	if (p.sum + PERCENT > c->columns)
		p.sum = 0;
	p.bar = p.sum + PERCENT + 3;
	p.bar_width = p.sum ? c->columns - 2 - p.bar : 0;
	if (p.bar_width > 80)
		p.bar_width = 80;
	return p;
}

static void draw_head(const struct canvas *c, const struct places *p)
{
	(p->right ? draw_right : draw_text)(c, 0, p->value, p->value_width,
					    TONE_DIM, "value");
	if (p->count)
		draw_right(c, 0, p->count, COUNT, TONE_DIM, "rows");
	if (p->percent)
		draw_right(c, 0, p->percent, PERCENT, TONE_DIM, "percent");
	if (p->sum)
		draw_right(c, 0, p->sum, PERCENT, TONE_DIM, "so far");
}

static void draw_percent(const struct canvas *c, int y, int x, size_t part,
			 size_t all)
{
	char text[32];

	if (!x)
		return;
	snprintf(text, sizeof(text), "%.1f",
		 all ? 100.0 * (double)part / (double)all : 0.0);
	draw_right(c, y, x, PERCENT, TONE_DIM, text);
}

static void draw_value(const struct canvas *c, int y, const struct places *p,
		       const struct values *values, size_t i, size_t sum)
{
	const struct value *value = &values->value[i];
	enum tone tone = value->kind == VALUE_MISSING ? TONE_DIM :
			 value->kind == VALUE_ODD ? TONE_WARN : TONE_PLAIN;
	const char *text;
	char buf[PAGE_NUMBER], count[COUNT_TEXT];

	text = text_of(values, i, buf);
	if (p->right && value->kind == VALUE_PRESENT)
		draw_right(c, y, p->value, p->value_width - p->decimals +
			   decimals_of(values, i), tone, text);
	else
		draw_text(c, y, p->value, p->value_width, tone, text);
	if (p->count)
		draw_right(c, y, p->count, COUNT, TONE_PLAIN,
			   text_count(count, value->count));
	draw_percent(c, y, p->percent, value->count, values->rows);
	draw_percent(c, y, p->sum, sum, values->rows);
	if (p->bar_width < 4)
		return;
	draw_bar(c, y, p->bar, p->bar_width,
		 value->kind == VALUE_PRESENT ? TONE_VALUES : tone,
		 (double)value->count / (double)values->value[0].count);
	if (value->kind == VALUE_ODD)
		draw_right(c, y, p->bar + p->bar_width - 4, 5, TONE_WARN,
			   " odd");
}

static void draw_waiting(const struct session *s, const struct view *v,
			 const struct canvas *c)
{
	const char *why = NULL;

	insight_values(s, v->column, &why);
	draw_text(c, 0, 1, c->columns - 2, why ? TONE_WARN : TONE_DIM,
		  why ? why : draw_glyph(GLYPH_MORE));
}

static void sheet_draw(const struct session *s, struct view *v,
		       const struct canvas *c, bool focused)
{
	const struct values *values = values_seen(s, v);
	size_t top, end, sum = 0;
	struct places p;

	if (!column_of(s, v)) {
		panel_waiting(s, c);
		return;
	}
	if (!values) {
		draw_waiting(s, v, c);
		return;
	}
	top = panel_top(v, SHEET_VALUES, v->at[SHEET_VALUES], values->n,
			c->rows - 1);
	end = top + (size_t)(c->rows > 1 ? c->rows - 1 : 0);
	if (end > values->n)
		end = values->n;
	p = places_of(s, v, c, values, top, end);
	draw_head(c, &p);
	for (size_t i = 0; i < top; i++)
		sum += values->value[entry_at(s, v, i)].count;
	for (size_t i = top; i < end; i++) {
		size_t k = entry_at(s, v, i);
		int y = (int)(i - top) + 1;

		sum += values->value[k].count;
		draw_value(c, y, &p, values, k, sum);
		if (i == v->at[SHEET_VALUES])
			draw_cursor(c, y, focused);
	}
	if (!values->n)
		draw_text(c, 1, 1, c->columns - 2, TONE_DIM, "no rows");
}

const struct panel sheet_values = {
	.name = "Values",
	.home = PANEL_COLUMNS,
	.across = CURSOR_COLUMN,
	.title = sheet_title,
	.rows = sheet_rows,
	.note = sheet_note,
	.want = sheet_want,
	.draw = sheet_draw,
	.item = sheet_item,
};
