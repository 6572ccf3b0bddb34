#include "data/facts.h"

#include <math.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "data/number.h"
#include "data/rows.h"
#include "data/sort.h"

enum { ID_VALUES = 20, TREND_VALUES = 10, TREND_DISTINCT = 3 };

/*
 * From row to row
 */

static void find_trend(struct facts *f, const struct column *c, size_t rows)
{
	bool rises = true, falls = true, same = false;
	double before = NAN;

	for (size_t i = 0; (rises || falls) && i < rows; i++) {
		double x = c->number[i];

		if (x != x)
			continue;
		rises = rises && !(x < before);
		falls = falls && !(x > before);
		same = same || x == before;
		before = x;
	}
	f->trend = rises ? TREND_RISES : falls ? TREND_FALLS : TREND_NONE;
	f->strict = f->trend != TREND_NONE && !same;
}

/* A run of STUCK_ROWS has a block of STUCK_BLOCK in it, wherever it begins. */
enum { STUCK_ROWS = 20, STUCK_BLOCK = 10 };

struct run {
	size_t first, rows;
};

static struct run run_around(const double *x, size_t at, size_t rows)
{
	size_t first = at, end = at + 1;

	while (first > 0 && x[first - 1] == x[at])
		first--;
	while (end < rows && x[end] == x[at])
		end++;
	return (struct run){ first, end - first };
}

/* The longest run, and of equally long ones the first. */
static struct run longest_run(const double *x, size_t rows)
{
	struct run longest = { 0 };
	size_t i = 0;

	while (i + STUCK_BLOCK <= rows) {
		struct run run;

		if (x[i] != x[i + STUCK_BLOCK - 1]) {
			i += STUCK_BLOCK;
			continue;
		}
		run = run_around(x, i, rows);
		if (run.rows > longest.rows)
			longest = run;
		i += STUCK_BLOCK;
		while (i + STUCK_BLOCK <= run.first + run.rows)
			i += STUCK_BLOCK;
	}
	return longest;
}

/* Outside of the run more than half of the values differ from the one before,
 * and its value is never held for a tenth as long. */
static bool is_stuck(const double *x, size_t rows, const struct run *run)
{
	double value = x[run->first];
	size_t pairs = 0, same = 0, held = 0;

	for (size_t i = run->first ? 1 : run->rows + 1; i < rows; i++) {
		if (i == run->first) {
			i += run->rows;
			held = 0;
			continue;
		}
		pairs += x[i] == x[i] && x[i - 1] == x[i - 1];
		same += x[i] == x[i - 1];
		held = x[i] == value ? held + 1 : 0;
		if (held * 10 > run->rows)
			return false;
	}
	return pairs >= STUCK_ROWS && same * 2 < pairs;
}

static void find_stuck(struct facts *f, const struct column *c, size_t rows)
{
	struct run run = longest_run(c->number, rows);

	if (run.rows < STUCK_ROWS || !is_stuck(c->number, rows, &run))
		return;
	f->stuck.rows = run.rows;
	f->stuck.row = run.first;
	f->stuck.value = c->number[run.first];
}

/*
 * Numbers that stand for nothing
 */

/* Those below OBVIOUS are usual numbers as well: the others should not be few
 * categories. */
static const double obvious = 99;
enum { OTHERS_LEAST = 5 };

static bool is_code(double x)
{
	static const double code[] = {
		1, 9, 99, 200, 250, 999, 999.25, 9999, 99999, 999999, 32767,
		32768, 65535, 1e20, 1e30, 1e38
	};

	for (size_t i = 0; i < ARRAY_LEN(code); i++)
		if (fabs(x) == code[i])
			return x < 0 || x > obvious;
	return false;
}

/* How far x is from the others, of which it is the smallest or the largest;
 * true when that is far. */
static bool is_far(const double *sorted, size_t n, double x)
{
	double range = sorted[n - 1 - n / 4] - sorted[n / 4];
	double gap = x < sorted[0] ? sorted[0] - x : x - sorted[n - 1];

	return gap > 3 * range;
}

