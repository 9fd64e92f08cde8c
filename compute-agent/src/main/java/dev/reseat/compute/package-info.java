/** The roof of the compute-agent: what starts it and wires it. Imports every room, is imported by none. */
package dev.reseat.compute;
