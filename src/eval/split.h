/*
 * split.h - which rows train and which rows test
 */
#ifndef GEMBA_SPLIT_H
#define GEMBA_SPLIT_H

#include <stdbool.h>

#include "base/err.h"
#include "base/option.h"
#include "data/rows.h"

extern const struct option split_options[];	/* test= seed= */

/*
 * The very rows of scikit-learn's train_test_split(test_size=test,
 * random_state=seed): of a permutation of all, the first ceil(n * test) test
 * and the others train, both in the order of the permutation.  An error when
 * either side would be empty.
 */
bool split_random(const struct rows *all, double test, uint32_t seed,
		  struct rows *train_rows, struct rows *test_rows,
		  struct err *err);

#endif
