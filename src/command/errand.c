#include "command/errand.h"

#include <stdlib.h>

#include "base/mem.h"

struct sent {
	struct errand errand;	/* .run is NULL: nothing is to be done */
	void *what;
};

struct errands {
	int wake_fd;			/* -1: no thread */
	struct sent waiting[ERRAND_KINDS];

	/* The one that is under way. */
	struct job *job;		/* owned; NULL: none */
	struct sent now;
	enum errand_kind kind;
	bool given_up;
	bool makes_way;		/* it was stopped to begin anew later */
};

struct errands *errands_new(int wake_fd)
{
	struct errands *e = mem_new(sizeof(*e));

	e->wake_fd = wake_fd;
	return e;
}

static void drop(struct sent *sent, struct session *s)
{
	struct sent old = *sent;
	struct err err = { 0 };

	if (!old.errand.run)
		return;
	*sent = (struct sent){ 0 };
	err_cancelled(&err);
	old.errand.done(s, old.what, &err);
}

static bool run(struct job *job, void *arg, struct err *err)
{
	struct sent *sent = arg;

	return sent->errand.run(job, sent->what, err);
}

/* The one that was under way has ended. */
static void finish(struct errands *e, struct session *s, bool good,
		   struct err *err)
{
	struct sent ended = e->now;
	bool anew = e->makes_way && !e->given_up && !good &&
		    err->code == ERR_CANCELLED;

	e->now = (struct sent){ 0 };
	e->job = NULL;
	e->makes_way = false;
	if (anew) {
		e->waiting[e->kind] = ended;
		return;
	}
	if (e->given_up)
		err_cancelled(err);
	else if (good)
		*err = (struct err){ 0 };
	e->given_up = false;
	ended.errand.done(s, ended.what, err);
}

static void begin(struct errands *e, struct session *s)
{
	struct err err = { 0 };

	for (int kind = 0; kind < ERRAND_KINDS && !e->job; kind++) {
		if (!e->waiting[kind].errand.run)
			continue;
		e->now = e->waiting[kind];
		e->kind = (enum errand_kind)kind;
		e->waiting[kind] = (struct sent){ 0 };
		if (e->wake_fd < 0) {
			bool good = run(NULL, &e->now, &err);

			finish(e, s, good, &err);
			continue;
		}
		e->job = job_start(run, &e->now, 0, e->wake_fd, &err);
		if (!e->job)
			finish(e, s, false, &err);
	}
}

void errands_send(struct errands *e, struct session *s, enum errand_kind kind,
		  const struct errand *errand, void *what)
{
	errands_cancel(e, s, kind);
	e->waiting[kind] = (struct sent){ *errand, what };
	if (e->job && e->kind >= ERRAND_PATIENT && kind < ERRAND_PATIENT) {
		e->makes_way = true;
		job_cancel(e->job);
	}
	begin(e, s);
}

void errands_cancel(struct errands *e, struct session *s,
		    enum errand_kind kind)
{
	drop(&e->waiting[kind], s);
	if (!e->job || e->kind != kind)
		return;
	e->given_up = true;
	job_cancel(e->job);
}

void errands_cancel_all(struct errands *e, struct session *s)
{
	for (int kind = 0; kind < ERRAND_KINDS; kind++)
		errands_cancel(e, s, (enum errand_kind)kind);
}

bool errands_turn(struct errands *e, struct session *s)
{
	bool ended = e->job && !job_running(e->job);
	struct err err = { 0 };

	if (ended) {
		bool good = job_end(e->job, &err);

		finish(e, s, good, &err);
	}
	begin(e, s);
	return ended;
}

bool errands_waiting(const struct errands *e, enum errand_kind kind)
{
	return e->waiting[kind].errand.run ||
	       (e->job && e->kind == kind && !e->given_up);
}

bool errands_busy(const struct errands *e)
{
	return e->job;
}

double errands_part(const struct errands *e)
{
	return e->job ? job_part(e->job) : 0;
}

void errands_free(struct errands *e, struct session *s, bool abandon)
{
	struct err err = { 0 };

	for (int kind = 0; kind < ERRAND_KINDS; kind++)
		drop(&e->waiting[kind], s);
	if (e->job) {
		job_cancel(e->job);
		if (abandon)
			return;
		e->given_up = true;
		job_end(e->job, &err);
		finish(e, s, false, &err);
	}
	free(e);
}
