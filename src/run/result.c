#include "run/result.h"

#include <math.h>
#include <stdlib.h>

#include "run/tune.h"
#include "run/versus.h"

static void free_names(char **name, size_t n)
{
	for (size_t i = 0; i < n; i++)
		free(name[i]);
	free(name);
}

void result_free(struct result *r)
{
	if (!r)
		return;
	free(r->key);
	free(r->path);
	options_clear(&r->options);
	lessons_clear(&r->lessons);
	free(r->target);
	free(r->unit);
	free_names(r->class_name, r->classes);
	free_names(r->feature, r->features);
	metrics_clear(&r->test);
	for (size_t i = 0; i < r->sets * r->weights; i++) {
		free(r->weight[i].feature);
		free(r->weight[i].reference);
	}
	free(r->weight);
	free(r->intercepts);
	free(r->fold);
	free(r->drawing);
	free(r->model_name);
	free(r->model_json);
	result_forget_rows(r);
	versus_free(r->before);
	fitted_release(r->fitted);
	tuned_free(r->tuned);
	explained_free(r->explained);
	free(r);
}

size_t result_rows_size(const struct result *r)
{
	size_t width = r->classes > 2 ? r->classes : 1;

	return r->test_rows.n * (width * sizeof(*r->told) +
				 sizeof(*r->test_rows.row) +
				 (r->task == TASK_REGRESSION ?
				  sizeof(*r->actual) :
				  sizeof(*r->predicted) +
				  sizeof(*r->class_of)));
}

uint32_t result_told(const struct result *r, size_t i)
{
	return r->classes == 2 ? r->told[i] > r->judged.cut : r->predicted[i];
}

void result_forget_rows(struct result *r)
{
	if (r->cuts)
		cuts_clear(r->cuts);
	free(r->cuts);
	r->cuts = NULL;
	rows_clear(&r->test_rows);
	free(r->told);
	free(r->predicted);
	free(r->class_of);
	free(r->actual);
	r->told = r->actual = NULL;
	r->predicted = r->class_of = NULL;
}

double result_rank(const struct result *r)
{
	double rank = r->task == TASK_REGRESSION ?
		      r->regression.test.of[NUMBER_R2] : r->test.mcc;

	return isnan(rank) ? -INFINITY : rank;
}

double result_plain_rank(const struct result *r)
{
	return r->classes == 2 && !isnan(r->plain_mcc) ? r->plain_mcc :
	       result_rank(r);
}

const char *result_rank_name(const struct result *r)
{
	return r->task == TASK_REGRESSION ? number_measure[NUMBER_R2].name :
	       "mcc";
}

bool result_uneven(const struct result *r, size_t *common, double *share)
{
	const struct metrics *m = &r->test;

	for (size_t k = 0; r->task == TASK_CLASSIFICATION && k < m->classes;
	     k++) {
		size_t support = m->class_of[k].support;

		if (support * 5 <= m->n * 4)
			continue;
		if (common)
			*common = k;
		if (share)
			*share = (double)support / (double)m->n;
		return true;
	}
	return false;
}

enum class_measure result_headline(const struct result *r)
{
	return !result_uneven(r, NULL, NULL) ? CLASS_ACCURACY :
	       r->classes > 2 ? CLASS_BALANCED : CLASS_RECALL;
}

/* Of more than two classes: one of those that have rows is found. */
static double baseline_of_many(const struct result *r,
			       enum class_measure which)
{
	double present = 0;

	for (size_t k = 0; k < r->test.classes; k++)
		present += r->test.class_of[k].support > 0;
	switch (which) {
	case CLASS_ACCURACY:
		return r->baseline_accuracy;
	case CLASS_BALANCED:
		return 1 / present;
	case CLASS_MCC:
		return 0;
	case CLASS_AUC:
		return isnan(r->test.auc) ? NAN : 0.5;
	default:
		return NAN;
	}
}

/* It tells one class for all rows: which, its accuracy shows. */
double result_baseline(const struct result *r, enum class_measure which)
{
	const struct metrics *m = &r->test;
	double share = (double)m->class_of[m->classes - 1].support /
		       (double)m->n;
	bool positive = fabs(r->baseline_accuracy - share) <
			fabs(r->baseline_accuracy - (1 - share));

	if (m->classes > 2)
		return baseline_of_many(r, which);
	switch (which) {
	case CLASS_ACCURACY:
		return r->baseline_accuracy;
	case CLASS_RECALL:
		return positive;
	case CLASS_PRECISION:
		return positive ? share : NAN;
	case CLASS_F1:
		return positive ? 2 * share / (1 + share) : 0;
	case CLASS_MCC:
		return 0;
	case CLASS_BALANCED:
	case CLASS_AUC:
		return 0.5;
	case CLASS_MEASURES:
		break;
	}
	return NAN;
}
