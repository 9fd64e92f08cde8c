/**
 * The HTTP door: one server, what every request passes before a resource answers it, and how refusals look. Resources
 * live in the rooms below, one per API form; they reach the flows through service and know no HTTP library.
 */
package dev.reseat.api.rest;
