#include "learn/tree-bins.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#ifdef _OPENMP
#include <omp.h>
#endif

#include "base/mem.h"
#include "base/rng.h"
#include "data/sort.h"

/* Rows that are read at a time. */
enum { BLOCK = 1024 };

/* Where values are many, bins are cut by so many of them: one drawn from each
 * of as many parts of the rows. */
enum { SAMPLE = 65536 };

/* Columns of a group: their bytes of a row share a line of the cache, and what
 * is counted of them stays in the nearest one. */
enum { GROUP = 12 };

/* What one column is read through. */
struct reading {
	const struct column *column;
	const struct treatment *treatment;	/* NULL: cells as they are */
	const uint32_t *row;
	size_t n;
	bool exact;
	const struct job *job;
};

/* -0 becomes 0, so that the two are one value. */
static void read_numbers(const struct column *c, const struct treatment *t,
			 const uint32_t *row, size_t n, double *x,
			 size_t stride)
{
	if (!t || (t->steps == 0 && !t->number))
		for (size_t i = 0; i < n; i++)
			x[i * stride] = c->number[row[i]] + 0.0;
	else
		for (size_t i = 0; i < n; i++)
			x[i * stride] = treatment_number(t, c, row[i]) + 0.0;
}

static uint32_t read_level(const struct column *c, const struct treatment *t,
			   uint32_t row)
{
	return t ? treatment_code(t, c, row) : c->code[row];
}

/* ---- numbers: where to cut ---- */

/* Distinct values, as long as there are no more than BINS_MAX. */
struct few {
	size_t n;
	double value[BINS_MAX + 1];
	uint16_t slot[1024];	/* 1 + a number of value[], or 0 */
};

static void few_add(struct few *few, double x)
{
	uint64_t hash = sort_key(x) * 0x9e3779b97f4a7c15u;
	size_t at = hash >> 54;

	for (; few->slot[at]; at = (at + 1) % ARRAY_LEN(few->slot))
		if (few->value[few->slot[at] - 1] == x)
			return;
	few->value[few->n++] = x;
	few->slot[at] = (uint16_t)few->n;
}

/* False: there are more, or cancelled. */
static bool few_values(const struct reading *from, struct few *few)
{
	double x[BLOCK];

	few->n = 0;
	memset(few->slot, 0, sizeof(few->slot));
	for (size_t start = 0; start < from->n; start += BLOCK) {
		size_t rows = from->n - start < BLOCK ? from->n - start
						      : BLOCK;

		if (job_stopped(from->job))
			return false;
		read_numbers(from->column, from->treatment, from->row + start,
			     rows, x, 1);
		for (size_t i = 0; i < rows; i++) {
			if (!isnan(x[i]))
				few_add(few, x[i]);
			if (few->n > BINS_MAX)
				return false;
		}
	}
	return true;
}

/* One value from each of SAMPLE parts of the rows, or all; none missing. */
static size_t draw(const struct reading *from, double *x)
{
	size_t parts = from->n < SAMPLE ? from->n : SAMPLE, found = 0;
	struct rng rng;

	rng_init(&rng, 0);
	for (size_t i = 0; i < parts; i++) {
		size_t start = from->n * i / parts;
		size_t end = from->n * (i + 1) / parts;
		size_t at = start + rng_upto(&rng, (uint32_t)(end - start - 1));

		read_numbers(from->column, from->treatment, from->row + at, 1,
			     &x[found], 1);
		found += !isnan(x[found]);
	}
	return found;
}

/*
 * Cut n sorted values into at most BINS_MAX bins of about the same number of
 * them; upper[b] is the largest of bin b.  Equal values stay together, and
 * those that would fill a bin have one.
 */
static size_t cut(const double *x, size_t n, double *upper)
{
	size_t bins = 0, filled = 0, left = n;

	for (size_t i = 0, end; i < n; i = end) {
		size_t room = BINS_MAX - bins, share;

		for (end = i + 1; end < n && x[end] == x[i]; end++)
			;
		share = (left + room - 1) / room;
		if (filled > 0 && room > 1 &&
		    (filled >= share || end - i >= share ||
		     filled + (end - i) / 2 > share)) {
			upper[bins++] = x[i - 1];
			left -= filled;
			filled = 0;
		}
		filled += end - i;
	}
	if (filled > 0)
		upper[bins++] = x[n - 1];
	return bins;
}

