#include "command/worker.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "command/judging.h"
#include "command/session.h"
#include "run/trial.h"

/* A fit as quick as this may be made again after every change. */
#define QUICK_SECONDS 0.5

static bool threaded(const struct session *s)
{
	return s->worker->wake_fd >= 0;
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
	worker_sweep(w, true, true);
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
	fitted_release(w->fitted);
	tune_free(w->tune);
	tune_free(w->next_tune);
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
		.result = w->about, .fitted = w->fitted,
		.runs = w->runs, .best = w->best,
		.stages = w->stages, .trials = w->trials }, job, err);
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
		w->result = w->tune ?
			tune_run(w->stages, w->table, &w->settings, w->tune,
				 job, err) :
			work_train(w->stages, w->table, &w->settings, job, err);
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

	if (!threaded(s) || s->worker->told_by_itself)
		return;
	if (s->screen && s->train_by_itself && seconds >= QUICK_SECONDS)
		session_say(s, "trains by itself is off now: this took %.1f s; "
			    "r trains, A turns it on", seconds);
	s->train_by_itself = seconds < QUICK_SECONDS;
}

/* What was told of rows is kept of as many results as go into this, the newest
 * first. */
#define KEPT_BYTES 512e6

static void forget_oldest(struct session *s)
{
	double bytes = 0;

	for (size_t i = s->results; i-- > 0;) {
		bytes += (double)result_rows_size(s->result[i]);
		if (bytes > KEPT_BYTES && i + 1 < s->results)
			result_forget_rows(s->result[i]);
	}
}

void session_unfit(struct session *s)
{
	for (size_t i = 0; i < s->results; i++) {
		fitted_release(s->result[i]->fitted);
		s->result[i]->fitted = NULL;
	}
}

/*
 * The options that were found become the choice, if the method is still what
 * was chosen for the search, and say what came of it.
 */
static void keep_tuned(struct session *s, const struct result *r)
{
	const struct tuned *t = r->tuned;
	struct settings *now = &s->settings;

	if (now->method != r->method || s->train_wanted)
		return;
	options_clear(&now->method_options);
	options_copy(&now->method_options, &r->options);
	session_renew_key(s);
	session_say(s, "%zu of %zu tried%s: the best is %s (%s %.4f)%s%s",
		    t->tries, t->wanted, t->over ? " in the time there was" :
		    "", t->tried[0].options, t->measure, t->tried[0].mean,
		    t->edge ? "; " : "", t->edge ? t->edge : "");
}

static void keep_result(struct session *s)
{
	struct result *r = s->worker->result;

	session_unfit(s);
	s->worker->result = NULL;
	r->number = (int)s->results + 1;
	r->seconds_read = s->data.seconds;
	s->result = mem_grow(s->result, s->results, sizeof(*s->result));
	s->result[s->results++] = r;
	forget_oldest(s);
	judging_kept(s);
	if (!s->worker->first)
		by_itself_if_quick(s, r);
	if (r->tuned)
		keep_tuned(s, r);
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

/* The worker is done with what it was doing: take what it made. */
static bool collect(struct session *s, bool done, struct err *err)
{
	struct worker *w = s->worker;
	enum work_kind kind = s->working;

	s->working = WORK_NONE;
	s->note_fresh = false;
	fitted_release(w->fitted);
	w->fitted = NULL;
	worker_sweep(w, true, false);
	if (!done && w->first)
		w->cancelled = true;	/* nobody has asked for it */
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
			opening_keep_rows(s);
		else if (kind == WORK_OPEN)
			opening_forget(s);
		if (kind == WORK_CLEAN && !w->cancelled)
			keep_ledger(s, false);
		else if (kind == WORK_CLEAN)
			outdate_ledger(s);	/* it was not complete */
		return w->cancelled ? err_cancelled(err) : false;
	}
	if (kind == WORK_OPEN)
		opening_keep(s);
	else if (kind == WORK_CLEAN)
		keep_ledger(s, true);
	else if (kind == WORK_TRAIN)
		keep_result(s);
	else
		keep_guards(s, w->found);
	w->found = NULL;
	return true;
}

static bool same_test(const struct result *a, const struct result *b)
{
	return a->test_rows.n == b->test_rows.n && a->test_rows.n > 0 &&
	       a->key && b->key && !strcmp(a->target, b->target) &&
	       a->task == b->task &&
	       !memcmp(a->test_rows.row, b->test_rows.row,
		       a->test_rows.n * sizeof(*a->test_rows.row));
}

/* How many runs there were on the test rows of the newest, and whether it is
 * the best of them. */
static void count_runs(const struct session *s, struct worker *w)
{
	const struct result *newest = w->about;

	w->runs = 0;
	w->best = true;
	for (size_t i = 0; i < s->results; i++) {
		if (!same_test(s->result[i], newest))
			continue;
		w->runs++;
		w->best &= result_rank(s->result[i]) <= result_rank(newest);
	}
}

/* The tune that was asked for, unless the baseline comes first. */
static void take_tune(struct worker *w)
{
	tune_free(w->tune);
	w->tune = w->first ? NULL : w->next_tune;
	if (!w->first)
		w->next_tune = NULL;
}

