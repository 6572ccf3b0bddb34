#include "run/tune.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/rng.h"
#include "base/text.h"
#include "run/fit.h"
#include "run/tune-try.h"

/* How far beyond an edge one is told to look where ratios count: with numbers
 * that are as far apart as the second. */
#define LOG_RANGE 100
#define RATIO_LEAST 10

/* Without tries= so many by chance; and as many draws in a row that were there
 * before mean that there is nothing new. */
enum { RANDOM_TRIES = 40, DRAWS_MOST = 200 };
/* by=halving: a third goes on, with three times the rows; no fold of fewer rows
 * than these. */
enum { KEPT_OF = 3, FOLD_ROWS = 20 };

/* What a try is made with: a value of each axis. */
struct point {
	char *value[OPTIONS_MAX];	/* owned, or NULL */
};

struct search {
	const struct tune *tune;
	struct trying *trying;
	size_t points;
	struct point *point;		/* owned */
	struct tuned *tuned;		/* what comes of it */
	size_t best;			/* of tuned->tried; or tries */
	double started, until;
	struct rng rng;
};

/* ---- which points ---- */

static char *text_of(const struct tune *tune, const struct point *point)
{
	char *all = mem_strdup("");

	for (size_t k = 0; k < tune->axes; k++) {
		char *value = text_quote(point->value[k]);
		char *longer = mem_printf("%s%s%s=%s", all, k ? " " : "",
			tune->method->options[tune->axis[k].option].name,
			value);

		free(value);
		free(all);
		all = longer;
	}
	return all;
}

static bool same(const struct tune *tune, const struct point *a,
		 const struct point *b)
{
	for (size_t k = 0; k < tune->axes; k++)
		if (strcmp(a->value[k], b->value[k]))
			return false;
	return true;
}

static void point_clear(struct point *point)
{
	for (size_t k = 0; k < OPTIONS_MAX; k++)
		free(point->value[k]);
	*point = (struct point){ 0 };
}

static char *draw_value(const struct tune *tune, const struct axis *axis,
			struct rng *rng)
{
	bool whole = tune->method->options[axis->option].type == OPTION_WHOLE;
	double u = rng_double(rng), x;

	if (!axis->range)
		return mem_strdup(axis->value[(size_t)(u * (double)axis->n)]);
	x = axis->log ? exp(log(axis->low) + u * log(axis->high / axis->low))
		      : axis->low + u * (axis->high - axis->low);
	if (whole && !axis->log)
		x = floor(axis->low + u * (axis->high - axis->low + 1));
	if (whole)
		return mem_printf("%.15g", round(x));
	return mem_printf("%.4g", x);
}

static void draw_points(struct search *s, size_t wanted)
{
	const struct tune *tune = s->tune;
	size_t again = 0;

	s->point = mem_array(wanted, sizeof(*s->point));
	while (s->points < wanted && again < DRAWS_MOST) {
		struct point *new = &s->point[s->points];
		bool there = false;

		for (size_t k = 0; k < tune->axes; k++)
			new->value[k] = draw_value(tune, &tune->axis[k],
						   &s->rng);
		for (size_t i = 0; i < s->points && !there; i++)
			there = same(tune, new, &s->point[i]);
		again = there ? again + 1 : 0;
		if (there)
			point_clear(new);
		else
			s->points++;
	}
}

/* The grid in its order; with fewer tries, so many of it by chance. */
static void grid_points(struct search *s, size_t wanted)
{
	const struct tune *tune = s->tune;
	size_t all = tune_points(tune), value[OPTIONS_MAX];
	uint32_t *order = mem_array(all, sizeof(*order));

	for (size_t i = 0; i < all; i++)
		order[i] = (uint32_t)i;
	/* By chance in any case: what is left out when the time is up is then
	 * not all in one corner. */
	rng_shuffle(&s->rng, order, all);
	s->points = wanted < all ? wanted : all;
	s->point = mem_array(s->points, sizeof(*s->point));
	for (size_t i = 0; i < s->points; i++) {
		tune_point(tune, order[i], value);
		for (size_t k = 0; k < tune->axes; k++)
			s->point[i].value[k] =
				mem_strdup(tune->axis[k].value[value[k]]);
	}
	free(order);
}

static void find_points(struct search *s)
{
	double tries = options_number(&s->tune->how, "tries");
	const char *by = options_text(&s->tune->how, "by");

	if (!strcmp(by, "random"))
		draw_points(s, isnan(tries) ? RANDOM_TRIES : (size_t)tries);
	else
		grid_points(s, isnan(tries) ? SIZE_MAX : (size_t)tries);
}

