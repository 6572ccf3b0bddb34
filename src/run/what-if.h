/*
 * what-if.h - a model asked what it would tell if some cells were others
 *
 * A model reads cells through its design.  A what-if is a design that reads
 * another table: the same but for a few columns, which have arrays of their
 * own.  What is changed there nobody else sees, and no method has to know.
 */
#ifndef GEMBA_WHAT_IF_H
#define GEMBA_WHAT_IF_H

#include "base/job.h"
#include "run/fitted.h"

struct what_if;

/* fitted is borrowed. */
struct what_if *what_if_new(const struct fitted *fitted);
void what_if_free(struct what_if *w);

/* From now on the column can be changed; false: no memory. */
bool what_if_own(struct what_if *w, size_t column, struct err *err);
/* All columns are as they were, and give their memory back. */
void what_if_forget(struct what_if *w);

/* For columns that are owned: row to has the cells that row from has in the
 * table itself; or this number, or level. */
void what_if_take(struct what_if *w, size_t column, uint32_t to,
		  uint32_t from);
void what_if_set(struct what_if *w, size_t column, uint32_t row, double x,
		 uint32_t level);

/* model_predict() of the cells as they would be. */
bool what_if_tell(const struct what_if *w, const struct rows *rows,
		  double *told, struct job *job, struct err *err);

#endif
