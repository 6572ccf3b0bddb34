/*
 * boost.c - the method boost: boosted trees by XGBoost; see boost.h
 *
 * A step is a round.  The training rows stay with XGBoost, cut into bins; what
 * it scores them after each round makes the training loss.  Rows that are held
 * out are scored here, by the trees of the newest round alone.
 */
#include "learn/boost.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifdef _OPENMP
#include <omp.h>
#endif

#include "base/mem.h"
#include "base/text.h"
#include "data/order.h"
#include "learn/holdout.h"
#include "learn/loss.h"

/* Held out when stop= is given and held= is not. */
#define HELD_SHARE 0.1

/* What XGBoost takes as the share of the second of two classes. */
#define LEAST_SHARE 1e-6

/* Numbers beyond this have squares that 32 bits cannot hold. */
#define LARGEST_NUMBER 1e15

/* Cells of a table too small to be worth a second thread. */
#define SMALL_CELLS ((size_t)100000)

/* Some rows with what is to be told of them. */
struct some_rows {
	size_t n;
	uint32_t *row;		/* owned */
	uint32_t *y;		/* owned; or number */
	double *number;		/* owned; less the center, over the scale */
};

struct booster {
	const struct problem *problem;
	struct option_values options;	/* owned */
	size_t wanted, patience;
	double share;		/* to hold out */
	struct boost *boost;
	const struct boost_library *library;
	struct some_rows learn, held;
	float *held_x;		/* owned: held.n by p */
	float *held_score;	/* owned: held.n by outputs */
	void *matrix, *handle;	/* XGBoost's: learn, and the booster */
	bool ready, done;
	double loss, score, held_loss;	/* of the newest round */
};

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

/* ---- the rows ---- */

static void some_clear(struct some_rows *some)
{
	free(some->row);
	free(some->y);
	free(some->number);
	*some = (struct some_rows){ 0 };
}

/* Places of problem.train, as rows in the order in which they lie in memory. */
static bool some_take(struct some_rows *some, const struct problem *problem,
		      const uint32_t *place, size_t n, struct err *err)
{
	struct rows rows;
	struct order order;
	bool ok;

	if (!rows_room(&rows, n, err))
		return false;
	for (size_t i = 0; i < n; i++)
		rows.row[i] = problem->train->row[place[i]];
	ok = order_init(&order, &rows, err);
	rows_clear(&rows);
	if (!ok)
		return false;
	some->n = n;
	some->row = order.row;
	if (problem->y)
		some->y = mem_try(n, sizeof(*some->y));
	else
		some->number = mem_try(n, sizeof(*some->number));
	for (size_t i = 0; i < n && some->y; i++)
		some->y[i] = problem->y[place[order.from[i]]];
	for (size_t i = 0; i < n && some->number; i++)
		some->number[i] = problem->number[place[order.from[i]]];
	free(order.from);
	return some->y || some->number ||
	       err_set(err, ERR_NOMEM, "no memory for %zu rows", n);
}

static bool take_rows(struct booster *b, struct err *err)
{
	const struct problem *problem = b->problem;
	size_t n = problem->train->n, learn = n;
	uint32_t *place = mem_try(n, sizeof(*place));
	bool ok;

	if (!place)
		return err_set(err, ERR_NOMEM, "no memory for %zu rows", n);
	for (size_t i = 0; i < n; i++)
		place[i] = (uint32_t)i;
	if (b->share > 0)
		learn = holdout(problem, b->share, place);
	ok = some_take(&b->learn, problem, place, learn, err) &&
	     (learn == n || some_take(&b->held, problem, place + learn,
				      n - learn, err));
	free(place);
	return ok;
}

/* ---- what the scores begin with ---- */

static double mean_of(const double *x, size_t n)
{
	double mean = 0, rest = 0;

	for (size_t i = 0; i < n; i++)
		mean += x[i] / (double)n;
	for (size_t i = 0; i < n; i++)
		rest += (x[i] - mean) / (double)n;
	return mean + rest;
}

static void shift(struct some_rows *some, const struct boost *boost)
{
	for (size_t i = 0; i < some->n; i++)
		some->number[i] = (some->number[i] - boost->center) /
				  boost->scale;
}

