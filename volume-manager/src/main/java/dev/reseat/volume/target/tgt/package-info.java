/** Targets of tgtd, a program of user space; worked with through {@code tgtadm}. */
package dev.reseat.volume.target.tgt;
