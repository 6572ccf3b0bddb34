/*
 * sheet-worst.h - the test rows that the newest run tells worst
 */
#ifndef GEMBA_SHEET_WORST_H
#define GEMBA_SHEET_WORST_H

#include "command/command.h"

extern const struct command commands_worst[];

#endif
