#include "data/rows.h"

#include <stdlib.h>
#include <string.h>

bool rows_room(struct rows *rows, size_t n, struct err *err)
{
	rows->n = n;
	rows->row = malloc((n ? n : 1) * sizeof(*rows->row));
	if (rows->row)
		return true;
	rows->n = 0;
	return err_set(err, ERR_NOMEM, "no memory for %zu row numbers", n);
}

bool rows_all(struct rows *rows, size_t n, struct err *err)
{
	if (!rows_room(rows, n, err))
		return false;
	for (size_t i = 0; i < n; i++)
		rows->row[i] = (uint32_t)i;
	return true;
}

bool rows_copy(struct rows *rows, const struct rows *from, struct err *err)
{
	if (!rows_room(rows, from->n, err))
		return false;
	if (from->n)
		memcpy(rows->row, from->row,
		       from->n * sizeof(*from->row));
	return true;
}

bool rows_spread(struct rows *rows, const struct rows *from, size_t most,
		 struct err *err)
{
	size_t n = from->n < most ? from->n : most;

	if (!rows_room(rows, n, err))
		return false;
	for (size_t i = 0; i < n; i++)
		rows->row[i] = from->row[i * from->n / n];
	return true;
}

void rows_clear(struct rows *rows)
{
	free(rows->row);
	rows->row = NULL;
	rows->n = 0;
}
