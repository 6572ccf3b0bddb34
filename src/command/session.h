/*
 * session.h - what commands act on
 *
 * One session is one sitting: a file, the choices made about it, the results so
 * far and the worker that is busy on the next.  Keys, the ':' prompt and
 * recipes change it through session_do() and nothing else; the interface reads
 * its fields to draw, on the same thread.
 */
#ifndef GEMBA_SESSION_H
#define GEMBA_SESSION_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/job.h"
#include "command/digest.h"
#include "command/errand.h"
#include "command/insight.h"
#include "command/looks.h"
#include "command/recipe.h"
#include "command/undo.h"
#include "run/guard.h"
#include "run/prepare.h"
#include "run/result.h"
#include "run/settings.h"
#include "run/suggest.h"
#include "run/tune.h"
#include "run/work.h"

enum work_kind { WORK_NONE, WORK_OPEN, WORK_CLEAN, WORK_TRAIN,
		 WORK_GUARD };

struct session {
	/* The file. */
	struct dataset data;		/* .found is NULL until it is read */
	/* The table: prepared, or as found; NULL: none yet.  made changes with
	 * it, so that nobody takes another one at the same place for it. */
	const struct table *table;
	struct prepared prepared;	/* owned; zeroed: all as found */
	char *prepared_key;		/* owned: prepare_key() of the table */
	unsigned made;
	struct digest digest;		/* see digest.h */

	/* The choices, and the choices before them. */
	struct settings settings;
	char *key;			/* owned: settings_format() of them */
	char *choices;			/* owned: settings_choices() */
	struct undo undo;
	struct recipe recipe;		/* under way, or zeroed */

	/* What is looked for beside the work. */
	struct errands *errands;	/* owned */
	struct err errand_failed;	/* why the last one did, or none */
	struct looks looks;
	struct insights *insights;	/* owned; NULL: none yet */
	struct draft *draft;		/* owned; NULL: none yet */

	/* What one might want to choose, with these choices; see
	 * session_suggest(). */
	struct suggestions suggestions;
	char *suggestions_key;		/* owned */
	unsigned suggestions_made;
	struct forecast *forecast;	/* owned; NULL: none yet */
	struct inquiries *inquiries;	/* owned; NULL: none yet */

	/* Results side by side; see judging.h. */
	int pinned;			/* the number of one, or 0: none */
	struct versus **versus;		/* owned: as compare asked for them */
	size_t versuses;

	/* What the worker found. */
	struct ledger ledger;
	char *ledger_key;		/* owned; see session_ledger_stale() */
	struct result **result;		/* owned; the newest last */
	size_t results;
	struct findings *guards;	/* owned; see session_guards() */
	char *guards_key;		/* owned; NULL: not looked yet */
	bool guards_looked;		/* they were not stopped */

	/* The worker. */
	enum work_kind working;		/* WORK_NONE: idle */
	struct note note;		/* the newest; while training */
	bool note_fresh;		/* the note is of this training */
	bool train_wanted;		/* start when the worker is free */
	bool train_by_itself;		/* after every change ("autotrain") */

	/* The last thing said to the user: an error or a remark. */
	char message[300];
	bool message_is_error;
	int fault;		/* the word of the last line at fault, */
	size_t fault_at;	/* and from which byte of it on */

	bool carry;		/* what is opened next is the same file, read
				 * in another way: choices go on */
	void *screen;		/* the interface, for its own commands; NULL in
				 * batch */
	bool quit;
	struct worker *worker;	/* owned; see worker.h */
};

/*
 * A new session.  With a wake_fd (a non-blocking pipe) it works on a thread and
 * writes a byte whenever session_turn() has something to do; with -1 every
 * command has done its work when it returns.
 */
struct session *session_new(int wake_fd);
/* Frees all; with abandon, a busy worker is left behind, not waited for. */
void session_free(struct session *s, bool abandon);

/* Carry one line out.  False: err and s->fault say what is wrong. */
bool session_do(struct session *s, const char *line, struct err *err);

/*
 * Carry a recipe out, line by line; a line waits for the work of the one
 * before.  data and preset, or NULL, are those of recipe_read().  In a session
 * with a worker this returns at once and session_turn() goes on.  On failure
 * err has "NAME:LINE: what", a newline, the line and a caret.
 */
bool session_recipe(struct session *s, const char *path, const char *data,
		    const struct preset *preset, struct err *err);

/*
 * Collect what the worker has done and give it the next thing to do: after
 * every byte of the pipe and every command.
 */
void session_turn(struct session *s);
/* True while there is work, or a recipe's lines are waiting. */
bool session_busy(const struct session *s);
/* The file that is open or being read, or NULL: its rows can be looked at. */
const struct source *session_source(const struct session *s);
/* Its columns by now: those of the file, and the derived ones once there is a
 * table; and their names. */
size_t session_columns(const struct session *s);
const char *session_name(const struct session *s, size_t column);
double session_part(const struct session *s);	/* 0 to 1: reading, training */

/* Settings have changed; the work that follows from that is started. */
void session_changed(struct session *s);
void session_say(struct session *s, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* For drawing: the numbers shown do not belong to the choices shown. */
bool session_ledger_stale(const struct session *s);
bool session_result_stale(const struct session *s, const struct result *r);
const struct result *session_newest(const struct session *s);	/* or NULL */
/* Of those on the newest one's target and file that have converged, the result
 * that ranks best, the first of equals; or NULL. */
const struct result *session_best(const struct session *s);

/* What guards say of the newest result, if it is of the choices as they are;
 * NULL: they have not looked yet. */
const struct findings *session_guards(const struct session *s);

/* For commands: start the work.  Each fails when it cannot be. */
bool session_open(struct session *s, const char *path,
		  const struct option_values *options, struct err *err);
bool session_train(struct session *s, struct err *err);
/* The same, after a search for options, which are those of the settings then:
 * to all others it is a training.  The tune is taken. */
bool session_tune(struct session *s, struct tune *tune, struct err *err);
/* Read the columns of a file of which only the rows are known. */
bool session_read(struct session *s, struct err *err);
/* Count what the rules do, for a batch that has trained nothing. */
bool session_count(struct session *s, struct err *err);
/* Let the guards look at the newest result, for a batch. */
bool session_guard(struct session *s, struct err *err);
/* Other guards are on. */
void session_guards_changed(struct session *s);
void session_stop(struct session *s, bool keep);
/* Let the training wait between two steps, or go on. */
bool session_pause(struct session *s, bool paused, struct err *err);
bool session_paused(const struct session *s);
/* Make the table anew, if types, cell rules or derived columns have changed:
 * after every command.  On failure table and settings do not fit together. */
bool session_prepare(struct session *s, struct err *err);
/* Bring session.suggestions up to date; costs nothing when they are. */
void session_suggest(struct session *s);
/* What a column is when the user does not say. */
enum column_type session_found_type(const struct session *s, size_t column);
bool session_undo(struct session *s, bool back, struct err *err);
void session_autotrain(struct session *s, bool on);

#endif
