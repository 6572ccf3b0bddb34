/*
 * prompt.h - a line typed at the bottom, on readline's callback interface
 *
 * Curses owns the terminal, readline owns the text, the loop owns the time.
 * So the panels live on while a line is typed, and .inputrc, history, the kill
 * ring and Ctrl-R work as everywhere.
 */
#ifndef GEMBA_PROMPT_H
#define GEMBA_PROMPT_H

#include <stdbool.h>
#include <stddef.h>

struct ui;

/* Is given the line that was typed, not when it was given up. */
typedef void prompt_fn(struct ui *ui, const char *line);

/* Is told the text whenever it has changed; NULL: it was given up. */
typedef void prompt_watch_fn(struct ui *ui, const char *line);

/* Before curses: readline's look at the terminal must not disturb it. */
void prompt_init(struct ui *ui);
/* Save what is left to be saved. */
void prompt_end(void);

/* mark: ":" completes commands and keeps history, any other does neither. */
void prompt_open(const char *mark, const char *text, prompt_fn *accept);
/* Of the prompt that is open. */
void prompt_watch(prompt_watch_fn *watch);
void prompt_close(void);
bool prompt_is_open(void);
/* One key; more may be taken from the terminal. */
void prompt_key(int key);

/* Where on the screen that byte of the text is; outside: not in sight. */
int prompt_column(size_t byte);
/* On the last line, last of all: the terminal's cursor stays there. */
void prompt_draw(void);
/* The candidates of the last Tab, "" when there are none. */
const char *prompt_candidates(void);

#endif
