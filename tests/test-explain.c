/*
 * test-explain.c - why a model tells what it tells, against all subsets of the
 * columns counted one by one; and what it would tell if cells were others
 */
#include "learn/explain.h"

#include "base/mem.h"
#include "learn/tree-why.h"
#include "run/asked.h"
#include "run/dependence.h"
#include "run/importance.h"
#include "run/weights.h"
#include "run/what-if.h"
#include "run/why.h"
#include "tables.h"

enum { N = 600, P = 5 };

static double x[4][N], number[N];
static uint32_t code[N], y[N], three[N];
static const char *level[] = { "a", "b", "c", "d" };
static struct column column[P + 1];

/* Three numbers, one of them with missing cells, a copy of the first with a
 * little noise, and a category; the target needs several of them. */
static int make_data(void **state)
{
	struct rng rng;

	(void)state;
	rng_init(&rng, 11);
	for (int i = 0; i < N; i++) {
		for (int j = 0; j < 3; j++)
			x[j][i] = noise(&rng);
		x[3][i] = x[0][i] + 0.1 * noise(&rng);
		code[i] = rng_upto(&rng, 3);
		number[i] = 2 * x[0][i] + x[1][i] * x[2][i] +
			    (code[i] == 2) + 0.3 * noise(&rng);
		y[i] = number[i] > 0.5;
		three[i] = number[i] < -1 ? 0 : number[i] < 1 ? 1 : 2;
		if (i % 7 == 0)
			x[1][i] = NAN;
	}
	for (int j = 0; j < 4; j++)
		column[j] = numbers("x", x[j]);
	column[4] = levels("level", code, level, 4);
	return 0;
}

/* The same table for a method that reads cells itself, or one that does not
 * and has no missing cells. */
static void whole_fixture(struct fixture *f, size_t columns, const uint32_t *of,
			  size_t classes)
{
	size_t which[P] = { 0, 1, 2, 3, 4 };

	memset(f, 0, sizeof(*f));
	f->table = table_of(column, P, N);
	assert_true(rows_all(&f->all, N, &f->err));
	f->problem.design = design_whole(&f->table, which, columns, NULL,
					 &f->err);
	f->problem.train = &f->all;
	f->problem.y = of;
	f->problem.classes = classes;
	f->problem.number = of ? NULL : number;
	f->problem.task = of ? TASK_CLASSIFICATION : TASK_REGRESSION;
	f->problem.seed = 1;
	model_init(&f->model, f->problem.task, columns);
}

/* ---- trees, beside all subsets ---- */

struct grown {
	struct bins bins;
	struct codes codes;
	struct tree *tree;
	uint32_t row[N];
};

static void grow(struct grown *g, struct table *table, size_t depth,
		 const uint32_t *classes, size_t n)
{
	size_t which[P] = { 0, 1, 2, 3, 4 };
	struct tree_options options = {
		classes ? TREE_GINI : TREE_SQUARES, .depth = depth, .leaf = 3,
		.split = 6 };
	struct tree_target target = { .classes = n, .y = classes,
				      .number = classes ? NULL : number };
	struct err err;

	for (uint32_t i = 0; i < N; i++)
		g->row[i] = i;
	assert_true(bins_init(&g->bins, &g->codes, table, which, NULL, P, NULL,
			      g->row, N, BINS_EXACT, NULL, &err));
	g->tree = tree_grow(&g->bins, &g->codes, &target, &options, NULL,
			    &err);
	assert_non_null(g->tree);
}

static void grown_clear(struct grown *g)
{
	tree_free(g->tree);
	codes_clear(&g->codes);
	bins_clear(&g->bins);
}

static double told_by(const struct tree *t, size_t at, size_t k)
{
	if (t->classes == 0)
		return t->node[at].value;
	return t->count[at * t->counts + (t->classes > 2 ? k : 1)] /
	       (double)t->node[at].rows;
}

