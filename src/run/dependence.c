#include "run/dependence.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "run/what-if.h"

/* Training rows that say how the column lies. */
enum { VALUES_MOST = 20000 };

/* Beyond these quantiles there is hardly any data; the points go from and to
 * others, so that a single outlier does not press them together. */
#define RARE_BELOW 0.05
#define RARE_ABOVE 0.95
#define FIRST 0.005
#define LAST 0.995
/* And so it is where there is less than this part of an even share. */
#define RARE_SHARE 0.2
/* Or fewer rows than these. */
#define RARE_ROWS 2.5

const struct option dependence_options[] = {
	{ "points", OPTION_WHOLE, "20", 2, 200, NULL,
	  "values of the column; of a category levels, at most" },
	{ "rows", OPTION_WHOLE, "1000", 1, 1e6, NULL,
	  "so many of the test rows, at most" },
	{ NULL }
};

bool dependence_fits(const struct fitted *f, size_t column, struct err *err)
{
	for (size_t j = 0; j < f->design->p; j++)
		if (f->design->feature[j].column == column)
			return true;
	return err_set(err, ERR_USAGE, "%.80s is no feature of the model: "
		       "train with it first", f->table->column[column].name);
}

static struct dependence_point *add_point(struct dependence *d, double x,
					  char *text)
{
	struct dependence_point *p;

	d->point = mem_grow(d->point, d->points, sizeof(*d->point));
	p = &d->point[d->points++];
	*p = (struct dependence_point){ .x = x, .text = text, .low = NAN,
					.high = NAN };
	p->mean = mem_array(d->outputs, sizeof(*p->mean));
	return p;
}

/* ---- the values of a number ---- */

static int ascending(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* In order; those that are missing are not among them. */
static double *values_of(const struct fitted *f, const struct column *c,
			 size_t *n)
{
	size_t most = f->train.n < VALUES_MOST ? f->train.n : VALUES_MOST;
	double *value = mem_array(most + 1, sizeof(*value));

	*n = 0;
	for (size_t i = 0; i < most; i++) {
		uint32_t row = f->train.row[i * f->train.n / most];

		if (isfinite(c->number[row]))
			value[(*n)++] = c->number[row];
	}
	qsort(value, *n, sizeof(*value), ascending);
	return value;
}

static char *text_of(const struct column *c, double x)
{
	struct column one = *c;
	char text[TABLE_TEXT];

	if (c->type != COLUMN_TIME)
		return mem_printf("%.6g", x);
	one.number = &x;
	return mem_strdup(table_text(&one, 0, text));
}

static size_t distinct(const double *value, size_t n, bool *whole)
{
	size_t found = n > 0;

	*whole = true;
	for (size_t i = 0; i < n; i++) {
		found += i > 0 && value[i] != value[i - 1];
		*whole &= value[i] == floor(value[i]);
	}
	return found;
}

/* As many as there are, when they are few; else evenly from end to end. */
static void place_points(struct dependence *d, const struct column *c,
			 const double *value, size_t n, size_t points)
{
	double low = value[(size_t)(FIRST * (double)(n - 1))];
	double high = value[(size_t)ceil(LAST * (double)(n - 1))];
	bool whole, all = distinct(value, n, &whole) <= points;

	for (size_t i = 0; all && i < n; i++)
		if (i == 0 || value[i] != value[i - 1])
			add_point(d, value[i], text_of(c, value[i]));
	for (size_t i = 0; !all && i < points; i++) {
		double x = low + (high - low) * (double)i /
			   (double)(points - 1);

		x = whole ? round(x) : x;
		if (i == 0 || x > d->point[d->points - 1].x)
			add_point(d, x, text_of(c, x));
	}
}

/* Each value counts for the point that is nearest. */
static void share_points(struct dependence *d, const double *value, size_t n)
{
	double low = value[(size_t)(RARE_BELOW * (double)(n - 1))];
	double high = value[(size_t)ceil(RARE_ABOVE * (double)(n - 1))];
	double even = 1 / (double)d->points;
	size_t at = 0;

	for (size_t i = 0; i < n; i++) {
		while (at + 1 < d->points && value[i] - d->point[at].x >
		       d->point[at + 1].x - value[i])
			at++;
		d->point[at].share += 1 / (double)n;
	}
	for (size_t i = 0; i < d->points; i++) {
		struct dependence_point *p = &d->point[i];

		p->rare = p->x < low || p->x > high ||
			  p->share < RARE_SHARE * even ||
			  p->share * (double)n < RARE_ROWS;
	}
}

static bool number_points(struct dependence *d, const struct fitted *f,
			  const struct column *c, size_t points,
			  struct err *err)
{
	size_t n;
	double *value = values_of(f, c, &n);

	if (n > 0) {
		place_points(d, c, value, n, points);
		share_points(d, value, n);
	}
	free(value);
	return n > 0 || err_set(err, ERR_DATA, "%.80s has no value in the "
				"training rows", c->name);
}

/* ---- levels ---- */

/* The most frequent ones, the first one first; x is the level. */
static bool level_points(struct dependence *d, const struct fitted *f,
			 const struct column *c, size_t points,
			 struct err *err)
{
	size_t *count = mem_array(c->levels + 1, sizeof(*count)), n = 0;

	for (size_t i = 0; i < f->train.n; i++) {
		uint32_t code = c->code[f->train.row[i]];

		if (code == LEVEL_MISSING)
			continue;
		count[code]++;
		n++;
	}
	while (d->points < points) {
		struct dependence_point *p;
		size_t most = 0;

		for (size_t l = 1; l < c->levels; l++)
			if (count[l] > count[most])
				most = l;
		if (count[most] == 0)
			break;
		p = add_point(d, (double)most, mem_strdup(c->level[most]));
		p->share = (double)count[most] / (double)n;
		count[most] = 0;
	}
	for (size_t i = 0; i < d->points; i++)
		d->point[i].rare = d->point[i].share * (double)d->points <
				   RARE_SHARE ||
				   d->point[i].share * (double)n < RARE_ROWS;
	free(count);
	return d->points > 0 ||
	       err_set(err, ERR_DATA, "%.80s has no level in the training "
		       "rows", c->name);
}

/* ---- asking ---- */

/* told may end in another order. */
static void sum_up(struct dependence *d, struct dependence_point *p,
		   double *told, size_t n)
{
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < d->outputs; k++)
			p->mean[k] += told[i * d->outputs + k] / (double)n;
	if (d->outputs > 1)
		return;
	qsort(told, n, sizeof(*told), ascending);
	p->low = told[(size_t)(0.1 * (double)(n - 1))];
	p->high = told[(size_t)ceil(0.9 * (double)(n - 1))];
}

