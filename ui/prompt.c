#include "prompt.h"

#include <curses.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <readline/history.h>
#include <readline/readline.h>

#include "base/mem.h"
#include "base/place.h"
#include "base/text.h"
#include "terminal.h"
#include "workbench.h"

enum { HISTORY_LINES = 1000, CONTROL_C = 3, CONTROL_G = 7, CONTROL_L = 12,
       CONTROL_Z = 26, ESCAPE = 27, ESCAPE_WAIT = 25 };

static struct ui *workbench;	/* readline's hooks take no argument */
static bool is_open;
static char mark[8];
static prompt_fn *accept_line;
static prompt_watch_fn *watch_line;
static char *watched;		/* owned: what it was told last */
static char *typed;		/* owned: a line that was just ended */
static bool given_up;
static char *candidates;	/* owned */
static char *history_path;	/* owned; NULL: not read yet */

/* ---- readline's hooks ---- */

/* Readline may ask for more bytes than poll() promised (UTF-8, paste, C-r). */
static int next_byte(FILE *unused)
{
	(void)unused;
	for (;;) {
		int c = terminal_key();

		if (c >= 0 && c <= UCHAR_MAX)
			return c;
		if (c == ERR && !terminal_wait())
			return EOF;	/* the terminal is gone */
	}
}

static int byte_waits(void)
{
	return terminal_key_waits(0);
}

/* The loop draws, whatever readline did. */
static void drawn_by_the_loop(void)
{
}

/* Called within readline: what is to be done with the line is done later. */
static void line_ended(char *line)
{
	rl_callback_handler_remove();
	given_up = !line;
	free(typed);
	typed = line;
	is_open = false;
}

/* ---- completion ---- */

/* The line up to the cursor; a quote that is open is closed. */
static char *line_so_far(void)
{
	char *line = mem_strndup(rl_line_buffer, (size_t)rl_point);
	char quote = 0, closing[2] = "", *closed;

	for (const char *c = line; *c; c++)
		if (quote ? *c == quote : *c == '\'' || *c == '"')
			quote = quote ? 0 : *c;
	closing[0] = quote;
	closed = mem_printf("%s%s", line, closing);
	free(line);
	return closed;
}

/* Readline asks with state 0 first, then with 1 until there are no more. */
static char *nth_candidate(const char *text, int state)
{
	static size_t n;
	bool in_quotes = rl_completion_quote_character;
	const struct command *command;
	char *line, *word, *shown = NULL;
	struct words words;

	(void)text;
	if (state == 0)
		n = 0;
	line = line_so_far();
	word = command_complete(workbench->session, line, n++);
	words_rest(&words, line);
	command = words.n > 1 ? command_find(words.word[0]) : NULL;
	words_clear(&words);
	free(line);
	if (command && command->flags & COMMAND_RAW)
		in_quotes = true;	/* quotes would be part of it */
	if (word)
		shown = in_quotes ? mem_strdup(word) : text_quote(word);
	free(word);
	return shown;
}

/* A command whose next word is the name of a file. */
static bool wants_file(void)
{
	char *line = line_so_far();
	const struct command *command;
	struct words words;
	bool yes = false;

	if (words_split(&words, line, NULL) && words.n > 0) {
		size_t len = strlen(line);
		bool second = words.n == 2 ||
			      (words.n == 1 && line[len - 1] == ' ');

		command = command_find(words.word[0]);
		yes = second && command && !strncmp(command->args, "FILE", 4);
	}
	words_clear(&words);
	free(line);
	return yes;
}

static char **complete(const char *text, int start, int end)
{
	char **matches;
	size_t len;

	(void)start;
	(void)end;
	rl_attempted_completion_over = 1;
	if (*mark != ':')
		return NULL;
	if (wants_file()) {
		rl_attempted_completion_over = 0;
		return NULL;
	}
	matches = rl_completion_matches(text, nth_candidate);
	/* After "solver=" goes its value, not a blank. */
	len = matches ? strlen(matches[0]) : 0;
	if (len && matches[0][len - 1] == '=')
		rl_completion_suppress_append = 1;
	return matches;
}

static void show_matches(char **matches, int n, int longest)
{
	char text[2048] = "";

	(void)longest;
	for (int i = 1; i <= n; i++)
		text_append(text, sizeof(text), "%s%s", i > 1 ? "  " : "",
			    matches[i]);
	free(candidates);
	candidates = text_safe_dup(text);
}

const char *prompt_candidates(void)
{
	return candidates ? candidates : "";
}

static void forget_candidates(void)
{
	free(candidates);
	candidates = NULL;
}

/* ---- history ---- */

static void read_past(void)
{
	char *place = place_state();

	history_path = mem_printf("%s/history", place);
	read_history(history_path);
	free(place);
}

