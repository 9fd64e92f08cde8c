package dev.reseat.api.service;

import org.junit.jupiter.api.AfterEach;

/** The services, and a backend and an agent of host-a that do what a test wants of them. */
abstract class ScriptedCase {
    /** {@code connection_info} to a file, as Cinder has it. */
    static final String WAY = "{\"driver_volume_type\": \"local\", \"device_path\": \"/volumes/v\"}";
    /** The same as Nova has it. */
    static final String NESTED = "{\"driver_volume_type\": \"local\", \"data\": {\"device_path\": \"/volumes/v\"}}";

    final ServiceFixture fixture = new ServiceFixture();
    final ScriptedBackend backend = new ScriptedBackend(fixture, true);
    final ScriptedAgent agent = new ScriptedAgent(fixture, 5);

    @AfterEach
    void close() {
        backend.close();
        agent.close();
        fixture.close();
    }
}
