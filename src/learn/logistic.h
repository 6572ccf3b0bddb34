/*
 * logistic.h - logistic regression: one problem, two solvers
 *
 * Each solver is a method of its own; method_logistic hands over to the one
 * that solver= names.
 */
#ifndef GEMBA_LOGISTIC_H
#define GEMBA_LOGISTIC_H

#include "learn/method.h"

/* solver= l2= tolerance= iterations= */
extern const struct option logistic_options[];

extern const struct method logistic_newton;
extern const struct method logistic_liblinear;

#endif
