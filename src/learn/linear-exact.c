/*
 * linear-exact.c - least squares from a triangle: weights, or why not
 *
 * A pivoted factorisation of R tells how much of each feature the others do not
 * explain.  Where that is no more than rounding leaves, the weights are not
 * determined, and training fails with the names of the columns: a table of
 * weights is right, or it is not there.
 */
#include "learn/linear.h"

#include <cblas.h>
#include <float.h>
#include <lapacke.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"

/* A feature that the others explain but for so little is looked at closely;
 * what rounding leaves, in units of that of one number. */
#define SUSPECT 1e-3
#define ROUNDING (64 * DBL_EPSILON)

/* A part in a dependence that is worth a name. */
#define NAMED 1e-6

/* ---- what R says ---- */

/* The penalty is p rows more, with one number in each. */
static bool penalise(struct linear *s)
{
	double *rows;
	bool ok;

	if (s->l2 == 0)
		return true;
	rows = mem_try(s->p * s->m, sizeof(*rows));
	for (size_t j = 0; rows && j < s->p; j++)
		rows[(j + 1) * s->p + j] = sqrt(s->l2) * s->scaled.ratio[j];
	ok = rows && triangle_add(&s->of_rows, rows, s->p);
	free(rows);
	return ok;
}

/*
 * R with its features in the order in which the most is left of each, the
 * intercept first; the reflections that this takes are done to y as well.
 */
static bool pivot(struct linear *s)
{
	int q = (int)s->q, m = (int)s->m;
	double *tau = mem_try(s->q, sizeof(*tau));
	bool ok = tau;

	for (size_t k = 0; k < s->q; k++) {
		s->pivot[k] = k == 0;
		for (size_t i = k + 1; i < s->q; i++)
			s->r[k * s->m + i] = 0;
	}
	ok = ok && !LAPACKE_dgeqp3(LAPACK_COL_MAJOR, q, q, s->r, m, s->pivot,
				   tau);
	ok = ok && !LAPACKE_dormqr(LAPACK_COL_MAJOR, 'L', 'T', q, 1, q, s->r,
				   m, tau, s->r + s->q * s->m, m);
	free(tau);
	return ok;
}

/* The feature that column k > 0 of the pivoted R is of. */
static size_t feature_of(const struct linear *s, size_t k)
{
	return (size_t)s->pivot[k] - 2;
}

/* How exactly the numbers of a feature are known, in units of its sd: those of
 * 1e9 give or take 1 have lost nine digits when they were written. */
static double known_to(const struct linear *s, size_t k)
{
	const struct transform *own;

	if (k == 0)
		return ROUNDING;
	own = &s->scaled.design.feature[feature_of(s, k)].transform;
	return ROUNDING + DBL_EPSILON * fabs(own->shift / own->scale);
}

/*
 * What rounding alone may leave of column k, and in z how the columns before it
 * make it up: the intercept and the features as R has them.
 */
static double rounding_of(const struct linear *s, size_t k, double *z)
{
	const double *column = s->r + k * s->m;
	double sum = known_to(s, k);

	memcpy(z, column, k * sizeof(*z));
	cblas_dtrsv(CblasColMajor, CblasUpper, CblasNoTrans, CblasNonUnit,
		    (int)k, s->r, (int)s->m, z, 1);
	for (size_t i = 0; i < k; i++)
		sum += fabs(z[i]) * known_to(s, i);
	return sum;
}

/* The first column that those before it explain wholly, and how; q: none. */
static size_t dependent(const struct linear *s, double *z)
{
	for (size_t k = 1; k < s->q; k++) {
		const double *column = s->r + k * s->m;
		double whole = cblas_dnrm2((int)k + 1, column, 1);
		double left = fabs(column[k]);

		if (left > SUSPECT * whole)
			continue;
		if (!(left > rounding_of(s, k, z) * whole))
			return k;
	}
	return s->q;
}

static const char *column_of(const struct linear *s, size_t j)
{
	const struct design *d = s->scaled.of;

	return d->table->column[d->feature[j].column].name;
}

/* "b, c and total follow from each other": those that are worth a name. */
static bool say_dependent(const struct linear *s, size_t k, const double *z,
			  struct err *err)
{
	size_t last = feature_of(s, k), others = 0;
	char list[120] = "";

	for (size_t i = 1; i < k; i++) {
		size_t j = feature_of(s, i);

		if (fabs(z[i]) < NAMED || ++others > 4)
			continue;
		text_append(list, sizeof(list), "%s%.24s", *list ? ", " : "",
			    s->scaled.of->feature[j].name);
		last = j > last ? j : last;
	}
	if (others > 4)
		text_append(list, sizeof(list), " and %zu more", others - 4);
	return err_set(err, ERR_MATH, "%.40s follows exactly from %s: "
		       "features -%.60s, or train ridge",
		       s->scaled.of->feature[feature_of(s, k)].name,
		       *list ? list : "the others", column_of(s, last));
}

