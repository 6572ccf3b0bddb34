/*
 * guard-score.c - G08, G11 and G13: a score that says less than it seems to
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "run/guard-check.h"

/* ---- G08: one class is so common that accuracy is easy to have ---- */

/* A class of which less than this is found, and fewer rows than these are too
 * few to say so. */
#define FOUND_LEAST 0.5
enum { CLASS_LEAST = 5 };

/* The class, not the common one, that is found least; or classes. */
static size_t hidden_class(const struct result *r, size_t common)
{
	const struct metrics *m = &r->test;
	size_t worst = m->classes;

	for (size_t k = 0; k < m->classes; k++)
		if (k != common && m->class_of[k].support >= CLASS_LEAST &&
		    m->class_of[k].recall < FOUND_LEAST &&
		    (worst == m->classes ||
		     m->class_of[k].recall < m->class_of[worst].recall))
			worst = k;
	return worst;
}

/* With balanced weights of the classes, where the method has them. */
static bool try_balanced(struct ground *g, struct warning *w, struct err *err)
{
	const char *now = options_maybe(&g->settings->method_options,
					"class_weight");
	struct settings other;
	bool ok;

	if (!now || strcmp(now, "none") ||
	    !ground_option(g, "class_weight=balanced", &other, &w->remedy))
		return true;
	w->instead = mem_strdup("with balanced classes");
	ok = ground_try(g, w, &other, TRIAL_SPREAD, 0, err);
	settings_clear(&other);
	if (w->score && w->then <= w->now) {
		free(w->remedy);
		w->remedy = NULL;
	}
	return ok;
}

bool guard_accuracy(struct ground *g, struct err *err)
{
	const struct result *r = g->about->result;
	size_t common, worst;
	struct warning *w;
	double share;

	if (!result_uneven(r, &common, &share) ||
	    !strcmp(r->method->name, "baseline"))
		return true;
	worst = hidden_class(r, common);
	if (worst == r->test.classes)
		return true;
	w = ground_find(g, mem_printf("%.3g %% of the test rows are '%.60s': "
			"accuracy %.3f hides that of '%.60s' %.3g %% are "
			"found", share * 100, r->class_name[common],
			r->test.accuracy, r->class_name[worst],
			r->test.class_of[worst].recall * 100));
	w->count = r->test.class_of[worst].support;
	w->of = r->test.n;
	return try_balanced(g, w, err);
}

/* ---- G11: a training that has not come to its end ---- */

/* The command with ten times as many steps; NULL: they have no limit. */
static char *longer(const struct ground *g)
{
	static const char *const limits[] = { "iterations", "epochs" };
	char *command = NULL;

	for (size_t i = 0; i < ARRAY_LEN(limits) && !command; i++) {
		const char *now = options_maybe(&g->settings->method_options,
						limits[i]);
		struct settings other;
		char *word;

		if (!now)
			continue;
		word = mem_printf("%s=%.0f", limits[i], strtod(now, NULL) * 10);
		if (ground_option(g, word, &other, &command))
			settings_clear(&other);
		free(word);
	}
	return command;
}

bool guard_converged(struct ground *g, struct err *err)
{
	const struct result *r = g->about->result;
	struct warning *w;

	(void)err;
	if (r->converged || r->stopped)
		return true;
	w = ground_find(g, mem_printf("%s has not converged after %zu %s%s: "
			"its weights would still move", r->method->name,
			r->iterations, r->method->step_name,
			r->iterations == 1 ? "" : "s"));
	w->remedy = longer(g);
	return true;
}

/* ---- G13: the best of many runs on the same rows ---- */

enum { RUNS_MANY = 10 };

/* The standard normal value that a share of p lies below; p >= 0.5, to 0.005.
 * Abramowitz and Stegun, Handbook, 26.2.22. */
static double normal_quantile(double p)
{
	double t = sqrt(-2 * log(1 - p));

	return t - (2.30753 + 0.27061 * t) /
		   (1 + 0.99229 * t + 0.04481 * t * t);
}

/* Of n equally good runs the best is expected to lie so many standard
 * deviations above the mean: Blom's (n - 3/8) / (n + 1/4). */
static double expected_best(size_t n)
{
	return normal_quantile(((double)n - 0.375) / ((double)n + 0.25));
}

bool guard_best(struct ground *g, struct err *err)
{
	const struct result *r = g->about->result;
	size_t runs = g->about->runs;
	bool classes = r->task == TASK_CLASSIFICATION;
	enum class_measure headline = classes ? result_headline(r) : 0;
	const struct interval *i = classes ? &r->interval[headline] :
				   &r->regression.interval[NUMBER_R2];
	struct warning *w;
	double error;

	(void)err;
	if (runs < RUNS_MANY || !g->about->best || i->by == BY_NOTHING)
		return true;
	error = (i->high - i->low) / (2 * 1.96);
	w = ground_find(g, mem_printf("the best of %zu runs on the same %s "
			"test rows: of so many that are equally good, chance "
			"alone lifts the best by up to %.2g in %s", runs,
			counted(r->test_rows.n).text,
			expected_best(runs) * error,
			classes ? class_measure[headline].name :
			number_measure[NUMBER_R2].name));
	w->count = runs;
	w->remedy = mem_strdup("split folds=5");
	return true;
}
