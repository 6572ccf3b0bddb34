#include "rule-text.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "panel.h"

/* ---- rules ---- */

const char *rule_kind_text(enum rule_kind kind, int width)
{
	static const char *const text[][2] = {
		[RULE_CELLS] = { "cells", "cells, first of all" },
		[RULE_ROWS] = { "rows", "rows, before the split" },
		[RULE_COLUMNS] = { "columns", "columns, after the split" },
	};

	return text[kind][(int)text_width(text[kind][1]) <= width];
}

/* A choice that says all by itself: not "yes" or "no". */
static bool speaks(const struct option *option)
{
	return option->type == OPTION_CHOICE &&
	       !text_has_word(option->choices, "yes") &&
	       !text_has_word(option->choices, "no");
}

void rule_words(const struct rule_use *use, char text[RULE_WORDS])
{
	const struct option_values *v = &use->options;

	*text = '\0';
	for (size_t i = 0; v->table && v->table[i].name; i++) {
		const struct option *option = &v->table[i];
		const char *space = *text ? " " : "";

		/* How it works is always of interest, the rest where it is
		 * not as usual. */
		if (!v->text[i] || (!options_given(v, i) &&
				    strcmp(option->name, "method") != 0))
			continue;
		if (option->type == OPTION_COLUMNS)
			text_append(text, RULE_WORDS, "%sof %s", space,
				    v->text[i]);
		else if (speaks(option) && strcmp(option->name, "fit") != 0)
			text_append(text, RULE_WORDS, "%s%s", space,
				    v->text[i]);
		else
			text_append(text, RULE_WORDS, "%s%s=%s", space,
				    option->name, v->text[i]);
	}
}

bool rule_takes_rows(const struct rule_use *use)
{
	const struct rule *rule = use->rule;

	return rule_kind(rule, &use->options) == RULE_ROWS ||
	       (rule->drops && rule->drops(&use->options));
}

/* The rules that were counted may be others than those of now: where the i-th
 * is among them, or ledger.rules. */
static size_t counted_at(const struct session *s, size_t i)
{
	const struct rule_use *use = &s->settings.rule[i];
	const struct ledger *l = &s->ledger;
	size_t k = 0;

	if (!panel_table(s) || !s->ledger_key || i >= s->settings.rules)
		return l->rules;
	while (k < l->rules && (l->of[k].rule != use->rule ||
				l->of[k].number != use->number))
		k++;
	return k;
}

const struct effect *rule_effect(const struct session *s, size_t i)
{
	size_t k = counted_at(s, i);
	const struct effect *e;

	if (k >= s->ledger.rules)
		return NULL;
	e = &s->ledger.of[k].effect;
	return e->known || e->old ? e : NULL;
}

/* ---- what they cost ---- */

bool rule_takes_columns(const struct rule *rule)
{
	return rule->every || rule->whole;
}

enum tone effect_cost(const struct effect *effect, const struct rule_use *use,
		      char text[COST_TEXT])
{
	bool takes = rule_takes_rows(use);
	bool whole = rule_takes_columns(use->rule);
	size_t n = takes ? effect->rows :
		   whole ? effect->columns : effect->cells;
	const char *of = takes ? "row" : whole ? "column" : "cell";
	char count[COUNT_TEXT];

	snprintf(text, COST_TEXT, "%s%s %s%s",
		 takes && use->on ? draw_glyph(GLYPH_MINUS) : "",
		 text_count(count, n), of, n == 1 ? "" : "s");
	return n ? TONE_PLAIN : TONE_DIM;
}

enum tone rule_cost(const struct session *s, size_t i, char text[COST_TEXT])
{
	const struct effect *effect = rule_effect(s, i);
	char advice[UNEVEN_TEXT];
	enum tone tone;

	*text = '\0';
	if (!effect)
		return TONE_DIM;
	tone = effect_cost(effect, &s->settings.rule[i], text);
	return !effect->known ? TONE_DIM :
	       rule_advice(s, i, advice) ? TONE_WARN : tone;
}

