/*
 * importance.c - columns shuffled among the test rows
 *
 * The interval is that of a jackknife: the rows are dealt into 40 blocks, the
 * drop is measured with each of them left out, and how much these differ tells
 * how much chance is in it: that in which rows test, and that in how they were
 * shuffled.
 */
#include "run/importance.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/rng.h"
#include "learn/student.h"
#include "run/alike.h"
#include "run/what-if.h"

/* Of fewer rows than ROWS_LEAST no interval can be told, and of few rows each
 * is a block. */
enum { BLOCKS_MOST = 40, ROWS_LEAST = 5 };

const struct option importance_options[] = {
	{ "repeats", OPTION_WHOLE, "5", 1, 1000, NULL,
	  "how often each column is shuffled" },
	{ "score", OPTION_CHOICE, NULL, 0, 0, "mcc accuracy loss r2 rmse",
	  "what is to drop; mcc for classes, r2 for numbers" },
	{ "rows", OPTION_WHOLE, "20000", 10, 1e9, NULL,
	  "so many of the test rows, at most" },
	{ NULL }
};

enum score { SCORE_MCC, SCORE_ACCURACY, SCORE_LOSS, SCORE_R2, SCORE_RMSE };

static const char *const score_name[] = { "mcc", "accuracy", "log loss", "r2",
					  "rmse" };
static const char *const score_word[] = { "mcc", "accuracy", "loss", "r2",
					  "rmse" };

static enum score score_of(const struct option_values *options,
			   const struct result *r)
{
	const char *word = options_text(options, "score");
	int k = 0;

	if (!word)
		return r->task == TASK_REGRESSION ? SCORE_R2 : SCORE_MCC;
	while (strcmp(score_word[k], word))
		k++;
	return (enum score)k;
}

bool importance_fits(const struct option_values *options,
		     const struct result *r, struct err *err)
{
	enum score score = score_of(options, r);

	if ((score >= SCORE_R2) == (r->task == TASK_REGRESSION))
		return true;
	return err_set(err, ERR_USAGE, r->task == TASK_REGRESSION ?
		       "score=%s is of classes, and the target is a number: "
		       "r2, rmse" : "score=%s is of numbers, and the target "
		       "has classes: mcc, accuracy, loss", score_word[score]);
}

/* ---- what is counted of some rows ---- */

/*
 * Numbers that add up: rows, those told rightly, their log loss, and of each
 * class those that are it and those that are told it; of numbers rows, and the
 * sums of e^2, d and d^2, e being the error and d what is true, from the first
 * one on.
 */
enum { ROWS, RIGHT, LOSS, OF_CLASS };
enum { ERRORS = 1, FIRST = 2, SECOND = 3, NUMBERS = 4 };

struct asking {
	const struct asked *q;
	enum score score;
	struct rows rows;
	uint32_t *class_of;	/* owned, or NULL */
	double *number;		/* owned, or NULL */
	size_t width;		/* numbers told of a row */
	size_t blocks;
	size_t terms;		/* of a count */
	double *told;		/* owned */
	size_t repeats;
	double *now;		/* owned: counts of all blocks */
	double *then;		/* owned: the same of each repeat */
};

static void count_class(const struct asking *a, size_t i, double *count)
{
	const double *told = a->told + i * a->width;
	size_t classes = a->q->result->classes, truly = a->class_of[i];
	size_t k = asked_told(a->q->result, told);
	double p = a->width > 1 ? told[truly] : truly ? *told : 1 - *told;

	count[RIGHT] += k == truly;
	count[LOSS] -= log(fmax(p, 1e-15));
	count[OF_CLASS + truly]++;
	count[OF_CLASS + classes + k]++;
}

static void count_number(const struct asking *a, size_t i, double *count)
{
	double e = a->told[i] - a->number[i], d = a->number[i] - a->number[0];

	count[ERRORS] += e * e;
	count[FIRST] += d;
	count[SECOND] += d * d;
}

static void count_all(const struct asking *a, double *count)
{
	memset(count, 0, a->blocks * a->terms * sizeof(*count));
	for (size_t i = 0; i < a->rows.n; i++) {
		double *to = count + i % a->blocks * a->terms;

		to[ROWS]++;
		if (a->class_of)
			count_class(a, i, to);
		else
			count_number(a, i, to);
	}
}

/* ---- scores ---- */

