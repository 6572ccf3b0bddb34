/*
 * test-tree.c - decision trees, against counting by hand, the loop as one
 * would write it on paper, and scikit-learn
 */
#include "learn/tree.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#ifdef _OPENMP
#include <omp.h>
#endif

#include "base/mem.h"
#include "learn/tree-print.h"
#include "learn/tree-split.h"
#include "tables.h"

enum { COLUMNS_MAX = 8 };

/* A tree of all rows and columns of a table, and what it borrows. */
struct grown {
	struct table table;
	uint32_t *row;
	struct bins bins;
	struct codes codes;
	struct tree *tree;
};

static const struct tree_options plain = { TREE_GINI, .depth = 60, .leaf = 1,
					.split = 2 };

static void cut_bins(struct grown *g, struct column *column, size_t columns,
		     size_t rows, unsigned how,
		     const struct treatment *treatment)
{
	size_t number[COLUMNS_MAX];
	struct err err;

	*g = (struct grown){ .table = table_of(column, columns, rows) };
	g->row = mem_array(rows, sizeof(*g->row));
	for (size_t i = 0; i < rows; i++)
		g->row[i] = (uint32_t)i;
	for (size_t j = 0; j < columns; j++)
		number[j] = j;
	if (!bins_init(&g->bins, &g->codes, &g->table, number, NULL, columns,
		       treatment, g->row, rows, how, NULL, &err))
		fail_msg("%s", err.text);
}

static void grow(struct grown *g, struct column *column, size_t columns,
		 size_t rows, const struct tree_target *target,
		 const struct tree_options *options)
{
	struct err err;

	cut_bins(g, column, columns, rows, BINS_EXACT, NULL);
	g->tree = tree_grow(&g->bins, &g->codes, target, options, NULL, &err);
	if (!g->tree)
		fail_msg("%s", err.text);
}

static void grow_classes(struct grown *g, struct column *column,
			 size_t columns, size_t rows, const uint32_t *y,
			 size_t classes)
{
	struct tree_target target = { .classes = classes, .y = y };

	grow(g, column, columns, rows, &target, &plain);
}

static void grow_numbers(struct grown *g, struct column *column,
			 size_t columns, size_t rows, const double *number,
			 size_t depth)
{
	struct tree_target target = { .number = number };
	struct tree_options options = { TREE_SQUARES, .depth = depth, .leaf = 1,
					.split = 2 };

	grow(g, column, columns, rows, &target, &options);
}

static void grown_clear(struct grown *g)
{
	tree_free(g->tree);
	codes_clear(&g->codes);
	bins_clear(&g->bins);
	free(g->row);
}

/* The leaf that a row of its own table comes to. */
static size_t leaf_of(const struct grown *g, size_t row)
{
	double x[COLUMNS_MAX];

	bins_block(&g->bins, &g->row[row], 1, x);
	return tree_leaf(g->tree, x);
}

/* ---- by hand ---- */

static void a_cut_lies_midway_between_its_neighbours(void **state)
{
	double x[] = { 4, 1, 3, 2, 10, 20 };
	uint32_t y[] = { 1, 0, 1, 0, 0, 0 };
	struct column column = numbers("x", x);
	struct grown g;

	(void)state;
	grow_classes(&g, &column, 1, 6, y, 2);
	/* 1 2 | 3 4 | 10 20: both cuts take away the same, the lower is first;
	 * the next one is midway between 4 and 10, the node's own rows. */
	assert_int_equal(g.tree->nodes, 5);
	near(g.tree->node[0].threshold, 2.5, 0);
	near(g.tree->node[0].impurity, 4.0 / 9, 1e-15);
	near(g.tree->node[0].gain, 4.0 / 9 - 4.0 / 6 * 0.5, 1e-15);
	near(g.tree->node[g.tree->node[0].left + 1].threshold, 7, 0);
	grown_clear(&g);
}

static void entropy_is_told_in_bits(void **state)
{
	double x[] = { 1, 2, 3, 4 };
	uint32_t y[] = { 0, 0, 1, 1 };
	struct column column = numbers("x", x);
	struct tree_target target = { .classes = 2, .y = y };
	struct tree_options options = { TREE_ENTROPY, .depth = 9, .leaf = 1,
					.split = 2 };
	struct grown g;

	(void)state;
	grow(&g, &column, 1, 4, &target, &options);
	near(g.tree->node[0].impurity, 1, 1e-15);
	near(g.tree->node[0].gain, 1, 1e-15);
	grown_clear(&g);
}

static void numbers_are_told_by_their_means(void **state)
{
	double x[] = { 1, 2, 3, 4 }, y[] = { 10, 12, 100, 104 };
	struct column column = numbers("x", x);
	struct grown g;

	(void)state;
	grow_numbers(&g, &column, 1, 4, y, 1);
	assert_int_equal(g.tree->nodes, 3);
	near(g.tree->node[0].threshold, 2.5, 0);
	near(g.tree->node[1].value, 11, 1e-15);
	near(g.tree->node[2].value, 102, 1e-15);
	near(g.tree->node[1].impurity * g.tree->unit, 1, 1e-14);
	near(g.tree->node[2].impurity * g.tree->unit, 4, 1e-14);
	grown_clear(&g);
}

static void missing_cells_go_to_the_side_they_are_like(void **state)
{
	double x[] = { 1, 2, 3, 4, NAN, NAN };
	uint32_t high[] = { 0, 0, 1, 1, 1, 1 }, low[] = { 0, 0, 1, 1, 0, 0 };
	struct column column = numbers("x", x);
	struct grown g;

	(void)state;
	grow_classes(&g, &column, 1, 6, high, 2);
	assert_int_equal(g.tree->nodes, 3);
	near(g.tree->node[0].threshold, 2.5, 0);
	assert_true(g.tree->node[0].missing_seen);
	assert_false(g.tree->node[0].missing_left);
	grown_clear(&g);
	grow_classes(&g, &column, 1, 6, low, 2);
	assert_int_equal(g.tree->nodes, 3);
	assert_true(g.tree->node[0].missing_left);
	assert_int_equal(leaf_of(&g, 4), 1);
	grown_clear(&g);
}

