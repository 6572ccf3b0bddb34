#include "run/profile.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "run/print.h"
#include "run/suggest.h"

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
		print_left(out, f->value, 12);
		fprintf(out, " %3.0f %%  ", 100 * f->sure);
		print_left(out, f->why, 0);
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
		print_left(out, text, 0);
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
	print_left(out, "column", name);
	fprintf(out, "  %-12s %9s %7s %9s\n", "kind", "missing", "odd",
		"distinct");
	for (size_t i = 0; i < t->columns; i++) {
		const struct column *c = t->column + i;
		const struct summary *s = data->summary + i;

		print_left(out, c->name, name);
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
	print_left(out, "number", name);
	fprintf(out, " %9s %9s %9s %9s %9s %9s %9s\n", "min", "p25", "median",
		"p75", "max", "mean", "sd");
	for (size_t i = 0; i < t->columns; i++) {
		const struct summary *s = data->summary + i;
		const double x[] = { s->min, s->p25, s->median, s->p75,
				     s->max, s->mean, s->sd };

		if (t->column[i].type != COLUMN_NUMBER)
			continue;
		print_left(out, t->column[i].name, name);
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
	print_left(out, "time", name);
	fprintf(out, "  %-24s%-24s%s\n", "first", "median", "last");
	for (size_t i = 0; i < t->columns; i++) {
		const struct summary *s = data->summary + i;
		char text[3][WHEN_TEXT];

		if (t->column[i].type != COLUMN_TIME)
			continue;
		when_format(s->min, &t->column[i].form, text[0]);
		when_format(s->median, &t->column[i].form, text[1]);
		when_format(s->max, &t->column[i].form, text[2]);
		print_left(out, t->column[i].name, name);
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
				words[k].noun, print_plural(f->count[k]),
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
		print_left(out, fault_text(data->found, f->fault + i, text), 0);
		fputc('\n', out);
	}
	if (total > n)
		fprintf(out, "%9s %zu more; --json lists %s\n", "and",
			total - n, total > f->n ? "the first 10,000" : "all");
}

static void profile_suggestions(const struct dataset *data, FILE *out)
{
	struct suggestions list;

	suggest(&list, data->found, data->summary, data->facts, NULL);
	if (list.n > 0)
		fputs("\nsuggestions\n", out);
	for (size_t i = 0; i < list.n; i++) {
		fputs("  ", out);
		print_left(out, list.of[i].command, 0);
		fputs("\n      ", out);
		print_left(out, list.of[i].text, 0);
		fputs(": ", out);
		print_left(out, list.of[i].why, 0);
		fputc('\n', out);
	}
	suggestions_clear(&list);
}

void profile_text(const struct dataset *data, FILE *out)
{
	const struct table *t = data->found;
	char **name = mem_array(t->columns, sizeof(*name));
	size_t columns;

	for (size_t i = 0; i < t->columns; i++)
		name[i] = (char *)t->column[i].name;
	columns = print_widest(name, t->columns, 8);
	free(name);
	if (columns > PROFILE_NAME)
		columns = PROFILE_NAME;
	print_left(out, source_path(data->source), 0);
	fprintf(out, ": %zu rows, %zu columns, %zu duplicate row%s\n",
		t->rows, t->columns, data->duplicates,
		print_plural(data->duplicates));
	profile_findings(data, out);
	profile_columns(data, columns, out);
	profile_numbers(data, columns, out);
	profile_times(data, columns, out);
	profile_faults(data, out);
	profile_suggestions(data, out);
}
