#include "eval/interval.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/rng.h"
#include "base/sum.h"
#include "data/sort.h"

static const double z = 1.959963984540054;	/* 97.5 % of the normal */

const char *const interval_name[] = {
	[BY_NOTHING] = NULL,
	[BY_WILSON] = "Wilson",
	[BY_DELONG] = "DeLong",
	[BY_BOOTSTRAP] = "bootstrap",
	[BY_DELTA] = "delta",
};

struct interval interval_none(const char *why)
{
	return (struct interval){ NAN, NAN, BY_NOTHING, why };
}

struct interval interval_normal(double x, double error, enum interval_by by)
{
	return (struct interval){ x - z * error, x + z * error, by, NULL };
}

struct interval interval_wilson(size_t hits, size_t n)
{
	double trials = (double)n, share = (double)hits / trials;
	double centre = share + z * z / (2 * trials);
	double half = z * sqrt(share * (1 - share) / trials +
			       z * z / (4 * trials * trials));
	double whole = 1 + z * z / trials;

	if (n == 0)
		return (struct interval){ 0, 1, BY_WILSON, NULL };
	/* At the ends rounding must not part the share from its interval. */
	return (struct interval){
		hits == 0 ? 0 : (centre - half) / whole,
		hits == n ? 1 : (centre + half) / whole, BY_WILSON, NULL
	};
}

/* ---- DeLong ---- */

/*
 * Of each positive the share of negatives below it, of each negative the share
 * of positives above it; both have the mean auc.  The error of auc:
 *
 *	sqrt(variance of the first / positives + of the second / negatives)
 */
double interval_delong(const double *pos, size_t positives, const double *neg,
		       size_t negatives, double auc)
{
	double m = (double)positives, n = (double)negatives;
	struct sum of_pos = { 0 }, of_neg = { 0 };
	size_t i = 0, j = 0;

	if (positives < 2 || negatives < 2)
		return NAN;
	while (i < positives || j < negatives) {
		double at = j == negatives || (i < positives && pos[i] < neg[j])
			    ? pos[i] : neg[j];
		size_t below = j, past = i;
		double a, b, above;

		while (i < positives && pos[i] == at)
			i++;
		while (j < negatives && neg[j] == at)
			j++;
		a = (double)(i - past);
		b = (double)(j - below);
		above = (double)(positives - i);
		sum_add(&of_pos, a * pow(((double)below + b / 2) / n - auc, 2));
		sum_add(&of_neg, b * pow((above + a / 2) / m - auc, 2));
	}
	return sqrt(sum_of(&of_pos) / (m - 1) / m +
		    sum_of(&of_neg) / (n - 1) / n);
}

static struct interval of_auc(const struct metrics *m)
{
	struct interval i;

	if (!(m->auc_error > 0))
		return interval_none("all pairs alike");
	i = interval_normal(m->auc, m->auc_error, BY_DELONG);
	i.low = fmax(0, i.low);
	i.high = fmin(1, i.high);
	return i;
}

/* ---- draws ---- */

/* Of n sorted numbers, between them in a straight line. */
static double percentile(const double *sorted, size_t n, double part)
{
	double at = part * (double)(n - 1);
	size_t k = (size_t)at;

	return k + 1 < n ? sorted[k] + (at - (double)k) *
			   (sorted[k + 1] - sorted[k]) : sorted[n - 1];
}

/* But for rounding. */
static bool alike(double a, double b)
{
	return fabs(a - b) <= 1e-12 * fmax(fabs(a), fabs(b));
}

struct interval interval_middle(double *draw, size_t n, double x)
{
	double *spare = mem_array(n, sizeof(*spare));
	const double *sorted;
	struct interval i = interval_none("too few draws can be measured");
	size_t known = 0;

	for (size_t k = 0; k < n; k++)
		if (isfinite(draw[k]))
			draw[known++] = draw[k];
	sorted = sort_doubles(draw, spare, known);
	if (known > 0 && alike(sorted[0], sorted[known - 1]))
		i.why = "nothing that varies";
	else if (known * 20 > n * 19)
		i = (struct interval){
			fmin(x, percentile(sorted, known, 0.025)),
			fmax(x, percentile(sorted, known, 0.975)),
			BY_BOOTSTRAP, NULL
		};
	free(spare);
	return i;
}

/* log(n! ) by the gamma function; lgamma() would write a global. */
static double log_factorial(double n)
{
	int sign;

	return lgamma_r(n + 1, &sign);
}

/* How many of n, each with the chance p <= 0.5: counted from 0 on. */
static size_t few_of(struct rng *rng, size_t n, double p)
{
	double odds = p / (1 - p), chance = pow(1 - p, (double)n);
	double left = rng_double(rng);
	size_t k = 0;

	while (k < n && left > chance) {
		left -= chance;
		chance *= odds * (double)(n - k) / (double)(k + 1);
		k++;
	}
	return k;
}

/*
 * The same for n p >= 10, in as many steps whatever n: transformed rejection,
 * Hoermann, J. Stat. Comput. Simul. 46 (1993), algorithm BTRS.
 */
