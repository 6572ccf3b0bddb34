/*
 * forecast.h - the outlook of the split that is chosen, found by an errand
 *
 * For those who choose a split: what it means, a moment after each choice, also
 * while a training goes on.  It has stages of its own, so that rules are not
 * applied again for another split.
 */
#ifndef GEMBA_FORECAST_H
#define GEMBA_FORECAST_H

#include "run/outlook.h"

struct session;

/* Ask for it.  Costs nothing when it is known, or is being found. */
void forecast_want(struct session *s);
/*
 * What is known; NULL: nothing yet, or *why says why there is none.  While the
 * one for the choices as they are is being found, the one before, and *stale.
 */
const struct outlook *forecast_of(const struct session *s, bool *stale,
				  const char **why);
void forecast_free(struct session *s);

#endif
