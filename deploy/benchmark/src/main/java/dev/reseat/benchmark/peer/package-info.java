/**
 * One side of one contender in a process of its own, told by lines of JSON what to do. Knows nothing of rounds and
 * tables; may be imported by nobody.
 */
package dev.reseat.benchmark.peer;
