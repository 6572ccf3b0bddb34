#include "command/draft.h"

#include <stdlib.h>

#include "base/mem.h"
#include "command/formula.h"
#include "command/session.h"
#include "data/expression.h"
#include "run/target.h"
#include "run/trial.h"

/*
 * A column that was calculated, in a table of its own, and the choices with it.
 * The session may show it while an errand still tries it: the last of the two
 * frees it.  Counted on the main thread only.
 */
struct made {
	unsigned users;
	struct prepared prepared;
	size_t column;
	bool is_new;		/* nothing has that name yet */
	struct summary summary;
	struct settings settings;	/* with it */
};

/* The session's. */
struct draft {
	unsigned serial;	/* of the text; older answers are none */
	enum draft_state state;
	struct err err;
	size_t at;
	struct made *made;	/* THERE; else NULL */
	enum score_state score;
	struct err score_err;
	const char *measure;
	double before, after;
	size_t rows;
	struct trials *trials;	/* owned; of the thread of the errands */
	bool fresh_trials;	/* those are of another table */
};

static struct draft *draft_of(struct session *s)
{
	if (!s->draft) {
		s->draft = mem_new(sizeof(*s->draft));
		s->draft->trials = trials_new();
	}
	return s->draft;
}

static void made_drop(struct made *made)
{
	if (!made || --made->users > 0)
		return;
	prepared_clear(&made->prepared);
	settings_clear(&made->settings);
	free(made);
}

/* ---- the score ---- */

struct scoring {
	unsigned serial;
	struct made *made;
	const struct table *table;	/* as it is without the column */
	struct settings settings;	/* and the choices */
	struct trials *trials;		/* borrowed */
	bool fresh;
	const char *measure;
	double before, after;
	size_t rows;
};

static bool try_score(struct job *job, void *what, struct err *err)
{
	struct scoring *w = what;
	struct made *made = w->made;
	struct trial without = { .table = w->table, .settings = &w->settings };
	struct trial with = { .table = made->prepared.table,
			      .settings = &made->settings };

	if (w->fresh)
		trials_reset(w->trials);
	/* Both on the same rows. */
	with.rows = trial_rows(with.table, with.settings);
	without.rows = with.rows;
	w->rows = with.rows;
	w->measure = target_task(&w->table->column[w->settings.target],
				 w->table->rows) == TASK_REGRESSION
		? "r2" : "mcc";
	return trial_run(w->trials, &without, &w->before, job, err) &&
	       trial_run(w->trials, &with, &w->after, job, err);
}

static void take_score(struct session *s, void *what, const struct err *err)
{
	struct scoring *w = what;
	struct draft *d = s->draft;

	if (d && d->serial == w->serial && d->score == SCORE_AWAITED) {
		d->score = err->code ? SCORE_FAILED : SCORE_THERE;
		d->score_err = *err;
		d->measure = w->measure;
		d->before = w->before;
		d->after = w->after;
		d->rows = w->rows;
	}
	/* It may have been given up before it could reset them. */
	if (d && w->fresh && err->code == ERR_CANCELLED)
		d->fresh_trials = true;
	made_drop(w->made);
	settings_clear(&w->settings);
	free(w);
}

static void ask_score(struct session *s, struct draft *d)
{
	static const struct errand errand = { try_score, take_score };
	struct made *made = d->made;
	struct scoring *w;

	d->score = SCORE_NONE;
	if (s->settings.target < 0 ||
	    !settings_uses(&made->settings, made->column))
		return;
	w = mem_new(sizeof(*w));
	w->serial = d->serial;
	w->made = made;
	made->users++;
	w->table = s->table;
	settings_copy(&w->settings, &s->settings);
	settings_fit_method(&w->settings, s->table);
	settings_fit_method(&made->settings, made->prepared.table);
	w->trials = d->trials;
	w->fresh = d->fresh_trials;
	d->fresh_trials = false;
	d->score = SCORE_AWAITED;
	errands_send(s->errands, s, ERRAND_SCORE, &errand, w);
}

/* ---- the column ---- */

struct making {
	unsigned serial;
	const struct table *found;
	struct made *made;
};

