/*
 * panel-columns.c - every column: its role, its name, its values drawn small
 *
 *	★ failure       no ████████▏yes
 *	✓ air_temp      ▁▂▅██▆▃▁  K
 *	· press_id      10,000 distinct
 *
 * The columns stand in the order of the file, so that nothing moves away when
 * its role changes.
 */
#include "panel.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "page.h"

static size_t columns_of(const struct session *s)
{
	return session_columns(s);
}

static const char *name_of(const struct session *s, size_t column)
{
	return session_name(s, column);
}

static size_t panel_rows(const struct session *s)
{
	return columns_of(s);
}

static const char *panel_item(const struct session *s, const struct view *v)
{
	return v->column < columns_of(s) ? name_of(s, v->column) : NULL;
}

static void panel_note(const struct session *s, const struct view *v,
		       char *text, size_t size)
{
	size_t used = 0;

	(void)v;
	*text = '\0';
	if (!panel_table(s))
		return;
	for (size_t i = 0; i < panel_table(s)->columns; i++)
		used += settings_uses(&s->settings, i);
	snprintf(text, size, "%zu of %zu used", used, panel_table(s)->columns);
}

/* ---- where things stand ---- */

enum { NAME_TEXT = 256 };

/* The unit has a place of its own, if nothing more important stands there. */
static bool shows_unit(const struct session *s, size_t i)
{
	const struct table *table = panel_table(s);
	const struct column *c = table ? &table->column[i] : NULL;

	return c && c->unit && c->type == COLUMN_NUMBER && !c->missing &&
	       !c->odd_cells;
}

/* The name of a column; "load [t]" is "load" where the unit is shown. */
static void say_name(const struct session *s, size_t i, char to[NAME_TEXT])
{
	const char *name = name_of(s, i);
	const char *unit = shows_unit(s, i) ? panel_table(s)->column[i].unit :
					      NULL;
	size_t len = strlen(name), n = unit ? strlen(unit) + 2 : 0;

	if (unit && len > n && strchr("[(", name[len - n]) &&
	    !strncmp(name + len - n + 1, unit, n - 2)) {
		len -= n;
		while (len > 1 && name[len - 1] == ' ')
			len--;
	}
	snprintf(to, NAME_TEXT, "%.*s", (int)(len < NAME_TEXT ? len :
					      NAME_TEXT - 1), name);
}

/* Columns of the canvas; what is not shown has no width. */
struct places {
	int name, name_width;
	int values, values_width;
	int more, end;		/* the unit; one past the last column */
};

static struct places places_of(const struct session *s, const struct canvas *c)
{
	struct places p = { .name = 3, .end = c->columns - 1 };
	int longest = 0, most = (c->columns - 4) * 2 / 5, rest;

	for (size_t i = 0; i < columns_of(s); i++) {
		char name[NAME_TEXT];
		int width;

		say_name(s, i, name);
		width = (int)text_width(name);
		longest = width > longest ? width : longest;
	}
	if (most < 8)
		most = 8;
	p.name_width = longest < most ? longest : most;
	p.values = p.name + p.name_width + 2;
	rest = p.end - p.values;
	p.values_width = rest > 32 ? SUMMARY_BINS : rest > 8 ? 8 : rest;
	p.more = p.values + p.values_width;
	return p;
}

/* ---- values ---- */

/* The bins of a number column as so many bars, neighbours put together. */
static void draw_histogram(const struct canvas *c, int y,
			   const struct places *p, enum tone tone,
			   const struct summary *summary)
{
	double bar[SUMMARY_BINS] = { 0 };
	int n = p->values_width < SUMMARY_BINS ? p->values_width : SUMMARY_BINS;

	if (n <= 0)
		return;
	for (int i = 0; i < SUMMARY_BINS; i++)
		bar[i * n / SUMMARY_BINS] += (double)summary->bin[i];
	draw_spark(c, y, p->values, n, tone, bar, (size_t)n);
}

/* The share of the values that a level has; its rank is not known. */
static double share_of(const struct summary *summary, size_t level)
{
	for (size_t i = 0; i < summary->top; i++)
		if (summary->top_level[i] == level)
			return (double)summary->top_count[i] /
			       (double)summary->values;
	return 0;
}

/* Two levels: the bar is the first one's share, what it leaves the other's. */
static bool draw_two(const struct canvas *c, int y, int x, int end,
		     enum tone tone, const char *const level[2], double share)
{
	int a = (int)text_width(level[0]), b = (int)text_width(level[1]);
	int width = end - x - a - b - 2;

