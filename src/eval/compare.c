#include "eval/compare.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/rng.h"
#include "base/sum.h"

/* ---- McNemar ---- */

static double log_choose(double n, double k)
{
	int sign;

	return lgamma_r(n + 1, &sign) - lgamma_r(k + 1, &sign) -
	       lgamma_r(n - k + 1, &sign);
}

/* Twice the tail of Binomial(n, 1/2) up to few. */
static double binomial_p(size_t few, size_t n)
{
	double tail = 0;

	for (size_t k = 0; k <= few; k++)
		tail += exp(log_choose((double)n, (double)k) -
			    (double)n * log(2));
	return fmin(1, 2 * tail);
}

struct mcnemar compare_mcnemar(size_t only_a, size_t only_b)
{
	size_t n = only_a + only_b, few = only_a < only_b ? only_a : only_b;
	struct mcnemar m = { only_a, only_b, n <= MCNEMAR_EXACT, 1 };
	double apart;

	if (m.exact) {
		m.p = n ? binomial_p(few, n) : 1;
		return m;
	}
	apart = fmax(0, (double)(n - 2 * few) - 1);
	m.p = erfc(sqrt(apart * apart / (double)n / 2));
	return m;
}

/* ---- the bootstrap of classes ---- */

/*
 * Rows that are of the same class and are told the same by both are all alike:
 * a cell.  Drawing how many rows each cell has is drawing the rows.
 */
struct cells {
	size_t classes, n;
	size_t *count, *code;		/* owned: y, a, b in base classes */
};

static void cells_clear(struct cells *c)
{
	free(c->count);
	free(c->code);
}

static bool cells_init(struct cells *c, const struct told_pair *pair,
		       struct err *err)
{
	size_t k = pair->classes, all = k * k * k;
	size_t *count = mem_try(all, sizeof(*count));

	*c = (struct cells){ .classes = k };
	if (!count)
		return err_set(err, ERR_NOMEM, "no memory to compare");
	memset(count, 0, all * sizeof(*count));
	for (size_t i = 0; i < pair->n; i++)
		count[(pair->y[i] * k + pair->a[i]) * k + pair->b[i]]++;
	for (size_t i = 0; i < all; i++)
		c->n += count[i] > 0;
	c->count = mem_array(c->n, sizeof(*c->count));
	c->code = mem_array(c->n, sizeof(*c->code));
	c->n = 0;
	for (size_t i = 0; i < all; i++) {
		if (!count[i])
			continue;
		c->count[c->n] = count[i];
		c->code[c->n++] = i;
	}
	free(count);
	return true;
}

static struct metrics room_for(size_t n, size_t classes)
{
	return (struct metrics){
		.n = n, .classes = classes,
		.confusion = mem_array(classes * classes, sizeof(size_t)),
		.class_of = mem_array(classes, sizeof(struct class_metrics)),
	};
}

/* The matrices of both from the rows in each cell. */
static void fill(const struct cells *c, const size_t *count,
		 struct metrics *a, struct metrics *b)
{
	size_t k = c->classes;

	memset(a->confusion, 0, k * k * sizeof(*a->confusion));
	memset(b->confusion, 0, k * k * sizeof(*b->confusion));
	for (size_t i = 0; i < c->n; i++) {
		size_t y = c->code[i] / k / k;

		a->confusion[y * k + c->code[i] / k % k] += count[i];
		b->confusion[y * k + c->code[i] % k] += count[i];
	}
	metrics_of_confusion(a);
	metrics_of_confusion(b);
}

/* With many classes a draw takes long: fewer will do. */
static size_t draws_of(const struct cells *c)
{
	size_t work = 8 * c->n + 2 * c->classes * c->classes;
	size_t draws = 4000000 / work;

	return draws > PAIRED_RESAMPLES ? PAIRED_RESAMPLES :
	       draws < 200 ? 200 : draws;
}

static void bootstrap(const struct cells *c, size_t n,
		      struct difference of[CLASS_MEASURES])
{
	size_t draws = draws_of(c);
	size_t *drawn = mem_array(c->n, sizeof(*drawn));
	double *draw = mem_array(CLASS_AUC * draws, sizeof(*draw));
	struct metrics a = room_for(n, c->classes), b = room_for(n, c->classes);
	struct rng rng;

	rng_init(&rng, 1);
	for (size_t d = 0; d < draws; d++) {
		interval_draw_cells(&rng, c->count, c->n, drawn);
		fill(c, drawn, &a, &b);
		for (int k = 0; k < CLASS_AUC; k++)
			draw[(size_t)k * draws + d] =
				metrics_measure(&b, (enum class_measure)k) -
				metrics_measure(&a, (enum class_measure)k);
	}
	for (int k = 0; k < CLASS_AUC; k++)
		of[k].of = interval_middle(draw + (size_t)k * draws, draws,
					   of[k].b - of[k].a);
	metrics_clear(&a);
	metrics_clear(&b);
	free(draw);
	free(drawn);
}

