/*
 * rules.h - the rules by name, for the table in rule.c alone
 */
#ifndef GEMBA_RULES_H
#define GEMBA_RULES_H

#include "clean/rule.h"

extern const struct rule rule_trim;
extern const struct rule rule_replace;
extern const struct rule rule_missing;
extern const struct rule rule_drop_missing;
extern const struct rule rule_drop_duplicates;
extern const struct rule rule_standardize;

#endif
