#include "clean/rule.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "clean/rules.h"

const struct rule *const rules[] = {
	&rule_drop_missing,
	&rule_drop_duplicates,
	&rule_standardize,
	NULL
};

const struct rule *rule_find(const char *name)
{
	for (size_t i = 0; rules[i]; i++)
		if (!strcmp(rules[i]->name, name))
			return rules[i];
	return NULL;
}

/* Put the column of the name of len bytes on the list. */
static bool add_named(const struct table *table, const char *name, size_t len,
		      struct columns *columns, struct err *err)
{
	char *copy = mem_strndup(name, len);
	int c = table_find(table, copy);

	if (c < 0)
		err_set(err, ERR_USAGE, "columns=: there is no column '%.80s'",
			copy);
	else
		columns->column[columns->n++] = (size_t)c;
	free(copy);
	return c >= 0;
}

bool rule_columns(const struct table *table,
		  const struct option_values *options, struct columns *columns,
		  struct err *err)
{
	const char *names = options_text(options, "columns");
	size_t most = table->columns;

	for (const char *s = names; s && *s; s++)
		most += *s == ',';
	columns->n = 0;
	columns->column = mem_array(most + 1, sizeof(*columns->column));
	if (!names) {
		while (columns->n < table->columns) {
			columns->column[columns->n] = columns->n;
			columns->n++;
		}
		return true;
	}
	for (size_t len; ; names += len + 1) {
		len = strcspn(names, ",");
		if (!add_named(table, names, len, columns, err))
			return false;
		if (!names[len])
			return true;
	}
}
