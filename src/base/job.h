/*
 * job.h - one long computation beside the interface
 *
 * A job owns one thread.  That thread computes and never draws.  When it has
 * something to show it posts a note; the interface takes the newest note when
 * it is ready to draw.  Notes are copied in and copied out, so neither side
 * holds a pointer into the other, and a slow terminal cannot slow the work
 * down: a note nobody took is simply overwritten by the next.
 *
 * Code that works both on a thread and without one (gemba run) is given a NULL
 * job in the second case: it is never cancelled and its notes go nowhere.
 */
#ifndef GEMBA_JOB_H
#define GEMBA_JOB_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

struct job;

/* The work.  True when it ran to its end; false when cancelled or failed. */
typedef bool job_fn(struct job *job, void *arg, struct err *err);

/*
 * Start run(job, arg) in its own thread.  A note is note_size bytes.  A byte in
 * wake_fd, a non-blocking pipe, says that there is a note to take or that the
 * work has ended; empty the pipe first, then look.  The caller keeps arg alive
 * until job_end().  NULL on failure.
 */
struct job *job_start(job_fn *run, void *arg, size_t note_size, int wake_fd,
		      struct err *err);

/* For the interface. */
bool job_running(const struct job *job);
bool job_take(struct job *job, void *note);	/* false: nothing new */
double job_part(const struct job *job);		/* 0 to 1: how far it is */
void job_stop(struct job *job);			/* asks: end, keep the result */
void job_cancel(struct job *job);		/* asks: end, nothing is kept */
/* asks: wait where job_rest() is called, or go on; to stop or cancel goes on */
void job_pause(struct job *job, bool paused);
bool job_paused(const struct job *job);
bool job_end(struct job *job, struct err *err);	/* waits, frees; run()'s word */

/* For the work.  Ask at least every 20 ms. */
bool job_stopped(const struct job *job);	/* true when cancelled, too */
bool job_cancelled(const struct job *job);
void job_rest(struct job *job);	/* between steps: waits while paused */
void job_resume(struct job *job);	/* it was stopped and goes on with what
					 * it keeps: may be stopped again */
void job_post(struct job *job, const void *note);
void job_progress(struct job *job, double part);
void job_wake(struct job *job);	/* there is something new to see elsewhere */

#endif