/* What is told when only the columns of a set are known. */
static double expected(const struct tree *t, const double *cells,
		       unsigned known, size_t at, size_t k)
{
	const struct tree_node *n = &t->node[at];
	double left, right, share;

	if (n->column == TREE_LEAF)
		return told_by(t, at, k);
	left = expected(t, cells, known, n->left, k);
	right = expected(t, cells, known, n->left + 1, k);
	share = t->node[n->left].rows / (double)n->rows;
	if (known >> n->column & 1) {
		/* Where it goes is where a tree of this split sends it. */
		struct tree one = *t;
		struct tree_node node[3] = { *n };

		node[0].left = 1;
		node[1].column = node[2].column = TREE_LEAF;
		one.node = node;
		return tree_leaf(&one, cells) == 1 ? left : right;
	}
	return share * left + (1 - share) * right;
}

static double factorial(unsigned n)
{
	return n < 2 ? 1 : n * factorial(n - 1);
}

static double shapley(const struct tree *t, const double *cells, unsigned j,
		      size_t k)
{
	double sum = 0;

	for (unsigned set = 0; set < 1u << P; set++) {
		unsigned n = 0;

		if (set >> j & 1)
			continue;
		for (unsigned i = 0; i < P; i++)
			n += set >> i & 1;
		sum += factorial(n) * factorial(P - n - 1) / factorial(P) *
		       (expected(t, cells, set | 1u << j, 0, k) -
			expected(t, cells, set, 0, k));
	}
	return sum;
}

static void check_tree(size_t depth, const uint32_t *classes, size_t n)
{
	struct table table = table_of(column, P, N);
	size_t outputs = n > 2 ? n : 1;
	struct grown g;

	grow(&g, &table, depth, classes, n);
	for (uint32_t row = 0; row < N; row += 37) {
		double base[3] = { 0 }, part[3 * P] = { 0 }, cells[P];

		bins_block(&g.bins, &row, 1, cells);
		tree_why(g.tree, cells, base, part);
		for (size_t k = 0; k < outputs; k++) {
			near(base[k], expected(g.tree, cells, 0, 0, k), 1e-12);
			for (unsigned j = 0; j < P; j++)
				if (fabs(part[k * P + j] -
					 shapley(g.tree, cells, j, k)) > 1e-12)
					fail_msg("row %u column %u: %g is not "
						 "%g", row, j,
						 part[k * P + j],
						 shapley(g.tree, cells, j, k));
		}
	}
	grown_clear(&g);
}

static void parts_of_a_tree_are_shapleys(void **state)
{
	(void)state;
	check_tree(3, y, 2);
	check_tree(12, y, 2);
	check_tree(8, NULL, 0);
	check_tree(6, three, 3);
	check_tree(0, y, 2);
}

/* ---- what is told is the sum ---- */

static void check_sum(struct fixture *f, const char *method, const char *words)
{
	size_t p;
	double *told, *base, *part;

	assert_int_not_equal(fit(f, method, words), METHOD_FAILED);
	p = f->model.p;
	told = mem_array(f->all.n * f->model.outputs, sizeof(*told));
	base = mem_array(f->model.outputs, sizeof(*base));
	part = mem_array(f->model.outputs * p, sizeof(*part));
	assert_true(model_explains(&f->model));
	assert_true(model_predict(&f->model, f->problem.design, &f->all, told,
				  NULL, &f->err));
	for (uint32_t row = 0; row < N; row += 41) {
		double z[3];

		model_explain(&f->model, f->problem.design, row, NULL, base,
			      part);
		for (size_t k = 0; k < f->model.outputs; k++) {
			z[k] = base[k];
			for (size_t j = 0; j < p; j++)
				z[k] += part[k * p + j];
			if (model_explains_odds(&f->model) &&
			    f->model.outputs == 1)
				z[k] = 1 / (1 + exp(-z[k]));
		}
		for (size_t k = 0; k < f->model.outputs; k++) {
			double sum = 0, mine = z[k];

			for (size_t i = 0; i < f->model.outputs; i++)
				sum += exp(z[i] - z[k]);
			if (model_explains_odds(&f->model) &&
			    f->model.outputs > 1)
				mine = 1 / sum;
			near(mine, told[row * f->model.outputs + k], 1e-9);
		}
	}
	free(told);
	free(base);
	free(part);
	fixture_clear(f);
}

