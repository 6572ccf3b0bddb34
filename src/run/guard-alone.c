/*
 * guard-alone.c - for G02: features each of which tells the target alone
 *
 * By some rows of each class, as a number and by what its levels say.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "data/sort.h"
#include "run/guard-check.h"

enum { SAMPLE_CLASS = 10000, CLASS_LEAST = 10, LEVELS_FEW = 50,
       PAIRS_MOST = 1 << 20 };

/* The rows of a sample: what the target says and on which side they are. */
struct sampled {
	struct rows rows;
	double *y;		/* owned */
	size_t ones;
};

/* Every so many-th row of each class, SAMPLE_CLASS of each: the AUC does not
 * depend on how many there are of either. */
static bool sample_classes(const struct ground *g, struct rows *rows,
			   struct err *err)
{
	const struct rows *kept = g->rows.used;
	size_t of[2] = { 0 }, step[2], seen[2] = { 0 }, n = 0;

	for (size_t i = 0; i < kept->n; i++)
		of[ground_y(g, kept->row[i]) > 0]++;
	if (!rows_room(rows, 2 * SAMPLE_CLASS, err))
		return false;
	for (int k = 0; k < 2; k++)
		step[k] = (of[k] + SAMPLE_CLASS - 1) / SAMPLE_CLASS;
	for (size_t i = 0; i < kept->n; i++) {
		int k = ground_y(g, kept->row[i]) > 0;

		if (seen[k]++ % step[k] == 0)
			rows->row[n++] = kept->row[i];
	}
	rows->n = n;
	return true;
}

static bool sampled_init(struct sampled *s, const struct ground *g,
			 struct err *err)
{
	*s = (struct sampled){ 0 };
	if (!(g->target.classes == 2 ? sample_classes(g, &s->rows, err)
			 : ground_sample(g, 2 * SAMPLE_CLASS, &s->rows, err)))
		return false;
	s->y = mem_array(s->rows.n, sizeof(*s->y));
	for (size_t i = 0; i < s->rows.n; i++) {
		s->y[i] = ground_y(g, s->rows.row[i]);
		s->ones += s->y[i] > 0;
	}
	return true;
}

static void sampled_clear(struct sampled *s)
{
	rows_clear(&s->rows);
	free(s->y);
}

/* How many pairs of a one and a zero are in order, ties half. */
static double auc(const double *one, size_t ones, const double *zero,
		  size_t zeros)
{
	size_t below = 0, upto = 0;
	double pairs = 0;

	for (size_t i = 0; i < ones; i++) {
		while (below < zeros && zero[below] < one[i])
			below++;
		upto = upto < below ? below : upto;
		while (upto < zeros && zero[upto] <= one[i])
			upto++;
		pairs += (double)(below + upto) / 2;
	}
	return pairs / (double)ones / (double)zeros;
}

/* Numbers x that may be NaN, ranked against y; NaN with too few rows. */
static double rank_alone(const double *x, const double *y, size_t n)
{
	double *room = mem_array(2 * n, sizeof(*room)), *one, *zero, alone;
	size_t ones = 0, zeros = 0;

	for (size_t i = 0; i < n; i++) {
		if (x[i] != x[i])
			continue;
		if (y[i] > 0)
			room[ones++] = x[i];
		else
			room[n - ++zeros] = x[i];
	}
	one = sort_doubles(room, room + n, ones);
	zero = sort_doubles(room + n - zeros, room + 2 * n - zeros, zeros);
	alone = ones < CLASS_LEAST || zeros < CLASS_LEAST
		? NAN : auc(one, ones, zero, zeros);
	free(room);
	return fmax(alone, 1 - alone);
}

/* Pearson's r of numbers; NaN with too few, or of one value. */
static double correlation(const double *x, const double *y, size_t n)
{
	double mx = 0, my = 0, xx = 0, yy = 0, xy = 0, m = 0;

	for (size_t i = 0; i < n; i++) {
		if (x[i] != x[i])
			continue;
		m++;
		mx += (x[i] - mx) / m;
		my += (y[i] - my) / m;
	}
	for (size_t i = 0; i < n; i++) {
		double a = x[i] - mx, b = y[i] - my;

		if (x[i] != x[i])
			continue;
		xx += a * a;
		yy += b * b;
		xy += a * b;
	}
	return m >= 2 * CLASS_LEAST && xx > 0 && yy > 0
		? fabs(xy / sqrt(xx) / sqrt(yy)) : NAN;
}

/* The level of each row: of a category, or of a number with few values;
 * false: there are too many. */
static bool levels_of(const struct column *c, const struct rows *rows,
		      uint32_t *level, size_t *levels)
{
	double value[LEVELS_FEW];
	size_t n = 0;

	for (size_t i = 0; i < rows->n; i++) {
		uint32_t k = 0;
		double x;

		if (c->code) {
			level[i] = c->code[rows->row[i]];
			continue;
		}
		x = c->number[rows->row[i]];
		while (k < n && value[k] != x)
			k++;
		if (x == x && k == n && n == LEVELS_FEW)
			return false;
		if (x == x && k == n)
			value[n++] = x;
		level[i] = x == x ? k : LEVEL_MISSING;
	}
	*levels = c->code ? c->levels : n;
	return true;
}

