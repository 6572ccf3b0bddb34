#include "run/result.h"

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
	free_names(r->class_name, r->classes);
	free_names(r->feature, r->features);
	metrics_clear(&r->test);
	for (size_t i = 0; i < r->weights; i++) {
		free(r->weight[i].feature);
		free(r->weight[i].reference);
	}
	free(r->weight);
	rows_clear(&r->test_rows);
	free(r->predicted);
	free(r->probability);
	free(r);
}
