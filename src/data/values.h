/*
 * values.h - the distinct values of a column, and how often each is there
 *
 * For the sheet of a column's values.  Numbers are one value when they are
 * equal (-0 is 0), odd cells when their texts are; the missing cells are one
 * entry of their own.
 */
#ifndef GEMBA_VALUES_H
#define GEMBA_VALUES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/job.h"
#include "data/number.h"
#include "data/rows.h"
#include "data/table.h"

enum value_kind { VALUE_PRESENT, VALUE_ODD, VALUE_MISSING };

struct value {
	double number;		/* of a number column, else NaN */
	uint32_t text;		/* index into level[], or into odd[] */
	uint32_t count;		/* rows that hold it, at least one */
	enum value_kind kind;
};

/* Counts add up to rows. */
struct values {
	const struct column *column;	/* borrowed from the table */
	size_t n, rows;
	size_t present;		/* entries of that kind */
	struct value *value;	/* owned: n, the most frequent one first; in
				 * the order of values, odd texts, missing where
				 * they are equally frequent */
};

bool values_of(struct values *values, const struct table *table, size_t column,
	       const struct rows *rows, struct job *job, struct err *err);
void values_clear(struct values *values);

/* What entry i says; "" for missing.  It stands in buf or in the table. */
const char *values_text(const struct values *values, size_t i,
			char buf[NUMBER_TEXT]);

#endif