static bool ask_all(struct dependence *d, const struct fitted *f,
		    size_t column, const struct rows *rows, struct job *job,
		    struct err *err)
{
	struct what_if *w = what_if_new(f);
	double *told = mem_try(rows->n * d->outputs + 1, sizeof(*told));
	bool ok = told && what_if_own(w, column, err);

	if (!told)
		err_set(err, ERR_NOMEM, "no memory to tell %zu rows", rows->n);
	for (size_t k = 0; ok && k < d->points; k++) {
		double x = d->point[k].x;

		for (size_t i = 0; i < rows->n; i++)
			what_if_set(w, column, rows->row[i], x,
				    d->category ? (uint32_t)x : 0);
		ok = what_if_tell(w, rows, told, job, err);
		if (ok)
			sum_up(d, &d->point[k], told, rows->n);
		job_progress(job, (double)(k + 1) / (double)d->points);
	}
	what_if_free(w);
	free(told);
	return ok;
}

struct dependence *dependence_find(const struct asked *q, size_t column,
				   const struct option_values *options,
				   struct job *job, struct err *err)
{
	const struct fitted *f = q->fitted;
	const struct column *c = &f->table->column[column];
	size_t points = (size_t)options_number(options, "points");
	size_t most = (size_t)options_number(options, "rows");
	struct dependence *d = mem_new(sizeof(*d));
	struct rows rows = { 0 };
	bool ok;

	d->column = mem_strdup(c->name);
	d->unit = mem_strdup(c->unit);
	d->category = c->code;
	d->outputs = f->model.outputs;
	d->probability = f->model.task == TASK_CLASSIFICATION;
	ok = dependence_fits(f, column, err) &&
	     asked_rows(f, most, q->seed, &rows, &d->of, &d->training, err) &&
	     (d->category ? level_points(d, f, c, points, err)
			  : number_points(d, f, c, points, err)) &&
	     ask_all(d, f, column, &rows, job, err);
	d->rows = rows.n;
	rows_clear(&rows);
	if (ok)
		return d;
	dependence_free(d);
	return NULL;
}
