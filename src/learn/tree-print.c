#include "learn/tree-print.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/mem.h"
#include "base/text.h"
#include "data/when.h"
#include "learn/tree-split.h"

/* Columns of the terminal, and classes that have a column each. */
enum { QUESTION_MAX = 44, QUESTION_TEXT = 256, CLASSES_NAMED = 4,
       CLASSES_DRAWN = 16, NUMBER_WIDTH = 7, PATH_LINES = 8,
       PATH_NODES = 1023 };

/* What is typed as it is shown, with four digits, is not too little. */
#define ROUNDED_UP 1.0005

/* ---- questions ---- */

static void write_threshold(const struct tree *t, const struct tree_node *n,
			    char *to, size_t size)
{
	const struct bin_column *c = &t->bins->column[n->column];
	const struct column *column = &t->bins->table->column[c->column];
	double x = bins_in_file(t->bins, n->column, n->threshold);
	char when[WHEN_TEXT];

	if (column->type != COLUMN_TIME) {
		text_append(to, size, "%.6g", x);
		return;
	}
	when_format(x, &column->form, when);
	text_append(to, size, "%s", when);
}

/* The levels that go to one side: "H, M". */
static size_t write_levels(const struct tree *t, const struct tree_node *n,
			   bool left, char *to, size_t size)
{
	const struct bin_column *c = &t->bins->column[n->column];
	const struct tree_set *set = &t->set[n->set];
	size_t found = 0, named = 0;
	char safe[64];

	for (size_t b = 0; b < c->bins; b++) {
		if (set_has(set, b) != left)
			continue;
		found++;
		if (text_width(to) + 20 > QUESTION_MAX && named > 0)
			continue;
		text_safe(safe, sizeof(safe), c->name_of[b],
			  strlen(c->name_of[b]));
		text_append(to, size, named++ ? ", %.24s" : "%.24s", safe);
	}
	if (found > named)
		text_append(to, size, " +%zu", found - named);
	return found;
}

static void ask_number(const struct tree *t, const struct tree_node *n,
		       bool left, char *to, size_t size)
{
	if (isinf(n->threshold)) {
		text_append(to, size, left ? " is not missing"
					   : " is missing");
		return;
	}
	text_append(to, size, left ? " <= " : " > ");
	write_threshold(t, n, to, size);
	if (n->missing_seen && n->missing_left == left)
		text_append(to, size, " or missing");
}

static size_t levels_on(const struct tree *t, const struct tree_node *n,
			bool left)
{
	size_t found = 0;

	for (size_t b = 0; b < t->bins->column[n->column].bins; b++)
		found += set_has(&t->set[n->set], b) == left;
	return found;
}

/* Levels that the node's rows did not have go to one side together, which is
 * told by what does not go there, unless it is a single level. */
static void ask_category(const struct tree *t, const struct tree_node *n,
			 bool left, char *to, size_t size)
{
	bool others = set_has(&t->set[n->set], BINS_UNSEEN) == left;
	bool missing = n->missing_seen && n->missing_left == left;

	if (others && levels_on(t, n, left) == 1)
		others = false;
	text_append(to, size, others ? " is not " : " is ");
	if (write_levels(t, n, others ? !left : left, to, size) == 0)
		text_append(to, size, "missing");
	else if (missing)
		text_append(to, size, " or missing");
}

/* What leads to a child of the node. */
static void ask(const struct tree *t, size_t node, bool left, char *to,
		size_t size)
{
	const struct tree_node *n = &t->node[node];
	const struct bin_column *c = &t->bins->column[n->column];
	char safe[96];

	text_safe(safe, sizeof(safe), c->name, strlen(c->name));
	*to = '\0';
	text_append(to, size, "%s", safe);
	if (c->category)
		ask_category(t, n, left, to, size);
	else
		ask_number(t, n, left, to, size);
}

/* ---- lines ---- */

struct drawing {
	const struct tree *tree;
	char *const *class_name;
	size_t levels, width;
	FILE *out;		/* NULL: only the width is wanted */
};

