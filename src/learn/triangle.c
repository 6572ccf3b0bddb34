#include "learn/triangle.h"

#include <lapacke.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "learn/walk.h"

/* How many parts there are depends on the problem and not on the number of
 * threads: so neither does the result. */
enum { PARTS_MIN = 2, PART_ROWS = 2048, PART_NUMBERS = 1 << 22 };

/* Products that are done sooner than a second thread is woken. */
enum { PARALLEL_WORK = 1 << 22 };

/* Products in a block: about 20 ms of work at most. */
enum { BLOCK_WORK = 1 << 25, BLOCK_MIN = 64 };

/* Columns that LAPACK reflects at a time. */
enum { PANEL = 32 };

/* Room for one thread to put a block under an R. */
struct desk {
	double *x;		/* the block, row after row */
	double *below;		/* block by m, column after column */
	double *t, *work;	/* PANEL by m each */
};

bool triangle_init(struct triangle *t, size_t p)
{
	size_t m = p + 2;
	size_t parts = walk_within(PART_NUMBERS / (m * m), PARTS_MIN,
			      TRIANGLE_PARTS);

	*t = (struct triangle){ .p = p, .m = m };
	t->block = walk_within(BLOCK_WORK / (m * m), BLOCK_MIN, DESIGN_BLOCK);
	t->r = mem_try(m * m, sizeof(*t->r));
	for (; t->r && t->parts < parts; t->parts++) {
		t->part[t->parts] = mem_try(m * m, sizeof(**t->part));
		if (!t->part[t->parts])
			break;
	}
	return t->parts == parts;
}

void triangle_clear(struct triangle *t)
{
	free(t->r);
	for (size_t i = 0; i < t->parts; i++)
		free(t->part[i]);
	*t = (struct triangle){ 0 };
}

static bool desk_init(struct desk *desk, const struct triangle *t)
{
	*desk = (struct desk){
		.x = mem_try(t->block * t->p, sizeof(double)),
		.below = mem_try(t->block * t->m, sizeof(double)),
		.t = mem_try(PANEL * t->m, sizeof(double)),
		.work = mem_try(PANEL * t->m, sizeof(double)),
	};
	return desk->x && desk->below && desk->t && desk->work;
}

static void desk_clear(struct desk *desk)
{
	free(desk->x);
	free(desk->below);
	free(desk->t);
	free(desk->work);
}

/* R of R and the n rows below it, of which the last l are an upper triangle;
 * stride is from one column of them to the next. */
static void reduce(const struct triangle *t, double *r, double *below,
		   size_t n, size_t stride, size_t l, const struct desk *desk)
{
	int m = (int)t->m, nb = m < PANEL ? m : PANEL;

	LAPACKE_dtpqrt_work(LAPACK_COL_MAJOR, (int)n, m, (int)l, nb, r, m,
			    below, (int)stride, desk->t, nb, desk->work);
}

/* Rows start ... start + n - 1 as [1 X y], column after column. */
static void fill(const struct triangle *t, const struct triangle_rows *rows,
		 size_t start, size_t n, const struct desk *desk)
{
	double *y = desk->below + (t->m - 1) * t->block;

	design_block(rows->design, rows->row + start, n, desk->x);
	for (size_t i = 0; i < n; i++) {
		desk->below[i] = rows->ones;
		y[i] = rows->y[start + i];
	}
	for (size_t j = 0; j < t->p; j++) {
		double *to = desk->below + (j + 1) * t->block;

		for (size_t i = 0; i < n; i++)
			to[i] = desk->x[i * t->p + j];
	}
}

/* R of rows start ... end - 1.  False when told to stop. */
static bool reduce_part(const struct triangle *t,
			const struct triangle_rows *rows, size_t start,
			size_t end, double *r, const struct desk *desk,
			const struct job *job)
{
	memset(r, 0, t->m * t->m * sizeof(*r));
	for (size_t i = start; i < end; i += t->block) {
		size_t n = end - i < t->block ? end - i : t->block;

		if (job_stopped(job))
			return false;
		fill(t, rows, i, n, desk);
		reduce(t, r, desk->below, n, t->block, 0, desk);
	}
	return true;
}

/* Put the parts under each other.  False when told to stop. */
static bool put_together(struct triangle *t, size_t parts,
			 const struct desk *desk, const struct job *job)
{
	memset(t->r, 0, t->m * t->m * sizeof(*t->r));
	for (size_t i = 0; i < parts; i++) {
		if (job_stopped(job))
			return false;
		reduce(t, t->r, t->part[i], t->m, t->m, t->m, desk);
	}
	return true;
}

/* R of each part. */
static enum triangle_end reduce_parts(struct triangle *t,
				      const struct triangle_rows *rows,
				      size_t parts, struct job *job)
{
	size_t n = rows->n, stopped = 0, no_room = 0, done = 0;

	#pragma omp parallel if (n * t->m * t->m >= PARALLEL_WORK) \
		reduction(+: stopped, no_room)
	{
		struct desk desk;
		bool room = desk_init(&desk, t);

		no_room += !room;
		#pragma omp for schedule(dynamic)
		for (size_t i = 0; i < parts; i++) {
			size_t now;

			stopped += room &&
				!reduce_part(t, rows, n * i / parts,
					     n * (i + 1) / parts, t->part[i],
					     &desk, job);
			#pragma omp atomic capture
			now = ++done;
			job_progress(job, (double)now / (double)parts);
		}
		desk_clear(&desk);
	}
	return no_room ? TRIANGLE_NO_ROOM : stopped ? TRIANGLE_STOPPED :
	       TRIANGLE_DONE;
}

enum triangle_end triangle_reduce(struct triangle *t,
				  const struct triangle_rows *rows,
				  struct job *job)
{
	size_t wanted = (rows->n + PART_ROWS - 1) / PART_ROWS;
	size_t parts = wanted < t->parts ? wanted : t->parts;
	enum triangle_end end = reduce_parts(t, rows, parts, job);
	struct desk desk;

	if (end != TRIANGLE_DONE)
		return end;
	if (!desk_init(&desk, t))
		end = TRIANGLE_NO_ROOM;
	else if (!put_together(t, parts, &desk, job))
		end = TRIANGLE_STOPPED;
	desk_clear(&desk);
	return end;
}

bool triangle_add(struct triangle *t, double *rows, size_t n)
{
	struct desk desk;
	bool room = desk_init(&desk, t);

	if (room)
		reduce(t, t->r, rows, n, n, 0, &desk);
	desk_clear(&desk);
	return room;
}
