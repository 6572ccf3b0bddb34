#include "eval/split.h"

#include <math.h>
#include <string.h>

#include "base/rng.h"

const struct option split_options[] = {
	{ .name = "test", .type = OPTION_NUMBER, .dflt = "0.2",
	  .min = 0, .max = 1,
	  .help = "the share of the rows that is kept for testing" },
	{ .name = "seed", .type = OPTION_WHOLE, .dflt = "42",
	  .min = 0, .max = UINT32_MAX,
	  .help = "the same seed chooses the same rows" },
	{ .name = NULL }
};

bool split_random(const struct rows *all, double test, uint32_t seed,
		  struct rows *train_rows, struct rows *test_rows,
		  struct err *err)
{
	double wanted = ceil((double)all->n * test);
	struct rng rng;
	struct rows mixed;
	size_t tests;

	if (!(wanted >= 1) || !(wanted < (double)all->n))
		return err_set(err, ERR_DATA, "split test=%g of %zu rows "
			       "leaves none to %s", test, all->n,
			       wanted >= 1 ? "train on" : "test with");
	tests = (size_t)wanted;
	if (!rows_room(&mixed, all->n, err))
		return false;
	if (!rows_room(test_rows, tests, err))
		goto no_test;
	if (!rows_room(train_rows, all->n - tests, err))
		goto no_train;

	memcpy(mixed.row, all->row, all->n * sizeof(*all->row));
	rng_init(&rng, seed);
	rng_shuffle(&rng, mixed.row, mixed.n);
	memcpy(test_rows->row, mixed.row, tests * sizeof(*mixed.row));
	memcpy(train_rows->row, mixed.row + tests,
	       train_rows->n * sizeof(*mixed.row));
	rows_clear(&mixed);
	return true;

no_train:
	rows_clear(test_rows);
no_test:
	rows_clear(&mixed);
	return false;
}
