#include "base/replace.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"

/* So many names are tried for a file that has none. */
enum { NAMES = 100 };

static bool cannot_write(const char *path, struct err *err)
{
	return err_set(err, ERR_IO, "cannot write %.200s: %s", path,
		       strerror(errno));
}

/* Others may read it as any file that its owner makes. */
static void set_mode(int fd, const char *path)
{
	struct stat there;
	mode_t mask;

	umask(mask = umask(0));
	fchmod(fd, stat(path, &there) == 0 ? there.st_mode & 0777
					   : 0666 & ~mask);
}

/* Of a file without a name a kill leaves nothing.  Not every system of files
 * has them: then -1. */
static int open_nameless(const char *path)
{
#ifdef O_TMPFILE
	const char *slash = strrchr(path, '/');
	char *folder = slash ? mem_strndup(path, (size_t)(slash - path) + 1)
			     : mem_strdup(".");
	int fd = open(folder, O_TMPFILE | O_WRONLY | O_CLOEXEC, 0600);

	free(folder);
	return fd;
#else
	(void)path;
	return -1;
#endif
}

/* Give it a name that nobody has, from which it is moved into place. */
static bool give_name(struct replacement *r)
{
	char fd[64];

	snprintf(fd, sizeof(fd), "/proc/self/fd/%d", fileno(r->out));
	for (int i = 0; i < NAMES; i++) {
		char *name = mem_printf("%s.%ld-%d", r->path, (long)getpid(),
					i);

		if (linkat(AT_FDCWD, fd, AT_FDCWD, name,
			   AT_SYMLINK_FOLLOW) == 0) {
			r->temporary = name;
			return true;
		}
		free(name);
		if (errno != EEXIST)
			break;
	}
	return false;
}

bool replace_begin(struct replacement *r, const char *path, struct err *err)
{
	struct stat there;
	int fd;

	*r = (struct replacement){ 0 };
	if (stat(path, &there) == 0 && !S_ISREG(there.st_mode))
		return err_set(err, ERR_IO, "%.200s is not a file", path);
	fd = open_nameless(path);
	if (fd < 0) {
		r->temporary = mem_printf("%s.XXXXXX", path);
		fd = mkostemp(r->temporary, O_CLOEXEC);
	}
	r->out = fd >= 0 ? fdopen(fd, "w") : NULL;
	if (!r->out) {
		cannot_write(path, err);
		free(r->temporary);
		return false;
	}
	set_mode(fd, path);
	r->path = mem_strdup(path);
	return true;
}

/* All of it to the disk.  What could not be written earlier is gone from the
 * buffer: then flushing works, and only the stream remembers. */
static bool keep(struct replacement *r, struct err *err)
{
	if (ferror(r->out))
		return err_set(err, ERR_IO, "cannot write %.200s: is the disk "
			       "full?", r->path);
	return (fflush(r->out) == 0 && fsync(fileno(r->out)) == 0 &&
		(r->temporary || give_name(r))) ||
	       cannot_write(r->path, err);
}

bool replace_end(struct replacement *r, bool good, struct err *err)
{
	good = good && keep(r, err);
	if (fclose(r->out) != 0 && good)
		good = cannot_write(r->path, err);
	if (good && rename(r->temporary, r->path) != 0)
		good = cannot_write(r->path, err);
	if (!good && r->temporary)
		unlink(r->temporary);
	free(r->temporary);
	free(r->path);
	return good;
}
