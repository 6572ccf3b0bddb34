#include "run/why.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "learn/explain.h"

/* Of a sum of many terms. */
#define ROUNDED 1e-12

/* ---- what there is to say of the row ---- */

/* Methods that see numbers alone cannot do with less. */
static bool all_there(const struct fitted *f, size_t row, struct err *err)
{
	for (size_t j = 0; j < f->design->p && !f->design->whole; j++) {
		size_t c = f->design->feature[j].column;
		const struct column *column = &f->table->column[c];
		const struct treatment *t = &f->treatment[c];
		bool lacks = column->number ?
			!isfinite(treatment_number(t, column, row)) :
			treatment_code(t, column, row) == LEVEL_MISSING;

		if (lacks)
			return err_set(err, ERR_DATA, "row %zu has no %.80s, "
				       "which the model needs", row + 1,
				       column->name);
	}
	return true;
}

static bool among(const struct rows *rows, size_t row)
{
	for (size_t i = 0; i < rows->n; i++)
		if (rows->row[i] == row)
			return true;
	return false;
}

static bool tested(const struct result *r, size_t row)
{
	return among(&r->test_rows, row);
}

static bool tell(struct why *w, const struct asked *q, struct err *err)
{
	uint32_t at = (uint32_t)w->row;
	const struct rows one = { 1, &at };

	w->outputs = q->fitted->model.outputs;
	w->told = mem_array(w->outputs, sizeof(*w->told));
	if (!model_predict(&q->fitted->model, q->fitted->design, &one,
			   w->told, NULL, err))
		return false;
	for (size_t k = 0; k < w->outputs; k++)
		if (!isfinite(w->told[k]))
			return err_set(err, ERR_MATH, "what the model tells "
				       "of row %zu is beyond all numbers",
				       w->row + 1);
	w->told_class = asked_told(q->result, w->told);
	return true;
}

/* ---- parts ---- */

static struct why_part *part_of(struct why *w, const struct table *table,
				size_t column)
{
	const struct column *c = &table->column[column];
	char text[TABLE_TEXT];
	struct why_part *part;

	w->part = mem_grow(w->part, w->parts, sizeof(*w->part));
	part = &w->part[w->parts++];
	part->column = mem_strdup(c->name);
	part->value = mem_strdup(table_text(c, w->row, text));
	part->moved = mem_array(w->outputs, sizeof(*part->moved));
	return part;
}

/* The levels of a category, and its indicator, are one column. */
static void gather(struct why *w, const struct fitted *f,
		   const double *moved)
{
	size_t columns, *column = asked_columns(f, &columns), p = f->model.p;

	for (size_t i = 0; i < columns; i++) {
		struct why_part *part = part_of(w, f->table, column[i]);

		for (size_t j = 0; j < p; j++)
			for (size_t k = 0; k < w->outputs &&
			     f->design->feature[j].column == column[i]; k++)
				part->moved[k] += moved[k * p + j];
	}
	free(column);
}

/* Of many classes, in the one that is told. */
static double size_of(const struct why *w, const struct why_part *part)
{
	return fabs(part->moved[w->outputs > 1 ? w->told_class : 0]);
}

/* Few columns are in order soon; equals stay in the order of the table. */
static void sort_parts(struct why *w)
{
	for (size_t i = 1; i < w->parts; i++) {
		struct why_part part = w->part[i];
		double size = size_of(w, &part);
		size_t at = i;

		for (; at > 0 && size_of(w, &w->part[at - 1]) < size; at--)
			w->part[at] = w->part[at - 1];
		w->part[at] = part;
	}
}

static bool explain(struct why *w, const struct fitted *f,
		    const struct job *job, struct err *err)
{
	size_t p = f->model.p;
	double *moved;

	if (!model_explains(&f->model)) {
		w->silent = "how much each column has its part in this cannot "
			    "be said of this method: importance and "
			    "dependence can be asked";
		return true;
	}
	moved = mem_array(w->outputs * p + 1, sizeof(*moved));
	w->base = mem_array(w->outputs, sizeof(*w->base));
	w->score = mem_array(w->outputs, sizeof(*w->score));
	w->odds = model_explains_odds(&f->model);
	model_explain(&f->model, f->design, (uint32_t)w->row, job, w->base,
		      moved);
	for (size_t k = 0; k < w->outputs; k++) {
		w->score[k] = w->base[k];
		for (size_t j = 0; j < p; j++)
			w->score[k] += moved[k * p + j];
		/* The sum has rounded where what is told has not. */
		if (!w->odds && fabs(w->score[k] - w->told[k]) <
		    ROUNDED * (fabs(w->base[k]) + fabs(w->told[k])))
			w->score[k] = w->told[k];
	}
	gather(w, f, moved);
	sort_parts(w);
	free(moved);
	if (job_cancelled(job))
		return err_cancelled(err);
	for (size_t k = 0; k < w->outputs; k++)
		if (!isfinite(w->score[k]))
			return err_set(err, ERR_MATH, "the parts of row %zu "
				       "are beyond all numbers", w->row + 1);
	return true;
}

struct why *why_find(const struct asked *q, size_t row, struct job *job,
		     struct err *err)
{
	const struct fitted *f = q->fitted;
	struct asked_target target;
	char text[TABLE_TEXT];
	struct why *w;
	bool ok;

	if (row >= f->table->rows) {
		err_set(err, ERR_USAGE, "there is no row %zu: the table has "
			"%zu", row + 1, f->table->rows);
		return NULL;
	}
	if (!all_there(f, row, err) || !asked_target(&target, q, err))
		return NULL;
	w = mem_new(sizeof(*w));
	w->row = row;
	w->trained = among(&f->train, row);
	w->tested = tested(q->result, row);
	if (!table_is_missing(target.column, row))
		w->truth = mem_strdup(table_text(target.column, row, text));
	asked_target_clear(&target);
	ok = tell(w, q, err) && explain(w, f, job, err) &&
	     why_nearest(w, q, job, err);
	if (ok)
		return w;
	why_free(w);
	return NULL;
}
