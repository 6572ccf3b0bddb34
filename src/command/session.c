#include "command/session.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "command/command.h"
#include "command/undo.h"

/* A fit as quick as this may be made again after every change. */
#define QUICK_SECONDS 0.5

/* What is not open any more, and who may still be looking at it. */
struct grave {
	struct table *table;		/* owned, or NULL */
	struct dataset data;		/* owned */
	bool worker, errand;
};

/*
 * The worker's side.  While a job runs, what it was given and what it makes
 * belong to its thread; the main thread touches them before job_start() and
 * after job_end() only.
 */
struct worker {
	int wake_fd;			/* -1: no thread, all is done at once */
	struct job *job;		/* owned; NULL: idle */
	bool cancelled;			/* its result is not wanted any more */

	/* What it was given. */
	enum work_kind kind;
	struct settings settings;	/* its own copy */
	const struct table *table;	/* borrowed */
	/* What it makes. */
	struct dataset opening;
	struct option_values opening_options;	/* not touched by the job */
	struct ledger ledger;
	struct result *result;
	struct stages *stages;

	/* Replaced while somebody looked at them: freed when that has ended. */
	struct grave *grave;		/* owned */
	size_t graves;
	bool forget_stages;

	/* The file to open when the worker is free. */
	struct dataset next;		/* .source: open, not read yet */
	struct option_values next_options;

	struct recipe recipe;		/* under way, or zeroed */
	char *key;		/* owned: settings_format() of the choices */
	struct undo undo;
	bool told_by_itself;		/* the user has said autotrain on */
};

static bool threaded(const struct session *s)
{
	return s->worker->wake_fd >= 0;
}

/* ---- what was made, and whether it is still of these choices ---- */

/* The choices as text, kept, as every frame asks what is of them. */
static void renew_key(struct session *s)
{
	free(s->worker->key);
	s->worker->key = settings_format(&s->settings, s->table);
}

struct session *session_new(int wake_fd)
{
	struct session *s = mem_new(sizeof(*s));

	s->worker = mem_new(sizeof(*s->worker));
	s->worker->wake_fd = wake_fd;
	s->worker->stages = stages_new();
	s->errands = errands_new(wake_fd);
	s->train_by_itself = wake_fd >= 0;
	settings_init(&s->settings);
	settings_init(&s->worker->settings);
	renew_key(s);
	return s;
}

static bool key_differs(const struct session *s, const char *key)
{
	return !key || strcmp(s->worker->key, key);
}

bool session_ledger_stale(const struct session *s)
{
	return key_differs(s, s->ledger_key);
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
	return !strcmp(a->target, b->target) && !a->key == !b->key;
}

const struct result *session_best(const struct session *s)
{
	const struct result *best = NULL;

	for (size_t i = 0; i < s->results; i++)
		if (comparable(s->result[i], session_newest(s)) &&
		    (!best || s->result[i]->test.mcc > best->test.mcc))
			best = s->result[i];
	return best;
}

void session_say(struct session *s, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(s->message, sizeof(s->message), fmt, ap);
	va_end(ap);
	s->message_is_error = false;
}

static void complain(struct session *s, const struct err *err)
{
	/* A recipe's line and caret, below, do not fit into one line. */
	session_say(s, "%.*s", (int)strcspn(err->text, "\n"), err->text);
	s->message_is_error = err->code != ERR_CANCELLED;
}

/* ---- the worker ---- */

/* The work itself, on the worker's thread or, in a batch, on the only one. */
static bool work(struct job *job, void *arg, struct err *err)
{
	struct worker *w = arg;

	switch (w->kind) {
	case WORK_OPEN:
		return work_read(&w->opening, w->wake_fd >= 0, job, err);
	case WORK_CLEAN:
		return work_clean(w->stages, w->table, &w->settings,
				  &w->ledger, job, err);
	case WORK_TRAIN:
		w->result = work_train(w->stages, w->table, &w->settings, job,
				       err);
		return w->result;
	case WORK_NONE:
		break;
	}
	return true;
}

