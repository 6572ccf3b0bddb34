#include "learn/tree-bins.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#ifdef _OPENMP
#include <omp.h>
#endif

#include "base/mem.h"
#include "learn/tree-cut.h"

/* Columns of a group: their bytes of a row share a line of the cache, and what
 * is counted of them stays in the nearest one. */
enum { GROUP = 12 };

/* And where nodes look at few columns and few rows. */
enum { GROUP_WIDE = 64 };

enum { GATHER_ROWS = 4096 };

static uint32_t read_level(const struct column *c, const struct treatment *t,
			   uint32_t row)
{
	return t ? treatment_code(t, c, row) : c->code[row];
}

/* ---- numbers: into bins ---- */

/* How many of the limits are less than x. */
static size_t find_bin(const double *limit, size_t half, double x)
{
	size_t at = 0;

	for (size_t step = half; step > 0; step /= 2)
		at += limit[at + step - 1] < x ? step : 0;
	return at;
}

static inline void put_cell(struct codes *codes, size_t at, size_t bin)
{
	if (codes->narrow)
		((uint8_t *)codes->cell)[at] = (uint8_t)bin;
	else
		((uint16_t *)codes->cell)[at] = (uint16_t)bin;
}

static void put_numbers(struct bin_column *c, const struct limits *limits,
			const double *x, size_t n, struct codes *codes,
			size_t at, size_t stride)
{
	const double *limit = limits->limit;
	size_t half = limits->half;

	for (size_t i = 0; i < n; i++, at += stride) {
		size_t b = find_bin(limit, half, x[i]);

		if (isnan(x[i])) {
			put_cell(codes, at, c->bins);
			c->missing = true;
			continue;
		}
		put_cell(codes, at, b);
		c->low[b] = x[i] < c->low[b] ? x[i] : c->low[b];
		c->high[b] = x[i] > c->high[b] ? x[i] : c->high[b];
	}
}

/* False: no memory, or stopped. */
static bool bin_numbers(struct bin_column *c, const struct reading *from,
			struct codes *codes, size_t at, size_t stride)
{
	struct limits limits;
	double x[CUT_BLOCK];

	if (!cut_find(from, &limits))
		return false;
	c->bins = limits.bins;
	c->low = mem_array(c->bins, sizeof(*c->low));
	c->high = mem_array(c->bins, sizeof(*c->high));
	for (size_t b = 0; b < c->bins; b++) {
		c->low[b] = INFINITY;
		c->high[b] = -INFINITY;
	}
	for (size_t start = 0; start < from->n; start += CUT_BLOCK) {
		size_t rows = from->n - start < CUT_BLOCK ? from->n - start
						      : CUT_BLOCK;

		if (job_stopped(from->job))
			break;
		cut_read(from, start, rows, x, 1);
		put_numbers(c, &limits, x, rows, codes, at + start * stride,
			    stride);
	}
	free(limits.limit);
	return true;
}

/* ---- categories ---- */

struct frequency {
	uint32_t level;
	size_t rows;
};

/* The most frequent first; then the lower level. */
static int by_rows(const void *a, const void *b)
{
	const struct frequency *x = a, *y = b;

	if (x->rows != y->rows)
		return x->rows < y->rows ? 1 : -1;
	return x->level < y->level ? -1 : 1;
}

static void name_bin(struct bin_column *c, const struct column *column,
		     size_t level, size_t bin)
{
	const char *name = level < column->levels ? column->level[level]
			 : treatment_level(c->treatment, column,
					   (uint32_t)level);

	c->bin_of[level] = (uint8_t)bin;
	if (!c->name_of[bin])
		c->name_of[bin] = mem_strdup(name);
}

/* Levels that occur, in their order; the rarest share the last bin. */
static void give_bins(struct bin_column *c, const struct column *column,
		      const size_t *rows)
{
	struct frequency *f = mem_array(c->levels, sizeof(*f));
	bool *rare = mem_array(c->levels, sizeof(*rare));
	size_t n = 0;

	for (size_t l = 0; l < c->levels; l++)
		if (rows[l] > 0)
			f[n++] = (struct frequency){ (uint32_t)l, rows[l] };
	c->bins = n < BINS_MAX ? n : BINS_MAX;
	c->shared = n > BINS_MAX;
	if (c->shared)
		qsort(f, n, sizeof(*f), by_rows);
	for (size_t i = BINS_MAX - 1; c->shared && i < n; i++)
		rare[f[i].level] = true;
	c->name_of = mem_array(c->bins, sizeof(*c->name_of));
	if (c->shared)
		c->name_of[BINS_MAX - 1] = mem_printf("%zu rare ones",
						      n - BINS_MAX + 1);
	memset(c->bin_of, BINS_UNSEEN, c->levels);
	for (size_t l = 0, bin = 0; l < c->levels; l++)
		if (rows[l] > 0)
			name_bin(c, column, l, rare[l] ? BINS_MAX - 1 : bin++);
	free(rare);
	free(f);
}

