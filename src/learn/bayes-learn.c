/*
 * bayes-learn.c - what each feature is like in each class
 *
 * A number: mean and variance of each class, in units of half the range of the
 * training rows, so that no square is too large; to each variance floor times
 * that of all rows is added, as a class in which a column is all the same would
 * be certain of too much.  (scikit-learn's var_smoothing takes the largest
 * variance of any column instead, which changes with the units.)  A category:
 *
 *	share of a level = (rows of the level + smooth) /
 *			   (rows of the class + smooth * levels)
 */
#include "learn/bayes.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"

/* Features learned in a step, and rows between two looks at the job. */
enum { STEP_FEATURES = 16, LOOK_ROWS = 16384 };

/* Farther off than this is nowhere. */
#define FAR 1e100

/* ---- numbers ---- */

static void numbers_of(const struct treatment *t, const struct column *c,
		       const uint32_t *row, size_t n, double *x)
{
	treatment_numbers(t, t ? t->steps : 0, c, row, n, x);
}

/* The block of training rows that begins at start; how many there are. */
static size_t read_block(const struct bayes_learner *l, const struct column *c,
			 const struct treatment *t, size_t start, double *x)
{
	const struct rows *rows = l->problem->train;
	size_t n = rows->n - start < DESIGN_BLOCK ? rows->n - start
						  : DESIGN_BLOCK;

	numbers_of(t, c, rows->row + start, n, x);
	return n;
}

static double in_units(const struct bayes_feature *f, double x)
{
	double u = (x / 2 - f->centre / 2) / (f->half / 2);

	return u > FAR ? FAR : u < -FAR ? -FAR : u;
}

/* Sums of one class, or of all. */
struct moments {
	double n, mean, squares;
};

/* Welford, Technometrics 4 (1962): exact where all are the same. */
static void add(struct moments *m, double u)
{
	double off = u - m->mean;

	m->n++;
	m->mean += off / m->n;
	m->squares += off * (u - m->mean);
}

static bool find_range(const struct bayes_learner *l, const struct column *c,
		       const struct treatment *t, struct bayes_feature *f,
		       const struct job *job)
{
	double low = INFINITY, high = -INFINITY, x[DESIGN_BLOCK];

	for (size_t start = 0; start < l->problem->train->n;
	     start += DESIGN_BLOCK) {
		size_t n = read_block(l, c, t, start, x);

		if (job_stopped(job))
			return false;
		for (size_t i = 0; i < n; i++) {
			low = x[i] < low ? x[i] : low;
			high = x[i] > high ? x[i] : high;
		}
	}
	f->centre = low / 2 + high / 2;
	f->half = high / 2 - low / 2;
	f->told = low < high && f->half > 0;
	return true;
}

/* A class in which every cell is missing is like all rows. */
static void take_class(const struct bayes_learner *l, struct bayes_feature *f,
		       size_t k, const struct moments *own,
		       const struct moments *all)
{
	const struct moments *m = own->n > 0 ? own : all;
	double var = m->squares / m->n + l->floor * all->squares / all->n;

	f->mean[k] = m->mean;
	f->slope[k] = 1 / (2 * var);
	f->height[k] = -log(var) / 2;
}

static bool learn_number(const struct bayes_learner *l, const struct column *c,
			 const struct treatment *t, struct bayes_feature *f,
			 const struct job *job)
{
	size_t rows = l->problem->train->n, classes = l->bayes->classes;
	struct moments *of, all = { 0 };
	double x[DESIGN_BLOCK];
	bool ok = true;

	if (!find_range(l, c, t, f, job))
		return false;
	if (!f->told)
		return true;
	of = mem_array(classes, sizeof(*of));
	for (size_t start = 0; start < rows && ok; start += DESIGN_BLOCK) {
		size_t n = read_block(l, c, t, start, x);

		ok = !job_stopped(job);
		for (size_t i = 0; i < n; i++) {
			if (isnan(x[i]))
				continue;
			add(&of[l->problem->y[start + i]],
			    in_units(f, x[i]));
			add(&all, in_units(f, x[i]));
		}
	}
	f->mean = mem_array(classes, sizeof(*f->mean));
	f->slope = mem_array(classes, sizeof(*f->slope));
	f->height = mem_array(classes, sizeof(*f->height));
	for (size_t k = 0; k < classes && ok; k++)
		take_class(l, f, k, &of[k], &all);
	free(of);
	return ok;
}

static void find_unit(const struct treatment *t, struct bayes_feature *f)
{
	f->shift = 0;
	f->scale = 1;
	for (size_t i = t ? t->steps : 0; i-- > 0;) {
		const struct step *s = &t->step[i];

		/* Means of logarithms stay as they are. */
		if (s->kind == STEP_LOG)
			return;
		if (s->kind != STEP_SCALE)
			continue;
		f->shift = f->shift * s->b + s->a;
		f->scale *= s->b;
	}
}

/* ---- categories ---- */

static uint32_t level_at(const struct feature *from, const struct treatment *t,
			 const struct column *c, uint32_t row)
{
	if (from->indicator)
		return treatment_blank(t, c, row);
	return t ? treatment_code(t, c, row) : c->code[row];
}

