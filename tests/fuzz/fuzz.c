#include "fuzz.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/mem.h"

unsigned input_choice(struct input *in, unsigned n)
{
	unsigned byte;

	if (in->left == 0)
		return 0;
	byte = *in->at++;
	in->left--;
	if (byte >= '0' && byte <= '9')
		byte -= '0';
	return byte % n;
}

int file_of(const void *bytes, size_t n, size_t times, char path[FILE_PATH])
{
	int fd = memfd_create("fuzz", MFD_CLOEXEC);
	char *whole = mem_array(times, n);

	must(fd >= 0, "a file in memory can be made");
	for (size_t i = 0; n && i < times; i++)
		memcpy(whole + i * n, bytes, n);
	must(write(fd, whole, n * times) == (ssize_t)(n * times),
	     "it can be written");
	free(whole);
	snprintf(path, FILE_PATH, "/proc/self/fd/%d", fd);
	return fd;
}

void must(bool holds, const char *what)
{
	if (holds)
		return;
	fprintf(stderr, "# not so: %s\n", what);
	fflush(stderr);
	abort();
}