static void missing_cells_can_be_a_side_by_themselves(void **state)
{
	double x[] = { 1, 2, NAN, 3, 4, NAN };
	uint32_t y[] = { 0, 0, 1, 0, 0, 1 };
	struct column column = numbers("x", x);
	struct grown g;

	(void)state;
	grow_classes(&g, &column, 1, 6, y, 2);
	assert_int_equal(g.tree->nodes, 3);
	assert_true(isinf(g.tree->node[0].threshold));
	assert_int_equal(leaf_of(&g, 0), 1);
	assert_int_equal(leaf_of(&g, 2), 2);
	grown_clear(&g);
}

static void what_was_never_missing_goes_with_the_most(void **state)
{
	double x[] = { 1, 2, 3, 4, 5 }, missing = NAN;
	uint32_t most_left[] = { 0, 0, 0, 1, 1 }, most_right[] = { 0, 0, 1, 1,
								   1 };
	struct column column = numbers("x", x);
	struct grown g;

	(void)state;
	grow_classes(&g, &column, 1, 5, most_left, 2);
	assert_false(g.tree->node[0].missing_seen);
	assert_int_equal(tree_leaf(g.tree, &missing), 1);
	grown_clear(&g);
	grow_classes(&g, &column, 1, 5, most_right, 2);
	assert_int_equal(tree_leaf(g.tree, &missing), 2);
	grown_clear(&g);
}

static void a_limit_on_depth_leaf_or_split_holds(void **state)
{
	double x[] = { 1, 2, 3, 4, 5, 6, 7, 8 };
	uint32_t y[] = { 1, 0, 0, 0, 1, 1, 0, 1 };
	struct column column = numbers("x", x);
	struct tree_target target = { .classes = 2, .y = y };
	struct tree_options depth = { TREE_GINI, .depth = 2, .leaf = 1,
					.split = 2 };
	struct tree_options leaf = { TREE_GINI, .depth = 9, .leaf = 3,
					.split = 2 };
	struct tree_options split = { TREE_GINI, .depth = 9, .leaf = 1,
					.split = 9 };
	struct grown g;

	(void)state;
	grow(&g, &column, 1, 8, &target, &depth);
	assert_int_equal(tree_depth(g.tree), 2);
	grown_clear(&g);
	grow(&g, &column, 1, 8, &target, &leaf);
	assert_int_equal(g.tree->nodes, 3);
	for (size_t i = 0; i < g.tree->nodes; i++)
		assert_true(g.tree->node[i].rows >= 3);
	grown_clear(&g);
	grow(&g, &column, 1, 8, &target, &split);
	assert_int_equal(g.tree->nodes, 1);
	grown_clear(&g);
}

static void of_equal_splits_the_first_column_counts(void **state)
{
	double x[] = { 1, 2, 3, 4 }, z[] = { 10, 20, 30, 40 };
	uint32_t y[] = { 0, 0, 1, 1 };
	struct column column[] = { numbers("z", z), numbers("x", x) };
	struct grown g;

	(void)state;
	grow_classes(&g, column, 2, 4, y, 2);
	assert_int_equal(g.tree->node[0].column, 0);
	grown_clear(&g);
}

/* Exclusive or: no first split is of any use by itself. */
static void a_split_without_gain_may_lead_on(void **state)
{
	double a[] = { 0, 0, 1, 1 }, b[] = { 0, 1, 0, 1 };
	uint32_t y[] = { 0, 1, 1, 0 };
	struct column column[] = { numbers("a", a), numbers("b", b) };
	struct grown g;

	(void)state;
	grow_classes(&g, column, 2, 4, y, 2);
	assert_int_equal(g.tree->nodes, 7);
	for (size_t i = 0; i < 4; i++)
		assert_int_equal(g.tree->count[leaf_of(&g, i) * 2 + y[i]], 1);
	grown_clear(&g);
}

/* ---- the plain loops ---- */

enum { N = 4000, P = 4, DISTINCT = 40 };

static double data[P][N];
static uint32_t y_of[N];
static double number_of[N];
static struct column data_column[P];

/* Few distinct values, so that nothing is lost by bins; one in ten cells of
 * the last two is missing. */
static void make_data(size_t classes)
{
	struct rng rng;

	rng_init(&rng, 5);
	for (size_t i = 0; i < N; i++) {
		for (size_t j = 0; j < P; j++) {
			data[j][i] = rng_upto(&rng, DISTINCT - 1) * 0.37;
			if (j > 1 && rng_upto(&rng, 9) == 0)
				data[j][i] = NAN;
		}
		number_of[i] = data[0][i] * 3 + noise(&rng) +
			       (isnan(data[2][i]) ? 9 : data[1][i]);
		y_of[i] = (uint32_t)(fabs(number_of[i]) / 60 *
				     (double)classes);
	}
	for (size_t j = 0; j < P; j++)
		data_column[j] = numbers("x", data[j]);
}

/* Rows times impurity of some rows: at[] says on which side each is. */
static double plain_impurity(const int *at, int side, size_t classes)
{
	double rows = 0, sum = 0, squares = 0, count[16] = { 0 };

	for (size_t i = 0; i < N; i++) {
		if (at[i] != side)
			continue;
		rows++;
		count[y_of[i]]++;
		sum += number_of[i];
		squares += number_of[i] * number_of[i];
	}
	if (rows == 0)
		return 0;
	if (classes == 0)
		return squares - sum * sum / rows;
	sum = 0;
	for (size_t k = 0; k < classes; k++)
		sum += count[k] * count[k];
	return rows - sum / rows;
}

/* The best that one cut of the rows with member[i] can take away. */
static double plain_best(const bool *member, size_t classes)
{
	static int at[N];
	double best = 0, whole;

	for (size_t i = 0; i < N; i++)
		at[i] = member[i] ? 0 : -1;
	whole = plain_impurity(at, 0, classes);
	for (size_t j = 0; j < P; j++) {
		for (int cut = 0; cut <= 2 * DISTINCT; cut++) {
			double value = (cut / 2) * 0.37 + 0.1, left;

			for (size_t i = 0; i < N; i++) {
				double x = data[j][i];

				if (member[i])
					at[i] = isnan(x) ? cut % 2
							 : x > value;
			}
			left = plain_impurity(at, 0, classes) +
			       plain_impurity(at, 1, classes);
			best = fmax(best, whole - left);
		}
	}
	return best;
}

