/*
 * term.c - the workbench in a terminal
 *
 * These are the bytes and the screen of the real thing (terminal.h).  Here is
 * only what other tests cannot see: resizing, keys of many bytes, and how the
 * terminal is left.
 */
#include "terminal.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static char folder[] = "/tmp/gemba-term-XXXXXX";
static char data[sizeof(folder) + 20];

/* ---- a file to work on ---- */

static int write_data(void **state)
{
	FILE *out;

	(void)state;
	if (!mkdtemp(folder))
		return -1;
	snprintf(data, sizeof(data), "%s/plant.csv", folder);
	out = fopen(data, "w");
	if (!out)
		return -1;
	fprintf(out, "heat,noise,fails\n");
	for (int i = 0; i < 60; i++)
		fprintf(out, "%d,%d,%s\n", 20 + i % 30, i * 7 % 11,
			i % 30 + i * 7 % 5 > 16 ? "yes" : "no");
	return fclose(out);
}

static int remove_data(void **state)
{
	char path[100];

	(void)state;
	snprintf(path, sizeof(path), "%s/gemba/history", folder);
	unlink(path);
	snprintf(path, sizeof(path), "%s/gemba", folder);
	rmdir(path);
	unlink(data);
	return rmdir(folder);
}

static struct terminal *opened(void)
{
	struct terminal *t = open_terminal(folder, data, 24, 80);

	wait_for(t, "60 × 3");
	wait_for(t, "60 used");
	return t;
}

/* ---- the sitting of an analyst ---- */

static void from_the_file_to_the_accuracy(void **state)
{
	struct terminal *t = opened();

	(void)state;
	type(t, ":target fails\r");
	wait_for(t, "target fails");
	type(t, "r");
	wait_for(t, "#2 logistic");	/* the first is the baseline */
	wait_for(t, "accuracy");
	/* Leaving a feature out trains anew, by itself. */
	type(t, "gg ");
	wait_for(t, "#3 logistic");
	type(t, "u");
	wait_for(t, "#4 logistic");
	type(t, "q");
	assert_int_equal(wait_end(t), 0);
	assert_as_before(t);
	close_terminal(t);
}

static void a_training_is_not_lost_by_mistake(void **state)
{
	struct terminal *t = opened();

	(void)state;
	type(t, ":target fails\r:train sgd epochs=100000 rate=0.0001\r");
	wait_for(t, "training");
	type(t, "q");
	wait_for(t, "would be lost");
	type(t, "n");
	wait_until(t, "would be lost", false);
	wait_for(t, "/100,000");	/* an epoch at least is done, and */
	type(t, "x");		/* the model so far is kept */
	wait_for(t, "#2 sgd");
	type(t, "r");
	wait_for(t, "training");
	type(t, "\003");
	wait_until(t, "training ", false);
	type(t, "r");
	wait_for(t, "training");
	type(t, "qy");
	assert_int_equal(wait_end(t), 0);
	assert_as_before(t);
	close_terminal(t);
}

static void a_training_pauses_and_goes_on(void **state)
{
	struct terminal *t = opened();

	(void)state;
	type(t, ":target fails\r:train sgd epochs=100000 rate=0.0001\r");
	wait_for(t, "/100,000");
	type(t, "p");
	wait_for(t, "paused at");
	/* Its options and what it is at, side by side. */
	type(t, "m");
	wait_for(t, "momentum");
	wait_for(t, "paused at");
	type(t, "p");
	wait_until(t, "paused at", false);
	type(t, "x");
	wait_for(t, "#2 sgd");
	type(t, "pq");
	assert_int_equal(wait_end(t), 0);
	assert_as_before(t);
	close_terminal(t);
}

static void every_size_is_survived(void **state)
{
	static const int size[][2] = { { 12, 40 }, { 1, 1 }, { 4, 20 },
				       { 3, 80 }, { 24, 2 }, { 60, 200 },
				       { 1, 1 } };
	struct terminal *t = opened();

	(void)state;
	for (size_t i = 0; i < sizeof(size) / sizeof(size[0]); i++) {
		resize(t, size[i][0], size[i][1]);
		type(t, "\t:clean\t");
		pump(t, 30);
		type(t, "\003?\003");
		pump(t, 30);
	}
	resize(t, 24, 80);
	type(t, "1");
	wait_for(t, "1 Columns");
	wait_for(t, "2 Data");
	wait_for(t, "q quit");
	type(t, "q");
	assert_int_equal(wait_end(t), 0);
	/* What the shell said did not fit into 1x1. */
	assert_modes_as_before(t);
	close_terminal(t);
}

/* ---- ways out ---- */

static void killed_by(int number)
{
	struct terminal *t = opened();
	int status;

	kill(t->pid, number);
	status = wait_end(t);
	if (WIFSIGNALED(status)) {
		assert_int_equal(WTERMSIG(status), number);
		assert_as_before(t);
	} else {
		/* A sanitizer turns a crash into an exit and a report. */
		assert_true(WIFEXITED(status) && WEXITSTATUS(status) != 0);
		assert_modes_as_before(t);
	}
	close_terminal(t);
}

static void ended_by_sigterm(void **state)
{
	(void)state;
	killed_by(SIGTERM);
}

static void ended_by_sighup(void **state)
{
	(void)state;
	killed_by(SIGHUP);
}

static void crashed(void **state)
{
	(void)state;
	killed_by(SIGSEGV);
}

static void aborted(void **state)
{
	(void)state;
	killed_by(SIGABRT);
}

