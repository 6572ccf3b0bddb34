#include "learn/ensemble.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/mem.h"
#include "base/sum.h"
#include "learn/loss.h"

/* Probabilities of 0 are taken for this: the log loss stays finite. */
#define LEAST_PROBABILITY 1e-15

struct ensemble *ensemble_new(const struct problem *problem)
{
	struct ensemble *e = mem_new(sizeof(*e));

	e->owners = 1;
	e->task = problem->task;
	e->outputs = problem->task == TASK_CLASSIFICATION &&
		     problem->classes > 2 ? problem->classes : 1;
	return e;
}

static void ensemble_share(void *state)
{
	struct ensemble *e = state;

	e->owners++;
}

void ensemble_release(void *state)
{
	struct ensemble *e = state;

	if (!e || --e->owners > 0)
		return;
	for (size_t i = 0; i < e->n; i++) {
		model_clear(&e->part[i].model);
		design_free(e->part[i].design);
		free(e->part[i].text);
	}
	model_clear(&e->last);
	free(e);
}

struct part *ensemble_take(struct ensemble *e, struct fitting *f)
{
	struct part *part = &e->part[e->n++];

	*part = (struct part){ .text = mem_strdup(f->member->text),
			       .design = f->design, .model = f->model,
			       .weight = 1, .score = NAN, .loss = NAN };
	f->design = NULL;
	f->model = (struct model){ 0 };
	return part;
}

/* ---- what they tell together ---- */

static void answer_of_vote(const struct ensemble *e, const double *input,
			   size_t n, double *told)
{
	size_t k = e->outputs, inputs = e->n * k;
	double all = 0;

	for (size_t m = 0; m < e->n; m++)
		all += e->part[m].weight;
	memset(told, 0, n * k * sizeof(*told));
	for (size_t i = 0; i < n; i++)
		for (size_t j = 0; j < inputs; j++)
			told[i * k + j % k] += e->part[j / k].weight *
					       input[i * inputs + j];
	for (size_t i = 0; i < n * k; i++)
		told[i] /= all;
}

static double weighted(const struct model *last, const double *x)
{
	double z = last->intercept;

	for (size_t j = 0; j < last->p; j++)
		z += last->weight[j] * x[j];
	return z;
}

/* From what the members tell: n rows by inputs, to n by outputs. */
static void answer(const struct ensemble *e, const double *input, size_t n,
		   double *told)
{
	const struct model *last = &e->last;

	if (!e->stacked) {
		answer_of_vote(e, input, n, told);
		return;
	}
	for (size_t i = 0; i < n; i++) {
		double *of = told + i * e->outputs;

		for (size_t k = 0; k < e->outputs; k++) {
			struct model set = model_set(last, k);

			of[k] = weighted(&set, input + i * last->p);
		}
		if (e->outputs > 1)
			softmax(of, e->outputs);
		else if (e->task == TASK_CLASSIFICATION)
			*of = logistic_probability(*of);
	}
}

/* Room for the inputs of a block, then for what one member tells, then for
 * what it needs to do so. */
static size_t ensemble_room(const struct model *model)
{
	const struct ensemble *e = model->state;
	size_t most = 0;

	for (size_t m = 0; m < e->n; m++) {
		size_t room = model_room(&e->part[m].model);

		most = room > most ? room : most;
	}
	return DESIGN_BLOCK * e->outputs * (e->n + 1) + most;
}

/* A member's own design, reading the table and the treatments of the whole one,
 * which may be others than in training: see what-if.h.  The features of the
 * copy are to be freed. */
static struct design through(const struct design *own,
			     const struct design *whole)
{
	struct design copy = *own;

	copy.table = whole->table;
	if (copy.treatment)
		copy.treatment = whole->treatment;
	copy.feature = mem_array(own->p, sizeof(*copy.feature));
	for (size_t j = 0; j < own->p; j++) {
		struct feature *f = &copy.feature[j];

		*f = own->feature[j];
		if (f->treatment)
			f->treatment = &whole->treatment[f->column];
	}
	return copy;
}

