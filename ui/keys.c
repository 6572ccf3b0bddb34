#include "keys.h"

#include <ctype.h>
#include <curses.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "base/text.h"
#include "grid.h"
#include "notes.h"
#include "panel-runs.h"

/* ---- names ---- */

static const struct {
	const char *name;
	int code;
	const char *bytes;	/* as a terminal sends it */
} names[] = {
	{ "Enter", '\r', "\r" }, { "Enter", '\n', "\n" },
	{ "Enter", KEY_ENTER, "\r" }, { "Esc", '\033', "\033" },
	{ "Tab", '\t', "\t" }, { "S-Tab", KEY_BTAB, "\033[Z" },
	{ "Space", ' ', " " }, { "BS", KEY_BACKSPACE, "\177" },
	{ "BS", '\177', "\177" }, { "BS", '\b', "\b" },
	{ "Del", KEY_DC, "\033[3~" },
	{ "Up", KEY_UP, "\033[A" }, { "Down", KEY_DOWN, "\033[B" },
	{ "Right", KEY_RIGHT, "\033[C" }, { "Left", KEY_LEFT, "\033[D" },
	{ "Home", KEY_HOME, "\033[H" }, { "End", KEY_END, "\033[F" },
	{ "PgUp", KEY_PPAGE, "\033[5~" }, { "PgDn", KEY_NPAGE, "\033[6~" },
	{ "F1", KEY_F(1), "\033OP" }, { "F5", KEY_F(5), "\033[15~" },
};

const char *key_name(int code)
{
	static char name[KEY_NAME];

	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (names[i].code == code)
			return names[i].name;
	name[0] = '\0';
	if (code > 0 && code < ' ')
		snprintf(name, sizeof(name), "Ctrl-%c", code + 'a' - 1);
	else if (code > ' ' && code < 127)
		snprintf(name, sizeof(name), "%c", code);
	return name;
}

int key_code(const char *name, const char **bytes)
{
	static char byte[2];

	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (!strcmp(names[i].name, name)) {
			*bytes = names[i].bytes;
			return names[i].code;
		}
	if (strncmp(name, "C-", 2) || !name[2] || name[3])
		return ERR;
	byte[0] = name[2] & 0x1f;
	*bytes = byte;
	return byte[0];
}

int panel_named(const char *name)
{
	for (int p = 0; p < PANELS_AND_SHEETS; p++)
		if (panels[p] && (!strcasecmp(panels[p]->name, name) ||
				  (p < PANELS && name[0] == '1' + p &&
				   !name[1])))
			return p;
	return -1;
}

const char *panel_word(size_t panel)
{
	static char name[20];
	const char *title = panels[panel]->name;
	size_t i;

	for (i = 0; title[i] && i < sizeof(name) - 1; i++)
		name[i] = (char)tolower((unsigned char)title[i]);
	name[i] = '\0';
	return name;
}

/* ---- the table ---- */

