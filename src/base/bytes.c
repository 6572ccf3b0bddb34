#include "base/bytes.h"

#include <errno.h>
#include <unistd.h>

ssize_t bytes_read(int fd, uint64_t at, char *to, size_t n)
{
	size_t done = 0;

	while (done < n) {
		ssize_t got = pread(fd, to + done, n - done,
				    (off_t)(at + done));

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return -1;
		if (got == 0)
			break;
		done += (size_t)got;
	}
	return (ssize_t)done;
}
