/*
 * drop-duplicates: a row that repeats an earlier one goes
 */
#include <stdlib.h>

#include "base/mem.h"
#include "clean/rules.h"
#include "data/duplicates.h"

static const struct option options[] = {
	{ "columns", OPTION_COLUMNS, NULL, 0, 0, NULL,
	  "Compare these columns only; otherwise the whole row" },
	{ 0 }
};

/* About each row, the first of the table that says the same. */
static bool mark_first(const struct table *table,
		       const struct option_values *values, uint32_t *mark,
		       struct job *job, struct err *err)
{
	struct rows all = { 0 };
	struct columns columns;
	bool ok = rule_columns(table, &rule_drop_duplicates, values, &columns,
			       err);

	/* A row is what the file says; lag(x) would make all rows differ. */
	if (!rule_named(values))
		columns.n -= table->derived;
	ok = ok && rows_all(&all, table->rows, err) &&
	     duplicates_first(table, columns.column, columns.n, &all, mark,
			      job, err);
	rows_clear(&all);
	free(columns.column);
	return ok;
}

/* Rows may have gone since: the first of those that are left stays. */
static bool drop_repeated(const uint32_t *mark, const struct rows *rows,
			  bool *gone, struct err *err)
{
	size_t last = rows->n ? rows->row[rows->n - 1] + 1 : 0;
	bool *seen = mem_try(last + 1, sizeof(*seen));

	if (!seen)
		return err_set(err, ERR_NOMEM, "no memory to look for "
			       "duplicates in %zu rows", rows->n);
	for (size_t i = 0; i < rows->n; i++) {
		uint32_t first = mark[rows->row[i]];

		gone[i] = seen[first];
		seen[first] = true;
	}
	free(seen);
	return true;
}

const struct rule rule_drop_duplicates = {
	.name = "drop-duplicates",
	.label = "−dup",
	.help = "Drop the rows that repeat an earlier one; the first stays",
	.options = options,
	.takes = TAKES_ALL,
	.offered = true,
	.repeats = true,
	.mark = mark_first,
	.rows = drop_repeated,
};
