#include "learn/design.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/text.h"
#include "data/order.h"

/* Rows that are filled at a time: what they read and write stays in cache. */
enum { TILE = 64 };

/* Terms that are summed before they are added to the sum of all. */
enum { TERMS = 1024 };

enum { MISSING_NAMED = 3 };

static size_t missing_in(const struct column *c, const struct rows *rows)
{
	size_t missing = 0;

	for (size_t i = 0; rows && i < rows->n; i++)
		missing += table_is_missing(c, rows->row[i]);
	return missing;
}

/* "torque has 3 missing cells, wear 1 and 4 columns more: clean ..." */
static bool check_missing(const struct table *table, const size_t *column,
			  size_t columns, const struct rows *train,
			  const struct rows *test, struct err *err)
{
	char list[160] = "";
	size_t found = 0;

	for (size_t i = 0; i < columns; i++) {
		const struct column *c = &table->column[column[i]];
		size_t missing = 0;

		if (c->missing + c->odd_cells > 0)
			missing = missing_in(c, train) + missing_in(c, test);
		if (missing == 0 || ++found > MISSING_NAMED)
			continue;
		text_append(list, sizeof(list), found == 1 ?
			    "%.30s has %zu missing cell%s" : ", %.30s %zu",
			    c->name, missing, missing == 1 ? "" : "s");
	}
	if (found > MISSING_NAMED)
		text_append(list, sizeof(list), " and %zu columns more",
			    found - MISSING_NAMED);
	return found == 0 ||
	       err_set(err, ERR_DATA, "%s: clean drop-missing, or leave "
		       "%s out with features -NAME", list,
		       found == 1 ? "it" : "them");
}

static bool check_types(const struct table *table, const size_t *column,
			size_t columns, struct err *err)
{
	for (size_t i = 0; i < columns; i++) {
		const struct column *c = &table->column[column[i]];
		char *name;

		if (c->type != COLUMN_TEXT)
			continue;
		name = text_quote(c->name);
		err_set(err, ERR_DATA, "%.60s is free text with %zu distinct "
			"values: type %.60s category, or features -%.60s",
			c->name, c->levels, name, name);
		free(name);
		return false;
	}
	return true;
}

static struct feature *add_feature(struct design *d, char *name, size_t column,
				   uint32_t level, const char *reference)
{
	struct feature *f;

	d->feature = mem_grow(d->feature, d->p, sizeof(*d->feature));
	d->reference = mem_grow(d->reference, d->p, sizeof(*d->reference));
	d->reference[d->p] = mem_strdup(reference);
	f = &d->feature[d->p++];
	*f = (struct feature){ .name = name, .column = column, .level = level,
			       .transform = { 0, 1 } };
	return f;
}

static void add_levels(struct design *d, size_t column, const uint32_t *row,
		       size_t n)
{
	const struct column *c = &d->table->column[column];
	size_t *count = mem_array(c->levels, sizeof(*count)), most = 0;

	for (size_t i = 0; i < n; i++)
		count[c->code[row[i]]]++;
	for (size_t k = 1; k < c->levels; k++)
		if (count[k] > count[most])
			most = k;
	for (size_t k = 0; k < c->levels; k++) {
		double share = (double)count[k] / (double)n;
		struct feature *f;

		if (k == most || count[k] == 0)
			continue;
		f = add_feature(d, mem_printf("%s=%s", c->name, c->level[k]),
				column, (uint32_t)k, c->level[most]);
		f->mean = share;
		f->sd = sqrt(share * (1 - share));
	}
	free(count);
}

/* Mean, smallest and largest.  Measured from the first value, so that a large
 * offset costs no digits. */
static double mean_of(const double *x, const uint32_t *row, size_t n,
		      double *min, double *max)
{
	double first = x[row[0]], total = 0;

	*min = *max = first;
	for (size_t start = 0; start < n; start += TERMS) {
		size_t end = n - start < TERMS ? n : start + TERMS;
		double sum = 0;

		for (size_t i = start; i < end; i++) {
			double value = x[row[i]];

			sum += value - first;
			*min = value < *min ? value : *min;
			*max = value > *max ? value : *max;
		}
		total += sum;
	}
	return first + total / (double)n;
}

/* The second pass mends what rounding did to the mean in the first. */
static void measure(struct feature *f, const double *x, const uint32_t *row,
		    size_t n)
{
	double min, max, mean = mean_of(x, row, n, &min, &max);
	double rest = 0, squares = 0;

	f->mean = min;
	f->sd = 0;
	if (min == max)
		return;
	for (size_t start = 0; start < n; start += TERMS) {
		size_t end = n - start < TERMS ? n : start + TERMS;
		double sum = 0, sum2 = 0;

		for (size_t i = start; i < end; i++) {
			double d = x[row[i]] - mean;

			sum += d;
			sum2 += d * d;
		}
		rest += sum;
		squares += sum2;
	}
	rest /= (double)n;
	f->mean = mean + rest;
	f->sd = sqrt(squares / (double)n - rest * rest);
}

