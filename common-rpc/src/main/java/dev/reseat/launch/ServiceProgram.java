package dev.reseat.launch;

import com.google.inject.Guice;
import com.google.inject.Module;
import com.google.inject.Stage;
import dev.reseat.monitor.Health;
import dev.reseat.monitor.HealthCheck;
import dev.reseat.monitor.MonitorConfig;
import dev.reseat.monitor.MonitorServer;
import dev.reseat.monitor.MonitoredService;
import dev.reseat.process.SystemCommandRunner;
import dev.reseat.rpc.wiring.Rpc;
import dev.reseat.rpc.wiring.RpcConfig;
import dev.reseat.rpc.wiring.RpcModule;
import dev.reseat.runtime.Lifecycle;
import dev.reseat.runtime.ServiceMain;
import dev.reseat.runtime.Settings;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * One of Reseat's programs, and how it runs: as a process of its own with a monitor, or as a part of another process.
 *
 * @param name as it is called, such as {@code reseat-api-node}
 * @param monitorPort where its monitor listens unless told otherwise
 * @param config reads its own settings; all that is wrong with them is reported together
 * @param module what it is wired of
 * @param type what the module makes to be started
 * @param <C> its own settings
 * @param <S> what is started
 */
public record ServiceProgram<C, S extends MonitoredService>(
        String name, int monitorPort, Function<Settings, C> config, Function<C, Module> module, Class<S> type) {
    private static final Duration GRACE = Duration.ofSeconds(60);

    /** Where the RPC of a part comes from; {@link Rpc#overBroker} in a process of its own. */
    public interface RpcSource {
        /** @param program names the connections at the broker */
        Rpc connect(RpcConfig config, String program, MeterRegistry meters);
    }

    /** What is to be started: RPC first, then the service that uses it. */
    public record Part<S>(Rpc rpc, S service) {}

    private record PartConfig<C>(C own, RpcConfig rpc) {}

    private record ProcessConfig<C>(PartConfig<C> part, MonitorConfig monitor, Duration grace) {}

    /**
     * The whole of a {@code main}: reads the command line and the settings, starts, waits for a signal, drains and
     * stops. A service manager that wants to know is told when all works and when the end begins.
     *
     * @return the exit code
     */
    public int run(String[] words) {
        return ServiceMain.run(name, words, this::process);
    }

    private Lifecycle process(Settings settings) {
        var meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        ProcessConfig<C> config = settings.checked(this::readProcess);
        Part<S> part = make(config.part(), Rpc::overBroker, meters);
        List<HealthCheck> checks = new ArrayList<>(part.service().healthChecks());
        checks.add(new HealthCheck("broker", () -> part.rpc().isConnected()
                ? Health.up("connected")
                : Health.down("not connected")));
        // the monitor tells of the drain while it goes on
        return new Lifecycle(
                List.of(part.rpc(), part.service(), new MonitorServer(config.monitor(), meters, checks),
                        ServiceManagerNotice.fromEnvironment(new SystemCommandRunner(List.of()))),
                config.grace());
    }

    /**
     * As in a process of its own, without what belongs to the process; nothing is started.
     *
     * @throws dev.reseat.runtime.SettingsException if the settings are wrong
     */
    public Part<S> part(Settings settings, RpcSource source, MeterRegistry meters) {
        return make(settings.checked(this::read), source, meters);
    }

    /**
     * Reads all that a process of its own reads, for nothing but to see whether it can.
     *
     * @throws IllegalArgumentException if values do not fit together
     */
    public void tryToRead(Settings settings) {
        readProcess(settings);
    }

    private ProcessConfig<C> readProcess(Settings settings) {
        return new ProcessConfig<>(
                read(settings),
                MonitorConfig.from(settings, monitorPort),
                settings.seconds("DEFAULT", "graceful_shutdown_timeout", GRACE));
    }

    private PartConfig<C> read(Settings settings) {
        return new PartConfig<>(config.apply(settings), RpcConfig.from(settings));
    }

    private Part<S> make(PartConfig<C> all, RpcSource source, MeterRegistry meters) {
        Rpc rpc = source.connect(all.rpc(), name, meters);
        return new Part<>(
                rpc,
                Guice.createInjector(Stage.PRODUCTION, new RpcModule(rpc, meters), module.apply(all.own()))
                        .getInstance(type));
    }
}
