/*
 * sheet-describe.c - all columns in numbers, a line each
 *
 *	   name          kind      unit  missing  odd  distinct    min     p25
 *	 ✓ air_temp      number    K           0    0        93  295.3   298.3
 *
 * The name stays where it is when the numbers are moved sideways.  The lines
 * can be put in the order of any of the numbers.
 */
#include "panel.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "page.h"

/* One column, as it is asked for its numbers. */
struct line {
	const struct session *s;
	const struct table *table;
	size_t i;
	const struct column *column;
	const struct summary *summary;	/* NULL: retyped */
	bool numbers;			/* min and the like are there */
};

static struct line line_of(const struct session *s, size_t i)
{
	const struct table *table = panel_table(s);
	struct line l = { .s = s, .table = table, .i = i,
			  .column = &table->column[i] };

	l.summary = digest_summary(s, i);
	l.numbers = l.summary && l.column->number && l.summary->values;
	return l;
}

/* ---- measures ---- */

static double missing_of(const struct line *l)
{
	return (double)l->column->missing;
}

static double odd_of(const struct line *l)
{
	return l->column->number ? (double)l->column->odd_cells : NAN;
}

static double distinct_of(const struct line *l)
{
	return l->summary ? (double)l->summary->distinct : NAN;
}

static double min_of(const struct line *l)
{
	return l->numbers ? l->summary->min : NAN;
}

static double p25_of(const struct line *l)
{
	return l->numbers ? l->summary->p25 : NAN;
}

static double median_of(const struct line *l)
{
	return l->numbers ? l->summary->median : NAN;
}

static double p75_of(const struct line *l)
{
	return l->numbers ? l->summary->p75 : NAN;
}

static double max_of(const struct line *l)
{
	return l->numbers ? l->summary->max : NAN;
}

static double mean_of(const struct line *l)
{
	return l->numbers && l->column->type != COLUMN_TIME ? l->summary->mean
							    : NAN;
}

static double sd_of(const struct line *l)
{
	return l->numbers && l->column->type != COLUMN_TIME ? l->summary->sd
							    : NAN;
}

static double kind_of(const struct line *l)
{
	return (double)l->column->type;
}

static double skew_of(const struct line *l)
{
	return l->numbers ? l->summary->skew : NAN;
}

/* How many remarks there are on it. */
static double facts_of_line(const struct line *l)
{
	const struct dataset *data = &l->s->data;
	char text[FACTS_TEXT];
	size_t n = 0;

	while (digest_facts(l->s, l->i) &&
	       facts_remark(data->found, data->facts, l->i, n, text))
		n++;
	return n ? (double)n : NAN;
}

/* What is drawn of a measure when it is no number. */
enum drawn {
	DRAWN_COUNT, DRAWN_NUMBER, DRAWN_KIND, DRAWN_UNIT, DRAWN_SHAPE,
	DRAWN_FACTS
};

static const struct measure {
	const char *name;
	enum drawn drawn;
	double (*value)(const struct line *l);	/* NULL: has no order */
} measures[DESCRIBE_MEASURES] = {
	{ "kind", DRAWN_KIND, kind_of },
	{ "unit", DRAWN_UNIT, NULL },
	{ "missing", DRAWN_COUNT, missing_of },
	{ "odd", DRAWN_COUNT, odd_of },
	{ "distinct", DRAWN_COUNT, distinct_of },
	{ "values", DRAWN_SHAPE, skew_of },
	{ "min", DRAWN_NUMBER, min_of },
	{ "p25", DRAWN_NUMBER, p25_of },
	{ "median", DRAWN_NUMBER, median_of },
	{ "p75", DRAWN_NUMBER, p75_of },
	{ "max", DRAWN_NUMBER, max_of },
	{ "mean", DRAWN_NUMBER, mean_of },
	{ "sd", DRAWN_NUMBER, sd_of },
	{ "notes", DRAWN_FACTS, facts_of_line },
};

/* ---- the order of the lines ---- */

