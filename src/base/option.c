#include "base/option.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"

/* A maximum from here on means that there is none. */
#define NO_LIMIT 1e100

static size_t find(const struct option *table, const char *name, size_t len)
{
	size_t i;

	for (i = 0; table[i].name; i++)
		if (!strncmp(table[i].name, name, len) && !table[i].name[len])
			break;
	return i;
}

/* A value known to be right: a default, or one that was checked. */
static void keep(struct option_values *v, size_t i, const char *text)
{
	free(v->text[i]);
	v->text[i] = mem_strdup(text);
	v->number[i] = text ? strtod(text, NULL) : NAN;
}

void options_init(struct option_values *v, const struct option *table)
{
	*v = (struct option_values){ .table = table };
	for (size_t i = 0; table && table[i].name; i++) {
		assert(i < OPTIONS_MAX);
		keep(v, i, table[i].dflt);
	}
}

void options_copy(struct option_values *to, const struct option_values *from)
{
	options_init(to, from->table);
	for (size_t i = 0; from->table && from->table[i].name; i++)
		keep(to, i, from->text[i]);
}

void options_clear(struct option_values *v)
{
	for (size_t i = 0; i < OPTIONS_MAX; i++)
		free(v->text[i]);
	*v = (struct option_values){ 0 };
}

static bool number_fits(const struct option *o, const char *text,
			struct err *err)
{
	/* strtod() knows more than people write: 0x10, inf, blanks. */
	bool plain = !text[strspn(text, "+-.0123456789eE")];
	char *end;
	double x = strtod(text, &end);

	if (!plain || end == text || *end || !isfinite(x))
		return err_set(err, ERR_USAGE, "%s=%.60s: a number is wanted",
			       o->name, text);
	if (o->type == OPTION_WHOLE && x != floor(x))
		return err_set(err, ERR_USAGE,
			       "%s=%.60s: a whole number is wanted", o->name,
			       text);
	if (x < o->min && o->max >= NO_LIMIT)
		return err_set(err, ERR_USAGE,
			       "%s=%.60s: it is %g or more", o->name, text,
			       o->min);
	if (x < o->min || x > o->max)
		return err_set(err, ERR_USAGE,
			       "%s=%.60s: it goes from %g to %g", o->name,
			       text, o->min, o->max);
	return true;
}

static bool value_fits(const struct option *o, const char *text,
		       struct err *err)
{
	switch (o->type) {
	case OPTION_NUMBER:
	case OPTION_WHOLE:
		return number_fits(o, text, err);
	case OPTION_CHOICE:
		if (text_has_word(o->choices, text))
			return true;
		return err_set(err, ERR_USAGE, "%s=%.60s: choose one of: %s",
			       o->name, text, o->choices);
	case OPTION_TEXT:
	case OPTION_COLUMNS:
		break;
	}
	return true;
}

/* "l2 solver": for the message about an option that is not there. */
static bool unknown(const struct option *table, const char *owner,
		    const char *word, struct err *err)
{
	char names[200] = "";

	for (size_t i = 0; table && table[i].name; i++)
		text_append(names, sizeof(names), "%s%s=", i ? " " : "",
			    table[i].name);
	if (!names[0])
		return err_set(err, ERR_USAGE, "%s takes no options: '%.60s'",
			       owner, word);
	return err_set(err, ERR_USAGE, "%s does not know '%.60s'; it takes %s",
		       owner, word, names);
}

bool options_set(struct option_values *v, const char *owner, const char *word,
		 struct err *err)
{
	const char *equals = strchr(word, '=');
	size_t i;

	if (!v->table || !equals)
		return unknown(v->table, owner, word, err);
	i = find(v->table, word, (size_t)(equals - word));
	if (!v->table[i].name)
		return unknown(v->table, owner, word, err);
	if (!value_fits(&v->table[i], equals + 1, err))
		return false;
	keep(v, i, equals + 1);
	return true;
}

double options_number(const struct option_values *v, const char *name)
{
	size_t i = find(v->table, name, strlen(name));

	assert(v->table[i].name);
	return v->number[i];
}

const char *options_text(const struct option_values *v, const char *name)
{
	size_t i = find(v->table, name, strlen(name));

	assert(v->table[i].name);
	return v->text[i];
}

const char *options_maybe(const struct option_values *v, const char *name)
{
	if (!v->table)
		return NULL;
	return v->text[find(v->table, name, strlen(name))];
}

bool options_given(const struct option_values *v, size_t i)
{
	const char *dflt = v->table[i].dflt;

	if (!v->text[i] || !dflt)
		return v->text[i] != dflt;
	return strcmp(v->text[i], dflt) != 0;
}

char *options_format(const struct option_values *v, bool everything)
{
	char *all = mem_strdup("");

	for (size_t i = 0; v->table && v->table[i].name; i++) {
		char *value, *longer;

		if (!v->text[i] || (!everything && !options_given(v, i)))
			continue;
		value = text_quote(v->text[i]);
		longer = mem_printf("%s%s%s=%s", all, *all ? " " : "",
				    v->table[i].name, value);
		free(value);
		free(all);
		all = longer;
	}
	return all;
}
