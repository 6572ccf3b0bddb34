#include "run/fit.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/mem.h"
#include "run/class-weights.h"
#include "run/weights.h"

/* Measuring the test rows while training may take this part of the time. */
#define LOOK_SHARE 0.1

/* Seconds between two looks at a model that takes time to look at. */
#define LOOK_EVERY 0.05

double fit_clock(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

/* A fit under way. */
struct running {
	const struct fit *fit;
	struct fitted *fitted;		/* of the fit */
	struct design *design;		/* moves there in the end, as model */
	struct truth train, test;
	double *weight;			/* of each class; NULL: all the same */
	double *told;			/* of the longer of train and test */
	struct model model;
	struct result *result;
	struct note note;
	size_t stride;		/* every stride-th loss is in the curve */
	double look_seconds;	/* spent on looking at the test rows */
	double looked;		/* when the model was looked at the last */
	double started, rested;	/* the second: seconds of pauses */
};

/* ---- notes for those who watch ---- */

/* How much feature j weighs; of many classes, over all of them. */
static double weight_of(const struct running *run, size_t j)
{
	const struct model *m = &run->model;
	double squares = 0;

	if (m->sets == 1)
		return model_standardized(m, run->design, j);
	for (size_t k = 0; k < m->sets; k++) {
		struct model set = model_set(m, k);
		double w = model_standardized(&set, run->design, j);

		squares += w * w;
	}
	return sqrt(squares / (double)m->sets);
}

static void by_size(struct note *note, const struct running *run)
{
	size_t p = run->model.p;

	note->weights = 0;
	note->importance = run->model.kind;
	note->over_classes = run->model.sets > 1;
	for (size_t j = 0; j < p; j++) {
		double w = weight_of(run, j);
		size_t at = note->weights;

		if (isnan(w))
			continue;
		while (at > 0 &&
		       fabs(w) > fabs(note->weight[at - 1].standardized))
			at--;
		if (at == NOTE_WEIGHTS)
			continue;
		if (note->weights < NOTE_WEIGHTS)
			note->weights++;
		memmove(&note->weight[at + 1], &note->weight[at],
			(note->weights - at - 1) * sizeof(note->weight[0]));
		note->weight[at].standardized = w;
		snprintf(note->weight[at].feature, NOTE_NAME, "%s",
			 run->design->feature[j].name);
	}
}

/* Every second point goes. */
static void thin(double *curve)
{
	for (size_t i = 0; i < CURVE_MAX / 2; i++)
		curve[i] = curve[2 * i + 1];
}

static void curve_add(struct running *run)
{
	struct result *r = run->result;

	if (run->model.iteration % run->stride)
		return;
	if (r->curve_n == CURVE_MAX) {
		thin(r->curve);
		thin(r->held_curve);
		r->curve_n = CURVE_MAX / 2;
		run->stride *= 2;
		if (run->model.iteration % run->stride)
			return;
	}
	r->held_curve[r->curve_n] = run->model.held_loss;
	r->curve[r->curve_n++] = run->model.loss;
}

/* NOTE_CURVE points of the curve so far; the newest is among them. */
static void curve_to_note(const struct result *r, struct note *note)
{
	size_t n = r->curve_n < NOTE_CURVE ? r->curve_n : NOTE_CURVE;

	note->curve_n = n;
	for (size_t i = 0; i < n; i++) {
		size_t at = (i + 1) * r->curve_n / n - 1;

		note->curve[i] = r->curve[at];
		note->held_curve[i] = r->held_curve[at];
	}
}

/* The score on the test rows, as long as looking costs little. */
static void look_at_test(struct running *run, struct job *job)
{
	double now = fit_clock();

	if (!run->fitted->test.n || run->model.iteration == 0 ||
	    run->look_seconds > (now - run->started) * LOOK_SHARE)
		return;
	if (!model_predict(&run->model, run->design, &run->fitted->test,
			   run->told, job, NULL))
		return;
	run->note.test_score = measure_score(&run->test, run->told,
					     run->model.outputs);
	run->look_seconds += fit_clock() - now;
}

/* Every fold is a part of the work, and the fit to all rows the last. */
static void tell_progress(const struct note *note, struct job *job)
{
	double before = note->folds ? (double)note->fold - 1 : 0;
	double part = note->limit ? (double)note->iteration /
				    (double)note->limit : 0;

	/* A try has no fit to all rows. */
	if (note->tries.of)
		job_progress(job, ((double)note->tries.number - 1 +
				   (before + part) / (double)note->folds) /
				  (double)note->tries.of);
	else if (note->folds || note->limit)
		job_progress(job, (before + part) / (double)(note->folds + 1));
}

static void tell(struct running *run, struct job *job)
{
	struct note *note = &run->note;

	note->iteration = run->model.iteration;
	note->limit = run->model.limit;
	note->loss = run->model.loss;
	note->train_score = run->model.score;
	look_at_test(run, job);
	curve_to_note(run->result, note);
	by_size(note, run);
	job_post(job, note);
	tell_progress(note, job);
}

/* ---- the loop ---- */

/* A pause is no time of training. */
static void rest(struct running *run, struct job *job)
{
	double start;

	if (!job_paused(job))
		return;
	start = fit_clock();
	job_rest(job);
	run->rested += fit_clock() - start;
}

/* The model so far.  Where that costs time, it is seldom asked for, and never
 * when nobody watches: between, what the curve needs and no more.  True: it is
 * all of it. */
static bool look(struct running *run, const void *state,
		 const struct method *method, bool last, const struct job *job)
{
	double now = fit_clock();

	if (method->glance && !last &&
	    (!job || now - run->looked < LOOK_EVERY)) {
		method->glance(state, &run->model);
		return false;
	}
	method->look(state, &run->model);
	run->looked = now;
	return true;
}

/* The curve ends with the step that is kept. */
static void curve_end(struct running *run)
{
	size_t points = run->model.iteration / run->stride;

	if (run->result->curve_n > points)
		run->result->curve_n = points;
}

/* Step until the method is done, stuck or stopped. */
static bool loop(struct running *run, void *state, const struct method *method,
		 struct job *job, struct err *err)
{
	enum method_status status;
	bool stopped;

	do {
		size_t before = run->model.iteration;
		bool whole, last;

		status = method->step(state, job, err);
		if (status == METHOD_FAILED)
			return false;
		stopped = status == METHOD_MORE && job_stopped(job);
		last = status != METHOD_MORE || stopped;
		whole = look(run, state, method, last, job);
		if (run->model.iteration > before)
			curve_add(run);
		else if (run->model.iteration < before)
			curve_end(run);
		if (job && whole && !stopped)
			tell(run, job);
		if (status == METHOD_MORE)
			rest(run, job);
	} while (status == METHOD_MORE && !stopped);
	if (job_cancelled(job))
		return err_cancelled(err);
	if (stopped && run->model.iteration == 0)
		return err_set(err, ERR_CANCELLED,
			       "stopped before there was a model to keep");
	run->result->stopped = stopped;
	run->result->stuck = status == METHOD_STUCK;
	return true;
}

/* What puts rows in order: the column of split time=, or NULL. */
static const struct column *time_of(const struct fit *fit)
{
	const char *name = options_maybe(&fit->settings->split, "time");
	int column = name ? table_find(fit->table, name) : -1;

	return column < 0 ? NULL : &fit->table->column[column];
}

static bool train(struct running *run, struct job *job, struct err *err)
{
	const struct settings *s = run->fit->settings;
	const struct method *method = s->method;
	struct problem problem = {
		.design = run->design,
		.train = &run->fitted->train,
		.test = &run->fitted->test,
		.task = run->fit->target->task,
		.y = run->train.class_of,
		.number = run->train.number,
		.target = run->fit->target->column,
		.time = time_of(run->fit),
		.classes = run->fit->target->classes,
		.class_weight = run->weight,
		.seed = (uint32_t)options_number(&s->split, "seed"),
	};
	double start = fit_clock();
	void *state = method->start(&problem, &s->method_options, err);
	bool ok;

	if (!state)
		return false;
	run->started = start;
	ok = loop(run, state, method, job, err);
	method->end(state);
	run->result->seconds_fit = fit_clock() - start - run->rested;
	return ok;
}

/* ---- measuring ---- */

/* What was told of these rows is in its place: they join those before. */
static void add_answers(struct answers *answers, const struct rows *test,
			double always)
{
	uint32_t *to = answers->rows.row + answers->rows.n;

	if (test->n)
		memcpy(to, test->row, test->n * sizeof(*to));
	for (size_t i = 0; i < test->n; i++)
		answers->always[answers->rows.n + i] = always;
	answers->rows.n += test->n;
}

static bool evaluate(struct running *run, struct answers *answers,
		     struct job *job, struct err *err)
{
	struct result *r = run->result;
	double start = fit_clock();

	run->note.phase = PHASE_EVALUATE;
	job_post(job, &run->note);
	if (!model_predict(&run->model, run->design, &run->fitted->train,
			   run->told, job, err) ||
	    !measure_train(r, &run->train, run->told, err))
		return false;
	goodness_measure(&r->goodness, &run->model, &run->train, run->told);
	if (!model_predict(&run->model, run->design, &run->fitted->test,
			   answers->told + answers->rows.n * answers->width,
			   job, err))
		return false;
	add_answers(answers, &run->fitted->test, measure_always(&run->train));
	r->seconds_evaluate = fit_clock() - start;
	return true;
}

/* ---- the result ---- */

static char **copy_names(char *const *name, size_t n)
{
	char **copy = mem_array(n, sizeof(*copy));

	for (size_t i = 0; i < n; i++)
		copy[i] = mem_strdup(name[i]);
	return copy;
}

static struct result *result_begin(const struct fit *f)
{
	struct result *r = mem_new(sizeof(*r));
	const struct settings *s = f->settings;

	r->when = time(NULL);
	r->key = settings_format(s, f->table);
	r->path = mem_strdup(s->path);
	r->method = s->method;
	options_copy(&r->options, &s->method_options);
	r->emit = s->emit_rows;
	r->ledger = *f->ledger;
	r->target = mem_strdup(f->target->column->name);
	r->unit = mem_strdup(f->target->column->unit);
	r->task = f->target->task;
	r->classes = f->target->classes;
	r->class_name = copy_names(f->target->name, r->classes);
	r->features = s->method->alone ? 0 : f->features->n;
	r->feature = mem_array(r->features, sizeof(*r->feature));
	for (size_t k = 0; k < r->features; k++) {
		size_t c = f->features->column[k];

		r->feature[k] = mem_strdup(f->table->column[c].name);
	}
	return r;
}

static void result_intercepts(struct result *r, const struct model *m,
			      const struct design *d)
{
	r->intercept = r->intercept_raw = NAN;
	r->intercept_error = r->intercept_p = NAN;
	r->intercepts = mem_array(2 * m->sets, sizeof(*r->intercepts));
	for (size_t k = 0; k < m->sets; k++) {
		struct model set = model_set(m, k);

		r->intercepts[2 * k] = set.intercept;
		r->intercepts[2 * k + 1] = model_raw_intercept(&set, d);
	}
}

/* A kind that can say of none of its features what it counts has NaN. */
static bool has_weights(const struct model *m)
{
	return !m->kind || m->p == 0 || !isnan(m->weight[0]);
}

static void result_weights(struct running *run)
{
	const struct model *m = &run->model;
	const struct design *d = run->design;
	struct result *r = run->result;

	r->converged = m->converged;
	r->iterations = m->iteration;
	r->limit = m->limit;
	r->note = m->note;
	r->intercept = m->intercept;
	r->intercept_raw = model_raw_intercept(m, d);
	r->intercept_error = m->raw_error;
	r->intercept_p = model_raw_intercept_p(m, d);
	if (m->sets > 1)
		result_intercepts(r, m, d);
	r->sets = m->sets;
	r->weights = has_weights(m) ? m->p : 0;
	r->weight = mem_array(m->sets * m->p, sizeof(*r->weight));
	if (r->weights > 0)
		weights_fill(r->weight, m, d, &run->fitted->train);
}

/* The model as text and JSON, as long as the table is there to name things. */
static void result_drawing(struct running *run)
{
	const struct model *m = &run->model;
	struct result *r = run->result;
	char *const *names = r->task == TASK_CLASSIFICATION ? r->class_name
							    : NULL;
	json_t *json;
	size_t size;
	FILE *out;

	r->importance = m->kind;
	if (!m->kind || !m->kind->draw)
		return;
	out = open_memstream(&r->drawing, &size);
	if (out) {
		m->kind->draw(m, names, out);
		fclose(out);
	}
	json = m->kind->json(m, names);
	r->model_name = mem_strdup(m->kind->name);
	r->model_json = json_dumps(json, JSON_COMPACT);
	json_decref(json);
}

static bool prepare(struct running *run, struct err *err)
{
	const struct fit *f = run->fit;
	const struct fitted *on = run->fitted;
	size_t most = on->train.n > on->test.n ? on->train.n : on->test.n;

	run->design = f->settings->method->alone ? design_none(f->table) :
		f->settings->method->whole ?
		design_whole(f->table, f->features->column, f->features->n,
			     on->treatment, err) :
		design_new(f->table, f->features->column, f->features->n,
			   on->treatment, &on->train, &on->test, err);
	if (!run->design)
		return false;
	if (!truth_init(&run->train, f->target, &on->train, err) ||
	    !truth_init(&run->test, f->target, &on->test, err))
		return false;
	run->told = mem_try(most * measure_width(f->target),
			    sizeof(*run->told));
	if (!run->told)
		return err_set(err, ERR_NOMEM, "no memory for %zu predictions",
			       most);
	model_init(&run->model, f->target->task, run->design->p);
	return true;
}

static bool method_fits(const struct fit *f, struct err *err)
{
	const struct method *method = f->settings->method;
	enum task_kind task = f->target->task;
	char others[120];

	if (method->does[task])
		return true;
	methods_list(task, others, sizeof(others));
	if (task == TASK_REGRESSION)
		return err_set(err, ERR_USAGE, "%s tells classes, and the "
			       "target %.80s is a number: train %s",
			       method->name, f->target->column->name, others);
	return err_set(err, ERR_USAGE, "%s tells numbers, and the target "
		       "%.80s has %sclasses: train %s", method->name,
		       f->target->column->name,
		       f->target->classes == 2 ? "two " : "", others);
}

/* Numbers that are all the same can be told, classes cannot. */
static bool some_classes(const struct running *run, struct err *err)
{
	size_t same = 0, n = run->train.n;
	const uint32_t *y = run->train.class_of;

	while (same < n && y && y[same] == y[0])
		same++;
	if (!y || same < n)
		return true;
	if (run->fit->folds)
		return err_set(err, ERR_DATA, "fold %zu of %zu: all %zu "
			       "training rows say '%.60s': stratify=yes, fewer "
			       "folds=, or more rows", run->fit->number,
			       run->fit->folds, n,
			       run->fit->target->name[y[0]]);
	return err_set(err, ERR_DATA, "all %zu training rows say '%.60s': "
		       "another split seed=, a smaller test=, or more rows", n,
		       run->fit->target->name[y[0]]);
}

/* What is known before the first step. */
static struct note first_note(const struct fit *f)
{
	struct note note = {
		.phase = PHASE_FIT, .ledger = *f->ledger,
		.task = f->target->task, .loss = NAN, .train_score = NAN,
		.test_score = NAN, .fold = f->number, .folds = f->folds,
		.tries = f->tries,
	};

	for (size_t i = 0; i + 1 < f->number && i < NOTE_FOLDS; i++)
		note.score[note.scores++] = f->done[i].score;
	return note;
}

struct result *fit(const struct fit *f, struct answers *answers,
		   struct job *job, struct err *err)
{
	struct running run = {
		.fit = f,
		.fitted = f->fitted,
		.result = result_begin(f),
		.stride = 1,
		.note = first_note(f),
	};
	bool ok = method_fits(f, err) && prepare(&run, err) &&
		  some_classes(&run, err) &&
		  weights_of_classes(&f->settings->method_options, f->target,
				     &run.train, &run.weight, err);

	if (ok)
		job_post(job, &run.note);
	ok = ok && train(&run, job, err);
	if (ok)
		result_weights(&run);
	if (ok)
		result_drawing(&run);
	ok = ok && evaluate(&run, answers, job, err);
	run.fitted->model = run.model;
	run.fitted->design = run.design;
	truth_clear(&run.train);
	truth_clear(&run.test);
	free(run.weight);
	free(run.told);
	if (ok)
		return run.result;
	result_free(run.result);
	return NULL;
}
