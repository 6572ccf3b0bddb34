/*
 * forest-grow.c - trees drawn and grown, and what is out of their bags
 *
 * Trees grow side by side, each in one thread; where there is no memory for
 * that, one after the other, with all threads inside.
 */
#include "learn/forest.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#ifdef _OPENMP
#include <omp.h>
#endif

#include "base/mem.h"

enum {
	BATCH_MAX = 64,		/* trees that are grown at a time */
	BATCH_ROWS = 65536,	/* of small ones: so many rows in all */
	CHECK_DRAWS = 65536	/* between two looks at the job */
};

/* Sums for each row that is out of the bag, at most. */
#define OUT_MAX ((size_t)1 << 25)

/* A probability of a class is not taken for smaller than that. */
#define LEAST 1e-15

/* ---- chance ---- */

/* Steele, Lea and Flood, "Fast splittable pseudorandom number generators"
 * (2014): splitmix64. */
static uint64_t next_random(uint64_t *state)
{
	uint64_t z = *state += 0x9e3779b97f4a7c15u;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	z = (z ^ z >> 27) * 0x94d049bb133111ebu;
	return z ^ z >> 31;
}

/* Below n, which is less than 2^32: of 2^32 equal parts. */
static size_t draw_below(uint64_t *state, size_t n)
{
	return (next_random(state) >> 32) * n >> 32;
}

/* How often each row is drawn, with replacement, and a list of those that are,
 * ascending.  False: no memory, or stopped. */
static bool draw_rows(const struct forester *f, uint64_t *state,
		      struct sapling *to, uint16_t *times, uint32_t *row,
		      size_t *rows, const struct job *job)
{
	size_t n = f->rows.n;

	for (size_t i = 0; i < f->draws;) {
		size_t at = draw_below(state, n);

		if (i % CHECK_DRAWS == 0 && job_stopped(job))
			return false;
		/* So often a row is never drawn, but by a miracle. */
		if (times[at] == UINT16_MAX)
			continue;
		times[at]++;
		i++;
	}
	*rows = 0;
	for (size_t i = 0; i < n; i++) {
		to->drawn[i / 64] |= (uint64_t)(times[i] > 0) << i % 64;
		row[*rows] = (uint32_t)i;
		*rows += times[i] > 0;
	}
	return true;
}

/* ---- one tree ---- */

static void sapling_clear(struct sapling *s)
{
	wood_free(s->tree);
	free(s->gain);
	free(s->drawn);
	*s = (struct sapling){ 0 };
}

static void grow_tree(const struct forester *f, size_t number,
		      struct sapling *to, struct job *job)
{
	uint64_t state = (uint64_t)f->problem->seed << 32 | number;
	struct tree_options options = f->options;
	struct tree_target target = {
		.classes = f->forest->classes, .y = f->rows.y,
		.number = f->rows.number, .draws_in_all = f->draws,
		.class_weight = f->problem->class_weight
	};
	struct tree *tree = NULL;
	uint16_t *times = mem_try(f->rows.n, sizeof(*times));
	uint32_t *row = mem_try(f->rows.n, sizeof(*row));

	options.seed = (uint32_t)(next_random(&state) >> 32);
	to->drawn = mem_try(f->rows.n / 64 + 1, sizeof(*to->drawn));
	if (to->drawn && times && row &&
	    draw_rows(f, &state, to, times, row, &target.rows, job)) {
		target.row = row;
		target.draws = times;
		tree = tree_grow(&f->forest->bins, &f->codes, &target,
				 &options, job, &to->err);
	} else {
		err_set(&to->err, ERR_NOMEM, "no memory for a tree of %zu "
			"rows", f->draws);
	}
	free(times);
	free(row);
	if (!tree)
		return;
	to->gain = mem_array(f->forest->bins.p, sizeof(*to->gain));
	tree_importance(tree, to->gain);
	to->tree = wood_new(tree);
	tree_free(tree);
}

/* ---- some trees at a time ---- */

