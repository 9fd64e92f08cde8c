package dev.reseat.compute.connector.fibrechannel;

import dev.reseat.contract.connection.Wwn;

/**
 * A Fibre Channel port of this host.
 *
 * @param host the number of its SCSI host
 */
record FibrePort(int host, Wwn name) {}
