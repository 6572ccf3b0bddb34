#include "learn/near.h"

#include <cblas.h>
#include <float.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

/* Points of a leaf, at most, and points between two looks at the job. */
enum { LEAF = 24, LOOK_POINTS = 8192 };

/* With more columns there are no boxes. */
enum { BOX_COLUMNS = 12 };

/* Points of a product of matrices. */
enum { POINTS = 1024 };

/* Cells of points looked at in some milliseconds: in boxes, and by products. */
#define BOX_CELLS 4e6
#define PRODUCT_CELLS 2e7

/* Sums of squares on two ways to the same box differ by that part at most. */
#define ROUNDING 1e-10

struct box {
	double cut;		/* left: at most this */
	uint32_t column;
	uint32_t right;		/* a box; the left one is the next; 0: a leaf */
	uint32_t first, points;
};

struct near {
	size_t n, p;
	double *x;		/* owned: in the order of the leaves */
	uint32_t *point;	/* owned: as they are numbered outside */
	struct box *box;	/* owned */
	size_t boxes;
	/* Without boxes, else NULL: */
	double *mean;		/* owned: p, of the points */
	double *off;		/* owned: n by p, points less that */
	double *norm;		/* owned: n, the squares of those */
	double largest;		/* of norm */
};

/* ---- building ---- */

struct builder {
	struct near *near;
	const double *x;	/* as they came */
	struct job *job;
	bool stopped;
};

static double coordinate(const struct builder *b, uint32_t i, size_t column)
{
	return b->x[b->near->point[i] * b->near->p + column];
}

/* The side of the box that is the widest; its width. */
static double widest(struct builder *b, size_t first, size_t n, size_t *column)
{
	double most = 0;

	for (size_t j = 0; j < b->near->p; j++) {
		double low = coordinate(b, (uint32_t)first, j), high = low;

		if (n > LOOK_POINTS && job_stopped(b->job)) {
			b->stopped = true;
			return 0;
		}
		for (size_t i = first + 1; i < first + n; i++) {
			double x = coordinate(b, (uint32_t)i, j);

			low = x < low ? x : low;
			high = x > high ? x : high;
		}
		if (high - low > most) {
			most = high - low;
			*column = j;
		}
	}
	return most;
}

static void swap(uint32_t *a, uint32_t *b)
{
	uint32_t old = *a;

	*a = *b;
	*b = old;
}

/* By the coordinate, then by the number: so the order is always the same. */
static bool before(const struct builder *b, uint32_t i, uint32_t j,
		   size_t column)
{
	double x = b->x[i * b->near->p + column];
	double y = b->x[j * b->near->p + column];

	return x < y || (x == y && i < j);
}

/* Hoare's selection: the points before place at come before it. */
static void select_at(const struct builder *b, size_t first, size_t n,
		      size_t at, size_t column)
{
	uint32_t *point = b->near->point;
	size_t low = first, high = first + n - 1;

	while (low < high) {
		uint32_t pivot = point[low + (high - low) / 2];
		size_t i = low, j = high;

		for (;;) {
			while (before(b, point[i], pivot, column))
				i++;
			while (before(b, pivot, point[j], column))
				j--;
			if (i >= j)
				break;
			swap(&point[i++], &point[j--]);
		}
		if (i == j)
			i++;
		if (at < i)
			high = i - 1;
		else
			low = i;
	}
}

static uint32_t build(struct builder *b, size_t first, size_t n)
{
	struct near *near = b->near;
	uint32_t self = (uint32_t)near->boxes++, right;
	size_t half = n / 2, column = 0;

	near->box[self] = (struct box){ .first = (uint32_t)first,
					.points = (uint32_t)n };
	if (b->stopped || n <= LEAF || !(widest(b, first, n, &column) > 0))
		return self;
	select_at(b, first, n, first + half, column);
	near->box[self].column = (uint32_t)column;
	near->box[self].cut = coordinate(b, (uint32_t)(first + half), column);
	build(b, first, half);
	right = build(b, first + half, n - half);
	near->box[self].right = right;
	return self;
}

