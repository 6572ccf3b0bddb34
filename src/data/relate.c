#include "data/relate.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/sum.h"
#include "data/rows.h"
#include "data/sort.h"
#include "data/summary.h"

/* So many terms are added one after the other, and then to a sum that keeps
 * what rounding loses; after as many rows the job is asked. */
enum { BLOCK = 4096 };

/*
 * Correlation
 *
 *	r = sum (a - mean a) (b - mean b) / sqrt(saa sbb)
 *
 * over the n rows that have both.
 */

struct moments {
	size_t n;
	double mean_a, mean_b;
	double min_a, max_a, min_b, max_b;
};

static void moments_block(const double *a, const double *b, size_t rows,
			  struct moments *m, struct sum *sum_a,
			  struct sum *sum_b)
{
	double sa = 0, sb = 0;

	for (size_t i = 0; i < rows; i++) {
		if (a[i] != a[i] || b[i] != b[i])
			continue;
		m->n++;
		sa += a[i];
		sb += b[i];
		m->min_a = a[i] < m->min_a ? a[i] : m->min_a;
		m->max_a = a[i] > m->max_a ? a[i] : m->max_a;
		m->min_b = b[i] < m->min_b ? b[i] : m->min_b;
		m->max_b = b[i] > m->max_b ? b[i] : m->max_b;
	}
	sum_add(sum_a, sa);
	sum_add(sum_b, sb);
}

static size_t block_rows(size_t rows, size_t first)
{
	return rows - first < BLOCK ? rows - first : BLOCK;
}

static bool set_moments(const double *a, const double *b, size_t rows,
			struct moments *m, const struct job *job)
{
	struct sum sum_a = { 0 }, sum_b = { 0 };

	*m = (struct moments){ 0, 0, 0, INFINITY, -INFINITY, INFINITY,
			       -INFINITY };
	for (size_t first = 0; first < rows; first += BLOCK) {
		if (job_cancelled(job))
			return false;
		moments_block(a + first, b + first, block_rows(rows, first), m,
			      &sum_a, &sum_b);
	}
	m->mean_a = sum_of(&sum_a) / (double)m->n;
	m->mean_b = sum_of(&sum_b) / (double)m->n;
	return true;
}

/* Sums of (a - mean a)^2, (b - mean b)^2 and of the product. */
struct products {
	struct sum aa, bb, ab;
};

static void products_block(const double *a, const double *b, size_t rows,
			   const struct moments *m, struct products *p)
{
	double aa = 0, bb = 0, ab = 0;

	for (size_t i = 0; i < rows; i++) {
		double x = a[i] - m->mean_a, y = b[i] - m->mean_b;

		if (x != x || y != y)
			continue;
		aa += x * x;
		bb += y * y;
		ab += x * y;
	}
	sum_add(&p->aa, aa);
	sum_add(&p->bb, bb);
	sum_add(&p->ab, ab);
}

/* A column of one value is found by its ends: what rounding leaves of its
 * squares is noise. */
static bool correlate(const double *a, const double *b, size_t rows,
		      double *r, size_t *n, const struct job *job)
{
	struct products p = { { 0, 0 }, { 0, 0 }, { 0, 0 } };
	struct moments m;

	*r = NAN;
	if (!set_moments(a, b, rows, &m, job))
		return false;
	*n = m.n;
	if (m.n < 2 || m.min_a == m.max_a || m.min_b == m.max_b)
		return true;
	for (size_t first = 0; first < rows; first += BLOCK) {
		if (job_cancelled(job))
			return false;
		products_block(a + first, b + first, block_rows(rows, first),
			       &m, &p);
	}
	*r = sum_of(&p.ab) / (sqrt(sum_of(&p.aa)) * sqrt(sum_of(&p.bb)));
	*r = *r > 1 ? 1 : *r < -1 ? -1 : *r;
	return true;
}

