#include "learn/tree-shap.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

/*
 * A path is the columns asked about on the way, each once.  Of a column that
 * is not known the share zero of the rows goes on, of one that is known the
 * share one: 1 where the row itself goes this way, else 0.  weight[i] is the
 * share of all sets of i of these columns, counted as Shapley does.
 */
struct step {
	uint32_t column;
	double zero, one, weight;
};

#define NO_COLUMN UINT32_MAX	/* of the first step, which is no question */

struct walk {
	const struct shap_node *node;
	size_t p, outputs;
	size_t longest;		/* steps of a path, at most */
	double *base, *part;
};

/* n steps become n + 1. */
static void extend(struct step *path, size_t n, struct step next)
{
	next.weight = n == 0;
	path[n] = next;
	for (size_t i = n; i-- > 0;) {
		path[i + 1].weight += next.one * path[i].weight *
				      (double)(i + 1) / (double)(n + 1);
		path[i].weight *= next.zero * (double)(n - i) /
				  (double)(n + 1);
	}
}

/* As if step k had never been taken; n steps become n - 1. */
static void unwind(struct step *path, size_t n, size_t k)
{
	double zero = path[k].zero, one = path[k].one;
	double next = path[n - 1].weight;

	for (size_t i = n - 1; i-- > 0;) {
		double old = path[i].weight;

		if (one > 0) {
			path[i].weight = next * (double)n /
					 ((double)(i + 1) * one);
			next = old - path[i].weight * zero *
			       (double)(n - 1 - i) / (double)n;
		} else {
			path[i].weight = old * (double)n /
					 (zero * (double)(n - 1 - i));
		}
	}
	for (size_t i = k; i + 1 < n; i++) {
		path[i].column = path[i + 1].column;
		path[i].zero = path[i + 1].zero;
		path[i].one = path[i + 1].one;
	}
}

/* The sum of the weights that unwind() would leave. */
static double unwound(const struct step *path, size_t n, size_t k)
{
	double zero = path[k].zero, one = path[k].one;
	double next = path[n - 1].weight, sum = 0;

	for (size_t i = n - 1; i-- > 0;) {
		double without = (double)(n - 1 - i) / (double)n;

		if (one > 0) {
			double w = next * (double)n / ((double)(i + 1) * one);

			sum += w;
			next = path[i].weight - w * zero * without;
		} else {
			sum += path[i].weight / (zero * without);
		}
	}
	return sum;
}

static void take_leaf(const struct walk *w, const struct shap_node *leaf,
		      const struct step *path, size_t n)
{
	double share = leaf->cover / w->node->cover;

	for (size_t k = 0; k < w->outputs; k++)
		w->base[k] += share * leaf->value[k];
	for (size_t i = 1; i < n; i++) {
		double moved = unwound(path, n, i) *
			       (path[i].one - path[i].zero);

		for (size_t k = 0; k < w->outputs; k++)
			w->part[k * w->p + path[i].column] +=
				moved * leaf->value[k];
	}
}

/* Each level has a path of its own, behind that of the one above. */
static void visit(const struct walk *w, const struct shap_node *at,
		  struct step *above, size_t n, struct step next)
{
	struct step *path = above + w->longest;
	double zero = 1, one = 1;
	size_t k = 1;

	memcpy(path, above, n * sizeof(*path));
	extend(path, n++, next);
	if (at->left == 0) {
		take_leaf(w, at, path, n);
		return;
	}
	while (k < n && path[k].column != at->column)
		k++;
	if (k < n) {
		zero = path[k].zero;
		one = path[k].one;
		unwind(path, n--, k);
	}
	for (size_t side = 0; side < 2; side++) {
		const struct shap_node *to = w->node + at->left + side;

		visit(w, to, path, n, (struct step){
			.column = at->column,
			.zero = zero * to->cover / at->cover,
			.one = (side == 0) == at->goes_left ? one : 0 });
	}
}

void tree_shap(const struct shap_node *node, size_t depth, size_t p,
	       size_t outputs, double *base, double *part)
{
	struct walk w = { .node = node, .p = p, .outputs = outputs,
			  .base = base, .part = part };
	struct step *room;

	w.longest = (depth < p ? depth : p) + 2;
	room = mem_array((depth + 2) * w.longest, sizeof(*room));
	visit(&w, node, room, 0, (struct step){ .column = NO_COLUMN,
						.zero = 1, .one = 1 });
	free(room);
}