static void tell_part(const struct part *part, const struct design *whole,
		      const uint32_t *row, size_t n, double *room,
		      double *told)
{
	struct design other;

	if (part->design->table == whole->table) {
		model_tell(&part->model, part->design, row, n, room, told);
		return;
	}
	other = through(part->design, whole);
	model_tell(&part->model, &other, row, n, room, told);
	free(other.feature);
}

static void ensemble_predict(const struct model *model,
			     const struct design *design, const uint32_t *row,
			     size_t n, double *room, double *told)
{
	const struct ensemble *e = model->state;
	size_t k = e->outputs, inputs = e->n * k;
	double *one = room + DESIGN_BLOCK * inputs;
	double *rest = one + DESIGN_BLOCK * k;

	for (size_t m = 0; m < e->n; m++) {
		tell_part(&e->part[m], design, row, n, rest, one);
		for (size_t i = 0; i < n; i++)
			memcpy(room + i * inputs + m * k, one + i * k,
			       k * sizeof(*one));
	}
	answer(e, room, n, told);
}

/* ---- how good ---- */

static void measure_numbers(const double *y, const double *told, size_t n,
			    double *score, double *loss)
{
	struct sum sum = { 0 }, squares = { 0 }, left = { 0 };
	double mean;

	for (size_t i = 0; i < n; i++)
		sum_add(&sum, y[i]);
	mean = sum_of(&sum) / (double)n;
	for (size_t i = 0; i < n; i++) {
		sum_add(&squares, (y[i] - mean) * (y[i] - mean));
		sum_add(&left, (y[i] - told[i]) * (y[i] - told[i]));
	}
	*loss = sum_of(&left) / (double)n;
	*score = 1 - sum_of(&left) / sum_of(&squares);
}

void ensemble_measure(const struct problem *problem, const double *told,
		      size_t outputs, double *score, double *loss)
{
	size_t n = problem->train->n, right = 0;
	struct sum sum = { 0 };

	if (problem->task == TASK_REGRESSION) {
		measure_numbers(problem->number, told, n, score, loss);
		return;
	}
	for (size_t i = 0; i < n; i++) {
		const double *of = told + i * outputs;
		uint32_t y = problem->y[i], class = outputs == 1 && *of > 0.5;
		double p = outputs > 1 ? of[y] : y ? *of : 1 - *of;

		for (size_t k = 1; k < outputs; k++)
			class = of[k] > of[class] ? (uint32_t)k : class;
		right += class == y;
		sum_add(&sum, -log(fmax(p, LEAST_PROBABILITY)));
	}
	*score = (double)right / (double)n;
	*loss = sum_of(&sum) / (double)n;
}

/* ---- how much each column weighs ---- */

/* The feature of the whole design that one of a member's stands for. */
static size_t place_of(const struct design *whole, const struct feature *f)
{
	size_t j = 0;

	while (j < whole->p && (whole->feature[j].column != f->column ||
				whole->feature[j].indicator != f->indicator))
		j++;
	return j;
}

/* The parts of the columns in what one member has learned; they add up to 1,
 * or to 0 when it has learned nothing.  False: it knows none. */
static bool weigh_part(const struct part *part, const struct design *whole,
		       double *weight)
{
	const struct model *m = &part->model;
	double all = 0;

	memset(weight, 0, (whole->p + 1) * sizeof(*weight));
	for (size_t k = 0; k < m->sets; k++) {
		struct model set = model_set(m, k);

		for (size_t j = 0; j < m->p; j++) {
			const struct feature *f = &part->design->feature[j];
			double w = fabs(model_standardized(&set, part->design,
							   j));

			weight[place_of(whole, f)] += w;
			all += w;
		}
	}
	if (!isfinite(all))
		return false;
	for (size_t j = 0; all > 0 && j < whole->p; j++)
		weight[j] /= all;
	return true;
}

void ensemble_weigh(const struct ensemble *e, const struct design *whole,
		    double *weight)
{
	double *one = mem_array(whole->p + 1, sizeof(*one)), all = 0;

	memset(weight, 0, whole->p * sizeof(*weight));
	for (size_t m = 0; m < e->n; m++) {
		double share = e->stacked ? e->share[m] : e->part[m].weight;

		if (!weigh_part(&e->part[m], whole, one))
			continue;
		all += share;
		for (size_t j = 0; j < whole->p; j++)
			weight[j] += share * one[j];
	}
	for (size_t j = 0; j < whole->p; j++)
		weight[j] = all > 0 ? weight[j] / all : NAN;
	free(one);
}

