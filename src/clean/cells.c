#include "clean/cells.h"

#include <string.h>

#include "data/number.h"
#include "data/odd.h"
#include "data/rows.h"

bool cells_value(const struct column *c, const char *text, double *x)
{
	size_t len = strlen(text);

	return c->type == COLUMN_TIME ? when_parse(text, len, &c->form, x)
				      : number_read(text, len, '.', 0, x);
}

bool cells_number(const struct table *t, const char *text, double *x)
{
	return number_read(text, strlen(text), t->decimal, t->thousands, x);
}

/* Odd cells are told apart by their bits. */
static bool same(double a, double b)
{
	return memcmp(&a, &b, sizeof(a)) == 0;
}

static size_t count(const struct table *t, const double *number,
		    cells_fn *value, const void *arg)
{
	size_t n = 0;

	#pragma omp parallel for reduction(+:n) if (t->rows >= ROWS_PARALLEL)
	for (size_t i = 0; i < t->rows; i++)
		n += !same(value(arg, number[i]), number[i]);
	return n;
}

static void recount(const struct table *t, struct column *c)
{
	size_t missing = 0, odd = 0;

	#pragma omp parallel for reduction(+:missing, odd) \
		if (t->rows >= ROWS_PARALLEL)
	for (size_t i = 0; i < t->rows; i++)
		if (c->number[i] != c->number[i]) {
			odd += odd_text(c->number[i]) > 0;
			missing += odd_text(c->number[i]) == 0;
		}
	c->missing = missing;
	c->odd_cells = odd;
}

bool cells_change(struct table *t, size_t column, cells_fn *value,
		  const void *arg, size_t *cells, struct err *err)
{
	struct column *c = &t->column[column];

	*cells = count(t, c->number, value, arg);
	if (*cells == 0)
		return true;
	if (!table_own(t, column, err))
		return false;
	#pragma omp parallel for if (t->rows >= ROWS_PARALLEL)
	for (size_t i = 0; i < t->rows; i++)
		c->number[i] = value(arg, c->number[i]);
	recount(t, c);
	return true;
}
