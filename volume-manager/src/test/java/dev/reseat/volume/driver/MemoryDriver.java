package dev.reseat.volume.driver;

import dev.reseat.contract.connection.ConnectionInfo;
import dev.reseat.contract.connection.Connector;
import dev.reseat.contract.evidence.Answer;
import dev.reseat.contract.volume.StoredVolume;
import dev.reseat.runtime.Deadline;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A backend in memory, for tests of what stands above drivers. Can be told to be broken. */
public final class MemoryDriver implements VolumeDriver, DescribesConnections, FencesClients {
    private final Map<String, List<ConnectionRequest>> exports = new ConcurrentHashMap<>();
    private final Set<String> used = ConcurrentHashMap.newKeySet();
    private final Set<String> broken = ConcurrentHashMap.newKeySet();
    private final Map<String, Stop> stops = new ConcurrentHashMap<>();
    private final List<String> calls = new CopyOnWriteArrayList<>();
    private final List<BackendVolume> opened = new CopyOnWriteArrayList<>();
    private volatile Optional<ModelUpdate> update = Optional.empty();

    /** Puts a volume on the backend. */
    public void create(String volumeId) {
        exports.putIfAbsent(volumeId, new CopyOnWriteArrayList<>());
    }

    /** Uses a volume until closed. */
    public AutoCloseable use(String volumeId) {
        used.add(volumeId);
        return () -> used.remove(volumeId);
    }

    /** Makes one operation fail until {@link #repair}. */
    public void breakDown(String operation) {
        broken.add(operation);
    }

    public void repair() {
        broken.clear();
    }

    /** Lets one operation go on only when this is closed. */
    public AutoCloseable stop(String operation) {
        var stop = new Stop(new CountDownLatch(1), new CountDownLatch(1));
        stops.put(operation, stop);
        return () -> {
            stops.remove(operation);
            stop.open().countDown();
        };
    }

    /** Returns when somebody is at the operation that is stopped. */
    public void awaitStopped(String operation) throws InterruptedException {
        if (!stops.get(operation).reached().await(10, TimeUnit.SECONDS)) {
            throw new AssertionError("nobody came to " + operation);
        }
    }

    private record Stop(CountDownLatch reached, CountDownLatch open) {
        /** As a call into a kernel whose disk does not answer: no interrupt ends it. */
        void pass() {
            reached.countDown();
            boolean interrupted = false;
            try {
                while (true) {
                    try {
                        if (!open.await(60, TimeUnit.SECONDS)) {
                            throw new AssertionError("stopped for too long");
                        }
                        return;
                    } catch (InterruptedException e) {
                        interrupted = true;
                    }
                }
            } finally {
                if (interrupted) {
                    Thread.currentThread().interrupt();
                }
            }
        }
    }

    /** From now on an export has that stored. */
    public void exportAs(ModelUpdate stored) {
        update = Optional.of(stored);
    }

    /** The volumes as they were given to {@link #initializeConnection}. */
    public List<BackendVolume> opened() {
        return List.copyOf(opened);
    }

    /** The changing operations that were asked for, in order. */
    public List<String> calls() {
        return List.copyOf(calls);
    }

    /** Hosts that are let in. */
    public List<String> hosts(String volumeId) {
        return exportsOf(volumeId).stream().map(access -> access.connector().host().orElse("-")).toList();
    }

    @Override
    public String name() {
        return "memory";
    }

    @Override
    public void prepare(Deadline deadline) {
        Optional.ofNullable(stops.get("prepare")).ifPresent(Stop::pass);
        probe(deadline);
    }

    @Override
    public void probe(Deadline deadline) {
        Optional.ofNullable(stops.get("probe")).ifPresent(Stop::pass);
        if (broken.contains("prepare")) {
            throw new DriverException.NotReady("the memory is full", null);
        }
    }

    @Override
    public Map<String, Object> capabilities() {
        if (broken.contains("capabilities")) {
            throw new IllegalStateException("a defect of the driver");
        }
        return Map.of("vendor_name", "Reseat", "storage_protocol", "memory");
    }

