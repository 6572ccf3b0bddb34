/*
 * test-methods.c - what holds for every method in the table
 *
 * The hard cases of real files end in an error that has a name, or in a result
 * in which every number is one, or said to be unknown (NaN) where it may be:
 * never in a crash, a hang or a silent NaN.  Any of them can be stopped, and
 * keeps its model, or dropped.  New methods and new options are covered by
 * being in their tables.
 */
#include "learn/method.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <fcntl.h>
#include <math.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/rng.h"
#include "command/session.h"

/* Seconds that one training may take before it counts as hung. */
enum { HUNG = 120 };

static char path[] = "/tmp/gemba-methods-XXXXXX";
static struct session *s;
static struct err err;
static size_t failures;

/* ---- tables ---- */

/*
 * A cell of feature j of row i, or NULL: missing; of one of the targets.  text
 * has room for 40 letters.
 */
struct hard {
	const char *name;
	size_t rows, features;
	const char *(*cell)(size_t i, size_t j, char *text);
	const char *(*class_of)(size_t i, char *text);
	const char *(*number)(size_t i, char *text);
	const char *line;	/* a command before training; or NULL */
};

/* The same for the same i and j. */
static double any(size_t i, size_t j)
{
	struct rng rng;

	rng_init(&rng, (uint32_t)(i * 1000 + j + 1));
	return rng_double(&rng);
}

static const char *say(char *text, double x)
{
	snprintf(text, 40, "%.17g", x);
	return text;
}

static const char *plain(size_t i, size_t j, char *text)
{
	return say(text, any(i, j));
}

static const char *constant(size_t i, size_t j, char *text)
{
	return j ? plain(i, j, text) : "7.25";
}

/* Each column twice, the second time as another unit has it. */
static const char *twice(size_t i, size_t j, char *text)
{
	return say(text, (j % 2 ? 1 : 100) * any(i, j / 2));
}

static const char *separate(size_t i, size_t j, char *text)
{
	return j ? plain(i, j, text) : say(text, (double)(i % 2) + any(i, j) /
					  4);
}

static const char *large(size_t i, size_t j, char *text)
{
	return say(text, (any(i, j) - 0.3) * 1e12);
}

static const char *beyond(size_t i, size_t j, char *text)
{
	return say(text, (any(i, j) - 0.3) * 1e300);
}

/* The square of one is still a number, or just not. */
static const char *far_beyond_squares(size_t i, size_t j, char *text)
{
	return say(text, (any(i, j) - 0.3) * (j ? 1e150 : 1e155));
}

static const char *at_the_end(size_t i, size_t j, char *text)
{
	return say(text, any(i, j) < 0.5 ? 1.7e308 : -1.7e308);
}

static const char *tiny(size_t i, size_t j, char *text)
{
	return say(text, any(i, j) * 1e-300);
}

static const char *one_far_off(size_t i, size_t j, char *text)
{
	return say(text, i == 3 && j == 1 ? 1e300 : any(i, j));
}

static const char *nothing(size_t i, size_t j, char *text)
{
	return j ? plain(i, j, text) : NULL;
}

static const char *some_missing(size_t i, size_t j, char *text)
{
	return (i + j) % 7 ? plain(i, j, text) : NULL;
}

static const char *one_level(size_t i, size_t j, char *text)
{
	return j ? plain(i, j, text) : "oven";
}

static const char *all_levels(size_t i, size_t j, char *text)
{
	snprintf(text, 40, "L%03zu", (i * 7 + j) % 20);
	return text;
}

static const char *yes_or_no(size_t i, char *text)
{
	(void)text;
	return i % 2 ? "yes" : "no";
}

static const char *last_is_yes(size_t i, char *text)
{
	(void)text;
	return i == 39 ? "yes" : "no";
}

static const char *rare_yes(size_t i, char *text)
{
	(void)text;
	return i % 20 == 3 ? "yes" : "no";
}

static const char *two_hundred(size_t i, char *text)
{
	snprintf(text, 40, "C%03zu", i % 200);
	return text;
}

static const char *alone(size_t i, char *text)
{
	snprintf(text, 40, "C%03zu", i < 20 ? i : i % 3);
	return text;
}

static const char *follows(size_t i, char *text)
{
	return say(text, 3 * any(i, 0) + any(i, 1) + any(i, 99) / 10);
}

static const char *same(size_t i, char *text)
{
	(void)i;
	(void)text;
	return "12.5";
}

