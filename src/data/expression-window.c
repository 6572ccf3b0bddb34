/*
 * expression-window.c - what looks back over the rows of a series
 *
 * A series is a whole column, or the rows of one group in file order.  Any
 * piece of its values can be calculated alone, and comes out the same whatever
 * the pieces are; a running total alone goes from the first row to the last.
 */
#include "data/expression-program.h"

#include <stdlib.h>

#include "base/mem.h"
#include "base/sum.h"
#include "data/rows.h"

static void lag(const struct window *w, const double *x, size_t from,
		size_t to, double *out)
{
	size_t first = from < w->n ? w->n : from;

	first = first < to ? first : to;
	for (size_t i = from; i < first; i++)
		*out++ = NAN;
	if (w->op == OP_LAG)
		for (size_t i = first; i < to; i++)
			*out++ = sound(x[i - w->n]);
	else
		for (size_t i = first; i < to; i++)
			*out++ = sound(x[i] - x[i - w->n]);
}

/* Missing where x is, but what comes behind goes on. */
static void running_total(const double *x, size_t n, struct sum *sum,
			  double *out)
{
	for (size_t i = 0; i < n; i++) {
		if (x[i] == x[i])
			sum_add(sum, x[i]);
		out[i] = x[i] == x[i] ? sound(sum_of(sum)) : NAN;
	}
}

bool window_is_short(const struct window *w)
{
	if (w->op == OP_LAG || w->op == OP_DIFF || w->op == OP_ROW)
		return !w->group;
	return !w->group && w->op != OP_CUMSUM && w->n <= WINDOW_SHORT;
}

void window_values(const struct window *w, const double *x, size_t from,
		   size_t to, void *room, double *out)
{
	switch (w->op) {
	case OP_LAG:
	case OP_DIFF:
		lag(w, x, from, to, out);
		return;
	case OP_ROW:
		for (size_t i = from; i < to; i++)
			*out++ = (double)(i + 1);
		return;
	case OP_MEDIAN:
		window_median(w, x, from, to, room, out);
		return;
	default:
		window_fold(w, x, from, to, room, out);
		return;
	}
}

/* ---- whole columns ---- */

/* The rows in the order of their groups. */
struct series {
	const struct window *window;
	const double *x;	/* ROW: NULL */
	const size_t *start;	/* of each group; n + 1 of them */
	size_t n, rows;
	double *out;
};

/* The group of the position: the last that starts there or before. */
static size_t group_at(const struct series *s, size_t position)
{
	size_t low = 0, high = s->n;

	while (high - low > 1) {
		size_t middle = low + (high - low) / 2;

		if (s->start[middle] <= position)
			low = middle;
		else
			high = middle;
	}
	return low;
}

static void series_piece(const struct series *s, size_t from, size_t to,
			 void *room)
{
	size_t g = group_at(s, from);

	for (; from < to; g++) {
		size_t start = s->start[g], end = s->start[g + 1];

		end = end < to ? end : to;
		if (end > from)
			window_values(s->window, s->x ? s->x + start : NULL,
				      from - start, end - start, room,
				      s->out + from);
		from = end > from ? end : from;
	}
}

/* Pieces that are long beside the window, as each begins with rows before. */
static size_t piece_rows(const struct window *w, size_t room)
{
	size_t least = w->op == OP_MEDIAN ? 2048 : ROWS_PARALLEL;

	return room && w->n > least ? w->n : least;
}

static bool series_values(const struct series *s, struct job *job,
			  struct err *err)
{
	size_t size = window_room(s->window, s->rows);
	size_t rows = piece_rows(s->window, size), poor = 0;
	size_t pieces = (s->rows + rows - 1) / rows;

#ifdef _OPENMP
#pragma omp parallel if (s->rows >= ROWS_PARALLEL) reduction(+:poor)
#endif
	{
		void *room = size ? malloc(size) : NULL;

		poor += size && !room;
#ifdef _OPENMP
#pragma omp for schedule(dynamic)
#endif
		for (size_t k = 0; k < pieces; k++) {
			size_t from = k * rows, to = s->rows;

			if ((size && !room) || job_cancelled(job))
				continue;
			to = to - from < rows ? to : from + rows;
			series_piece(s, from, to, room);
		}
		free(room);
	}
	if (poor)
		return err_set(err, ERR_NOMEM, "no memory for a window of "
			       "%zu rows", s->window->n);
	return !job_cancelled(job) || err_cancelled(err);
}

