/** Asks every source of truth about a volume: rows, hosts, backend. Changes nothing anywhere. */
package dev.reseat.api.service.diagnosis;
