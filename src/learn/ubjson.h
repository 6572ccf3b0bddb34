/*
 * ubjson.h - reading Universal Binary JSON, the quicker of the two forms in
 * which XGBoost tells its trees; the other has numbers that are no JSON
 *
 * A value is where it stands in a text that somebody else keeps.  What is not
 * there, or not as it should be, is a value of nothing, and an array of none.
 */
#ifndef GEMBA_UBJSON_H
#define GEMBA_UBJSON_H

#include <stddef.h>

struct ubj {
	const unsigned char *at, *end;	/* at is NULL: nothing */
};

/* Numbers of one type side by side, as XGBoost writes them. */
struct ubj_numbers {
	unsigned char type;
	size_t n;
	const unsigned char *data;
};

struct ubj ubj_text(const char *text, size_t size);
/* The member of an object called so. */
struct ubj ubj_member(struct ubj object, const char *name);
/* The elements of an array of values, one after the other; then nothing. */
struct ubj_list {
	struct ubj next;
	size_t left;
};
struct ubj_list ubj_list(struct ubj array);
struct ubj ubj_take(struct ubj_list *list);

struct ubj_numbers ubj_numbers(struct ubj array);
/* Element i, below n. */
double ubj_number(const struct ubj_numbers *numbers, size_t i);

#endif
