/*
 * term.c - the workbench in a terminal
 *
 * The program runs in a pseudo-terminal, libvterm is the terminal behind it,
 * so these are the bytes and the screen of the real thing.  Here is only what
 * other tests cannot see: resizing, keys of many bytes, and how the terminal
 * is left.  Nothing sleeps: what is expected is waited for, up to a deadline.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>
#include <utmp.h>
#include <vterm.h>

enum { DEADLINE_MS = 10000, SCREEN_TEXT = 1 << 16 };

/* What was on the screen before the program took it. */
static const char before[] = "what the shell said";

struct terminal {
	pid_t pid;		/* 0: it has ended */
	int fd, other;		/* both ends: the other one to ask for modes */
	struct termios modes;	/* as they were at first */
	VTerm *vt;
	VTermScreen *screen;
	int rows, columns;
	char text[SCREEN_TEXT];
};

static char folder[] = "/tmp/gemba-term-XXXXXX";
static char data[sizeof(folder) + 20];

/* ---- the terminal ---- */

static long now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000L + t.tv_nsec / 1000000;
}

static void run_program(struct terminal *t)
{
	const char *program = getenv("GEMBA");

	login_tty(t->other);
	setenv("TERM", "xterm-256color", 1);
	setenv("LC_ALL", "C.UTF-8", 1);
	setenv("XDG_STATE_HOME", folder, 1);
	setenv("INPUTRC", "/dev/null", 1);
	/* A busy worker is left behind on purpose. */
	setenv("TSAN_OPTIONS", "report_thread_leaks=0", 0);
	unsetenv("LINES");
	unsetenv("COLUMNS");
	unsetenv("NO_COLOR");
	execl(program ? program : "./gemba", "gemba", data, (char *)NULL);
	_exit(127);
}

static struct terminal *open_terminal(int rows, int columns)
{
	struct winsize size = { .ws_row = (unsigned short)rows,
				.ws_col = (unsigned short)columns };
	struct terminal *t = calloc(1, sizeof(*t));

	assert_non_null(t);
	t->rows = rows;
	t->columns = columns;
	t->vt = vterm_new(rows, columns);
	vterm_set_utf8(t->vt, 1);
	t->screen = vterm_obtain_screen(t->vt);
	vterm_screen_enable_altscreen(t->screen, 1);
	vterm_screen_reset(t->screen, 1);
	vterm_input_write(t->vt, before, strlen(before));
	assert_int_equal(openpty(&t->fd, &t->other, NULL, NULL, &size), 0);
	fcntl(t->fd, F_SETFD, FD_CLOEXEC);
	assert_int_equal(tcgetattr(t->other, &t->modes), 0);
	t->pid = fork();
	if (t->pid == 0)
		run_program(t);
	assert_true(t->pid > 0);
	return t;
}

static void close_terminal(struct terminal *t)
{
	if (t->pid) {
		kill(t->pid, SIGKILL);
		waitpid(t->pid, NULL, 0);
	}
	if (t->fd >= 0)
		close(t->fd);
	close(t->other);
	vterm_free(t->vt);
	free(t);
}

/* Let the terminal take what the program has written within some time. */
static void pump(struct terminal *t, int ms)
{
	struct pollfd in = { .fd = t->fd, .events = POLLIN };
	char bytes[4096];
	ssize_t n;

	if (poll(&in, 1, ms) <= 0 || !(in.revents & POLLIN))
		return;
	n = read(t->fd, bytes, sizeof(bytes));
	if (n > 0)
		vterm_input_write(t->vt, bytes, (size_t)n);
}

static const char *line_of(struct terminal *t, int row)
{
	VTermRect rect = { row, row + 1, 0, t->columns };
	size_t n = vterm_screen_get_text(t->screen, t->text,
					 sizeof(t->text) - 1, rect);

	t->text[n] = '\0';
	return t->text;
}

