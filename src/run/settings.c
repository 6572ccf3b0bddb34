#include "run/settings.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "data/source.h"
#include "eval/split.h"
#include "run/target.h"

void settings_init(struct settings *s)
{
	*s = (struct settings){ .target = -1 };
	options_init(&s->open, source_options);
	options_init(&s->split, split_options);
	for (; rules[s->rules]; s->rules++) {
		s->rule[s->rules].rule = rules[s->rules];
		s->rule[s->rules].number = 1;
		options_init(&s->rule[s->rules].options,
			     rules[s->rules]->options);
	}
}

static void forget_columns(struct settings *s)
{
	free(s->feature);
	free(s->type);
	free(s->typed);
	free(s->positive);
	s->feature = NULL;
	s->type = NULL;
	s->typed = NULL;
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
	for (size_t i = 0; i < n; i++) {
		s->type[i] = table->column[i].type;
		s->feature[i] = settings_by_all(&table->column[i]);
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
	*s = (struct settings){ .target = -1 };
}

bool settings_by_all(const struct column *column)
{
	return column->type != COLUMN_TEXT;
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

static void write_columns(const struct settings *s, const struct table *table,
			  FILE *out)
{
	for (size_t i = 0; i < s->columns; i++) {
		if (!s->typed[i])
			continue;
		word(out, "type ", table->column[i].name);
		fprintf(out, " %s\n", column_type_name[s->type[i]]);
	}
	if (s->target < 0)
		return;
	word(out, "target ", table->column[s->target].name);
	if (s->positive)
		word(out, " positive=", s->positive);
	fputc('\n', out);
}

/* A column's name that "features all -x" would be misread for. */
static bool names_mislead(const struct table *table)
{
	for (size_t i = 0; i < table->columns; i++) {
		const char *name = table->column[i].name;

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
		const struct column *c = &table->column[i];

		used += settings_uses(s, i);
		exceptions += s->feature[i] != settings_by_all(c);
	}
	all = exceptions <= used && used > 0 && !names_mislead(table);
	fputs(all ? "features all" : used ? "features" : "features none", out);
	if (used == 0 && table_find(table, "none") >= 0)
		fputs(" -none", out);	/* the column was meant */
	for (size_t i = 0; i < s->columns; i++) {
		bool by_all = all && settings_by_all(&table->column[i]);

		if ((int)i == s->target || s->feature[i] == by_all)
			continue;
		word(out, !all ? " " : by_all ? " -" : " +",
		     table->column[i].name);
	}
	fputc('\n', out);
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
	if (table && s->columns) {
		write_columns(s, table, out);
		write_features(s, table, out);
	}
	for (size_t i = 0; i < s->rules; i++) {
		if (!s->rule[i].on)
			continue;
		word(out, "clean ", s->rule[i].rule->name);
		options(out, &s->rule[i].options);
	}
	fputs("split", out);
	options(out, &s->split);
	if (s->method) {
		word(out, "train ", s->method->name);
		options(out, &s->method_options);
	}
	fclose(out);
	return text;
}
