/*
 * panel.h - the six panels
 *
 * A panel is a row of functions and nothing else: what it shows is the session,
 * where its cursor stands is the view.  draw() changes nothing but the screen.
 * The frame, the title and the hints are drawn by the layout (layout.c).
 */
#ifndef GEMBA_PANEL_H
#define GEMBA_PANEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "command/session.h"
#include "draw.h"

/*
 * A sheet is opened in the place of a panel, its home, over the whole screen:
 * one column, one row.  It is a panel in all else, with keys of its own.
 */
enum panel_id {
	PANEL_COLUMNS, PANEL_DATA, PANEL_CLEANING, PANEL_TRAINING,
	PANEL_WEIGHTS, PANEL_RUNS, PANELS,
	SHEET_COLUMN = PANELS, SHEET_DESCRIBE, SHEET_VALUES, SHEET_RECORD,
	SHEET_DIALECT, SHEET_FAULTS, SHEET_NOTES, SHEET_RULE, SHEET_RULES,
	SHEET_SPLIT, SHEET_MODEL, SHEET_METHOD, SHEET_CURVES, SHEET_COMPARE,
	SHEET_WEIGHT, SHEET_DEPENDENCE, SHEET_WHY, SHEET_TRIES, SHEET_WORST,
	PANELS_AND_SHEETS
};

/* The cursor stands on the last row, whichever that will turn out to be. */
#define VIEW_LAST SIZE_MAX

/* So many runs can be marked, the most that a vote is made of. */
enum { MARKS_MAX = 32 };

/* So many sheets are remembered under the one that is open. */
enum { SHEETS_UNDER = 4 };

/* Weights: what of them is shown; see weight-views.h. */
enum weights_view {
	WEIGHTS_DEVIATION, WEIGHTS_UNIT, WEIGHTS_RANGE, WEIGHTS_ODDS,
	WEIGHTS_SURE, WEIGHTS_SHUFFLED, WEIGHTS_VIEWS
};

/* Describe: the order of its lines. */
struct view_order {
	size_t measure;		/* under its cursor, for the next order */
	size_t left;		/* the first measure shown */
	size_t by;		/* a measure + 1; 0: as in the file */
	bool down;
};

/* Method: its cursor is in the list, or in the options of the one there. */
struct view_method {
	bool options;
	size_t option;		/* under the cursor of those */
	size_t top;		/* the first option shown */
};

/* Where the eyes are; it changes no result. */
struct view {
	enum panel_id focus;	/* never a sheet: its home */
	enum panel_id sheet;	/* open over all panels, or 0: none */
	enum panel_id under[SHEETS_UNDER];	/* those to step back to */
	size_t unders;
	enum panel_id from;	/* the focus before the first of them */
	bool maximised;
	/* Row under the cursor: rule, run ...; it may be VIEW_LAST. */
	size_t at[PANELS_AND_SHEETS];
	/* First row shown; kept by the panels' draw. */
	size_t top[PANELS_AND_SHEETS];
	size_t column;		/* the column cursor of Columns and Data;
				 * at[PANEL_COLUMNS] is not used */
	size_t left;		/* Data: first column shown */
	struct view_order describe;
	struct view_method method;
	size_t values_column;	/* Values: whose they were */
	size_t curve;		/* Curves: which of them */
	size_t weights_of;	/* Weights: the class; see CURSOR_CLASS */
	enum weights_view weights_view;
	size_t marks;		/* Runs: the numbers of those marked, */
	int mark[MARKS_MAX];	/* ascending */
	int tries_of;		/* Tries: of which run; 0: the newest tuned */
	bool by_value;		/* not the most frequent first */
	unsigned noted;		/* source_opened() of the file whose notes
				 * were looked at last */
	bool frozen;		/* Z: the picture stands still */
};

/* What the keys of one direction move. */
enum cursor {
	CURSOR_DEFAULT,		/* down: at[] of the panel; across: nothing */
	CURSOR_COLUMN, CURSOR_ROW, CURSOR_MEASURE, CURSOR_CLASS,
	CURSOR_METHOD, CURSOR_CURVE, CURSOR_WEIGHT
};

/* The numbers of a column in Describe, in sheet-describe.c. */
enum { DESCRIBE_MEASURES = 14 };

