/*
 * sheet-compare.h - two runs side by side
 */
#ifndef GEMBA_SHEET_COMPARE_H
#define GEMBA_SHEET_COMPARE_H

#include "command/command.h"

extern const struct command commands_compare[];

#endif
