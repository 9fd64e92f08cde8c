/** Jobs and their items: what was selected, what may begin, who works on it, what became of it. */
package dev.reseat.api.store.job;
