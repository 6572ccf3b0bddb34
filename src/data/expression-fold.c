/*
 * expression-fold.c - sums, extremes, deviations and medians of long windows
 *
 * A running sum that adds the new row and takes the oldest away drifts.  Here
 * nothing is taken away: the series is cut into blocks of n rows, and a window
 * of n rows is the end of one block and the beginning of the next.  With the
 * ends and the beginnings folded, a window is two of them joined, whatever n
 * is (van Herk, Pattern Recognition Letters 13 (1992), has it for extremes).
 * The value of a row does not depend on where the work on it began.
 */
#include "data/expression-program.h"

#include <math.h>
#include <string.h>

/* Some values, none of them missing, folded into one. */
struct fold {
	size_t n;
	double a;	/* the extreme; the sum; the mean less the pivot */
	double b;	/* the rest of the sum, see base/sum.h; the squares
			 * of the differences from the mean */
	double pivot;	/* SD: the first of them */
};

_Static_assert((WINDOW_SHORT + 1) * sizeof(struct fold) <= WINDOW_ROOM,
	       "there is room for a short window");

static inline void add_exactly(struct fold *f, double x)
{
	double total = f->a + x, part = total - f->a;

	f->b += (f->a - (total - part)) + (x - part);
	f->a = total;
}

/* Welford, Technometrics 4 (1962), less a pivot: of values that lie close to
 * each other and far from 0 the differences are exact. */
static inline void add_square(struct fold *f, double x)
{
	double d;

	if (f->n == 1)
		f->pivot = x;
	x -= f->pivot;
	d = x - f->a;
	f->a += d / (double)f->n;
	f->b += d * (x - f->a);
}

static inline void add(enum op op, struct fold *f, double x)
{
	if (x != x)
		return;
	f->n++;
	if (op == OP_SD)
		add_square(f, x);
	else if (op == OP_LOWEST)
		f->a = f->n == 1 || x < f->a ? x : f->a;
	else if (op == OP_HIGHEST)
		f->a = f->n == 1 || x > f->a ? x : f->a;
	else if (op != OP_COUNT)
		add_exactly(f, x);
}

/* Chan, Golub and LeVeque, Compstat 1982. */
static inline void join_squares(struct fold *f, const struct fold *other)
{
	double n = (double)f->n, m = (double)other->n;
	double d = (other->a - f->a) + (other->pivot - f->pivot);

	f->b += other->b + d * d * (n * m / (n + m));
}

static inline void join(enum op op, struct fold *f, const struct fold *other)
{
	if (other->n == 0)
		return;
	if (f->n == 0) {
		*f = *other;
		return;
	}
	if (op == OP_SD) {
		join_squares(f, other);
	} else if (op == OP_LOWEST) {
		f->a = other->a < f->a ? other->a : f->a;
	} else if (op == OP_HIGHEST) {
		f->a = other->a > f->a ? other->a : f->a;
	} else if (op != OP_COUNT) {
		add_exactly(f, other->a);
		f->b += other->b;
	}
	f->n += other->n;
}

static inline double value_of(enum op op, const struct fold *f, size_t least)
{
	double n = (double)f->n;

	if (op == OP_COUNT)
		return n;
	if (f->n < least)
		return NAN;
	switch (op) {
	case OP_SUM: return sound(f->a + f->b);
	case OP_MEAN: return sound((f->a + f->b) / n);
	case OP_SD: return f->n > 1 ? sound(sqrt(f->b / (n - 1))) : NAN;
	default: return sound(f->a);
	}
}

/* The ends of the block that begins at first: that of its last n - k values
 * goes to end[k]; end[n] is empty. */
static inline void fold_ends(enum op op, const double *x, size_t first,
			     size_t n, struct fold *end)
{
	struct fold f = { .n = 0 };

	end[n] = f;
	for (size_t k = n; k-- > 0;) {
		add(op, &f, x[first + k]);
		end[k] = f;
	}
}

