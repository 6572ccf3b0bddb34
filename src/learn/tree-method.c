/*
 * tree-method.c - the method tree
 *
 * A step is a level: each leaf of the deepest one is split in two where that
 * takes away what is left to find out of its rows; see tree.h.  It is done
 * when no leaf can be split; then splits that are not worth prune= are taken
 * back.
 */
#include "learn/method.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "learn/tree.h"
#include "learn/tree-print.h"
#include "learn/tree-rows.h"
#include "learn/tree-why.h"

/* Levels that a report and JSON show below the root. */
enum { LEVELS_DRAWN = 6, LEVELS_JSON = 12 };

/* What models share: it lives as long as one of them. */
struct grove {
	size_t owners;
	struct bins bins;
	struct tree *tree;	/* owned once it is grown: */
	bool grown;
};

struct tree_method {
	const struct problem *problem;
	struct tree_options options;
	double prune;
	struct grove *grove;
	/* While it grows. */
	struct tree_rows rows;
	struct codes codes;
	struct tree_grower *grower;
	size_t levels;
	bool done;
};

/* ---- the kind of model ---- */

static void grove_share(void *state)
{
	struct grove *grove = state;

	grove->owners++;
}

static void grove_release(void *state)
{
	struct grove *grove = state;

	if (--grove->owners > 0)
		return;
	if (grove->grown)
		tree_free(grove->tree);
	bins_clear(&grove->bins);
	free(grove);
}

static size_t tree_room_for(const struct model *model)
{
	return DESIGN_BLOCK * model->p;
}

static void tree_predict(const struct model *model,
			 const struct design *design, const uint32_t *row,
			 size_t n, double *room, double *told)
{
	const struct grove *grove = model->state;
	const struct tree *tree = grove->tree;

	tree_read(&grove->bins, design, row, n, room);
	for (size_t i = 0; i < n; i++) {
		size_t leaf = tree_leaf(tree, room + i * grove->bins.p);
		double mass = tree_mass(tree, leaf);

		if (tree->classes == 0)
			told[i] = tree->node[leaf].value;
		else if (tree->classes <= 2)
			told[i] = tree_mass_of(tree, leaf, 1) / mass;
		for (size_t k = 0; k < tree->classes && tree->classes > 2; k++)
			told[i * tree->classes + k] =
				tree_mass_of(tree, leaf, k) / mass;
	}
}

static void tree_explain(const struct model *model,
			 const struct design *design, uint32_t row,
			 const struct job *job, double *base,
			 double *part)
{
	const struct grove *grove = model->state;
	double *x = mem_array(grove->bins.p, sizeof(*x));

	(void)job;
	tree_read(&grove->bins, design, &row, 1, x);
	tree_why(grove->tree, x, base, part);
	free(x);
}

static void tree_draw(const struct model *model, char *const *class_name,
		      FILE *out)
{
	const struct grove *grove = model->state;

	tree_print(grove->tree, class_name, LEVELS_DRAWN, out);
	tree_print_path(grove->tree, out);
}

static json_t *tree_to_json(const struct model *model,
			    char *const *class_name)
{
	const struct grove *grove = model->state;

	return tree_json(grove->tree, class_name, LEVELS_JSON);
}

static const struct model_kind model_tree = {
	.name = "tree",
	.room = tree_room_for,
	.predict = tree_predict,
	.explain = tree_explain,
	.share = grove_share,
	.release = grove_release,
	.draw = tree_draw,
	.json = tree_to_json,
};

/* ---- options ---- */

static const struct option tree_method_options[] = {
	{ "depth", OPTION_WHOLE, "5", 1, 60, NULL,
	  "questions from the root to a leaf, at most" },
	{ "leaf", OPTION_WHOLE, "1", 1, 1e9, NULL,
	  "training rows in each leaf, at least" },
	{ "split", OPTION_WHOLE, "2", 2, 1e9, NULL,
	  "training rows in a node that is split, at least" },
	{ "prune", OPTION_NUMBER, "0", 0, 1e300, NULL,
	  "what a leaf has to be worth; splits that are not are taken back" },
	METHOD_CLASS_WEIGHT,
	{ "criterion", OPTION_CHOICE, NULL, 0, 0, "gini entropy squares",
	  "what a split is to lower; gini for classes, squares for numbers" },
	{ NULL }
};

static bool take_criterion(struct tree_method *s, enum task_kind task,
			   const char *word, struct err *err)
{
	bool number = task == TASK_REGRESSION;
	bool squares = word && *word == 's';

	s->options.criterion = number ? TREE_SQUARES : TREE_GINI;
	if (!word)
		return true;
	if (squares != number)
		return err_set(err, ERR_USAGE, number ?
			       "criterion=%s is for classes, and the target "
			       "is a number: leave it out" :
			       "criterion=%s is for numbers, and the target "
			       "has classes: leave it out", word);
	if (*word == 'e')
		s->options.criterion = TREE_ENTROPY;
	return true;
}

