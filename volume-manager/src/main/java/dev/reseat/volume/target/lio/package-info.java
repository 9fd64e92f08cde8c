/**
 * Targets of the kernel (LIO): read from its configuration file system, changed through {@code cinder-rtstool} as
 * Cinder's own helper does, under that helper's lock.
 */
package dev.reseat.volume.target.lio;