/* Each node of a tree of some depth takes away what the plain loop finds. */
static void compare_with_plain(size_t classes)
{
	struct tree_target target = { .classes = classes,
				      .y = classes ? y_of : NULL,
				      .number = classes ? NULL : number_of };
	struct tree_options options = {
		classes ? TREE_GINI : TREE_SQUARES, .depth = 3, .leaf = 1,
		.split = 2
	};
	static bool member[N];
	static size_t at[N];
	struct grown g;

	make_data(classes);
	grow(&g, data_column, P, N, &target, &options);
	assert_int_equal(g.tree->nodes, 15);
	memset(at, 0, sizeof(at));
	for (size_t node = 0; node < g.tree->nodes; node++) {
		const struct tree_node *n = &g.tree->node[node];
		size_t rows = 0;

		for (size_t i = 0; i < N; i++) {
			member[i] = at[i] == node;
			rows += member[i];
		}
		assert_int_equal(rows, n->rows);
		if (n->column == TREE_LEAF)
			continue;
		near(n->gain * g.tree->unit * N, plain_best(member, classes),
		     1e-9);
		for (size_t i = 0; i < N; i++) {
			double x = data[n->column][i];

			if (member[i])
				at[i] = n->left + !(isnan(x) ? n->missing_left
						    : x <= n->threshold);
		}
	}
	for (size_t i = 0; i < N; i++)
		assert_int_equal(leaf_of(&g, i), at[i]);
	grown_clear(&g);
}

static void two_classes_are_split_as_the_plain_loop_does(void **state)
{
	(void)state;
	compare_with_plain(2);
}

static void many_classes_are_split_as_the_plain_loop_does(void **state)
{
	(void)state;
	compare_with_plain(7);
}

static void numbers_are_split_as_the_plain_loop_does(void **state)
{
	(void)state;
	compare_with_plain(0);
}

/* ---- categories ---- */

enum { LEVELS = 7, ROWS = 300 };

static const char *level_name[] = { "a", "b", "c", "d", "e", "f", "g" };
static uint32_t code[ROWS];
static struct column category;

static void make_category(size_t classes)
{
	struct rng rng;

	rng_init(&rng, 11);
	for (size_t i = 0; i < ROWS; i++) {
		uint32_t level = rng_upto(&rng, LEVELS);

		code[i] = level < LEVELS ? level : LEVEL_MISSING;
		number_of[i] = level * 37 % 11 + noise(&rng);
		y_of[i] = (uint32_t)(level * 5 + rng_upto(&rng, 2)) %
			  (uint32_t)classes;
	}
	category = levels("line", code, level_name, LEVELS);
}

/* Of all sets of levels, missing cells as one more, the best. */
static double best_set(size_t classes)
{
	static int at[N];
	double best = 0;

	for (size_t i = 0; i < N; i++)
		at[i] = i < ROWS ? 0 : -1;
	for (unsigned set = 0; set < 1u << LEVELS; set++) {
		double whole, both;

		memset(at, 0, ROWS * sizeof(*at));
		whole = plain_impurity(at, 0, classes);
		for (size_t i = 0; i < ROWS; i++)
			at[i] = code[i] != LEVEL_MISSING && set >> code[i] & 1;
		both = plain_impurity(at, 0, classes) +
		       plain_impurity(at, 1, classes);
		best = fmax(best, whole - both);
	}
	return best;
}

static void the_best_set_of_levels_is_found(void **state)
{
	struct tree_target classes = { .classes = 2, .y = y_of };
	struct tree_options options = { TREE_GINI, .depth = 1, .leaf = 1,
					.split = 2 };
	struct grown g;

	(void)state;
	make_category(2);
	grow(&g, &category, 1, ROWS, &classes, &options);
	near(g.tree->node[0].gain * ROWS, best_set(2), 1e-12);
	grown_clear(&g);
	grow_numbers(&g, &category, 1, ROWS, number_of, 1);
	near(g.tree->node[0].gain * g.tree->unit * ROWS, best_set(0), 1e-9);
	grown_clear(&g);
}

/* A heuristic; on these data it is the best set, too. */
static void with_many_classes_a_good_set_is_found(void **state)
{
	struct tree_target classes = { .classes = 5, .y = y_of };
	struct tree_options options = { TREE_GINI, .depth = 1, .leaf = 1,
					.split = 2 };
	struct grown g;

	(void)state;
	make_category(5);
	grow(&g, &category, 1, ROWS, &classes, &options);
	near(g.tree->node[0].gain * ROWS, best_set(5), 1e-12);
	grown_clear(&g);
}

static void a_level_of_no_training_row_goes_with_the_most(void **state)
{
	static const char *name[] = { "a", "b", "never" };
	uint32_t of[] = { 0, 0, 0, 1, 1, 2 }, y[] = { 0, 0, 0, 1, 1 };
	struct column column = levels("line", of, name, 3);
	struct grown g;
	double x;
	uint32_t row = 5;

	(void)state;
	grow_classes(&g, &column, 1, 5, y, 2);
	bins_block(&g.bins, &row, 1, &x);
	assert_int_equal(tree_leaf(g.tree, &x), leaf_of(&g, 0));
	grown_clear(&g);
}

static void rare_levels_share_a_bin(void **state)
{
	enum { MANY = 400, EACH = 900 };
	static uint32_t of[EACH], y[EACH];
	static const char *name[MANY];
	static char text[MANY][8];
	struct column column;
	struct grown g;

	(void)state;
	for (size_t i = 0; i < MANY; i++) {
		snprintf(text[i], sizeof(text[i]), "L%03zu", i);
		name[i] = text[i];
	}
	/* 200 levels that are frequent, 200 that are there once or so. */
	for (size_t i = 0; i < EACH; i++) {
		of[i] = (uint32_t)(i < 700 ? i % 200 : 200 + i % 200);
		y[i] = of[i] % 3 == 0;
	}
	column = levels("line", of, name, MANY);
	grow_classes(&g, &column, 1, EACH, y, 2);
	assert_int_equal(g.bins.column[0].bins, BINS_MAX);
	assert_true(g.bins.column[0].shared);
	for (size_t i = 0; i < 700; i++)
		assert_int_equal(g.tree->count[leaf_of(&g, i) * 2 + !y[i]],
				 0);
	grown_clear(&g);
}

