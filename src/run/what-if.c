#include "run/what-if.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

struct what_if {
	const struct fitted *fitted;
	struct table table;		/* its columns are owned, but not what
					 * they point to, unless: */
	struct treatment *treatment;	/* owned, in the same way */
	struct design design;		/* its features are owned so */
	bool *own;			/* owned: of each column */
};

struct what_if *what_if_new(const struct fitted *f)
{
	struct what_if *w = mem_new(sizeof(*w));
	size_t n = f->table->columns, p = f->design->p;

	w->fitted = f;
	w->table = *f->table;
	w->table.column = mem_array(n, sizeof(*w->table.column));
	memcpy(w->table.column, f->table->column,
	       n * sizeof(*w->table.column));
	w->treatment = mem_array(n, sizeof(*w->treatment));
	memcpy(w->treatment, f->treatment, n * sizeof(*w->treatment));
	w->design = *f->design;
	w->design.table = &w->table;
	if (w->design.treatment)
		w->design.treatment = w->treatment;
	w->design.feature = mem_array(p, sizeof(*w->design.feature));
	for (size_t j = 0; j < p; j++) {
		struct feature *to = &w->design.feature[j];

		*to = f->design->feature[j];
		if (to->treatment)
			to->treatment = &w->treatment[to->column];
	}
	w->own = mem_array(n, sizeof(*w->own));
	return w;
}

void what_if_forget(struct what_if *w)
{
	for (size_t c = 0; c < w->table.columns; c++) {
		struct column *column = &w->table.column[c];
		struct treatment *t = &w->treatment[c];

		if (!w->own[c])
			continue;
		free(column->number);
		free(column->code);
		free(t->number);
		free(t->code);
		free(t->blank);
		*column = w->fitted->table->column[c];
		*t = w->fitted->treatment[c];
		w->own[c] = false;
	}
}

void what_if_free(struct what_if *w)
{
	if (!w)
		return;
	what_if_forget(w);
	free(w->table.column);
	free(w->treatment);
	free(w->design.feature);
	free(w->own);
	free(w);
}

/* An array of its own in the place of the one that is there. */
static bool own_array(void *p, size_t n, size_t size)
{
	void **array = p, *copy;

	if (!*array)
		return true;
	copy = mem_try(n, size);
	if (copy)
		memcpy(copy, *array, n * size);
	*array = copy;
	return copy;
}

bool what_if_own(struct what_if *w, size_t c, struct err *err)
{
	struct column *column = &w->table.column[c];
	struct treatment *t = &w->treatment[c];
	size_t n = w->table.rows;
	bool ok;

	if (w->own[c])
		return true;
	w->own[c] = true;
	/* All of them, so that what is there is its own. */
	ok = own_array(&column->number, n, sizeof(*column->number));
	ok = own_array(&column->code, n, sizeof(*column->code)) && ok;
	ok = own_array(&t->number, n, sizeof(*t->number)) && ok;
	ok = own_array(&t->code, n, sizeof(*t->code)) && ok;
	ok = own_array(&t->blank, n, sizeof(*t->blank)) && ok;
	if (ok)
		return true;
	what_if_forget(w);
	return err_set(err, ERR_NOMEM, "no memory for another %.80s",
		       column->name);
}

void what_if_take(struct what_if *w, size_t c, uint32_t to, uint32_t from)
{
	const struct column *was = &w->fitted->table->column[c];
	const struct treatment *treated = &w->fitted->treatment[c];
	struct column *column = &w->table.column[c];
	struct treatment *t = &w->treatment[c];

	if (column->number)
		column->number[to] = was->number[from];
	if (column->code)
		column->code[to] = was->code[from];
	if (t->number)
		t->number[to] = treated->number[from];
	if (t->code)
		t->code[to] = treated->code[from];
	if (t->blank)
		t->blank[to] = treated->blank[from];
}

void what_if_set(struct what_if *w, size_t c, uint32_t row, double x,
		 uint32_t level)
{
	struct column *column = &w->table.column[c];
	struct treatment *t = &w->treatment[c];

	if (column->number)
		column->number[row] = x;
	if (column->code)
		column->code[row] = level;
	if (t->number)
		t->number[row] = x;
	if (t->code)
		t->code[row] = level;
	if (t->blank)
		t->blank[row] = false;
}

bool what_if_tell(const struct what_if *w, const struct rows *rows,
		  double *told, struct job *job, struct err *err)
{
	return model_predict(&w->fitted->model, &w->design, rows, told, job,
			     err);
}
