/*
 * dates.h - which of two numbers in a date is the day
 *
 * "03/04/2024" is in March or in April.  The cells of a column tell, if one of
 * them has a day after the 12th.  What they do not tell, the user may say
 * (dates= of open), and else the rest of the file makes it likely: who writes
 * a decimal comma writes the day first.
 */
#ifndef GEMBA_DATES_H
#define GEMBA_DATES_H

#include <stdbool.h>
#include <stddef.h>

#include "data/dialect.h"
#include "data/when.h"

struct date_order {
	bool said;		/* by the user, who has the last word */
	enum when_order order;	/* DMY or MDY; YMD: nothing is known */
};

struct date_order date_order_of(const struct dialect *dialect);

/*
 * The form of a column whose cells were counted, as when_decide() finds it; and
 * how many cells are times in it.  What the user has said yields only where
 * hardly a cell could be read so.
 */
size_t dates_form(const struct date_order *dates,
		  const struct when_tally *tally, struct when_form *form);

#endif
