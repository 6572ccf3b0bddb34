/*
 * sheet-rule.c - one cleaning rule: its options, and what it does
 *
 *	   in use   no         what follows is what it would do
 *	 ▸ method   iqr        iqr zscore mad
 *	   factor   1.5        0 to 100, default 1.5
 *	   ...
 *	   would take 24 of 10,000 rows
 *	   failure     rows   takes
 *	   no         9,661       6   <0.1 %  ▏
 *	   yes          339      18    5.3 %  ██████
 *
 * Each change is a "clean" command; what it does is counted anew at once.
 */
#include "sheet-rule.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "option-lines.h"
#include "page.h"
#include "rule-text.h"

enum { NAME_WIDTH = 12, VALUE_WIDTH = 16, SHARE_WIDTH = 8, BAR_WIDTH = 40,
       NUMBER_WIDTH = 18 };

/* The rule that is shown is the one under the cursor of Cleaning. */
static const struct rule_use *use_of(const struct session *s,
				     const struct view *v)
{
	size_t at = v->at[PANEL_CLEANING];

	return at < s->settings.rules ? &s->settings.rule[at] : NULL;
}

static size_t options_n(const struct rule_use *use)
{
	return options_count(use->options.table);
}

/* The first line is whether it is used. */
static size_t sheet_rows(const struct session *s)
{
	size_t most = 0;

	for (size_t i = 0; panel_table(s) && i < s->settings.rules; i++) {
		size_t n = 1 + options_n(&s->settings.rule[i]);

		most = n > most ? n : most;
	}
	return most;
}

static const char *sheet_title(const struct session *s, const struct view *v)
{
	static char name[RULE_NAME];
	const struct rule_use *use = use_of(s, v);

	return use ? rule_use_name(use, name) : "no rule";
}

static const char *sheet_item(const struct session *s, const struct view *v)
{
	return use_of(s, v) ? sheet_title(s, v) : NULL;
}

static void sheet_note(const struct session *s, const struct view *v,
		       char *text, size_t size)
{
	const struct rule_use *use = use_of(s, v);

	if (use)
		snprintf(text, size, "%s", rule_kind_text(rule_kind(use->rule,
			 &use->options), (int)size));
}

static void sheet_want(struct session *s, struct view *v)
{
	const struct rule_use *use;

	panel_cleaning.want(s, v);
	use = use_of(s, v);
	if (use && v->at[SHEET_RULE] > options_n(use))
		v->at[SHEET_RULE] = options_n(use);
}

/* ---- its options ---- */

static void draw_option(const struct rule_use *use, const struct canvas *c,
			int y, size_t i)
{
	static const struct option_columns at = {
		.x = 3, .name = NAME_WIDTH, .value = VALUE_WIDTH,
	};

	option_line(c, y, &at, &use->options, i);
}

static void draw_use(const struct rule_use *use, const struct canvas *c,
		     int y)
{
	int x = 3 + NAME_WIDTH, end = c->columns - 1;

	draw_text(c, y, 3, NAME_WIDTH - 1, TONE_PLAIN, "in use");
	draw_text(c, y, x, VALUE_WIDTH, use->on ? TONE_GOOD : TONE_PLAIN,
		  use->on ? "[x] yes" : "[ ] no");
	x += VALUE_WIDTH + 1;
	if (!use->on && end - x >= OPTION_HINT)
		draw_text(c, y, x, end - x, TONE_DIM,
			  "below is what it would do");
}

/* What the line under the cursor means. */
static const char *help_of(const struct rule_use *use, size_t at)
{
	return at == 0 || at > options_n(use) ? use->rule->help
					      : use->options.table[at - 1].help;
}

