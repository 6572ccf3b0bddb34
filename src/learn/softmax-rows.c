/*
 * softmax-rows.c - what softmax regression sums over the rows, in blocks
 */
#include "learn/softmax.h"

#include <cblas.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "learn/loss.h"

/* As in newton.c: sums of parts, added in the order of the parts, so that the
 * number of threads changes no digit. */
enum { PARTS_MIN = 2, PART_ROWS = 1024, PART_NUMBERS = 1 << 22 };
enum { PARALLEL_WORK = 1 << 20 };

/* Numbers in a block of rows with all their classes, about. */
enum { BLOCK_NUMBERS = 1 << 15, BLOCK_MIN = 16 };

/* ---- one block of rows ---- */

/* Room for a block: x, n by q with ones in the end, z and t, n by c. */
static double *room_new(const struct softmax *s)
{
	return mem_try(s->rows * (2 * s->q + 2 * s->c), sizeof(double));
}

/* to, n by c, is x times u'. */
static void multiply(const struct softmax *s, const double *x, size_t n,
		     const double *u, double *to)
{
	int q = (int)s->q, c = (int)s->c;

	cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasTrans, (int)n, c, q, 1,
		    x, q, u, q, 0, to, c);
}

static void add_loss(const struct softmax *s, size_t start, size_t n,
		     double *z, struct softmax_part *part)
{
	for (size_t i = 0; i < n; i++) {
		uint32_t y = s->learners.y[start + i];
		size_t told;

		part->loss += s->learners.weight[y] *
			      softmax_loss(z + i * s->c, s->c, y, &told);
		part->hits += told == y;
	}
}

/* Add x' diag(P (1 - P)) x of each class. */
static void add_blocks(const struct softmax *s, const double *x,
		       const uint32_t *y, size_t n, const double *z,
		       double *spare, struct softmax_part *part)
{
	const double *weight = s->learners.weight;
	size_t q = s->q;

	for (size_t k = 0; k < s->c; k++) {
		for (size_t i = 0; i < n; i++) {
			double chance = z[i * s->c + k];
			double w = weight[y[i]] * chance * (1 - chance);
			const double *from = x + i * q;
			double root = sqrt(w);

			for (size_t j = 0; s->blocks && j < q; j++)
				spare[i * q + j] = from[j] * root;
			for (size_t j = 0; !s->blocks && j < q; j++)
				part->block[k * q + j] += w * from[j] *
							  from[j];
		}
		if (s->blocks)
			cblas_dsyrk(CblasRowMajor, CblasUpper, CblasTrans,
				    (int)q, (int)n, 1, spare, (int)q, 1,
				    part->block + k * q * q, (int)q);
	}
}

/* t, X v of each row, becomes P (t - sum_m P_m t_m), weighed. */
static void spread(const struct softmax *s, const uint32_t *y, size_t n,
		   const double *z, double *t)
{
	for (size_t i = 0; i < n; i++) {
		const double *chance = z + i * s->c;
		double *of = t + i * s->c, mean = 0;
		double weight = s->learners.weight[y[i]];

		for (size_t k = 0; k < s->c; k++)
			mean += chance[k] * of[k];
		for (size_t k = 0; k < s->c; k++)
			of[k] = weight * chance[k] * (of[k] - mean);
	}
}

/* P becomes P - Y, weighed. */
static void subtract_truth(const struct softmax *s, const uint32_t *y,
			   size_t n, double *z)
{
	for (size_t i = 0; i < n; i++) {
		double *of = z + i * s->c;

		of[y[i]] -= 1;
		for (size_t k = 0; k < s->c; k++)
			of[k] *= s->learners.weight[y[i]];
	}
}

static void add_block(const struct softmax *s, const struct softmax_errand *e,
		      size_t start, size_t n, double *room,
		      struct softmax_part *part)
{
	double *x = room, *spare = x + s->rows * s->q;
	double *z = spare + s->rows * s->q, *t = z + s->rows * s->c;
	int q = (int)s->q, c = (int)s->c;

	scaled_block(&s->scaled, s->learners.row + start, n, x, spare);
	multiply(s, x, n, e->u, z);
	add_loss(s, start, n, z, part);
	if (e->blocks)
		add_blocks(s, x, s->learners.y + start, n, z, spare, part);
	if (e->v) {
		multiply(s, x, n, e->v, t);
		spread(s, s->learners.y + start, n, z, t);
		z = t;
	} else {
		subtract_truth(s, s->learners.y + start, n, z);
	}
	cblas_dgemm(CblasRowMajor, CblasTrans, CblasNoTrans, c, q, (int)n, 1,
		    z, c, x, q, 1, part->sum, q);
}

/* ---- all rows ---- */

size_t softmax_block_numbers(const struct softmax *s)
{
	return s->size * (s->blocks ? s->q : 1);
}

static bool add_part(const struct softmax *s, const struct softmax_errand *e,
		     size_t start, size_t end, double *room,
		     struct softmax_part *part, const struct job *job)
{
	part->loss = 0;
	part->hits = 0;
	memset(part->sum, 0, s->size * sizeof(*part->sum));
	if (e->blocks)
		memset(part->block, 0,
		       softmax_block_numbers(s) * sizeof(*part->block));
	for (size_t i = start; i < end; i += s->rows) {
		size_t n = end - i < s->rows ? end - i : s->rows;

		if (job_stopped(job))
			return false;
		add_block(s, e, i, n, room, part);
	}
	return true;
}

static void add_parts(struct softmax *s, const struct softmax_errand *e,
		      size_t parts)
{
	size_t numbers = e->blocks ? softmax_block_numbers(s) : 0;
	struct softmax_part *to = &s->part[0];

	for (size_t i = 1; i < parts; i++) {
		const struct softmax_part *from = &s->part[i];

		to->loss += from->loss;
		to->hits += from->hits;
		for (size_t j = 0; j < s->size; j++)
			to->sum[j] += from->sum[j];
		for (size_t j = 0; j < numbers; j++)
			to->block[j] += from->block[j];
	}
}

enum walk softmax_walk(struct softmax *s, const struct softmax_errand *e,
		       const struct job *job)
{
	size_t wanted = (s->n + PART_ROWS - 1) / PART_ROWS;
	size_t parts = wanted < s->parts ? wanted : s->parts;
	size_t stopped = 0, no_room = 0;

	#pragma omp parallel if (s->n * s->size >= PARALLEL_WORK) \
		reduction(+: stopped, no_room)
	{
		double *room = room_new(s);

		no_room += !room;
		#pragma omp for schedule(dynamic)
		for (size_t i = 0; i < parts; i++)
			stopped += room && !add_part(s, e, s->n * i / parts,
						     s->n * (i + 1) / parts,
						     room, &s->part[i], job);
		free(room);
	}
	if (no_room || stopped)
		return no_room ? NO_ROOM : STOPPED;
	add_parts(s, e, parts);
	return WALKED;
}

bool softmax_make_parts(struct softmax *s)
{
	size_t all = softmax_block_numbers(s);
	size_t parts = walk_within(PART_NUMBERS / all, PARTS_MIN,
				   SOFTMAX_PARTS);

	s->rows = walk_within(BLOCK_NUMBERS / (s->q + s->c), BLOCK_MIN,
			 DESIGN_BLOCK);
	while (s->parts < parts) {
		struct softmax_part *part = &s->part[s->parts++];

		part->sum = mem_try(s->size, sizeof(*part->sum));
		part->block = mem_try(all, sizeof(*part->block));
		if (!part->sum || !part->block)
			return false;
	}
	return true;
}
