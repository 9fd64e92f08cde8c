/**
 * Namespaces of NVMe over Fabrics. The controller of a subsystem is shared by all of its namespaces on this host, and a
 * namespace comes and goes by what the storage does: the host can let go of controllers only.
 */
package dev.reseat.compute.connector.nvmeof;
