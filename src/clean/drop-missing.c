/*
 * drop-missing: a row with a missing or odd cell goes
 */
#include <stdlib.h>
#include <string.h>

#include "clean/rules.h"

static const struct option options[] = {
	{ "columns", OPTION_COLUMNS, NULL, 0, 0, NULL,
	  "Look at these columns only; otherwise at all" },
	{ 0 }
};

/* One column at a time: its cells lie side by side. */
static void mark_column(const struct column *column, size_t rows,
			uint32_t *mark)
{
	if (column->missing + column->odd_cells == 0)
		return;
	for (size_t i = 0; i < rows; i++)
		mark[i] |= table_is_missing(column, i);
}

/* About each row, whether one of its cells is missing. */
static bool mark_missing(const struct table *table,
			 const struct option_values *values, uint32_t *mark,
			 struct job *job, struct err *err)
{
	struct columns columns;
	bool ok = rule_columns(table, &rule_drop_missing, values, &columns,
			       err);

	memset(mark, 0, table->rows * sizeof(*mark));
	for (size_t k = 0; ok && k < columns.n; k++) {
		mark_column(&table->column[columns.column[k]], table->rows,
			    mark);
		if (job_cancelled(job))
			ok = err_cancelled(err);
	}
	free(columns.column);
	return ok;
}

static bool drop_marked(const uint32_t *mark, const struct rows *rows,
			bool *gone, struct err *err)
{
	(void)err;
	for (size_t i = 0; i < rows->n; i++)
		gone[i] = mark[rows->row[i]];
	return true;
}

const struct rule rule_drop_missing = {
	.name = "drop-missing",
	.label = "−missing",
	.help = "Drop the rows that have a missing cell",
	.options = options,
	.takes = TAKES_ALL,
	.offered = true,
	.mark = mark_missing,
	.rows = drop_marked,
};
