/*
 * logistic.h - logistic regression: two classes or more, and its solvers
 *
 * Each solver is a method of its own; method_logistic hands over to the one
 * that solver=, the penalty, the classes and the number of weights ask for.
 */
#ifndef GEMBA_LOGISTIC_H
#define GEMBA_LOGISTIC_H

#include "learn/method.h"

/* solver= l2= tolerance= iterations= l1= class_weight= type= intercept= */
extern const struct option logistic_options[];

/* 0 and true when they are not given, as most would have it. */
double logistic_l1(const struct option_values *options);
bool logistic_intercept(const struct option_values *options);

extern const struct method logistic_newton;
extern const struct method logistic_liblinear;
extern const struct method logistic_softmax;
extern const struct method logistic_sparse;
extern const struct method logistic_wide;

#endif
