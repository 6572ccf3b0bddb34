#include "run/report.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"

/* Text of any origin in so many columns; wider text is not cut. */
static void left(FILE *out, const char *text, size_t columns)
{
	char *safe = text_safe_dup(text);
	size_t width = text_width(safe);

	fputs(safe, out);
	for (; width < columns; width++)
		fputc(' ', out);
	free(safe);
}

static void right(FILE *out, const char *text, size_t columns)
{
	char *safe = text_safe_dup(text);

	for (size_t width = text_width(safe); width < columns; width++)
		fputc(' ', out);
	fputs(safe, out);
	free(safe);
}

static size_t widest(char *const *text, size_t n, size_t least)
{
	for (size_t i = 0; i < n; i++) {
		char *safe = text_safe_dup(text[i]);
		size_t width = text_width(safe);

		least = width > least ? width : least;
		free(safe);
	}
	return least;
}

static const char *plural(size_t n)
{
	return n == 1 ? "" : "s";
}

/* ---- the ledger ---- */

static void ledger_text(const struct ledger *l, FILE *out)
{
	fprintf(out, "\nrows\n  %-24s %10zu\n", "read", l->read);
	for (size_t i = 0; i < l->rules; i++)
		if (l->of[i].on && l->of[i].rule->rows)
			fprintf(out, "  %-24s %10zu\n", l->of[i].rule->name,
				l->of[i].rows);
	fprintf(out, "  %-24s %10zu\n", "used", l->used);
	if (l->train + l->test > 0) {
		fprintf(out, "  %-24s %10zu\n", "  train", l->train);
		fprintf(out, "  %-24s %10zu\n", "  test", l->test);
	}
	for (size_t i = 0; i < l->rules; i++)
		if (l->of[i].on && l->of[i].rule->columns)
			fprintf(out, "\n%s: %zu column%s\n",
				l->of[i].rule->name, l->of[i].columns,
				plural(l->of[i].columns));
}

/* ---- one run ---- */

static void run_head(const struct result *r, FILE *out)
{
	char *options = options_format(&r->options, true);
	const char *step = r->method->step_name;

	fprintf(out, "\nrun %d: %s%s%s\n", r->number, r->method->name,
		*options ? " " : "", options);
	fprintf(out, "  target ");
	left(out, r->target, 0);
	fprintf(out, ", %zu feature%s, %zu %s%s, %s\n", r->features,
		plural(r->features), r->iterations, step,
		plural(r->iterations),
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
	left(out, name, columns);
	fprintf(out, " %10.4f %10.4f %10.4f %9zu\n", c->precision, c->recall,
		c->f1, c->support);
}

static void run_classes(const struct result *r, FILE *out)
{
	size_t columns = widest(r->class_name, r->classes, 24);

	fputs("\n  ", out);
	left(out, "class", columns);
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
	size_t names = widest(r->class_name, r->classes, 18);
	size_t cells = widest(r->class_name, r->classes, 9);

	fputs("\n  ", out);
	left(out, "confusion", names + 6);
	for (size_t k = 0; k < r->classes; k++) {
		fputc(' ', out);
		right(out, r->class_name[k], cells);
	}
	fputs("   (told)\n", out);
	for (size_t i = 0; i < r->classes; i++) {
		fputs("  true  ", out);
		left(out, r->class_name[i], names);
		for (size_t k = 0; k < r->classes; k++)
			fprintf(out, " %*zu", (int)cells,
				r->test.confusion[i * r->classes + k]);
		fputc('\n', out);
	}
}

static void weight_line(const struct weight *w, size_t columns, FILE *out)
{
	fputs("  ", out);
	left(out, w->feature, columns);
	fprintf(out, " %12.6g %12.6g", w->raw, w->standardized);
	if (!isnan(w->std_error))
		fprintf(out, " %12.6g %10.4g", w->std_error, w->p);
	if (w->reference) {
		fputs("   against ", out);
		left(out, w->reference, 0);
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
	columns = widest(name, r->weights, 24);
	free(name);
	fputs("\n  ", out);
	left(out, "weight", columns);
	fprintf(out, " %12s %12s", "per unit", "per std dev");
	fprintf(out, errors ? " %12s %10s\n" : "\n", "std error", "p");
	for (size_t j = 0; !nothing && j < r->weights; j++)
		weight_line(&r->weight[j], columns, out);
	fputs("  ", out);
	left(out, "(intercept)", columns);
	fprintf(out, " %12.6g %12.6g   per unit, as trained\n",
		r->intercept_raw, r->intercept);
}

static bool same_ledger(const struct ledger *a, const struct ledger *b)
{
	bool same = a->rules == b->rules && a->used == b->used &&
		    a->train == b->train && a->test == b->test &&
		    a->read == b->read;

	for (size_t i = 0; same && i < a->rules; i++)
		same = a->of[i].rule == b->of[i].rule &&
		       a->of[i].on == b->of[i].on &&
		       a->of[i].columns == b->of[i].columns;
	return same;
}

void report_text(const struct report *report, FILE *out)
{
	const struct ledger *shown = NULL;
	const char *path = source_path(report->data->source);

	left(out, path, 0);
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
			left(out, path, 0);
			fputc('\n', out);
		}
		if (!shown || !same_ledger(shown, &r->ledger))
			ledger_text(&r->ledger, out);
		shown = &r->ledger;
		run_head(r, out);
		run_measures(r, out);
		run_classes(r, out);
		run_confusion(r, out);
		run_weights(r, out);
	}
}

