#include "run/prepare.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "data/expression.h"

/* ---- derived columns ---- */

static bool derive(struct table *t, const struct derived *d, struct job *job,
		   struct err *err)
{
	struct err why = { 0 };
	struct expression *e = expression_parse(d->expression, t, NULL, &why);
	struct column column;
	bool good;

	if (!e)
		return err_set(err, why.code, "%.80s = %.120s: %.250s",
			       d->name, d->expression, why.text);
	good = expression_column(e, t->rows, d->name, t->arena, &column, job,
				 err);
	if (good)
		*table_add(t) = column;
	expression_free(e);
	return good;
}

static bool derive_all(struct prepared *p, const struct settings *s,
		       struct job *job, struct err *err)
{
	struct table *t = p->table;

	p->made = mem_array(s->derived_n + 1, sizeof(*p->made));
	for (size_t i = 0; i < s->derived_n; i++) {
		size_t c = t->columns;

		if (!derive(t, &s->derived[i], job, err))
			return false;
		p->made[i] = t->column[c].type;
		if (s->typed[c] && s->type[c] != p->made[i] &&
		    !table_retype(t, c, s->type[c], err))
			return false;
	}
	return true;
}

/* ---- all of it ---- */

static bool works_on_cells(const struct rule_use *use)
{
	return rule_kind(use->rule, &use->options) == RULE_CELLS;
}

/* The effects close up: those of rules that are on. */
static void keep_effects(struct prepared *p, const struct settings *s)
{
	size_t n = 0;

	for (size_t i = 0; i < s->rules; i++)
		if (s->rule[i].on && works_on_cells(&s->rule[i]))
			p->effect[n++] = p->effect[i];
}

void prepare_effects(const struct prepared *p, const struct settings *s,
		     struct effect effect[RULES_MAX])
{
	size_t n = 0;

	for (size_t i = 0; i < s->rules; i++)
		effect[i] = s->rule[i].on && works_on_cells(&s->rule[i])
			? p->effect[n++] : (struct effect){ 0 };
}

bool prepare(struct prepared *p, const struct table *found,
	     const struct settings *s, struct job *job, struct err *err)
{
	*p = (struct prepared){
		.table = table_retyped(found, s->type, err)
	};
	if (!p->table ||
	    !clean_cells(p->table, s->rule, s->rules, false, p->effect, job,
			 err) ||
	    !derive_all(p, s, job, err)) {
		prepared_clear(p);
		return false;
	}
	keep_effects(p, s);
	return true;
}

void prepared_clear(struct prepared *p)
{
	table_free(p->table);
	free(p->made);
	*p = (struct prepared){ 0 };
}

/* Columns of the file by their type, rules and derived columns as they are
 * written. */
char *prepare_key(const struct settings *s)
{
	char *key = NULL;
	size_t size;
	FILE *out = open_memstream(&key, &size);

	for (size_t c = 0; c < s->columns; c++)
		fprintf(out, "%d", c < s->columns - s->derived_n || s->typed[c]
			? (int)s->type[c] : -1);
	for (size_t i = 0; i < s->rules; i++) {
		const struct rule_use *use = &s->rule[i];
		char *options;

		if (!use->on || !works_on_cells(use))
			continue;
		options = options_format(&use->options, true);
		fprintf(out, "\n%s.%u %s", use->rule->name, use->number,
			options);
		free(options);
	}
	for (size_t i = 0; i < s->derived_n; i++)
		fprintf(out, "\n%s = %s", s->derived[i].name,
			s->derived[i].expression);
	fclose(out);
	return key;
}

/* Is there a rule that is off and would be counted? */
static bool has_costs(const struct settings *s)
{
	for (size_t i = 0; i < s->rules; i++)
		if (!s->rule[i].on &&
		    (s->rule[i].written || s->rule[i].rule->offered) &&
		    works_on_cells(&s->rule[i]))
			return true;
	return false;
}

bool prepare_costs(const struct table *table, const struct settings *s,
		   struct effect effect[RULES_MAX], struct job *job,
		   struct err *err)
{
	const struct table *found = table->base ? table->base : table;
	struct table *t;
	bool good;

	if (!has_costs(s))
		return true;
	t = table_retyped(found, s->type, err);
	good = t && clean_cells(t, s->rule, s->rules, true, effect, job, err);
	table_free(t);
	return good;
}

void prepare_ledger(const struct settings *s,
		    const struct effect effect[RULES_MAX],
		    struct ledger *ledger)
{
	for (size_t i = 0; i < s->rules && i < ledger->rules; i++)
		if (works_on_cells(&s->rule[i]))
			ledger->of[i].effect = effect[i];
}

struct table prepare_view(const struct table *table, size_t columns)
{
	struct table view = *table;

	view.columns = columns < view.columns ? columns : view.columns;
	return view;
}

bool prepare_reads(const struct table *table, const char *expression,
		   size_t column)
{
	struct err err;
	struct expression *e = expression_parse(expression, table, NULL, &err);
	bool reads = e && expression_reads(e, column);

	expression_free(e);
	return reads;
}

/* Can the target be read out of the derived column, in one step or in
 * several? */
static bool tells_target(const struct settings *s, const struct table *table,
			 size_t column)
{
	size_t n = settings_in_file(s);
	struct table view = prepare_view(table, column);
	const char *expression = s->derived[column - n].expression;

	if (s->target < 0)
		return false;
	if (prepare_reads(&view, expression, (size_t)s->target))
		return true;
	for (size_t c = n; c < column; c++)
		if (prepare_reads(&view, expression, c) &&
		    tells_target(s, table, c))
			return true;
	return false;
}

bool prepare_use(struct settings *s, const struct table *table, size_t column,
		 bool is_new)
{
	bool tells = (int)column != s->target &&
		     tells_target(s, table, column);

	if (is_new)
		s->feature[column] = settings_by_all(s, column);
	if (tells || s->type[column] == COLUMN_TEXT)
		s->feature[column] = false;
	return tells;
}
