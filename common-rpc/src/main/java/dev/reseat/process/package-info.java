/**
 * The one way to run a program: a list of words with a time limit, never a shell. What a program's output means is
 * known by the room that runs it, not here.
 */
package dev.reseat.process;
