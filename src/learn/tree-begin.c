/*
 * tree-begin.c - a tree before its first split, and after its last
 */
#include "learn/tree-grow.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#ifdef _OPENMP
#include <omp.h>
#endif

#include "base/mem.h"
#include "base/sum.h"

/* A node with fewer rows has no histogram; nor has any where one would take
 * more bytes. */
enum { DENSE_ROWS = 64, DENSE_SHARE = 16 };
#define HISTOGRAM_MAX ((size_t)32 << 20)

/* Whole parts of half the range: no more than a double tells, and so few that
 * the sum over all rows fits. */
#define PARTS_MAX 0x1p52
#define SUM_MAX 0x1p62

/* ---- what a node's rows are ---- */

static double impurity_of(const struct tree_grower *g, size_t node)
{
	double sum = 0, mass = tree_mass(g->tree, node);

	for (size_t k = 0; k < g->tree->classes; k++) {
		double p = tree_mass_of(g->tree, node, k) / mass;

		if (g->options.criterion == TREE_ENTROPY)
			sum -= p > 0 ? p * log2(p) : 0;
		else
			sum += p * (1 - p);
	}
	return sum;
}

static void look_at_classes(const struct tree_grower *g, size_t node,
			    const struct job *job)
{
	struct tree_node *to = &g->tree->node[node];
	const uint32_t *row = g->row + g->span[node].first;
	uint32_t *count = g->tree->count + node * g->tree->counts;

	for (size_t i = 0; i < g->span[node].rows; i++) {
		if (i % CHECK_ROWS == 0 && job_stopped(job))
			return;
		count[g->y[row[i]]] += g->draws ? g->draws[row[i]] : 1;
	}
	for (size_t k = 0; k < g->tree->classes; k++)
		to->rows += count[k];
	to->impurity = impurity_of(g, node);
}

/* Measured from the first number, so that a large offset costs no digits, and
 * halved, so that no range is too large. */
static void look_at_numbers(const struct tree_grower *g, size_t node,
			    const struct job *job)
{
	struct tree_node *to = &g->tree->node[node];
	const uint32_t *row = g->row + g->span[node].first;
	uint32_t *count = g->tree->count + node * g->tree->counts;
	double first = g->number[row[0]], mean, squares = 0;
	struct sum sum = { 0 };
	int64_t parts = 0;
	size_t n = g->span[node].rows;

	for (size_t i = 0; i < n; i++) {
		uint32_t draws = g->draws ? g->draws[row[i]] : 1;

		if (i % CHECK_ROWS == 0 && job_stopped(job))
			return;
		to->rows += draws;
		parts += g->part[row[i]] * draws;
		count[g->bar[row[i]]] += draws;
		sum_add(&sum, draws * ((g->number[row[i]] / 2 - first / 2) /
				       g->half));
	}
	g->span[node].sum = parts;
	mean = sum_of(&sum) / to->rows;
	to->value = first + g->half * mean + g->half * mean;
	for (size_t i = 0; i < n; i++) {
		double off = (g->number[row[i]] / 2 - first / 2) / g->half -
			     mean;

		if (i % CHECK_ROWS == 0 && job_stopped(job))
			return;
		squares += (g->draws ? g->draws[row[i]] : 1) * off * off;
	}
	to->impurity = 4 * squares / to->rows;
}

void tree_look(struct tree_grower *g, size_t node, const struct job *job)
{
	if (g->y)
		look_at_classes(g, node, job);
	else
		look_at_numbers(g, node, job);
}

/* ---- rows in the order of the nodes ---- */

/* Copies of what is known of the rows, in place of that of all. */
struct settled {
	struct codes codes;
	uint32_t *y;
	double *number;
	uint16_t *draws;
};

static void settled_free(struct settled *s)
{
	if (!s)
		return;
	codes_clear(&s->codes);
	free(s->y);
	free(s->number);
	free(s->draws);
	free(s);
}

/* Elements of so many bytes, by row; NULL: no memory, or from is. */
static void *gathered(const struct tree_grower *g, const void *from,
		      size_t size)
{
	char *to = from ? mem_try(g->drawn, size) : NULL;
	const char *bytes = from;

	for (size_t i = 0; i < g->drawn && to; i++)
		memcpy(to + i * size, bytes + g->row[i] * size, size);
	return to;
}

/* One that was taken over where there is a new one. */
static void replace(void **old, void *new)
{
	free(*old);
	*old = new;
}