bool relate_columns(const struct table *table, size_t column, double *r,
		    size_t *n, struct job *job, struct err *err)
{
	const double *a = table->column[column].number;

	assert(column < table->columns);
#ifdef _OPENMP
#pragma omp parallel for schedule(dynamic, 1) if (table->rows >= ROWS_PARALLEL)
#endif
	for (size_t j = 0; j < table->columns; j++) {
		const double *b = table->column[j].number;
		size_t both = 0;

		r[j] = NAN;
		if (a && b && j != column)
			correlate(a, b, table->rows, r + j, &both, job);
		if (n)
			n[j] = both;
	}
	return !job_cancelled(job) || err_cancelled(err);
}

/*
 * The target
 */

/* NaN: not known. */
static double target_at(const struct relate_target *t, size_t row)
{
	if (t->number)
		return t->number[row];
	return t->positive[row] < 0 ? NAN : t->positive[row];
}

/* A column beside a target, while they are being related. */
struct relating {
	const struct column *column;
	size_t rows;
	const struct relate_target *target;
	struct relation *relation;
	double end[SUMMARY_BINS];	/* where bins end, all but the last */
	struct sum *sum;		/* owned: of the target in each bin */
	double *positive, *negative;	/* owned: values of either class ... */
	double *spare;			/* owned */
	size_t positives, negatives;	/* ... so many of them */
	struct job *job;
};

/* The ends of the bins, which are those of all values. */
static bool set_bins(struct relating *g)
{
	struct relation *relation = g->relation;
	const double *x = g->column->number;

	for (size_t i = 0; i < g->rows; i++) {
		if (i % BLOCK == 0 && job_cancelled(g->job))
			return false;
		if (x[i] != x[i])
			continue;
		if (relation->bins == 0)
			relation->min = relation->max = x[i];
		relation->bins = SUMMARY_BINS;
		relation->min = x[i] < relation->min ? x[i] : relation->min;
		relation->max = x[i] > relation->max ? x[i] : relation->max;
	}
	for (int b = 0; b < SUMMARY_BINS - 1; b++)
		g->end[b] = summary_bin_end(relation->min, relation->max,
					    b + 1);
	return true;
}

/* How many ends are not above x. */
static size_t bin_of(const struct relating *g, double x)
{
	size_t low = 0, end = SUMMARY_BINS - 1;

	while (low < end) {
		size_t middle = low + (end - low) / 2;

		if (g->end[middle] <= x)
			low = middle + 1;
		else
			end = middle;
	}
	return low;
}

static void take_row(struct relating *g, size_t row, double y)
{
	const struct column *c = g->column;
	size_t bin = c->number ? bin_of(g, c->number[row]) : c->code[row];

	g->relation->n++;
	g->relation->count[bin]++;
	sum_add(g->sum + bin, y);
	if (!g->positive)
		return;
	if (y > 0)
		g->positive[g->positives++] = c->number[row];
	else
		g->negative[g->negatives++] = c->number[row];
}

static bool take_rows(struct relating *g)
{
	struct relation *relation = g->relation;

	for (size_t i = 0; i < g->rows; i++) {
		double y = target_at(g->target, i);

		if (i % BLOCK == 0 && job_cancelled(g->job))
			return false;
		if (y == y && !table_is_missing(g->column, i))
			take_row(g, i, y);
	}
	for (size_t b = 0; b < relation->bins; b++) {
		double sum = sum_of(g->sum + b);

		relation->mean[b] = relation->count[b] == 0
				  ? NAN : sum / (double)relation->count[b];
		if (g->target->positive)
			relation->positives += (size_t)sum;
	}
	return true;
}

/* The pairs of a positive and a negative in which the positive is the larger
 * one, ties half, as a part of all pairs; both are sorted. */
static double ranked(const double *positive, size_t positives,
		     const double *negative, size_t negatives)
{
	size_t below = 0, upto = 0;
	double pairs = 0;	/* twice: whole, so exact */

	for (size_t i = 0; i < positives; i++) {
		while (below < negatives && negative[below] < positive[i])
			below++;
		upto = upto < below ? below : upto;
		while (upto < negatives && negative[upto] == positive[i])
			upto++;
		pairs += (double)(below + upto);
	}
	return pairs / 2 / (double)positives / (double)negatives;
}

