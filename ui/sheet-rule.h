/*
 * sheet-rule.h - the sheets of rules: one of them, and all that can be added
 */
#ifndef GEMBA_SHEET_RULE_H
#define GEMBA_SHEET_RULE_H

#include "command/command.h"
#include "panel.h"

extern const struct panel sheet_rule, sheet_rules;
extern const struct command commands_rule[];

/* The rule on the line under the cursor of the sheet Rules, or NULL. */
const struct rule *rules_chosen(const struct view *v);

/* Let the cursor of Cleaning stand on the i-th rule (panel-cleaning.c). */
void cleaning_go(const struct session *s, struct view *v, size_t i);

#endif
