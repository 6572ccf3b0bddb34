#include "data/faults.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/text.h"
#include "data/odd.h"
#include "data/table.h"

const char *const fault_name[FAULT_KINDS] = {
	"ragged", "open quote", "NUL", "not UTF-8", "long", "odd"
};

void faults_clear(struct faults *f)
{
	free(f->fault);
	*f = (struct faults){ 0 };
}

size_t faults_total(const struct faults *f)
{
	size_t total = 0;

	for (int k = 0; k < FAULT_KINDS; k++)
		total += f->count[k];
	return total;
}

static void keep(struct faults *f, const struct fault *fault)
{
	f->fault = mem_grow(f->fault, f->n, sizeof(*f->fault));
	f->fault[f->n++] = *fault;
}

void faults_add(struct faults *f, const struct fault *fault)
{
	f->count[fault->kind]++;
	if (f->n < FAULTS_KEPT)
		keep(f, fault);
}

void faults_append(struct faults *f, const struct faults *more, size_t first)
{
	for (int k = 0; k < FAULT_KINDS; k++)
		f->count[k] += more->count[k];
	for (size_t i = 0; i < more->n && f->n < FAULTS_KEPT; i++) {
		struct fault fault = more->fault[i];

		fault.row += first;
		keep(f, &fault);
	}
}

/*
 * Odd cells
 */

static int compare(const void *a, const void *b)
{
	const struct fault *x = a, *y = b;

	if (x->row != y->row)
		return x->row < y->row ? -1 : 1;
	if (x->kind != y->kind)
		return x->kind < y->kind ? -1 : 1;
	return (x->column > y->column) - (x->column < y->column);
}

/* Only the first ones are kept, whichever were found first. */
static void cut(struct faults *f)
{
	if (f->n > 1)
		qsort(f->fault, f->n, sizeof(*f->fault), compare);
	if (f->n > FAULTS_KEPT)
		f->n = FAULTS_KEPT;
}

/* Rows behind the last one of a full list need not be looked at. */
static void add_column(struct faults *f, const struct column *c,
		       uint32_t column, size_t rows)
{
	size_t left = c->odd_cells;

	for (size_t i = 0; left > 0 && i < rows; i++) {
		if (!odd_text(c->number[i]))
			continue;
		if (f->n >= FAULTS_KEPT && i > f->fault[FAULTS_KEPT - 1].row)
			break;
		keep(f, &(struct fault){ .row = i, .kind = FAULT_ODD,
					 .column = column });
		left--;
		if (f->n == 2 * (size_t)FAULTS_KEPT)
			cut(f);
	}
	cut(f);
}

void faults_finish(struct faults *f, const struct column *column,
		   size_t columns, size_t rows)
{
	cut(f);
	f->count[FAULT_ODD] = 0;
	for (size_t j = 0; j < columns; j++) {
		f->count[FAULT_ODD] += column[j].odd_cells;
		if (column[j].number && column[j].odd_cells > 0)
			add_column(f, column + j, (uint32_t)j, rows);
	}
}

size_t faults_of_row(const struct faults *f, size_t row, size_t *first)
{
	size_t low = 0, high = f->n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (f->fault[middle].row < row)
			low = middle + 1;
		else
			high = middle;
	}
	*first = low;
	while (high < f->n && f->fault[high].row == row)
		high++;
	return high - low;
}

/*
 * In words
 */

static void say_cell(const struct table *t, const struct fault *f,
		     char text[FAULT_TEXT])
{
	char size[COUNT_TEXT];
	const char *odd;

	switch (f->kind) {
	case FAULT_QUOTE:
		text_append(text, FAULT_TEXT, "a quote is not closed");
		break;
	case FAULT_NUL:
		text_append(text, FAULT_TEXT, "has a NUL in it");
		break;
	case FAULT_BYTES:
		text_append(text, FAULT_TEXT, "is not UTF-8");
		break;
	case FAULT_LONG:
		text_append(text, FAULT_TEXT, "%s bytes",
			    text_count(size, f->size));
		break;
	default:
		odd = table_odd(t->column + f->column, f->row);
		text_append(text, FAULT_TEXT, "%.100s", odd ? odd : "");
	}
}

const char *fault_text(const struct table *t, const struct fault *f,
		       char text[FAULT_TEXT])
{
	if (f->kind == FAULT_RAGGED) {
		snprintf(text, FAULT_TEXT, "%zu cell%s, not %zu", f->size,
			 f->size == 1 ? "" : "s", t->columns);
		return text;
	}
	if (f->column < t->columns)
		snprintf(text, FAULT_TEXT, "%.100s: ",
			 t->column[f->column].name);
	else
		snprintf(text, FAULT_TEXT, "cell %lu: ",
			 (unsigned long)f->column + 1);
	say_cell(t, f, text);
	return text;
}