/* ---- as text and as JSON ---- */

/* How much a member says: of a vote its share, of a stack its weight; of more
 * than two classes the mean weight for a class of its own word on it. */
static double says(const struct ensemble *e, size_t m)
{
	size_t k = e->outputs;
	double sum = 0;

	if (!e->stacked) {
		for (size_t i = 0; i < e->n; i++)
			sum += e->part[i].weight;
		return e->part[m].weight / sum;
	}
	for (size_t i = 0; i < k; i++)
		sum += e->last.weight[i * e->last.p + m * k + i];
	return sum / (double)k;
}

static void ensemble_draw(const struct model *model, char *const *class_name,
			  FILE *out)
{
	const struct ensemble *e = model->state;
	bool numbers = e->task == TASK_REGRESSION;

	(void)class_name;
	fprintf(out, "  %s of %zu members; their own scores %s\n",
		model->kind->name, e->n, e->stacked ?
		"on rows they had not seen" : "in training");
	fprintf(out, "    %-36s %10s %10s %10s\n", "member", "weight",
		numbers ? "r2" : "accuracy", numbers ? "rmse" : "log loss");
	for (size_t m = 0; m < e->n; m++) {
		const struct part *p = &e->part[m];

		fprintf(out, "    %-36s %10.4f %10.4f %10.*g%s\n", p->text,
			says(e, m), p->score, numbers ? 6 : 4,
			numbers ? sqrt(p->loss) : p->loss,
			p->model.converged ? "" : "   not converged");
	}
	if (e->stacked && e->outputs == 1)
		fprintf(out, "    %-36s %10.4f\n", "(intercept)",
			e->last.intercept);
}

static json_t *part_json(const struct ensemble *e, size_t m)
{
	const struct part *p = &e->part[m];
	bool numbers = e->task == TASK_REGRESSION;

	return json_pack("{s:s, s:o, s:o, s:o, s:b, s:I}",
			 "member", p->text, "weight",
			 json_of_number(says(e, m)),
			 numbers ? "r2" : "accuracy", json_of_number(p->score),
			 numbers ? "rmse" : "log_loss",
			 json_of_number(numbers ? sqrt(p->loss) : p->loss),
			 "converged", (int)p->model.converged,
			 "iterations", (json_int_t)p->model.iteration);
}

/* The last model's weights, a row for each set. */
static json_t *last_json(const struct model *last)
{
	json_t *sets = json_array(), *intercepts = json_array();

	for (size_t k = 0; k < last->sets; k++) {
		struct model set = model_set(last, k);
		json_t *weights = json_array();

		for (size_t j = 0; j < set.p; j++)
			json_array_append_new(weights,
					      json_of_number(set.weight[j]));
		json_array_append_new(sets, weights);
		json_array_append_new(intercepts,
				      json_of_number(set.intercept));
	}
	return json_pack("{s:o, s:o}", "weights", sets, "intercept",
			 intercepts);
}

static json_t *ensemble_json(const struct model *model,
			     char *const *class_name)
{
	const struct ensemble *e = model->state;
	json_t *parts = json_array(), *o;

	(void)class_name;
	for (size_t m = 0; m < e->n; m++)
		json_array_append_new(parts, part_json(e, m));
	o = json_pack("{s:o}", "members", parts);
	if (e->stacked)
		json_object_set_new(o, "last", last_json(&e->last));
	return o;
}

const struct model_kind model_vote = {
	.name = "vote",
	.room = ensemble_room,
	.predict = ensemble_predict,
	.share = ensemble_share,
	.release = ensemble_release,
	.draw = ensemble_draw,
	.json = ensemble_json,
};

const struct model_kind model_stack = {
	.name = "stack",
	.room = ensemble_room,
	.predict = ensemble_predict,
	.share = ensemble_share,
	.release = ensemble_release,
	.draw = ensemble_draw,
	.json = ensemble_json,
};
