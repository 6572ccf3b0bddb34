/*
 * panel-cleaning.c - the rules with what they cost, and the row ledger
 *
 *	[x] drop-missing          −3 rows
 *	[ ] drop-duplicates        2 rows
 *	[ ] outliers iqr        417 cells
 *	! takes 18 % of failure=yes, 2 % of all
 *	100 read = 97 used + 3 missing
 *	train 77   test 20
 *
 * Where there is room, a line says which rules work on what, and when.
 */
#include "panel.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "rule-text.h"
#include "sheet-rule.h"

static size_t panel_rows(const struct session *s)
{
	return s->settings.rules;
}

static const char *panel_item(const struct session *s, const struct view *v)
{
	static char name[RULE_NAME];
	size_t at = v->at[PANEL_CLEANING];

	return at < s->settings.rules
		? rule_use_name(&s->settings.rule[at], name) : NULL;
}

static void panel_note(const struct session *s, const struct view *v,
		       char *text, size_t size)
{
	size_t on = 0;

	(void)v;
	/* A few one counts at a glance. */
	if (!panel_table(s) || s->settings.rules <= 5)
		return;
	for (size_t i = 0; i < s->settings.rules; i++)
		on += s->settings.rule[i].on;
	snprintf(text, size, "%zu of %zu on", on, s->settings.rules);
}

/* ---- the cursor ---- */

/* The rules as they stood, and the one under the cursor. */
static struct standing {
	size_t n, at;
	struct {
		const struct rule *rule;
		unsigned number;
	} use[RULES_MAX];
} standing;

/* Where a rule stood, or standing.n. */
static size_t stood_at(const struct rule_use *use)
{
	size_t i = 0;

	while (i < standing.n && (standing.use[i].rule != use->rule ||
				  standing.use[i].number != use->number))
		i++;
	return i;
}

void cleaning_go(const struct session *s, struct view *v, size_t i)
{
	const struct settings *set = &s->settings;

	v->at[PANEL_CLEANING] = standing.at = i;
	standing.n = set->rules;
	for (size_t k = 0; k < set->rules; k++) {
		standing.use[k].rule = set->rule[k].rule;
		standing.use[k].number = set->rule[k].number;
	}
}

/* The cursor goes to a rule that has come, and along with one that moves. */
static void panel_want(struct session *s, struct view *v)
{
	const struct settings *set = &s->settings;
	size_t at = v->at[PANEL_CLEANING], to = at, come = 0;

	for (size_t i = 0; i < set->rules; i++) {
		size_t stood = stood_at(&set->rule[i]);

		come += stood == standing.n;
		if (stood == standing.n && standing.n &&
		    set->rules == standing.n + 1)
			to = i;
		else if (stood == standing.at && at == standing.at && !come)
			to = i;
	}
	cleaning_go(s, v, to);
}

/* ---- the rules ---- */

static void draw_rule(const struct session *s, const struct canvas *c,
		      const struct canvas *old, int y, size_t i)
{
	const struct rule_use *use = &s->settings.rule[i];
	char cost[COST_TEXT], words[RULE_WORDS], name[RULE_NAME];
	enum tone tone = rule_cost(s, i, cost);
	int end = c->columns - 1, x = 5;

	rule_words(use, words);
	rule_use_name(use, name);
	draw_text(c, y, 1, 3, use->on ? TONE_GOOD : TONE_DIM,
		  use->on ? "[x]" : "[ ]");
	if (*cost && end - 5 > (int)text_width(cost) + 8)
		end -= 1 + draw_right(old, y, x, end - x, tone, cost);
	tone = use->on ? TONE_PLAIN : TONE_DIM;
	x += draw_text(c, y, x, end - x, tone, name) + 1;
	draw_text(c, y, x, end - x, TONE_DIM, words);
}

/* How many kinds of rules there are: each may have a line that says so. */
static int kinds(const struct session *s)
{
	const struct rule_use *use = s->settings.rule;
	int n = 0;

	for (size_t i = 0; i < s->settings.rules; i++)
		n += i == 0 || rule_kind(use[i].rule, &use[i].options) !=
			rule_kind(use[i - 1].rule, &use[i - 1].options);
	return n;
}

static bool headed(const struct session *s, int rows)
{
	return (int)s->settings.rules + kinds(s) + 2 <= rows;
}

static void draw_rules(const struct session *s, struct view *v,
		       const struct canvas *c, const struct canvas *old,
		       int rows, bool focused)
{
	size_t n = s->settings.rules, at = v->at[PANEL_CLEANING];
	size_t i = panel_top(v, PANEL_CLEANING, at, n, rows);
	bool heads = headed(s, rows);
	int last = -1;

	if (n == 0)
		draw_text(c, 0, 1, c->columns - 2, TONE_DIM,
			  "no rules: a adds one");
	for (int y = 0; y < rows && i < n; y++, i++) {
		const struct rule_use *use = &s->settings.rule[i];
		int kind = rule_kind(use->rule, &use->options);

		if (heads && kind != last)
			draw_text(c, y++, 1, c->columns - 2, TONE_DIM,
				  rule_kind_text(kind, c->columns - 2));
		last = kind;
		draw_rule(s, c, old, y, i);
		if (i == at && focused)
			draw_cursor(c, y, true);
	}
}