/* ---- bins ---- */

static void few_values_have_a_bin_each(void **state)
{
	static double x[N];
	struct column column = numbers("x", x);
	struct grown g;

	(void)state;
	for (size_t i = 0; i < N; i++)
		x[i] = (double)(i * 7 % BINS_MAX) - 100;
	cut_bins(&g, &column, 1, N, 0, NULL);
	assert_int_equal(g.bins.column[0].bins, BINS_MAX);
	for (size_t b = 0; b < BINS_MAX; b++) {
		near(g.bins.column[0].low[b], (double)b - 100, 0);
		near(g.bins.column[0].high[b], (double)b - 100, 0);
	}
	grown_clear(&g);
}

/* Half of the rows are zeros: they have one bin, the others the rest. */
static void many_values_have_bins_of_like_size(void **state)
{
	static double x[N];
	size_t rows[BINS_MAX + 1] = { 0 };
	struct column column = numbers("x", x);
	struct grown g;
	struct rng rng;

	(void)state;
	rng_init(&rng, 3);
	for (size_t i = 0; i < N; i++)
		x[i] = i % 2 ? 0 : noise(&rng);
	cut_bins(&g, &column, 1, N, 0, NULL);
	assert_true(g.bins.column[0].bins > 200);
	for (size_t i = 0; i < N; i++)
		rows[codes_bin(&g.codes, 0, i)]++;
	for (size_t b = 0; b < g.bins.column[0].bins; b++) {
		const struct bin_column *c = &g.bins.column[0];

		assert_true(rows[b] > 0);
		if (c->low[b] <= 0 && c->high[b] >= 0)
			assert_true(rows[b] == N / 2 && c->high[b] == 0);
		else
			assert_true(rows[b] < 40);
	}
	grown_clear(&g);
}

static void treated_cells_are_what_is_cut(void **state)
{
	double x[] = { 10, 20, NAN, 40 };
	struct column column = numbers("x", x);
	struct treatment t;
	struct grown g;

	(void)state;
	treatment_init(&t);
	treatment_add(&t, STEP_FILL, 30, 0);
	treatment_add(&t, STEP_SCALE, 10, 5);
	cut_bins(&g, &column, 1, 4, BINS_EXACT, &t);
	assert_false(g.bins.column[0].missing);
	near(g.bins.column[0].low[2], 4, 1e-15);
	near(bins_in_file(&g.bins, 0, 3), 25, 1e-15);
	grown_clear(&g);
	treatment_clear(&t);
}

/* ---- hard cases ---- */

static void one_kind_of_row_is_a_lone_leaf(void **state)
{
	double x[] = { 1, 2, 3 }, same[] = { 5, 5, 5 };
	double missing[] = { NAN, NAN, NAN };
	uint32_t y[] = { 1, 1, 1 }, mixed[] = { 0, 1, 0 };
	struct column column = numbers("x", x);
	struct column nothing = numbers("x", missing);
	struct column constant = numbers("x", same);
	struct grown g;

	(void)state;
	grow_classes(&g, &column, 1, 3, y, 2);
	assert_int_equal(g.tree->nodes, 1);
	grown_clear(&g);
	grow_numbers(&g, &column, 1, 3, same, 9);
	assert_int_equal(g.tree->nodes, 1);
	near(g.tree->node[0].value, 5, 0);
	grown_clear(&g);
	grow_classes(&g, &column, 1, 1, y, 2);
	assert_int_equal(g.tree->nodes, 1);
	grown_clear(&g);
	grow_classes(&g, &nothing, 1, 3, mixed, 2);
	assert_int_equal(g.tree->nodes, 1);
	grown_clear(&g);
	grow_classes(&g, &constant, 1, 3, mixed, 2);
	assert_int_equal(g.tree->nodes, 1);
	grown_clear(&g);
}

static void values_beyond_measure_are_no_trouble(void **state)
{
	double x[] = { -1.7e308, -1e300, 1e300, 1.7e308 };
	double y[] = { -1.7e308, -1.7e308, 1.7e308, 1.7e308 };
	struct column column = numbers("x", x);
	struct grown g;

	(void)state;
	grow_numbers(&g, &column, 1, 4, y, 9);
	assert_int_equal(g.tree->nodes, 3);
	near(g.tree->node[0].threshold, 0, 0);
	near(g.tree->node[1].value / 1.7e308, -1, 1e-15);
	near(g.tree->node[2].value / 1.7e308, 1, 1e-15);
	near(g.tree->node[0].impurity, 1, 1e-15);
	grown_clear(&g);
}

/* Far from most of the others a number must not drown them. */
static void an_outlier_leaves_the_others_apart(void **state)
{
	double x[] = { 1, 2, 3, 4, 5 }, y[] = { 1.25, 1.25, 2.5, 2.5, 1e9 };
	struct column column = numbers("x", x);
	struct grown g;

	(void)state;
	grow_numbers(&g, &column, 1, 5, y, 9);
	assert_int_equal(g.tree->nodes, 5);
	for (size_t i = 0; i < 5; i++)
		near(g.tree->node[leaf_of(&g, i)].value, y[i], 0);
	grown_clear(&g);
}

static void two_hundred_classes_are_told_apart(void **state)
{
	enum { CLASSES = 200 };
	static double x[N];
	static uint32_t y[N];
	struct column column = numbers("x", x);
	struct tree_target target = { .classes = CLASSES, .y = y };
	struct tree_options deep = { TREE_GINI, .depth = CLASSES, .leaf = 1,
					.split = 2 };
	struct grown g;

	(void)state;
	for (size_t i = 0; i < N; i++) {
		y[i] = (uint32_t)(i * 13 % CLASSES);
		x[i] = y[i] * 0.5;
	}
	grow(&g, &column, 1, N, &target, &deep);
	assert_int_equal(tree_leaves(g.tree), CLASSES);
	for (size_t i = 0; i < N; i++)
		assert_int_equal(g.tree->count[leaf_of(&g, i) * CLASSES +
					       y[i]], N / CLASSES);
	grown_clear(&g);
}

