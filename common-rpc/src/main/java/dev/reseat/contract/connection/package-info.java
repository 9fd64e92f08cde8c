/**
 * How a host reaches a volume ({@code connection_info}) and how a host describes itself to storage (the connector), as
 * values: parsed once, where they come in. What is not understood is kept and written back.
 */
package dev.reseat.contract.connection;