/* Those that train say one thing, the last that test say others. */
static const char *same_in_training(size_t i, char *text)
{
	return say(text, i < 32 ? 4 : (double)i);
}

static const char *large_number(size_t i, char *text)
{
	return say(text, (any(i, 0) - 0.5) * 1e12);
}

static const char *beyond_number(size_t i, char *text)
{
	return say(text, (any(i, 0) - 0.5) * 1e300);
}

static const char *squares_number(size_t i, char *text)
{
	return say(text, (any(i, 0) - 0.5) * 1e150);
}

static const char *end_number(size_t i, char *text)
{
	return say(text, any(i, 0) < 0.5 ? 1.7e308 : -1.7e308);
}

static const char *tiny_number(size_t i, char *text)
{
	return say(text, any(i, 0) * 1e-300);
}

static const struct hard cases[] = {
	{ "an ordinary table", 60, 3, plain, yes_or_no, follows, NULL },
	{ "no rows", 0, 3, plain, yes_or_no, follows, NULL },
	{ "one row", 1, 3, plain, yes_or_no, follows, NULL },
	{ "two rows", 2, 3, plain, yes_or_no, follows, NULL },
	{ "three rows", 3, 3, plain, yes_or_no, follows, NULL },
	{ "one class in training", 40, 3, plain, last_is_yes, same_in_training,
	  "split shuffle=no" },
	{ "folds with one class", 40, 3, plain, last_is_yes, same_in_training,
	  "split folds=4 shuffle=no" },
	{ "a rare class in folds", 60, 3, plain, rare_yes, follows,
	  "split folds=5" },
	{ "more features than rows", 12, 30, plain, yes_or_no, follows, NULL },
	{ "one feature", 40, 1, plain, yes_or_no, follows, NULL },
	{ "no features", 40, 3, plain, yes_or_no, follows, "features none" },
	{ "a constant column", 40, 3, constant, yes_or_no, follows, NULL },
	{ "only a constant column", 40, 1, constant, yes_or_no, follows,
	  NULL },
	{ "duplicate columns", 40, 6, twice, yes_or_no, follows, NULL },
	{ "200 classes", 400, 3, plain, two_hundred, follows, NULL },
	{ "classes of one row", 60, 3, plain, alone, follows, NULL },
	{ "perfect separation", 60, 3, separate, yes_or_no, follows, NULL },
	{ "values of 1e12", 60, 3, large, yes_or_no, large_number, NULL },
	{ "values of 1e12, standardized", 60, 3, large, yes_or_no,
	  large_number, "clean standardize" },
	{ "values of 1e300", 60, 3, beyond, yes_or_no, follows, NULL },
	{ "values of 1e300, standardized", 60, 3, beyond, yes_or_no,
	  follows, "clean standardize" },
	{ "values of 1e150", 60, 3, far_beyond_squares, yes_or_no, follows,
	  NULL },
	{ "values of 1e150, standardized", 60, 3, far_beyond_squares,
	  yes_or_no, follows, "clean standardize" },
	{ "the largest values", 60, 3, at_the_end, yes_or_no, follows, NULL },
	{ "a target of 1e150", 60, 3, plain, yes_or_no, squares_number,
	  NULL },
	{ "a target of 1e300", 60, 3, plain, yes_or_no, beyond_number, NULL },
	{ "the largest target", 60, 3, plain, yes_or_no, end_number, NULL },
	{ "values of 1e-300", 60, 3, tiny, yes_or_no, tiny_number, NULL },
	{ "values of 1e-300, standardized", 60, 3, tiny, yes_or_no,
	  tiny_number, "clean standardize" },
	{ "one value of 1e300", 60, 3, one_far_off, yes_or_no, follows, NULL },
	{ "a column without values", 40, 3, nothing, yes_or_no, follows,
	  NULL },
	{ "missing cells", 60, 3, some_missing, yes_or_no, follows, NULL },
	{ "a category with one level", 40, 3, one_level, yes_or_no, follows,
	  NULL },
	{ "nothing but one level", 40, 1, one_level, yes_or_no, follows,
	  NULL },
	{ "many levels", 60, 2, all_levels, yes_or_no, follows,
	  NULL },
	{ "a constant target", 40, 3, plain, yes_or_no, same, NULL },
};

