/*
 * sheet-dialect.h - the sheet on which one says how the file is written
 */
#ifndef GEMBA_SHEET_DIALECT_H
#define GEMBA_SHEET_DIALECT_H

#include "command/command.h"
#include "panel.h"

extern const struct panel sheet_dialect;
extern const struct command commands_dialect[];

/* Close what is tried. */
void dialect_forget(void);

#endif