static size_t batch_size(const struct forester *f)
{
	size_t left = f->wanted - f->forest->trees;
	size_t batch = BATCH_ROWS / f->draws;

#ifdef _OPENMP
	if (batch < (size_t)omp_get_max_threads())
		batch = (size_t)omp_get_max_threads();
#endif
	batch = batch < BATCH_MAX ? batch : BATCH_MAX;
	batch = f->alone || batch == 0 ? 1 : batch;
	return batch < left ? batch : left;
}

static void clear_batch(struct forester *f)
{
	for (size_t i = 0; i < f->batch; i++)
		sapling_clear(&f->sapling[i]);
	free(f->sapling);
	f->sapling = NULL;
	f->batch = f->used = 0;
}

static void grow_side_by_side(struct forester *f, struct job *job)
{
	size_t first = f->forest->trees;

	f->batch = batch_size(f);
	f->sapling = mem_array(f->batch, sizeof(*f->sapling));
	if (f->batch == 1) {
		grow_tree(f, first, &f->sapling[0], job);
		return;
	}
	#pragma omp parallel for schedule(dynamic) \
		if (f->batch * f->draws >= ROWS_PARALLEL)
	for (size_t i = 0; i < f->batch; i++)
		if (!job_stopped(job))
			grow_tree(f, first + i, &f->sapling[i], job);
}

static bool all_grown(const struct forester *f, struct err *err)
{
	for (size_t i = 0; i < f->batch; i++) {
		if (f->sapling[i].tree)
			continue;
		*err = f->sapling[i].err;
		return false;
	}
	return true;
}

/* False: stopped, or no memory even for one. */
static bool grow_batch(struct forester *f, struct job *job, struct err *err)
{
	struct err failed = { 0 };
	bool ok;

	clear_batch(f);
	grow_side_by_side(f, job);
	ok = !job_stopped(job) && all_grown(f, &failed);
	if (!ok && !job_stopped(job) && f->batch > 1) {
		f->alone = true;
		clear_batch(f);
		grow_side_by_side(f, job);
		ok = !job_stopped(job) && all_grown(f, &failed);
	}
	if (ok)
		return true;
	clear_batch(f);
	if (job_stopped(job))
		return err_cancelled(err);
	if (err)
		*err = failed;
	return false;
}

/* ---- out of the bag ---- */

struct tally {
	double loss, hits;
	size_t rows;
};

/* What is told of a row so far, held against the truth. */
static void add_row(const struct forester *f, size_t i, struct tally *to)
{
	const struct forest *forest = f->forest;
	const double *told = forest->out.told + i * forest->outputs;
	double trees = forest->out.trees[i], off;
	size_t most = 0;

	to->rows++;
	if (forest->classes == 0) {
		off = told[0] / trees - f->rows.number[i];
		to->loss += off * off;
		return;
	}
	if (forest->outputs == 1) {
		double p = told[0] / trees, right = f->rows.y[i] ? p : 1 - p;

		to->loss -= log(fmax(right, LEAST));
		to->hits += (p > 0.5) == (f->rows.y[i] == 1);
		return;
	}
	for (size_t k = 1; k < forest->outputs; k++)
		most = told[k] > told[most] ? k : most;
	to->loss -= log(fmax(told[f->rows.y[i]] / trees, LEAST));
	to->hits += most == f->rows.y[i];
}

static void tell_block(const struct forester *f, const struct sapling *s,
		       const struct wood_by_bins *tree, size_t start,
		       struct tally *to)
{
	struct out_of_bag *out = &f->forest->out;
	size_t end = f->rows.n - start < DESIGN_BLOCK ? f->rows.n
						      : start + DESIGN_BLOCK;
	uint32_t row[DESIGN_BLOCK] = { 0 };
	size_t n = 0;

	for (size_t i = start; i < end; i++) {
		row[n] = (uint32_t)i;
		n += !(s->drawn[i / 64] >> i % 64 & 1);
	}
	wood_add_rows(tree, f->forest->outputs, &f->codes, row, n, out->told);
	for (size_t i = 0; i < n; i++)
		out->trees[row[i]]++;
	for (size_t i = start; i < end; i++)
		if (out->trees[i] > 0)
			add_row(f, i, to);
}