static void parts_add_up_to_what_is_told(void **state)
{
	static const char *const trees[][2] = {
		{ "tree", "depth=4" }, { "forest", "trees=7 depth=4" }
	};
	static const double weight[] = { 1, 9, 0.25 };
	struct fixture f;
	struct column full[P - 1] = { column[0], column[2], column[3],
				      column[4] };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(trees); i++) {
		whole_fixture(&f, P, y, 2);
		check_sum(&f, trees[i][0], trees[i][1]);
		whole_fixture(&f, P, three, 3);
		check_sum(&f, trees[i][0], trees[i][1]);
		whole_fixture(&f, P, NULL, 0);
		check_sum(&f, trees[i][0], trees[i][1]);
	}
	for (size_t i = 0; i < ARRAY_LEN(trees); i++) {
		whole_fixture(&f, P, y, 2);
		f.problem.class_weight = weight;
		check_sum(&f, trees[i][0], trees[i][1]);
		whole_fixture(&f, P, three, 3);
		f.problem.class_weight = weight;
		check_sum(&f, trees[i][0], trees[i][1]);
	}
	fixture_init(&f, full, P - 1, N, y, NULL);
	check_sum(&f, "logistic", "l2=0");
	fixture_init(&f, full, P - 1, N, three, NULL);
	f.problem.classes = 3;
	check_sum(&f, "logistic", "");
	fixture_init(&f, full, P - 1, N, y, NULL);
	f.problem.task = TASK_REGRESSION;
	f.problem.number = number;
	f.problem.y = NULL;
	check_sum(&f, "linear", "");
}

/* ---- weights ---- */

/* sd and means of the features cancel: what a unit is worth is the same. */
static void weights_are_told_in_all_units(void **state)
{
	double a[8] = { 1, 2, 3, 4, 5, 6, 7, 8 };
	double b[8] = { 2, 1, 4, 3, 6, 5, 8, 7 };
	double c[8] = { 3, 3, 7, 7, 11, 11, 15, 15 };	/* a + b */
	double d[8] = { 1, 0, 0, 1, 1, 0, 0, 1 };
	struct column of[] = { numbers("a", a), numbers("b", b),
			       numbers("d", d), numbers("c", c) };
	static const uint32_t truth[8] = { 0, 1, 0, 0, 1, 1, 0, 1 };
	struct weight w[4];
	struct fixture f;

	(void)state;
	fixture_init(&f, of, 3, 8, truth, NULL);
	assert_int_not_equal(fit(&f, "logistic", "l2=1"), METHOD_FAILED);
	weights_fill(w, &f.model, f.problem.design, &f.all);
	near(w[0].range, 3.5, 1e-12);
	near(w[0].per_range, 3.5 * w[0].raw, 1e-12);
	/* a and b correlate by 19 / 21, and neither with d. */
	near(w[0].vif, 1 / (1 - 19.0 * 19 / 21 / 21), 1e-9);
	near(w[1].vif, 1 / (1 - 19.0 * 19 / 21 / 21), 1e-9);
	near(w[2].vif, 1, 1e-9);
	assert_true(isnan(w[0].low) && isnan(w[0].std_error));
	for (int j = 0; j < 3; j++) {
		free(w[j].feature);
		free(w[j].reference);
	}
	fixture_clear(&f);
	fixture_init(&f, of, 4, 8, truth, NULL);
	assert_int_not_equal(fit(&f, "logistic", "l2=1"), METHOD_FAILED);
	weights_fill(w, &f.model, f.problem.design, &f.all);
	assert_true(isinf(w[0].vif) && isinf(w[1].vif) && isinf(w[3].vif));
	near(w[2].vif, 1, 1e-9);
	for (int j = 0; j < 4; j++) {
		free(w[j].feature);
		free(w[j].reference);
	}
	fixture_clear(&f);
}

/* ---- other cells ---- */

/* A fitted tree or line, and a result of it with two classes. */
struct asked_fixture {
	struct fixture f;
	struct column column[P + 1];
	struct fitted fitted;
	struct result result;
	char *names[2];
	struct asked asked;
	struct option_values options;
};