static void name_levels(struct bayes_feature *f, const struct feature *from,
			const struct treatment *t, const struct column *c)
{
	f->level = mem_array(f->levels, sizeof(*f->level));
	for (size_t v = 0; v < f->levels; v++) {
		const char *name = v < c->levels ? c->level[v]
				 : t ? t->extra : "";

		if (from->indicator)
			name = v ? "yes" : "no";
		f->level[v] = mem_strdup(name);
	}
}

/* rows: of each level in each class. */
static void take_shares(const struct bayes_learner *l, struct bayes_feature *f,
			const size_t *rows)
{
	size_t classes = l->bayes->classes, present = 0;

	f->seen = mem_array(f->levels, sizeof(*f->seen));
	for (size_t v = 0; v < f->levels; v++) {
		for (size_t k = 0; k < classes; k++)
			f->seen[v] |= rows[v * classes + k] > 0;
		present += f->seen[v];
	}
	f->told = present > 1;
	for (size_t k = 0; k < classes; k++) {
		double all = l->smooth * (double)present;

		for (size_t v = 0; v < f->levels; v++)
			all += (double)rows[v * classes + k];
		for (size_t v = 0; v < f->levels; v++)
			f->share[v * classes + k] =
				log(((double)rows[v * classes + k] +
				     l->smooth) / all);
	}
}

static bool learn_category(const struct bayes_learner *l,
			   const struct feature *from, const struct column *c,
			   const struct treatment *t, struct bayes_feature *f,
			   const struct job *job)
{
	const struct rows *rows = l->problem->train;
	size_t classes = l->bayes->classes, *count;
	bool ok = true;

	f->levels = from->indicator ? 2 : c->levels + 1;
	count = mem_array(f->levels * classes, sizeof(*count));
	f->share = mem_array(f->levels * classes, sizeof(*f->share));
	for (size_t i = 0; i < rows->n && ok; i++) {
		uint32_t level = level_at(from, t, c, rows->row[i]);

		ok = i % LOOK_ROWS || !job_stopped(job);
		if (level < f->levels)
			count[level * classes + l->problem->y[i]]++;
	}
	if (ok)
		take_shares(l, f, count);
	if (ok)
		name_levels(f, from, t, c);
	free(count);
	return ok;
}

/* ---- all of them ---- */

static bool learn_feature(const struct bayes_learner *l, size_t j,
			  const struct job *job)
{
	const struct design *d = l->problem->design;
	const struct feature *from = &d->feature[j];
	const struct column *c = &d->table->column[from->column];
	const struct treatment *t = d->treatment ?
				    &d->treatment[from->column] : NULL;
	struct bayes_feature *f = &l->bayes->feature[j];

	find_unit(t, f);
	if (c->number && !from->indicator)
		return learn_number(l, c, t, f, job);
	return learn_category(l, from, c, t, f, job);
}

bool bayes_learn(struct bayes_learner *l, struct job *job)
{
	size_t first = l->done, end = first + STEP_FEATURES, failed = 0;

	end = end < l->bayes->p ? end : l->bayes->p;
	#pragma omp parallel for schedule(dynamic) reduction(+: failed) \
		if (l->problem->train->n >= ROWS_PARALLEL)
	for (size_t j = first; j < end; j++)
		failed += !learn_feature(l, j, job);
	if (failed > 0)
		return false;
	for (size_t j = first; j < end; j++)
		l->bayes->feature[j].learned = true;
	l->done = end;
	return true;
}

/* ---- what a feature says ---- */

static void say_number(const struct bayes *b, const struct bayes_feature *f,
		       double x, double *say)
{
	double u = in_units(f, x);

	for (size_t k = 0; k < b->classes && !isnan(x); k++) {
		double off = u - f->mean[k];

		say[k] = f->height[k] - off * off * f->slope[k];
	}
}

static void say_level(const struct bayes *b, const struct bayes_feature *f,
		      uint32_t level, double *say)
{
	bool known = level < f->levels && f->seen[level];

	for (size_t k = 0; k < b->classes && known; k++)
		say[k] = f->share[level * b->classes + k];
}

void bayes_say(const struct bayes *b, const struct design *d, size_t j,
	       const uint32_t *row, size_t n, double *say)
{
	const struct bayes_feature *f = &b->feature[j];
	const struct feature *from = &d->feature[j];
	const struct column *c = &d->table->column[from->column];
	const struct treatment *t = d->treatment ?
				    &d->treatment[from->column] : NULL;

	double x[DESIGN_BLOCK];

	for (size_t i = 0; i < n * b->classes; i++)
		say[i] = 0;
	if (!f->learned || !f->told)
		return;
	if (!f->share)
		numbers_of(t, c, row, n, x);
	for (size_t i = 0; i < n; i++)
		if (f->share)
			say_level(b, f, level_at(from, t, c, row[i]),
				  say + i * b->classes);
		else
			say_number(b, f, x[i], say + i * b->classes);
}
