#include "eval/metrics.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/sum.h"
#include "data/sort.h"
#include "eval/interval.h"

const struct class_measure_about class_measure[CLASS_MEASURES] = {
	[CLASS_ACCURACY] = { "accuracy", "accuracy", false },
	[CLASS_BALANCED] = { "balanced accuracy", "balanced_accuracy", false },
	[CLASS_RECALL] = { "recall", "recall", true },
	[CLASS_PRECISION] = { "precision", "precision", true },
	[CLASS_F1] = { "f1", "f1", true },
	[CLASS_MCC] = { "mcc", "mcc", false },
	[CLASS_AUC] = { "auc", "auc", false },
};

static double ratio(double part, double whole)
{
	return whole > 0 ? part / whole : 0;
}

/* Precision, recall and F1 of one class; how often it was told comes back. */
static size_t measure_class(struct metrics *m, size_t k)
{
	struct class_metrics *c = &m->class_of[k];
	size_t hits = m->confusion[k * m->classes + k], told = 0;

	*c = (struct class_metrics){ 0 };
	for (size_t i = 0; i < m->classes; i++) {
		c->support += m->confusion[k * m->classes + i];
		told += m->confusion[i * m->classes + k];
	}
	c->precision = ratio((double)hits, (double)told);
	c->recall = ratio((double)hits, (double)c->support);
	c->f1 = ratio(2 * (double)hits, (double)(told + c->support));
	return told;
}

static void average_add(struct class_metrics *to,
			const struct class_metrics *c, double weight)
{
	to->precision += weight * c->precision;
	to->recall += weight * c->recall;
	to->f1 += weight * c->f1;
}

static void average_end(struct class_metrics *to, double weight, size_t n)
{
	to->precision /= weight;
	to->recall /= weight;
	to->f1 /= weight;
	to->support = n;
}

/*
 * Matthews' correlation for any number of classes (Gorodkin 2004).  n squared
 * is exact in a double up to n = 9e7.
 */
static double matthews(double n, double hits, double true_told,
		       double true_true, double told_told)
{
	double both = (n * n - true_true) * (n * n - told_told);

	return both > 0 ? (n * hits - true_told) / sqrt(both) : 0;
}

/* Cohen (1960): (right - right by chance) / (1 - right by chance). */
static double kappa_of(double n, double hits, double true_told)
{
	double chance = true_told / n / n;

	return chance < 1 ? (hits / n - chance) / (1 - chance) : NAN;
}

/*
 * As in scikit-learn a class that is neither true nor told anywhere does not
 * count in the macro average, and the balanced accuracy is over the classes
 * that are true somewhere.
 */
void metrics_of_confusion(struct metrics *m)
{
	double hits = 0, true_told = 0, true_true = 0, told_told = 0;
	double seen = 0, supported = 0, recall = 0;

	m->macro = m->weighted = (struct class_metrics){ 0 };
	for (size_t k = 0; k < m->classes; k++) {
		double told = (double)measure_class(m, k);
		const struct class_metrics *c = &m->class_of[k];
		double support = (double)c->support;

		hits += (double)m->confusion[k * m->classes + k];
		true_told += support * told;
		true_true += support * support;
		told_told += told * told;
		seen += told + support > 0;
		supported += support > 0;
		recall += c->recall;
		average_add(&m->macro, c, 1);
		average_add(&m->weighted, c, support);
	}
	average_end(&m->macro, seen, m->n);
	average_end(&m->weighted, (double)m->n, m->n);
	m->accuracy = hits / (double)m->n;
	m->balanced_accuracy = recall / supported;
	m->mcc = matthews((double)m->n, hits, true_told, true_true, told_told);
	m->kappa = kappa_of((double)m->n, hits, true_told);
}

bool metrics_classes(struct metrics *m, const uint32_t *y,
		     const uint32_t *told, size_t n, size_t classes,
		     struct err *err)
{
	*m = (struct metrics){ .n = n, .classes = classes, .auc = NAN,
			       .average_precision = NAN, .log_loss = NAN,
			       .brier = NAN, .auc_error = NAN };
	if (n == 0)
		return err_set(err, ERR_DATA, "there are no rows to measure");
	m->confusion = mem_array(classes * classes, sizeof(*m->confusion));
	m->class_of = mem_array(classes, sizeof(*m->class_of));
	for (size_t i = 0; i < n; i++)
		m->confusion[y[i] * classes + told[i]]++;
	metrics_of_confusion(m);
	return true;
}