static bool look_for_code(struct facts *f, const struct column *c,
			  size_t rows, const struct summary *s, double x)
{
	double *other, *spare;
	size_t n = 0, found;

	if (!is_code(x) ||
	    (fabs(x) < obvious && s->distinct <= OTHERS_LEAST))
		return true;
	other = malloc((s->values + 1) * sizeof(*other));
	spare = malloc((s->values + 1) * sizeof(*spare));
	for (size_t i = 0; other && spare && i < rows; i++)
		if (c->number[i] == c->number[i] && c->number[i] != x)
			other[n++] = c->number[i];
	found = s->values - n;
	if (n > 0 && (found >= 2 || found * 1000 >= s->values) &&
	    is_far(sort_doubles(other, spare, n), n, x)) {
		f->code[f->codes].value = x;
		f->code[f->codes++].rows = found;
	}
	free(spare);
	free(other);
	return other && spare;
}

/*
 * A column by itself
 */

static bool look_at(struct facts *f, const struct column *c,
		    const struct summary *s, size_t rows)
{
	bool number = c->type == COLUMN_NUMBER;

	if (s->distinct == 1) {
		f->constant = s->values > 1;
		return true;
	}
	f->id = s->values >= ID_VALUES && s->distinct == s->values &&
		(number ? s->whole : c->type != COLUMN_TIME);
	if (c->number && s->values >= TREND_VALUES &&
	    s->distinct >= TREND_DISTINCT)
		find_trend(f, c, rows);
	if (!number || s->values == 0)
		return true;
	find_stuck(f, c, rows);
	return look_for_code(f, c, rows, s, s->min) &&
	       look_for_code(f, c, rows, s, s->max);
}

/*
 * Copies
 */

/* So many cells of a column are mixed into its key. */
enum { KEY_CELLS = 64 };

struct key {
	uint64_t hash;		/* the same for columns that are the same */
	size_t column;
};

static uint64_t mix(uint64_t hash, uint64_t bits)
{
	hash = (hash ^ bits) * UINT64_C(0x9e3779b97f4a7c15);
	return hash ^ (hash >> 29);
}

static uint64_t mix_number(uint64_t hash, double x)
{
	uint64_t bits;

	memcpy(&bits, &x, sizeof(bits));
	return mix(hash, bits);
}

static uint64_t key_of(const struct column *c, const struct summary *s,
		       size_t rows)
{
	uint64_t hash = mix(c->type, s->values);
	size_t step = rows / KEY_CELLS + 1;

	hash = mix(mix(hash, s->distinct), c->odd_cells);
	for (size_t i = 0; i < rows; i += step)
		hash = c->number ? mix_number(hash, c->number[i])
				 : mix(hash, c->code[i]);
	return c->number ? mix_number(hash, s->mean) : hash;
}

static bool same_texts(const char **a, const char **b, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(a[i], b[i]) != 0)
			return false;
	return true;
}

static bool same_columns(const struct column *a, const struct column *b,
			 size_t rows)
{
	if (a->type != b->type || a->odds != b->odds ||
	    a->levels != b->levels)
		return false;
	if (a->number)
		return !memcmp(a->number, b->number,
			       rows * sizeof(*a->number)) &&
		       same_texts(a->odd, b->odd, a->odds);
	return !memcmp(a->code, b->code, rows * sizeof(*a->code)) &&
	       same_texts(a->level, b->level, a->levels);
}

static int compare_keys(const void *a, const void *b)
{
	const struct key *x = a, *y = b;

	if (x->hash != y->hash)
		return x->hash < y->hash ? -1 : 1;
	return (x->column > y->column) - (x->column < y->column);
}

/* Each of n columns of the same key is compared with those before it that are
 * no copies themselves. */
static void compare_group(struct facts *facts, const struct table *table,
			  const struct key *key, size_t n)
{
	for (size_t i = 1; i < n; i++) {
		size_t j = key[i].column;

		for (size_t k = 0; k < i; k++) {
			size_t other = key[k].column;

			if (facts[other].same_as != other ||
			    !same_columns(table->column + other,
					  table->column + j, table->rows))
				continue;
			facts[j].same_as = other;
			break;
		}
	}
}

