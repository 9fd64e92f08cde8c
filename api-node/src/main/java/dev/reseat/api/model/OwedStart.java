package dev.reseat.api.model;

import java.util.Optional;

/**
 * An instance that a job has stopped, and that does not run again yet.
 *
 * @param state {@code STARTING}, or {@code LEFT_STOPPED} if this program does nothing more for it
 * @param detail what was said of it last
 */
public record OwedStart(String instanceId, String host, InstanceStop.State state, Optional<String> detail) {}