/*
 * Walk down the thresholds, all rows with the same probability at once: pos
 * and neg hold the probabilities of the two classes, upwards.
 *
 *	AUC = sum over groups of pos_in_group * (neg_below + neg_in_group / 2)
 *	      / (positives * negatives)
 *	AP  = sum over groups of (recall - recall before) * precision
 */
static void rank(struct metrics *m, const double *pos, size_t positives,
		 const double *neg, size_t negatives)
{
	size_t i = positives, j = negatives;
	double pairs = 0;	/* twice the pairs in order: whole, so exact */
	struct sum precision = { 0 };

	while (i > 0 || j > 0) {
		double top = i > 0 && (j == 0 || pos[i - 1] > neg[j - 1])
			? pos[i - 1] : neg[j - 1];
		size_t before = i, above = j;

		while (i > 0 && pos[i - 1] == top)
			i--;
		while (j > 0 && neg[j - 1] == top)
			j--;
		pairs += (double)(before - i) * (double)(j + above);
		sum_add(&precision, (double)(before - i) *
			(double)(positives - i) /
			(double)(positives - i + negatives - j));
	}
	if (positives > 0)
		m->average_precision = sum_of(&precision) / (double)positives;
	if (positives > 0 && negatives > 0)
		m->auc = pairs / 2 / (double)positives / (double)negatives;
}

/* Class k against the rest; p[i * width] is its probability. */
static bool measure_order(struct metrics *m, const uint32_t *y, size_t k,
			  const double *p, size_t width, struct err *err)
{
	double *kept = mem_try(m->n, sizeof(*kept));
	double *spare = mem_try(m->n, sizeof(*spare));
	const double *high, *low;
	size_t pos = 0, neg = 0;

	if (!kept || !spare) {
		free(kept);
		free(spare);
		return err_set(err, ERR_NOMEM, "no memory to rank %zu rows",
			       m->n);
	}
	for (size_t i = 0; i < m->n; i++) {
		if (y[i] == k)
			kept[pos++] = p[i * width];
		else
			kept[m->n - ++neg] = p[i * width];
	}
	high = sort_doubles(kept, spare, pos);
	low = sort_doubles(kept + pos, spare + pos, neg);
	rank(m, high, pos, low, neg);
	m->auc_error = interval_delong(high, pos, low, neg, m->auc);
	free(kept);
	free(spare);
	return true;
}

/*
 *	log loss = -mean(y log p + (1 - y) log(1 - p)), p kept within
 *		   [eps, 1 - eps], eps = 2^-52 as in scikit-learn 1.2
 *	Brier    = mean((p - y)^2)
 */
static void measure_loss(struct metrics *m, const uint32_t *y, const double *p)
{
	struct sum loss = { 0 }, square = { 0 };

	for (size_t i = 0; i < m->n; i++) {
		double kept = fmin(fmax(p[i], DBL_EPSILON), 1 - DBL_EPSILON);
		double miss = p[i] - y[i];

		sum_add(&loss, -log(y[i] ? kept : 1 - kept));
		sum_add(&square, miss * miss);
	}
	m->log_loss = sum_of(&loss) / (double)m->n;
	m->brier = sum_of(&square) / (double)m->n;
}

static bool no_probability(struct err *err)
{
	return err_set(err, ERR_MATH, "a probability is not a number: has a "
		       "row cells far beyond those of the training rows?  "
		       "clean outliers, or another method");
}

bool metrics_binary(struct metrics *m, const uint32_t *y, const double *p,
		    size_t n, double cut, struct err *err)
{
	uint32_t *told = mem_try(n, sizeof(*told));

	*m = (struct metrics){ 0 };
	if (!told)
		return err_set(err, ERR_NOMEM, "no memory to measure %zu rows",
			       n);
	for (size_t i = 0; i < n; i++) {
		if (isnan(p[i])) {
			free(told);
			return no_probability(err);
		}
		told[i] = p[i] > cut;
	}
	if (!metrics_classes(m, y, told, n, 2, err)) {
		free(told);
		return false;
	}
	free(told);
	measure_loss(m, y, p);
	if (measure_order(m, y, 1, p, 1, err))
		return true;
	metrics_clear(m);
	return false;
}

