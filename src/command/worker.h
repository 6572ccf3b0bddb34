/*
 * worker.h - the one worker of a session: what it is at, and what it leaves
 *
 * session.c and worker.c are the two halves of a session: the lines that are
 * said to it, and the work that follows from them; opening.c is a part of the
 * second, about files and tables.  All that others may call
 * is in session.h; this is between these.
 */
#ifndef GEMBA_WORKER_H
#define GEMBA_WORKER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/job.h"
#include "base/option.h"
#include "command/session.h"

/* What is not open any more, and who may still be looking at it. */
struct grave {
	struct prepared prepared;	/* owned, or zeroed */
	struct dataset data;		/* owned */
	bool worker, errand;
};

/*
 * While a job runs, what it was given and what it makes belong to its thread;
 * the main thread touches them before job_start() and after job_end() only.
 */
struct worker {
	int wake_fd;			/* -1: no thread, all is done at once */
	struct job *job;		/* owned; NULL: idle */
	bool cancelled;			/* its result is not wanted any more */

	/* What it was given. */
	enum work_kind kind;
	struct settings settings;	/* its own copy */
	const struct table *table;	/* borrowed */
	struct effect effect[RULES_MAX];	/* of the cell rules; the job
					 * adds those that are off */
	struct tune *tune;		/* owned; of a training: look for its
					 * options first; NULL: do not */
	struct tune *next_tune;		/* owned: of the training wanted */
	/* What it makes. */
	struct dataset opening;
	struct option_values opening_options;	/* not touched by the job */
	struct ledger ledger;
	struct result *result;
	struct stages *stages;
	const struct result *about;	/* borrowed: what guards look at */
	struct fitted *fitted;		/* an owner of the newest one */
	size_t runs;			/* see guard_about */
	bool best;
	struct findings *found;
	struct trials *trials;

	/* Replaced while somebody looked at them: freed when that has ended. */
	struct grave *grave;		/* owned */
	size_t graves;
	bool forget_stages;

	/* The file to open when the worker is free. */
	struct dataset next;		/* .source: open, not read yet */
	struct option_values next_options;
	bool next_carries, carries;	/* session.carry of next, opening */

	bool first;			/* it trains, or has just trained, a
					 * baseline that nobody asked for */

	bool told_by_itself;		/* the user has said autotrain on */
};

struct worker *worker_new(int wake_fd);
void worker_free(struct worker *worker);	/* cancels its job, and waits */

/* Between worker.c and opening.c: give the worker its next work, or in a batch
 * do it; ask it to end; and begin to read the file that is next. */
bool worker_begin(struct session *s, enum work_kind kind, struct err *err);
void worker_cancel(struct session *s);
bool worker_open(struct session *s, struct err *err);

/* The worker or an errand has ended: what nobody looks at any more goes. */
void worker_sweep(struct worker *worker, bool job, bool errand);

/* What was read takes the place of the file that was open: all of it, or, when
 * its columns were given up, its rows; or nobody wants it. */
void opening_keep(struct session *s);
void opening_keep_rows(struct session *s);
void opening_forget(struct session *s);

/* Models that were kept with their table are kept no more: it goes. */
void session_unfit(struct session *s);

/* The half of session.c, for the worker: the choices as text are made anew;
 * an error is said; the recipe goes on until there is work. */
void session_renew_key(struct session *s);
void session_complain(struct session *s, const struct err *err);
bool session_next_lines(struct session *s, struct err *err);

#endif