/* ---- the tries ---- */

/* More rows count first, then the score, then who came first. */
static bool better(const struct tried *a, const struct tried *b)
{
	if (!a->failed != !b->failed)
		return !a->failed;
	if (a->rows != b->rows)
		return a->rows > b->rows;
	if (a->mean != b->mean && !(isnan(a->mean) && isnan(b->mean)))
		return a->mean > b->mean || isnan(b->mean);
	return a->point < b->point;
}

static int by_worth(const void *a, const void *b)
{
	return better(a, b) ? -1 : 1;
}

static void options_of(const struct search *s, const struct point *point,
		       struct option_values *options)
{
	const struct tune *tune = s->tune;

	options_copy(options, &tune->base);
	for (size_t k = 0; k < tune->axes; k++) {
		char *word = mem_printf("%s=%s", tune->method->options[
						tune->axis[k].option].name,
					point->value[k]);

		options_set(options, tune->method->name, word, NULL);
		free(word);
	}
}

static struct note_tries note_of(const struct search *s, size_t number)
{
	const struct tuned *t = s->tuned;
	struct note_tries note = { .number = number, .of = t->wanted,
				   .best = NAN, .began = s->started,
				   .budget = t->budget };
	size_t first = t->tries > NOTE_TRIES ? t->tries - NOTE_TRIES : 0;

	for (size_t i = first; i < t->tries; i++)
		note.score[note.scores++] = t->tried[i].failed ? NAN :
					    t->tried[i].mean;
	if (s->best == t->tries || t->tries == 0)
		return note;
	note.best = t->tried[s->best].mean;
	snprintf(note.best_options, sizeof(note.best_options), "%s",
		 t->tried[s->best].options);
	return note;
}

/*
 * A fault of these options alone is a try that failed; where the data cannot
 * be trained on, no other try could do it either.
 */
static bool only_this(const struct err *err)
{
	return err->code == ERR_MATH || err->code == ERR_USAGE;
}

/* One try more.  False: it does not count, as it was ended before it was done
 * (err is empty then), or nothing more can be tried. */
static bool try_one(struct search *s, size_t i, size_t rows, struct job *job,
		    struct err *err)
{
	struct tuned *t = s->tuned;
	struct tried one = { .point = i, .rows = rows, .folds = t->folds,
			     .mean = NAN, .sd = NAN };
	struct option_values options;
	double start = fit_clock();
	struct err why = { 0 };
	bool whole;

	options_of(s, &s->point[i], &options);
	whole = try_options(s->trying, &options, rows,
			    t->tries > 0 ? s->until : 0,
			    note_of(s, t->tries + 1), &one.mean, &one.sd, job,
			    &why);
	options_clear(&options);
	if (!whole && (why.code == ERR_NONE || !only_this(&why))) {
		if (err)
			*err = why;
		return false;
	}
	if (!whole)
		one.failed = mem_strdup(why.text);
	else if (isnan(one.mean))
		one.failed = mem_strdup("a fold whose rows all say the same "
					"has no score");
	one.seconds = fit_clock() - start;
	one.options = text_of(s->tune, &s->point[i]);
	t->tried = mem_grow(t->tried, t->tries, sizeof(*t->tried));
	t->tried[t->tries] = one;
	if (t->tries == 0 || better(&one, &t->tried[s->best]))
		s->best = t->tries;
	t->tries++;
	return true;
}

/* False: err says why, or it is empty and there is no time any more. */
static bool go_on(const struct search *s, struct job *job)
{
	if (job_stopped(job))
		s->tuned->stopped = true;
	else if (s->tuned->tries > 0 && fit_clock() > s->until)
		s->tuned->over = true;
	return !s->tuned->stopped && !s->tuned->over;
}

static bool try_all(struct search *s, const size_t *which, size_t n,
		    size_t rows, struct job *job, struct err *err)
{
	for (size_t i = 0; i < n; i++) {
		if (!go_on(s, job))
			return false;
		if (!try_one(s, which ? which[i] : i, rows, job, err)) {
			go_on(s, job);
			return false;
		}
	}
	return true;
}

/* How many rounds of by=halving, so that the last has all the rows. */
static size_t rounds_of(const struct search *s)
{
	size_t rounds = 1, points = s->points;
	double least = (double)(FOLD_ROWS * s->tuned->folds);
	double rows = (double)s->tuned->rows;

	while (points > KEPT_OF && rows / KEPT_OF >= least) {
		points = (points + KEPT_OF - 1) / KEPT_OF;
		rows /= KEPT_OF;
		rounds++;
	}
	return rounds;
}

