/*
 * why-near.c - the training rows that are most like a row
 *
 * The distance is Euclid's over the columns that the model looks at, each in
 * its own deviations on the training rows, as it is treated; of categories 0
 * for the same level, else 1, and so where one of two cells is missing.
 */
#include "run/why.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"

enum { BLOCK = 1024 };

struct seeking {
	const struct fitted *f;
	size_t row, columns;
	size_t *column;		/* owned */
	double *sd;		/* owned: of each */
	double *away;		/* owned: squares, of each training row */
};

/* ---- columns after each other ---- */

static void read_numbers(const struct seeking *s, size_t k, const uint32_t *row,
			 size_t n, double *x)
{
	size_t c = s->column[k];
	const struct treatment *t = &s->f->treatment[c];

	treatment_numbers(t, t->steps, &s->f->table->column[c], row, n, x);
}

/* Over n, from the first value on. */
static double deviation(const struct seeking *s, size_t k)
{
	const struct rows *train = &s->f->train;
	double x[BLOCK], sum = 0, squares = 0, first = NAN, known = 0;

	for (size_t i = 0; i < train->n; i += BLOCK) {
		size_t n = train->n - i < BLOCK ? train->n - i : BLOCK;

		read_numbers(s, k, train->row + i, n, x);
		for (size_t j = 0; j < n; j++) {
			if (!isfinite(x[j]))
				continue;
			first = isnan(first) ? x[j] : first;
			sum += x[j] - first;
			squares += (x[j] - first) * (x[j] - first);
			known++;
		}
	}
	return known > 0 ? sqrt(fmax(squares / known - sum / known *
				     (sum / known), 0)) : 0;
}

static double square_of(double a, double b, double sd)
{
	if (isnan(a) || isnan(b))
		return isnan(a) != isnan(b);
	return sd > 0 ? (a - b) / sd * ((a - b) / sd) : 0;
}

static void add_numbers(struct seeking *s, size_t k)
{
	const struct rows *train = &s->f->train;
	uint32_t at = (uint32_t)s->row;
	double x[BLOCK], mine;

	read_numbers(s, k, &at, 1, &mine);
	for (size_t i = 0; i < train->n; i += BLOCK) {
		size_t n = train->n - i < BLOCK ? train->n - i : BLOCK;

		read_numbers(s, k, train->row + i, n, x);
		for (size_t j = 0; j < n; j++)
			s->away[i + j] += square_of(mine, x[j], s->sd[k]);
	}
}

static void add_levels(struct seeking *s, size_t k)
{
	const struct column *c = &s->f->table->column[s->column[k]];
	const struct treatment *t = &s->f->treatment[s->column[k]];
	uint32_t mine = treatment_code(t, c, s->row);

	for (size_t i = 0; i < s->f->train.n; i++)
		s->away[i] += treatment_code(t, c, s->f->train.row[i]) != mine;
}

static bool add_all(struct seeking *s, struct job *job, struct err *err)
{
	for (size_t k = 0; k < s->columns; k++) {
		if (s->f->table->column[s->column[k]].code) {
			add_levels(s, k);
		} else {
			s->sd[k] = deviation(s, k);
			add_numbers(s, k);
		}
		if (job_cancelled(job))
			return err_cancelled(err);
	}
	return true;
}

/* ---- the nearest ---- */

/* "torque 42.8": where the other is furthest away. */
static char *differs(const struct seeking *s, size_t row)
{
	double most = 0;
	size_t found = s->columns;
	char text[TABLE_TEXT];

	for (size_t k = 0; k < s->columns; k++) {
		size_t c = s->column[k];
		const struct column *column = &s->f->table->column[c];
		const struct treatment *t = &s->f->treatment[c];
		double away = column->code ?
			treatment_code(t, column, row) !=
			treatment_code(t, column, s->row) :
			square_of(treatment_number(t, column, row),
				  treatment_number(t, column, s->row),
				  s->sd[k]);

		if (away > most) {
			most = away;
			found = k;
		}
	}
	if (found == s->columns)
		return NULL;
	return mem_printf("%s %s", s->f->table->column[s->column[found]].name,
			  table_text(&s->f->table->column[s->column[found]],
				     row, text));
}

/* Into its place among those so far; of equals the first in the file. */
static void take(struct why *w, size_t row, double away)
{
	size_t at = w->nears;

	while (at > 0 && (away < w->near[at - 1].distance ||
			  (!(away > w->near[at - 1].distance) &&
			   row < w->near[at - 1].row)))
		at--;
	if (at == WHY_NEAR)
		return;
	if (w->nears < WHY_NEAR)
		w->nears++;
	for (size_t i = w->nears - 1; i > at; i--)
		w->near[i] = w->near[i - 1];
	w->near[at] = (struct why_near){ .row = row, .distance = away };
}

static void choose(struct why *w, const struct seeking *s,
		   const struct column *target)
{
	const struct rows *train = &s->f->train;

	for (size_t i = 0; i < train->n; i++)
		if (train->row[i] != s->row)
			take(w, train->row[i], s->away[i]);
	for (size_t i = 0; i < w->nears; i++) {
		struct why_near *near = &w->near[i];
		char text[TABLE_TEXT];

		near->distance = sqrt(near->distance);
		near->truth = mem_strdup(table_text(target, near->row, text));
		near->differs = differs(s, near->row);
	}
}

bool why_nearest(struct why *w, const struct asked *q, struct job *job,
		 struct err *err)
{
	struct seeking s = { .f = q->fitted, .row = w->row };
	struct asked_target target;
	bool ok;

	if (!asked_target(&target, q, err))
		return false;
	s.column = asked_columns(s.f, &s.columns);
	s.sd = mem_array(s.columns + 1, sizeof(*s.sd));
	s.away = mem_try(s.f->train.n + 1, sizeof(*s.away));
	ok = s.away ? add_all(&s, job, err) :
	     err_set(err, ERR_NOMEM, "no memory to compare %zu rows",
		     s.f->train.n);
	if (ok)
		choose(w, &s, target.column);
	free(s.away);
	free(s.sd);
	free(s.column);
	asked_target_clear(&target);
	return ok;
}