bool tree_settle(struct tree_grower *g, const struct job *job)
{
	struct settled *s = mem_new(sizeof(*s));
	int64_t *part = gathered(g, g->part, sizeof(*part));
	uint8_t *bar = gathered(g, g->bar, sizeof(*bar));
	bool ok = codes_gather(g->codes, g->row, g->drawn, &s->codes, job);

	s->y = gathered(g, g->y, sizeof(*s->y));
	s->number = gathered(g, g->number, sizeof(*s->number));
	s->draws = gathered(g, g->draws, sizeof(*s->draws));
	if (!ok || (g->y && !s->y) || (g->draws && !s->draws) ||
	    (g->number && (!s->number || !part || !bar))) {
		settled_free(s);
		free(part);
		free(bar);
		return false;
	}
	if (g->number) {
		replace((void **)&g->part, part);
		replace((void **)&g->bar, bar);
	}
	settled_free(g->settled);
	g->settled = s;
	g->codes = &s->codes;
	g->y = s->y;
	g->number = s->number;
	g->draws = s->draws;
	for (size_t i = 0; i < g->drawn; i++)
		g->row[i] = (uint32_t)i;
	return true;
}

/* ---- room ---- */

/* Larger, with zeros in what is new; false: no memory. */
static bool enlarge(void **p, size_t old, size_t n, size_t size)
{
	char *larger = realloc(*p, n * size);

	if (!larger)
		return false;
	memset(larger + old * size, 0, (n - old) * size);
	*p = larger;
	return true;
}

bool tree_room(struct tree_grower *g, size_t nodes)
{
	struct tree *t = g->tree;
	size_t old = g->room, room = old ? old : 64;
	void *node = t->node, *span = g->span, *count = t->count;
	bool ok;

	while (room < nodes)
		room *= 2;
	if (room == old)
		return true;
	ok = enlarge(&node, old, room, sizeof(*t->node)) &&
	     enlarge(&span, old, room, sizeof(*g->span)) &&
	     enlarge(&count, old, room, t->counts * sizeof(*t->count));
	t->node = node;
	g->span = span;
	t->count = count;
	if (ok)
		g->room = room;
	return ok && nodes < TREE_LEAF;
}

static void lay_out_cells(struct tree_grower *g)
{
	const struct bins *bins = g->tree->bins;
	size_t classes = g->tree->classes, share = DENSE_SHARE * classes;

	g->cell = classes > 0 ? classes * sizeof(uint32_t)
			      : sizeof(struct moment);
	g->offset = mem_array(bins->p + 1, sizeof(*g->offset));
	for (size_t j = 0; j < bins->p; j++)
		g->offset[j + 1] = g->offset[j] + bins->column[j].bins + 1;
	g->dense = share > DENSE_ROWS ? share : DENSE_ROWS;
	/* Walking over empty bins must not cost more than the rows do. */
	if (g->offset[bins->p] / bins->p > g->dense)
		g->dense = g->offset[bins->p] / bins->p;
	/* Siblings that draw columns of their own share none of it. */
	if (g->offset[bins->p] > HISTOGRAM_MAX / g->cell ||
	    g->options.columns > 0)
		g->dense = SIZE_MAX;
}

static void prepare_threads(struct tree_grower *g)
{
	const struct bins *bins = g->tree->bins;
	size_t classes = g->tree->classes;
	bool categories = false;
	size_t most = 0;

	for (size_t j = 0; j < bins->p; j++) {
		categories |= bins->column[j].category;
		most = bins->column[j].bins > most ? bins->column[j].bins
						   : most;
	}
	most++;
	g->threads = 1;
#ifdef _OPENMP
	/* Inside a team that grows many trees a thread keeps its number. */
	g->threads = (size_t)omp_get_max_threads();
	if (g->threads < (size_t)omp_get_num_threads())
		g->threads = (size_t)omp_get_num_threads();
#endif
	g->scratch = mem_array(g->threads, sizeof(*g->scratch));
	for (size_t i = 0; i < g->threads; i++) {
		struct scratch *s = &g->scratch[i];

		seeker_init(&s->seeker, &g->options, classes,
			    g->tree->class_weight, g->parts, categories);
		if (classes > 0)
			s->count = mem_array(most * classes,
					     sizeof(*s->count));
		else
			s->moment = mem_array(most, sizeof(*s->moment));
		s->seen = mem_array(most / 64 + 1, sizeof(*s->seen));
		s->place = mem_array(most, sizeof(*s->place));
		s->bin = mem_array(most, sizeof(*s->bin));
		s->at = mem_array(most, sizeof(*s->at));
	}
}

/* ---- the beginning and the end ---- */

static size_t bar_of(const struct tree *t, double half, double x)
{
	double at = (x / 2 - t->low / 2) / half * TREE_BARS;

	return at < TREE_BARS - 1 ? (size_t)at : TREE_BARS - 1;
}

