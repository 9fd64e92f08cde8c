package dev.reseat.api.remote;

import dev.reseat.api.model.Instance;
import dev.reseat.api.object.NovaObjects;
import dev.reseat.contract.compute.ComputeRpc;
import dev.reseat.contract.compute.DisconnectVolume;
import dev.reseat.contract.compute.GetVolumeConnector;
import dev.reseat.contract.compute.GuestsByAddress;
import dev.reseat.contract.compute.HostInventory;
import dev.reseat.contract.compute.InspectVolume;
import dev.reseat.contract.compute.InstanceObject;
import dev.reseat.contract.compute.RemoveVolumeConnection;
import dev.reseat.contract.step.ReportTo;
import dev.reseat.rpc.RequestContext;
import dev.reseat.rpc.RpcException;
import dev.reseat.rpc.RpcVersion;
import dev.reseat.rpc.Target;
import dev.reseat.rpc.client.PreparedCall;
import dev.reseat.rpc.client.RpcClient;
import dev.reseat.rpc.client.VersionCap;
import dev.reseat.runtime.Deadline;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What is done on one compute host: by our agent where it listens, otherwise by its nova-compute, as far as that offers
 * it. Who does it is looked up for every call. Every method throws {@link RpcException}.
 */
public final class ComputeClient {
    private static final RpcVersion WITHOUT_DELETE = RpcVersion.of(6, 0);
    private static final RpcVersion BEFORE_SIX = RpcVersion.of(5, 0);

    private static final List<RpcVersion> VERSIONS =
            List.of(ComputeRpc.DELETES_ATTACHMENT, WITHOUT_DELETE, BEFORE_SIX);
    private static final String SERVED =
            "That is what its nova-compute serves, by its row in Nova's services; it has to be upgraded.";

    private final ComputeBrokers brokers;
    private final RemoteConfig config;
    private final ComputeVersions recorded;

    /** @param recorded what each nova-compute serves, so that it is not sent what it would refuse */
    public ComputeClient(ComputeBrokers brokers, RemoteConfig config, ComputeVersions recorded) {
        this.brokers = brokers;
        this.config = config;
        this.recorded = recorded;
    }

    /**
     * How the host presents itself to storage backends. A nova-compute does not tell that over RPC: where our agent is
     * absent, the connector of an old attachment of that host is the next best.
     */
    public Performed<Map<String, Object>> connector(RequestContext context, String host, Deadline deadline) {
        return agent(host, probing(deadline)).ask(agent -> {
            Map<?, ?> answer = question(agent)
                    .call(context, GetVolumeConnector.METHOD, new GetVolumeConnector(), Map.class);
            Map<String, Object> connector = new LinkedHashMap<>();
            answer.forEach((key, value) -> connector.put(String.valueOf(key), value));
            return connector;
        });
    }

    /** What the host sees of a volume. Changes nothing. A nova-compute cannot be asked. */
    public Performed<InspectVolume.Result> inspect(
            RequestContext context, String host, InspectVolume question, Deadline deadline) {
        return agent(host, deadline)
                .ask(agent -> question(agent)
                        .call(context, InspectVolume.METHOD, question, InspectVolume.Result.class));
    }

    /** One page of all that the host holds and its guests have. Changes nothing. A nova-compute cannot be asked. */
    public Performed<HostInventory.Result> inventory(
            RequestContext context, String host, HostInventory question, Deadline deadline) {
        return agent(host, deadline)
                .ask(agent -> question(agent)
                        .call(context, HostInventory.METHOD, question, HostInventory.Result.class));
    }

    /** Which guests of a host have a disk over these addresses. An agent of before knows no such question. */
    public Performed<GuestsByAddress.Result> guestsBy(
            RequestContext context, String host, GuestsByAddress question, Deadline deadline) {
        return agent(host, deadline)
                .ask(agent -> agent.inNamespace(ComputeRpc.NAMESPACE)
                        .atVersion(ComputeRpc.NAMESPACE_VERSION)
                        .call(context, GuestsByAddress.METHOD, question, GuestsByAddress.Result.class));
    }

    /** By when all calls of a repair are to be answered that begins now. */
    public Deadline repairing() {
        return Deadline.after(config.repairTimeout());
    }

