#include "run/report.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "run/print.h"
#include "run/report-explain.h"
#include "run/report-intervals.h"
#include "run/report-judge.h"
#include "run/tune.h"
#include "run/versus.h"

/* ---- the ledger ---- */

enum { COLUMNS_SHOWN = 10, LEVELS_SHOWN = 6 };

static const char *name_of(const struct ledger *l, size_t i,
			   char name[RULE_NAME])
{
	return rule_use_name(&(struct rule_use){ .rule = l->of[i].rule,
						 .number = l->of[i].number },
			     name);
}

/* "impute: 3 columns, 12 cells of 11 rows" */
static void rule_text(const struct ledger *l, size_t i, FILE *out)
{
	const struct effect *e = &l->of[i].effect;
	char name[RULE_NAME], uneven[UNEVEN_TEXT];

	fprintf(out, "\n%s: %zu column%s", name_of(l, i, name), e->columns,
		print_plural(e->columns));
	if (e->cells)
		fprintf(out, ", %zu cell%s of %zu row%s", e->cells,
			print_plural(e->cells), e->rows,
			print_plural(e->rows));
	fputc('\n', out);
	/* Where rows go, the account of the rows has said it. */
	if (!l->of[i].drops && effect_uneven(l, i, uneven))
		fprintf(out, "  ! %s\n", uneven);
}

static void ledger_text(const struct ledger *l, FILE *out)
{
	char name[RULE_NAME], uneven[UNEVEN_TEXT];

	fprintf(out, "\nrows\n  %-24s %10zu\n", "read", l->read);
	for (size_t i = 0; i < l->rules; i++) {
		if (!l->of[i].on || !l->of[i].drops)
			continue;
		fprintf(out, "  %-24s %10zu", name_of(l, i, name),
			l->of[i].effect.rows);
		if (effect_uneven(l, i, uneven))
			fprintf(out, "   ! %s", uneven);
		fputc('\n', out);
	}
	fprintf(out, "  %-24s %10zu\n", "used", l->used);
	if (l->train + l->test > 0) {
		fprintf(out, "  %-24s %10zu\n", "  train", l->train);
		fprintf(out, "  %-24s %10zu\n", "  test", l->test);
	}
	if (l->gap > 0)
		fprintf(out, "  %-24s %10zu\n", "  gap", l->gap);
	if (l->folds > 0)
		fprintf(out, "  %-24s %10zu   once each, in %zu folds\n",
			"  tested", l->tested, l->folds);
	if (l->untested > 0)
		fprintf(out, "  %-24s %10zu\n", "  never tested",
			l->untested);
}

/* Of scales there is one for each column, which the weights say as well. */
static bool worth_a_line(const struct learned *l)
{
	return l->text || l->levels ||
	       (l->numbers > 0 && strcmp(l->number[0].name, "shift"));
}

static void learned_text(const struct learned *l, FILE *out)
{
	fputs("  ", out);
	print_left(out, l->column, 24);
	for (size_t i = 0; i < l->numbers; i++)
		fprintf(out, " %s %.6g", l->number[i].name,
			l->number[i].value);
	if (l->text)
		fputc(' ', out);
	print_left(out, l->text ? l->text : "", 0);
	for (size_t i = 0; i < l->levels && i < LEVELS_SHOWN; i++) {
		fputs(i ? ", " : " ", out);
		print_left(out, l->level[i], 0);
	}
	if (l->levels > LEVELS_SHOWN)
		fprintf(out, " and %zu more", l->levels - LEVELS_SHOWN);
	fputc('\n', out);
}

/* The column rules, and what they have learned of the first columns. */
static void rules_text(const struct ledger *l, const struct lessons *lessons,
		       FILE *out)
{
	for (size_t i = 0; i < l->rules; i++) {
		char name[RULE_NAME];
		size_t lines = 0;

		if (!l->of[i].on || l->of[i].kind != RULE_COLUMNS)
			continue;
		rule_text(l, i, out);
		name_of(l, i, name);
		for (size_t k = 0; lessons && k < lessons->n; k++)
			if (!strcmp(lessons->of[k].rule, name) &&
			    worth_a_line(&lessons->of[k]) &&
			    ++lines <= COLUMNS_SHOWN)
				learned_text(&lessons->of[k], out);
		if (lines > COLUMNS_SHOWN)
			fprintf(out, "  and %zu more: --json has them\n",
				lines - COLUMNS_SHOWN);
	}
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
	if (which <= NUMBER_MAE)
		report_interval(out, &r->regression.interval[which],
				r->regression.baseline.of[which],
				which == NUMBER_R2);
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
	goodness_report(&r->goodness, out);
	report_methods(r, out);
}