static void write_case(const struct hard *hard)
{
	FILE *out = fopen(path, "w");
	char text[40];

	assert_non_null(out);
	for (size_t j = 0; j < hard->features; j++)
		fprintf(out, "x%zu,", j);
	fputs("class,number\n", out);
	for (size_t i = 0; i < hard->rows; i++) {
		for (size_t j = 0; j < hard->features; j++) {
			const char *cell = hard->cell(i, j, text);

			fprintf(out, "%s,", cell ? cell : "");
		}
		fprintf(out, "%s,", hard->class_of(i, text));
		fprintf(out, "%s\n", hard->number(i, text));
	}
	assert_int_equal(fclose(out), 0);
}

/* ---- what is right ---- */

/* What is known not to hold yet. */
static const struct {
	const char *method, *name, *target, *why;
} to_be_mended[] = {
	{ "", "", "", "" },
};

static bool known(const char *method, const char *name, const char *target)
{
	for (size_t i = 0; i < ARRAY_LEN(to_be_mended); i++)
		if (!strcmp(to_be_mended[i].method, method) &&
		    !strcmp(to_be_mended[i].name, name) &&
		    !strcmp(to_be_mended[i].target, target))
			return true;
	return false;
}

/* What is wrong, with the number; or NULL. */
static char wrong[700];

static void blame(const char *what, double x)
{
	if (!*wrong)
		snprintf(wrong, sizeof(wrong), "%s is %g", what, x);
}

static void is_known(const char *what, double x)
{
	if (!isfinite(x))
		blame(what, x);
}

/* A number, or known to be unknown. */
static void bounded(const char *what, double x)
{
	if (isinf(x))
		blame(what, x);
}

static void classes_are_right(const struct result *r)
{
	size_t width = r->classes > 2 ? r->classes : 1;

	for (size_t i = 0; i < r->test_rows.n * width; i++)
		if (!(r->told[i] >= 0 && r->told[i] <= 1))
			blame("a probability", r->told[i]);
	for (int m = 0; m < CLASS_MEASURES; m++) {
		bounded(class_measure[m].name,
			metrics_measure(&r->test, (enum class_measure)m));
		bounded("an interval", r->interval[m].low);
		bounded("an interval", r->interval[m].high);
	}
	is_known("accuracy", r->test.accuracy);
	is_known("mcc", r->test.mcc);
	is_known("log loss", r->test.log_loss);
	is_known("the accuracy in training", r->train_accuracy);
	is_known("the baseline", r->baseline_accuracy);
}

static void numbers_are_right(const struct result *r)
{
	for (size_t i = 0; i < r->test_rows.n; i++)
		is_known("what is told", r->told[i]);
	for (int m = 0; m < NUMBER_MEASURES; m++) {
		if (m != NUMBER_R2)
			is_known("a measure", r->regression.test.of[m]);
		bounded("a measure", r->regression.test.of[m]);
		bounded("a measure in training", r->regression.train.of[m]);
		bounded("the baseline", r->regression.baseline.of[m]);
		bounded("an interval", r->regression.interval[m].low);
		bounded("an interval", r->regression.interval[m].high);
	}
}

static void weights_are_right(const struct result *r)
{
	for (size_t j = 0; j < r->sets * r->weights; j++) {
		const struct weight *w = &r->weight[j];

		is_known("a weight", w->standardized);
		if (!r->importance)
			is_known("a raw weight", w->raw);
		bounded("a standard error", w->std_error);
		bounded("a p", w->p);
	}
	for (size_t i = 0; i < r->curve_n; i++) {
		bounded("the loss", r->curve[i]);
		bounded("the held-out loss", r->held_curve[i]);
	}
	bounded("the intercept", r->intercept_raw);
}

/* The last net under all methods caught it: it should have been told before,
 * with what to do. */
static bool slipped_through(const char *text)
{
	return strstr(text, "a probability is not a number") ||
	       strstr(text, "a prediction is not a number");
}

/* The outcome of a line is one that a user can go by. */
static void is_right(bool ok)
{
	*wrong = '\0';
	if (!ok && (err.code == ERR_NONE || err.code == ERR_CANCELLED ||
		    !*err.text || slipped_through(err.text)))
		snprintf(wrong, sizeof(wrong), "no named error: '%s'",
			 err.text);
	if (!ok)
		return;
	if (session_newest(s)->task == TASK_CLASSIFICATION)
		classes_are_right(session_newest(s));
	else
		numbers_are_right(session_newest(s));
	weights_are_right(session_newest(s));
}