static int draw_options(const struct rule_use *use, struct view *v,
			const struct canvas *c, int rows, bool focused)
{
	size_t n = options_n(use) + 1, at = v->at[SHEET_RULE];
	size_t top = panel_top(v, SHEET_RULE, at, n, rows);
	int y = 0;

	for (; y < rows && top + (size_t)y < n; y++) {
		size_t i = top + (size_t)y;

		if (i == 0)
			draw_use(use, c, y);
		else
			draw_option(use, c, y, i - 1);
		if (i != at)
			continue;
		draw_text(c, y, 1, 1, TONE_ACCENT, draw_glyph(GLYPH_CURSOR));
		draw_cursor(c, y, focused);
	}
	return y;
}

/* ---- what it does ---- */

static const char *plural(size_t n)
{
	return n == 1 ? "" : "s";
}

/* "would change 417 cells in 3 columns"; returns where it ends. */
static int say_effect(const struct session *s, const struct rule_use *use,
		      const struct effect *e, const struct canvas *c, int y)
{
	const char *would = use->on ? "" : "would ", *ends = use->on ? "s" : "";
	char count[COUNT_TEXT], all[COUNT_TEXT];
	struct page page;

	page_init(&page, c, false);
	page.y = y;
	page.x = page.left = 3;
	if (rule_takes_rows(use))
		page_printf(&page, TONE_STRONG, "%stake%s %s of %s row%s",
			    would, ends, text_count(count, e->rows),
			    text_count(all, s->ledger.read),
			    plural(s->ledger.read));
	else if (rule_takes_columns(use->rule))
		page_printf(&page, TONE_STRONG, "%schange%s %s whole column%s",
			    would, ends, text_count(count, e->columns),
			    plural(e->columns));
	else
		page_printf(&page, TONE_STRONG, "%schange%s %s cell%s", would,
			    ends, text_count(count, e->cells),
			    plural(e->cells));
	if (!rule_takes_rows(use) && !rule_takes_columns(use->rule) &&
	    e->cells)
		page_printf(&page, TONE_PLAIN, " in %zu column%s, %s row%s",
			    e->columns, plural(e->columns),
			    text_count(all, e->rows), plural(e->rows));
	page_line(&page);
	return page.y;
}

static double share_of(size_t part, size_t all)
{
	return all ? (double)part / (double)all : 0;
}

/* Where the columns of the table of classes stand. */
struct grid {
	int name, count;	/* widths */
	double most;		/* the largest share: the longest bar */
};

static struct grid grid_of(const struct ledger *l, const struct effect *e,
			   const char *target, int columns)
{
	struct grid g = { .name = (int)text_width(target) + 1,
			  .count = (int)strlen("changed") + 2 };
	char text[COUNT_TEXT];

	for (size_t k = 0; k < l->classes; k++) {
		int name = (int)text_width(l->class_name[k]) + 1;
		int count = (int)strlen(text_count(text, l->class_rows[k])) + 2;
		double share = share_of(e->class[k], l->class_rows[k]);

		g.name = name > g.name ? name : g.name;
		g.count = count > g.count ? count : g.count;
		g.most = share > g.most ? share : g.most;
	}
	if (g.name > columns / 3)
		g.name = columns / 3;
	return g;
}

static void draw_class(const struct ledger *l, const struct effect *e,
		       size_t k, const struct canvas *c, int y,
		       const struct grid *g)
{
	double share = share_of(e->class[k], l->class_rows[k]);
	char text[COUNT_TEXT], percent[SHARE_TEXT];
	int x = 3 + g->name, width;

	draw_text(c, y, 3, g->name - 1, TONE_PLAIN, l->class_name[k]);
	draw_right(c, y, x, g->count, TONE_PLAIN,
		   text_count(text, l->class_rows[k]));
	draw_right(c, y, x + g->count, g->count, TONE_PLAIN,
		   text_count(text, e->class[k]));
	x += 2 * g->count;
	draw_right(c, y, x, SHARE_WIDTH, TONE_PLAIN,
		   share_text(percent, share));
	x += SHARE_WIDTH + 2;
	width = c->columns - 2 - x;
	draw_bar(c, y, x, width < BAR_WIDTH ? width : BAR_WIDTH, TONE_VALUES,
		 g->most > 0 ? share / g->most : 0);
}