/* Constant columns need no further word; nor do empty ones. */
static void find_copies(struct facts *facts, const struct table *table,
			const struct summary *summary, struct job *job)
{
	struct key *key = mem_array(table->columns, sizeof(*key));
	size_t n = 0, end;

	for (size_t j = 0; j < table->columns; j++)
		if (summary[j].distinct > 1)
			key[n++] = (struct key){
				key_of(table->column + j, summary + j,
				       table->rows), j };
	qsort(key, n, sizeof(*key), compare_keys);
	for (size_t i = 0; i < n && !job_cancelled(job); i = end) {
		end = i + 1;
		while (end < n && key[end].hash == key[i].hash)
			end++;
		compare_group(facts, table, key + i, end - i);
	}
	free(key);
}

struct facts *facts_of(const struct table *table,
		       const struct summary *summary, struct job *job,
		       struct err *err)
{
	struct facts *f = mem_array(table->columns, sizeof(*f));
	atomic_bool no_memory = false;

#ifdef _OPENMP
#pragma omp parallel for schedule(dynamic, 1) \
	if (table->rows >= ROWS_PARALLEL)
#endif
	for (size_t j = 0; j < table->columns; j++) {
		f[j].same_as = j;
		if (!job_cancelled(job) &&
		    !look_at(f + j, table->column + j, summary + j,
			     table->rows))
			atomic_store(&no_memory, true);
	}
	find_copies(f, table, summary, job);
	if (!atomic_load(&no_memory) && !job_cancelled(job))
		return f;
	if (job_cancelled(job))
		err_cancelled(err);
	else
		err_set(err, ERR_NOMEM, "no memory to look at %zu rows",
			table->rows);
	free(f);
	return NULL;
}

/*
 * In words
 */

static const char *trend_text(const struct facts *f)
{
	if (f->trend == TREND_RISES)
		return f->strict ? "rises all the way" : "never falls";
	return f->strict ? "falls all the way" : "never rises";
}

static void say_stuck(const struct facts *f, char text[FACTS_TEXT])
{
	char value[NUMBER_TEXT], rows[COUNT_TEXT], row[COUNT_TEXT];

	number_format(f->stuck.value, value);
	text_append(text, FACTS_TEXT, "stuck at %s for %s rows from row %s",
		    value, text_count(rows, f->stuck.rows),
		    text_count(row, f->stuck.row + 1));
}

static void say_code(const struct facts *f, size_t k, char text[FACTS_TEXT])
{
	char value[NUMBER_TEXT], rows[COUNT_TEXT];

	number_format(f->code[k].value, value);
	if (f->code[k].rows == 1)
		text_append(text, FACTS_TEXT, "%s once", value);
	else
		text_append(text, FACTS_TEXT, "%s %s times", value,
			    text_count(rows, f->code[k].rows));
	text_append(text, FACTS_TEXT, ": a code for missing?");
}

bool facts_remark(const struct table *table, const struct facts *facts,
		  size_t column, size_t i, char text[FACTS_TEXT])
{
	const struct facts *f = facts + column;
	const struct when_form *form = &table->column[column].form;

	*text = '\0';
	if (f->constant && i-- == 0)
		text_append(text, FACTS_TEXT, "constant");
	else if (f->id && i-- == 0)
		text_append(text, FACTS_TEXT, "id-like");
	else if (f->same_as != column && i-- == 0)
		text_append(text, FACTS_TEXT, "same as %.200s",
			    table->column[f->same_as].name);
	else if (f->trend != TREND_NONE && i-- == 0)
		text_append(text, FACTS_TEXT, "%s", trend_text(f));
	else if (form->guessed && i-- == 0)
		text_append(text, FACTS_TEXT, "day or month first? read as %s",
			    form->order == WHEN_MDY ? "month" : "day");
	else if (f->stuck.rows > 0 && i-- == 0)
		say_stuck(f, text);
	else if (i < f->codes)
		say_code(f, i, text);
	return *text != '\0';
}

const char *facts_text(const struct table *table, const struct facts *facts,
		       size_t column, char text[FACTS_TEXT])
{
	char remark[FACTS_TEXT];

	*text = '\0';
	for (size_t i = 0; facts_remark(table, facts, column, i, remark); i++)
		text_append(text, FACTS_TEXT, "%s%s", i ? "; " : "", remark);
	return text;
}
