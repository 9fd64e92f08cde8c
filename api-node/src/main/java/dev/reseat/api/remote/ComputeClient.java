package dev.reseat.api.remote;

import dev.reseat.api.model.Instance;
import dev.reseat.api.object.NovaObjects;
import dev.reseat.contract.compute.ComputeRpc;
import dev.reseat.contract.compute.GetVolumeConnector;
import dev.reseat.contract.compute.InspectVolume;
import dev.reseat.contract.compute.InstanceObject;
import dev.reseat.contract.compute.RemoveVolumeConnection;
import dev.reseat.rpc.RequestContext;
import dev.reseat.rpc.RpcException;
import dev.reseat.rpc.RpcVersion;
import dev.reseat.rpc.client.PreparedCall;
import dev.reseat.rpc.client.RpcClient;
import dev.reseat.runtime.Deadline;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is done on one compute host: by our agent where it listens, otherwise by its nova-compute, as far as that offers
 * it. Who does it is looked up for every call. Every method throws {@link RpcException}.
 */
public final class ComputeClient {
    private static final RpcVersion WITHOUT_DELETE = RpcVersion.of(6, 0);
    private static final RpcVersion BEFORE_SIX = RpcVersion.of(5, 0);

    private static final List<RpcVersion> VERSIONS =
            List.of(ComputeRpc.DELETES_ATTACHMENT, WITHOUT_DELETE, BEFORE_SIX);

    private final RpcClient rpc;
    private final RemoteConfig config;

    public ComputeClient(RpcClient rpc, RemoteConfig config) {
        this.rpc = rpc;
        this.config = config;
    }

    /**
     * How the host presents itself to storage backends. A nova-compute does not tell that over RPC: where our agent is
     * absent, the connector of an old attachment of that host is the next best.
     */
    public Performed<Map<String, Object>> connector(RequestContext context, String host) {
        return agent(host).ask(agent -> {
            Map<?, ?> answer = question(agent)
                    .call(context, GetVolumeConnector.METHOD, new GetVolumeConnector(), Map.class);
            Map<String, Object> connector = new LinkedHashMap<>();
            answer.forEach((key, value) -> connector.put(String.valueOf(key), value));
            return connector;
        });
    }

    /** What the host sees of a volume. Changes nothing. A nova-compute cannot be asked. */
    public Performed<InspectVolume.Result> inspect(RequestContext context, String host, InspectVolume question) {
        return inspect(context, host, question, probing());
    }

    /** The same by a deadline. */
    public Performed<InspectVolume.Result> inspect(
            RequestContext context, String host, InspectVolume question, Deadline deadline) {
        if (deadline.isOver()) {
            throw new RpcException.NotDelivered("there was no time left to ask " + host);
        }
        return new Peers(List.of(agentPeer(host)), deadline.remaining())
                .ask(agent -> question(agent)
                        .timeout(deadline.remaining().plusMillis(1))
                        .call(context, InspectVolume.METHOD, question, InspectVolume.Result.class));
    }

    /** How long those may take together that only ask, from now on. */
    public Deadline probing() {
        return Deadline.after(config.probeTimeout());
    }

    /**
     * Takes the volume out of the guest and off the host, and has the host delete the attachment if it can. Repeatable.
     *
     * @throws RpcException.NotDelivered if neither our agent nor a nova-compute listens there
     */
    public Removal removeVolumeConnection(RequestContext context, Instance instance, String volumeId) {
        String host = instance.host()
                .orElseThrow(() -> new RpcException.NotDelivered("instance " + instance.uuid() + " is on no host"));
        Performed.Done<Boolean> done = agentOrNova(host).have(
                call -> remove(context, call.timeout(config.driverTimeout()), NovaObjects.instance(instance),
                        volumeId));
        return new Removal(done.performer(), done.answer());
    }

    /** @return whether the host was asked to delete the attachment, by the highest version it takes */
    private static boolean remove(RequestContext context, PreparedCall host, InstanceObject instance, String volumeId) {
        Deque<RpcVersion> versions = new ArrayDeque<>(VERSIONS.stream().filter(host::canSend).toList());
        RpcVersion version = versions.isEmpty() ? BEFORE_SIX : versions.removeFirst();
        while (true) {
            boolean deletes = version.equals(ComputeRpc.DELETES_ATTACHMENT);
            Optional<Boolean> deleting = deletes ? Optional.of(true) : Optional.empty();
            try {
                host.atVersion(version)
                        .call(context, RemoveVolumeConnection.METHOD,
                                new RemoveVolumeConnection(instance, volumeId, deleting), Void.class);
                return deletes;
            } catch (RpcException.RemoteFailure e) {
                if (!e.notOffered() || versions.isEmpty()) {
                    throw e;
                }
                version = versions.removeFirst(); // it has done nothing, and is asked for less
            }
        }
    }

    /** Who would take a volume's connection off that host now; empty if nobody listens. Sends nothing. */
    public Optional<Performer> performer(String host) {
        return agentOrNova(host).present().map(Peers.Peer::performer);
    }

    private Peers agent(String host) {
        return new Peers(List.of(agentPeer(host)), config.probeTimeout());
    }

    private Peers agentOrNova(String host) {
        PreparedCall uncapped = rpc.prepare(ComputeRpc.host(config.computeExchange(), host));
        PreparedCall nova = config.computeCap().map(uncapped::cappedAt).orElse(uncapped);
        return new Peers(
                List.of(agentPeer(host), new Peers.Peer(Performer.NOVA_COMPUTE, nova)), config.probeTimeout());
    }

    private Peers.Peer agentPeer(String host) {
        return new Peers.Peer(Performer.COMPUTE_AGENT, rpc.prepare(ComputeRpc.own(host)));
    }

    private PreparedCall question(PreparedCall agent) {
        return agent.inNamespace(ComputeRpc.NAMESPACE)
                .atVersion(ComputeRpc.NAMESPACE_VERSION)
                .timeout(config.probeTimeout());
    }
}