/* ---- below them ---- */

enum { ADVICE_TEXT = UNEVEN_TEXT + RULE_NAME };

/* On as many lines as it takes, at most so many; the last of them is line y. */
static void draw_wrapped(const struct canvas *c, int y, int most,
			 enum tone tone, const char *text)
{
	size_t width = c->columns > 2 ? (size_t)c->columns - 2 : 0;
	int n = 1;

	for (const char *rest = text; n < most && width > 0; n++) {
		rest += text_line(rest, width);
		rest += strspn(rest, " ");
		if (!*rest)
			break;
	}
	for (int i = 0; i < n; i++) {
		size_t len = i < n - 1 ? text_line(text, width)
				       : strlen(text);
		char *line = mem_strndup(text, len);

		draw_text(c, y - n + 1 + i, 1, (int)width, tone, line);
		free(line);
		text += len;
		text += strspn(text, " ");
	}
}

/* The rule to speak of: the one under the cursor; while that is elsewhere one
 * that is on.  False: there is nothing to say against it. */
static bool advice_of(const struct session *s, const struct view *v,
		      bool focused, char text[ADVICE_TEXT])
{
	size_t at = v->at[PANEL_CLEANING];
	char name[RULE_NAME], what[UNEVEN_TEXT];

	if (focused)
		return rule_advice(s, at, text);
	for (size_t i = 0; i < s->settings.rules; i++) {
		const struct rule_use *use = &s->settings.rule[i];

		if (!use->on || !rule_advice(s, i, what))
			continue;
		snprintf(text, ADVICE_TEXT, "%s ", rule_use_name(use, name));
		text_append(text, ADVICE_TEXT, "%s", what);
		return true;
	}
	return false;
}

/* What is to be known before the rule under the cursor is used. */
static void draw_advice(const struct session *s, const struct view *v,
			const struct canvas *c, int y, bool focused)
{
	size_t at = v->at[PANEL_CLEANING], n = s->settings.rules;
	int most = 1 + y - (int)n - (headed(s, y) ? kinds(s) : 0);
	char text[ADVICE_TEXT], line[ADVICE_TEXT + 8];

	if (advice_of(s, v, focused, text)) {
		snprintf(line, sizeof(line), "%s %s", draw_glyph(GLYPH_ALERT),
			 text);
		draw_wrapped(c, y, most, TONE_WARN, line);
	} else if (focused && at < n) {
		draw_wrapped(c, y, most, TONE_DIM,
			     s->settings.rule[at].rule->help);
	}
}

/* Two when one is too narrow for the shortest, if half of the rows were
 * dropped, and the rules leave room: so the lines stay where they are. */
static int account_lines(const struct session *s, const struct canvas *c)
{
	struct ledger half = { .read = s->ledger.read,
			       .used = s->ledger.read / 2 };
	char text[ACCOUNT_TEXT];

	account_rows(&half, WORDS_NONE, text);
	return (int)text_width(text) > c->columns - 2 &&
	       c->rows > (int)s->settings.rules + 2 ? 2 : 1;
}

static void draw_account(const struct session *s, const struct canvas *c,
			 int y, int lines)
{
	char text[ACCOUNT_TEXT], *used = text;

	account_fit(&s->ledger, c->columns - 2, lines, text);
	if (lines > 1)
		used = strchr(text, '=');
	draw_text(c, y + lines - 1, 1, c->columns - 2, TONE_PLAIN, used);
	*used = '\0';
	if (lines > 1)
		draw_text(c, y, 1, c->columns - 2, TONE_PLAIN, text);
}

static void draw_split(const struct session *s, const struct canvas *c, int y)
{
	char text[ACCOUNT_TEXT];

	account_split(s, c->columns - 2, text);
	draw_text(c, y, 1, c->columns - 2, TONE_DIM, text);
}

static void panel_draw(const struct session *s, struct view *v,
		       const struct canvas *c, bool focused)
{
	bool account = panel_table(s) && s->ledger_key;
	int lines = account ? account_lines(s, c) : 1;
	/* Their place is kept before anything was counted. */
	int below = c->rows >= 5 ? lines + 1 : c->rows >= 3;
	bool advice = c->rows >= 7;
	struct canvas old = panel_canvas(c, session_ledger_stale(s));
	int rows = c->rows - below - advice;

	if (!panel_table(s) && !session_source(s)) {
		panel_waiting(s, c);
		return;
	}
	draw_rules(s, v, c, &old, rows, focused);
	if (advice)
		draw_advice(s, v, &old, rows, focused);
	if (account && below)
		draw_account(s, &old, c->rows - below, below > 1 ? lines : 1);
	if (account && below > 1)
		draw_split(s, &old, c->rows - 1);
}

const struct panel panel_cleaning = {
	.name = "Cleaning",
	.rows = panel_rows,
	.note = panel_note,
	.want = panel_want,
	.draw = panel_draw,
	.item = panel_item,
};