static void run_measures(const struct result *r, FILE *out)
{
	const struct metrics *m = &r->test;

	report_of_classes(r, out);
	measure(out, "average precision", m->average_precision);
	measure(out, "log loss", m->log_loss);
	measure(out, "brier", m->brier);
	measure(out, r->classes == 2 && r->judged.cut != 0.5 ?
		"train accuracy at 0.5" : "accuracy in training",
		r->train_accuracy);
	goodness_report(&r->goodness, out);
	report_methods(r, out);
	report_judged(r, out);
}

/* As many as fit a screen; the rest of so many is in the JSON. */
enum { FOLDS_SHOWN = 20 };

static void fold_line(const struct result *r, size_t i, FILE *out)
{
	const struct fold_score *f = &r->fold[i];
	double of[] = { f->score, f->in_training, f->baseline };

	fprintf(out, "  %-8zu %10zu %10zu", i + 1, f->train, f->test);
	for (size_t k = 0; k < ARRAY_LEN(of); k++)
		if (isnan(of[k]))
			fprintf(out, " %10s", "-");
		else
			fprintf(out, " %10.4f", of[k]);
	fputs(f->converged ? "\n" : "   not converged\n", out);
}

static void run_folds(const struct result *r, FILE *out)
{
	const char *score = r->task == TASK_REGRESSION ? "r2" : "accuracy";

	if (!r->folds_wanted)
		return;
	fprintf(out, "\n  %-8s %10s %10s %10s %10s %10s\n", "fold", "train",
		"test", score, "in train", "baseline");
	for (size_t i = 0; i < r->folds && i < FOLDS_SHOWN; i++)
		fold_line(r, i, out);
	if (r->folds > FOLDS_SHOWN)
		fprintf(out, "  and %zu more: --json has them\n",
			r->folds - FOLDS_SHOWN);
	if (isnan(r->fold_mean))
		fprintf(out, "  %-30s %10s\n", "mean", "-");
	else
		fprintf(out, "  %-30s %10.4f   sd %.4f over the folds\n",
			"mean", r->fold_mean, r->fold_sd);
	if (r->of_a_fold)
		fprintf(out, "  stopped after %zu of %zu folds: the model is "
			"that of fold %zu\n", r->folds, r->folds_wanted,
			r->folds);
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

/* Of many classes those that are mistaken most often; the JSON has all. */
enum { CONFUSION_MOST = 12, PAIRS_SHOWN = 10 };

/* The next most frequent mistake after the last, or 0; equals by place. */
static size_t next_mistake(const struct metrics *m, size_t n, size_t *at)
{
	size_t most = 0, all = m->classes * m->classes, found = all;

	for (size_t i = 0; i < all; i++) {
		size_t count = m->confusion[i];
		bool after = *at == all || count < n ||
			     (count == n && i > *at);

		if (i % (m->classes + 1) == 0 || !after || count <= most)
			continue;
		most = count;
		found = i;
	}
	*at = found;
	return most;
}

static void run_mistakes(const struct result *r, FILE *out)
{
	size_t names = print_widest(r->class_name, r->classes, 24);
	size_t at = r->classes * r->classes, n = 0;
	const struct metrics *m = &r->test;

	fputs("\n  mistaken most often", out);
	for (int i = 0; i < PAIRS_SHOWN; i++) {
		n = next_mistake(m, n, &at);
		if (n == 0)
			break;
		fputs("\n  true  ", out);
		print_left(out, r->class_name[at / r->classes], names);
		fputs("  told  ", out);
		print_left(out, r->class_name[at % r->classes], names);
		fprintf(out, " %9zu", n);
	}
	fputs("\n  --json has the whole confusion\n", out);
}

static void confusion_text(const struct result *r, FILE *out)
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

static void run_confusion(const struct result *r, FILE *out)
{
	if (r->classes > CONFUSION_MOST) {
		run_mistakes(r, out);
		return;
	}
	confusion_text(r, out);
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

/* Of each class the line of the intercept and the largest weights. */
enum { CLASSES_SHOWN = 30, CLASS_WEIGHTS = 20 };

static void class_weights(const struct result *r, size_t k, FILE *out)
{
	const struct weight *set = r->weight + k * r->weights;
	size_t shown = r->weights < CLASS_WEIGHTS ? r->weights : CLASS_WEIGHTS;
	bool nothing = true;	/* the baseline weighs nothing at all */

	for (size_t j = 0; j < r->weights; j++)
		nothing &= set[j].raw == 0;
	fputs("\n  towards ", out);
	print_left(out, r->class_name[k], 0);
	fprintf(out, "\n  %-24s %12s %12s\n", "weight", "per unit",
		"per std dev");
	for (size_t j = 0; !nothing && j < shown; j++)
		weight_line(&set[j], 24, out);
	if (!nothing && shown < r->weights)
		fprintf(out, "  and %zu more: --json has them\n",
			r->weights - shown);
	fprintf(out, "  %-24s %12.6g %12.6g   per unit, as trained\n",
		"(intercept)", r->intercepts[2 * k + 1], r->intercepts[2 * k]);
}

static void run_class_weights(const struct result *r, FILE *out)
{
	for (size_t k = 0; k < r->sets && k < CLASSES_SHOWN; k++)
		class_weights(r, k, out);
	if (r->sets > CLASSES_SHOWN)
		fprintf(out, "\n  and %zu more classes: --json has them\n",
			r->sets - CLASSES_SHOWN);
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

/* A line each, and below it the commands that mend it and that show it. */
static void guards_text(const struct findings *found, FILE *out)
{
	if (found->n)
		fputc('\n', out);
	for (size_t i = 0; i < found->n; i++) {
		const struct warning *f = &found->of[i];
		char *line = warning_line(f);

		fprintf(out, "%c %s ", f->proposal ? '?' : '!',
			f->guard->code);
		print_left(out, line, 0);
		fputc('\n', out);
		if (f->remedy) {
			fputs("      ", out);
			print_left(out, f->remedy, 0);
			fputc('\n', out);
		}
		if (f->see) {
			fputs("      ", out);
			print_left(out, f->see, 0);
			fputc('\n', out);
		}
		free(line);
	}
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
	if (r->importance && r->weights > 0)
		run_importances(r, out);
	else if (r->sets > 1)
		run_class_weights(r, out);
	else if (!r->importance)
		run_weights(r, out);
	if (r->drawing)
		fprintf(out, "\n%s", r->drawing);
	if (r->explained)
		report_explained(r, out);
}

static bool same_ledger(const struct ledger *a, const struct ledger *b)
{
	bool same = a->rules == b->rules && a->used == b->used &&
		    a->train == b->train && a->test == b->test &&
		    a->gap == b->gap && a->read == b->read &&
		    a->folds == b->folds && a->tested == b->tested;

	for (size_t i = 0; same && i < a->rules; i++)
		same = a->of[i].rule == b->of[i].rule &&
		       a->of[i].on == b->of[i].on &&
		       a->of[i].number == b->of[i].number &&
		       a->of[i].effect.rows == b->of[i].effect.rows &&
		       a->of[i].effect.cells == b->of[i].effect.cells &&
		       a->of[i].effect.columns == b->of[i].effect.columns;
	return same;
}

void report_text(const struct report *report, FILE *out)
{
	const struct ledger *shown = NULL;
	const char *path = source_path(report->data->source);

	print_left(out, path, 0);
	fprintf(out, ": %zu rows, %zu columns\n", report->table->rows,
		report->table->columns - report->table->derived);
	if (!report->results) {
		ledger_text(report->ledger, out);
		rules_text(report->ledger, NULL, out);
	}
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
		if (!shown || !same_ledger(shown, &r->ledger)) {
			ledger_text(&r->ledger, out);
			rules_text(&r->ledger, &r->lessons, out);
		}
		shown = &r->ledger;
		run_head(r, out);
		if (r->task == TASK_REGRESSION) {
			run_numbers(r, out);
		} else {
			run_measures(r, out);
			run_classes(r, out);
			run_confusion(r, out);
		}
		run_folds(r, out);
		if (r->tuned)
			tuned_text(r->tuned, out);
		run_model(r, out);
	}
	for (size_t i = 0; i < report->versuses; i++)
		versus_text(report->versus[i], out);
	if (report->guards)
		guards_text(report->guards, out);
}