/* ---- the profile of a file ---- */

/* Names are not cut, but make no room for themselves beyond this; so many
 * columns has a level; so many faults are listed. */
enum { PROFILE_NAME = 28, PROFILE_LEVEL = 24, PROFILE_FAULTS = 20 };

/* Lines are no wider, unless names are, or a remark is. */
enum { PROFILE_WIDTH = 100 };

/* What was found out about the file, and how sure that is. */
static void profile_findings(const struct dataset *data, FILE *out)
{
	const struct dialect *d = source_dialect(data->source);
	struct header_faults names = source_header_faults(data->source);

	for (size_t i = 0; i < DIALECT_ITEMS; i++) {
		const struct finding *f = d->finding + i;

		if (!f->name)
			continue;
		fprintf(out, "  %-10s ", f->name);
		left(out, f->value, 12);
		fprintf(out, " %3.0f %%  ", 100 * f->sure);
		left(out, f->why, 0);
		fputc('\n', out);
	}
	if (names.empty + names.repeated > 0)
		fprintf(out, "  %-10s %zu empty, %zu repeated\n", "names",
			names.empty, names.repeated);
}

/* A text of any length, cut where it is too wide; how wide it is. */
static size_t short_text(char *to, size_t size, const char *text)
{
	char *safe = text_safe_dup(text);
	size_t used, n = text_fit(safe, PROFILE_LEVEL, &used);

	if (n + sizeof("...") > size)	/* marks that have no width */
		for (n = size - sizeof("..."); (safe[n] & 0xc0) == 0x80; n--)
			;
	snprintf(to, size, "%.*s%s", (int)n, safe, safe[n] ? "..." : "");
	free(safe);
	return text_width(to);
}

/* The most frequent levels, as many as there is room for in the line. */
static void profile_levels(const struct column *c, const struct summary *s,
			   size_t indent, FILE *out)
{
	size_t at = indent, i;

	for (i = 0; i < s->top && i < 3; i++) {
		char text[8 * PROFILE_LEVEL], rows[COUNT_TEXT] = "";

		at += short_text(text, sizeof(text),
				 c->level[s->top_level[i]]);
		if (s->distinct < s->values)
			snprintf(rows, sizeof(rows), " %zu",
				 s->top_count[i]);
		at += strlen(rows) + 2;
		if (i > 0 && at + strlen("...") > PROFILE_WIDTH)
			break;
		fprintf(out, "%s%s%s", i ? ", " : "", text, rows);
	}
	fputs(s->distinct > i ? ", ..." : "", out);
}

/* Remarks stand one below the other, behind the first of them. */
static void next_remark(FILE *out, size_t *remarks, size_t indent)
{
	if ((*remarks)++ == 0)
		fputs("  ", out);
	else
		fprintf(out, "\n%*s", (int)indent, "");
}

static void profile_remarks(const struct dataset *data, size_t i,
			    size_t indent, FILE *out)
{
	const struct column *c = data->found->column + i;
	const struct summary *s = data->summary + i;
	char text[FACTS_TEXT];
	size_t remarks = 0;

	if (c->code && s->values > 0) {
		next_remark(out, &remarks, indent);
		profile_levels(c, s, indent, out);
	}
	for (size_t k = 0; facts_remark(data->found, data->facts, i, k, text);
	     k++) {
		next_remark(out, &remarks, indent);
		left(out, text, 0);
	}
	if (c->odds > 0) {
		next_remark(out, &remarks, indent);
		short_text(text, sizeof(text), c->odd[0]);
		fprintf(out, "odd: %s%s", text, c->odds > 1 ? ", ..." : "");
	}
}

static void profile_columns(const struct dataset *data, size_t name, FILE *out)
{
	const struct table *t = data->found;

	fputc('\n', out);
	left(out, "column", name);
	fprintf(out, "  %-12s %9s %7s %9s\n", "kind", "missing", "odd",
		"distinct");
	for (size_t i = 0; i < t->columns; i++) {
		const struct column *c = t->column + i;
		const struct summary *s = data->summary + i;

		left(out, c->name, name);
		fprintf(out, "  %-12s %9zu %7zu %9zu", summary_kind(c, s),
			c->missing, c->odd_cells, s->distinct);
		profile_remarks(data, i, name + 44, out);
		fputc('\n', out);
	}
}

