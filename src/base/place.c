#include "base/place.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"

/* The folder that a variable names, if it is there; else where it went when
 * gemba was installed. */
static char *folder(const char *variable, const char *installed)
{
	const char *here = getenv(variable);

	return mem_strdup(here && *here ? here : installed);
}

char *place_help(void)
{
	return folder("GEMBA_HELP", HELPDIR);
}

char *place_samples(void)
{
	return folder("GEMBA_SAMPLES", SAMPLESDIR);
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
