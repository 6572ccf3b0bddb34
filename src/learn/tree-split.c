#include "learn/tree-split.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

/* Steps of the power method: the order of the levels is all that is wanted. */
enum { AXIS_STEPS = 30 };

/* By this part a split has to be better than one that came before it. */
#define BETTER 1e-12

void seeker_init(struct seeker *s, const struct tree_options *options,
		 size_t classes, double parts, bool categories)
{
	*s = (struct seeker){ .classes = classes, .parts = parts,
			      .criterion = options->criterion,
			      .leaf = options->leaf > 0
				      ? (double)options->leaf : 1 };
	s->total = mem_array(classes, sizeof(*s->total));
	s->left = mem_array(classes, sizeof(*s->left));
	if (classes <= 2 || !categories)
		return;
	s->axis = mem_array(2 * classes, sizeof(*s->axis));
	s->share = mem_array(CELLS_MAX * classes, sizeof(*s->share));
}

void seeker_clear(struct seeker *s)
{
	free(s->total);
	free(s->left);
	free(s->axis);
	free(s->share);
}

/* x log2 x */
static double bits(double x)
{
	return x > 0 ? x * log2(x) : 0;
}

void seeker_node(struct seeker *s, const uint32_t *count,
		 const struct moment *moment)
{
	s->rows = s->sum = s->information = 0;
	if (moment) {
		s->rows = (double)moment->rows;
		s->sum = (double)moment->sum;
		return;
	}
	for (size_t k = 0; k < s->classes; k++) {
		s->total[k] = count[k];
		s->rows += count[k];
	}
	if (s->criterion != TREE_ENTROPY)
		return;
	for (size_t k = 0; k < s->classes; k++)
		s->information += bits(s->total[k]);
	s->information -= bits(s->rows);
}

/* ---- what a split is worth ---- */

/*
 * With p the shares of the classes, Gini's index falls by
 *
 *	n_left n_right / n sum_k (p_k(left) - p_k(right))^2
 *
 * which is exact where the plain difference would lose its digits.
 */
static double gini_gain(const struct seeker *s, const uint32_t *also,
			double left_rows)
{
	double right_rows = s->rows - left_rows, sum = 0;
	double by_left = 1 / left_rows, by_right = 1 / right_rows;

	for (size_t k = 0; k < s->classes; k++) {
		double left = s->left[k] + (also ? also[k] : 0);
		double off = left * by_left - (s->total[k] - left) * by_right;

		sum += off * off;
	}
	return left_rows * right_rows / s->rows * sum;
}

static double entropy_gain(const struct seeker *s, const uint32_t *also,
			   double left_rows)
{
	double right_rows = s->rows - left_rows, sum = 0;

	for (size_t k = 0; k < s->classes; k++) {
		double left = s->left[k] + (also ? also[k] : 0);

		sum += bits(left) + bits(s->total[k] - left);
	}
	return fmax(sum - bits(left_rows) - bits(right_rows) -
		    s->information, 0);
}

/* n_left n_right / n (mean(left) - mean(right))^2 */
static double squares_gain(const struct seeker *s, double left_rows,
			   double left_sum)
{
	double right_rows = s->rows - left_rows;
	double off = left_sum / left_rows - (s->sum - left_sum) / right_rows;

	off /= s->parts;
	return left_rows * right_rows / s->rows * off * off;
}

/* Better than a gain, and than what rounding may make of no gain at all. */
static bool more_than(enum tree_criterion criterion, double rows, double a,
		      double b)
{
	double noise = criterion == TREE_ENTROPY ? 1e-13 : 1e-28;

	return a > b * (1 + BETTER) + rows * noise;
}

bool split_better(enum tree_criterion criterion, double rows,
		  const struct split *a, const struct split *b)
{
	if (!a->found || !b->found)
		return a->found;
	return more_than(criterion, rows, a->gain, b->gain);
}

/* ---- cells in some order, cut in two ---- */

/* Cells of the left side, and the best cut so far. */
struct walk {
	double rows;
	int64_t sum;
	bool found, missing_left;
	size_t cut;		/* so many cells are on the left side */
	double gain;
};

