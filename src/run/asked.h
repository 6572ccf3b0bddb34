/*
 * asked.h - what all need that ask a model something: rows, columns, the truth
 */
#ifndef GEMBA_ASKED_H
#define GEMBA_ASKED_H

#include "run/fitted.h"
#include "run/result.h"

/* A question about the newest model; all borrowed. */
struct asked {
	const struct fitted *fitted;
	const struct result *result;	/* its measures and names; its own
					 * fitted may be gone */
	uint32_t seed;
};

/*
 * Rows to ask about, at most so many, drawn by the seed: test rows, or training
 * rows where there are none.  *of: of how many.
 */
bool asked_rows(const struct fitted *fitted, size_t most, uint32_t seed,
		struct rows *rows, size_t *of, bool *training,
		struct err *err);
/* The columns that the model looks at, ascending, no one twice; the caller
 * frees them. */
size_t *asked_columns(const struct fitted *fitted, size_t *n);

/* What the target says of rows. */
struct asked_target {
	const struct result *result;
	const struct column *column;
	uint32_t *class_of;	/* owned: of each level; or NULL */
};
bool asked_target(struct asked_target *t, const struct asked *q,
		  struct err *err);
void asked_target_clear(struct asked_target *t);
/* The class of a row; classes: it is none of them, or missing. */
uint32_t asked_class(const struct asked_target *t, size_t row);
/* The class that is told by what model_predict() gives for a row. */
size_t asked_told(const struct result *r, const double *told);

#endif
