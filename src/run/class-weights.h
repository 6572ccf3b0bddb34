/*
 * class-weights.h - class_weight= of a method, as a weight of each class
 */
#ifndef GEMBA_CLASS_WEIGHTS_H
#define GEMBA_CLASS_WEIGHTS_H

#include "base/option.h"
#include "run/target.h"

/*
 * *weight, the caller's to free, has one for each class; NULL: all the same, as
 * the option is "none" or there is none.  "balanced" is n / (classes * rows of
 * the class), of a class with no row 1.  "LEVEL:WEIGHT,..." leaves 1 to those
 * that it does not name; a level that is none, or a weight that is not above 0,
 * is an error.  So is any but "none" for a target that is a number.
 */
bool weights_of_classes(const struct option_values *options,
			const struct target *target, const struct truth *train,
			double **weight, struct err *err);

#endif
