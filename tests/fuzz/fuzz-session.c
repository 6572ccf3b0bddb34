/*
 * fuzz-session.c - any bytes as a sitting: a small table and commands on it
 *
 * A command is refused with a reason, in one line, or is carried out; then the
 * account of the rows adds up.  What is undone can be done again.  The recipe
 * of the choices gives the same choices and the same result.
 *
 * With GEMBA_FUZZ_SHOW the table and the commands go to stderr as they come.
 */
#include "fuzz.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/text.h"
#include "clean/clean.h"
#include "command/command.h"
#include "eval/split.h"
#include "run/report.h"

enum { COLUMNS_MAX = 7, LINES_MAX = 24, LINE = 600 };

static const char *const names[] = {
	"a", "torque", "other", "", "=", "a=b", "\xe6\x97\xa5\xe6\x9c\xac",
	"it's", "q\"q", "b`q", "x,y", "temp [K]", "all", "none", "-a", "+a",
	"type=number", "a*", "and", "1e5", "#", " x ", "target", "a:b", "lag",
};

/* What is under way, to be told when something does not hold. */
static struct {
	char *csv;
	FILE *done;		/* its lines */
	char *lines;
	size_t size;
} sitting;

static void demand(bool holds, const char *what)
{
	if (holds)
		return;
	fflush(sitting.done);
	fprintf(stderr, "%s\n%s", sitting.csv, sitting.lines);
	must(false, what);
}

/* ---- a table ---- */

enum kind {
	NUMBER, WHOLE, CLASS, MANY, CONSTANT, EMPTY, HUGE_ONES, TIME, KINDS
};

/* A cell of row i, of a kind of column. */
static void put_cell(FILE *out, enum kind kind, unsigned i, unsigned by)
{
	static const char *const huge[] = {
		"1e300", "-1e300", "-0", "0", "inf", "1e-300", "nan", "17",
	};
	unsigned some = (i * 2654435761u + by * 40503u) >> 7;

	if (some % 23 == by % 23 && by % 3)
		return;
	switch (kind) {
	case NUMBER:
		fprintf(out, "%.3f", (some % 1000) / 7.0 + i % (by + 1));
		break;
	case WHOLE:
		fprintf(out, "%u", by % 2 ? i : some % 9);
		break;
	case CLASS:
		fprintf(out, "%s", some % (2 + by % 3) ? "yes" : " no");
		break;
	case MANY:
		fprintf(out, "%s%u", by % 2 ? "v" : "NA ", i / (1 + by % 4));
		break;
	case CONSTANT:
		fputs(by % 2 ? "5" : "same", out);
		break;
	case HUGE_ONES:
		fputs(huge[some % ARRAY_LEN(huge)], out);
		break;
	case TIME:
		fprintf(out, "2024-%02u-%02u %02u:30", i / 56 % 12 + 1,
			i / 2 % 28 + 1, i % 2 * 12);
		break;
	default:
		break;
	}
}

static void put_name(FILE *out, const char *name)
{
	putc('"', out);
	for (; *name; name++)
		fprintf(out, *name == '"' ? "\"\"" : "%c", *name);
	putc('"', out);
}

static char *make_csv(struct input *in, size_t *size)
{
	static const unsigned rows_of[] = {
		60, 20, 9, 200, 3, 2, 1, 0, 40, 120,
	};
	unsigned rows = rows_of[input_choice(in, ARRAY_LEN(rows_of))];
	unsigned kind[COLUMNS_MAX], by[COLUMNS_MAX], columns;
	char *text = NULL;
	FILE *out = open_memstream(&text, size);

	columns = 1 + input_choice(in, COLUMNS_MAX);
	for (size_t c = 0; c < columns; c++) {
		kind[c] = input_choice(in, KINDS);
		by[c] = input_choice(in, 64);
		fputs(c ? "," : "", out);
		put_name(out, names[input_choice(in, ARRAY_LEN(names))]);
	}
	for (unsigned i = 0; i < rows; i++)
		for (size_t c = 0; c < columns; c++) {
			fputs(c ? "," : "\n", out);
			/* Of some rows there are two. */
			put_cell(out, kind[c], i % 11 == 3 ? i - 1 : i, by[c]);
		}
	fclose(out);
	return text;
}

