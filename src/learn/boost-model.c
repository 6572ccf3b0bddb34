#include "learn/boost.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "learn/loss.h"

static void boost_share(void *state)
{
	struct boost *boost = state;

	boost->owners++;
}

void boost_release(void *state)
{
	struct boost *boost = state;

	if (--boost->owners > 0)
		return;
	if (boost->booster)
		boost->library->Free(boost->booster);
	boost_columns_clear(&boost->columns);
	boost_trees_clear(&boost->trees);
	free(boost->gain);
	free(boost->saved);
	free(boost);
}

/* ---- telling ---- */

/* Half of it would do: they are of 32 bits. */
static size_t boost_room(const struct model *model)
{
	return DESIGN_BLOCK * (model->p + model->outputs);
}

static void tell(const struct boost *boost, const float *score, double *told)
{
	size_t outputs = boost->trees.outputs;

	for (size_t k = 0; k < outputs; k++)
		told[k] = (double)score[k];
	if (boost->classes == 0)
		*told = boost->center + boost->scale * *told;
	else if (outputs == 1)
		*told = logistic_probability(*told);
	else
		softmax(told, outputs);
}

static void boost_predict(const struct model *model,
			  const struct design *design, const uint32_t *row,
			  size_t n, double *room, double *told)
{
	const struct boost *boost = model->state;
	size_t outputs = boost->trees.outputs, p = boost->columns.p;
	float *x = (float *)room, *score = (float *)(room + DESIGN_BLOCK * p);

	boost_read_of(&boost->columns, design, row, n, x);
	for (size_t i = 0; i < n * outputs; i++)
		score[i] = boost->start;
	boost_trees_tell(&boost->trees, 0, boost->told * outputs, x, n, p,
			 score);
	for (size_t i = 0; i < n; i++)
		tell(boost, score + i * outputs, told + i * outputs);
}

/* ---- why ---- */

static bool wake(struct boost *boost)
{
	const struct boost_library *library = boost_library(NULL);

	if (!library || !boost->saved)
		return false;
	if (boost->booster)
		return true;
	if (library->Create(NULL, 0, &boost->booster))
		return false;
	if (!library->Load(boost->booster, boost->saved, boost->saved_size))
		return true;
	library->Free(boost->booster);
	boost->booster = NULL;
	return false;
}

/* Of XGBoost: outputs by p + 1, what the row at large is told the last.  They
 * are its own until it is asked again.  NULL: it failed. */
static const float *contributions(const struct boost *boost, uint32_t row,
				  void **matrix)
{
	const struct boost_library *library = boost->library;
	size_t p = boost->columns.p;
	float *x = mem_array(p, sizeof(*x));
	const float *told = NULL;
	const uint64_t *shape;
	uint64_t dims;
	char config[120];
	bool ok;

	snprintf(config, sizeof(config), "{\"type\": 2, \"training\": false, "
		 "\"iteration_begin\": 0, \"iteration_end\": %zu, "
		 "\"strict_shape\": true}", boost->told);
	boost_read(&boost->columns, &row, 1, x);
	ok = !library->DenseCreate(x, 1, p, NAN, matrix) &&
	     boost_name_types(library, &boost->columns, *matrix) &&
	     !library->Predict(boost->booster, *matrix, config, &shape, &dims,
			       &told);
	free(x);
	return ok ? told : NULL;
}

/* TreeSHAP (Lundberg et al., Nature Machine Intelligence 2, 2020), which adds
 * up to the score. */
static void boost_explain(const struct model *model,
			  const struct design *design, uint32_t row,
			  const struct job *job, double *base,
			  double *part)
{
	struct boost *boost = model->state;
	size_t outputs = boost->trees.outputs, p = boost->columns.p;
	void *matrix = NULL;
	const float *told = wake(boost) ? contributions(boost, row, &matrix)
					: NULL;

	(void)design;
	(void)job;
	for (size_t k = 0; k < outputs; k++) {
		for (size_t j = 0; j < p; j++)
			part[k * p + j] = !told ? NAN : boost->scale *
				(double)told[k * (p + 1) + j];
		base[k] = !told ? NAN : boost->center + boost->scale *
			  (double)told[k * (p + 1) + p];
	}
	if (matrix)
		boost->library->MatrixFree(matrix);
}

/* ---- for reports ---- */

void boost_importance(struct boost *boost, double *importance)
{
	size_t p = boost->columns.p, outputs = boost->trees.outputs;
	size_t first = boost->gains * outputs, end = boost->told * outputs;
	double sum = 0;

	for (size_t t = first; t < end; t++) {
		const struct boost_tree *tree = &boost->trees.tree[t];

		for (size_t i = 0; i < tree->nodes; i++)
			if (tree->node[i].left > 0)
				boost->gain[tree->node[i].column] +=
					(double)tree->gain[i];
	}
	boost->gains = boost->told;
	for (size_t j = 0; j < p; j++)
		sum += boost->gain[j];
	for (size_t j = 0; j < p; j++)
		importance[j] = sum > 0 ? boost->gain[j] / sum : 0;
}

static void boost_draw(const struct model *model, char *const *class_name,
		       FILE *out)
{
	const struct boost *boost = model->state;
	size_t trees = boost->told * boost->trees.outputs;
	struct boost_sizes sizes = boost_trees_sizes(&boost->trees, trees);

	(void)class_name;
	fprintf(out, "  boost: %zu tree%s, %.4g leaves each, depth %zu at "
		"most\n", trees, trees == 1 ? "" : "s",
		(double)sizes.leaves / (double)trees, sizes.depth);
	if (boost->held > 0)
		fprintf(out, "  round %zu of %zu, with %s %.6g on %zu rows "
			"held out\n", boost->told, boost->rounds,
			boost->classes > 0 ? "log loss" : "mean square",
			boost->held_loss, boost->held);
}

static json_t *boost_json(const struct model *model, char *const *class_name)
{
	const struct boost *boost = model->state;
	size_t trees = boost->told * boost->trees.outputs;
	struct boost_sizes sizes = boost_trees_sizes(&boost->trees, trees);

	(void)class_name;
	return json_pack("{s:I, s:I, s:I, s:I, s:I, s:I, s:o}",
			 "rounds", (json_int_t)boost->rounds,
			 "best_round", (json_int_t)boost->told,
			 "trees", (json_int_t)trees,
			 "leaves", (json_int_t)sizes.leaves,
			 "depth", (json_int_t)sizes.depth,
			 "held_rows", (json_int_t)boost->held,
			 "held_loss", boost->held > 0 ?
			 json_real(boost->held_loss) : json_null());
}

const struct model_kind model_boost = {
	.name = "boost",
	.room = boost_room,
	.predict = boost_predict,
	.explain = boost_explain,
	.in_odds = true,
	.share = boost_share,
	.release = boost_release,
	.draw = boost_draw,
	.json = boost_json,
};

const struct model_kind model_boost_number = {
	.name = "boost",
	.room = boost_room,
	.predict = boost_predict,
	.explain = boost_explain,
	.share = boost_share,
	.release = boost_release,
	.draw = boost_draw,
	.json = boost_json,
};