/* Blocks are added up in their order. */
static void sum_up(struct forester *f, const struct tally *tally,
		   size_t blocks)
{
	struct out_of_bag *out = &f->forest->out;
	struct tally all = { 0 };

	for (size_t b = 0; b < blocks; b++) {
		all.loss += tally[b].loss;
		all.hits += tally[b].hits;
		all.rows += tally[b].rows;
	}
	out->rows = all.rows;
	if (all.rows == 0)
		return;
	out->loss = all.loss / (double)all.rows;
	out->score = f->forest->classes > 0 ? all.hits / (double)all.rows
					    : 1 - out->loss / f->spread;
}

static bool tell_out_of_bag(struct forester *f, const struct sapling *s,
			    const struct job *job)
{
	size_t blocks = (f->rows.n + DESIGN_BLOCK - 1) / DESIGN_BLOCK;
	struct wood_by_bins *tree;
	struct tally *tally;

	if (!f->forest->out.told)
		return true;
	tally = mem_array(blocks, sizeof(*tally));
	tree = wood_by_bins(s->tree, &f->forest->bins);
	#pragma omp parallel for schedule(dynamic) \
		if (f->rows.n >= ROWS_PARALLEL)
	for (size_t b = 0; b < blocks; b++)
		if (!job_stopped(job))
			tell_block(f, s, tree, b * DESIGN_BLOCK, &tally[b]);
	if (!job_stopped(job))
		sum_up(f, tally, blocks);
	free(tally);
	wood_by_bins_free(tree);
	return !job_stopped(job);
}

/* ---- the forest ---- */

static double spread_of(const double *number, size_t n)
{
	double mean = 0, squares = 0;

	for (size_t i = 0; i < n; i++)
		mean += number[i] / (double)n;
	for (size_t i = 0; i < n; i++)
		squares += (number[i] - mean) * (number[i] - mean) / (double)n;
	return squares;
}

bool forest_prepare(struct forester *f, struct job *job, struct err *err)
{
	struct forest *forest = f->forest;
	struct codes together;
	size_t n = f->rows.n;

	if (!tree_rows_bins(&f->rows, f->problem,
			    f->options.columns > 0 ? BINS_APART : 0,
			    &forest->bins, &f->codes, job, err))
		return false;
	f->ready = true;
	if (f->options.columns > 0 &&
	    codes_gather(&f->codes, NULL, n, &together, job)) {
		codes_clear(&f->codes);
		f->codes = together;
	}
	forest->gain = mem_array(forest->bins.p, sizeof(*forest->gain));
	if (f->rows.number)
		f->spread = spread_of(f->rows.number, n);
	if (n * forest->outputs > OUT_MAX)
		return true;
	forest->out.told = mem_try(n * forest->outputs,
				   sizeof(*forest->out.told));
	forest->out.trees = mem_try(n, sizeof(*forest->out.trees));
	if (forest->out.told && forest->out.trees)
		return true;
	free(forest->out.told);
	free(forest->out.trees);
	forest->out.told = NULL;
	forest->out.trees = NULL;
	return true;
}

bool forest_grow(struct forester *f, struct job *job, struct err *err)
{
	struct forest *forest = f->forest;
	struct sapling *s;

	if (f->used == f->batch && !grow_batch(f, job, err))
		return false;
	s = &f->sapling[f->used];
	if (!tell_out_of_bag(f, s, job))
		return err_cancelled(err);
	for (size_t j = 0; j < forest->bins.p; j++)
		forest->gain[j] += s->gain[j];
	forest->tree[forest->trees++] = s->tree;
	s->tree = NULL;
	sapling_clear(s);
	f->used++;
	return true;
}

void forester_free(struct forester *f)
{
	clear_batch(f);
	if (f->ready)
		codes_clear(&f->codes);
	tree_rows_clear(&f->rows);
	free(f);
}
