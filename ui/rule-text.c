#include "rule-text.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "panel.h"

/* ---- rules ---- */

const char *const rule_kind_name[] = {
	[RULE_CELLS] = "cells", [RULE_ROWS] = "rows",
	[RULE_COLUMNS] = "columns",
};

const char *const rule_kind_when[] = {
	[RULE_CELLS] = "cells, first of all",
	[RULE_ROWS] = "rows, before the split",
	[RULE_COLUMNS] = "columns, learned from training rows",
};

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

/* The rules that were counted may be others than those of now. */
const struct effect *rule_effect(const struct session *s, size_t i)
{
	const struct rule_use *use = &s->settings.rule[i];

	if (!panel_table(s) || !s->ledger_key || i >= s->settings.rules)
		return NULL;
	for (size_t k = 0; k < s->ledger.rules; k++)
		if (s->ledger.of[k].rule == use->rule &&
		    s->ledger.of[k].number == use->number)
			return &s->ledger.of[k].effect;
	return NULL;
}

/* ---- what they cost ---- */

enum tone effect_cost(const struct effect *effect, const struct rule *rule,
		      enum rule_kind kind, bool on, char text[COST_TEXT])
{
	bool rows = kind == RULE_ROWS;
	size_t n = rows ? effect->rows : effect->cells;
	const char *of = rows ? "row" : "cell";
	char count[COUNT_TEXT];

	(void)rule;
	if (kind == RULE_COLUMNS && !effect->cells) {
		n = effect->columns;
		of = "column";
	}
	snprintf(text, COST_TEXT, "%s%s %s%s",
		 rows && on ? draw_glyph(GLYPH_MINUS) : "",
		 text_count(count, n), of, n == 1 ? "" : "s");
	return n ? TONE_PLAIN : TONE_DIM;
}

enum tone rule_cost(const struct session *s, size_t i, char text[COST_TEXT])
{
	const struct rule_use *use = &s->settings.rule[i];
	const struct effect *effect = rule_effect(s, i);
	char advice[ADVICE_TEXT];
	enum tone tone;

	*text = '\0';
	if (!effect)
		return TONE_DIM;
	tone = effect_cost(effect, use->rule,
			   rule_kind(use->rule, &use->options), use->on, text);
	return rule_advice(s, i, advice) ? TONE_WARN : tone;
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

static double share_of(size_t part, size_t all)
{
	return all ? (double)part / (double)all : 0;
}

/* The class of which most is taken, if that is far from what the others lose;
 * else -1. */
static int uneven_class(const struct ledger *ledger,
			const struct effect *effect)
{
	int worst = -1;
	double most = 0;

	for (size_t k = 0; k < ledger->classes; k++) {
		double mine = share_of(effect->class[k], ledger->class_rows[k]);
		double all = share_of(effect->rows, ledger->read);
		double sd = sqrt(all * (1 - all) /
				 (double)(ledger->class_rows[k] + 1));

		if (mine > most && mine > 1.5 * all && mine - all > 3 * sd &&
		    effect->class[k] >= 3) {
			most = mine;
			worst = (int)k;
		}
	}
	return worst;
}

bool rule_advice(const struct session *s, size_t i, char text[ADVICE_TEXT])
{
	const struct effect *effect = rule_effect(s, i);
	const struct ledger *ledger = &s->ledger;
	char share[SHARE_TEXT], of_all[SHARE_TEXT];
	int k, target = s->settings.target;

	*text = '\0';
	if (!effect || target < 0 || (k = uneven_class(ledger, effect)) < 0)
		return false;
	snprintf(text, ADVICE_TEXT, "takes %s of %s=%s, %s of all",
		 share_text(share, share_of(effect->class[k],
					    ledger->class_rows[k])),
		 s->table->column[target].name, ledger->class_name[k],
		 share_text(of_all, share_of(effect->rows, ledger->read)));
	return true;
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

/* How many rows will train and test; split_random() rounds up the test. */
static bool split_counts(const struct session *s, size_t *train, size_t *test)
{
	*train = s->ledger.train;
	*test = s->ledger.test;
	if (!*train && s->settings.split.table) {
		double part = options_number(&s->settings.split, "test");

		*test = (size_t)ceil(part * (double)s->ledger.used);
		*train = *test <= s->ledger.used ? s->ledger.used - *test : 0;
	}
	return *train > 0;
}

/* What a split says of itself beyond numbers ("before 2024-03-01") belongs
 * here, in brackets behind the number it explains. */
void account_split(const struct session *s, int width,
		   char text[ACCOUNT_TEXT])
{
	char a[COUNT_TEXT], b[COUNT_TEXT];
	const char *space = "   ";
	size_t train, test, left;

	*text = '\0';
	if (!split_counts(s, &train, &test))
		return;
	snprintf(text, ACCOUNT_TEXT, "train %s   test %s",
		 text_count(a, train), text_count(b, test));
	if ((int)text_width(text) > width) {
		space = "  ";
		snprintf(text, ACCOUNT_TEXT, "train %s%stest %s", a, space, b);
	}
	left = s->ledger.used - train - test;
	if (train + test < s->ledger.used)
		text_append(text, ACCOUNT_TEXT, "%sgap %s", space,
			    text_count(a, left));
}
