/*
 * expression-text.c - texts in an expression
 *
 * A text is an index into its levels.  What is asked of it is asked of each
 * level once, here, and looked up by the index for each row.
 */
#include "data/expression-program.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "data/finder.h"
#include "data/number.h"

static double *new_lookup(struct parser *p, const struct value *v)
{
	return parser_keep(p, mem_try(v->levels, sizeof(double)));
}

/* The text becomes the number lookup[its index]; NULL for the index itself. */
static void look_up(struct parser *p, struct value *v, const double *lookup,
		    double missing)
{
	struct instruction step = {
		.op = OP_LOOKUP, .in = { v->in }, .lookup = lookup,
		.missing = missing
	};

	parser_emit(p, step, 1, v);
}

static bool level_number(const struct value *v, size_t i, double *x)
{
	return number_parse(v->level[i], strlen(v->level[i]), '.', x);
}

/* True for no level at all. */
static bool all_numbers(const struct value *v)
{
	double x;

	for (size_t i = 0; i < v->levels; i++)
		if (!level_number(v, i, &x))
			return false;
	return true;
}

static bool not_a_number(struct parser *p, const struct value *v)
{
	const char *text = p->text + v->start;
	size_t len = v->end - v->start;

	if (v->literal && table_find(p->table, v->level[0]) >= 0)
		return parser_fail(p, v->start, "%.*s is text; the column "
				   "stands in `backquotes`",
				   parser_shown(len), text);
	if (v->literal)
		return parser_fail(p, v->start, "%.*s is not a number",
				   parser_shown(len), text);
	return parser_fail(p, v->start, "%.*s is text, and a number is wanted",
			   parser_shown(len), text);
}

bool value_to_number(struct parser *p, struct value *v)
{
	double *lookup;

	if (!v->is_text)
		return true;
	if (!all_numbers(v))
		return not_a_number(p, v);
	lookup = new_lookup(p, v);
	if (!lookup)
		return false;
	for (size_t i = 0; i < v->levels; i++)
		level_number(v, i, lookup + i);
	look_up(p, v, lookup, NAN);
	return true;
}

bool value_to_missing(struct parser *p, struct value *v)
{
	double *lookup = new_lookup(p, v);	/* zeroed */

	if (!lookup)
		return false;
	look_up(p, v, lookup, 1);
	return true;
}

/* ---- the levels of two texts in one ---- */

struct ranked {
	const char *text;
	double *rank;		/* where its number in both goes */
};

static int by_text(const void *a, const void *b)
{
	const struct ranked *x = a, *y = b;

	return strcmp(x->text, y->text);
}

static void list_levels(struct ranked *list, const struct value *v,
			double *rank)
{
	for (size_t i = 0; i < v->levels; i++)
		list[i] = (struct ranked){ v->level[i], rank + i };
}

/* Sort list, number what is distinct, return it in level[]. */
static size_t rank_levels(struct ranked *list, size_t n, const char **level)
{
	size_t distinct = 0;

	qsort(list, n, sizeof(*list), by_text);
	for (size_t i = 0; i < n; i++) {
		if (i == 0 || strcmp(list[i].text, list[i - 1].text))
			level[distinct++] = list[i].text;
		*list[i].rank = (double)(distinct - 1);
	}
	return distinct;
}

void value_keep_levels(struct parser *p, struct value *v)
{
	const struct value text = *v;

	look_up(p, v, NULL, NAN);
	v->is_text = true;
	v->level = text.level;
	v->levels = text.levels;
}

bool values_to_same_levels(struct parser *p, struct value *a, struct value *b)
{
	size_t n = a->levels + b->levels;
	double *rank_a, *rank_b;
	const char **level;
	struct ranked *list;

	/* As two branches on one column have it: nothing to merge. */
	if (a->level == b->level) {
		value_keep_levels(p, a);
		value_keep_levels(p, b);
		return true;
	}
	rank_a = new_lookup(p, a);
	rank_b = rank_a ? new_lookup(p, b) : NULL;
	level = rank_b ? parser_keep(p, mem_try(n, sizeof(*level))) : NULL;
	list = level ? mem_try(n, sizeof(*list)) : NULL;
	if (!list)
		return err_set(p->err, ERR_NOMEM, "no memory to compare %zu "
			       "levels of text", n);
	list_levels(list, a, rank_a);
	list_levels(list + a->levels, b, rank_b);
	n = rank_levels(list, n, level);
	free(list);
	look_up(p, a, rank_a, NAN);
	look_up(p, b, rank_b, NAN);
	a->is_text = b->is_text = true;
	a->level = b->level = level;
	a->levels = b->levels = n;
	return true;
}

/* ---- comparisons ---- */

static bool holds(enum op op, int sign)
{
	switch (op) {
	case OP_EQUAL: return sign == 0;
	case OP_UNEQUAL: return sign != 0;
	case OP_LESS: return sign < 0;
	case OP_LESS_EQUAL: return sign <= 0;
	case OP_GREATER: return sign > 0;
	default: return sign >= 0;
	}
}

