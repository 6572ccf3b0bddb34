#include "command/hunt.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "command/session.h"
#include "data/find.h"

struct hunt {
	/* Shared with the errand, which only reads, but for found. */
	const struct source *source;	/* borrowed */
	const struct table *table;	/* borrowed, as long as the errand is
					 * under way; NULL: none is derived */
	struct finder *finder;		/* owned */
	bool *columns;			/* owned: which are searched */
	struct found *found;		/* owned */

	/* Touched on the main thread only. */
	unsigned opened;		/* source_opened() */
	size_t columns_n;
	bool errand;			/* it still has a hold on this */
	bool forgotten;			/* free it when the errand has ended */
	bool done;			/* the whole file was searched */
	char *pattern;			/* owned */
	struct matcher *matcher;	/* owned */

	/* hunt_places(): what they were made of, and they. */
	const struct rows *rows;
	unsigned made;
	size_t found_rows;
	bool placed;
	struct rows places;		/* owned */
};

static void free_hunt(struct hunt *h)
{
	matcher_free(h->matcher);
	finder_free(h->finder);
	found_free(h->found);
	rows_clear(&h->places);
	free(h->columns);
	free(h->pattern);
	free(h);
}

void hunt_free(struct hunt *h)
{
	if (!h)
		return;
	h->forgotten = true;
	if (!h->errand)
		free_hunt(h);
}

/* ---- the errand ---- */

static bool run_hunt(struct job *job, void *what, struct err *err)
{
	struct hunt *h = what;

	return find_rows(h->source, h->finder, h->columns, h->found, job,
			 err) &&
	       (!h->table || find_derived(h->table, h->finder, h->columns,
					  h->found, job, err));
}

static void hunt_done(struct session *s, void *what, const struct err *err)
{
	struct hunt *h = what;

	h->errand = false;
	h->done = err->code == ERR_NONE;
	if (h->forgotten) {
		free_hunt(h);
	} else if (err->code != ERR_NONE && err->code != ERR_CANCELLED) {
		h->done = true;
		session_say(s, "%s", err->text);
		s->message_is_error = true;
	}
}

static const struct errand hunting = { run_hunt, hunt_done };

/* ---- begin and end ---- */

/* Settings are those of the file that is open, not of one being read. */
static bool column_shown(const struct session *s, size_t column)
{
	return session_source(s) != s->data.source ||
	       look_shows(&s->settings.look, column);
}

static void choose_columns(const struct session *s, struct hunt *h)
{
	h->columns_n = session_columns(s);
	if (h->source == s->data.source && s->table && s->table->derived)
		h->table = s->table;
	h->columns = mem_array(h->columns_n, sizeof(*h->columns));
	for (size_t c = 0; c < h->columns_n; c++)
		h->columns[c] = column_shown(s, c);
}

static bool same_columns(const struct session *s, const struct hunt *h)
{
	if (h->columns_n != session_columns(s))
		return false;
	for (size_t c = 0; c < h->columns_n; c++)
		if (h->columns[c] != column_shown(s, c))
			return false;
	return true;
}

static bool goes_on(const struct session *s, const struct hunt *h,
		    const char *pattern)
{
	return h && !strcmp(h->pattern, pattern) && (h->errand || h->done) &&
	       h->source == session_source(s) &&
	       h->opened == source_opened(h->source) && same_columns(s, h);
}

void hunt_end(struct session *s)
{
	struct hunt *h = s->looks.hunt;

	s->looks.hunt = NULL;
	hunt_free(h);
	errands_cancel(s->errands, s, ERRAND_FIND);
}

