/*
 * main.c - arguments; workbench or batch; exit status
 */
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/place.h"
#include "base/text.h"
#include "command/help.h"
#include "command/session.h"
#include "run/profile.h"
#include "run/report.h"
#include "ui.h"

enum status {
	STATUS_DONE = 0,
	STATUS_SHORT = 1,	/* done, but not all that was asked for */
	STATUS_BAD = 2,		/* wrong usage, bad input */
	STATUS_INTERRUPTED = 130
};

/* A subcommand: its words follow its name. */
struct subcommand {
	const char *name, *args, *help;
	int (*run)(int argc, char **argv);
};

/* Say what is wrong, harmless to the terminal; line ends stay. */
static int complain(const struct err *err)
{
	char line[sizeof(err->text) * 3];
	const char *s = err->text;

	fputs("gemba: ", stderr);
	for (size_t len; *s; s += len) {
		len = strcspn(s, "\n");
		fputs(text_safe(line, sizeof(line), s, len), stderr);
		fputc('\n', stderr);
		len += s[len] == '\n';
	}
	return STATUS_BAD;
}

static int usage(const char *what, const char *word)
{
	struct err err;

	err_set(&err, ERR_USAGE, "%s%s%.80s; see gemba --help", what,
		word ? " " : "", word ? word : "");
	return complain(&err);
}

static bool ends_in(const char *text, const char *end)
{
	size_t n = strlen(text), m = strlen(end);

	return n >= m && !strcmp(text + n - m, end);
}

/* "-" alone is standard input. */
static bool is_option(const char *word)
{
	return *word == '-' && word[1];
}

/* Results that did not reach the disk were not delivered. */
static int delivered(int status)
{
	struct err err;

	if (fflush(stdout) == 0 && !ferror(stdout))
		return status;
	err_set(&err, ERR_IO, "cannot write the results: is the disk full?");
	return complain(&err);
}

/* ---- run ---- */

/* What "gemba run" was asked. */
struct batch {
	const char *recipe, *data;
	bool json;
	struct preset set;	/* .line is owned */
};

static bool batch_words(struct batch *b, int argc, char **argv, int *status)
{
	for (int i = 0; i < argc; i++) {
		if (!strcmp(argv[i], "--json")) {
			b->json = true;
		} else if (!strcmp(argv[i], "--set") && i + 1 < argc) {
			b->set.line = mem_grow(b->set.line, b->set.n,
					       sizeof(*b->set.line));
			b->set.line[b->set.n++] = argv[++i];
		} else if (!strcmp(argv[i], "--set")) {
			*status = usage("--set wants a 'COMMAND'", NULL);
			return false;
		} else if (is_option(argv[i])) {
			*status = usage("run does not know", argv[i]);
			return false;
		} else if (!b->recipe) {
			b->recipe = argv[i];
		} else if (!b->data) {
			b->data = argv[i];
		} else {
			*status = usage("run takes a recipe and a file; too "
					"much is", argv[i]);
			return false;
		}
	}
	if (!b->recipe)
		*status = usage("run wants a RECIPE", NULL);
	else if (ends_in(b->recipe, ".csv"))
		*status = usage("run wants a recipe (*.gemba) before the data",
				b->recipe);
	else
		return true;
	return false;
}

static bool all_reached(const struct session *s)
{
	for (size_t i = 0; i < s->results; i++)
		if (s->result[i]->stuck)
			return false;
	return true;
}

static int print_report(struct session *s, bool json)
{
	struct report report = {
		.data = &s->data, .table = s->table,
		.settings = &s->settings, .ledger = &s->ledger,
		.result = s->result, .results = s->results,
		.versus = s->versus, .versuses = s->versuses,
	};
	struct err err = { 0 }, silent;

	if (!s->table)
		return usage("the recipe opens no file", NULL);
	if (!s->results && !session_count(s, &err))
		return complain(&err);
	/* Guards that cannot look are no reason to hold a result back. */
	if (session_guard(s, &silent))
		report.guards = session_guards(s);
	if (!json)
		report_text(&report, stdout);
	else if (!report_json(&report, stdout, &err))
		return complain(&err);
	return delivered(all_reached(s) ? STATUS_DONE : STATUS_SHORT);
}

