/*
 * guard-copies.c - G05 and G07: rows that say the same
 *
 * A test row that is in training too, with its answer, is no test (G05); rows
 * that are the same in all features and differ in the target cannot all be told
 * right, by any method (G07).  Both come from the same search: rows are brought
 * together by a hash of their features.
 *
 * Of a large table some rows are enough, but all rows that say the same must be
 * among them or none of them: so rows are chosen by a hash of what they say.
 */
#define XXH_INLINE_ALL
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include "base/text.h"
#include "data/duplicates.h"
#include "run/guard-check.h"

/*
 * Where columns take few values, rows are the same by chance, and a test row
 * that has its like in training is as it should be.  How many would be: the
 * chance that two rows agree in the (up to four) columns with the most values,
 * times the rows.  Five times as many are copies.
 */
#define BY_CHANCE 5.0
#define COPIED 0.001	/* of the test rows: less is not worth a line */
#define CONTRADICT 0.001	/* of the rows */
#define WRONG_AT_BEST 0.01	/* of the rows, even if it is by chance ... */
#define LIKES 5.0		/* ... and a row has so many of its like */
enum { ALL_ROWS = 65536, SOME_ROWS = 32768, PROBE = 1024, KEYS = 4 };

struct copies {
	size_t rows, tests;	/* that were looked at */
	bool some;		/* they are a sample */
	size_t copied;		/* test rows with their like in training */
	size_t contradicting;	/* rows that differ from a like in the target */
	size_t right;		/* classes: rows told right at best */
	double within, total;	/* numbers: sums of squares around the means of
				 * those that are alike, and around the mean */
	double chance;		/* that a row has its like by chance */
	bool *is_copy;		/* owned: of each row of the table; NULL when
				 * some were looked at */
};

struct row_hash {
	uint64_t hash;
	double y;
	uint32_t row;
};

void copies_free(struct copies *copies)
{
	if (!copies)
		return;
	free(copies->is_copy);
	free(copies);
}

/* ---- which columns tell rows apart ---- */

