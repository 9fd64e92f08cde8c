package dev.reseat.volume.driver;

import dev.reseat.runtime.Deadline;
import dev.reseat.runtime.DetachedCalls;
import dev.reseat.runtime.KeyedLocks;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/**
 * One enabled backend: its driver, made ready before the first use, and the door at which driver calls are counted,
 * timed and given up. What hangs in it holds up nobody else: not its callers after their deadline, not another backend,
 * and not its own health. Thread-safe.
 */
public final class Backend {
    private static final System.Logger LOG = System.getLogger(Backend.class.getName());
    /** Driver calls at once, of one backend; as many as it has workers by default. */
    private static final int CALLS = 64;
    private static final Duration PROBE = Duration.ofSeconds(4);

    private final String host;
    private final Optional<String> cluster;
    private final String backendName;
    private final VolumeDriver driver;
    private final MeterRegistry meters;
    private final DetachedCalls calls;
    private final DetachedCalls probes;
    private final Lock preparing = new ReentrantLock();
    private volatile boolean ready;

    /**
     * @param host {@code host@backend}, as in {@code volumes.host} before the {@code #}
     * @param backendName {@code volume_backend_name}
     */
    public Backend(String host, String backendName, VolumeDriver driver, MeterRegistry meters) {
        this(host, Optional.empty(), backendName, driver, meters);
    }

    private Backend(
            String host, Optional<String> cluster, String backendName, VolumeDriver driver, MeterRegistry meters) {
        this.host = host;
        this.cluster = cluster;
        this.backendName = backendName;
        this.driver = driver;
        this.meters = meters;
        this.calls = new DetachedCalls(host, CALLS);
        this.probes = new DetachedCalls(host, 1);
        meters.gauge("reseat.driver.overdue", Tags.of("backend", host), calls, all -> all.overdue().size());
    }

    /**
     * The same as one of those that work on a storage together and take each other's requests.
     *
     * @param cluster {@code cluster@backend}, as in {@code volumes.cluster_name} before the {@code #}
     */
    public static Backend inCluster(
            String cluster, String host, String backendName, VolumeDriver driver, MeterRegistry meters) {
        return new Backend(host, Optional.of(cluster), backendName, driver, meters);
    }

    public String host() {
        return host;
    }

    /** What its requests are sent to: the cluster, or else the host. */
    public String serviceName() {
        return cluster.orElse(host);
    }

    public String backendName() {
        return backendName;
    }

    public String driverName() {
        return driver.name();
    }

    /** Whether a volume with that {@code volumes.host} ({@code host@backend#pool}) is kept here. */
    public boolean owns(String volumeHost) {
        return host.equals(withoutPool(volumeHost));
    }

    /** The same by {@code volumes.cluster_name}: a volume of the cluster may have been made by any host of it. */
    public boolean ownsOfCluster(String volumeCluster) {
        return cluster.equals(Optional.of(withoutPool(volumeCluster)));
    }

    private static String withoutPool(String name) {
        int pool = name.indexOf('#');
        return pool < 0 ? name : name.substring(0, pool);
    }

    /**
     * Runs one operation of the driver on a volume, and makes the driver ready first if it is not yet. Returns by the
     * lock's deadline; what has not come back by then keeps the lock until it does.
     *
     * @throws DriverException.NotReady if it cannot be made ready: nothing ran
     * @throws DriverException.OutOfTime if the deadline came first
     * @throws DriverException as the operation
     */
    public <T> T run(String operation, KeyedLocks.Held lock, Function<VolumeDriver, T> work) {
        return run(operation, lock.deadline(), work, lock.share()::close);
    }

    /** The same for what is of no volume. */
    public <T> T run(String operation, Deadline deadline, Function<VolumeDriver, T> work) {
        return run(operation, deadline, work, () -> {});
    }

    /**
     * @throws DriverException.NotReady with the reason
     * @throws DriverException.OutOfTime if it has not become ready by the deadline
     */
    public void makeReady(Deadline deadline) {
        if (!ready) {
            run("prepare", deadline, VolumeDriver::name);
        }
    }

    /** Asks the driver whether the backend can be worked with now; empty if it can, otherwise the reason. */
    public Optional<String> problem() {
        List<String> stuck = probes.overdue();
        if (!stuck.isEmpty()) {
            return Optional.of("the backend does not answer: " + stuck.getFirst() + " has not come back");
        }
        Deadline deadline = Deadline.after(PROBE);
        try {
            probes.run("probe", deadline, () -> {
                driver.probe(deadline);
                return driver;
            }, () -> {});
            return Optional.empty();
        } catch (DetachedCalls.GivenUp | DetachedCalls.NotBegun | DriverException e) {
            return Optional.of(e.getMessage());
        }
    }

    /** Driver calls that were given up and have not come back yet. */
    public List<String> overdue() {
        return calls.overdue();
    }

    private <T> T run(String operation, Deadline deadline, Function<VolumeDriver, T> work, Runnable ended) {
        Timer.Sample sample = Timer.start(meters);
        String outcome = "error";
        try {
            T result = calls.run(operation, deadline, () -> onReadyDriver(operation, deadline, work), ended);
            outcome = "ok";
            return result;
        } catch (DetachedCalls.GivenUp e) {
            outcome = DriverException.OutOfTime.class.getSimpleName();
            throw new DriverException.OutOfTime(e.getMessage(), e);
        } catch (DetachedCalls.NotBegun e) {
            outcome = DriverException.NotReady.class.getSimpleName();
            throw new DriverException.NotReady(e.getMessage(), e);
        } catch (DriverException e) {
            outcome = e.getClass().getSimpleName();
            throw e;
        } finally {
            sample.stop(
                    meters.timer(
                            "reseat.driver.call",
                            "backend",
                            host,
                            "driver",
                            driver.name(),
                            "operation",
                            operation,
                            "outcome",
                            outcome));
        }
    }

    private <T> T onReadyDriver(String operation, Deadline deadline, Function<VolumeDriver, T> work) {
        if (!ready) {
            prepare(operation, deadline);
        }
        DriverException.OutOfTime.check(deadline, operation);
        return work.apply(driver);
    }

    private void prepare(String operation, Deadline deadline) {
        try {
            preparing.lockInterruptibly();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DriverException.OutOfTime("no time was left for " + operation, e);
        }
        try {
            if (!ready) {
                driver.prepare(deadline);
                ready = true;
                LOG.log(System.Logger.Level.INFO, "backend {0} is ready, driver {1}", host, driver.name());
            }
        } finally {
            preparing.unlock();
        }
    }
}
