#include "run/trial.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/rng.h"
#include "run/work.h"

/*
 * The time that Newton's method takes goes with rows x p x (p + what reading a
 * cell costs); 2e9 of them are a third of a second on two slow cores.  So do
 * 1,000 features, however few the rows are.  Other methods walk over the rows
 * many times: a fifth of the rows is enough.
 */
#define COST_MOST 2e9
#define COST_CELL 20
enum { ROWS_LEAST = 1000, WIDE_MOST = 1000, SLOWER = 5 };

struct known {
	char *key;		/* owned */
	double score;
};

struct trials {
	struct known *known;	/* owned */
	size_t n;
};

struct trials *trials_new(void)
{
	return mem_new(sizeof(struct trials));
}

void trials_reset(struct trials *t)
{
	for (size_t i = 0; i < t->n; i++)
		free(t->known[i].key);
	free(t->known);
	*t = (struct trials){ 0 };
}

void trials_free(struct trials *t)
{
	if (!t)
		return;
	trials_reset(t);
	free(t);
}

/* ---- which method ---- */

static bool is_one_of(const struct method *method, const char *const *name,
		      size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!strcmp(method->name, name[i]))
			return true;
	return false;
}

const struct method *trial_method(const struct method *method,
				  enum task_kind task)
{
	static const char *const usual[] = { "baseline", "sgd" };
	static const char *const slow[] = { "forest", "boost", "mlp",
					    "neighbours", "vote", "stack" };

	if (is_one_of(method, usual, ARRAY_LEN(usual)))
		return method_for(task);
	if (is_one_of(method, slow, ARRAY_LEN(slow)))
		return method_find("tree");
	return method;
}

/* ---- which rows ---- */

/* Numbers of a row, as the method sees it. */
static double wide(const struct table *table, const struct settings *s)
{
	double p = 1;

	for (size_t c = 0; c < table->columns && c < s->columns; c++)
		if (settings_uses(s, c))
			p += table->column[c].number
				? 1 : (double)table->column[c].levels;
	return p;
}

static bool walks_often(const struct settings *s)
{
	static const char *const once[] = { "logistic", "linear", "ridge",
					    "tree", "bayes", "baseline" };
	const char *solver = options_maybe(&s->method_options, "solver");

	if (solver && strcmp(solver, "newton"))
		return true;
	return s->method && !is_one_of(s->method, once, ARRAY_LEN(once));
}

size_t trial_rows(const struct table *table, const struct settings *s)
{
	double p = wide(table, s), rows = COST_MOST / p / (p + COST_CELL);

	if (p > WIDE_MOST)
		return 0;
	if (walks_often(s))
		rows /= SLOWER;
	rows = rows > TRIAL_ROWS ? TRIAL_ROWS : rows;
	rows = rows < ROWS_LEAST ? ROWS_LEAST : rows;
	return rows < (double)table->rows ? (size_t)rows : table->rows;
}

/* One row at random of each of n stretches that are equally long. */
static void spread(struct rows *rows, size_t of)
{
	struct rng rng;

	rng_init(&rng, 1);
	for (size_t i = 0; i < rows->n; i++) {
		size_t from = (size_t)((double)i * (double)of /
				       (double)rows->n);
		size_t to = (size_t)((double)(i + 1) * (double)of /
				     (double)rows->n);

		rows->row[i] = (uint32_t)from +
			rng_upto(&rng, (uint32_t)(to - from - 1));
	}
}

/* A number between 0 and 1 that is the same for the same cell. */
static double lot(const struct column *c, size_t row)
{
	uint64_t x = 0;

	if (c->code)
		x = c->code[row];
	else
		memcpy(&x, &c->number[row], sizeof(x));
	x = (x ^ x >> 32) * UINT64_C(0x9e3779b97f4a7c15);	/* 2^64 / phi */
	x = (x ^ x >> 29) * UINT64_C(0xbf58476d1ce4e5b9);
	return (double)(x >> 11) / 9007199254740992.0;
}

