#include "command/insight-find.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "data/relate.h"

/* So many rows are looked at before the job is asked whether it goes on. */
enum { BLOCK = 1 << 16 };

/* ---- the target, row by row ---- */

/* A class for each row, or a number: what relate.h takes. */
struct beside {
	struct relate_target target;
	int8_t *class;		/* owned, or NULL */
	enum insight_target kind;
	char *positive;		/* owned */
};

static void beside_clear(struct beside *b)
{
	free(b->class);
	free(b->positive);
	*b = (struct beside){ 0 };
}

static bool room_for_classes(struct beside *b, size_t rows, struct err *err)
{
	b->kind = INSIGHT_CLASSES;
	b->class = malloc(rows + 1);
	b->target.positive = b->class;
	return b->class || err_set(err, ERR_NOMEM, "no memory for %zu rows",
				   rows);
}

/* The level that is positive, or -1. */
static int positive_level(const struct column *c, const char *positive)
{
	for (size_t l = 0; positive && l < c->levels; l++)
		if (!strcmp(c->level[l], positive))
			return (int)l;
	return c->levels == 2 ? 1 : -1;
}

static bool classes_of_levels(struct beside *b, const struct table *table,
			      const struct column *c, const char *positive,
			      struct err *err)
{
	int level = positive_level(c, positive);

	if (level < 0)
		b->kind = c->levels > 2 ? INSIGHT_MANY : INSIGHT_NO_TARGET;
	if (level < 0)
		return true;
	if (!room_for_classes(b, table->rows, err))
		return false;
	b->positive = mem_strdup(c->level[level]);
	for (size_t i = 0; i < table->rows; i++)
		b->class[i] = c->code[i] == LEVEL_MISSING ? RELATE_UNKNOWN
			    : c->code[i] == (uint32_t)level;
	return true;
}

/* How many different numbers there are: 3 for three and more. */
static int few_numbers(const double *x, size_t n, double value[2])
{
	int found = 0;

	for (size_t i = 0; i < n; i++) {
		if (x[i] != x[i] || (found > 0 && x[i] == value[0]) ||
		    (found > 1 && x[i] == value[1]))
			continue;
		if (found == 2)
			return 3;
		value[found++] = x[i];
	}
	return found;
}

static bool classes_of_numbers(struct beside *b, const struct table *table,
			       const double *x, const char *positive,
			       struct err *err)
{
	double value[2], yes;
	char text[NUMBER_TEXT];

	b->kind = INSIGHT_NUMBER;
	b->target.number = x;
	if (few_numbers(x, table->rows, value) != 2)
		return true;
	b->target.number = NULL;
	if (!room_for_classes(b, table->rows, err))
		return false;
	yes = fmax(value[0], value[1]);
	for (int k = 0; k < 2 && positive; k++) {
		number_format(value[k], text);
		if (!strcmp(text, positive))
			yes = value[k];
	}
	number_format(yes, text);
	b->positive = mem_strdup(text);
	for (size_t i = 0; i < table->rows; i++)
		b->class[i] = x[i] != x[i] ? RELATE_UNKNOWN : x[i] == yes;
	return true;
}

static bool set_beside(struct beside *b, const struct search *search,
		       struct err *err)
{
	const struct table *table = search->table;
	const struct question *about = &search->about;
	const struct column *c;

	if (about->target < 0)
		return true;
	if ((size_t)about->target == about->column)
		b->kind = INSIGHT_SELF;
	if (b->kind == INSIGHT_SELF)
		return true;
	c = &table->column[about->target];
	return c->number
		? classes_of_numbers(b, table, c->number, about->positive, err)
		: classes_of_levels(b, table, c, about->positive, err);
}

/* NaN: not known. */
static double beside_at(const struct beside *b, size_t row)
{
	if (b->class)
		return b->class[row] < 0 ? NAN : b->class[row];
	return b->target.number ? b->target.number[row] : NAN;
}

/* ---- bars ---- */

/* A bar holds so many whole numbers, or the range is cut into equal parts. */
static void set_scale(struct insight *in)
{
	double range = in->most - in->least, step;

	in->low = in->least;
	in->high = in->most;
	in->bars = range > 0 ? INSIGHT_BARS : 1;
	in->whole = in->summary.whole && range < 1e15;
	if (!in->whole)
		return;
	step = ceil((range + 1) / INSIGHT_BARS);
	in->bars = (size_t)ceil((range + 1) / step);
	in->high = in->low + (double)in->bars * step;
}

/* Halves, as the whole range may be more than a double holds. */
static size_t bar_of(const struct insight *in, double x)
{
	double part = (x / 2 - in->low / 2) / (in->high / 2 - in->low / 2);
	double at = in->whole
		? floor((x - in->low) /
			((in->high - in->low) / (double)in->bars))
		: floor(part * (double)in->bars);

	return at > 0 ? at < (double)in->bars ? (size_t)at : in->bars - 1 : 0;
}

static bool is_code(const struct search *search, double x)
{
	for (size_t i = 0; i < search->codes; i++)
		if (x == search->code[i])
			return true;
	return false;
}

