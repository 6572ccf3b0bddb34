#include "learn/learners.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "data/order.h"

/* The classes that are present, and what number each has among them. */
static uint32_t *present(struct learners *l, const struct problem *problem)
{
	uint32_t *number = mem_array(l->classes, sizeof(*number));

	l->class_of = mem_array(l->classes, sizeof(*l->class_of));
	for (size_t i = 0; i < l->n; i++)
		number[problem->y[i]] = 1;
	for (size_t k = 0; k < l->classes; k++) {
		if (!number[k])
			continue;
		number[k] = (uint32_t)l->c;
		l->class_of[l->c++] = (uint32_t)k;
	}
	return number;
}

static void weigh(struct learners *l, const double *weight)
{
	l->weight = mem_array(l->c, sizeof(*l->weight));
	l->rows = mem_array(l->c, sizeof(*l->rows));
	for (size_t k = 0; k < l->c; k++)
		l->weight[k] = weight ? weight[l->class_of[k]] : 1;
	for (size_t i = 0; i < l->n; i++)
		l->rows[l->y[i]]++;
	for (size_t k = 0; k < l->c; k++) {
		l->rows[k] *= l->weight[k];
		l->size += l->rows[k];
	}
}

bool learners_take(struct learners *l, const struct problem *problem,
		   struct err *err)
{
	struct order order;
	uint32_t *number;

	*l = (struct learners){ .n = problem->train->n,
				.classes = problem->classes };
	if (!order_init(&order, problem->train, err))
		return false;
	l->row = order.row;
	l->y = mem_try(l->n, sizeof(*l->y));
	number = present(l, problem);
	for (size_t i = 0; i < l->n && l->y; i++)
		l->y[i] = number[problem->y[order.from[i]]];
	free(order.from);
	free(number);
	if (!l->y)
		return err_set(err, ERR_NOMEM, "no memory for %zu rows", l->n);
	weigh(l, problem->class_weight);
	return true;
}

void learners_clear(struct learners *l)
{
	free(l->row);
	free(l->y);
	free(l->class_of);
	free(l->weight);
	free(l->rows);
	*l = (struct learners){ 0 };
}

void learners_intercepts(const struct learners *l, double *u, size_t stride,
			 bool single)
{
	if (single)
		*u = log(l->rows[1] / l->rows[0]);
	for (size_t k = 0; !single && k < l->c; k++)
		u[k * stride] = log(l->rows[k]);
}

void learners_model(const struct learners *l, const struct scaled *scaled,
		    const double *u, bool single, struct model *model)
{
	size_t p = scaled->of->p;
	double mean = 0;

	if (single) {
		model->intercept = scaled_weights(scaled, u, u[p],
						  model->weight);
		return;
	}
	model_widen(model, l->classes);
	for (size_t k = 0; k < l->classes; k++)
		model->intercepts[k] = -INFINITY;
	for (size_t k = 0; k < l->c; k++) {
		const double *set = u + k * (p + 1);
		size_t class = l->class_of[k];

		model->intercepts[class] =
			scaled_weights(scaled, set, set[p],
				       model->weight + class * p);
		mean += model->intercepts[class] / (double)l->c;
	}
	/* What is added to all of them changes nothing. */
	for (size_t k = 0; k < l->c; k++)
		model->intercepts[l->class_of[k]] -= mean;
	model->intercept = model->intercepts[0];
}
