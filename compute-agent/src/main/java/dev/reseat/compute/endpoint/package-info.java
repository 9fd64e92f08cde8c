/** The methods this agent offers over RPC: arguments in, result or a failure with Nova's name out. No logic. */
package dev.reseat.compute.endpoint;
