/*
 * test-job.c - one long computation beside the interface
 */
#include "base/job.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static int wake[2];

static int begin(void **state)
{
	(void)state;
	return pipe2(wake, O_NONBLOCK | O_CLOEXEC);
}

static int end(void **state)
{
	(void)state;
	return close(wake[0]) || close(wake[1]);
}

/* Wait for a byte in the pipe and empty it; false after ten seconds. */
static bool woken(void)
{
	struct pollfd pipe = { .fd = wake[0], .events = POLLIN };
	char bytes[64];

	if (poll(&pipe, 1, 10000) != 1)
		return false;
	while (read(wake[0], bytes, sizeof(bytes)) > 0)
		;
	return true;
}

static void wait_until_idle(const struct job *job)
{
	while (job_running(job))
		assert_true(woken());
}

/* ---- work ---- */

static bool count_to(struct job *job, void *arg, struct err *err)
{
	const int *n = arg;

	(void)err;
	for (int i = 1; i <= *n; i++)
		job_post(job, &i);
	return true;
}

static bool spin(struct job *job, void *arg, struct err *err)
{
	(void)arg;
	for (int i = 0; !job_cancelled(job); i++)
		job_post(job, &i);
	return err_cancelled(err);
}

static bool until_stopped(struct job *job, void *arg, struct err *err)
{
	int rounds = 0;

	(void)arg;
	(void)err;
	job_post(job, &rounds);
	while (!job_stopped(job))
		rounds++;
	return !job_cancelled(job);
}

static bool fail_at_once(struct job *job, void *arg, struct err *err)
{
	(void)job;
	(void)arg;
	return err_set(err, ERR_DATA, "line %d is not a row", 7);
}

/* Each step waits until the last one was seen. */
struct steps {
	atomic_int seen;
};

static bool in_steps(struct job *job, void *arg, struct err *err)
{
	struct steps *steps = arg;

	(void)err;
	for (int i = 1; i <= 4; i++) {
		job_progress(job, i / 4.0);
		while (atomic_load(&steps->seen) < i && !job_cancelled(job))
			;
	}
	return true;
}

/* Half of a note is never seen: all its numbers are the same. */
struct wide {
	int number[1000];
};

static bool post_wide(struct job *job, void *arg, struct err *err)
{
	static struct wide note;

	(void)arg;
	(void)err;
	for (int i = 0; !job_cancelled(job); i++) {
		for (size_t k = 0; k < 1000; k++)
			note.number[k] = i;
		job_post(job, &note);
	}
	return true;
}

static bool blocked_signals(struct job *job, void *arg, struct err *err)
{
	sigset_t now;

	(void)job;
	(void)err;
	pthread_sigmask(SIG_BLOCK, NULL, &now);
	*(bool *)arg = sigismember(&now, SIGWINCH) &&
		       sigismember(&now, SIGTERM) && sigismember(&now, SIGINT);
	return true;
}

/* ---- what is asked of it ---- */

static void the_newest_note_wins(void **state)
{
	int n = 1000, seen = 0;
	struct job *job = job_start(count_to, &n, sizeof(seen), wake[1], NULL);

	(void)state;
	wait_until_idle(job);
	assert_true(job_take(job, &seen));
	assert_int_equal(seen, 1000);
	assert_false(job_take(job, &seen));
	assert_true(job_end(job, NULL));
}

static void there_is_nothing_to_take_before_a_note(void **state)
{
	int n = 0, seen = 5;
	struct job *job = job_start(count_to, &n, sizeof(seen), wake[1], NULL);

	(void)state;
	wait_until_idle(job);
	assert_false(job_take(job, &seen));
	assert_int_equal(seen, 5);
	assert_true(job_end(job, NULL));
}

static void a_note_wakes_the_interface(void **state)
{
	int seen = -1;
	struct job *job = job_start(until_stopped, NULL, sizeof(seen),
				    wake[1], NULL);

	(void)state;
	assert_true(woken());
	assert_true(job_take(job, &seen));
	assert_int_equal(seen, 0);
	assert_true(job_running(job));
	job_stop(job);
	assert_true(job_end(job, NULL));
}

static void a_cancelled_job_ends(void **state)
{
	struct err err = { 0 };
	struct job *job = job_start(spin, NULL, sizeof(int), wake[1], NULL);

	(void)state;
	job_cancel(job);
	assert_false(job_end(job, &err));
	assert_int_equal(err.code, ERR_CANCELLED);
}

static void a_stopped_job_ends_and_keeps_what_it_has(void **state)
{
	struct job *job = job_start(until_stopped, NULL, sizeof(int), wake[1],
				    NULL);

	(void)state;
	job_stop(job);
	assert_true(job_end(job, NULL));
}

static void cancelling_is_stopping_too(void **state)
{
	struct job *job = job_start(until_stopped, NULL, sizeof(int), wake[1],
				    NULL);

	(void)state;
	job_cancel(job);
	assert_false(job_end(job, NULL));
}

