/*
 * splits.c - what split chooses in a file, for tests/oracle/ and for the clock
 *
 *	splits FILE [as:COLUMN=TYPE]... [target:COLUMN] [OPTION=VALUE]...
 *
 * prints a line for each side of each fold, "train 5 0 7", by number in the
 * file; with "clock" in place of the rows how long it took.  An error goes to
 * standard error, status 2.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/mem.h"
#include "eval/split.h"

struct asked {
	struct option_values options;
	struct table *table;
	int target;
	bool clock;
};

static double seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static bool retype(struct table **table, char *word, struct err *err)
{
	size_t n = (*table)->columns;
	enum column_type *type = mem_array(n, sizeof(*type));
	char *equals = strrchr(word, '=');
	struct table *typed;
	int column;

	for (size_t c = 0; c < n; c++)
		type[c] = (*table)->column[c].type;
	if (equals)
		*equals = '\0';
	column = table_find(*table, word);
	for (int t = 0; equals && column >= 0 && t < COLUMN_TYPES; t++)
		if (!strcmp(equals + 1, column_type_name[t]))
			type[column] = (enum column_type)t;
	/* What the new table borrows from stays until the process ends. */
	typed = table_retyped(*table, type, err);
	free(type);
	if (typed)
		*table = typed;
	return typed;
}

static bool take(struct asked *a, char *word, struct err *err)
{
	a->clock |= !strcmp(word, "clock");
	if (!strcmp(word, "clock"))
		return true;
	if (!strncmp(word, "as:", 3))
		return retype(&a->table, word + 3, err);
	if (!strncmp(word, "target:", 7)) {
		a->target = table_find(a->table, word + 7);
		return a->target >= 0 ||
		       err_set(err, ERR_USAGE, "no column %.80s", word + 7);
	}
	return options_set(&a->options, "split", word, err);
}

static void print_rows(const char *side, const struct rows *rows)
{
	printf("%s", side);
	for (size_t i = 0; i < rows->n; i++)
		printf(" %u", (unsigned)rows->row[i]);
	putchar('\n');
}

static bool folds(const struct asked *a, const struct split *split,
		  const struct rows *all, struct err *err)
{
	double start = seconds(), made;
	struct split_plan *plan = split_plan_new(split, all, NULL, err);
	struct fold fold;
	bool ok = plan;

	made = seconds();
	for (size_t f = 0; ok && f < split_plan_folds(plan); f++) {
		ok = split_plan_fold(plan, f, &fold, NULL, err);
		if (ok && !a->clock) {
			print_rows("train", &fold.train);
			print_rows("test", &fold.test);
			print_rows("gap", &fold.gap);
			print_rows("later", &fold.later);
		}
		fold_clear(&fold);
	}
	if (ok && a->clock)
		printf("%.1f ms, and %.1f ms for %zu folds\n",
		       (made - start) * 1e3, (seconds() - made) * 1e3,
		       split_plan_folds(plan));
	split_plan_free(plan);
	return ok;
}

static bool run(char **word, struct err *err)
{
	struct asked a = { .target = -1 };
	struct source *source = source_open(word[0], NULL, err);
	struct split split;
	struct rows all = { 0 };
	bool ok;

	a.table = source ? table_read(source, NULL, err) : NULL;
	ok = a.table;
	options_init(&a.options, split_options);
	for (word++; ok && *word; word++)
		ok = take(&a, *word, err);
	ok = ok && split_init(&split, &a.options, a.table, a.target, err) &&
	     rows_all(&all, a.table->rows, err) &&
	     folds(&a, &split, &all, err);
	rows_clear(&all);
	options_clear(&a.options);
	table_free(a.table);
	source_close(source);
	return ok;
}

int main(int argc, char **argv)
{
	struct err err = { 0 };

	if (argc > 1 && run(argv + 1, &err))
		return 0;
	fprintf(stderr, "%s\n", argc > 1 ? err.text : "splits FILE ...");
	return 2;
}
