#include "learn/boost-rows.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"

/* Numbers that are handed over at once, and no fewer rows than a block: XGBoost
 * asks for all rows four times, and when they are one part that is read once.
 * 64 MB are there no longer than it cuts them. */
enum { PART = 1 << 24 };

/* XGBoost refuses infinity, and cuts a little beyond the largest number. */
#define LARGEST (FLT_MAX / 4)

/* A column that lies so many times its range away from 0 is told from its
 * smallest value on. */
#define OFFSET 4096

static uint32_t level_of(const struct boost_column *b, const struct column *c,
			 uint32_t row)
{
	return b->treatment ? treatment_code(b->treatment, c, row)
			    : c->code[row];
}

/* ---- what there is in the training rows ---- */

static void find_levels(struct boost_column *b, const struct column *c,
			const uint32_t *row, size_t n)
{
	/* A treatment may have one level more. */
	b->known = c->levels + 1;
	b->number_of = mem_array(b->known, sizeof(*b->number_of));
	for (size_t i = 0; i < n; i++) {
		uint32_t level = level_of(b, c, row[i]);

		if (level < b->known)
			b->number_of[level] = 1;
	}
	for (size_t l = 0; l < b->known; l++)
		b->number_of[l] = b->number_of[l] > 0 ? (float)b->levels++
						      : NAN;
}

static void read_doubles(const struct boost_column *b, const struct column *c,
			 const uint32_t *row, size_t n, double *x)
{
	const struct treatment *t = b->treatment;

	if (t && (t->steps > 0 || t->number))
		treatment_numbers(t, t->steps, c, row, n, x);
	else
		for (size_t i = 0; i < n; i++)
			x[i] = c->number[row[i]];
}

/* Half of the 24 bits that a number has are not to be spent on what all have
 * in common. */
static double start_of(const struct boost_column *b, const struct column *c,
		       const uint32_t *row, size_t n)
{
	double least = INFINITY, most = -INFINITY, x[DESIGN_BLOCK];

	for (size_t i = 0; i < n; i += DESIGN_BLOCK) {
		size_t rows = n - i < DESIGN_BLOCK ? n - i : DESIGN_BLOCK;

		read_doubles(b, c, row + i, rows, x);
		for (size_t k = 0; k < rows; k++) {
			least = x[k] < least ? x[k] : least;
			most = x[k] > most ? x[k] : most;
		}
	}
	return isfinite(least) && fabs(least) > OFFSET * (most - least) ?
	       least : 0;
}

void boost_columns_init(struct boost_columns *columns,
			const struct design *design, const uint32_t *row,
			size_t n)
{
	columns->table = design->table;
	columns->p = design->p;
	columns->column = mem_array(design->p, sizeof(*columns->column));
	#pragma omp parallel for schedule(dynamic) if (n >= ROWS_PARALLEL)
	for (size_t j = 0; j < design->p; j++) {
		const struct feature *f = &design->feature[j];
		const struct column *c = &design->table->column[f->column];
		struct boost_column *b = &columns->column[j];

		b->column = f->column;
		b->indicator = f->indicator;
		b->treatment = design->treatment ?
			       &design->treatment[f->column] : NULL;
		b->category = !c->number && !f->indicator;
		if (b->category)
			find_levels(b, c, row, n);
		else if (!f->indicator)
			b->start = start_of(b, c, row, n);
	}
}

void boost_columns_clear(struct boost_columns *columns)
{
	for (size_t j = 0; j < columns->p; j++)
		free(columns->column[j].number_of);
	free(columns->column);
	*columns = (struct boost_columns){ 0 };
}

/* ---- reading ---- */

static void read_levels(const struct boost_column *b, const struct column *c,
			const uint32_t *row, size_t n, float *x, size_t p)
{
	for (size_t i = 0; i < n; i++) {
		uint32_t level = level_of(b, c, row[i]);

		x[i * p] = level < b->known ? b->number_of[level] : NAN;
	}
}

static float narrow(double x)
{
	return x > LARGEST ? LARGEST : x < -LARGEST ? -LARGEST : (float)x;
}

static void read_numbers(const struct boost_column *b, const struct column *c,
			 const uint32_t *row, size_t n, float *x, size_t p)
{
	double number[DESIGN_BLOCK];

	read_doubles(b, c, row, n, number);
	for (size_t i = 0; i < n; i++)
		x[i * p] = narrow(number[i] - b->start);
}

void boost_read(const struct boost_columns *columns, const uint32_t *row,
		size_t n, float *x)
{
	size_t p = columns->p;

	for (size_t j = 0; j < p; j++) {
		const struct boost_column *b = &columns->column[j];
		const struct column *c = &columns->table->column[b->column];

		if (b->indicator)
			for (size_t i = 0; i < n; i++)
				x[i * p + j] = treatment_blank(b->treatment, c,
							       row[i]);
		else if (b->category)
			read_levels(b, c, row, n, x + j, p);
		else
			read_numbers(b, c, row, n, x + j, p);
	}
}

