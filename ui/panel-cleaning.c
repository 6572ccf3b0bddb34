/*
 * panel-cleaning.c - the rules with what they cost, and the row ledger
 *
 *	[x] drop-missing          −3 rows
 *	[ ] drop-duplicates        2 rows
 *	100 read = 97 used + 3 missing
 *	train 77   test 20
 */
#include "panel.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "eval/split.h"

enum { LEDGER_TEXT = 512, COST_TEXT = 64 };

static size_t panel_rows(const struct session *s)
{
	return s->settings.rules;
}

static const char *panel_item(const struct session *s, const struct view *v)
{
	size_t at = v->at[PANEL_CLEANING];

	static char name[RULE_NAME];

	return at < s->settings.rules
		? rule_use_name(&s->settings.rule[at], name) : NULL;
}

static void panel_note(const struct session *s, const struct view *v,
		       char *text, size_t size)
{
	(void)v;
	snprintf(text, size, "%s", s->working == WORK_CLEAN ? "counting" : "");
}

/* ---- the rules ---- */

/* The worker has counted for these rules. */
static bool counted(const struct session *s, size_t i)
{
	return panel_table(s) && s->ledger_key && i < s->ledger.rules &&
	       s->ledger.of[i].rule == s->settings.rule[i].rule &&
	       s->ledger.of[i].number == s->settings.rule[i].number;
}

/* How much the rule does, in rows that it takes, cells or columns. */
static size_t size_of(const struct session *s, size_t i, const char **unit)
{
	const struct effect *e = &s->ledger.of[i].effect;
	const struct rule *rule = s->ledger.of[i].rule;

	if (s->ledger.of[i].drops) {
		*unit = "row";
		return e->rows;
	}
	*unit = rule->every || rule->whole ? "column" : "cell";
	return rule->every || rule->whole ? e->columns : e->cells;
}

/* What the rule costs, or would: "" when that is not known. */
static enum tone cost_of(const struct session *s, size_t i,
			 char text[COST_TEXT])
{
	const struct rule_use *use = &s->settings.rule[i];
	char count[COUNT_TEXT];
	const char *unit;
	bool rows;
	size_t n;

	*text = '\0';
	if (!counted(s, i))
		return TONE_DIM;
	rows = s->ledger.of[i].drops;
	n = size_of(s, i, &unit);
	if (!n && (s->ledger.of[i].rule->every ||
		   !s->ledger.of[i].effect.known))
		return TONE_DIM;
	snprintf(text, COST_TEXT, "%s%s %s%s",
		 rows && use->on ? draw_glyph(GLYPH_MINUS) : "",
		 text_count(count, n), unit, n == 1 ? "" : "s");
	return !s->ledger.of[i].effect.known ? TONE_DIM :
	       use->on ? TONE_PLAIN : rows && n ? TONE_WARN : TONE_DIM;
}

static void draw_rule(const struct session *s, const struct canvas *c,
		      const struct canvas *old, int y, size_t i)
{
	const struct rule_use *use = &s->settings.rule[i];
	char *options = options_format(&use->options, false);
	int end = c->columns - 1, x = 5;
	char text[COST_TEXT], name[RULE_NAME];
	enum tone tone = cost_of(s, i, text);

	draw_text(c, y, 1, 3, use->on ? TONE_GOOD : TONE_DIM,
		  use->on ? "[x]" : "[ ]");
	if (*text && end - 5 > (int)text_width(text) + 8)
		end -= 1 + draw_right(old, y, x, end - x, tone, text);
	tone = use->on ? TONE_PLAIN : TONE_DIM;
	x += draw_text(c, y, x, end - x, tone, rule_use_name(use, name)) + 1;
	draw_text(c, y, x, end - x, TONE_DIM, options);
	free(options);
}

/* ---- the ledger ---- */

/* How the account is written: with rule names, short names, or one sum, which
 * may be without a word. */
enum wording { WORDS_NAMES, WORDS_LABELS, WORDS_SUM, WORDS_NONE, WORDINGS };