static void only_baseline(struct settings *settings)
{
	options_clear(&settings->method_options);
	settings->method = method_find("baseline");
	options_init(&settings->method_options, settings->method->options);
}

/* Give the worker its next work; in a batch, do it. */
bool worker_begin(struct session *s, enum work_kind kind, struct err *err)
{
	struct worker *w = s->worker;

	w->kind = kind;
	w->cancelled = false;
	w->table = s->table;
	prepare_effects(&s->prepared, &s->settings, w->effect);
	w->about = session_newest(s);
	w->fitted = w->about ? fitted_share(w->about->fitted) : NULL;
	if (kind == WORK_GUARD)
		count_runs(s, w);
	settings_clear(&w->settings);
	settings_copy(&w->settings, &s->settings);
	w->first = w->first && kind == WORK_TRAIN;
	if (w->first)
		only_baseline(&w->settings);
	if (kind == WORK_TRAIN)
		take_tune(w);
	s->working = kind;
	if (!threaded(s))
		return collect(s, work(NULL, w, err), err);
	w->job = job_start(work, w, sizeof(s->note), w->wake_fd, err);
	if (!w->job)
		return collect(s, false, err);
	return true;
}

/* ---- always the same answer, before all others ---- */

static bool is_baseline(const struct session *s, const struct result *r)
{
	const char *target = s->table->column[s->settings.target].name;

	return r->key && r->method == method_find("baseline") &&
	       !strcmp(r->target, target);
}

/* On the screen each target has what a result on it is to be held against. */
static bool wants_baseline(const struct session *s)
{
	if (!s->screen || !s->table || s->settings.target < 0 ||
	    s->settings.method == method_find("baseline"))
		return false;
	for (size_t i = 0; i < s->results; i++)
		if (is_baseline(s, s->result[i]))
			return false;
	return true;
}

/* What is wanted waits for it, but not twice: it may not be possible. */
static bool begin_training(struct session *s, struct err *err)
{
	struct worker *w = s->worker;

	w->first = !w->first && wants_baseline(s);
	s->train_wanted = w->first;
	return worker_begin(s, WORK_TRAIN, err);
}

void worker_cancel(struct session *s)
{
	if (!s->worker->job)
		return;
	s->worker->cancelled = true;
	job_cancel(s->worker->job);
}

void session_stop(struct session *s, bool keep)
{
	/* The baseline that comes first is no model to be kept in the place
	 * of the one that was asked for: that is still to begin. */
	if (keep && s->working == WORK_TRAIN && s->worker->first) {
		session_say(s, "the baseline comes first, in no time: stop "
			    "once more what follows");
		return;
	}
	s->train_wanted = false;
	tune_free(s->worker->next_tune);
	s->worker->next_tune = NULL;
	if (!keep) {
		recipe_clear(&s->recipe);
		if (s->working == WORK_GUARD)
			keep_guards(s, NULL);
		worker_cancel(s);
	} else if (s->working == WORK_TRAIN && s->worker->job) {
		job_stop(s->worker->job);
	}
}

bool session_pause(struct session *s, bool paused, struct err *err)
{
	if (s->working != WORK_TRAIN || !s->worker->job)
		return err_set(err, ERR_USAGE, "nothing is being trained");
	job_pause(s->worker->job, paused);
	return true;
}

bool session_paused(const struct session *s)
{
	return s->working == WORK_TRAIN && job_paused(s->worker->job);
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

/* ---- training ---- */

bool session_train(struct session *s, struct err *err)
{
	return session_tune(s, NULL, err);
}

bool session_tune(struct session *s, struct tune *tune, struct err *err)
{
	tune_free(s->worker->next_tune);
	s->worker->next_tune = tune;
	if (!threaded(s))
		return worker_begin(s, WORK_TRAIN, err);
	s->train_wanted = true;		/* session_turn() begins it */
	if (s->working == WORK_GUARD)
		worker_cancel(s);
	return true;
}

bool session_guard(struct session *s, struct err *err)
{
	return !guards_can_look(s) || worker_begin(s, WORK_GUARD, err);
}

void session_guards_changed(struct session *s)
{
	if (s->working == WORK_GUARD)
		worker_cancel(s);
}

bool session_count(struct session *s, struct err *err)
{
	return worker_begin(s, WORK_CLEAN, err);
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
		worker_cancel(s);
	if (!s->train_by_itself)
		return;
	if (s->working == WORK_TRAIN)
		worker_cancel(s);
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
	bool wanted;

	if (w->next.source)
		return worker_open(s, err);
	if (!session_next_lines(s, err))
		return false;
	if (w->job)
		return true;
	wanted = s->train_wanted && s->settings.method;
	/* Undo may have taken the method away since. */
	s->train_wanted = false;
	if (wanted)
		return begin_training(s, err);
	if (s->table && session_ledger_stale(s))
		return worker_begin(s, WORK_CLEAN, err);
	if (guards_can_look(s) && !session_guards(s))
		return worker_begin(s, WORK_GUARD, err);
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
		worker_sweep(w, false, true);
	if (s->working != WORK_OPEN && s->screen)
		session_suggest(s);
}
