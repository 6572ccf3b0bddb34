/*
 * guard-groups.c - G04: the same machine, lot or field on both sides
 *
 * Rows of one group resemble each other in what no column says.  A method that
 * has seen rows of a machine knows that machine; how it does on the next one it
 * has not been asked.  A group column is what the user has said is one, or a
 * column whose values come back and whose groups differ in the target.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "data/sort.h"
#include "run/guard-check.h"

/*
 * With fewer than ten groups a fifth of them is one or two: no test.  An
 * intraclass correlation of 0.05 makes 20 rows of a group worth 10 (Kish:
 * 1 + (m - 1) rho).  That it is no chance is asked of the F of an analysis of
 * variance: five standard deviations above 1.
 */
#define ICC_LEAST 0.05
#define DEVIATIONS 5.0
#define COSTS 0.02
enum { GROUPS_LEAST = 10, PROBE = 16384 };

/*
 * Columns are judged by so many rows, where these have LIKES of a level at
 * least; numbers by as many that follow each other.  What is told of the one
 * that is found is counted in all.
 */
enum { SOME_ROWS = 65536, LIKES = 5 };

/* A column as groups: the group of each of the rows that are used. */
struct grouping {
	size_t column;
	size_t n, groups;	/* rows that have one; groups that occur */
	size_t both;		/* groups with rows on both sides */
	double icc;		/* of the target; NaN: not told from chance */
};

/* What is counted of each group. */
struct tally {
	double sum;
	size_t n, train, test;
};

/* One-way analysis of variance; SSB and SSW over n rows in L groups:
 *	icc = (MSB - MSW) / (MSB + (n0 - 1) MSW)
 */
static double intraclass(const struct tally *t, size_t most, size_t groups,
			 size_t n, double sum, double squares)
{
	double rows = (double)n, free_b = (double)groups - 1;
	double free_w = rows - (double)groups, between = 0, sizes = 0;
	double msb, msw, n0;

	for (size_t k = 0; k < most; k++) {
		if (!t[k].n)
			continue;
		between += t[k].sum * t[k].sum / (double)t[k].n;
		sizes += (double)t[k].n * (double)t[k].n;
	}
	msw = (squares - between) / free_w;
	msb = (between - sum * sum / rows) / free_b;
	n0 = (rows - sizes / rows) / free_b;
	if (!(msw > 0))
		return msb > 0 ? 1 : NAN;
	if (msb / msw < 1 + DEVIATIONS * sqrt(2 / free_b + 2 / free_w))
		return NAN;
	return (msb - msw) / (msb + (n0 - 1) * msw);
}

static void weigh(const struct tally *t, size_t most, double sum,
		  double squares, struct grouping *found)
{
	for (size_t k = 0; k < most; k++) {
		found->groups += t[k].n > 0;
		found->n += t[k].n;
		found->both += t[k].train > 0 && t[k].test > 0;
	}
	if (found->groups >= GROUPS_LEAST && found->groups * 2 <= found->n)
		found->icc = intraclass(t, most, found->groups, found->n, sum,
					squares);
}

static void count(struct tally *t, enum side side, double y)
{
	t->n++;
	t->sum += y;
	t->train += side == SIDE_TRAIN;
	t->test += side == SIDE_TEST;
}

/* A first value to count from keeps the sums small. */
static bool of_levels(const struct ground *g, const struct rows *rows,
		      struct grouping *found)
{
	const struct column *c = &g->table->column[found->column];
	struct tally *t = mem_try(c->levels, sizeof(*t));
	double sum = 0, squares = 0, base = ground_y(g, rows->row[0]);
	bool ok;

	for (size_t i = 0; t && i < rows->n; i++) {
		size_t row = rows->row[i];
		double y = ground_y(g, row) - base;

		if (c->code[row] == LEVEL_MISSING)
			continue;
		count(&t[c->code[row]], g->side[row], y);
		sum += y;
		squares += y * y;
	}
	ok = t;
	if (ok)
		weigh(t, c->levels, sum, squares, found);
	free(t);
	return ok;
}

