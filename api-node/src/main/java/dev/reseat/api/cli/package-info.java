/**
 * The operator's command {@code reseat}. It speaks REST only and holds no secret of a broker or a database; what it
 * knows of the server is what every HTTP client can see.
 */
package dev.reseat.api.cli;
