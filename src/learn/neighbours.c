/*
 * neighbours.c - the method neighbours: rows that lie near each other are alike
 *
 * What is told of a row is what its k nearest training rows are: the share of
 * each class among them, or the mean of their numbers; by weight 1, or 1 over
 * the distance.  Cover and Hart, "Nearest neighbor pattern classification",
 * IEEE Transactions on Information Theory 13 (1967).
 *
 *	distance(a, b)^2 = sum_j (x_aj - x_bj)^2, x as the design gives it
 *
 * There is nothing to learn: a step keeps the training rows and puts them in
 * order, see near.h.  The work is in the telling.
 */
#include "learn/method.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/rng.h"
#include "learn/near.h"

/* Cells that are kept when rows= does not say how many, and rows between two
 * looks at the job. */
enum { KEPT_CELLS = 1000000, LOOK_ROWS = 65536 };

/* Numbers whose deviations differ more than that are told of. */
#define UNEQUAL 10

/* What models share: it lives as long as one of them. */
struct neighbours {
	size_t owners;
	size_t k, p, classes, outputs;
	bool by_distance;
	size_t rows, of;	/* so many training rows were kept */
	uint32_t *y;		/* owned: of each point, or: */
	double *number;		/* owned */
	struct near *near;	/* owned */
};

struct neighbours_learner {
	const struct problem *problem;
	struct neighbours *neighbours;
	double least, most;	/* deviation of a number, as it is seen */
};

/* ---- the kind of model ---- */

static void neighbours_share(void *state)
{
	struct neighbours *s = state;

	s->owners++;
}

static void neighbours_release(void *state)
{
	struct neighbours *s = state;

	if (--s->owners > 0)
		return;
	near_free(s->near);
	free(s->y);
	free(s->number);
	free(s);
}

static size_t doubles_of(size_t k)
{
	return (k * sizeof(struct neighbour) + sizeof(double) - 1) /
	       sizeof(double);
}

static size_t neighbours_room(const struct model *model)
{
	const struct neighbours *s = model->state;

	return DESIGN_BLOCK * s->p + near_room(s->near) +
	       doubles_of(NEAR_PLACES * s->k);
}

static size_t neighbours_block(const struct model *model)
{
	const struct neighbours *s = model->state;

	return near_places(s->near);
}

/* Of those at the very place, if any, all weigh the same, and the others
 * nothing. */
static double weight_of(const struct neighbours *s, const struct neighbour *n,
			const struct neighbour *nearest)
{
	if (!s->by_distance)
		return 1;
	if (nearest->squares == 0)
		return n->squares == 0;
	/* Against the nearest: 1 over a very small distance is too large. */
	return sqrt(nearest->squares) / sqrt(n->squares);
}

static void tell(const struct neighbours *s, const struct neighbour *found,
		 double *told)
{
	double all = 0;

	memset(told, 0, s->outputs * sizeof(*told));
	for (size_t i = 0; i < s->k; i++) {
		double w = weight_of(s, &found[i], &found[0]);

		all += w;
		if (s->classes > 2)
			told[s->y[found[i].point]] += w;
		else if (s->classes > 0)
			*told += w * s->y[found[i].point];
		else
			*told += w * s->number[found[i].point];
	}
	for (size_t k = 0; k < s->outputs; k++)
		told[k] /= all;
}

static void neighbours_predict(const struct model *model,
			       const struct design *design,
			       const uint32_t *row, size_t n, double *room,
			       double *told)
{
	const struct neighbours *s = model->state;
	double *work = room + DESIGN_BLOCK * s->p;
	struct neighbour *found = (struct neighbour *)(void *)
				  (work + near_room(s->near));

	design_block(design, row, n, room);
	for (size_t i = 0; i < n * s->p; i++)
		room[i] = fmax(fmin(room[i], NEAR_MAX), -NEAR_MAX);
	for (size_t start = 0; start < n; start += NEAR_PLACES) {
		size_t places = n - start < NEAR_PLACES ? n - start
							: NEAR_PLACES;

		near_find(s->near, room + start * s->p, places, s->k, work,
			  found);
		for (size_t q = 0; q < places; q++)
			tell(s, found + q * s->k,
			     told + (start + q) * s->outputs);
	}
}