/* The range, and each number in whole parts of it, from its middle. */
static bool take_numbers(struct tree_grower *g, const struct job *job)
{
	struct tree *t = g->tree;
	size_t n = g->codes->n;
	double centre;

	g->part = mem_try(n, sizeof(*g->part));
	g->bar = mem_try(n, sizeof(*g->bar));
	if (!g->part || !g->bar)
		return false;
	t->low = t->high = g->number[0];
	for (size_t i = 1; i < n; i++) {
		t->low = fmin(t->low, g->number[i]);
		t->high = fmax(t->high, g->number[i]);
	}
	centre = t->low / 2 + t->high / 2;
	g->half = t->high / 2 - t->low / 2;
	g->parts = fmin(PARTS_MAX, floor(SUM_MAX / (double)g->rows));
	if (!(g->half > 0))
		g->half = 1;
	t->unit = g->half * g->half;
	for (size_t i = 0; i < n; i++) {
		double off = (g->number[i] - centre) / g->half;

		if (i % CHECK_ROWS == 0 && job_stopped(job))
			return false;

		g->part[i] = llrint(off * g->parts);
		g->bar[i] = (uint8_t)bar_of(t, g->half, g->number[i]);
	}
	return true;
}

static bool make_root(struct tree_grower *g, const uint32_t *sample,
		      const struct job *job)
{
	size_t n = g->drawn;

	g->row = mem_try(n, sizeof(*g->row));
	g->spare = mem_try(n, sizeof(*g->spare));
	if (!g->row || !g->spare || (!g->y && !take_numbers(g, job)) ||
	    !tree_room(g, 1))
		return false;
	for (size_t i = 0; i < n; i++)
		g->row[i] = sample ? sample[i] : (uint32_t)i;
	g->tree->nodes = 1;
	g->tree->node[0].column = TREE_LEAF;
	g->span[0].rows = n;
	tree_look(g, 0, job);
	g->mass = tree_mass(g->tree, 0);
	return true;
}

struct tree_grower *tree_begin(const struct bins *bins,
			       const struct codes *codes,
			       const struct tree_target *target,
			       const struct tree_options *options,
			       struct job *job, struct err *err)
{
	struct tree_grower *g = mem_new(sizeof(*g));

	g->tree = mem_new(sizeof(*g->tree));
	g->tree->bins = bins;
	g->tree->classes = target->classes;
	g->tree->counts = target->classes ? target->classes : TREE_BARS;
	g->tree->unit = 1;
	g->codes = codes;
	g->options = *options;
	g->y = target->y;
	g->number = target->number;
	g->draws = target->draws;
	g->drawn = target->row ? target->rows : codes->n;
	g->rows = target->draws ? target->draws_in_all : g->drawn;
	if (target->class_weight) {
		size_t size = target->classes * sizeof(*target->class_weight);

		g->tree->class_weight = mem_array(1, size);
		memcpy(g->tree->class_weight, target->class_weight, size);
	}
	lay_out_cells(g);
	if (make_root(g, target->row, job) && !job_stopped(job)) {
		prepare_threads(g);
		return g;
	}
	tree_free(tree_end(g));
	if (job_stopped(job))
		err_cancelled(err);
	else
		err_set(err, ERR_NOMEM, "no memory for a tree of %zu rows",
			codes->n);
	return NULL;
}

const struct tree *tree_so_far(const struct tree_grower *grower)
{
	return grower->tree;
}

struct tree *tree_end(struct tree_grower *g)
{
	struct tree *tree = g->tree;

	for (size_t i = 0; i < tree->nodes; i++)
		free(g->span[i].cells);
	for (size_t i = 0; i < g->threads; i++) {
		seeker_clear(&g->scratch[i].seeker);
		free(g->scratch[i].count);
		free(g->scratch[i].seen);
		free(g->scratch[i].place);
		free(g->scratch[i].bin);
		free(g->scratch[i].at);
		free(g->scratch[i].moment);
	}
	free(g->scratch);
	free(g->span);
	free(g->row);
	free(g->spare);
	free(g->offset);
	free(g->part);
	free(g->bar);
	settled_free(g->settled);
	free(g);
	return tree;
}

struct tree *tree_grow(const struct bins *bins, const struct codes *codes,
		       const struct tree_target *target,
		       const struct tree_options *options, struct job *job,
		       struct err *err)
{
	struct tree_grower *g = tree_begin(bins, codes, target, options,
					       job, err);
	enum tree_status status = TREE_MORE;
	struct tree *tree;

	if (!g)
		return NULL;
	while (status == TREE_MORE)
		status = tree_level(g, job, err);
	tree = tree_end(g);
	if (status == TREE_DONE)
		return tree;
	tree_free(tree);
	if (status == TREE_STOPPED)
		err_cancelled(err);
	return NULL;
}
