/** The roof of the volume-manager: what starts it and wires it. Imports every room, is imported by none. */
package dev.reseat.volume;
