/*
 * guard-order.c - G03: neighbours in time on both sides of a random split
 *
 * What follows each other resembles each other.  When a test row lies between
 * two training rows, a method need not have understood anything to be right;
 * next month it will be wrong.  What counts is not that the target moves slowly
 * (so do features, which may explain it), but that what least squares leave of
 * it does: then rows know of each other what no feature tells.
 *
 * Rows stand in the order of the first time column, or else of the file.  The
 * sign is told when a split by that order costs something; where there is a
 * time column such a split is proposed in any case.
 */
#include <cblas.h>
#include <lapacke.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "run/guard-check.h"

/*
 * Least squares on a walk leave residuals of 0.9 and more; those of rows that
 * were only put in order by a feature leave none.  One half is where the
 * neighbour tells a quarter of the variance, and Durbin and Watson's d is 1.
 * Chance gives 1 / sqrt(n): five of those are none.
 */
#define STRONG 0.5
#define CHANCE 5.0
/* What a split by time must cost to be worth a word. */
#define COSTS 0.02

enum { WINDOW = 16384, FEATURES_MOST = 128, PROBE = 2048, ROWS_LEAST = 30 };

/* Rows one after the other. */
struct sequence {
	const struct column *time;	/* NULL: the order of the file */
	size_t column;			/* of it */
	struct rows rows;
	double r;			/* lag-1 autocorrelation of what least
					 * squares leave of it; NaN: none */
};

/* ---- the rows of a stretch ---- */

/* The column that the user has said to be the time, or the first one. */
static const struct column *time_column(const struct ground *g, size_t *at)
{
	for (size_t c = 0; c < g->table->columns; c++) {
		*at = c;
		if (g->settings->role[c] == ROLE_TIME &&
		    g->table->column[c].number)
			return &g->table->column[c];
	}
	for (size_t c = 0; c < g->table->columns; c++) {
		const struct column *t = &g->table->column[c];

		*at = c;
		if (t->type == COLUMN_TIME && t != g->target.column &&
		    (t->missing + t->odd_cells) * 10 < g->table->rows)
			return t;
	}
	return NULL;
}

struct moment {
	double time;
	uint32_t row;
};

static int by_time(const void *a, const void *b)
{
	const struct moment *x = a, *y = b;

	if (x->time != y->time)
		return x->time < y->time ? -1 : 1;
	return x->row < y->row ? -1 : x->row > y->row;
}

static int by_number(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return x < y ? -1 : x > y;
}

/* The times between which the middle WINDOW rows lie, about. */
static bool middle_times(const struct ground *g, const double *time,
			 double *low, double *high, struct err *err)
{
	struct rows some;
	double *t, part = (double)WINDOW / (double)g->rows.used->n / 2;
	size_t n = 0;

	*low = -INFINITY;
	*high = INFINITY;
	if (g->rows.used->n <= WINDOW)
		return true;
	if (!ground_sample(g, PROBE, &some, err))
		return false;
	t = mem_array(some.n, sizeof(*t));
	for (size_t i = 0; i < some.n; i++)
		if (time[some.row[i]] == time[some.row[i]])
			t[n++] = time[some.row[i]];
	qsort(t, n, sizeof(*t), by_number);
	if (n > 0) {
		*low = t[(size_t)((double)(n - 1) * (0.5 - part))];
		*high = t[(size_t)((double)(n - 1) * (0.5 + part))];
	}
	free(t);
	rows_clear(&some);
	return true;
}

/* Two windows' worth of rows at most, whatever the times are like. */
static bool rows_by_time(const struct ground *g, struct sequence *s,
			 struct err *err)
{
	const struct rows *kept = g->rows.used;
	struct moment *m;
	double low, high;
	size_t n = 0;

	if (!middle_times(g, s->time->number, &low, &high, err))
		return false;
	m = mem_array(2 * WINDOW, sizeof(*m));
	for (size_t i = 0; i < kept->n && n < 2 * WINDOW; i++) {
		double t = s->time->number[kept->row[i]];

		if (t >= low && t <= high)
			m[n++] = (struct moment){ t, kept->row[i] };
	}
	qsort(m, n, sizeof(*m), by_time);
	if (!rows_room(&s->rows, n, err)) {
		free(m);
		return false;
	}
	for (size_t i = 0; i < n; i++)
		s->rows.row[i] = m[i].row;
	free(m);
	return true;
}

/* ---- what least squares leave ---- */

/* A number in these rows, or whether it is this level. */
static double cell(const struct column *c, size_t level, size_t row)
{
	return c->number ? c->number[row] : c->code[row] == level;
}

/* That to mean 0 and deviation 1; a missing cell is the mean.  False: it says
 * nothing. */
static bool standard(const struct column *c, size_t level,
		     const struct rows *rows, double *x)
{
	double sum = 0, squares = 0, mean;
	size_t n = 0;

	for (size_t i = 0; i < rows->n; i++) {
		x[i] = cell(c, level, rows->row[i]);
		if (x[i] == x[i]) {
			sum += x[i];
			n++;
		}
	}
	mean = n ? sum / (double)n : 0;
	for (size_t i = 0; i < rows->n; i++) {
		x[i] = x[i] == x[i] ? x[i] - mean : 0;
		squares += x[i] * x[i];
	}
	if (!(squares > 0) || !isfinite(squares))
		return false;
	for (size_t i = 0; i < rows->n; i++)
		x[i] /= sqrt(squares / (double)rows->n);
	return true;
}

/*
 * y becomes y - X w, for min_w |y - X w|^2 + small |w|^2; X is p by n, column
 * after column of standard features.
 */
