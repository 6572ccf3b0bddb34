/*
 * boost-loss.c - how good boosting is so far
 */
#include "learn/boost-train.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

/* Rows of a part: the product of so many numbers up to 2 is still finite. */
enum { TALLY_ROWS = 512 };

struct tally {
	double loss, right, weight;
};

/* Squares. */
static struct tally tally_numbers(const struct some_rows *some, size_t first,
				  size_t end, const float *score)
{
	struct tally tally = { .weight = (double)(end - first) };

	for (size_t i = first; i < end; i++) {
		double off = (double)score[i] - some->number[i];

		tally.loss += off * off;
	}
	return tally;
}

/*
 * exp(-x) of 0 <= x to 4e-6 of it (up to 5: 3e-7), without a branch and in 32
 * bits, as are the scores: this is done of all rows after each round.  2^t is
 * put together from the whole part of t, in the exponent, and a polynomial of
 * the rest in [-1/2, 1/2].  NaN of what is not finite.
 */
static inline float exp_of_minus(float x)
{
	float t = x < 87 ? x * -1.44269504f : -125.5f, whole, f, sum;
	int32_t bits;

	/* Nearest: what is added leaves no bits for a fraction. */
	whole = (t + 12582912.0f) - 12582912.0f;
	f = t - whole;
	sum = 1.54035304e-4f;
	sum = sum * f + 1.33335581e-3f;
	sum = sum * f + 9.61812911e-3f;
	sum = sum * f + 5.55041087e-2f;
	sum = sum * f + 2.40226507e-1f;
	sum = sum * f + 6.93147181e-1f;
	sum = sum * f + 1;
	bits = ((int32_t)whole + 127) << 23;
	memcpy(&whole, &bits, sizeof(whole));
	return sum * whole + (x - x);
}

/* What those of a class have come to: 1 + e multiplied, and sizes added up. */
struct of_class {
	double product, more, rows;
};

/*
 * log(1 + exp(-z)) or log(1 + exp(z)): with e = exp(-|z|) both are log(1 + e),
 * and |z| more where it is told wrongly.  Logarithms are slow: so there is one
 * for each class, of the product.
 */
static struct tally tally_two(const struct booster *b,
			      const struct some_rows *some, size_t first,
			      size_t end, const float *score)
{
	const double *weight = b->problem->class_weight;
	const uint32_t *y = some->y + first;
	struct of_class of[2] = { { .product = 1 }, { .product = 1 } };
	struct tally tally = { 0 };
	float size[TALLY_ROWS], e[TALLY_ROWS];
	size_t n = end - first, right = 0;

	for (size_t i = 0; i < n; i++)
		size[i] = fabsf(score[first + i]);
	#pragma omp simd
	for (size_t i = 0; i < n; i++)
		e[i] = exp_of_minus(size[i]);
	for (size_t i = 0; i < n; i++) {
		/* Which class is arithmetic: a branch would be a guess. */
		double one = (double)y[i], none = 1 - one;
		double more = (double)(size[i] + score[first + i]) / 2;

		of[0].product *= 1 + none * (double)e[i];
		of[1].product *= 1 + one * (double)e[i];
		of[0].more += none * more;
		of[1].more += one * ((double)size[i] - more);
		of[1].rows += one;
		right += (score[first + i] > 0) == (y[i] == 1);
	}
	tally.right = (double)right;
	of[0].rows = (double)n - of[1].rows;
	for (size_t k = 0; k < 2; k++) {
		double w = weight ? weight[k] : 1;

		tally.loss += w * (log(of[k].product) + of[k].more);
		tally.weight += w * of[k].rows;
	}
	return tally;
}

static struct tally tally_many(const struct booster *b,
			       const struct some_rows *some, size_t first,
			       size_t end, const float *score)
{
	size_t outputs = b->boost->trees.outputs;
	struct tally tally = { 0 };

	for (size_t i = first; i < end; i++) {
		const float *z = score + i * outputs;
		double w = boost_weight(b, some, i), sum = 0;
		size_t most = 0;

		for (size_t k = 1; k < outputs; k++)
			most = z[k] > z[most] ? k : most;
		for (size_t k = 0; k < outputs; k++)
			sum += exp((double)(z[k] - z[most]));
		tally.loss += w * (log(sum) -
				   (double)(z[some->y[i]] - z[most]));
		tally.right += most == some->y[i];
		tally.weight += w;
	}
	return tally;
}

static struct tally tally_part(const struct booster *b,
			       const struct some_rows *some, size_t first,
			       const float *score)
{
	size_t end = first + TALLY_ROWS < some->n ? first + TALLY_ROWS
						  : some->n;

	if (some->number)
		return tally_numbers(some, first, end, score);
	return b->boost->trees.outputs == 1 ?
	       tally_two(b, some, first, end, score) :
	       tally_many(b, some, first, end, score);
}

/* Parts are added up in their order, whoever made them. */
void boost_measure(const struct booster *b, const struct some_rows *some,
		   const float *score, double *loss, double *right)
{
	size_t parts = (some->n + TALLY_ROWS - 1) / TALLY_ROWS;
	struct tally *part = mem_array(parts, sizeof(*part)), sum = { 0 };

	#pragma omp parallel for schedule(static) if (some->n >= ROWS_PARALLEL)
	for (size_t k = 0; k < parts; k++)
		part[k] = tally_part(b, some, k * TALLY_ROWS, score);
	for (size_t k = 0; k < parts; k++) {
		sum.loss += part[k].loss;
		sum.right += part[k].right;
		sum.weight += part[k].weight;
	}
	free(part);
	*loss = sum.loss / sum.weight * b->boost->scale * b->boost->scale;
	*right = some->y ? sum.right / (double)some->n : NAN;
}