static void say_ledger(const struct session *s, enum wording words,
		       char text[LEDGER_TEXT])
{
	const struct ledger *l = &s->ledger;
	char a[COUNT_TEXT], b[COUNT_TEXT];

	snprintf(text, LEDGER_TEXT, "%s read = %s used",
		 text_count(a, l->read), text_count(b, l->used));
	if (words >= WORDS_SUM && l->used < l->read)
		text_append(text, LEDGER_TEXT, " + %s%s",
			    text_count(a, l->read - l->used),
			    words == WORDS_SUM ? " dropped" : "");
	for (size_t i = 0; words < WORDS_SUM && i < l->rules; i++) {
		const char *name = words == WORDS_NAMES ? l->of[i].rule->name :
							  l->of[i].rule->label;

		if (!l->of[i].on || !l->of[i].drops || !l->of[i].effect.rows)
			continue;
		/* The label says by its minus what the account says by +. */
		if (!strncmp(name, "−", strlen("−")))
			name += strlen("−");
		text_append(text, LEDGER_TEXT, " + %s %s",
			    text_count(a, l->of[i].effect.rows), name);
	}
}

/* Two when one is too narrow for the shortest, and the rules leave room. */
static int account_lines(const struct session *s, const struct canvas *c)
{
	char text[LEDGER_TEXT];

	say_ledger(s, WORDS_NONE, text);
	return (int)text_width(text) > c->columns - 2 &&
	       c->rows > (int)s->settings.rules + 2 ? 2 : 1;
}

static void draw_account(const struct session *s, const struct canvas *c,
			 int y, int lines)
{
	char text[LEDGER_TEXT], *used = text;

	for (int words = 0; words < WORDINGS; words++) {
		say_ledger(s, (enum wording)words, text);
		if (lines > 1)
			used = strchr(text, '=');
		if ((int)text_width(used) <= c->columns - 2)
			break;
	}
	draw_text(c, y + lines - 1, 1, c->columns - 2, TONE_PLAIN, used);
	*used = '\0';
	if (lines > 1)
		draw_text(c, y, 1, c->columns - 2, TONE_PLAIN, text);
}

/* Before there is a split, of those that take their share of the rows. */
static void foresee(const struct session *s, size_t *train, size_t *test,
		    size_t *folds)
{
	struct split split;
	struct err err;

	if (!s->settings.split.table ||
	    !split_init(&split, &s->settings.split, s->table,
			s->settings.target, &err))
		return;
	*folds = split.folds;
	split_foresee(&split, s->ledger.used, train, test);
}

/* Nothing is said of a split that could not be made. */
static void draw_split(const struct session *s, const struct canvas *c, int y)
{
	size_t train = s->ledger.train, test = s->ledger.test, folds = 0;
	char a[COUNT_TEXT], b[COUNT_TEXT], gap[COUNT_TEXT + 8] = "";

	if (!train)
		foresee(s, &train, &test, &folds);
	if (s->ledger.gap > 0)
		snprintf(gap, sizeof(gap), "   gap %s",
			 text_count(a, s->ledger.gap));
	if (s->ledger.untested > 0)
		snprintf(gap, sizeof(gap), ", %s never",
			 text_count(a, s->ledger.untested));
	if (s->ledger.folds)
		draw_printf(c, y, 1, c->columns - 2, TONE_DIM,
			    "%zu folds test %s%s", s->ledger.folds,
			    text_count(b, s->ledger.tested), gap);
	else if (folds)
		draw_printf(c, y, 1, c->columns - 2, TONE_DIM, "%zu folds",
			    folds);
	else if (train)
		draw_printf(c, y, 1, c->columns - 2, TONE_DIM,
			    "train %s   test %s%s", text_count(a, train),
			    text_count(b, test), gap);
}

static void panel_draw(const struct session *s, struct view *v,
		       const struct canvas *c, bool focused)
{
	size_t n = s->settings.rules, at = v->at[PANEL_CLEANING], top;
	bool account = panel_table(s) && s->ledger_key;
	int lines = account ? account_lines(s, c) : 0;
	int below = !account ? 0 : c->rows >= 5 ? lines + 1 :
		    c->rows >= 3 ? 1 : 0;
	struct canvas old = panel_canvas(c, session_ledger_stale(s));
	int rows = c->rows - below;

	if (!panel_table(s) && !session_source(s)) {
		panel_waiting(s, c);
		return;
	}
	top = panel_top(v, PANEL_CLEANING, at, n, rows);
	for (int y = 0; y < rows && top + (size_t)y < n; y++) {
		draw_rule(s, c, &old, y, top + (size_t)y);
		if (focused && top + (size_t)y == at)
			draw_cursor(c, y, true);
	}
	if (below)
		draw_account(s, &old, c->rows - below, below > 1 ? lines : 1);
	if (below > 1)
		draw_split(s, &old, c->rows - 1);
}

const struct panel panel_cleaning = {
	.name = "Cleaning",
	.rows = panel_rows,
	.note = panel_note,
	.draw = panel_draw,
	.item = panel_item,
};
