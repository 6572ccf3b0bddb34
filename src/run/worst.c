#include "run/worst.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/sum.h"
#include "base/text.h"
#include "base/json.h"
#include "run/print.h"

const struct option worst_options[] = {
	{ .name = "rows", .type = OPTION_WHOLE, .dflt = "20",
	  .min = 1, .max = 10000,
	  .help = "how many of them" },
	{ 0 }
};

static double kept(double p)
{
	return fmin(fmax(p, DBL_EPSILON), 1 - DBL_EPSILON);
}

/* What is told of the class that a row is of; of one that no training row is
 * of, nothing. */
static double told_truth(const struct result *r, size_t i)
{
	uint32_t k = r->class_of[i];

	if (k >= r->classes)
		return 0;
	if (r->classes > 2)
		return r->told[i * r->classes + k];
	return k ? r->told[i] : 1 - r->told[i];
}

/* As metrics.c has the log loss. */
static double loss_of(const struct result *r, size_t i)
{
	double all = 0;

	if (r->task == TASK_REGRESSION)
		return fabs(r->actual[i] - r->told[i]);
	if (r->classes <= 2)
		return -log(kept(told_truth(r, i)));
	for (size_t k = 0; k < r->classes; k++)
		all += kept(r->told[i * r->classes + k]);
	return -log(kept(told_truth(r, i)) / all);
}

static bool worse(const struct worst_row *a, const struct worst_row *b)
{
	return a->loss != b->loss ? a->loss > b->loss : a->row < b->row;
}

static int by_loss(const void *a, const void *b)
{
	return worse(a, b) ? -1 : 1;
}

/* A heap with the least bad of those that are kept on top: the top sinks to its
 * place. */
static void sink(struct worst *w)
{
	for (size_t i = 0, child; (child = 2 * i + 1) < w->n; i = child) {
		struct worst_row here = w->at[i];

		if (child + 1 < w->n &&
		    worse(&w->at[child], &w->at[child + 1]))
			child++;
		if (!worse(&here, &w->at[child]))
			return;
		w->at[i] = w->at[child];
		w->at[child] = here;
	}
}

static void take(struct worst *w, size_t most, struct worst_row row)
{
	if (w->n < most) {
		w->at[w->n++] = row;
		/* When it is full it becomes a heap: descending order turned
		 * round is one. */
		if (w->n < most)
			return;
		qsort(w->at, w->n, sizeof(*w->at), by_loss);
		for (size_t i = 0; i < w->n / 2; i++) {
			struct worst_row other = w->at[i];

			w->at[i] = w->at[w->n - 1 - i];
			w->at[w->n - 1 - i] = other;
		}
	} else if (worse(&row, &w->at[0])) {
		w->at[0] = row;
		sink(w);
	}
}

struct worst *worst_find(const struct result *r, size_t most, struct err *err)
{
	struct worst *w;
	struct sum all = { 0 }, these = { 0 };

	if (!r->told || !r->test_rows.n ||
	    !(r->task == TASK_REGRESSION ? (void *)r->actual
					 : (void *)r->class_of)) {
		err_set(err, ERR_USAGE, "run %d keeps nothing that was told of "
			"test rows: train again", r->number);
		return NULL;
	}
	w = mem_new(sizeof(*w));
	w->of = r->test_rows.n;
	most = most < w->of ? most : w->of;
	w->at = mem_array(most, sizeof(*w->at));
	for (size_t i = 0; i < w->of; i++) {
		struct worst_row row = { .row = r->test_rows.row[i],
					 .place = i, .loss = loss_of(r, i) };

		sum_add(&all, row.loss);
		if (!isnan(row.loss))
			take(w, most, row);
	}
	qsort(w->at, w->n, sizeof(*w->at), by_loss);
	for (size_t i = 0; i < w->n; i++)
		sum_add(&these, w->at[i].loss);
	w->share = sum_of(&all) > 0 ? sum_of(&these) / sum_of(&all) : NAN;
	return w;
}

/* ---- in words ---- */

static char *class_text(char to[WORST_TEXT], const struct result *r, size_t k)
{
	snprintf(to, WORST_TEXT, "%s", k < r->classes ? r->class_name[k] :
		 "another");
	return to;
}

char *worst_told(char to[WORST_TEXT], const struct result *r,
		 const struct worst_row *row)
{
	if (r->task == TASK_CLASSIFICATION)
		return class_text(to, r, result_told(r, row->place));
	snprintf(to, WORST_TEXT, "%.6g", r->told[row->place]);
	return to;
}

char *worst_actual(char to[WORST_TEXT], const struct result *r,
		   const struct worst_row *row)
{
	if (r->task == TASK_CLASSIFICATION)
		return class_text(to, r, r->class_of[row->place]);
	snprintf(to, WORST_TEXT, "%.6g", r->actual[row->place]);
	return to;
}

double worst_figure(const struct result *r, const struct worst_row *row)
{
	return r->task == TASK_CLASSIFICATION ? told_truth(r, row->place) :
	       r->actual[row->place] - r->told[row->place];
}

void worst_text(const struct result *r, const struct worst *w, FILE *out)
{
	enum { COLUMNS = 20 };
	bool numbers = r->task == TASK_REGRESSION;
	char text[WORST_TEXT];

	fprintf(out, "\n  the %zu of %zu test row%s told worst: %.3g %% of %s"
		"\n\n  %10s   ", w->n, w->of, print_plural(w->of),
		w->share * 100, numbers ? "all that they are off" :
		"the log loss", "row");
	print_left(out, "told", COLUMNS);
	fputs("   ", out);
	print_left(out, "actual", COLUMNS);
	fprintf(out, " %12s", numbers ? "off by" : "told of that");
	fprintf(out, "%s\n", numbers ? "" : "         loss");
	for (size_t i = 0; i < w->n; i++) {
		const struct worst_row *row = &w->at[i];

		fprintf(out, "  %10zu   ", row->row + 1);
		print_left(out, worst_told(text, r, row), COLUMNS);
		fputs("   ", out);
		print_left(out, worst_actual(text, r, row), COLUMNS);
		fprintf(out, numbers ? " %12.6g" : " %12.4g",
			worst_figure(r, row));
		if (!numbers)
			fprintf(out, " %12.4f", row->loss);
		fputc('\n', out);
	}
}

json_t *worst_json(const struct result *r, const struct worst *w)
{
	json_t *all = json_array();
	bool numbers = r->task == TASK_REGRESSION;
	char text[WORST_TEXT];

	for (size_t i = 0; i < w->n; i++) {
		const struct worst_row *row = &w->at[i];
		size_t at = row->place;
		json_t *o = json_with("row", json_of_count(row->row + 1));

		json_put(o, "told", numbers ? json_of_number(r->told[at]) :
			 json_of_text(worst_told(text, r, row)));
		json_put(o, "actual", numbers ? json_of_number(r->actual[at]) :
			 json_of_text(worst_actual(text, r, row)));
		if (!numbers)
			json_put(o, "probability",
				 json_of_number(worst_figure(r, row)));
		json_put(o, "loss", json_of_number(row->loss));
		json_array_append_new(all, o);
	}
	return all;
}
