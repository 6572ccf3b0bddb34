/*
 * holdout.h - training rows that a method does not learn from
 *
 * A method that could go on for ever keeps a share of the training rows aside
 * and stops when it gets no better on them: early stopping.  The test rows have
 * no say in it.
 */
#ifndef GEMBA_HOLDOUT_H
#define GEMBA_HOLDOUT_H

#include "learn/method.h"

/*
 * Put the places of all training rows (i of problem.train->row[i]) in order:
 * those to learn from, in their order, and then those held out, share of them
 * or as near as may be.  They are drawn by problem.seed; of classes, from each
 * its share, and each keeps one row at least to learn from.  Returns how many
 * there are to learn from; all of them when share is 0 or there is too little
 * to hold out.
 */
size_t holdout(const struct problem *problem, double share, uint32_t *order);

#endif
