/*
 * replace: one text or number in the place of another
 *
 * A whole cell, or a part of its text.  Among numbers, a part is replaced in
 * odd texts only, and what is a number then is one: "12 rpm" without " rpm".
 */
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

struct numbers {
	bool has_from;		/* from is a number: */
	double from, to;
	double *odd;		/* owned: what becomes of each odd text */
};

static double value(const void *arg, double x)
{
	const struct numbers *n = arg;

	if (x != x)
		return odd_text(x) ? n->odd[odd_text(x) - 1] : x;
	return n->has_from && x == n->from ? n->to : x;
}

/* Odd texts that are changed to what is no number stay what they are. */
static void change_odd(const struct table *t, const struct column *c,
		       const struct change *ch, struct numbers *n)
{
	n->odd = mem_array(c->odds + 1, sizeof(*n->odd));
	for (size_t k = 0; k < c->odds; k++) {
		char *new = changed(ch, c->odd[k]);

		n->odd[k] = odd_make((uint32_t)k);
		if (new && !*new)
			n->odd[k] = odd_missing();
		else if (new && !cells_value(c, new, &n->odd[k]) &&
			 c->type == COLUMN_NUMBER)
			cells_number(t, new, &n->odd[k]);
		free(new);
	}
}

static bool change_numbers(struct table *t, size_t column,
			   const struct change *ch, bool named, size_t *cells,
			   struct err *err)
{
	const struct column *c = &t->column[column];
	struct numbers n = { .to = odd_missing() };
	bool good;

	n.has_from = !ch->part && cells_value(c, ch->from, &n.from);
	if (n.has_from && *ch->to && !cells_value(c, ch->to, &n.to)) {
		if (named)
			return err_set(err, ERR_USAGE, "replace to=%.60s: "
				       "%.80s is a %s; see type", ch->to,
				       c->name, column_type_name[c->type]);
		n.has_from = false;
	}
	change_odd(t, c, ch, &n);
	good = cells_change(t, column, value, &n, cells, err);
	free(n.odd);
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
	.cells = replace,
};
