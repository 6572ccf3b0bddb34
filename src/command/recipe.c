#include "command/recipe.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"

/* The line that is made for data on the command line: see open_first(). */
#define OPEN_DATA "open DATA"

static void add_line(struct recipe *r, char *text, size_t number)
{
	r->line = mem_grow(r->line, r->lines, sizeof(*r->line));
	r->line[r->lines].text = text;
	r->line[r->lines++].number = number;
}

/* Is the line one of that command? */
static bool is_command(const char *line, const char *name)
{
	size_t len = strlen(name);

	line += strspn(line, " \t");
	return !strncmp(line, name, len) && strchr(" \t#", line[len]);
}

static void add_presets(struct recipe *r, const struct preset *preset,
			bool that_train)
{
	for (size_t i = 0; preset && i < preset->n; i++)
		if (is_command(preset->line[i], "train") == that_train)
			add_line(r, mem_strdup(preset->line[i]), 0);
}

/* What a line of the file makes, and what comes before it. */
static void take_line(struct recipe *r, const char *line, size_t number,
		      const struct preset *preset, bool *trains)
{
	if (is_command(line, "train")) {
		add_presets(r, preset, false);
		*trains = true;
	}
	add_line(r, mem_strdup(line), number);
}

static bool opens(const struct recipe *r)
{
	for (size_t i = 0; i < r->lines; i++)
		if (is_command(r->line[i].text, "open"))
			return true;
	return false;
}

/* A recipe without a file, and a file: the file comes first. */
static void open_first(struct recipe *r)
{
	add_line(r, NULL, 0);
	memmove(&r->line[1], &r->line[0], (r->lines - 1) * sizeof(*r->line));
	r->line[0].text = mem_strdup(OPEN_DATA);
	r->line[0].number = 0;
}

/* Editors of Windows put the mark of UTF-8 before the first line. */
static const char *without_mark(const char *line, size_t number)
{
	return line + (number == 1 && !strncmp(line, "\xef\xbb\xbf", 3)
		       ? 3 : 0);
}

static bool read_lines(struct recipe *r, FILE *in,
		       const struct preset *preset, struct err *err)
{
	char *line = NULL;
	size_t room = 0, number = 0;
	bool trains = false, text = true;
	ssize_t len;

	while (text && (len = getline(&line, &room, in)) >= 0) {
		text = !memchr(line, '\0', (size_t)len);
		while (len > 0 && strchr("\r\n", line[len - 1]))
			line[--len] = '\0';
		number++;
		take_line(r, without_mark(line, number), number, preset,
			  &trains);
	}
	free(line);
	if (!text)
		return err_set(err, ERR_DATA, "%.200s:%zu: a NUL byte; a "
			       "recipe is plain text", r->name, number);
	if (ferror(in))
		return err_set(err, ERR_IO, "cannot read %.200s: %s", r->name,
			       strerror(errno));
	if (!trains)
		add_presets(r, preset, false);
	add_presets(r, preset, true);
	return true;
}

static char *folder_of(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? mem_strndup(path, (size_t)(slash - path) + 1)
		     : mem_strdup("");
}

bool recipe_read(struct recipe *r, const char *path, const char *data,
		 const struct preset *preset, struct err *err)
{
	FILE *in = fopen(path, "r");
	bool ok;

	if (!in)
		return err_set(err, ERR_IO, "cannot open %.200s: %s", path,
			       strerror(errno));
	r->name = mem_strdup(path);
	r->folder = folder_of(path);
	r->data = mem_strdup(data);
	ok = read_lines(r, in, preset, err);
	fclose(in);
	if (data && !opens(r))
		open_first(r);
	if (!ok)
		recipe_clear(r);
	return ok;
}

void recipe_clear(struct recipe *r)
{
	for (size_t i = 0; i < r->lines; i++)
		free(r->line[i].text);
	free(r->line);
	free(r->name);
	free(r->folder);
	free(r->data);
	*r = (struct recipe){ 0 };
}

bool recipe_under_way(const struct recipe *r)
{
	return r->name;
}

const char *recipe_next(struct recipe *r)
{
	return r->next < r->lines ? r->line[r->next++].text : NULL;
}

char *recipe_resolve(const struct recipe *r, const char *path)
{
	if (r->data)
		return mem_strdup(r->data);
	if (!r->folder || *path == '/' || !strcmp(path, "-"))
		return mem_strdup(path);
	return mem_printf("%s%s", r->folder, path);
}

/* The terminal's column where byte at of word number n of a line stands. */
static int word_column(const char *line, int n, size_t at)
{
	struct words words;
	size_t column = 0;

	words_split(&words, line, NULL);
	if (n >= 0 && (size_t)n < words.n) {
		char *before = mem_strndup(line, words.start[n] + at);

		column = text_width(before);
		free(before);
	}
	words_clear(&words);
	return (int)column;
}

/* Harmless, and each blank one column wide, so that the caret stands right. */
static char *in_one_line(const char *line)
{
	char *plain = mem_strdup(line), *safe;

	for (char *c = plain; *c; c++)
		if (strchr("\t\r\n", *c))
			*c = ' ';
	safe = text_safe_dup(plain);
	free(plain);
	return safe;
}

void recipe_point_at(const struct recipe *r, int fault, size_t at,
		     struct err *err)
{
	const struct recipe_line *line;
	char what[sizeof(err->text)], where[160], *shown;
	int column;

	if (r->next == 0)
		return;
	line = &r->line[r->next - 1];
	/* Nobody wrote this one: the error speaks for itself. */
	if (!strcmp(line->text, OPEN_DATA))
		return;
	shown = in_one_line(line->text);
	column = word_column(shown, fault, at);
	snprintf(what, sizeof(what), "%s", err->text);
	if (line->number)
		snprintf(where, sizeof(where), "%.120s:%zu", r->name,
			 line->number);
	else
		snprintf(where, sizeof(where), "--set");
	/* The caret would stand past what is shown of a very long line. */
	err_set(err, err->code, "%s: %.240s\n  %.76s%s%*s%s", where, what,
		shown, column < 76 ? "\n" : "", column < 76 ? column + 2 : 0,
		"", column < 76 ? "^" : "");
	free(shown);
}
