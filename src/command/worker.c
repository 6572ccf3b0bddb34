#include "command/worker.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "command/carry.h"
#include "command/draft.h"
#include "command/session.h"
#include "run/trial.h"

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
	sweep(w, false, false);
}

struct worker *worker_new(int wake_fd)
{
	struct worker *w = mem_new(sizeof(*w));

	w->wake_fd = wake_fd;
	w->stages = stages_new();
	w->trials = trials_new();
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
	trials_free(w->trials);
	findings_free(w->found);
	dataset_clear(&w->opening);
	dataset_clear(&w->next);
	options_clear(&w->next_options);
	options_clear(&w->opening_options);
	settings_clear(&w->settings);
	result_free(w->result);
	free(w);
}

/* ---- the work, and what becomes of what it made ---- */

/* What the cell rules have done was counted when the table was made. */
static bool count_cells(struct worker *w, struct job *job, struct err *err)
{
	if (!prepare_costs(w->table, &w->settings, w->effect, job, err))
		return false;
	prepare_ledger(&w->settings, w->effect, &w->ledger);
	return true;
}

static bool guard(struct worker *w, struct job *job, struct err *err)
{
	w->found = guards_find(&(struct guard_about){
		.table = w->table, .settings = &w->settings,
		.result = w->about, .stages = w->stages,
		.trials = w->trials }, job, err);
	return w->found;
}