static void train(const char *line, const char *method, const char *name,
		  const char *target)
{
	bool ok;

	memset(&err, 0, sizeof(err));
	alarm(HUNG);
	ok = session_do(s, line, &err);
	alarm(0);
	is_right(ok);
	if (getenv("GEMBA_OUTCOMES"))
		print_message("%s, %s, target %s: %s\n", line, name, target,
			      ok ? "trained" : err.text);
	if (!*wrong)
		return;
	print_error("%s, %s, target %s: %s%s\n", line, name, target, wrong,
		    known(method, name, target) ? " (known)" : "");
	failures += !known(method, name, target);
}

/* A line that must not fail, unless there is no table to choose from. */
static void choose(const char *line)
{
	if (!session_do(s, line, &err) && !strstr(line, "split"))
		fail_msg("%s: %s", line, err.text);
}

/* ---- the tests ---- */

/* The session of a case with one of its targets; false: it can't be opened,
 * for a reason that has a name. */
static bool begin_case(const struct hard *hard, const char *target)
{
	char line[80];

	s = session_new(-1);
	write_case(hard);
	snprintf(line, sizeof(line), "open %s", path);
	if (!session_do(s, line, &err)) {
		assert_true(*err.text);
		return false;
	}
	snprintf(line, sizeof(line), "target %s", target);
	choose(line);
	snprintf(line, sizeof(line), "features all -%s",
		 strcmp(target, "class") ? "class" : "number");
	choose(line);
	if (hard->line)
		choose(hard->line);
	return true;
}

static void each_method(const struct hard *hard, const char *target)
{
	char line[80];

	if (begin_case(hard, target))
		for (size_t i = 0; methods[i]; i++) {
			snprintf(line, sizeof(line), "train %s",
				 methods[i]->name);
			train(line, methods[i]->name, hard->name, target);
		}
	session_free(s, false);
}

static void hard_cases_end_in_a_result_or_a_named_error(void **state)
{
	(void)state;
	failures = 0;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		each_method(&cases[i], "class");
		each_method(&cases[i], "number");
	}
	assert_int_equal(failures, 0);
}

/* Whole numbers are rounds and rows: more of them only take longer. */
enum { WHOLE_MOST = 50 };
#define NUMBER_MOST 1e9

static void extreme(const struct method *method, const struct option *option,
		    double x, const char *target)
{
	char line[160];

	snprintf(line, sizeof(line), "train %s %s=%.12g", method->name,
		 option->name, x);
	train(line, method->name, option->name, target);
}

static void each_choice(const struct method *method,
			const struct option *option, const char *target)
{
	const char *word = option->choices;

	while (*word) {
		size_t len = strcspn(word, " ");
		char line[160];

		snprintf(line, sizeof(line), "train %s %s=%.*s", method->name,
			 option->name, (int)len, word);
		train(line, method->name, option->name, target);
		word += len + (word[len] == ' ');
	}
}

static void each_option(const struct method *method, const char *target)
{
	for (const struct option *o = method->options; o && o->name; o++) {
		bool whole = o->type == OPTION_WHOLE;
		double most = fmin(o->max, whole ? WHOLE_MOST : NUMBER_MOST);

		if (o->type == OPTION_CHOICE)
			each_choice(method, o, target);
		if (o->type != OPTION_NUMBER && !whole)
			continue;
		extreme(method, o, o->min, target);
		extreme(method, o, fmax(most, o->min), target);
	}
}

static void options_at_their_limits_do_no_harm(void **state)
{
	static const char *const targets[] = { "class", "number" };

	(void)state;
	failures = 0;
	for (size_t k = 0; k < ARRAY_LEN(targets); k++) {
		assert_true(begin_case(&cases[0], targets[k]));
		for (size_t i = 0; methods[i]; i++)
			if (methods[i]->does[k])
				each_option(methods[i], targets[k]);
		session_free(s, false);
	}
	assert_int_equal(failures, 0);
}

/* ---- stopped on the way ---- */

enum {
	WAIT_MS = 120000, SOON_MS = 50, TRIES = 5, GO_ON = 20, MANY_ROWS = 20000
};

static int wake[2];

static long now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000L + t.tv_nsec / 1000000;
}