/* Kept at once, and for this user's eyes only. */
static void keep_line(const char *line)
{
	HIST_ENTRY *last = history_length
		? history_get(history_base + history_length - 1) : NULL;
	char *place;
	int fd;

	if (!*line || (last && !strcmp(last->line, line)))
		return;
	add_history(line);
	place = place_state();
	if (place_make(place, NULL)) {
		fd = open(history_path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
		if (fd >= 0) {
			close(fd);
			append_history(1, history_path);
		}
	}
	free(place);
}

/* ---- opening and closing ---- */

void prompt_init(struct ui *ui)
{
	workbench = ui;
	rl_readline_name = "gemba";	/* for "$if gemba" in .inputrc */
	rl_catch_signals = 0;
	rl_catch_sigwinch = 0;
	rl_change_environment = 0;	/* else LINES, COLUMNS freeze curses */
	rl_prep_term_function = NULL;	/* curses owns the terminal, */
	rl_deprep_term_function = NULL;	/* so readline prints nothing */
	rl_outstream = fopen("/dev/null", "w");
	rl_getc_function = next_byte;
	rl_input_available_hook = byte_waits;
	rl_redisplay_function = drawn_by_the_loop;
	rl_attempted_completion_function = complete;
	rl_completion_display_matches_hook = show_matches;
	rl_basic_word_break_characters = " \t\n";
	rl_completer_word_break_characters = " \t\n";
	rl_completer_quote_characters = "\"'";
	rl_filename_quote_characters = " \t'\"#";
	rl_variable_bind("show-all-if-ambiguous", "on");
	rl_initialize();
	rl_variable_bind("bell-style", "none");
	using_history();
	stifle_history(HISTORY_LINES);
}

void prompt_end(void)
{
	prompt_close();
	if (history_path && access(history_path, W_OK) == 0)
		history_truncate_file(history_path, HISTORY_LINES);
	free(history_path);
	history_path = NULL;
	forget_candidates();
	free(typed);
	typed = NULL;
	free(watched);
	watched = NULL;
}

void prompt_open(const char *with_mark, const char *text, prompt_fn *accept)
{
	if (is_open)
		prompt_close();
	if (!history_path)
		read_past();
	snprintf(mark, sizeof(mark), "%s", with_mark);
	accept_line = accept;
	is_open = true;
	terminal_plain_keys(true);
	rl_callback_handler_install(mark, line_ended);
	rl_insert_text(text);
	curs_set(1);
}

static void give_back(void)
{
	forget_candidates();
	terminal_plain_keys(false);
	curs_set(0);
}

/* Tell who watches the prompt; for the last time when line is NULL. */
static void tell(const char *line)
{
	prompt_watch_fn *watch = watch_line;

	if (!watch || (line && watched && !strcmp(line, watched)))
		return;
	free(watched);
	watched = mem_strdup(line);
	if (!line)
		watch_line = NULL;
	watch(workbench, line);
}

void prompt_watch(prompt_watch_fn *watch)
{
	watch_line = watch;
	free(watched);
	watched = mem_strdup(rl_line_buffer);
}

void prompt_close(void)
{
	if (!is_open)
		return;
	is_open = false;
	rl_callback_handler_remove();
	give_back();
	tell(NULL);
}

bool prompt_is_open(void)
{
	return is_open;
}

/* ---- keys ---- */

/* Esc by itself: Alt and the arrow keys send more bytes at once. */
static bool lone_escape(int key)
{
	return key == ESCAPE && rl_editing_mode == 1 &&
	       !terminal_key_waits(ESCAPE_WAIT);
}

/* Keys that are ours, not readline's; true when it was one. */
static bool our_key(int *key)
{
	bool searching = RL_ISSTATE(RL_STATE_ISEARCH | RL_STATE_NSEARCH |
				    RL_STATE_NUMERICARG | RL_STATE_MULTIKEY);

	if (*key == CONTROL_L) {
		ui_redraw(workbench);
	} else if (*key == CONTROL_Z) {
		terminal_suspend();
	} else if (*key == CONTROL_C || lone_escape(*key)) {
		/* In the midst of a search: that is given up first. */
		if (searching) {
			*key = CONTROL_G;
			return false;
		}
		prompt_close();
	} else {
		return false;
	}
	return true;
}

/* A prompt that this line opens anew must find readline at rest. */
static void take_line(void)
{
	char *line = typed;

	typed = NULL;
	give_back();
	if (!line || given_up) {
		tell(NULL);
	} else {
		watch_line = NULL;
		if (*mark == ':')
			keep_line(line);
		accept_line(workbench, line);
	}
	free(line);
}

void prompt_key(int key)
{
	if (key < 0 || key > UCHAR_MAX || our_key(&key))
		return;
	forget_candidates();
	terminal_unkey(key);
	rl_callback_read_char();
	if (!is_open)
		take_line();
	else
		tell(rl_line_buffer);
}

/* ---- drawing ---- */

/* A pasted line end is seen and hides nothing. */
static void add_text(WINDOW *pad, const char *text, size_t len)
{
	char *part = mem_strndup(text, len), *safe = text_safe_dup(part);

	waddstr(pad, safe);
	free(safe);
	free(part);
}

/* So many columns of the line are before this byte of what is typed. */
static int columns_before(size_t byte)
{
	size_t end = (size_t)rl_end;
	char *head = mem_strndup(rl_line_buffer, byte < end ? byte : end);
	char *safe = text_safe_dup(head);
	size_t width = text_width(rl_display_prompt) + text_width(safe);

	free(safe);
	free(head);
	return (int)width;
}

int prompt_column(size_t byte)
{
	int cursor = columns_before((size_t)rl_point);

	return columns_before(byte) - (cursor < COLS ? 0 : cursor - COLS + 1);
}

void prompt_draw(void)
{
	static WINDOW *pad;	/* wider than any screen: scrolled sideways */
	size_t at = (size_t)rl_point, end = (size_t)rl_end;
	int y, x, left;

	if (!pad)
		pad = newpad(1, 4096);
	if (!pad)
		return;
	werase(pad);
	mvwaddstr(pad, 0, 0, rl_display_prompt);
	add_text(pad, rl_line_buffer, at);
	getyx(pad, y, x);	/* curses counts the columns for us */
	add_text(pad, rl_line_buffer + at, end - at);
	wmove(pad, y, x);
	left = x < COLS ? 0 : x - COLS + 1;
	pnoutrefresh(pad, 0, left, LINES - 1, 0, LINES - 1, COLS - 1);
}
