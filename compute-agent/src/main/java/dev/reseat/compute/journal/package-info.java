/** What this host has begun to take down, on disk before it is touched. Used by {@code service}; holds no secrets. */
package dev.reseat.compute.journal;
