/**
 * What a volume-manager asks of, and has committed by, the state service: it has no database of its own. And what it
 * tells Cinder's schedulers. Only {@code service} imports it, and {@code endpoint} its failures.
 */
package dev.reseat.volume.state;