static size_t tries_of(size_t points, size_t rounds)
{
	size_t tries = 0;

	for (; rounds > 0; rounds--) {
		tries += points;
		points = (points + KEPT_OF - 1) / KEPT_OF;
	}
	return tries;
}

/* Those of the last n tries that go on. */
static size_t keep_best(struct search *s, size_t n, size_t *which)
{
	struct tuned *t = s->tuned;
	struct tried *last = mem_array(n, sizeof(*last));
	size_t kept = (n + KEPT_OF - 1) / KEPT_OF;

	memcpy(last, t->tried + t->tries - n, n * sizeof(*last));
	qsort(last, n, sizeof(*last), by_worth);
	for (size_t i = 0; i < kept; i++)
		which[i] = last[i].point;
	free(last);
	return kept;
}

static bool halve(struct search *s, struct job *job, struct err *err)
{
	size_t *which = mem_array(s->points, sizeof(*which)), n = s->points;
	size_t rounds = rounds_of(s);
	bool ok = true;

	s->tuned->wanted = tries_of(n, rounds);
	for (size_t i = 0; i < n; i++)
		which[i] = i;
	for (; ok && rounds > 0; rounds--) {
		size_t rows = (size_t)((double)s->tuned->rows /
				       pow(KEPT_OF, (double)rounds - 1));

		ok = try_all(s, which, n, rows, job, err);
		if (ok && rounds > 1)
			n = keep_best(s, n, which);
	}
	free(which);
	return ok;
}

/* ---- what is to be said of the best ---- */

static char *number_text(double x)
{
	return mem_printf("%.6g", x);
}

/* The range to try next, or NULL: it is no edge, or the option ends there. */
static char *beyond(const struct tune *tune, const struct axis *axis,
		    double best)
{
	const struct option *o = &tune->method->options[axis->option];
	double wide = axis->high - axis->low, low = best, high = best;
	bool ratios = axis->log || (o->type == OPTION_NUMBER && axis->low > 0 &&
				    axis->high / axis->low >= RATIO_LEAST);
	char *a, *b, *text;

	if (!axis->numbers || (best != axis->low && best != axis->high))
		return NULL;
	if (best == axis->high)
		high = ratios ? best * LOG_RANGE : best + wide;
	else
		low = ratios ? best / LOG_RANGE : best - wide;
	low = fmax(low, o->min);
	high = fmin(high, o->max);
	if (!(low < high))
		return NULL;
	a = number_text(o->type == OPTION_WHOLE ? round(low) : low);
	b = number_text(o->type == OPTION_WHOLE ? round(high) : high);
	text = mem_printf("%s=%s..%s", o->name, a, b);
	free(a);
	free(b);
	return text;
}

/* As good as the best, and on all the rows. */
static bool ties(const struct tuned *t, size_t i)
{
	return !t->tried[i].failed && t->tried[i].rows == t->tried[0].rows &&
	       t->tried[i].mean >= t->tried[0].mean;
}

/* Another value of that option is as good: the edge is nothing to go beyond. */
static bool as_good_elsewhere(const struct search *s, size_t axis,
			      const char *best)
{
	for (size_t i = 1; i < s->tuned->tries; i++)
		if (ties(s->tuned, i) &&
		    strcmp(s->point[s->tuned->tried[i].point].value[axis],
			   best))
			return true;
	return false;
}

static void warn_of_edges(struct search *s, const struct point *best)
{
	const struct tune *tune = s->tune;
	char *all = NULL;

	for (size_t k = 0; k < tune->axes; k++) {
		const struct axis *axis = &tune->axis[k];
		const char *name = tune->method->options[axis->option].name;
		char *to = beyond(tune, axis, strtod(best->value[k], NULL));
		char *longer;

		if (!to || as_good_elsewhere(s, k, best->value[k])) {
			free(to);
			continue;
		}
		longer = mem_printf("%s%sthe best %s=%s lies on the edge of "
				    "%.6g..%.6g: tune again with %s",
				    all ? all : "", all ? "; " : "", name,
				    best->value[k], axis->low, axis->high, to);
		free(to);
		free(all);
		all = longer;
	}
	s->tuned->edge = all;
}

/* At least as simple in all that can be said, and simpler in something. */
static bool simpler(const struct tune *tune, const struct point *a,
		    const struct point *b)
{
	bool one = false;

	for (size_t k = 0; k < tune->axes; k++) {
		double d = strtod(a->value[k], NULL) -
			   strtod(b->value[k], NULL);
		int way = tune->axis[k].numbers ? tune_simpler(tune, k) : 0;

		if (way * d < 0 || (way == 0 && strcmp(a->value[k],
						       b->value[k])))
			return false;
		one |= way * d > 0;
	}
	return one;
}

