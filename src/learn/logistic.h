/*
 * logistic.h - logistic regression: two classes or more, and its solvers
 *
 * Each solver is a method of its own; method_logistic hands over to the one
 * that solver=, the penalty, the classes and the number of weights ask for.
 */
#ifndef GEMBA_LOGISTIC_H
#define GEMBA_LOGISTIC_H

#include "learn/method.h"

/* solver= l2= l1= class_weight= tolerance= iterations= type= intercept= */
extern const struct option logistic_options[];

extern const struct method logistic_newton;
extern const struct method logistic_liblinear;
extern const struct method logistic_softmax;
extern const struct method logistic_sparse;
extern const struct method logistic_wide;

#endif
