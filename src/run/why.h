/*
 * why.h - why a model tells of one row what it tells
 *
 * Each column has a part in it, and all parts and the base together are what is
 * told, exactly; see explain() in learn/model.h.  Beside it stand the training
 * rows that are most like it.
 */
#ifndef GEMBA_WHY_H
#define GEMBA_WHY_H

#include "run/asked.h"
#include "run/explained.h"

/* row: of the table, from 0.  NULL: cancelled, or err says why: cells that the
 * model needs are missing, or there is no such row. */
struct why *why_find(const struct asked *q, size_t row, struct job *job,
		     struct err *err);

/* The training rows nearest to a row, in nears and near of why. */
bool why_nearest(struct why *why, const struct asked *q, struct job *job,
		 struct err *err);

#endif
