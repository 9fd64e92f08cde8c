package dev.reseat.compute.connector;

import dev.reseat.contract.compute.HostInventory;
import dev.reseat.contract.connection.ConnectionInfo;
import dev.reseat.runtime.Deadline;
import dev.reseat.runtime.DetachedCalls;
import dev.reseat.runtime.KeyedLocks;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;

/**
 * Every connector of this host, by {@code driver_volume_type}, and the door at which their calls are given up: what
 * hangs, a file system that does not answer for instance, holds up nobody after the deadline. Otherwise it promises
 * what {@link VolumeConnector} promises.
 */
public final class Connectors {
    /** Calls at once; as many as an agent has workers by default. */
    private static final int CALLS = 64;

    private final Map<String, VolumeConnector<?>> connectors;
    private final DetachedCalls calls = new DetachedCalls("this host", CALLS);

    /** @param connectors by the {@code driver_volume_type} of the connections they make */
    @Inject
    public Connectors(Map<String, VolumeConnector<?>> connectors) {
        this.connectors = Map.copyOf(connectors);
    }

    /**
     * No request asks the agent for this: nova-compute connects, by the connection_info that a refresh has stored. It
     * is for whoever has no nova-compute beside the agent, as the demo, and by it every disconnect is tried on a
     * connection that was made, also by and for os-brick.
     *
     * @throws ConnectorException.NotSupported if no connector speaks the protocol
     * @throws ConnectorException.OutOfTime if the connector does not come back by the deadline
     */
    public Device connect(ConnectionInfo connection, Deadline deadline) {
        VolumeConnector<?> connector = required(connection);
        return run("connect", deadline, () -> connect(connector, connection, deadline), () -> {});
    }

    /**
     * By the lock's deadline; a call that is given up keeps the lock until it has come back.
     *
     * @throws ConnectorException.NotSupported if no connector speaks the protocol
     * @throws ConnectorException.OutOfTime if the connector does not come back by the deadline
     */
    public void disconnect(ConnectionInfo connection, KeyedLocks.Held lock) {
        disconnect(connection, lock.deadline(), lock.share()::close);
    }

    /** The same without a lock. */
    public void disconnect(ConnectionInfo connection, Deadline deadline) {
        disconnect(connection, deadline, () -> {});
    }

    /**
     * Returns unless {@link #disconnect} would refuse whatever it is asked for.
     *
     * @throws ConnectorException.NotSupported if no connector speaks the protocol
     */
    public void requireAble(ConnectionInfo connection, Deadline deadline) {
        VolumeConnector<?> connector = required(connection);
        try {
            run("look", deadline, () -> {
                connector.requireAble();
                return connection;
            }, () -> {});
        } catch (ConnectorException.OutOfTime e) {
            throw new ConnectorException.Failed(e.getMessage(), e); // of what was only looked at, nothing is unknown
        }
    }

    /** Unknown for a protocol that no connector speaks, and for what does not come back by the deadline. */
    public Inspection inspect(ConnectionInfo connection, Deadline deadline) {
        Optional<VolumeConnector<?>> connector = find(connection);
        if (connector.isEmpty()) {
            return Inspection.unknown("no connector for " + connection.type() + " volumes on this host");
        }
        try {
            return run("inspect", deadline, () -> inspect(connector.get(), connection), () -> {});
        } catch (ConnectorException e) {
            return Inspection.unknown(e.getMessage());
        }
    }

    /** Calls that were given up and have not come back yet. */
    public List<String> overdue() {
        return calls.overdue();
    }

    private void disconnect(ConnectionInfo connection, Deadline deadline, Runnable ended) {
        VolumeConnector<?> connector;
        try {
            connector = required(connection);
        } catch (ConnectorException.NotSupported e) {
            ended.run();
            throw e;
        }
        run("disconnect", deadline, () -> {
            disconnect(connector, connection, deadline);
            return connection;
        }, ended);
    }

    private <T> T run(String what, Deadline deadline, Supplier<T> work, Runnable ended) {
        try {
            return calls.run(what, deadline, work, ended);
        } catch (DetachedCalls.GivenUp e) {
            throw new ConnectorException.OutOfTime(e.getMessage(), e);
        } catch (DetachedCalls.NotBegun e) {
            throw new ConnectorException.Failed(e.getMessage(), e);
        }
    }

    /**
     * Everything that this host holds over any protocol, sorted by name; what hangs is blind, not empty, and costs no
     * other protocol its time.
     */
    public HostInventory.Result inventory(Deadline deadline) {
        List<HostInventory.Result> all = sideBySide(
                connectors.values()
                        .stream()
                        .distinct().<Callable<HostInventory
                                .Result>>map(connector -> () -> inventory(connector, deadline))
                        .toList());
        return new HostInventory.Result(
                all.stream()
                        .flatMap(one -> one.held().stream())
                        .sorted(Comparator.comparing(HostInventory.Held::name))
                        .toList(),
                Optional.empty(),
                all.stream().flatMap(one -> one.blind().stream()).toList());
    }

    private static <T> List<T> sideBySide(List<Callable<T>> questions) {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<T> answers = new ArrayList<>();
            for (Future<T> asked : threads.invokeAll(questions)) {
                answers.add(asked.get());
            }
            return answers;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ConnectorException.Failed("interrupted while the host was looked at", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("a connector broke", e.getCause());
        }
    }

    private HostInventory.Result inventory(VolumeConnector<?> connector, Deadline deadline) {
        try {
            return run("inventory", deadline, connector::inventory, () -> {});
        } catch (ConnectorException e) {
            return new HostInventory.Result(List.of(), Optional.empty(), List.of(e.getMessage()));
        }
    }

    private Optional<VolumeConnector<?>> find(ConnectionInfo connection) {
        return Optional.<VolumeConnector<?>>ofNullable(connectors.get(connection.type()))
                .filter(connector -> connector.handles().isInstance(connection));
    }

    private VolumeConnector<?> required(ConnectionInfo connection) {
        return find(connection)
                .orElseThrow(() -> new ConnectorException.NotSupported(connection.type()));
    }

    private static <C extends ConnectionInfo> Device connect(
            VolumeConnector<C> connector, ConnectionInfo connection, Deadline deadline) {
        return connector.connect(connector.handles().cast(connection), deadline);
    }

    private static <C extends ConnectionInfo> void disconnect(
            VolumeConnector<C> connector, ConnectionInfo connection, Deadline deadline) {
        connector.disconnect(connector.handles().cast(connection), deadline);
    }

    private static <C extends ConnectionInfo> Inspection inspect(
            VolumeConnector<C> connector, ConnectionInfo connection) {
        return connector.inspect(connector.handles().cast(connection));
    }
}
