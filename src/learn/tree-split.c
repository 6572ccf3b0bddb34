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
		 size_t classes, const double *weight, double parts,
		 bool categories)
{
	*s = (struct seeker){ .classes = classes, .parts = parts,
			      .criterion = options->criterion,
			      .leaf = options->leaf > 0
				      ? (double)options->leaf : 1 };
	s->weight = mem_array(classes, sizeof(*s->weight));
	for (size_t k = 0; k < classes; k++)
		s->weight[k] = weight ? weight[k] : 1;
	s->total = mem_array(classes, sizeof(*s->total));
	s->left = mem_array(classes, sizeof(*s->left));
	if (classes <= 2 || !categories)
		return;
	s->axis = mem_array(2 * classes, sizeof(*s->axis));
	s->share = mem_array(CELLS_MAX * classes, sizeof(*s->share));
}

void seeker_clear(struct seeker *s)
{
	free(s->weight);
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
	s->count = count;
	s->rows = s->mass = s->information = 0;
	s->sum = moment ? moment->sum : 0;
	if (moment)
		s->rows = s->mass = (double)moment->rows;
	for (size_t k = 0; k < s->classes; k++) {
		s->total[k] = s->weight[k] * count[k];
		s->mass += s->total[k];
		s->rows += count[k];
	}
	if (s->criterion != TREE_ENTROPY)
		return;
	for (size_t k = 0; k < s->classes; k++)
		s->information += bits(s->total[k]);
	s->information -= bits(s->mass);
}

/* ---- what a split is worth ---- */

/* What is on the left side, and the best cut so far. */
struct walk {
	double rows, mass;
	int64_t sum;
	bool found, missing_left;
	size_t cut;		/* so many cells are on the left side */
	double cut_rows;	/* and so many rows */
	double gain;
	double least;		/* a gain below is not worth a look */
};

/*
 * With p the shares of the classes, Gini's index falls by
 *
 *	n_left n_right / n sum_k (p_k(left) - p_k(right))^2
 *
 * which is exact where the plain difference would lose its digits.
 */
static double gini_gain(const struct seeker *s, const uint32_t *also,
			double left_mass)
{
	double right_mass = s->mass - left_mass, sum = 0;
	double by_left = 1 / left_mass, by_right = 1 / right_mass;

	if (!(right_mass > 0))
		return 0;	/* next to weights of another magnitude */
	for (size_t k = 0; k < s->classes; k++) {
		double left = s->left[k] + (also ? s->weight[k] * also[k] : 0);
		double off = left * by_left - (s->total[k] - left) * by_right;

		sum += off * off;
	}
	return left_mass * right_mass / s->mass * sum;
}

static double entropy_gain(const struct seeker *s, const uint32_t *also,
			   double left_mass)
{
	double right_mass = s->mass - left_mass, sum = 0;

	for (size_t k = 0; k < s->classes; k++) {
		double left = s->left[k] + (also ? s->weight[k] * also[k] : 0);

		sum += bits(left) + bits(s->total[k] - left);
	}
	return fmax(sum - bits(left_mass) - bits(right_mass) -
		    s->information, 0);
}

/* What rounding may make of no gain at all. */
static double noise_of(enum tree_criterion criterion, double mass)
{
	return mass * (criterion == TREE_ENTROPY ? 1e-13 : 1e-28);
}

/* Better than a gain; or as good, and parting the rows more evenly. */
static bool is_better(double noise, double gain, double even, double than,
		      double than_even)
{
	if (gain > than * (1 + BETTER) + noise)
		return true;
	return even > than_even && gain >= than * (1 - BETTER) - noise;
}

bool split_better(enum tree_criterion criterion, double mass,
		  const struct split *a, const struct split *b)
{
	if (!a->found || !b->found)
		return a->found;
	return is_better(noise_of(criterion, mass), a->gain, a->even, b->gain,
			 b->even);
}

static inline double even_of(const struct seeker *s, double rows)
{
	return fmin(rows, s->rows - rows);
}

