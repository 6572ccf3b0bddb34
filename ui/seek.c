#include "seek.h"

#include <stdint.h>
#include <stdlib.h>

#include "base/text.h"
#include "command/hunt.h"
#include "data/table.h"
#include "grid.h"

static struct {
	bool on, quietly;
	bool telling;		/* what was said is not all there is */
	bool round;
	enum seek_way way;
} seek;

/* ---- one row ---- */

/* The first hit of a row from a column on, or the last one up to it. */
struct row_hit {
	const struct session *s;
	bool forth;
	size_t from, column;
	bool found;
};

static bool look_at_row(void *arg, size_t row, const struct cell *cell,
			size_t cells)
{
	struct row_hit *hit = arg;
	size_t n = session_columns(hit->s), at, size;

	(void)row;
	n = cells < n ? cells : n;
	for (size_t i = 0; i < n && !(hit->found && hit->forth); i++) {
		if (hit->forth ? i < hit->from : i > hit->from)
			continue;
		if (!grid_shows(hit->s, i) ||
		    !hunt_in(hit->s, cell[i].text, cell[i].len, &at, &size))
			continue;
		hit->found = true;
		hit->column = i;
	}
	return false;
}

static bool hit_in_row(const struct session *s, size_t place, bool forth,
		       size_t from, size_t *column)
{
	struct row_hit hit = { .s = s, .forth = forth, .from = from };

	grid_cells(s, place, look_at_row, &hit);
	*column = hit.column;
	return hit.found;
}

/* In the row of the cursor; from the column beside it, or its own. */
static bool hit_beside(const struct session *s, const struct view *v,
		       size_t *column)
{
	size_t from = v->column;

	if (seek.way == SEEK_PREVIOUS && from == 0)
		return false;
	if (seek.way != SEEK_HERE)
		from = seek.way == SEEK_NEXT ? from + 1 : from - 1;
	return hit_in_row(s, grid_place(s, v), seek.way != SEEK_PREVIOUS, from,
			  column);
}

/* ---- other rows ---- */

/* How many of the places are before one. */
static size_t places_before(const struct rows *places, size_t place)
{
	size_t from = 0, to = places->n;

	while (from < to) {
		size_t middle = from + (to - from) / 2;

		if (places->row[middle] < place)
			from = middle + 1;
		else
			to = middle;
	}
	return from;
}

static const struct rows *places_of(const struct session *s)
{
	return hunt_places(s, grid_order(s), s->looks.made);
}

static void tell(struct ui *ui, const struct rows *places, bool round)
{
	struct session *s = ui->session;
	size_t n = places_before(places, grid_place(s, &ui->view));
	char which[COUNT_TEXT], all[COUNT_TEXT];

	if (seek.quietly)
		return;
	seek.telling = hunt_count(s).going_on;
	seek.round = round;
	if (n < places->n)
		session_say(s, "hit %s of %s%s row%s%s",
			    text_count(which, n + 1),
			    text_count(all, places->n),
			    hunt_count(s).whole ? "" : "+",
			    places->n == 1 ? "" : "s",
			    round ? ", round the end" : "");
}

static void arrive(struct ui *ui, size_t place, size_t column)
{
	ui->view.at[PANEL_DATA] = place;
	ui->view.column = column;
	seek.on = false;
}

/* The place with a hit next to the cursor, or round the end. */
static bool next_place(const struct rows *places, size_t at, bool forth,
		       bool whole, size_t *place, bool *round)
{
	size_t before = places_before(places, at);
	bool here = before < places->n && places->row[before] == at;
	size_t after = before + here;

	*round = forth ? after == places->n : before == 0;
	if (places->n == 0 || (*round && !whole))
		return false;
	if (*round)
		*place = places->row[forth ? 0 : places->n - 1];
	else
		*place = places->row[forth ? after : before - 1];
	return true;
}

static void nothing(struct session *s)
{
	char rows[COUNT_TEXT];
	size_t n = hunt_count(s).rows;

	seek.on = false;
	if (seek.quietly)
		return;
	if (n > 0)
		session_say(s, "no hit for %.80s in sight; the filters hide "
			    "%s row%s with one", hunt_pattern(s),
			    text_count(rows, n), n == 1 ? "" : "s");
	else
		session_say(s, "no hit for %.80s", hunt_pattern(s));
}

/* While the rows are in no order that the search keeps to, the next of those
 * found so far need not be the next. */
static bool may_be_another(const struct session *s)
{
	return hunt_count(s).going_on && grid_order(s);
}

static void go_on(struct ui *ui, const struct rows *places)
{
	struct session *s = ui->session;
	const struct view *v = &ui->view;
	bool forth = seek.way != SEEK_PREVIOUS, round = false;
	bool whole = !hunt_count(s).going_on;
	size_t place = grid_place(s, v), column;

	if (hit_beside(s, v, &column)) {
		arrive(ui, place, column);
		tell(ui, places, false);
		return;
	}
	if (may_be_another(s))
		return;
	if (!next_place(places, place, forth, whole, &place, &round)) {
		if (whole)
			nothing(s);
		return;
	}
	if (!hit_in_row(s, place, forth, forth ? 0 : SIZE_MAX, &column))
		return;		/* it is not indexed yet */
	arrive(ui, place, column);
	tell(ui, places, round);
}

void seek_turn(struct ui *ui)
{
	const struct rows *places;

	if (!seek.on && !seek.telling)
		return;
	places = places_of(ui->session);
	if (!places)
		seek_end();
	else if (seek.on)
		go_on(ui, places);
	else if (!hunt_count(ui->session).going_on)
		tell(ui, places, seek.round);
}

void seek_begin(struct ui *ui, enum seek_way way, bool quietly)
{
	seek.on = true;
	seek.telling = false;
	seek.way = way;
	seek.quietly = quietly;
	seek_turn(ui);
	if (seek.on && !quietly)
		session_say(ui->session, "finding %.80s",
			    hunt_pattern(ui->session));
}

void seek_end(void)
{
	seek.on = seek.telling = false;
}

/* ---- odd cells ---- */

/* The next place with an odd cell, going round; the one at from is last. */
static bool odd_place(const struct session *s, const struct column *column,
		      size_t from, bool forth, size_t *place)
{
	size_t n = grid_rows(s);

	*place = from;
	for (size_t i = 0; i < n; i++) {
		size_t row;

		if (forth)
			*place = *place + 1 < n ? *place + 1 : 0;
		else
			*place = *place > 0 ? *place - 1 : n - 1;
		row = grid_row_at(s, *place);
		if (row < s->table->rows && table_odd(column, row))
			return true;
	}
	return false;
}

bool seek_odd(struct ui *ui, bool forth, struct err *err)
{
	struct session *s = ui->session;
	struct view *v = &ui->view;
	size_t last = s->table->columns - 1;
	const struct column *column = &s->table->column[v->column < last
							? v->column : last];
	char cells[COUNT_TEXT];
	size_t place;

	if (column->odds == 0)
		return err_set(err, ERR_USAGE, "%.80s has no odd cell",
			       column->name);
	if (!odd_place(s, column, grid_place(s, v), forth, &place))
		return err_set(err, ERR_USAGE, "the rows in sight have no odd "
			       "cell in %.80s", column->name);
	v->at[PANEL_DATA] = place;
	session_say(s, "'%.80s' is odd; %.80s has %s odd cell%s",
		    table_odd(column, grid_row_at(s, place)), column->name,
		    text_count(cells, column->odd_cells),
		    column->odd_cells == 1 ? "" : "s");
	return true;
}