/* ---- numbers: groups stand together in the file ---- */

/* True for whole numbers that often stay the same in the first rows. */
static bool stays(const struct ground *g, const double *x)
{
	const struct rows *kept = g->rows.used;
	size_t n = kept->n < PROBE ? kept->n : PROBE, runs = 0;

	for (size_t i = 0; i < n; i++) {
		double v = x[kept->row[i]];

		if (!(v == floor(v)))
			return false;
		runs += i == 0 || v != x[kept->row[i - 1]];
	}
	return runs * 2 <= n;
}

/* How many different values the runs begin with. */
static size_t different(double *head, double *spare, size_t runs)
{
	double *in_order = sort_doubles(head, spare, runs);
	size_t n = runs > 0;

	for (size_t i = 1; i < runs; i++)
		n += in_order[i] != in_order[i - 1];
	return n;
}

struct member {
	double value;
	uint32_t row;
};

static int by_value(const void *a, const void *b)
{
	double x = ((const struct member *)a)->value;
	double y = ((const struct member *)b)->value;

	return x < y ? -1 : x > y;
}

/* Numbers that are groups since the user has said so. */
static bool of_values(const struct ground *g, const struct rows *rows,
		      struct grouping *found)
{
	const double *x = g->table->column[found->column].number;
	struct member *m = mem_try(rows->n, sizeof(*m));
	struct tally *t = mem_try(rows->n, sizeof(*t));
	size_t n = 0, groups = 0;
	bool ok;

	for (size_t i = 0; m && t && i < rows->n; i++)
		if (x[rows->row[i]] == x[rows->row[i]])
			m[n++] = (struct member){ x[rows->row[i]],
						  rows->row[i] };
	if (m && t)
		qsort(m, n, sizeof(*m), by_value);
	for (size_t i = 0; m && t && i < n; i++) {
		groups += i == 0 || m[i].value != m[i - 1].value;
		count(&t[groups - 1], g->side[m[i].row], 0);
	}
	if (m && t)
		weigh(t, groups, 0, 0, found);
	ok = m && t;
	free(t);
	free(m);
	return ok;
}

/* A value that comes back after another one is a reading, not the name of a
 * group: one run in ten may. */
static bool of_runs(const struct ground *g, const struct rows *rows,
		    struct grouping *found)
{
	const double *x = g->table->column[found->column].number;
	size_t runs = 0, room = rows->n / 2 + 1;
	struct tally *t = mem_try(room, sizeof(*t));
	double *head = mem_try(2 * room, sizeof(*head));
	double sum = 0, squares = 0, base = ground_y(g, rows->row[0]);
	bool ok = t && head, whole = ok;

	for (size_t i = 0; whole && i < rows->n; i++) {
		size_t row = rows->row[i];
		double y = ground_y(g, row) - base;

		if (i == 0 || x[row] != x[rows->row[i - 1]]) {
			whole = runs < room && x[row] == floor(x[row]);
			if (!whole)
				break;
			head[runs++] = x[row];
		}
		count(&t[runs - 1], g->side[row], y);
		sum += y;
		squares += y * y;
	}
	if (whole && different(head, head + room, runs) * 10 >= runs * 9)
		weigh(t, runs, sum, squares, found);
	free(t);
	free(head);
	return ok;
}

/* The user has said what it is. */
static bool is_group(const struct ground *g, size_t column)
{
	return g->settings->role[column] == ROLE_GROUP;
}

/* "M07", "lot 12": names of which there are many have numbers in them. */
static bool named_by_number(const struct column *c)
{
	size_t n = 0;

	for (size_t l = 0; l < c->levels; l++)
		n += strpbrk(c->level[l], "0123456789") != NULL;
	return n * 10 >= c->levels * 9;
}

/*
 * A feature is something that one hopes to know of the next row too: soil, not
 * field.  It is the name of a group only if it looks like one.
 */