char *share_text(char to[SHARE_TEXT], double share)
{
	double percent = 100 * share;

	if (!(percent > 0) || percent >= 9.95)
		snprintf(to, SHARE_TEXT, "%d %%", panel_percent(share));
	else if (percent < 0.05)
		snprintf(to, SHARE_TEXT, "<0.1 %%");
	else
		snprintf(to, SHARE_TEXT, "%.1f %%", percent);
	return to;
}

bool rule_advice(const struct session *s, size_t i, char text[UNEVEN_TEXT])
{
	size_t k = counted_at(s, i);

	return k < s->ledger.rules && effect_uneven(&s->ledger, k, text);
}

/* ---- the account ---- */

void account_rows(const struct ledger *l, enum wording words,
		  char text[ACCOUNT_TEXT])
{
	char a[COUNT_TEXT], b[COUNT_TEXT];

	snprintf(text, ACCOUNT_TEXT, "%s read = %s used",
		 text_count(a, l->read), text_count(b, l->used));
	if (words >= WORDS_SUM && l->used < l->read)
		text_append(text, ACCOUNT_TEXT, " + %s%s",
			    text_count(a, l->read - l->used),
			    words == WORDS_SUM ? " dropped" : "");
	for (size_t i = 0; words < WORDS_SUM && i < l->rules; i++) {
		struct rule_use use = { .rule = l->of[i].rule,
					.number = l->of[i].number };
		char full[RULE_NAME];
		const char *name = words == WORDS_NAMES
			? rule_use_name(&use, full) : use.rule->label;

		if (!l->of[i].on || !l->of[i].drops || !l->of[i].effect.rows)
			continue;
		/* The label says by its minus what the account says by +. */
		if (!strncmp(name, "−", strlen("−")))
			name += strlen("−");
		text_append(text, ACCOUNT_TEXT, " + %s %s",
			    text_count(a, l->of[i].effect.rows), name);
	}
}

void account_fit(const struct ledger *ledger, int width, int lines,
		 char text[ACCOUNT_TEXT])
{
	for (int words = 0; words < WORDINGS; words++) {
		const char *line = text;

		account_rows(ledger, (enum wording)words, text);
		if (lines > 1)
			line = strchr(text, '=');
		if ((int)text_width(line) <= width)
			break;
	}
}

/* What a split says of itself beyond numbers ("before 2024-03-01") belongs
 * here, in brackets behind the number it explains. */
static void say_folds(const struct ledger *l, char text[ACCOUNT_TEXT])
{
	char count[COUNT_TEXT];

	snprintf(text, ACCOUNT_TEXT, "%zu folds test %s", l->folds,
		 text_count(count, l->tested));
	if (l->untested)
		text_append(text, ACCOUNT_TEXT, ", %s never",
			    text_count(count, l->untested));
}

void account_split(const struct session *s, int width,
		   char text[ACCOUNT_TEXT])
{
	const struct ledger *l = &s->ledger;
	char a[COUNT_TEXT], b[COUNT_TEXT], gap[COUNT_TEXT + 8] = "";
	const char *space = "   ";

	*text = '\0';
	if (l->folds) {
		say_folds(l, text);
		return;
	}
	if (!l->train)
		return;
	text_count(a, l->train);
	text_count(b, l->test);
	if (l->gap) {
		char count[COUNT_TEXT];

		snprintf(gap, sizeof(gap), "gap %s", text_count(count, l->gap));
	}
	for (int tight = 0; tight < 2; tight++, space = "  ") {
		snprintf(text, ACCOUNT_TEXT, "train %s%stest %s%s%s", a, space,
			 b, *gap ? space : "", gap);
		if ((int)text_width(text) <= width)
			return;
	}
	snprintf(text, ACCOUNT_TEXT, "%s + %s test%s%s", a, b,
		 *gap ? "  " : "", gap);
}
