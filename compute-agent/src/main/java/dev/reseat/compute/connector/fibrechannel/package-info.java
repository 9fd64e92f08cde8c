/** Logical units behind Fibre Channel ports, which are disks of this host; known by where they are, and not by name. */
package dev.reseat.compute.connector.fibrechannel;