/* Numbers about their mean, in a unit that XGBoost can compute with. */
static bool center_numbers(struct booster *b, struct err *err)
{
	struct boost *boost = b->boost;
	double largest = 0, squares = 0, sd;
	size_t n = b->learn.n;

	boost->center = mean_of(b->learn.number, n);
	for (size_t i = 0; i < n; i++)
		largest = fmax(largest, fabs(b->learn.number[i] -
					     boost->center));
	/* Relative to the largest, as squares of it may be infinite. */
	for (size_t i = 0; i < n && largest > 0; i++) {
		double x = (b->learn.number[i] - boost->center) / largest;

		squares += x * x;
	}
	sd = largest * sqrt(squares / (double)n);
	if (sd > 0 && isfinite(sd) && (sd < 0x1p-10 || sd > 0x1p20))
		boost->scale = exp2(round(log2(sd)));
	shift(&b->learn, boost);
	shift(&b->held, boost);
	if (isfinite(boost->center) && largest / boost->scale < LARGEST_NUMBER)
		return true;
	return err_set(err, ERR_MATH, "the numbers of the target reach "
		       "%.3g from their mean: too far to boost; derive a "
		       "logarithm of them, or clean outliers", largest);
}

/* The weight of a row. */
static double weight_of(const struct booster *b, const struct some_rows *some,
			size_t i)
{
	return b->problem->class_weight ?
	       b->problem->class_weight[some->y[i]] : 1;
}

/* Log odds, in the 32 bits in which XGBoost makes them of the share. */
static float begin_with_share(struct booster *b)
{
	double sum[2] = { 0 }, share;
	float p;

	for (size_t i = 0; i < b->learn.n; i++)
		sum[b->learn.y[i]] += weight_of(b, &b->learn, i);
	share = sum[1] / (sum[0] + sum[1]);
	p = (float)fmin(fmax(share, LEAST_SHARE), 1 - LEAST_SHARE);
	b->boost->start = -logf(1.0f / p - 1.0f);
	return p;
}

/* ---- XGBoost's parameters ---- */

static bool set(struct booster *b, const char *name, const char *value,
		struct err *err)
{
	return !b->library->SetParam(b->handle, name, value) ||
	       boost_failed(b->library, err);
}

static bool set_number(struct booster *b, const char *name, double value,
		       struct err *err)
{
	char text[40];

	snprintf(text, sizeof(text), "%.9g", value);
	return set(b, name, text, err);
}

/* The column called so; -1 and why not. */
static int constrained(const struct booster *b, const char *option,
		       const char *name, struct err *err)
{
	const struct design *d = b->problem->design;

	for (size_t j = 0; j < d->p; j++) {
		const struct column *c =
			&d->table->column[d->feature[j].column];

		if (d->feature[j].indicator || strcmp(c->name, name))
			continue;
		if (c->number)
			return (int)j;
		err_set(err, ERR_USAGE, "%s=%.60s: its levels have no order; "
			"only numbers can go up and down", option, name);
		return -1;
	}
	err_set(err, ERR_USAGE, "%s=%.60s: there is no feature of that name",
		option, name);
	return -1;
}

static bool constrain(const struct booster *b, const char *option, int way,
		      int *ways, struct err *err)
{
	const char *at = options_text(&b->options, option);

	while (at && *at) {
		size_t length = strcspn(at, ",");
		char *name = mem_strndup(at, length);
		int j = constrained(b, option, name, err);

		free(name);
		if (j < 0)
			return false;
		if (ways[j] == -way)
			return err_set(err, ERR_USAGE, "'%.*s' cannot be both "
				       "increasing and decreasing",
				       (int)length, at);
		ways[j] = way;
		at += length + (at[length] == ',');
	}
	return true;
}

/* "(0,1,-1)"; *text stays NULL when none is constrained.  The caller frees
 * it. */