struct panel {
	const char *name;	/* "Columns": its title, and :focus columns */
	enum panel_id home;	/* of a sheet */
	enum cursor down, across;
	/* Of a sheet: as many lines are enough, and Training and Weights stay
	 * in sight below it.  NULL: it takes the whole screen. */
	int (*lines)(void);
	/* A sheet's name in the title, if it is not .name: "torque". */
	const char *(*title)(const struct session *s, const struct view *v);
	/* How many rows the cursor can stand on. */
	size_t (*rows)(const struct session *s);
	/* The right end of the title: "row 3 of 10,000". */
	void (*note)(const struct session *s, const struct view *v,
		     char *text, size_t size);
	/* Before it is drawn: ask for what it shows and nobody has found yet.
	 * It is called after every key and all news. */
	void (*want)(struct session *s, struct view *v);
	/* The view is changed only to keep the cursor visible. */
	void (*draw)(const struct session *s, struct view *v,
		     const struct canvas *c, bool focused);
	/* What %row stands for in the commands of this panel's keys: the
	 * name of the column, rule or run under the cursor, or NULL; valid
	 * until the next call. */
	const char *(*item)(const struct session *s, const struct view *v);
};

extern const struct panel panel_columns, panel_data, panel_cleaning,
	panel_training, panel_weights, panel_runs,
	sheet_column, sheet_describe, sheet_values, sheet_record,
	sheet_faults, sheet_notes, sheet_split,
	sheet_model, sheet_curves, sheet_compare, sheet_weight,
	sheet_dependence, sheet_why, sheet_tries, sheet_worst;
extern const struct panel *const panels[PANELS_AND_SHEETS];
/* Where the keys go: the sheet that is open, or the panel with the focus. */
enum panel_id panel_focused(const struct view *v);

/* Open a sheet over the one that is open; step back out of it; out of all. */
void panel_open(struct view *v, enum panel_id sheet);
void panel_back(struct view *v);
void panel_leave(struct view *v);

/* What panels share (panel.c). */

/* What the keys of one direction move in a panel, and over how many places
 * *n; NULL: nothing. */
size_t *panel_cursor(struct view *v, const struct session *s,
		     enum panel_id panel, bool across, size_t *n);

/*
 * Keep row at of n in sight of a list that is rows high: changes v->top[id] and
 * returns it.
 */
size_t panel_top(struct view *v, enum panel_id id, size_t at, size_t n,
		 int rows);
/* The same for a list that is no panel: *top is its first row. */
size_t list_top(size_t *top, size_t at, size_t n, int rows);
/* The table that belongs to session_source(): NULL while that is being read,
 * though that of the file before may still be there. */
const struct table *panel_table(const struct session *s);
/* Is it a column that stands in no file? */
bool panel_derived(const struct session *s, size_t column);
/* Says that nothing is open, or how far reading is; false: a table is there. */
bool panel_waiting(const struct session *s, const struct canvas *c);
/* The method and those of its options that differ from their defaults. */
enum { METHOD_TEXT = 160 };
void panel_method(char to[METHOD_TEXT], const struct method *method,
		  const struct option_values *options);
/* The newest result as it should be drawn: all dim when it is stale. */
struct canvas panel_canvas(const struct canvas *c, bool stale);

enum { MEASURE_TEXT = 40 };
char *panel_measure(char to[MEASURE_TEXT], double x);	/* "0.968", "–" */
/* Four digits of a number of any size: "4.503", "0.0001207". */
char *panel_figure(char to[MEASURE_TEXT], double x);
char *panel_signed(char to[MEASURE_TEXT], double x, int decimals); /* "+2.80" */
/* The two measures of a result that are told first: "accuracy 0.895", or
 * "recall 0.667" where one class is nearly all, and what
 * ranks it, "mcc 0.809"; of a number "rmse 4.503 MW" and "r2 0.930". */
enum { HEADLINE_TEXT = 80 };
char *panel_headline(char to[HEADLINE_TEXT], const struct result *r);
char *panel_rank(char to[HEADLINE_TEXT], const struct result *r);
/* "finding rows 34 %", "training 5 %", "cleaning"; "" when idle. */
char *panel_work(char to[MEASURE_TEXT], const struct session *s);
/* 100 * part as a whole number that is 0 or 100 only where that is exact. */
int panel_percent(double part);

/* The first line of the screen: it is true at every moment. */
void draw_header(const struct session *s, const struct canvas *c);

#endif
