#include "learn/previous.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/sum.h"
#include "data/order.h"
#include "data/sort.h"

enum { LOOK_ROWS = 65536 };

struct previous {
	size_t owners;
	double *told;		/* owned: of each row of the table */
};

/* ---- rows in order of time ---- */

/* Rows that train and that test, in the order of the file. */
static bool join(const struct problem *p, struct rows *all, struct err *err)
{
	size_t n = p->train->n, more = p->test ? p->test->n : 0;
	struct order order;
	struct rows both;

	if (!rows_room(&both, n + more, err))
		return false;
	memcpy(both.row, p->train->row, n * sizeof(*both.row));
	if (more > 0)
		memcpy(both.row + n, p->test->row, more * sizeof(*both.row));
	if (!order_init(&order, &both, err)) {
		rows_clear(&both);
		return false;
	}
	memcpy(both.row, order.row, both.n * sizeof(*both.row));
	order_clear(&order);
	*all = both;
	return true;
}

static double time_at(const struct column *time, uint32_t row)
{
	double t = time->number[row];

	return isnan(t) ? INFINITY : t;
}

static bool in_order(const struct column *time, const struct rows *rows)
{
	for (size_t i = 1; i < rows->n; i++)
		if (time_at(time, rows->row[i]) <
		    time_at(time, rows->row[i - 1]))
			return false;
	return true;
}

/* By the lower half of the key, then by the upper: each keeps the order that
 * it finds.  False: no memory, or stopped. */
static bool sort_by(const struct column *time, struct rows *rows,
		    const struct job *job)
{
	uint64_t *a = mem_try(rows->n, sizeof(*a));
	uint64_t *b = mem_try(rows->n, sizeof(*b)), *sorted = NULL;

	for (size_t i = 0; i < rows->n && a && b; i++)
		a[i] = sort_key(time_at(time, rows->row[i])) << 32 |
		       rows->row[i];
	if (a && b)
		sorted = sort_upper(a, b, rows->n, job);
	for (size_t i = 0; i < rows->n && sorted; i++) {
		uint32_t row = (uint32_t)sorted[i];

		sorted[i] = (sort_key(time_at(time, row)) >> 32) << 32 | row;
	}
	if (sorted)
		sorted = sort_upper(sorted, sorted == a ? b : a, rows->n, job);
	for (size_t i = 0; i < rows->n && sorted; i++)
		rows->row[i] = (uint32_t)sorted[i];
	free(a);
	free(b);
	return sorted;
}

/* ---- what is told ---- */

/* Rows of one time do not know of each other. */
static bool walk(struct previous *s, const struct problem *p,
		 const struct rows *rows, double mean, const struct job *job)
{
	const double *number = p->target->number;
	double known = mean;

	for (size_t i = 0, end; i < rows->n; i = end) {
		for (end = i + 1; p->time && end < rows->n &&
		     time_at(p->time, rows->row[end]) ==
		     time_at(p->time, rows->row[i]); end++)
			;
		for (size_t k = i; k < end; k++)
			s->told[rows->row[k]] = known;
		if (!isnan(number[rows->row[end - 1]]))
			known = number[rows->row[end - 1]];
		if (i / LOOK_ROWS != end / LOOK_ROWS && job_stopped(job))
			return false;
	}
	return true;
}

struct previous *previous_new(const struct problem *p, double mean,
			      struct job *job, struct err *err)
{
	size_t rows = p->design->table->rows;
	struct previous *s;
	struct rows all;
	bool ok;

	if (!join(p, &all, err))
		return NULL;
	s = mem_new(sizeof(*s));
	s->owners = 1;
	s->told = mem_try(rows, sizeof(*s->told));
	for (size_t i = 0; i < rows && s->told; i++)
		s->told[i] = mean;
	ok = s->told && (!p->time || in_order(p->time, &all) ||
			 sort_by(p->time, &all, job)) &&
	     walk(s, p, &all, mean, job);
	rows_clear(&all);
	if (ok)
		return s;
	previous_release(s);
	if (job_stopped(job))
		err_cancelled(err);
	else
		err_set(err, ERR_NOMEM, "no memory for %zu rows", rows);
	return NULL;
}

double previous_loss(const struct previous *s, const struct problem *p)
{
	struct sum sum = { 0 };

	for (size_t i = 0; i < p->train->n; i++) {
		double off = p->number[i] - s->told[p->train->row[i]];

		sum_add(&sum, off * off);
	}
	return sum_of(&sum) / (double)p->train->n;
}

/* ---- the kind of model ---- */

static void previous_share(void *state)
{
	struct previous *s = state;

	s->owners++;
}

void previous_release(struct previous *s)
{
	if (!s || --s->owners > 0)
		return;
	free(s->told);
	free(s);
}

static void release(void *state)
{
	previous_release(state);
}

static size_t previous_room(const struct model *model)
{
	(void)model;
	return 1;
}

static void previous_predict(const struct model *model,
			     const struct design *design, const uint32_t *row,
			     size_t n, double *room, double *told)
{
	const struct previous *s = model->state;

	(void)design;
	(void)room;
	for (size_t i = 0; i < n; i++)
		told[i] = s->told[row[i]];
}

static const struct model_kind model_previous = {
	.name = "previous",
	.room = previous_room,
	.predict = previous_predict,
	.share = previous_share,
	.release = release,
};

void previous_become(struct previous *previous, struct model *model)
{
	if (model->state != previous)
		model_become(model, &model_previous, previous);
}