void boost_read_of(const struct boost_columns *columns,
		   const struct design *design, const uint32_t *row, size_t n,
		   float *x)
{
	struct boost_columns other = *columns;

	if (design->table == columns->table) {
		boost_read(columns, row, n, x);
		return;
	}
	other.table = design->table;
	other.column = mem_array(columns->p, sizeof(*other.column));
	for (size_t j = 0; j < columns->p; j++) {
		struct boost_column *b = &other.column[j];

		*b = columns->column[j];
		if (b->treatment)
			b->treatment = &design->treatment[b->column];
	}
	boost_read(&other, row, n, x);
	free(other.column);
}

void boost_read_all(const struct boost_columns *columns, const uint32_t *row,
		    size_t n, float *x)
{
	#pragma omp parallel for schedule(static) if (n >= ROWS_PARALLEL)
	for (size_t i = 0; i < n; i += DESIGN_BLOCK)
		boost_read(columns, row + i,
			   n - i < DESIGN_BLOCK ? n - i : DESIGN_BLOCK,
			   x + i * columns->p);
}

/* ---- handing over ---- */

struct feed {
	const struct boost_library *library;
	const struct boost_columns *columns;
	const uint32_t *row;
	size_t n, at, part;
	const struct boost_target *target;
	void *proxy;
	float *x;
	const struct job *job;
};

static void feed_reset(void *from)
{
	struct feed *feed = from;

	feed->at = 0;
}

/* The next part; 0: there is none, and also when it is stopped. */
static int feed_next(void *from)
{
	struct feed *feed = from;
	const struct boost_library *library = feed->library;
	size_t at = feed->at, p = feed->columns->p;
	size_t n = feed->n - at < feed->part ? feed->n - at : feed->part;
	char array[160];
	int failed;

	if (n == 0 || job_stopped(feed->job))
		return 0;
	boost_read_all(feed->columns, feed->row + at, n, feed->x);
	snprintf(array, sizeof(array), "{\"data\": [%ju, true], \"shape\": "
		 "[%zu, %zu], \"typestr\": \"<f4\", \"version\": 3}",
		 (uintmax_t)(uintptr_t)feed->x, n, p);
	failed = library->ProxySetDense(feed->proxy, array);
	failed |= !boost_name_types(library, feed->columns, feed->proxy);
	failed |= library->MatrixSetFloats(feed->proxy, "label",
					   feed->target->label + at, n);
	if (feed->target->weight)
		failed |= library->MatrixSetFloats(feed->proxy, "weight",
						   feed->target->weight + at,
						   n);
	feed->at += n;
	return !failed;
}

bool boost_name_types(const struct boost_library *library,
		      const struct boost_columns *columns, void *matrix)
{
	const char **type = mem_array(columns->p, sizeof(*type));
	bool any = false;
	int failed = 0;

	for (size_t j = 0; j < columns->p; j++) {
		type[j] = columns->column[j].category ? "c" : "q";
		any |= columns->column[j].category;
	}
	if (any)
		failed = library->MatrixSetWords(matrix, "feature_type", type,
						 columns->p);
	free(type);
	return !failed;
}

bool boost_matrix(const struct boost_library *library,
		  const struct boost_columns *columns, const uint32_t *row,
		  size_t n, const struct boost_target *target, int bins,
		  int threads, void **matrix, struct job *job,
		  struct err *err)
{
	struct feed feed = {
		.library = library, .columns = columns, .row = row, .n = n,
		.part = PART / columns->p / DESIGN_BLOCK * DESIGN_BLOCK,
		.target = target, .job = job
	};
	char config[80];
	bool stopped;
	int failed;

	if (feed.part == 0)
		feed.part = DESIGN_BLOCK;
	if (feed.part > n)
		feed.part = n;
	feed.x = mem_try(feed.part * columns->p, sizeof(*feed.x));
	if (!feed.x)
		return err_set(err, ERR_NOMEM, "no memory for %zu features",
			       columns->p);
	snprintf(config, sizeof(config), "{\"missing\": NaN, \"nthread\": %d, "
		 "\"max_bin\": %d}", threads, bins);
	failed = library->ProxyCreate(&feed.proxy) ||
		 library->QuantileCreate(&feed, feed.proxy, NULL, feed_reset,
					 feed_next, config, matrix);
	stopped = job_stopped(job);
	if (stopped)
		err_cancelled(err);
	else if (failed)
		boost_failed(library, err);
	if (!failed && stopped)
		library->MatrixFree(*matrix);
	if (feed.proxy)
		library->MatrixFree(feed.proxy);
	free(feed.x);
	return !failed && !stopped;
}
