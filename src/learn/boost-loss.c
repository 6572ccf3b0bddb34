/*
 * boost-loss.c - how good boosting is so far
 */
#include "learn/boost-train.h"

#include <math.h>
#include <stdlib.h>

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
 * log(1 + exp(-z)) or log(1 + exp(z)): with e = exp(-|z|) both are log(1 + e),
 * and |z| more where it is told wrongly.  Logarithms are slow, and this is done
 * after every round: so there is one for each class, of the product.
 */
static struct tally tally_two(const struct booster *b,
			      const struct some_rows *some, size_t first,
			      size_t end, const float *score)
{
	const double *weight = b->problem->class_weight;
	double product[2] = { 1, 1 }, more[2] = { 0 };
	size_t rows[2] = { 0 }, right = 0;
	struct tally tally = { 0 };

	for (size_t i = first; i < end; i++) {
		uint32_t y = some->y[i];
		double size = fabs((double)score[i]);
		bool is_right = (score[i] > 0) == (y == 1);

		product[y] *= 1 + exp(-size);
		more[y] += is_right ? 0 : size;
		right += is_right;
		rows[y]++;
	}
	for (size_t k = 0; k < 2; k++) {
		double w = weight ? weight[k] : 1;

		tally.loss += w * (log(product[k]) + more[k]);
		tally.weight += w * (double)rows[k];
	}
	tally.right = (double)right;
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
