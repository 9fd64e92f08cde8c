/** What is done now and then by one api-node at a time. */
package dev.reseat.api.store.schedule;
