/**
 * Ceph images. A guest opens them itself, by librbd, so there is nothing to connect on the host; what the kernel has
 * mapped beside that is looked at.
 */
package dev.reseat.compute.connector.rbd;