static bool shows(struct terminal *t, const char *text)
{
	for (int row = 0; row < t->rows; row++)
		if (strstr(line_of(t, row), text))
			return true;
	return false;
}

static void print_screen(struct terminal *t)
{
	for (int row = 0; row < t->rows; row++)
		fprintf(stderr, "# |%s\n", line_of(t, row));
}

/* Until the screen shows the text, or does not. */
static void wait_until(struct terminal *t, const char *text, bool there)
{
	long end = now_ms() + DEADLINE_MS;

	while (shows(t, text) != there) {
		if (now_ms() > end) {
			print_screen(t);
			fail_msg("still %s: %s", there ? "missing" : "there",
				 text);
		}
		pump(t, 20);
	}
}

static void wait_for(struct terminal *t, const char *text)
{
	wait_until(t, text, true);
}

static void type(struct terminal *t, const char *keys)
{
	assert_int_equal(write(t->fd, keys, strlen(keys)), strlen(keys));
}

static void resize(struct terminal *t, int rows, int columns)
{
	struct winsize size = { .ws_row = (unsigned short)rows,
				.ws_col = (unsigned short)columns };

	t->rows = rows;
	t->columns = columns;
	vterm_set_size(t->vt, rows, columns);
	assert_int_equal(ioctl(t->fd, TIOCSWINSZ, &size), 0);
}

/* How the program ended. */
static int wait_end(struct terminal *t)
{
	long end = now_ms() + DEADLINE_MS;
	int status;

	while (waitpid(t->pid, &status, WNOHANG) == 0) {
		if (now_ms() > end) {
			print_screen(t);
			fail_msg("the program lives on");
		}
		pump(t, 20);
	}
	t->pid = 0;
	while (poll(&(struct pollfd){ .fd = t->fd, .events = POLLIN }, 1, 50)
	       > 0 && t->fd >= 0)
		pump(t, 0);
	return status;
}

static void assert_modes_as_before(struct terminal *t)
{
	struct termios modes;

	assert_int_equal(tcgetattr(t->other, &modes), 0);
	assert_int_equal(modes.c_iflag, t->modes.c_iflag);
	assert_int_equal(modes.c_oflag, t->modes.c_oflag);
	assert_int_equal(modes.c_cflag, t->modes.c_cflag);
	assert_int_equal(modes.c_lflag, t->modes.c_lflag);
	assert_memory_equal(modes.c_cc, t->modes.c_cc, sizeof(modes.c_cc));
}

/* The screen, too, is the shell's again: what was written last may still be on
 * its way through the kernel when the program has ended. */
static void assert_as_before(struct terminal *t)
{
	long end = now_ms() + DEADLINE_MS;

	assert_modes_as_before(t);
	while (!shows(t, before) && t->fd >= 0 && now_ms() < end)
		pump(t, 20);
	if (!shows(t, before))
		print_screen(t);
	assert_true(shows(t, before));
}

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
	struct terminal *t = open_terminal(24, 80);

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
	wait_for(t, "#1 logistic");
	wait_for(t, "accuracy");
	/* Leaving a feature out trains anew, by itself. */
	type(t, "gg ");
	wait_for(t, "#2 logistic");
	type(t, "u");
	wait_for(t, "#3 logistic");
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
	wait_for(t, "#1 sgd");
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

static int cursor_column(struct terminal *t)
{
	VTermPos at;

	vterm_state_get_cursorpos(vterm_obtain_state(t->vt), &at);
	return at.col;
}

static void wait_column(struct terminal *t, int column)
{
	long end = now_ms() + DEADLINE_MS;

	while (cursor_column(t) != column && now_ms() < end)
		pump(t, 20);
	assert_int_equal(cursor_column(t), column);
}

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
	wait_for(t, "60 used + 0 drop-missing");
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(from_the_file_to_the_accuracy),
		cmocka_unit_test(a_training_is_not_lost_by_mistake),
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
	};

	signal(SIGPIPE, SIG_IGN);
	return cmocka_run_group_tests(tests, write_data, remove_data);
}
