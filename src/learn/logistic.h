/*
 * logistic.h - logistic regression: two classes or more, and its solvers
 *
 * Each solver is a method of its own; method_logistic hands over to the one
 * that solver= names, or to that of more than two classes.
 */
#ifndef GEMBA_LOGISTIC_H
#define GEMBA_LOGISTIC_H

#include "learn/method.h"

/* solver= l2= tolerance= iterations= */
extern const struct option logistic_options[];

extern const struct method logistic_newton;
extern const struct method logistic_liblinear;
extern const struct method logistic_softmax;

#endif
