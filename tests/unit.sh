#!/bin/sh
# Run one unit test.  cmocka says "not ok 3 # SKIP" of a test that is left out,
# which to readers of TAP is a failure.
"$@" | sed 's/^not ok \([0-9]* # SKIP\)/ok \1/'