static void an_error_crosses_over(void **state)
{
	struct err err = { 0 };
	struct job *job = job_start(fail_at_once, NULL, 0, wake[1], NULL);

	(void)state;
	wait_until_idle(job);
	assert_false(job_end(job, &err));
	assert_int_equal(err.code, ERR_DATA);
	assert_string_equal(err.text, "line 7 is not a row");
}

static void progress_is_seen(void **state)
{
	struct steps steps = { 0 };
	struct job *job = job_start(in_steps, &steps, 0, wake[1], NULL);

	(void)state;
	for (int i = 1; i <= 4; i++) {
		while (job_part(job) < i / 4.0)
			assert_true(woken());
		assert_true(job_part(job) == i / 4.0);
		atomic_store(&steps.seen, i);
	}
	assert_true(job_end(job, NULL));
}

static void half_a_note_is_never_seen(void **state)
{
	static struct wide note;
	struct job *job = job_start(post_wide, NULL, sizeof(note), wake[1],
				    NULL);
	int before = -1;

	(void)state;
	for (int taken = 0; taken < 200; ) {
		assert_true(woken());
		if (!job_take(job, &note))
			continue;
		taken++;
		assert_true(note.number[0] > before);
		before = note.number[0];
		for (size_t k = 1; k < 1000; k++)
			assert_int_equal(note.number[k], before);
	}
	job_cancel(job);
	assert_true(job_end(job, NULL));
}

static void a_full_pipe_stops_nobody(void **state)
{
	int n = 5, seen = 0;
	char bytes[4096] = { 0 };
	struct job *job;

	(void)state;
	while (write(wake[1], bytes, sizeof(bytes)) > 0)
		;
	job = job_start(count_to, &n, sizeof(seen), wake[1], NULL);
	while (job_running(job))
		;
	assert_true(job_take(job, &seen));
	assert_int_equal(seen, 5);
	assert_true(job_end(job, NULL));
}

static void signals_are_for_the_interface(void **state)
{
	bool blocked = false;
	struct job *job = job_start(blocked_signals, &blocked, 0, wake[1],
				    NULL);
	sigset_t mine;

	(void)state;
	wait_until_idle(job);
	assert_true(job_end(job, NULL));
	assert_true(blocked);
	pthread_sigmask(SIG_BLOCK, NULL, &mine);
	assert_false(sigismember(&mine, SIGTERM));
}

/* Rests after each of its steps until it is stopped. */
static bool rests(struct job *job, void *arg, struct err *err)
{
	atomic_int *steps = arg;

	(void)err;
	while (!job_stopped(job)) {
		atomic_fetch_add(steps, 1);
		job_rest(job);
	}
	return !job_cancelled(job);
}

static int steps_now(atomic_int *steps)
{
	struct timespec moment = { .tv_nsec = 20 * 1000 * 1000 };

	nanosleep(&moment, NULL);
	return atomic_load(steps);
}

static void a_paused_job_waits_and_goes_on(void **state)
{
	atomic_int steps = 0;
	struct job *job = job_start(rests, &steps, 0, wake[1], NULL);
	int seen;

	(void)state;
	job_pause(job, true);
	assert_true(job_paused(job));
	steps_now(&steps);
	seen = steps_now(&steps);
	assert_int_equal(steps_now(&steps), seen);
	job_pause(job, false);
	assert_true(steps_now(&steps) > seen);
	job_stop(job);
	assert_true(job_end(job, NULL));
}

static void a_paused_job_hears_that_it_is_to_end(void **state)
{
	atomic_int steps = 0;
	struct job *job = job_start(rests, &steps, 0, wake[1], NULL);

	(void)state;
	job_pause(job, true);
	steps_now(&steps);
	job_stop(job);
	assert_true(job_end(job, NULL));
	job = job_start(rests, &steps, 0, wake[1], NULL);
	job_pause(job, true);
	steps_now(&steps);
	job_cancel(job);
	assert_false(job_end(job, NULL));
}

static void without_a_job_nothing_is_cancelled(void **state)
{
	int note = 1;

	(void)state;
	assert_false(job_stopped(NULL));
	assert_false(job_cancelled(NULL));
	job_post(NULL, &note);
	job_progress(NULL, 0.5);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(the_newest_note_wins),
		TEST(there_is_nothing_to_take_before_a_note),
		TEST(a_note_wakes_the_interface),
		TEST(a_cancelled_job_ends),
		TEST(a_stopped_job_ends_and_keeps_what_it_has),
		TEST(cancelling_is_stopping_too),
		TEST(an_error_crosses_over),
		TEST(progress_is_seen),
		TEST(half_a_note_is_never_seen),
		TEST(a_full_pipe_stops_nobody),
		TEST(signals_are_for_the_interface),
		TEST(a_paused_job_waits_and_goes_on),
		TEST(a_paused_job_hears_that_it_is_to_end),
		TEST(without_a_job_nothing_is_cancelled),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
