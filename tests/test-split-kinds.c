/*
 * test-split-kinds.c - splits by class, group and time, and folds
 *
 * Rows that are said to be scikit-learn's were made by its version 1.2.1;
 * tests/oracle/sklearn_splits.py compares many more.
 */
#include "eval/split.h"

#include "tables.h"

#include <time.h>

enum { ROWS = 400 };

static struct err err;

/* Three columns around arrays: t a number, g a number, y a category. */
struct plant {
	double t[ROWS], g[ROWS];
	uint32_t y[ROWS];
	struct column column[3];
	struct table table;
	struct rows all;
};

static const char *classes[] = { "a", "b", "c" };

static struct plant *plant(size_t n)
{
	struct plant *p = mem_new(sizeof(*p));

	p->column[0] = numbers("t", p->t);
	p->column[1] = numbers("g", p->g);
	p->column[2] = levels("y", p->y, classes, 3);
	p->table = table_of(p->column, 3, n);
	assert_true(rows_all(&p->all, n, &err));
	return p;
}

static void plant_free(struct plant *p)
{
	rows_clear(&p->all);
	free(p);
}

/* A plan for "time=t gap=3"; NULL on an error, which is in err. */
static struct split_plan *plan(const struct plant *p, const char *words)
{
	struct option_values options;
	char *copy = mem_strdup(words), *rest = copy, *word;
	struct split_plan *made = NULL;
	struct split split;
	bool ok = true;

	options_init(&options, split_options);
	while (ok && (word = strsep(&rest, " ")))
		ok = options_set(&options, "split", word, &err);
	if (ok && split_init(&split, &options, &p->table, 2, &err))
		made = split_plan_new(&split, &p->all, NULL, &err);
	options_clear(&options);
	free(copy);
	return made;
}

static void refused(const struct plant *p, const char *words,
		    const char *why)
{
	struct split_plan *made;
	struct fold fold;

	err.text[0] = '\0';
	made = plan(p, words);
	if (made)
		assert_false(split_plan_fold(made, 0, &fold, NULL, &err));
	split_plan_free(made);
	if (!strstr(err.text, why))
		fail_msg("%s: '%s' is not '%s'", words, err.text, why);
}

static void same(const struct rows *rows, const uint32_t *wanted, size_t n)
{
	assert_int_equal(rows->n, n);
	assert_memory_equal(rows->row, wanted, n * sizeof(*wanted));
}

/* The rows of a side as text: "3 0 7". */
static const char *text_of(const struct rows *rows)
{
	static char text[4 * ROWS + 1];
	size_t used = 0;

	*text = '\0';
	for (size_t i = 0; i < rows->n; i++)
		used += (size_t)snprintf(text + used, sizeof(text) - used,
					 i ? " %u" : "%u",
					 (unsigned)rows->row[i]);
	return text;
}

/* Check one fold, side by side. */
static void gives(const struct plant *p, const char *words, size_t number,
		  const char *train, const char *test, const char *gap)
{
	struct split_plan *made = plan(p, words);
	struct fold fold;

	if (!made)
		fail_msg("%s: %s", words, err.text);
	if (!split_plan_fold(made, number, &fold, NULL, &err))
		fail_msg("%s: %s", words, err.text);
	if (train)
		assert_string_equal(text_of(&fold.train), train);
	assert_string_equal(text_of(&fold.test), test);
	assert_string_equal(text_of(&fold.gap), gap);
	fold_clear(&fold);
	split_plan_free(made);
}

static void set_numbers(double *x, const char *text)
{
	for (char *end; *text; text = end)
		*x++ = strtod(text, &end);
}

/* ---- beside scikit-learn ---- */

static struct plant *twenty_classes(void)
{
	static const char *const letters = "abacabcaabbcabaacbab";
	struct plant *p = plant(20);

	for (size_t i = 0; i < 20; i++)
		p->y[i] = (uint32_t)(letters[i] - 'a');
	return p;
}

static void classes_keep_their_shares_as_in_scikit_learn(void **state)
{
	struct plant *p = twenty_classes();

	(void)state;
	gives(p, "test=0.3 seed=5 stratify=yes", 0,
	      "11 15 9 13 6 1 18 0 17 2 8 16 4 5", "3 19 12 10 7 14", "");
	gives(p, "folds=3 seed=1 stratify=yes", 0, NULL, "1 2 6 8 12 13 19",
	      "");
	gives(p, "folds=3 seed=1 stratify=yes", 2, NULL, "0 3 4 7 10 17", "");
	plant_free(p);
}