bool hunt_begin(struct session *s, const char *pattern, struct err *err)
{
	const struct source *source = session_source(s);
	struct finder *finder;
	struct hunt *h;

	if (!source)
		return err_set(err, ERR_USAGE, "find needs a file: open FILE "
			       "first");
	if (goes_on(s, s->looks.hunt, pattern))
		return true;
	finder = finder_new(pattern, err);
	if (!finder)
		return false;
	h = mem_new(sizeof(*h));
	h->finder = finder;
	h->matcher = matcher_new(finder);
	h->found = found_new();
	h->source = source;
	h->opened = source_opened(source);
	h->pattern = mem_strdup(pattern);
	choose_columns(s, h);
	hunt_end(s);
	s->looks.hunt = h;
	h->errand = true;
	errands_send(s->errands, s, ERRAND_FIND, &hunting, h);
	return true;
}

static void begin_again(struct session *s)
{
	char *pattern = mem_strdup(s->looks.hunt->pattern);
	struct err err;

	hunt_end(s);
	hunt_begin(s, pattern, &err);
	free(pattern);
}

void hunt_again(struct session *s)
{
	if (hunt_pattern(s) && !same_columns(s, s->looks.hunt))
		begin_again(s);
}

/* What was found in the same file, with or without a table of it, is still
 * true, if all of it stands there; an errand that was given up begins anew. */
void hunt_forget(struct session *s)
{
	struct hunt *h = s->looks.hunt;

	if (!h)
		return;
	if (h->opened != source_opened(s->data.source))
		hunt_end(s);
	else if (!h->done || h->table || (s->table && s->table->derived))
		begin_again(s);
}

/* ---- asking ---- */

const char *hunt_pattern(const struct session *s)
{
	const struct hunt *h = s->looks.hunt;

	return h && session_source(s) &&
	       h->opened == source_opened(session_source(s)) ? h->pattern
							     : NULL;
}

struct hunt_count hunt_count(const struct session *s)
{
	const struct hunt *h = s->looks.hunt;
	struct hunt_count count = { 0 };
	struct found_count found;

	if (!hunt_pattern(s))
		return count;
	found = found_count(h->found);
	count.rows = found.rows;
	count.cells = found.cells;
	count.gave_up = found.gave_up;
	count.going_on = h->errand;
	count.whole = h->done;
	return count;
}

bool hunt_in(const struct session *s, const char *text, size_t len, size_t *at,
	     size_t *size)
{
	*at = 0;
	return hunt_pattern(s) && s->looks.hunt->matcher &&
	       matcher_find(s->looks.hunt->matcher, text, len, at, size);
}

/* Which places of rows[] are of rows that were found? */
static bool place(const struct rows *rows, const struct rows *found,
		  struct rows *places)
{
	size_t last = found->n ? found->row[found->n - 1] : 0, n = 0;
	unsigned char *is_found = mem_try(last / 8 + 1, 1);
	struct err err;

	if (!is_found || !rows_room(places, rows->n, &err)) {
		free(is_found);
		return false;
	}
	for (size_t i = 0; i < found->n; i++)
		is_found[found->row[i] / 8] |=
			(unsigned char)(1u << found->row[i] % 8);
	for (size_t i = 0; found->n && i < rows->n; i++) {
		size_t row = rows->row[i];

		if (row <= last && is_found[row / 8] >> row % 8 & 1)
			places->row[n++] = (uint32_t)i;
	}
	places->n = n;
	free(is_found);
	return true;
}

static bool make_places(struct hunt *h, const struct rows *rows)
{
	struct rows found = { 0 };
	struct err err;
	bool placed;

	rows_clear(&h->places);
	if (!found_rows(h->found, &found, &err))
		return false;
	h->found_rows = found.n;
	if (!rows) {
		h->places = found;
		return true;
	}
	placed = place(rows, &found, &h->places);
	rows_clear(&found);
	return placed;
}

const struct rows *hunt_places(const struct session *s,
			       const struct rows *rows, unsigned made)
{
	struct hunt *h = s->looks.hunt;

	if (!hunt_pattern(s))
		return NULL;
	if (h->placed && h->rows == rows && h->made == made &&
	    h->found_rows == found_count(h->found).rows)
		return &h->places;
	h->rows = rows;
	h->made = made;
	h->placed = make_places(h, rows);
	return h->placed ? &h->places : NULL;
}
