#include "learn/boost-trees.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "learn/ubjson.h"

/* ---- out of XGBoost's own ---- */

/* The members of a tree there: arrays, of one element for each node. */
struct reader {
	struct ubj_numbers left, right, column, x, gain, missing_left;
	/* And of one for each node that asks for a category. */
	struct ubj_numbers set_node, set_first, set_size, level;
	size_t n;
};

static bool reader_init(struct reader *r, struct ubj tree)
{
	const struct {
		struct ubj_numbers *to;
		const char *name;
	} member[] = {
		{ &r->left, "left_children" }, { &r->right, "right_children" },
		{ &r->column, "split_indices" }, { &r->x, "split_conditions" },
		{ &r->gain, "loss_changes" },
		{ &r->missing_left, "default_left" },
		{ &r->set_node, "categories_nodes" },
		{ &r->set_first, "categories_segments" },
		{ &r->set_size, "categories_sizes" },
		{ &r->level, "categories" }
	};
	bool whole = true;

	for (size_t i = 0; i < ARRAY_LEN(member); i++)
		*member[i].to = ubj_numbers(ubj_member(tree, member[i].name));
	r->n = r->left.n;
	for (size_t i = 0; i < 6; i++)
		whole &= member[i].to->n == r->n;
	return whole && r->n > 0 && r->set_first.n == r->set_node.n &&
	       r->set_size.n == r->set_node.n;
}

static double number_at(const struct ubj_numbers *numbers, size_t i)
{
	return i < numbers->n ? ubj_number(numbers, i) : 0;
}

/* Words for the levels of one question, in bits. */
static size_t words_of(const struct reader *r, size_t question)
{
	size_t first = (size_t)number_at(&r->set_first, question);
	size_t size = (size_t)number_at(&r->set_size, question);
	size_t words = 0;

	for (size_t i = first; i < first + size; i++) {
		size_t word = (size_t)number_at(&r->level, i) / 32 + 1;

		words = word > words ? word : words;
	}
	return words;
}

static void fill_set(const struct reader *r, size_t question, size_t words,
		     uint32_t *set)
{
	size_t first = (size_t)number_at(&r->set_first, question);
	size_t size = (size_t)number_at(&r->set_size, question);

	set[0] = (uint32_t)words;
	for (size_t i = first; i < first + size; i++) {
		size_t level = (size_t)number_at(&r->level, i);

		set[1 + level / 32] |= (uint32_t)1 << level % 32;
	}
}

/* Which nodes ask for a category, and for which set of levels; to[] says which
 * number XGBoost's nodes have here.  False: no memory. */
static bool add_sets(struct boost_tree *t, const struct reader *r,
		     const size_t *to)
{
	size_t questions = r->set_node.n, words = 0;

	for (size_t q = 0; q < questions; q++)
		words += 1 + words_of(r, q);
	if (words == 0)
		return true;
	t->set = mem_try(words, sizeof(*t->set));
	if (!t->set)
		return false;
	words = 0;
	for (size_t q = 0; q < questions; q++) {
		size_t from = (size_t)number_at(&r->set_node, q);
		size_t size = words_of(r, q);

		fill_set(r, q, size, t->set + words);
		if (from < r->n && to[from] < t->nodes &&
		    t->node[to[from]].left > 0) {
			t->node[to[from]].category = 1;
			t->node[to[from]].set = (uint32_t)words;
		}
		words += 1 + size;
	}
	return true;
}

/* Node number from of XGBoost's becomes number to, a leaf so far. */
static void add_node(struct boost_tree *t, const struct reader *r,
		     size_t from, size_t to)
{
	t->node[to] = (struct boost_node){ .x = (float)number_at(&r->x, from) };
}

static void add_split(struct boost_tree *t, const struct reader *r,
		      size_t from, size_t to, size_t left)
{
	struct boost_node *node = &t->node[to];

	node->left = (uint32_t)left;
	node->column = (uint32_t)number_at(&r->column, from) & 0x3fffffff;
	node->missing_left = number_at(&r->missing_left, from) > 0;
	t->gain[to] = (float)number_at(&r->gain, from);
}

/* Level by level, so that children stand side by side; order[i] is the number
 * that node i has there. */
static void add_nodes(struct boost_tree *t, const struct reader *r,
		      size_t *order, size_t *to)
{
	t->nodes = 1;
	order[0] = 0;
	for (size_t i = 0; i < t->nodes; i++) {
		double left = number_at(&r->left, order[i]);
		double right = number_at(&r->right, order[i]);

		to[order[i]] = i;
		add_node(t, r, order[i], i);
		if (left < 0 || t->nodes + 2 > r->n)
			continue;
		add_split(t, r, order[i], i, t->nodes);
		order[t->nodes++] = (size_t)left;
		order[t->nodes++] = (size_t)right;
	}
}

