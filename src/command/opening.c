/*
 * opening.c - the file and the table of a session, and others in their place
 *
 * What is replaced may still be looked at by the worker or an errand: it is
 * buried, and freed when these have ended.
 */
#include "command/worker.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "command/carry.h"
#include "command/draft.h"
#include "run/trial.h"

/* ---- what somebody may still be looking at ---- */

/* The worker or an errand has ended: what nobody looks at any more goes. */
void worker_sweep(struct worker *w, bool worker, bool errand)
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
		prepared_clear(&grave->prepared);
		dataset_clear(&grave->data);
	}
	w->graves = kept;
	if (worker && w->forget_stages) {
		stages_reset(w->stages);
		trials_reset(w->trials);
	}
	if (worker)
		w->forget_stages = false;
}

/* A prepared table, or a file, is not needed any more by this thread. */
static void bury(struct session *s, struct prepared *prepared,
		 struct dataset *data)
{
	struct worker *w = s->worker;
	struct grave grave = {
		.worker = w->job, .errand = errands_busy(s->errands),
	};

	if (prepared) {
		grave.prepared = *prepared;
		*prepared = (struct prepared){ 0 };
	}
	if (data) {
		grave.data = *data;
		*data = (struct dataset){ 0 };
	}
	w->grave = mem_grow(w->grave, w->graves, sizeof(*w->grave));
	w->grave[w->graves++] = grave;
	worker_sweep(w, false, false);
}

/* ---- a file that was read ---- */

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

/* The table is the one that was found, which no rule has changed yet. */
static void take_as_found(struct session *s)
{
	struct settings bare = s->settings;	/* all of it borrowed */

	bare.rules = 0;
	s->table = s->data.found;
	s->made++;
	free(s->prepared_key);
	s->prepared_key = s->table ? prepare_key(&bare) : NULL;
}

/* The new file takes the place of the one that was open. */
void opening_keep(struct session *s)
{
	struct worker *w = s->worker;
	struct carried carried = { 0 };

	if (w->carries)
		carry_take(&carried, s);
	w->carries = false;
	errands_cancel_all(s->errands, s);
	session_unfit(s);
	draft_forget(s);	/* its table borrows from the one that goes */
	bury(s, &s->prepared, &s->data);
	s->data = w->opening;
	w->opening = (struct dataset){ 0 };
	free(s->settings.path);
	s->settings.path = mem_strdup(source_path(s->data.source));
	options_clear(&s->settings.open);
	s->settings.open = w->opening_options;
	w->opening_options = (struct option_values){ 0 };
	settings_file(&s->settings, s->data.source, s->data.found);
	undo_clear(&s->undo);
	stages_reset(w->stages);
	trials_reset(w->trials);
	forget_numbers(s);
	take_as_found(s);
	carry_give(s, &carried);
	session_renew_key(s);
	looks_forget(s);
	insight_forget(s);
	digest_forget(s);
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
void opening_keep_rows(struct session *s)
{
	struct dataset *opening = &s->worker->opening;

	dataset_forget(opening);
	opening->needs = opening->free = 0;
	opening_keep(s);
}

/* Nobody will see the file, which may have been searched already. */
void opening_forget(struct session *s)
{
	errands_cancel(s->errands, s, ERRAND_FIND);
	errands_cancel(s->errands, s, ERRAND_EXPORT);
	bury(s, NULL, &s->worker->opening);
}

/* ---- another file ---- */

bool worker_open(struct session *s, struct err *err)
{
	struct worker *w = s->worker;

	w->opening = w->next;
	w->next = (struct dataset){ 0 };
	options_clear(&w->opening_options);
	w->opening_options = w->next_options;
	w->next_options = (struct option_values){ 0 };
	w->carries = w->next_carries;
	w->next_carries = false;
	return worker_begin(s, WORK_OPEN, err);
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
	w->next_carries = s->carry && s->table;
	s->carry = false;
	options_copy(&w->next_options, options);
	s->train_wanted = false;
	if (w->job) {
		worker_cancel(s);
		return true;	/* session_turn() goes on */
	}
	return worker_open(s, err);
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
	return worker_open(s, err);
}

/* What looked at the table before looks at this one from now on. */
static void take_prepared(struct session *s, struct prepared *p)
{
	struct worker *w = s->worker;
	size_t n = settings_in_file(&s->settings);

	errands_cancel_all(s->errands, s);
	session_unfit(s);
	bury(s, &s->prepared, NULL);
	s->prepared = *p;
	s->table = p->table;
	s->made++;
	for (size_t i = 0; i < s->settings.derived_n; i++)
		if (!s->settings.typed[n + i])
			s->settings.type[n + i] = p->made[i];
	w->forget_stages = true;
	if (w->job)
		worker_cancel(s);
	else
		worker_sweep(w, true, false);
}

bool session_prepare(struct session *s, struct err *err)
{
	struct prepared p;
	char *key;

	if (!s->data.found || !s->prepared_key)
		return true;
	key = prepare_key(&s->settings);
	if (!strcmp(key, s->prepared_key)) {
		free(key);
		return true;
	}
	if (!prepare(&p, s->data.found, &s->settings, NULL, err)) {
		free(key);
		return false;
	}
	free(s->prepared_key);
	s->prepared_key = key;
	take_prepared(s, &p);
	looks_forget(s);
	insight_forget(s);
	draft_forget(s);
	digest_forget(s);
	return true;
}
