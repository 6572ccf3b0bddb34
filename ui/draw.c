/*
 * draw.c - text, colours and glyphs in a window
 *
 * Colours are pairs on the terminal's own background, three for each tone: as
 * it is, on the row under the cursor, and on that row while the panel does not
 * have the focus.
 */
#include "draw.h"

#include <langinfo.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "base/mem.h"
#include "base/text.h"

/* The longest text that is drawn at once, in bytes; screens are narrower. */
enum { DRAWN_MAX = 4096 };

/* How many colours are shown: none, the terminal's 8 or 16, or 256. */
static enum { COLOURS_NONE, COLOURS_8, COLOURS_16, COLOURS_256 } colours;
static enum glyphs tier;
static bool utf8;

/* ---- tones ---- */

/*
 * A foreground for 256 colours, one for 16 and one for 8; -1 is the
 * terminal's own.  The first eight are left to the user's theme, which makes
 * them readable on light and on dark.  mono is what stands for the colour
 * where there is none.
 */
static const struct {
	short many, some, few;
	attr_t bold;
	attr_t mono;
} tones[TONES] = {
	[TONE_PLAIN]	= { -1, -1, -1, A_NORMAL, A_NORMAL },
	[TONE_STRONG]	= { -1, -1, -1, A_BOLD, A_BOLD },
	[TONE_DIM]	= { 245, 8, -1, A_NORMAL, A_DIM },
	[TONE_ACCENT]	= { 6, 6, 6, A_BOLD, A_BOLD },
	[TONE_GOOD]	= { 2, 2, 2, A_NORMAL, A_NORMAL },
	[TONE_BAD]	= { 1, 1, 1, A_BOLD, A_BOLD },
	[TONE_WARN]	= { 3, 3, 3, A_NORMAL, A_UNDERLINE },
	[TONE_UP]	= { 33, 12, 4, A_NORMAL, A_NORMAL },
	[TONE_DOWN]	= { 208, 11, 3, A_NORMAL, A_NORMAL },
	[TONE_VALUES]	= { 6, 6, 6, A_NORMAL, A_NORMAL },
	[TONE_FOUND]	= { 11, 11, 3, A_BOLD | A_UNDERLINE,
			    A_BOLD | A_UNDERLINE },
	[TONE_CELL]	= { 6, 6, 6, A_BOLD, A_BOLD | A_REVERSE },
	[TONE_HEADER]	= { 15, 15, 7, A_NORMAL, A_REVERSE },
	[TONE_HEADER_STRONG] = { 15, 15, 7, A_BOLD, A_REVERSE | A_BOLD },
};

static short foreground(enum tone tone)
{
	return colours == COLOURS_256 ? tones[tone].many :
	       colours == COLOURS_16 ? tones[tone].some : tones[tone].few;
}

/*
 * On the grey of the cursor's row the terminal's own foreground may not be
 * seen, so that row has its own.
 */
static short on_grey(enum tone tone)
{
	if (tone == TONE_DIM)
		return colours == COLOURS_256 ? 249 : 7;
	return foreground(tone) < 0 ? 15 : foreground(tone);
}

static void init_pairs(void)
{
	short focused = colours == COLOURS_256 ? 239 : 8;
	short unfocused = colours == COLOURS_256 ? 236 : 8;
	short header = colours == COLOURS_256 ? 24 : 4;

	for (short t = 0; t < TONES; t++) {
		init_pair((short)(1 + t), foreground((enum tone)t),
			  t >= TONE_HEADER ? header : -1);
		if (colours == COLOURS_8)
			continue;
		init_pair((short)(1 + TONES + t), on_grey((enum tone)t),
			  focused);
		init_pair((short)(1 + 2 * TONES + t), on_grey((enum tone)t),
			  unfocused);
	}
}

void draw_init(void)
{
	const char *refused = getenv("NO_COLOR");
	const char *term = getenv("TERM");

	utf8 = !strcmp(nl_langinfo(CODESET), "UTF-8");
	/* The Linux console has letters and box lines but neither marks nor
	 * eighths. */
	tier = !utf8 || (term && !strcmp(term, "linux")) ? GLYPHS_ASCII :
							   GLYPHS_BRAILLE;
	colours = COLOURS_NONE;
	if ((refused && *refused) || !has_colors() || start_color() == ERR ||
	    use_default_colors() == ERR || COLOR_PAIRS < 1 + TONES)
		return;
	if (COLOR_PAIRS > 3 * TONES && COLORS >= 16)
		colours = COLORS >= 256 ? COLOURS_256 : COLOURS_16;
	else
		colours = COLOURS_8;
	init_pairs();
}

