#include "command/session.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "command/command.h"
#include "command/draft.h"
#include "command/forecast.h"
#include "command/inquiry.h"
#include "command/judging.h"
#include "command/synonym.h"
#include "command/worker.h"

/* The choices as text, kept, as every frame asks what is of them. */
void session_renew_key(struct session *s)
{
	free(s->key);
	free(s->choices);
	s->key = settings_format(&s->settings, s->table);
	s->choices = settings_choices(&s->settings, s->table);
}

struct session *session_new(int wake_fd)
{
	struct session *s = mem_new(sizeof(*s));

	s->worker = worker_new(wake_fd);
	s->errands = errands_new(wake_fd);
	s->train_by_itself = wake_fd >= 0;
	settings_init(&s->settings);
	session_renew_key(s);
	return s;
}

void session_free(struct session *s, bool abandon)
{
	if (abandon && (s->worker->job || errands_busy(s->errands)))
		return;
	errands_free(s->errands, s, false);
	looks_clear(&s->looks);
	digest_clear(&s->digest);
	insight_free(s);
	draft_free(s);
	forecast_free(s);
	inquiry_free(s);
	worker_free(s->worker);
	recipe_clear(&s->recipe);
	undo_clear(&s->undo);
	for (size_t i = 0; i < s->results; i++)
		result_free(s->result[i]);
	free(s->result);
	judging_free(s);
	suggestions_clear(&s->suggestions);
	free(s->suggestions_key);
	findings_free(s->guards);
	free(s->guards_key);
	free(s->ledger_key);
	free(s->key);
	free(s->choices);
	settings_clear(&s->settings);
	prepared_clear(&s->prepared);
	free(s->prepared_key);
	dataset_clear(&s->data);
	free(s);
}

/* ---- what was made, and whether it is still of these choices ---- */

static bool key_differs(const struct session *s, const char *key)
{
	return !key || strcmp(s->key, key);
}

bool session_ledger_stale(const struct session *s)
{
	return !s->ledger_key || strcmp(s->choices, s->ledger_key);
}

bool session_result_stale(const struct session *s, const struct result *r)
{
	return key_differs(s, r->key);
}

const struct result *session_newest(const struct session *s)
{
	return s->results ? s->result[s->results - 1] : NULL;
}

/* Results on other targets, or on a file that is open no more, do not. */
static bool comparable(const struct result *a, const struct result *b)
{
	return !strcmp(a->target, b->target) && a->task == b->task &&
	       !a->key == !b->key;
}

const struct result *session_best(const struct session *s)
{
	const struct result *best = NULL;

	for (size_t i = 0; i < s->results; i++)
		if (s->result[i]->converged &&
		    comparable(s->result[i], session_newest(s)) &&
		    (!best || result_rank(s->result[i]) >
		     result_rank(best)))
			best = s->result[i];
	return best;
}

/* ---- columns ---- */

size_t session_columns(const struct session *s)
{
	const struct source *source = session_source(s);

	if (s->table && s->working != WORK_OPEN)
		return s->table->columns;
	return source ? source_columns(source) : 0;
}

const char *session_name(const struct session *s, size_t column)
{
	if (s->table && s->working != WORK_OPEN)
		return s->table->column[column].name;
	return source_name(session_source(s), column);
}

enum column_type session_found_type(const struct session *s, size_t column)
{
	size_t n = settings_in_file(&s->settings);

	return column < n ? s->data.found->column[column].type
			  : s->prepared.made[column - n];
}

/* ---- what is said ---- */

void session_say(struct session *s, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(s->message, sizeof(s->message), fmt, ap);
	va_end(ap);
	s->message_is_error = false;
}

void session_complain(struct session *s, const struct err *err)
{
	/* A recipe's line and caret, below, do not fit into one line. */
	session_say(s, "%.*s", (int)strcspn(err->text, "\n"), err->text);
	s->message_is_error = err->code != ERR_CANCELLED;
}

/* ---- one line ---- */

static bool run_command(struct session *s, const struct command *command,
			const struct words *words, struct err *err)
{
	bool opening = s->working == WORK_OPEN || s->worker->next.source;
	int argc = (int)words->n;

	s->fault = 0;
	if (argc - 1 < command->min ||
	    (command->max >= 0 && argc - 1 > command->max)) {
		s->fault = command->max >= 0 && argc - 1 > command->max
			? command->max + 1 : 0;
		return err_set(err, ERR_USAGE, "usage: %s %s", command->name,
			       command->args);
	}
	if (command->flags & COMMAND_TABLE && (opening || !s->table))
		return err_set(err, ERR_USAGE, opening
			       ? "%s must wait: the file is still being read"
			       : s->data.source
			       ? "%s needs the columns of the file: read first"
			       : "%s needs a file: open FILE first",
			       command->name);
	if (command->flags & (COMMAND_SCREEN | COMMAND_LOOK) && !s->screen)
		return err_set(err, ERR_USAGE,
			       "%s works in the workbench only",
			       command->name);
	return command->run(s, argc, words->word, err);
}

