#include "run/suggest.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "base/text.h"
#include "data/number.h"
#include "eval/split.h"
#include "run/prepare.h"

/* A group has so many members on average, and there are so many groups. */
enum { GROUP_ROWS = 3, GROUPS_NAMED = 3, GROUPS_CODED = 5 };

/* Fewer values prove nothing. */
enum { VALUES_LEAST = 20 };

/* So many rows are looked at before all of them are. */
enum { SAMPLE = 500 };

/* So many rows have one time, at most, where it is that of a row. */
enum { SHARED_MOST = 16 };

/* All that there is to look at. */
struct look_at {
	const struct table *t;
	const struct summary *summary;
	const struct facts *facts;
	const struct settings *settings;	/* or NULL */
	struct suggestions *list;
};

static bool is_target(const struct look_at *at, size_t c)
{
	return at->settings && at->settings->target == (int)c;
}

/* Would it be learned from? */
static bool is_used(const struct look_at *at, size_t c)
{
	return at->settings ? settings_uses(at->settings, c)
			    : at->t->column[c].type != COLUMN_TEXT;
}

static bool has_role(const struct look_at *at, size_t c)
{
	return at->settings && at->settings->role[c] != ROLE_NONE;
}

/* What is known was found in the column as it was read. */
static bool is_as_found(const struct look_at *at, size_t c)
{
	return !at->settings || !at->settings->typed[c];
}

/* All three are handed over. */
static void add(const struct look_at *at, char *text, char *why,
		char *command)
{
	struct suggestions *list = at->list;

	list->of = mem_grow(list->of, list->n, sizeof(*list->of));
	list->of[list->n++] = (struct suggestion){ text, why, command };
}

/* before, the name and what is behind it, in quotes if need be. */
static char *line(const char *command, const char *sign, const char *name,
		  const char *behind)
{
	char *word = mem_printf("%s%s", sign, name);
	char *quoted = text_quote(word);
	char *all = mem_printf("%s %s%s", command, quoted, behind);

	free(quoted);
	free(word);
	return all;
}

/* ---- the target again ---- */

/* The number of a cell among the values of its column: -1 for missing. */
static long value_of(const struct column *c, const double *values, size_t n,
		     size_t row)
{
	size_t i = 0;

	if (c->code)
		return c->code[row] == LEVEL_MISSING ? -1 : (long)c->code[row];
	if (c->number[row] != c->number[row])
		return -1;
	while (i < n && values[i] != c->number[row])
		i++;
	return (long)i;
}

enum { FEW = 16 };

/* The values of a column that has few of them; FEW + 1: there are more. */
static size_t few_values(const struct column *c, size_t rows,
			 double value[FEW])
{
	size_t n = 0;

	if (c->code)
		return c->levels;
	for (size_t row = 0; row < rows; row++) {
		double x = c->number[row];
		size_t i = 0;

		while (i < n && value[i] != x)
			i++;
		if (x != x || i < n)
			continue;
		if (n == FEW)
			return FEW + 1;
		value[n++] = x;
	}
	return n;
}

/* Each value of one goes with one value of the other, in all rows. */
static bool says_the_same(const struct column *a, const struct column *b,
			  size_t rows)
{
	double va[FEW], vb[FEW];
	size_t na = few_values(a, rows, va), nb = few_values(b, rows, vb);
	size_t both = 0;
	long with[FEW], of[FEW];

	if (na != nb || na < 2 || na > FEW)
		return false;
	for (size_t i = 0; i < FEW; i++)
		with[i] = of[i] = -1;
	for (size_t row = 0; row < rows; row++) {
		long x = value_of(a, va, na, row), y = value_of(b, vb, nb, row);

		if (x < 0 || y < 0)
			continue;
		if (with[x] < 0 && of[y] < 0) {
			with[x] = y;
			of[y] = x;
		}
		if (with[x] != y || of[y] != x)
			return false;
		both++;
	}
	return both >= VALUES_LEAST;
}

struct pair {
	double x, y;
};

static int by_x(const void *a, const void *b)
{
	const struct pair *p = a, *q = b;

	return (p->x > q->x) - (p->x < q->x);
}

/* Do the pairs rise together, or does one fall as the other rises? */
static bool are_monotone(struct pair *pair, size_t n)
{
	bool up = true, down = true;

	qsort(pair, n, sizeof(*pair), by_x);
	for (size_t i = 1; i < n && (up || down); i++) {
		double dx = pair[i].x - pair[i - 1].x;
		double dy = pair[i].y - pair[i - 1].y;

		up &= dx > 0 ? dy > 0 : dy == 0;
		down &= dx > 0 ? dy < 0 : dy == 0;
	}
	return up || down;
}

/* Some rows, every step-th; or all of them. */
static bool goes_with(const struct column *a, const struct column *b,
		      size_t rows, size_t step)
{
	struct pair *pair = mem_try(rows / step + 1, sizeof(*pair));
	size_t n = 0;
	bool is;

	for (size_t row = 0; pair && row < rows; row += step) {
		double x = a->number[row], y = b->number[row];

		if (x == x && y == y)
			pair[n++] = (struct pair){ x, y };
	}
	is = pair && n >= VALUES_LEAST && are_monotone(pair, n);
	free(pair);
	return is;
}

