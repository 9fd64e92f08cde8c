package dev.reseat.volume.driver;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.Optional;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/**
 * One enabled backend: its driver, made ready before the first use, and the door at which driver calls are counted and
 * timed. Thread-safe.
 */
public final class Backend {
    private static final System.Logger LOG = System.getLogger(Backend.class.getName());

    private final String host;
    private final String backendName;
    private final VolumeDriver driver;
    private final MeterRegistry meters;
    private final Lock preparing = new ReentrantLock();
    private volatile boolean ready;

    /**
     * @param host {@code host@backend}, as in {@code volumes.host} before the {@code #}
     * @param backendName {@code volume_backend_name}
     */
    public Backend(String host, String backendName, VolumeDriver driver, MeterRegistry meters) {
        this.host = host;
        this.backendName = backendName;
        this.driver = driver;
        this.meters = meters;
    }

    public String host() {
        return host;
    }

    public String backendName() {
        return backendName;
    }

    public String driverName() {
        return driver.name();
    }

    /** Whether a volume with that {@code volumes.host} ({@code host@backend#pool}) is kept here. */
    public boolean owns(String volumeHost) {
        int pool = volumeHost.indexOf('#');
        return host.equals(pool < 0 ? volumeHost : volumeHost.substring(0, pool));
    }

    /**
     * Runs one operation of the driver, which is made ready first if it is not yet.
     *
     * @throws DriverException.NotReady if it cannot be made ready: nothing ran
     * @throws DriverException as the operation
     */
    public <T> T run(String operation, Function<VolumeDriver, T> work) {
        Timer.Sample sample = Timer.start(meters);
        String outcome = "error";
        try {
            makeReady();
            T result = work.apply(driver);
            outcome = "ok";
            return result;
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

    /** @throws DriverException.NotReady with the reason */
    public void makeReady() {
        if (ready) {
            return;
        }
        preparing.lock();
        try {
            if (!ready) {
                driver.prepare();
                ready = true;
                LOG.log(System.Logger.Level.INFO, "backend {0} is ready, driver {1}", host, driver.name());
            }
        } finally {
            preparing.unlock();
        }
    }

    /** Asks the driver whether the backend can be worked with now; empty if it can, otherwise the reason. */
    public Optional<String> problem() {
        try {
            driver.probe();
            return Optional.empty();
        } catch (DriverException e) {
            return Optional.of(e.getMessage());
        }
    }
}