static void neighbours_draw(const struct model *model, char *const *class_name,
			    FILE *out)
{
	const struct neighbours *s = model->state;

	(void)class_name;
	fprintf(out, "  neighbours: the %zu nearest of %zu training rows%s, "
		"weighed %s\n", s->k, s->rows,
		s->rows < s->of ? " drawn by chance" : "",
		s->by_distance ? "by 1 / distance" : "all the same");
	if (s->rows < s->of)
		fprintf(out, "  %zu training rows are not looked at: rows=\n",
			s->of - s->rows);
}

static json_t *neighbours_json(const struct model *model,
			       char *const *class_name)
{
	const struct neighbours *s = model->state;

	(void)class_name;
	return json_pack("{s:I, s:I, s:I}", "k", (json_int_t)s->k,
			 "rows", (json_int_t)s->rows,
			 "training_rows", (json_int_t)s->of);
}

static const struct model_kind model_neighbours = {
	.name = "neighbours",
	.room = neighbours_room,
	.block = neighbours_block,
	.predict = neighbours_predict,
	.share = neighbours_share,
	.release = neighbours_release,
	.draw = neighbours_draw,
	.json = neighbours_json,
};

/* ---- options ---- */

static const struct option neighbours_options[] = {
	{ "k", OPTION_WHOLE, "5", 1, 10000, NULL,
	  "how many of the nearest rows are asked" },
	{ "weights", OPTION_CHOICE, "uniform", 0, 0, "uniform distance",
	  "distance: the nearer one is, the more it counts" },
	{ "rows", OPTION_WHOLE, NULL, 1, 1e9, NULL,
	  "training rows that are kept at most; else a million cells of them" },
	{ NULL }
};

/* ---- the one step ---- */

/* Places of the training rows that are kept, ascending. */
static uint32_t *draw_rows(const struct neighbours_learner *l, size_t rows,
			   const struct job *job)
{
	size_t n = l->problem->train->n, kept = 0;
	uint32_t *place = mem_try(rows, sizeof(*place));
	struct rng rng;

	rng_init(&rng, l->problem->seed);
	/* Knuth, volume 2, algorithm S. */
	for (size_t i = 0; i < n && kept < rows && place; i++) {
		if (i % LOOK_ROWS == 0 && job_stopped(job))
			break;	/* and the next who asks sees it, too */
		if (rows - kept == n - i || rng_double(&rng) * (double)(n - i) <
		    (double)(rows - kept))
			place[kept++] = (uint32_t)i;
	}
	return place;
}

static void take_targets(const struct neighbours_learner *l,
			 const uint32_t *place)
{
	const struct problem *p = l->problem;
	struct neighbours *s = l->neighbours;

	for (size_t i = 0; i < s->rows && s->classes > 0; i++)
		s->y[i] = p->y[place[i]];
	for (size_t i = 0; i < s->rows && s->classes == 0; i++)
		s->number[i] = p->number[place[i]];
}

/* False: stopped, or too large. */
static bool take_rows(const struct neighbours_learner *l,
		      const uint32_t *place, double *x, struct job *job,
		      struct err *err)
{
	const struct problem *p = l->problem;
	struct neighbours *s = l->neighbours;
	uint32_t row[DESIGN_BLOCK];

	for (size_t start = 0; start < s->rows; start += DESIGN_BLOCK) {
		size_t n = s->rows - start < DESIGN_BLOCK ? s->rows - start
							  : DESIGN_BLOCK;
		double *to = x + start * s->p;

		if (job_stopped(job))
			return err_cancelled(err);
		for (size_t i = 0; i < n; i++)
			row[i] = p->train->row[place[start + i]];
		design_block(p->design, row, n, to);
		for (size_t i = 0; i < n * s->p; i++)
			if (!(fabs(to[i]) <= NEAR_MAX))
				return err_set(err, ERR_MATH, "%.60s is %g in "
					"a training row, too large for a "
					"distance: clean standardize",
					p->design->feature[i % s->p].name,
					to[i]);
	}
	return true;
}

static bool learn(struct neighbours_learner *l, struct job *job,
		  struct err *err)
{
	struct neighbours *s = l->neighbours;
	uint32_t *place = draw_rows(l, s->rows, job);
	double *x = mem_try(s->rows * s->p, sizeof(*x));

