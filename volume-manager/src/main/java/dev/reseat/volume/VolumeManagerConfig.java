package dev.reseat.volume;

import dev.reseat.contract.OpenStackService;
import dev.reseat.contract.Replaces;
import dev.reseat.contract.volume.VolumeRpc;
import dev.reseat.process.SystemCommandRunner;
import dev.reseat.runtime.RequestTimes;
import dev.reseat.runtime.Settings;
import dev.reseat.volume.driver.ConfiguredDriver;
import dev.reseat.volume.driver.DriverFactories;
import dev.reseat.volume.driver.DriverFactory;
import dev.reseat.volume.service.PresenceConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/**
 * Which backends a volume-manager runs, in the words of {@code cinder.conf}.
 *
 * @param exchange {@code [DEFAULT] control_exchange}: where Cinder's queues are, of use only to who replaces it
 * @param replaces cinder-volume, or nothing
 * @param stateTimeout how long the state service is waited for: half of {@code [DEFAULT] rpc_response_timeout}, so
 *     that who called is told the reason before it gives up
 * @param presence how often Cinder hears of a backend, where cinder-volume is replaced
 * @param times how long requests may take, with waiting for the volume, the state service and the driver
 * @param backends those of {@code [DEFAULT] enabled_backends} that there is a driver for
 */
public record VolumeManagerConfig(
        String exchange,
        Replaces replaces,
        Duration stateTimeout,
        PresenceConfig presence,
        RequestTimes times,
        List<Backend> backends) {
    private static final System.Logger LOG = System.getLogger(VolumeManagerConfig.class.getName());
    private static final String DEFAULT = "DEFAULT";
    private static final String VOLUME_DRIVER = "volume_driver";

    public VolumeManagerConfig {
        backends = List.copyOf(backends);
        if (exchange.isBlank()) {
            throw new IllegalArgumentException("[DEFAULT] control_exchange: must not be blank");
        }
        if (!stateTimeout.isPositive()) {
            throw new IllegalArgumentException("[DEFAULT] rpc_response_timeout: must be positive");
        }
        if (new HashSet<>(backends.stream().map(Backend::name).toList()).size() < backends.size()) {
            throw new IllegalArgumentException("[DEFAULT] enabled_backends: names one twice");
        }
    }

    /**
     * One group of settings.
     *
     * @param name of the group
     * @param server the host it serves under: {@code backend_host}, or else {@code [DEFAULT] host}
     * @param cluster {@code [DEFAULT] cluster}: what the services of an active-active backend share
     * @param backendName {@code volume_backend_name}
     * @param zone {@code backend_availability_zone}, or else {@code [DEFAULT] storage_availability_zone}
     */
    public record Backend(String name, String server, Optional<String> cluster, String backendName, String zone,
            ConfiguredDriver<?> driver) {
        public Backend {
            if (server.isBlank() || server.contains("@") || server.contains("#")) {
                throw new IllegalArgumentException(
                        "host of backend " + name + " must be a plain name: '" + server + "'");
            }
        }

        /** {@code volumes.host} of its volumes, without the pool. */
        public String host() {
            return server + "@" + name;
        }

        /** {@code volumes.cluster_name} of its volumes, without the pool. */
        public Optional<String> clusterHost() {
            return cluster.map(shared -> shared + "@" + name);
        }
    }

    /** @param thisHost the name of this host, where the settings give none */
    public static VolumeManagerConfig from(Settings settings, String thisHost) {
        return from(settings, thisHost, DriversModule.factories(new SystemCommandRunner(List.of())));
    }

    /** @param factories the drivers there are */
    static VolumeManagerConfig from(Settings settings, String thisHost, DriverFactories factories) {
        String host = settings.text(DEFAULT, "host", thisHost);
        String zone = settings.text(DEFAULT, "storage_availability_zone", "nova");
        Optional<String> cluster = settings.optionalText(DEFAULT, "cluster").map(String::strip);
        List<Backend> backends = new ArrayList<>();
        List<String> names = settings.list(DEFAULT, "enabled_backends", List.of());
        if (names.isEmpty()) {
            throw new IllegalArgumentException("[DEFAULT] enabled_backends: must name at least one backend");
        }
        for (String name : names) {
            String server = settings.text(name, "backend_host", host);
            String backendName = settings.text(name, "volume_backend_name", name);
            String backendZone = settings.text(name, "backend_availability_zone", zone);
            driver(settings, name, factories)
                    .ifPresent(driver -> backends.add(
                            new Backend(name, server, cluster, backendName, backendZone, driver)));
        }
        return new VolumeManagerConfig(
                settings.text(DEFAULT, "control_exchange", VolumeRpc.DEFAULT_EXCHANGE),
                Replaces.from(settings, OpenStackService.CINDER_VOLUME),
                settings.seconds(DEFAULT, "rpc_response_timeout", Duration.ofSeconds(60)).dividedBy(2),
                PresenceConfig.from(settings),
                RequestTimes.from(settings),
                backends);
    }

    /**
     * Empty if there is no such driver here. A class of Python stays cinder-volume's and is said, for a process that
     * does not start helps none of the other backends; any other word is a problem the settings remember.
     */
    private static Optional<ConfiguredDriver<?>> driver(Settings settings, String backend, DriverFactories factories) {
        settings.requiredText(backend, VOLUME_DRIVER);
        String word = settings.value(backend, VOLUME_DRIVER, "", name -> known(name.strip(), factories));
        Optional<DriverFactory<?>> factory = factories.find(word);
        if (factory.isEmpty() && !word.isEmpty()) {
            LOG.log(System.Logger.Level.WARNING,
                    "[{0}] volume_driver: {1} is not served here, there is: {2}; it is left to cinder-volume",
                    backend, word, factories.names());
        }
        Optional<String> left = factory.flatMap(known -> known.leftToCinder(settings, backend));
        left.ifPresent(reason -> LOG.log(System.Logger.Level.WARNING, "[{0}] {1}; it is left to cinder-volume",
                backend, reason));
        return factory.filter(_ -> left.isEmpty()).map(known -> ConfiguredDriver.of(known, settings, backend));
    }

    private static String known(String word, DriverFactories factories) {
        if (factories.find(word).isPresent() || word.isEmpty() || word.contains(".")) {
            return word;
        }
        throw new IllegalArgumentException("no such driver here, there is: " + factories.names());
    }
}
