/** Diagnoses of what was written down: dumps of databases and answers of hosts and backends. Asks nobody. */
package dev.reseat.api.offline;