static void ask(struct asked_fixture *a, const char *method, const char *words,
		const struct option *options)
{
	size_t which[P] = { 0, 1, 2, 3, 4 };
	bool whole = method_find(method)->whole;
	static const char *class_level[] = { "no", "yes" };

	whole_fixture(&a->f, P, y, 2);
	for (size_t j = 0; j < P; j++)
		a->column[j] = column[j];
	a->column[0].name = "main";
	a->column[1].name = whole ? "gaps" : "other";
	a->column[2].name = "third";
	a->column[3].name = "copy";
	if (!whole)
		a->column[1].number = x[2];
	a->column[5] = levels("target", y, class_level, 2);
	a->f.table = table_of(a->column, P + 1, N);
	design_free((struct design *)a->f.problem.design);
	for (size_t j = 0; j < P + 1; j++)
		treatment_init(&a->f.treatment[j]);
	a->f.problem.design = whole ?
		design_whole(&a->f.table, which, P, a->f.treatment,
			     &a->f.err) :
		design_new(&a->f.table, which, P, a->f.treatment, &a->f.all,
			   NULL, &a->f.err);
	assert_non_null(a->f.problem.design);
	assert_int_not_equal(fit(&a->f, method, words), METHOD_FAILED);
	a->fitted = (struct fitted){ .owners = 1, .table = &a->f.table,
				     .columns = P + 1,
				     .treatment = a->f.treatment,
				     .design = (struct design *)
					       a->f.problem.design,
				     .model = a->f.model, .train = a->f.all,
				     .test = a->f.all };
	a->names[0] = "no";
	a->names[1] = "yes";
	a->result = (struct result){ .target = "target", .classes = 2,
				     .class_name = a->names };
	a->asked = (struct asked){ &a->fitted, &a->result, 5 };
	options_init(&a->options, options);
}

static void ask_clear(struct asked_fixture *a)
{
	options_clear(&a->options);
	fixture_clear(&a->f);
}

static void columns_that_move_together_are_shuffled_together(void **state)
{
	struct asked_fixture a;
	struct importance *im;
	struct err err;

	(void)state;
	ask(&a, "tree", "depth=6", importance_options);
	im = importance_find(&a.asked, &a.options, NULL, &err);
	assert_non_null(im);
	assert_int_equal(im->groups, 4);
	assert_int_equal(im->group[0].columns, 2);
	assert_string_equal(im->group[0].column[0], "main");
	assert_string_equal(im->group[0].column[1], "copy");
	assert_true(im->group[0].low > 0.3);
	assert_true(im->group[0].high < 1);
	assert_true(im->group[0].drop > im->group[1].drop);
	assert_string_equal(im->score, "mcc");
	importance_free(im);
	ask_clear(&a);
}

static void what_is_asked_changes_no_cell(void **state)
{
	struct asked_fixture a;
	struct dependence *d;
	double *now, *then;
	struct err err;

	(void)state;
	ask(&a, "forest", "trees=5", dependence_options);
	now = mem_array(N, sizeof(*now));
	then = mem_array(N, sizeof(*then));
	assert_true(model_predict(&a.f.model, a.f.problem.design, &a.f.all,
				  now, NULL, &err));
	d = dependence_find(&a.asked, 0, &a.options, NULL, &err);
	assert_non_null(d);
	assert_int_equal(d->points, 20);
	/* The more of the first column, the more of the class. */
	assert_true(d->point[0].mean[0] + 0.5 < d->point[19].mean[0]);
	assert_true(d->point[0].rare && !d->point[10].rare);
	assert_true(model_predict(&a.f.model, a.f.problem.design, &a.f.all,
				  then, NULL, &err));
	assert_memory_equal(now, then, N * sizeof(*now));
	dependence_free(d);
	free(now);
	free(then);
	ask_clear(&a);
}