static double rows_in(const struct seeker *s, const struct cells *c, size_t i)
{
	const uint32_t *count;
	uint64_t rows = 0;

	if (c->moment)
		return (double)c->moment[c->at[i]].rows;
	count = c->count + c->at[i] * s->classes;
	for (size_t k = 0; k < s->classes; k++)
		rows += count[k];
	return (double)rows;
}

static void add_cell(struct seeker *s, const struct cells *c, size_t i,
		     struct walk *w)
{
	const uint32_t *count;

	w->rows += rows_in(s, c, i);
	if (c->moment) {
		w->sum += c->moment[c->at[i]].sum;
		return;
	}
	count = c->count + c->at[i] * s->classes;
	for (size_t k = 0; k < s->classes; k++)
		s->left[k] += count[k];
}

/* Try the left side as it stands, and with the cell also (SIZE_MAX: none). */
static void try_cut(const struct seeker *s, const struct cells *c,
		    struct walk *w, size_t cut, size_t also)
{
	const uint32_t *count = NULL;
	double rows = w->rows, sum = (double)w->sum, gain;

	if (also != SIZE_MAX) {
		rows += rows_in(s, c, also);
		if (c->moment)
			sum = (double)(w->sum + c->moment[c->at[also]].sum);
		else
			count = c->count + c->at[also] * s->classes;
	}
	if (rows < s->leaf || s->rows - rows < s->leaf)
		return;
	if (c->moment)
		gain = squares_gain(s, rows, sum);
	else if (s->criterion == TREE_ENTROPY)
		gain = entropy_gain(s, count, rows);
	else
		gain = gini_gain(s, count, rows);
	if (w->found && !more_than(s->criterion, s->rows, gain, w->gain))
		return;
	w->found = true;
	w->gain = gain;
	w->cut = cut;
	w->missing_left = also != SIZE_MAX;
}

/* True when it is better than the best of the columns before, which it is
 * from now on. */
static bool take_best(const struct seeker *s, const struct walk *w,
		      const struct cells *c, uint32_t column,
		      struct split *best)
{
	struct split found = {
		.found = w->found, .column = column, .gain = w->gain,
		.missing_left = w->missing_left, .missing_seen = c->missing
	};

	if (!split_better(s->criterion, s->rows, &found, best))
		return false;
	*best = found;
	return true;
}

static void walk_begin(struct seeker *s, struct walk *w)
{
	*w = (struct walk){ 0 };
	memset(s->left, 0, s->classes * sizeof(*s->left));
}

/* True when more rows go left than right, or as many. */
static bool more_left(const struct seeker *s, const struct cells *c,
		      const uint16_t *order, size_t cut)
{
	double rows = 0;

	for (size_t i = 0; i < cut; i++)
		rows += rows_in(s, c, order ? order[i] : i);
	return 2 * rows >= s->rows;
}

void seek_number(struct seeker *s, const struct cells *cells, uint32_t column,
		 struct split *best)
{
	size_t values = cells->n - cells->missing;
	size_t missing = cells->missing ? values : SIZE_MAX;
	size_t cuts = cells->missing ? values : values ? values - 1 : 0;
	struct walk w;

	walk_begin(s, &w);
	for (size_t i = 0; i < cuts; i++) {
		add_cell(s, cells, i, &w);
		try_cut(s, cells, &w, i + 1, SIZE_MAX);
		if (cells->missing && i + 1 < values)
			try_cut(s, cells, &w, i + 1, missing);
	}
	if (!take_best(s, &w, cells, column, best))
		return;
	best->low = cells->bin[w.cut - 1];
	best->high = w.cut < values ? cells->bin[w.cut] : NO_BIN;
	if (!cells->missing)
		best->missing_left = more_left(s, cells, NULL, w.cut);
}

/* ---- categories ---- */

struct place {
	double key;
	uint16_t cell;
};

static int by_key(const void *a, const void *b)
{
	const struct place *x = a, *y = b;

	if (x->key != y->key)
		return x->key < y->key ? -1 : 1;
	return x->cell < y->cell ? -1 : 1;
}

