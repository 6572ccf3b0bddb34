#include "command/save.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/mem.h"
#include "base/replace.h"
#include "run/guard.h"

/* The folder of a path, without links; NULL: it is not there. */
static char *real_folder(const char *path)
{
	const char *slash = strrchr(path, '/');
	char *folder = slash ? mem_strndup(path, (size_t)(slash - path) + 1)
			     : mem_strdup(".");
	char *real = realpath(folder, NULL);

	free(folder);
	return real;
}

/* How a recipe at path names the data: bare in the same folder, else whole. */
static char *data_name(const char *data, const char *path)
{
	char *mine = real_folder(path), *its = real_folder(data);
	const char *slash = strrchr(data, '/');
	const char *bare = slash ? slash + 1 : data;
	char *name;

	if (!strcmp(data, "-") || (mine && its && !strcmp(mine, its)))
		name = mem_strdup(bare);
	else
		name = its ? mem_printf("%s/%s", its, bare)
			   : mem_strdup(data);
	free(mine);
	free(its);
	return name;
}

/* The choices, and the guards that are off: they change no result. */
static char *with_guards(char *text, unsigned off)
{
	for (const struct guard *g = guards; g->code; g++) {
		char *longer;

		if (!(off & guard_bit(g)))
			continue;
		longer = mem_printf("%sguard %s off\n", text, g->code);
		free(text);
		text = longer;
	}
	return text;
}

static char *recipe_text(struct session *s, const char *path)
{
	char *kept = s->settings.path, *text, *judging, *whole;

	s->settings.path = data_name(kept, path);
	text = settings_format(&s->settings, s->table);
	free(s->settings.path);
	s->settings.path = kept;
	text = with_guards(text, s->settings.guards_off);
	judging = settings_judging(&s->settings);
	whole = mem_printf("%s%s", text, judging);
	free(judging);
	free(text);
	return whole;
}

static bool write_all(const char *path, const char *text, struct err *err)
{
	struct replacement r;

	return replace_begin(&r, path, err) &&
	       replace_end(&r, fputs(text, r.out) >= 0, err);
}

/* A recipe is read line by line: a name with a line's end cannot be in it. */
static bool one_line_each(const struct session *s, const char *text,
			  struct err *err)
{
	for (size_t c = 0; c < s->table->columns; c++) {
		const char *name = s->table->column[c].name;

		if (strpbrk(name, "\r\n") && strstr(text, name))
			return err_set(err, ERR_DATA, "column %zu has a line "
				       "break in its name, which a recipe "
				       "cannot hold: rename it in the file",
				       c + 1);
	}
	return true;
}

bool save_spares_data(const struct session *s, const char *path,
		      struct err *err)
{
	struct stat there, data;

	if (stat(path, &there) == 0 && stat(s->settings.path, &data) == 0 &&
	    data.st_dev == there.st_dev && data.st_ino == there.st_ino)
		return err_set(err, ERR_USAGE, "%.200s is the data: write to "
			       "another file", path);
	return true;
}

bool save_recipe(struct session *s, const char *path, struct err *err)
{
	char *text = recipe_text(s, path);
	bool ok = save_spares_data(s, path, err) &&
		  one_line_each(s, text, err) && write_all(path, text, err);

	free(text);
	return ok;
}