	if (width < 4)
		return false;
	if (width > 10)
		width = 10;
	draw_text(c, y, x, a, tone, level[0]);
	draw_bar(c, y, x + a + 1, width, tone, share);
	draw_text(c, y, x + a + 1 + width + 1, b, tone, level[1]);
	return true;
}

/* A few levels, each with its bar: "L▇▇▇▇▇M▇▇H▇". */
static bool draw_levels(const struct canvas *c, int y, int x, int end,
			enum tone tone, const struct summary *summary,
			const struct column *column)
{
	int letters = 0, bars;

	for (size_t i = 0; i < summary->top; i++)
		letters += (int)text_width(column->level[summary->top_level[i]])
			+ 1;
	bars = end - x - letters;
	if (bars < 2 * (int)summary->top)
		return false;
	if (bars > 16)
		bars = 16;
	for (size_t i = 0; i < summary->top; i++) {
		size_t level = summary->top_level[i];
		double share = share_of(summary, level);
		int width = (int)ceil(share * bars);

		x += draw_text(c, y, x, end - x, tone, column->level[level]);
		draw_bar(c, y, x, width, tone, share * bars / width);
		x += width + 1;
	}
	return true;
}

/* Too many levels for their names: how often the first ones occur. */
static void draw_ranks(const struct canvas *c, int y, const struct places *p,
		       int end, enum tone tone, const struct summary *summary,
		       const struct column *column)
{
	double count[SUMMARY_TOP];
	size_t n = summary->top;
	char text[COUNT_TEXT + 16];
	int x = p->values + ((int)n < p->values_width ? (int)n :
			     p->values_width) + 1;

	for (size_t i = 0; i < n; i++)
		count[i] = (double)summary->top_count[i];
	draw_spark(c, y, p->values, p->values_width, tone, count, n);
	text_count(text, column->levels);
	text_append(text, sizeof(text), " levels");
	if (x + (int)text_width(text) <= end)
		draw_text(c, y, x, end - x, TONE_DIM, text);
}

static void draw_category(const struct session *s, const struct canvas *c,
			  int y, const struct places *p, int end,
			  enum tone tone, size_t i)
{
	const struct column *column = &panel_table(s)->column[i];
	const struct summary *summary = digest_summary(s, i);
	const char *positive = s->settings.positive;

	if (column->levels == 2 && summary->values) {
		/* The positive class stands last, as everywhere. */
		bool turned = s->settings.target == (int)i && positive &&
			      !strcmp(positive, column->level[0]);
		const char *const level[2] = { column->level[turned],
					       column->level[!turned] };

		if (draw_two(c, y, p->values, end, tone, level,
			     share_of(summary, turned)))
			return;
	}
	if (column->levels > summary->top || !summary->values ||
	    !draw_levels(c, y, p->values, end, tone, summary, column))
		draw_ranks(c, y, p, end, tone, summary, column);
}

/* ---- a line ---- */

/*
 * How many cells are missing, and how many are odd, against the right edge, in
 * the longest words that there is room for.  Returns where they begin.
 */
static int draw_faults(const struct canvas *c, int y, const struct places *p,
		       const struct column *column)
{
	char missing[COUNT_TEXT], odd[COUNT_TEXT], both[COUNT_TEXT];
	char text[3][3 * COUNT_TEXT + 32] = { "", "", "" };
	int room = p->end - p->more - 1, i = 0;

	if (!column->missing && !column->odd_cells)
		return p->end;
	text_count(missing, column->missing);
	text_count(odd, column->odd_cells);
	for (i = 0; column->missing && i < 2; i++)
		snprintf(text[i], sizeof(text[i]), "%s %s%s", missing,
			 i ? "miss" : "missing", column->odd_cells ? " " : "");
	for (i = 0; column->odd_cells && i < 2; i++)
		text_append(text[i], sizeof(text[i]), "%s odd", odd);
	snprintf(text[2], sizeof(text[2]), "%s%s", draw_glyph(GLYPH_ALERT),
		 text_count(both, column->missing + column->odd_cells));
	for (i = 0; i < 2 && (int)text_width(text[i]) > room; )
		i++;
	return p->end - 1 - draw_right(c, y, p->more + 1, room, TONE_WARN,
				       text[i]);
}

enum { WORD_TEXT = 80 };

/* What is remarkable in a word or two, the most alarming first; the sheet of
 * the column says it all. */
