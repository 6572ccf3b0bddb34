#include "learn/optimiser.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#define SQUARES 0.999	/* of adam */
#define LEAST 1e-8

/* Rates of adam and of momentum that are taken when none is given. */
#define RATE_ADAM 0.001
#define RATE_MOMENTUM 0.01

static enum schedule schedule_of(const char *word)
{
	return !strcmp(word, "cosine") ? COSINE :
	       !strcmp(word, "step") ? STEP :
	       !strcmp(word, "invscaling") ? INVSCALING : CONSTANT;
}

bool optimiser_init(struct optimiser *o, size_t size, bool l1,
		    const struct option_values *options)
{
	const char *solver = options_maybe(options, "solver");

	*o = (struct optimiser){ .size = size, .power = 1,
				 .square_power = 1 };
	o->adam = solver && !strcmp(solver, "adam");
	o->nesterov = !strcmp(options_text(options, "nesterov"), "yes");
	o->schedule = schedule_of(options_text(options, "schedule"));
	o->first_rate = options_number(options, "rate");
	if (isnan(o->first_rate))
		o->first_rate = o->adam ? RATE_ADAM : RATE_MOMENTUM;
	o->rate = o->first_rate;
	o->momentum = options_number(options, "momentum");
	o->epochs = (size_t)options_number(options, "epochs");
	o->l2 = mem_try(size, sizeof(*o->l2));
	o->v = mem_try(size, sizeof(*o->v));
	o->l1 = l1 ? mem_try(size, sizeof(*o->l1)) : NULL;
	o->square = o->adam ? mem_try(size, sizeof(*o->square)) : NULL;
	return o->l2 && o->v && (!l1 || o->l1) && (!o->adam || o->square);
}

void optimiser_clear(struct optimiser *o)
{
	free(o->l2);
	free(o->l1);
	free(o->v);
	free(o->square);
}

void optimiser_epoch(struct optimiser *o, size_t e)
{
	double part = (double)e / (double)o->epochs, factor = 1;

	if (o->schedule == INVSCALING)
		factor = 1 / sqrt(1 + (double)e);
	else if (o->schedule == COSINE)
		factor = (1 + cos(acos(-1) * part)) / 2;
	else if (o->schedule == STEP)
		factor = part < 0.5 ? 1 : part < 0.75 ? 0.1 : 0.01;
	o->rate = o->first_rate * factor;
}

double optimiser_pull(double x, double by)
{
	return x > by ? x - by : x < -by ? x + by : 0;
}

static void step_adam(struct optimiser *o, double rate, double *w, double *sum,
		      size_t n)
{
	double m = o->momentum, rows = (double)n, spread;

	o->power *= m;
	o->square_power *= SQUARES;
	rate /= 1 - o->power;
	spread = 1 / sqrt(1 - o->square_power);
	for (size_t j = 0; j < o->size; j++) {
		double g = sum[j] / rows + o->l2[j] * w[j];

		o->v[j] = m * o->v[j] + (1 - m) * g;
		o->square[j] = SQUARES * o->square[j] + (1 - SQUARES) * g * g;
		w[j] -= rate * o->v[j] / (sqrt(o->square[j]) * spread + LEAST);
		sum[j] = 0;
	}
}

static void step_momentum(struct optimiser *o, double rate, double *w,
			  double *sum, size_t n)
{
	double rows = (double)n, m = o->momentum;

	for (size_t j = 0; j < o->size; j++) {
		double g = sum[j] / rows + o->l2[j] * w[j], to;

		o->v[j] = m * o->v[j] - rate * g;
		to = w[j] + (o->nesterov ? m * o->v[j] - rate * g : o->v[j]);
		if (o->l1 && o->l1[j] > 0) {
			double pulled = optimiser_pull(to, rate * o->l1[j]);

			o->v[j] += pulled - to;
			to = pulled;
		}
		w[j] = to;
		sum[j] = 0;
	}
}

void optimiser_step(struct optimiser *o, double *w, double *sum, size_t n,
		    size_t most)
{
	double rate = o->rate;

	if (o->schedule != CONSTANT)
		rate *= (double)n / (double)most;
	if (o->adam)
		step_adam(o, rate, w, sum, n);
	else
		step_momentum(o, rate, w, sum, n);
}