	if (s->classes > 0)
		s->y = mem_try(s->rows, sizeof(*s->y));
	else
		s->number = mem_try(s->rows, sizeof(*s->number));
	if (!place || !x || (!s->y && !s->number)) {
		free(place);
		free(x);
		return err_set(err, ERR_NOMEM, "no memory for %zu rows of %zu "
			       "features", s->rows, s->p);
	}
	take_targets(l, place);
	if (take_rows(l, place, x, job, err))
		s->near = near_new(x, s->rows, s->p, job, err);
	else
		free(x);
	free(place);
	return s->near;
}

/* Numbers with a small spread hardly count next to others. */
static void find_spread(struct neighbours_learner *l)
{
	const struct design *d = l->problem->design;

	l->least = INFINITY;
	for (size_t j = 0; j < d->p; j++) {
		const struct feature *f = &d->feature[j];
		double sd = f->sd / f->transform.scale;

		if (f->level != LEVEL_MISSING || f->indicator || !(sd > 0))
			continue;
		l->least = fmin(l->least, sd);
		l->most = fmax(l->most, sd);
	}
}

static void *neighbours_start(const struct problem *problem,
			      const struct option_values *options,
			      struct err *err)
{
	struct neighbours_learner *l = mem_new(sizeof(*l));
	struct neighbours *s = mem_new(sizeof(*s));
	size_t n = problem->train->n, most;
	double rows = options_number(options, "rows");

	(void)err;
	l->problem = problem;
	l->neighbours = s;
	s->owners = 1;
	s->p = problem->design->p;
	if (problem->task == TASK_CLASSIFICATION)
		s->classes = problem->classes;
	s->outputs = s->classes > 2 ? s->classes : 1;
	s->by_distance = *options_text(options, "weights") == 'd';
	s->k = (size_t)options_number(options, "k");
	most = isnan(rows) ? KEPT_CELLS / s->p : (size_t)rows;
	most = most > s->k ? most : s->k;
	s->of = n;
	s->rows = n < most ? n : most;
	s->k = s->k < s->rows ? s->k : s->rows;
	find_spread(l);
	return l;
}

static enum method_status neighbours_step(void *state, struct job *job,
					  struct err *err)
{
	struct neighbours_learner *l = state;
	struct neighbours *s = l->neighbours;

	if (learn(l, job, err))
		return METHOD_DONE;
	free(s->y);
	free(s->number);
	s->y = NULL;
	s->number = NULL;
	return job_stopped(job) ? METHOD_MORE : METHOD_FAILED;
}

static const char *note_of(const struct neighbours_learner *l)
{
	bool few = l->neighbours->rows < l->neighbours->of;

	if (l->most > UNEQUAL * l->least)
		return few ? "not all training rows are looked at (rows=); "
			     "columns of very different scale: the widest "
			     "decide what is near, see clean standardize"
			   : "columns of very different scale: the widest "
			     "decide what is near, see clean standardize";
	return few ? "not all training rows are looked at (rows=)"
		   : "no weights: the training rows are the model";
}

static void neighbours_look(const void *state, struct model *model)
{
	const struct neighbours_learner *l = state;

	model->limit = 1;
	if (!l->neighbours->near)
		return;
	if (model->state != l->neighbours)
		model_become(model, &model_neighbours, l->neighbours);
	model->iteration = 1;
	model->converged = true;
	model->intercept = NAN;
	model->outputs = l->neighbours->outputs;
	model->note = note_of(l);
	for (size_t j = 0; j < model->p; j++)
		model->weight[j] = NAN;
}

static void neighbours_end(void *state)
{
	struct neighbours_learner *l = state;

	neighbours_release(l->neighbours);
	free(l);
}

const struct method method_neighbours = {
	.name = "neighbours",
	.help = "what the training rows nearest to a row are",
	.step_name = "step",
	.does = { [TASK_CLASSIFICATION] = true, [TASK_REGRESSION] = true },
	.options = neighbours_options,
	.start = neighbours_start,
	.step = neighbours_step,
	.look = neighbours_look,
	.end = neighbours_end
};
