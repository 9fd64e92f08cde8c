/**
 * What the methods of the volume service do, in which order, under which lock. Knows drivers by their interfaces only
 * and nothing of messages; imported by {@code endpoint}.
 */
package dev.reseat.volume.service;