static bool lay_out(struct builder *b, const double *x)
{
	struct near *near = b->near;

	near->x = mem_try(near->n * near->p, sizeof(*near->x));
	for (size_t i = 0; i < near->n && near->x && !b->stopped; i++) {
		b->stopped = i % LOOK_POINTS == 0 && job_stopped(b->job);
		memcpy(near->x + i * near->p, x + near->point[i] * near->p,
		       near->p * sizeof(*x));
	}
	return near->x;
}

/* Against a common offset, in which products would lose their digits. */
static bool prepare_products(struct builder *b)
{
	struct near *s = b->near;
	size_t p = s->p;

	s->mean = mem_array(p, sizeof(*s->mean));
	s->off = mem_try(s->n * p, sizeof(*s->off));
	s->norm = mem_try(s->n, sizeof(*s->norm));
	if (!s->off || !s->norm)
		return false;
	for (size_t i = 0; i < s->n * p; i++)
		s->mean[i % p] += s->x[i] / (double)s->n;
	for (size_t i = 0; i < s->n && !b->stopped; i++) {
		b->stopped = i % LOOK_POINTS == 0 && job_stopped(b->job);
		for (size_t j = 0; j < p; j++) {
			double off = s->x[i * p + j] - s->mean[j];

			s->off[i * p + j] = off;
			s->norm[i] += off * off;
		}
		s->largest = s->norm[i] > s->largest ? s->norm[i] : s->largest;
	}
	return true;
}

struct near *near_new(double *x, size_t n, size_t p, struct job *job,
		      struct err *err)
{
	struct near *near = mem_new(sizeof(*near));
	struct builder b = { .near = near, .x = x, .job = job };
	bool room;

	near->n = n;
	near->p = p;
	near->point = mem_try(n, sizeof(*near->point));
	/* Halves of more than LEAF points have at least LEAF / 2. */
	near->box = mem_try(4 * n / LEAF + 4, sizeof(*near->box));
	room = near->point && near->box;
	for (size_t i = 0; i < n && room; i++)
		near->point[i] = (uint32_t)i;
	if (room && p <= BOX_COLUMNS)
		build(&b, 0, n);
	room = room && lay_out(&b, x) &&
	       (p <= BOX_COLUMNS || prepare_products(&b));
	free(x);
	if (room && !b.stopped)
		return near;
	near_free(near);
	if (b.stopped)
		err_cancelled(err);
	else
		err_set(err, ERR_NOMEM, "no memory for %zu rows of %zu "
			"features", n, p);
	return NULL;
}

void near_free(struct near *near)
{
	if (!near)
		return;
	free(near->x);
	free(near->point);
	free(near->box);
	free(near->mean);
	free(near->off);
	free(near->norm);
	free(near);
}

/* ---- asking ---- */

struct search {
	const struct near *near;
	const double *at;
	size_t k, found;
	double *off;		/* by column: how far the box is away in it */
	struct neighbour *to;
};

static bool nearer(double squares, uint32_t point, const struct neighbour *than)
{
	return squares < than->squares ||
	       (squares == than->squares && point < than->point);
}

static void keep(struct search *s, double squares, uint32_t point)
{
	size_t at = s->found;

	if (s->found == s->k) {
		if (!nearer(squares, point, &s->to[s->k - 1]))
			return;
		at--;
	} else {
		s->found++;
	}
	for (; at > 0 && nearer(squares, point, &s->to[at - 1]); at--)
		s->to[at] = s->to[at - 1];
	s->to[at] = (struct neighbour){ squares, point };
}