static bool constraints(const struct booster *b, char **text, struct err *err)
{
	size_t p = b->problem->design->p, size = 4 * p + 4;
	int *ways = mem_array(p, sizeof(*ways));
	bool ok = constrain(b, "increasing", 1, ways, err) &&
		  constrain(b, "decreasing", -1, ways, err);
	bool any = false;

	for (size_t j = 0; j < p; j++)
		any |= ways[j] != 0;
	if (ok && any && b->boost->classes > 2)
		ok = err_set(err, ERR_USAGE, "increasing= and decreasing= are "
			     "for a number or two classes, and the target has "
			     "%zu", b->boost->classes);
	*text = ok && any ? mem_array(size, 1) : NULL;
	for (size_t j = 0; j < p && *text; j++)
		text_append(*text, size, "%s%d", j ? "," : "(", ways[j]);
	if (*text)
		text_append(*text, size, ")");
	free(ways);
	return ok;
}

static bool set_constraints(struct booster *b, struct err *err)
{
	char *text;
	bool ok = constraints(b, &text, err);

	ok = ok && (!text || set(b, "monotone_constraints", text, err));
	free(text);
	return ok;
}

static int threads_for(const struct booster *b)
{
	if (b->learn.n * b->problem->design->p < SMALL_CELLS)
		return 1;
#ifdef _OPENMP
	return omp_get_max_threads();
#else
	return 1;
#endif
}

static bool set_task(struct booster *b, struct err *err)
{
	size_t classes = b->boost->classes;

	if (classes == 0)
		return set(b, "objective", "reg:squarederror", err) &&
		       set(b, "base_score", "0", err);
	if (classes == 2)
		return set(b, "objective", "binary:logistic", err) &&
		       set_number(b, "base_score",
				  (double)begin_with_share(b), err);
	return set(b, "objective", "multi:softprob", err) &&
	       set_number(b, "num_class", (double)classes, err) &&
	       set(b, "base_score", "0", err);
}

static bool set_all(struct booster *b, struct err *err)
{
	static const struct {
		const char *option, *name;
	} same[] = {
		{ "depth", "max_depth" }, { "rate", "eta" },
		{ "min_child_weight", "min_child_weight" },
		{ "l2", "lambda" }, { "sample", "subsample" },
		{ "columns", "colsample_bytree" }, { "bins", "max_bin" }
	};
	double scale = b->boost->scale;

	for (size_t i = 0; i < ARRAY_LEN(same); i++)
		if (!set_number(b, same[i].name,
				options_number(&b->options, same[i].option),
				err))
			return false;
	return set(b, "booster", "gbtree", err) &&
	       set(b, "tree_method", "hist", err) &&
	       set(b, "disable_default_eval_metric", "1", err) &&
	       set_number(b, "alpha", options_number(&b->options, "l1") /
			  scale, err) &&
	       set_number(b, "gamma", options_number(&b->options, "gamma") /
			  (scale * scale), err) &&
	       set_number(b, "seed", b->problem->seed & 0x7fffffff, err) &&
	       set_number(b, "nthread", threads_for(b), err) &&
	       set_task(b, err) && set_constraints(b, err);
}

/* ---- before the first round ---- */

static bool make_matrix(struct booster *b, struct job *job, struct err *err)
{
	size_t n = b->learn.n;
	float *label = mem_try(n, sizeof(*label)), *weight = NULL;
	struct boost_target target;
	bool ok = label;

	if (b->problem->class_weight)
		ok &= (weight = mem_try(n, sizeof(*weight))) != NULL;
	for (size_t i = 0; i < n && ok; i++) {
		label[i] = b->learn.y ? (float)b->learn.y[i]
				      : (float)b->learn.number[i];
		if (weight)
			weight[i] = (float)weight_of(b, &b->learn, i);
	}
	target = (struct boost_target){ label, weight };
	if (!ok)
		err_set(err, ERR_NOMEM, "no memory for %zu rows", n);
	else
		ok = boost_matrix(b->library, &b->boost->columns, b->learn.row,
				  n, &target,
				  (int)options_number(&b->options, "bins"),
				  threads_for(b), &b->matrix, job, err);
	free(label);
	free(weight);
	return ok;
}

