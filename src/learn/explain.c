#include "learn/explain.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

bool model_explains(const struct model *m)
{
	return !m->kind || m->kind->explain;
}

bool model_explains_odds(const struct model *m)
{
	return m->kind ? m->kind->in_odds : m->task == TASK_CLASSIFICATION;
}

static void explain_set(const struct model *set, const struct design *d,
			const double *x, double *base, double *part)
{
	*base = set->intercept;
	for (size_t j = 0; j < set->p; j++) {
		const struct feature *f = &d->feature[j];
		double mean = (f->mean - f->transform.shift) /
			      f->transform.scale;

		*base += set->weight[j] * mean;
		part[j] = set->weight[j] * (x[j] - mean);
	}
}

void model_explain(const struct model *m, const struct design *d,
		   uint32_t row, const struct job *job, double *base,
		   double *part)
{
	double *x;

	memset(base, 0, m->outputs * sizeof(*base));
	memset(part, 0, m->outputs * m->p * sizeof(*part));
	if (m->kind) {
		m->kind->explain(m, d, row, job, base, part);
		return;
	}
	x = mem_array(m->p, sizeof(*x));
	design_block(d, &row, 1, x);
	for (size_t k = 0; k < m->sets; k++) {
		struct model set = model_set(m, k);

		explain_set(&set, d, x, base + k, part + k * m->p);
	}
	free(x);
}
