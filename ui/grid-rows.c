/*
 * grid-rows.c - the rows in sight, and the cursor among them
 */
#include "grid.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

/* What grid_sync() has seen last. */
static struct {
	unsigned made, opened;
	size_t at;		/* where the cursor was put */
	size_t row;		/* the number of its row; when that is not in
				 * sight any more, it is to be again */
	bool ahead;		/* those in sight are looks.first */
} kept;

/* The numbers of the rows in sight, NULL for all of them; how many rows there
 * will be. */
static const struct rows *order(const struct session *s, size_t *n)
{
	const struct looks *looks = &s->looks;

	if (panel_table(s) && kept.ahead && looks->first.n > 0) {
		*n = looks->first_of;
		return &looks->first;
	}
	if (panel_table(s) && looks->some) {
		*n = looks->rows.n;
		return &looks->rows;
	}
	return NULL;
}

const struct rows *grid_order(const struct session *s)
{
	size_t n;

	return order(s, &n);
}

size_t grid_rows(const struct session *s)
{
	size_t n;
	bool exact;

	if (order(s, &n))
		return n;
	return session_source(s) ? source_rows(session_source(s), &exact) : 0;
}

size_t grid_place(const struct session *s, const struct view *v)
{
	size_t n = grid_rows(s), at = v->at[PANEL_DATA];

	return at < n ? at : n ? n - 1 : 0;
}

size_t grid_row_at(const struct session *s, size_t place)
{
	size_t n;
	const struct rows *rows = order(s, &n);

	if (rows)
		return place < rows->n ? rows->row[place] : SIZE_MAX;
	return place < grid_rows(s) ? place : SIZE_MAX;
}

size_t grid_row(const struct session *s, const struct view *v)
{
	return grid_row_at(s, grid_place(s, v));
}

/* Where the row is; false: it is not there. */
static bool place_of(const struct session *s, size_t row, size_t *place)
{
	size_t n;
	const struct rows *rows = order(s, &n);

	*place = row;
	if (!rows)
		return row < grid_rows(s);
	for (*place = 0; *place < rows->n; ++*place)
		if (rows->row[*place] == row)
			return true;
	return false;
}

bool grid_go(const struct session *s, struct view *v, size_t row)
{
	size_t place;

	if (!place_of(s, row, &place))
		return false;
	v->at[PANEL_DATA] = place;
	return true;
}

/* Where the row would be, when it is not there: before the next that is, as
 * long as rows are in the order of the file. */
static size_t place_near(const struct session *s, size_t row, size_t at)
{
	size_t n, place = 0;
	const struct rows *rows = order(s, &n);

	if (!rows || s->looks.wanted.sorts > 0)
		return at;
	while (place < rows->n && rows->row[place] < row)
		place++;
	return place;
}

/* The cursor goes to another place, and does not move on the screen. */
static void move_to(struct view *v, size_t place)
{
	size_t *at = &v->at[PANEL_DATA], *top = &v->top[PANEL_DATA];
	size_t below = *at > *top ? *at - *top : 0;

	*at = place;
	*top = place > below ? place - below : 0;
}

/* The rows in sight are others. */
static void follow(const struct session *s, struct view *v)
{
	const struct looks *looks = &s->looks;
	bool sorted = looks->wanted.sorts > 0 && (looks->some || kept.ahead);
	size_t place;

	if (kept.at == 0 && sorted)
		place = 0;
	else if (!place_of(s, kept.row, &place))
		place = place_near(s, kept.row, kept.at);
	if (place >= grid_rows(s))
		place = grid_rows(s) ? grid_rows(s) - 1 : 0;
	if (place != grid_place(s, v) || place != v->at[PANEL_DATA])
		move_to(v, place);
}

/* Another file: the cursor stays at its place. */
static bool same_file(const struct session *s)
{
	const struct source *source = session_source(s);
	unsigned opened = source ? source_opened(source) : 0;
	bool same = opened == kept.opened;

	kept.opened = opened;
	if (!same) {
		kept.ahead = false;
		kept.at = SIZE_MAX - 1;	/* nowhere yet; not VIEW_LAST */
	}
	return same;
}

void grid_sync(const struct session *s, struct view *v)
{
	bool changed = same_file(s) && kept.made != s->looks.made;
	size_t at = v->at[PANEL_DATA];

	kept.made = s->looks.made;
	if (v->focus == PANEL_DATA && !v->sheet)
		v->column = grid_column(s, v);
	if (grid_rows(s) == 0)
		return;		/* the cursor's row may come back */
	if (changed) {
		/* How the order begins is of use at its beginning only. */
		kept.ahead = s->looks.first.n > 0 &&
			     (kept.at == 0 || kept.ahead);
		follow(s, v);
		kept.at = grid_place(s, v);
		if (kept.ahead || (kept.at == 0 && s->looks.wanted.sorts))
			kept.row = grid_row(s, v);
	} else if (kept.at != at) {
		kept.at = at == VIEW_LAST ? at : grid_place(s, v);
		kept.row = grid_row(s, v);
	}
}

/* A row of the file, with what is derived in it behind its cells. */
struct whole_row {
	const struct session *s;
	source_row_fn *fn;
	void *arg;
};

static bool add_derived(void *arg, size_t row, const struct cell *cell,
			size_t cells)
{
	const struct whole_row *whole = arg;
	const struct table *table = panel_table(whole->s);
	size_t n = table ? table->columns : 0, file;
	char (*buf)[TABLE_TEXT];
	struct cell *all;
	bool more;

	if (!table || !table->derived || row >= table->rows)
		return whole->fn(whole->arg, row, cell, cells);
	file = n - table->derived;
	buf = mem_array(n, sizeof(*buf));
	all = mem_array(n, sizeof(*all));
	for (size_t c = 0; c < n; c++) {
		all[c].text = "";
		if (c >= file)
			all[c].text = table_text(&table->column[c], row,
						 buf[c]);
		all[c].len = strlen(all[c].text);
		if (c < file && c < cells)
			all[c] = cell[c];
	}
	more = whole->fn(whole->arg, row, all, n);
	free(all);
	free(buf);
	return more;
}

bool grid_cells(const struct session *s, size_t place, source_row_fn *fn,
		void *arg)
{
	struct whole_row whole = { s, fn, arg };
	const struct source *source = session_source(s);
	size_t row = grid_row_at(s, place);
	bool about;
	struct err err;

	if (!source || row == SIZE_MAX)
		return false;
	source_rows(source, &about);
	return source_peek(source, row, 1, &about, add_derived, &whole,
			   &err) && !about;
}
