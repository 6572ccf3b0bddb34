/*
 * boost.c - the method boost: boosted trees by XGBoost; see boost.h
 *
 * A step is a round.  The training rows stay with XGBoost, cut into bins; what
 * it scores them after each round makes the training loss.  Rows that are held
 * out are scored here, by the trees of the newest round alone.
 *
 * To take trees out of XGBoost costs nearly the same for one round as for a
 * hundred: it makes a learner of them.  So it is done when somebody looks, when
 * training ends, and after each round only if there are rows held out.
 */
#include "learn/boost-train.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

/* Held out when stop= is given and held= is not. */
#define HELD_SHARE 0.1

static const struct option boost_options[] = {
	{ "rounds", OPTION_WHOLE, "100", 1, 100000, NULL,
	  "trees one after the other, at most" },
	{ "depth", OPTION_WHOLE, "6", 1, 30, NULL,
	  "questions from the root to a leaf, at most" },
	{ "rate", OPTION_NUMBER, "0.3", 1e-9, 1, NULL,
	  "the part of each tree that is added (eta)" },
	{ "min_child_weight", OPTION_NUMBER, "1", 0, 1e9, NULL,
	  "of a leaf at least: rows, of classes each times p (1 - p)" },
	{ "l2", OPTION_NUMBER, "1", 0, 1e9, NULL,
	  "penalty on the squares of what leaves tell (lambda)" },
	{ "l1", OPTION_NUMBER, "0", 0, 1e9, NULL,
	  "penalty on their sizes (alpha)" },
	{ "gamma", OPTION_NUMBER, "0", 0, 1e9, NULL,
	  "what a split has to gain at least" },
	{ "sample", OPTION_NUMBER, "1", 1e-6, 1, NULL,
	  "training rows drawn for each round, as a share (subsample)" },
	{ "columns", OPTION_NUMBER, "1", 1e-6, 1, NULL,
	  "columns drawn for each tree, as a share (colsample_bytree)" },
	{ "bins", OPTION_WHOLE, "256", 2, 65535, NULL,
	  "that a column of numbers is cut into, at most (max_bin)" },
	{ "stop", OPTION_WHOLE, "0", 0, 100000, NULL,
	  "stop when so many rounds were no better on held-out rows; 0: not" },
	{ "held", OPTION_NUMBER, NULL, 0, 0.9, NULL,
	  "share of the training rows held out; without it 0.1 with stop=" },
	{ "increasing", OPTION_COLUMNS, NULL, 0, 0, NULL,
	  "columns that may only raise what is told" },
	{ "decreasing", OPTION_COLUMNS, NULL, 0, 0, NULL,
	  "columns that may only lower it" },
	METHOD_CLASS_WEIGHT,
	{ NULL }
};

/* ---- a round ---- */

static double spread(const struct booster *b)
{
	double sum = 0;

	for (size_t i = 0; i < b->learn.n; i++)
		sum += b->learn.number[i] * b->learn.number[i];
	return b->boost->scale * b->boost->scale * sum / (double)b->learn.n;
}

/* XGBoost knows the scores of its own rows already. */
static bool measure(struct booster *b, struct err *err)
{
	static const char config[] = "{\"type\": 1, \"training\": false, "
		"\"iteration_begin\": 0, \"iteration_end\": 0, "
		"\"strict_shape\": false}";
	const uint64_t *shape;
	const float *score;
	double right;
	uint64_t dims;

	if (b->library->Predict(b->handle, b->matrix, config, &shape, &dims,
				&score))
		return boost_failed(b->library, err);
	boost_measure(b, &b->learn, score, &b->loss, &right);
	b->score = b->learn.y ? right : 1 - b->loss / spread(b);
	return (isfinite(b->loss) &&
		(b->held.n == 0 || isfinite(b->held_loss))) ||
	       err_set(err, ERR_MATH, "the loss of round %zu is not finite: "
		       "a smaller rate=, a larger l2=, or clean outliers",
		       b->boost->rounds);
}

