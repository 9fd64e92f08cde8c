/**
 * Volumes as logical volumes of this host, worked with through LVM's programs and opened to hosts by an iSCSI target
 * program.
 */
package dev.reseat.volume.driver.lvm;