static double mcc_of(const double *count, size_t classes)
{
	double n = count[ROWS], both = 0, truly = 0, told = 0, spread;

	for (size_t k = 0; k < classes; k++) {
		double t = count[OF_CLASS + k];
		double s = count[OF_CLASS + classes + k];

		both += t * s;
		truly += t * t;
		told += s * s;
	}
	spread = (n * n - truly) * (n * n - told);
	return spread > 0 ? (count[RIGHT] * n - both) / sqrt(spread) : 0;
}

/* The more the better, also where less is better by its nature. */
static double score_count(const struct asking *a, const double *count)
{
	double n = count[ROWS], spread;

	switch (a->score) {
	case SCORE_MCC:
		return mcc_of(count, a->q->result->classes);
	case SCORE_ACCURACY:
		return count[RIGHT] / n;
	case SCORE_LOSS:
		return -count[LOSS] / n;
	case SCORE_RMSE:
		return -sqrt(count[ERRORS] / n);
	case SCORE_R2:
		break;
	}
	spread = count[SECOND] - count[FIRST] / n * count[FIRST];
	return spread > 0 ? 1 - count[ERRORS] / spread : NAN;
}

/* The score of all blocks but one; out of a->blocks: of all. */
static double score_without(const struct asking *a, const double *count,
			    size_t out)
{
	double *sum = mem_array(a->terms, sizeof(*sum)), score;

	for (size_t b = 0; b < a->blocks; b++)
		for (size_t k = 0; k < a->terms && b != out; k++)
			sum[k] += count[b * a->terms + k];
	score = score_count(a, sum);
	free(sum);
	return score;
}

/* The mean drop over the repeats. */
static double drop_without(const struct asking *a, size_t out)
{
	double now = score_without(a, a->now, out), sum = 0;

	for (size_t r = 0; r < a->repeats; r++)
		sum += now - score_without(a, a->then +
					   r * a->blocks * a->terms, out);
	return sum / (double)a->repeats;
}

static void measure(const struct asking *a, struct importance_group *g)
{
	double drop[BLOCKS_MOST], mean = 0, squares = 0, error;
	double n = (double)a->blocks;

	g->drop = drop_without(a, a->blocks);
	g->low = g->high = NAN;
	if (a->blocks < ROWS_LEAST)
		return;
	for (size_t b = 0; b < a->blocks; b++) {
		drop[b] = drop_without(a, b);
		mean += drop[b] / n;
	}
	for (size_t b = 0; b < a->blocks; b++)
		squares += (drop[b] - mean) * (drop[b] - mean);
	error = student_t(0.05, n - 1) * sqrt(squares * (n - 1) / n);
	g->low = g->drop - error;
	g->high = g->drop + error;
}

/* ---- asking ---- */

static bool take_truth(struct asking *a, struct err *err)
{
	bool numbers = a->q->result->task == TASK_REGRESSION;
	struct asked_target target;
	size_t n = 0;

	if (!asked_target(&target, a->q, err))
		return false;
	if (numbers)
		a->number = mem_array(a->rows.n + 1, sizeof(*a->number));
	else
		a->class_of = mem_array(a->rows.n + 1, sizeof(*a->class_of));
	for (size_t i = 0; i < a->rows.n; i++) {
		uint32_t row = a->rows.row[i];

		if (numbers)
			a->number[n] = target.column->number[row];
		else
			a->class_of[n] = asked_class(&target, row);
		a->rows.row[n] = row;
		n += numbers || a->class_of[n] < a->q->result->classes;
	}
	a->rows.n = n;
	asked_target_clear(&target);
	return n > 0 || err_set(err, ERR_DATA, "there are no rows to shuffle");
}

static bool begin(struct asking *a, const struct option_values *options,
		  struct importance *im, struct err *err)
{
	const struct result *r = a->q->result;
	size_t most = (size_t)options_number(options, "rows");

	if (!asked_rows(a->q->fitted, most, a->q->seed, &a->rows, &im->of,
			&im->training, err) || !take_truth(a, err))
		return false;
	a->score = score_of(options, r);
	a->repeats = (size_t)options_number(options, "repeats");
	a->width = a->q->fitted->model.outputs;
	a->blocks = a->rows.n < BLOCKS_MOST ? a->rows.n : BLOCKS_MOST;
	a->terms = a->number ? NUMBERS : OF_CLASS + 2 * r->classes;
	a->now = mem_array(a->blocks * a->terms, sizeof(*a->now));
	a->then = mem_try(a->repeats * a->blocks * a->terms, sizeof(*a->then));
	a->told = mem_try(a->rows.n * a->width, sizeof(*a->told));
	im->score = score_name[a->score];
	im->rows = a->rows.n;
	im->repeats = a->repeats;
	return (a->then && a->told) ||
	       err_set(err, ERR_NOMEM, "no memory to shuffle %zu rows",
		       a->rows.n);
}

