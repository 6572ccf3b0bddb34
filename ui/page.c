#include "page.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/text.h"

enum { LABEL = 10, GAP = 4 };

void page_init(struct page *p, const struct canvas *c, bool dry)
{
	*p = (struct page){ .c = c, .dry = dry, .x = 1, .left = 1 };
}

static int end_of(const struct page *p)
{
	return p->c->columns - 1;
}

static void put(struct page *p, enum tone tone, const char *text)
{
	int width = (int)text_width(text);

	if (p->x + width > end_of(p))
		width = end_of(p) - p->x;
	if (!p->dry && width > 0)
		draw_text(p->c, p->y, p->x, width, tone, text);
	if (width > 0)
		p->x += width;
	p->begun = true;
}

static void next_line(struct page *p)
{
	p->y++;
	p->x = p->left;
	p->begun = p->item = false;
}

void page_item(struct page *p, enum tone tone, const char *value,
	       const char *name, bool name_last)
{
	char *safe = text_safe_dup(value), *safe_name = text_safe_dup(name);
	int width = (int)(text_width(safe) + text_width(safe_name)) + 1;
	int gap = p->c->columns < 60 ? 2 : GAP;

	if (p->item && p->x + gap + width > end_of(p))
		next_line(p);
	else if (p->item)
		p->x += gap;
	put(p, name_last ? tone : TONE_DIM, name_last ? safe : safe_name);
	p->x++;
	put(p, name_last ? TONE_DIM : tone, name_last ? safe_name : safe);
	p->item = true;
	free(safe);
	free(safe_name);
}

void page_label(struct page *p, const char *label)
{
	page_line(p);
	if (!p->dry)
		draw_text(p->c, p->y, 1, LABEL - 1, TONE_DIM, label);
	p->left = p->x = 1 + (p->c->columns < 40 ? LABEL - 2 : LABEL);
}

void page_printf(struct page *p, enum tone tone, const char *fmt, ...)
{
	char text[1024], *safe;
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	safe = text_safe_dup(text);
	if (p->item)
		p->x += p->c->columns < 60 ? 2 : GAP;
	if (p->item && p->x + (int)text_width(safe) > end_of(p))
		next_line(p);
	p->item = false;
	put(p, tone, safe);
	free(safe);
}

void page_line(struct page *p)
{
	p->left = 1;
	if (p->begun)
		next_line(p);
	p->x = 1;
}

void page_gap(struct page *p)
{
	if (p->c->rows >= 18)
		p->y++;
}

bool page_full(const struct page *p)
{
	return p->y >= p->c->rows;
}

char *page_number(char to[PAGE_NUMBER], double x, int digits)
{
	const char *minus = x < 0 ? draw_glyph(GLYPH_MINUS) : "";
	double size = fabs(x);

	if (isnan(x))
		snprintf(to, PAGE_NUMBER, "%s", draw_glyph(GLYPH_DASH));
	else if (size == floor(size) && size < 1e9)
		snprintf(to, PAGE_NUMBER, "%s%.0f", size > 0 ? minus : "",
			 size);
	else
		snprintf(to, PAGE_NUMBER, "%s%.*g", minus, digits, size);
	return to;
}

char *page_value(char to[PAGE_NUMBER], const struct column *c, double x,
		 int digits)
{
	char text[WHEN_TEXT];

	if (c->type != COLUMN_TIME)
		return page_number(to, x, digits);
	when_format(x, &c->form, text);
	snprintf(to, PAGE_NUMBER, "%s", text);
	return to;
}

char *page_end(char to[PAGE_NUMBER], const struct column *c, double x,
	       double range)
{
	static const struct when_form days = { .has_date = true };
	char text[WHEN_TEXT];

	if (c->type != COLUMN_TIME || !c->form.has_date ||
	    range < 2 * 24 * 3600.0)
		return page_value(to, c, x, 6);
	when_format(x, &days, text);
	snprintf(to, PAGE_NUMBER, "%s", text);
	return to;
}

char *page_signed(char to[PAGE_NUMBER], double x, int decimals)
{
	snprintf(to, PAGE_NUMBER, "%s%.*f",
		 x < 0 ? draw_glyph(GLYPH_MINUS) : "+", decimals, fabs(x));
	return to;
}

enum glyph page_role(const struct session *s, size_t column)
{
	return s->settings.target == (int)column ? GLYPH_TARGET :
	       settings_uses(&s->settings, column) ? GLYPH_USED :
						     GLYPH_LEFT_OUT;
}

const char *page_mark(const struct session *s, size_t column)
{
	static const char *const letter[ROLES] = { NULL, "i", "t", "g" };
	enum glyph glyph = page_role(s, column);
	enum role role = s->settings.role[column];

	return glyph == GLYPH_LEFT_OUT && role != ROLE_NONE
		? letter[role] : draw_glyph(glyph);
}

const char *page_use(const struct session *s, size_t column)
{
	enum glyph glyph = page_role(s, column);
	enum role role = s->settings.role[column];

	return glyph == GLYPH_TARGET ? "target" :
	       glyph == GLYPH_USED ? "used" :
	       role != ROLE_NONE ? role_name[role] : "left out";
}

enum tone page_role_tone(const struct session *s, size_t column)
{
	return s->settings.target == (int)column ? TONE_WARN :
	       settings_uses(&s->settings, column) ? TONE_GOOD : TONE_DIM;
}