/* The trees that are not here yet, out of XGBoost. */
static bool take_trees(const struct booster *b, struct err *err)
{
	const struct boost_library *library = b->library;
	struct boost *boost = b->boost;
	int first = (int)boost->taken, end = (int)boost->rounds;
	const char *text;
	void *slice;
	uint64_t size;
	bool ok;

	if (first == end)
		return true;
	if (library->Slice(b->handle, first, end, 1, &slice))
		return boost_failed(library, err);
	if (library->Save(slice, "{\"format\": \"ubj\"}", &size, &text))
		ok = boost_failed(library, err);
	else
		ok = boost_trees_add(&boost->trees, (size_t)(end - first),
				     text, size, err);
	library->Free(slice);
	if (ok)
		boost->taken = boost->rounds;
	return ok;
}

static void score_held(struct booster *b)
{
	const struct boost_trees *trees = &b->boost->trees;
	size_t p = b->problem->design->p, outputs = trees->outputs;
	size_t rows = b->held.n;
	double right;

	#pragma omp parallel for schedule(static) if (rows >= ROWS_PARALLEL)
	for (size_t i = 0; i < rows; i += DESIGN_BLOCK) {
		size_t n = rows - i < DESIGN_BLOCK ? rows - i : DESIGN_BLOCK;

		boost_trees_tell(trees, trees->trees - outputs, trees->trees,
				 b->held_x + i * p, n, p,
				 b->held_score + i * outputs);
	}
	boost_measure(b, &b->held, b->held_score, &b->held_loss, &right);
}

/* Else the newest round is kept, whether or not rows are held out. */
static bool stops_early(const struct booster *b)
{
	return b->held.n > 0 && b->patience > 0;
}

/* The newest round is the one to tell with. */
static void keep(const struct booster *b)
{
	struct boost *boost = b->boost;

	boost->told = boost->taken;
	boost->loss = b->loss;
	boost->score = b->score;
	boost->held_loss = b->held_loss;
}

static bool judge(struct booster *b, struct err *err)
{
	struct boost *boost = b->boost;

	if (b->held.n > 0) {
		if (!take_trees(b, err))
			return false;
		score_held(b);
	}
	if (!measure(b, err))
		return false;
	if (b->held.n > 0 && (!stops_early(b) || boost->told == 0 ||
			      b->held_loss < boost->held_loss))
		keep(b);
	return true;
}

static bool is_over(const struct booster *b)
{
	const struct boost *boost = b->boost;

	return boost->rounds >= b->wanted ||
	       (stops_early(b) && boost->rounds - boost->told >= b->patience);
}

/* What was not taken after each round. */
static bool take_rest(const struct booster *b, struct err *err)
{
	if (b->boost->taken == b->boost->rounds)
		return true;
	if (!take_trees(b, err))
		return false;
	keep(b);
	return true;
}

static bool round_of(struct booster *b, struct err *err)
{
	struct boost *boost = b->boost;

	if (b->library->UpdateOneIter(b->handle, (int)boost->rounds,
				      b->matrix))
		return boost_failed(b->library, err);
	boost->rounds++;
	if (!judge(b, err))
		return false;
	b->done = is_over(b);
	return !b->done || take_rest(b, err);
}

static enum method_status boost_step(void *state, struct job *job,
				     struct err *err)
{
	struct booster *b = state;

	/* It is silent for one thread, and this may be another. */
	if (!boost_library(err))
		return METHOD_FAILED;
	if (!b->ready && !boost_begin(b, job, err))
		return job_stopped(job) ? METHOD_MORE : METHOD_FAILED;
	b->ended = job_stopped(job);
	if (b->ended)
		return take_rest(b, err) ? METHOD_MORE : METHOD_FAILED;
	if (!round_of(b, err))
		return METHOD_FAILED;
	b->ended = b->done || job_stopped(job);
	return b->done ? METHOD_DONE : METHOD_MORE;
}

/* ---- beginning and end ---- */

/* For models that outlive it: XGBoost explains by what it knows of the trees,
 * and its booster would keep room for the training rows. */