/* So few rows are held out that they are kept as they are read. */
static bool read_held(struct booster *b, struct err *err)
{
	size_t p = b->problem->design->p, outputs = b->boost->trees.outputs;

	if (b->held.n == 0)
		return true;
	b->held_x = mem_try(b->held.n * p, sizeof(*b->held_x));
	b->held_score = mem_try(b->held.n * outputs, sizeof(*b->held_score));
	if (!b->held_x || !b->held_score)
		return err_set(err, ERR_NOMEM, "no memory for %zu rows held "
			       "out", b->held.n);
	boost_read_all(&b->boost->columns, b->held.row, b->held.n, b->held_x);
	for (size_t i = 0; i < b->held.n * outputs; i++)
		b->held_score[i] = b->boost->start;
	return true;
}

static bool prepare(struct booster *b, struct job *job, struct err *err)
{
	struct boost *boost = b->boost;

	if (!take_rows(b, err) ||
	    (b->learn.number && !center_numbers(b, err)))
		return false;
	boost->held = b->held.n;
	boost_columns_init(&boost->columns, b->problem->design, b->learn.row,
			   b->learn.n);
	if (job_stopped(job))
		return err_cancelled(err);
	if (!make_matrix(b, job, err))
		return false;
	if (b->library->Create(&b->matrix, 1, &b->handle))
		return boost_failed(b->library, err);
	b->ready = set_all(b, err) && read_held(b, err);
	return b->ready;
}

/* ---- how good it is ---- */

struct tally {
	double loss, right, weight;
};

/* Loss, and whether it is told rightly. */
static double loss_of(const struct booster *b, const struct some_rows *some,
		      size_t i, const float *score, bool *right)
{
	size_t outputs = b->boost->trees.outputs, most = 0;
	double sum = 0;

	*right = false;
	if (some->number) {
		double off = (double)*score - some->number[i];

		return off * off;
	}
	if (outputs == 1) {
		*right = (*score > 0) == (some->y[i] == 1);
		return logistic_loss((double)*score, some->y[i]);
	}
	for (size_t k = 1; k < outputs; k++)
		most = score[k] > score[most] ? k : most;
	for (size_t k = 0; k < outputs; k++)
		sum += exp((double)(score[k] - score[most]));
	*right = most == some->y[i];
	return log(sum) - (double)(score[some->y[i]] - score[most]);
}

static struct tally tally_block(const struct booster *b,
				const struct some_rows *some, size_t first,
				const float *score)
{
	size_t outputs = b->boost->trees.outputs;
	size_t end = first + DESIGN_BLOCK < some->n ? first + DESIGN_BLOCK
						    : some->n;
	struct tally tally = { 0 };

	for (size_t i = first; i < end; i++) {
		double weight = weight_of(b, some, i);
		bool right;

		tally.loss += weight * loss_of(b, some, i, score + i * outputs,
					       &right);
		tally.weight += weight;
		tally.right += right;
	}
	return tally;
}

/* Blocks are added up in their order, whoever made them. */
static struct tally tally_all(const struct booster *b,
			      const struct some_rows *some, const float *score)
{
	size_t blocks = (some->n + DESIGN_BLOCK - 1) / DESIGN_BLOCK;
	struct tally *part = mem_array(blocks, sizeof(*part)), sum = { 0 };

	#pragma omp parallel for schedule(static) if (some->n >= ROWS_PARALLEL)
	for (size_t k = 0; k < blocks; k++)
		part[k] = tally_block(b, some, k * DESIGN_BLOCK, score);
	for (size_t k = 0; k < blocks; k++) {
		sum.loss += part[k].loss;
		sum.right += part[k].right;
		sum.weight += part[k].weight;
	}
	free(part);
	sum.loss *= b->boost->scale * b->boost->scale / sum.weight;
	sum.right /= (double)some->n;
	return sum;
}

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
	struct tally tally;
	uint64_t dims;

	if (b->library->Predict(b->handle, b->matrix, config, &shape, &dims,
				&score))
		return boost_failed(b->library, err);
	tally = tally_all(b, &b->learn, score);
	b->loss = tally.loss;
	b->score = b->learn.y ? tally.right : 1 - tally.loss / spread(b);
	return isfinite(b->loss) ||
	       err_set(err, ERR_MATH, "the loss of round %zu is not finite: "
		       "a smaller rate=, a larger l2=, or clean outliers",
		       b->boost->rounds);
}

