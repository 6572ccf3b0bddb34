/*
 * train-steps.c - how long it takes until the new result is there
 *
 *	train-steps FILE TARGET FEATURE [METHOD ...]
 *
 * Opens the file as the workbench does, on a worker's thread, and after each of
 * some changes times what follows: until the new result is kept, and until the
 * guards have looked at it.  Each is made some times, back and forth; the least
 * time of them is told, as others use the machine, too.  Printed as
 *
 *	NAME<tab>ms<tab>cpu<tab>clean<tab>fit<tab>evaluate<tab>guards<tab>cpu
 *
 * where cpu is of all threads, and clean, fit and evaluate are the result's own
 * account.  "cut" is without a training: all on the interface's thread.
 */
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <sys/resource.h>

#include "base/mem.h"
#include "command/session.h"
#include "run/fit.h"

enum { ROUNDS = 5 };

static int wake[2];

struct took {
	double ms, cpu, clean, fit, evaluate, guards, guards_cpu;
};

static double cpu_now(void)
{
	struct rusage used;

	getrusage(RUSAGE_SELF, &used);
	return (double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) +
	       (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec) * 1e-6;
}

static void fail(const char *what, const char *why)
{
	fprintf(stderr, "%s: %s\n", what, why);
	exit(2);
}

static void say(struct session *s, const char *line)
{
	struct err err = { 0 };

	if (!session_do(s, line, &err))
		fail(line, err.text);
}

static void turn(struct session *s)
{
	struct pollfd in = { .fd = wake[0], .events = POLLIN };
	char bytes[64];

	poll(&in, 1, 100);
	while (read(wake[0], bytes, sizeof(bytes)) > 0)
		;
	session_turn(s);
	if (s->message_is_error)
		fail("work", s->message);
}

static void rest(struct session *s)
{
	do
		turn(s);
	while (session_busy(s));
}

static struct took change(struct session *s, const char *line)
{
	size_t before = s->results;
	double start = fit_clock(), cpu = cpu_now(), end, end_cpu;
	const struct result *r;
	struct took t;

	say(s, line);
	s->train_wanted = true;
	while (s->results == before)
		turn(s);
	end = fit_clock();
	end_cpu = cpu_now();
	r = session_newest(s);
	t = (struct took){ .ms = end - start, .cpu = end_cpu - cpu,
			   .clean = r->seconds_clean, .fit = r->seconds_fit,
			   .evaluate = r->seconds_evaluate };
	rest(s);
	t.guards = fit_clock() - end;
	t.guards_cpu = cpu_now() - end_cpu;
	return t;
}

static void least(double *a, double b)
{
	*a = *a < b ? *a : b;
}

static void tell(const char *name, const struct took *t)
{
	printf("%-12s\t%.1f\t%.1f\t%.1f\t%.1f\t%.1f\t%.1f\t%.1f\n", name,
	       t->ms * 1e3, t->cpu * 1e3, t->clean * 1e3, t->fit * 1e3,
	       t->evaluate * 1e3, t->guards * 1e3, t->guards_cpu * 1e3);
	fflush(stdout);
}

static void step(struct session *s, const char *name, const char *there,
		 const char *back)
{
	struct took all = change(s, there);

	for (int i = 0; i < ROUNDS; i++) {
		struct took t = change(s, i % 2 ? there : back);

		least(&all.ms, t.ms);
		least(&all.cpu, t.cpu);
		least(&all.clean, t.clean);
		least(&all.fit, t.fit);
		least(&all.evaluate, t.evaluate);
		least(&all.guards, t.guards);
		least(&all.guards_cpu, t.guards_cpu);
	}
	tell(name, &all);
}

static void cut(struct session *s, const char *name, const char *line)
{
	double start = fit_clock(), cpu = cpu_now();
	struct took t = { 0 };

	say(s, line);
	t.ms = fit_clock() - start;
	t.cpu = cpu_now() - cpu;
	tell(name, &t);
	rest(s);
}

/* A method once, and as the guards try it. */
static void method(struct session *s, const char *options)
{
	char *line = mem_printf("train %s", options);
	struct took t = change(s, line);

	tell(options, &t);
	free(line);
}

static void begin(struct session *s, char **argv)
{
	char *open = mem_printf("open \"%s\"", argv[1]);
	char *target = mem_printf("target \"%s\"", argv[2]);

	say(s, open);
	rest(s);
	say(s, target);
	say(s, "features all");
	say(s, "split test=0.2 seed=42");
	rest(s);
	free(target);
	free(open);
}

static void steps(struct session *s, const char *feature)
{
	char *toggle = mem_printf("toggle \"%s\"", feature);

	say(s, "clean drop-missing");
	say(s, "clean drop-duplicates");
	say(s, "clean standardize");
	change(s, "train logistic");
	step(s, "feature", toggle, toggle);
	step(s, "l2", "train logistic l2=2", "train logistic l2=1");
	step(s, "seed", "split seed=7", "split seed=42");
	cut(s, "cut, first", "threshold 0.4");
	cut(s, "cut, next", "threshold 0.6");
	cut(s, "cut, back", "threshold 0.5");
	free(toggle);
}

int main(int argc, char **argv)
{
	struct session *s;

	if (argc < 4)
		fail("usage", "train-steps FILE TARGET FEATURE [METHOD ...]");
	if (pipe(wake) < 0 || fcntl(wake[0], F_SETFL, O_NONBLOCK) < 0 ||
	    fcntl(wake[1], F_SETFL, O_NONBLOCK) < 0)
		fail("pipe", "none");
	s = session_new(wake[1]);
	begin(s, argv);
	if (argc == 4)
		steps(s, argv[3]);
	for (int i = 4; i < argc; i++)
		method(s, argv[i]);
	session_free(s, false);
	return 0;
}