static const struct key table[] = {
	{ PANEL_COLUMNS, "Enter", "show column %row", "open",
	  "all that is known of the column" },
	{ PANEL_COLUMNS, "Space", "toggle %row", "use/leave",
	  "use the column as a feature, or leave it out" },
	{ PANEL_COLUMNS, "T", "target %row", "target",
	  "predict this column" },
	{ PANEL_COLUMNS, "!", "role %row id toggle", NULL,
	  "it is an id, and explains nothing; again: not" },
	{ PANEL_COLUMNS, "t", "type %row ", "type",
	  "say what it is: number, category, text" },
	{ PANEL_COLUMNS, "F", "show values %row", "values",
	  "how often each value of the column is there" },
	{ PANEL_COLUMNS, "I", "show describe", "describe",
	  "all columns in numbers" },
	{ PANEL_COLUMNS, "*", "features %all", NULL,
	  "use all columns, or none" },

	{ PANEL_DATA, "Enter", "show record", "record",
	  "one row: a field a line" },
	{ PANEL_DATA, "/", "find ", "find",
	  "find a pattern in the cells" },
	{ PANEL_DATA, "n", "next hit", NULL, "to the next hit" },
	{ PANEL_DATA, "N", "previous hit", NULL, "to the hit before" },
	{ PANEL_DATA, "&", "filter ", "filter",
	  "show the rows for which a condition holds" },
	{ PANEL_DATA, "=", "filter %same", NULL,
	  "show the rows with the value under the cursor" },
	{ PANEL_DATA, "g&", "filter off", NULL,
	  "take the last filter away" },
	{ PANEL_DATA, "[", "sort %column up toggle", NULL,
	  "sort by the column, the smallest first; again: not" },
	{ PANEL_DATA, "]", "sort %column down toggle", "sort",
	  "sort by the column, the largest first; again: not" },
	{ PANEL_DATA, "z[", "sort %column up add toggle", NULL,
	  "sort by the column as well, the smallest first" },
	{ PANEL_DATA, "z]", "sort %column down add toggle", NULL,
	  "sort by the column as well, the largest first" },
	{ PANEL_DATA, "f", "freeze %column toggle", NULL,
	  "let the columns up to this one stay; again: not" },
	{ PANEL_DATA, "-", "hide %column", NULL, "hide the column" },
	{ PANEL_DATA, "gv", "unhide", NULL, "show all columns again" },
	{ PANEL_DATA, "<", "width %column %narrower", NULL,
	  "make the column narrower" },
	{ PANEL_DATA, ">", "width %column %wider", NULL,
	  "make the column wider" },
	{ PANEL_DATA, "_", "width %column %fit", NULL,
	  "fit the column to what is in sight; again: not" },
	{ PANEL_DATA, "}", "next odd", NULL,
	  "to the next odd cell of the column" },
	{ PANEL_DATA, "{", "previous odd", NULL,
	  "to the odd cell before" },
	{ PANEL_DATA, "y", "copy cell", NULL, "copy the cell" },
	{ PANEL_DATA, "Y", "copy row", NULL, "copy the row" },
	{ PANEL_DATA, "c", "goto ", "go to",
	  "go to a column by its name" },
	{ PANEL_DATA, "Space", "toggle %column", NULL,
	  "use the column as a feature, or leave it out" },
	{ PANEL_DATA, "T", "target %column", NULL,
	  "predict this column" },
	{ PANEL_DATA, "!", "role %column id toggle", NULL,
	  "it is an id, and explains nothing; again: not" },
	{ PANEL_DATA, "t", "type %column ", NULL,
	  "say what it is: number, category, text" },
	{ PANEL_DATA, "*", "features %all", NULL,
	  "use all columns, or none" },

	{ SHEET_COLUMN, "Space", "toggle %row", "use/leave",
	  "use the column as a feature, or leave it out" },
	{ SHEET_COLUMN, "T", "target %row", "target",
	  "predict this column" },
	{ SHEET_COLUMN, "t", "type %row ", "type",
	  "say what it is: number, category, text" },
	{ SHEET_COLUMN, "F", "show values %row", "values",
	  "how often each value of the column is there" },
	{ SHEET_COLUMN, "Enter", "show values %row", NULL, NULL },
	{ SHEET_COLUMN, "l", "move right", "next", "the column after" },
	{ SHEET_COLUMN, "h", "move left", "before", "the column before" },
	{ SHEET_COLUMN, "Esc", "back", "back", NULL },

	{ SHEET_DESCRIBE, "Enter", "show column %row", "open",
	  "all that is known of the column" },
	{ SHEET_DESCRIBE, "Space", "toggle %row", "use/leave",
	  "use the column as a feature, or leave it out" },
	{ SHEET_DESCRIBE, "[", "order up", NULL,
	  "the smallest of these numbers first; again: as in the file" },
	{ SHEET_DESCRIBE, "]", "order down", "largest first",
	  "the largest of these numbers first; again: as in the file" },
	{ SHEET_DESCRIBE, "T", "target %row", NULL,
	  "predict this column" },
	{ SHEET_DESCRIBE, "t", "type %row ", NULL,
	  "say what it is: number, category, text" },
	{ SHEET_DESCRIBE, "F", "show values %row", "values",
	  "how often each value of the column is there" },
	{ SHEET_DESCRIBE, "Esc", "back", "back", NULL },

	{ SHEET_VALUES, "Enter", "drill %expression", "show its rows",
	  "show in Data only the rows that have this value" },
	{ SHEET_VALUES, "&", "drill %expression", NULL, NULL },
	{ SHEET_VALUES, "[", "order up", "by value", "in order of the values" },
	{ SHEET_VALUES, "]", "order down", "by count",
	  "the most frequent value first" },
	{ SHEET_VALUES, "l", "move right", "next", "the column after" },
	{ SHEET_VALUES, "h", "move left", "before", "the column before" },
	{ SHEET_VALUES, "Esc", "back", "back", NULL },

	{ SHEET_RECORD, "l", "move right", "next row", "the row after" },
	{ SHEET_RECORD, "h", "move left", "row before", "the row before" },
	{ SHEET_RECORD, "J", "move right", NULL, NULL },
	{ SHEET_RECORD, "K", "move left", NULL, NULL },
	{ SHEET_RECORD, "Enter", "show column %row", "column",
	  "all that is known of the column" },
	{ SHEET_RECORD, "F", "show values %row", "values",
	  "how often each value of the column is there" },
	{ SHEET_RECORD, "Esc", "back", "back", NULL },

	{ PANEL_COLUMNS, "+", "derive ", "derive",
	  "make a column from others" },
	{ PANEL_DATA, "+", "derive ", NULL,
	  "make a column from others" },
	{ PANEL_DATA, "D", "dialect", NULL,
	  "how the file is written, and change it" },
	{ PANEL_COLUMNS, "D", "dialect", NULL,
	  "how the file is written, and change it" },
	{ PANEL_DATA, "E", "show faults", NULL,
	  "the rows and cells in which something is wrong" },
	{ SHEET_NOTES, "Enter", "take %row", "take it",
	  "do what the line says" },
	{ SHEET_NOTES, "Space", "guard %guard toggle", "guard on/off",
	  "let this guard speak, or be silent" },
	{ SHEET_NOTES, "?", "help %topic", NULL,
	  "the help on this guard" },
	{ SHEET_NOTES, "Esc", "back", "back", NULL },
	{ SHEET_FAULTS, "Enter", "row %expression", "go to it",
	  "go to that row in Data" },
	{ SHEET_FAULTS, "Esc", "back", "back", NULL },
	{ SHEET_DIALECT, "l", "dialect next", "next", "the next value" },
	{ SHEET_DIALECT, "h", "dialect previous", "previous",
	  "the value before" },
	{ SHEET_DIALECT, "Space", "dialect next", NULL, NULL },
	{ SHEET_DIALECT, "Right", "dialect next", NULL, NULL },
	{ SHEET_DIALECT, "Left", "dialect previous", NULL, NULL },
	{ SHEET_DIALECT, "e", "prompt \"dialect %row=\"", "type it",
	  "type the value" },
	{ SHEET_DIALECT, "Enter", "dialect apply", "open it so",
	  "open the file like this" },

	{ SHEET_SPLIT, "l", "resplit next", "next", "the next value" },
	{ SHEET_SPLIT, "h", "resplit previous", "previous",
	  "the value before" },
	{ SHEET_SPLIT, "Space", "resplit next", NULL, NULL },
	{ SHEET_SPLIT, "Right", "resplit next", NULL, NULL },
	{ SHEET_SPLIT, "Left", "resplit previous", NULL, NULL },
	{ SHEET_SPLIT, "e", "prompt \"resplit %row=\"", "type it",
	  "type the value; none takes it away" },
	{ SHEET_SPLIT, "Esc", "back", "back", NULL },
	{ PANEL_TRAINING, "s", "resplit", "split",
	  "choose which rows train and which test" },
	{ PANEL_CLEANING, "s", "resplit", NULL,
	  "choose which rows train and which test" },

	{ PANEL_CLEANING, "Space", "clean %row toggle", "on/off",
	  "use the rule, or do not" },
	{ PANEL_CLEANING, "Enter", "rule", "open",
	  "the rule: its options, and all that it does" },
	{ PANEL_CLEANING, "a", "show rules", "add", "add a rule" },
	{ PANEL_CLEANING, "e", "clean %row %options ", "edit",
	  "edit the options of the rule" },
	{ PANEL_CLEANING, "d", "clean %row delete", "delete",
	  "delete the rule" },
	{ PANEL_CLEANING, "J", "clean %row down", "K move",
	  "let the rule work later" },
	{ PANEL_CLEANING, "K", "clean %row up", NULL,
	  "let the rule work earlier" },
	{ PANEL_CLEANING, "i", "rule help", NULL, "help on the rule" },

	{ SHEET_RULE, "l", "rule next", "next",
	  "the next value; on, off" },
	{ SHEET_RULE, "h", "rule previous", "before",
	  "the value before" },
	{ SHEET_RULE, "Space", "rule next", NULL, NULL },
	{ SHEET_RULE, "Right", "rule next", NULL, NULL },
	{ SHEET_RULE, "Left", "rule previous", NULL, NULL },
	{ SHEET_RULE, "e", "rule edit", "type it", "type the value" },
	{ SHEET_RULE, "Enter", "rule edit", NULL, NULL },
	{ SHEET_RULE, "BS", "rule default", NULL,
	  "the value it has when nobody says" },
	{ SHEET_RULE, "J", "clean %row down", NULL,
	  "let the rule work later" },
	{ SHEET_RULE, "K", "clean %row up", NULL,
	  "let the rule work earlier" },
	{ SHEET_RULE, "a", "show rules", NULL, "add a rule" },
	{ SHEET_RULE, "i", "rule help", "about", "help on the rule" },
	{ SHEET_RULE, "Esc", "back", "back", NULL },

	{ SHEET_RULES, "Enter", "rule add", "add", "add the rule" },
	{ SHEET_RULES, "Space", "rule add", NULL, NULL },
	{ SHEET_RULES, "a", "rule add", NULL, NULL },
	{ SHEET_RULES, "e", "rule edit", "with options",
	  "type its options, then add it" },
	{ SHEET_RULES, "i", "rule help", "about", "help on the rule" },
	{ SHEET_RULES, "Esc", "back", "back", NULL },

	{ PANEL_TRAINING, "m", "choose", "method",
	  "choose a method and its options" },
	{ PANEL_TRAINING, "e", "train %method ", "edit",
	  "edit the options of the method" },

	{ SHEET_METHOD, "Enter", "choose take", "choose",
	  "choose the method; type the value of the option" },
	{ SHEET_METHOD, "Tab", "choose switch", "options",
	  "from the methods to the options, and back" },
	{ SHEET_METHOD, "l", "choose right", "next",
	  "into the options; there the next value" },
	{ SHEET_METHOD, "h", "choose previous", "before",
	  "the value before" },
	{ SHEET_METHOD, ">", "choose more", "<  10 times",
	  "ten times the number" },
	{ SHEET_METHOD, "<", "choose less", NULL,
	  "a tenth of the number" },
	{ SHEET_METHOD, "r", "choose train", "train",
	  "train the method under the cursor" },
	{ SHEET_METHOD, "e", "choose edit", "type it",
	  "type the value of the option; of a method all of them" },
	{ SHEET_METHOD, "d", "choose default", "default",
	  "the value it has when nobody says; of a method all of them" },
	{ SHEET_METHOD, "t", "choose tune", "tune",
	  "type a tune of the method: what is worth a try, to be changed" },
	{ SHEET_METHOD, "?", "choose help", NULL, "help on the method" },
	{ SHEET_METHOD, "BS", "choose default", NULL, NULL },
	{ SHEET_METHOD, "Space", "choose next", NULL, NULL },
	{ SHEET_METHOD, "Right", "choose right", NULL, NULL },
	{ SHEET_METHOD, "Left", "choose previous", NULL, NULL },
	{ SHEET_METHOD, "S-Tab", "choose switch", NULL, NULL },
	{ SHEET_METHOD, "i", "choose help", NULL, NULL },
	{ SHEET_METHOD, "Esc", "choose back", "back", NULL },

	{ PANEL_TRAINING, "C", "show curves", "curves",
	  "ROC, precision-recall, calibration; errors of numbers" },
	{ PANEL_TRAINING, "<", "threshold -0.01", "> threshold",
	  "tell the positive class from a lower probability on" },
	{ PANEL_TRAINING, ">", "threshold +0.01", NULL,
	  "tell it from a higher one on" },
	{ PANEL_TRAINING, "{", "threshold -0.1", NULL,
	  "lower, ten times as far" },
	{ PANEL_TRAINING, "}", "threshold +0.1", NULL,
	  "higher, ten times as far" },
	{ PANEL_TRAINING, "=", "threshold 0.5", NULL,
	  "the usual threshold, 0.5" },
	{ PANEL_TRAINING, "b", "threshold best", NULL,
	  "the best threshold: by costs, or else by mcc" },

	{ SHEET_CURVES, "l", "move right", "next", "the next curve" },
	{ SHEET_CURVES, "h", "move left", "before", "the curve before" },
	{ SHEET_CURVES, "<", "threshold -0.01", "> threshold",
	  "tell the positive class from a lower probability on" },
	{ SHEET_CURVES, ">", "threshold +0.01", NULL,
	  "tell it from a higher one on" },
	{ SHEET_CURVES, "{", "threshold -0.1", NULL,
	  "lower, ten times as far" },
	{ SHEET_CURVES, "}", "threshold +0.1", NULL,
	  "higher, ten times as far" },
	{ SHEET_CURVES, "=", "threshold 0.5", "usual",
	  "the usual threshold, 0.5" },
	{ SHEET_CURVES, "b", "threshold best", "best",
	  "the best threshold: by costs, or else by mcc" },
	{ SHEET_CURVES, "Esc", "back", "back", NULL },

	{ PANEL_RUNS, "Enter", "versus %row", "compare",
	  "hold the run against the one before, or the pinned one" },
	{ PANEL_RUNS, "P", "pin %row", "pin",
	  "hold all runs against this one; again: not" },
	{ PANEL_RUNS, "Space", "mark %row", "mark",
	  "mark the run; v or S joins those that are marked" },
	{ PANEL_RUNS, "v", "train vote runs=%marks", "S vote, stack",
	  "train a vote of the marked runs" },
	{ PANEL_RUNS, "S", "train stack runs=%marks", NULL,
	  "train a stack of the marked runs" },
	{ PANEL_RUNS, "t", "tries %row", NULL,
	  "what the tune of this run has tried" },
	{ PANEL_TRAINING, "t", "tries", NULL,
	  "what the last tune has tried" },
	{ PANEL_TRAINING, "E", "worst", NULL,
	  "the test rows that are told worst" },
	{ SHEET_TRIES, "Enter", "tries train", "train it",
	  "train with these options" },
	{ SHEET_TRIES, "e", "tries type", "type it",
	  "type the training with these options" },
	{ SHEET_TRIES, "Esc", "back", "back", NULL },
	{ SHEET_WORST, "Enter", "inspect %row", "record",
	  "the row: a field a line" },
	{ SHEET_WORST, "e", "inspect %row why", "why",
	  "why the model tells of the row what it tells" },
	{ SHEET_WORST, "Esc", "back", "back", NULL },
	{ SHEET_COMPARE, "Esc", "back", "back", NULL },

	{ PANEL_WEIGHTS, "Enter", "show weight", "all of it",
	  "the weight in all its units, and how sure it is" },
	{ PANEL_WEIGHTS, "v", "units next", "units",
	  "per deviation, unit, quartile range; odds; interval; shuffled" },
	{ PANEL_WEIGHTS, "P", "show dependence %row", "dependence",
	  "what is told as the column changes" },
	{ PANEL_WEIGHTS, "M", "show model", "model", NULL },
	{ PANEL_WEIGHTS, "h", "move left", NULL,
	  "of many classes: the weights of the one before" },
	{ PANEL_WEIGHTS, "l", "move right", "class",
	  "of many classes: the weights of the next one" },
	{ SHEET_MODEL, "Esc", "back", "back", NULL },
	{ SHEET_WEIGHT, "P", "show dependence %row", "dependence",
	  "what is told as the column changes" },
	{ SHEET_WEIGHT, "Esc", "back", "back", NULL },
	{ SHEET_DEPENDENCE, "l", "move right", "next", "the column after" },
	{ SHEET_DEPENDENCE, "h", "move left", "before",
	  "the column before" },
	{ SHEET_DEPENDENCE, "v", "units class", NULL,
	  "of many classes: the next one" },
	{ SHEET_DEPENDENCE, "Enter", "show column %row", "column",
	  "all that is known of the column" },
	{ SHEET_DEPENDENCE, "Esc", "back", "back", NULL },
	{ SHEET_WHY, "l", "move right", "next row", "the row after" },
	{ SHEET_WHY, "h", "move left", "row before", "the row before" },
	{ SHEET_WHY, "P", "show dependence %row", "dependence",
	  "what is told as the column changes" },
	{ SHEET_WHY, "Enter", "show record", "record",
	  "the row: a field a line" },
	{ SHEET_WHY, "Esc", "back", "back", NULL },
	{ PANEL_DATA, "e", "show why", "explain",
	  "why the model tells of the row what it tells" },
	{ SHEET_RECORD, "e", "show why", "explain",
	  "why the model tells of the row what it tells" },
	{ PANEL_DATA, "P", "show dependence %column", NULL,
	  "what is told as the column changes" },
	{ PANEL_COLUMNS, "P", "show dependence %row", NULL,
	  "what is told as the column changes" },
	{ SHEET_COLUMN, "P", "show dependence %row", "dependence",
	  "what is told as the column changes" },

	{ PANEL_ANY, "r", "train", "train", "train, and measure it" },
	{ PANEL_ANY, "m", "choose", NULL,
	  "choose a method and its options" },
	{ PANEL_ANY, "A", "autotrain toggle", NULL,
	  "train by itself after every change, or not" },
	{ PANEL_ANY, "x", "stop keep", "stop",
	  "stop training and keep the model so far" },
	{ PANEL_ANY, "X", "stop abort", "drop",
	  "stop training and drop the model" },
	{ PANEL_ANY, "p", "pause", "pause",
	  "let the training pause, or go on" },
	{ PANEL_ANY, ":", "prompt", "command",
	  "type a command; Tab completes it" },
	{ PANEL_ANY, "?", "help", "help", "this help" },
	{ PANEL_ANY, "F1", "help", NULL, NULL },
	{ PANEL_ANY, "q", "close", "quit",
	  "leave; asks when a training would be lost" },
	{ PANEL_ANY, "Q", "quit", NULL, "leave at once" },
	{ PANEL_ANY, "w", "write ", NULL, "save the choices as a recipe" },
	{ PANEL_ANY, "u", "undo", NULL, "take the last choice back" },
	{ PANEL_ANY, "Ctrl-r", "redo", NULL, "make it again" },
	{ PANEL_ANY, "c", "goto ", NULL, "go to a column by its name" },
	{ PANEL_ANY, "F", "show values %column", NULL,
	  "how often each value of the column is there" },
	{ PANEL_ANY, "I", "show describe", NULL, "all columns in numbers" },
	{ PANEL_ANY, "W", "show notes", NULL,
	  "what the guards found, and what is suggested" },
	{ PANEL_ANY, "C", "show curves", NULL,
	  "the curves of the newest run" },
	{ PANEL_ANY, "M", "show model", NULL,
	  "the model as text: a tree, the members of a vote" },

	{ PANEL_ANY, "Tab", "focus next", NULL, "to the next panel" },
	{ PANEL_ANY, "S-Tab", "focus previous", NULL,
	  "to the panel before" },
	{ PANEL_ANY, "1", "focus columns", NULL, "to the panel Columns" },
	{ PANEL_ANY, "2", "focus data", NULL, "to the panel Data" },
	{ PANEL_ANY, "3", "focus cleaning", NULL, "to the panel Cleaning" },
	{ PANEL_ANY, "4", "focus training", NULL, "to the panel Training" },
	{ PANEL_ANY, "5", "focus weights", NULL, "to the panel Weights" },
	{ PANEL_ANY, "6", "focus runs", NULL, "to the panel Runs" },
	{ PANEL_ANY, "O", "maximise", NULL,
	  "this panel alone, or all of them" },
	{ PANEL_ANY, "Enter", "maximise on", NULL, "this panel alone" },
	{ PANEL_ANY, "Esc", "back", NULL,
	  "step out: of a sheet, to all panels" },
	{ PANEL_ANY, "Z", "hold", NULL,
	  "let the picture stand still, or go on" },

	{ PANEL_ANY, "j", "move down", NULL, "down" },
	{ PANEL_ANY, "k", "move up", NULL, "up" },
	{ PANEL_ANY, "h", "move left", NULL, "left" },
	{ PANEL_ANY, "l", "move right", NULL, "right" },
	{ PANEL_ANY, "Down", "move down", NULL, NULL },
	{ PANEL_ANY, "Up", "move up", NULL, NULL },
	{ PANEL_ANY, "Left", "move left", NULL, NULL },
	{ PANEL_ANY, "Right", "move right", NULL, NULL },
	{ PANEL_ANY, "gg", "move top", NULL, "to the first row" },
	{ PANEL_ANY, "G", "move bottom", NULL,
	  "to the last row; after digits, to the row of that number" },
	{ PANEL_ANY, "Home", "move top", NULL, NULL },
	{ PANEL_ANY, "End", "move bottom", NULL, NULL },
	{ PANEL_ANY, "0", "move first", NULL, "to the first column" },
	{ PANEL_ANY, "$", "move last", NULL, "to the last column" },
	{ PANEL_ANY, "PgDn", "move page-down", NULL, "a page down" },
	{ PANEL_ANY, "PgUp", "move page-up", NULL, "a page up" },
	{ PANEL_ANY, "Ctrl-d", "move page-down", NULL, NULL },
	{ PANEL_ANY, "Ctrl-u", "move page-up", NULL, NULL },
	{ PANEL_ANY, "Ctrl-f", "move page-down", NULL, NULL },
	{ PANEL_ANY, "Ctrl-b", "move page-up", NULL, NULL },

	{ PANEL_ANY, "Ctrl-c", "cancel", NULL,
	  "give up what is typed, or the work that is going on" },
	{ PANEL_ANY, "Ctrl-z", "suspend", NULL,
	  "stop the program; fg goes on" },
	{ PANEL_ANY, "Ctrl-l", "redraw", NULL, "draw the screen anew" },
};