static bool is_echo(const struct look_at *at, size_t c)
{
	const struct column *a = &at->t->column[c], *b;
	size_t rows = at->t->rows, step = rows / SAMPLE;

	if (!at->settings || at->settings->target < 0 ||
	    (size_t)at->settings->target >= at->t->columns)
		return false;
	b = &at->t->column[at->settings->target];
	if (at->summary[c].distinct ==
	    at->summary[at->settings->target].distinct &&
	    says_the_same(a, b, rows))
		return true;
	return a->number && b->number && at->summary[c].distinct > FEW &&
	       (step < 2 || goes_with(a, b, rows, step)) &&
	       goes_with(a, b, rows, 1);
}

/* ---- what a column is like ---- */

static bool ends_in(const char *name, const char *end)
{
	size_t n = strlen(name), m = strlen(end);

	return n >= m && !strcasecmp(name + n - m, end) &&
	       (n == m || !isalpha((unsigned char)name[n - m - 1]));
}

/* Names that plants give to what comes again and again. */
static bool names_a_group(const char *name)
{
	static const char *const word[] = {
		"id", "lot", "batch", "machine", "serial", "charge", "press",
		"field", "unit", "asset", "vehicle", "customer", "patient",
		"wafer", "code", "coil", "heat", "furnace", "robot", "device",
	};

	for (size_t i = 0; i < ARRAY_LEN(word); i++)
		if (ends_in(name, word[i]))
			return true;
	return false;
}

/* "M-014", "L7": every level begins with a letter, has a digit, no blank. */
static bool are_codes(const struct column *c)
{
	for (size_t l = 0; l < c->levels; l++) {
		const char *s = c->level[l];

		if (!isalpha((unsigned char)*s) || strchr(s, ' ') ||
		    !s[strcspn(s, "0123456789")])
			return false;
	}
	return c->levels > 0;
}

static bool is_group(const struct look_at *at, size_t c)
{
	const struct column *column = &at->t->column[c];
	const struct summary *m = &at->summary[c];
	bool named = names_a_group(column->name);

	if (column->type == COLUMN_TIME ||
	    m->values < GROUP_ROWS * m->distinct ||
	    (column->number && !m->whole))
		return false;
	return named ? m->distinct >= GROUPS_NAMED
		     : column->code && m->distinct >= GROUPS_CODED &&
		       are_codes(column);
}

/* Whole numbers of which no two are the same may be a measure, when they are
 * few: numbers of rows have a name that says so, or leave no gaps. */
static bool is_id(const struct look_at *at, size_t c)
{
	static const char *const word[] = {
		"id", "no", "nr", "number", "index", "key", "serial", "row"
	};
	const struct summary *m = &at->summary[c];

	if (!at->facts[c].id)
		return false;
	for (size_t i = 0; i < ARRAY_LEN(word); i++)
		if (ends_in(at->t->column[c].name, word[i]))
			return true;
	return !at->t->column[c].number ||
	       m->max - m->min < 2 * (double)m->values;
}

/* Every row has its own time, nearly; or it goes on from row to row and is
 * shared by few, as where some machines write a line each every minute.  Many
 * share a day. */
static bool is_clock(const struct look_at *at, size_t c)
{
	const struct summary *m = &at->summary[c];

	return at->t->column[c].type == COLUMN_TIME &&
	       at->t->column[c].form.has_date &&
	       m->values >= VALUES_LEAST &&
	       (m->distinct > m->values / 2 ||
		(at->facts[c].trend == TREND_RISES &&
		 m->distinct > m->values / SHARED_MOST));
}

static bool split_by_time_known(void)
{
	for (const struct option *o = split_options; o->name; o++)
		if (!strcmp(o->name, "time"))
			return true;
	return false;
}

static void suggest_clock(const struct look_at *at, size_t c)
{
	const char *name = at->t->column[c].name;
	const char *by = split_by_time_known() && at->settings
		? options_text(&at->settings->split, "time") : NULL;

	if (!has_role(at, c))
		add(at, mem_printf("%s is the time of a row", name),
		    mem_strdup("what is learned from a date does not hold "
			       "after the last one"),
		    line("role", "", name, " time"));
	if (split_by_time_known() && !by)
		add(at, mem_printf("rows are in time by %s", name),
		    mem_strdup("to train on the past and test on what came "
			       "after it tells what tomorrow will be like"),
		    line("split", "time=", name, ""));
}

/* Of a target that is derived; else NULL. */
static const char *target_formula(const struct look_at *at)
{
	const struct settings *s = at->settings;
	size_t target = s ? (size_t)s->target : 0;

	if (!s || s->target < 0 || target < at->t->columns ||
	    target - at->t->columns >= s->derived_n)
		return NULL;
	return s->derived[target - at->t->columns].expression;
}

