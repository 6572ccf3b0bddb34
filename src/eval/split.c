#include "eval/split.h"

#include <assert.h>
#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "eval/split-plan.h"

/* In the order of this list. */
enum { TEST, SEED, STRATIFY, TIME, GROUP, GAP, FOLDS, SHUFFLE };

const struct option split_options[] = {
	[TEST] = { .name = "test", .type = OPTION_NUMBER, .dflt = "0.2",
	  .min = 0, .max = 1,
	  .help = "the share of the rows that is kept for testing" },
	[SEED] = { .name = "seed", .type = OPTION_WHOLE, .dflt = "42",
	  .min = 0, .max = UINT32_MAX,
	  .help = "the same seed chooses the same rows" },
	[STRATIFY] = { .name = "stratify", .type = OPTION_CHOICE, .dflt = "no",
	  .choices = "yes no",
	  .help = "yes: the classes have the same shares on both sides" },
	[TIME] = { .name = "time", .type = OPTION_TEXT,
	  .help = "train on what was before, test on what came after" },
	[GROUP] = { .name = "group", .type = OPTION_TEXT,
	  .help = "rows that share a value of this column stay together" },
	[GAP] = { .name = "gap", .type = OPTION_TEXT, .dflt = "0",
	  .help = "with time=: rows, or time such as 2h, left out between" },
	[FOLDS] = { .name = "folds", .type = OPTION_WHOLE,
	  .min = 2, .max = 1000,
	  .help = "so many tests, that take turns" },
	[SHUFFLE] = { .name = "shuffle", .type = OPTION_CHOICE, .dflt = "yes",
	  .choices = "yes no",
	  .help = "no: in the order of the file" },
	{ .name = NULL }
};

/* ---- what was asked for ---- */

static bool says_yes(const struct option_values *v, const char *name)
{
	return !strcmp(options_text(v, name), "yes");
}

/* The seconds of a unit of time; 0 when it is none. */
static double unit_seconds(const char *unit)
{
	static const struct {
		const char *name;
		double seconds;
	} units[] = {
		{ "s", 1 }, { "min", 60 }, { "h", 3600 }, { "d", 86400 },
		{ "w", 604800 },
	};

	for (size_t i = 0; i < ARRAY_LEN(units); i++)
		if (!strcmp(unit, units[i].name))
			return units[i].seconds;
	return 0;
}

/* gap= is a number of rows, or a number and a unit of time. */
static bool read_gap(const char *text, struct split *split, struct err *err)
{
	char *unit;
	double x = strtod(text, &unit);
	double seconds = unit_seconds(unit);

	/* strtod() knows more than people write. */
	if ((isdigit((unsigned char)*text) || *text == '.') && isfinite(x) &&
	    unit == text + strspn(text, "0123456789.")) {
		if (seconds > 0) {
			split->gap_seconds = x * seconds;
			return true;
		}
		if (!*unit && x == floor(x) && x <= UINT32_MAX) {
			split->gap_rows = (size_t)x;
			return true;
		}
	}
	return err_set(err, ERR_USAGE, "gap=%.60s: rows are wanted, as in "
		       "gap=100, or a time with its unit, as in gap=90s, "
		       "30min, 2h, 1d or 1w", text);
}

bool split_check(const struct option_values *v, size_t *index, struct err *err)
{
	bool time = options_text(v, "time"), group = options_text(v, "group");
	bool folds = options_text(v, "folds");
	struct split read = { 0 };

	*index = GAP;
	if (!read_gap(options_text(v, "gap"), &read, err))
		return false;
	if (!time && (read.gap_rows > 0 || read.gap_seconds > 0))
		return err_set(err, ERR_USAGE, "gap= is between before and "
			       "after: it goes with time=COLUMN");
	*index = STRATIFY;
	if (says_yes(v, "stratify") && time)
		return err_set(err, ERR_USAGE, "stratify=yes chooses rows by "
			       "their class, time= by when they were: only "
			       "one of them can be kept");
	if (says_yes(v, "stratify") && group && !folds)
		return err_set(err, ERR_USAGE, "stratify=yes chooses rows one "
			       "by one, group= keeps them together: both of "
			       "them want folds=");
	*index = SHUFFLE;
	if (says_yes(v, "shuffle") || folds || time)
		return true;
	if (says_yes(v, "stratify"))
		return err_set(err, ERR_USAGE, "stratify=yes without folds= "
			       "shuffles: leave shuffle=no out, or give "
			       "folds=");
	if (group)
		return err_set(err, ERR_USAGE, "group= without folds= shuffles "
			       "the groups: leave shuffle=no out, or give "
			       "folds=");
	return true;
}

/* The column that an option names, or NULL when it is not given. */
static bool named(const struct option_values *v, const char *option,
		  const struct table *table, const struct column **column,
		  struct err *err)
{
	const char *name = options_text(v, option);
	int c = name ? table_find(table, name) : -1;

