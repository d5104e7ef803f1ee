#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# A program under another clock, in the words of faketime: clock.sh -f CLOCK PROGRAM ARGUMENT...
# faketime names what it shares with the program by its process id, and ends where a run that was killed left such a
# name behind. The process is the same one after exec, so that what bears its id here is nobody's.
rm -f "/dev/shm/sem.faketime_sem_$$" "/dev/shm/faketime_shm_$$"
exec faketime "$@"
