/*
 * bayes.c - the method bayes, and its kind of model
 *
 *	P(k | x) ~ P(k) prod_j P(x_j | k)
 *
 * Its parameters are counts and moments: it is done after one walk over the
 * rows, some features to a step.  Weights of classes act on P(k), nothing else;
 * balanced, all classes are equally likely beforehand.  See bayes.h.
 */
#include "learn/bayes.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "learn/loss.h"

/* ---- the kind of model ---- */

static void bayes_share(void *state)
{
	struct bayes *b = state;

	b->owners++;
}

static void feature_clear(struct bayes_feature *f)
{
	free(f->name);
	free(f->mean);
	free(f->height);
	free(f->slope);
	free(f->seen);
	free(f->share);
	for (size_t v = 0; f->level && v < f->levels; v++)
		free(f->level[v]);
	free(f->level);
	*f = (struct bayes_feature){ 0 };
}

static void bayes_release(void *state)
{
	struct bayes *b = state;

	if (--b->owners > 0)
		return;
	for (size_t j = 0; j < b->p; j++)
		feature_clear(&b->feature[j]);
	free(b->feature);
	free(b->prior);
	free(b);
}

/* z of each class, and what one feature says. */
static size_t bayes_room(const struct model *model)
{
	const struct bayes *b = model->state;

	return 2 * DESIGN_BLOCK * b->classes;
}

static void tell_block(const struct bayes *b, const struct design *design,
		       const uint32_t *row, size_t n, double *room,
		       double *told)
{
	size_t classes = b->classes;
	double *say = room + n * classes;

	for (size_t i = 0; i < n * classes; i++)
		room[i] = b->prior[i % classes];
	for (size_t j = 0; j < b->p; j++) {
		bayes_say(b, design, j, row, n, say);
		for (size_t i = 0; i < n * classes; i++)
			room[i] += say[i];
	}
	for (size_t i = 0; i < n; i++) {
		double *z = room + i * classes;

		if (classes == 2) {
			told[i] = logistic_probability(z[1] - z[0]);
			continue;
		}
		softmax(z, classes);
		for (size_t k = 0; k < classes; k++)
			told[i * classes + k] = z[k];
	}
}

static void bayes_predict(const struct model *model,
			  const struct design *design, const uint32_t *row,
			  size_t n, double *room, double *told)
{
	tell_block(model->state, design, row, n, room, told);
}

/*
 * Of two classes the log odds of the second; of many, log P(x_j | k) less its
 * mean over the classes, which changes no probability: above 0 it speaks for
 * the class.
 */
static void bayes_explain(const struct model *model,
			  const struct design *design, uint32_t row,
			  const struct job *job, double *base,
			  double *part)
{
	const struct bayes *b = model->state;
	size_t classes = b->classes;
	double *say = mem_array(classes, sizeof(*say));

	(void)job;
	base[0] = b->prior[1] - b->prior[0];
	for (size_t k = 0; k < classes && classes > 2; k++)
		base[k] = b->prior[k];
	for (size_t j = 0; j < b->p; j++) {
		double mean = 0;

		bayes_say(b, design, j, &row, 1, say);
		if (classes == 2) {
			part[j] = say[1] - say[0];
			continue;
		}
		for (size_t k = 0; k < classes; k++)
			mean += say[k] / (double)classes;
		for (size_t k = 0; k < classes; k++)
			part[k * b->p + j] = say[k] - mean;
	}
	free(say);
}

static const struct model_kind model_bayes = {
	.name = "bayes",
	.room = bayes_room,
	.predict = bayes_predict,
	.explain = bayes_explain,
	.in_odds = true,
	.share = bayes_share,
	.release = bayes_release,
	.draw = bayes_draw,
	.json = bayes_json,
};

/* ---- options ---- */

static const struct option bayes_options[] = {
	{ "smooth", OPTION_NUMBER, "1", 1e-10, 1e10, NULL,
	  "rows that are added to each level of a category in each class" },
	{ "floor", OPTION_NUMBER, "1e-9", 1e-15, 1e6, NULL,
	  "share of a number's variance that is added to that of each class" },
	METHOD_CLASS_WEIGHT,
	{ NULL }
};

/* ---- on the training rows ---- */

/* Sums of a block of rows. */
struct tally {
	double loss, hits;
	double *size;		/* owned: of what each feature says */
};

/* The mean size of what it says for or against a class, over the classes. */
static double size_of(const double *say, size_t classes)
{
	double mean = 0, size = 0;

	for (size_t k = 0; k < classes; k++)
		mean += say[k] / (double)classes;
	for (size_t k = 0; k < classes; k++)
		size += fabs(say[k] - mean) / (double)classes;
	return size;
}

static void measure_block(const struct bayes_learner *l, size_t start,
			  struct tally *to)
{
	const struct bayes *b = l->bayes;
	const struct problem *p = l->problem;
	size_t n = p->train->n - start < DESIGN_BLOCK ? p->train->n - start
						      : DESIGN_BLOCK;
	size_t classes = b->classes, outputs = classes > 2 ? classes : 1;
	const uint32_t *row = p->train->row + start, *y = p->y + start;
	double *room = mem_array((2 * classes + outputs) * n, sizeof(*room));
	double *told = room + 2 * classes * n;