/* What the user has bound; the newest last. */
static struct key *bound;	/* owned, with their texts */
static size_t bound_n;

const struct key *key_nth(size_t n)
{
	if (n < bound_n)
		return &bound[bound_n - 1 - n];
	n -= bound_n;
	return n < ARRAY_LEN(table) ? &table[n] : NULL;
}

/* Bound before built in, and in each this panel's before any panel's. */
const struct key *key_find(enum panel_id panel, const char *name)
{
	const struct key *key, *any = NULL;

	for (size_t n = 0; (key = key_nth(n)); n++) {
		if (n == bound_n && any)
			break;
		if (strcmp(key->name, name))
			continue;
		if (key->panel == (int)panel)
			return key;
		if (key->panel == PANEL_ANY && !any)
			any = key;
	}
	return any;
}

bool key_begins(enum panel_id panel, const char *name)
{
	const struct key *key;
	size_t len = strlen(name);

	for (size_t n = 0; (key = key_nth(n)); n++)
		if ((key->panel == PANEL_ANY || key->panel == (int)panel) &&
		    strlen(key->name) == len + 1 && len == 1 &&
		    !strncmp(key->name, name, len))
			return true;
	return false;
}

bool key_bind(const char *panel, const char *name, const char *command,
	      struct err *err)
{
	int number = strcmp(panel, "any") ? panel_named(panel) : PANEL_ANY;
	const char *bytes;

