/**
 * The flows: what is checked, in which order things are done, and what is undone when a step fails. No HTTP, no SQL, no
 * wire format; rest and conductor call in, remote and store are called.
 */
package dev.reseat.api.service;
