/*
 * transform.h - what the column rules make of a number column
 *
 * Rules write it (clean/), methods read through it (learn/): no second copy of
 * the table is made.
 */
#ifndef GEMBA_TRANSFORM_H
#define GEMBA_TRANSFORM_H

/* x becomes (x - shift) / scale; { 0, 1 } leaves it as it is. */
struct transform {
	double shift, scale;
};

#endif