    @Override
    public void validate(Connector connector) {
        called("validate", Deadline.after(Duration.ofMinutes(1)));
        if (connector.host().isEmpty()) {
            throw new DriverException.ConnectorRejected("host");
        }
    }

    @Override
    public Optional<ModelUpdate> createExport(BackendVolume volume, ConnectionRequest access, Deadline deadline) {
        called("createExport", deadline);
        List<ConnectionRequest> known = exportsOf(volume.id());
        if (!known.contains(access)) {
            known.removeIf(other -> access.attachmentId().isPresent()
                    && other.attachmentId().equals(access.attachmentId()));
            known.add(access);
        }
        return update;
    }

    @Override
    public ConnectionInfo initializeConnection(BackendVolume volume, ConnectionRequest access, Deadline deadline) {
        called("initializeConnection", deadline);
        opened.add(volume);
        return connection(volume);
    }

    @Override
    public Optional<ConnectionInfo> connection(BackendVolume volume, ConnectionRequest access, Deadline deadline) {
        boolean in = exportsOf(volume.id())
                .stream()
                .anyMatch(known -> known.attachmentId().equals(access.attachmentId())
                        && known.connector().host().equals(access.connector().host()));
        return in ? Optional.of(connection(volume)) : Optional.empty();
    }

    private static ConnectionInfo connection(BackendVolume volume) {
        return ConnectionInfo.of("memory", Map.of("address", "secret-of-" + volume.id()));
    }

    @Override
    public ExportUse terminateConnection(BackendVolume volume, ConnectionRequest access, Deadline deadline) {
        called("terminateConnection", deadline);
        List<ConnectionRequest> known = exportsOf(volume.id());
        String host = access.connector().host().orElseThrow(() -> new DriverException.ConnectorRejected("host"));
        if (access.attachmentId().isPresent()) {
            known.removeIf(other -> other.attachmentId().equals(access.attachmentId()));
        } else if (volume.attachmentsOf(host) > 1) {
            return ExportUse.SHARED;
        } else {
            known.removeIf(other -> other.connector().host().equals(access.connector().host()));
        }
        return known.isEmpty() ? ExportUse.NONE : ExportUse.SHARED;
    }

    @Override
    public void terminateConnections(BackendVolume volume, Deadline deadline) {
        called("terminateConnections", deadline);
        exportsOf(volume.id()).clear();
    }

    @Override
    public void removeExport(BackendVolume volume, Deadline deadline) {
        called("removeExport", deadline);
        exportsOf(volume.id()).clear();
    }

    @Override
    public List<Client> describe(BackendVolume volume, Deadline deadline) {
        Optional.ofNullable(stops.get("describe")).ifPresent(Stop::pass);
        List<ConnectionRequest> exported = exportsOf(volume.id());
        boolean blind = broken.contains("describe");
        Answer inUse = blind ? Answer.UNKNOWN : Answer.of(used.contains(volume.id()));
        if (exported.isEmpty() && inUse != Answer.NO) {
            return List.of(Client.unnamed(Answer.NO, inUse, "in memory"));
        }
        return exported.stream()
                .map(access -> new Client(
                        Optional.of(access.connector().host().orElse("-")),
                        access.connector().initiator(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        access.attachmentId(),
                        Answer.YES,
                        inUse,
                        "in memory"))
                .toList();
    }

    @Override
    public StoredVolume stored(BackendVolume volume, Deadline deadline) {
        exportsOf(volume.id());
        return StoredVolume.PLAIN;
    }

    @Override
    public String fence(String client, Duration time, Deadline deadline) {
        called("fence", deadline);
        return client + " is kept out for " + time.toSeconds() + " seconds";
    }

    private void called(String operation, Deadline deadline) {
        calls.add(operation);
        Optional.ofNullable(stops.get(operation)).ifPresent(Stop::pass);
        DriverException.OutOfTime.check(deadline, operation);
        if (broken.contains(operation)) {
            throw new DriverException.BackendFailed(operation + " broke");
        }
    }

    private List<ConnectionRequest> exportsOf(String volumeId) {
        return Optional.ofNullable(exports.get(volumeId))
                .orElseThrow(() -> new DriverException.VolumeMissing("no volume " + volumeId + " in memory"));
    }
}
