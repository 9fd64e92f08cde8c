package dev.reseat.api.service;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A volume that is stuck in detaching, with one attachment on host-a, and its peers as a test wants them. */
abstract class ResetCase {
    final ServiceFixture fixture = newFixture();
    ScriptedBackend backend;
    ScriptedAgent agent;
    String volume;
    String attachment;

    ServiceFixture newFixture() {
        return new ServiceFixture();
    }

    @BeforeEach
    void aVolumeStuckInDetaching() {
        backend = new ScriptedBackend(fixture, true);
        agent = new ScriptedAgent(fixture, 5);
        volume = fixture.cloud.volume(Map.of("status", "detaching", "attach_status", "attached"));
        attachment = fixture.cloud.attachment(volume, Map.of("connector", "{\"host\": \"host-a\"}"));
    }

    @AfterEach
    void closeAll() {
        backend.close();
        agent.close();
        fixture.close();
    }

    /** A reset to that status; with force it has a reason. */
    static StateRequest to(String status, Force... force) {
        return new StateRequest(
                Optional.of(status),
                Optional.empty(),
                Optional.empty(),
                Arrays.stream(force).collect(Collectors.toSet()),
                force.length == 0 ? Optional.empty() : Optional.of("because"));
    }
}
