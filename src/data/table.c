#include "data/table.h"

#include <stdlib.h>
#include <string.h>

#include "data/number.h"
#include "data/odd.h"

const char *const column_type_name[COLUMN_TYPES] = {
	"number", "category", "text", "time"
};

/* So few levels are always a category, and more than so many never. */
enum { FEW_LEVELS = 2, MOST_LEVELS = 1000 };

enum column_type column_type_of_levels(size_t levels, size_t values)
{
	return levels <= FEW_LEVELS ||
	       (levels <= MOST_LEVELS && levels * 2 <= values)
		? COLUMN_CATEGORY : COLUMN_TEXT;
}

int table_find(const struct table *table, const char *name)
{
	for (size_t j = 0; j < table->columns; j++)
		if (!strcmp(table->column[j].name, name))
			return (int)j;
	return -1;
}

const char *table_odd(const struct column *column, size_t row)
{
	uint32_t text = column->number ? odd_text(column->number[row]) : 0;

	return text && text <= column->odds ? column->odd[text - 1] : NULL;
}

const char *table_text(const struct column *c, size_t row,
		       char buf[TABLE_TEXT])
{
	const char *odd;

	if (!c->number)
		return c->code[row] == LEVEL_MISSING ? ""
						     : c->level[c->code[row]];
	if (c->number[row] == c->number[row]) {
		if (c->type == COLUMN_TIME)
			when_format(c->number[row], &c->form, buf);
		else
			number_format(c->number[row], buf);
		return buf;
	}
	odd = table_odd(c, row);
	return odd ? odd : "";
}

/* What a retyped table has in common with its base belongs to the base. */
static void free_column(struct column *c, const struct column *base)
{
	if (!base || c->number != base->number)
		free(c->number);
	if (!base || c->code != base->code)
		free(c->code);
	if (!base || c->level != base->level)
		free(c->level);
	if (!base || c->odd != base->odd)
		free(c->odd);
}

void table_free(struct table *table)
{
	if (!table)
		return;
	for (size_t j = 0; j < table->columns; j++)
		free_column(table->column + j, table->base &&
			    j < table->base->columns ? table->base->column + j
						     : NULL);
	if (!table->base)
		faults_clear(&table->faults);
	free(table->column);
	arena_free(table->arena);
	free(table);
}
