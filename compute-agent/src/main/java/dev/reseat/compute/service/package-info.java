/**
 * What the agent does when it is asked: the order of steps, one lock per volume, the journal around them. Knows neither
 * message formats nor commands; used by {@code endpoint}.
 */
package dev.reseat.compute.service;