/* The same with its sides changed. */
static enum op mirrored(enum op op)
{
	switch (op) {
	case OP_LESS: return OP_GREATER;
	case OP_LESS_EQUAL: return OP_GREATER_EQUAL;
	case OP_GREATER: return OP_LESS;
	case OP_GREATER_EQUAL: return OP_LESS_EQUAL;
	default: return op;
	}
}

static bool compare_levels(struct parser *p, enum op op, struct value *v,
			   const char *literal)
{
	double *lookup = new_lookup(p, v);

	if (!lookup)
		return false;
	for (size_t i = 0; i < v->levels; i++)
		lookup[i] = holds(op, strcmp(v->level[i], literal));
	look_up(p, v, lookup, NAN);
	return true;
}

static void compare_numbers(struct parser *p, enum op op, struct value *left,
			    const struct value *right)
{
	struct instruction step = { .op = op, .in = { left->in, right->in } };

	parser_emit(p, step, 2, left);
}

static bool text_column_beside_number(struct parser *p, const struct value *v)
{
	return parser_fail(p, v->start, "%.*s is text: compare it with a text "
			   "in \"quotes\"", parser_shown(v->end - v->start),
			   p->text + v->start);
}

/* A text that is no number beside numbers is most likely a mistake. */
static bool compare_as_numbers(struct parser *p, enum op op,
			       struct value *left, struct value *right)
{
	if (left->is_text && !left->literal && !all_numbers(left))
		return text_column_beside_number(p, left);
	if (right->is_text && !right->literal && !all_numbers(right))
		return text_column_beside_number(p, right);
	if (!value_to_number(p, left) || !value_to_number(p, right))
		return false;
	compare_numbers(p, op, left, right);
	return true;
}

static bool compare_values(struct parser *p, enum op op, struct value *left,
			   struct value *right)
{
	bool left_numbers = !left->is_text ||
			    (left->levels && all_numbers(left));
	bool right_numbers = !right->is_text ||
			     (right->levels && all_numbers(right));

	if (!left->is_text || !right->is_text ||
	    (left_numbers && (right_numbers || right->literal)) ||
	    (right_numbers && left->literal))
		return compare_as_numbers(p, op, left, right);
	if (right->literal)
		return compare_levels(p, op, left, right->level[0]);
	if (left->literal) {
		if (!compare_levels(p, mirrored(op), right, left->level[0]))
			return false;
		*left = *right;
		return true;
	}
	if (!values_to_same_levels(p, left, right))
		return false;
	compare_numbers(p, op, left, right);
	return true;
}

bool values_compare(struct parser *p, enum op op, struct value *left,
		    struct value *right)
{
	return values_to_times(p, left, right) &&
	       compare_values(p, op, left, right);
}

/* ---- patterns ---- */

/* A text that takes too many tries would count as one without the pattern:
 * better no value than a wrong one. */
static bool match_levels(struct parser *p, const struct value *v,
			 size_t at, struct matcher *matcher, bool wanted,
			 double *lookup)
{
	for (size_t i = 0; i < v->levels; i++) {
		const char *text = v->level[i];
		size_t from, size;

		lookup[i] = matcher_find(matcher, text, strlen(text), &from,
					 &size) == wanted;
		if (matcher_given_up(matcher))
			return parser_fail(p, at, "the pattern takes too many "
					   "tries: make it simpler");
	}
	return true;
}

static bool match_with(struct parser *p, const struct value *v, size_t at,
		       const struct finder *finder, bool wanted,
		       double *lookup)
{
	struct matcher *matcher = matcher_new(finder);
	bool good;

	if (!matcher)
		return err_set(p->err, ERR_NOMEM, "no memory for a pattern");
	good = match_levels(p, v, at, matcher, wanted, lookup);
	matcher_free(matcher);
	return good;
}

bool value_match(struct parser *p, enum op op, struct value *left,
		 const struct value *pattern)
{
	struct finder *finder;
	struct err why;
	double *lookup;
	bool good;

	if (!pattern->literal)
		return parser_fail(p, pattern->start, "a pattern is a text "
				   "in quotes");
	if (!left->is_text)
		return parser_fail(p, left->start, "%.*s is a number, and a "
				   "pattern wants text",
				   parser_shown(left->end - left->start),
				   p->text + left->start);
	lookup = new_lookup(p, left);
	if (!lookup)
		return false;
	finder = finder_new_exact(pattern->level[0], &why);
	if (!finder)
		return parser_fail(p, pattern->start, "%s", why.text);
	good = match_with(p, left, pattern->start, finder, op == OP_MATCH,
			  lookup);
	finder_free(finder);
	if (good)
		look_up(p, left, lookup, NAN);
	return good;
}
