/*
 * fitted.h - a model with all that it stands on, for those who ask it more
 *
 * A result stands by itself and tells what was measured.  Who asks the model
 * again (which columns matter, why this row) needs its design, the treatments
 * that this reads through, and the rows: they are kept here as long as the
 * table is there.  Many may look at one at once, each an owner; owners come and
 * go on the main thread, or before anybody else knows of it.
 */
#ifndef GEMBA_FITTED_H
#define GEMBA_FITTED_H

#include "data/rows.h"
#include "data/table.h"
#include "data/treatment.h"
#include "learn/design.h"
#include "learn/model.h"

struct fitted {
	size_t owners;
	const struct table *table;	/* borrowed */
	size_t columns;
	struct treatment *treatment;	/* owned, by column of the table */
	struct design *design;		/* owned; reads through those */
	struct model model;		/* owned */
	struct rows train;		/* owned: those it has learned from */
	struct rows test;		/* owned: those it has not seen; none
					 * with folds= */
};

/* Without design, model and rows yet; of the treatments a copy is made.  NULL:
 * no memory. */
struct fitted *fitted_new(const struct table *table,
			  const struct treatment *treatment, struct err *err);
/* One owner more, and one less; NULL does nothing. */
struct fitted *fitted_share(struct fitted *fitted);
void fitted_release(struct fitted *fitted);

#endif
