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

/* ---- what cannot be computed with ---- */

static size_t missing_numbers(const struct column *c, const struct treatment *t,
			      const struct rows *rows)
{
	double x[TERMS];
	size_t missing = 0;

	for (size_t start = 0; start < rows->n; start += TERMS) {
		size_t n = rows->n - start < TERMS ? rows->n - start : TERMS;

		treatment_numbers(t, t ? t->steps : 0, c, rows->row + start, n,
				  x);
		for (size_t i = 0; i < n; i++)
			missing += x[i] != x[i];
	}
	return missing;
}

static size_t missing_in(const struct column *c, const struct treatment *t,
			 const struct rows *rows)
{
	size_t missing = 0;

	if (!rows || !treatment_may_lack(t, t ? t->steps : 0, c))
		return 0;
	if (c->number)
		return missing_numbers(c, t, rows);
	for (size_t i = 0; i < rows->n; i++)
		missing += t ? treatment_code(t, c, rows->row[i]) ==
			       LEVEL_MISSING
			     : table_is_missing(c, rows->row[i]);
	return missing;
}

static bool fills(const struct treatment *t)
{
	for (size_t i = 0; t && i < t->steps; i++)
		if (t->step[i].kind == STEP_FILL)
			return true;
	return false;
}

/* "torque has 3 missing cells, wear 1 and 4 columns more: clean ..." */
static bool check_missing(const struct table *table, const size_t *column,
			  size_t columns, const struct treatment *treatment,
			  const struct rows *train, const struct rows *test,
			  struct err *err)
{
	char list[128] = "";
	size_t found = 0;
	bool filed = true;	/* they are missing in the file, and no rule
				 * that filled them made others */