attr_t draw_tone(enum tone tone)
{
	attr_t few = A_NORMAL;

	if (colours == COLOURS_NONE)
		return tones[tone].mono;
	/* Eight colours have no grey. */
	if (colours == COLOURS_8 && tone == TONE_DIM)
		few = A_DIM;
	return (attr_t)COLOR_PAIR(1 + (int)tone) | tones[tone].bold | few;
}

/* ---- glyphs ---- */

void draw_set_glyphs(enum glyphs glyphs)
{
	tier = utf8 ? glyphs : GLYPHS_ASCII;
}

enum glyphs draw_glyphs(void)
{
	return tier;
}

const char *draw_glyph(enum glyph glyph)
{
	static const char *const mark[GLYPH_MARKS][2] = {
		[GLYPH_TARGET]	 = { "★", "*" },
		[GLYPH_USED]	 = { "✓", "+" },
		[GLYPH_LEFT_OUT] = { "·", "." },
		[GLYPH_CURSOR]	 = { "▸", ">" },
		[GLYPH_DOT]	 = { "·", "." },
		[GLYPH_ON]	 = { "●", "o" },
		[GLYPH_ALERT]	 = { "!", "!" },
		[GLYPH_BEST]	 = { "★", "*" },
		[GLYPH_MINUS]	 = { "−", "-" },
		[GLYPH_DASH]	 = { "–", "-" },
		[GLYPH_TIMES]	 = { "×", "x" },
		[GLYPH_MORE]	 = { "…", "~" },
		[GLYPH_AXIS]	 = { "│", "|" },
		[GLYPH_RISING]	 = { "▲", "^" },
		[GLYPH_FALLING]	 = { "▼", "v" },
		[GLYPH_HIDDEN]	 = { "┊", ":" },
		[GLYPH_TO]	 = { "→", "->" },
		[GLYPH_LINE]	 = { "─", "-" },
		[GLYPH_LEVEL]	 = { "┈", "." },
		[GLYPH_WEAK]	 = { "░", ":" },
		[GLYPH_MIDDLE]	 = { "━", "=" },
		[GLYPH_MEDIAN]	 = { "╋", "|" },
		[GLYPH_FULL]	 = { "█", "#" },
		[GLYPH_MIXED]	 = { "▒", "+" },
		[GLYPH_PLUS_MINUS] = { "±", "+-" },
	};

	return mark[glyph][tier == GLYPHS_ASCII];
}

/* ---- text ---- */

/* In a locale that is not UTF-8: what has no ASCII likeness becomes '?'. */
static char *without_utf8(char *text)
{
	static const char *const like[] = { "−-", "–-", "×x", "…~" };
	char *to = text;

	for (const char *s = text; *s; ) {
		size_t n = 1;
		char c = *s;

		if ((unsigned char)c >= 0x80) {
			while ((s[n] & 0xc0) == 0x80)
				n++;
			c = '?';
			for (size_t i = 0; i < ARRAY_LEN(like); i++)
				if (!strncmp(like[i], s, n))
					c = like[i][n];
		}
		*to++ = c;
		s += n;
	}
	*to = '\0';
	return text;
}

/*
 * Harmless text that fits into width columns, the more-sign at its end if it
 * was cut.  Returns where in safe it begins.
 */
static char *fit(char safe[DRAWN_MAX], const char *text, int width, int *used)
{
	const char *more = draw_glyph(GLYPH_MORE);
	size_t room = (size_t)width, columns, bytes;
	char *s = safe;

	text_safe(safe, DRAWN_MAX - sizeof("…"), text,
		  strnlen(text, DRAWN_MAX));
	/* Marks with nothing before them would change the cell at the left. */
	s += text_fit(s, 0, NULL);
	bytes = text_fit(s, room, &columns);
	if (s[bytes]) {
		bytes = text_fit(s, room - 1, &columns);
		memcpy(s + bytes, more, strlen(more) + 1);
		columns++;
	}
	*used = (int)columns;
	return utf8 ? s : without_utf8(s);
}

