/** Disks and multipath maps of this host, for the connectors whose volumes are such. Nothing here is ever forced. */
package dev.reseat.compute.block;