static enum tone say_fact(const struct session *s, size_t i,
			  char text[WORD_TEXT])
{
	const struct facts *f = digest_facts(s, i);
	char number[PAGE_NUMBER];

	*text = '\0';
	if (f->constant)
		snprintf(text, WORD_TEXT, "constant");
	else if (f->same_as != i)
		snprintf(text, WORD_TEXT, "same as %.40s",
			 s->data.found->column[f->same_as].name);
	else if (f->stuck.rows)
		snprintf(text, WORD_TEXT, "stuck");
	else if (f->codes)
		snprintf(text, WORD_TEXT, "code %s",
			 page_number(number, f->code[0].value, 6));
	if (*text)
		return TONE_WARN;
	if (f->id)
		snprintf(text, WORD_TEXT, "id-like");
	else if (f->trend != TREND_NONE)
		snprintf(text, WORD_TEXT, f->trend == TREND_RISES ? "rises"
								  : "falls");
	return TONE_DIM;
}

/* Against the right, if there is room behind what is drawn up to from.
 * Returns where it begins. */
static int draw_fact(const struct session *s, const struct canvas *c, int y,
		     size_t i, int from, int end)
{
	char text[WORD_TEXT];
	enum tone tone;
	int width;

	if (!digest_facts(s, i))
		return end;
	tone = say_fact(s, i, text);
	width = (int)text_width(text);
	if (!*text || from + 2 + width > end)
		return end;
	draw_text(c, y, end - width, width, tone, text);
	return end - width - 1;
}

/* It has been changed, and is still being summed up: little is known. */
static void draw_changed(const struct canvas *c, int y,
			 const struct places *p, int end,
			 const struct column *now)
{
	char text[COUNT_TEXT];

	if (now->number)
		draw_printf(c, y, p->values, end - p->values, TONE_DIM,
			    "as %s", column_type_name[now->type]);
	else
		draw_printf(c, y, p->values, end - p->values, TONE_DIM,
			    now->type == COLUMN_TEXT ? "%s distinct" :
			    "%s levels", text_count(text, now->levels));
}

static void draw_values(const struct session *s, const struct canvas *c,
			int y, const struct places *p, size_t i, bool used)
{
	const struct column *now = &panel_table(s)->column[i];
	const struct summary *summary = digest_summary(s, i);
	enum tone quiet = used ? TONE_PLAIN : TONE_DIM;
	int end = draw_faults(c, y, p, now), from = p->more, fact;
	char text[COUNT_TEXT + 16];

	if (!s->data.summary)
		return;
	if (!summary) {
		draw_changed(c, y, p, end, now);
		return;
	}
	text_count(text, summary->distinct);
	text_append(text, sizeof(text), " distinct");
	if (now->type == COLUMN_TEXT)
		from = p->values + (int)text_width(text);
	if (shows_unit(s, i))
		from += 2 + (int)text_width(now->unit);
	fact = draw_fact(s, c, y, i, from, end);
	/* All the values of an id are distinct: that goes without saying. */
	if (now->type == COLUMN_TEXT && fact == end &&
	    draw_fact(s, c, y, i, p->values - 2, end) < end)
		return;
	end = fact;
	if (now->type == COLUMN_CATEGORY) {
		draw_category(s, c, y, p, end, quiet, i);
	} else if (now->number) {
		draw_histogram(c, y, p, used ? TONE_VALUES : TONE_DIM,
			       summary);
		if (shows_unit(s, i))
			draw_text(c, y, p->more + 2, end - p->more - 2, quiet,
				  now->unit);
	} else {
		draw_text(c, y, p->values, end - p->values, TONE_DIM, text);
	}
}

static void draw_line(const struct session *s, const struct canvas *c, int y,
		      const struct places *p, size_t i)
{
	bool target = panel_table(s) && s->settings.target == (int)i;
	bool used = panel_table(s) &&
		    (target || settings_uses(&s->settings, i));
	char name[NAME_TEXT];

	say_name(s, i, name);

	draw_text(c, y, 1, 1, target ? TONE_WARN : used ? TONE_GOOD : TONE_DIM,
		  panel_table(s) ? page_mark(s, i)
				 : draw_glyph(GLYPH_LEFT_OUT));
	if (panel_derived(s, i))
		draw_text(c, y, 2, 1, TONE_DIM, "=");
	draw_text(c, y, p->name, p->name_width, target ? TONE_STRONG :
		  used ? TONE_PLAIN : TONE_DIM, name);
	if (panel_table(s))
		draw_values(s, c, y, p, i, used);
}

/* ---- a wide panel: the numbers of each column as well ---- */

enum { WIDE = 110, WIDE_NUMBER = 11 };

