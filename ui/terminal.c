#include "terminal.h"

#include <curses.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/text.h"
#include "draw.h"

enum { COPY_MAX = 74994, FED_MAX = 256, ESCAPE_MS = 25 };

static SCREEN *screen;
static WINDOW *keys;		/* a pad: wgetch() on it draws nothing */
static FILE *keyboard, *unseen;	/* owned when not NULL */
static int key_fd = -1;
static bool started, mouse;

/* An unseen screen: what was typed on it. */
static int fed[FED_MAX];
static size_t fed_from, fed_to;
static int pushed = ERR;

/* ---- signals ---- */

static volatile sig_atomic_t told, last_signal, wake = -1;

static void on_signal(int number)
{
	int saved = errno;
	ssize_t ignored;

	if (number == SIGWINCH) {
		told |= TERMINAL_RESIZED;
	} else if (number == SIGTSTP) {
		told |= TERMINAL_STOP;
	} else {
		told |= TERMINAL_QUIT;
		last_signal = number;
	}
	ignored = write(wake, "", 1);
	(void)ignored;		/* a full pipe already says "wake up" */
	errno = saved;
}

unsigned terminal_told(void)
{
	unsigned news = 0;
	sigset_t all, old;

	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, &old);
	news = (unsigned)told;
	told = 0;
	sigprocmask(SIG_SETMASK, &old, NULL);
	return news;
}

int terminal_last_signal(void)
{
	return last_signal;
}

/* ---- a crash ---- */

/* All that a crash needs, made ready beforehand. */
static const int crashes[] = { SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT };
static struct sigaction before_crash[ARRAY_LEN(crashes)];
static struct termios modes;	/* as the shell left them */
static bool modes_known;
static char goodbye[256];
static size_t goodbye_size;

/* Only what POSIX calls async-signal-safe. */
static void restore(void)
{
	ssize_t ignored = write(STDOUT_FILENO, goodbye, goodbye_size);

	(void)ignored;
	if (modes_known)
		tcsetattr(STDOUT_FILENO, TCSANOW, &modes);
}

/* Whoever was there before us, a sanitizer or nobody, hears of it as well. */
static void on_crash(int number, siginfo_t *info, void *context)
{
	(void)context;
	restore();
	for (size_t i = 0; i < ARRAY_LEN(crashes); i++)
		sigaction(crashes[i], &before_crash[i], NULL);
	/* A fault happens again when we return; what was sent does not. */
	if (info->si_code <= 0)
		raise(number);
}

static void catch_crashes(void)
{
	static char room[64 * 1024];
	stack_t stack = { .ss_sp = room, .ss_size = sizeof(room) };
	struct sigaction action = { .sa_sigaction = on_crash,
				    .sa_flags = SA_SIGINFO | SA_ONSTACK |
						SA_NODEFER };

	sigaltstack(&stack, NULL);
	sigemptyset(&action.sa_mask);
	for (size_t i = 0; i < ARRAY_LEN(crashes); i++)
		sigaction(crashes[i], &action, &before_crash[i]);
}

static void catch_signals(void)
{
	static const int caught[] = { SIGWINCH, SIGTERM, SIGHUP, SIGINT,
				      SIGQUIT, SIGTSTP };
	struct sigaction action = { .sa_handler = on_signal };

	sigfillset(&action.sa_mask);
	for (size_t i = 0; i < ARRAY_LEN(caught); i++)
		sigaction(caught[i], &action, NULL);
	signal(SIGPIPE, SIG_IGN);
	catch_crashes();
}

/* ---- what curses does not do ---- */

/* A capability without its padding, "" when the terminal has none. */
static const char *capability(const char *name, char to[64])
{
	const char *s = tigetstr((char *)name);
	size_t n = 0;

	if (s && s != (char *)-1)
		for (n = 0; s[n] && n < 63 && strncmp(s + n, "$<", 2); n++)
			to[n] = s[n];
	to[n] = '\0';
	return to;
}

static void say(const char *sequence)
{
	ssize_t ignored = write(STDOUT_FILENO, sequence, strlen(sequence));

	(void)ignored;
}

