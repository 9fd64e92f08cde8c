/**
 * What the kernel of this host says of files and block devices: locks, loop devices, mounts, who has a device open. One
 * reading for every process. Looks and changes nothing; what cannot be seen is a doubt, never a no.
 */
package dev.reseat.host;