static double number_auc(struct relating *g)
{
	double *positive = sort_doubles(g->positive, g->spare, g->positives);
	double *negative, *spare = g->spare;

	if (g->positives == 0 || g->negatives == 0)
		return NAN;
	if (positive == spare)
		spare = g->positive;
	negative = sort_doubles(g->negative, spare, g->negatives);
	return ranked(positive, g->positives, negative, g->negatives);
}

/* A level, to be ranked by its share. */
struct level {
	double share;
	size_t count;
};

static int compare_levels(const void *a, const void *b)
{
	const struct level *x = a, *y = b;

	return (x->share > y->share) - (x->share < y->share);
}

/* Levels of equal share add the same, in whichever order they stand. */
static double level_auc(const struct relation *relation)
{
	double negatives = (double)(relation->n - relation->positives);
	double positives = (double)relation->positives, pairs = 0, below = 0;
	struct level *level = mem_array(relation->bins, sizeof(*level));
	size_t levels = 0;

	for (size_t b = 0; b < relation->bins; b++)
		if (relation->count[b] > 0)
			level[levels++] = (struct level){ relation->mean[b],
							  relation->count[b] };
	qsort(level, levels, sizeof(*level), compare_levels);
	for (size_t i = 0; i < levels; i++) {
		double count = (double)level[i].count;
		double hits = round(level[i].share * count);

		pairs += hits * (2 * below + count - hits);
		below += count - hits;
	}
	free(level);
	if (positives == 0 || negatives == 0 || levels == 0 ||
	    relation->n / levels < RELATE_LEVEL_ROWS)
		return NAN;
	return pairs / 2 / positives / negatives;
}

/* Room for the bins and, if values are to be ranked, for these. */
static bool make_room(struct relating *g)
{
	struct relation *relation = g->relation;
	size_t bins = relation->bins, bytes = (g->rows + 1) * sizeof(double);

	relation->count = mem_try(bins, sizeof(*relation->count));
	relation->mean = mem_try(bins, sizeof(*relation->mean));
	g->sum = mem_try(bins, sizeof(*g->sum));
	if (!relation->count || !relation->mean || !g->sum)
		return false;
	if (!g->column->number || !g->target->positive)
		return true;
	g->positive = malloc(bytes);
	g->negative = malloc(bytes);
	g->spare = malloc(bytes);
	return g->positive && g->negative && g->spare;
}

/* What one number tells of all rows; false when the job was cancelled. */
static bool set_numbers(struct relating *g)
{
	const struct column *c = g->column;
	size_t n;

	if (g->target->number)
		return !c->number ||
		       correlate(c->number, g->target->number, g->rows,
				 &g->relation->r, &n, g->job);
	if (c->number)
		g->relation->auc = number_auc(g);
	else if (c->type == COLUMN_CATEGORY)
		g->relation->auc = level_auc(g->relation);
	return !job_cancelled(g->job);
}

bool relate_target(const struct table *table, size_t column,
		   const struct relate_target *target,
		   struct relation *relation, struct job *job,
		   struct err *err)
{
	struct relating g = { .column = table->column + column,
			      .rows = table->rows, .target = target,
			      .relation = relation, .job = job };
	bool done, room = true;

	assert(column < table->columns);
	assert(!target->positive != !target->number);
	*relation = (struct relation){ .auc = NAN, .r = NAN, .min = NAN,
				       .max = NAN };
	relation->bins = g.column->levels;
	if (g.column->number)
		relation->bins = 0;
	done = !g.column->number || set_bins(&g);
	if (done)
		room = make_room(&g);
	done = done && room && take_rows(&g) && set_numbers(&g);
	free(g.sum);
	free(g.positive);
	free(g.negative);
	free(g.spare);
	if (done)
		return true;
	relation_clear(relation);
	return room ? err_cancelled(err)
		    : err_set(err, ERR_NOMEM, "no memory to relate %zu rows",
			      table->rows);
}

void relation_clear(struct relation *relation)
{
	free(relation->count);
	free(relation->mean);
	*relation = (struct relation){ 0 };
}
