/*
 * stack.c - a last model that learns whom of several models to believe
 *
 *	1. The training rows are parted into folds; each member is fitted to all
 *	   but one of them and tells that one: so every training row is told by
 *	   fits that had not seen it.
 *	2. A last model learns the target from what was told: of classes
 *
 *		minimise over w, b:  sum_i loss(y_i, w.t_i + b) + l2/2 |w|^2
 *
 *	   logistic, or softmax of many classes, t_i the probabilities told; of
 *	   a number the same with half the squared error, where y and t are in
 *	   standard deviations of the target, so that l2 has no unit.
 *	3. Each member is fitted again to all the training rows.
 *
 * Wolpert, "Stacked generalization", Neural Networks 5 (1992).  Folds are those
 * of scikit-learn's StackingClassifier and StackingRegressor with cv=folds:
 * StratifiedKFold or KFold without shuffling, in the order of the training
 * rows.  What column rules have learned they have learned of all the training
 * rows.  A step is a step of the fit whose turn it is; there is no model before
 * the last is done.
 */
#include "learn/ensemble.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/sum.h"

/* Some of the training rows, as a problem of their own. */
struct side {
	struct rows rows;	/* owned, like the other two */
	uint32_t *y;
	double *number;
};

struct stack {
	const struct problem *problem;	/* borrowed */
	struct members members;
	size_t folds;
	char *l2;			/* owned: "l2=1" */
	uint32_t *fold_of;		/* owned: of each training row */
	size_t fold;			/* under way; folds: the last model */
	size_t turn;			/* of which member */
	struct side train, held;	/* of the fold */
	struct problem inner;		/* of its training rows */
	struct fitting fitting;
	size_t inputs;
	double **input;			/* owned: inputs of them, of each
					 * training row; columns of table */
	double mean, scale;		/* of the target, of numbers */
	struct column *column;		/* owned */
	struct table table;		/* of the inputs */
	struct rows all;		/* of it; owned */
	struct design *design;		/* owned: of it */
	struct problem last;		/* on those */
	double *number;			/* owned: target of the last model */
	const struct method *last_method;
	struct option_values options;
	void *state;			/* owned: of the last model's method */
	struct ensemble *ensemble;	/* shared with models */
	double score[MEMBERS_MAX], loss[MEMBERS_MAX];
	size_t fits;			/* that are done */
};

static const struct option stack_options[] = {
	METHOD_MEMBERS,
	{ .name = "folds", .type = OPTION_WHOLE, .dflt = "5",
	  .min = 2, .max = 50,
	  .help = "parts of the training rows, each told by fits to the rest" },
	{ .name = "l2", .type = OPTION_NUMBER, .dflt = "1",
	  .min = 0, .max = 1e300,
	  .help = "penalty l2/2 * |w|^2 of the last model" },
	METHOD_CLASS_WEIGHT,
	{ 0 }
};

/* ---- the folds ---- */

/* The first n % folds of them have one row more. */
static void contiguous(uint32_t *fold_of, size_t n, size_t folds)
{
	size_t at = 0;

	for (size_t f = 0; f < folds; f++) {
		size_t rows = n / folds + (f < n % folds);

		for (size_t i = 0; i < rows; i++)
			fold_of[at++] = (uint32_t)f;
	}
}

/*
 * As StratifiedKFold: with the classes in the order of their first rows, and
 * the rows in the order of those, each fold has every folds-th row: so many of
 * each class.  They are the next of that class in the order of the rows.
 */
static void stratified(struct stack *s)
{
	size_t n = s->problem->train->n, classes = s->problem->classes, at = 0;
	const uint32_t *y = s->problem->y;
	size_t *rows = mem_array(classes, sizeof(*rows));
	size_t *order = mem_array(classes, sizeof(*order)), seen = 0;
	size_t *want = mem_array(classes * s->folds, sizeof(*want));
	size_t *fold = mem_array(classes, sizeof(*fold));

	for (size_t i = 0; i < n; i++)
		if (rows[y[i]]++ == 0)
			order[seen++] = y[i];
	for (size_t k = 0; k < seen; k++)
		for (size_t i = 0; i < rows[order[k]]; i++)
			want[order[k] * s->folds + at++ % s->folds]++;
	for (size_t i = 0; i < n; i++) {
		size_t *left = want + y[i] * s->folds;

		while (left[fold[y[i]]] == 0)
			fold[y[i]]++;
		left[fold[y[i]]]--;
		s->fold_of[i] = (uint32_t)fold[y[i]];
	}
	free(rows);
	free(order);
	free(want);
	free(fold);
}