static void put_padded(FILE *out, const char *text, size_t width)
{
	size_t used, bytes = text_fit(text, width, &used);

	fprintf(out, "%.*s", (int)bytes, text);
	for (; used < width; used++)
		fputc(' ', out);
}

static void put_bars(const struct drawing *d, const uint32_t *count,
		     uint32_t whole)
{
	static const char *const bar[] = { " ", "▁", "▂", "▃", "▄", "▅", "▆",
					   "▇", "█" };
	size_t n = d->tree->counts;

	if (n > CLASSES_DRAWN)
		return;
	fputc(' ', d->out);
	for (size_t k = 0; k < n; k++)
		fputs(bar[count[k] ? 1 + (size_t)(7.0 * count[k] / whole)
				   : 0], d->out);
	fputc(' ', d->out);
}

static size_t most_frequent(const uint32_t *count, size_t n)
{
	size_t most = 0;

	for (size_t k = 1; k < n; k++)
		if (count[k] > count[most])
			most = k;
	return most;
}

static void put_classes(const struct drawing *d, size_t node)
{
	const struct tree_node *n = &d->tree->node[node];
	const uint32_t *count = d->tree->count + node * d->tree->counts;
	size_t classes = d->tree->classes, told = 0;
	char safe[64];

	put_bars(d, count, n->rows);
	fprintf(d->out, " %*u", NUMBER_WIDTH, n->rows);
	for (size_t k = 0; k < classes && classes <= CLASSES_NAMED; k++)
		fprintf(d->out, " %*u", NUMBER_WIDTH, count[k]);
	if (n->column != TREE_LEAF && classes <= CLASSES_NAMED)
		return;
	for (size_t k = 1; k < classes; k++)
		if (tree_mass_of(d->tree, node, k) >
		    tree_mass_of(d->tree, node, told))
			told = k;
	text_safe(safe, sizeof(safe), d->class_name[told],
		  strlen(d->class_name[told]));
	fprintf(d->out, "   %s %.3f", safe, tree_mass_of(d->tree, node, told) /
		tree_mass(d->tree, node));
}

static void put_numbers(const struct drawing *d, size_t node)
{
	const struct tree_node *n = &d->tree->node[node];
	const uint32_t *count = d->tree->count + node * d->tree->counts;

	put_bars(d, count, count[most_frequent(count, TREE_BARS)]);
	fprintf(d->out, " %*u %12.6g %12.6g", NUMBER_WIDTH, n->rows, n->value,
		sqrt(n->impurity) * sqrt(d->tree->unit));
}

static void put_line(struct drawing *d, const char *text, size_t node)
{
	size_t width = text_width(text);

	if (!d->out) {
		width = width < QUESTION_MAX ? width : QUESTION_MAX;
		d->width = width > d->width ? width : d->width;
		return;
	}
	fputs("  ", d->out);
	put_padded(d->out, text, d->width);
	if (d->class_name)
		put_classes(d, node);
	else
		put_numbers(d, node);
	fputc('\n', d->out);
}

static void put_below(struct drawing *d, size_t node, char *before,
		      size_t size)
{
	const struct tree_node *n = &d->tree->node[node];
	size_t end = strlen(before);
	char question[QUESTION_TEXT], text[2 * QUESTION_TEXT];

	if (n->column == TREE_LEAF)
		return;
	if (n->depth >= d->levels) {
		*text = '\0';
		text_append(text, sizeof(text), "%s└ ...", before);
		if (d->out)
			fprintf(d->out, "  %s\n", text);
		return;
	}
	for (int right = 0; right < 2; right++) {
		ask(d->tree, node, !right, question, sizeof(question));
		*text = '\0';
		text_append(text, sizeof(text), "%s%s%s", before,
			    right ? "└ " : "├ ", question);
		put_line(d, text, n->left + (size_t)right);
		text_append(before, size, right ? "  " : "│ ");
		put_below(d, n->left + (size_t)right, before, size);
		before[end] = '\0';
	}
}