/* False: the weights are not determined, and err says by which columns. */
static bool determined(const struct linear *s, struct err *err)
{
	double *z;
	size_t k;

	for (size_t j = 0; j < s->p && s->l2 == 0 && s->intercept; j++)
		if (!(s->scaled.of->feature[j].sd > 0))
			return err_set(err, ERR_MATH, "%.60s has the same "
				       "value in every training row: features "
				       "-%.60s, or l2=",
				       s->scaled.of->feature[j].name,
				       column_of(s, j));
	z = mem_array(s->q, sizeof(*z));
	k = dependent(s, z);
	if (k < s->q)
		say_dependent(s, k, z, err);
	free(z);
	return k == s->q;
}

/* ---- what comes of it ---- */

/* R u = the rest of y; in the order of the features. */
static void solve(struct linear *s)
{
	double *z = mem_array(s->q, sizeof(*z));

	memcpy(z, s->r + s->q * s->m, s->q * sizeof(*z));
	cblas_dtrsv(CblasColMajor, CblasUpper, CblasNoTrans, CblasNonUnit,
		    (int)s->q, s->r, (int)s->m, z, 1);
	for (size_t k = 0; k < s->q; k++)
		s->u[s->pivot[k] - 1] = z[k];
	free(z);
}

/* The sum of squares that is left: y's last number in R, but for what the
 * penalty is. */
static double squares_left(const struct linear *s)
{
	double last = s->r[s->m * s->m - 1], sum = last * last;

	for (size_t j = 0; j < s->p && s->l2 > 0; j++) {
		double w = s->scaled.ratio[j] * s->u[j + 1];

		sum -= s->l2 * w * w;
	}
	return fmax(sum, 0);
}

/* The length of R^-T a, of columns as they are seen or as in the file. */
static double length_of_intercept(const struct linear *s, bool raw, double *z)
{
	z[0] = s->intercept ? 1 : 0;
	for (size_t k = 1; k < s->q; k++) {
		size_t j = feature_of(s, k);

		z[k] = raw ? scaled_zero(&s->scaled, j)
			   : scaled_offset(&s->scaled, j);
	}
	cblas_dtrsv(CblasColMajor, CblasUpper, CblasTrans, CblasNonUnit,
		    (int)s->q, s->r, (int)s->m, z, 1);
	return cblas_dnrm2((int)s->q, z, 1);
}

/*
 * Standard errors: with V = R^-1 R^-T sigma^2 those of u are the roots of its
 * diagonal, and that of a . u is sigma times the length of R^-T a.
 */
static void find_errors(struct linear *s, double sigma)
{
	int q = (int)s->q, m = (int)s->m;
	double *z = mem_array(s->q, sizeof(*z));

	s->std_error = mem_array(s->q, sizeof(*s->std_error));
	s->std_error[s->p] = s->intercept ?
			     sigma * length_of_intercept(s, false, z) : NAN;
	s->raw_error = sigma * length_of_intercept(s, true, z);
	LAPACKE_dtrtri(LAPACK_COL_MAJOR, 'U', 'N', q, s->r, m);
	/* Row k of the inverse belongs to column k of R. */
	for (size_t k = 1; k < s->q; k++) {
		size_t j = feature_of(s, k);

		s->std_error[j] = fabs(s->scaled.ratio[j]) * sigma *
			cblas_dnrm2(q - (int)k, s->r + k * s->m + k, m);
	}
	free(z);
}

static void finish(struct linear *s)
{
	double *y = s->r + s->q * s->m, left, all;

	all = cblas_dnrm2((int)s->m - 1, y + 1, 1);
	solve(s);
	left = squares_left(s);
	s->mse = left / (double)s->n;
	s->r2 = all > 0 ? 1 - left / (all * all) : NAN;
	s->df = (double)s->n - (double)(s->p + s->intercept);
	s->done = s->converged = true;
	if (s->l2 > 0)
		s->note = "no standard errors with a penalty: l2=0 gives them";
	else if (s->df == 0)
		s->note = "no standard errors: as many weights as rows";
	else
		find_errors(s, sqrt(left / s->df));
}

enum method_status linear_exact(struct linear *s, struct err *err)
{
	if (!penalise(s) || !pivot(s))
		return linear_no_room(s, err);
	if (!determined(s, err))
		return METHOD_FAILED;
	finish(s);
	return METHOD_DONE;
}
