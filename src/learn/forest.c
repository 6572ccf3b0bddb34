/*
 * forest.c - the method forest, and its kind of model
 *
 * A step is a tree; see forest.h.  It is done when it has all its trees.  Loss
 * and score on the way are those of rows out of the bag.
 */
#include "learn/forest.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/mem.h"
#include "learn/tree-why.h"

/* ---- the kind of model ---- */

static void forest_share(void *state)
{
	struct forest *forest = state;

	forest->owners++;
}

static void forest_release(void *state)
{
	struct forest *forest = state;

	if (--forest->owners > 0)
		return;
	for (size_t i = 0; i < forest->trees; i++)
		wood_free(forest->tree[i]);
	free(forest->tree);
	free(forest->gain);
	free(forest->out.told);
	free(forest->out.trees);
	bins_clear(&forest->bins);
	free(forest);
}

static size_t forest_room(const struct model *model)
{
	return DESIGN_BLOCK * model->p;
}

/* A tree after the other: a tree stays in the cache, and the trees do not. */
static void forest_predict(const struct model *model,
			   const struct design *design, const uint32_t *row,
			   size_t n, double *room, double *told)
{
	const struct forest *forest = model->state;
	size_t outputs = forest->outputs, p = forest->bins.p;

	tree_read(&forest->bins, design, row, n, room);
	memset(told, 0, n * outputs * sizeof(*told));
	for (size_t t = 0; t < forest->trees; t++)
		wood_add(forest->tree[t], outputs, room, p, n, told);
	for (size_t i = 0; i < n * outputs; i++)
		told[i] /= (double)forest->trees;
}

static void forest_explain(const struct model *model,
			   const struct design *design, uint32_t row,
			   const struct job *job, double *base,
			   double *part)
{
	const struct forest *forest = model->state;
	size_t outputs = forest->outputs, p = forest->bins.p;
	double *x = mem_array(p, sizeof(*x));

	tree_read(&forest->bins, design, &row, 1, x);
	for (size_t t = 0; t < forest->trees && !job_cancelled(job); t++)
		wood_why(forest->tree[t], p, outputs, x, base, part);
	for (size_t k = 0; k < outputs; k++)
		base[k] /= (double)forest->trees;
	for (size_t i = 0; i < outputs * p; i++)
		part[i] /= (double)forest->trees;
	free(x);
}

struct sizes {
	size_t nodes, leaves, depth;	/* depth of the deepest */
};

static struct sizes sizes_of(const struct forest *forest)
{
	struct sizes sizes = { 0 };

	for (size_t i = 0; i < forest->trees; i++) {
		const struct wood *w = forest->tree[i];

		sizes.nodes += w->nodes;
		sizes.leaves += w->leaves;
		sizes.depth = w->depth > sizes.depth ? w->depth : sizes.depth;
	}
	return sizes;
}

static void forest_draw(const struct model *model, char *const *class_name,
			FILE *out)
{
	const struct forest *forest = model->state;
	const struct out_of_bag *bag = &forest->out;
	struct sizes sizes = sizes_of(forest);

	(void)class_name;
	fprintf(out, "  forest: %zu tree%s, %.4g leaves each, depth %zu at "
		"most\n", forest->trees, forest->trees == 1 ? "" : "s",
		(double)sizes.leaves / (double)forest->trees, sizes.depth);
	if (bag->rows == 0)
		return;
	fprintf(out, "  out of the bag (%zu training rows, told by trees that "
		"did not see them)\n", bag->rows);
	if (forest->classes > 0)
		fprintf(out, "    %-24s %10.4f\n    %-24s %10.4f\n",
			"accuracy", bag->score, "log loss", bag->loss);
	else
		fprintf(out, "    %-24s %10.4f\n    %-24s %10.6g\n",
			"r2", bag->score, "rmse", sqrt(bag->loss));
}

static json_t *forest_json(const struct model *model, char *const *class_name)
{
	const struct forest *forest = model->state;
	const struct out_of_bag *bag = &forest->out;
	struct sizes sizes = sizes_of(forest);
	bool classes = forest->classes > 0;
	double loss = bag->rows > 0 ? bag->loss : NAN;
	double score = bag->rows > 0 ? bag->score : NAN;

	(void)class_name;
	return json_pack("{s:I, s:I, s:I, s:{s:I, s:o, s:o}}",
			 "trees", (json_int_t)forest->trees,
			 "nodes", (json_int_t)sizes.nodes,
			 "depth", (json_int_t)sizes.depth,
			 "out_of_bag",
			 "rows", (json_int_t)bag->rows,
			 classes ? "accuracy" : "r2", json_of_number(score),
			 classes ? "log_loss" : "rmse",
			 json_of_number(classes ? loss : sqrt(loss)));
}

static const struct model_kind model_forest = {
	.name = "forest",
	.room = forest_room,
	.predict = forest_predict,
	.explain = forest_explain,
	.share = forest_share,
	.release = forest_release,
	.draw = forest_draw,
	.json = forest_json,
};

