/*
 * terminal.h - the program in a terminal, for tests
 *
 * It runs in a pseudo-terminal with libvterm as the terminal behind it.
 * Nothing sleeps: what is expected is waited for, up to a deadline, and a test
 * fails with the screen in its output.
 */
#ifndef GEMBA_TERMINAL_TEST_H
#define GEMBA_TERMINAL_TEST_H

#include <stdbool.h>
#include <sys/types.h>
#include <termios.h>
#include <vterm.h>

enum { DEADLINE_MS = 10000, SCREEN_TEXT = 1 << 16 };

struct terminal {
	pid_t pid;		/* 0: it has ended */
	int fd, other;		/* both ends: the other one to ask for modes */
	struct termios modes;	/* as they were at first */
	VTerm *vt;
	VTermScreen *screen;
	int rows, columns;
	char text[SCREEN_TEXT];
};

long now_ms(void);

/* What TERM says. */
extern const char *terminal_type;

/* Start the program with a file; its state is kept in the folder. */
struct terminal *open_terminal(const char *folder, const char *file, int rows,
			       int columns);
void close_terminal(struct terminal *t);

/* Let the terminal take what the program has written within some time. */
void pump(struct terminal *t, int ms);
void type(struct terminal *t, const char *keys);
void resize(struct terminal *t, int rows, int columns);

/* A line of the screen; it lasts until the next one is asked for. */
const char *line_of(struct terminal *t, int row);
bool shows(struct terminal *t, const char *text);
void print_screen(struct terminal *t);
int cursor_column(struct terminal *t);

/* Until the screen shows the text, or does not. */
void wait_until(struct terminal *t, const char *text, bool there);
void wait_for(struct terminal *t, const char *text);
void wait_column(struct terminal *t, int column);

/* How the program ended, as waitpid() says it. */
int wait_end(struct terminal *t);
/* The terminal is left as it was found. */
void assert_modes_as_before(struct terminal *t);
void assert_as_before(struct terminal *t);

#endif
