/*
 * previous.h - the last value before each row: what persistence tells
 *
 * In order of time each row is told the number of the last row before it that
 * was known then: rows that test as well, so it looks one step ahead.  Rows of
 * one time are told the same.  Who has none before it, and rows that neither
 * train nor test, are told the mean of the training rows.
 */
#ifndef GEMBA_PREVIOUS_H
#define GEMBA_PREVIOUS_H

#include "learn/method.h"

/* mean is of the training rows.  NULL: no memory, or stopped. */
struct previous *previous_new(const struct problem *problem, double mean,
			      struct job *job, struct err *err);
void previous_release(struct previous *previous);

/* Mean squared error on the training rows. */
double previous_loss(const struct previous *previous,
		     const struct problem *problem);

/* Make the model tell that. */
void previous_become(struct previous *previous, struct model *model);

#endif