/* Pasted text comes between marks, so that it is never taken for keys. */
static void mark_pastes(bool on)
{
	char text[64];

	say(capability(on ? "BE" : "BD", text));
}

/* Three bytes as four letters. */
static void base64(char to[4], const char *from, size_t n)
{
	static const char letter[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
		"0123456789+/";
	unsigned bits = 0;

	for (size_t i = 0; i < 3; i++)
		bits = bits << 8 | (i < n ? (unsigned char)from[i] : 0);
	for (size_t i = 0; i < 4; i++)
		to[i] = i <= n ? letter[bits >> (18 - 6 * i) & 63] : '=';
}

bool terminal_copy(const char *text, size_t len, struct err *err)
{
	char *sequence, *to;

	if (len > COPY_MAX)
		return err_set(err, ERR_USAGE, "too long to be copied: %zu "
			       "bytes; terminals take %d", len, COPY_MAX);
	sequence = mem_new(len * 2 + 32);
	to = stpcpy(sequence, "\033]52;c;");
	for (size_t i = 0; i < len; i += 3, to += 4)
		base64(to, text + i, len - i);
	*to = '\a';
	if (!unseen)
		say(sequence);
	free(sequence);
	return true;
}

static void prepare_goodbye(void)
{
	static const char *const names[] = { "BD", "rmkx", "sgr0", "cnorm",
					     "rmcup" };
	char text[64];

	snprintf(goodbye, sizeof(goodbye), "%s",
		 mouse ? "\033[?1000l\033[?1006l" : "");
	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		text_append(goodbye, sizeof(goodbye), "%s",
			    capability(names[i], text));
	goodbye_size = strlen(goodbye);
}

/* ---- start and end ---- */

static void want_mouse(bool on)
{
	mmask_t wanted = BUTTON1_PRESSED | BUTTON4_PRESSED | BUTTON5_PRESSED;

	mouse = mousemask(on ? wanted : 0, NULL) != 0 || (mouse && !on);
}

/* What both kinds of screen have in common. */
static void prepare_curses(void)
{
	raw();		/* Ctrl-C and Ctrl-Z are keys */
	noecho();
	nonl();		/* Enter is not Ctrl-J */
	typeahead(-1);
	curs_set(0);
	set_escdelay(ESCAPE_MS);
	keys = newpad(1, 1);
	keypad(keys, TRUE);
	nodelay(keys, TRUE);
	draw_init();
	started = true;
	mem_before_death = terminal_end;
}

/*
 * Terminals may send their arrows in the other of two ways than they were asked
 * to, and terminfo does not tell of pastes.
 */
static void define_keys(void)
{
	static const struct {
		const char *bytes;
		int key;
	} more[] = {
		{ "\033[A", KEY_UP }, { "\033[B", KEY_DOWN },
		{ "\033[C", KEY_RIGHT }, { "\033[D", KEY_LEFT },
		{ "\033[H", KEY_HOME }, { "\033[F", KEY_END },
		{ "\033OA", KEY_UP }, { "\033OB", KEY_DOWN },
		{ "\033OC", KEY_RIGHT }, { "\033OD", KEY_LEFT },
		{ "\033OH", KEY_HOME }, { "\033OF", KEY_END },
		{ "\033[1~", KEY_HOME }, { "\033[4~", KEY_END },
		{ "\033[200~", TERMINAL_PASTE },
		{ "\033[201~", TERMINAL_PASTE_END },
	};

	for (size_t i = 0; i < ARRAY_LEN(more); i++)
		define_key(more[i].bytes, more[i].key);
}

static const char *terminal_name(void)
{
	return getenv("TERM") ? getenv("TERM") : "";
}

/* A "dumb" terminal is known and yet of no use. */
static bool places_cursor(void)
{
	const char *how = tigetstr("cup");

	return how && how != (const char *)-1;
}

/* Data may come by standard input: keys then come from the terminal itself. */
static bool find_keyboard(struct err *err)
{
	FILE *in = stdin;

	if (!isatty(STDIN_FILENO))
		in = keyboard = fopen("/dev/tty", "r");
	if (!in)
		return err_set(err, ERR_IO, "no keyboard: standard input is "
			       "not a terminal, and there is no /dev/tty");
	key_fd = fileno(in);
	screen = newterm(NULL, stdout, in);
	if (!screen)
		return err_set(err, ERR_USAGE, "the terminal '%.60s' is not "
			       "known here: set TERM", terminal_name());
	if (places_cursor())
		return true;
	endwin();
	delscreen(screen);
	screen = NULL;
	return err_set(err, ERR_USAGE, "the terminal '%.60s' cannot place its "
		       "cursor, which a screen needs: set TERM, or use run, "
		       "profile and cat", terminal_name());
}

bool terminal_start(int wake_fd, struct err *err)
{
	modes_known = tcgetattr(STDOUT_FILENO, &modes) == 0;
	wake = wake_fd;
	use_env(FALSE);		/* LINES and COLUMNS would freeze the size */
	use_tioctl(TRUE);
	if (!find_keyboard(err))
		return false;
	prepare_curses();
	define_keys();
	mouseinterval(0);
	want_mouse(true);
	prepare_goodbye();
	atexit(terminal_end);
	catch_signals();
	mark_pastes(true);
	return true;
}

bool terminal_start_unseen(int rows, int columns, struct err *err)
{
	static const char *const names[] = { "xterm-256color", "xterm",
					     "vt100", "dumb" };

	unseen = fopen("/dev/null", "r+");
	for (size_t i = 0; unseen && !screen && i < ARRAY_LEN(names); i++)
		screen = newterm((char *)names[i], unseen, unseen);
	if (!screen)
		return err_set(err, ERR_IO, "no terminfo for a screen");
	prepare_curses();
	resizeterm(rows, columns);
	return true;
}

void terminal_end(void)
{
	if (!started)
		return;
	started = false;
	if (!unseen)
		mark_pastes(false);
	want_mouse(false);
	endwin();
	if (modes_known && !unseen)
		tcsetattr(STDOUT_FILENO, TCSADRAIN, &modes);
}

void terminal_resize(void)
{
	struct winsize size;

	if (unseen || ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) < 0)
		return;
	if (size.ws_row > 0 && size.ws_col > 0)
		resizeterm(size.ws_row, size.ws_col);
	/* There may have been smaller sizes in between, of which we were not
	 * told, and what they cut off is gone. */
	clearok(curscr, TRUE);
}

