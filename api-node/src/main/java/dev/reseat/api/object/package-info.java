/** Rows as the versioned objects that travel: one direction, from {@code model} to {@code contract}. */
package dev.reseat.api.object;
