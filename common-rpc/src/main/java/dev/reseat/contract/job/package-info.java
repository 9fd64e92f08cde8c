/** Bulk repairs over RPC: what other services may ask for on {@code reseat-api}, and the work queue. */
package dev.reseat.contract.job;