static void neighbours_with_nothing_between_are_parted(void **state)
{
	double low = 1, high = nextafter(low, 2), x[] = { low, high };
	uint32_t y[] = { 0, 1 };
	struct column column = numbers("x", x);
	struct grown g;

	(void)state;
	grow_classes(&g, &column, 1, 2, y, 2);
	assert_int_equal(g.tree->nodes, 3);
	assert_int_equal(tree_leaf(g.tree, &low), 1);
	assert_int_equal(tree_leaf(g.tree, &high), 2);
	grown_clear(&g);
}

/* ---- threads and stopping ---- */

enum { LARGE = 60000 };

static double *large_column(struct rng *rng)
{
	double *x = mem_array(LARGE, sizeof(*x));

	for (size_t i = 0; i < LARGE; i++)
		x[i] = rng_upto(rng, 30) == 0 ? NAN : noise(rng);
	return x;
}

struct large {
	struct column column[3];
	uint32_t *y;
	double *number;
};

static void large_init(struct large *l)
{
	struct rng rng;

	rng_init(&rng, 9);
	l->y = mem_array(LARGE, sizeof(*l->y));
	l->number = mem_array(LARGE, sizeof(*l->number));
	for (size_t j = 0; j < 3; j++)
		l->column[j] = numbers("x", large_column(&rng));
	for (size_t i = 0; i < LARGE; i++) {
		double z = l->column[0].number[i] * l->column[1].number[i];

		l->number[i] = isnan(z) ? noise(&rng) : z + noise(&rng);
		l->y[i] = l->number[i] > 0;
	}
}

static void large_clear(struct large *l)
{
	for (size_t j = 0; j < 3; j++)
		free(l->column[j].number);
	free(l->y);
	free(l->number);
}

static void same_trees(const struct tree *a, const struct tree *b)
{
	assert_int_equal(a->nodes, b->nodes);
	for (size_t i = 0; i < a->nodes; i++) {
		const struct tree_node *x = &a->node[i], *y = &b->node[i];

		assert_int_equal(x->column, y->column);
		assert_int_equal(x->left, y->left);
		assert_int_equal(x->rows, y->rows);
		assert_memory_equal(&x->threshold, &y->threshold, 8);
		assert_memory_equal(&x->value, &y->value, 8);
		assert_memory_equal(&x->impurity, &y->impurity, 8);
		assert_memory_equal(&x->gain, &y->gain, 8);
	}
	assert_memory_equal(a->count, b->count,
			    a->nodes * a->counts * sizeof(*a->count));
}

static void one_thread_grows_what_two_do(void **state)
{
#ifdef _OPENMP
	struct large l;
	struct grown one, two;

	(void)state;
	large_init(&l);
	for (int kind = 0; kind < 2; kind++) {
		omp_set_num_threads(1);
		if (kind)
			grow_numbers(&one, l.column, 3, LARGE, l.number, 12);
		else
			grow_classes(&one, l.column, 3, LARGE, l.y, 2);
		omp_set_num_threads(2);
		if (kind)
			grow_numbers(&two, l.column, 3, LARGE, l.number, 12);
		else
			grow_classes(&two, l.column, 3, LARGE, l.y, 2);
		same_trees(one.tree, two.tree);
		grown_clear(&one);
		grown_clear(&two);
	}
	large_clear(&l);
#else
	(void)state;
	skip();
#endif
}

/* Stop at the third level: the tree of two levels is whole. */
static bool stop_on_the_way(struct job *job, void *arg, struct err *err)
{
	struct large *l = arg;
	struct tree_target target = { .classes = 2, .y = l->y };
	struct tree_grower *grower;
	struct grown g;
	bool ok;

	cut_bins(&g, l->column, 3, LARGE, BINS_APART, NULL);
	grower = tree_begin(&g.bins, &g.codes, &target, &plain, job, err);
	ok = tree_level(grower, job, err) == TREE_MORE &&
	     tree_level(grower, job, err) == TREE_MORE;
	job_stop(job);
	ok = ok && tree_level(grower, job, err) == TREE_STOPPED &&
	     tree_so_far(grower)->nodes == 7;
	g.tree = tree_end(grower);
	for (size_t i = 0; i < LARGE; i += 100)
		ok = ok && leaf_of(&g, i) >= 3;
	grown_clear(&g);
	return ok;
}

static void stopping_leaves_a_whole_tree(void **state)
{
	int wake[2];
	struct large l;
	struct job *job;
	struct err err = { 0 };

	(void)state;
	assert_int_equal(pipe2(wake, O_NONBLOCK | O_CLOEXEC), 0);
	large_init(&l);
	job = job_start(stop_on_the_way, &l, 1, wake[1], &err);
	assert_non_null(job);
	assert_true(job_end(job, &err));
	large_clear(&l);
	close(wake[0]);
	close(wake[1]);
}

/* ---- for forests ---- */

/* A sample with repeats weighs each row as often as it is there. */
static void a_sample_of_rows_may_repeat_them(void **state)
{
	double x[] = { 1, 2, 3, 4 };
	uint32_t y[] = { 0, 1, 0, 1 }, row[] = { 0, 0, 1, 3, 3, 3 };
	struct column column = numbers("x", x);
	struct tree_target target = { .classes = 2, .y = y, .row = row,
				      .rows = 6 };
	struct grown g;

	(void)state;
	grow(&g, &column, 1, 4, &target, &plain);
	assert_int_equal(g.tree->nodes, 3);
	assert_int_equal(g.tree->node[0].rows, 6);
	near(g.tree->node[0].threshold, 1.5, 0);
	near(g.tree->node[0].gain, 1 - (4 + 16) / 36.0, 1e-15);
	assert_int_equal(g.tree->count[2 * 1], 2);
	assert_int_equal(g.tree->count[2 * 2 + 1], 4);
	grown_clear(&g);
}