static bool series_total(const struct series *s, struct job *job,
			 struct err *err)
{
	for (size_t g = 0; g < s->n; g++) {
		struct sum sum = { 0 };
		size_t i = s->start[g], end = s->start[g + 1];

		while (i < end) {
			size_t n = end - i < ROWS_PARALLEL ? end - i
							   : ROWS_PARALLEL;

			if (job_cancelled(job))
				return err_cancelled(err);
			running_total(s->x + i, n, &sum, s->out + i);
			i += n;
		}
	}
	return true;
}

static bool series_all(const struct series *s, struct job *job,
		       struct err *err)
{
	return s->window->op == OP_CUMSUM ? series_total(s, job, err)
					  : series_values(s, job, err);
}

/* to[k] = from[order[k]], or the other way round. */
static void gather(const double *from, const uint32_t *order, size_t n,
		   double *to)
{
	for (size_t k = 0; k < n; k++)
		to[k] = from[order[k]];
}

static void scatter(const double *from, const uint32_t *order, size_t n,
		    double *to)
{
	for (size_t k = 0; k < n; k++)
		to[order[k]] = from[k];
}

static bool move_rows(const double *from, const uint32_t *order, size_t n,
		      bool back, double *to, struct job *job, struct err *err)
{
	size_t pieces = (n + ROWS_PARALLEL - 1) / ROWS_PARALLEL;

#ifdef _OPENMP
#pragma omp parallel for if (n >= ROWS_PARALLEL)
#endif
	for (size_t k = 0; k < pieces; k++) {
		size_t at = k * ROWS_PARALLEL;
		size_t some = n - at < ROWS_PARALLEL ? n - at : ROWS_PARALLEL;

		if (job_cancelled(job))
			continue;
		if (back)
			scatter(from + at, order + at, some, to);
		else
			gather(from, order + at, some, to + at);
	}
	return !job_cancelled(job) || err_cancelled(err);
}

/* Every row to its group, and the values back to their rows. */
static bool through_groups(struct series *s, const struct groups *groups,
			   size_t rows, struct job *job, struct err *err)
{
	double *x = s->x ? malloc((groups->rows + 1) * sizeof(*x)) : NULL;
	double *values = malloc((groups->rows + 1) * sizeof(*values));
	const uint32_t *order = groups->order;
	double *out = s->out;
	bool good = values && (x || !s->x);

	if (!good)
		err_set(err, ERR_NOMEM, "no memory for %zu rows in groups",
			rows);
	if (good && s->x)
		good = move_rows(s->x, order, groups->rows, false, x, job,
				 err);
	s->x = x;
	s->out = values;
	good = good && series_all(s, job, err);
	free(x);
	for (size_t i = 0; good && groups->rows < rows && i < rows; i++)
		out[i] = NAN;
	good = good && move_rows(values, order, groups->rows, true, out, job,
				 err);
	free(values);
	return good;
}

bool window_apply(const struct window *w, const double *x,
		  const struct groups *groups, size_t rows, double *out,
		  struct job *job, struct err *err)
{
	const size_t all[2] = { 0, rows };
	struct series s = { .window = w, .x = x, .start = all, .n = 1,
			    .rows = rows, .out = out };

	if (rows == 0)
		return true;
	if (!groups)
		return series_all(&s, job, err);
	s.start = groups->start;
	s.n = groups->n;
	s.rows = groups->rows;
	return groups->order ? through_groups(&s, groups, rows, job, err)
			     : series_all(&s, job, err);
}
