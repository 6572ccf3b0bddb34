#include "draft-box.h"

#include <math.h>

#include "base/text.h"
#include "command/draft.h"
#include "frame.h"
#include "page.h"
#include "panel.h"
#include "preview.h"
#include "prompt.h"

enum {
	VALUES_WIDTH = 16, VALUES_BESIDE = 40,
	PLOT_WIDTH = 2 * SUMMARY_BINS, PLOT_ROWS = 4, PLOT_BESIDE = 80,
	BOX_ROWS = 7, BOX_LOW = 4
};

/* ---- beside Data ---- */

int draft_width(const struct session *s, int columns)
{
	return draft_view(s).state == DRAFT_THERE && columns > VALUES_BESIDE
		? VALUES_WIDTH : 0;
}

static void draw_value(const struct draft_view *d, const struct canvas *c,
		       int y, int x, int width, size_t row)
{
	const struct column *column = &d->table->column[d->column];
	char buf[TABLE_TEXT], number[PAGE_NUMBER];
	const char *text;

	if (row >= d->table->rows)
		return;
	text = table_text(column, row, buf);
	if (!*text)
		draw_text(c, y, x, width, TONE_DIM, draw_glyph(GLYPH_DOT));
	else if (column->type == COLUMN_NUMBER)
		draw_right(c, y, x, width, TONE_STRONG,
			   page_number(number, column->number[row], 6));
	else
		draw_text(c, y, x, width, TONE_STRONG, text);
}

void draft_draw_values(const struct session *s, const struct canvas *c,
		       const struct grid *g, int width)
{
	struct draft_view d = draft_view(s);
	const struct column *column = &d.table->column[d.column];
	int x = c->columns - width + 1;

	(column->number ? draw_right : draw_text)(c, g->head, x, width - 2,
						  TONE_ACCENT, column->name);
	for (size_t i = 0; i < g->rows; i++)
		draw_value(&d, c, g->head + 1 + (int)i, x, width - 2,
			   grid_row_at(s, g->top + i));
}

/* ---- the box ---- */

static void draw_plot(const struct draft_view *d, const struct canvas *c)
{
	const struct column *column = &d->table->column[d->column];
	const struct summary *sum = d->summary;
	double part[SUMMARY_BINS];
	char text[PAGE_NUMBER];
	size_t most = 1;

	for (int b = 0; b < SUMMARY_BINS; b++)
		most = sum->bin[b] > most ? sum->bin[b] : most;
	for (int b = 0; b < SUMMARY_BINS; b++)
		part[b] = (double)sum->bin[b] / (double)most;
	draw_columns(c, 0, 1, PLOT_ROWS, 2, TONE_ACCENT, part, NULL,
		     SUMMARY_BINS);
	draw_text(c, PLOT_ROWS, 1, PLOT_WIDTH / 2, TONE_DIM,
		  page_end(text, column, sum->min, sum->max - sum->min));
	draw_right(c, PLOT_ROWS, 1 + PLOT_WIDTH / 2, PLOT_WIDTH / 2, TONE_DIM,
		   page_end(text, column, sum->max, sum->max - sum->min));
}

static void say_numbers(const struct draft_view *d, struct page *p)
{
	const struct column *column = &d->table->column[d->column];
	const struct summary *sum = d->summary;
	const struct {
		const char *name;
		double value;
	} item[] = {
		{ "min", sum->min }, { "p25", sum->p25 },
		{ "median", sum->median }, { "p75", sum->p75 },
		{ "max", sum->max }, { "mean", sum->mean },
	};
	char text[PAGE_NUMBER];

	for (size_t i = 0; i < ARRAY_LEN(item); i++)
		page_item(p, TONE_PLAIN,
			  page_value(text, column, item[i].value, 5),
			  item[i].name, false);
	page_line(p);
}

static void say_levels(const struct draft_view *d, struct page *p)
{
	const struct column *column = &d->table->column[d->column];
	char count[COUNT_TEXT];

	for (size_t i = 0; i < d->summary->top; i++)
		page_item(p, TONE_PLAIN,
			  text_count(count, d->summary->top_count[i]),
			  column->level[d->summary->top_level[i]], false);
	page_line(p);
}

