#include "data/nameless.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"

static const char *folder(void)
{
	const char *dir = getenv("TMPDIR");

	return dir && *dir ? dir : "/tmp";
}

int nameless_open(struct err *err)
{
	char *path = mem_printf("%s/gemba-XXXXXX", folder());
	int fd = mkostemp(path, O_CLOEXEC);

	if (fd < 0)
		err_set(err, ERR_IO, "cannot make a temporary file %s: %s",
			path, strerror(errno));
	else
		unlink(path);
	free(path);
	return fd;
}

/* A file too large is how a small file system, or a quota, may say it. */
static bool cannot_write(int why, struct err *err)
{
	if (why == ENOSPC || why == EDQUOT || why == EFBIG)
		return err_set(err, ERR_IO, "the temporary folder %s is full: "
			       "set TMPDIR to one with more room", folder());
	return err_set(err, ERR_IO, "cannot write to the temporary folder "
		       "%s: %s", folder(), strerror(why));
}

bool nameless_write(int fd, const char *bytes, size_t n, uint64_t *at,
		    struct err *err)
{
	while (n > 0) {
		ssize_t written = pwrite(fd, bytes, n, (off_t)*at);

		if (written < 0 && errno == EINTR)
			continue;
		if (written < 0)
			return cannot_write(errno, err);
		bytes += written;
		n -= (size_t)written;
		*at += (uint64_t)written;
	}
	return true;
}
