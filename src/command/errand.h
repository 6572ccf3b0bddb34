/*
 * errand.h - small jobs beside the main work
 *
 * Who sorts or searches the table while a training goes on does not wait for
 * its end: errands have a thread of their own.  They read the file and its
 * table and change nothing; what they bring back is taken on the main thread.
 * Each kind has one place: a newer errand of a kind takes the place of an
 * older one, which is given up.
 */
#ifndef GEMBA_ERRAND_H
#define GEMBA_ERRAND_H

#include <stdbool.h>

#include "base/err.h"
#include "base/job.h"

struct session;

/* In the order in which they are run. */
enum errand_kind {
	ERRAND_ROWS, ERRAND_FIND, ERRAND_DIGEST, ERRAND_DRAFT, ERRAND_SPLIT,
	ERRAND_VALUES, ERRAND_RELATE, ERRAND_COSTS, ERRAND_EXPORT, ERRAND_SCORE,
	/* From here on they may take long, and make way for those above: they
	 * are stopped, and begin anew later. */
	ERRAND_PATIENT,
	ERRAND_WHY = ERRAND_PATIENT, ERRAND_DEPENDENCE, ERRAND_EXPLAIN,
	ERRAND_KINDS
};

struct errand {
	/* The work, on another thread: ask job_cancelled() every 20 ms. */
	bool (*run)(struct job *job, void *what, struct err *err);
	/* Back on the main thread, always called, once: take what was made, or
	 * say why not; free what.  A code of ERR_CANCELLED: given up. */
	void (*done)(struct session *s, void *what, const struct err *err);
};

struct errands;

/* With a wake_fd as in session_new(). */
struct errands *errands_new(int wake_fd);
/* With abandon, one that is under way is left behind. */
void errands_free(struct errands *e, struct session *s, bool abandon);

/* Run it as soon as may be; without a thread, now.  what is handed over. */
void errands_send(struct errands *e, struct session *s, enum errand_kind kind,
		  const struct errand *errand, void *what);
/* Give up one kind, or all: what they look at goes away. */
void errands_cancel(struct errands *e, struct session *s,
		    enum errand_kind kind);
void errands_cancel_all(struct errands *e, struct session *s);

/* After every byte in the pipe.  True: the one that was under way has ended,
 * and does not look at anything any more. */
bool errands_turn(struct errands *e, struct session *s);
/* Is a thread at work, of this kind or at all?  One that was given up counts
 * until it has ended, in the second. */
bool errands_waiting(const struct errands *e, enum errand_kind kind);
bool errands_busy(const struct errands *e);
/* 0 to 1: how far the one that is under way is. */
double errands_part(const struct errands *e);

#endif
