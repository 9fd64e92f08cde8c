package dev.reseat.compute;

import com.google.inject.Guice;
import com.google.inject.Stage;
import dev.reseat.monitor.Health;
import dev.reseat.monitor.HealthCheck;
import dev.reseat.monitor.MonitorConfig;
import dev.reseat.monitor.MonitorServer;
import dev.reseat.rpc.wiring.Rpc;
import dev.reseat.rpc.wiring.RpcConfig;
import dev.reseat.rpc.wiring.RpcModule;
import dev.reseat.runtime.Lifecycle;
import dev.reseat.runtime.ServiceMain;
import dev.reseat.runtime.Settings;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** {@code reseat-compute-agent}. */
public final class Main {
    private static final String PROGRAM = "reseat-compute-agent";
    private static final int MONITOR_PORT = 9093;

    private Main() {}

    public static void main(String[] words) {
        System.exit(ServiceMain.run(PROGRAM, words, Main::build));
    }

    private record Config(ComputeAgentConfig agent, RpcConfig rpc, MonitorConfig monitor, Duration grace) {
        static Config from(Settings settings) {
            return new Config(
                    ComputeAgentConfig.from(settings),
                    RpcConfig.from(settings),
                    MonitorConfig.from(settings, MONITOR_PORT),
                    settings.seconds("DEFAULT", "graceful_shutdown_timeout", Duration.ofSeconds(60)));
        }
    }

    private static Lifecycle build(Settings settings) {
        Config config = settings.checked(Config::from);
        var meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        var rpc = Rpc.overBroker(config.rpc(), PROGRAM, meters);
        var agent =
                Guice.createInjector(Stage.PRODUCTION, new RpcModule(rpc, meters),
                        new ComputeAgentModule(config.agent()))
                        .getInstance(ComputeAgent.class);
        List<HealthCheck> checks = new ArrayList<>(agent.healthChecks());
        checks.add(new HealthCheck("broker",
                () -> rpc.isConnected() ? Health.up("connected") : Health.down("not connected")));
        return new Lifecycle(List.of(rpc, agent, new MonitorServer(config.monitor(), meters, checks)), config.grace());
    }
}