/* Of those that are best alike the simplest is the first. */
static void simplest_first(struct search *s)
{
	struct tuned *t = s->tuned;
	struct tried first;
	size_t found = 0;

	for (size_t i = 1; i < t->tries; i++)
		if (ties(t, i) && simpler(s->tune,
					  &s->point[t->tried[i].point],
					  &s->point[t->tried[found].point]))
			found = i;
	first = t->tried[found];
	memmove(&t->tried[1], &t->tried[0], found * sizeof(first));
	t->tried[0] = first;
}

/* The simplest within one standard error of the best (Breiman and others,
 * "Classification and Regression Trees", 1984, 3.4.3). */
static void find_simpler(struct search *s)
{
	struct tuned *t = s->tuned;
	const struct tried *best = &t->tried[0], *found = best;
	double least = best->mean - best->sd / sqrt((double)t->folds);

	for (size_t i = 1; i < t->tries; i++) {
		const struct tried *one = &t->tried[i];

		if (!one->failed && one->rows == best->rows &&
		    one->mean >= least &&
		    simpler(s->tune, &s->point[one->point],
			    &s->point[found->point]))
			found = one;
	}
	if (found != best)
		t->simpler = mem_printf("within one standard error of it, and "
					"simpler: %s (%s %.4f)",
					found->options, t->measure,
					found->mean);
}

/* ---- the whole ---- */

static bool search(struct search *s, struct job *job, struct err *err)
{
	struct tuned *t = s->tuned;
	struct err why = { 0 };
	bool halving = !strcmp(t->by, "halving");
	bool ok;

	t->wanted = s->points;
	ok = halving ? halve(s, job, &why)
		     : try_all(s, NULL, s->points, t->rows, job, &why);
	t->seconds = fit_clock() - s->started;
	if (job_cancelled(job))
		return err_cancelled(err);
	if (!ok && why.code != ERR_NONE && why.code != ERR_CANCELLED) {
		if (err)
			*err = why;
		return false;
	}
	if (t->tries == 0)
		return err_set(err, ERR_CANCELLED, "stopped before there was a "
			       "try to keep");
	qsort(t->tried, t->tries, sizeof(*t->tried), by_worth);
	if (t->tried[0].failed)
		return err_set(err, ERR_MATH, "%s%.400s", t->tries > 1 ?
			       "no try could be trained: " : "",
			       t->tried[0].failed);
	simplest_first(s);
	if (!t->over && !t->stopped)
		warn_of_edges(s, &s->point[t->tried[0].point]);
	find_simpler(s);
	return true;
}

static struct tuned *tuned_new(const struct search *s)
{
	struct tuned *t = mem_new(sizeof(*t));

	t->measure = try_measure(s->trying);
	t->by = mem_strdup(options_text(&s->tune->how, "by"));
	t->folds = (size_t)options_number(&s->tune->how, "folds");
	t->rows = try_rows(s->trying);
	t->budget = options_number(&s->tune->how, "seconds");
	return t;
}

/* The best options become those of the settings. */
static void take_best(const struct search *s, struct settings *settings)
{
	options_clear(&settings->method_options);
	options_of(s, &s->point[s->tuned->tried[0].point],
		   &settings->method_options);
}

struct result *tune_run(struct stages *stages, const struct table *table,
			struct settings *settings, const struct tune *tune,
			struct job *job, struct err *err)
{
	struct search s = { .tune = tune, .started = fit_clock() };
	struct result *result = NULL;
	bool found;

	options_clear(&settings->method_options);
	settings->method = tune->method;
	options_copy(&settings->method_options, &tune->base);
	s.until = s.started + options_number(&tune->how, "seconds");
	rng_init(&s.rng, (uint32_t)options_number(&settings->split, "seed"));
	s.trying = trying_new(stages, table, settings,
			      (size_t)options_number(&tune->how, "folds"),
			      job, err);
	if (!s.trying)
		return NULL;
	s.tuned = tuned_new(&s);
	find_points(&s);
	found = search(&s, job, err);
	trying_free(s.trying);
	if (found) {
		take_best(&s, settings);
		job_resume(job);
		result = work_train(stages, table, settings, job, err);
	}
	if (result)
		result->tuned = s.tuned;
	else
		tuned_free(s.tuned);
	for (size_t i = 0; i < s.points; i++)
		point_clear(&s.point[i]);
	free(s.point);
	return result;
}
