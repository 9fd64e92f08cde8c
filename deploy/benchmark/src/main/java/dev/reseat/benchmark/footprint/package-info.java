/**
 * What an installed service of Reseat takes of its host, beside Python's: time to be ready, memory, threads, idle CPU.
 * And how its JVM is trained, so that it takes less.
 */
package dev.reseat.benchmark.footprint;