/* One column for each node: all are used somewhere, another seed draws others,
 * and one that is the same in all rows does not stop the growing. */
static void columns_are_drawn_for_each_node(void **state)
{
	static double same[N];
	struct column column[P + 1];
	struct tree_target target = { .classes = 2, .y = y_of };
	struct tree_options options = { TREE_GINI, .depth = 6, .leaf = 1,
					.split = 2, .columns = 1, .seed = 1 };
	bool used[P + 1] = { false };
	struct grown g, other;

	(void)state;
	make_data(2);
	for (size_t j = 0; j < P; j++)
		column[j + 1] = data_column[j];
	column[0] = numbers("same", same);
	grow(&g, column, P + 1, N, &target, &options);
	for (size_t i = 0; i < g.tree->nodes; i++)
		if (g.tree->node[i].column != TREE_LEAF)
			used[g.tree->node[i].column] = true;
	assert_false(used[0]);
	for (size_t j = 1; j <= P; j++)
		assert_true(used[j]);
	assert_int_equal(tree_depth(g.tree), 6);
	options.seed = 2;
	grow(&other, column, P + 1, N, &target, &options);
	assert_true(g.tree->nodes != other.tree->nodes ||
		    g.tree->node[0].column != other.tree->node[0].column ||
		    g.tree->node[1].column != other.tree->node[1].column ||
		    g.tree->node[2].column != other.tree->node[2].column);
	grown_clear(&other);
	options.columns = P + 1;
	grow(&other, column, P + 1, N, &target, &options);
	grown_clear(&g);
	options.columns = 0;
	grow(&g, column, P + 1, N, &target, &options);
	same_trees(g.tree, other.tree);
	grown_clear(&g);
	grown_clear(&other);
}

/* ---- the method ---- */

static void step_to_the_end(const struct problem *problem, const char *word,
			    struct model *model)
{
	const struct method *method = method_find("tree");
	struct option_values options;
	struct err err = { 0 };
	enum method_status status;
	void *s;

	options_init(&options, method->options);
	assert_true(options_set(&options, "tree", word, &err));
	s = method->start(problem, &options, &err);
	assert_non_null(s);
	while ((status = method->step(s, NULL, &err)) == METHOD_MORE)
		method->look(s, model);
	assert_int_equal(status, METHOD_DONE);
	method->look(s, model);
	method->end(s);
	options_clear(&options);
}

/* Rows in random order, as a split leaves them; the model outlives the
 * method, and a copy of it outlives the model. */
static void tell(size_t classes, const char *option, struct model *copy,
		 double *told)
{
	struct design *design;
	struct rows rows;
	struct model model;
	struct problem problem = { .classes = classes, .y = y_of };
	struct table table;
	size_t column[P] = { 0, 1, 2, 3 };
	struct err err = { 0 };
	struct rng rng;

	make_data(classes);
	table = table_of(data_column, P, N);
	design = design_whole(&table, column, P, NULL, &err);
	assert_non_null(design);
	assert_true(rows_all(&rows, N, &err));
	rng_init(&rng, 1);
	rng_shuffle(&rng, rows.row, N);
	for (size_t i = 0; i < N; i++)
		y_of[i] = number_of[rows.row[i]] / 60 * (double)classes;
	problem.design = design;
	problem.train = &rows;
	model_init(&model, TASK_CLASSIFICATION, design->p);
	step_to_the_end(&problem, option, &model);
	model_copy(copy, &model);
	model_clear(&model);
	assert_true(model_predict(copy, design, &rows, told, NULL, &err));
	design_free(design);
	rows_clear(&rows);
}

static void the_model_tells_what_its_leaves_say(void **state)
{
	static double told[N];
	struct model model;
	double sum = 0;

	(void)state;
	tell(2, "depth=40", &model, told);
	assert_true(model.converged);
	near(model.score, 1, 0);
	near(model.loss, 0, 0);
	for (size_t i = 0; i < N; i++)
		near(told[i], y_of[i], 0);
	for (size_t j = 0; j < P; j++)
		sum += model.weight[j];
	near(sum, 1, 1e-12);
	model_clear(&model);
}

static void of_many_classes_each_is_told(void **state)
{
	enum { CLASSES = 5 };
	static double told[N * CLASSES];
	struct model model;
	double right = 0;

	(void)state;
	tell(CLASSES, "depth=4", &model, told);
	for (size_t i = 0; i < N; i++) {
		const double *p = told + i * CLASSES;
		double sum = 0;
		size_t most = 0;

		for (size_t k = 0; k < CLASSES; k++) {
			sum += p[k];
			most = p[k] > p[most] ? k : most;
		}
		near(sum, 1, 1e-12);
		right += most == y_of[i];
	}
	near(right / N, model.score, 1e-12);
	assert_true(model.score > 0.5 && model.score < 1);
	model_clear(&model);
}

/* ---- pruning, against scikit-learn 1.2.1 ---- */

enum { SMALL = 60 };

/*
 * i = np.arange(60)
 * x = np.column_stack([i * 37 % 61, (i * i * 7 + 3 * i) % 53])
 * y = (x[:,0] + 2 * x[:,1] + i * 13 % 40 > 110).astype(int)
 * v = x[:,0] * 0.5 + i * 29 % 31 + (x[:,1] > 26) * 20
 */
static double small[2][SMALL], small_number[SMALL];
static uint32_t small_y[SMALL];
static struct column small_column[2];

static void make_small(void)
{
	for (size_t i = 0; i < SMALL; i++) {
		size_t a = i * 37 % 61, b = (i * i * 7 + 3 * i) % 53;

		small[0][i] = (double)a;
		small[1][i] = (double)b;
		small_y[i] = a + 2 * b + i * 13 % 40 > 110;
		small_number[i] = (double)a * 0.5 + (double)(i * 29 % 31) +
				  (b > 26) * 20;
	}
	small_column[0] = numbers("a", small[0]);
	small_column[1] = numbers("b", small[1]);
}

