/*
 * terminal.h - the terminal borrowed, and given back on every way out
 *
 * Between terminal_start() and terminal_end() curses owns the screen.  Signals
 * only leave a mark and a byte in the wake pipe; the loop asks for the marks
 * with terminal_told().  A crash puts the terminal right before the program
 * dies of it.
 */
#ifndef GEMBA_TERMINAL_H
#define GEMBA_TERMINAL_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

enum terminal_news {
	TERMINAL_RESIZED = 1 << 0,	/* SIGWINCH */
	TERMINAL_STOP = 1 << 1,		/* SIGTSTP from outside */
	TERMINAL_QUIT = 1 << 2		/* SIGTERM, SIGHUP, SIGINT */
};

/* Keys that curses has no name for; it keeps 16 bits of a code. */
enum { TERMINAL_PASTE = 0x1000, TERMINAL_PASTE_END };

/* wake_fd is the writing end of the pipe. */
bool terminal_start(int wake_fd, struct err *err);
/* A screen that nobody sees: keys come from terminal_feed(). */
bool terminal_start_unseen(int rows, int columns, struct err *err);
void terminal_end(void);	/* may be called twice, and by atexit() */

/* What signals have told since the last call: enum terminal_news. */
unsigned terminal_told(void);
/* The signal that asked to quit, or 0: what the program then dies of. */
int terminal_last_signal(void);
/* Take the size that the terminal has now. */
void terminal_resize(void);
/* The shell has the terminal until we are told to continue. */
void terminal_suspend(void);

/* Text to the clipboard of the terminal, wherever that runs (OSC 52); some
 * terminals take none, and say nothing. */
bool terminal_copy(const char *text, size_t len, struct err *err);

/* Keys: a byte, a KEY_ of curses, or ERR when there is none yet. */
int terminal_fd(void);
int terminal_key(void);
void terminal_unkey(int key);		/* the next terminal_key(), one deep */
void terminal_feed(int key);		/* type a key on an unseen screen */
bool terminal_key_waits(int ms);
/* False: the terminal is gone.  Waits for ever, so ask for what must come. */
bool terminal_wait(void);
/* Escape sequences as plain bytes, for readline; and no mouse. */
void terminal_plain_keys(bool plain);

#endif
