/**
 * Volumes as images of a Ceph pool, worked with through the programs {@code rbd} and {@code ceph}: a child process can
 * be given up, a call into librbd that hangs cannot.
 */
package dev.reseat.volume.driver.rbd;