	if (number < 0)
		return err_set(err, ERR_USAGE, "there is no panel '%.40s'; "
			       "any stands for all of them", panel);
	if (strlen(name) > 2 && strncmp(name, "Ctrl-", 5) &&
	    key_code(name, &bytes) == ERR)
		return err_set(err, ERR_USAGE, "there is no key '%.40s': x, "
			       "gx, Ctrl-x, Space, F1", name);
	bound = mem_grow(bound, bound_n, sizeof(*bound));
	bound[bound_n++] = (struct key){
		.panel = number, .name = mem_strdup(name),
		.command = mem_strdup(command), .help = mem_strdup(command),
	};
	return true;
}

/* ---- what %row stands for ---- */

static char *quoted(const char *text)
{
	return text ? text_quote(text) : NULL;
}

static char *row_name(const struct session *s, const struct view *v)
{
	return quoted(panels[panel_focused(v)]->item(s, v));
}

static char *row_expression(const struct session *s, const struct view *v)
{
	return mem_strdup(panels[panel_focused(v)]->item(s, v));
}

static char *column_name(const struct session *s, const struct view *v)
{
	return v->column < session_columns(s)
		? quoted(session_name(s, v->column)) : NULL;
}

static char *rule_options(const struct session *s, const struct view *v)
{
	size_t at = v->at[PANEL_CLEANING];

	return at < s->settings.rules
		? options_format(&s->settings.rule[at].options, false) : NULL;
}