static void side_clear(struct side *side)
{
	rows_clear(&side->rows);
	free(side->y);
	free(side->number);
	*side = (struct side){ 0 };
}

/* The rows of the fold, or the others. */
static bool side_init(struct side *side, const struct stack *s, bool of_fold,
		      struct err *err)
{
	const struct problem *p = s->problem;
	size_t n = p->train->n, k = 0;

	side_clear(side);
	side->y = p->y ? mem_try(n, sizeof(*side->y)) : NULL;
	side->number = p->number ? mem_try(n, sizeof(*side->number)) : NULL;
	if (!rows_room(&side->rows, n, err))
		return false;
	if ((p->y && !side->y) || (p->number && !side->number))
		return err_set(err, ERR_NOMEM, "no memory for an inner fold "
			       "of %zu rows", n);
	for (size_t i = 0; i < n; i++) {
		if ((s->fold_of[i] == s->fold) != of_fold)
			continue;
		side->rows.row[k] = p->train->row[i];
		if (p->y)
			side->y[k] = p->y[i];
		if (p->number)
			side->number[k] = p->number[i];
		k++;
	}
	side->rows.n = k;
	return true;
}

static bool two_classes(const struct stack *s, struct err *err)
{
	const uint32_t *y = s->train.y;

	for (size_t i = 1; y && i < s->train.rows.n; i++)
		if (y[i] != y[0])
			return true;
	return !y || err_set(err, ERR_DATA, "stack: the rows outside inner "
			     "fold %zu of %zu are of one class: more rows, "
			     "or vote", s->fold + 1, s->folds);
}

static bool fold_begin(struct stack *s, struct err *err)
{
	if (!side_init(&s->train, s, false, err) ||
	    !side_init(&s->held, s, true, err) || !two_classes(s, err))
		return false;
	s->inner = *s->problem;
	s->inner.train = &s->train.rows;
	s->inner.test = &s->held.rows;
	s->inner.y = s->train.y;
	s->inner.number = s->train.number;
	return true;
}

/* ---- what the members tell of the fold ---- */

static bool keep_told(struct stack *s, struct job *job, struct err *err)
{
	size_t k = s->ensemble->outputs, n = s->problem->train->n, at = 0;
	double *told = mem_try(s->held.rows.n * k, sizeof(*told));

	if (!told)
		return err_set(err, ERR_NOMEM, "no memory for what is told of "
			       "%zu rows", s->held.rows.n);
	if (!model_predict(&s->fitting.model, s->fitting.design, &s->held.rows,
			   told, job, err)) {
		free(told);
		return false;
	}
	for (size_t i = 0; i < n; i++) {
		if (s->fold_of[i] != s->fold)
			continue;
		for (size_t j = 0; j < k; j++)
			s->input[s->turn * k + j][i] = told[at * k + j];
		at++;
	}
	free(told);
	return true;
}

/* One step of a fit within the folds. */
static enum method_status fold_step(struct stack *s, struct job *job,
				    struct err *err)
{
	enum method_status status;

	if (s->turn == 0 && !s->fitting.member && !fold_begin(s, err))
		return METHOD_FAILED;
	if (!s->fitting.member &&
	    !fitting_start(&s->fitting, &s->members.member[s->turn], &s->inner,
			   err))
		return METHOD_FAILED;
	status = fitting_step(&s->fitting, job, err);
	if (status == METHOD_FAILED || status == METHOD_MORE)
		return status;
	if (!keep_told(s, job, err))
		return job_cancelled(job) ? METHOD_MORE : METHOD_FAILED;
	fitting_end(&s->fitting);
	s->fits++;
	if (++s->turn == s->members.n) {
		s->turn = 0;
		s->fold++;
	}
	return METHOD_MORE;
}

/* ---- the last model ---- */

/* How good each member was on the rows that it had not seen. */
static bool measure_members(struct stack *s, struct err *err)
{
	size_t k = s->ensemble->outputs, n = s->problem->train->n;
	double *told = mem_try(n * k, sizeof(*told));

	if (!told)
		return err_set(err, ERR_NOMEM, "no memory for what is told of "
			       "%zu rows", n);
	for (size_t m = 0; m < s->members.n; m++) {
		for (size_t i = 0; i < n * k; i++)
			told[i] = s->input[m * k + i % k][i / k];
		ensemble_measure(s->problem, told, k, &s->score[m],
				 &s->loss[m]);
	}
	free(told);
	return true;
}

