/**
 * What the hypervisor says of an instance's disks, and taking one out of a guest. Knows no volume protocol; used by
 * {@code service}.
 */
package dev.reseat.compute.guest;
