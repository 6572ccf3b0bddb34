/*
 * synonym.c - what others call it
 */
#include "command/synonym.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "clean/rule.h"
#include "data/table.h"
#include "learn/method.h"

struct synonym {
	const char *theirs;
	const char *ours;
};

static const struct synonym lines[] = {
	{ "add", "derive NAME = EXPRESSION" },
	{ "agg", "show values" },
	{ "assign", "derive NAME = EXPRESSION" },
	{ "astype", "type COLUMN TYPE" },
	{ "cast", "type COLUMN TYPE" },
	{ "calc", "derive NAME = EXPRESSION" },
	{ "compute", "derive NAME = EXPRESSION" },
	{ "count", "show values" },
	{ "create", "derive NAME = EXPRESSION" },
	{ "delete", "remove" },
	{ "describe", "show describe" },
	{ "drop", "features -COLUMN" },
	{ "drop_duplicates", "clean drop-duplicates" },
	{ "dropna", "clean drop-missing" },
	{ "dedupe", "clean drop-duplicates" },
	{ "distinct", "clean drop-duplicates" },
	{ "exit", "quit" },
	{ "fillna", "clean impute" },
	{ "fit", "train" },
	{ "group", "role COLUMN group" },
	{ "groupby", "role COLUMN group" },
	{ "id", "role COLUMN id" },
	{ "ignore", "features -COLUMN" },
	{ "import", "open" },
	{ "info", "show describe" },
	{ "label", "target" },
	{ "learn", "train" },
	{ "load", "open" },
	{ "model", "train" },
	{ "mutate", "derive NAME = EXPRESSION" },
	{ "new", "derive NAME = EXPRESSION" },
	{ "normalize", "clean minmax" },
	{ "predict", "target" },
	{ "query", "filter" },
	{ "save", "write" },
	{ "scale", "clean standardize" },
	{ "search", "find" },
	{ "select", "features" },
	{ "summary", "show describe" },
	{ "time", "role COLUMN time" },
	{ "train_test_split", "split" },
	{ "value_counts", "show values" },
	{ "values", "show values" },
	{ "where", "filter" },
};

static const struct synonym types[] = {
	{ "bool", "category" }, { "boolean", "category" },
	{ "cat", "category" }, { "categorical", "category" },
	{ "class", "category" }, { "date", "time" }, { "datetime", "time" },
	{ "double", "number" }, { "enum", "category" },
	{ "factor", "category" }, { "float", "number" },
	{ "int", "number" }, { "integer", "number" },
	{ "numeric", "number" }, { "object", "text" }, { "str", "text" },
	{ "string", "text" }, { "timestamp", "time" },
};

static const char *ours(const struct synonym *table, size_t n,
			const char *theirs)
{
	for (size_t i = 0; i < n; i++)
		if (!strcasecmp(table[i].theirs, theirs))
			return table[i].ours;
	return NULL;
}

static char *joined(const char *before, const char *name, const char *after)
{
	char text[160];

	snprintf(text, sizeof(text), "%s%.60s%s", before, name, after);
	return mem_strdup(text);
}

/* "power = torque * speed" */
static bool is_formula(const struct words *words)
{
	return words->n > 1 && words->word[1][0] == '=';
}

char *synonym_line(const struct words *words)
{
	const char *name = words->word[0], *line;

	if (is_formula(words))
		return joined("derive ", name, " = ...");
	if (rule_find(name))
		return joined("clean ", name, "");
	if (method_find(name))
		return joined("train ", name, "");
	line = ours(lines, ARRAY_LEN(lines), name);
	return line ? mem_strdup(line) : NULL;
}

const char *synonym_type(const char *name)
{
	return ours(types, ARRAY_LEN(types), name);
}