/* Kept when it failed, too, empty: the same choices are not tried again. */
static void keep_ledger(struct session *s, bool done)
{
	s->ledger = done ? s->worker->ledger : (struct ledger){ 0 };
	free(s->ledger_key);
	s->ledger_key = settings_format(&s->worker->settings, s->table);
}

/* A fit that takes its time is not made again unasked. */
static void by_itself_if_quick(struct session *s, const struct result *r)
{
	double seconds = r->seconds_clean + r->seconds_fit +
			 r->seconds_evaluate;

	if (threaded(s) && !s->worker->told_by_itself)
		s->train_by_itself = seconds < QUICK_SECONDS;
}

static void keep_result(struct session *s)
{
	struct result *r = s->worker->result;

	s->worker->result = NULL;
	r->number = (int)s->results + 1;
	r->seconds_read = s->data.seconds;
	s->result = mem_grow(s->result, s->results, sizeof(*s->result));
	s->result[s->results++] = r;
	by_itself_if_quick(s, r);
}

/* The worker or an errand has ended: what nobody looks at any more goes. */
static void sweep(struct worker *w, bool worker, bool errand)
{
	size_t kept = 0;

	for (size_t i = 0; i < w->graves; i++) {
		struct grave *grave = &w->grave[i];

		grave->worker &= !worker;
		grave->errand &= !errand;
		if (grave->worker || grave->errand) {
			w->grave[kept++] = *grave;
			continue;
		}
		table_free(grave->table);
		dataset_clear(&grave->data);
	}
	w->graves = kept;
	if (worker && w->forget_stages)
		stages_reset(w->stages);
	if (worker)
		w->forget_stages = false;
}

/* A retyped table, or a file, is not needed any more by this thread. */
static void bury(struct session *s, struct table *table, struct dataset *data)
{
	struct worker *w = s->worker;
	struct grave grave = {
		.table = table, .worker = w->job,
		.errand = errands_busy(s->errands),
	};

	if (data) {
		grave.data = *data;
		*data = (struct dataset){ 0 };
	}
	w->grave = mem_grow(w->grave, w->graves, sizeof(*w->grave));
	w->grave[w->graves++] = grave;
	sweep(w, false, false);
}

/* Numbers of another file, or of this one as it was, are not of these choices,
 * though the choices may be the same to the letter. */
static void forget_numbers(struct session *s)
{
	s->ledger = (struct ledger){ 0 };
	free(s->ledger_key);
	s->ledger_key = NULL;
	for (size_t i = 0; i < s->results; i++) {
		free(s->result[i]->key);
		s->result[i]->key = NULL;
	}
	s->train_wanted = false;
}

/* The new file takes the place of the one that was open. */
static void keep_file(struct session *s)
{
	struct worker *w = s->worker;

	errands_cancel_all(s->errands, s);
	bury(s, s->retyped, &s->data);
	s->retyped = NULL;
	s->data = w->opening;
	w->opening = (struct dataset){ 0 };
	s->table = s->data.found;
	free(s->settings.path);
	s->settings.path = mem_strdup(source_path(s->data.source));
	options_clear(&s->settings.open);
	s->settings.open = w->opening_options;
	w->opening_options = (struct option_values){ 0 };
	settings_file(&s->settings, s->data.source, s->table);
	undo_clear(&w->undo);
	stages_reset(w->stages);
	forget_numbers(s);
	renew_key(s);
	looks_forget(s);
	insight_forget(s);
	if (s->data.damage.code)
		complain(s, &s->data.damage);
	else if (!s->table)
		session_say(s, s->data.free > 0 && !s->data.insist
			    ? "its table would take %.1f GB and %.1f GB are "
			      "free: rows only; :read reads it all the same"
			    : "rows only: :read reads the columns",
			    s->data.needs / 1e9, s->data.free / 1e9);
}

