/**
 * Volumes behind iSCSI targets, connected by open-iscsi and the kernel. After os-brick's connector: its commands, its
 * order, its lock; what the kernel says is read from sysfs, where an empty list cannot be a program's failure.
 */
package dev.reseat.compute.connector.iscsi;