static void path_is(const struct tree *tree, const double *alpha,
		    const double *impurity, size_t n)
{
	size_t steps;
	struct prune_step *path = tree_prune_path(tree, &steps);

	assert_int_equal(steps, n);
	for (size_t i = 0; i < n; i++) {
		near(path[i].alpha, alpha[i], 1e-9);
		near(path[i].impurity, impurity[i], 1e-9);
	}
	assert_int_equal(path[0].leaves, tree_leaves(tree));
	assert_int_equal(path[n - 1].leaves, 1);
	free(path);
}

/* DecisionTreeClassifier(max_depth=4).cost_complexity_pruning_path(x, y) */
static void classes_are_pruned_as_scikit_learn_does(void **state)
{
	static const double alpha[] = {
		0, 0.00666666666667, 0.0203174603175, 0.0266666666667,
		0.0459259259259, 0.071626984127, 0.222314814815
	};
	static const double impurity[] = {
		0.0333333333333, 0.04, 0.0603174603175, 0.0869841269841,
		0.178835978836, 0.250462962963, 0.472777777778
	};
	struct tree_target target = { .classes = 2, .y = small_y };
	struct tree_options options = { TREE_GINI, .depth = 4, .leaf = 1,
					.split = 2 };
	struct grown g;

	(void)state;
	make_small();
	grow(&g, small_column, 2, SMALL, &target, &options);
	assert_int_equal(g.tree->nodes, 15);
	path_is(g.tree, alpha, impurity, ARRAY_LEN(alpha));
	grown_clear(&g);
}

/* DecisionTreeRegressor(max_depth=3), and its ccp_alpha=5 */
static void numbers_are_pruned_as_scikit_learn_does(void **state)
{
	static const double alpha[] = {
		0, 3.30625, 3.48444444444, 4.43797534165, 5.22722222222,
		27.2222222222, 27.9555976431, 53.6007407407
	};
	static const double impurity[] = {
		48.5102696078, 51.8165196078, 55.3009640523, 59.7389393939,
		64.9661616162, 92.1883838384, 120.143981481, 173.744722222
	};
	double importance[2];
	struct grown g;

	(void)state;
	make_small();
	grow_numbers(&g, small_column, 2, SMALL, small_number, 3);
	assert_int_equal(g.tree->nodes, 15);
	path_is(g.tree, alpha, impurity, ARRAY_LEN(alpha));
	tree_importance(g.tree, importance);
	near(importance[0], 0.30703126, 1e-7);
	near(importance[1], 0.69296874, 1e-7);
	tree_prune(g.tree, 0);
	assert_int_equal(g.tree->nodes, 15);
	tree_prune(g.tree, 5);
	assert_int_equal(g.tree->nodes, 9);
	path_is(g.tree, (double[]){ 0, 5.22722222222, 27.2222222222,
				    27.9555976431, 53.6007407407 },
		impurity + 3, 5);
	for (size_t i = 0; i < SMALL; i++)
		assert_true(g.tree->node[leaf_of(&g, i)].column == TREE_LEAF);
	tree_prune(g.tree, 1e9);
	assert_int_equal(g.tree->nodes, 1);
	grown_clear(&g);
}

/* ---- drawing ---- */

static void a_tree_is_drawn_with_counts_and_bars(void **state)
{
	static const char expected[] =
		"  tree: 2 splits, 3 leaves, depth 2\n"
		"                                  rows      no     yes\n"
		"  all                      ▅▃        8       5       3\n"
		"  ├ torque <= 3 or missing ▂▆        4       1       3\n"
		"  │ ├ line is L            █         1       1       0"
		"   no 1.000\n"
		"  │ └ line is H             █        3       0       3"
		"   yes 1.000\n"
		"  └ torque > 3             █         4       4       0"
		"   no 1.000\n";
	static const char *line[] = { "H", "L" };
	double x[] = { 1, 2, NAN, 4, 1, 6, 7, 8 };
	uint32_t of[] = { 0, 0, 0, 1, 1, 0, 1, 0 };
	uint32_t y[] = { 1, 1, 1, 0, 0, 0, 0, 0 };
	char *name[] = { "no", "yes" }, *text;
	struct column column[] = { numbers("torque", x),
				   levels("line", of, line, 2) };
	struct grown g;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	json_t *o, *left;

	(void)state;
	grow_classes(&g, column, 2, 8, y, 2);
	tree_print(g.tree, name, 9, out);
	fclose(out);
	assert_string_equal(text, expected);
	free(text);
	o = tree_json(g.tree, name, 9);
	near(json_number_value(json_object_get(o, "threshold")), 3, 0);
	assert_string_equal(json_string_value(json_object_get(o, "missing")),
			    "left");
	left = json_object_get(o, "left");
	assert_int_equal(json_integer_value(json_object_get(left, "rows")), 4);
	assert_string_equal(json_string_value(json_object_get(left,
							      "feature")),
			    "line");
	json_decref(o);
	grown_clear(&g);
}

/* ---- ties, and classes that weigh more ---- */

static void equal_classes_are_parted_in_the_middle(void **state)
{
	enum { CLASSES = 8, EACH = 5 };
	double x[CLASSES * EACH];
	uint32_t y[CLASSES * EACH];
	struct column column = numbers("x", x);
	struct grown g;

	(void)state;
	for (uint32_t i = 0; i < CLASSES * EACH; i++) {
		x[i] = i / EACH;
		y[i] = i / EACH;
	}
	grow_classes(&g, &column, 1, CLASSES * EACH, y, CLASSES);
	/* Each cut between two classes takes away as much: 1/8. */
	near(g.tree->node[0].gain, 1.0 / CLASSES, 1e-12);
	near(g.tree->node[0].threshold, 3.5, 0);
	assert_int_equal(tree_depth(g.tree), 3);
	assert_int_equal(tree_leaves(g.tree), CLASSES);
	grown_clear(&g);
}

