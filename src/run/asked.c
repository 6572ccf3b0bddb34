#include "run/asked.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/rng.h"

bool asked_rows(const struct fitted *f, size_t most, uint32_t seed,
		struct rows *rows, size_t *of, bool *training,
		struct err *err)
{
	const struct rows *from = f->test.n ? &f->test : &f->train;
	struct rng rng;

	*training = from == &f->train;
	*of = from->n;
	if (!rows_copy(rows, from, err))
		return false;
	if (rows->n <= most)
		return true;
	rng_init(&rng, seed);
	for (size_t i = 0; i < most; i++) {
		size_t k = i + rng_upto(&rng, (uint32_t)(rows->n - 1 - i));
		uint32_t row = rows->row[k];

		rows->row[k] = rows->row[i];
		rows->row[i] = row;
	}
	rows->n = most;
	return true;
}

size_t *asked_columns(const struct fitted *f, size_t *n)
{
	bool *used = mem_array(f->table->columns, sizeof(*used));
	size_t *column = mem_array(f->table->columns, sizeof(*column));

	*n = 0;
	for (size_t j = 0; j < f->design->p; j++)
		used[f->design->feature[j].column] = true;
	for (size_t c = 0; c < f->table->columns; c++)
		if (used[c])
			column[(*n)++] = c;
	free(used);
	return column;
}

/* ---- the target ---- */

static uint32_t class_named(const struct result *r, const char *name)
{
	uint32_t k = 0;

	while (k < r->classes && strcmp(r->class_name[k], name))
		k++;
	return k;
}

bool asked_target(struct asked_target *t, const struct asked *q,
		  struct err *err)
{
	int column = table_find(q->fitted->table, q->result->target);

	*t = (struct asked_target){ .result = q->result };
	if (column < 0)
		return err_set(err, ERR_DATA, "the table has no column %.80s "
			       "any more: train again", q->result->target);
	t->column = &q->fitted->table->column[column];
	if (!t->column->code)
		return true;
	t->class_of = mem_array(t->column->levels + 1, sizeof(*t->class_of));
	for (size_t l = 0; l < t->column->levels; l++)
		t->class_of[l] = class_named(q->result, t->column->level[l]);
	return true;
}

void asked_target_clear(struct asked_target *t)
{
	free(t->class_of);
}

uint32_t asked_class(const struct asked_target *t, size_t row)
{
	char text[TABLE_TEXT];

	if (table_is_missing(t->column, row))
		return (uint32_t)t->result->classes;
	if (t->class_of)
		return t->class_of[t->column->code[row]];
	return class_named(t->result, table_text(t->column, row, text));
}

/* As metrics_binary() and metrics_many() do. */
size_t asked_told(const struct result *r, const double *told)
{
	size_t most = 0;

	if (r->classes <= 2)
		return *told > 0.5;
	for (size_t k = 1; k < r->classes; k++)
		if (told[k] > told[most])
			most = k;
	return most;
}