static void put_head(const struct drawing *d)
{
	size_t bars = d->tree->counts <= CLASSES_DRAWN ? d->tree->counts + 2
						       : 0;

	put_padded(d->out, "", d->width + 2 + bars);
	fprintf(d->out, " %*s", NUMBER_WIDTH, "rows");
	if (!d->class_name)
		fprintf(d->out, " %12s %12s", "mean", "std dev");
	for (size_t k = 0; d->class_name && k < d->tree->classes &&
	     d->tree->classes <= CLASSES_NAMED; k++) {
		char safe[64];
		size_t used, bytes;

		text_safe(safe, sizeof(safe), d->class_name[k],
			  strlen(d->class_name[k]));
		bytes = text_fit(safe, NUMBER_WIDTH, &used);
		fprintf(d->out, " %*s%.*s", (int)(NUMBER_WIDTH - used), "",
			(int)bytes, safe);
	}
	fputc('\n', d->out);
}

void tree_print(const struct tree *tree, char *const *class_name,
		size_t levels, FILE *out)
{
	struct drawing d = { tree, class_name, levels, 3, NULL };
	size_t leaves = tree_leaves(tree);
	char before[QUESTION_TEXT] = "";

	put_below(&d, 0, before, sizeof(before));
	d.out = out;
	fprintf(out, "  tree: %zu split%s, %zu lea%s, depth %zu\n", leaves - 1,
		leaves == 2 ? "" : "s", leaves, leaves == 1 ? "f" : "ves",
		tree_depth(tree));
	put_head(&d);
	put_line(&d, "all", 0);
	put_below(&d, 0, before, sizeof(before));
}

void tree_print_path(const struct tree *tree, FILE *out)
{
	size_t n, first;
	struct prune_step *path;

	if (tree->nodes == 1 || tree->nodes > PATH_NODES)
		return;
	path = tree_prune_path(tree, &n);
	first = n > PATH_LINES ? n - PATH_LINES : 0;
	fprintf(out, "\n  %12s %12s %12s\n", "prune=", "leaves", "impurity");
	for (size_t i = n; i-- > first;)
		fprintf(out, "  %12.4g %12zu %12.6g\n",
			path[i].alpha * ROUNDED_UP, path[i].leaves,
			path[i].impurity);
	free(path);
}

/* ---- JSON ---- */

static void put_question(const struct tree *t, const struct tree_node *n,
			 json_t *o)
{
	const struct bin_column *c = &t->bins->column[n->column];
	json_t *levels;

	json_object_set_new(o, "feature", json_of_text(c->name));
	json_object_set_new(o, "missing",
			    json_string(n->missing_left ? "left" : "right"));
	json_object_set_new(o, "gain", json_of_number(n->gain * t->unit));
	if (!c->category) {
		json_object_set_new(o, "threshold", json_of_number(
			bins_in_file(t->bins, n->column, n->threshold)));
		return;
	}
	levels = json_array();
	for (size_t b = 0; b < c->bins; b++)
		if (set_has(&t->set[n->set], b))
			json_array_append_new(levels,
					      json_of_text(c->name_of[b]));
	json_object_set_new(o, "levels", levels);
}

static json_t *node_json(const struct tree *t, size_t node,
			 char *const *class_name, size_t levels)
{
	const struct tree_node *n = &t->node[node];
	const uint32_t *count = t->count + node * t->counts;
	json_t *o = json_object(), *counts = json_array();

	json_object_set_new(o, "rows", json_integer(n->rows));
	json_object_set_new(o, "impurity",
			    json_of_number(n->impurity * t->unit));
	if (!class_name)
		json_object_set_new(o, "value", json_of_number(n->value));
	for (size_t k = 0; k < t->counts; k++)
		json_array_append_new(counts, json_integer(count[k]));
	json_object_set_new(o, class_name ? "counts" : "histogram", counts);
	if (n->column == TREE_LEAF)
		return o;
	put_question(t, n, o);
	if (n->depth >= levels)
		return o;
	json_object_set_new(o, "left",
			    node_json(t, n->left, class_name, levels));
	json_object_set_new(o, "right",
			    node_json(t, n->left + 1, class_name, levels));
	return o;
}

json_t *tree_json(const struct tree *tree, char *const *class_name,
		  size_t levels)
{
	return node_json(tree, 0, class_name, levels);
}