static bool can_be_group(const struct ground *g, size_t column)
{
	const struct column *c = &g->table->column[column];

	if (c == g->target.column || c->type == COLUMN_TIME)
		return false;
	if (is_group(g, column))
		return true;
	if (g->settings->role[column] != ROLE_NONE ||
	    (c->code && c->levels < GROUPS_LEAST))
		return false;
	return !c->code || !settings_uses(g->settings, column) ||
	       named_by_number(c);
}

static bool group(const struct ground *g, const struct rows *rows,
		  struct grouping *found, struct err *err)
{
	const struct column *c = &g->table->column[found->column];
	bool ok;

	found->n = found->groups = found->both = 0;
	found->icc = NAN;
	if (c->code)
		ok = of_levels(g, rows, found);
	else if (is_group(g, found->column))
		ok = of_values(g, rows, found);
	else
		ok = of_runs(g, rows, found);
	return ok || err_set(err, ERR_NOMEM, "no memory to look for groups in "
			     "%.80s", c->name);
}

/* By some of the rows, if these are enough. */
static bool look_at(const struct ground *g, const struct rows *spread,
		    const struct rows *stretch, struct grouping *found,
		    struct err *err)
{
	const struct column *c = &g->table->column[found->column];

	found->icc = NAN;
	if (!can_be_group(g, found->column))
		return true;
	if (is_group(g, found->column))
		return group(g, g->rows.used, found, err);
	if (c->number)
		return !stays(g, c->number) || group(g, stretch, found, err);
	return group(g, c->levels * LIKES <= spread->n ? spread : g->rows.used,
		     found, err);
}

/* ---- what is said of it ---- */

static bool tell(struct ground *g, const struct grouping *found,
		 struct err *err)
{
	const char *name = g->table->column[found->column].name;
	bool feature = settings_uses(g->settings, found->column);
	char *word = mem_printf("group=%s", name);
	struct settings other;
	struct warning *f;
	bool ok;

	if (!ground_split(g, word, &other)) {
		free(word);
		return true;
	}
	free(word);
	f = ground_find(g, mem_printf("%s of %s values of %s have rows on both "
		"sides of the split", counted(found->both).text,
		counted(found->groups).text, name));
	f->count = found->both;
	f->of = found->groups;
	f->instead = mem_printf("by %s", name);
	f->remedy = ground_split_command(&other);
	ok = ground_try(g, f, &other, TRIAL_GROUPS, found->column, err);
	settings_clear(&other);
	/* A feature that is one-hot tells nothing of groups that are new: that
	 * it costs is no sign.  So it is without a trial. */
	f->proposal = !is_group(g, found->column) &&
		(feature || !f->score || f->now - f->then < COSTS);
	return ok;
}

static bool search(const struct ground *g, const struct rows *spread,
		   const struct rows *stretch, struct grouping *best,
		   struct err *err)
{
	*best = (struct grouping){ .icc = NAN };
	for (size_t c = 0; c < g->table->columns; c++) {
		struct grouping found = { .column = c };

		if (job_cancelled(g->job))
			return err_cancelled(err);
		if (!look_at(g, spread, stretch, &found, err))
			return false;
		if (found.both > 0 && is_group(g, c)) {
			*best = found;
			return true;
		}
		if (found.both > 0 && found.icc >= ICC_LEAST &&
		    !(found.icc <= best->icc))
			*best = found;
	}
	return best->both == 0 || group(g, g->rows.used, best, err);
}

/* The column whose groups differ most, of those that chance does not explain:
 * one word is enough. */
bool guard_groups(struct ground *g, struct err *err)
{
	struct rows spread = { 0 }, stretch = { 0 };
	struct grouping best;
	bool ok;

	if (!ground_by_chance(g) || ground_grouped(g) ||
	    g->rows.used->n < 2 * GROUPS_LEAST)
		return true;
	ok = ground_sample(g, SOME_ROWS, &spread, err) &&
	     ground_some(g, SOME_ROWS, &stretch, err) &&
	     search(g, &spread, &stretch, &best, err);
	rows_clear(&spread);
	rows_clear(&stretch);
	return ok && (best.both == 0 || tell(g, &best, err));
}
