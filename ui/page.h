/*
 * page.h - lines of text that flow
 *
 * A sheet says things one after the other; how many lines they take depends on
 * the width.  A page that is dry draws nothing: it measures.
 */
#ifndef GEMBA_PAGE_H
#define GEMBA_PAGE_H

#include <stdbool.h>
#include <stddef.h>

#include "command/session.h"
#include "draw.h"

struct page {
	const struct canvas *c;
	bool dry;
	int y, x;		/* where the next word stands */
	int left;		/* where the lines begin */
	bool begun;		/* something stands on this line */
	bool item;		/* and it was an item */
};

void page_init(struct page *p, const struct canvas *c, bool dry);
/* "10,000 values" or "min 3.8": a value and its dim name, on the next line if
 * this one is full. */
void page_item(struct page *p, enum tone tone, const char *value,
	       const char *name, bool name_last);
/* "alone    ": a dim word at the left; what follows stands to its right. */
void page_label(struct page *p, const char *label);
void page_printf(struct page *p, enum tone tone, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
/* End the line, if it was begun. */
void page_line(struct page *p);
/* A line with nothing on it, where there is room for such. */
void page_gap(struct page *p);
bool page_full(const struct page *p);

/* What a number is on a screen: so many digits, with the minus sign. */
enum { PAGE_NUMBER = 40 };
char *page_number(char to[PAGE_NUMBER], double x, int digits);
/* The same for what stands in a column: a time is written as one. */
char *page_value(char to[PAGE_NUMBER], const struct column *c, double x,
		 int digits);
/* The same where there is little room: of times that far apart, the day. */
char *page_end(char to[PAGE_NUMBER], const struct column *c, double x,
	       double range);
char *page_signed(char to[PAGE_NUMBER], double x, int decimals);

/* The mark of a column: target, used, a letter for its role, left out; and in a
 * word. */
const char *page_mark(const struct session *s, size_t column);
const char *page_use(const struct session *s, size_t column);
enum glyph page_role(const struct session *s, size_t column);
enum tone page_role_tone(const struct session *s, size_t column);

#endif
