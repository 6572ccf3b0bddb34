/*
 * grid.h - Data: which rows and columns are in sight, and where they stand
 *
 * A place is where a row stands among those in sight, from 0 on: its number in
 * the file, when they are neither filtered nor sorted.  The cells are read from
 * the file whenever other rows come into sight; a table in memory has forgotten
 * how they were written.  What is in sight is kept until then, because a screen
 * is drawn up to 30 times a second.
 */
#ifndef GEMBA_GRID_H
#define GEMBA_GRID_H

#include <stdbool.h>
#include <stddef.h>

#include "command/session.h"
#include "data/cell.h"
#include "draw.h"
#include "panel.h"

/* ---- rows ---- */

size_t grid_rows(const struct session *s);
/* The place of the cursor. */
size_t grid_place(const struct session *s, const struct view *v);
/* The number in the file of the row at a place; SIZE_MAX: there is none, or it
 * is not known yet. */
size_t grid_row_at(const struct session *s, size_t place);
/* The number in the file of the row under the cursor, or SIZE_MAX. */
size_t grid_row(const struct session *s, const struct view *v);
/* Go to the row of that number; false: it is not in sight. */
bool grid_go(const struct session *s, struct view *v, size_t row);
/*
 * After every command and every turn of the session: when the rows in sight
 * have changed, the cursor goes where its row is now.  At the top of the rows
 * it stays there when they are sorted: one wants to see the largest.
 */
void grid_sync(const struct session *s, struct view *v);

/* The numbers of the rows in sight, NULL: all of them as they are in the file;
 * looks.made changes with them. */
const struct rows *grid_order(const struct session *s);
/* The row at a place, all of its cells; false: it cannot be had (now). */
bool grid_cells(const struct session *s, size_t place, source_row_fn *fn,
		void *arg);

/* ---- columns ---- */

/* The choices are those of the file that is seen: not while it is read. */
const struct look *grid_look(const struct session *s);
bool grid_shows(const struct session *s, size_t column);
/* The cursor's column; where that is hidden, the nearest that is not. */
size_t grid_column(const struct session *s, const struct view *v);
/* The column so many shown ones further; the last, or first, when there are
 * fewer. */
size_t grid_beside(const struct session *s, size_t column, bool forth,
		   size_t by);
/* How wide a column is; how wide it would be with all in sight that it has. */
int grid_width(const struct session *s, size_t column);
int grid_fitting(const struct session *s, size_t column);
/* "▲", or "▼2" in a column that is the second key; "" in others. */
enum { GRID_MARK = 16 };
char *grid_sort_mark(char to[GRID_MARK], const struct session *s,
		     size_t column);

/* ---- the picture ---- */

enum cell_kind {
	CELL_UNSEEN, CELL_NUMBER, CELL_TEXT,
	CELL_EMPTY, CELL_MISSING	/* missing, and how that is written */
};

/* A cell in sight. */
struct seen {
	const char *raw;	/* owned by the sight, as all its texts: */
	size_t len;		/* as it stands in the file, not all of it
				 * when it is very long */
	const char *text;	/* the same, harmless */
	int width;
	enum cell_kind kind;
};

/* A column on the screen. */
struct grid_slot {
	size_t column;
	int x, width;
	bool right;		/* numbers stand against the right */
	bool cut;
	bool after_hidden;	/* there are hidden ones between it and the one
				 * before */
	bool edge;		/* the last of those that stay at the left */
};

enum { SLOTS_MAX = 512 };

struct grid {
	size_t top, rows;	/* places that are in sight */
	bool about;		/* the numbers of the rows are not exact */
	int head;		/* the line of the names; rows are below it */
	int gutter;		/* columns that the row numbers take */
	size_t edge;		/* the column behind those that stay */
	size_t n;
	struct grid_slot slot[SLOTS_MAX];
	bool hidden_behind;	/* hidden columns follow the last one */
	bool more;		/* and others that are shown */
	int y, x;		/* of the canvas on the screen */
};

/*
 * Where all stands on a canvas, of which the first head lines are for others.
 * It is valid until the next call; the view is changed to keep the cursor in
 * sight.
 */
const struct grid *grid_lay_out(const struct session *s, struct view *v,
				const struct canvas *c, int head);
/* The grid that was laid out last. */
const struct grid *grid_now(void);
/* A cell of a row in sight, of the grid that was laid out last. */
const struct seen *grid_cell(const struct session *s, size_t place,
			     size_t column);
/* Put the cursor on what stands at that place of the screen. */
void grid_click(const struct session *s, struct view *v, int y, int x);

#endif