/* ---- a round ---- */

/* Its trees, out of XGBoost. */
static bool take_trees(struct booster *b, struct err *err)
{
	const struct boost_library *library = b->library;
	int round = (int)b->boost->rounds;
	const char *text;
	void *slice;
	uint64_t size;
	bool ok;

	if (library->Slice(b->handle, round, round + 1, 1, &slice))
		return boost_failed(library, err);
	if (library->Save(slice, "{\"format\": \"ubj\"}", &size, &text))
		ok = boost_failed(library, err);
	else
		ok = boost_trees_add(&b->boost->trees, text, size, err);
	library->Free(slice);
	return ok;
}

static void score_held(struct booster *b)
{
	const struct boost_trees *trees = &b->boost->trees;
	size_t p = b->problem->design->p, outputs = trees->outputs;

	#pragma omp parallel for schedule(static) if (b->held.n >= ROWS_PARALLEL)
	for (size_t i = 0; i < b->held.n; i += DESIGN_BLOCK) {
		size_t n = b->held.n - i < DESIGN_BLOCK ? b->held.n - i
							: DESIGN_BLOCK;

		boost_trees_tell(trees, trees->trees - outputs, trees->trees,
				 b->held_x + i * p, n, p,
				 b->held_score + i * outputs);
	}
	b->held_loss = tally_all(b, &b->held, b->held_score).loss;
}

/* Whether the newest round is to be told with. */
static void judge(struct booster *b)
{
	struct boost *boost = b->boost;

	if (b->held.n > 0)
		score_held(b);
	if (b->held.n > 0 && b->patience > 0 && boost->told > 0 &&
	    !(b->held_loss < boost->held_loss))
		return;
	boost->told = boost->rounds;
	boost->held_loss = b->held_loss;
}

static bool round_of(struct booster *b, struct err *err)
{
	struct boost *boost = b->boost;

	if (b->library->UpdateOneIter(b->handle, (int)boost->rounds,
				      b->matrix))
		return boost_failed(b->library, err);
	if (!take_trees(b, err))
		return false;
	boost->rounds++;
	judge(b);
	return measure(b, err);
}

static bool is_over(const struct booster *b)
{
	const struct boost *boost = b->boost;

	return boost->rounds >= b->wanted ||
	       (b->held.n > 0 && b->patience > 0 &&
		boost->rounds - boost->told >= b->patience);
}

static enum method_status boost_step(void *state, struct job *job,
				     struct err *err)
{
	struct booster *b = state;

	/* It is silent for one thread, and this may be another. */
	if (!boost_library(err))
		return METHOD_FAILED;
	if (!b->ready && !prepare(b, job, err))
		return job_stopped(job) ? METHOD_MORE : METHOD_FAILED;
	if (job_stopped(job))
		return METHOD_MORE;
	if (!round_of(b, err))
		return METHOD_FAILED;
	b->done = is_over(b);
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
	some_clear(&b->learn);
	some_clear(&b->held);
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
	char *text;

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
	if (constraints(b, &text, err)) {
		free(text);
		return b;
	}
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

static void boost_look(const void *state, struct model *model)
{
	const struct booster *b = state;
	struct boost *boost = b->boost;

	model->limit = b->wanted;
	if (boost->told == 0)
		return;
	if (model->state != boost)
		model_become(model, boost->classes > 0 ? &model_boost
						: &model_boost_number, boost);
	model->iteration = boost->rounds;
	model->converged = b->done;
	model->intercept = NAN;
	model->outputs = boost->trees.outputs;
	model->loss = b->loss;
	model->score = b->score;
	model->held_loss = b->held_loss;
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
#endif
	.step_name = "round",
	.does = { [TASK_CLASSIFICATION] = true, [TASK_REGRESSION] = true },
	.whole = true,
	.options = boost_options,
	.start = boost_start,
	.step = boost_step,
	.look = boost_look,
	.end = boost_end
};
