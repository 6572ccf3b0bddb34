/*
 * sheet-rules.c - every rule that there is, to add one
 *
 *	   rows, before the split
 *	 ▸ drop-missing        3 rows  Drop the rows that have a missing cell
 *	 x drop-duplicates     2 rows  Drop the rows that repeat an earlier one
 *	   columns, after the split
 *	   standardize      5 columns  Number columns to mean 0 and deviation 1
 */
#include "sheet-rule.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "rule-costs.h"
#include "rule-text.h"

enum { NAME_WIDTH = 17, COST_WIDTH = 14,
       HELP_LEAST = 12 /* what is narrower says nothing */ };

/* ---- the rules in the order of their work ---- */

static size_t rules_n(void)
{
	size_t n = 0;

	while (rules[n])
		n++;
	return n;
}

static enum rule_kind kind_of(const struct rule *rule)
{
	struct option_values options;
	enum rule_kind kind;

	options_init(&options, rule->options);
	kind = rule_kind(rule, &options);
	options_clear(&options);
	return kind;
}

/* The n-th, kind by kind; within a kind as they are offered. */
static const struct rule *nth(size_t n)
{
	for (int kind = RULE_CELLS; kind <= RULE_COLUMNS; kind++)
		for (size_t i = 0; rules[i]; i++)
			if ((int)kind_of(rules[i]) == kind && n-- == 0)
				return rules[i];
	return NULL;
}

const struct rule *rules_chosen(const struct view *v)
{
	return nth(v->at[SHEET_RULES]);
}

/* The first use of it in the settings, or settings.rules. */
static size_t first_use(const struct session *s, const struct rule *rule)
{
	size_t i = 0;

	while (i < s->settings.rules && s->settings.rule[i].rule != rule)
		i++;
	return i;
}

/* ---- the sheet ---- */

static size_t sheet_rows(const struct session *s)
{
	return panel_table(s) ? rules_n() : 0;
}

static const char *sheet_title(const struct session *s, const struct view *v)
{
	(void)s;
	(void)v;
	return "add a rule";
}

static const char *sheet_item(const struct session *s, const struct view *v)
{
	const struct rule *rule = rules_chosen(v);

	(void)s;
	return rule ? rule->name : NULL;
}

static bool is_on(const struct session *s, const struct rule *rule)
{
	for (size_t i = 0; i < s->settings.rules; i++)
		if (s->settings.rule[i].rule == rule && s->settings.rule[i].on)
			return true;
	return false;
}

/* What a rule does, or would do. */
struct doing {
	char cost[COST_TEXT], advice[UNEVEN_TEXT];
	enum tone tone;
};

/* Of a rule in the list what its first use does, else what one would do. */
static struct doing doing_of(const struct session *s, const struct rule *rule)
{
	struct doing d = { .tone = TONE_DIM };
	bool stale = session_ledger_stale(s);
	size_t at = first_use(s, rule);
	const struct effect *effect;
	struct rule_use use;

	if (at < s->settings.rules) {
		d.tone = rule_cost(s, at, d.cost);
		if (!rule_advice(s, at, d.advice))
			*d.advice = '\0';
	} else {
		use = settings_offer(rule, 1);
		effect = rule_costs_of(s, rule, &stale, d.advice);
		if (effect)
			d.tone = effect_cost(effect, &use, d.cost);
		options_clear(&use.options);
	}
	d.tone = stale ? TONE_DIM : *d.advice ? TONE_WARN : d.tone;
	return d;
}

static void draw_rule(const struct session *s, const struct canvas *c, int y,
		      const struct rule *rule)
{
	struct doing d = doing_of(s, rule);
	int x = 3, end = c->columns - 1;

	if (is_on(s, rule))
		draw_text(c, y, 1, 1, TONE_GOOD, "x");
	draw_text(c, y, x, NAME_WIDTH - 1, TONE_PLAIN, rule->name);
	x += NAME_WIDTH;
	if (x + COST_WIDTH > end)
		return;
	draw_right(c, y, x, COST_WIDTH, d.tone, d.cost);
	x += COST_WIDTH + 2;
	if (end - x >= HELP_LEAST)
		draw_text(c, y, x, end - x, TONE_DIM, rule->help);
}

static void draw_rules(const struct session *s, struct view *v,
		       const struct canvas *c, int rows, bool focused)
{
	size_t n = rules_n(), at = v->at[SHEET_RULES];
	size_t i = panel_top(v, SHEET_RULES, at, n, rows);
	bool headed = (int)n + 3 <= rows;
	int last = -1;

	for (int y = 0; y < rows && i < n; y++, i++) {
		const struct rule *rule = nth(i);
		int kind = kind_of(rule);

		if (headed && kind != last)
			draw_text(c, y++, 1, c->columns - 2, TONE_DIM,
				  rule_kind_text(kind, c->columns - 2));
		last = kind;
		draw_rule(s, c, y, rule);
		if (i != at)
			continue;
		draw_text(c, y, 1, 1, TONE_ACCENT, draw_glyph(GLYPH_CURSOR));
		draw_cursor(c, y, focused);
	}
}

static void sheet_want(struct session *s, struct view *v)
{
	(void)v;
	rule_costs_want(s);
}

/* What the rule under the cursor is, what it can be told, and what is to be
 * known before it is used; on as many lines as there are. */
static void draw_below(const struct session *s, const struct rule *rule,
		       const struct canvas *c, int y)
{
	struct doing d = doing_of(s, rule);
	char text[256] = "";

	for (size_t i = 0; rule->options && rule->options[i].name; i++)
		text_append(text, sizeof(text), "%s%s=", i ? "  " : "",
			    rule->options[i].name);
	if (*d.advice)
		draw_printf(c, y++, 1, c->columns - 2, TONE_WARN, "%s %s",
			    draw_glyph(GLYPH_ALERT), d.advice);
	else if (c->rows >= 12)
		y++;
	draw_text(c, y, 1, c->columns - 2, TONE_PLAIN, rule->help);
	draw_text(c, y + 1, 1, c->columns - 2, TONE_DIM, text);
}

static void sheet_draw(const struct session *s, struct view *v,
		       const struct canvas *c, bool focused)
{
	const struct rule *rule = rules_chosen(v);
	int below = c->rows >= 12 ? 4 : c->rows >= 5 ? 2 : 0;

	if (panel_waiting(s, c))
		return;
	draw_rules(s, v, c, c->rows - below, focused);
	if (below && rule)
		draw_below(s, rule, c, c->rows - below + 1);
}

const struct panel sheet_rules = {
	.name = "Rules", .home = PANEL_CLEANING,
	.title = sheet_title,
	.rows = sheet_rows,
	.want = sheet_want,
	.draw = sheet_draw,
	.item = sheet_item,
};
