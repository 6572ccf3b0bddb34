/*
 * drop-duplicates: a row that repeats an earlier one goes
 */
#include <stdlib.h>

#include "clean/rules.h"
#include "data/duplicates.h"

static const struct option options[] = {
	{ "columns", OPTION_COLUMNS, NULL, 0, 0, NULL,
	  "Compare these columns only; otherwise the whole row" },
	{ 0 }
};

static bool drop_duplicates(const struct table *table,
			    const struct option_values *values,
			    const struct rows *rows, bool *gone,
			    struct job *job, struct err *err)
{
	struct columns columns;
	bool ok = rule_columns(table, &rule_drop_duplicates, values, &columns,
			       err) &&
		  duplicates_mark(table, columns.column, columns.n, rows, gone,
				  job, err);

	free(columns.column);
	return ok;
}

const struct rule rule_drop_duplicates = {
	.name = "drop-duplicates",
	.label = "−dup",
	.help = "Drop the rows that repeat an earlier one; the first stays",
	.options = options,
	.takes = TAKES_ALL,
	.offered = true,
	.rows = drop_duplicates,
};
