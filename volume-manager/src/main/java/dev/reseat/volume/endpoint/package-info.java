/**
 * The volume service as callers see it: which methods there are, and what their failures are called. No logic; each
 * method is one call into {@code service}.
 */
package dev.reseat.volume.endpoint;
