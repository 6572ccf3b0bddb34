/*
 * test-replace.c - a file appears whole or not at all
 */
#include "base/replace.h"

#include <dirent.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cmocka.h>

static struct err err;
static char folder[] = "/tmp/gemba-test-XXXXXX";
static char path[sizeof(folder) + 8];

static int make_folder(void **state)
{
	(void)state;
	signal(SIGXFSZ, SIG_IGN);
	if (!mkdtemp(folder))
		return -1;
	snprintf(path, sizeof(path), "%s/file", folder);
	return 0;
}

/* It can be removed if nothing was left in it. */
static int remove_folder(void **state)
{
	(void)state;
	unlink(path);
	return rmdir(folder);
}

static void write_lines(FILE *out, int n)
{
	for (int i = 0; i < n; i++)
		fputs("a line of some length\n", out);
}

static void what_is_written_takes_the_place(void **state)
{
	struct replacement r;

	(void)state;
	assert_true(replace_begin(&r, path, &err));
	write_lines(r.out, 10);
	assert_int_not_equal(access(path, F_OK), 0);
	assert_true(replace_end(&r, true, &err));
	assert_int_equal(access(path, F_OK), 0);
	assert_int_equal(unlink(path), 0);
}

static size_t files_in_folder(void)
{
	DIR *dir = opendir(folder);
	size_t n = 0;

	assert_non_null(dir);
	while (readdir(dir))
		n++;
	closedir(dir);
	return n - 2;		/* itself, and the one above */
}

static bool has_nameless_files(void)
{
	int fd = open(folder, O_TMPFILE | O_WRONLY, 0600);

	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

/* Who is killed now leaves only what is in the folder now. */
static void a_kill_leaves_no_trace(void **state)
{
	struct replacement r;

	(void)state;
	if (!has_nameless_files())
		skip();
	assert_true(replace_begin(&r, path, &err));
	write_lines(r.out, 1000);
	assert_int_equal(files_in_folder(), 0);
	assert_true(replace_end(&r, true, &err));
	assert_int_equal(files_in_folder(), 1);

	/* And when there is a file to be replaced. */
	assert_true(replace_begin(&r, path, &err));
	write_lines(r.out, 2000);
	assert_int_equal(files_in_folder(), 1);
	assert_true(replace_end(&r, true, &err));
	assert_int_equal(files_in_folder(), 1);
	assert_int_equal(unlink(path), 0);
}

/* A limit of the size of files stands for a full disk; it ends before the
 * file does, as when somebody else makes room. */
static void a_disk_that_was_full_for_a_while_is_noticed(void **state)
{
	struct replacement r;
	struct rlimit before, small;

	(void)state;
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
	small = before;
	small.rlim_cur = 10000;
	assert_true(replace_begin(&r, path, &err));
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
	write_lines(r.out, 1000);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
	assert_false(replace_end(&r, true, &err));
	assert_int_equal(err.code, ERR_IO);
	assert_int_not_equal(access(path, F_OK), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_written_takes_the_place),
		cmocka_unit_test(a_kill_leaves_no_trace),
		cmocka_unit_test(a_disk_that_was_full_for_a_while_is_noticed),
	};

	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