/* What draw_text() and draw_right() share; extra is added to the tone. */
static int put(const struct canvas *c, int y, int x, int width, bool right,
	       attr_t attr, const char *text)
{
	char safe[DRAWN_MAX];
	int used;

	if (width > c->columns - x)
		width = c->columns - x;
	if (y < 0 || y >= c->rows || x < 0 || width <= 0)
		return 0;
	text = fit(safe, text, width, &used);
	if (right)
		x += width - used;
	wattrset(c->window, (int)attr);
	mvwaddstr(c->window, y, x, text);
	wattrset(c->window, A_NORMAL);
	return used;
}

static attr_t tone_in(const struct canvas *c, enum tone tone)
{
	return draw_tone(c->stale && tone < TONE_HEADER ? TONE_DIM : tone);
}

int draw_text(const struct canvas *c, int y, int x, int width, enum tone tone,
	      const char *text)
{
	return put(c, y, x, width, false, tone_in(c, tone), text);
}

int draw_right(const struct canvas *c, int y, int x, int width, enum tone tone,
	       const char *text)
{
	return put(c, y, x, width, true, tone_in(c, tone), text);
}

int draw_printf(const struct canvas *c, int y, int x, int width, enum tone tone,
		const char *fmt, ...)
{
	char text[1024];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	return draw_text(c, y, x, width, tone, text);
}

/* ---- bars and curves ---- */

static const char *const across[8] = { "", "▏", "▎", "▍", "▌", "▋", "▊", "▉" };

/* A part that is not 0 is seen; a part that is not whole is not full. */
static int eighths(double part, int width)
{
	double all = 8.0 * width;

	if (!(part > 0) || width <= 0)
		return 0;
	if (part >= 1)
		return 8 * width;
	return (int)fmin(fmax(round(part * all), 1), all - 1);
}

/* n full columns as text; the caller's buffer holds at least DRAWN_MAX. */
static void full(char *text, int n)
{
	const char *block = tier == GLYPHS_ASCII ? "#" : "█";
	size_t len = strlen(block), at = 0;

	while (n-- > 0 && at + len < DRAWN_MAX - sizeof("…")) {
		memcpy(text + at, block, len);
		at += len;
	}
	text[at] = '\0';
}

void draw_bar(const struct canvas *c, int y, int x, int width, enum tone tone,
	      double part)
{
	char text[DRAWN_MAX];
	int n = eighths(part, width), rest = n % 8;

	full(text, n / 8);
	if (tier == GLYPHS_ASCII)
		text_append(text, sizeof(text), "%s", rest > 2 ? "#" :
			    rest ? "|" : "");
	else
		text_append(text, sizeof(text), "%s", across[rest]);
	draw_text(c, y, x, width, tone, text);
}

/* Of the blocks that begin at the right edge there are an eighth and a half. */
void draw_bar_left(const struct canvas *c, int y, int x, int width,
		   enum tone tone, double part)
{
	char text[DRAWN_MAX];
	int n = eighths(part, width), rest = n % 8;
	int whole = n / 8 + (rest > 6);
	bool ascii = tier == GLYPHS_ASCII;

	full(text, whole);
	draw_text(c, y, x + width - whole, whole, tone, text);
	if (rest > 2 && rest <= 6)
		draw_text(c, y, x + width - whole - 1, 1, tone,
			  ascii ? "#" : "▐");
	else if (rest > 0 && rest <= 2)
		draw_text(c, y, x + width - whole - 1, 1, tone,
			  ascii ? "|" : "▕");
}

/* The mean of the i-th of parts equal stretches of n values; NaN counts 0. */
static double stretch(const double *value, size_t n, size_t i, size_t parts)
{
	size_t from = i * n / parts, to = (i + 1) * n / parts;
	double sum = 0;

	for (size_t k = from; k < to; k++)
		sum += value[k] > 0 ? value[k] : 0;
	return to > from ? sum / (double)(to - from) : 0;
}

/* Heights of 0 to top: what is there is never 0. */
static int height(double value, double largest, int top)
{
	if (!(value > 0) || !(largest > 0))
		return 0;
	return (int)fmax(1, round(value / largest * top));
}