static void end(struct asking *a)
{
	rows_clear(&a->rows);
	free(a->class_of);
	free(a->number);
	free(a->now);
	free(a->then);
	free(a->told);
}

/* The same shuffles for all the columns, so that they can be compared. */
static void shuffled(const struct asking *a, size_t repeat, uint32_t *from)
{
	struct rng rng;

	rng_init(&rng, a->q->seed + (uint32_t)repeat + 1);
	memcpy(from, a->rows.row, a->rows.n * sizeof(*from));
	rng_shuffle(&rng, from, a->rows.n);
}

static bool ask_one(struct asking *a, struct what_if *w, const size_t *column,
		    size_t columns, size_t repeat, struct job *job,
		    struct err *err)
{
	uint32_t *from = mem_array(a->rows.n, sizeof(*from));
	bool ok;

	shuffled(a, repeat, from);
	for (size_t c = 0; c < columns; c++)
		for (size_t i = 0; i < a->rows.n; i++)
			what_if_take(w, column[c], a->rows.row[i], from[i]);
	free(from);
	ok = what_if_tell(w, &a->rows, a->told, job, err);
	if (ok)
		count_all(a, a->then + repeat * a->blocks * a->terms);
	return ok;
}

/* One group: the columns that are in it. */
static bool ask_group(struct asking *a, struct what_if *w,
		      const size_t *column, size_t columns,
		      struct importance_group *g, struct job *job,
		      struct err *err)
{
	bool ok = true;

	g->columns = columns;
	g->column = mem_array(columns, sizeof(*g->column));
	for (size_t c = 0; c < columns; c++) {
		const struct table *table = a->q->fitted->table;

		g->column[c] = mem_strdup(table->column[column[c]].name);
		ok = ok && what_if_own(w, column[c], err);
	}
	for (size_t r = 0; ok && r < a->repeats; r++)
		ok = ask_one(a, w, column, columns, r, job, err);
	if (ok)
		measure(a, g);
	what_if_forget(w);
	return ok;
}

static bool ask_all(struct asking *a, struct importance *im, struct job *job,
		    struct err *err)
{
	struct what_if *w = what_if_new(a->q->fitted);
	size_t n, *column = asked_columns(a->q->fitted, &n), groups;
	size_t *group = mem_array(n + 1, sizeof(*group));
	size_t *mine = mem_array(n + 1, sizeof(*mine));
	bool ok = what_if_tell(w, &a->rows, a->told, job, err);

	groups = ok ? alike_groups(a->q->fitted, column, n, group, job, err)
		    : 0;
	ok = groups > 0;
	if (ok) {
		count_all(a, a->now);
		im->now = fabs(score_without(a, a->now, a->blocks));
		if (a->score != SCORE_LOSS && a->score != SCORE_RMSE)
			im->now = score_without(a, a->now, a->blocks);
		im->group = mem_array(groups, sizeof(*im->group));
	}
	for (size_t g = 0; ok && g < groups; g++) {
		size_t columns = 0;

		for (size_t i = 0; i < n; i++)
			if (group[i] == g)
				mine[columns++] = column[i];
		ok = ask_group(a, w, mine, columns, &im->group[im->groups++],
			       job, err);
		job_progress(job, (double)im->groups / (double)groups);
	}
	what_if_free(w);
	free(mine);
	free(group);
	free(column);
	return ok;
}

/* What cannot be measured stands last. */
static int larger_first(const void *a, const void *b)
{
	const struct importance_group *x = a, *y = b;
	double p = isnan(x->drop) ? -INFINITY : x->drop;
	double q = isnan(y->drop) ? -INFINITY : y->drop;

	if (p != q)
		return p < q ? 1 : -1;
	return strcmp(x->column[0], y->column[0]);
}

struct importance *importance_find(const struct asked *q,
				   const struct option_values *options,
				   struct job *job, struct err *err)
{
	struct asking a = { .q = q };
	struct importance *im = mem_new(sizeof(*im));
	bool ok = importance_fits(options, q->result, err) &&
		  begin(&a, options, im, err) && ask_all(&a, im, job, err);

	end(&a);
	if (ok) {
		qsort(im->group, im->groups, sizeof(*im->group),
		      larger_first);
		return im;
	}
	importance_free(im);
	return NULL;
}