/* ---- options ---- */

static const struct option forest_options[] = {
	{ "trees", OPTION_WHOLE, "100", 1, 100000, NULL,
	  "how many" },
	{ "depth", OPTION_WHOLE, NULL, 1, 1e9, NULL,
	  "questions from the root to a leaf, at most; without it no limit" },
	{ "leaf", OPTION_WHOLE, "1", 1, 1e9, NULL,
	  "rows drawn for a tree in each of its leaves, at least" },
	{ "columns", OPTION_TEXT, NULL, 0, 0, NULL,
	  "drawn for each split: sqrt, all, a number, or a share below 1" },
	METHOD_CLASS_WEIGHT,
	{ "sample", OPTION_NUMBER, "1", 1e-9, 1, NULL,
	  "rows drawn for each tree, as a share of the training rows" },
	{ NULL }
};

/* Columns of p that a split looks at; 0: all. */
static bool take_columns(struct forester *f, const char *word, size_t p,
			 struct err *err)
{
	double x;
	char *end;

	if (!word)
		word = f->problem->task == TASK_REGRESSION ? "all" : "sqrt";
	x = strtod(word, &end);
	if (!strcmp(word, "all"))
		x = (double)p;
	else if (!strcmp(word, "sqrt"))
		x = floor(sqrt((double)p));
	else if (end == word || *end || !(x > 0) || (x >= 1 && x != floor(x)))
		return err_set(err, ERR_USAGE, "columns=%.40s: sqrt, all, a "
			       "whole number, or a share below 1", word);
	else if (x < 1)
		x = floor(x * (double)p);
	x = fmax(x, 1);
	f->options.columns = x < (double)p ? (size_t)x : 0;
	return true;
}

static void take_options(struct forester *f,
			 const struct option_values *options)
{
	double depth = options_number(options, "depth");
	double draws = options_number(options, "sample") *
		       (double)f->problem->train->n;

	f->options.criterion = f->problem->task == TASK_REGRESSION ?
			       TREE_SQUARES : TREE_GINI;
	f->options.depth = isnan(depth) ? SIZE_MAX : (size_t)depth;
	f->options.leaf = (size_t)options_number(options, "leaf");
	f->wanted = (size_t)options_number(options, "trees");
	f->draws = (size_t)fmax(round(draws), 1);
}

/* ---- the steps ---- */

static void forest_end(void *state)
{
	struct forester *f = state;

	forest_release(f->forest);
	forester_free(f);
}

static void *forest_start(const struct problem *problem,
			  const struct option_values *options, struct err *err)
{
	struct forester *f = mem_new(sizeof(*f));

	f->problem = problem;
	f->forest = mem_new(sizeof(*f->forest));
	f->forest->owners = 1;
	if (problem->task == TASK_CLASSIFICATION)
		f->forest->classes = problem->classes;
	f->forest->outputs = wood_outputs(f->forest->classes);
	f->forest->out.loss = f->forest->out.score = NAN;
	take_options(f, options);
	f->forest->tree = mem_array(f->wanted, sizeof(*f->forest->tree));
	if (take_columns(f, options_text(options, "columns"),
			 problem->design->p, err) &&
	    tree_rows_init(&f->rows, problem, err))
		return f;
	forest_end(f);
	return NULL;
}

static enum method_status forest_step(void *state, struct job *job,
				      struct err *err)
{
	struct forester *f = state;

	if ((!f->ready && !forest_prepare(f, job, err)) ||
	    !forest_grow(f, job, err))
		return job_stopped(job) ? METHOD_MORE : METHOD_FAILED;
	return f->forest->trees < f->wanted ? METHOD_MORE : METHOD_DONE;
}

/* ---- what it has come to ---- */

static void forest_look(const void *state, struct model *model)
{
	const struct forester *f = state;
	struct forest *forest = f->forest;
	double sum = 0;

	model->limit = f->wanted;
	if (forest->trees == 0)
		return;
	if (model->state != forest)
		model_become(model, &model_forest, forest);
	model->iteration = forest->trees;
	model->converged = forest->trees == f->wanted;
	model->intercept = NAN;
	model->outputs = forest->outputs;
	model->loss = forest->out.loss;
	model->score = forest->out.score;
	for (size_t j = 0; j < model->p; j++)
		sum += forest->gain[j];
	for (size_t j = 0; j < model->p; j++)
		model->weight[j] = sum > 0 ? forest->gain[j] / sum : 0;
}

const struct method method_forest = {
	.name = "forest",
	.help = "many trees of rows and columns drawn by chance, averaged",
	.step_name = "tree",
	.does = { [TASK_CLASSIFICATION] = true, [TASK_REGRESSION] = true },
	.whole = true,
	.options = forest_options,
	.start = forest_start,
	.step = forest_step,
	.look = forest_look,
	.end = forest_end
};
