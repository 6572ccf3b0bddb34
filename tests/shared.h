/*
 * shared.h - for tests: files of the folder with real data, if it is there
 */
#ifndef GEMBA_TEST_SHARED_H
#define GEMBA_TEST_SHARED_H

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"

/* A file of the shared folder, or NULL, which is said. */
static inline FILE *shared_open(const char *name)
{
	const char *shared = getenv("GEMBA_SHARED"), *src = getenv("srcdir");
	char *path = shared ? mem_printf("%s/data/%s", shared, name)
		: mem_printf("%s/../shared/data/%s", src ? src : ".", name);
	FILE *file = fopen(path, "r");

	if (!file)
		print_message("no %s: skipped\n", path);
	free(path);
	return file;
}

#endif
