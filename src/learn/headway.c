#include "learn/headway.h"

#include <math.h>

#define TOLERANCE 1e-6

/* Where a gain this small beside the objective no longer falls by a tenth,
 * rounding is all that is left of it. */
#define ROUNDING 1e-12
#define FALLING 0.9

void headway_init(struct headway *h, const struct option_values *options)
{
	double tolerance = options_number(options, "tolerance");

	*h = (struct headway){
		.limit = (size_t)options_number(options, "iterations"),
		.tolerance = isnan(tolerance) ? TOLERANCE : tolerance,
		.loss = NAN, .accuracy = NAN,
	};
}

void headway_look(const struct headway *h, struct model *model)
{
	model->note = h->note;
	model->iteration = h->iteration;
	model->limit = h->limit;
	model->converged = h->converged;
	model->loss = h->loss;
	model->score = h->accuracy;
}

bool headway_there(const struct headway *h, double objective, double gain,
		   double before)
{
	double relative = gain / objective;

	return relative <= h->tolerance * h->tolerance ||
	       (relative <= ROUNDING && gain > FALLING * before);
}

bool headway_endless(double objective, double gain, double before)
{
	return gain / objective <= 1e-8 && gain > 0.2 * before;
}

enum method_status headway_done(struct headway *h, const char *note)
{
	h->converged = true;
	h->note = note;
	return METHOD_DONE;
}

enum method_status headway_stuck(struct headway *h, const char *why)
{
	h->note = why;
	return METHOD_STUCK;
}

enum method_status headway_overflow(struct headway *h)
{
	return headway_stuck(h, "the objective is not a number: clean "
			     "standardize, or leave large columns out");
}

enum method_status headway_more(struct headway *h)
{
	return h->iteration < h->limit ? METHOD_MORE :
	       headway_stuck(h, "not at the optimum: iterations= allows more");
}
