/*
 * panel.c - the table of panels, and what they share
 */
#include "panel.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "sheet-curves.h"
#include "sheet-dialect.h"
#include "sheet-method.h"
#include "sheet-rule.h"

const struct panel *const panels[PANELS_AND_SHEETS] = {
	[PANEL_COLUMNS]		= &panel_columns,
	[PANEL_DATA]		= &panel_data,
	[PANEL_CLEANING]	= &panel_cleaning,
	[PANEL_TRAINING]	= &panel_training,
	[PANEL_WEIGHTS]		= &panel_weights,
	[PANEL_RUNS]		= &panel_runs,
	[SHEET_DIALECT]		= &sheet_dialect,
	[SHEET_FAULTS]		= &sheet_faults,
	[SHEET_NOTES]		= &sheet_notes,
	[SHEET_RULE]		= &sheet_rule,
	[SHEET_RULES]		= &sheet_rules,
	[SHEET_SPLIT]		= &sheet_split,
	[SHEET_MODEL]		= &sheet_model,
	[SHEET_METHOD]		= &sheet_method,
	[SHEET_CURVES]		= &sheet_curves,
	[SHEET_COMPARE]		= &sheet_compare,
	[SHEET_WEIGHT]		= &sheet_weight,
	[SHEET_DEPENDENCE]	= &sheet_dependence,
	[SHEET_WHY]		= &sheet_why,
	[SHEET_TRIES]		= &sheet_tries,
	[SHEET_WORST]		= &sheet_worst,
	[SHEET_COLUMN]		= &sheet_column,
	[SHEET_DESCRIBE]	= &sheet_describe,
	[SHEET_VALUES]		= &sheet_values,
	[SHEET_RECORD]		= &sheet_record,
};

enum panel_id panel_focused(const struct view *v)
{
	return v->sheet ? v->sheet : v->focus;
}

/* A sheet that is open already, at any depth, comes to the top. */
void panel_open(struct view *v, enum panel_id sheet)
{
	size_t n = 0;

	if (v->sheet == sheet)
		return;
	if (!v->sheet)
		v->from = v->focus;
	if (v->sheet && v->unders == SHEETS_UNDER)
		memmove(v->under, v->under + 1,
			--v->unders * sizeof(*v->under));
	if (v->sheet)
		v->under[v->unders++] = v->sheet;
	for (size_t i = 0; i < v->unders; i++)
		if (v->under[i] != sheet)
			v->under[n++] = v->under[i];
	v->unders = n;
	v->sheet = sheet;
}

void panel_back(struct view *v)
{
	v->sheet = v->unders ? v->under[--v->unders] : 0;
}

void panel_leave(struct view *v)
{
	v->sheet = 0;
	v->unders = 0;
}

size_t *panel_cursor(struct view *v, const struct session *s,
		     enum panel_id panel, bool across, size_t *n)
{
	switch (across ? panels[panel]->across : panels[panel]->down) {
	case CURSOR_COLUMN:
		*n = panels[PANEL_COLUMNS]->rows(s);
		return &v->column;
	case CURSOR_ROW:
		*n = panels[PANEL_DATA]->rows(s);
		return &v->at[PANEL_DATA];
	case CURSOR_MEASURE:
		*n = DESCRIBE_MEASURES;
		return &v->describe.measure;
	case CURSOR_CLASS:
		*n = session_newest(s) ? session_newest(s)->sets : 1;
		return *n > 1 ? &v->weights_of : NULL;
	case CURSOR_METHOD:
		return method_cursor(v, n);
	case CURSOR_CURVE:
		*n = curves_views(s);
		return *n > 1 ? &v->curve : NULL;
	case CURSOR_WEIGHT:
		*n = panels[PANEL_WEIGHTS]->rows(s);
		return &v->at[PANEL_WEIGHTS];
	case CURSOR_DEFAULT:
		break;
	}
	*n = panels[panel]->rows(s);
	return across ? NULL : &v->at[panel];
}

size_t panel_top(struct view *v, enum panel_id id, size_t at, size_t n,
		 int rows)
{
	return list_top(&v->top[id], at, n, rows);
}

size_t list_top(size_t *top, size_t at, size_t n, int rows)
{
	size_t visible = rows > 0 ? (size_t)rows : 1;

	if (at >= n)
		at = n ? n - 1 : 0;
	if (at < *top)
		*top = at;
	if (at - *top >= visible)
		*top = at - visible + 1;
	/* No empty lines below the last while there are some above. */
	if (n <= visible)
		*top = 0;
	else if (*top > n - visible)
		*top = n - visible;
	return *top;
}

const struct table *panel_table(const struct session *s)
{
	return s->working == WORK_OPEN ? NULL : s->table;
}

bool panel_derived(const struct session *s, size_t column)
{
	const struct table *table = panel_table(s);

	return table && column < table->columns &&
	       column >= table->columns - table->derived;
}

static void say_rows_only(const struct session *s, const struct canvas *c,
			  int width)
{
	draw_text(c, 0, 1, width, TONE_DIM, "only the rows are known");
	draw_text(c, 1, 1, width, TONE_DIM, ":read reads the columns");
	if (s->data.free > 0)
		draw_printf(c, 2, 1, width, TONE_WARN,
			    "%.1f GB of memory; %.1f GB are free",
			    s->data.needs / 1e9, s->data.free / 1e9);
}