static char *method_words(const struct session *s, const struct view *v)
{
	const struct method *method = s->settings.method;
	char *options, *words;

	(void)v;
	if (!method)
		return mem_strdup("logistic");
	options = options_format(&s->settings.method_options, false);
	words = mem_printf("%s%s%s", method->name, *options ? " " : "",
			   options);
	free(options);
	return words;
}

/* "none" when every column that "all" would choose is chosen. */
static char *all_or_none(const struct session *s, const struct view *v)
{
	bool all = true;

	(void)v;
	for (size_t c = 0; s->table && c < s->table->columns; c++)
		if (settings_by_all(&s->settings, c) &&
		    (int)c != s->settings.target)
			all &= s->settings.feature[c];
	return mem_strdup(all ? "none" : "all");
}

/* A quarter wider or narrower than it is now. */
static char *other_width(const struct session *s, const struct view *v,
			 bool wider)
{
	int width, step;

	if (v->column >= session_columns(s))
		return NULL;
	width = grid_width(s, v->column);
	step = width / 4 > 0 ? width / 4 : 1;
	width += wider ? step : -step;
	return mem_printf("%d", width > 0 ? width : 1);
}

static char *narrower(const struct session *s, const struct view *v)
{
	return other_width(s, v, false);
}

static char *wider(const struct session *s, const struct view *v)
{
	return other_width(s, v, true);
}

