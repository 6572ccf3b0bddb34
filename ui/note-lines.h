/*
 * note-lines.h - the lines of the sheet of notes, for one width
 *
 * Texts are broken into lines; where the longest deed and its command do not
 * stand beside each other the command stands below.  All are made before one is
 * drawn, so that it is known which are in sight.
 */
#ifndef GEMBA_NOTE_LINES_H
#define GEMBA_NOTE_LINES_H

#include "draw.h"
#include "notes.h"

enum { NO_STOP = -1, SCORE_WIDTH = 6 };
/* With fewer columns the lines begin at the left, and commands stand below. */
enum { NARROW = 60 };

enum line_kind { LINE_TEXT, LINE_HEAD, LINE_SCORE, LINE_STOP };

struct line {
	enum line_kind kind;
	enum tone tone;
	char *text;			/* owned */
	const char *command;		/* borrowed, behind the text, or NULL */
	const struct warning *finding;	/* of a head or a score */
	bool then;			/* the other score */
	int indent;
	int stop;			/* its number, or NO_STOP */
};

struct lines {
	const struct session *session;
	struct notes notes;
	int columns;
	int deeds;		/* columns that the longest deed takes */
	int labels;		/* and the longest name of a score */
	int score_name;		/* and "mcc"; 0: there is no room */
	size_t n;
	struct line *line;	/* owned */
};

/* The session and its notes are borrowed until note_lines_clear(). */
void note_lines_init(struct lines *lines, const struct session *s, int columns);
void note_lines_clear(struct lines *lines);

#endif