    /** How long those may take together that only ask, from now on and within a repair. */
    public Deadline probing(Deadline repair) {
        return repair.within(config.probeTimeout());
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
    public RemovedConnection removeVolumeConnection(RequestContext context, Instance instance, String volumeId) {
        return removeVolumeConnection(context, instance, volumeId, repairing());
    }

    /** The same by a deadline. */
    public RemovedConnection removeVolumeConnection(
            RequestContext context, Instance instance, String volumeId, Deadline deadline) {
        String host = instance.host()
                .orElseThrow(() -> new RpcException.NotDelivered("instance " + instance.uuid() + " is on no host"));
        Performed.Done<Boolean> done = agentOrNova(host, deadline.within(config.driverTimeout())).have(
                call -> remove(context, call, NovaObjects.instance(instance), volumeId));
        return new RemovedConnection(done.performer(), done.answer());
    }

    /**
     * The same as a step that is cast: the agent asks whether it may act, and reports. Returns when the broker has it;
     * it disappears unread after {@link #reportTimeout}.
     *
     * @throws RpcException.NotDelivered if no agent of ours listens there, or it certainly was not sent
     */
    public void castRemoval(RequestContext context, Instance instance, String volumeId, ReportTo reportTo) {
        String host = instance.host()
                .orElseThrow(() -> new RpcException.NotDelivered("instance " + instance.uuid() + " is on no host"));
        var args = new RemoveVolumeConnection.AsStep(
                NovaObjects.instance(instance), volumeId, Optional.of(true), Optional.of(reportTo));
        agent(host, probing()).have(agent -> {
            agent.inNamespace(ComputeRpc.NAMESPACE)
                    .atVersion(ComputeRpc.NAMESPACE_CASTS)
                    .expiring(config.reportTimeout())
                    .cast(context, RemoveVolumeConnection.METHOD, args);
            return Optional.empty();
        });
    }

    /**
     * Takes a connection off that host which no row names any more. A nova-compute does not offer that.
     *
     * @throws RpcException.NotDelivered if no agent of ours listens there
     */
    public DisconnectVolume.Result disconnect(
            RequestContext context, String host, DisconnectVolume order, Deadline deadline) {
        return agent(host, deadline.within(config.driverTimeout()))
                .have(agent -> agent.inNamespace(ComputeRpc.NAMESPACE)
                        .atVersion(ComputeRpc.NAMESPACE_DISCONNECTS)
                        .call(context, DisconnectVolume.METHOD, order, DisconnectVolume.Result.class))
                .answer();
    }

    /** Whether an agent of ours listens there now. @throws RpcException.NotDelivered if the broker does not tell */
    public boolean hasAgent(String host) {
        return agent(host, probing()).present().isPresent();
    }

    /** How long a step that was cast may take until its report. */
    public Duration reportTimeout() {
        return config.reportTimeout();
    }

    /**
     * By the highest version that the host may be sent. One that refuses it has done nothing and is asked for less,
     * which it logs as an error: that happens only where nothing is written down of it.
     *
     * @return whether the host was asked to delete the attachment
     */
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
                version = versions.removeFirst();
            }
        }
    }

    /** Who would take a volume's connection off that host now; empty if nobody listens. Sends nothing. */
    public Optional<Performer> performer(String host) {
        return agentOrNova(host, probing()).present().map(Peers.Peer::performer);
    }

    private Peers agent(String host, Deadline deadline) {
        return new Peers(List.of(agentPeer(host)), config.probeTimeout(), deadline);
    }

    private Peers agentOrNova(String host, Deadline deadline) {
        Optional<VersionCap> cap = novaCap(host);
        RpcClient rpc = brokers.of(host);
        Peers.Peer alternate = nova(rpc, ComputeRpc.alternate(config.computeExchange(), host), cap);
        Peers.Peer nova = nova(rpc, ComputeRpc.host(config.computeExchange(), host), cap);
        List<Peers.Peer> inOrder = alternate.call().canSend(ComputeRpc.ALTERNATE_FROM)
                ? List.of(agentPeer(host), alternate, nova)
                : List.of(agentPeer(host), nova);
        return new Peers(inOrder, config.probeTimeout(), deadline);
    }

    /** The lower of what is configured and what is written down of it; whether that is outdated, its answer tells. */
    private Optional<VersionCap> novaCap(String host) {
        Optional<VersionCap> written = recorded.of(host).map(version -> new VersionCap(version, SERVED));
        return Stream.of(config.computeCap(), written)
                .flatMap(Optional::stream)
                .min(Comparator.comparing(VersionCap::version));
    }

    private Peers.Peer nova(RpcClient rpc, Target target, Optional<VersionCap> cap) {
        PreparedCall uncapped = rpc.prepare(target);
        return new Peers.Peer(
                Performer.NOVA_COMPUTE, config.working(cap.map(uncapped::cappedAt).orElse(uncapped)));
    }

    private Peers.Peer agentPeer(String host) {
        return new Peers.Peer(Performer.COMPUTE_AGENT, config.working(brokers.of(host).prepare(ComputeRpc.own(host))));
    }

    private PreparedCall question(PreparedCall agent) {
        return agent.inNamespace(ComputeRpc.NAMESPACE)
                .atVersion(ComputeRpc.NAMESPACE_FIRST);
    }
}
