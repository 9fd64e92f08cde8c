/**
 * The state service, on {@code reseat-api}: what a volume-manager, which has no database, must read or have committed.
 * Methods change exactly what Cinder's volume manager changes at the same point.
 */
package dev.reseat.contract.state;