static void say_counts(const struct draft_view *d, struct page *p)
{
	const struct column *column = &d->table->column[d->column];
	char count[COUNT_TEXT];

	page_item(p, TONE_PLAIN, text_count(count, d->summary->values),
		  "values", true);
	page_item(p, column->missing ? TONE_WARN : TONE_PLAIN,
		  text_count(count, column->missing), "missing", true);
	page_item(p, TONE_PLAIN, text_count(count, d->summary->distinct),
		  "distinct", true);
	page_line(p);
}

/* The gain as it reads on the screen, here as in Runs: of two rounded numbers.
 * So better and worse are told only by what can be seen. */
static double seen_gain(const struct draft_view *d)
{
	return (round(d->after * 1000) - round(d->before * 1000)) / 1000;
}

static void say_score(const struct draft_view *d, struct page *p)
{
	char before[MEASURE_TEXT], after[MEASURE_TEXT], by[MEASURE_TEXT];
	char rows[COUNT_TEXT];
	double gain = seen_gain(d);

	if (d->score == SCORE_AWAITED)
		page_printf(p, TONE_DIM, "trying what it does to the score");
	else if (d->score == SCORE_FAILED)
		page_printf(p, TONE_WARN, "%s", d->wrong);
	if (d->score != SCORE_THERE)
		return;
	page_printf(p, TONE_STRONG, "%s %s %s %s", d->measure,
		    panel_measure(before, d->before), draw_glyph(GLYPH_TO),
		    panel_measure(after, d->after));
	page_printf(p, gain > 0 ? TONE_GOOD : gain < 0 ? TONE_BAD : TONE_DIM,
		    "   %s as a feature", panel_signed(by, gain, 3));
	if (d->rows < d->of)
		page_printf(p, TONE_DIM, "   on %s of the rows",
			    text_count(rows, d->rows));
}

static void say_all(const struct draft_view *d, const struct canvas *c)
{
	struct page p;

	page_init(&p, c, false);
	say_counts(d, &p);
	if (d->summary->values > 0 &&
	    d->table->column[d->column].number)
		say_numbers(d, &p);
	else if (d->summary->values > 0)
		say_levels(d, &p);
	page_line(&p);
	say_score(d, &p);
}

/* The histogram, and beside it the words. */
static void draw_there(const struct draft_view *d, const struct canvas *c)
{
	struct canvas words = { NULL, c->rows, c->columns - PLOT_WIDTH - 3,
				c->stale };

	if (!d->table->column[d->column].number || !d->summary->values ||
	    c->columns < PLOT_BESIDE || c->rows <= PLOT_ROWS) {
		say_all(d, c);
		return;
	}
	draw_plot(d, c);
	words.window = derwin(c->window, words.rows, words.columns, 0,
			      PLOT_WIDTH + 3);
	if (!words.window)
		return;
	say_all(d, &words);
	delwin(words.window);
}

static const char *kind_of(const struct draft_view *d)
{
	return summary_kind(&d->table->column[d->column], d->summary);
}

static void draw_inside(const struct draft_view *d, const struct canvas *c)
{
	if (d->state == DRAFT_WRONG)
		draw_text(c, 0, 1, c->columns - 2, TONE_DIM, d->wrong);
	else if (d->state == DRAFT_AWAITED)
		draw_text(c, 0, 1, c->columns - 2, TONE_DIM, "calculating");
	else
		draw_there(d, c);
}

/* Over the fault, on the edge above the line that is typed. */
static void point_at_fault(const struct frame *f, int y, int x)
{
	if (x > 0 && x < COLS - 1)
		draw_text(&f->border, y, x, 1, TONE_WARN,
			  draw_glyph(GLYPH_FALLING));
}

void draft_box_draw(const struct session *s, int y)
{
	struct draft_view d = draft_view(s);
	int rows = d.state == DRAFT_WRONG ? 3 :
		   LINES >= 3 * BOX_ROWS ? BOX_ROWS : BOX_LOW;
	struct frame f;

	if (d.state == DRAFT_NONE ||
	    !frame_begin(&f, y - rows + 1, 0, rows, COLS, TONE_ACCENT))
		return;
	if (d.state == DRAFT_THERE)
		draw_printf(&f.border, 0, 2, COLS - 4, TONE_ACCENT,
			    " %s: %s ", d.table->column[d.column].name,
			    kind_of(&d));
	if (d.state == DRAFT_WRONG)
		point_at_fault(&f, rows - 1,
			       prompt_column(preview_formula() + d.at));
	if (f.inside.window)
		draw_inside(&d, &f.inside);
	frame_end(&f);
}
