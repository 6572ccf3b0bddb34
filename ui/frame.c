#include "frame.h"

static void draw_border(WINDOW *window, enum tone tone)
{
	wattrset(window, (int)draw_tone(tone));
	if (draw_glyphs() == GLYPHS_ASCII)
		wborder(window, '|', '|', '-', '-', '+', '+', '+', '+');
	else
		box_set(window, NULL, NULL);
	wattrset(window, A_NORMAL);
}

bool frame_begin(struct frame *f, int y, int x, int rows, int columns,
		 enum tone tone)
{
	WINDOW *outer = y >= 0 ? newwin(rows, columns, y, x) : NULL;

	f->border = (struct canvas){ outer, rows, columns, false };
	f->inside = (struct canvas){ NULL, rows - 2, columns - 2, false };
	if (!outer)
		return false;
	draw_border(outer, tone);
	if (f->inside.rows > 0 && f->inside.columns > 0)
		f->inside.window = derwin(outer, rows - 2, columns - 2, 1, 1);
	return true;
}

void frame_end(const struct frame *f)
{
	if (f->inside.window)
		delwin(f->inside.window);
	wnoutrefresh(f->border.window);
	delwin(f->border.window);
}

bool line_begin(int y, struct canvas *line)
{
	*line = (struct canvas){ NULL, 1, COLS, false };
	if (y >= 0 && y < LINES)
		line->window = newwin(1, COLS, y, 0);
	return line->window;
}

void line_end(const struct canvas *line)
{
	wnoutrefresh(line->window);
	delwin(line->window);
}