	*column = c < 0 ? NULL : &table->column[c];
	if (!name || *column)
		return true;
	return err_set(err, ERR_USAGE, "%s=: there is no column '%.80s'",
		       option, name);
}

static bool has_order(const struct column *c, struct err *err)
{
	if (!c || c->number)
		return true;
	return err_set(err, ERR_DATA, "time=%.80s is a %s column; what comes "
		       "first is known of times and numbers only: type it, or "
		       "name another", c->name, column_type_name[c->type]);
}

static bool has_classes(const struct table *table, int target,
			struct split *split, struct err *err)
{
	const struct column *c;

	if (target < 0)
		return err_set(err, ERR_USAGE, "stratify=yes keeps the shares "
			       "of the target's classes, and there is no "
			       "target yet: target COLUMN");
	c = &table->column[target];
	split->stratify = c;
	if (c->type == COLUMN_TEXT || c->type == COLUMN_TIME)
		return err_set(err, ERR_DATA, "stratify=yes wants classes, and "
			       "the target %.80s is a %s column: type it as a "
			       "category, or leave stratify= out", c->name,
			       column_type_name[c->type]);
	return true;
}

bool split_init(struct split *split, const struct option_values *v,
		const struct table *table, int target, struct err *err)
{
	size_t index;

	*split = (struct split){
		.test = options_number(v, "test"),
		.seed = (uint32_t)options_number(v, "seed"),
		.shuffle = says_yes(v, "shuffle"),
	};
	if (options_text(v, "folds"))
		split->folds = (size_t)options_number(v, "folds");
	return split_check(v, &index, err) &&
	       read_gap(options_text(v, "gap"), split, err) &&
	       named(v, "time", table, &split->time, err) &&
	       named(v, "group", table, &split->group, err) &&
	       has_order(split->time, err) &&
	       (split->gap_seconds == 0 || split->time->type == COLUMN_TIME ||
		err_set(err, ERR_DATA, "gap=%.60s is a time, and time=%.80s a "
			"column of numbers: give gap= in rows, or type it "
			"as time", options_text(v, "gap"),
			split->time->name)) &&
	       (!says_yes(v, "stratify") ||
		has_classes(table, target, split, err));
}

/* ---- shares and chance ---- */

bool split_share(size_t n, const char *what, double test, size_t *tests,
		 struct err *err)
{
	double wanted = ceil((double)n * test);

	*tests = (size_t)wanted;
	if (wanted >= 1 && wanted < (double)n)
		return true;
	return err_set(err, ERR_DATA, "split test=%g of %zu %s%s leaves none "
		       "to %s: %s", test, n, what, n == 1 ? "" : "s",
		       wanted >= 1 ? "train on" : "test with",
		       n < 2 ? "two at least are needed" :
		       wanted >= 1 ? "a smaller test=" : "a larger test=");
}

bool split_shuffle(struct rng *rng, uint32_t *a, size_t n, struct job *job,
		   struct err *err)
{
	/* So many take some milliseconds. */
	enum { PART = 1 << 18 };

	while (n > 1) {
		size_t to = n > PART ? n - PART : 1;

		if (job_cancelled(job))
			return err_cancelled(err);
		rng_shuffle_down(rng, a, n, to);
		n = to;
	}
	return true;
}

/* The first of mixed test, the others train. */
static bool take_first(const struct rows *mixed, size_t tests,
		       struct rows *train, struct rows *test, struct err *err)
{
	if (!rows_room(test, tests, err))
		return false;
	if (!rows_room(train, mixed->n - tests, err)) {
		rows_clear(test);
		return false;
	}
	memcpy(test->row, mixed->row, tests * sizeof(*mixed->row));
	memcpy(train->row, mixed->row + tests, train->n * sizeof(*mixed->row));
	return true;
}

static bool mix(const struct rows *all, double test, uint32_t seed,
		struct rows *train, struct rows *tested, struct job *job,
		struct err *err)
{
	struct rng rng;
	struct rows mixed;
	size_t tests;
	bool ok;

	if (!split_share(all->n, "row", test, &tests, err) ||
	    !rows_room(&mixed, all->n, err))
		return false;
	memcpy(mixed.row, all->row, all->n * sizeof(*all->row));
	rng_init(&rng, seed);
	ok = split_shuffle(&rng, mixed.row, mixed.n, job, err) &&
	     take_first(&mixed, tests, train, tested, err);
	rows_clear(&mixed);
	return ok;
}

bool split_random(const struct rows *all, double test, uint32_t seed,
		  struct rows *train_rows, struct rows *test_rows,
		  struct err *err)
{
	return mix(all, test, seed, train_rows, test_rows, NULL, err);
}