/* A cut that leaves enough rows on both sides. */
static inline void consider(const struct seeker *s, struct walk *w,
			    double gain, double rows, size_t cut,
			    bool missing_left)
{
	double noise;

	if (w->found && gain < w->least)
		return;
	noise = noise_of(s->criterion, s->mass);
	if (w->found && !is_better(noise, gain, even_of(s, rows), w->gain,
				   even_of(s, w->cut_rows)))
		return;
	w->found = true;
	w->gain = gain;
	w->least = gain * (1 - BETTER) - noise;
	w->cut = cut;
	w->cut_rows = rows;
	w->missing_left = missing_left;
}

/* ---- numbers of two classes, and means: the quick way ---- */

/*
 * Of two classes, with masses a and b of them on the left and c and d on the
 * right, the gain is 2 (a d - b c)^2 / (n n_left n_right).  The left side
 * begins with the cell missing, or empty: NULL.
 */
static void scan_classes(const struct seeker *s, const uint32_t *count,
			 size_t n, const uint32_t *missing, struct walk *w)
{
	double w0 = s->weight[0], w1 = s->weight[1], by = 2 / s->mass;
	uint32_t all0 = s->count[0], all1 = s->count[1];
	uint32_t c0 = missing ? missing[0] : 0, c1 = missing ? missing[1] : 0;

	for (size_t i = 0; i < n; i++) {
		uint32_t here = count[2 * i] + count[2 * i + 1];
		double rows, a, b, c, d, off;

		if (here == 0)
			continue;
		c0 += count[2 * i];
		c1 += count[2 * i + 1];
		rows = (double)c0 + c1;
		if (rows < s->leaf)
			continue;
		if (s->rows - rows < s->leaf)
			break;
		a = w0 * c0;
		b = w1 * c1;
		c = w0 * (all0 - c0);
		d = w1 * (all1 - c1);
		off = a * d - b * c;
		consider(s, w, by * off * off / ((a + b) * (c + d)), rows,
			 i + 1, missing);
	}
}

/* n_left n_right / n (mean(left) - mean(right))^2 */
static inline double squares_gain(const struct seeker *s, double left_rows,
				  int64_t left_sum)
{
	double right_rows = s->rows - left_rows;
	double off = (double)left_sum * right_rows -
		     (double)(s->sum - left_sum) * left_rows;

	off /= s->parts;
	return off * off / (left_rows * right_rows * s->rows);
}

static void scan_numbers(const struct seeker *s, const struct moment *moment,
			 size_t n, const struct moment *missing,
			 struct walk *w)
{
	int64_t rows = missing ? missing->rows : 0;
	int64_t sum = missing ? missing->sum : 0;

	for (size_t i = 0; i < n; i++) {
		if (moment[i].rows == 0)
			continue;
		rows += moment[i].rows;
		sum += moment[i].sum;
		if ((double)rows < s->leaf)
			continue;
		if (s->rows - (double)rows < s->leaf)
			break;
		consider(s, w, squares_gain(s, (double)rows, sum),
			 (double)rows, i + 1, missing);
	}
}

/* Cells as they stand, empty ones too. */
static void scan(struct seeker *s, const struct cells *c, size_t values,
		 struct walk *w)
{
	if (c->moment) {
		scan_numbers(s, c->moment, values, NULL, w);
		if (c->missing)
			scan_numbers(s, c->moment, values, c->moment + values,
				     w);
		return;
	}
	scan_classes(s, c->count, values, NULL, w);
	if (c->missing)
		scan_classes(s, c->count, values, c->count + 2 * values, w);
}

/* ---- cells in some order, cut in two ---- */

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

static double mass_in(const struct seeker *s, const struct cells *c, size_t i)
{
	const uint32_t *count;
	double mass = 0;

	if (c->moment)
		return (double)c->moment[c->at[i]].rows;
	count = c->count + c->at[i] * s->classes;
	for (size_t k = 0; k < s->classes; k++)
		mass += s->weight[k] * count[k];
	return mass;
}

static void add_cell(struct seeker *s, const struct cells *c, size_t i,
		     struct walk *w)
{
	const uint32_t *count;

