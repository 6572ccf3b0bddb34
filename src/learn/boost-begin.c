/*
 * boost-begin.c - boosting before its first round: rows, scores, parameters
 */
#include "learn/boost-train.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifdef _OPENMP
#include <omp.h>
#endif

#include "base/mem.h"
#include "base/text.h"
#include "data/order.h"
#include "learn/holdout.h"

/* What XGBoost takes as the share of the second of two classes. */
#define LEAST_SHARE 1e-6

/* Numbers beyond this have squares that 32 bits cannot hold. */
#define LARGEST_NUMBER 1e15

/* Cells of a table too small to be worth a second thread. */
#define SMALL_CELLS ((size_t)100000)

/* ---- the rows ---- */

void boost_rows_clear(struct some_rows *some)
{
	free(some->row);
	free(some->y);
	free(some->number);
	*some = (struct some_rows){ 0 };
}

/* Places of problem.train, as rows in the order in which they lie in memory. */
static bool some_take(struct some_rows *some, const struct problem *problem,
		      const uint32_t *place, size_t n, struct err *err)
{
	struct rows rows;
	struct order order;
	bool ok;

	if (!rows_room(&rows, n, err))
		return false;
	for (size_t i = 0; i < n; i++)
		rows.row[i] = problem->train->row[place[i]];
	ok = order_init(&order, &rows, err);
	rows_clear(&rows);
	if (!ok)
		return false;
	some->n = n;
	some->row = order.row;
	if (problem->y)
		some->y = mem_try(n, sizeof(*some->y));
	else
		some->number = mem_try(n, sizeof(*some->number));
	for (size_t i = 0; i < n && some->y; i++)
		some->y[i] = problem->y[place[order.from[i]]];
	for (size_t i = 0; i < n && some->number; i++)
		some->number[i] = problem->number[place[order.from[i]]];
	free(order.from);
	return some->y || some->number ||
	       err_set(err, ERR_NOMEM, "no memory for %zu rows", n);
}

static bool take_rows(struct booster *b, struct err *err)
{
	const struct problem *problem = b->problem;
	size_t n = problem->train->n, learn = n;
	uint32_t *place = mem_try(n, sizeof(*place));
	bool ok;

	if (!place)
		return err_set(err, ERR_NOMEM, "no memory for %zu rows", n);
	for (size_t i = 0; i < n; i++)
		place[i] = (uint32_t)i;
	if (b->share > 0)
		learn = holdout(problem, b->share, place);
	ok = some_take(&b->learn, problem, place, learn, err) &&
	     (learn == n || some_take(&b->held, problem, place + learn,
				      n - learn, err));
	free(place);
	return ok;
}

/* ---- what the scores begin with ---- */

static double mean_of(const double *x, size_t n)
{
	double mean = 0, rest = 0;

	for (size_t i = 0; i < n; i++)
		mean += x[i] / (double)n;
	for (size_t i = 0; i < n; i++)
		rest += (x[i] - mean) / (double)n;
	return mean + rest;
}

static void shift(struct some_rows *some, const struct boost *boost)
{
	for (size_t i = 0; i < some->n; i++)
		some->number[i] = (some->number[i] - boost->center) /
				  boost->scale;
}

/* Numbers about their mean, in a unit that XGBoost can compute with. */
static bool center_numbers(struct booster *b, struct err *err)
{
	struct boost *boost = b->boost;
	double largest = 0, squares = 0, sd;
	size_t n = b->learn.n;

	boost->center = mean_of(b->learn.number, n);
	for (size_t i = 0; i < n; i++)
		largest = fmax(largest, fabs(b->learn.number[i] -
					     boost->center));
	/* Relative to the largest, as squares of it may be infinite. */
	for (size_t i = 0; i < n && largest > 0; i++) {
		double x = (b->learn.number[i] - boost->center) / largest;

		squares += x * x;
	}
	sd = largest * sqrt(squares / (double)n);
	if (sd > 0 && isfinite(sd) && (sd < 0x1p-10 || sd > 0x1p20))
		boost->scale = exp2(round(log2(sd)));
	shift(&b->learn, boost);
	shift(&b->held, boost);
	if (isfinite(boost->center) && largest / boost->scale < LARGEST_NUMBER)
		return true;
	return err_set(err, ERR_MATH, "the numbers of the target reach "
		       "%.3g from their mean: too far to boost; derive a "
		       "logarithm of them, or clean outliers", largest);
}

