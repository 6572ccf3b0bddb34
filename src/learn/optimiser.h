/*
 * optimiser.h - from the gradient of a batch to the next weights
 *
 *	momentum	v = m v - rate g,  w = w + v
 *	and nesterov	v = m v - rate g,  w = w + m v - rate g
 *	adam		a = m a + (1 - m) g,  s = 0.999 s + 0.001 g^2
 *			w = w - rate a' / (sqrt(s') + 1e-8)
 *
 * with m the momentum, and a', s' divided by 1 - m^k, 1 - 0.999^k at step k.
 * Polyak, USSR Comp. Math. 4 (1964); Sutskever, Martens, Dahl and Hinton, ICML
 * (2013); Kingma and Ba, ICLR (2015).
 *
 * g is the gradient with the penalty l2 in it.  The penalty l1 is no slope but
 * a pull: what is less than rate l1 from 0 after a step is 0, and what is more
 * comes that much nearer; v is the way that was really gone.  Where this stands
 * still the penalised loss is least: Ochs, Chen, Brox and Pock, SIAM J. Imaging
 * Sci. 7 (2014).
 *
 * The rate changes from epoch to epoch, e of E with e from 0:
 *
 *	constant	rate
 *	invscaling	rate / sqrt(1 + e)
 *	cosine		rate (1 + cos(pi e / E)) / 2
 *	step		rate, from half of the epochs on a tenth of it, and
 *			from three quarters on a hundredth
 *
 * With all but constant, the last batch of an epoch, where it is smaller, makes
 * a step that is as much smaller: then all rows count alike, and the weights
 * settle at the optimum.  With constant it is a step like any other, as most
 * programs have it; the weights only jump about the optimum anyway.
 */
#ifndef GEMBA_OPTIMISER_H
#define GEMBA_OPTIMISER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/option.h"

enum schedule { CONSTANT, INVSCALING, COSINE, STEP };

/* Its words as an option has them. */
#define SCHEDULES "constant invscaling cosine step"

struct optimiser {
	size_t size;		/* how many weights */
	bool adam, nesterov;
	enum schedule schedule;
	double first_rate, rate;
	double momentum;
	size_t epochs;
	double *l2, *l1;	/* size: of each weight; l1 NULL: none */
	double *v;		/* size: velocity; of adam the mean of g */
	double *square;		/* size: of adam the mean of g^2 */
	double power, square_power;	/* of adam: m^k, 0.999^k */
};

/* Options rate=, momentum=, nesterov=, schedule= and epochs=; solver= where
 * there is one.  l1: whether there will be such a penalty.  False when there is
 * no memory; all the penalties are 0. */
bool optimiser_init(struct optimiser *o, size_t size, bool l1,
		    const struct option_values *options);
void optimiser_clear(struct optimiser *o);
/* The rate of epoch e. */
void optimiser_epoch(struct optimiser *o, size_t e);
/* One step of w; sum is that of the gradients of n rows, and becomes 0.  most
 * is how many a batch has that is not the last. */
void optimiser_step(struct optimiser *o, double *w, double *sum, size_t n,
		    size_t most);
/* x, as far nearer to 0 as by is. */
double optimiser_pull(double x, double by);

#endif