static void groups_are_chosen_as_in_scikit_learn(void **state)
{
	struct plant *p = plant(12);

	(void)state;
	set_numbers(p->g, "3 1 3 2 1 5 5 3 2 1 4 4");
	gives(p, "group=g test=0.4 seed=3", 0, "0 1 2 3 4 7 8 9", "5 6 10 11",
	      "");
	gives(p, "group=g folds=3", 0, NULL, "0 2 3 7 8", "");
	gives(p, "group=g folds=3", 1, NULL, "1 4 9", "");
	plant_free(p);
}

static void folds_are_dealt_as_in_scikit_learn(void **state)
{
	struct plant *p = plant(10);

	(void)state;
	gives(p, "folds=3 seed=9", 0, "0 1 3 5 6 9", "2 4 7 8", "");
	gives(p, "folds=3 seed=9", 2, NULL, "0 5 6", "");
	gives(p, "folds=3 shuffle=no", 1, "0 1 2 3 7 8 9", "4 5 6", "");
	gives(p, "test=0.25 shuffle=no", 0, "0 1 2 3 4 5 6", "7 8 9", "");
	plant_free(p);
}

/* ---- before and after ---- */

static void what_came_last_tests(void **state)
{
	struct plant *p = plant(6);

	(void)state;
	set_numbers(p->t, "30 -10 20 50 0 40");
	gives(p, "time=t test=0.3", 0, "1 4 2 0", "5 3", "");
	gives(p, "time=t test=0.3 gap=1", 0, "1 4 2", "5 3", "0");
	gives(p, "time=t folds=2", 0, "1 4", "2 0", "");
	gives(p, "time=t folds=2", 1, "1 4 2 0", "5 3", "");
	plant_free(p);
}

static void rows_of_one_time_stay_together_in_the_test(void **state)
{
	struct plant *p = plant(8);

	(void)state;
	set_numbers(p->t, "1 2 2 3 3 3 3 4");
	gives(p, "time=t test=0.25", 0, "0 1 2", "3 4 5 6 7", "");
	/* They train when nothing else would. */
	set_numbers(p->t, "1 1 1 1 1 1 1 4");
	gives(p, "time=t test=0.5", 0, "0 1 2 3 4 5 6", "7", "");
	/* A fold more needs a time more. */
	set_numbers(p->t, "1 1 1 1 1 1 2 3");
	gives(p, "time=t folds=2", 0, "0 1 2 3 4 5", "6", "");
	gives(p, "time=t folds=2", 1, "0 1 2 3 4 5 6", "7", "");
	refused(p, "time=t folds=3", "has 3 different times, and 4 are wanted");
	/* An earlier test makes room for a large last one. */
	set_numbers(p->t, "1 2 3 3 3 3 3 3");
	gives(p, "time=t folds=2", 0, "0", "1", "");
	gives(p, "time=t folds=2", 1, "0 1", "2 3 4 5 6 7", "");
	set_numbers(p->t, "1 1 1 1 1 1 1 1");
	refused(p, "time=t", "has 1 different time, and 2 are wanted");
	plant_free(p);
}

static void a_gap_can_be_a_time(void **state)
{
	struct plant *p = plant(6);

	(void)state;
	p->column[0].type = COLUMN_TIME;
	set_numbers(p->t, "0 3600 7200 10800 14400 18000");
	/* What is as far away as the gap trains. */
	gives(p, "time=t test=0.2 gap=2h", 0, "0 1 2", "4 5", "3");
	gives(p, "time=t test=0.2 gap=121min", 0, "0 1", "4 5", "2 3");
	gives(p, "time=t test=0.2 gap=3599s", 0, "0 1 2 3", "4 5", "");
	refused(p, "time=t gap=1d", "gap= leaves none to train on");
	p->column[0].type = COLUMN_NUMBER;
	refused(p, "time=t gap=1d", "give gap= in rows");
	plant_free(p);
}

/* Group 1 goes on while group 2 is tested: its last row is left out. */
static void groups_that_reach_into_the_test_are_cut(void **state)
{
	struct plant *p = plant(8);

	(void)state;
	set_numbers(p->t, "0 1 2 3 4 5 6 7");
	set_numbers(p->g, "0 0 1 1 2 1 2 2");
	gives(p, "time=t group=g test=0.3", 0, "0 1 2 3", "4 6 7", "5");
	gives(p, "time=t group=g test=0.3 gap=2", 0, "0 1", "4 6 7", "2 3 5");
	gives(p, "time=t group=g folds=2", 0, "0 1", "2 3 5", "");
	gives(p, "time=t group=g folds=2", 1, "0 1 2 3", "4 6 7", "5");
	refused(p, "time=t group=g folds=3", "begin at 3 different times");
	plant_free(p);

	/* Two that run side by side. */
	p = plant(40);
	for (size_t i = 0; i < 40; i++) {
		p->t[i] = (double)i;
		p->g[i] = (double)(i % 2);
	}
	refused(p, "time=t group=g", "only 1 of 20 rows to train on");
	plant_free(p);
}