/* Log odds, in the 32 bits in which XGBoost makes them of the share. */
static float begin_with_share(struct booster *b)
{
	double sum[2] = { 0 }, share;
	float p;

	for (size_t i = 0; i < b->learn.n; i++)
		sum[b->learn.y[i]] += boost_weight(b, &b->learn, i);
	share = sum[1] / (sum[0] + sum[1]);
	p = (float)fmin(fmax(share, LEAST_SHARE), 1 - LEAST_SHARE);
	b->boost->start = -logf(1.0f / p - 1.0f);
	return p;
}

/* ---- XGBoost's parameters ---- */

static bool set(struct booster *b, const char *name, const char *value,
		struct err *err)
{
	return !b->library->SetParam(b->handle, name, value) ||
	       boost_failed(b->library, err);
}

static bool set_number(struct booster *b, const char *name, double value,
		       struct err *err)
{
	char text[40];

	snprintf(text, sizeof(text), "%.9g", value);
	return set(b, name, text, err);
}

/* The column called so; -1 and why not. */
static int constrained(const struct booster *b, const char *option,
		       const char *name, struct err *err)
{
	const struct design *d = b->problem->design;

	for (size_t j = 0; j < d->p; j++) {
		const struct column *c =
			&d->table->column[d->feature[j].column];

		if (d->feature[j].indicator || strcmp(c->name, name))
			continue;
		if (c->number)
			return (int)j;
		err_set(err, ERR_USAGE, "%s=%.60s: its levels have no order; "
			"only numbers can go up and down", option, name);
		return -1;
	}
	err_set(err, ERR_USAGE, "%s=%.60s: there is no feature of that name",
		option, name);
	return -1;
}

static bool constrain(const struct booster *b, const char *option, int way,
		      int *ways, struct err *err)
{
	const char *at = options_text(&b->options, option);

	while (at && *at) {
		size_t length = strcspn(at, ",");
		char *name = mem_strndup(at, length);
		int j = constrained(b, option, name, err);

		free(name);
		if (j < 0)
			return false;
		if (ways[j] == -way)
			return err_set(err, ERR_USAGE, "'%.*s' cannot be both "
				       "increasing and decreasing",
				       (int)length, at);
		ways[j] = way;
		at += length + (at[length] == ',');
	}
	return true;
}

/* "(0,1,-1)"; *text stays NULL when none is constrained.  The caller frees
 * it. */
static bool constraints(const struct booster *b, char **text, struct err *err)
{
	size_t p = b->problem->design->p, size = 4 * p + 4;
	int *ways = mem_array(p, sizeof(*ways));
	bool ok = constrain(b, "increasing", 1, ways, err) &&
		  constrain(b, "decreasing", -1, ways, err);
	bool any = false;

	for (size_t j = 0; j < p; j++)
		any |= ways[j] != 0;
	if (ok && any && b->boost->classes > 2)
		ok = err_set(err, ERR_USAGE, "increasing= and decreasing= are "
			     "for a number or two classes, and the target has "
			     "%zu", b->boost->classes);
	*text = ok && any ? mem_array(size, 1) : NULL;
	for (size_t j = 0; j < p && *text; j++)
		text_append(*text, size, "%s%d", j ? "," : "(", ways[j]);
	if (*text)
		text_append(*text, size, ")");
	free(ways);
	return ok;
}

bool boost_check(const struct booster *b, struct err *err)
{
	char *text;
	bool ok = constraints(b, &text, err);

	free(text);
	return ok;
}

static bool set_constraints(struct booster *b, struct err *err)
{
	char *text;
	bool ok = constraints(b, &text, err);

	ok = ok && (!text || set(b, "monotone_constraints", text, err));
	free(text);
	return ok;
}

static int threads_for(const struct booster *b)
{
	if (b->learn.n * b->problem->design->p < SMALL_CELLS)
		return 1;
#ifdef _OPENMP
	return omp_get_max_threads();
#else
	return 1;
#endif
}

