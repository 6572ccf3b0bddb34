/*
 * rules.h - the rules by name, for the table in rule.c alone
 */
#ifndef GEMBA_RULES_H
#define GEMBA_RULES_H

#include "clean/rule.h"

extern const struct rule rule_drop_missing;
extern const struct rule rule_drop_duplicates;
extern const struct rule rule_drop_constant;
extern const struct rule rule_outliers;
extern const struct rule rule_impute;
extern const struct rule rule_rare;
extern const struct rule rule_log;
extern const struct rule rule_standardize;
extern const struct rule rule_minmax;
extern const struct rule rule_robust;

#endif
