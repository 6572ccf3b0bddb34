#include "data/dates.h"

struct date_order date_order_of(const struct dialect *d)
{
	bool said = d->dates != DATES_AUTO;
	bool day_first = said ? d->dates == DATES_DAY_FIRST
			      : d->decimal == ',' || d->delimiter == ';';

	return (struct date_order){
		.said = said, .order = day_first ? WHEN_DMY : WHEN_MDY };
}

/* Nothing in the cells speaks for either order. */
static bool undecided(const struct when_tally *t)
{
	return t->read[WHEN_DMY] == t->read[WHEN_MDY] &&
	       t->months[WHEN_DMY] == t->months[WHEN_MDY] &&
	       t->last[WHEN_DMY] - t->first[WHEN_DMY] ==
	       t->last[WHEN_MDY] - t->first[WHEN_MDY];
}

size_t dates_form(const struct date_order *dates,
		  const struct when_tally *tally, struct when_form *form)
{
	size_t found = when_decide(tally, form);
	size_t said = tally->read[dates->order];

	if (found == 0 || !form->has_date || dates->order == WHEN_YMD)
		return found;
	if (dates->said && said * 2 >= found) {
		form->order = dates->order;
		form->guessed = false;
		return said;
	}
	if (form->guessed && form->order != WHEN_YMD && undecided(tally))
		form->order = dates->order;
	return found;
}