static int by_bits(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

/* The chance that two of some rows agree in a column. */
static double agree(const struct column *c, const struct rows *some)
{
	uint64_t bits[PROBE] = { 0 };
	double pairs = 0, n = (double)some->n;

	for (size_t i = 0; i < some->n; i++)
		bits[i] = duplicates_cell(c, some->row[i]);
	qsort(bits, some->n, sizeof(*bits), by_bits);
	for (size_t i = 0, run = 0; i < some->n; i++) {
		run = i > 0 && bits[i] == bits[i - 1] ? run + 1 : 0;
		pairs += (double)run;
	}
	return n > 1 ? pairs / (n * (n - 1) / 2) : 1;
}

struct keys {
	size_t n;
	const struct column *column[KEYS];
	double agree[KEYS];	/* upwards */
};

static void choose_keys(const struct ground *g, const struct rows *some,
			struct keys *keys)
{
	keys->n = 0;
	for (size_t k = 0; k < g->features.n; k++) {
		const struct column *c =
			&g->table->column[g->features.column[k]];
		double same = agree(c, some);
		size_t at = keys->n;

		while (at > 0 && same < keys->agree[at - 1])
			at--;
		if (at == KEYS)
			continue;
		if (keys->n < KEYS)
			keys->n++;
		memmove(&keys->agree[at + 1], &keys->agree[at],
			(keys->n - at - 1) * sizeof(keys->agree[0]));
		memmove(&keys->column[at + 1], &keys->column[at],
			(keys->n - at - 1) * sizeof(keys->column[0]));
		keys->agree[at] = same;
		keys->column[at] = c;
	}
}

static uint64_t key_hash(const struct keys *keys, size_t row)
{
	uint64_t bits[KEYS] = { 0 };

	for (size_t k = 0; k < keys->n; k++)
		bits[k] = duplicates_cell(keys->column[k], row);
	return XXH3_64bits(bits, keys->n * sizeof(*bits));
}

/* ---- which rows are looked at ---- */

/* Rows of few kinds: by hash one would get all of a kind or none. */
static bool few_kinds(const struct keys *keys, const struct rows *some)
{
	uint64_t hash[PROBE] = { 0 };
	size_t kinds = 0;

	for (size_t i = 0; i < some->n; i++)
		hash[i] = key_hash(keys, some->row[i]);
	qsort(hash, some->n, sizeof(*hash), by_bits);
	for (size_t i = 0; i < some->n; i++)
		kinds += i == 0 || hash[i] != hash[i - 1];
	return kinds * 2 < some->n;
}

/* One row in times, by what it says; ALL_ROWS of them at most.  chosen[i] is
 * of the i-th row that is used. */
static bool by_hash(const struct ground *g, const struct keys *keys,
		    struct rows *rows, struct err *err)
{
	const struct rows *kept = g->rows.used;
	size_t times = kept->n / SOME_ROWS, n = 0;
	bool *chosen = mem_try(kept->n, sizeof(*chosen));

	if (!chosen || !rows_room(rows, ALL_ROWS, err)) {
		free(chosen);
		return err_set(err, ERR_NOMEM, "no memory to look for copies");
	}
#ifdef _OPENMP
#pragma omp parallel for schedule(static)
#endif
	for (size_t i = 0; i < kept->n; i++)
		chosen[i] = key_hash(keys, kept->row[i]) % times == 0;
	for (size_t i = 0; i < kept->n && n < ALL_ROWS; i++)
		if (chosen[i])
			rows->row[n++] = kept->row[i];
	rows->n = n;
	free(chosen);
	return true;
}

static bool choose_rows(const struct ground *g, struct copies *copies,
			struct rows *rows, struct err *err)
{
	const struct rows *kept = g->rows.used;
	struct rows some;
	struct keys keys;
	bool ok = true;

	if (!ground_sample(g, PROBE, &some, err))
		return false;
	choose_keys(g, &some, &keys);
	copies->chance = (double)kept->n;
	for (size_t k = 0; k < keys.n; k++)
		copies->chance *= keys.agree[k];
	copies->some = kept->n > ALL_ROWS;
	if (copies->some && !few_kinds(&keys, &some))
		ok = by_hash(g, &keys, rows, err);
	else
		ok = ground_sample(g, copies->some ? SOME_ROWS : kept->n, rows,
				   err);
	rows_clear(&some);
	return ok;
}

/* ---- bringing them together ---- */

static int by_hash_and_y(const void *a, const void *b)
{
	const struct row_hash *x = a, *y = b;

	if (x->hash != y->hash)
		return x->hash < y->hash ? -1 : 1;
	if (x->y != y->y)
		return x->y < y->y ? -1 : 1;
	return x->row < y->row ? -1 : x->row > y->row;
}

static void hash_rows(const struct ground *g, const struct rows *rows,
		      struct row_hash *of)
{
	size_t p = g->features.n;

#ifdef _OPENMP
#pragma omp parallel if (rows->n >= ROWS_PARALLEL)
#endif
	{
		uint64_t *bits = mem_array(p + 1, sizeof(*bits));

#ifdef _OPENMP
#pragma omp for schedule(static)
#endif
		for (size_t i = 0; i < rows->n; i++) {
			size_t row = rows->row[i];

			for (size_t k = 0; k < p; k++)
				bits[k] = duplicates_cell(&g->table->column[
					g->features.column[k]], row);
			of[i].hash = XXH3_64bits(bits, p * sizeof(*bits));
			of[i].y = ground_y(g, row);
			of[i].row = (uint32_t)row;
		}
		free(bits);
	}
}

/* Rows alike in the target too. */
static void count_same(const struct ground *g, struct copies *c,
		       const struct row_hash *of, size_t n)
{
	bool trains = false;

	for (size_t i = 0; i < n; i++)
		trains |= g->side[of[i].row] == SIDE_TRAIN;
	for (size_t i = 0; i < n; i++) {
		if (g->side[of[i].row] != SIDE_TEST)
			continue;
		c->tests++;
		c->copied += trains;
		if (c->is_copy)
			c->is_copy[of[i].row] = trains;
	}
}

/* Rows alike in all features; in the order of the target. */
static void count_alike(const struct ground *g, struct copies *c,
			const struct row_hash *of, size_t n)
{
	size_t most = 0, from = 0;
	double mean = 0;

	for (size_t i = 1; i <= n; i++) {
		if (i < n && of[i].y == of[i - 1].y)
			continue;
		count_same(g, c, of + from, i - from);
		most = i - from > most ? i - from : most;
		from = i;
	}
	c->right += most;
	c->contradicting += most < n ? n : 0;
	for (size_t i = 0; i < n; i++)
		mean += (of[i].y - mean) / (double)(i + 1);
	for (size_t i = 0; i < n; i++)
		c->within += (of[i].y - mean) * (of[i].y - mean);
}

static void count_all(const struct ground *g, struct copies *c,
		      struct row_hash *of, size_t n)
{
	double mean = 0;
	size_t from = 0;

	qsort(of, n, sizeof(*of), by_hash_and_y);
	c->rows = n;
	for (size_t i = 1; i <= n; i++) {
		if (i < n && of[i].hash == of[i - 1].hash)
			continue;
		count_alike(g, c, of + from, i - from);
		from = i;
	}
	for (size_t i = 0; i < n; i++)
		mean += (of[i].y - mean) / (double)(i + 1);
	for (size_t i = 0; i < n; i++)
		c->total += (of[i].y - mean) * (of[i].y - mean);
}

/* The search, once for both guards. */
static bool search(struct ground *g, struct err *err)
{
	struct rows rows = { 0 };
	struct row_hash *of = NULL;
	struct copies *c;
	bool ok;

	if (g->copies)
		return true;
	c = g->copies = mem_new(sizeof(*c));
	ok = choose_rows(g, c, &rows, err);
	if (ok && !c->some)
		c->is_copy = mem_array(g->table->rows, sizeof(*c->is_copy));
	if (ok)
		of = mem_array(rows.n, sizeof(*of));
	if (ok && !job_cancelled(g->job)) {
		hash_rows(g, &rows, of);
		count_all(g, c, of, rows.n);
	}
	free(of);
	rows_clear(&rows);
	return ok && (!job_cancelled(g->job) || err_cancelled(err));
}

/* ---- G05 ---- */

/* How many rows repeat an earlier one in these columns. */
static size_t repeated(const struct ground *g, const size_t *column, size_t n)
{
	const struct rows *kept = g->rows.used;
	bool *again = mem_array(kept->n, sizeof(*again));
	size_t count = 0;

	if (duplicates_mark(g->table, column, n, kept, again, g->job, NULL))
		for (size_t i = 0; i < kept->n; i++)
			count += again[i];
	free(again);
	return count;
}

/* Are the copies the same in all columns, not only in what is learned from? */
static bool wholly(const struct ground *g, const struct copies *c)
{
	size_t columns = g->table->columns, n = g->features.n;
	size_t *column = mem_array(columns, sizeof(*column)), some, all;

	if (n + 1 == columns || c->some) {
		free(column);
		return n + 1 == columns;
	}
	memcpy(column, g->features.column, n * sizeof(*column));
	column[n] = (size_t)g->settings->target;
	some = repeated(g, column, n + 1);
	for (size_t k = 0; k < columns; k++)
		column[k] = k;
	all = repeated(g, column, columns);
	free(column);
	return some == all;
}

/* "clean drop-duplicates", with columns= where it would see too much. */
static char *drop_command(const struct ground *g, const struct copies *c)
{
	char *list = NULL, *word, *command;
	size_t size;
	FILE *out;

	if (wholly(g, c))
		return mem_strdup("clean drop-duplicates");
	out = open_memstream(&list, &size);
	for (size_t k = 0; k < g->features.n; k++)
		fprintf(out, "%s,", g->table->column[
				g->features.column[k]].name);
	fputs(g->target.column->name, out);
	fclose(out);
	word = mem_printf("columns=%s", list);
	free(list);
	list = text_quote(word);
	command = mem_printf("clean drop-duplicates %s", list);
	free(list);
	free(word);
	return command;
}

bool guard_copies(struct ground *g, struct err *err)
{
	const struct copies *c;
	struct warning *f;
	double share;

	if (!search(g, err))
		return false;
	c = g->copies;
	share = c->tests ? (double)c->copied / (double)c->tests : 0;
	if (c->copied == 0 || share < COPIED || share < BY_CHANCE * c->chance)
		return true;
	f = ground_find(g, mem_printf("%s of %s%s test rows stand in the "
		"training rows too, features and target alike",
		counted(c->copied).text, counted(c->tests).text,
		c->some ? " sampled" : ""));
	f->count = c->copied;
	f->of = c->tests;
	f->remedy = drop_command(g, c);
	f->instead = mem_strdup("without them");
	return c->some || ground_spare(g, f, c->is_copy, err);
}

/* ---- G07 ---- */

static char *at_best(const struct ground *g, const struct copies *c)
{
	if (g->classes)
		return mem_printf("no method is right in more than %.4g %% of "
				  "the rows",
				  100 * (double)c->right / (double)c->rows);
	return mem_printf("no method has an r2 above %.4g",
			  1 - c->within / c->total);
}

bool guard_labels(struct ground *g, struct err *err)
{
	const struct copies *c;
	double share, wrong;
	bool chance;
	struct warning *f;
	char *best;

	if (!search(g, err))
		return false;
	c = g->copies;
	if (c->contradicting == 0)
		return true;
	share = (double)c->contradicting / (double)c->rows;
	wrong = 1 - (double)c->right / (double)c->rows;
	chance = share < BY_CHANCE * c->chance;
	if (chance ? !g->classes || wrong < WRONG_AT_BEST ||
		     c->chance < LIKES
		   : share < CONTRADICT)
		return true;
	best = at_best(g, c);
	f = ground_find(g, mem_printf("%s of %s%s rows have a like with "
		"another %s: %s", counted(c->contradicting).text,
		counted(c->rows).text, c->some ? " sampled" : "",
		g->target.column->name, best));
	free(best);
	f->count = c->contradicting;
	f->of = c->rows;
	f->proposal = chance;
	return true;
}