/* Numbers in standard deviations of the target, from its mean. */
static bool scale_numbers(struct stack *s, struct err *err)
{
	size_t n = s->problem->train->n;
	struct sum sum = { 0 }, squares = { 0 };

	s->mean = 0;
	s->scale = 1;
	if (s->problem->task != TASK_REGRESSION)
		return true;
	s->number = mem_try(n, sizeof(*s->number));
	if (!s->number)
		return err_set(err, ERR_NOMEM, "no memory for %zu rows", n);
	for (size_t i = 0; i < n; i++)
		sum_add(&sum, s->problem->number[i]);
	s->mean = sum_of(&sum) / (double)n;
	for (size_t i = 0; i < n; i++) {
		s->number[i] = s->problem->number[i] - s->mean;
		sum_add(&squares, s->number[i] * s->number[i]);
	}
	if (sum_of(&squares) > 0)
		s->scale = sqrt(sum_of(&squares) / (double)n);
	for (size_t i = 0; i < n; i++) {
		s->number[i] /= s->scale;
		for (size_t j = 0; j < s->inputs; j++)
			s->input[j][i] = (s->input[j][i] - s->mean) / s->scale;
	}
	return true;
}

static bool last_design(struct stack *s, struct err *err)
{
	size_t n = s->problem->train->n;
	size_t *place = mem_array(s->inputs, sizeof(*place));

	s->column = mem_array(s->inputs, sizeof(*s->column));
	for (size_t j = 0; j < s->inputs; j++) {
		place[j] = j;
		s->column[j] = (struct column){
			.name = s->members.member[j / s->ensemble->outputs]
				.text,
			.type = COLUMN_NUMBER, .number = s->input[j] };
	}
	s->table = (struct table){ .rows = n, .columns = s->inputs,
				   .column = s->column };
	if (rows_all(&s->all, n, err))
		s->design = design_new(&s->table, place, s->inputs, NULL,
				       &s->all, NULL, err);
	free(place);
	return s->design;
}

static bool last_begin(struct stack *s, struct err *err)
{
	bool numbers = s->problem->task == TASK_REGRESSION;

	if (!measure_members(s, err) || !scale_numbers(s, err) ||
	    !last_design(s, err))
		return false;
	s->last = *s->problem;
	s->last.design = s->design;
	s->last.train = &s->all;
	s->last.test = NULL;
	s->last.number = s->number;
	s->last_method = method_find(numbers ? "linear" : "logistic");
	options_init(&s->options, s->last_method->options);
	if (!options_set(&s->options, "stack", s->l2, err))
		return false;
	model_init(&s->ensemble->last, s->problem->task, s->inputs);
	s->state = s->last_method->start(&s->last, &s->options, err);
	return s->state;
}

/* How much the last model hears each member: the sizes of its weights per
 * standard deviation of what that tells. */
static void find_shares(struct stack *s)
{
	struct model *last = &s->ensemble->last;
	size_t k = s->ensemble->outputs;

	for (size_t c = 0; c < last->sets; c++) {
		struct model set = model_set(last, c);

		for (size_t j = 0; j < s->inputs; j++)
			s->ensemble->share[j / k] += fabs(
				model_standardized(&set, s->design, j));
	}
}

/* Back to the unit of the target: weights are the same in all units. */
static void unscale(struct stack *s)
{
	struct model *last = &s->ensemble->last;
	double sum = 0;

	if (s->problem->task != TASK_REGRESSION)
		return;
	for (size_t j = 0; j < last->p; j++)
		sum += last->weight[j];
	last->intercept = s->mean + s->scale * last->intercept -
			  s->mean * sum;
	last->loss *= s->scale * s->scale;
}

static enum method_status last_step(struct stack *s, struct job *job,
				    struct err *err)
{
	enum method_status status;

	if (!s->state && !last_begin(s, err))
		return METHOD_FAILED;
	status = s->last_method->step(s->state, job, err);
	if (status == METHOD_FAILED || status == METHOD_MORE)
		return status;
	s->last_method->look(s->state, &s->ensemble->last);
	find_shares(s);
	unscale(s);
	s->ensemble->stacked = true;
	s->fits++;
	s->fold++;
	return METHOD_MORE;
}

/* ---- the members, again ---- */