static void turn(void)
{
	struct pollfd fd = { .fd = wake[0], .events = POLLIN };
	char bytes[64];

	poll(&fd, 1, 5);
	while (read(wake[0], bytes, sizeof(bytes)) > 0)
		;
	session_turn(s);
}

static void until_idle(void)
{
	long start = now_ms();

	while (session_busy(s)) {
		turn();
		if (now_ms() - start > WAIT_MS)
			fail_msg("it does not end");
	}
}

/* A training is under way and has told something, or is over already. */
static void begin_training(const struct method *method)
{
	char line[80];
	long start = now_ms();

	snprintf(line, sizeof(line), "train %s", method->name);
	choose(line);
	while (session_busy(s) && !s->note_fresh) {
		turn();
		if (now_ms() - start > WAIT_MS)
			fail_msg("%s tells nothing", method->name);
	}
}

static void begin_large(const struct method *method)
{
	static const struct hard many = { "many rows", MANY_ROWS, 6, plain,
					  yes_or_no, follows, NULL };
	static bool written;
	char line[80];

	if (!written)
		write_case(&many);
	written = true;
	s = session_new(wake[1]);
	snprintf(line, sizeof(line), "open %s", path);
	choose(line);
	until_idle();
	choose("autotrain off");
	choose(method->does[TASK_CLASSIFICATION] ? "target class"
						 : "target number");
	choose("features all -class -number");
	until_idle();
}

static void a_training_that_is_stopped_keeps_its_model(void **state)
{
	(void)state;
	for (size_t i = 0; methods[i]; i++) {
		if (methods[i]->absent)
			continue;
		begin_large(methods[i]);
		begin_training(methods[i]);
		session_stop(s, true);
		until_idle();
		if (s->results) {
			assert_ptr_equal(session_newest(s)->method, methods[i]);
			is_right(true);
			if (*wrong)
				fail_msg("%s stopped: %s", methods[i]->name,
					 wrong);
		} else if (!strstr(s->message, "before there was a model")) {
			fail_msg("%s stopped: '%s'", methods[i]->name,
				 s->message);
		}
		session_free(s, false);
	}
}

/* Milliseconds from the key to the end of the work. */
static long time_of_drop(const struct method *method)
{
	size_t before = s->results;
	long start;

	begin_training(method);
	start = now_ms();
	session_stop(s, false);
	while (s->working == WORK_TRAIN)
		turn();
	start = now_ms() - start;
	/* What ended before the key is kept. */
	assert_true(s->results <= before + 1);
	until_idle();
	return start;
}

static void a_training_that_is_dropped_ends_at_once(void **state)
{
	(void)state;
	for (size_t i = 0; methods[i]; i++) {
		long best = WAIT_MS;

		/* Others use the machine too: once is enough. */
		begin_large(methods[i]);
		for (int k = 0; k < TRIES && best > SOON_MS; k++) {
			long ms = time_of_drop(methods[i]);

			best = ms < best ? ms : best;
		}
		if (best > SOON_MS)
			fail_msg("%s takes %ld ms to end", methods[i]->name,
				 best);
		session_free(s, false);
	}
}

static void a_training_that_pauses_can_go_on_and_be_dropped(void **state)
{
	(void)state;
	for (size_t i = 0; methods[i]; i++) {
		begin_large(methods[i]);
		begin_training(methods[i]);
		if (session_pause(s, true, &err)) {
			assert_true(session_paused(s));
			assert_true(session_pause(s, false, &err));
		}
		/* Some would take their time to the end. */
		for (int k = 0; k < GO_ON && session_busy(s); k++)
			turn();
		session_stop(s, true);
		until_idle();
		assert_true(s->results <= 1);
		begin_training(methods[i]);
		session_pause(s, true, &err);
		session_stop(s, false);
		until_idle();
		session_free(s, false);
	}
}

static int begin(void **state)
{
	(void)state;
	return close(mkstemp(path)) || pipe2(wake, O_NONBLOCK | O_CLOEXEC);
}

static int end(void **state)
{
	(void)state;
	return unlink(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hard_cases_end_in_a_result_or_a_named_error),
		cmocka_unit_test(options_at_their_limits_do_no_harm),
		cmocka_unit_test(a_training_that_is_stopped_keeps_its_model),
		cmocka_unit_test(a_training_that_is_dropped_ends_at_once),
		cmocka_unit_test(
			a_training_that_pauses_can_go_on_and_be_dropped),
	};

	return cmocka_run_group_tests(tests, begin, end);
}
