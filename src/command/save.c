#include "command/save.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"

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

static char *recipe_text(struct session *s, const char *path)
{
	char *kept = s->settings.path, *text;

	s->settings.path = data_name(kept, path);
	text = settings_format(&s->settings, s->table);
	free(s->settings.path);
	s->settings.path = kept;
	return text;
}

static bool failed(const char *path, const char *temporary, struct err *err)
{
	err_set(err, ERR_IO, "cannot write %.200s: %s", path,
		strerror(errno));
	unlink(temporary);
	return false;
}

static bool write_all(const char *path, const char *text, struct err *err)
{
	char *temporary = mem_printf("%s.XXXXXX", path);
	int fd = mkstemp(temporary);
	FILE *out = fd >= 0 ? fdopen(fd, "w") : NULL;
	struct stat there;
	mode_t mask;
	bool ok;

	if (!out) {
		err_set(err, ERR_IO, "cannot write %.200s: %s", path,
			strerror(errno));
		free(temporary);
		return false;
	}
	/* Others may read it as any file that its owner makes. */
	umask(mask = umask(0));
	fchmod(fd, stat(path, &there) == 0 ? there.st_mode & 0777
					   : 0666 & ~mask);
	ok = fputs(text, out) >= 0 && fflush(out) == 0 && fsync(fd) == 0;
	ok = fclose(out) == 0 && ok;
	ok = ok && rename(temporary, path) == 0;
	if (!ok)
		failed(path, temporary, err);
	free(temporary);
	return ok;
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

/* A recipe may come from anywhere: its write must not take the data's place,
 * nor that of a device. */
static bool may_replace(const struct session *s, const char *path,
			struct err *err)
{
	struct stat there, data;

	if (stat(path, &there) != 0)
		return true;	/* nothing is there */
	if (!S_ISREG(there.st_mode))
		return err_set(err, ERR_IO, "%.200s is not a file", path);
	if (stat(s->settings.path, &data) == 0 &&
	    data.st_dev == there.st_dev && data.st_ino == there.st_ino)
		return err_set(err, ERR_USAGE, "%.200s is the data: write the "
			       "recipe to another file", path);
	return true;
}

bool save_recipe(struct session *s, const char *path, struct err *err)
{
	char *text = recipe_text(s, path);
	bool ok = may_replace(s, path, err) &&
		  one_line_each(s, text, err) && write_all(path, text, err);

	free(text);
	return ok;
}
