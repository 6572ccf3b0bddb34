/*
 * guard-rules.c - G01 and G06: what the cleaning rules do to a result
 */
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

/* Rules that take rows, and those that cut what lies outside: cells that are
 * filled in were missing before the rule came. */
static bool concerns(const struct rule *rule, bool drops)
{
	return drops || !strcmp(rule->name, "outliers");
}

/* What is uneven, and by how much, clean.h knows. */
bool guard_uneven(struct ground *g, struct err *err)
{
	const struct ledger *l = &g->about->result->ledger;
	char name[RULE_NAME], how[UNEVEN_TEXT];

	(void)err;
	for (size_t i = 0; i < l->rules; i++) {
		struct rule_use use = { .rule = l->of[i].rule,
					.number = l->of[i].number };
		struct warning *f;

		if (!l->of[i].on || !concerns(use.rule, l->of[i].drops) ||
		    !effect_uneven(l, i, how))
			continue;
		f = ground_find(g, mem_printf("%s %s",
					      rule_use_name(&use, name), how));
		f->count = l->of[i].effect.rows;
		f->of = l->read;
		f->remedy = mem_printf("clean %s off", name);
	}
	return true;
}
