#include "run/prepare.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "data/dict.h"
#include "data/expression.h"
#include "data/rows.h"

/* ---- one derived column ---- */

/* What came of an odd cell does not remember it. */
static void settle_numbers(struct column *c, size_t rows)
{
	size_t missing = 0;

	#pragma omp parallel for reduction(+:missing) \
		if (rows >= ROWS_PARALLEL)
	for (size_t i = 0; i < rows; i++)
		if (c->number[i] != c->number[i]) {
			c->number[i] = NAN;
			missing++;
		}
	c->missing = missing;
}

/* Only levels that occur; their texts are copied. */
static bool take_levels(struct table *t, struct column *c,
			const char *const *level, size_t levels,
			uint32_t *place)
{
	size_t n = 0;

	for (size_t i = 0; i < t->rows; i++)
		if (c->code[i] != LEVEL_MISSING)
			place[c->code[i]] = 1;
	c->level = mem_try(levels + 1, sizeof(*c->level));
	if (!c->level)
		return false;
	for (size_t l = 0; l < levels; l++) {
		if (!place[l])
			continue;
		place[l] = (uint32_t)n;
		c->level[n++] = arena_strndup(t->arena, level[l],
					      strlen(level[l]));
	}
	c->levels = n;
	return true;
}

static bool sort_levels(struct table *t, struct column *c)
{
	uint32_t *place = mem_try(c->levels + 1, sizeof(*place));
	bool good = place && dict_sort(c->level, c->levels, t->decimal,
				       t->thousands, place);

	for (size_t i = 0; good && i < t->rows; i++)
		if (c->code[i] != LEVEL_MISSING)
			c->code[i] = place[c->code[i]];
	free(place);
	return good;
}

static bool settle_texts(struct table *t, struct column *c,
			 const struct expression *e, const double *value)
{
	size_t levels;
	const char *const *level = expression_levels(e, &levels);
	uint32_t *place = mem_try(levels + 1, sizeof(*place));
	bool good = place;

	c->code = malloc((t->rows + 1) * sizeof(*c->code));
	good = good && c->code;
	for (size_t i = 0; good && i < t->rows; i++) {
		c->code[i] = isnan(value[i]) ? LEVEL_MISSING
					     : (uint32_t)value[i];
		c->missing += isnan(value[i]);
	}
	good = good && take_levels(t, c, level, levels, place);
	for (size_t i = 0; good && i < t->rows; i++)
		if (c->code[i] != LEVEL_MISSING)
			c->code[i] = place[c->code[i]];
	free(place);
	if (!good || !sort_levels(t, c))
		return false;
	c->type = table_level_type(c->levels, t->rows - c->missing);
	return true;
}

/* The values go into the column, or are made levels of. */
static bool settle(struct table *t, struct column *c,
		   const struct expression *e, double *value, struct err *err)
{
	bool good = true;

	if (!expression_is_text(e)) {
		c->type = COLUMN_NUMBER;
		c->number = value;
		settle_numbers(c, t->rows);
		return true;
	}
	good = settle_texts(t, c, e, value);
	free(value);
	return good || err_set(err, ERR_NOMEM, "no memory for %.80s", c->name);
}

static bool derive(struct table *t, const struct derived *d, struct job *job,
		   struct err *err)
{
	struct err why = { 0 };
	struct expression *e = expression_parse(d->expression, t, NULL, &why);
	double *value = malloc((t->rows + 1) * sizeof(*value));
	bool good;

	if (!e || !value) {
		free(value);
		expression_free(e);
		return e ? err_set(err, ERR_NOMEM, "no memory for %.80s",
				   d->name)
			 : err_set(err, why.code, "%.80s = %.120s: %.250s",
				   d->name, d->expression, why.text);
	}
	good = expression_values(e, t->rows, value, job, err);
	if (good)
		good = settle(t, table_add(t, d->name), e, value, err);
	else
		free(value);
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

bool prepare(struct prepared *p, const struct table *found,
	     const struct settings *s, struct job *job, struct err *err)
{
	*p = (struct prepared){
		.table = table_retyped(found, s->type, err)
	};
	if (p->table &&
	    clean_cells(p->table, s->rule, s->rules, false, p->effect, job,
			err) &&
	    derive_all(p, s, job, err))
		return true;
	prepared_clear(p);
	return false;
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

		if (!use->on ||
		    rule_kind(use->rule, &use->options) != RULE_CELLS)
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
		    rule_kind(s->rule[i].rule, &s->rule[i].options) ==
		    RULE_CELLS)
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
		if (rule_kind(s->rule[i].rule, &s->rule[i].options) ==
		    RULE_CELLS)
			ledger->of[i].effect = effect[i];
}

struct table prepare_view(const struct table *table, size_t columns)
{
	struct table view = *table;

	view.columns = columns < view.columns ? columns : view.columns;
	return view;
}

/* Under another name, can it still be read? */
bool prepare_reads(const struct table *table, const char *expression,
		   size_t column)
{
	struct table other = *table;
	struct expression *e;
	struct err err;

	if (column >= table->columns)
		return false;
	other.column = mem_array(table->columns, sizeof(*other.column));
	memcpy(other.column, table->column,
	       table->columns * sizeof(*other.column));
	other.column[column].name = "\n";
	other.column[column].unit = NULL;
	e = expression_parse(expression, &other, NULL, &err);
	expression_free(e);
	free(other.column);
	return !e;
}