static int run_batch(struct batch *b)
{
	struct session *s = session_new(-1);
	struct err err = { 0 };
	int status;

	if (session_recipe(s, b->recipe, b->data, &b->set, &err))
		status = print_report(s, b->json);
	else
		status = complain(&err);
	session_free(s, false);
	return status;
}

static int run(int argc, char **argv)
{
	struct batch batch = { 0 };
	int status = STATUS_DONE;

	if (batch_words(&batch, argc, argv, &status))
		status = run_batch(&batch);
	free(batch.set.line);
	return status;
}

/* ---- profile, cat, help ---- */

/* FILE [OPTION=VALUE]..., as the command open takes them, and --json. */
struct file_words {
	const char *file;
	struct option_values options;
	bool json;
};

/* json: whether the subcommand knows of it. */
static bool take_file(struct file_words *w, const char *owner, bool json,
		      int argc, char **argv, struct err *err)
{
	for (int i = 0; i < argc; i++) {
		const char *word = argv[i];

		if (json && !strcmp(word, "--json"))
			w->json = true;
		else if (is_option(word) || (w->file && !strchr(word, '=')))
			return err_set(err, ERR_USAGE, "%s takes one FILE and "
				       "OPTION=VALUE%s, not also %.80s; see "
				       "gemba --help", owner,
				       json ? " or --json" : "", word);
		else if (!w->file)
			w->file = word;
		else if (!options_set(&w->options, owner, word, err))
			return false;
	}
	return w->file || err_set(err, ERR_USAGE, "%s wants a FILE; see gemba "
				  "--help", owner);
}

static struct source *open_words(struct file_words *w, const char *owner,
				 bool json, int argc, char **argv,
				 struct err *err)
{
	struct source *source = NULL;

	options_init(&w->options, source_options);
	if (take_file(w, owner, json, argc, argv, err))
		source = source_open(w->file, &w->options, err);
	options_clear(&w->options);
	return source;
}

static int profile(int argc, char **argv)
{
	struct file_words words = { 0 };
	struct dataset data = { 0 };
	struct err err = { 0 };
	bool ok;

	data.source = open_words(&words, "profile", true, argc, argv, &err);
	ok = data.source && work_read(&data, true, NULL, &err);
	if (ok && words.json)
		ok = profile_json(&data, stdout, &err);
	else if (ok)
		profile_text(&data, stdout);
	if (ok && data.damage.code) {
		err = data.damage;	/* of a part of it, that was */
		ok = false;
	}
	dataset_clear(&data);
	return ok ? delivered(STATUS_DONE) : complain(&err);
}

static bool write_row(void *arg, size_t row, const struct cell *cell,
		      size_t cells)
{
	(void)row;
	return source_write_row(cell, cells, arg);
}

/* To a terminal, where a cell's control characters would be obeyed. */
static bool show_row(void *arg, size_t row, const struct cell *cell,
		     size_t cells)
{
	struct cell *safe = mem_array(cells, sizeof(*safe));
	bool ok;

	for (size_t i = 0; i < cells; i++) {
		size_t size = 3 * cell[i].len + 1;
		char *text = mem_new(size);

		safe[i].text = text_safe(text, size, cell[i].text,
					 cell[i].len);
		safe[i].len = strlen(text);
	}
	ok = write_row(arg, row, safe, cells);
	for (size_t i = 0; i < cells; i++)
		free((char *)safe[i].text);
	free(safe);
	return ok;
}

static bool write_header(const struct source *source, source_row_fn *write)
{
	size_t n = source_columns(source);
	struct cell *cell = mem_array(n, sizeof(*cell));
	bool ok;

	for (size_t i = 0; i < n; i++) {
		cell[i].text = source_name(source, i);
		cell[i].len = strlen(cell[i].text);
	}
	ok = write(stdout, 0, cell, n);
	free(cell);
	return ok;
}

static int cat(int argc, char **argv)
{
	source_row_fn *write = isatty(STDOUT_FILENO) ? show_row : write_row;
	struct file_words words = { 0 };
	struct source *source;
	struct err err = { 0 }, broken = { 0 };
	bool ok;

	source = open_words(&words, "cat", false, argc, argv, &err);
	if (!source)
		return complain(&err);
	/* Of a file that breaks off all is written that there is. */
	ok = source_scan(source, NULL, &broken) || source_complete(source);
	ok = ok && (!source_dialect(source)->header ||
		    write_header(source, write));
	ok = ok && source_walk(source, 0, SIZE_MAX, write, stdout, NULL,
			       &err);
	ok = ok && source_whole(source, &err);
	source_close(source);
	if (ferror(stdout))
		return delivered(STATUS_DONE);
	if (ok && broken.code)
		return complain(&broken);
	return ok ? delivered(STATUS_DONE) : complain(&err);
}

