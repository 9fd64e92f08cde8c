/**
 * Guests of libvirt, through {@code virsh}: a child process can be given up, a call into a library that hangs cannot.
 * Wired by {@code LibvirtModule}; nobody else imports it.
 */
package dev.reseat.compute.guest.libvirt;
