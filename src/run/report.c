#include "run/report.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "run/print.h"

/* ---- the ledger ---- */

static void ledger_text(const struct ledger *l, FILE *out)
{
	fprintf(out, "\nrows\n  %-24s %10zu\n", "read", l->read);
	for (size_t i = 0; i < l->rules; i++)
		if (l->of[i].on && l->of[i].drops)
			fprintf(out, "  %-24s %10zu\n", l->of[i].rule->name,
				l->of[i].effect.rows);
	fprintf(out, "  %-24s %10zu\n", "used", l->used);
	if (l->train + l->test > 0) {
		fprintf(out, "  %-24s %10zu\n", "  train", l->train);
		fprintf(out, "  %-24s %10zu\n", "  test", l->test);
	}
	for (size_t i = 0; i < l->rules; i++)
		if (l->of[i].on && l->of[i].kind == RULE_COLUMNS)
			fprintf(out, "\n%s: %zu column%s\n",
				l->of[i].rule->name, l->of[i].effect.columns,
				print_plural(l->of[i].effect.columns));
}

/* ---- one run ---- */

static void run_head(const struct result *r, FILE *out)
{
	char *options = options_format(&r->options, true);
	const char *step = r->method->step_name;

	fprintf(out, "\nrun %d: %s%s%s\n", r->number, r->method->name,
		*options ? " " : "", options);
	fprintf(out, "  target ");
	print_left(out, r->target, 0);
	fprintf(out, ", %zu feature%s, %zu %s%s, %s\n", r->features,
		print_plural(r->features), r->iterations, step,
		print_plural(r->iterations),
		r->stopped ? "stopped" :
		r->converged ? "converged" : "not converged");
	if (r->note)
		fprintf(out, "  note: %s\n", r->note);
	free(options);
}

static void measure(FILE *out, const char *name, double x)
{
	if (isnan(x))
		fprintf(out, "  %-24s %10s\n", name, "-");
	else
		fprintf(out, "  %-24s %10.4f\n", name, x);
}

/* A number in the unit of the target, or beyond units. */
static void put_number(FILE *out, enum number_measure which, double x)
{
	if (isnan(x))
		fprintf(out, "%10s", "-");
	else if (which == NUMBER_R2)
		fprintf(out, "%10.4f", x);
	else
		fprintf(out, "%10.6g", x);
}

/* The headline has the baseline beside it, and what it is in. */
static void number_line(const struct result *r, enum number_measure which,
			FILE *out)
{
	const struct number_measure_about *about = &number_measure[which];

	fprintf(out, "  %-24s ", about->name);
	put_number(out, which, r->regression.test.of[which]);
	if (which <= NUMBER_RMSE) {
		fputs("   baseline ", out);
		put_number(out, which, r->regression.baseline.of[which]);
	}
	if (about->in_unit && r->unit) {
		fputs("   ", out);
		print_left(out, r->unit, 0);
	}
	fputc('\n', out);
}

static void run_numbers(const struct result *r, FILE *out)
{
	fputc('\n', out);
	for (int k = 0; k < NUMBER_MEASURES; k++)
		number_line(r, (enum number_measure)k, out);
	for (int k = NUMBER_R2; k <= NUMBER_RMSE; k++) {
		int width = fprintf(out, "  %s in training",
				    number_measure[k].name);

		fprintf(out, "%*s", 27 - width, "");
		put_number(out, (enum number_measure)k,
			   r->regression.train.of[k]);
		fputc('\n', out);
	}
}

static void run_measures(const struct result *r, FILE *out)
{
	const struct metrics *m = &r->test;
	double low, high;

	metrics_wilson((size_t)lround(m->accuracy * (double)m->n), m->n, &low,
		       &high);
	fprintf(out, "\n  %-24s %10.4f   95 %%: %.4f to %.4f, baseline %.4f\n",
		"accuracy", m->accuracy, low, high, r->baseline_accuracy);
	measure(out, "balanced accuracy", m->balanced_accuracy);
	measure(out, "mcc", m->mcc);
	measure(out, "auc", m->auc);
	measure(out, "average precision", m->average_precision);
	measure(out, "log loss", m->log_loss);
	measure(out, "brier", m->brier);
	measure(out, "accuracy in training", r->train_accuracy);
}

static void class_line(FILE *out, const char *name, size_t columns,
		       const struct class_metrics *c)
{
	fputs("  ", out);
	print_left(out, name, columns);
	fprintf(out, " %10.4f %10.4f %10.4f %9zu\n", c->precision, c->recall,
		c->f1, c->support);
}

static void run_classes(const struct result *r, FILE *out)
{
	size_t columns = print_widest(r->class_name, r->classes, 24);

	fputs("\n  ", out);
	print_left(out, "class", columns);
	fprintf(out, " %10s %10s %10s %9s\n", "precision", "recall", "f1",
		"support");
	for (size_t k = 0; k < r->classes; k++)
		class_line(out, r->class_name[k], columns,
			   &r->test.class_of[k]);
	class_line(out, "macro average", columns, &r->test.macro);
	class_line(out, "weighted average", columns, &r->test.weighted);
}