/*
 * The largest value of each bin but the last, which is for all above; padded
 * with infinities to a number one less than a power of two.
 */
struct limits {
	double *limit;		/* owned */
	size_t bins, half;	/* half of that power */
};

static void limits_of(const double *upper, size_t bins, struct limits *to)
{
	size_t last = bins > 0 ? bins - 1 : 0;

	to->bins = bins;
	for (to->half = 1; 2 * to->half <= last; to->half *= 2)
		;
	to->limit = mem_array(2 * to->half - 1, sizeof(*to->limit));
	for (size_t b = 0; b < 2 * to->half - 1; b++)
		to->limit[b] = b < last ? upper[b] : INFINITY;
}

/* False: no memory. */
static bool cut_many(const struct reading *from, struct limits *to)
{
	double *a = mem_try(SAMPLE, sizeof(*a));
	double *b = mem_try(SAMPLE, sizeof(*b));
	double upper[BINS_MAX];
	bool room = a && b;

	if (room) {
		size_t n = draw(from, a);

		/* There are values, also where none was drawn. */
		limits_of(upper, n == 0 ? 1 :
			  cut(sort_doubles(a, b, n), n, upper), to);
	}
	free(a);
	free(b);
	return room;
}

/* A bin for each value of no more than BINS_ROWS rows.  False: no memory. */
static bool cut_each(const struct reading *from, struct limits *to)
{
	double *a = mem_try(from->n, sizeof(*a));
	double *b = mem_try(from->n, sizeof(*b));
	bool room = a && b;
	size_t n = 0, bins = 0;

	if (room) {
		double *x;

		read_numbers(from->column, from->treatment, from->row, from->n,
			     a, 1);
		for (size_t i = 0; i < from->n; i++)
			if (!isnan(a[i]))
				a[n++] = a[i];
		x = sort_doubles(a, b, n);
		for (size_t i = 0; i < n; i++)
			if (i == 0 || x[i] != x[i - 1])
				x[bins++] = x[i];
		limits_of(x, bins, to);
	}
	free(a);
	free(b);
	return room;
}

