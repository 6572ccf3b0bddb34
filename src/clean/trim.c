/*
 * trim: no blanks around texts, so that "M " and "M" are one level
 *
 * Blanks are those of ASCII, the no-break space that spreadsheets leave
 * (U+00A0), the wide one of Chinese and Japanese texts (U+3000) and the mark
 * U+FEFF.  What is nothing but blanks is missing.
 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "clean/rules.h"

static const struct option options[] = {
	{ "inside", OPTION_CHOICE, "keep", 0, 0, "keep one",
	  "Keep blanks between words, or make each run of them one" },
	{ "columns", OPTION_COLUMNS, NULL, 0, 0, NULL,
	  "Change these columns only; otherwise every category and text" },
	{ 0 }
};

/* The bytes of the blank that s begins with; 0: none. */
static size_t blank(const char *s)
{
	static const char *const wide[] = {
		"\xc2\xa0", "\xe3\x80\x80", "\xef\xbb\xbf"
	};

	if (strchr(" \t\r\n\v\f", *s))
		return *s != '\0';
	for (size_t i = 0; i < ARRAY_LEN(wide); i++)
		if (!strncmp(s, wide[i], strlen(wide[i])))
			return strlen(wide[i]);
	return 0;
}

/* What is left of s, in to, which has room for all of it; its length. */
static size_t trim_text(char *to, const char *s, bool one)
{
	size_t n = 0, end = 0;
	bool gap = false;

	while (*s) {
		size_t len = blank(s);

		if (len == 0) {
			if (gap && one && end > 0)
				to[n++] = ' ';
			to[n++] = *s++;
			end = n;
			gap = false;
			continue;
		}
		gap = true;
		if (end > 0 && !one) {
			memcpy(to + n, s, len);
			n += len;
		}
		s += len;
	}
	to[end] = '\0';
	return end;
}

/* The level without its blanks: itself, a copy in the arena, or NULL.  *room
 * grows with the longest. */
static const char *without(const char *level, bool one, struct arena *arena,
			   char **room, size_t *size)
{
	size_t len = strlen(level), n;

	if (len >= *size) {
		free(*room);
		*size = 2 * len + 1;
		*room = mem_new(*size);
	}
	n = trim_text(*room, level, one);
	if (n == len && !strcmp(*room, level))
		return level;
	return n ? arena_strndup(arena, *room, n) : NULL;
}

static bool trim(struct table *t, size_t column,
		 const struct option_values *values, size_t *cells,
		 struct err *err)
{
	bool one = !strcmp(options_text(values, "inside"), "one"), good;
	const struct column *c = &t->column[column];
	const char **text = mem_try(c->levels + 1, sizeof(*text));
	struct arena *arena = arena_new();
	char *room = NULL;
	size_t size = 0;

	for (size_t l = 0; text && l < c->levels; l++)
		text[l] = without(c->level[l], one, arena, &room, &size);
	free(room);
	good = text ? table_relevel(t, column, text, cells, err)
		    : err_set(err, ERR_NOMEM, "no memory to trim %.80s",
			      c->name);
	arena_free(arena);
	free(text);
	return good;
}

const struct rule rule_trim = {
	.name = "trim",
	.label = "trim",
	.help = "Take blanks around texts away; equal levels become one",
	.options = options,
	.takes = TAKES_LEVELS,
	.cells = trim,
};
