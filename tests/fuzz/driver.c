/*
 * driver.c - runs a fuzz target where there is no libFuzzer
 *
 *	fuzz-NAME [-max_total_time=SECONDS] [FOLDER|FILE]...
 *
 * First the inputs of the folders (the target's part of tests/fuzz/corpus when
 * none is named), then changes of them by chance, until the time is over: 10
 * seconds, or GEMBA_FUZZ_SECONDS.  GEMBA_FUZZ_SEED repeats a run.  Files alone
 * are run once each.  What it says is TAP.
 *
 * The target works in a child.  The input lies in memory that both share: if
 * the child dies, or hangs, the parent has what did it.
 */
#include "fuzz.h"

#include <dirent.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/rng.h"

enum { INPUT_MAX = 4096, HANG_MS = 20000, LOOK_MS = 20 };

struct seed {
	uint8_t *bytes;		/* owned */
	size_t n;
};

struct run {
	const char *name;	/* of the target */
	struct seed *seed;	/* owned */
	size_t seeds;
	double seconds;
	bool only;		/* the seeds, and no changes of them */
	struct rng rng;
};

/* What parent and child share. */
struct shared {
	atomic_ulong runs;
	size_t n;		/* the input that is at work */
	uint8_t input[INPUT_MAX];
};

static struct shared *shared;

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* ---- seeds ---- */

static void add_file(struct run *run, const char *path)
{
	FILE *in = fopen(path, "rb");
	struct seed seed = { .bytes = mem_new(INPUT_MAX) };

	must(in != NULL, path);
	seed.n = fread(seed.bytes, 1, INPUT_MAX, in);
	fclose(in);
	run->seed = mem_grow(run->seed, run->seeds, sizeof(*run->seed));
	run->seed[run->seeds++] = seed;
}

static void add_folder(struct run *run, const char *path)
{
	struct dirent **entry;
	int n = scandir(path, &entry, NULL, alphasort);

	must(n >= 0, path);
	for (int i = 0; i < n; i++) {
		char *file = mem_printf("%s/%s", path, entry[i]->d_name);

		if (entry[i]->d_name[0] != '.')
			add_file(run, file);
		free(file);
		free(entry[i]);
	}
	free(entry);
}

static void add_path(struct run *run, const char *path)
{
	struct stat st;

	must(stat(path, &st) == 0, path);
	run->only = !S_ISDIR(st.st_mode);
	if (run->only)
		add_file(run, path);
	else
		add_folder(run, path);
}

/* ---- changes ---- */

static size_t below(struct run *run, size_t n)
{
	return n ? rng_upto(&run->rng, (uint32_t)(n - 1)) : 0;
}

/* n bytes put in at a place, or those there replaced. */
static void put(size_t at, const void *bytes, size_t n, bool insert)
{
	uint8_t *to = shared->input + at;
	size_t behind = shared->n - at;

	if (at + n > INPUT_MAX || (insert && shared->n + n > INPUT_MAX))
		return;
	if (insert) {
		memmove(to + n, to, behind);
		shared->n += n;
	} else if (n > behind) {
		shared->n = at + n;
	}
	memmove(to, bytes, n);
}

static void cut(size_t at, size_t n)
{
	if (n > shared->n - at)
		n = shared->n - at;
	memmove(shared->input + at, shared->input + at + n,
		shared->n - at - n);
	shared->n -= n;
}

/* What files of rows are made of. */
static void put_token(struct run *run, size_t at)
{
	static const char *const token[] = {
		",", ";", "\t", "|", "\"", "\"\"", "'", "\n", "\r", "\r\n",
		"\n\n", "0", "7", "-", "+", ".", "1,5", "1e5", "-1E-300",
		"9007199254740993", "0.1", "1e400", "0x10", "nan", "inf",
		"NA", "?", " ", "a", "b,c\n", "1,2\n", "\"a\nb\",", "#",
		"\xef\xbb\xbf", "\xff\xfe", "\xc3\xa9", "\xe6\x97\xa5",
		"\x80", "\xff", "\033[31m", "\\", "(", ")", "2024-02-29",
		"12:30:00", "TRUE",
	};
	const char *t = token[below(run, ARRAY_LEN(token))];

	put(at, t, strlen(t), below(run, 3) > 0);
}

/* A part of another seed. */
static void put_part(struct run *run, size_t at)
{
	const struct seed *other = run->seed + below(run, run->seeds);
	size_t from = below(run, other->n), n = below(run, other->n - from);

	put(at, other->bytes + from, n, below(run, 2) > 0);
}

/* A part of the input, once more behind itself, or many times. */
static void repeat(struct run *run, size_t at)
{
	uint8_t part[64];
	size_t n = 1 + below(run, sizeof(part));
	size_t times = below(run, 8) ? 1 : below(run, 200);

	if (n > shared->n - at)
		n = shared->n - at;
	memcpy(part, shared->input + at, n);
	for (size_t i = 0; i < times; i++)
		put(at, part, n, true);
}

static void change(struct run *run)
{
	size_t at = below(run, shared->n + 1);
	uint8_t byte = (uint8_t)below(run, 256);

	switch (below(run, 8)) {
	case 0:
		put(at, &byte, 1, true);
		break;
	case 1:
		put(at, &byte, 1, false);
		break;
	case 2:
		cut(at, 1 + below(run, below(run, 4) ? 4 : 64));
		break;
	case 3:
		put_part(run, at);
		break;
	case 4:
		repeat(run, at);
		break;
	default:
		put_token(run, at);
	}
}

