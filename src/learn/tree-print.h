/*
 * tree-print.h - a tree as text and as JSON
 */
#ifndef GEMBA_TREE_PRINT_H
#define GEMBA_TREE_PRINT_H

#include <jansson.h>
#include <stdio.h>

#include "learn/tree.h"

/*
 * A node a line, down to so many levels below the root: the question that
 * leads to it, a small histogram of what is told of its rows, and the counts.
 * Columns stand in the units of the file.  class_name is NULL for numbers.
 * Each line begins with two blanks; names are made harmless.
 *
 *	tree: 2 splits, 3 leaves, depth 2
 *	                          rows    no   yes
 *	all                 █▂     100    80    20
 *	├ torque <= 41.5    █       70    70     0   no 1.000
 *	└ torque > 41.5     ▃▆      30    10    20
 *	  ├ line is H, M    ...
 */
void tree_print(const struct tree *tree, char *const *class_name,
		size_t levels, FILE *out);

/*
 * What prune= would make of it: from which value on how many leaves are left,
 * and the impurity in them; the last steps, from a lone leaf on.  Nothing for
 * a lone leaf, or a tree so large that it would take long.
 */
void tree_print_path(const struct tree *tree, FILE *out);

/*
 * The root as an object, its children within: "rows", "impurity", "counts" or
 * "value"; of a split "feature", "threshold" (at most that goes left) or
 * "levels" (these go left), "missing" ("left" or "right"), "gain" and the
 * nodes "left" and "right", which are left out below so many levels.
 */
json_t *tree_json(const struct tree *tree, char *const *class_name,
		  size_t levels);

#endif