/* ---- whatever the table ---- */

static bool group_in(const struct plant *p, const struct rows *rows, double g)
{
	for (size_t i = 0; i < rows->n; i++)
		if (p->g[rows->row[i]] == g)
			return true;
	return false;
}

static void holds(const struct plant *p, const char *words,
		  const struct fold *fold)
{
	const struct rows *side[] = { &fold->train, &fold->test, &fold->gap,
				      &fold->later };
	int times[ROWS] = { 0 };

	for (size_t s = 0; s < ARRAY_LEN(side); s++)
		for (size_t i = 0; i < side[s]->n; i++)
			times[side[s]->row[i]]++;
	for (size_t i = 0; i < p->all.n; i++)
		assert_int_equal(times[i], 1);
	assert_true(fold->train.n > 0 && fold->test.n > 0);
	for (size_t i = 0; i < fold->train.n; i++) {
		uint32_t row = fold->train.row[i];

		if (strstr(words, "group="))
			assert_false(group_in(p, &fold->test, p->g[row]));
		for (size_t j = 0; strstr(words, "time=") &&
		     j < fold->test.n; j++)
			assert_true(p->t[row] < p->t[fold->test.row[j]]);
	}
}

static void every_row_is_on_one_side_and_promises_hold(void **state)
{
	static const char *const words[] = {
		"test=0.3", "shuffle=no", "stratify=yes", "group=g", "time=t",
		"time=t gap=2", "time=t group=g", "time=t group=g test=0.4",
		"folds=3", "folds=3 stratify=yes", "folds=3 group=g",
		"folds=3 time=t", "folds=3 time=t group=g",
		"folds=3 stratify=yes group=g",
	};
	struct rng rng;

	(void)state;
	rng_init(&rng, 1);
	for (size_t n = 30; n < ROWS; n += 37) {
		struct plant *p = plant(n);
		double first = n % 2 ? -20 : 1.7e9;

		for (size_t i = 0; i < n; i++) {
			p->t[i] = rng_upto(&rng, (uint32_t)n) / 4.0 + first;
			p->g[i] = rng_upto(&rng, (uint32_t)n / 5) / 8.0;
			p->y[i] = rng_upto(&rng, 2);
		}
		/* Groups that follow each other, but for their ends. */
		for (size_t i = 0; i < n; i++)
			p->t[i] += 12 * p->g[i];
		for (size_t w = 0; w < ARRAY_LEN(words); w++) {
			struct split_plan *made = plan(p, words[w]);
			struct fold fold;

			assert_non_null(made);
			for (size_t f = 0; f < split_plan_folds(made); f++) {
				assert_true(split_plan_fold(made, f, &fold,
							    NULL, &err));
				holds(p, words[w], &fold);
				fold_clear(&fold);
			}
			split_plan_free(made);
		}
		plant_free(p);
	}
}

static void row_numbers_are_those_of_the_file(void **state)
{
	const uint32_t train[] = { 5, 3 }, test[] = { 1 };
	uint32_t left[] = { 1, 3, 5 };
	struct plant *p = plant(6);
	struct split_plan *made;
	struct fold fold;

	(void)state;
	set_numbers(p->t, "0 9 NaN 8 NaN 7");
	refused(p, "time=t", "t is missing in 2 of 6 rows");
	rows_clear(&p->all);
	p->all = (struct rows){ 3, left };
	made = plan(p, "time=t");
	assert_non_null(made);
	assert_true(split_plan_fold(made, 0, &fold, NULL, &err));
	same(&fold.train, train, 2);
	same(&fold.test, test, 1);
	fold_clear(&fold);
	split_plan_free(made);
	p->all = (struct rows){ 0 };
	plant_free(p);
}

/* ---- what cannot be ---- */