/* ---- the child: it runs the target ---- */

static void run_input(void)
{
	int before = dup(0), after;

	close(before);
	LLVMFuzzerTestOneInput(shared->input, shared->n);
	after = dup(0);
	close(after);
	must(before == after, "each file that was opened is closed");
	atomic_fetch_add(&shared->runs, 1);
}

static void take_seed(const struct seed *seed)
{
	memcpy(shared->input, seed->bytes, seed->n);
	shared->n = seed->n;
}

static void run_all(struct run *run)
{
	double end = now() + run->seconds;

	for (size_t i = 0; i < run->seeds; i++) {
		take_seed(run->seed + i);
		run_input();
	}
	while (!run->only && now() < end) {
		take_seed(run->seed + below(run, run->seeds));
		for (size_t i = below(run, 6) + 1; i > 0; i--)
			change(run);
		run_input();
	}
}

/* ---- the parent: it looks after the child ---- */

/* The input that did it: in hexadecimal, and in a file of its own. */
static void tell_input(const struct run *run)
{
	char *path = mem_printf("fuzz-%s.found", run->name);
	FILE *out = fopen(path, "wb");

	printf("# the input (%zu bytes, in %s):\n# ", shared->n, path);
	for (size_t i = 0; i < shared->n; i++)
		printf("%02x", shared->input[i]);
	printf("\n");
	if (out) {
		fwrite(shared->input, 1, shared->n, out);
		fclose(out);
	}
	free(path);
}

/* False when it makes no progress any more. */
static bool wait_child(pid_t pid, int *status)
{
	struct timespec a_while = { .tv_nsec = LOOK_MS * 1000000L };
	unsigned long runs = 0;
	double last = now();

	while (waitpid(pid, status, WNOHANG) == 0) {
		if (atomic_load(&shared->runs) != runs) {
			runs = atomic_load(&shared->runs);
			last = now();
		}
		if ((now() - last) * 1000 > HANG_MS) {
			kill(pid, SIGKILL);
			waitpid(pid, status, 0);
			return false;
		}
		nanosleep(&a_while, NULL);
	}
	return true;
}

static int look_after(const struct run *run, pid_t pid)
{
	int status = 0;
	bool ended = wait_child(pid, &status);
	bool good = ended && WIFEXITED(status) && WEXITSTATUS(status) == 0;

	printf("%sok 1 - %s: %zu seeds, %lu inputs\n", good ? "" : "not ",
	       run->name, run->seeds, atomic_load(&shared->runs));
	if (good)
		return EXIT_SUCCESS;
	if (!ended)
		printf("# it hung for %d s\n", HANG_MS / 1000);
	else if (WIFSIGNALED(status))
		printf("# ended by signal %d\n", WTERMSIG(status));
	else
		printf("# exit status %d\n", WEXITSTATUS(status));
	tell_input(run);
	return EXIT_FAILURE;
}

/* ---- the words ---- */

static uint32_t seed_of_run(void)
{
	const char *given = getenv("GEMBA_FUZZ_SEED");
	uint32_t seed = given ? (uint32_t)strtoul(given, NULL, 10)
			      : (uint32_t)time(NULL) ^ (uint32_t)getpid() << 16;

	printf("# GEMBA_FUZZ_SEED=%lu\n", (unsigned long)seed);
	return seed;
}

static void take_words(struct run *run, int argc, char **argv)
{
	static const char time_option[] = "-max_total_time=";
	const char *seconds = getenv("GEMBA_FUZZ_SECONDS");
	const char *folder = getenv("srcdir");
	const char *slash = strrchr(argv[0], '/');
	char *corpus;

	run->name = slash ? slash + 1 : argv[0];
	if (!strncmp(run->name, "fuzz-", 5))
		run->name += 5;
	run->seconds = seconds ? strtod(seconds, NULL) : 10;
	for (int i = 1; i < argc; i++)
		if (!strncmp(argv[i], time_option, strlen(time_option)))
			run->seconds = strtod(argv[i] + strlen(time_option),
					      NULL);
		else if (*argv[i] != '-')
			add_path(run, argv[i]);
	corpus = mem_printf("%s/tests/fuzz/corpus/%s", folder ? folder : ".",
			    run->name);
	if (run->seeds == 0)
		add_path(run, corpus);
	free(corpus);
}

int main(int argc, char **argv)
{
	struct run run = { 0 };
	pid_t pid;
	int status;

	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE,
		      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	must(shared != MAP_FAILED, "there is memory to share");
	take_words(&run, argc, argv);
	must(run.seeds > 0, "there are seeds");
	rng_init(&run.rng, seed_of_run());
	printf("1..1\n");
	fflush(stdout);
	pid = fork();
	must(pid >= 0, "a child can be had");
	if (pid == 0)
		run_all(&run);
	status = pid == 0 ? EXIT_SUCCESS : look_after(&run, pid);
	for (size_t i = 0; i < run.seeds; i++)
		free(run.seed[i].bytes);
	free(run.seed);
	return status;
}