static void bin_levels(struct bin_column *c, const struct reading *from,
		       struct codes *codes, size_t at, size_t stride)
{
	size_t *rows;

	/* One more than there are: what rules call "other". */
	c->levels = from->column->levels + 1;
	c->bin_of = mem_array(c->levels, sizeof(*c->bin_of));
	rows = mem_array(c->levels, sizeof(*rows));
	for (size_t i = 0; i < from->n; i++) {
		uint32_t level = read_level(from->column, from->treatment,
					    from->row[i]);

		if (i % CUT_BLOCK == 0 && job_stopped(from->job))
			break;
		if (level != LEVEL_MISSING)
			rows[level]++;
	}
	give_bins(c, from->column, rows);
	free(rows);
	for (size_t i = 0; i < from->n; i++) {
		uint32_t level = read_level(from->column, from->treatment,
					    from->row[i]);

		if (i % CUT_BLOCK == 0 && job_stopped(from->job))
			break;
		c->missing |= level == LEVEL_MISSING;
		put_cell(codes, at + i * stride, level == LEVEL_MISSING
			 ? c->bins : c->bin_of[level]);
	}
}

/* ---- all of them ---- */

/* As many groups as there are threads to fill them, or more.  What a tree
 * finds does not depend on it. */
static size_t groups_of(size_t p)
{
	size_t groups = (p + GROUP - 1) / GROUP, threads = 1;

#ifdef _OPENMP
	threads = (size_t)omp_get_max_threads();
#endif
	groups = (groups + threads - 1) / threads * threads;
	return groups < p ? groups : p;
}

static void lay_out(struct codes *codes, size_t groups)
{
	size_t p = codes->p;

	codes->groups = groups;
	codes->first = mem_array(codes->groups + 1, sizeof(*codes->first));
	codes->at = mem_array(p, sizeof(*codes->at));
	codes->stride = mem_array(p, sizeof(*codes->stride));
	for (size_t g = 0; g < codes->groups; g++) {
		size_t first = p * g / codes->groups;
		size_t end = p * (g + 1) / codes->groups;

		codes->first[g] = first;
		codes->first[g + 1] = end;
		for (size_t j = first; j < end; j++) {
			codes->at[j] = codes->n * first + (j - first);
			codes->stride[j] = end - first;
		}
	}
}

/* False: no memory. */
static bool bin_column(struct bins *b, size_t j, struct codes *codes,
		       const uint32_t *row, bool exact, const struct job *job)
{
	struct bin_column *c = &b->column[j];
	struct reading from = {
		.column = &b->table->column[c->column],
		.treatment = c->treatment,
		.indicator = c->indicator,
		.row = row, .n = codes->n, .exact = exact, .job = job
	};

	if (!c->category)
		return bin_numbers(c, &from, codes, codes->at[j],
				   codes->stride[j]);
	bin_levels(c, &from, codes, codes->at[j], codes->stride[j]);
	return true;
}

/* A group is written by one thread: its columns share lines of the cache. */
static bool bin_all(struct bins *b, struct codes *codes, const uint32_t *row,
		    bool exact, const struct job *job)
{
	size_t failed = 0;

	#pragma omp parallel for schedule(dynamic) reduction(+: failed) \
		if (codes->n >= ROWS_PARALLEL)
	for (size_t g = 0; g < codes->groups; g++)
		for (size_t j = codes->first[g]; j < codes->first[g + 1]; j++)
			failed += !bin_column(b, j, codes, row, exact, job);
	return failed == 0;
}

bool bins_init(struct bins *bins, struct codes *codes,
	       const struct table *table, const size_t *column,
	       const bool *indicator, size_t columns,
	       const struct treatment *treatment,
	       const uint32_t *row, size_t n, unsigned how, struct job *job,
	       struct err *err)
{
	bool room;