bool panel_waiting(const struct session *s, const struct canvas *c)
{
	char text[MEASURE_TEXT];
	int width = c->columns - 2;

	if (panel_table(s))
		return false;
	if (!session_source(s)) {
		draw_text(c, 0, 1, width, TONE_DIM, "no file is open");
		draw_text(c, 1, 1, width, TONE_DIM, ":open FILE opens one");
		return true;
	}
	if (s->working != WORK_OPEN) {
		say_rows_only(s, c, width);
		return true;
	}
	draw_text(c, 0, 1, width, TONE_PLAIN, panel_work(text, s));
	draw_bar(c, 1, 1, width, TONE_VALUES, session_part(s));
	return true;
}

void panel_method(char to[METHOD_TEXT], const struct method *method,
		  const struct option_values *options)
{
	char *given;

	if (!method) {
		snprintf(to, METHOD_TEXT, "%s", "");
		return;
	}
	given = options_format(options, false);
	snprintf(to, METHOD_TEXT, "%s%s%s", method->name, *given ? " " : "",
		 given);
	free(given);
}

struct canvas panel_canvas(const struct canvas *c, bool stale)
{
	struct canvas copy = *c;

	copy.stale = c->stale || stale;
	return copy;
}

/*
 * A size with so many decimals, fewer where it is large: no more than three
 * digits more than 0.123 would take, so that lists stay in line.
 */
static void say_size(char to[MEASURE_TEXT], const char *sign, double size,
		     int decimals)
{
	if (size >= 99999.5)
		snprintf(to, MEASURE_TEXT, "%s%.0e", sign, size);
	else
		snprintf(to, MEASURE_TEXT, "%s%.*f", sign,
			 size >= 999.5 ? 0 : size >= 99.5 ? 1 :
			 size >= 9.5 && decimals > 2 ? 2 : decimals, size);
}

char *panel_measure(char to[MEASURE_TEXT], double x)
{
	if (isnan(x))
		snprintf(to, MEASURE_TEXT, "%s", draw_glyph(GLYPH_DASH));
	else	/* what is rounded to 0 has no sign */
		say_size(to, x <= -0.0005 ? draw_glyph(GLYPH_MINUS) : "",
			 fabs(x), 3);
	return to;
}

char *panel_figure(char to[MEASURE_TEXT], double x)
{
	double size = fabs(x);

	if (isnan(x))
		return panel_measure(to, x);
	snprintf(to, MEASURE_TEXT, size >= 1e4 && size < 1e7 ? "%s%.0f" :
		 "%s%.4g", x < 0 ? draw_glyph(GLYPH_MINUS) : "", size);
	return to;
}

char *panel_headline(char to[HEADLINE_TEXT], const struct result *r)
{
	char measure[MEASURE_TEXT], unit[24] = "";

	if (r->task == TASK_CLASSIFICATION) {
		enum class_measure first = result_headline(r);

		snprintf(to, HEADLINE_TEXT, "%s %s", class_measure[first].name,
			 panel_measure(measure,
				       metrics_measure(&r->test, first)));
		return to;
	}
	if (r->unit)
		text_safe(unit, sizeof(unit), r->unit, strlen(r->unit));
	snprintf(to, HEADLINE_TEXT, "rmse %s%s%s", panel_figure(measure,
		 r->regression.test.of[NUMBER_RMSE]), *unit ? " " : "", unit);
	return to;
}

char *panel_rank(char to[HEADLINE_TEXT], const struct result *r)
{
	double rank = result_rank(r);
	char measure[MEASURE_TEXT];

	snprintf(to, HEADLINE_TEXT, "%s %s", result_rank_name(r),
		 panel_measure(measure, isfinite(rank) ? rank : NAN));
	return to;
}

char *panel_signed(char to[MEASURE_TEXT], double x, int decimals)
{
	if (isnan(x))
		return panel_measure(to, x);
	say_size(to, x < 0 ? draw_glyph(GLYPH_MINUS) : "+", fabs(x), decimals);
	return to;
}

int panel_percent(double part)
{
	if (!(part > 0))
		return 0;
	if (part >= 1)
		return 100;
	return (int)fmin(fmax(round(100 * part), 1), 99);
}

/* While a file is opened: its rows are found, then its columns are read. */
static void say_opening(char to[MEASURE_TEXT], const struct session *s)
{
	const struct source *source = session_source(s);
	int percent = panel_percent(session_part(s));
	char count[COUNT_TEXT];
	bool exact;
	size_t rows = source_rows(source, &exact);
	double gb = 8e-9 * (double)rows * (double)source_columns(source);

	if (!source_complete(source))
		snprintf(to, MEASURE_TEXT, "%s rows so far",
			 text_count(count, rows));
	else if (!exact)
		snprintf(to, MEASURE_TEXT, "finding rows %d %%", percent);
	else if (gb >= 0.1)
		snprintf(to, MEASURE_TEXT, "reading into %.1f GB %d %%", gb,
			 percent);
	else
		snprintf(to, MEASURE_TEXT, "reading %d %%", percent);
}

char *panel_work(char to[MEASURE_TEXT], const struct session *s)
{
	*to = '\0';
	if (s->working == WORK_OPEN)
		say_opening(to, s);
	else if (s->working == WORK_CLEAN)
		snprintf(to, MEASURE_TEXT, "cleaning");
	else if (s->working == WORK_TRAIN)
		snprintf(to, MEASURE_TEXT, "%s %d %%",
			 session_paused(s) ? "paused at" : "training",
			 panel_percent(session_part(s)));
	return to;
}
