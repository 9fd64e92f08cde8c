/**
 * Files on NFS shares. A share is mounted once for all of its volumes, as Nova does it, and a guest opens the file; so
 * who holds a volume is told by the file's locks, and not by the mount.
 */
package dev.reseat.compute.connector.nfs;
