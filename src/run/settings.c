#include "run/settings.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "data/source.h"
#include "eval/split.h"
#include "run/target.h"

const char *const role_name[ROLES] = { "none", "id", "time", "group" };

struct rule_use settings_offer(const struct rule *rule, unsigned number)
{
	struct rule_use use = { .rule = rule, .number = number };

	options_init(&use.options, rule->options);
	return use;
}

void settings_init(struct settings *s)
{
	*s = (struct settings){ .target = -1, .cut.cut = 0.5,
				.cut.by = CUT_MCC };
	options_init(&s->open, source_options);
	options_init(&s->split, split_options);
	for (size_t i = 0; rules[i]; i++)
		if (rules[i]->offered)
			s->rule[s->rules++] = settings_offer(rules[i], 1);
}

static void forget_columns(struct settings *s)
{
	free(s->feature);
	free(s->type);
	free(s->typed);
	free(s->role);
	free(s->positive);
	for (size_t i = 0; i < s->derived_n; i++) {
		free(s->derived[i].name);
		free(s->derived[i].expression);
	}
	free(s->derived);
	s->derived = NULL;
	s->derived_n = 0;
	s->feature = NULL;
	s->type = NULL;
	s->typed = NULL;
	s->role = NULL;
	s->positive = NULL;
	s->target = -1;
	s->columns = 0;
}

void settings_file(struct settings *s, const struct source *source,
		   const struct table *table)
{
	size_t n = table ? table->columns : 0;

	forget_columns(s);
	look_clear(&s->look);
	look_init(&s->look, source_columns(source));
	s->columns = n;
	s->feature = mem_array(n, sizeof(*s->feature));
	s->type = mem_array(n, sizeof(*s->type));
	s->typed = mem_array(n, sizeof(*s->typed));
	s->role = mem_array(n, sizeof(*s->role));
	for (size_t i = 0; i < n; i++) {
		s->type[i] = table->column[i].type;
		s->feature[i] = settings_by_all(s, i);
	}
}

/* A copy of n things of the given size. */
static void *copy_array(const void *from, size_t n, size_t size)
{
	void *to;

	if (!from)
		return NULL;
	to = mem_array(n, size);
	memcpy(to, from, n * size);
	return to;
}

void settings_copy(struct settings *to, const struct settings *from)
{
	size_t n = from->columns;

	*to = *from;
	to->path = mem_strdup(from->path);
	to->positive = mem_strdup(from->positive);
	to->feature = copy_array(from->feature, n, sizeof(*to->feature));
	to->type = copy_array(from->type, n, sizeof(*to->type));
	to->typed = copy_array(from->typed, n, sizeof(*to->typed));
	to->role = copy_array(from->role, n, sizeof(*to->role));
	to->derived = copy_array(from->derived, from->derived_n,
				 sizeof(*to->derived));
	for (size_t i = 0; i < to->derived_n; i++) {
		to->derived[i].name = mem_strdup(from->derived[i].name);
		to->derived[i].expression =
			mem_strdup(from->derived[i].expression);
	}
	look_copy(&to->look, &from->look);
	options_copy(&to->open, &from->open);
	options_copy(&to->split, &from->split);
	options_copy(&to->method_options, &from->method_options);
	for (size_t i = 0; i < from->rules; i++)
		options_copy(&to->rule[i].options, &from->rule[i].options);
}

void settings_clear(struct settings *s)
{
	forget_columns(s);
	look_clear(&s->look);
	free(s->path);
	options_clear(&s->open);
	options_clear(&s->split);
	options_clear(&s->method_options);
	for (size_t i = 0; i < s->rules; i++)
		options_clear(&s->rule[i].options);
	*s = (struct settings){ .target = -1, .cut.cut = 0.5,
				.cut.by = CUT_MCC };
}

bool settings_by_all(const struct settings *s, size_t column)
{
	return s->type[column] != COLUMN_TEXT &&
	       s->role[column] == ROLE_NONE;
}

bool settings_uses(const struct settings *s, size_t column)
{
	return s->feature[column] && (int)column != s->target;
}

void settings_fit_method(struct settings *s, const struct table *table)
{
	enum task_kind task = TASK_CLASSIFICATION;

	if (table && s->target >= 0)
		task = target_task(&table->column[s->target], table->rows);
	if (s->method && s->method->does[task])
		return;
	s->method = method_for(task);
	options_clear(&s->method_options);
	options_init(&s->method_options, s->method->options);
}

