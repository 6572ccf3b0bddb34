/*
 * guard-weights.c - G09, G10 and G12: weights that are not what they seem
 *
 * Of linear models alone, and of two classes where the intercept and separation
 * are concerned.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "run/correlation.h"
#include "run/guard-check.h"

/* The training rows that are looked at, at most: enough for a mean to 0.002. */
enum { LOOKED_AT = 50000 };

/* The model as long as it is linear, with one weight for each feature. */
static const struct fitted *linear(const struct ground *g)
{
	const struct fitted *f = g->about->fitted;

	return f && f->design && !f->model.kind && f->model.sets == 1 ? f
								      : NULL;
}

/* What is told of these rows; NULL: cancelled, or no memory. */
static double *told_of(const struct ground *g, const struct fitted *f,
		       const struct rows *rows, struct err *err)
{
	double *told = mem_try(rows->n, sizeof(*told));

	if (!told) {
		err_set(err, ERR_NOMEM, "no memory to guard %zu rows", rows->n);
		return NULL;
	}
	if (model_predict(&f->model, f->design, rows, told, g->job, err))
		return told;
	free(told);
	return NULL;
}

/* ---- G09: a penalty on the intercept ---- */

/* Further from the share of the class than this, what is told is off: a free
 * intercept makes both equal. */
#define OFF_MOST 0.01

static bool is_penalised(const struct ground *g)
{
	const struct option_values *options = &g->settings->method_options;
	const char *solver = options_maybe(options, "solver");
	const char *weights = options_maybe(options, "class_weight");
	const char *intercept = options_maybe(options, "intercept");

	return g->target.classes == 2 && solver &&
	       !strcmp(solver, "liblinear") &&
	       (!weights || !strcmp(weights, "none")) &&
	       (!intercept || strcmp(intercept, "no"));
}

bool guard_intercept(struct ground *g, struct err *err)
{
	const struct fitted *f = linear(g);
	struct rows rows = { 0 };
	double share = 0, mean = 0, *told = NULL;
	struct settings other;
	struct warning *w;
	bool ok = true;

	if (!f || !is_penalised(g))
		return true;
	if (rows_spread(&rows, &f->train, LOOKED_AT, err))
		told = told_of(g, f, &rows, err);
	for (size_t i = 0; told && i < rows.n; i++) {
		share += ground_y(g, rows.row[i]) / (double)rows.n;
		mean += told[i] / (double)rows.n;
	}
	rows_clear(&rows);
	free(told);
	if (!told)
		return false;
	if (fabs(mean - share) <= OFF_MOST)
		return true;
	w = ground_find(g, mem_printf("liblinear penalises the intercept: of "
			"the training rows %.3g %% are '%.60s', and it tells "
			"%.3g %%", share * 100, g->target.name[1],
			mean * 100));
	if (ground_option(g, "solver=newton", &other, &w->remedy)) {
		w->instead = mem_strdup("with a free intercept");
		ok = ground_try(g, w, &other, TRIAL_SPREAD, 0, err);
		settings_clear(&other);
	}
	return ok;
}

/* ---- G10: classes that are separated ---- */

/* A level of fewer rows that are all of one class is an accident of few rows,
 * but so many of them make a weight that has no end. */
enum { LEVEL_LEAST = 5, NAMED = 120 };

static bool is_free(const struct ground *g)
{
	const struct option_values *options = &g->settings->method_options;
	const char *l2 = options_maybe(options, "l2");
	const char *l1 = options_maybe(options, "l1");

	return g->target.classes == 2 && l2 && strtod(l2, NULL) == 0 &&
	       (!l1 || strtod(l1, NULL) == 0) &&
	       !strcmp(g->settings->method->name, "logistic");
}

/* Every value of one class is below every one of the other. */
static bool number_parts(const struct ground *g, const struct column *c,
			 const struct rows *rows)
{
	double low[2] = { INFINITY, INFINITY };
	double high[2] = { -INFINITY, -INFINITY };

	for (size_t i = 0; i < rows->n; i++) {
		size_t k = (size_t)ground_y(g, rows->row[i]);
		double x = c->number[rows->row[i]];

		if (isnan(x))
			continue;
		low[k] = fmin(low[k], x);
		high[k] = fmax(high[k], x);
	}
	return isfinite(low[0]) && isfinite(low[1]) &&
	       (high[0] < low[1] || high[1] < low[0]);
}

/* The first level of which all rows are of one class, with how many rows and
 * of which; levels: there is none. */
static size_t level_parts(const struct ground *g, const struct column *c,
			  const struct rows *rows, size_t *n, size_t *of)
{
	size_t (*count)[2] = mem_array(c->levels, sizeof(*count));
	size_t k = 0;

	for (size_t i = 0; i < rows->n; i++) {
		uint32_t code = c->code[rows->row[i]];

		if (code != LEVEL_MISSING)
			count[code][(size_t)ground_y(g, rows->row[i])]++;
	}
	while (k < c->levels && ((count[k][0] > 0) == (count[k][1] > 0) ||
				 count[k][0] + count[k][1] < LEVEL_LEAST))
		k++;
	if (k < c->levels) {
		*n = count[k][0] + count[k][1];
		*of = count[k][1] > 0;
	}
	free(count);
	return k;
}