/* The rows that there are and that are meant, by class; returns where it
 * ends. */
static int draw_classes(const struct session *s, const struct effect *e,
			const struct canvas *c, int y, bool takes)
{
	const struct ledger *l = &s->ledger;
	const char *target;
	struct grid g;

	if (!l->classes || s->settings.target < 0 || y + 2 > c->rows)
		return y;
	target = s->table->column[s->settings.target].name;
	g = grid_of(l, e, target, c->columns);
	draw_text(c, y, 3, g.name - 1, TONE_DIM, target);
	draw_right(c, y, 3 + g.name, g.count, TONE_DIM, "rows");
	draw_right(c, y, 3 + g.name + g.count, g.count, TONE_DIM,
		   takes ? "taken" : "changed");
	draw_right(c, y, 3 + g.name + 2 * g.count, SHARE_WIDTH, TONE_DIM,
		   "share");
	for (size_t k = 0; k < l->classes && ++y < c->rows; k++)
		draw_class(l, e, k, c, y, &g);
	return y + 1;
}

/* ---- what it learned ---- */

/* The i-th lesson of a rule in a result, or NULL. */
static const struct learned *lesson(const struct result *r, const char *rule,
				    size_t i)
{
	for (size_t k = 0; k < r->lessons.n; k++)
		if (!strcmp(r->lessons.of[k].rule, rule) && i-- == 0)
			return &r->lessons.of[k];
	return NULL;
}

/* What stands in the column is written as it is there: a time as one. */
static void say_number(const struct session *s, const struct learned *l,
		       size_t i, char text[PAGE_NUMBER])
{
	static const char *const cells[] = { "fill", "low", "high" };
	int column = table_find(s->table, l->column);
	double x = l->number[i].value;

	page_number(text, x, 6);
	for (size_t k = 0; column >= 0 && k < ARRAY_LEN(cells); k++)
		if (!strcmp(l->number[i].name, cells[k]))
			page_value(text, &s->table->column[column], x, 6);
}

/* "fill 40.1", "low 3.8   high 76.6", "rare X, Y" on one line. */
static void draw_lesson(const struct session *s, const struct learned *l,
			const struct canvas *c, int y, int x, int name)
{
	struct canvas line = *c;
	char number[PAGE_NUMBER];
	struct page page;

	line.rows = y + 1;
	draw_text(c, y, x, name, TONE_PLAIN, l->column);
	page_init(&page, &line, false);
	page.y = y;
	page.left = page.x = x + name + 2;
	for (size_t i = 0; i < l->numbers; i++) {
		int next = page.x + NUMBER_WIDTH;

		say_number(s, l, i, number);
		page_printf(&page, TONE_DIM, "%s ", l->number[i].name);
		page_printf(&page, TONE_STRONG, "%s  ", number);
		/* They stand below each other where there is room. */
		if (c->columns >= 60 && page.x < next)
			page.x = next;
	}
	if (l->levels)
		page_item(&page, TONE_DIM, "rare", "", true);
	for (size_t i = 0; i < l->levels; i++)
		page_printf(&page, TONE_PLAIN, "%s%s", i ? ", " : "",
			    l->level[i]);
	if (l->text)
		page_item(&page, TONE_STRONG, l->text, "", true);
}

/* How many lessons of the rule there are, and how wide their columns. */
static size_t lessons_n(const struct result *r, const char *rule, int *width)
{
	const struct learned *l;
	size_t n = 0;

	*width = 0;
	for (; r && r->key && (l = lesson(r, rule, n)); n++)
		if ((int)text_width(l->column) > *width)
			*width = (int)text_width(l->column);
	return n;
}

/* The newest training learned it, if the rule was on then; in at most so many
 * lines.  Returns where it ends. */