static enum method_status member_step(struct stack *s, struct job *job,
				      struct err *err)
{
	enum method_status status;
	struct part *part;

	if (!s->fitting.member &&
	    !fitting_start(&s->fitting, &s->members.member[s->turn],
			   s->problem, err))
		return METHOD_FAILED;
	status = fitting_step(&s->fitting, job, err);
	if (status == METHOD_FAILED || status == METHOD_MORE)
		return status;
	part = ensemble_take(s->ensemble, &s->fitting);
	fitting_end(&s->fitting);
	part->score = s->score[s->turn];
	part->loss = s->loss[s->turn];
	s->fits++;
	return ++s->turn < s->members.n ? METHOD_MORE : METHOD_DONE;
}

/* ---- the method ---- */

static void stack_end(void *state)
{
	struct stack *s = state;

	fitting_end(&s->fitting);
	if (s->state)
		s->last_method->end(s->state);
	options_clear(&s->options);
	ensemble_release(s->ensemble);
	members_clear(&s->members);
	side_clear(&s->train);
	side_clear(&s->held);
	for (size_t j = 0; s->input && j < s->inputs; j++)
		free(s->input[j]);
	free(s->input);
	free(s->column);
	rows_clear(&s->all);
	design_free(s->design);
	free(s->number);
	free(s->fold_of);
	free(s->l2);
	free(s);
}

static bool room_for(struct stack *s, struct err *err)
{
	size_t n = s->problem->train->n;
	bool room;

	s->inputs = s->members.n * s->ensemble->outputs;
	s->input = mem_array(s->inputs, sizeof(*s->input));
	s->fold_of = mem_try(n, sizeof(*s->fold_of));
	room = s->fold_of;
	for (size_t j = 0; room && j < s->inputs; j++) {
		s->input[j] = mem_try(n, sizeof(**s->input));
		room = s->input[j];
	}
	return room || err_set(err, ERR_NOMEM, "no memory for what %zu "
			       "members tell of %zu rows", s->members.n, n);
}

static void *stack_start(const struct problem *problem,
			 const struct option_values *options, struct err *err)
{
	struct stack *s = mem_new(sizeof(*s));

	s->problem = problem;
	s->folds = (size_t)options_number(options, "folds");
	s->l2 = mem_printf("l2=%s", options_text(options, "l2"));
	s->ensemble = ensemble_new(problem);
	if (!members_for(&s->members, problem, options_text(options, "of"),
			 err))
		goto fail;
	if (problem->train->n < s->folds) {
		err_set(err, ERR_DATA, "stack: %zu training rows are too few "
			"for %zu inner folds", problem->train->n, s->folds);
		goto fail;
	}
	if (!room_for(s, err))
		goto fail;
	if (problem->task == TASK_REGRESSION)
		contiguous(s->fold_of, problem->train->n, s->folds);
	else
		stratified(s);
	return s;
fail:
	stack_end(s);
	return NULL;
}

static size_t fits_in_all(const struct stack *s)
{
	return (s->folds + 1) * s->members.n + 1;
}

static enum method_status stack_step(void *state, struct job *job,
				     struct err *err)
{
	struct stack *s = state;
	enum method_status status = s->fold < s->folds ?
		fold_step(s, job, err) : s->fold == s->folds ?
		last_step(s, job, err) : member_step(s, job, err);

	job_progress(job, (double)s->fits / (double)fits_in_all(s));
	return status;
}

/* No model before all of it is there, and so no iteration either. */
static void stack_look(const void *state, struct model *model)
{
	const struct stack *s = state;
	struct ensemble *e = s->ensemble;
	bool all = true;

	if (e->n < s->members.n)
		return;
	for (size_t m = 0; m < e->n; m++)
		all &= e->part[m].model.converged;
	model->limit = model->iteration = fits_in_all(s);
	if (model->state != e)
		model_become(model, &model_stack, e);
	model->converged = all && e->last.converged;
	model->intercept = NAN;
	model->outputs = e->outputs;
	model->loss = e->last.loss;
	model->score = e->last.score;
	ensemble_weigh(e, s->problem->design, model->weight);
}

const struct method method_stack = {
	.name = "stack",
	.help = "a last model learns whom of several methods to believe",
	.step_name = "fit",
	.does = { [TASK_CLASSIFICATION] = true, [TASK_REGRESSION] = true },
	.whole = true,
	.options = stack_options,
	.start = stack_start,
	.step = stack_step,
	.look = stack_look,
	.end = stack_end
};