/* The columns of the table as the lines stand; made anew when it is of
 * another table or another order. */
static struct lines {
	unsigned opened;	/* source_opened() */
	const struct table *table;
	unsigned made, digest;	/* session.made, digest.version */
	const struct facts *facts;
	size_t by;
	bool down;
	size_t n;
	size_t *column;		/* owned */
	size_t seen;		/* the column cursor when it was looked at */
	int width[DESCRIBE_MEASURES];	/* that all lines need */
} lines;

struct sorted {
	double value;
	size_t column;
};

static int compare(const struct sorted *a, const struct sorted *b)
{
	if (!(a->value == a->value) != !(b->value == b->value))
		return a->value == a->value ? -1 : 1;
	if (a->value < b->value || a->value > b->value)
		return (a->value < b->value) != lines.down ? -1 : 1;
	return a->column < b->column ? -1 : 1;
}

static int compare_sorted(const void *a, const void *b)
{
	return compare(a, b);
}

static void put_in_order(const struct session *s)
{
	const struct measure *by = &measures[lines.by - 1];
	struct sorted *sorted = mem_array(lines.n + 1, sizeof(*sorted));

	for (size_t i = 0; i < lines.n; i++) {
		struct line l = line_of(s, i);

		sorted[i] = (struct sorted){ by->value ? by->value(&l) : 0,
					     i };
	}
	qsort(sorted, lines.n, sizeof(*sorted), compare_sorted);
	for (size_t i = 0; i < lines.n; i++)
		lines.column[i] = sorted[i].column;
	free(sorted);
}

/* What a measure says of a column; "" where it is drawn, or has nothing. */
static void measure_text(const struct measure *m, const struct line *l,
			 char text[FACTS_TEXT])
{
	double value = m->value ? m->value(l) : NAN;

	*text = '\0';
	if (m->drawn == DRAWN_KIND)
		snprintf(text, FACTS_TEXT, "%s", l->summary
			 ? summary_kind(l->column, l->summary)
			 : column_type_name[l->column->type]);
	else if (m->drawn == DRAWN_FACTS && value == value)
		facts_text(l->s->data.found, l->s->data.facts, l->i, text);
	else if (m->drawn == DRAWN_UNIT && l->column->unit)
		snprintf(text, FACTS_TEXT, "%.*s",
			 (int)text_fit(l->column->unit, 8, NULL),
			 l->column->unit);
	else if (m->drawn == DRAWN_COUNT && value == value)
		text_count(text, (size_t)value);
	else if (m->drawn == DRAWN_NUMBER && value == value)
		l->column->type == COLUMN_TIME
			? page_end(text, l->column, value,
				   l->summary->max - l->summary->min)
			: page_number(text, value, 5);
}

enum { WIDEST = 48 };	/* remarks may be long */

static void measure_widths(const struct session *s)
{
	char text[FACTS_TEXT];

	for (size_t k = 0; k < DESCRIBE_MEASURES; k++) {
		const struct measure *m = &measures[k];
		int widest = 0;

		for (size_t i = 0; i < lines.n; i++) {
			struct line l = line_of(s, i);
			int width;

			measure_text(m, &l, text);
			width = (int)text_width(text);
			widest = width > widest ? width : widest;
		}
		if (widest && widest < (int)strlen(m->name))
			widest = (int)strlen(m->name);
		lines.width[k] = m->drawn == DRAWN_SHAPE ? SUMMARY_BINS :
				 widest < WIDEST ? widest : WIDEST;
	}
}

static void settle_lines(const struct session *s, const struct view *v)
{
	const struct table *table = panel_table(s);
	unsigned opened = source_opened(session_source(s));

	if (lines.table == table && lines.opened == opened &&
	    lines.made == s->made && lines.digest == s->digest.version &&
	    lines.facts == s->data.facts && lines.by == v->describe.by &&
	    lines.down == v->describe.down)
		return;
	free(lines.column);
	lines = (struct lines){
		.opened = opened, .table = table, .made = s->made,
		.digest = s->digest.version, .facts = s->data.facts,
		.by = v->describe.by, .down = v->describe.down,
		.n = table->columns, .seen = SIZE_MAX,
		.column = mem_array(table->columns + 1, sizeof(size_t)),
	};
	for (size_t i = 0; i < lines.n; i++)
		lines.column[i] = i;
	if (lines.by)
		put_in_order(s);
	measure_widths(s);
}

