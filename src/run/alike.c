/*
 * alike.c - columns in groups by their correlations
 *
 *	n rows, q variables: numbers, and levels as 0 and 1; X is n by q
 */
#include "run/alike.h"

#include <cblas.h>
#include <math.h>
#include <stdlib.h>

#include "base/mem.h"

/* Cells of X at most, and rows; a category has so many variables. */
enum { CELLS = 4000000, ROWS_MOST = 5000, ROWS_LEAST = 200, LEVELS = 8 };

struct variable {
	size_t at;		/* of column[] */
	uint32_t level;		/* LEVEL_MISSING: a number */
};

struct variables {
	size_t q;
	struct variable *of;	/* owned */
	struct rows rows;	/* owned: those that are looked at */
};

/* ---- which ---- */

static void add(struct variables *v, size_t at, uint32_t level)
{
	v->of = mem_grow(v->of, v->q, sizeof(*v->of));
	v->of[v->q++] = (struct variable){ at, level };
}

/* The most frequent levels, in the first rows. */
static void add_levels(struct variables *v, const struct column *c,
		       const struct treatment *t, size_t at)
{
	size_t levels = c->levels + 1;
	size_t *count = mem_array(levels, sizeof(*count));

	for (size_t i = 0; i < v->rows.n; i++) {
		uint32_t code = treatment_code(t, c, v->rows.row[i]);

		if (code < levels)
			count[code]++;
	}
	for (int k = 0; k < LEVELS; k++) {
		size_t most = 0;

		for (size_t l = 1; l < levels; l++)
			if (count[l] > count[most])
				most = l;
		if (count[most] == 0)
			break;
		add(v, at, (uint32_t)most);
		count[most] = 0;
	}
	free(count);
}

static bool choose(struct variables *v, const struct fitted *f,
		   const size_t *column, size_t columns, struct err *err)
{
	size_t most = CELLS / (columns + 1);

	most = most > ROWS_MOST ? ROWS_MOST : most;
	most = most < ROWS_LEAST ? ROWS_LEAST : most;
	if (!rows_spread(&v->rows, &f->train, most, err))
		return false;
	for (size_t k = 0; k < columns; k++) {
		const struct column *c = &f->table->column[column[k]];

		if (c->code)
			add_levels(v, c, &f->treatment[column[k]], k);
		else
			add(v, k, LEVEL_MISSING);
	}
	return true;
}

/* ---- what they are ---- */

/* Around their mean, and of length 1; what never changes is all zeros. */
static void centre(double *x, size_t n)
{
	double sum = 0, squares = 0;
	size_t known = 0;

	for (size_t i = 0; i < n; i++)
		if (isfinite(x[i])) {
			sum += x[i];
			known++;
		}
	for (size_t i = 0; i < n; i++) {
		x[i] = isfinite(x[i]) ? x[i] - sum / (double)known : 0;
		squares += x[i] * x[i];
	}
	for (size_t i = 0; i < n; i++)
		x[i] = squares > 0 ? x[i] / sqrt(squares) : 0;
}

static void read_variable(const struct fitted *f, size_t column,
			  const struct variable *of, const struct rows *rows,
			  double *x)
{
	const struct column *c = &f->table->column[column];
	const struct treatment *t = &f->treatment[column];

	if (of->level == LEVEL_MISSING)
		treatment_numbers(t, t->steps, c, rows->row, rows->n, x);
	else
		for (size_t i = 0; i < rows->n; i++)
			x[i] = treatment_code(t, c, rows->row[i]) == of->level;
	centre(x, rows->n);
}

/* ---- chains ---- */

static size_t root_of(size_t *root, size_t i)
{
	while (root[i] != i)
		i = root[i] = root[root[i]];
	return i;
}

/* The first column of a group is its root. */
static void join(size_t *root, size_t a, size_t b)
{
	a = root_of(root, a);
	b = root_of(root, b);
	root[a > b ? a : b] = a > b ? b : a;
}

static bool chain(const struct variables *v, const double *x, size_t *root,
		  const struct job *job)
{
	double *r = mem_array(v->q, sizeof(*r));
	int n = (int)v->rows.n;
	bool done = true;

	openblas_set_num_threads(1);
	for (size_t i = 0; i < v->q && done; i++) {
		cblas_dgemv(CblasColMajor, CblasTrans, n, (int)i, 1, x, n,
			    x + i * v->rows.n, 1, 0, r, 1);
		for (size_t j = 0; j < i; j++)
			if (fabs(r[j]) > ALIKE_FROM)
				join(root, v->of[i].at, v->of[j].at);
		done = !job_cancelled(job);
	}
	free(r);
	return done;
}

static size_t number_groups(const size_t *root, size_t n, size_t *group)
{
	size_t groups = 0;

	for (size_t i = 0; i < n; i++)
		group[i] = root[i] == i ? groups++ : group[root[i]];
	return groups;
}

size_t alike_groups(const struct fitted *f, const size_t *column, size_t n,
		    size_t *group, struct job *job, struct err *err)
{
	struct variables v = { 0 };
	size_t *root, groups = 0;
	double *x;

	if (!choose(&v, f, column, n, err))
		return 0;
	root = mem_array(n + 1, sizeof(*root));
	x = mem_try(v.rows.n * v.q + 1, sizeof(*x));
	for (size_t i = 0; i < n; i++)
		root[i] = i;
	for (size_t i = 0; x && i < v.q; i++)
		read_variable(f, column[v.of[i].at], &v.of[i], &v.rows,
			      x + i * v.rows.n);
	if (!x) {
		err_set(err, ERR_NOMEM, "no memory to compare %zu columns", n);
	} else if (!chain(&v, x, root, job)) {
		err_cancelled(err);
	} else {
		for (size_t i = 0; i < n; i++)
			root[i] = root_of(root, i);
		groups = number_groups(root, n, group);
	}
	free(x);
	free(root);
	free(v.of);
	rows_clear(&v.rows);
	return groups;
}