static bool set_task(struct booster *b, struct err *err)
{
	size_t classes = b->boost->classes;

	if (classes == 0)
		return set(b, "objective", "reg:squarederror", err) &&
		       set(b, "base_score", "0", err);
	if (classes == 2)
		return set(b, "objective", "binary:logistic", err) &&
		       set_number(b, "base_score",
				  (double)begin_with_share(b), err);
	return set(b, "objective", "multi:softprob", err) &&
	       set_number(b, "num_class", (double)classes, err) &&
	       set(b, "base_score", "0", err);
}

static bool set_all(struct booster *b, struct err *err)
{
	static const struct {
		const char *option, *name;
	} same[] = {
		{ "depth", "max_depth" }, { "rate", "eta" },
		{ "min_child_weight", "min_child_weight" },
		{ "l2", "lambda" }, { "sample", "subsample" },
		{ "columns", "colsample_bytree" }, { "bins", "max_bin" }
	};
	double scale = b->boost->scale;

	for (size_t i = 0; i < ARRAY_LEN(same); i++)
		if (!set_number(b, same[i].name,
				options_number(&b->options, same[i].option),
				err))
			return false;
	return set(b, "booster", "gbtree", err) &&
	       set(b, "tree_method", "hist", err) &&
	       set(b, "disable_default_eval_metric", "1", err) &&
	       set_number(b, "alpha", options_number(&b->options, "l1") /
			  scale, err) &&
	       set_number(b, "gamma", options_number(&b->options, "gamma") /
			  (scale * scale), err) &&
	       set_number(b, "seed", b->problem->seed & 0x7fffffff, err) &&
	       set_number(b, "nthread", threads_for(b), err) &&
	       set_task(b, err) && set_constraints(b, err);
}

/* ---- before the first round ---- */

static bool make_matrix(struct booster *b, struct job *job, struct err *err)
{
	size_t n = b->learn.n;
	float *label = mem_try(n, sizeof(*label)), *weight = NULL;
	struct boost_target target;
	bool ok = label;

	if (b->problem->class_weight)
		ok &= (weight = mem_try(n, sizeof(*weight))) != NULL;
	for (size_t i = 0; i < n && ok; i++) {
		label[i] = b->learn.y ? (float)b->learn.y[i]
				      : (float)b->learn.number[i];
		if (weight)
			weight[i] = (float)boost_weight(b, &b->learn, i);
	}
	target = (struct boost_target){ label, weight };
	if (!ok)
		err_set(err, ERR_NOMEM, "no memory for %zu rows", n);
	else
		ok = boost_matrix(b->library, &b->boost->columns, b->learn.row,
				  n, &target,
				  (int)options_number(&b->options, "bins"),
				  threads_for(b), &b->matrix, job, err);
	free(label);
	free(weight);
	return ok;
}

/* So few rows are held out that they are kept as they are read. */
static bool read_held(struct booster *b, struct err *err)
{
	size_t p = b->problem->design->p, outputs = b->boost->trees.outputs;

	if (b->held.n == 0)
		return true;
	b->held_x = mem_try(b->held.n * p, sizeof(*b->held_x));
	b->held_score = mem_try(b->held.n * outputs, sizeof(*b->held_score));
	if (!b->held_x || !b->held_score)
		return err_set(err, ERR_NOMEM, "no memory for %zu rows held "
			       "out", b->held.n);
	boost_read_all(&b->boost->columns, b->held.row, b->held.n, b->held_x);
	for (size_t i = 0; i < b->held.n * outputs; i++)
		b->held_score[i] = b->boost->start;
	return true;
}

bool boost_begin(struct booster *b, struct job *job, struct err *err)
{
	struct boost *boost = b->boost;

	if (!take_rows(b, err) ||
	    (b->learn.number && !center_numbers(b, err)))
		return false;
	boost->held = b->held.n;
	boost_columns_init(&boost->columns, b->problem->design, b->learn.row,
			   b->learn.n);
	if (job_stopped(job))
		return err_cancelled(err);
	if (!make_matrix(b, job, err))
		return false;
	if (b->library->Create(&b->matrix, 1, &b->handle))
		return boost_failed(b->library, err);
	b->ready = set_all(b, err) && read_held(b, err);
	return b->ready;
}