void terminal_suspend(void)
{
	struct sigaction stop = { .sa_handler = SIG_DFL }, ours;

	if (unseen)
		return;
	mark_pastes(false);
	endwin();
	sigaction(SIGTSTP, &stop, &ours);
	raise(SIGTSTP);
	/* Here we are told to continue. */
	sigaction(SIGTSTP, &ours, NULL);
	terminal_resize();
	doupdate();
	mark_pastes(true);
}

/* ---- keys ---- */

int terminal_fd(void)
{
	return key_fd;
}

int terminal_key(void)
{
	int key = pushed;

	pushed = ERR;
	if (key != ERR)
		return key;
	if (!unseen)
		return wgetch(keys);
	return fed_from < fed_to ? fed[fed_from++] : ERR;
}

void terminal_unkey(int key)
{
	pushed = key;
}

void terminal_feed(int key)
{
	if (fed_from == fed_to)
		fed_from = fed_to = 0;
	if (fed_to < FED_MAX)
		fed[fed_to++] = key;
}

bool terminal_key_waits(int ms)
{
	struct pollfd in = { .fd = key_fd, .events = POLLIN };

	if (pushed != ERR)
		return true;
	return unseen ? fed_from < fed_to : poll(&in, 1, ms) > 0;
}

bool terminal_wait(void)
{
	struct pollfd in = { .fd = key_fd, .events = POLLIN };

	if (unseen)
		return fed_from < fed_to;
	while (poll(&in, 1, -1) < 0)
		if (errno != EINTR)
			return false;
	return in.revents & POLLIN;
}

void terminal_plain_keys(bool plain)
{
	keypad(keys, !plain);
	if (!unseen)
		want_mouse(!plain);
}