static bool find_limits(const struct reading *from, struct limits *to)
{
	double spare[BINS_MAX + 1];
	struct few few;

	if (from->exact && from->n <= BINS_ROWS)
		return cut_each(from, to);
	if (!few_values(from, &few))
		return !job_stopped(from->job) && cut_many(from, to);
	limits_of(sort_doubles(few.value, spare, few.n), few.n, to);
	return true;
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

static void put_numbers(struct bin_column *c, const struct limits *limits,
			const double *x, size_t n, uint16_t *to,
			size_t stride)
{
	const double *limit = limits->limit;
	size_t half = limits->half;

	for (size_t i = 0; i < n; i++) {
		size_t b = find_bin(limit, half, x[i]);

		if (isnan(x[i])) {
			to[i * stride] = (uint16_t)c->bins;
			c->missing = true;
			continue;
		}
		to[i * stride] = (uint16_t)b;
		c->low[b] = x[i] < c->low[b] ? x[i] : c->low[b];
		c->high[b] = x[i] > c->high[b] ? x[i] : c->high[b];
	}
}

/* False: no memory, or stopped. */
static bool bin_numbers(struct bin_column *c, const struct reading *from,
			uint16_t *to, size_t stride)
{
	struct limits limits;
	double x[BLOCK];

	if (!find_limits(from, &limits))
		return false;
	c->bins = limits.bins;
	c->low = mem_array(c->bins, sizeof(*c->low));
	c->high = mem_array(c->bins, sizeof(*c->high));
	for (size_t b = 0; b < c->bins; b++) {
		c->low[b] = INFINITY;
		c->high[b] = -INFINITY;
	}
	for (size_t start = 0; start < from->n; start += BLOCK) {
		size_t rows = from->n - start < BLOCK ? from->n - start
						      : BLOCK;

		if (job_stopped(from->job))
			break;
		read_numbers(from->column, from->treatment, from->row + start,
			     rows, x, 1);
		put_numbers(c, &limits, x, rows, to + start * stride, stride);
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
	c->bin_of[level] = (uint8_t)bin;
	if (!c->name_of[bin])
		c->name_of[bin] = mem_strdup(level < column->levels
					     ? column->level[level]
					     : LEVEL_OTHER_NAME);
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
		       uint16_t *to, size_t stride)
{
	size_t *rows;

	/* One more than there are: what rules call "other". */
	c->levels = from->column->levels + 1;
	c->bin_of = mem_array(c->levels, sizeof(*c->bin_of));
	rows = mem_array(c->levels, sizeof(*rows));
	for (size_t i = 0; i < from->n; i++) {
		uint32_t level = read_level(from->column, from->treatment,
					    from->row[i]);

		if (i % BLOCK == 0 && job_stopped(from->job))
			break;
		if (level != LEVEL_MISSING)
			rows[level]++;
	}
	give_bins(c, from->column, rows);
	free(rows);
	for (size_t i = 0; i < from->n; i++) {
		uint32_t level = read_level(from->column, from->treatment,
					    from->row[i]);

		if (i % BLOCK == 0 && job_stopped(from->job))
			break;
		c->missing |= level == LEVEL_MISSING;
		to[i * stride] = level == LEVEL_MISSING ? (uint16_t)c->bins
							: c->bin_of[level];
	}
}

/* ---- all of them ---- */

/* As many groups as there are threads to fill them, or more.  What a tree
 * finds does not depend on it. */
static void lay_out(struct codes *codes)
{
	size_t p = codes->p, groups = (p + GROUP - 1) / GROUP, threads = 1;

#ifdef _OPENMP
	threads = (size_t)omp_get_max_threads();
#endif
	groups = (groups + threads - 1) / threads * threads;
	codes->groups = groups < p ? groups : p;
	codes->first = mem_array(codes->groups + 1, sizeof(*codes->first));
	codes->code = mem_array(p, sizeof(*codes->code));
	codes->stride = mem_array(p, sizeof(*codes->stride));
	for (size_t g = 0; g < codes->groups; g++) {
		size_t first = p * g / codes->groups;
		size_t end = p * (g + 1) / codes->groups;

		codes->first[g] = first;
		codes->first[g + 1] = end;
		for (size_t j = first; j < end; j++) {
			codes->code[j] = codes->cell + codes->n * first +
					 (j - first);
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
		.row = row, .n = codes->n, .exact = exact, .job = job
	};
	uint16_t *to = codes->cell + (codes->code[j] - codes->cell);

	if (!c->category)
		return bin_numbers(c, &from, to, codes->stride[j]);
	bin_levels(c, &from, to, codes->stride[j]);
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
	       size_t columns, const struct treatment *treatment,
	       const uint32_t *row, size_t n, bool exact, struct job *job,
	       struct err *err)
{
	bool room;

	*bins = (struct bins){ .table = table, .p = columns };
	*codes = (struct codes){ .n = n, .p = columns };
	bins->column = mem_array(columns, sizeof(*bins->column));
	for (size_t j = 0; j < columns; j++) {
		const struct column *c = &table->column[column[j]];

		bins->column[j].name = mem_strdup(c->name);
		bins->column[j].column = column[j];
		bins->column[j].category = !c->number;
		if (treatment)
			bins->column[j].treatment = &treatment[column[j]];
	}
	codes->cell = mem_try(n * columns, sizeof(*codes->cell));
	room = codes->cell;
	if (room) {
		lay_out(codes);
		room = bin_all(bins, codes, row, exact, job);
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
	free(codes->code);
	free(codes->stride);
	free(codes->cell);
	free(codes->first);
	*codes = (struct codes){ 0 };
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
			read_numbers(column, c->treatment, row, n,
				     x + j, bins->p);
	}
}

double bins_in_file(const struct bins *bins, size_t j, double x)
{
	const struct treatment *t = bins->column[j].treatment;

	for (size_t i = t ? t->steps : 0; i-- > 0;) {
		const struct step *s = &t->step[i];

		if (s->kind == STEP_SCALE)
			x = x * s->b + s->a;
		else if (s->kind == STEP_LOG)
			x = exp(x) - s->a;
	}
	return x;
}
