/*
 * guard-rules.c - G01 and G06: what the cleaning rules do to a result
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "run/guard-check.h"

/* ---- G01: rules that have seen the test rows ---- */

static bool has_fit(const struct rule_use *use)
{
	const struct option *table = use->options.table;

	for (size_t i = 0; table && table[i].name; i++)
		if (!strcmp(table[i].name, "fit"))
			return !strcmp(use->options.text[i], "all");
	return false;
}

/* "clean standardize columns=a fit=train" as far as it differs from what the
 * rule does by itself. */
static char *by_train(struct rule_use *use)
{
	char name[RULE_NAME], *options, *command;
	struct err err;

	options_set(&use->options, use->rule->name, "fit=train", &err);
	options = options_format(&use->options, false);
	command = mem_printf("clean %s%s%s", rule_use_name(use, name),
			     *options ? " " : " fit=train", options);
	free(options);
	return command;
}

/* All of them together, as one settles the other; the remedy is of the first:
 * the next training tells of the next. */
bool guard_fit_all(struct ground *g, struct err *err)
{
	struct settings other;
	struct warning *f;
	char name[RULE_NAME], *remedy = NULL, *text = NULL;
	bool ok;

	settings_copy(&other, g->settings);
	for (size_t i = 0; i < other.rules; i++) {
		char *command;

		if (!other.rule[i].on || !has_fit(&other.rule[i]))
			continue;
		command = by_train(&other.rule[i]);
		if (text) {
			free(command);
			continue;
		}
		remedy = command;
		text = mem_printf("%s has learned from the test rows too "
				  "(fit=all)",
				  rule_use_name(&other.rule[i], name));
	}
	if (!text) {
		settings_clear(&other);
		return true;
	}
	f = ground_find(g, text);
	f->remedy = remedy;
	f->instead = mem_strdup("with fit=train");
	ok = ground_try(g, f, &other, TRIAL_SPREAD, 0, err);
	settings_clear(&other);
	return ok;
}

/* ---- G06: rules that do not take from all classes alike ---- */

/* Twice as often is what one would see at a glance; by chance it happens with
 * p < 0.001 (chi^2 of one degree of freedom above 10.8). */
#define TIMES 2.0
#define CHI2 10.8

/* What a rule took of each class, and which it took most and least of. */
struct shares {
	size_t high, low;	/* classes */
	double share[CLASSES_COUNTED];
};

static bool uneven(const struct ledger *l, const struct effect *e,
		   struct shares *s)
{
	double all = 0, taken = 0, chi2 = 0;

	*s = (struct shares){ 0 };
	for (size_t k = 0; k < l->classes; k++) {
		if (l->class_rows[k] == 0)
			return false;
		all += (double)l->class_rows[k];
		taken += (double)e->class[k];
		s->share[k] = (double)e->class[k] / (double)l->class_rows[k];
		if (s->share[k] > s->share[s->high])
			s->high = k;
		if (s->share[k] < s->share[s->low])
			s->low = k;
	}
	if (taken == 0 || taken == all)
		return false;
	for (size_t k = 0; k < l->classes; k++) {
		double miss = s->share[k] - taken / all;

		chi2 += (double)l->class_rows[k] * miss * miss /
			(taken / all * (1 - taken / all));
	}
	return chi2 > CHI2 && s->share[s->high] >= TIMES * s->share[s->low];
}

/* Rules that take rows, and those that cut what lies outside: cells that are
 * filled in were missing before the rule came. */
static bool concerns(const struct rule *rule, bool drops)
{
	return drops || !strcmp(rule->name, "outliers");
}

bool guard_uneven(struct ground *g, struct err *err)
{
	const struct ledger *l = &g->about->result->ledger;
	char name[RULE_NAME];
	struct shares s;

	(void)err;
	for (size_t i = 0; l->classes >= 2 && i < l->rules; i++) {
		struct rule_use use = { .rule = l->of[i].rule,
					.number = l->of[i].number };
		struct warning *f;

		if (!l->of[i].on || !concerns(use.rule, l->of[i].drops) ||
		    !uneven(l, &l->of[i].effect, &s))
			continue;
		f = ground_find(g, mem_printf("%s %s %.3g %% of the rows that "
			"say %s, and %.3g %% of those that say %s",
			rule_use_name(&use, name),
			l->of[i].drops ? "takes" : "changes",
			100 * s.share[s.high], l->class_name[s.high],
			100 * s.share[s.low], l->class_name[s.low]));
		f->count = l->of[i].effect.class[s.high];
		f->of = l->class_rows[s.high];
		f->remedy = mem_printf("clean %s off", name);
	}
	return true;
}