/*
 * The cursor on a line and the column cursor are one: whichever was moved takes
 * the other along.
 */
static void sheet_want(struct session *s, struct view *v)
{
	size_t *at = &v->at[SHEET_DESCRIBE];

	if (!panel_table(s) || !panel_table(s)->columns)
		return;
	settle_lines(s, v);
	if (v->column >= lines.n)
		v->column = lines.n - 1;
	if (v->column == lines.seen && *at < lines.n)
		v->column = lines.column[*at];
	for (size_t i = 0; i < lines.n && v->column != lines.seen; i++)
		if (lines.column[i] == v->column)
			*at = i;
	lines.seen = v->column;
}

/* ---- what the sheet says of itself ---- */

static size_t sheet_rows(const struct session *s)
{
	return panel_table(s) ? panel_table(s)->columns : 0;
}

static const char *sheet_item(const struct session *s, const struct view *v)
{
	return v->column < sheet_rows(s)
		? panel_table(s)->column[v->column].name : NULL;
}

static const char *sheet_title(const struct session *s, const struct view *v)
{
	(void)s;
	(void)v;
	return "Describe";
}

static void sheet_note(const struct session *s, const struct view *v,
		       char *text, size_t size)
{
	char at[COUNT_TEXT], of[COUNT_TEXT];

	if (!panel_table(s))
		return;
	snprintf(text, size, "%s of %s",
		 text_count(at, v->at[SHEET_DESCRIBE] + 1),
		 text_count(of, sheet_rows(s)));
	if (v->describe.by)
		text_append(text, size, ", %s %s first",
			    v->describe.down ? "largest" : "smallest",
			    measures[v->describe.by - 1].name);
}

/* ---- drawing ---- */

static int name_width(const struct session *s, const struct canvas *c)
{
	int longest = 4, most = (c->columns - 4) * 3 / 10;

	for (size_t i = 0; i < sheet_rows(s); i++) {
		int width = (int)text_width(panel_table(s)->column[i].name);

		longest = width > longest ? width : longest;
	}
	if (most < 8)
		most = 8;
	return longest < most ? longest : most;
}

enum { GAP = 2 };

/* Measures from left on as far as they fit. */
static size_t shown_to(size_t left, int room)
{
	size_t k = left;

	for (; k < DESCRIBE_MEASURES; k++) {
		if (!lines.width[k])
			continue;	/* nobody has a unit */
		room -= lines.width[k] + GAP;
		if (room < -GAP)
			break;
	}
	return k > left ? k : left + 1;
}

static void keep_measure(struct view *v, int room)
{
	struct view_order *d = &v->describe;

	if (d->left > d->measure)
		d->left = d->measure;
	while (d->left < d->measure && shown_to(d->left, room) <= d->measure)
		d->left++;
	/* No room is left empty while there are some at the left. */
	while (d->left > 0 && shown_to(d->left - 1, room) ==
	       DESCRIBE_MEASURES)
		d->left--;
}

static bool is_right(const struct measure *m)
{
	return m->drawn == DRAWN_COUNT || m->drawn == DRAWN_NUMBER;
}

static void draw_head(const struct view *v, const struct canvas *c, int x,
		      size_t end)
{
	draw_text(c, 0, 3, x - 4, TONE_DIM, "column");
	for (size_t k = v->describe.left; k < end; k++) {
		const struct measure *m = &measures[k];
		enum tone tone = k == v->describe.measure ? TONE_ACCENT :
				 k + 1 == v->describe.by ? TONE_STRONG :
				 TONE_DIM;

		if (!lines.width[k])
			continue;
		(is_right(m) ? draw_right : draw_text)(c, 0, x,
			lines.width[k], tone, m->name);
		x += lines.width[k] + GAP;
	}
	if (end < DESCRIBE_MEASURES)
		draw_text(c, 0, c->columns - 1, 1, TONE_DIM,
			  draw_glyph(GLYPH_MORE));
}

