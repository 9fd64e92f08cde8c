package dev.reseat.volume.service;

import dev.reseat.contract.state.ReportVolumeService;
import dev.reseat.contract.volume.SchedulerRpc.UpdateServiceCapabilities;
import dev.reseat.contract.volume.VolumeRpc;
import dev.reseat.rpc.RpcException;
import dev.reseat.runtime.Deadline;
import dev.reseat.runtime.Service;
import dev.reseat.volume.driver.Backend;
import dev.reseat.volume.driver.DriverException;
import dev.reseat.volume.driver.VolumeDriver;
import dev.reseat.volume.state.SchedulerClient;
import dev.reseat.volume.state.StateClient;
import dev.reseat.volume.state.StateException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A backend in place of a cinder-volume, as Cinder sees it: its row of {@code services} has reports as long as the
 * driver can work, and schedulers know of it. They are told that it has no room, for nothing is created here: so they
 * take another backend, or say at once that there is none.
 */
public final class CinderPresence implements Service {
    private static final System.Logger LOG = System.getLogger(CinderPresence.class.getName());
    /** Exactly six digits of a fraction: schedulers read no other form. */
    private static final DateTimeFormatter TIMESTAMP =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final Duration LOOK = Duration.ofSeconds(10);

    private final Backend backend;
    private final PresenceConfig config;
    private final ReportVolumeService report;
    private final RefusedOperations refused;
    private final StateClient state;
    private final SchedulerClient schedulers;
    private final Thread thread;
    // of the thread
    private Deadline published = Deadline.after(Duration.ZERO);
    private String trouble = "";

    /** @param report what it says of itself, each time the same */
    public CinderPresence(
            Backend backend, PresenceConfig config, ReportVolumeService report, RefusedOperations refused,
            StateClient state, SchedulerClient schedulers) {
        this.backend = backend;
        this.config = config;
        this.report = report;
        this.refused = refused;
        this.state = state;
        this.schedulers = schedulers;
        this.thread = Thread.ofVirtual().name("presence-" + backend.host()).unstarted(this::run);
    }

    /**
     * What a service reports of itself.
     *
     * @param cluster {@code cluster@backend}, where there is one
     */
    public static ReportVolumeService report(Backend backend, Optional<String> cluster, String zone) {
        return new ReportVolumeService(
                backend.host(), cluster, zone, VolumeRpc.VERSION.toString(), VolumeRpc.OBJECT_VERSION);
    }

    /** Returns at once. */
    @Override
    public void start() {
        thread.start();
    }

    @Override
    public void stop() {
        thread.interrupt();
    }

    /** @throws StateException.Unavailable if the broker has not taken it, and {@link DriverException} */
    public void publish() {
        schedulers.publish(new UpdateServiceCapabilities(
                "volume", backend.host(), capabilities(), report.cluster(), TIMESTAMP.format(Instant.now())));
    }

    private Map<String, Object> capabilities() {
        Map<String, Object> capabilities = new LinkedHashMap<>(
                backend.run("capabilities", Deadline.after(LOOK), VolumeDriver::capabilities));
        capabilities.put("volume_backend_name", backend.backendName());
        capabilities.put("total_capacity_gb", 0);
        capabilities.put("free_capacity_gb", 0);
        capabilities.put("allocated_capacity_gb", 0);
        capabilities.put("provisioned_capacity_gb", 0);
        capabilities.put("reserved_percentage", 0);
        capabilities.put("filter_function", null);
        capabilities.put("goodness_function", null);
        return capabilities;
    }

    private void run() {
        try {
            while (true) {
                String now = look();
                if (!now.equals(trouble) && !Thread.currentThread().isInterrupted()) {
                    LOG.log(now.isEmpty() ? Level.INFO : Level.WARNING, "backend {0} is reported {1}", backend.host(),
                            now.isEmpty() ? "as a volume service" : "no more: " + now);
                    trouble = now;
                }
                TimeUnit.NANOSECONDS.sleep(config.reportInterval().toNanos());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** A defect must not end this: without reports the service would count as dead. */
    private String look() {
        try {
            refused.tellAgain();
            return backend.problem().orElseGet(this::tell);
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, "backend " + backend.host() + " cannot be reported", e);
            return "it broke: " + e.getClass().getSimpleName();
        }
    }

    /** @return why it could not be told, empty if it was */
    private String tell() {
        try {
            state.report(report);
            if (published.isOver()) {
                publish();
                published = Deadline.after(config.publishInterval());
            }
            return "";
        } catch (StateException | RpcException | DriverException e) {
            return e.getMessage();
        }
    }
}
