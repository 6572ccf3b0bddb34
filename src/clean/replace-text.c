/*
 * replace: one text or number in the place of another
 *
 * A whole cell, or a part of its text.  Among numbers, a part is replaced in
 * odd texts only, and what is a number then is one: "12 rpm" without " rpm".
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "clean/cells.h"
#include "clean/rules.h"
#include "data/odd.h"

static const struct option options[] = {
	{ "from", OPTION_TEXT, NULL, 0, 0, NULL,
	  "What is replaced: a text or a number" },
	{ "to", OPTION_TEXT, "", 0, 0, NULL,
	  "What takes its place; nothing: the cell is missing" },
	{ "match", OPTION_CHOICE, "whole", 0, 0, "whole part",
	  "The cell must say just that, or have it somewhere" },
	{ "columns", OPTION_COLUMNS, NULL, 0, 0, NULL,
	  "Change these columns only; otherwise all" },
	{ 0 }
};

struct change {
	const char *from, *to;
	bool part;
};

/* The text with to in the place of each from; NULL: from is not in it.  The
 * caller frees it. */
static char *with_parts(const struct change *ch, const char *s)
{
	size_t from = strlen(ch->from), to = strlen(ch->to), n = 0;
	const char *at = strstr(s, ch->from);
	char *text, *end;

	if (!at)
		return NULL;
	for (; at; at = strstr(at + from, ch->from))
		n++;
	text = end = mem_new(strlen(s) + n * to + 1);
	while ((at = strstr(s, ch->from))) {
		memcpy(end, s, (size_t)(at - s));
		end += at - s;
		memcpy(end, ch->to, to);
		end += to;
		s = at + from;
	}
	memcpy(end, s, strlen(s) + 1);
	return text;
}

/* What the text becomes; NULL: it stays.  The caller frees it. */
static char *changed(const struct change *ch, const char *s)
{
	if (ch->part)
		return with_parts(ch, s);
	return strcmp(s, ch->from) ? NULL : mem_strdup(ch->to);
}

/* ---- levels ---- */

static bool change_levels(struct table *t, size_t column,
			  const struct change *ch, size_t *cells,
			  struct err *err)
{
	const struct column *c = &t->column[column];
	const char **text = mem_try(c->levels + 1, sizeof(*text));
	struct arena *arena = arena_new();
	bool good;

	for (size_t l = 0; text && l < c->levels; l++) {
		char *new = changed(ch, c->level[l]);

		text[l] = c->level[l];
		if (new)
			text[l] = *new ? arena_strndup(arena, new, strlen(new))
				       : NULL;
		free(new);
	}
	good = text ? table_relevel(t, column, text, cells, err)
		    : err_set(err, ERR_NOMEM, "no memory to replace in %.80s",
			      c->name);
	arena_free(arena);
	free(text);
	return good;
}

/* ---- numbers ---- */

/* Odd texts that are changed to what is no number stay what they are. */
static double *change_odd(const struct table *t, const struct column *c,
			  const struct change *ch)
{
	double *odd = mem_array(c->odds + 1, sizeof(*odd));

	for (size_t k = 0; k < c->odds; k++) {
		char *new = changed(ch, c->odd[k]);

		odd[k] = odd_make((uint32_t)k);
		if (new && !*new)
			odd[k] = odd_missing();
		else if (new && !cells_value(c, new, &odd[k]) &&
			 c->type == COLUMN_NUMBER)
			cells_number(t, new, &odd[k]);
		free(new);
	}
	return odd;
}

static bool change_numbers(struct table *t, size_t column,
			   const struct change *ch, bool named, size_t *cells,
			   struct err *err)
{
	const struct column *c = &t->column[column];
	double from, *odd;
	struct cells_map map = { .from = &from, .to = odd_missing(),
				 .below = NAN, .above = NAN };
	bool good;

	map.n = !ch->part && cells_value(c, ch->from, &from);
	if (map.n && *ch->to && !cells_value(c, ch->to, &map.to)) {
		if (named)
			return err_set(err, ERR_USAGE, "replace to=%.60s: "
				       "%.80s is a %s; see type", ch->to,
				       c->name, column_type_name[c->type]);
		map.n = 0;
	}
	odd = change_odd(t, c, ch);
	map.odd = c->odds ? odd : NULL;
	good = cells_change(t, column, &map, cells, err);
	free(odd);
	return good;
}

static bool replace(struct table *t, size_t column,
		    const struct option_values *values, size_t *cells,
		    struct err *err)
{
	const char *from = options_text(values, "from");
	struct change ch = {
		.from = from, .to = options_text(values, "to"),
		.part = !strcmp(options_text(values, "match"), "part"),
	};

	if (!from || !*from)
		return err_set(err, ERR_USAGE, "replace wants from=: the text "
			       "or number that is replaced");
	return t->column[column].number
		? change_numbers(t, column, &ch,
				 options_text(values, "columns"), cells, err)
		: change_levels(t, column, &ch, cells, err);
}

const struct rule rule_replace = {
	.name = "replace",
	.label = "repl",
	.help = "One text or number in the place of another",
	.options = options,
	.takes = TAKES_ALL,
	.asks = true,
	.cells = replace,
};
