#include "data/values.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "data/odd.h"
#include "data/sort.h"

/* So many rows are counted before the job is asked whether it goes on. */
enum { BLOCK = 1 << 17 };

/* The work on one column. */
struct counting {
	const struct column *column;
	const struct rows *rows;
	double *number;		/* owned: the values, twice */
	double *spare;		/* owned */
	size_t numbers;
	uint32_t *count;	/* owned: of each level or odd text */
	size_t texts;
	uint32_t missing;
	struct value *value;	/* owned: in the order of values */
	size_t n;
	struct job *job;
};

static void count_number(struct counting *c, double x)
{
	uint32_t text;

	if (x == x) {
		c->number[c->numbers++] = x;
		return;
	}
	text = odd_text(x);
	if (text && text <= c->texts)
		c->count[text - 1]++;
	else
		c->missing++;
}

static bool count_cells(struct counting *c)
{
	const double *number = c->column->number;
	const uint32_t *code = c->column->code, *row = c->rows->row;

	for (size_t i = 0; i < c->rows->n; i++) {
		if (i % BLOCK == 0 && job_cancelled(c->job))
			return false;
		if (number)
			count_number(c, number[row[i]]);
		else if (code[row[i]] == LEVEL_MISSING)
			c->missing++;
		else
			c->count[code[row[i]]]++;
	}
	return true;
}

/* Sorted, equal numbers stand together; the sort makes -0 to 0. */
static size_t count_distinct(const double *sorted, size_t n)
{
	size_t distinct = n > 0;

	for (size_t i = 1; i < n; i++)
		distinct += sorted[i] != sorted[i - 1];
	return distinct;
}

static void add_numbers(struct counting *c)
{
	size_t end;

	for (size_t i = 0; i < c->numbers; i = end) {
		for (end = i + 1; end < c->numbers; end++)
			if (c->number[end] != c->number[i])
				break;
		c->value[c->n++] = (struct value){
			.number = c->number[i], .count = (uint32_t)(end - i),
			.kind = VALUE_PRESENT
		};
	}
}

static void add_texts(struct counting *c)
{
	for (size_t i = 0; i < c->texts; i++)
		if (c->count[i] > 0)
			c->value[c->n++] = (struct value){
				.number = NAN, .text = (uint32_t)i,
				.count = c->count[i],
				.kind = c->column->number ? VALUE_ODD
							  : VALUE_PRESENT
			};
}

static bool add_values(struct counting *c)
{
	double *sorted = sort_doubles(c->number, c->spare, c->numbers);

	if (sorted == c->spare) {
		c->spare = c->number;
		c->number = sorted;
	}
	c->value = mem_try(count_distinct(c->number, c->numbers) + c->texts +
			   1, sizeof(*c->value));
	if (!c->value)
		return false;
	add_numbers(c);
	add_texts(c);
	if (c->missing > 0)
		c->value[c->n++] = (struct value){
			.number = NAN, .count = c->missing,
			.kind = VALUE_MISSING
		};
	return true;
}

/* The most frequent first; a stable sort keeps the order of values. */
static bool rank(const struct counting *c, struct values *values, bool *room)
{
	uint64_t *a = malloc((c->n + 1) * sizeof(*a));
	uint64_t *spare = malloc((c->n + 1) * sizeof(*spare)), *sorted = NULL;

	values->value = malloc((c->n + 1) * sizeof(*values->value));
	*room = a && spare && values->value;
	if (*room) {
		for (size_t i = 0; i < c->n; i++)
			a[i] = (uint64_t)(UINT32_MAX - c->value[i].count) << 32
			       | i;
		sorted = sort_upper(a, spare, c->n, c->job);
	}
	for (size_t i = 0; sorted && i < c->n; i++) {
		values->value[i] = c->value[(uint32_t)sorted[i]];
		values->present += values->value[i].kind == VALUE_PRESENT;
	}
	values->n = c->n;
	free(a);
	free(spare);
	return sorted != NULL;
}

static bool counting_init(struct counting *c)
{
	size_t numbers = c->column->number ? c->rows->n : 0;

	c->texts = c->column->number ? c->column->odds : c->column->levels;
	c->count = mem_try(c->texts, sizeof(*c->count));
	c->number = malloc((numbers + 1) * sizeof(*c->number));
	c->spare = malloc((numbers + 1) * sizeof(*c->spare));
	return c->count && c->number && c->spare;
}

static void counting_clear(struct counting *c)
{
	free(c->value);
	free(c->spare);
	free(c->number);
	free(c->count);
}

bool values_of(struct values *values, const struct table *table, size_t column,
	       const struct rows *rows, struct job *job, struct err *err)
{
	struct counting c = { .column = table->column + column, .rows = rows,
			      .job = job };
	bool room, done = false;

	assert(column < table->columns);
	*values = (struct values){ .column = c.column, .rows = rows->n };
	room = counting_init(&c);
	if (room && count_cells(&c)) {
		room = add_values(&c);
		done = room && rank(&c, values, &room);
	}
	counting_clear(&c);
	if (done)
		return true;
	values_clear(values);
	return room ? err_cancelled(err)
		    : err_set(err, ERR_NOMEM,
			      "no memory to count the values of %zu rows",
			      rows->n);
}

void values_clear(struct values *values)
{
	free(values->value);
	*values = (struct values){ 0 };
}

const char *values_text(const struct values *values, size_t i,
			char buf[NUMBER_TEXT])
{
	const struct value *v = values->value + i;
	const struct column *c = values->column;

	if (v->kind == VALUE_ODD)
		return c->odd[v->text];
	if (v->kind == VALUE_PRESENT && !c->number)
		return c->level[v->text];
	number_format(v->number, buf);	/* "" for missing */
	return buf;
}