/* Each cell's shares of the classes, less those of the node. */
static size_t find_shares(const struct seeker *s, const struct cells *c)
{
	size_t most = 0;
	double largest = -1;

	for (size_t i = 0; i < c->n; i++) {
		const uint32_t *count = c->count + c->at[i] * s->classes;
		double *d = s->share + i * s->classes;
		double rows = rows_in(s, c, i), size = 0;

		for (size_t k = 0; k < s->classes; k++) {
			d[k] = count[k] / rows - s->total[k] / s->rows;
			size += d[k] * d[k];
		}
		if (rows * size > largest) {
			largest = rows * size;
			most = i;
		}
	}
	return most;
}

static double along(const double *d, const double *axis, size_t n)
{
	double sum = 0;

	for (size_t k = 0; k < n; k++)
		sum += d[k] * axis[k];
	return sum;
}

/*
 * The first principal component of the shares, weighted by rows, by the power
 * method; it begins with the level that is farthest off.
 */
static void find_axis(const struct seeker *s, const struct cells *c)
{
	size_t classes = s->classes, first = find_shares(s, c);
	double *axis = s->axis, *next = axis + classes;

	memcpy(axis, s->share + first * classes, classes * sizeof(*axis));
	for (int step = 0; step < AXIS_STEPS; step++) {
		double size = 0;

		memset(next, 0, classes * sizeof(*next));
		for (size_t i = 0; i < c->n; i++) {
			const double *d = s->share + i * classes;
			double z = rows_in(s, c, i) * along(d, axis, classes);

			for (size_t k = 0; k < classes; k++)
				next[k] += z * d[k];
		}
		size = sqrt(along(next, next, classes));
		if (!(size > 0))
			return;
		for (size_t k = 0; k < classes; k++)
			axis[k] = next[k] / size;
	}
}

static void put_in_order(const struct seeker *s, const struct cells *c,
			 uint16_t *order)
{
	struct place place[CELLS_MAX];

	if (s->classes > 2)
		find_axis(s, c);
	for (size_t i = 0; i < c->n; i++) {
		double key;

		if (c->moment)
			key = (double)c->moment[c->at[i]].sum /
			      rows_in(s, c, i);
		else if (s->classes > 2)
			key = along(s->share + i * s->classes, s->axis,
				    s->classes);
		else
			key = c->count[c->at[i] * 2u + 1] / rows_in(s, c, i);
		place[i] = (struct place){ key, (uint16_t)i };
	}
	qsort(place, c->n, sizeof(*place), by_key);
	for (size_t i = 0; i < c->n; i++)
		order[i] = place[i].cell;
}

/* Levels that none of the rows has go where more of the rows go. */
static void fill_set(struct split *split, const struct cells *c,
		     const uint16_t *order, size_t cut, bool others)
{
	for (size_t w = 0; w < 4; w++)
		split->set.bits[w] = others ? UINT64_MAX : 0;
	for (size_t i = 0; i < c->n; i++) {
		size_t bin = c->bin[order[i]], word = bin / 64;
		bool left = i < cut;

		if (c->missing && order[i] == c->n - 1) {
			split->missing_left = left;
			continue;
		}
		split->set.bits[word] &= ~((uint64_t)1 << bin % 64);
		split->set.bits[word] |= (uint64_t)left << bin % 64;
	}
}

void seek_category(struct seeker *s, const struct cells *cells,
		   uint32_t column, struct split *best)
{
	uint16_t order[CELLS_MAX];
	bool others;
	struct walk w;

	if (cells->n < 2)
		return;
	put_in_order(s, cells, order);
	walk_begin(s, &w);
	for (size_t i = 0; i + 1 < cells->n; i++) {
		add_cell(s, cells, order[i], &w);
		try_cut(s, cells, &w, i + 1, SIZE_MAX);
	}
	if (!take_best(s, &w, cells, column, best))
		return;
	others = more_left(s, cells, order, w.cut);
	best->missing_left = others;
	fill_set(best, cells, order, w.cut, others);
}