static size_t many_of(struct rng *rng, size_t n, double p)
{
	double trials = (double)n, sd = sqrt(trials * p * (1 - p));
	double b = 1.15 + 2.53 * sd, a = -0.0873 + 0.0248 * b + 0.01 * p;
	double alpha = (2.83 + 5.1 / b) * sd, sure = 0.92 - 4.2 / b;
	double mode = floor((trials + 1) * p), odds = log(p / (1 - p));
	double top = log_factorial(mode) + log_factorial(trials - mode);

	for (;;) {
		double u = rng_double(rng) - 0.5, v = rng_double(rng);
		double edge = 0.5 - fabs(u);
		double k = floor((2 * a / edge + b) * u + trials * p + 0.5);

		if (edge >= 0.07 && v <= sure)
			return (size_t)k;
		if (!(k >= 0 && k <= trials))
			continue;
		v = log(v * alpha / (a / (edge * edge) + b));
		if (v <= top - log_factorial(k) - log_factorial(trials - k) +
			 (k - mode) * odds)
			return (size_t)k;
	}
}

static size_t some_of(struct rng *rng, size_t n, double p)
{
	if (p > 0.5)
		return n - some_of(rng, n, 1 - p);
	return (double)n * p < 10 ? few_of(rng, n, p) : many_of(rng, n, p);
}

/* ---- classes ---- */

void interval_draw_cells(struct rng *rng, const size_t *cell, size_t n,
			 size_t *drawn)
{
	size_t rows = 0, rest;

	for (size_t i = 0; i < n; i++)
		rows += cell[i];
	rest = rows;
	for (size_t i = 0; i < n; i++) {
		drawn[i] = cell[i] == rest ? rows : cell[i] == 0 ? 0 :
			   some_of(rng, rows, (double)cell[i] / (double)rest);
		rows -= drawn[i];
		rest -= cell[i];
	}
}

/* The measures that have no formula for their error; the last two have one of
 * two classes. */
static const enum class_measure drawn_measure[] = {
	CLASS_BALANCED, CLASS_F1, CLASS_MCC, CLASS_RECALL, CLASS_PRECISION
};
enum { DRAWN_MEASURES = ARRAY_LEN(drawn_measure), DRAWN_OF_TWO = 3 };

/* A class that rows are of must not be lost in a draw of two; of many that
 * would leave no draws, and the mean is then over the others. */
static bool can_measure(const struct metrics *m)
{
	return m->classes > 2 || (m->class_of[0].support &&
				  m->class_of[1].support);
}

static void bootstrap(const struct metrics *m,
		      struct interval of[CLASS_MEASURES])
{
	size_t measures = m->classes > 2 ? DRAWN_MEASURES : DRAWN_OF_TWO;
	double *draw = mem_array(measures * RESAMPLES, sizeof(*draw));
	size_t cells = m->classes * m->classes;
	struct metrics drawn = {
		.n = m->n, .classes = m->classes,
		.confusion = mem_array(cells, sizeof(*drawn.confusion)),
		.class_of = mem_array(m->classes, sizeof(*drawn.class_of)),
	};
	struct rng rng;

	rng_init(&rng, 1);
	for (size_t b = 0; b < RESAMPLES; b++) {
		interval_draw_cells(&rng, m->confusion, cells,
				    drawn.confusion);
		metrics_of_confusion(&drawn);
		for (size_t k = 0; k < measures; k++)
			draw[k * RESAMPLES + b] = can_measure(&drawn) ?
				metrics_measure(&drawn, drawn_measure[k]) :
				NAN;
	}
	for (size_t k = 0; k < measures; k++)
		of[drawn_measure[k]] =
			interval_middle(draw + k * RESAMPLES, RESAMPLES,
					metrics_measure(m, drawn_measure[k]));
	metrics_clear(&drawn);
	free(draw);
}

/* Of the measures that count in draws or by DeLong. */
static const char *why_none(const struct metrics *m)
{
	size_t fewest = SIZE_MAX, present = 0;

	if (m->classes > INTERVAL_CLASSES)
		return "more than 50 classes";
	for (size_t k = 0; k < m->classes; k++) {
		size_t support = m->class_of[k].support;

		present += support > 0;
		if (support < fewest && (support > 0 || m->classes == 2))
			fewest = support;
	}
	return present < 2 ? "one class only" :
	       m->n < INTERVAL_ROWS ? "fewer than 10 rows" :
	       fewest < INTERVAL_CLASS ? "fewer than 5 rows of a class" : NULL;
}

static void of_the_positive(const struct metrics *m,
			    struct interval of[CLASS_MEASURES])
{
	const size_t *cell = m->confusion;

	of[CLASS_RECALL] = m->class_of[1].support ?
		interval_wilson(cell[3], m->class_of[1].support) :
		interval_none("no row is of the class");
	of[CLASS_PRECISION] = cell[1] + cell[3] ?
		interval_wilson(cell[3], cell[1] + cell[3]) :
		interval_none("the class was never told");
}

void interval_classes(const struct metrics *m,
		      struct interval of[CLASS_MEASURES])
{
	const char *why = why_none(m);
	size_t hits = 0;

	for (size_t k = 0; k < m->classes; k++)
		hits += m->confusion[k * m->classes + k];
	for (int k = 0; k < CLASS_MEASURES; k++)
		of[k] = interval_none(why);
	of[CLASS_ACCURACY] = interval_wilson(hits, m->n);
	if (m->classes == 2)
		of_the_positive(m, of);
	if (why)
		return;
	bootstrap(m, of);
	of[CLASS_AUC] = m->classes == 2 ? of_auc(m) :
			interval_none("for two classes only");
}
