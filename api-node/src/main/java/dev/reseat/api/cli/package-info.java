/**
 * The operator's command {@code reseat}. It speaks REST and holds no secret of a broker or a database; what it knows of
 * the server is what every HTTP client can see. What needs no server, or works at the databases, is in the rooms
 * {@code offline} and {@code admin}.
 */
package dev.reseat.api.cli;
