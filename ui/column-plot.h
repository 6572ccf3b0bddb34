/*
 * column-plot.h - the pictures in the sheet of a column
 */
#ifndef GEMBA_COLUMN_PLOT_H
#define GEMBA_COLUMN_PLOT_H

#include <stdbool.h>
#include <stddef.h>

#include "command/insight.h"
#include "command/session.h"
#include "page.h"

/* The column that is shown, and what is known of it. */
struct about {
	const struct session *s;
	const struct table *table;
	size_t i;
	const struct column *column;
	const struct summary *summary;	/* NULL: not known yet */
	const struct insight *insight;	/* NULL: not known yet */
	const char *why;		/* it will not be known */
	bool is_number;
};

/* How high the bars are at most. */
enum { PLOT_MOST = 28 };

/*
 * In at most room rows of the page, which goes on below them: how many rows
 * have which number, and beside it the share or the mean of the target.
 */
void column_plots(struct page *p, const struct about *a, int room);
/* The same for the levels of a category or a text, one below the other. */
void column_levels(struct page *p, const struct about *a, int room);

#endif
