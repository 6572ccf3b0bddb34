#include "clean/rule.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "clean/rules.h"

const struct rule *const rules[] = {
	&rule_drop_missing,
	&rule_drop_duplicates,
	&rule_drop_constant,
	&rule_outliers,
	&rule_impute,
	&rule_rare,
	&rule_log,
	&rule_standardize,
	&rule_minmax,
	&rule_robust,
	NULL
};

const struct rule *rule_find(const char *name)
{
	for (size_t i = 0; rules[i]; i++)
		if (!strcmp(rules[i]->name, name))
			return rules[i];
	return NULL;
}

/*
 * The column whose name the list begins with, and the length of that name.  A
 * name may have commas itself, so the longest one that fits is taken.
 */
static int first_named(const struct table *table, const char *list,
		       size_t *len)
{
	for (size_t n = strlen(list); n > 0; n--) {
		char *name;
		int c;

		if (list[n] && list[n] != ',')
			continue;
		name = mem_strndup(list, n);
		c = table_find(table, name);
		free(name);
		if (c >= 0) {
			*len = n;
			return c;
		}
	}
	return -1;
}

static bool take_named(const struct table *table, const char *list,
		       struct columns *columns, struct err *err)
{
	for (size_t len; ; list += len + 1) {
		int c = first_named(table, list, &len);

		if (c < 0)
			return err_set(err, ERR_USAGE, "columns=: there is "
				       "no column '%.*s'",
				       (int)strcspn(list, ","), list);
		columns->column[columns->n++] = (size_t)c;
		if (!list[len])
			return true;
	}
}

enum rule_kind rule_kind(const struct rule *rule,
			 const struct option_values *options)
{
	if (rule->kind)
		return rule->kind(options);
	return rule->cells ? RULE_CELLS : rule->rows ? RULE_ROWS
						     : RULE_COLUMNS;
}

static bool takes(const struct rule *rule, const struct column *column)
{
	return rule->takes & 1u << column->type;
}

/* Those that were named must be of a type that the rule takes. */
static bool all_taken(const struct table *table, const struct rule *rule,
		      const struct columns *columns, struct err *err)
{
	for (size_t i = 0; i < columns->n; i++) {
		const struct column *c = &table->column[columns->column[i]];

		if (!takes(rule, c))
			return err_set(err, ERR_USAGE, "%s columns=: %.80s "
				       "is a %s", rule->name, c->name,
				       column_type_name[c->type]);
	}
	return true;
}

bool rule_columns(const struct table *table, const struct rule *rule,
		  const struct option_values *options, struct columns *columns,
		  struct err *err)
{
	const char *names = options_text(options, "columns");
	size_t most = table->columns;

	for (const char *s = names; s && *s; s++)
		most += *s == ',';
	columns->n = 0;
	columns->column = mem_array(most + 1, sizeof(*columns->column));
	if (names)
		return take_named(table, names, columns, err) &&
		       all_taken(table, rule, columns, err);
	for (size_t c = 0; c < table->columns; c++)
		if (takes(rule, &table->column[c]))
			columns->column[columns->n++] = c;
	return true;
}

bool rule_named(const struct option_values *options)
{
	return options_text(options, "columns");
}

bool rule_step(struct treatment *t, enum step_kind kind, double a, double b,
	       struct err *err)
{
	return treatment_add(t, kind, a, b) ||
	       err_set(err, ERR_USAGE, "more than %d rules for one column",
		       STEPS_MAX);
}
