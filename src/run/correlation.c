#include "run/correlation.h"

#include <cblas.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

static void mean_of(const struct design *d, const uint32_t *row, size_t n,
		    double *x, double *mean)
{
	size_t p = d->p;

	for (size_t i = 0; i < n; i += DESIGN_BLOCK) {
		size_t rows = n - i < DESIGN_BLOCK ? n - i : DESIGN_BLOCK;

		design_block(d, row + i, rows, x);
		for (size_t k = 0; k < rows; k++)
			for (size_t j = 0; j < p; j++)
				mean[j] += x[k * p + j] / (double)n;
	}
}

/* The sums of products around the means; false: no memory. */
static bool sum_products(const struct design *d, const uint32_t *row, size_t n,
			 double *r)
{
	size_t p = d->p;
	double *x = mem_try(DESIGN_BLOCK * p, sizeof(*x));
	double *mean = mem_array(p, sizeof(*mean));

	if (!x) {
		free(mean);
		return false;
	}
	openblas_set_num_threads(1);
	mean_of(d, row, n, x, mean);
	for (size_t i = 0; i < n; i += DESIGN_BLOCK) {
		size_t rows = n - i < DESIGN_BLOCK ? n - i : DESIGN_BLOCK;

		design_block(d, row + i, rows, x);
		for (size_t k = 0; k < rows; k++)
			cblas_daxpy((int)p, -1, mean, 1, x + k * p, 1);
		cblas_dsyrk(CblasColMajor, CblasLower, CblasNoTrans, (int)p,
			    (int)rows, 1, x, (int)p, 1, r, (int)p);
	}
	free(mean);
	free(x);
	return true;
}

/* Columns and rows divided by their deviations. */
static void scale(const struct design *d, double *r, bool *constant)
{
	size_t p = d->p;
	double *sd = mem_array(p, sizeof(*sd));

	for (size_t j = 0; j < p; j++) {
		sd[j] = sqrt(r[j * p + j]);
		constant[j] = !(sd[j] > 0) || !isfinite(sd[j]) ||
			      d->feature[j].sd == 0;
	}
	for (size_t j = 0; j < p; j++)
		for (size_t i = j; i < p; i++) {
			double *at = &r[j * p + i];

			if (constant[i] || constant[j])
				*at = i == j;
			else
				*at = i == j ? 1 : *at / sd[i] / sd[j];
		}
	free(sd);
}

bool correlation_of(const struct design *d, const uint32_t *row, size_t n,
		    double *r, bool *constant)
{
	memset(r, 0, d->p * d->p * sizeof(*r));
	if (!sum_products(d, row, n, r))
		return false;
	scale(d, r, constant);
	return true;
}
