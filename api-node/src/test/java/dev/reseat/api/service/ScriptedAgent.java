package dev.reseat.api.service;

import dev.reseat.contract.compute.ComputeRpc;
import dev.reseat.contract.compute.GetVolumeConnector;
import dev.reseat.contract.compute.InspectVolume;
import dev.reseat.contract.compute.RemoveVolumeConnection;
import dev.reseat.contract.evidence.Answer;
import dev.reseat.rpc.server.Endpoint;
import dev.reseat.rpc.server.RpcServer;
import dev.reseat.rpc.server.ServerConfig;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** A compute agent that does what a test tells it to, and remembers what it was asked. */
final class ScriptedAgent implements AutoCloseable {
    final List<String> asked = new CopyOnWriteArrayList<>();
    volatile Answer uses = Answer.NO;
    volatile Answer guest = Answer.NO;
    final List<InspectVolume> questions = new CopyOnWriteArrayList<>();
    volatile Consumer<RemoveVolumeConnection> remove = _ -> {};
    private final RpcServer server;

    /** @param minor the highest 6.x it serves */
    ScriptedAgent(ServiceFixture fixture, int minor) {
        this(fixture, minor, true, "host-a");
    }

    /** @param isOurs whether it is an agent of ours; otherwise a nova-compute, without namespace {@code reseat} */
    ScriptedAgent(ServiceFixture fixture, int minor, boolean isOurs) {
        this(fixture, minor, isOurs, "host-a");
    }

    ScriptedAgent(ServiceFixture fixture, int minor, String host) {
        this(fixture, minor, true, host);
    }

private ScriptedAgent(ServiceFixture fixture, int minor, boolean isOurs, String host) {
