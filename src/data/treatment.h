/*
 * treatment.h - what the column rules make of one column
 *
 * Rules write it (clean/), methods read through it (learn/design.h): cells are
 * treated block by block while they are read, and no second copy of the table
 * is made.  Where a rule needs more than a cell by itself ("the previous
 * value"), the treatment holds the whole column anew.
 */
#ifndef GEMBA_TREATMENT_H
#define GEMBA_TREATMENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "data/table.h"

enum step_kind {
	STEP_SCALE,	/* (x - a) / b */
	STEP_CLIP,	/* a where it is less, b where it is more */
	STEP_BLANK,	/* missing where it is less than a or more than b */
	STEP_FILL,	/* a where it is missing */
	STEP_LOG	/* log(x + a); missing where that is not finite */
};

struct step {
	enum step_kind kind;
	double a, b;
};

/* The level behind the last one of the column: the rare ones together. */
#define LEVEL_OTHER_NAME "other"
enum { STEPS_MAX = 16, LEVEL_NAME = 64 };

struct treatment {
	bool dropped;		/* it is no feature any more */
	/* A feature "NAME missing", 0 or 1, beside it: 1 where the cell was
	 * missing after so many of the steps; or where .blank says so. */
	bool indicator;
	size_t indicator_steps;
	/* Numbers and times: carried out in this order. */
	size_t steps;
	struct step step[STEPS_MAX];
	/*
	 * Categories; NULL: as they are.  Owned: for each level of the column
	 * the level that it becomes, where .levels of the column stands for
	 * the one that is named by extra; and for a missing cell
	 * (LEVEL_MISSING: it stays missing).
	 */
	uint32_t *level;
	uint32_t missing_as;
	char extra[LEVEL_NAME];
	/* Owned; cells in the place of the column's own, or NULL. */
	double *number;
	uint32_t *code;
	bool *blank;		/* owned, with number or code: where a cell was
				 * missing before */
};

/* Nothing is done. */
void treatment_init(struct treatment *t);
void treatment_clear(struct treatment *t);
/* A copy that owns its arrays, of a treatment of that column. */
bool treatment_copy(struct treatment *to, const struct treatment *from,
		    const struct column *column, size_t rows,
		    struct err *err);

/* One more step, unless there are STEPS_MAX: false. */
bool treatment_add(struct treatment *t, enum step_kind kind, double a,
		   double b);

/* A cell after it; missing is NaN or LEVEL_MISSING. */
double treatment_number(const struct treatment *t, const struct column *column,
			size_t row);
uint32_t treatment_code(const struct treatment *t, const struct column *column,
			size_t row);
/* Whether the indicator is 1. */
bool treatment_blank(const struct treatment *t, const struct column *column,
		     size_t row);
/* The name of a level that treatment_code() gives. */
const char *treatment_level(const struct treatment *t,
			    const struct column *column, uint32_t level);

/* n numbers at once, after the first steps of it; and steps alone. */
void treatment_numbers(const struct treatment *t, size_t steps,
		       const struct column *column, const uint32_t *row,
		       size_t n, double *x);
void steps_take(const struct step *step, size_t steps, double *x, size_t n);

/* False when no cell of the column can be missing after the first steps of it,
 * whatever the rows: quick, as it looks at no cell. */
bool treatment_may_lack(const struct treatment *t, size_t steps,
			const struct column *column);

#endif
