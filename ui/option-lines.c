#include "option-lines.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/step.h"
#include "base/text.h"

size_t options_count(const struct option *table)
{
	size_t n = 0;

	while (table && table[n].name)
		n++;
	return n;
}

/* ---- a line ---- */

/* What it can be, and what it is when nobody says: that goes first where there
 * is no room. */
static void draw_range(const struct canvas *c, int y, int x, int width,
		       const struct option *option)
{
	char text[200] = "", *end;

	if (option->type == OPTION_COLUMNS)
		snprintf(text, sizeof(text), "names with commas between them");
	else if (option->type != OPTION_TEXT && option->max < 1e15)
		snprintf(text, sizeof(text), "%g to %g", option->min,
			 option->max);
	end = text + strlen(text);
	if (option->dflt)
		text_append(text, sizeof(text), "%sdefault %s",
			    *text ? ", " : "", option->dflt);
	if (end > text && (int)text_width(text) > width)
		*end = '\0';
	draw_text(c, y, x, width, TONE_DIM, text);
}

/* All that one can choose from; the one that is set stands out. */
static void draw_choices(const struct canvas *c, int y, int x, int width,
			 const char *choices, const char *now)
{
	int end = x + width;

	while (*choices && x < end) {
		size_t len = strcspn(choices, " ");
		char *word = mem_strndup(choices, len);

		x += 1 + draw_text(c, y, x, end - x, now && !strcmp(word, now)
				   ? TONE_ACCENT : TONE_DIM, word);
		free(word);
		choices += len + (choices[len] == ' ');
	}
}

void option_line(const struct canvas *c, int y,
		 const struct option_columns *at,
		 const struct option_values *v, size_t i)
{
	const struct option *option = &v->table[i];
	bool given = options_given(v, i);
	const char *value = v->text[i];
	int x = at->x + at->name, end = c->columns - 1, width = at->value;

	/* Names of columns have all the room there is. */
	if (option->type == OPTION_COLUMNS && value)
		width = end - x;
	draw_text(c, y, at->x, at->name - 1, given ? TONE_STRONG : TONE_PLAIN,
		  option->name);
	draw_text(c, y, x, width < end - x ? width : end - x,
		  given ? TONE_STRONG : value ? TONE_PLAIN : TONE_DIM,
		  value ? value : !strcmp(option->name, "columns")
		  ? "all" : draw_glyph(GLYPH_DASH));
	x += width + 1;
	if (end - x < OPTION_HINT)
		return;
	if (option->type == OPTION_CHOICE)
		draw_choices(c, y, x, end - x, option->choices, value);
	else
		draw_range(c, y, x, end - x, option);
}

/* ---- keys ---- */

char *option_other(const struct option_values *v, size_t i,
		   enum option_key key, struct err *err)
{
	bool tenfold = key == OPTION_MORE || key == OPTION_LESS;
	char value[STEP_VALUE];

	if (tenfold ? step_tenfold(v, i, key == OPTION_MORE, value)
		    : step_option(v, i, key == OPTION_NEXT, value))
		return mem_printf("%s=%s", v->table[i].name, value);
	if (tenfold && v->table[i].type == OPTION_CHOICE)
		err_set(err, ERR_USAGE, "%s is no number",
			v->table[i].name);
	else
		err_set(err, ERR_USAGE, "%s is typed: e", v->table[i].name);
	return NULL;
}

void options_without(struct option_values *to, const struct option_values *from,
		     size_t i)
{
	options_copy(to, from);
	free(to->text[i]);
	to->text[i] = mem_strdup(from->table[i].dflt);
}

char *options_typing(const struct option_values *v, size_t i)
{
	struct option_values others;
	bool anew = v->table[i].type == OPTION_CHOICE;
	const char *now = !anew && v->text[i] ? v->text[i] : "";
	char *options, *quoted, *words;

	options_without(&others, v, i);
	options = options_format(&others, false);
	quoted = *now ? text_quote(now) : mem_strdup("");
	words = mem_printf("%s%s%s=%s", options, *options ? " " : "",
			   v->table[i].name, quoted);
	free(quoted);
	free(options);
	options_clear(&others);
	return words;
}