/* ---- commands ---- */

static const char *a_column(struct input *in, const struct session *s)
{
	size_t n = s->table ? s->table->columns : 0;

	return n ? s->table->column[input_choice(in, (unsigned)n)].name : "a";
}

static void put_word(FILE *out, const char *before, const char *name)
{
	char *quoted = text_quote(name);

	fprintf(out, "%s%s", before, quoted);
	free(quoted);
}

static void put_columns(struct input *in, const struct session *s, FILE *out)
{
	static const char *const some[] = { "a*", "nothing", "?", "" };

	if (input_choice(in, 4) == 3)
		fputs(some[input_choice(in, ARRAY_LEN(some))], out);
	else
		put_word(out, "", a_column(in, s));
	if (input_choice(in, 3) == 2)
		put_word(out, ",", a_column(in, s));
}

static void put_choice(struct input *in, const char *words, FILE *out)
{
	unsigned n = 1;

	for (const char *c = words; *c; c++)
		n += *c == ' ';
	for (n = input_choice(in, n); n; n--)
		words = strchr(words, ' ') + 1;
	fprintf(out, "%.*s", (int)strcspn(words, " "), words);
}

static void put_value(struct input *in, const struct session *s,
		      const struct option *option, FILE *out)
{
	static const char *const number[] = {
		"2", "1", "0", "0.5", "3", "5", "0.01", "-1", "1e-300", "x",
		"", "nan", "20",
	};
	static const char *const text[] = {
		"5", "yes", "", "same", "1d", "-1", "1e300", "2:3", "a,b",
		"NA", "0..4", "other", "30min",
	};

	switch (option->type) {
	case OPTION_CHOICE:
		put_choice(in, option->choices, out);
		break;
	case OPTION_NUMBER:
	case OPTION_WHOLE:
		fputs(number[input_choice(in, ARRAY_LEN(number))], out);
		break;
	case OPTION_COLUMNS:
		put_columns(in, s, out);
		break;
	default:
		if (!strcmp(option->name, "time") ||
		    !strcmp(option->name, "group"))
			put_word(out, "", a_column(in, s));
		else
			put_word(out, "",
				 text[input_choice(in, ARRAY_LEN(text))]);
	}
}

static void put_options(struct input *in, const struct session *s,
			const struct option *table, FILE *out)
{
	unsigned n = 0;

	while (table && table[n].name)
		n++;
	for (unsigned i = input_choice(in, 4); n && i; i--) {
		const struct option *option = table + input_choice(in, n);

		fprintf(out, " %s=", option->name);
		put_value(in, s, option, out);
	}
}

static void put_clean(struct input *in, const struct session *s, FILE *out)
{
	static const char *const action[] = {
		"", "", "", " on", " off", " toggle", " delete", " up",
		" down",
	};
	const struct rule *rule;
	unsigned n = 0;

	while (rules[n])
		n++;
	rule = rules[input_choice(in, n)];
	fprintf(out, "clean %s%s%s", rule->name,
		input_choice(in, 4) == 3 ? ".2" : "",
		action[input_choice(in, ARRAY_LEN(action))]);
	put_options(in, s, rule->options, out);
}

/* A name as it stands in a formula. */
static void put_operand(struct input *in, const struct session *s, FILE *out)
{
	const char *name = a_column(in, s);

	putc('`', out);
	for (; *name; name++)
		fprintf(out, *name == '`' ? "``" : "%c", *name);
	putc('`', out);
}

/* %: a column. */
static void put_formula(struct input *in, const struct session *s, FILE *out)
{
	static const char *const formula[] = {
		"% + %", "% * 2", "1 / %", "lag(%)", "mean(%, 3, group=%)",
		"if(% > 3, \"hot\", \"cool\")", "%", "% = \"yes\"", "na()",
		"log(%) - exp(%)", "missing(%)", "cumsum(%)", "row()",
		"diff(%) and not %", "median(%, 5)", "hour(%)", "% ~ \"e\"",
		"count(%, 4)", "% + ", "round(%) ^ 2", "1",
	};
	const char *f = formula[input_choice(in, ARRAY_LEN(formula))];

	for (; *f; f++)
		if (*f == '%')
			put_operand(in, s, out);
		else
			putc(*f, out);
}

