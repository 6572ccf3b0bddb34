/*
 * panel-runs.h - every result of the session: those that are marked
 */
#ifndef GEMBA_PANEL_RUNS_H
#define GEMBA_PANEL_RUNS_H

#include "command/command.h"
#include "panel.h"

/* "1,3,4": what %marks stands for; NULL when fewer than two are marked.  The
 * caller frees it. */
char *runs_marked(const struct session *s, const struct view *v);

extern const struct command commands_runs[];

#endif