/* A method that reads cells past its design would tell the same all along. */
static void every_method_reads_the_cells_that_might_be(void **state)
{
	static const char *const methods_of[][2] = {
		{ "logistic", "" }, { "sgd", "epochs=5" },
		{ "tree", "depth=4" }, { "forest", "trees=5" },
		{ "boost", "rounds=5" }, { "mlp", "epochs=20" },
		{ "bayes", "" }, { "neighbours", "" },
		{ "vote", "of=tree;forest" }, { "stack", "of=tree;forest" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(methods_of); i++) {
		struct asked_fixture a;
		struct dependence *d;
		struct err err;

		if (method_find(methods_of[i][0])->absent)
			continue;
		ask(&a, methods_of[i][0], methods_of[i][1],
		    dependence_options);
		d = dependence_find(&a.asked, 0, &a.options, NULL, &err);
		assert_non_null(d);
		if (d->point[0].mean[0] + 0.05 > d->point[19].mean[0])
			fail_msg("%s tells %g and %g", methods_of[i][0],
				 d->point[0].mean[0], d->point[19].mean[0]);
		dependence_free(d);
		ask_clear(&a);
	}
}

/* Of a linear model it is known: all rows with this cell, told by hand. */
static void dependence_of_a_line_is_what_its_weights_say(void **state)
{
	struct asked_fixture a;
	struct dependence *d;
	struct err err;
	double sum = 0, *told;

	(void)state;
	ask(&a, "logistic", "l2=1", dependence_options);
	d = dependence_find(&a.asked, 4, &a.options, NULL, &err);
	assert_non_null(d);
	assert_true(d->category);
	assert_int_equal(d->points, 4);
	told = mem_array(N, sizeof(*told));
	for (size_t i = 0; i < N; i++) {
		uint32_t was = code[i];

		code[i] = (uint32_t)d->point[1].x;
		assert_true(model_predict(&a.f.model, a.f.problem.design,
					  &(struct rows){ 1, (uint32_t[]){
						(uint32_t)i } }, told, NULL,
					  &err));
		sum += *told / N;
		code[i] = was;
	}
	near(d->point[1].mean[0], sum, 1e-12);
	free(told);
	dependence_free(d);
	ask_clear(&a);
}

static void the_nearest_rows_are_the_nearest(void **state)
{
	struct asked_fixture a;
	struct err err;
	struct why *w;

	(void)state;
	ask(&a, "tree", "depth=4", dependence_options);
	w = why_find(&a.asked, 8, NULL, &err);
	assert_non_null(w);
	assert_int_equal(w->nears, WHY_NEAR);
	assert_int_equal(w->parts, P);
	assert_true(w->trained);
	near(w->score[0], w->told[0], 1e-12);
	for (size_t i = 0; i + 1 < WHY_NEAR; i++)
		assert_true(w->near[i].distance <= w->near[i + 1].distance);
	for (size_t i = 0; i < WHY_NEAR; i++)
		assert_int_not_equal(w->near[i].row, 8);
	why_free(w);
	assert_null(why_find(&a.asked, N, NULL, &err));
	ask_clear(&a);
}

static void a_row_without_what_the_model_needs_is_refused(void **state)
{
	struct asked_fixture a;
	struct err err;
	double was = x[2][3];

	(void)state;
	ask(&a, "logistic", "l2=1", dependence_options);
	x[2][3] = NAN;
	assert_null(why_find(&a.asked, 3, NULL, &err));
	assert_non_null(strstr(err.text, "row 4 has no other"));
	x[2][3] = was;
	ask_clear(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(parts_of_a_tree_are_shapleys),
		cmocka_unit_test(parts_add_up_to_what_is_told),
		cmocka_unit_test(weights_are_told_in_all_units),
		cmocka_unit_test(
			columns_that_move_together_are_shuffled_together),
		cmocka_unit_test(what_is_asked_changes_no_cell),
		cmocka_unit_test(every_method_reads_the_cells_that_might_be),
		cmocka_unit_test(dependence_of_a_line_is_what_its_weights_say),
		cmocka_unit_test(the_nearest_rows_are_the_nearest),
		cmocka_unit_test(
			a_row_without_what_the_model_needs_is_refused),
	};

	return cmocka_run_group_tests(tests, make_data, NULL);
}