/* Each column by itself, so the number of threads changes nothing. */
static void measure_all(struct design *d, const uint32_t *row, size_t n)
{
	#pragma omp parallel for schedule(dynamic) if (n >= ROWS_PARALLEL)
	for (size_t j = 0; j < d->p; j++) {
		struct feature *f = &d->feature[j];
		const struct column *c = &d->table->column[f->column];

		if (f->level == LEVEL_MISSING)
			measure(f, c->number, row, n);
	}
}

static bool check_range(const struct design *d, struct err *err)
{
	for (size_t j = 0; j < d->p; j++)
		if (!isfinite(d->feature[j].mean) ||
		    !isfinite(d->feature[j].sd))
			return err_set(err, ERR_DATA, "%.60s has values too "
				       "large to compute with: features "
				       "-%.60s", d->feature[j].name,
				       d->feature[j].name);
	return true;
}

static bool learn(struct design *d, const size_t *column, size_t columns,
		  const struct transform *transform, const struct rows *train,
		  struct err *err)
{
	struct order order;

	if (train->n == 0)
		return err_set(err, ERR_DATA, "there are no rows to train on");
	if (!order_init(&order, train, err))
		return false;
	for (size_t i = 0; i < columns; i++) {
		const struct column *c = &d->table->column[column[i]];
		struct feature *f;

		if (c->type == COLUMN_CATEGORY) {
			add_levels(d, column[i], order.row, train->n);
			continue;
		}
		f = add_feature(d, mem_strdup(c->name), column[i],
				LEVEL_MISSING, NULL);
		if (transform)
			f->transform = transform[column[i]];
		if (c->type == COLUMN_TIME && f->transform.shift == 0 &&
		    f->transform.scale == 1)
			f->transform.shift = c->number[order.row[0]];
	}
	measure_all(d, order.row, train->n);
	order_clear(&order);
	if (d->p == 0)
		return err_set(err, ERR_DATA, columns == 0
			       ? "no feature left: features NAME..."
			       : "each feature has one value in all training "
			       "rows: choose others");
	return check_range(d, err);
}

struct design *design_new(const struct table *table, const size_t *column,
			  size_t columns, const struct transform *transform,
			  const struct rows *train, const struct rows *test,
			  struct err *err)
{
	struct design *d;

	if (!check_types(table, column, columns, err) ||
	    !check_missing(table, column, columns, train, test, err))
		return NULL;
	d = mem_new(sizeof(*d));
	d->table = table;
	if (learn(d, column, columns, transform, train, err))
		return d;
	design_free(d);
	return NULL;
}

void design_free(struct design *design)
{
	if (!design)
		return;
	for (size_t j = 0; j < design->p; j++) {
		free(design->feature[j].name);
		free(design->reference[j]);
	}
	free(design->feature);
	free(design->reference);
	free(design);
}

static void fill_number(const struct feature *f, const double *number,
			const uint32_t *row, size_t n, double *x, size_t p)
{
	double shift = f->transform.shift, scale = f->transform.scale;

	for (size_t i = 0; i < n; i++)
		x[i * p] = (number[row[i]] - shift) / scale;
}

static void fill_level(const struct feature *f, const uint32_t *code,
		       const uint32_t *row, size_t n, double *x, size_t p)
{
	double off = (0 - f->transform.shift) / f->transform.scale;
	double on = (1 - f->transform.shift) / f->transform.scale;

	for (size_t i = 0; i < n; i++)
		x[i * p] = code[row[i]] == f->level ? on : off;
}

void design_block(const struct design *design, const uint32_t *row, size_t n,
		  double *x)
{
	size_t p = design->p;

	for (size_t start = 0; start < n; start += TILE) {
		size_t rows = n - start < TILE ? n - start : TILE;

		for (size_t j = 0; j < p; j++) {
			const struct feature *f = &design->feature[j];
			const struct column *c =
				&design->table->column[f->column];
			double *to = x + start * p + j;

			if (f->level == LEVEL_MISSING)
				fill_number(f, c->number, row + start, rows,
					    to, p);
			else
				fill_level(f, c->code, row + start, rows, to,
					   p);
		}
	}
}

struct design *design_whole(const struct table *table, const size_t *column,
			    size_t columns, const struct treatment *treatment,
			    struct err *err)
{
	struct design *d;

	if (!check_types(table, column, columns, err))
		return NULL;
	d = mem_new(sizeof(*d));
	d->table = table;
	d->whole = true;
	d->treatment = treatment;
	for (size_t i = 0; i < columns; i++) {
		const char *name = table->column[column[i]].name;

		if (!treatment || !treatment[column[i]].dropped)
			add_feature(d, mem_strdup(name), column[i],
				    LEVEL_MISSING, NULL);
	}
	if (d->p > 0)
		return d;
	design_free(d);
	err_set(err, ERR_DATA, "no feature left: features NAME...");
	return NULL;
}