/* The work itself, on the worker's thread or, in a batch, on the only one. */
static bool work(struct job *job, void *arg, struct err *err)
{
	struct worker *w = arg;

	switch (w->kind) {
	case WORK_OPEN:
		return work_read(&w->opening, w->wake_fd >= 0, job, err);
	case WORK_CLEAN:
		return work_clean(w->stages, w->table, &w->settings,
				  &w->ledger, job, err) &&
		       count_cells(w, job, err);
	case WORK_TRAIN:
		w->result = work_train(w->stages, w->table, &w->settings, job,
				       err);
		if (w->result)
			prepare_ledger(&w->settings, w->effect,
				       &w->result->ledger);
		return w->result;
	case WORK_GUARD:
		return guard(w, job, err);
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
	s->ledger_key = settings_choices(&s->worker->settings, s->table);
}

/* The ledger is not of the choices, or not complete; it is still shown. */
static void outdate_ledger(struct session *s)
{
	if (!s->ledger_key)
		return;
	free(s->ledger_key);
	s->ledger_key = mem_strdup("");
}

/* What was counted for a rule in another ledger, or NULL. */
static const struct effect *effect_in(const struct ledger *ledger,
				      const struct rule *rule, unsigned number)
{
	for (size_t i = 0; i < ledger->rules; i++)
		if (ledger->of[i].rule == rule &&
		    ledger->of[i].number == number)
			return &ledger->of[i].effect;
	return NULL;
}

/* The account stands while what is off is still being counted: until that is
 * done, its last figures are shown as those that may have changed. */
static void early_ledger(struct session *s)
{
	struct ledger old = s->ledger;

	keep_ledger(s, false);
	s->ledger = s->note.ledger;
	for (size_t i = 0; i < s->ledger.rules; i++) {
		const struct effect *before = effect_in(&old,
							s->ledger.of[i].rule,
							s->ledger.of[i].number);

		if (s->ledger.of[i].effect.known || !before)
			continue;
		s->ledger.of[i].effect = *before;
		s->ledger.of[i].effect.old = before->known || before->old;
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

/* What the guards look at, as text. */
static char *guards_key(const struct session *s)
{
	return mem_printf("%d %u\n%s", session_newest(s)->number,
			  s->settings.guards_off, s->key);
}

/* Guards that failed have nothing to say, and do not try again. */
static void keep_guards(struct session *s, struct findings *found)
{
	findings_free(s->guards);
	s->guards_looked = found;
	s->guards = found ? found : mem_new(sizeof(*s->guards));
	free(s->guards_key);
	s->guards_key = guards_key(s);
}

/* There is a result of these choices. */
static bool guards_can_look(const struct session *s)
{
	const struct result *r = session_newest(s);

	return s->table && r && !session_result_stale(s, r);
}

const struct findings *session_guards(const struct session *s)
{
	const struct findings *found = NULL;
	char *key;

	if (!guards_can_look(s) || !s->guards_key)
		return NULL;
	key = guards_key(s);
	if (!strcmp(key, s->guards_key))
		found = s->guards;
	free(key);
	return found;
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

/* The table is the one that was found. */
static void take_as_found(struct session *s)
{
	s->table = s->data.found;
	s->made++;
	free(s->prepared_key);
	s->prepared_key = s->table ? prepare_key(&s->settings) : NULL;
}

/* The new file takes the place of the one that was open. */
static void keep_file(struct session *s)
{
	struct worker *w = s->worker;
	struct carried carried = { 0 };

	if (w->carries)
		carry_take(&carried, s);
	w->carries = false;
	errands_cancel_all(s->errands, s);
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
	draft_forget(s);
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
		findings_free(w->found);
		w->found = NULL;
		if (kind == WORK_GUARD && !w->cancelled) {
			keep_guards(s, NULL);
			return true;
		}
		if (kind == WORK_OPEN && threaded(s) && !w->next.source)
			keep_rows(s);
		else if (kind == WORK_OPEN)
			forget_opening(s);
		if (kind == WORK_CLEAN && !w->cancelled)
			keep_ledger(s, false);
		else if (kind == WORK_CLEAN)
			outdate_ledger(s);	/* it was not complete */
		return w->cancelled ? err_cancelled(err) : false;
	}
	if (kind == WORK_OPEN)
		keep_file(s);
	else if (kind == WORK_CLEAN)
		keep_ledger(s, true);
	else if (kind == WORK_TRAIN)
		keep_result(s);
	else
		keep_guards(s, w->found);
	w->found = NULL;
	return true;
}

/* Give the worker its next work; in a batch, do it. */
static bool begin(struct session *s, enum work_kind kind, struct err *err)
{
	struct worker *w = s->worker;

	w->kind = kind;
	w->cancelled = false;
	w->table = s->table;
	memcpy(w->effect, s->prepared.effect, sizeof(w->effect));
	w->about = session_newest(s);
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
		if (s->working == WORK_GUARD)
			keep_guards(s, NULL);
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
	w->carries = w->next_carries;
	w->next_carries = false;
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
	w->next_carries = s->carry && s->table;
	s->carry = false;
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

/* What looked at the table before looks at this one from now on. */
static void take_prepared(struct session *s, struct prepared *p)
{
	struct worker *w = s->worker;
	size_t n = settings_in_file(&s->settings);

	errands_cancel_all(s->errands, s);
	bury(s, &s->prepared, NULL);
	s->prepared = *p;
	s->table = p->table;
	s->made++;
	for (size_t i = 0; i < s->settings.derived_n; i++)
		if (!s->settings.typed[n + i])
			s->settings.type[n + i] = p->made[i];
	w->forget_stages = true;
	if (w->job)
		cancel(s);
	else
		sweep(w, true, false);
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

/* ---- training ---- */

bool session_train(struct session *s, struct err *err)
{
	if (!threaded(s))
		return begin(s, WORK_TRAIN, err);
	s->train_wanted = true;		/* session_turn() begins it */
	if (s->working == WORK_GUARD)
		cancel(s);
	return true;
}

bool session_guard(struct session *s, struct err *err)
{
	return !guards_can_look(s) || begin(s, WORK_GUARD, err);
}

void session_guards_changed(struct session *s)
{
	if (s->working == WORK_GUARD)
		cancel(s);
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
	if (s->working == WORK_CLEAN || s->working == WORK_GUARD)
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
	       (threaded(s) && s->table && session_ledger_stale(s)) ||
	       (threaded(s) && guards_can_look(s) && !session_guards(s));
}

/* What the worker, which is free, is to do next. */
static bool next_work(struct session *s, struct err *err)
{
	struct worker *w = s->worker;
	bool train;

	if (w->next.source)
		return begin_open(s, err);
	if (!session_next_lines(s, err))
		return false;
	if (w->job)
		return true;
	/* Before the first training, where undo may lead, there is no method:
	 * nothing is trained until one is asked for again. */
	train = s->train_wanted && s->settings.method;
	s->train_wanted = false;
	if (train)
		return begin(s, WORK_TRAIN, err);
	if (s->table && session_ledger_stale(s))
		return begin(s, WORK_CLEAN, err);
	if (guards_can_look(s) && !session_guards(s))
		return begin(s, WORK_GUARD, err);
	return true;
}

/* A recipe ends at the line whose work failed. */
static void work_failed(struct session *s, struct err *err)
{
	if (recipe_under_way(&s->recipe)) {
		recipe_point_at(&s->recipe, 0, 0, err);
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
	if (s->working != WORK_OPEN && s->screen)
		session_suggest(s);
}
