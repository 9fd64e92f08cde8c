/**
 * Volumes that are files or block devices of this host: a loop device on the file, or a lock on it that outlives this
 * process.
 */
package dev.reseat.compute.connector.local;
