#include "base/place.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"

/* A folder beside the program with a file in it: a source tree.  Or NULL. */
static char *beside(const char *name, const char *file)
{
	char program[PATH_MAX];
	ssize_t n = readlink("/proc/self/exe", program, sizeof(program) - 1);
	char *slash, *folder, *path;

	if (n <= 0)
		return NULL;
	program[n] = '\0';
	slash = strrchr(program, '/');
	if (slash)
		*slash = '\0';
	folder = mem_printf("%s/%s", program, name);
	path = mem_printf("%s/%s", folder, file);
	if (access(path, R_OK) != 0) {
		free(folder);
		folder = NULL;
	}
	free(path);
	return folder;
}

/* What a variable says; else the source tree; else where it was installed. */
static char *find(const char *variable, const char *name, const char *file,
		  const char *installed)
{
	const char *told = getenv(variable);
	char *here = told && *told ? mem_strdup(told) : beside(name, file);

	return here ? here : mem_strdup(installed);
}

char *place_help(void)
{
	return find("GEMBA_HELP", "help", "index.txt", HELPDIR);
}

char *place_samples(void)
{
	return find("GEMBA_SAMPLES", "samples", "enterprises.gemba",
		    SAMPLESDIR);
}

char *place_state(void)
{
	const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");

	/* The XDG specification says to ignore a relative path. */
	if (state && *state == '/')
		return mem_printf("%s/gemba", state);
	return mem_printf("%s/.local/state/gemba", home ? home : "");
}

bool place_make(const char *path, struct err *err)
{
	char *copy = mem_strdup(path);
	bool ok = true;

	for (char *s = copy + 1; ok && *s; s++) {
		if (*s != '/')
			continue;
		*s = '\0';
		ok = mkdir(copy, 0700) == 0 || errno == EEXIST;
		*s = '/';
	}
	ok = ok && (mkdir(copy, 0700) == 0 || errno == EEXIST);
	if (!ok)
		err_set(err, ERR_IO, "cannot make the folder %.120s: %s", path,
			strerror(errno));
	free(copy);
	return ok;
}
