/*
 * ui.h - the workbench: a session on a screen
 *
 * It runs until the user leaves it.  For tests it runs without a terminal: on
 * a screen that nobody sees, with keys from a file.  Each line of that file is
 * typed when the work that the one before began has ended:
 *
 *	# a comment
 *	:target efficient<Enter>
 *	3<Down><Space>		named keys: <Enter> <Esc> <Tab> <S-Tab> <Space>
 *				<BS> <Up> <Down> <Left> <Right> <Home> <End>
 *				<PgUp> <PgDn> <F1> <C-x> <lt> for the sign <
 *	&x			typed at once, without waiting
 *	!dump shot.txt		a command beside the keys: it clears no message
 *	@40x12			the screen gets another size
 *
 * After the last line the workbench is left.
 */
#ifndef GEMBA_UI_H
#define GEMBA_UI_H

#include <stdbool.h>

struct ui_start {
	const char *file;	/* to open, or NULL */
	bool is_recipe;
	const char *keys;	/* a file of keys, or NULL: the keyboard */
	int rows, columns;	/* with keys; 0: 24 and 80 */
};

/* Make the commands of the screen known, so that help has them, too. */
void ui_commands(void);

/* Returns the exit status. */
int ui_run(const struct ui_start *start);

#endif