/* ---- the steps ---- */

static bool begin(struct tree_method *s, struct job *job, struct err *err)
{
	bool classes = s->problem->task == TASK_CLASSIFICATION;
	struct tree_target target = {
		.classes = classes ? s->problem->classes : 0,
		.y = s->rows.y, .number = s->rows.number,
		.class_weight = s->problem->class_weight
	};

	if (!tree_rows_bins(&s->rows, s->problem, 0, &s->grove->bins,
			    &s->codes, job, err))
		return false;
	s->grower = tree_begin(&s->grove->bins, &s->codes, &target,
			       &s->options, job, err);
	if (!s->grower)
		return false;
	s->grove->tree = (struct tree *)tree_so_far(s->grower);
	return true;
}

static void finish(struct tree_method *s)
{
	s->grove->tree = tree_end(s->grower);
	s->grove->grown = true;
	s->grower = NULL;
	tree_prune(s->grove->tree, s->prune);
	s->done = true;
}

static void *tree_start(const struct problem *problem,
			const struct option_values *options, struct err *err)
{
	struct tree_method *s = mem_new(sizeof(*s));

	s->problem = problem;
	s->grove = mem_new(sizeof(*s->grove));
	s->grove->owners = 1;
	s->options.depth = (size_t)options_number(options, "depth");
	s->options.leaf = (size_t)options_number(options, "leaf");
	s->options.split = (size_t)options_number(options, "split");
	s->prune = options_number(options, "prune");
	if (take_criterion(s, problem->task,
			   options_text(options, "criterion"), err) &&
	    tree_rows_init(&s->rows, problem, err))
		return s;
	grove_release(s->grove);
	free(s);
	return NULL;
}

static enum method_status tree_step(void *state, struct job *job,
				    struct err *err)
{
	struct tree_method *s = state;

	if (!s->grower && !begin(s, job, err))
		return job_stopped(job) ? METHOD_MORE : METHOD_FAILED;
	switch (tree_level(s->grower, job, err)) {
	case TREE_MORE:
		s->levels++;
		return METHOD_MORE;
	case TREE_STOPPED:
		return METHOD_MORE;
	case TREE_FAILED:
		return METHOD_FAILED;
	case TREE_DONE:
		finish(s);
	}
	return METHOD_DONE;
}

/* ---- what it has come to ---- */

/* Log loss and accuracy, or mean square and R^2, on the training rows: the
 * leaves know them. */
static void measure(const struct tree *t, struct model *model)
{
	double all = t->node[0].rows, loss = 0, right = 0;

	for (size_t i = 0; i < t->nodes; i++) {
		const struct tree_node *n = &t->node[i];
		const uint32_t *count = t->count + i * t->counts;
		size_t most = 0;

		if (n->column != TREE_LEAF)
			continue;
		if (t->classes == 0)
			loss += n->rows / all * n->impurity;
		for (size_t k = 0; k < t->classes; k++) {
			double mass = tree_mass_of(t, i, k);

			most = mass > tree_mass_of(t, i, most) ? k : most;
			if (count[k] > 0)
				loss -= count[k] / all *
					log(mass / tree_mass(t, i));
		}
		right += t->classes > 0 ? count[most] : 0;
	}
	model->loss = loss * t->unit;
	model->score = t->classes > 0 ? right / all :
		       1 - loss / t->node[0].impurity;
}

static void tree_look_at(const void *state, struct model *model)
{
	const struct tree_method *s = state;

	model->limit = s->options.depth;
	if (!s->grove->tree)
		return;
	if (model->state != s->grove)
		model_become(model, &model_tree, s->grove);
	model->iteration = s->levels;
	model->converged = s->done;
	model->intercept = NAN;
	model->outputs = s->grove->tree->classes > 2 ? s->grove->tree->classes
						     : 1;
	measure(s->grove->tree, model);
	tree_importance(s->grove->tree, model->weight);
}

static void tree_end_all(void *state)
{
	struct tree_method *s = state;

	if (s->grower) {
		s->grove->tree = tree_end(s->grower);
		s->grove->grown = true;
	}
	grove_release(s->grove);
	codes_clear(&s->codes);
	tree_rows_clear(&s->rows);
	free(s);
}

const struct method method_tree = {
	.name = "tree",
	.help = "questions of one column each, that part the rows in two",
	.step_name = "level",
	.does = { [TASK_CLASSIFICATION] = true, [TASK_REGRESSION] = true },
	.whole = true,
	.options = tree_method_options,
	.start = tree_start,
	.step = tree_step,
	.look = tree_look_at,
	.end = tree_end_all
};
