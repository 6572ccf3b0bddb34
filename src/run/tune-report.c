/*
 * tune-report.c - what a tune has tried, for people and for programs
 */
#include "run/tune.h"

#include <math.h>
#include <stdlib.h>

#include "base/json.h"
#include "run/print.h"

/* The JSON has all, and the seconds, which the text leaves out: the same recipe
 * gives the same text. */
enum { TRIES_SHOWN = 20 };

void tuned_free(struct tuned *t)
{
	if (!t)
		return;
	for (size_t i = 0; i < t->tries; i++) {
		free(t->tried[i].options);
		free(t->tried[i].failed);
	}
	free(t->tried);
	free(t->by);
	free(t->edge);
	free(t->simpler);
	free(t);
}

static void try_line(const struct tuned *t, const struct tried *one,
		     size_t columns, FILE *out)
{
	fputs("  ", out);
	print_left(out, one->options, columns);
	if (one->failed) {
		fputs("   ", out);
		print_left(out, one->failed, 0);
		fputc('\n', out);
		return;
	}
	fprintf(out, " %10.4f %10.4f", one->mean, one->sd);
	if (one->rows < t->rows)
		fprintf(out, "   on %zu rows", one->rows);
	fputc('\n', out);
}

static size_t widest(const struct tuned *t, size_t shown)
{
	size_t most = 24;

	for (size_t i = 0; i < shown; i++)
		most = print_widest(&t->tried[i].options, 1, most);
	return most;
}

void tuned_text(const struct tuned *t, FILE *out)
{
	size_t shown = t->tries < TRIES_SHOWN ? t->tries : TRIES_SHOWN;
	size_t columns = widest(t, shown);

	fprintf(out, "\n  tune by %s: %zu of %zu tried", t->by, t->tries,
		t->wanted);
	if (t->over)
		fprintf(out, " in %.3g s", t->seconds);
	fprintf(out, "%s\n  scored by %zu folds of the %zu training rows\n  ",
		t->stopped ? ", then stopped" : "", t->folds, t->rows);
	print_left(out, "tried", columns);
	fprintf(out, " %10s %10s\n", t->measure, "sd");
	for (size_t i = 0; i < shown; i++)
		try_line(t, &t->tried[i], columns, out);
	if (shown < t->tries)
		fprintf(out, "  and %zu more: --json has them\n",
			t->tries - shown);
	if (t->tries > 1)
		fprintf(out, "  the first is the best of %zu, and its %s here "
			"flatters; the test rows had no say\n", t->tries,
			t->measure);
	if (t->simpler)
		fprintf(out, "  %s\n", t->simpler);
	if (t->edge)
		fprintf(out, "  ! %s\n", t->edge);
}

static json_t *tried_json(const struct tried *one)
{
	json_t *o = json_with("options", json_of_text(one->options));

	json_put(o, "rows", json_of_count(one->rows));
	json_put(o, "mean", json_of_number(one->mean));
	json_put(o, "sd", json_of_number(one->sd));
	json_put(o, "seconds", json_of_number(one->seconds));
	if (one->failed)
		json_put(o, "failed", json_of_text(one->failed));
	return o;
}

json_t *tuned_json(const struct tuned *t)
{
	json_t *o = json_with("by", json_of_text(t->by));
	json_t *all = json_array();

	json_put(o, "measure", json_of_text(t->measure));
	json_put(o, "folds", json_of_count(t->folds));
	json_put(o, "rows", json_of_count(t->rows));
	json_put(o, "wanted", json_of_count(t->wanted));
	json_put(o, "tried", json_of_count(t->tries));
	json_put(o, "seconds", json_of_number(t->seconds));
	json_put(o, "budget", json_of_number(t->budget));
	json_put(o, "stopped", json_boolean(t->stopped));
	json_put(o, "edge", json_of_text(t->edge));
	json_put(o, "simpler", json_of_text(t->simpler));
	for (size_t i = 0; i < t->tries; i++)
		json_array_append_new(all, tried_json(&t->tried[i]));
	json_put(o, "tries", all);
	return o;
}
