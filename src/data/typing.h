/*
 * typing.h - what a column is
 *
 * A sample of the rows says how the cells of a column are first taken.  When
 * all of them are read they decide: what no more than one cell in twenty
 * contradicts stands, and else the column has to be read again, as texts; of
 * these it is known at once what they are.
 */
#ifndef GEMBA_TYPING_H
#define GEMBA_TYPING_H

#include <stdbool.h>
#include <stddef.h>

#include "data/batch.h"
#include "data/dates.h"
#include "data/dialect.h"
#include "data/dict.h"
#include "data/table.h"
#include "data/when.h"

/* What the columns of a file have in common. */
struct typing {
	const struct dialect *dialect;	/* borrowed */
	struct date_order dates;
	size_t rows;		/* of the whole file */
};

/* A part of the sample, read as numbers, is added to what is known. */
struct typing_sample {
	size_t odd, present;
	struct when_tally times;	/* of the odd ones */
};
void typing_look(struct typing_sample *sample, const struct part *part,
		 size_t rows);
/* How to take the column; and if that is as times, in which form. */
enum take typing_guess(const struct typing *typing,
		       const struct typing_sample *sample,
		       struct when_form *form);

/*
 * All the cells of a column are read: its type, its levels or odd texts.  texts
 * are those of its cells; they go into the column.  *take is how it was taken,
 * and becomes how it is to be read again, or TAKE_NOTHING.  False: no memory.
 */
bool typing_finish(const struct typing *typing, struct column *column,
		   struct dict *texts, enum take *take);

#endif
