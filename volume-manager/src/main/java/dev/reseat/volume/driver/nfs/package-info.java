/**
 * Volumes as files on NFS shares that cinder-volume has mounted on this host. Whoever mounts a share is in; the locks
 * of other hosts do not show here.
 */
package dev.reseat.volume.driver.nfs;
