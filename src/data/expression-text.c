/*
 * expression-text.c - texts in an expression
 *
 * A text is an index into its levels.  What is asked of it is asked of each
 * level once, here, and looked up by the index for each row.
 */
#include "data/expression-program.h"

#include <math.h>
#include <regex.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "data/number.h"

/* Patterns that are longer, or that repeat more, take the library too long. */
enum { PATTERN_MAX = 1000, PATTERN_SIZE = 1000, PATTERN_DEPTH = 50 };

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

/* The same list, as two branches on one column have it: nothing to merge. */
static void keep_levels(struct parser *p, struct value *v)
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

	if (a->level == b->level) {
		keep_levels(p, a);
		keep_levels(p, b);
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

/* A text that is no number beside numbers is most likely a mistake. */
static bool compare_as_numbers(struct parser *p, enum op op,
			       struct value *left, struct value *right)
{
	if (!value_to_number(p, left) || !value_to_number(p, right))
		return false;
	compare_numbers(p, op, left, right);
	return true;
}

bool values_compare(struct parser *p, enum op op, struct value *left,
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

/* ---- patterns ---- */

/* After a '[': at its ']', or at the end. */
static const char *set_end(const char *s)
{
	s += *s == '^';
	for (s += *s == ']'; *s && *s != ']'; s++)
		if (*s == '[' && s[1] == ':' && strstr(s + 2, ":]"))
			s = strstr(s + 2, ":]") + 1;
	return s;
}

/*
 * How often the library copies what stands before {n,m}, and at its '}' after;
 * 0 when that is something else.
 */
static size_t repeats(const char *s, const char **end)
{
	size_t most = 1, n = 0;

	*end = s + 1 + strspn(s + 1, "0123456789,");
	if (*s != '{' || **end != '}')
		return 0;
	for (s++; s < *end; s++) {
		n = *s == ',' ? 0 : n * 10 + (size_t)(*s - '0');
		if (n > PATTERN_SIZE)
			n = PATTERN_SIZE;
		if (n > most)
			most = n;
	}
	return most + 1;
}

/*
 * The parts that the library makes of a pattern: it builds {n,m} and + by
 * copies, within brackets copies of copies.  Where loops stand within loops it
 * then takes longer than their number, so that they count for more: ()++++++++
 * already takes 50 ms.  More than PATTERN_SIZE when there are too many of
 * them, or of the brackets.
 */
enum { LOOP_TIMES = 4 };

static size_t pattern_size(const char *s)
{
	size_t size[PATTERN_DEPTH + 1] = { 0 }, depth = 0, last = 0, times;
	const char *end;

	for (; *s; s++) {
		times = repeats(s, &end);
		if (*s == '(') {
			if (++depth > PATTERN_DEPTH)
				return PATTERN_SIZE + 1;
			size[depth] = 0;
			last = 0;
			continue;
		}
		if (*s == ')' && depth > 0) {
			last = size[depth--] + 1;
		} else if (times) {
			s = end;
		} else if (*s == '+' || *s == '*' || *s == '?') {
			times = LOOP_TIMES;
		} else {
			if (*s == '[')
				s = set_end(s + 1);
			s += *s == '\\' && s[1];
			last = 1;
		}
		if (times) {
			size[depth] += last * (times - 1);
			last *= times;
		} else {
			size[depth] += last;
		}
		if (size[depth] > PATTERN_SIZE)
			return PATTERN_SIZE + 1;
		if (!*s)
			break;
	}
	return size[0];
}

/* A reference back makes the library try all ways. */
static const char *reference(const char *s)
{
	for (; (s = strchr(s, '\\')); s += s[1] ? 2 : 1)
		if (s[1] >= '1' && s[1] <= '9')
			return s;
	return NULL;
}

static bool check_pattern(struct parser *p, const struct value *pattern)
{
	const char *s = pattern->level[0], *back = reference(s);

	if (strlen(s) > PATTERN_MAX)
		return parser_fail(p, pattern->start, "the pattern has more "
				   "than %d bytes", PATTERN_MAX);
	if (pattern_size(s) > PATTERN_SIZE)
		return parser_fail(p, pattern->start, "the pattern has too "
				   "many brackets or repeats too much");
	if (back)
		return parser_fail(p, pattern->start, "the pattern refers "
				   "back with \\%c", back[1]);
	return true;
}

static bool compile(struct parser *p, const struct value *pattern,
		    regex_t *regex)
{
	char why[128];
	int rc;

	if (!check_pattern(p, pattern))
		return false;
	rc = regcomp(regex, pattern->level[0], REG_EXTENDED | REG_NOSUB);
	if (rc == 0)
		return true;
	regerror(rc, regex, why, sizeof(why));
	for (char *s = why; *s; s++)
		if (*s >= 'A' && *s <= 'Z')
			*s += 'a' - 'A';
	return parser_fail(p, pattern->start, "the pattern is wrong: %s", why);
}

bool value_match(struct parser *p, enum op op, struct value *left,
		 const struct value *pattern)
{
	double *lookup;
	regex_t regex;

	if (!pattern->literal)
		return parser_fail(p, pattern->start, "a pattern is a text "
				   "in quotes");
	if (!left->is_text)
		return parser_fail(p, left->start, "%.*s is a number, and a "
				   "pattern wants text",
				   parser_shown(left->end - left->start),
				   p->text + left->start);
	lookup = new_lookup(p, left);
	if (!lookup || !compile(p, pattern, &regex))
		return false;
	for (size_t i = 0; i < left->levels; i++)
		lookup[i] = (regexec(&regex, left->level[i], 0, NULL, 0) == 0)
			    == (op == OP_MATCH);
	regfree(&regex);
	look_up(p, left, lookup, NAN);
	return true;
}
