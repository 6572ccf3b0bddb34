/*
 * find-derived.c - find_derived(): a pattern in columns that stand in no file
 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "data/find.h"

enum { CANCEL_ROWS = 4096 };

struct search {
	const struct table *table;
	const bool *columns;
	struct matcher *matcher;	/* owned */
	uint32_t *row;			/* owned: those that were found */
	size_t rows, cells;
};

/* How many of the derived cells of a row have it. */
static size_t count_in(struct search *s, size_t row)
{
	const struct table *t = s->table;
	size_t n = 0, at, size;
	char buf[TABLE_TEXT];

	for (size_t c = t->columns - t->derived; c < t->columns; c++) {
		const char *text;

		if (!s->columns[c])
			continue;
		text = table_text(&t->column[c], row, buf);
		n += matcher_find(s->matcher, text, strlen(text), &at, &size);
	}
	return n;
}

bool find_derived(const struct table *table, const struct finder *finder,
		  const bool *columns, struct found *found, struct job *job,
		  struct err *err)
{
	struct search s = { .table = table, .columns = columns,
			    .matcher = matcher_new(finder),
			    .row = mem_try(table->rows + 1, sizeof(*s.row)) };
	bool good = s.matcher && s.row;

	if (!good)
		err_set(err, ERR_NOMEM, "no memory to search %zu rows",
			table->rows);
	for (size_t row = 0; good && row < table->rows; row++) {
		size_t n = count_in(&s, row);

		if (n > 0)
			s.row[s.rows++] = (uint32_t)row;
		s.cells += n;
		if (row % CANCEL_ROWS == 0 && job_cancelled(job))
			good = err_cancelled(err);
	}
	good = good && found_merge(found, s.row, s.rows, s.cells, err);
	free(s.row);
	matcher_free(s.matcher);
	return good;
}