	w->rows += rows_in(s, c, i);
	w->mass += mass_in(s, c, i);
	if (c->moment) {
		w->sum += c->moment[c->at[i]].sum;
		return;
	}
	count = c->count + c->at[i] * s->classes;
	for (size_t k = 0; k < s->classes; k++)
		s->left[k] += s->weight[k] * count[k];
}

/* Try the left side as it stands, and with the cell also (SIZE_MAX: none). */
static void try_cut(const struct seeker *s, const struct cells *c,
		    struct walk *w, size_t cut, size_t also)
{
	const uint32_t *count = NULL;
	double rows = w->rows, mass = w->mass, gain;

	if (also != SIZE_MAX) {
		rows += rows_in(s, c, also);
		mass += mass_in(s, c, also);
		count = c->count + c->at[also] * s->classes;
	}
	if (rows < s->leaf || s->rows - rows < s->leaf)
		return;
	if (c->moment)
		gain = squares_gain(s, rows, w->sum);
	else if (s->criterion == TREE_ENTROPY)
		gain = entropy_gain(s, count, mass);
	else
		gain = gini_gain(s, count, mass);
	consider(s, w, gain, rows, cut, also != SIZE_MAX);
}

static void walk_begin(struct seeker *s, struct walk *w)
{
	*w = (struct walk){ 0 };
	memset(s->left, 0, s->classes * sizeof(*s->left));
}

static void walk_numbers(struct seeker *s, const struct cells *cells,
			 size_t values, struct walk *w)
{
	size_t missing = cells->missing ? values : SIZE_MAX;
	size_t cuts = cells->missing ? values : values ? values - 1 : 0;

	for (size_t i = 0; i < cuts; i++) {
		add_cell(s, cells, i, w);
		try_cut(s, cells, w, i + 1, SIZE_MAX);
		if (cells->missing && i + 1 < values)
			try_cut(s, cells, w, i + 1, missing);
	}
}

/* True when it is better than the best of the columns before, which it is
 * from now on. */
static bool take_best(const struct seeker *s, const struct walk *w,
		      const struct cells *c, uint32_t column,
		      struct split *best)
{
	struct split found = {
		.found = w->found, .column = column, .gain = w->gain,
		.even = even_of(s, w->cut_rows),
		.missing_left = w->missing_left, .missing_seen = c->missing
	};

	if (!split_better(s->criterion, s->mass, &found, best))
		return false;
	*best = found;
	return true;
}

/* The first cell from i on that has any rows. */
static size_t next_cell(const struct cells *c, size_t i, size_t n)
{
	for (; i < n; i++)
		if (c->moment ? c->moment[i].rows > 0
			      : (c->count[2 * i] | c->count[2 * i + 1]) > 0)
			break;
	return i;
}

void seek_number(struct seeker *s, const struct cells *cells, uint32_t column,
		 struct split *best)
{
	size_t values = cells->n - cells->missing, next;
	struct walk w;

	walk_begin(s, &w);
	if (cells->at)
		walk_numbers(s, cells, values, &w);
	else
		scan(s, cells, values, &w);
	if (!take_best(s, &w, cells, column, best))
		return;
	next = cells->at ? w.cut : next_cell(cells, w.cut, values);
	best->low = bin_at(cells, w.cut - 1);
	best->high = next < values ? bin_at(cells, next) : NO_BIN;
	if (!cells->missing)
		best->missing_left = 2 * w.cut_rows >= s->rows;
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
		double mass = mass_in(s, c, i), size = 0;

		for (size_t k = 0; k < s->classes; k++) {
			d[k] = s->weight[k] * count[k] / mass -
			       s->total[k] / s->mass;
			size += d[k] * d[k];
		}
		if (mass * size > largest) {
			largest = mass * size;
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
			double z = mass_in(s, c, i) * along(d, axis, classes);

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
			key = c->count[c->at[i] * 2u + 1] * s->weight[1] /
			      mass_in(s, c, i);
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
		size_t bin = bin_at(c, order[i]), word = bin / 64;
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
	others = 2 * w.cut_rows >= s->rows;
	best->missing_left = others;
	fill_set(best, cells, order, w.cut, others);
}
