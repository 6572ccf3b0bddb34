#include "learn/scaled.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/sum.h"

void scaled_init(struct scaled *s, const struct design *of, bool centred)
{
	size_t p = of->p;

	s->of = of;
	s->design = *of;
	s->design.feature = mem_array(p, sizeof(*s->design.feature));
	s->ratio = mem_array(p, sizeof(*s->ratio));
	for (size_t j = 0; j < p; j++) {
		const struct feature *f = &of->feature[j];
		double sd = f->sd > 0 ? f->sd : 1;

		s->design.feature[j] = *f;
		s->design.feature[j].transform = (struct transform){
			centred ? f->mean : f->transform.shift, sd };
		s->ratio[j] = f->transform.scale / sd;
	}
}

void scaled_clear(struct scaled *s)
{
	free(s->design.feature);
	free(s->ratio);
	*s = (struct scaled){ 0 };
}

void scaled_block(const struct scaled *s, const uint32_t *row, size_t n,
		  double *x, double *spare)
{
	size_t p = s->of->p;

	design_block(&s->design, row, n, spare);
	for (size_t i = 0; i < n; i++) {
		memcpy(x + i * (p + 1), spare + i * p, p * sizeof(*x));
		x[i * (p + 1) + p] = 1;
	}
}

double scaled_offset(const struct scaled *s, size_t j)
{
	const struct transform *own = &s->design.feature[j].transform;

	return (s->of->feature[j].transform.shift - own->shift) / own->scale;
}

double scaled_weights(const struct scaled *s, const double *u, double free,
		      double *w)
{
	struct sum intercept = { .total = free };

	for (size_t j = 0; j < s->of->p; j++) {
		w[j] = u[j] * s->ratio[j];
		if (u[j] != 0)
			sum_add(&intercept, u[j] * scaled_offset(s, j));
	}
	return sum_of(&intercept);
}

/* A rule may have scaled a number before another one clipped it. */
double scaled_zero(const struct scaled *s, size_t j)
{
	const struct transform *own = &s->design.feature[j].transform;
	const struct feature *f = &s->of->feature[j];
	double zero = f->transform.shift - f->whole.shift *
		      (f->transform.scale / f->whole.scale);

	return (zero - own->shift) / own->scale;
}