static size_t columns_of_type(const struct table *t, enum column_type type)
{
	size_t n = 0;

	for (size_t i = 0; i < t->columns; i++)
		n += t->column[i].type == type;
	return n;
}

static void profile_numbers(const struct dataset *data, size_t name, FILE *out)
{
	const struct table *t = data->found;

	if (columns_of_type(t, COLUMN_NUMBER) == 0)
		return;
	fputc('\n', out);
	left(out, "number", name);
	fprintf(out, " %9s %9s %9s %9s %9s %9s %9s\n", "min", "p25", "median",
		"p75", "max", "mean", "sd");
	for (size_t i = 0; i < t->columns; i++) {
		const struct summary *s = data->summary + i;
		const double x[] = { s->min, s->p25, s->median, s->p75,
				     s->max, s->mean, s->sd };

		if (t->column[i].type != COLUMN_NUMBER)
			continue;
		left(out, t->column[i].name, name);
		for (size_t k = 0; k < ARRAY_LEN(x); k++)
			if (isnan(x[k]))
				fprintf(out, " %9s", "-");
			else
				fprintf(out, " %9.6g", x[k]);
		fputc('\n', out);
	}
}

static void profile_times(const struct dataset *data, size_t name, FILE *out)
{
	const struct table *t = data->found;

	if (columns_of_type(t, COLUMN_TIME) == 0)
		return;
	fputc('\n', out);
	left(out, "time", name);
	fprintf(out, "  %-24s%-24s%s\n", "first", "median", "last");
	for (size_t i = 0; i < t->columns; i++) {
		const struct summary *s = data->summary + i;
		char text[3][WHEN_TEXT];

		if (t->column[i].type != COLUMN_TIME)
			continue;
		when_format(s->min, &t->column[i].form, text[0]);
		when_format(s->median, &t->column[i].form, text[1]);
		when_format(s->max, &t->column[i].form, text[2]);
		left(out, t->column[i].name, name);
		fprintf(out, "  %-24s%-24s%s\n", text[0], text[1], text[2]);
	}
}

/* "3 ragged rows, 1 odd cell". */
static void profile_fault_counts(const struct faults *f, FILE *out)
{
	static const struct {
		const char *noun, *rest;
	} words[FAULT_KINDS] = {
		[FAULT_RAGGED] = { "ragged row", "" },
		[FAULT_QUOTE] = { "cell", " without a closing quote" },
		[FAULT_NUL] = { "cell", " with a NUL" },
		[FAULT_BYTES] = { "cell", " not in UTF-8" },
		[FAULT_LONG] = { "cell", " of more than 64 KB" },
		[FAULT_ODD] = { "odd cell", "" }
	};
	const char *comma = "";

	for (int k = 0; k < FAULT_KINDS; k++)
		if (f->count[k] > 0) {
			fprintf(out, "%s%zu %s%s%s", comma, f->count[k],
				words[k].noun, plural(f->count[k]),
				words[k].rest);
			comma = ", ";
		}
}

static void profile_faults(const struct dataset *data, FILE *out)
{
	const struct faults *f = &data->found->faults;
	size_t n = f->n < PROFILE_FAULTS ? f->n : PROFILE_FAULTS;
	size_t total = faults_total(f);

	if (n == 0)
		return;
	fputs("\nfaults: ", out);
	profile_fault_counts(f, out);
	fprintf(out, "\n%9s %9s\n", "line", "row");
	for (size_t i = 0; i < n; i++) {
		char text[FAULT_TEXT];

		fprintf(out, "%9llu %9zu  ",
			(unsigned long long)data->fault_line[i],
			f->fault[i].row + 1);
		left(out, fault_text(data->found, f->fault + i, text), 0);
		fputc('\n', out);
	}
	if (total > n)
		fprintf(out, "%9s %zu more; --json lists %s\n", "and",
			total - n, total > f->n ? "the first 10,000" : "all");
}

void profile_text(const struct dataset *data, FILE *out)
{
	const struct table *t = data->found;
	char **name = mem_array(t->columns, sizeof(*name));
	size_t columns;

	for (size_t i = 0; i < t->columns; i++)
		name[i] = (char *)t->column[i].name;
	columns = widest(name, t->columns, 8);
	free(name);
	if (columns > PROFILE_NAME)
		columns = PROFILE_NAME;
	left(out, source_path(data->source), 0);
	fprintf(out, ": %zu rows, %zu columns, %zu duplicate row%s\n",
		t->rows, t->columns, data->duplicates,
		plural(data->duplicates));
	profile_findings(data, out);
	profile_columns(data, columns, out);
	profile_numbers(data, columns, out);
	profile_times(data, columns, out);
	profile_faults(data, out);
}
