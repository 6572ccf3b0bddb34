#include "learn/method.h"

#include <string.h>

#include "base/text.h"

/* A new method is a new file, a line here and a line in the table.  The first
 * of each task is the one that is trained when none was named. */
extern const struct method method_logistic;
extern const struct method method_linear;
extern const struct method method_ridge;
extern const struct method method_lasso;
extern const struct method method_elastic_net;
extern const struct method method_sgd;
extern const struct method method_tree;
extern const struct method method_forest;
extern const struct method method_boost;
extern const struct method method_mlp;
extern const struct method method_bayes;
extern const struct method method_neighbours;
extern const struct method method_vote;
extern const struct method method_stack;
extern const struct method method_baseline;

const struct method *const methods[] = {
	&method_logistic,
	&method_linear,
	&method_ridge,
	&method_lasso,
	&method_elastic_net,
	&method_sgd,
	&method_tree,
	&method_forest,
	&method_boost,
	&method_mlp,
	&method_bayes,
	&method_neighbours,
	&method_vote,
	&method_stack,
	&method_baseline,
	NULL
};

const struct method *method_find(const char *name)
{
	for (size_t i = 0; methods[i]; i++)
		if (!strcmp(methods[i]->name, name))
			return methods[i];
	return NULL;
}

const struct method *method_for(enum task_kind task)
{
	for (size_t i = 0; methods[i]; i++)
		if (methods[i]->does[task])
			return methods[i];
	return NULL;
}

const char *method_unfit(const struct method *method, enum task_kind task)
{
	if (method->absent)
		return "not built in";
	if (method->does[task])
		return NULL;
	return task == TASK_REGRESSION ? "tells classes" : "tells numbers";
}

void methods_list(enum task_kind task, char *list, size_t size)
{
	*list = '\0';
	for (size_t i = 0; methods[i]; i++)
		if (methods[i]->does[task])
			text_append(list, size, "%s%s", *list ? ", " : "",
				    methods[i]->name);
}
