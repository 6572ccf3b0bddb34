#include "command/worker.h"

#include <stdlib.h>

#include "base/mem.h"
#include "command/session.h"

/* A fit as quick as this may be made again after every change. */
#define QUICK_SECONDS 0.5

static bool threaded(const struct session *s)
{
	return s->worker->wake_fd >= 0;
}

/* ---- what somebody may still be looking at ---- */

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

struct worker *worker_new(int wake_fd)
{
	struct worker *w = mem_new(sizeof(*w));

	w->wake_fd = wake_fd;
	w->stages = stages_new();
	settings_init(&w->settings);
	return w;
}

void worker_free(struct worker *w)
{
	if (w->job) {
		job_cancel(w->job);
		job_end(w->job, NULL);
	}
	sweep(w, true, true);
	free(w->grave);
	stages_free(w->stages);
	dataset_clear(&w->opening);
	dataset_clear(&w->next);
	options_clear(&w->next_options);
	options_clear(&w->opening_options);
	settings_clear(&w->settings);
	result_free(w->result);
	free(w);
}

/* ---- the work, and what becomes of what it made ---- */

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

static void forget_key(struct session *s)
{
	free(s->ledger_key);
	s->ledger_key = NULL;
}

/* Kept when it failed, too, empty: the same choices are not tried again. */
static void keep_ledger(struct session *s, bool done)
{
	s->ledger = done ? s->worker->ledger : (struct ledger){ 0 };
	free(s->ledger_key);
	s->ledger_key = settings_format(&s->worker->settings, s->table);
}

/* The account stands while what is off is still being counted: until that is
 * done, its last figures are shown as those that may have changed. */
static void early_ledger(struct session *s)
{
	struct ledger old = s->ledger;

	keep_ledger(s, false);
	s->ledger = s->note.ledger;
	for (size_t i = 0; i < s->ledger.rules && i < old.rules; i++)
		if (!s->ledger.of[i].effect.known &&
		    s->ledger.of[i].rule == old.of[i].rule) {
			s->ledger.of[i].effect = old.of[i].effect;
			s->ledger.of[i].effect.known = false;
		}
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

/* Numbers of another file, or of this one as it was, are not of these choices,
 * though the choices may be the same to the letter. */
static void forget_numbers(struct session *s)
{
	s->ledger = (struct ledger){ 0 };
	forget_key(s);
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
	undo_clear(&s->undo);
	stages_reset(w->stages);
	forget_numbers(s);
	session_renew_key(s);
	looks_forget(s);
	insight_forget(s);
	if (s->data.damage.code)
		session_complain(s, &s->data.damage);
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
		else if (kind == WORK_CLEAN)
			forget_key(s);		/* it was not complete */
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
		recipe_clear(&s->recipe);
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
	char *resolved = recipe_resolve(&s->recipe, path);
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
	if (recipe_under_way(&s->recipe))
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

void session_autotrain(struct session *s, bool on)
{
	s->train_by_itself = on;
	s->worker->told_by_itself = true;
}

/* ---- the loop's side ---- */

bool session_busy(const struct session *s)
{
	return s->worker->job || s->train_wanted || s->worker->next.source ||
	       errands_busy(s->errands) ||
	       recipe_under_way(&s->recipe) ||
	       (threaded(s) && s->table && session_ledger_stale(s));
}

/* What the worker, which is free, is to do next. */
static bool next_work(struct session *s, struct err *err)
{
	struct worker *w = s->worker;

	if (w->next.source)
		return begin_open(s, err);
	if (!session_next_lines(s, err))
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
	if (recipe_under_way(&s->recipe)) {
		recipe_point_at(&s->recipe, 0, err);
		recipe_clear(&s->recipe);
	}
	session_complain(s, err);
}

void session_turn(struct session *s)
{
	struct worker *w = s->worker;
	struct err err = { 0 };
	bool done;

	if (w->job && job_take(w->job, &s->note)) {
		s->note_fresh = s->working == WORK_TRAIN;
		if (s->working == WORK_CLEAN && !w->cancelled)
			early_ledger(s);
	}
	if (w->job && !job_running(w->job)) {
		done = job_end(w->job, &err);
		w->job = NULL;
		if (!collect(s, done, &err) && !w->cancelled)
			work_failed(s, &err);
	}
	if (!w->job && !next_work(s, &err))
		session_complain(s, &err);
	if (errands_turn(s->errands, s))
		sweep(w, false, true);
}