static bool summarise(struct made *made, struct job *job, struct err *err)
{
	struct table one = *made->prepared.table;
	struct summary *summary;

	one.column += made->column;
	one.columns = 1;
	summary = summary_of(&one, job, err);
	if (!summary)
		return false;
	made->summary = *summary;
	free(summary);
	return true;
}

static bool make_column(struct job *job, void *what, struct err *err)
{
	struct making *w = what;

	return prepare(&w->made->prepared, w->found, &w->made->settings, job,
		       err) &&
	       summarise(w->made, job, err);
}

/* As the command itself would have it. */
static void choose_use(struct made *made)
{
	struct settings *s = &made->settings;
	const struct table *table = made->prepared.table;

	if (!s->typed[made->column])
		s->type[made->column] = table->column[made->column].type;
	prepare_use(s, table, made->column, made->is_new);
}

static void take_column(struct session *s, void *what, const struct err *err)
{
	struct making *w = what;
	struct draft *d = s->draft;

	if (d && d->serial == w->serial && d->state == DRAFT_AWAITED) {
		d->state = err->code ? DRAFT_WRONG : DRAFT_THERE;
		d->err = *err;
		if (!err->code) {
			d->made = w->made;
			d->made->users++;
			choose_use(d->made);
			ask_score(s, d);
		}
	}
	made_drop(w->made);
	free(w);
}

/* ---- the text ---- */

static void begin_again(struct draft *d)
{
	d->serial++;
	made_drop(d->made);
	d->made = NULL;
	d->state = DRAFT_NONE;
	d->score = SCORE_NONE;
}

static bool parses(struct session *s, const struct formula *f,
		   struct draft *d)
{
	size_t i = settings_derived(&s->settings, f->name);
	struct table view = prepare_view(s->table,
					 settings_in_file(&s->settings) + i);
	struct expression *e = expression_parse(f->expression, &view, &d->at,
						&d->err);
	bool good = e;

	d->at += f->at;
	expression_free(e);
	return good;
}

static void ask(struct session *s, const struct formula *f, struct draft *d)
{
	static const struct errand errand = { make_column, take_column };
	struct making *w;

	if (!parses(s, f, d)) {
		d->state = DRAFT_WRONG;
		return;
	}
	w = mem_new(sizeof(*w));
	w->serial = d->serial;
	w->found = s->data.found;
	w->made = mem_new(sizeof(*w->made));
	w->made->users = 1;
	w->made->is_new = settings_derived(&s->settings, f->name) ==
			  s->settings.derived_n;
	settings_copy(&w->made->settings, &s->settings);
	w->made->column = settings_derive(&w->made->settings, f->name,
					  f->expression);
	d->state = DRAFT_AWAITED;
	errands_send(s->errands, s, ERRAND_DRAFT, &errand, w);
}

void draft_try(struct session *s, const char *text)
{
	struct draft *d = draft_of(s);
	struct formula f = { 0 };
	struct err err;

	begin_again(d);
	errands_cancel(s->errands, s, ERRAND_DRAFT);
	errands_cancel(s->errands, s, ERRAND_SCORE);
	if (!text || !s->table)
		return;
	if (formula_read(&f, text, &err) && f.expression && *f.expression &&
	    *f.name)
		ask(s, &f, d);
	free(f.name);
}

struct draft_view draft_view(const struct session *s)
{
	const struct draft *d = s->draft;
	struct draft_view v = { 0 };

	if (!d)
		return v;
	v.state = d->state;
	v.at = d->at;
	v.wrong = d->state == DRAFT_WRONG ? d->err.text :
		  d->score == SCORE_FAILED ? d->score_err.text : NULL;
	if (d->state != DRAFT_THERE)
		return v;
	v.table = d->made->prepared.table;
	v.column = d->made->column;
	v.summary = &d->made->summary;
	v.score = d->score;
	v.measure = d->measure;
	v.before = d->before;
	v.after = d->after;
	v.rows = d->rows;
	v.of = v.table->rows;
	return v;
}

void draft_forget(struct session *s)
{
	if (!s->draft)
		return;
	begin_again(s->draft);
	s->draft->fresh_trials = true;
}

void draft_free(struct session *s)
{
	if (!s->draft)
		return;
	begin_again(s->draft);
	trials_free(s->draft->trials);
	free(s->draft);
	s->draft = NULL;
}