	for (size_t j = 0; j < b->p; j++) {
		bayes_say(b, p->design, j, row, n, room);
		for (size_t i = 0; i < n; i++)
			to->size[j] += size_of(room + i * classes, classes);
	}
	tell_block(b, p->design, row, n, room, told);
	for (size_t i = 0; i < n; i++) {
		const double *of = told + i * outputs;
		size_t most = 0;
		double right = outputs > 1 ? of[y[i]] : y[i] ? *of : 1 - *of;

		for (size_t k = 1; k < outputs; k++)
			most = of[k] > of[most] ? k : most;
		most = outputs == 1 ? *of > 0.5 : most;
		to->hits += most == y[i];
		to->loss -= log(fmax(right, DBL_EPSILON));
	}
	free(room);
}

/* Blocks are added up in their order.  False: stopped. */
static bool measure(struct bayes_learner *l, const struct job *job)
{
	size_t n = l->problem->train->n, p = l->bayes->p;
	size_t blocks = (n + DESIGN_BLOCK - 1) / DESIGN_BLOCK;
	struct tally *tally = mem_array(blocks, sizeof(*tally));
	double loss = 0, hits = 0;

	#pragma omp parallel for schedule(dynamic) if (n >= ROWS_PARALLEL)
	for (size_t b = 0; b < blocks; b++) {
		tally[b].size = mem_array(p, sizeof(*tally[b].size));
		if (!job_stopped(job))
			measure_block(l, b * DESIGN_BLOCK, &tally[b]);
	}
	for (size_t b = 0; b < blocks; b++) {
		loss += tally[b].loss;
		hits += tally[b].hits;
		for (size_t j = 0; j < p; j++)
			l->bayes->feature[j].weight += tally[b].size[j];
		free(tally[b].size);
	}
	free(tally);
	if (job_stopped(job)) {
		for (size_t j = 0; j < p; j++)
			l->bayes->feature[j].weight = 0;
		return false;
	}
	l->loss = loss / (double)n;
	l->score = hits / (double)n;
	return l->measured = true;
}

/* ---- the steps ---- */

static void take_priors(struct bayes_learner *l)
{
	const struct problem *p = l->problem;
	struct bayes *b = l->bayes;
	double all = 0;

	for (size_t i = 0; i < p->train->n; i++)
		b->prior[p->y[i]]++;
	for (size_t k = 0; k < b->classes; k++) {
		b->prior[k] *= p->class_weight ? p->class_weight[k] : 1;
		all += b->prior[k];
	}
	for (size_t k = 0; k < b->classes; k++)
		b->prior[k] = b->prior[k] > 0 ? log(b->prior[k] / all)
					      : BAYES_NEVER;
}

static void *bayes_start(const struct problem *problem,
			 const struct option_values *options, struct err *err)
{
	struct bayes_learner *l = mem_new(sizeof(*l));
	struct bayes *b = mem_new(sizeof(*b));

	(void)err;
	l->problem = problem;
	l->bayes = b;
	l->smooth = options_number(options, "smooth");
	l->floor = options_number(options, "floor");
	l->loss = l->score = NAN;
	b->owners = 1;
	b->p = problem->design->p;
	b->classes = problem->classes;
	b->prior = mem_array(b->classes, sizeof(*b->prior));
	b->feature = mem_array(b->p, sizeof(*b->feature));
	for (size_t j = 0; j < b->p; j++)
		b->feature[j].name =
			mem_strdup(problem->design->feature[j].name);
	take_priors(l);
	return l;
}

static enum method_status bayes_step(void *state, struct job *job,
				     struct err *err)
{
	struct bayes_learner *l = state;

	(void)err;
	if (l->done < l->bayes->p) {
		size_t first = l->done;

		if (bayes_learn(l, job))
			return METHOD_MORE;
		/* They are to begin anew. */
		for (size_t j = first; j < l->bayes->p; j++) {
			struct bayes_feature *f = &l->bayes->feature[j];
			char *name = f->name;

			f->name = NULL;
			feature_clear(f);
			f->name = name;
		}
		return METHOD_MORE;
	}
	return measure(l, job) ? METHOD_DONE : METHOD_MORE;
}

static void bayes_look(const void *state, struct model *model)
{
	const struct bayes_learner *l = state;
	struct bayes *b = l->bayes;
	double sum = 0;

	model->limit = b->p;
	model->iteration = l->done;
	if (l->done == 0)
		return;
	if (model->state != b)
		model_become(model, &model_bayes, b);
	model->converged = l->measured;
	model->intercept = NAN;
	model->outputs = b->classes > 2 ? b->classes : 1;
	model->loss = l->loss;
	model->score = l->score;
	model->note = "importance: the mean size of what a feature says for "
		      "or against a class";
	for (size_t j = 0; j < b->p; j++)
		sum += b->feature[j].weight;
	for (size_t j = 0; j < b->p; j++)
		model->weight[j] = sum > 0 ? b->feature[j].weight / sum : 0;
}

static void bayes_end(void *state)
{
	struct bayes_learner *l = state;

	bayes_release(l->bayes);
	free(l);
}

const struct method method_bayes = {
	.name = "bayes",
	.help = "naive Bayes: each feature speaks for a class by itself",
	.step_name = "step",
	.does = { [TASK_CLASSIFICATION] = true },
	.whole = true,
	.options = bayes_options,
	.start = bayes_start,
	.step = bayes_step,
	.look = bayes_look,
	.end = bayes_end
};