static void what_cannot_be_split_says_what_to_do(void **state)
{
	struct plant *p = twenty_classes();

	(void)state;
	refused(p, "test=0", "leaves none to test with: a larger test=");
	refused(p, "test=1", "leaves none to train on: a smaller test=");
	refused(p, "group=g", "all rows are of one group");
	refused(p, "folds=21", "no more folds than rows");
	refused(p, "folds=10 stratify=yes", "no class of y has more than 9");
	refused(p, "folds=20 time=t", "at least 21 rows");
	refused(p, "test=0.1 stratify=yes", "only 2 rows to test with");
	refused(p, "time=y", "time=y is a category column");
	refused(p, "group=nothing", "there is no column 'nothing'");
	set_numbers(p->g, "0 1 2");
	refused(p, "group=g folds=4", "g has 3 groups");
	refused(p, "group=g test=0.9", "of 3 groups leaves none to train on");
	for (size_t i = 0; i < 20; i++)
		p->y[i] = i == 7;
	refused(p, "stratify=yes", "only one says y 'b'");
	p->y[3] = LEVEL_MISSING;
	refused(p, "stratify=yes", "y is missing in 1 of 20 rows");
	p->column[2] = numbers("y", p->t);
	set_numbers(p->t, "1 2 3");
	refused(p, "stratify=yes", "is a number with 4 values");
	plant_free(p);
}

static void options_that_do_not_go_together_are_pointed_at(void **state)
{
	static const char *const words[][3] = {
		{ "time=t stratify=yes", "stratify", "only one" },
		{ "group=g stratify=yes", "stratify", "want folds=" },
		{ "gap=3", "gap", "goes with time=" },
		{ "time=t gap=3x", "gap", "rows are wanted" },
		{ "time=t gap=-3", "gap", "rows are wanted" },
		{ "time=t gap=1.5", "gap", "rows are wanted" },
		{ "time=t gap=", "gap", "rows are wanted" },
		{ "group=g shuffle=no", "shuffle", "shuffles the groups" },
		{ "stratify=yes shuffle=no", "shuffle", "or give folds=" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(words); i++) {
		struct option_values options;
		char copy[80], *rest = copy, *word;
		size_t index;

		snprintf(copy, sizeof(copy), "%s", words[i][0]);
		options_init(&options, split_options);
		while ((word = strsep(&rest, " ")))
			assert_true(options_set(&options, "split", word,
						&err));
		assert_false(split_check(&options, &index, &err));
		assert_string_equal(split_options[index].name, words[i][1]);
		assert_non_null(strstr(err.text, words[i][2]));
		options_clear(&options);
	}
}

static bool when_cancelled(struct job *job, void *arg, struct err *why)
{
	const char *const *words = arg;
	struct plant *p = plant(ROWS);
	bool all_said_so = true;

	while (!job_cancelled(job))
		nanosleep(&(struct timespec){ .tv_nsec = 1000000 }, NULL);
	for (size_t i = 0; i < ROWS; i++) {
		p->t[i] = ROWS - (double)i;
		p->g[i] = (double)(i % 7);
		p->y[i] = i % 3;
	}
	for (; *words; words++) {
		struct option_values options;
		struct split split;

		options_init(&options, split_options);
		all_said_so &= options_set(&options, "split", *words, why) &&
			       split_init(&split, &options, &p->table, 2,
					  why) &&
			       !split_plan_new(&split, &p->all, job, why) &&
			       why->code == ERR_CANCELLED;
		options_clear(&options);
	}
	plant_free(p);
	return all_said_so;
}

static void a_cancelled_split_says_so(void **state)
{
	const char *words[] = { "test=0.3", "stratify=yes", "group=g",
				"time=t", "folds=5", NULL };
	struct job *job = job_start(when_cancelled, words, 0, -1, &err);

	(void)state;
	assert_non_null(job);
	job_cancel(job);
	assert_true(job_end(job, &err));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(classes_keep_their_shares_as_in_scikit_learn),
		cmocka_unit_test(groups_are_chosen_as_in_scikit_learn),
		cmocka_unit_test(folds_are_dealt_as_in_scikit_learn),
		cmocka_unit_test(what_came_last_tests),
		cmocka_unit_test(rows_of_one_time_stay_together_in_the_test),
		cmocka_unit_test(a_gap_can_be_a_time),
		cmocka_unit_test(groups_that_reach_into_the_test_are_cut),
		cmocka_unit_test(every_row_is_on_one_side_and_promises_hold),
		cmocka_unit_test(row_numbers_are_those_of_the_file),
		cmocka_unit_test(what_cannot_be_split_says_what_to_do),
		cmocka_unit_test(
			options_that_do_not_go_together_are_pointed_at),
		cmocka_unit_test(a_cancelled_split_says_so),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
