package dev.reseat.compute.connector;

import dev.reseat.contract.Answer;

/**
 * @param held whether this host holds the volume: a device, a session, a lock
 * @param detail what was seen and where, for the operator
 */
public record Observation(Answer held, String detail) {}