/* False: no memory. */
static bool add_tree(struct boost_tree *t, const struct reader *r)
{
	size_t *order = mem_try(r->n, sizeof(*order));
	size_t *to = mem_try(r->n, sizeof(*to));
	bool ok;

	t->node = mem_try(r->n, sizeof(*t->node));
	t->gain = mem_try(r->n, sizeof(*t->gain));
	ok = order && to && t->node && t->gain;
	if (ok) {
		/* XGBoost leaves nodes there that it has cut off again. */
		memset(to, 0xff, r->n * sizeof(*to));
		add_nodes(t, r, order, to);
	}
	ok = ok && add_sets(t, r, to);
	free(order);
	free(to);
	return ok;
}

static bool add_trees(struct boost_trees *trees, struct ubj array)
{
	struct ubj_list list = ubj_list(array);
	struct reader r;

	for (struct ubj at; (at = ubj_take(&list)).at != NULL;) {
		if (!reader_init(&r, at))
			return false;
		trees->tree = mem_grow(trees->tree, trees->trees,
				       sizeof(*trees->tree));
		trees->tree[trees->trees] = (struct boost_tree){ 0 };
		if (!add_tree(&trees->tree[trees->trees++], &r))
			return false;
	}
	return true;
}

static bool all_finite(const struct boost_trees *trees, size_t first)
{
	for (size_t t = first; t < trees->trees; t++) {
		const struct boost_tree *tree = &trees->tree[t];

		for (size_t i = 0; i < tree->nodes; i++)
			if (!tree->node[i].category &&
			    !isfinite(tree->node[i].x))
				return false;
	}
	return true;
}

/* The first so many stay. */
static void cut(struct boost_trees *trees, size_t stay)
{
	for (size_t t = stay; t < trees->trees; t++) {
		free(trees->tree[t].node);
		free(trees->tree[t].gain);
		free(trees->tree[t].set);
	}
	trees->trees = stay;
}

bool boost_trees_add(struct boost_trees *trees, size_t rounds,
		     const char *model, size_t size, struct err *err)
{
	static const char *const path[] = {
		"learner", "gradient_booster", "model", "trees"
	};
	struct ubj at = ubj_text(model, size);
	size_t before = trees->trees, last = before / trees->outputs + rounds;
	bool ok;

	for (size_t i = 0; i < ARRAY_LEN(path); i++)
		at = ubj_member(at, path[i]);
	ok = add_trees(trees, at);
	if (!ok)
		err_set(err, ERR_NOMEM, "no memory for the trees of round %zu",
			last);
	else if (trees->trees - before != rounds * trees->outputs)
		ok = err_set(err, ERR_IO, "XGBoost tells its trees in a way "
			     "that gemba does not know: 1.7 is wanted");
	else if (!all_finite(trees, before))
		ok = err_set(err, ERR_MATH, "boosting is not finite by round "
			     "%zu: a smaller rate=, a larger l2=, or clean "
			     "outliers", last);
	if (!ok)
		cut(trees, before);
	return ok;
}

void boost_trees_clear(struct boost_trees *trees)
{
	cut(trees, 0);
	free(trees->tree);
	*trees = (struct boost_trees){ 0 };
}

/* ---- telling ---- */

static bool in_set(const struct boost_tree *tree,
		   const struct boost_node *node, float x)
{
	const uint32_t *set = tree->set + node->set;
	uint32_t level = (uint32_t)x;

	return level / 32 < set[0] && (set[1 + level / 32] >> level % 32 & 1);
}

static inline bool goes_right(const struct boost_tree *tree,
			      const struct boost_node *node, float x)
{
	if (x != x)
		return !node->missing_left;
	return node->category ? in_set(tree, node, x) : !(x < node->x);
}

static inline float leaf_of(const struct boost_tree *tree, const float *x)
{
	const struct boost_node *root = tree->node, *node = root;

	while (node->left > 0)
		node = root + node->left +
		       goes_right(tree, node, x[node->column]);
	return node->x;
}

/* A tree after the other: a tree stays in the cache, and the trees do not. */
void boost_trees_tell(const struct boost_trees *trees, size_t first,
		      size_t end, const float *x, size_t n, size_t p,
		      float *score)
{
	size_t outputs = trees->outputs;

	for (size_t t = first; t < end; t++)
		for (size_t i = 0; i < n; i++)
			score[i * outputs + t % outputs] +=
				leaf_of(&trees->tree[t], x + i * p);
}

/* A node stands before its children. */
struct boost_sizes boost_trees_sizes(const struct boost_trees *trees,
				     size_t end)
{
	struct boost_sizes sizes = { 0 };

	for (size_t t = 0; t < end; t++) {
		const struct boost_tree *tree = &trees->tree[t];
		size_t *depth = mem_array(tree->nodes, sizeof(*depth));

		for (size_t i = 0; i < tree->nodes; i++) {
			size_t left = tree->node[i].left;

			sizes.leaves += left == 0;
			if (left > 0)
				depth[left] = depth[left + 1] = depth[i] + 1;
			if (depth[i] > sizes.depth)
				sizes.depth = depth[i];
		}
		free(depth);
	}
	return sizes;
}