static void whole_groups(struct rows *rows, const struct column *c, size_t of)
{
	double share = (double)rows->n / (double)of;
	size_t n = 0;

	for (size_t i = 0; i < of && n < rows->n; i++)
		if (lot(c, i) < share)
			rows->row[n++] = (uint32_t)i;
	rows->n = n;
}

static bool pick(const struct trial *t, size_t n, struct rows *rows,
		 struct err *err)
{
	size_t of = t->table->rows;

	if (!rows_room(rows, n, err))
		return false;
	if (t->pick == TRIAL_GROUPS)
		whole_groups(rows, &t->table->column[t->column], of);
	else if (t->pick == TRIAL_SPREAD)
		spread(rows, of);
	else
		for (size_t i = 0; i < n; i++)
			rows->row[i] = (uint32_t)(of - n + i);
	return true;
}

/* ---- a table of these rows ---- */

static bool gather_column(struct column *to, const struct column *from,
			  const struct rows *rows)
{
	to->number = NULL;
	to->code = NULL;
	to->missing = to->odd_cells = 0;
	if (from->number)
		to->number = mem_try(rows->n, sizeof(*to->number));
	else
		to->code = mem_try(rows->n, sizeof(*to->code));
	if (!to->number && !to->code)
		return false;
	for (size_t i = 0; i < rows->n; i++) {
		if (to->number)
			to->number[i] = from->number[rows->row[i]];
		else
			to->code[i] = from->code[rows->row[i]];
		to->missing += table_is_missing(to, i);
	}
	return true;
}

static void part_free(struct table *part)
{
	for (size_t c = 0; part->column && c < part->columns; c++) {
		free(part->column[c].number);
		free(part->column[c].code);
	}
	free(part->column);
}

/* Names and levels stay with the table. */
static bool part_of(struct table *part, const struct table *table,
		    const struct rows *rows, struct err *err)
{
	*part = (struct table){ .rows = rows->n, .columns = table->columns,
				.derived = table->derived,
				.decimal = table->decimal,
				.thousands = table->thousands,
				.dates = table->dates };
	part->column = mem_array(part->columns, sizeof(*part->column));
	for (size_t c = 0; c < part->columns; c++) {
		part->column[c] = table->column[c];
		part->column[c].number = NULL;
		part->column[c].code = NULL;
	}
	for (size_t c = 0; c < part->columns; c++)
		if (!gather_column(&part->column[c], &table->column[c], rows))
			return err_set(err, ERR_NOMEM, "no memory to try %zu "
				       "rows", rows->n);
	return true;
}

/* ---- one trial ---- */

static bool train(const struct table *table, const struct settings *s,
		  double *score, struct job *job, struct err *err)
{
	struct stages *stages = stages_new();
	struct result *result = work_train(stages, table, s, job, err);

	if (result)
		*score = result_plain_rank(result);
	result_free(result);
	stages_free(stages);
	return result;
}

static bool on_some(const struct trial *t, size_t n, double *score,
		    struct job *job, struct err *err)
{
	struct table part = { 0 };
	struct rows rows = { 0 };
	bool ok = pick(t, n, &rows, err) &&
		  part_of(&part, t->table, &rows, err) &&
		  train(&part, t->settings, score, job, err);

	part_free(&part);
	rows_clear(&rows);
	return ok;
}

bool trial_run(struct trials *trials, const struct trial *t, double *score,
	       struct job *job, struct err *err)
{
	size_t n = t->rows;
	char *text = settings_format(t->settings, t->table);
	char *key = mem_printf("%zu %d %zu\n%s", n, (int)t->pick, t->column,
			       text);
	bool ok;

	free(text);
	for (size_t i = 0; i < trials->n; i++)
		if (!strcmp(trials->known[i].key, key)) {
			*score = trials->known[i].score;
			free(key);
			return true;
		}
	ok = n < t->table->rows ? on_some(t, n, score, job, err)
				: train(t->table, t->settings, score, job,
					err);
	if (!ok) {
		free(key);
		return false;
	}
	trials->known = mem_grow(trials->known, trials->n,
				 sizeof(*trials->known));
	trials->known[trials->n++] = (struct known){ key, *score };
	return true;
}