static void run_confusion(const struct result *r, FILE *out)
{
	size_t names = print_widest(r->class_name, r->classes, 18);
	size_t cells = print_widest(r->class_name, r->classes, 9);

	fputs("\n  ", out);
	print_left(out, "confusion", names + 6);
	for (size_t k = 0; k < r->classes; k++) {
		fputc(' ', out);
		print_right(out, r->class_name[k], cells);
	}
	fputs("   (told)\n", out);
	for (size_t i = 0; i < r->classes; i++) {
		fputs("  true  ", out);
		print_left(out, r->class_name[i], names);
		for (size_t k = 0; k < r->classes; k++)
			fprintf(out, " %*zu", (int)cells,
				r->test.confusion[i * r->classes + k]);
		fputc('\n', out);
	}
}

static void weight_line(const struct weight *w, size_t columns, FILE *out)
{
	fputs("  ", out);
	print_left(out, w->feature, columns);
	fprintf(out, " %12.6g %12.6g", w->raw, w->standardized);
	if (!isnan(w->std_error))
		fprintf(out, " %12.6g %10.4g", w->std_error, w->p);
	if (w->reference) {
		fputs("   against ", out);
		print_left(out, w->reference, 0);
	}
	fputc('\n', out);
}

static void run_weights(const struct result *r, FILE *out)
{
	char **name = mem_array(r->weights, sizeof(*name));
	bool errors = r->weights > 0 && !isnan(r->weight[0].std_error);
	bool nothing = true;	/* the baseline weighs nothing at all */
	size_t columns;

	for (size_t j = 0; j < r->weights; j++) {
		name[j] = r->weight[j].feature;
		nothing &= r->weight[j].raw == 0;
	}
	columns = print_widest(name, r->weights, 24);
	free(name);
	fputs("\n  ", out);
	print_left(out, "weight", columns);
	fprintf(out, " %12s %12s", "per unit", "per std dev");
	fprintf(out, errors ? " %12s %10s\n" : "\n", "std error", "p");
	for (size_t j = 0; !nothing && j < r->weights; j++)
		weight_line(&r->weight[j], columns, out);
	fputs("  ", out);
	print_left(out, "(intercept)", columns);
	fprintf(out, " %12.6g %12.6g", r->intercept_raw, r->intercept);
	if (!isnan(r->intercept_error))
		fprintf(out, " %12.6g %10.4g", r->intercept_error,
			r->intercept_p);
	fputs("   per unit, as trained\n", out);
}

static void run_importances(const struct result *r, FILE *out)
{
	char **name = mem_array(r->weights, sizeof(*name));
	bool *done = mem_array(r->weights, sizeof(*done));
	size_t columns;

	for (size_t j = 0; j < r->weights; j++)
		name[j] = r->weight[j].feature;
	columns = print_widest(name, r->weights, 24);
	fputs("\n  ", out);
	print_left(out, "importance", columns);
	fprintf(out, " %12s\n", "share");
	for (size_t k = 0; k < r->weights; k++) {
		size_t most = r->weights;

		for (size_t j = 0; j < r->weights; j++)
			if (!done[j] && (most == r->weights ||
			    r->weight[j].standardized >
			    r->weight[most].standardized))
				most = j;
		done[most] = true;
		fputs("  ", out);
		print_left(out, name[most], columns);
		fprintf(out, " %12.4f\n", r->weight[most].standardized);
	}
	free(done);
	free(name);
}

static void run_model(const struct result *r, FILE *out)
{
	if (r->importance)
		run_importances(r, out);
	else
		run_weights(r, out);
	if (r->drawing)
		fprintf(out, "\n%s", r->drawing);
}

static bool same_ledger(const struct ledger *a, const struct ledger *b)
{
	bool same = a->rules == b->rules && a->used == b->used &&
		    a->train == b->train && a->test == b->test &&
		    a->read == b->read;

	for (size_t i = 0; same && i < a->rules; i++)
		same = a->of[i].rule == b->of[i].rule &&
		       a->of[i].on == b->of[i].on &&
		       a->of[i].effect.columns == b->of[i].effect.columns;
	return same;
}

void report_text(const struct report *report, FILE *out)
{
	const struct ledger *shown = NULL;
	const char *path = source_path(report->data->source);

	print_left(out, path, 0);
	fprintf(out, ": %zu rows, %zu columns\n", report->table->rows,
		report->table->columns);
	if (!report->results)
		ledger_text(report->ledger, out);
	for (size_t i = 0; i < report->results; i++) {
		const struct result *r = report->result[i];

		/* A recipe may have opened more than one file. */
		if (strcmp(path, r->path)) {
			path = r->path;
			shown = NULL;
			fputc('\n', out);
			print_left(out, path, 0);
			fputc('\n', out);
		}
		if (!shown || !same_ledger(shown, &r->ledger))
			ledger_text(&r->ledger, out);
		shown = &r->ledger;
		run_head(r, out);
		if (r->task == TASK_REGRESSION) {
			run_numbers(r, out);
		} else {
			run_measures(r, out);
			run_classes(r, out);
			run_confusion(r, out);
		}
		run_model(r, out);
	}
}