static void draw_wide_head(const struct canvas *c, int x)
{
	static const char *const head[] = { "kind", "distinct", "min",
					    "median", "max", "mean" };

	for (size_t i = 0; i < ARRAY_LEN(head); i++)
		draw_right(c, 0, x + (int)i * WIDE_NUMBER, WIDE_NUMBER - 1,
			   TONE_DIM, head[i]);
}

/* There is room for a day, with two digits of its year, or for the time of
 * one. */
static const char *short_time(double x, const struct when_form *form,
			      char text[WHEN_TEXT])
{
	static const struct when_form day = { .has_date = true };
	size_t n = when_format(x, form->has_date ? &day : form, text);

	return form->has_date && n == strlen("2024-05-01") ? text + 2 : text;
}

static void draw_wide_line(const struct session *s, const struct canvas *c,
			   int y, int x, size_t i)
{
	static const struct summary none;
	const struct summary *known = digest_summary(s, i);
	const struct summary *summary = known ? known : &none;
	const double number[] = { summary->min, summary->median, summary->max,
				  summary->mean };
	const struct column *now = &panel_table(s)->column[i];
	char text[WHEN_TEXT], count[COUNT_TEXT];

	draw_right(c, y, x - 2, WIDE_NUMBER + 1, TONE_DIM, known
		   ? summary_kind(now, summary) : column_type_name[now->type]);
	if (known)
		draw_right(c, y, x + WIDE_NUMBER, WIDE_NUMBER - 1, TONE_PLAIN,
			   text_count(count, summary->distinct));
	if (!now->number || !summary->values)
		return;
	for (size_t k = 0; k < ARRAY_LEN(number); k++) {
		const char *shown = text;

		if (now->type == COLUMN_TIME)
			shown = short_time(number[k], &now->form, text);
		else
			snprintf(text, sizeof(text), "%s%.5g",
				 number[k] < 0 ? draw_glyph(GLYPH_MINUS) : "",
				 fabs(number[k]));
		draw_right(c, y, x + (2 + (int)k) * WIDE_NUMBER,
			   WIDE_NUMBER - 1, TONE_PLAIN, shown);
	}
}

/* The numbers take the right side; returns where they begin, or 0. */
static int wide_from(const struct session *s, const struct canvas *c)
{
	if (c->columns < WIDE || c->rows < 4 || !panel_table(s) ||
	    !s->data.summary)
		return 0;
	return c->columns - 6 * WIDE_NUMBER - 1;
}

/* Nobody asks for what he does not know of: a line is theirs, the last one,
 * unless the panel is low. */
enum { HIGH_ENOUGH = 8 };

/* Returns how many lines are left to the columns. */
static int draw_suggestions(const struct session *s, const struct canvas *c,
			    int rows, int end)
{
	size_t n = panel_table(s) ? s->suggestions.n : 0;
	bool fits = rows >= HIGH_ENOUGH || columns_of(s) < (size_t)rows;

	if (n == 0 || !fits)
		return rows;
	draw_printf(c, end - 1, 1, c->columns - 2, TONE_DIM,
		    "S: %zu suggestion%s", n, n == 1 ? "" : "s");
	return rows - 1;
}

static void panel_draw(const struct session *s, struct view *v,
		       const struct canvas *c, bool focused)
{
	size_t n = columns_of(s), top;
	int wide = wide_from(s, c), first = wide != 0, rows = c->rows - first;
	struct canvas left = *c;
	struct places p;

	if (!n) {
		panel_waiting(s, c);
		return;
	}
	if (wide) {
		left.columns = wide - 2;
		draw_wide_head(c, wide);
	}
	p = places_of(s, &left);
	if (s->working == WORK_OPEN && rows > 1) {
		char text[MEASURE_TEXT];

		rows--;
		draw_text(c, c->rows - 1, 1, c->columns - 2, TONE_VALUES,
			  panel_work(text, s));
	}
	rows = draw_suggestions(s, c, rows, first + rows);
	top = panel_top(v, PANEL_COLUMNS, v->column, n, rows);
	for (int y = first; y < first + rows; y++) {
		size_t i = top + (size_t)(y - first);

		if (i >= n)
			break;
		draw_line(s, &left, y, &p, i);
		if (wide)
			draw_wide_line(s, c, y, wide, i);
		if (i == v->column && (focused || v->focus == PANEL_DATA))
			draw_cursor(c, y, focused);
	}
}

const struct panel panel_columns = {
	.name = "Columns",
	.down = CURSOR_COLUMN,
	.rows = panel_rows,
	.note = panel_note,
	.draw = panel_draw,
	.item = panel_item,
};