	*bins = (struct bins){ .table = table, .p = columns };
	*codes = (struct codes){ .n = n, .p = columns };
	bins->column = mem_array(columns, sizeof(*bins->column));
	for (size_t j = 0; j < columns; j++) {
		const struct column *c = &table->column[column[j]];

		bool extra = indicator && indicator[j];

		bins->column[j].name = extra ? mem_printf("%s missing",
							  c->name)
					     : mem_strdup(c->name);
		bins->column[j].column = column[j];
		bins->column[j].indicator = extra;
		bins->column[j].category = !c->number && !extra;
		if (treatment)
			bins->column[j].treatment = &treatment[column[j]];
	}
	codes->narrow = !(how & BINS_EXACT) || n > BINS_ROWS;
	codes->cell = mem_try(n * columns, codes->narrow ? 1 : 2);
	room = codes->cell;
	if (room) {
		lay_out(codes, how & BINS_APART ? columns
						: groups_of(columns));
		room = bin_all(bins, codes, row, how & BINS_EXACT, job);
	}
	if (room && !job_stopped(job))
		return true;
	bins_clear(bins);
	codes_clear(codes);
	return job_stopped(job) ? err_cancelled(err) :
		 err_set(err, ERR_NOMEM, "no memory for %zu rows of %zu "
			      "columns", n, columns);
}

void bins_clear(struct bins *bins)
{
	for (size_t j = 0; j < bins->p; j++) {
		struct bin_column *c = &bins->column[j];

		free(c->name);
		free(c->low);
		free(c->high);
		free(c->bin_of);
		for (size_t b = 0; c->name_of && b < c->bins; b++)
			free(c->name_of[b]);
		free(c->name_of);
	}
	free(bins->column);
	*bins = (struct bins){ 0 };
}

void codes_clear(struct codes *codes)
{
	free(codes->at);
	free(codes->stride);
	free(codes->cell);
	free(codes->first);
	*codes = (struct codes){ 0 };
}

/* Rows start to end of one group.  Of rows that lie together already all is
 * copied at once. */
static void gather_group(const struct codes *from, const uint32_t *row,
			 size_t start, size_t end, struct codes *to,
			 size_t group)
{
	size_t first = to->first[group], last = to->first[group + 1] - 1;
	size_t width = last + 1 - first;
	bool bytes = from->narrow && from->stride[first] == width &&
		     from->at[last] - from->at[first] == width - 1;

	for (size_t i = start; i < end; i++) {
		size_t r = row ? row[i] : i, at = to->at[first] + i * width;

		if (bytes) {
			memcpy((uint8_t *)to->cell + at, (uint8_t *)from->cell +
			       from->at[first] + r * width, width);
			continue;
		}
		for (size_t j = first; j <= last; j++)
			put_cell(to, at++, codes_bin(from, j, r));
	}
}

bool codes_gather(const struct codes *codes, const uint32_t *row, size_t n,
		  struct codes *to, const struct job *job)
{
	size_t p = codes->p, groups = (p + GROUP_WIDE - 1) / GROUP_WIDE;

	*to = (struct codes){ .n = n, .p = p, .narrow = codes->narrow };
	to->cell = mem_try(n * p, to->narrow ? 1 : 2);
	if (!to->cell)
		return false;
	lay_out(to, groups);
	#pragma omp parallel for schedule(dynamic) if (n >= ROWS_PARALLEL)
	for (size_t start = 0; start < n; start += GATHER_ROWS)
		for (size_t g = 0; g < groups && !job_stopped(job); g++)
			gather_group(codes, row, start,
				     n - start < GATHER_ROWS
				     ? n : start + GATHER_ROWS, to, g);
	if (!job_stopped(job))
		return true;
	codes_clear(to);
	return false;
}

/* ---- rows to tell something of ---- */

static void level_block(const struct bin_column *c, const struct column *column,
			const struct treatment *t, const uint32_t *row,
			size_t n, double *x, size_t p)
{
	for (size_t i = 0; i < n; i++) {
		uint32_t level = read_level(column, t, row[i]);

		x[i * p] = level == LEVEL_MISSING ? NAN :
			   level < c->levels ? c->bin_of[level] : BINS_UNSEEN;
	}
}

void bins_block(const struct bins *bins, const uint32_t *row, size_t n,
		double *x)
{
	for (size_t j = 0; j < bins->p; j++) {
		const struct bin_column *c = &bins->column[j];
		const struct column *column = &bins->table->column[c->column];

		if (c->category)
			level_block(c, column, c->treatment, row, n,
				    x + j, bins->p);
		else
			cut_read(&(struct reading){
					.column = column,
					.treatment = c->treatment,
					.indicator = c->indicator, .row = row
				 }, 0, n, x + j, bins->p);
	}
}

double bins_in_file(const struct bins *bins, size_t j, double x)
{
	const struct treatment *t = bins->column[j].treatment;

	if (bins->column[j].indicator)
		return x;
	for (size_t i = t ? t->steps : 0; i-- > 0;) {
		const struct step *s = &t->step[i];

		if (s->kind == STEP_SCALE)
			x = x * s->b + s->a;
		else if (s->kind == STEP_LOG)
			x = exp(x) - s->a;
	}
	return x;
}