/* What the column says of itself; NULL: nothing is wrong. */
static char *parts(const struct ground *g, size_t column,
		   const struct rows *rows)
{
	const struct column *c = &g->table->column[column];
	size_t level, n = 0, of = 0;

	if (c->number)
		return !number_parts(g, c, rows) ? NULL :
		       mem_printf("%.*s separates '%.40s' from '%.40s'", NAMED,
				  c->name, g->target.name[0],
				  g->target.name[1]);
	level = level_parts(g, c, rows, &n, &of);
	if (level == c->levels)
		return NULL;
	return mem_printf("%.*s=%.60s is '%.40s' in all %s training rows",
			  NAMED, c->name, c->level[level], g->target.name[of],
			  counted(n).text);
}

/* No column alone, but all together: nobody is told wrong. */
static char *all_part(const struct ground *g, const struct fitted *f,
		      const struct rows *rows, struct err *err)
{
	double *told = told_of(g, f, rows, err);
	bool right = told;

	for (size_t i = 0; right && i < rows->n; i++)
		right = (told[i] > 0.5) == (ground_y(g, rows->row[i]) > 0);
	free(told);
	return right ? mem_printf("the features together separate '%.40s' "
				  "from '%.40s'", g->target.name[0],
				  g->target.name[1]) : NULL;
}

bool guard_separation(struct ground *g, struct err *err)
{
	const struct fitted *f = linear(g);
	struct settings other;
	struct warning *w;
	char *text = NULL, *whole;
	bool ok = true;

	if (!f || !is_free(g))
		return true;
	for (size_t k = 0; !text && k < g->features.n; k++) {
		text = parts(g, g->features.column[k], &f->train);
		if (job_cancelled(g->job))
			break;
	}
	if (!text)
		text = all_part(g, f, &f->train, err);
	if (!text)
		return !job_cancelled(g->job) || err_cancelled(err);
	whole = mem_printf("%s: without a penalty the weight has no end, and "
			   "its error says nothing", text);
	free(text);
	w = ground_find(g, whole);
	if (ground_option(g, "l2=1", &other, &w->remedy)) {
		w->instead = mem_strdup("with l2=1");
		ok = ground_try(g, w, &other, TRIAL_SPREAD, 0, err);
		settings_clear(&other);
	}
	return ok;
}

/* ---- G12: two columns that pull against each other ---- */

/*
 * Beyond r = 0.8 a weight's variance is 1 / (1 - r^2), about three times what
 * it would be alone (the variance inflation factor).  Weights that are small
 * beside the largest one pull nothing, and nobody reads those of a model that
 * tells nothing.
 */
#define R_PAIR 0.8
#define SMALL 0.2
#define RANK_LEAST 0.1
#define WORSE 0.01	/* without it the score may be so much lower */
#define PAIR_WORK 4e7		/* rows times features squared */
enum { PAIR_FEATURES = 300, PAIR_ROWS = 20000 };

struct pair {
	size_t a, b;
	double r, pull;		/* pull: the smaller of the two weights */
};

/* The pair that pulls hardest, by correlation_of(); pull is 0 when there is
 * none. */
static struct pair hardest(const struct fitted *f, const double *r)
{
	const struct design *d = f->design;
	struct pair found = { .pull = 0 };
	double largest = 0;
	size_t p = d->p;

	for (size_t j = 0; j < p; j++)
		largest = fmax(largest,
			       fabs(model_standardized(&f->model, d, j)));
	for (size_t a = 0; a < p; a++)
		for (size_t b = 0; b < a; b++) {
			double u = model_standardized(&f->model, d, a);
			double v = model_standardized(&f->model, d, b);
			double pull = fmin(fabs(u), fabs(v));
			double with = r[b * p + a];

			if (d->feature[a].column == d->feature[b].column ||
			    !(fabs(with) > R_PAIR) || with * u * v >= 0 ||
			    pull < SMALL * largest || pull <= found.pull)
				continue;
			found = (struct pair){ b, a, with, pull };
		}
	return found;
}

bool guard_pair(struct ground *g, struct err *err)
{
	const struct fitted *f = linear(g);
	struct rows rows = { 0 };
	struct settings other;
	struct warning *w;
	struct pair pair;
	size_t column, p = f ? f->design->p : 0;
	double *r;
	bool *constant, ok;

	if (p < 2 || p > PAIR_FEATURES ||
	    !(result_rank(g->about->result) > RANK_LEAST))
		return true;
	if (!rows_spread(&rows, &f->train, (size_t)
			 fmin(PAIR_ROWS, PAIR_WORK / (double)(p * p)), err))
		return false;
	r = mem_array(p * p, sizeof(*r));
	constant = mem_array(p, sizeof(*constant));
	ok = correlation_of(f->design, rows.row, rows.n, r, constant);
	pair = ok ? hardest(f, r) : (struct pair){ .pull = 0 };
	free(constant);
	free(r);
	rows_clear(&rows);
	if (pair.pull == 0)
		return true;
	w = ground_find(g, mem_printf("%.*s and %.*s go together (r %.2f) and "
			"their weights pull against each other: read them as a "
			"pair", NAMED, f->design->feature[pair.a].name, NAMED,
			f->design->feature[pair.b].name, pair.r));
	w->proposal = true;
	column = f->design->feature[pair.b].column;
	w->instead = mem_printf("without %.*s", NAMED,
				g->table->column[column].name);
	settings_copy(&other, g->settings);
	other.feature[column] = false;
	ok = ground_try(g, w, &other, TRIAL_SPREAD, 0, err);
	settings_clear(&other);
	if (w->score && w->then > w->now - WORSE)
		w->remedy = ground_without(g, &column, 1);
	return ok;
}