static void put_derive(struct input *in, const struct session *s, FILE *out)
{
	static const char *const name[] = {
		"d", "e", "`f=g`", "\xe6\x97\xa5", "other", "`a``b`",
		"two words", "d", "it's", "-d", "all",
	};

	fprintf(out, "derive %s = ", name[input_choice(in, ARRAY_LEN(name))]);
	put_formula(in, s, out);
}

static void put_features(struct input *in, const struct session *s, FILE *out)
{
	static const char *const some[] = {
		" all", " none", " type=number", " *", " -a*", " +?",
		" -type=category",
	};

	fputs("features", out);
	for (unsigned i = input_choice(in, 3) + 1; i; i--)
		if (input_choice(in, 2))
			put_word(out, " ", a_column(in, s));
		else
			fputs(some[input_choice(in, ARRAY_LEN(some))], out);
}

static void put_train(struct input *in, const struct session *s, FILE *out)
{
	const struct method *method;
	unsigned n = 0;

	while (methods[n])
		n++;
	method = methods[input_choice(in, n)];
	fprintf(out, "train %s", method->name);
	put_options(in, s, method->options, out);
}

static void put_about_column(struct input *in, const struct session *s,
			     FILE *out)
{
	static const char *const rest[] = {
		"role %s id", "role %s time", "role %s group", "role %s none",
		"role %s id toggle", "type %s number", "type %s category",
		"type %s text", "type %s time", "remove %s", "toggle %s",
		"derive %s", "target %s", "target %s", "target %s",
	};
	char *quoted = text_quote(a_column(in, s));
	unsigned which = input_choice(in, ARRAY_LEN(rest));

	/* Each of these has one %s. */
	fprintf(out, "%.*s%s%s", (int)strcspn(rest[which], "%"), rest[which],
		quoted, strchr(rest[which], '%') + 2);
	free(quoted);
}

static void put_line(struct input *in, const struct session *s, FILE *out)
{
	static const char *const other[] = {
		"undo", "redo", "suggestions 1", "suggestions 2", "train",
		"guard all off", "guard G01 toggle", "suggestions",
		"emit rows", "target",
	};

	switch (input_choice(in, 10)) {
	case 0: case 1:
		put_clean(in, s, out);
		break;
	case 2:
		put_derive(in, s, out);
		break;
	case 3: case 4:
		put_about_column(in, s, out);
		break;
	case 5:
		fputs("split", out);
		put_options(in, s, split_options, out);
		break;
	case 6:
		put_features(in, s, out);
		break;
	case 7:
		put_train(in, s, out);
		break;
	default:
		fputs(other[input_choice(in, ARRAY_LEN(other))], out);
	}
}

/* ---- what has to hold ---- */

static void check_ledger(const struct ledger *l, bool trained)
{
	size_t dropped = 0;

	for (size_t i = 0; i < l->rules; i++)
		if (l->of[i].on && l->of[i].drops)
			dropped += l->of[i].effect.rows;
	demand(l->read == l->used + dropped, "read = used + dropped");
	if (l->folds)
		demand(l->used == l->tested + l->untested,
		       "used = tested + never tested");
	else if (trained)
		demand(l->used == l->train + l->test + l->gap,
		       "used = train + test + gap");
}

static void check_columns(const struct session *s)
{
	size_t n = s->settings.columns;

	if (!s->table)
		return;
	demand(s->table->columns == n, "the choices know each column");
	demand(s->settings.target < (int)n, "the target is a column");
	for (size_t c = 0; c < n; c++)
		demand(s->table->column[c].type == s->settings.type[c],
		       "a column is of the type that was chosen");
}

static void check_session(const struct session *s)
{
	check_columns(s);
	for (size_t i = 0; i < s->results; i++)
		check_ledger(&s->result[i]->ledger, true);
}

static bool carry_out(struct session *s, const char *line, struct err *err)
{
	bool ok;

	fprintf(sitting.done, "%s\n", line);
	if (getenv("GEMBA_FUZZ_SHOW"))
		fprintf(stderr, "%s\n", line);
	*err = (struct err){ 0 };
	ok = session_do(s, line, err);
	if (!ok) {
		fprintf(sitting.done, "\t# %s\n", err->text);
		if (getenv("GEMBA_FUZZ_SHOW"))
			fprintf(stderr, "\t# %s\n", err->text);
		demand(*err->text && !strchr(err->text, '\n'),
		       "an error says why, in one line");
	}
	check_session(s);
	return ok;
}

