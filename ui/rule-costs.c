#include "rule-costs.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "run/prepare.h"

/* What was asked, and what was found last. */
static struct costs {
	char *asked, *key;		/* owned: session.choices; NULL: none */
	unsigned made;			/* session.made of both */
	struct ledger ledger;		/* when key is there */
} costs;

/* A question under way. */
struct count {
	const struct table *table;
	unsigned made;
	char *key;			/* owned */
	struct settings settings;	/* owned */
	struct ledger ledger;
};

void rule_costs_forget(void)
{
	free(costs.asked);
	free(costs.key);
	costs = (struct costs){ 0 };
}

static bool has_rule(const struct settings *s, const struct rule *rule)
{
	for (size_t i = 0; i < s->rules; i++)
		if (s->rule[i].rule == rule)
			return true;
	return false;
}

/* Behind the others of its kind, where it would be added. */
static void add_rule(struct settings *s, const struct rule *rule)
{
	struct rule_use use;
	enum rule_kind kind;
	size_t at = s->rules;

	if (s->rules == RULES_MAX || has_rule(s, rule))
		return;
	use = settings_offer(rule, 1);
	use.written = !rule->asks;	/* count it */
	kind = rule_kind(rule, &use.options);
	while (at > 0 && rule_kind(s->rule[at - 1].rule,
				   &s->rule[at - 1].options) > kind)
		at--;
	memmove(&s->rule[at + 1], &s->rule[at],
		(s->rules - at) * sizeof(s->rule[0]));
	s->rule[at] = use;
	s->rules++;
}

static bool run(struct job *job, void *what, struct err *err)
{
	struct count *count = what;
	struct stages *stages = stages_new();
	struct effect effect[RULES_MAX] = { 0 };
	bool ok = work_ledger(stages, count->table, &count->settings, true,
			      &count->ledger, job, err) &&
		  prepare_costs(count->table, &count->settings, effect, job,
				err);

	stages_free(stages);
	if (ok)
		prepare_ledger(&count->settings, effect, &count->ledger);
	return ok;
}

static void done(struct session *s, void *what, const struct err *err)
{
	struct count *count = what;

	(void)s;
	if (!err->code && count->made == costs.made) {
		free(costs.key);
		costs.key = count->key;
		costs.ledger = count->ledger;
		count->key = NULL;
	} else if (costs.asked && !strcmp(costs.asked, count->key)) {
		/* Given up: ask again.  What failed would fail again. */
		if (err->code == ERR_CANCELLED) {
			free(costs.asked);
			costs.asked = NULL;
		}
	}
	settings_clear(&count->settings);
	free(count->key);
	free(count);
}

void rule_costs_want(struct session *s)
{
	static const struct errand errand = { run, done };
	struct count *count;

	if (!s->table || s->working == WORK_OPEN)
		return;
	if (costs.made != s->made)
		rule_costs_forget();
	if (costs.asked && !strcmp(costs.asked, s->choices))
		return;
	costs.made = s->made;
	free(costs.asked);
	costs.asked = mem_strdup(s->choices);
	count = mem_new(sizeof(*count));
	count->table = s->table;
	count->made = s->made;
	count->key = mem_strdup(s->choices);
	settings_copy(&count->settings, &s->settings);
	for (size_t i = 0; rules[i]; i++)
		add_rule(&count->settings, rules[i]);
	errands_send(s->errands, s, ERRAND_COSTS, &errand, count);
}

const struct effect *rule_costs_of(const struct session *s,
				   const struct rule *rule, bool *stale,
				   char advice[UNEVEN_TEXT])
{
	const struct ledger *l = &costs.ledger;
	size_t i = 0;

	*advice = '\0';
	if (!costs.key || costs.made != s->made)
		return NULL;
	*stale = strcmp(costs.key, s->choices) != 0;
	while (i < l->rules && l->of[i].rule != rule)
		i++;
	if (i == l->rules || !l->of[i].effect.known)
		return NULL;
	if (!effect_uneven(l, i, advice))
		*advice = '\0';
	return &l->of[i].effect;
}