/* The condition that holds for the cell under the cursor and its like. */
static char *same_value(const struct session *s, const struct view *v)
{
	return panel_table(s) ? looks_same(s, v->column, grid_row(s, v))
			      : NULL;
}

/* All that is in sight of the column; where a width is set, none. */
static char *fit(const struct session *s, const struct view *v)
{
	const struct look *look = grid_look(s);

	if (v->column >= look->columns || look->width[v->column])
		return mem_strdup("auto");
	return mem_printf("%d", grid_fitting(s, v->column));
}

static char *note_guard(const struct session *s, const struct view *v)
{
	const struct guard *guard = notes_guard(s, v->at[SHEET_NOTES]);

	return guard ? mem_strdup(guard->code) : NULL;
}

static char *note_topic(const struct session *s, const struct view *v)
{
	char *guard = note_guard(s, v);

	return guard ? guard : mem_strdup("notes");
}

static const struct {
	const char *name;
	char *(*say)(const struct session *s, const struct view *v);
	const char *without;	/* what to do where there is none, or NULL */
} stands_for[] = {
	{ "%row", row_name, NULL }, { "%column", column_name, NULL },
	{ "%options", rule_options, NULL }, { "%method", method_words, NULL },
	{ "%all", all_or_none, NULL }, { "%narrower", narrower, NULL },
	{ "%wider", wider, NULL }, { "%fit", fit, NULL },
	{ "%expression", row_expression, NULL },
	{ "%marks", runs_marked, "mark two runs or more with Space first; they "
	  "are joined then" },
	{ "%same", same_value, NULL },
	{ "%guard", note_guard, NULL }, { "%topic", note_topic, NULL },
};