/* As many steps back as there are, and forth again. */
static void check_undo(struct session *s)
{
	char *key = mem_strdup(s->key);
	struct err err;
	unsigned back = 0;

	while (back < 20 && session_do(s, "undo", &err)) {
		check_columns(s);
		back++;
	}
	for (; back; back--) {
		demand(session_do(s, "redo", &err),
		       "what is undone comes back");
		check_columns(s);
	}
	demand(!strcmp(key, s->key), "and it is the same again");
	free(key);
}

/* The newest result alone, without what takes another time. */
static char *result_text(struct session *s)
{
	struct result *r = s->result[s->results - 1];
	struct report report = {
		.data = &s->data, .table = s->table, .settings = &s->settings,
		.ledger = &s->ledger, .result = &r, .results = 1,
	};
	struct err err = { 0 };
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	r->seconds_read = r->seconds_clean = 0;
	r->seconds_fit = r->seconds_evaluate = 0;
	r->number = 1;
	if (session_guard(s, &err))
		report.guards = session_guards(s);
	demand(report_json(&report, out, &err), "a result is told as JSON");
	report_text(&report, out);
	fclose(out);
	return text;
}

static void tell_difference(const char *a, const char *b)
{
	size_t at = 0;

	while (a[at] && a[at] == b[at])
		at++;
	at -= at < 60 ? at : 60;
	if (strcmp(a, b))
		fprintf(stderr, "# %.160s\n# %.160s\n", a + at, b + at);
}

static void check_same(struct session *s, struct session *again)
{
	char *mine, *its;

	tell_difference(s->key, again->key);
	demand(!strcmp(s->key, again->key),
	       "a recipe of the choices gives these choices");
	mine = result_text(s);
	its = result_text(again);
	tell_difference(mine, its);
	demand(!strcmp(mine, its), "and the same result");
	free(mine);
	free(its);
}

/* The session has trained with the choices that it has. */
static void check_recipe(struct session *s)
{
	char *text = settings_format(&s->settings, s->table);
	char path[FILE_PATH];
	int fd = file_of(text, strlen(text), 1, path);
	struct session *again = session_new(-1);
	struct err err = { 0 };
	bool ok;

	/* These are no choices. */
	again->settings.guards_off = s->settings.guards_off;
	again->settings.emit_rows = s->settings.emit_rows;
	ok = session_recipe(again, path, NULL, &(struct preset){ 0 }, &err);
	if (!ok)
		fprintf(stderr, "# %s\n%s", err.text, text);
	demand(ok, "the recipe of the choices can be carried out");
	check_same(s, again);
	session_free(again, false);
	close(fd);
	free(text);
}

static void sit(struct input *in, struct session *s)
{
	struct err err = { 0 };

	for (size_t i = 0; in->left && i < LINES_MAX; i++) {
		char *line = NULL;
		size_t size;
		FILE *out = open_memstream(&line, &size);

		put_line(in, s, out);
		fclose(out);
		carry_out(s, line, &err);
		free(line);
	}
	check_undo(s);
	if (carry_out(s, "train", &err))
		check_recipe(s);
	else if (session_count(s, &err))
		check_ledger(&s->ledger, false);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in = { .at = data, .left = size };
	struct session *s = session_new(-1);
	struct err err;
	char path[FILE_PATH], line[LINE];
	size_t bytes;
	int fd;

	sitting.csv = make_csv(&in, &bytes);
	sitting.done = open_memstream(&sitting.lines, &sitting.size);
	if (getenv("GEMBA_FUZZ_SHOW"))
		fprintf(stderr, "%s\n", sitting.csv);
	fd = file_of(sitting.csv, bytes, 1, path);
	snprintf(line, sizeof(line), "open %s delimiter=, header=yes skip=0 "
		 "encoding=UTF-8", path);
	if (carry_out(s, line, &err))
		sit(&in, s);
	session_free(s, false);
	fclose(sitting.done);
	close(fd);
	free(sitting.lines);
	free(sitting.csv);
	return 0;
}