/*
 * What the levels say of the target: the mean of the training rows of a level,
 * in x for the test rows and NaN for the others, so that a level of two rows
 * does not praise itself.
 */
static void teach_levels(const struct ground *g, const struct sampled *s,
			 const uint32_t *level, size_t levels, double *x)
{
	double *sum = mem_array(levels, sizeof(*sum)), all = 0;
	size_t *n = mem_array(levels, sizeof(*n)), train = 0;

	for (size_t i = 0; i < s->rows.n; i++) {
		if (level[i] == LEVEL_MISSING ||
		    g->side[s->rows.row[i]] != SIDE_TRAIN)
			continue;
		sum[level[i]] += s->y[i];
		all += s->y[i];
		n[level[i]]++;
		train++;
	}
	for (size_t i = 0; i < s->rows.n; i++) {
		x[i] = NAN;
		if (level[i] == LEVEL_MISSING ||
		    g->side[s->rows.row[i]] != SIDE_TEST)
			continue;
		x[i] = n[level[i]] ? sum[level[i]] / (double)n[level[i]]
				   : all / (double)train;
	}
	free(sum);
	free(n);
}

/* The share of the test rows of which their level tells the class: the most
 * frequent one of its training rows.  NaN with too few, or where one class is
 * nearly all there is. */
static double class_by_level(const struct ground *g, const struct sampled *s,
			     const uint32_t *level, size_t levels)
{
	size_t classes = g->target.classes, *n, *all;
	double right = 0, tests = 0, most = 0;

	n = mem_array(levels * classes, sizeof(*n));
	all = mem_array(classes, sizeof(*all));
	for (size_t i = 0; i < s->rows.n; i++)
		if (level[i] != LEVEL_MISSING &&
		    g->side[s->rows.row[i]] == SIDE_TRAIN)
			n[level[i] * classes + (size_t)s->y[i]]++;
	for (size_t i = 0; i < s->rows.n; i++) {
		const size_t *of = n + level[i] * classes;
		size_t told = 0;

		if (level[i] == LEVEL_MISSING ||
		    g->side[s->rows.row[i]] != SIDE_TEST)
			continue;
		for (size_t k = 1; k < classes; k++)
			told = of[k] > of[told] ? k : told;
		right += told == (size_t)s->y[i];
		tests++;
		most = fmax(most, (double)++all[(size_t)s->y[i]]);
	}
	free(all);
	free(n);
	return tests < CLASS_LEAST || most > COMMON * tests ? NAN
							     : right / tests;
}

/* One of more than two classes: ranks say nothing of these. */
static bool tells_class(const struct ground *g, const struct sampled *s,
			const struct column *c)
{
	uint32_t *level = mem_array(s->rows.n, sizeof(*level));
	size_t levels;
	bool tells = levels_of(c, &s->rows, level, &levels) &&
		     levels * g->target.classes <= PAIRS_MOST &&
		     class_by_level(g, s, level, levels) > RIGHT_ALONE;

	free(level);
	return tells;
}

/* True when the column alone tells the target. */
static bool tells(const struct ground *g, const struct sampled *s,
		  const struct column *c)
{
	size_t rows = s->rows.n, levels;
	double *x, alone = NAN;
	uint32_t *level;

	if (g->target.classes > 2)
		return tells_class(g, s, c);
	x = mem_array(rows, sizeof(*x));
	level = mem_array(rows, sizeof(*level));
	if (c->number) {
		for (size_t i = 0; i < rows; i++)
			x[i] = c->number[s->rows.row[i]];
		alone = g->classes ? rank_alone(x, s->y, rows)
				   : correlation(x, s->y, rows);
	}
	if (levels_of(c, &s->rows, level, &levels)) {
		double by_level;

		teach_levels(g, s, level, levels, x);
		by_level = g->classes ? rank_alone(x, s->y, rows)
				      : correlation(x, s->y, rows);
		alone = fmax(alone, by_level);
	}
	free(level);
	free(x);
	return alone > (g->classes ? AUC_ALONE : R_ALONE);
}

/* Columns do not depend on each other. */
bool answer_alone(const struct ground *g, bool *alone, struct err *err)
{
	struct sampled s;

	if (!sampled_init(&s, g, err))
		return false;
#ifdef _OPENMP
#pragma omp parallel for schedule(dynamic, 1) if (s.rows.n >= ROWS_PARALLEL)
#endif
	for (size_t k = 0; k < g->features.n; k++)
		if (!job_cancelled(g->job))
			alone[k] = tells(g, &s, &g->table->column[
						g->features.column[k]]);
	sampled_clear(&s);
	return !job_cancelled(g->job) || err_cancelled(err);
}
