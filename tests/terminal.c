#include "terminal.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <utmp.h>

/* What was on the screen before the program took it. */
static const char before[] = "what the shell said";

long now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000L + t.tv_nsec / 1000000;
}

const char *terminal_type = "xterm-256color";

static void run_program(struct terminal *t, const char *folder,
			const char *file)
{
	const char *program = getenv("GEMBA");

	login_tty(t->other);
	setenv("TERM", terminal_type, 1);
	setenv("LC_ALL", "C.UTF-8", 1);
	setenv("XDG_STATE_HOME", folder, 1);
	setenv("INPUTRC", "/dev/null", 1);
	/* A busy worker is left behind on purpose. */
	setenv("TSAN_OPTIONS", "report_thread_leaks=0", 0);
	unsetenv("LINES");
	unsetenv("COLUMNS");
	unsetenv("NO_COLOR");
	execl(program ? program : "./gemba", "gemba", file, (char *)NULL);
	_exit(127);
}

struct terminal *open_terminal(const char *folder, const char *file,
			       int rows, int columns)
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
		run_program(t, folder, file);
	assert_true(t->pid > 0);
	return t;
}

void close_terminal(struct terminal *t)
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
void pump(struct terminal *t, int ms)
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

const char *line_of(struct terminal *t, int row)
{
	VTermRect rect = { row, row + 1, 0, t->columns };
	size_t n = vterm_screen_get_text(t->screen, t->text,
					 sizeof(t->text) - 1, rect);

	t->text[n] = '\0';
	return t->text;
}

bool shows(struct terminal *t, const char *text)
{
	for (int row = 0; row < t->rows; row++)
		if (strstr(line_of(t, row), text))
			return true;
	return false;
}

void print_screen(struct terminal *t)
{
	for (int row = 0; row < t->rows; row++)
		fprintf(stderr, "# |%s\n", line_of(t, row));
}

/* Until the screen shows the text, or does not. */
void wait_until(struct terminal *t, const char *text, bool there)
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

void wait_for(struct terminal *t, const char *text)
{
	wait_until(t, text, true);
}

void type(struct terminal *t, const char *keys)
{
	assert_int_equal(write(t->fd, keys, strlen(keys)), strlen(keys));
}

void resize(struct terminal *t, int rows, int columns)
{
	struct winsize size = { .ws_row = (unsigned short)rows,
				.ws_col = (unsigned short)columns };

	t->rows = rows;
	t->columns = columns;
	vterm_set_size(t->vt, rows, columns);
	assert_int_equal(ioctl(t->fd, TIOCSWINSZ, &size), 0);
}

/* How the program ended. */
int wait_end(struct terminal *t)
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

void assert_modes_as_before(struct terminal *t)
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
void assert_as_before(struct terminal *t)
{
	long end = now_ms() + DEADLINE_MS;

	assert_modes_as_before(t);
	while (!shows(t, before) && t->fd >= 0 && now_ms() < end)
		pump(t, 20);
	if (!shows(t, before))
		print_screen(t);
	assert_true(shows(t, before));
}

int cursor_column(struct terminal *t)
{
	VTermPos at;

	vterm_state_get_cursorpos(vterm_obtain_state(t->vt), &at);
	return at.col;
}

void wait_column(struct terminal *t, int column)
{
	long end = now_ms() + DEADLINE_MS;

	while (cursor_column(t) != column && now_ms() < end)
		pump(t, 20);
	assert_int_equal(cursor_column(t), column);
}
