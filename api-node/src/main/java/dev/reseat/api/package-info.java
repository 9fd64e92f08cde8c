/** The roof of the api-node: what starts it and wires it. Imports every room, is imported by none. */
package dev.reseat.api;