static void leave(double *x, size_t p, double *y, size_t n)
{
	double *a = mem_array(p * p, sizeof(*a));
	double *w = mem_array(p, sizeof(*w));

	openblas_set_num_threads(1);
	cblas_dsyrk(CblasRowMajor, CblasUpper, CblasNoTrans, (int)p, (int)n,
		    1, x, (int)n, 0, a, (int)p);
	for (size_t j = 0; j < p; j++)
		a[j * p + j] += 1e-6 * (double)n;
	cblas_dgemv(CblasRowMajor, CblasNoTrans, (int)p, (int)n, 1, x, (int)n,
		    y, 1, 0, w, 1);
	/* The upper half by rows is the lower half by columns. */
	if (LAPACKE_dposv(LAPACK_COL_MAJOR, 'L', (int)p, 1, a, (int)p, w,
			  (int)p) == 0)
		cblas_dgemv(CblasRowMajor, CblasTrans, (int)p, (int)n, -1, x,
			    (int)n, w, 1, 1, y, 1);
	free(a);
	free(w);
}

static void centre(double *y, size_t n)
{
	double sum = 0;

	for (size_t i = 0; i < n; i++)
		sum += y[i];
	for (size_t i = 0; i < n; i++)
		y[i] -= sum / (double)n;
}

/* r = sum e[i] e[i + 1] / sum e[i]^2 */
static double lag_one(const double *e, size_t n)
{
	double with = 0, all = 0;

	for (size_t i = 0; i < n; i++) {
		all += e[i] * e[i];
		if (i + 1 < n)
			with += e[i] * e[i + 1];
	}
	return all > 0 ? with / all : NAN;
}

/* A file that was sorted by its target has been put in that order: nothing
 * follows from what stands beside what. */
static bool sorted(const double *y, size_t n, size_t classes)
{
	size_t up = 0, down = 0;

	for (size_t i = 1; i < n; i++) {
		up += y[i] > y[i - 1];
		down += y[i] < y[i - 1];
	}
	if (classes)
		return up + down <= classes;
	return up == 0 || down == 0;
}

/* e becomes what the features leave of it. */
static bool take_out(const struct ground *g, const struct rows *rows,
		     double *e, struct err *err)
{
	double *x = mem_try(rows->n * FEATURES_MOST, sizeof(*x));
	size_t p = 0;

	if (!x)
		return err_set(err, ERR_NOMEM, "no memory for the order of "
			       "%zu rows", rows->n);
	for (size_t k = 0; k < g->features.n; k++) {
		const struct column *c = &g->table->column[
						g->features.column[k]];
		size_t levels = c->number ? 1 : c->levels;

		/* A category of more levels than there is room for is left. */
		if (p + levels > FEATURES_MOST || job_cancelled(g->job))
			continue;
		for (size_t l = 0; l < levels; l++)
			p += standard(c, l, rows, x + p * rows->n);
	}
	if (p > 0)
		leave(x, p, e, rows->n);
	free(x);
	return true;
}

/* A target that does not go on by itself leaves nothing that does. */
static bool measure(const struct ground *g, struct sequence *s,
		    struct err *err)
{
	size_t n = s->rows.n;
	double *e = mem_array(n, sizeof(*e));
	bool ok = true;

	for (size_t i = 0; i < n; i++)
		e[i] = ground_y(g, s->rows.row[i]);
	if (n >= ROWS_LEAST && !sorted(e, n, g->target.classes)) {
		centre(e, n);
		s->r = lag_one(e, n);
		ok = !(s->r >= STRONG) || take_out(g, &s->rows, e, err);
		if (s->r >= STRONG)
			s->r = lag_one(e, n);
	}
	free(e);
	return ok;
}

/* ---- what is said of it ---- */

static char *said(const struct sequence *s, bool strong)
{
	const char *order = s->time ? s->time->name : "the file";

	if (strong)
		return mem_printf("rows that follow each other in %s are alike "
			"(residual autocorrelation %.2f), and the split is by "
			"chance", order, s->r);
	return mem_printf("rows have a time, %s, and the split is by "
			  "chance", s->time->name);
}

static bool tell(struct ground *g, const struct sequence *s, bool strong,
		 struct err *err)
{
	char *name = s->time ? mem_printf("time=%s", s->time->name)
			     : mem_strdup("shuffle=no");
	struct settings other;
	struct warning *f;
	bool ok = true;

	if (!ground_split(g, name, &other)) {
		free(name);
		return true;
	}
	f = ground_find(g, said(s, strong));
	f->instead = s->time ? mem_printf("by %s", s->time->name)
			     : mem_strdup("in the file's order");
	f->remedy = ground_split_command(&other);
	ok = ground_try(g, f, &other, TRIAL_STRETCH, 0, err);
	settings_clear(&other);
	free(name);
	f->proposal = !strong || (f->score && f->now - f->then < COSTS);
	/* The order of the file is proposed only for a reason. */
	if (ok && f->proposal && !s->time)
		ground_drop(g);
	return ok;
}

bool guard_order(struct ground *g, struct err *err)
{
	struct sequence s = { .r = NAN };
	bool ok, strong;

	if (!ground_by_chance(g) || ground_grouped(g))
		return true;
	s.time = time_column(g, &s.column);
	if (s.time)
		ok = rows_by_time(g, &s, err);
	else
		ok = ground_some(g, WINDOW, &s.rows, err);
	ok = ok && measure(g, &s, err);
	strong = s.r >= fmax(STRONG, CHANCE / sqrt((double)s.rows.n));
	if (ok && (strong || s.time))
		ok = tell(g, &s, strong, err);
	rows_clear(&s.rows);
	return ok;
}
