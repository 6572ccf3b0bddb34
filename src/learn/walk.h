/*
 * walk.h - how a walk over all the rows has ended
 */
#ifndef GEMBA_WALK_H
#define GEMBA_WALK_H

enum walk { WALKED, STOPPED, NO_ROOM };

#endif
