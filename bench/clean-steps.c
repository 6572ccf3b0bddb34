/*
 * clean-steps.c - how long a rule or a feature takes that is switched
 *
 *	clean-steps FILE TARGET
 *
 * Opens the file, and after each of some commands times what a key does: the
 * ledger, the split and the treatments; and then what the rules that are off
 * would cost.  Printed as "NAME<tab>ms<tab>ms of the costs<tab>ms again", where
 * again is the median of the next times, the command taken back in between.
 * bench/clean.py makes a table of it.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "command/session.h"
#include "data/duplicates.h"
#include "run/fit.h"

enum { ROUNDS = 9 };

static void say(struct session *s, const char *line)
{
	struct err err = { 0 };

	if (session_do(s, line, &err))
		return;
	fprintf(stderr, "%s: %s\n", line, err.text);
	exit(2);
}

static double one(struct session *s, struct stages *stages, bool costs)
{
	struct err err = { 0 };
	struct ledger ledger;
	double start = fit_clock();

	if (!work_ledger(stages, s->table, &s->settings, costs, &ledger, NULL,
			 &err)) {
		fprintf(stderr, "%s\n", err.text);
		exit(2);
	}
	return (fit_clock() - start) * 1e3;
}

static int by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* The command and what takes it back, in turn. */
static void step(struct session *s, struct stages *stages, const char *name,
		 const char *there, const char *back)
{
	double first, costs, again[ROUNDS];

	say(s, there);
	first = one(s, stages, false);
	costs = one(s, stages, true);
	for (int i = 0; i < ROUNDS; i++) {
		say(s, i % 2 ? there : back);
		again[i] = one(s, stages, false);
	}
	say(s, there);
	one(s, stages, true);
	qsort(again, ROUNDS, sizeof(again[0]), by_size);
	printf("%s\t%.1f\t%.1f\t%.1f\n", name, first, costs,
	       again[ROUNDS / 2]);
	fflush(stdout);
}

static void duplicates(struct session *s)
{
	size_t n = s->table->columns, rows = s->table->rows;
	size_t *column = mem_array(n, sizeof(*column));
	bool *repeated = mem_array(rows, sizeof(*repeated));
	struct rows all = { 0 };
	struct err err = { 0 };
	double start, took[ROUNDS];

	for (size_t c = 0; c < n; c++)
		column[c] = c;
	rows_all(&all, rows, &err);
	for (int i = 0; i < ROUNDS; i++) {
		start = fit_clock();
		duplicates_mark(s->table, column, n, &all, repeated, NULL,
				&err);
		took[i] = (fit_clock() - start) * 1e3;
	}
	qsort(took, ROUNDS, sizeof(took[0]), by_size);
	printf("duplicates of the whole file\t%.1f\t0\t%.1f\n",
	       took[ROUNDS / 2], took[0]);
	rows_clear(&all);
	free(repeated);
	free(column);
}

int main(int argc, char **argv)
{
	struct session *s = session_new(-1);
	struct stages *stages = stages_new();
	char *line, *target;

	if (argc != 3) {
		fprintf(stderr, "usage: clean-steps FILE TARGET\n");
		return 2;
	}
	line = mem_printf("open \"%s\"", argv[1]);
	target = mem_printf("target \"%s\"", argv[2]);
	say(s, line);
	say(s, target);
	duplicates(s);
	one(s, stages, false);
	one(s, stages, true);
	step(s, stages, "standardize", "clean standardize on",
	     "clean standardize off");
	step(s, stages, "feature", "toggle sensor_05", "toggle sensor_05");
	step(s, stages, "drop-missing", "clean drop-missing on",
	     "clean drop-missing off");
	step(s, stages, "drop-duplicates", "clean drop-duplicates on",
	     "clean drop-duplicates off");
	step(s, stages, "impute", "clean impute on", "clean impute off");
	step(s, stages, "outliers", "clean outliers on", "clean outliers off");
	step(s, stages, "drop-missing off", "clean drop-missing off",
	     "clean drop-missing on");
	step(s, stages, "feature, all on", "toggle sensor_06",
	     "toggle sensor_06");
	step(s, stages, "outliers by mad", "clean outliers method=mad",
	     "clean outliers");
	step(s, stages, "split seed", "split seed=7", "split seed=42");
	stages_free(stages);
	session_free(s, false);
	free(target);
	free(line);
	return 0;
}
