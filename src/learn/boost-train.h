/*
 * boost-train.h - boosting while it goes on: for boost*.c alone
 */
#ifndef GEMBA_BOOST_TRAIN_H
#define GEMBA_BOOST_TRAIN_H

#include "learn/boost.h"
#include "learn/method.h"

/* Some rows with what is to be told of them, in the order of the table. */
struct some_rows {
	size_t n;
	uint32_t *row;		/* owned */
	uint32_t *y;		/* owned; or number */
	double *number;		/* owned; less the center, over the scale */
};

struct booster {
	const struct problem *problem;
	struct option_values options;	/* owned */
	size_t wanted, patience;
	double share;		/* to hold out */
	struct boost *boost;
	const struct boost_library *library;
	struct some_rows learn, held;
	float *held_x;		/* owned: held.n by p */
	float *held_score;	/* owned: held.n by outputs */
	void *matrix, *handle;	/* XGBoost's: learn, and the booster */
	bool ready, done;
	bool ended;		/* done, or stopped */
	double loss, score, held_loss;	/* of the newest round */
};

/* Whether increasing= and decreasing= make sense. */
bool boost_check(const struct booster *b, struct err *err);
/* All that comes before the first round.  False: failed, or job_stopped(). */
bool boost_begin(struct booster *b, struct job *job, struct err *err);
void boost_rows_clear(struct some_rows *some);

/* The weight of a row: that of its class. */
static inline double boost_weight(const struct booster *b,
				  const struct some_rows *some, size_t i)
{
	return b->problem->class_weight ?
	       b->problem->class_weight[some->y[i]] : 1;
}

/* Of rows with these scores the mean loss, in the unit of the target, and the
 * share that is told rightly (NaN: numbers). */
void boost_measure(const struct booster *b, const struct some_rows *some,
		   const float *score, double *loss, double *right);

#endif