/* Two columns of 0 to 4 dots as one sign of braille, U+2800 and up. */
static void braille(char utf[4], int left, int right)
{
	static const unsigned char dots[2][5] = {
		{ 0x00, 0x40, 0x44, 0x46, 0x47 },
		{ 0x00, 0x80, 0xa0, 0xb0, 0xb8 },
	};
	unsigned sign = dots[0][left] | dots[1][right];

	utf[0] = (char)0xe2;
	utf[1] = (char)(0xa0 | sign >> 6);
	utf[2] = (char)(0x80 | (sign & 0x3f));
	utf[3] = '\0';
}

static const char *column_of(int eighth)
{
	static const char *const up[9] = { " ", "▁", "▂", "▃", "▄", "▅", "▆",
					   "▇", "█" };
	static const char *const ascii[9] = { " ", "_", ".", "-", "=", "+",
					      "*", "%", "#" };

	return tier == GLYPHS_ASCII ? ascii[eighth] : up[eighth];
}

void draw_spark(const struct canvas *c, int y, int x, int width, enum tone tone,
		const double *value, size_t n)
{
	size_t room = width > 0 ? (size_t)width : 0, parts;
	bool pairs = tier == GLYPHS_BRAILLE && n > room;
	char text[DRAWN_MAX] = "";
	double largest = 0;

	if (room > DRAWN_MAX / 4)
		room = DRAWN_MAX / 4;
	parts = pairs ? 2 * room : room;
	if (parts > n)
		parts = n;
	for (size_t i = 0; i < parts; i++)
		largest = fmax(largest, stretch(value, n, i, parts));
	for (size_t i = 0; i < parts; i += pairs ? 2 : 1) {
		double a = stretch(value, n, i, parts);
		double b = i + 1 < parts ? stretch(value, n, i + 1, parts) : 0;
		char utf[4];

		braille(utf, height(a, largest, 4), height(b, largest, 4));
		text_append(text, sizeof(text), "%s", pairs ? utf :
			    column_of(height(a, largest, 8)));
	}
	draw_text(c, y, x, width, tone, text);
}

void draw_columns(const struct canvas *c, int y, int x, int rows, int width,
		  enum tone tone, const double *part, const bool *weak,
		  size_t n)
{
	for (size_t i = 0; i < n; i++) {
		int left = eighths(part[i], rows);
		bool dots = weak && weak[i];

		for (int row = y + rows - 1; left > 0; row--, left -= 8)
			for (int k = 0; k < width; k++)
				draw_text(c, row, x + (int)i * width + k, 1,
					  dots ? TONE_DIM : tone,
					  dots ? draw_glyph(GLYPH_WEAK) :
					  column_of(left < 8 ? left : 8));
	}
}

void draw_repeat(const struct canvas *c, int y, int x, int width,
		 enum tone tone, enum glyph glyph)
{
	for (int k = 0; k < width; k++)
		draw_text(c, y, x + k, 1, tone, draw_glyph(glyph));
}

/* ---- the cursor ---- */

/* How a cell looks in the row under the cursor. */
static void on_cursor(attr_t *attr, short *pair, bool focused)
{
	*attr &= ~A_COLOR;
	if (colours == COLOURS_256 || (colours == COLOURS_16 && focused)) {
		if (*pair > TONES)
			return;		/* it has been marked already */
		*pair = (short)((*pair ? *pair : 1) +
				(focused ? TONES : 2 * TONES));
	} else if (focused) {
		*attr ^= A_REVERSE;
		*pair = 0;
	} else {
		*attr |= A_BOLD;
	}
}

void draw_cursor(const struct canvas *c, int y, bool focused)
{
	int wide = 1;

	if (y < 0 || y >= c->rows)
		return;
	/* Each sign is written anew: to change only the attributes would tear
	 * those that take two columns. */
	for (int x = 0; x < c->columns; x += wide) {
		wchar_t text[CCHARW_MAX + 1] = L"";
		cchar_t cell;
		attr_t attr;
		short pair;

		if (mvwin_wch(c->window, y, x, &cell) == ERR ||
		    getcchar(&cell, text, &attr, &pair, NULL) == ERR)
			return;
		wide = wcwidth(text[0]) > 1 ? wcwidth(text[0]) : 1;
		on_cursor(&attr, &pair, focused);
		setcchar(&cell, text, attr, pair, NULL);
		mvwadd_wch(c->window, y, x, &cell);
	}
}