/*
 * A file that was given up, or broke off, while its columns were read: what
 * there is of it can be looked at.
 */
static void keep_rows(struct session *s)
{
	struct dataset *opening = &s->worker->opening;

	dataset_forget(opening);
	opening->needs = opening->free = 0;
	keep_file(s);
}

/* Nobody will see the file, which may have been searched already. */
static void forget_opening(struct session *s)
{
	errands_cancel(s->errands, s, ERRAND_FIND);
	errands_cancel(s->errands, s, ERRAND_EXPORT);
	bury(s, NULL, &s->worker->opening);
}

/* The worker is done with what it was doing: take what it made. */
static bool collect(struct session *s, bool done, struct err *err)
{
	struct worker *w = s->worker;
	enum work_kind kind = s->working;

	s->working = WORK_NONE;
	s->note_fresh = false;
	sweep(w, true, false);
	if (w->cancelled || !done) {
		result_free(w->result);
		w->result = NULL;
		if (kind == WORK_OPEN && threaded(s) && !w->next.source)
			keep_rows(s);
		else if (kind == WORK_OPEN)
			forget_opening(s);
		if (kind == WORK_CLEAN && !w->cancelled)
			keep_ledger(s, false);
		return w->cancelled ? err_cancelled(err) : false;
	}
	if (kind == WORK_OPEN)
		keep_file(s);
	else if (kind == WORK_CLEAN)
		keep_ledger(s, true);
	else
		keep_result(s);
	return true;
}

/* Give the worker its next work; in a batch, do it. */
static bool begin(struct session *s, enum work_kind kind, struct err *err)
{
	struct worker *w = s->worker;

	w->kind = kind;
	w->cancelled = false;
	w->table = s->table;
	settings_clear(&w->settings);
	settings_copy(&w->settings, &s->settings);
	s->working = kind;
	if (!threaded(s))
		return collect(s, work(NULL, w, err), err);
	w->job = job_start(work, w, sizeof(s->note), w->wake_fd, err);
	if (!w->job)
		return collect(s, false, err);
	return true;
}

static void cancel(struct session *s)
{
	if (!s->worker->job)
		return;
	s->worker->cancelled = true;
	job_cancel(s->worker->job);
}

void session_stop(struct session *s, bool keep)
{
	s->train_wanted = false;
	if (!keep) {
		recipe_clear(&s->worker->recipe);
		cancel(s);
	} else if (s->working == WORK_TRAIN && s->worker->job) {
		job_stop(s->worker->job);
	}
}

const struct source *session_source(const struct session *s)
{
	return s->working == WORK_OPEN ? s->worker->opening.source
				       : s->data.source;
}

double session_part(const struct session *s)
{
	return s->worker->job ? job_part(s->worker->job) : 0;
}

/* ---- files ---- */

static bool begin_open(struct session *s, struct err *err)
{
	struct worker *w = s->worker;

	w->opening = w->next;
	w->next = (struct dataset){ 0 };
	options_clear(&w->opening_options);
	w->opening_options = w->next_options;
	w->next_options = (struct option_values){ 0 };
	return begin(s, WORK_OPEN, err);
}

bool session_open(struct session *s, const char *path,
		  const struct option_values *options, struct err *err)
{
	struct worker *w = s->worker;
	char *resolved = recipe_resolve(&w->recipe, path);
	struct source *source = source_open(resolved, options, err);

	free(resolved);
	if (!source)
		return false;
	dataset_clear(&w->next);
	options_clear(&w->next_options);
	w->next.source = source;
	options_copy(&w->next_options, options);
	s->train_wanted = false;
	if (w->job) {
		cancel(s);
		return true;	/* session_turn() goes on */
	}
	return begin_open(s, err);
}

