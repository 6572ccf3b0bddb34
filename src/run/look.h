/*
 * look.h - how the rows and columns are looked at; it changes no result
 *
 * Part of the settings, so that undo takes back a filter as it takes back a
 * rule; not part of their text, so that no result goes stale by it.
 */
#ifndef GEMBA_LOOK_H
#define GEMBA_LOOK_H

#include <stdbool.h>
#include <stddef.h>

enum { LOOK_FILTERS = 8, LOOK_SORTS = 4 };

struct look_sort {
	size_t column;
	bool down;		/* the largest first */
};

struct look {
	/* Rows: those of which all filters hold, in order of the sorts, the
	 * first of which counts most; none: the order of the file. */
	size_t filters;
	char *filter[LOOK_FILTERS];	/* owned: see data/expression.h */
	size_t sorts;
	struct look_sort sort[LOOK_SORTS];

	/* Columns. */
	size_t columns;
	bool *hidden;		/* owned */
	int *width;		/* owned; 0: as wide as what is in sight */
	size_t frozen;		/* so many of the columns that are not hidden
				 * stay at the left */
};

void look_init(struct look *look, size_t columns);
void look_copy(struct look *to, const struct look *from);
void look_clear(struct look *look);
bool look_same(const struct look *a, const struct look *b);
/* The same rows in the same order? */
bool look_same_rows(const struct look *a, const struct look *b);
void look_remove_filter(struct look *look, size_t i);
/* One column more, at the end; one less, and no sort by it. */
void look_add_column(struct look *look);
void look_remove_column(struct look *look, size_t column);

/* May the column be seen?  So many of those before it may be. */
bool look_shows(const struct look *look, size_t column);
size_t look_shown_before(const struct look *look, size_t column);

/* The columns before this one stay at the left, those of them that are shown:
 * 0 when nothing stays. */
size_t look_edge(const struct look *look);
void look_set_edge(struct look *look, size_t edge);

#endif