/* The most frequent level where there are no numbers to draw. */
static void draw_shape(const struct canvas *c, int y, int x, int width,
		       const struct line *l)
{
	const struct summary *m = l->summary;
	double bin[SUMMARY_BINS];

	if (!m || !m->values)
		return;
	if (l->numbers) {
		for (int i = 0; i < SUMMARY_BINS; i++)
			bin[i] = (double)m->bin[i];
		draw_spark(c, y, x, SUMMARY_BINS, TONE_VALUES, bin,
			   SUMMARY_BINS);
	} else if (l->column->type == COLUMN_CATEGORY && m->top) {
		int percent = panel_percent((double)m->top_count[0] /
					    (double)m->values);
		int used = draw_text(c, y, x, width - 5, TONE_PLAIN,
				     l->column->level[m->top_level[0]]);

		draw_printf(c, y, x + used + 1, 5, TONE_DIM, "%d %%", percent);
	}
}

static void draw_measure(const struct canvas *c, int y, int x, int width,
			 const struct measure *m, const struct line *l)
{
	double value = m->value ? m->value(l) : NAN;
	bool fault = m->value == missing_of || m->value == odd_of;
	char text[FACTS_TEXT];

	if (m->drawn == DRAWN_SHAPE) {
		draw_shape(c, y, x, width, l);
		return;
	}
	measure_text(m, l, text);
	(is_right(m) ? draw_right : draw_text)(c, y, x, width,
		m->drawn == DRAWN_FACTS ? TONE_WARN :
		!is_right(m) || value == 0 ? TONE_DIM :
		fault ? TONE_WARN : TONE_PLAIN, text);
}

static void draw_line(const struct view *v, const struct canvas *c, int y,
		      int x, size_t end, const struct line *l)
{
	bool used = page_role(l->s, l->i) != GLYPH_LEFT_OUT;

	draw_text(c, y, 1, 1, page_role_tone(l->s, l->i),
		  page_mark(l->s, l->i));
	draw_text(c, y, 3, x - 5, used ? TONE_PLAIN : TONE_DIM,
		  l->column->name);
	for (size_t k = v->describe.left; k < end; k++) {
		if (!lines.width[k])
			continue;
		draw_measure(c, y, x, lines.width[k], &measures[k], l);
		x += lines.width[k] + GAP;
	}
}

static void sheet_draw(const struct session *s, struct view *v,
		       const struct canvas *c, bool focused)
{
	int x, room, rows = c->rows - 1;
	size_t top, end;

	if (!panel_table(s)) {
		panel_waiting(s, c);
		return;
	}
	settle_lines(s, v);
	x = 3 + name_width(s, c) + 2;
	room = c->columns - 1 - x;
	keep_measure(v, room);
	end = shown_to(v->describe.left, room);
	draw_head(v, c, x, end);
	top = panel_top(v, SHEET_DESCRIBE, v->at[SHEET_DESCRIBE], lines.n,
			rows);
	for (int y = 1; y <= rows && top + (size_t)y - 1 < lines.n; y++) {
		size_t at = top + (size_t)y - 1;
		struct line l = line_of(s, lines.column[at]);

		draw_line(v, c, y, x, end, &l);
		if (at == v->at[SHEET_DESCRIBE])
			draw_cursor(c, y, focused);
	}
}

const struct panel sheet_describe = {
	.name = "Describe",
	.home = PANEL_COLUMNS,
	.across = CURSOR_MEASURE,
	.title = sheet_title,
	.rows = sheet_rows,
	.note = sheet_note,
	.want = sheet_want,
	.draw = sheet_draw,
	.item = sheet_item,
};