static int draw_lessons(const struct session *s, const struct rule_use *use,
			const struct canvas *c, int y, int rows)
{
	const struct result *r = session_newest(s);
	struct canvas old = panel_canvas(c, r && session_result_stale(s, r));
	int x = c->columns < 60 ? 3 : 3 + NAME_WIDTH, width;
	char name[RULE_NAME];
	size_t n = lessons_n(r, rule_use_name(use, name), &width);
	size_t most = rows > 0 ? (size_t)rows : 0;
	size_t shown = n <= most ? n : most > 0 ? most - 1 : 0;

	if (width > c->columns / 3)
		width = c->columns / 3;
	if (n > 0 && most > 0 && x > 3)
		draw_text(&old, y, 3, NAME_WIDTH - 1, TONE_DIM, "learned");
	for (size_t i = 0; i < shown; i++)
		draw_lesson(s, lesson(r, name, i), &old, y++, x, width);
	if (shown < n && most > 0)
		draw_printf(&old, y++, x, c->columns - 1 - x, TONE_DIM,
			    "%s%zu more", shown ? "and " : "", n - shown);
	if (!r && most > 0 && use->on && use->rule->learn)
		draw_text(&old, y++, 3, c->columns - 4, TONE_DIM,
			  "r trains, and shows what it learns");
	return y;
}

/* ---- below ---- */

/* The account stands on the last two lines of what there is, or behind. */
static void draw_account(const struct session *s, const struct canvas *c,
			 int y)
{
	char text[ACCOUNT_TEXT];

	account_fit(&s->ledger, c->columns - 4, 1, text);
	draw_text(c, y, 3, c->columns - 4, TONE_PLAIN, text);
	account_split(s, c->columns - 4, text);
	draw_text(c, y + 1, 3, c->columns - 4, TONE_DIM, text);
}

static void draw_below(const struct session *s, const struct view *v,
		       const struct canvas *c, int y)
{
	const struct rule_use *use = use_of(s, v);
	const struct effect *e = rule_effect(s, v->at[PANEL_CLEANING]);
	struct canvas old = panel_canvas(c, session_ledger_stale(s));
	bool takes = rule_takes_rows(use);
	bool room = c->rows >= 16, airy = c->rows >= 24;
	char text[UNEVEN_TEXT];
	int end;

	if (e) {
		y = say_effect(s, use, e, &old, y + room);
		if (e->rows)
			y = draw_classes(s, e, &old, y + airy, takes);
		if (rule_advice(s, v->at[PANEL_CLEANING], text))
			draw_printf(&old, y++, 3, c->columns - 4, TONE_WARN,
				    "%s %s", draw_glyph(GLYPH_ALERT), text);
		end = draw_lessons(s, use, c, y + airy,
				   c->rows - y - airy - 2 - room);
		y = end > y + airy ? end : y;
	}
	if (s->ledger_key)
		draw_account(s, &old, y + room);
}

static void sheet_draw(const struct session *s, struct view *v,
		       const struct canvas *c, bool focused)
{
	const struct rule_use *use = use_of(s, v);
	int rows, y;

	if (panel_waiting(s, c))
		return;
	if (!use) {
		draw_text(c, 0, 3, c->columns - 4, TONE_DIM,
			  "no rules: a adds one");
		return;
	}
	rows = (int)options_n(use) + 1;
	if (rows + 4 > c->rows && rows > c->rows / 2 + 1)
		rows = c->rows / 2 + 1;
	y = draw_options(use, v, c, rows, focused);
	y += c->rows >= 16;
	draw_text(c, y, 3, c->columns - 4, TONE_DIM,
		  help_of(use, v->at[SHEET_RULE]));
	draw_below(s, v, c, y + 1);
}

const struct panel sheet_rule = {
	.name = "Rule", .home = PANEL_CLEANING,
	.title = sheet_title,
	.rows = sheet_rows,
	.note = sheet_note,
	.want = sheet_want,
	.draw = sheet_draw,
	.item = sheet_item,
};
