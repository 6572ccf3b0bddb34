/*
 * json.h - what all JSON is made of
 *
 * Each function makes a value of jansson's, which whoever it is put into
 * owns.  Memory does not run out here: what fails becomes nothing.
 */
#ifndef GEMBA_JSON_H
#define GEMBA_JSON_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "base/err.h"

json_t *json_of_number(double x);	/* null: NaN and infinite */
json_t *json_of_count(size_t n);
json_t *json_of_text(const char *text);	/* made harmless if it is no UTF-8;
					 * null: NULL */
json_t *json_of_texts(char *const *text, size_t n);

void json_put(json_t *object, const char *name, json_t *value);
json_t *json_with(const char *name, json_t *value);	/* a new object */

/* On one line, and free it. */
bool json_write(json_t *object, FILE *out, struct err *err);

#endif