/* ---- derived columns ---- */

size_t settings_in_file(const struct settings *s)
{
	return s->columns - s->derived_n;
}

const char *settings_name(const struct settings *s, const struct table *table,
			  size_t column)
{
	size_t n = settings_in_file(s);

	return column < n ? table->column[column].name
			  : s->derived[column - n].name;
}

size_t settings_derived(const struct settings *s, const char *name)
{
	size_t i = 0;

	while (i < s->derived_n && strcmp(s->derived[i].name, name))
		i++;
	return i;
}

/* An array of n things with one more of them, zeroed. */
static void *longer(void *array, size_t n, size_t size)
{
	char *more = mem_array(n + 1, size);

	if (n)
		memcpy(more, array, n * size);
	free(array);
	return more;
}

static void add_column(struct settings *s)
{
	size_t n = s->columns++;

	s->feature = longer(s->feature, n, sizeof(*s->feature));
	s->type = longer(s->type, n, sizeof(*s->type));
	s->typed = longer(s->typed, n, sizeof(*s->typed));
	s->role = longer(s->role, n, sizeof(*s->role));
	s->type[n] = COLUMN_NUMBER;
	look_add_column(&s->look);
}

size_t settings_derive(struct settings *s, const char *name,
		       const char *expression)
{
	size_t i = settings_derived(s, name);
	struct derived *d;

	if (i == s->derived_n) {
		add_column(s);
		s->derived = longer(s->derived, s->derived_n++,
				    sizeof(*s->derived));
		s->derived[i].name = mem_strdup(name);
	}
	d = &s->derived[i];
	free(d->expression);
	d->expression = mem_strdup(expression);
	return settings_in_file(s) + i;
}

void settings_remove(struct settings *s, size_t i)
{
	size_t column = settings_in_file(s) + i;

	free(s->derived[i].name);
	free(s->derived[i].expression);
	s->derived_n--;
	s->columns--;
	for (; i < s->derived_n; i++)
		s->derived[i] = s->derived[i + 1];
	for (size_t c = column; c < s->columns; c++) {
		s->feature[c] = s->feature[c + 1];
		s->type[c] = s->type[c + 1];
		s->typed[c] = s->typed[c + 1];
		s->role[c] = s->role[c + 1];
	}
	s->target -= s->target > (int)column;
	look_remove_column(&s->look, column);
}

/* ---- as a recipe ---- */

static void word(FILE *out, const char *before, const char *text)
{
	char *quoted = text_quote(text);

	fprintf(out, "%s%s", before, quoted);
	free(quoted);
}

static void options(FILE *out, const struct option_values *values)
{
	char *text = options_format(values, false);

	fprintf(out, "%s%s\n", *text ? " " : "", text);
	free(text);
}

static void write_types(const struct settings *s, const struct table *table,
			size_t from, size_t to, FILE *out)
{
	for (size_t i = from; i < to; i++) {
		if (!s->typed[i])
			continue;
		word(out, "type ", settings_name(s, table, i));
		fprintf(out, " %s\n", column_type_name[s->type[i]]);
	}
}

/* A name that stands before "=" as it is, or in `backquotes`. */
static void write_derived_name(const char *name, FILE *out)
{
	bool plain = !strpbrk(name, "=`'\"#\t") && *name != ' ' &&
		     name[strlen(name) - 1] != ' ';

	if (plain) {
		fputs(name, out);
		return;
	}
	fputc('`', out);
	for (; *name; name++)
		fprintf(out, *name == '`' ? "``" : "%c", *name);
	fputc('`', out);
}

static void write_derived(const struct settings *s, const struct table *table,
			  FILE *out)
{
	size_t n = settings_in_file(s);

	for (size_t i = 0; i < s->derived_n; i++) {
		fputs("derive ", out);
		write_derived_name(s->derived[i].name, out);
		fprintf(out, " = %s\n", s->derived[i].expression);
		write_types(s, table, n + i, n + i + 1, out);
	}
}

static void write_roles(const struct settings *s, const struct table *table,
			FILE *out)
{
	for (size_t i = 0; i < s->columns; i++) {
		if (s->role[i] == ROLE_NONE)
			continue;
		word(out, "role ", settings_name(s, table, i));
		fprintf(out, " %s\n", role_name[s->role[i]]);
	}
	if (s->target < 0)
		return;
	word(out, "target ", settings_name(s, table, (size_t)s->target));
	if (s->positive)
		word(out, " positive=", s->positive);
	fputc('\n', out);
}