bool session_read(struct session *s, struct err *err)
{
	struct worker *w = s->worker;

	if (!s->data.source || s->table || s->working == WORK_OPEN)
		return err_set(err, ERR_USAGE, s->data.source
			       ? "the columns are read already"
			       : "no file is open: open FILE first");
	errands_cancel_all(s->errands, s);
	w->next = s->data;
	w->next.insist = true;
	s->data = (struct dataset){ 0 };
	options_clear(&w->next_options);
	options_copy(&w->next_options, &s->settings.open);
	return begin_open(s, err);
}

bool session_retype(struct session *s, struct err *err)
{
	struct worker *w = s->worker;
	struct table *table = table_retyped(s->data.found, s->settings.type,
					    err);

	if (!table)
		return false;
	errands_cancel_all(s->errands, s);
	bury(s, s->retyped, NULL);
	s->retyped = table;
	s->table = table;
	w->forget_stages = true;
	if (w->job)
		cancel(s);
	else
		sweep(w, true, false);
	looks_forget(s);
	insight_forget(s);
	return true;
}

/* ---- training ---- */

bool session_train(struct session *s, struct err *err)
{
	if (!threaded(s))
		return begin(s, WORK_TRAIN, err);
	s->train_wanted = true;		/* session_turn() begins it */
	return true;
}

bool session_count(struct session *s, struct err *err)
{
	return begin(s, WORK_CLEAN, err);
}

/*
 * What the choices are now is what is wanted: work that goes on for others is
 * given up, and what the new ones need is begun.
 */