/* One block, from its first row to row to; values are wanted from row from. */
static inline void fold_block(enum op op, const struct window *w,
			      const double *x, size_t first, size_t from,
			      size_t to, const struct fold *end, double *out)
{
	struct fold f = { .n = 0 };

	for (size_t i = first; i < to; i++) {
		struct fold whole;

		add(op, &f, x[i]);
		if (i < from)
			continue;
		whole = f;
		if (end)
			join(op, &whole, end + (i - first + 1));
		out[i - from] = value_of(op, &whole, w->least);
	}
}

/* It is compiled once for each of the operations below. */
static inline void fold_all(enum op op, const struct window *w,
			    const double *x, size_t from, size_t to,
			    struct fold *end, double *out)
{
	size_t n = w->n, first = from - from % n;

	for (; first < to; first += n) {
		size_t begin = first > from ? first : from;
		size_t last = to - first < n ? to : first + n;

		if (first > 0)
			fold_ends(op, x, first - n, n, end);
		fold_block(op, w, x, first, begin, last, first ? end : NULL,
			   out + (begin - from));
	}
}

void window_fold(const struct window *w, const double *x, size_t from,
		 size_t to, void *room, double *out)
{
	switch (w->op) {
	case OP_SUM:
		fold_all(OP_SUM, w, x, from, to, room, out);
		break;
	case OP_MEAN:
		fold_all(OP_MEAN, w, x, from, to, room, out);
		break;
	case OP_LOWEST:
		fold_all(OP_LOWEST, w, x, from, to, room, out);
		break;
	case OP_HIGHEST:
		fold_all(OP_HIGHEST, w, x, from, to, room, out);
		break;
	case OP_SD:
		fold_all(OP_SD, w, x, from, to, room, out);
		break;
	default:
		fold_all(OP_COUNT, w, x, from, to, room, out);
		break;
	}
}

size_t window_room(const struct window *w, size_t rows)
{
	switch (w->op) {
	case OP_LAG: case OP_DIFF: case OP_ROW: case OP_CUMSUM:
		return 0;
	case OP_MEDIAN:
		return w->n * sizeof(double);
	default:	/* no row has so many before it */
		return w->n < rows ? (w->n + 1) * sizeof(struct fold) : 0;
	}
}

/* ---- medians: the values of the window, kept in order ---- */

/* How many of n values in order are less than x. */
static size_t place_of(const double *sorted, size_t n, double x)
{
	size_t low = 0;

	while (n > 0) {
		size_t half = n / 2;

		if (sorted[low + half] < x) {
			low += half + 1;
			n -= half + 1;
		} else {
			n = half;
		}
	}
	return low;
}

static size_t insert(double *sorted, size_t n, double x)
{
	size_t at;

	if (x != x)
		return n;
	at = place_of(sorted, n, x);
	memmove(sorted + at + 1, sorted + at, (n - at) * sizeof(*sorted));
	sorted[at] = x;
	return n + 1;
}

static size_t leave_out(double *sorted, size_t n, double x)
{
	size_t at;

	if (x != x)
		return n;
	at = place_of(sorted, n, x);
	n--;
	memmove(sorted + at, sorted + at + 1, (n - at) * sizeof(*sorted));
	return n;
}

void window_median(const struct window *w, const double *x, size_t from,
		   size_t to, double *sorted, double *out)
{
	size_t i = from >= w->n ? from - w->n + 1 : 0, n = 0;

	for (; i < from; i++)
		n = insert(sorted, n, x[i]);
	for (; i < to; i++) {
		if (i >= w->n && i > from)
			n = leave_out(sorted, n, x[i - w->n]);
		n = insert(sorted, n, x[i]);
		out[i - from] = n < w->least ? NAN :
			sound((sorted[(n - 1) / 2] + sorted[n / 2]) / 2);
	}
}