/* As the intervals of one model: too few rows tell nothing. */
static const char *why_none(const struct told_pair *pair)
{
	size_t of[2] = { 0 };

	if (pair->n < INTERVAL_ROWS)
		return "fewer than 10 rows";
	for (size_t i = 0; i < pair->n && pair->classes == 2; i++)
		of[pair->y[i]]++;
	return pair->classes == 2 && (of[0] < INTERVAL_CLASS ||
				      of[1] < INTERVAL_CLASS) ?
	       "fewer than 5 rows of a class" : NULL;
}

static void of_cells(const struct told_pair *pair, const struct cells *c,
		     struct difference of[CLASS_MEASURES])
{
	struct metrics a = room_for(pair->n, c->classes);
	struct metrics b = room_for(pair->n, c->classes);
	const char *why = why_none(pair);

	fill(c, c->count, &a, &b);
	for (int k = 0; k < CLASS_AUC; k++) {
		of[k].a = metrics_measure(&a, (enum class_measure)k);
		of[k].b = metrics_measure(&b, (enum class_measure)k);
	}
	metrics_clear(&a);
	metrics_clear(&b);
	if (!why)
		bootstrap(c, pair->n, of);
	for (int k = 0; why && k < CLASS_AUC; k++)
		of[k].of = interval_none(why);
}

/* ---- accuracy of very many classes ---- */

/* The four cells: right by both, by either, by none; the mean of differences
 * that are -1, 0 or 1. */
static void accuracy_alone(const struct told_pair *pair,
			   const struct mcnemar *m, size_t right_a,
			   struct difference *of)
{
	double n = (double)pair->n;
	double apart = ((double)m->only_b - (double)m->only_a) / n;
	double var = ((double)(m->only_a + m->only_b) / n - apart * apart) / n;

	of->a = (double)right_a / n;
	of->b = of->a + apart;
	of->of = var > 0 ? interval_normal(apart, sqrt(var), BY_DELTA) :
		 interval_none("nothing that varies");
}

/* ---- both ---- */

static bool of_auc(const struct told_pair *pair, struct difference *of,
		   struct err *err)
{
	struct metrics a, b;
	double error;

	if (!metrics_binary(&a, pair->y, pair->p_a, pair->n, 0.5, err))
		return false;
	if (!metrics_binary(&b, pair->y, pair->p_b, pair->n, 0.5, err)) {
		metrics_clear(&a);
		return false;
	}
	of->a = a.auc;
	of->b = b.auc;
	metrics_clear(&a);
	metrics_clear(&b);
	of->of = interval_none(why_none(pair));
	if (of->of.why)
		return true;
	if (!compare_delong(pair, &error, err))
		return false;
	of->of = error > 0 ? interval_normal(of->b - of->a, error, BY_DELONG) :
		 interval_none("nothing that varies");
	return true;
}

static struct mcnemar count_right(const struct told_pair *pair,
				  size_t *right_a)
{
	size_t only_a = 0, only_b = 0;

	*right_a = 0;
	for (size_t i = 0; i < pair->n; i++) {
		bool a = pair->a[i] == pair->y[i], b = pair->b[i] == pair->y[i];

		*right_a += a;
		only_a += a && !b;
		only_b += b && !a;
	}
	return compare_mcnemar(only_a, only_b);
}

bool compare_classes(const struct told_pair *pair, struct mcnemar *mcnemar,
		     struct difference of[CLASS_MEASURES], struct err *err)
{
	struct cells cells;
	size_t right_a;

	for (int k = 0; k < CLASS_MEASURES; k++)
		of[k] = (struct difference){ NAN, NAN, interval_none(NULL) };
	if (pair->n == 0)
		return err_set(err, ERR_DATA, "there are no rows to compare");
	*mcnemar = count_right(pair, &right_a);
	if (pair->classes > INTERVAL_CLASSES) {
		accuracy_alone(pair, mcnemar, right_a, &of[CLASS_ACCURACY]);
		return true;
	}
	if (!cells_init(&cells, pair, err))
		return false;
	of_cells(pair, &cells, of);
	cells_clear(&cells);
	return pair->classes != 2 || !pair->p_a ||
	       of_auc(pair, &of[CLASS_AUC], err);
}

/* ---- folds ---- */

double compare_corrected_t(const double *difference, size_t k, double share)
{
	struct sum sum = { 0 }, squares = { 0 };
	double mean, variance;

	for (size_t i = 0; i < k; i++)
		sum_add(&sum, difference[i]);
	mean = sum_of(&sum) / (double)k;
	for (size_t i = 0; i < k; i++)
		sum_add(&squares, (difference[i] - mean) *
			(difference[i] - mean));
	variance = sum_of(&squares) / (double)(k - 1);
	return k < 2 || !(variance > 0) ? NAN :
	       mean / sqrt((1 / (double)k + share) * variance);
}