void session_changed(struct session *s)
{
	if (!threaded(s) || !s->table)
		return;
	/* A recipe says itself when it trains. */
	if (recipe_under_way(&s->worker->recipe))
		return;
	if (s->working == WORK_CLEAN)
		cancel(s);
	if (!s->train_by_itself)
		return;
	if (s->working == WORK_TRAIN)
		cancel(s);
	if (s->settings.target >= 0 &&
	    (s->working == WORK_TRAIN || s->results > 0))
		s->train_wanted = true;
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

static bool unknown(const char *name, struct err *err)
{
	const char *names[256];
	const char *near;
	size_t n = 0;

	for (const struct command *c; n < ARRAY_LEN(names) &&
	     (c = command_nth(n)); n++)
		names[n] = c->name;
	near = text_nearest(name, names, n);
	return err_set(err, ERR_USAGE, "there is no command '%.60s'%s%s%s",
		       name, near ? "; did you mean '" : ": see help commands",
		       near ? near : "", near ? "'?" : "");
}

/* After a command: what has changed can be undone, and is acted on. */
static void note_change(struct session *s, const struct command *command,
			bool ok, const char *key,
			const struct settings *before)
{
	bool differs = key_differs(s, key);
	bool looks = !look_same(&before->look, &s->settings.look);

	if (!ok || !s->data.source || (!differs && !looks))
		return;
	if (!(command->flags & COMMAND_UNDO))
		undo_remember(&s->worker->undo, before);
	if (looks)
		looks_changed(s);
	if (differs)
		session_changed(s);
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
		return unknown(words->word[0], err);
	if (command->flags & COMMAND_SCREEN || !s->data.source) {
		ok = run_command(s, command, words, err);
		renew_key(s);
		return ok;
	}
	key = mem_strdup(s->worker->key);
	settings_copy(&before, &s->settings);
	ok = run_command(s, command, words, err);
	renew_key(s);
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
	struct undo *undo = &s->worker->undo;

	if (!(back ? undo_back(undo, &s->settings)
		   : undo_forth(undo, &s->settings)))
		return err_set(err, ERR_USAGE, "nothing to %s",
			       back ? "undo" : "redo");
	for (size_t c = 0; s->table && c < s->table->columns; c++)
		if (s->table->column[c].type != s->settings.type[c])
			return session_retype(s, err);
	return true;
}

void session_autotrain(struct session *s, bool on)
{
	s->train_by_itself = on;
	s->worker->told_by_itself = true;
}

/* ---- recipes ---- */

/* Go on with the recipe until a line has given the worker something to do. */
static bool next_lines(struct session *s, struct err *err)
{
	struct recipe *recipe = &s->worker->recipe;
	const char *line;

	while (recipe_under_way(recipe) && !s->worker->job &&
	       !s->train_wanted) {
		line = s->quit ? NULL : recipe_next(recipe);
		if (!line) {
			recipe_clear(recipe);
		} else if (!session_do(s, line, err)) {
			recipe_point_at(recipe, s->fault, err);
			recipe_clear(recipe);
			return false;
		}
	}
	return true;
}

bool session_recipe(struct session *s, const char *path, const char *data,
		    const struct preset *preset, struct err *err)
{
	struct recipe *recipe = &s->worker->recipe;

	if (recipe_under_way(recipe))
		return err_set(err, ERR_USAGE, "%.200s is still being carried "
			       "out", recipe->name);
	return recipe_read(recipe, path, data, preset, err) &&
	       next_lines(s, err);
}

/* ---- the loop's side ---- */

bool session_busy(const struct session *s)
{
	return s->worker->job || s->train_wanted || s->worker->next.source ||
	       errands_busy(s->errands) ||
	       recipe_under_way(&s->worker->recipe) ||
	       (threaded(s) && s->table && session_ledger_stale(s));
}

/* What the worker, which is free, is to do next. */
static bool next_work(struct session *s, struct err *err)
{
	struct worker *w = s->worker;

	if (w->next.source)
		return begin_open(s, err);
	if (!next_lines(s, err))
		return false;
	if (w->job)
		return true;
	if (s->train_wanted) {
		s->train_wanted = false;
		return begin(s, WORK_TRAIN, err);
	}
	if (s->table && session_ledger_stale(s))
		return begin(s, WORK_CLEAN, err);
	return true;
}

/* A recipe ends at the line whose work failed. */
static void work_failed(struct session *s, struct err *err)
{
	struct worker *w = s->worker;

	if (recipe_under_way(&w->recipe)) {
		recipe_point_at(&w->recipe, 0, err);
		recipe_clear(&w->recipe);
	}
	complain(s, err);
}

void session_turn(struct session *s)
{
	struct worker *w = s->worker;
	struct err err = { 0 };
	bool done;

	if (w->job && job_take(w->job, &s->note))
		s->note_fresh = s->working == WORK_TRAIN;
	if (w->job && !job_running(w->job)) {
		done = job_end(w->job, &err);
		w->job = NULL;
		if (!collect(s, done, &err) && !w->cancelled)
			work_failed(s, &err);
	}
	if (!w->job && !next_work(s, &err))
		complain(s, &err);
	if (errands_turn(s->errands, s))
		sweep(w, false, true);
}

void session_free(struct session *s, bool abandon)
{
	struct worker *w = s->worker;

	if (abandon && (w->job || errands_busy(s->errands)))
		return;
	errands_free(s->errands, s, false);
	looks_clear(&s->looks);
	insight_free(s);
	if (w->job) {
		job_cancel(w->job);
		job_end(w->job, NULL);
	}
	recipe_clear(&w->recipe);
	sweep(w, true, true);
	free(w->grave);
	stages_free(w->stages);
	dataset_clear(&w->opening);
	dataset_clear(&w->next);
	options_clear(&w->next_options);
	options_clear(&w->opening_options);
	settings_clear(&w->settings);
	result_free(w->result);
	undo_clear(&w->undo);
	free(w->key);
	free(w);
	for (size_t i = 0; i < s->results; i++)
		result_free(s->result[i]);
	free(s->result);
	free(s->ledger_key);
	settings_clear(&s->settings);
	table_free(s->retyped);
	dataset_clear(&s->data);
	free(s);
}