/* A code such as -999 would press all the others into one bar. */
static bool find_ends(struct insight *in, const struct search *search,
		      struct job *job, struct err *err)
{
	const double *x = search->table->column[in->column].number;

	in->least = in->summary.min;
	in->most = in->summary.max;
	if (search->codes == 0)
		return true;
	in->least = INFINITY;
	in->most = -INFINITY;
	for (size_t i = 0; i < search->table->rows; i++) {
		if (i % BLOCK == 0 && job_cancelled(job))
			return err_cancelled(err);
		if (x[i] != x[i] || is_code(search, x[i]))
			continue;
		in->least = fmin(in->least, x[i]);
		in->most = fmax(in->most, x[i]);
	}
	return true;
}

static bool number_bars(struct insight *in, const struct search *search,
			const struct beside *beside, struct job *job,
			struct err *err)
{
	const double *x = search->table->column[in->column].number;
	double sum[INSIGHT_BARS] = { 0 };

	if (in->summary.values == 0)
		return true;
	if (!find_ends(in, search, job, err))
		return false;
	set_scale(in);
	for (size_t i = 0; i < search->table->rows; i++) {
		double y = beside_at(beside, i);
		size_t k;

		if (i % BLOCK == 0 && job_cancelled(job))
			return err_cancelled(err);
		if (x[i] != x[i])
			continue;
		if (is_code(search, x[i])) {
			in->codes++;
			continue;
		}
		k = bar_of(in, x[i]);
		in->bar[k].count++;
		if (y != y)
			continue;
		in->bar[k].n++;
		sum[k] += y;
	}
	for (size_t k = 0; k < in->bars; k++)
		in->bar[k].mean = in->bar[k].n
			? sum[k] / (double)in->bar[k].n : NAN;
	return true;
}

/* Into the most frequent ones, the first of equals first. */
static void rank_level(struct insight *in, struct insight_bar bar)
{
	size_t at = in->bars;

	if (in->bars == INSIGHT_TOP && bar.count <= in->bar[at - 1].count)
		return;
	if (in->bars == INSIGHT_TOP)
		at--;
	else
		in->bars++;
	for (; at > 0 && in->bar[at - 1].count < bar.count; at--)
		in->bar[at] = in->bar[at - 1];
	in->bar[at] = bar;
}

static void rank_levels(struct insight *in, const struct column *c,
			const uint32_t *count, const struct relation *relation)
{
	size_t width, least = SIZE_MAX, most = 0;

	for (size_t l = 0; l < c->levels; l++) {
		struct insight_bar bar = { l, count[l], 0, NAN };

		if (count[l] == 0)
			continue;
		if (relation->count) {
			bar.n = relation->count[l];
			bar.mean = relation->mean[l];
		}
		rank_level(in, bar);
		if (c->type != COLUMN_TEXT)
			continue;
		width = strlen(c->level[l]);
		if (width < least)
			in->shortest = l, least = width;
		if (width > most)
			in->longest = l, most = width;
	}
}

static bool level_bars(struct insight *in, const struct search *search,
		       const struct relation *relation, struct job *job,
		       struct err *err)
{
	const struct column *c = &search->table->column[in->column];
	uint32_t *count = mem_try(c->levels + 1, sizeof(*count));

	if (!count)
		return err_set(err, ERR_NOMEM, "no memory for %zu levels",
			       c->levels);
	for (size_t i = 0; i < search->table->rows; i++) {
		if (i % BLOCK == 0 && job_cancelled(job))
			break;
		if (c->code[i] != LEVEL_MISSING)
			count[c->code[i]]++;
	}
	rank_levels(in, c, count, relation);
	free(count);
	return !job_cancelled(job) || err_cancelled(err);
}

/* ---- odd texts ---- */

/* Few cells are odd: their rows are collected, and then counted. */
static bool count_odd(struct insight *in, const struct search *search,
		      struct job *job, struct err *err)
{
	const struct column *c = &search->table->column[in->column];
	struct rows rows;
	struct values values;
	size_t n = 0;
	bool ok;

	if (c->odd_cells == 0)
		return true;
	if (!rows_room(&rows, c->odd_cells, err))
		return false;
	for (size_t i = 0; i < search->table->rows && n < rows.n; i++)
		if (table_odd(c, i))
			rows.row[n++] = (uint32_t)i;
	rows.n = n;
	ok = values_of(&values, search->table, in->column, &rows, job, err);
	rows_clear(&rows);
	if (!ok)
		return false;
	in->odd = mem_array(c->odds + 1, sizeof(*in->odd));
	for (size_t i = 0; i < values.n; i++)
		if (values.value[i].kind == VALUE_ODD)
			in->odd[values.value[i].text] = values.value[i].count;
	values_clear(&values);
	return true;
}

/* ---- the errand ---- */

/* The summary of the file is of its columns as they were found. */
static bool summarise(struct insight *in, const struct search *search,
		      struct job *job, struct err *err)
{
	struct table one = *search->table;
	struct summary *summary;

	if (search->summarised)
		return true;
	one.column = &search->table->column[in->column];
	one.columns = 1;
	summary = summary_of(&one, job, err);
	if (!summary)
		return false;
	in->summary = *summary;
	free(summary);
	return true;
}