static void killed_while_typing(void **state)
{
	struct terminal *t = opened();
	int status;

	(void)state;
	type(t, ":target");
	wait_for(t, ":target");
	kill(t->pid, SIGTERM);
	status = wait_end(t);
	assert_true(WIFSIGNALED(status));
	assert_as_before(t);
	close_terminal(t);
}

static void the_terminal_is_gone(void **state)
{
	struct terminal *t = opened();

	(void)state;
	type(t, ":clean");
	wait_for(t, ":clean");
	close(t->other);
	close(t->fd);
	t->fd = -1;
	wait_end(t);
	t->other = open("/dev/null", O_RDONLY);
	close_terminal(t);
}

static void suspended_and_continued(void **state)
{
	struct terminal *t = opened();
	int status;

	(void)state;
	type(t, "\032");
	/* A program without a shell above it does not stop. */
	if (waitpid(t->pid, &status, WUNTRACED | WNOHANG) > 0)
		kill(t->pid, SIGCONT);
	type(t, "2");
	wait_for(t, "row 1 of 60");
	type(t, "q");
	assert_int_equal(wait_end(t), 0);
	assert_as_before(t);
	close_terminal(t);
}

/* ---- the prompt ---- */

static void wide_text_keeps_the_cursor_right(void **state)
{
	struct terminal *t = opened();

	(void)state;
	type(t, ":a日本é");
	wait_for(t, ":a日本é");
	wait_column(t, 7);
	type(t, "\033[D\033[D");	/* not Esc: two arrows to the left */
	wait_column(t, 4);
	type(t, "\177");
	wait_for(t, ":a本é");
	wait_column(t, 2);
	close_terminal(t);
}

static void esc_leaves_the_prompt_at_once(void **state)
{
	struct terminal *t = opened();
	long start;

	(void)state;
	type(t, ":target fails");
	wait_for(t, ":target fails");
	start = now_ms();
	type(t, "\033");
	wait_until(t, ":target fails", false);
	assert_true(now_ms() - start < 500);
	wait_for(t, "q quit");
	close_terminal(t);
}

static void pasted_lines_do_not_run(void **state)
{
	struct terminal *t = opened();

	(void)state;
	/* Beside the prompt a paste is no keys. */
	type(t, "\033[200~Q\rQ\033[201~2");
	wait_for(t, "row 1 of 60");
	/* In the prompt its line ends are seen. */
	type(t, ":\033[200~target heat\nquit\033[201~");
	wait_for(t, ":target heat␊quit");
	type(t, "\003");
	wait_until(t, ":target heat", false);
	close_terminal(t);
}

static void a_resize_keeps_what_is_typed(void **state)
{
	struct terminal *t = opened();

	(void)state;
	type(t, ":target ");
	wait_for(t, ":target");
	resize(t, 12, 40);
	type(t, "no");
	wait_for(t, ":target no");
	resize(t, 1, 1);
	type(t, "i");
	pump(t, 50);
	resize(t, 24, 80);
	type(t, "se");
	wait_for(t, ":target noise");
	type(t, "\r");
	wait_for(t, "target noise");
	wait_for(t, "q quit");
	close_terminal(t);
}

static void tab_completes_and_lists(void **state)
{
	struct terminal *t = opened();

	(void)state;
	type(t, ":tar\tfa\t\r");
	wait_for(t, "target fails");
	type(t, ":clean drop-\t");
	wait_for(t, "drop-duplicates  drop-missing");
	type(t, "m\t on\r");
	type(t, "3");
	wait_for(t, "[x] drop-missing");
	close_terminal(t);
}

static void a_wrong_word_is_pointed_at(void **state)
{
	struct terminal *t = opened();

	(void)state;
	type(t, ":target fials\r");
	wait_for(t, "did you mean 'fails'?");
	wait_for(t, "         ^");
	/* The history has it: Up, and mend it. */
	type(t, ":\033[A\027fails\r");
	wait_for(t, "target fails");
	close_terminal(t);
}

static void a_terminal_without_a_cursor_is_refused(void **state)
{
	struct terminal *t;

	(void)state;
	terminal_type = "dumb";
	t = open_terminal(folder, data, 24, 80);
	terminal_type = "xterm-256color";
	wait_for(t, "'dumb' cannot place its cursor");
	assert_int_equal(wait_end(t), 2 << 8);
	assert_modes_as_before(t);
	close_terminal(t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(from_the_file_to_the_accuracy),
		cmocka_unit_test(a_training_is_not_lost_by_mistake),
		cmocka_unit_test(a_training_pauses_and_goes_on),
		cmocka_unit_test(every_size_is_survived),
		cmocka_unit_test(ended_by_sigterm),
		cmocka_unit_test(ended_by_sighup),
		cmocka_unit_test(crashed),
		cmocka_unit_test(aborted),
		cmocka_unit_test(killed_while_typing),
		cmocka_unit_test(the_terminal_is_gone),
		cmocka_unit_test(suspended_and_continued),
		cmocka_unit_test(wide_text_keeps_the_cursor_right),
		cmocka_unit_test(esc_leaves_the_prompt_at_once),
		cmocka_unit_test(pasted_lines_do_not_run),
		cmocka_unit_test(a_resize_keeps_what_is_typed),
		cmocka_unit_test(tab_completes_and_lists),
		cmocka_unit_test(a_wrong_word_is_pointed_at),
		cmocka_unit_test(a_terminal_without_a_cursor_is_refused),
	};

	signal(SIGPIPE, SIG_IGN);
	return cmocka_run_group_tests(tests, write_data, remove_data);
}