static bool unknown(const struct words *words, struct err *err)
{
	const char *name = words->word[0], *names[256];
	char *synonym = synonym_line(words);
	const char *near = synonym;
	size_t n = 0;

	for (const struct command *c; n < ARRAY_LEN(names) &&
	     (c = command_nth(n)); n++)
		names[n] = c->name;
	if (!near)
		near = text_nearest(name, names, n);
	err_set(err, ERR_USAGE, "there is no command '%.60s'%s%s%s",
		name, near ? "; did you mean '" : ": see help commands",
		near ? near : "", near ? "'?" : "");
	free(synonym);
	return false;
}

/* After a command: what has changed can be undone, and is acted on. */
static void note_change(struct session *s, const struct command *command,
			bool ok, const char *key,
			const struct settings *before)
{
	bool differs = key_differs(s, key);
	bool looks = !look_same(&before->look, &s->settings.look);
	bool rules_differ = !settings_same_rules(before, &s->settings);

	if (!ok || !s->data.source || (!differs && !looks && !rules_differ))
		return;
	if (!(command->flags & COMMAND_UNDO))
		undo_remember(&s->undo, before);
	if (looks)
		looks_changed(s);
	if (differs)
		session_changed(s);
}

/* The table could not be made of the new choices: those before are. */
static void go_back(struct session *s, const struct settings *before)
{
	char *key = prepare_key(&s->settings);

	if (s->prepared_key && strcmp(key, s->prepared_key)) {
		settings_clear(&s->settings);
		settings_copy(&s->settings, before);
	}
	free(key);
}

/* Carry the words out; what changes the choices can be undone. */
static bool run_words(struct session *s, const struct words *words,
		      struct err *err)
{
	const struct command *command = command_find(words->word[0]);
	struct settings before;
	char *key;
	bool ok;

	s->fault = 0;
	if (!command)
		return unknown(words, err);
	if (command->flags & COMMAND_SCREEN || !s->data.source) {
		ok = run_command(s, command, words, err);
		session_renew_key(s);
		return ok;
	}
	key = mem_strdup(s->key);
	settings_copy(&before, &s->settings);
	ok = run_command(s, command, words, err) && session_prepare(s, err);
	if (!ok)
		go_back(s, &before);
	session_renew_key(s);
	note_change(s, command, ok, key, &before);
	settings_clear(&before);
	free(key);
	return ok;
}

/* The words of a line, or the first of them and the rest as it stands. */
static bool split(struct words *words, const char *line, struct err *err)
{
	const struct command *command;

	words_rest(words, line);
	command = words->n ? command_find(words->word[0]) : NULL;
	if (command && command->flags & COMMAND_RAW)
		return true;
	words_clear(words);
	return words_split(words, line, err);
}

bool session_do(struct session *s, const char *line, struct err *err)
{
	struct words words;
	bool ok = split(&words, line, err);

	s->fault_at = 0;
	s->fault = words.n && !ok ? (int)words.n - 1 : 0;
	if (ok && words.n > 0)
		ok = run_words(s, &words, err);
	words_clear(&words);
	return ok;
}

bool session_undo(struct session *s, bool back, struct err *err)
{
	struct undo *undo = &s->undo;
	/* These are not undone. */
	unsigned guards_off = s->settings.guards_off;
	struct cut_wish cut = s->settings.cut;

	if (!(back ? undo_back(undo, &s->settings)
		   : undo_forth(undo, &s->settings)))
		return err_set(err, ERR_USAGE, "nothing to %s",
			       back ? "undo" : "redo");
	s->settings.guards_off = guards_off;
	s->settings.cut = cut;
	return true;
}

/* ---- recipes ---- */

/* Go on with the recipe until a line has given the worker something to do. */
bool session_next_lines(struct session *s, struct err *err)
{
	struct recipe *recipe = &s->recipe;
	const char *line;

	while (recipe_under_way(recipe) && !s->worker->job &&
	       !s->train_wanted) {
		line = s->quit ? NULL : recipe_next(recipe);
		if (!line) {
			recipe_clear(recipe);
		} else if (!session_do(s, line, err)) {
			recipe_point_at(recipe, s->fault, s->fault_at, err);
			recipe_clear(recipe);
			return false;
		}
	}
	return true;
}

bool session_recipe(struct session *s, const char *path, const char *data,
		    const struct preset *preset, struct err *err)
{
	struct recipe *recipe = &s->recipe;

	if (recipe_under_way(recipe))
		return err_set(err, ERR_USAGE, "%.200s is still being carried "
			       "out", recipe->name);
	return recipe_read(recipe, path, data, preset, err) &&
	       session_next_lines(s, err);
}
