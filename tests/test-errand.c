/*
 * test-errand.c - small jobs beside the main work
 */
#include "command/errand.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/mem.h"

static int wake[2];
static struct errands *errands;

/* An errand that waits until it may end, and what came of it. */
struct task {
	atomic_bool begun, may_end;
	bool fails;
	int ended;		/* how often done() was called */
	enum err_code code;
};

static bool run(struct job *job, void *what, struct err *err)
{
	struct task *task = what;

	atomic_store(&task->begun, true);
	while (!atomic_load(&task->may_end)) {
		if (job_cancelled(job))
			return err_cancelled(err);
		usleep(500);
	}
	return !task->fails || err_set(err, ERR_DATA, "it fails");
}

static void done(struct session *s, void *what, const struct err *err)
{
	struct task *task = what;

	assert_null(s);
	task->ended++;
	task->code = err->code;
}

static const struct errand errand = { run, done };

static int begin(void **state)
{
	(void)state;
	if (pipe2(wake, O_NONBLOCK | O_CLOEXEC))
		return -1;
	errands = errands_new(wake[1]);
	return 0;
}

static int end(void **state)
{
	(void)state;
	errands_free(errands, NULL, false);
	return close(wake[0]) || close(wake[1]);
}

static void send_off(enum errand_kind kind, struct task *task)
{
	errands_send(errands, NULL, kind, &errand, task);
}

static void wait_for_end(struct task *task)
{
	for (int i = 0; i < 10000 && !task->ended; i++) {
		usleep(500);
		errands_turn(errands, NULL);
	}
	assert_int_equal(task->ended, 1);
}

static void wait_for_begin(struct task *task)
{
	for (int i = 0; i < 10000 && !atomic_load(&task->begun); i++) {
		usleep(500);
		errands_turn(errands, NULL);
	}
	assert_true(atomic_load(&task->begun));
}

static void one_after_the_other_comes_to_its_end(void **state)
{
	struct task rows = { 0 }, find = { .fails = true };

	(void)state;
	send_off(ERRAND_ROWS, &rows);
	send_off(ERRAND_FIND, &find);
	wait_for_begin(&rows);
	assert_true(errands_waiting(errands, ERRAND_ROWS));
	assert_true(errands_waiting(errands, ERRAND_FIND));
	assert_false(atomic_load(&find.begun));
	atomic_store(&rows.may_end, true);
	atomic_store(&find.may_end, true);
	wait_for_end(&rows);
	assert_int_equal(rows.code, ERR_NONE);
	wait_for_end(&find);
	assert_int_equal(find.code, ERR_DATA);
	assert_false(errands_busy(errands));
}

static void a_newer_one_takes_the_place_of_an_older(void **state)
{
	struct task old = { 0 }, between = { 0 }, newest = { 0 };

	(void)state;
	send_off(ERRAND_ROWS, &old);
	wait_for_begin(&old);
	send_off(ERRAND_ROWS, &between);
	send_off(ERRAND_ROWS, &newest);
	assert_int_equal(between.ended, 1);
	assert_int_equal(between.code, ERR_CANCELLED);
	assert_false(atomic_load(&between.begun));
	atomic_store(&newest.may_end, true);
	wait_for_end(&newest);
	assert_int_equal(newest.code, ERR_NONE);
	assert_int_equal(old.ended, 1);
	assert_int_equal(old.code, ERR_CANCELLED);
}

static void what_is_given_up_is_told_so(void **state)
{
	struct task rows = { 0 }, values = { 0 };

	(void)state;
	send_off(ERRAND_ROWS, &rows);
	send_off(ERRAND_VALUES, &values);
	wait_for_begin(&rows);
	errands_cancel_all(errands, NULL);
	assert_false(errands_waiting(errands, ERRAND_ROWS));
	assert_false(errands_waiting(errands, ERRAND_VALUES));
	assert_int_equal(values.ended, 1);
	wait_for_end(&rows);
	assert_int_equal(rows.code, ERR_CANCELLED);
	assert_int_equal(values.ended, 1);
	assert_int_equal(values.code, ERR_CANCELLED);
}

static void what_takes_long_makes_way_and_begins_anew(void **state)
{
	struct task explain = { 0 }, rows = { .may_end = true };

	(void)state;
	send_off(ERRAND_EXPLAIN, &explain);
	wait_for_begin(&explain);
	atomic_store(&explain.begun, false);
	send_off(ERRAND_ROWS, &rows);
	wait_for_end(&rows);
	assert_int_equal(rows.code, ERR_NONE);
	assert_int_equal(explain.ended, 0);
	assert_true(errands_waiting(errands, ERRAND_EXPLAIN));
	wait_for_begin(&explain);
	atomic_store(&explain.may_end, true);
	wait_for_end(&explain);
	assert_int_equal(explain.code, ERR_NONE);
}

static void what_made_way_can_be_given_up(void **state)
{
	struct task explain = { 0 }, rows = { 0 };

	(void)state;
	send_off(ERRAND_EXPLAIN, &explain);
	wait_for_begin(&explain);
	send_off(ERRAND_ROWS, &rows);
	errands_cancel(errands, NULL, ERRAND_EXPLAIN);
	wait_for_end(&explain);
	assert_int_equal(explain.code, ERR_CANCELLED);
	atomic_store(&rows.may_end, true);
	wait_for_end(&rows);
}

static void who_leaves_ends_them_all(void **state)
{
	struct task rows = { 0 }, find = { 0 };

	(void)state;
	send_off(ERRAND_ROWS, &rows);
	send_off(ERRAND_FIND, &find);
	wait_for_begin(&rows);
	errands_free(errands, NULL, false);
	assert_int_equal(rows.ended, 1);
	assert_int_equal(find.ended, 1);
	errands = errands_new(wake[1]);
}

static void without_a_thread_it_is_done_at_once(void **state)
{
	struct errands *alone = errands_new(-1);
	struct task good = { .may_end = true };
	struct task bad = { .may_end = true, .fails = true };

	(void)state;
	errands_send(alone, NULL, ERRAND_EXPORT, &errand, &good);
	assert_int_equal(good.ended, 1);
	assert_int_equal(good.code, ERR_NONE);
	errands_send(alone, NULL, ERRAND_EXPORT, &errand, &bad);
	assert_int_equal(bad.ended, 1);
	assert_int_equal(bad.code, ERR_DATA);
	errands_free(alone, NULL, false);
}

#define BESIDE(f) cmocka_unit_test_setup_teardown(f, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		BESIDE(one_after_the_other_comes_to_its_end),
		BESIDE(a_newer_one_takes_the_place_of_an_older),
		BESIDE(what_is_given_up_is_told_so),
		BESIDE(what_takes_long_makes_way_and_begins_anew),
		BESIDE(what_made_way_can_be_given_up),
		BESIDE(who_leaves_ends_them_all),
		cmocka_unit_test(without_a_thread_it_is_done_at_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