/*
 *	log loss = -mean(log p_y), all p of a row kept within [eps, 1 - eps] and
 *		   then divided by their sum, as scikit-learn 1.2 has it
 *	Brier    = mean(sum_k (p_k - [k = y])^2): of two classes this would be
 *		   twice theirs
 */
static void measure_losses(struct metrics *m, const uint32_t *y,
			   const double *p)
{
	struct sum loss = { 0 }, square = { 0 };

	for (size_t i = 0; i < m->n; i++) {
		const double *of = p + i * m->classes;
		double all = 0, mine = 0;

		for (size_t k = 0; k < m->classes; k++) {
			double kept = fmin(fmax(of[k], DBL_EPSILON),
					   1 - DBL_EPSILON);
			double miss = of[k] - (k == y[i]);

			all += kept;
			mine = k == y[i] ? kept : mine;
			sum_add(&square, miss * miss);
		}
		sum_add(&loss, -log(mine / all));
	}
	m->log_loss = sum_of(&loss) / (double)m->n;
	m->brier = sum_of(&square) / (double)m->n;
}

static bool measure_orders(struct metrics *m, const uint32_t *y,
			   const double *p, struct err *err)
{
	double auc = 0, average_precision = 0;

	for (size_t k = 0; k < m->classes; k++) {
		m->auc = m->average_precision = NAN;
		if (!measure_order(m, y, k, p + k, m->classes, err))
			return false;
		auc += m->auc;
		average_precision += m->average_precision;
	}
	m->auc_error = NAN;
	m->auc = auc / (double)m->classes;
	m->average_precision = average_precision / (double)m->classes;
	return true;
}

/* The most probable class of each row.  False: one is not a number. */
static bool tell_classes(const double *p, size_t n, size_t classes,
			 uint32_t *told)
{
	for (size_t i = 0; i < n; i++) {
		const double *of = p + i * classes;

		told[i] = 0;
		for (uint32_t k = 0; k < classes; k++) {
			if (isnan(of[k]))
				return false;
			told[i] = of[k] > of[told[i]] ? k : told[i];
		}
	}
	return true;
}

bool metrics_many(struct metrics *m, const uint32_t *y, const double *p,
		  size_t n, size_t classes, struct err *err)
{
	uint32_t *told = mem_try(n, sizeof(*told));
	bool ok;

	*m = (struct metrics){ 0 };
	if (!told)
		return err_set(err, ERR_NOMEM, "no memory to measure %zu rows",
			       n);
	if (tell_classes(p, n, classes, told))
		ok = metrics_classes(m, y, told, n, classes, err);
	else
		ok = no_probability(err);
	free(told);
	if (!ok)
		return false;
	measure_losses(m, y, p);
	if (measure_orders(m, y, p, err))
		return true;
	metrics_clear(m);
	return false;
}

static bool ever_told(const struct metrics *m, size_t k)
{
	for (size_t i = 0; i < m->classes; i++)
		if (m->confusion[i * m->classes + k])
			return true;
	return false;
}

double metrics_measure(const struct metrics *m, enum class_measure which)
{
	size_t k = m->classes - 1;
	bool many = m->classes > 2;
	const struct class_metrics *c = many ? &m->macro : &m->class_of[k];

	switch (which) {
	case CLASS_ACCURACY:
		return m->accuracy;
	case CLASS_BALANCED:
		return m->balanced_accuracy;
	case CLASS_RECALL:
		return c->support ? c->recall : NAN;
	case CLASS_PRECISION:
		return many || ever_told(m, k) ? c->precision : NAN;
	case CLASS_F1:
		return c->f1;
	case CLASS_MCC:
		return m->mcc;
	case CLASS_AUC:
		return m->auc;
	case CLASS_MEASURES:
		break;
	}
	return NAN;
}

void metrics_copy(struct metrics *to, const struct metrics *from)
{
	size_t k = from->classes;

	*to = *from;
	if (!from->confusion)
		return;
	to->confusion = mem_array(k * k, sizeof(*to->confusion));
	to->class_of = mem_array(k, sizeof(*to->class_of));
	memcpy(to->confusion, from->confusion, k * k * sizeof(*to->confusion));
	memcpy(to->class_of, from->class_of, k * sizeof(*to->class_of));
}

void metrics_clear(struct metrics *m)
{
	free(m->confusion);
	free(m->class_of);
	*m = (struct metrics){ 0 };
}