static int help(int argc, char **argv)
{
	struct err err = { 0 };
	char *text;

	if (argc > 1)
		return usage("help takes one TOPIC", NULL);
	text = help_text(argc ? argv[0] : "index", &err);
	if (!text)
		return complain(&err);
	fputs(text, stdout);
	free(text);
	return delivered(STATUS_DONE);
}

static const struct subcommand subcommands[] = {
	{ "run", "RECIPE [DATA] [--json] [--set 'COMMAND']...",
	  "carry a recipe out with no screen", run },
	{ "profile", "FILE [OPTION=VALUE]... [--json]", "what is in the file",
	  profile },
	{ "cat", "FILE [OPTION=VALUE]...", "the table as read, as clean CSV",
	  cat },
	{ "help", "[TOPIC]", "a help topic", help },
};

/* ---- options of the program itself ---- */

static int print_help(void)
{
	puts("gemba [FILE]\n    open the workbench; FILE is data, a recipe "
	     "(*.gemba), or - for standard input");
	for (size_t i = 0; i < ARRAY_LEN(subcommands); i++)
		printf("gemba %s %s\n    %s\n", subcommands[i].name,
		       subcommands[i].args, subcommands[i].help);
	puts("gemba --help | --version | --paths\n\n"
	     "Exit status: 0 done; 1 done, but a training got stuck short of "
	     "its aim;\n2 wrong usage or bad input; 130 interrupted.");
	return delivered(STATUS_DONE);
}

static int print_paths(void)
{
	char *help_place = place_help(), *samples = place_samples();
	char *state = place_state();

	printf("help     %s\nsamples  %s\nstate    %s\n", help_place, samples,
	       state);
	free(help_place);
	free(samples);
	free(state);
	return delivered(STATUS_DONE);
}

/* ---- the workbench ---- */

/* --screen COLUMNSxROWS --keys FILE: the workbench without a terminal. */
static int workbench(int argc, char **argv)
{
	struct ui_start start = { 0 };

	for (int i = 0; i < argc; i++) {
		if (!strcmp(argv[i], "--screen") && i + 1 < argc) {
			if (sscanf(argv[++i], "%dx%d", &start.columns,
				   &start.rows) != 2)
				return usage("--screen wants COLUMNSxROWS, "
					     "not", argv[i]);
		} else if (!strcmp(argv[i], "--keys") && i + 1 < argc) {
			start.keys = argv[++i];
		} else if (is_option(argv[i])) {
			return usage("there is no option", argv[i]);
		} else if (start.file) {
			return usage("one FILE can be opened, not also",
				     argv[i]);
		} else {
			start.file = argv[i];
		}
	}
	start.is_recipe = start.file && ends_in(start.file, ".gemba");
	if (!start.keys && !isatty(STDOUT_FILENO))
		return usage("the workbench needs a terminal; for a pipe there "
			     "are run, profile and cat", NULL);
	return ui_run(&start);
}

static void interrupted(int signal_number)
{
	(void)signal_number;
	_exit(STATUS_INTERRUPTED);
}

int main(int argc, char **argv)
{
	const char *word = argc > 1 ? argv[1] : "";

	setlocale(LC_CTYPE, "");
	signal(SIGXFSZ, SIG_IGN);	/* "ulimit -f" is told as an error */
	ui_commands();
	for (size_t i = 0; i < ARRAY_LEN(subcommands); i++) {
		if (strcmp(word, subcommands[i].name))
			continue;
		signal(SIGINT, interrupted);
		return subcommands[i].run(argc - 2, argv + 2);
	}
	if (!strcmp(word, "--help") || !strcmp(word, "-h"))
		return argc > 2 ? help(argc - 2, argv + 2) : print_help();
	if (!strcmp(word, "--paths") && argc == 2)
		return print_paths();
	if (!strcmp(word, "--version") && argc == 2) {
		puts("gemba " PACKAGE_VERSION);
		return delivered(STATUS_DONE);
	}
	return workbench(argc - 1, argv + 1);
}