static bool is_named(const struct settings *s, const struct table *table,
		     const char *name)
{
	for (size_t i = 0; i < s->columns; i++)
		if (!strcmp(settings_name(s, table, i), name))
			return true;
	return false;
}

/* A column's name that "features all -x" would be misread for. */
static bool names_mislead(const struct settings *s, const struct table *table)
{
	for (size_t i = 0; i < s->columns; i++) {
		const char *name = settings_name(s, table, i);

		if (*name == '+' || *name == '-' || !strcmp(name, "all"))
			return true;
	}
	return false;
}

/* The shorter of a list and "all" with exceptions. */
static void write_features(const struct settings *s, const struct table *table,
			   FILE *out)
{
	size_t used = 0, exceptions = 0;
	bool all;

	for (size_t i = 0; i < s->columns; i++) {
		used += settings_uses(s, i);
		exceptions += (int)i != s->target &&
			      s->feature[i] != settings_by_all(s, i);
	}
	all = exceptions <= used && used > 0 && !names_mislead(s, table);
	fputs(all ? "features all" : used ? "features" : "features none", out);
	if (used == 0 && is_named(s, table, "none"))
		fputs(" -none", out);	/* the column was meant */
	for (size_t i = 0; i < s->columns; i++) {
		bool by_all = all && settings_by_all(s, i);

		if ((int)i == s->target || s->feature[i] == by_all)
			continue;
		word(out, !all ? " " : by_all ? " -" : " +",
		     settings_name(s, table, i));
	}
	fputc('\n', out);
}

/* The rules that say what a cell means come before what is derived. */
static void write_rules(const struct settings *s, bool cells, FILE *out)
{
	for (size_t i = 0; i < s->rules; i++) {
		const struct rule_use *use = &s->rule[i];
		char name[RULE_NAME];

		if (!use->on || cells != (rule_kind(use->rule, &use->options)
					  == RULE_CELLS))
			continue;
		word(out, "clean ", rule_use_name(use, name));
		options(out, &use->options);
	}
}

char *settings_format(const struct settings *s, const struct table *table)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (s->path) {
		word(out, "open ", s->path);
		options(out, &s->open);
	}
	if (table && s->columns)
		write_types(s, table, 0, settings_in_file(s), out);
	write_rules(s, true, out);
	if (table && s->columns) {
		write_derived(s, table, out);
		write_roles(s, table, out);
		write_features(s, table, out);
	}
	write_rules(s, false, out);
	fputs("split", out);
	options(out, &s->split);
	if (s->method) {
		word(out, "train ", s->method->name);
		options(out, &s->method_options);
	}
	fclose(out);
	return text;
}

char *settings_judging(const struct settings *s)
{
	const struct cut_wish *cut = &s->cut;
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (cut->priced)
		fprintf(out, "costs miss=%.15g alarm=%.15g\n",
			cut->costs.miss, cut->costs.alarm);
	if (cut->best)
		fprintf(out, "threshold best by=%s\n", cut_by_name[cut->by]);
	else if (cut->cut != 0.5)
		fprintf(out, "threshold %.15g\n", cut->cut);
	fclose(out);
	return text;
}

/* A line for each rule, whether it is on or off. */
static char *rules_lines(const struct settings *s)
{
	char *text = NULL, name[RULE_NAME];
	size_t size;
	FILE *out = open_memstream(&text, &size);

	for (size_t i = 0; i < s->rules; i++) {
		const struct rule_use *use = &s->rule[i];

		word(out, "clean ", rule_use_name(use, name));
		fputs(use->on ? " on" : " off", out);
		options(out, &use->options);
	}
	fclose(out);
	return text;
}

bool settings_same_rules(const struct settings *a, const struct settings *b)
{
	char *mine = rules_lines(a), *others = rules_lines(b);
	bool same = !strcmp(mine, others);

	free(mine);
	free(others);
	return same;
}

char *settings_choices(const struct settings *s, const struct table *table)
{
	char *results = settings_format(s, table), *rules_text = rules_lines(s);
	char *text = mem_printf("%s%s", results, rules_text);

	free(results);
	free(rules_text);
	return text;
}