/* A row that weighs three is three rows. */
static void a_class_that_weighs_more_is_as_more_rows(void **state)
{
	enum { FEW = 200, TIMES = 3 };
	double x[2][FEW], many[2][FEW * TIMES], weight[] = { 1, TIMES };
	uint32_t y[FEW], y_many[FEW * TIMES];
	struct column plain_column[] = { numbers("a", x[0]),
					 numbers("b", x[1]) };
	struct column more[] = { numbers("a", many[0]),
				 numbers("b", many[1]) };
	struct tree_target target = { .classes = 2, .y = y,
				      .class_weight = weight };
	size_t n = 0;
	struct grown g, h;
	struct rng rng;

	(void)state;
	rng_init(&rng, 4);
	for (size_t i = 0; i < FEW; i++) {
		x[0][i] = round(noise(&rng) * 4);
		x[1][i] = round(noise(&rng) * 4);
		y[i] = x[0][i] + noise(&rng) * 3 > 3;
		for (size_t k = 0; k < (y[i] ? TIMES : 1); k++) {
			many[0][n] = x[0][i];
			many[1][n] = x[1][i];
			y_many[n++] = y[i];
		}
	}
	for (int entropy = 0; entropy < 2; entropy++) {
		struct tree_options options = {
			entropy ? TREE_ENTROPY : TREE_GINI, .depth = 4,
			.leaf = 1, .split = 2
		};
		struct tree_target of_many = { .classes = 2, .y = y_many };

		grow(&g, plain_column, 2, FEW, &target, &options);
		grow(&h, more, 2, n, &of_many, &options);
		assert_int_equal(g.tree->nodes, h.tree->nodes);
		for (size_t i = 0; i < g.tree->nodes; i++) {
			near(tree_mass(g.tree, i), h.tree->node[i].rows, 0);
			near(g.tree->node[i].gain, h.tree->node[i].gain,
			     1e-9);
			near(g.tree->node[i].impurity,
			     h.tree->node[i].impurity, 1e-12);
			assert_int_equal(g.tree->node[i].column,
					 h.tree->node[i].column);
		}
		grown_clear(&g);
		grown_clear(&h);
	}
}

/* Each row of the list counts as often as draws says. */
static void draws_are_as_many_rows(void **state)
{
	enum { FEW = 300 };
	double x[FEW], number[FEW], many[3 * FEW], number_many[3 * FEW];
	uint32_t row[FEW];
	uint16_t draws[FEW];
	struct column column = numbers("x", x), more = numbers("x", many);
	struct tree_options options = { TREE_SQUARES, .depth = 5, .leaf = 4,
					.split = 2 };
	struct tree_target target = { .number = number, .row = row,
				      .draws = draws };
	struct tree_target of_many = { .number = number_many };
	size_t n = 0;
	struct grown g, h;
	struct rng rng;

	(void)state;
	rng_init(&rng, 9);
	for (uint32_t i = 0; i < FEW; i++) {
		x[i] = noise(&rng);
		number[i] = x[i] * x[i] + noise(&rng) / 10;
		draws[i] = (uint16_t)(rng_double(&rng) * 4);
		if (draws[i] > 0)
			row[target.rows++] = i;
		for (size_t k = 0; k < draws[i]; k++) {
			many[n] = x[i];
			number_many[n++] = number[i];
		}
	}
	target.draws_in_all = n;
	grow(&g, &column, 1, FEW, &target, &options);
	grow(&h, &more, 1, n, &of_many, &options);
	assert_int_equal(g.tree->nodes, h.tree->nodes);
	for (size_t i = 0; i < g.tree->nodes; i++) {
		assert_int_equal(g.tree->node[i].rows, h.tree->node[i].rows);
		near(g.tree->node[i].value, h.tree->node[i].value, 1e-12);
		near(g.tree->node[i].impurity, h.tree->node[i].impurity,
		     1e-9);
	}
	grown_clear(&g);
	grown_clear(&h);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(equal_classes_are_parted_in_the_middle),
		cmocka_unit_test(a_class_that_weighs_more_is_as_more_rows),
		cmocka_unit_test(draws_are_as_many_rows),
		cmocka_unit_test(a_cut_lies_midway_between_its_neighbours),
		cmocka_unit_test(entropy_is_told_in_bits),
		cmocka_unit_test(numbers_are_told_by_their_means),
		cmocka_unit_test(missing_cells_go_to_the_side_they_are_like),
		cmocka_unit_test(missing_cells_can_be_a_side_by_themselves),
		cmocka_unit_test(what_was_never_missing_goes_with_the_most),
		cmocka_unit_test(a_limit_on_depth_leaf_or_split_holds),
		cmocka_unit_test(of_equal_splits_the_first_column_counts),
		cmocka_unit_test(a_split_without_gain_may_lead_on),
		cmocka_unit_test(two_classes_are_split_as_the_plain_loop_does),
		cmocka_unit_test(many_classes_are_split_as_the_plain_loop_does),
		cmocka_unit_test(numbers_are_split_as_the_plain_loop_does),
		cmocka_unit_test(the_best_set_of_levels_is_found),
		cmocka_unit_test(with_many_classes_a_good_set_is_found),
		cmocka_unit_test(a_level_of_no_training_row_goes_with_the_most),
		cmocka_unit_test(rare_levels_share_a_bin),
		cmocka_unit_test(few_values_have_a_bin_each),
		cmocka_unit_test(many_values_have_bins_of_like_size),
		cmocka_unit_test(treated_cells_are_what_is_cut),
		cmocka_unit_test(one_kind_of_row_is_a_lone_leaf),
		cmocka_unit_test(values_beyond_measure_are_no_trouble),
		cmocka_unit_test(an_outlier_leaves_the_others_apart),
		cmocka_unit_test(two_hundred_classes_are_told_apart),
		cmocka_unit_test(neighbours_with_nothing_between_are_parted),
		cmocka_unit_test(one_thread_grows_what_two_do),
		cmocka_unit_test(stopping_leaves_a_whole_tree),
		cmocka_unit_test(a_sample_of_rows_may_repeat_them),
		cmocka_unit_test(columns_are_drawn_for_each_node),
		cmocka_unit_test(the_model_tells_what_its_leaves_say),
		cmocka_unit_test(of_many_classes_each_is_told),
		cmocka_unit_test(classes_are_pruned_as_scikit_learn_does),
		cmocka_unit_test(numbers_are_pruned_as_scikit_learn_does),
		cmocka_unit_test(a_tree_is_drawn_with_counts_and_bars),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
