/*
 * sheet-tries.h - what a tune has tried
 */
#ifndef GEMBA_SHEET_TRIES_H
#define GEMBA_SHEET_TRIES_H

#include "command/command.h"

extern const struct command commands_tries[];

#endif