	for (size_t i = 0; i < columns; i++) {
		const struct column *c = &table->column[column[i]];
		const struct treatment *t = treatment ? &treatment[column[i]]
						      : NULL;
		char count[COUNT_TEXT];
		size_t missing = 0;

		if (t && t->dropped)
			continue;
		missing = missing_in(c, t, train) + missing_in(c, t, test);
		if (missing == 0 || ++found > MISSING_NAMED)
			continue;
		filed &= c->missing + c->odd_cells > 0 && !fills(t);
		text_append(list, sizeof(list), found == 1 ?
			    "%.30s has %s missing cell%s" : ", %.30s %s",
			    c->name, text_count(count, missing),
			    missing == 1 ? "" : "s");
	}
	if (found > MISSING_NAMED)
		text_append(list, sizeof(list), " and %zu column%s more",
			    found - MISSING_NAMED,
			    found - MISSING_NAMED == 1 ? "" : "s");
	return found == 0 ||
	       err_set(err, ERR_DATA, "%s%s, or leave %s out with features "
		       "-NAME", list, filed
		       ? ": clean drop-missing or clean impute"
		       : " that a rule made: clean impute after it",
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

/* ---- features ---- */

static struct feature *add_feature(struct design *d, char *name, size_t column,
				   uint32_t level, const char *reference)
{
	struct feature *f;

	d->feature = mem_grow(d->feature, d->p, sizeof(*d->feature));
	d->reference = mem_grow(d->reference, d->p, sizeof(*d->reference));
	d->reference[d->p] = mem_strdup(reference);
	f = &d->feature[d->p++];
	*f = (struct feature){ .name = name, .column = column, .level = level,
			       .transform = { 0, 1 }, .whole = { 0, 1 } };
	return f;
}

static void share_of(struct feature *f, size_t count, size_t n)
{
	double share = (double)count / (double)n;

	f->mean = share;
	f->sd = sqrt(share * (1 - share));
}

static void add_levels(struct design *d, size_t column,
		       const struct treatment *t, const uint32_t *row,
		       size_t n)
{
	const struct column *c = &d->table->column[column];
	size_t levels = c->levels + 1;	/* the last: what a rule added */
	size_t *count = mem_array(levels, sizeof(*count)), most = 0;

	for (size_t i = 0; i < n; i++)
		count[t ? treatment_code(t, c, row[i]) : c->code[row[i]]]++;
	for (size_t k = 1; k < levels; k++)
		if (count[k] > count[most])
			most = k;
	for (uint32_t k = 0; k < levels; k++) {
		const char *name = k < c->levels ? c->level[k]
						 : t ? t->extra : "";
		struct feature *f;

		if (k == most || count[k] == 0)
			continue;
		f = add_feature(d, mem_printf("%s=%s", c->name, name), column,
				k, most < c->levels ? c->level[most]
						    : t->extra);
		f->treatment = t;
		share_of(f, count[k], n);
	}
	free(count);
}

/* One that is the same in all training rows could learn nothing. */
static void add_indicator(struct design *d, size_t column,
			  const struct treatment *t, const uint32_t *row,
			  size_t n)
{
	const struct column *c = &d->table->column[column];
	size_t count = 0;
	struct feature *f;

	for (size_t i = 0; i < n; i++)
		count += treatment_blank(t, c, row[i]);
	if (count == 0 || count == n)
		return;
	f = add_feature(d, mem_printf("%s missing", c->name), column,
			LEVEL_MISSING, NULL);
	f->indicator = true;
	f->treatment = t;
	share_of(f, count, n);
}

/* Step s after what is there already, as one. */
static struct transform chain(struct transform first, const struct step *s)
{
	return (struct transform){ first.shift + first.scale * s->a,
				   first.scale * s->b };
}

static void take_treatment(struct feature *f, const struct treatment *t)
{
	f->treatment = t;
	f->inner = t->steps;
	while (f->inner > 0 && t->step[f->inner - 1].kind == STEP_SCALE)
		f->inner--;
	for (size_t i = f->inner; i < t->steps; i++)
		f->transform = chain(f->transform, &t->step[i]);
	for (size_t i = 0; i < t->steps; i++) {
		if (t->step[i].kind == STEP_LOG)
			f->whole = (struct transform){ 0, 1 };
		else if (t->step[i].kind == STEP_SCALE)
			f->whole = chain(f->whole, &t->step[i]);
	}
}

static void add_number(struct design *d, size_t column,
		       const struct treatment *t, const uint32_t *row)
{
	const struct column *c = &d->table->column[column];
	struct feature *f = add_feature(d, mem_strdup(c->name), column,
					LEVEL_MISSING, NULL);
	double first;

	if (t)
		take_treatment(f, t);
	if (c->type != COLUMN_TIME || f->transform.shift != 0 ||
	    f->transform.scale != 1)
		return;
	treatment_numbers(t, f->inner, c, row, 1, &first);
	f->transform.shift = first;
	f->whole.shift += f->whole.scale * first;
}

/* ---- means and deviations ---- */

/* The values of a feature in some rows, before its transform. */
static void values_of(const struct design *d, const struct feature *f,
		      const uint32_t *row, size_t n, double *x)
{
	treatment_numbers(f->treatment, f->inner, &d->table->column[f->column],
			  row, n, x);
}

/* Mean, smallest and largest.  Measured from the first value, so that a large
 * offset costs no digits. */
static double mean_of(const struct design *d, const struct feature *f,
		      const uint32_t *row, size_t n, double *min, double *max)
{
	double x[TERMS], first, total = 0;

	values_of(d, f, row, 1, x);
	first = *min = *max = x[0];
	for (size_t start = 0; start < n; start += TERMS) {
		size_t terms = n - start < TERMS ? n - start : TERMS;
		double sum = 0;

		values_of(d, f, row + start, terms, x);
		for (size_t i = 0; i < terms; i++) {
			sum += x[i] - first;
			*min = x[i] < *min ? x[i] : *min;
			*max = x[i] > *max ? x[i] : *max;
		}
		total += sum;
	}
	return first + total / (double)n;
}

/* The second pass mends what rounding did to the mean in the first. */
static void measure(const struct design *d, struct feature *f,
		    const uint32_t *row, size_t n)
{
	double x[TERMS], min, max, mean = mean_of(d, f, row, n, &min, &max);
	double rest = 0, squares = 0;

	f->mean = min;
	f->sd = 0;
	if (min == max)
		return;
	for (size_t start = 0; start < n; start += TERMS) {
		size_t terms = n - start < TERMS ? n - start : TERMS;
		double sum = 0, sum2 = 0;

		values_of(d, f, row + start, terms, x);
		for (size_t i = 0; i < terms; i++) {
			double off = x[i] - mean;

			sum += off;
			sum2 += off * off;
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

		if (f->level == LEVEL_MISSING && !f->indicator)
			measure(d, f, row, n);
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

static bool does_nothing(const struct treatment *t)
{
	return !t->steps && !t->level && !t->number && !t->code &&
	       t->missing_as == LEVEL_MISSING && !t->indicator;
}

static void add_column(struct design *d, size_t column,
		       const struct treatment *t, const uint32_t *row,
		       size_t n)
{
	if (t && t->dropped)
		return;
	if (t && does_nothing(t))
		t = NULL;
	if (d->table->column[column].type == COLUMN_CATEGORY)
		add_levels(d, column, t, row, n);
	else
		add_number(d, column, t, row);
	if (t && t->indicator)
		add_indicator(d, column, t, row, n);
}

static bool learn(struct design *d, const size_t *column, size_t columns,
		  const struct treatment *treatment, const struct rows *train,
		  struct err *err)
{
	struct order order;

	if (train->n == 0)
		return err_set(err, ERR_DATA, "there are no rows to train on");
	if (!order_init(&order, train, err))
		return false;
	for (size_t i = 0; i < columns; i++)
		add_column(d, column[i], treatment ? &treatment[column[i]]
						   : NULL,
			   order.row, train->n);
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
			  size_t columns, const struct treatment *treatment,
			  const struct rows *train, const struct rows *test,
			  struct err *err)
{
	struct design *d;

	if (!check_types(table, column, columns, err) ||
	    !check_missing(table, column, columns, treatment, train, test,
			   err))
		return NULL;
	d = mem_new(sizeof(*d));
	d->table = table;
	if (learn(d, column, columns, treatment, train, err))
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

/* ---- blocks ---- */

static void fill_number(const struct feature *f, const struct column *c,
			const uint32_t *row, size_t n, double *x, size_t p)
{
	double shift = f->transform.shift, scale = f->transform.scale;
	const double *number = f->treatment && f->treatment->number
			       ? f->treatment->number : c->number;
	double cell[TILE];

	if (f->inner == 0) {
		for (size_t i = 0; i < n; i++)
			x[i * p] = (number[row[i]] - shift) / scale;
		return;
	}
	treatment_numbers(f->treatment, f->inner, c, row, n, cell);
	for (size_t i = 0; i < n; i++)
		x[i * p] = (cell[i] - shift) / scale;
}

static bool is_one(const struct feature *f, const struct column *c, size_t row)
{
	if (f->indicator)
		return treatment_blank(f->treatment, c, row);
	return treatment_code(f->treatment, c, row) == f->level;
}

/* Features of 0 and 1. */
static void fill_flag(const struct feature *f, const struct column *c,
		      const uint32_t *row, size_t n, double *x, size_t p)
{
	double off = (0 - f->transform.shift) / f->transform.scale;
	double on = (1 - f->transform.shift) / f->transform.scale;

	if (!f->treatment)
		for (size_t i = 0; i < n; i++)
			x[i * p] = c->code[row[i]] == f->level ? on : off;
	else
		for (size_t i = 0; i < n; i++)
			x[i * p] = is_one(f, c, row[i]) ? on : off;
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

			if (f->level == LEVEL_MISSING && !f->indicator)
				fill_number(f, c, row + start, rows, to, p);
			else
				fill_flag(f, c, row + start, rows, to, p);
		}
	}
}

struct design *design_none(const struct table *table)
{
	struct design *d = mem_new(sizeof(*d));

	d->table = table;
	return d;
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
		const struct treatment *t = treatment ? &treatment[column[i]]
						      : NULL;

		if (t && t->dropped)
			continue;
		add_feature(d, mem_strdup(name), column[i], LEVEL_MISSING,
			    NULL);
		if (t && t->indicator)
			add_feature(d, mem_printf("%s missing", name),
				    column[i], LEVEL_MISSING,
				    NULL)->indicator = true;
	}
	if (d->p > 0)
		return d;
	design_free(d);
	err_set(err, ERR_DATA, "no feature left: features NAME...");
	return NULL;
}
