/*
 * fit.h - from rows and columns that stand ready to a result
 *
 * The last two stages: the method's loop with its notes and its clock, then
 * the measuring.  Only work.c calls it.
 */
#ifndef GEMBA_FIT_H
#define GEMBA_FIT_H

#include "run/target.h"
#include "run/work.h"

/* All borrowed. */
struct fit {
	const struct table *table;
	const struct settings *settings;
	const struct columns *features;
	const struct target *target;
	const struct treatment *treatment;	/* by column of the table */
	const struct rows *train, *test;
	const struct ledger *ledger;
	double seconds_clean;
};

/* NULL when it failed or was cancelled. */
struct result *fit(const struct fit *fit, struct job *job, struct err *err);

/* Seconds, from no particular moment on. */
double fit_clock(void);

#endif