static bool makes_target(const struct look_at *at, size_t c)
{
	const char *formula = target_formula(at);

	return formula && prepare_reads(at->t, formula, c);
}

/* One of these at most: the first that is true says it all. */
static void suggest_leaving(const struct look_at *at, size_t c)
{
	const struct facts *f = &at->facts[c];
	const char *name = at->t->column[c].name;

	if (f->constant)
		add(at, mem_printf("%s is constant", name),
		    mem_strdup("it tells no row from another"),
		    line("features", "-", name, ""));
	else if (makes_target(at, c))
		add(at, mem_printf("the target is calculated from %s", name),
		    mem_strdup("what is not known before it gives the answer "
			       "away"),
		    line("features", "-", name, ""));
	else if (is_echo(at, c))
		add(at, mem_printf("%s says what the target says", name),
		    mem_strdup("a model that has it learns nothing else"),
		    line("features", "-", name, ""));
	else if (f->same_as != c && f->same_as < at->t->columns &&
		 is_used(at, f->same_as))
		add(at, mem_printf("%s is the same as %s", name,
				   at->t->column[f->same_as].name),
		    mem_strdup("two weights for one thing mean nothing"),
		    line("features", "-", name, ""));
	else if (is_id(at, c))
		add(at, mem_printf("%s is like an id", name),
		    mem_strdup("no two rows have the same: it names rows and "
			       "explains none"),
		    line("role", "", name, " id"));
}

static void suggest_for(const struct look_at *at, size_t c)
{
	const char *name = at->t->column[c].name;
	size_t before = at->list->n;

	if (is_target(at, c) || !is_as_found(at, c))
		return;
	if (is_used(at, c))
		suggest_leaving(at, c);
	if (at->list->n > before)
		return;
	if (is_clock(at, c))
		suggest_clock(at, c);
	else if (!has_role(at, c) && is_group(at, c))
		add(at, mem_printf("%s comes again and again: %zu of them",
				   name, at->summary[c].distinct),
		    mem_strdup("a test is too easy when rows of the same one "
			       "have trained"),
		    line("role", "", name, " group"));
}

/* ---- cells ---- */

static bool rule_is_on(const struct look_at *at, const char *name)
{
	for (size_t i = 0; at->settings && i < at->settings->rules; i++)
		if (at->settings->rule[i].on &&
		    !strcmp(at->settings->rule[i].rule->name, name))
			return true;
	return false;
}

static bool has_code(const struct facts *f, double code)
{
	for (size_t i = 0; i < f->codes; i++)
		if (f->code[i].value == code)
			return true;
	return false;
}

/* One line for all columns that have the code, from column c on, which is the
 * first of them. */
static void suggest_code(const struct look_at *at, size_t c, double code)
{
	char *names = mem_strdup(""), *quoted, text[NUMBER_TEXT];

	for (size_t i = 0; i < at->t->columns; i++) {
		char *more;

		if (!has_code(&at->facts[i], code))
			continue;
		if (i < c) {
			free(names);
			return;
		}
		more = mem_printf("%s%s%s", names, *names ? "," : "",
				  at->t->column[i].name);
		free(names);
		names = more;
	}
	number_format(code, text);
	quoted = text_quote(names);
	add(at, mem_printf("%s in %s is a code for missing", text, names),
	    mem_strdup("as a number it moves means and weights"),
	    mem_printf("clean missing values=%s columns=%s", text, quoted));
	free(quoted);
	free(names);
}

static bool has_blanks(const struct column *c)
{
	for (size_t l = 0; l < c->levels; l++) {
		const char *s = c->level[l];
		size_t n = strlen(s);

		if (n > 0 && (*s == ' ' || s[n - 1] == ' '))
			return true;
	}
	return false;
}

static void suggest_cells(const struct look_at *at)
{
	for (size_t c = 0; c < at->t->columns; c++)
		for (size_t i = 0; i < at->facts[c].codes &&
		     !rule_is_on(at, "missing"); i++)
			suggest_code(at, c, at->facts[c].code[i].value);
	for (size_t c = 0; c < at->t->columns; c++) {
		if (!has_blanks(&at->t->column[c]) || rule_is_on(at, "trim"))
			continue;
		add(at, mem_printf("%s has blanks around its values",
				   at->t->column[c].name),
		    mem_strdup("\"M\" and \"M \" are two levels"),
		    mem_strdup("clean trim"));
		return;
	}
}

void suggest(struct suggestions *list, const struct table *found,
	     const struct summary *summary, const struct facts *facts,
	     const struct settings *settings)
{
	struct look_at at = { found, summary, facts, settings, list };

	*list = (struct suggestions){ 0 };
	for (size_t c = 0; c < found->columns; c++)
		suggest_for(&at, c);
	suggest_cells(&at);
}

void suggestions_clear(struct suggestions *list)
{
	for (size_t i = 0; i < list->n; i++) {
		free(list->of[i].text);
		free(list->of[i].why);
		free(list->of[i].command);
	}
	free(list->of);
	*list = (struct suggestions){ 0 };
}
