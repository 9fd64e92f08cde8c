/** Nova's cells: which there are, by Nova's API database, and the database of each. */
package dev.reseat.api.store.cell;
