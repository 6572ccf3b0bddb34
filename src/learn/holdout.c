#include "learn/holdout.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/rng.h"

/* How many rows of each class are held out; of numbers, all are one class. */
static void shares(const struct problem *problem, double share, size_t *held,
		   size_t classes)
{
	for (size_t i = 0; i < problem->train->n; i++)
		held[problem->y ? problem->y[i] : 0]++;
	for (size_t k = 0; k < classes; k++) {
		size_t rows = held[k];

		held[k] = (size_t)floor((double)rows * share + 0.5);
		if (held[k] >= rows)
			held[k] = rows > 0 ? rows - 1 : 0;
	}
}

size_t holdout(const struct problem *problem, double share, uint32_t *order)
{
	size_t n = problem->train->n, learn = 0, kept = n;
	size_t classes = problem->y ? problem->classes : 1;
	size_t *held = mem_array(classes, sizeof(*held));
	bool *out = mem_array(n, sizeof(*out));
	struct rng rng;

	rng_init(&rng, problem->seed);
	for (size_t i = 0; i < n; i++)
		order[i] = (uint32_t)i;
	shares(problem, share, held, classes);
	rng_shuffle(&rng, order, n);
	for (size_t i = 0; i < n; i++) {
		size_t k = problem->y ? problem->y[order[i]] : 0;

		if (held[k] == 0)
			continue;
		held[k]--;
		out[order[i]] = true;
		kept--;
	}
	for (size_t i = 0, last = kept; i < n; i++)
		order[out[i] ? last++ : learn++] = (uint32_t)i;
	free(out);
	free(held);
	return kept;
}