/* Share or mean over all rows in which the target is known. */
static double over_all(const struct beside *beside, size_t rows)
{
	double sum = 0;
	size_t n = 0;

	for (size_t i = 0; i < rows; i++) {
		double y = beside_at(beside, i);

		if (y == y)
			sum += y, n++;
	}
	return n ? sum / (double)n : NAN;
}

/* A free text has no levels to hold against a target. */
static bool relate(struct insight *in, const struct search *search,
		   const struct beside *beside, struct relation *relation,
		   struct job *job, struct err *err)
{
	const struct column *c = &search->table->column[in->column];

	*relation = (struct relation){ .auc = NAN, .r = NAN };
	if ((beside->target.positive || beside->target.number) &&
	    c->type != COLUMN_TEXT &&
	    !relate_target(search->table, in->column, &beside->target,
			   relation, job, err))
		return false;
	in->target = beside->kind;
	in->positive = mem_strdup(beside->positive);
	in->all = over_all(beside, search->table->rows);
	in->auc = relation->auc;
	in->r = relation->r;
	return true;
}

bool insight_find_out(struct job *job, void *what, struct err *err)
{
	struct search *search = what;
	struct insight *in = search->insight;
	struct beside beside = { .class = NULL };
	struct relation relation = { 0 };
	bool ok;

	ok = summarise(in, search, job, err) &&
	     set_beside(&beside, search, err) &&
	     relate(in, search, &beside, &relation, job, err) &&
	     (search->table->column[in->column].number
		? number_bars(in, search, &beside, job, err)
		: level_bars(in, search, &relation, job, err)) &&
	     count_odd(in, search, job, err);
	relation_clear(&relation);
	beside_clear(&beside);
	return ok;
}

/* ---- with the other columns ---- */

bool insight_find_with(struct job *job, void *what, struct err *err)
{
	struct search *search = what;

	search->with = mem_try(search->table->columns, sizeof(double));
	if (!search->with)
		return err_set(err, ERR_NOMEM, "no memory for %zu columns",
			       search->table->columns);
	return relate_columns(search->table, search->about.column,
			      search->with, NULL, job, err);
}

/* ---- the values of a column ---- */

/* Values, then odd texts, then missing. */
static bool comes_after(const struct value *x, const struct value *y)
{
	if (x->kind != y->kind)
		return x->kind > y->kind;
	if (x->number < y->number || x->number > y->number)
		return x->number > y->number;
	return x->text > y->text;
}

/* Where the run that begins at i ends. */
static size_t run_end(const struct values *values, const uint32_t *order,
		      size_t i)
{
	for (i++; i < values->n; i++)
		if (comes_after(&values->value[order[i - 1]],
				&values->value[order[i]]))
			break;
	return i < values->n ? i : values->n;
}

/* Two runs that stand beside each other, i ... middle ... end, become one. */
static void merge(const struct values *values, const uint32_t *order,
		  size_t i, size_t middle, size_t end, uint32_t *to)
{
	size_t k = middle;

	for (size_t at = i; at < end; at++)
		if (k == end ||
		    (i < middle && !comes_after(&values->value[order[i]],
						&values->value[order[k]])))
			to[at] = order[i++];
		else
			to[at] = order[k++];
}

/*
 * Entries that are equally frequent stand in the order of their values, so
 * there are long runs of them: a merge sort that begins with these.
 */
static bool sort_runs(struct search *search, uint32_t *spare, struct job *job,
		      struct err *err)
{
	const struct values *values = &search->values;
	size_t runs = 2;

	while (runs > 1) {
		uint32_t *order = search->by_value;

		runs = 0;
		for (size_t i = 0, end = 0; i < values->n; i = end, runs++) {
			size_t middle = run_end(values, order, i);

			if (runs % 64 == 0 && job_cancelled(job))
				return err_cancelled(err);
			end = middle < values->n
				? run_end(values, order, middle) : middle;
			merge(values, order, i, middle, end, spare);
		}
		search->by_value = spare;
		spare = order;
	}
	return true;
}

static bool order_by_value(struct search *search, struct job *job,
			   struct err *err)
{
	size_t n = search->values.n;
	uint32_t *first = mem_try(n + 1, sizeof(*first));
	uint32_t *second = mem_try(n + 1, sizeof(*second));
	bool sorted = first && second;

	search->by_value = first;
	if (!sorted)
		err_set(err, ERR_NOMEM, "no memory for %zu values", n);
	for (size_t i = 0; i < n && sorted; i++)
		first[i] = (uint32_t)i;
	sorted = sorted && sort_runs(search, second, job, err);
	free(search->by_value == first ? second : first);
	return sorted;
}

bool insight_count_values(struct job *job, void *what, struct err *err)
{
	struct search *search = what;

	if (!search->rows.row &&
	    !rows_all(&search->rows, search->table->rows, err))
		return false;
	return values_of(&search->values, search->table, search->about.column,
			 &search->rows, job, err) &&
	       order_by_value(search, job, err);
}