static void keep_booster(struct booster *b)
{
	struct boost *boost = b->boost;
	const char *text;
	uint64_t size;

	if (boost->told == 0 || boost->owners == 1 || !boost_library(NULL) ||
	    b->library->Save(b->handle, "{\"format\": \"ubj\"}", &size, &text))
		return;
	boost->saved = mem_try(size, 1);
	if (!boost->saved)
		return;
	memcpy(boost->saved, text, size);
	boost->saved_size = size;
}

static void boost_end(void *state)
{
	struct booster *b = state;

	keep_booster(b);
	if (b->handle)
		b->library->Free(b->handle);
	if (b->matrix)
		b->library->MatrixFree(b->matrix);
	boost_release(b->boost);
	boost_rows_clear(&b->learn);
	boost_rows_clear(&b->held);
	free(b->held_x);
	free(b->held_score);
	options_clear(&b->options);
	free(b);
}

static void take_options(struct booster *b)
{
	double share = options_number(&b->options, "held");

	b->wanted = (size_t)options_number(&b->options, "rounds");
	b->patience = (size_t)options_number(&b->options, "stop");
	b->share = !isnan(share) ? share : b->patience > 0 ? HELD_SHARE : 0;
}

static void *boost_start(const struct problem *problem,
			 const struct option_values *options, struct err *err)
{
	const struct boost_library *library = boost_library(err);
	struct booster *b;

	if (!library)
		return NULL;
	b = mem_new(sizeof(*b));
	b->problem = problem;
	b->library = library;
	options_copy(&b->options, options);
	b->boost = mem_new(sizeof(*b->boost));
	b->boost->owners = 1;
	b->boost->library = library;
	b->boost->scale = 1;
	b->boost->classes = problem->task == TASK_REGRESSION ? 0
							: problem->classes;
	b->boost->trees.outputs = b->boost->classes > 2 ? b->boost->classes
							: 1;
	b->boost->gain = mem_array(problem->design->p,
				   sizeof(*b->boost->gain));
	b->loss = b->score = b->held_loss = NAN;
	take_options(b);
	if (boost_check(b, err))
		return b;
	boost_end(b);
	return NULL;
}

/* ---- what it has come to ---- */

static const char *note_of(const struct booster *b)
{
	const struct boost *boost = b->boost;

	if (boost_trees_sizes(&boost->trees, boost->trees.trees).depth == 0)
		return "no split gains anything: all rows are told the same";
	if (b->patience > 0 && boost->rounds == b->wanted &&
	    boost->told == b->wanted)
		return "held-out rows were still told better with the last "
		       "round: more rounds=";
	return NULL;
}

/* At the end what is told is of the round that is kept, which need not be the
 * last: so are its number and its losses. */
static void boost_glance(const void *state, struct model *model)
{
	const struct booster *b = state;
	const struct boost *boost = b->boost;

	model->limit = b->wanted;
	model->iteration = b->ended ? boost->told : boost->rounds;
	model->loss = b->ended ? boost->loss : b->loss;
	model->score = b->ended ? boost->score : b->score;
	model->held_loss = b->ended ? boost->held_loss : b->held_loss;
}

static void boost_look(const void *state, struct model *model)
{
	const struct booster *b = state;
	struct boost *boost = b->boost;

	/* If there is no memory now, the next step says so. */
	if (!take_rest(b, NULL) || boost->told == 0)
		return;
	if (model->state != boost)
		model_become(model, boost->classes > 0 ? &model_boost
						: &model_boost_number, boost);
	boost_glance(state, model);
	model->converged = b->done;
	model->intercept = NAN;
	model->outputs = boost->trees.outputs;
	if (b->done)
		model->note = note_of(b);
	boost_importance(boost, model->weight);
}

const struct method method_boost = {
	.name = "boost",
#ifdef HAVE_XGBOOST
	.help = "trees one after the other, each mending those before",
#else
	.help = "boosted trees: not built in",
	.absent = true,
#endif
	.step_name = "round",
	.does = { [TASK_CLASSIFICATION] = true, [TASK_REGRESSION] = true },
	.whole = true,
	.options = boost_options,
	.start = boost_start,
	.step = boost_step,
	.glance = boost_glance,
	.look = boost_look,
	.end = boost_end
};
