/*
 * evaluate.c - for tests: expressions over the rows of a file
 *
 *	tests/evaluate FILE EXPRESSION...
 *
 * A line for each row, with a tab between the values of the expressions; of a
 * missing one there is nothing.  Times are their seconds.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "data/expression.h"
#include "data/source.h"
#include "data/table.h"

static struct table *read_file(const char *path, struct err *err)
{
	struct source *source = source_open(path, NULL, err);
	struct table *table = NULL;

	if (source && source_scan(source, NULL, err))
		table = table_read(source, NULL, err);
	source_close(source);
	return table;
}

static bool evaluate(const char *text, const struct table *table,
		     struct arena *arena, struct column *column,
		     struct err *err)
{
	struct expression *e = expression_parse(text, table, NULL, err);
	bool good = e && expression_column(e, table->rows, text, arena, column,
					   NULL, err);

	expression_free(e);
	return good;
}

static void print_value(const struct column *c, size_t row)
{
	if (table_is_missing(c, row))
		return;
	if (c->number)
		printf("%.17g", c->number[row]);
	else
		printf("%s", c->level[c->code[row]]);
}

static void print_rows(const struct column *c, size_t columns, size_t rows)
{
	for (size_t i = 0; i < rows; i++)
		for (size_t k = 0; k < columns; k++) {
			print_value(c + k, i);
			putchar(k + 1 < columns ? '\t' : '\n');
		}
}

int main(int argc, char **argv)
{
	size_t columns = argc > 2 ? (size_t)argc - 2 : 0;
	struct column *c = mem_array(columns, sizeof(*c));
	struct arena *arena = arena_new();
	struct err err = { 0 };
	struct table *table = columns ? read_file(argv[1], &err) : NULL;
	bool good = table != NULL;

	for (size_t k = 0; k < columns && good; k++)
		good = evaluate(argv[k + 2], table, arena, c + k, &err);
	if (good)
		print_rows(c, columns, table->rows);
	else
		fprintf(stderr, "evaluate: %s\n",
			columns ? err.text : "FILE EXPRESSION...");
	for (size_t k = 0; k < columns; k++) {
		free(c[k].number);
		free(c[k].code);
		free(c[k].level);
	}
	free(c);
	arena_free(arena);
	table_free(table);
	return good ? 0 : 1;
}