/* scikit-learn's KFold: the first n % k of the folds have one row more. */
static bool deal(struct split_plan *plan, struct job *job, struct err *err)
{
	size_t n = plan->rows->n, k = plan->folds, at = 0;
	struct rows mixed;
	struct rng rng;
	bool ok = true;

	if (k > n)
		return err_set(err, ERR_DATA, "folds=%zu of %zu rows: there "
			       "can be no more folds than rows", k, n);
	if (!rows_all(&mixed, n, err))
		return false;
	rng_init(&rng, plan->split.seed);
	if (plan->split.shuffle)
		ok = split_shuffle(&rng, mixed.row, n, job, err);
	for (size_t f = 0; f < k; f++)
		for (size_t i = n / k + (f < n % k); i > 0; i--)
			plan->fold_of[mixed.row[at++]] = (uint32_t)f;
	rows_clear(&mixed);
	return ok;
}

bool split_by_chance(struct split_plan *plan, struct job *job, struct err *err)
{
	const struct split *s = &plan->split;
	size_t n = plan->rows->n, tests;

	if (s->folds)
		return deal(plan, job, err);
	if (s->shuffle)
		return mix(plan->rows, s->test, s->seed, &plan->train,
			   &plan->test, job, err);
	if (!split_share(n, "row", s->test, &tests, err))
		return false;
	for (size_t i = 0; i < n; i++)
		plan->fold_of[i] = i < n - tests;
	return true;
}

/* ---- the plan ---- */

struct split_plan *split_plan_new(const struct split *split,
				  const struct rows *rows, struct job *job,
				  struct err *err)
{
	struct split_plan *plan = mem_new(sizeof(*plan));
	bool mixed = !split->folds && !split->group && split->shuffle;

	plan->split = *split;
	plan->rows = rows;
	plan->folds = split->folds ? split->folds : 1;
	if (!split->time && !mixed) {
		plan->fold_of = mem_try(rows->n, sizeof(*plan->fold_of));
		if (!plan->fold_of) {
			err_set(err, ERR_NOMEM, "no memory to split %zu rows",
				rows->n);
			split_plan_free(plan);
			return NULL;
		}
	}
	if (split->time ? split_by_time(plan, job, err) :
	    split->group ? split_by_group(plan, job, err) :
	    split->stratify ? split_by_class(plan, job, err) :
			      split_by_chance(plan, job, err))
		return plan;
	split_plan_free(plan);
	return NULL;
}

void split_plan_free(struct split_plan *plan)
{
	if (!plan)
		return;
	rows_clear(&plan->train);
	rows_clear(&plan->test);
	free(plan->fold_of);
	sorted_clear(&plan->line.by);
	free(plan->line.before);
	free(plan->line.start);
	free(plan);
}

size_t split_plan_folds(const struct split_plan *plan)
{
	return plan->folds;
}

/* Of time= the first rows never test; a shuffled split has its test rows. */
size_t split_plan_tested(const struct split_plan *plan)
{
	size_t n = plan->rows->n, tested = 0;

	if (plan->split.time)
		return n - plan->line.start[0];
	if (!plan->fold_of)
		return plan->test.n;
	for (size_t i = 0; i < n; i++)
		tested += plan->fold_of[i] < plan->folds;
	return tested;
}

void fold_clear(struct fold *fold)
{
	rows_clear(&fold->train);
	rows_clear(&fold->test);
	rows_clear(&fold->gap);
	rows_clear(&fold->later);
}

/* What is of that fold tests, the others train, as they stand in the file. */
static bool deal_fold(const struct split_plan *plan, uint32_t number,
		      struct fold *fold, struct job *job, struct err *err)
{
	size_t n = plan->rows->n, tests = 0;
	uint32_t *to[2];

	for (size_t i = 0; i < n; i++)
		tests += plan->fold_of[i] == number;
	if (tests == 0 || tests == n)
		return err_set(err, ERR_DATA, "fold %u of %zu has no rows to "
			       "%s: fewer folds=", (unsigned)number + 1,
			       plan->folds, tests ? "train on" : "test with");
	if (job_cancelled(job))
		return err_cancelled(err);
	if (!rows_room(&fold->test, tests, err) ||
	    !rows_room(&fold->train, n - tests, err))
		return false;
	to[0] = fold->train.row;
	to[1] = fold->test.row;
	for (size_t i = 0; i < n; i++)
		*to[plan->fold_of[i] == number]++ = plan->rows->row[i];
	return true;
}

bool split_plan_fold(const struct split_plan *plan, size_t number,
		     struct fold *fold, struct job *job, struct err *err)
{
	bool ok;

	assert(number < plan->folds);
	*fold = (struct fold){ 0 };
	if (plan->split.time)
		ok = split_time_fold(plan, number, fold, job, err);
	else if (plan->fold_of)
		ok = deal_fold(plan, (uint32_t)number, fold, job, err);
	else
		ok = rows_copy(&fold->train, &plan->train, err) &&
		     rows_copy(&fold->test, &plan->test, err);
	if (!ok)
		fold_clear(fold);
	return ok;
}