static void look_at(struct search *s, size_t i)
{
	size_t p = s->near->p, j = 0;
	const double *x = s->near->x + i * p;
	double a = 0, b = 0;

	for (; j + 1 < p; j += 2) {
		double u = x[j] - s->at[j], v = x[j + 1] - s->at[j + 1];

		a += u * u;
		b += v * v;
	}
	if (j < p)
		a += (x[j] - s->at[j]) * (x[j] - s->at[j]);
	keep(s, a + b, s->near->point[i]);
}

static void search_leaf(struct search *s, const struct box *box)
{
	for (size_t i = box->first; i < box->first + box->points; i++)
		look_at(s, i);
}

/* away: squares of the distance to the box. */
static void search_box(struct search *s, uint32_t number, double away)
{
	const struct box *box = &s->near->box[number];
	double off, old, farther;
	bool right;

	if (s->found == s->k &&
	    away * (1 - ROUNDING) > s->to[s->k - 1].squares)
		return;
	if (box->right == 0) {
		search_leaf(s, box);
		return;
	}
	off = s->at[box->column] - box->cut;
	right = off > 0;
	old = s->off[box->column];
	farther = away - old * old + off * off;
	search_box(s, right ? box->right : number + 1, away);
	s->off[box->column] = off;
	search_box(s, right ? number + 1 : box->right, farther);
	s->off[box->column] = old;
}

/* ---- by products ---- */

/* product[i] is a b of point first + i; own is |a|^2.  What may be among the k
 * nearest, for all that rounding does, is looked at. */
static void sift(struct search *s, size_t first, size_t n,
		 const double *product, double own)
{
	const struct near *near = s->near;
	double noise = 8 * DBL_EPSILON * (double)(near->p + 8) *
		       (own + near->largest);

	for (size_t i = 0; i < n; i++)
		if (s->found < s->k ||
		    near->norm[first + i] - 2 * product[i] <=
		    s->to[s->k - 1].squares - own + noise)
			look_at(s, first + i);
}

static void find_by_products(const struct near *near, const double *at,
			     size_t places, size_t k, double *room,
			     struct neighbour *to)
{
	size_t p = near->p;
	double own[NEAR_PLACES] = { 0 }, *product = room + NEAR_PLACES * p;
	struct search s[NEAR_PLACES];

	for (size_t q = 0; q < places; q++) {
		s[q] = (struct search){ .near = near, .at = at + q * p, .k = k,
					.to = to + q * k };
		for (size_t j = 0; j < p; j++) {
			room[q * p + j] = at[q * p + j] - near->mean[j];
			own[q] += room[q * p + j] * room[q * p + j];
		}
	}
	for (size_t first = 0; first < near->n; first += POINTS) {
		size_t n = near->n - first < POINTS ? near->n - first : POINTS;

		cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasTrans,
			    (int)places, (int)n, (int)p, 1, room, (int)p,
			    near->off + first * p, (int)p, 0, product,
			    POINTS);
		for (size_t q = 0; q < places; q++)
			sift(&s[q], first, n, product + q * POINTS, own[q]);
	}
}

/* ---- both ---- */

size_t near_room(const struct near *near)
{
	return near->off ? NEAR_PLACES * (near->p + POINTS) : near->p;
}

size_t near_places(const struct near *near)
{
	double places = (near->off ? PRODUCT_CELLS : BOX_CELLS) /
			((double)near->n * (double)near->p);

	return places < 1 ? 1 : places < NEAR_PLACES * 64.0 ? (size_t)places
							    : NEAR_PLACES * 64;
}

void near_find(const struct near *near, const double *at, size_t places,
	       size_t k, double *room, struct neighbour *to)
{
	if (near->off) {
		find_by_products(near, at, places, k, room, to);
		return;
	}
	for (size_t q = 0; q < places; q++) {
		struct search s = { .near = near, .at = at + q * near->p,
				    .k = k, .off = room, .to = to + q * k };

		memset(room, 0, near->p * sizeof(*room));
		search_box(&s, 0, 0);
	}
}