/* The text that begins with a name of the list: its value, and its length. */
static char *value_of(const struct session *s, const struct view *v,
		      const char *text, size_t *len, struct err *err)
{
	for (size_t i = 0; i < ARRAY_LEN(stands_for); i++) {
		char *value;

		*len = strlen(stands_for[i].name);
		if (strncmp(text, stands_for[i].name, *len))
			continue;
		value = stands_for[i].say(s, v);
		if (!value)
			err_set(err, ERR_USAGE, "%s", stands_for[i].without ?
				stands_for[i].without :
				"nothing is under the cursor");
		return value;
	}
	*len = 1;
	return mem_strndup(text, 1);
}

char *key_expand(const struct session *s, const struct view *v,
		 const char *command, struct err *err)
{
	char *all = mem_strdup("");

	while (*command) {
		size_t len = strcspn(command, "%");
		char *value = len ? mem_strndup(command, len) :
				    value_of(s, v, command, &len, err);
		char *longer;

		if (!value) {
			free(all);
			return NULL;
		}
		/* Where a value is empty one blank is enough. */
		if (*value == ' ' && *all && all[strlen(all) - 1] == ' ')
			memmove(value, value + 1, strlen(value));
		longer = mem_printf("%s%s", all, value);
		free(value);
		free(all);
		all = longer;
		command += len;
	}
	return all;
}
