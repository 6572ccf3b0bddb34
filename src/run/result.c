#include "run/result.h"

#include <math.h>
#include <stdlib.h>

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
	rows_clear(&r->test_rows);
	free(r->predicted);
	free(r->told);
	free(r);
}

double result_rank(const struct result *r)
{
	double rank = r->task == TASK_REGRESSION ?
		      r->regression.test.of[NUMBER_R2] : r->test.mcc;

	return isnan(rank) ? -INFINITY : rank;
}

const char *result_rank_name(const struct result *r)
{
	return r->task == TASK_REGRESSION ? number_measure[NUMBER_R2].name :
	       "mcc";
}
