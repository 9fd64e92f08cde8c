package dev.reseat.api.finding;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reseat.api.job.ApiNodeProcess;
import dev.reseat.api.job.JobCli;
import dev.reseat.broker.LoopbackPorts;
import dev.reseat.rpc.wiring.Rpc;
import dev.reseat.rpc.wiring.RpcConfig;
import dev.reseat.runtime.Settings;
import dev.reseat.testing.CloudFixture;
import dev.reseat.testing.RabbitBroker;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Two api-nodes as processes on real servers, of which the one that sweeps is killed in the middle of it. */
@Tag("database")
@Tag("broker")
@Tag("slow")
class SweepTakeoverIT {
    @TempDir(cleanup = CleanupMode.ON_SUCCESS) private Path directory;

    @Test
    void oneOfTwoSweepsAndTheOtherBeginsAnewWhenThatOneIsKilled() throws Exception {
        String url = RabbitBroker.running().transportUrl();
        Rpc peers = Rpc.overBroker(
                RpcConfig.from(Settings.parse("[DEFAULT]\ntransport_url = " + url + "\n")), "sweep-test",
                new SimpleMeterRegistry());
        try (CloudFixture cloud = CloudFixture.open();
                SimulatedStorage storage =
                        new SimulatedStorage(peers, List.of("host-a"), List.of(SweepCloud.BACKEND), true)) {
            cloud.instance(Map.of("host", "host-a"));
            String leaked = cloud.volume("available");
            storage.stored.add(SweepCloud.BACKEND + " " + leaked);
            storage.exports.put(leaked, "host-a");
            int port = LoopbackPorts.reserve();
            try (ApiNodeProcess first = node(cloud, url, "api-1", LoopbackPorts.reserve())) {
                first.awaitServing();
                storage.awaitSweep();
                storage.sweep(); // and stands in the second one
                try (ApiNodeProcess second = node(cloud, url, "api-2", port)) {
                    second.awaitServing();
                    JobCli cli = new JobCli(port);
                    JsonNode found = finding(cli);
                    assertThat(found.path("volume_id").asString()).isEqualTo(leaked);
                    assertThat(found.path("sweeps").asInt()).isEqualTo(1);
                    assertThat(sweeps(cli).path(0).path("node").asString()).isEqualTo("api-1");

                    first.kill();
                    storage.awaitSweep();
                    assertThat(sweeps(cli).path(0).path("node").asString()).isEqualTo("api-2");
                    assertThat(sweeps(cli).path(1).path("state").asString()).isEqualTo("abandoned");
                    storage.release(); // of the one that was killed: nobody waits for that answer
                    storage.sweep();

                    JsonNode again = finding(cli);
                    assertThat(again.path("id")).isEqualTo(found.path("id"));
                    assertThat(again.path("sweeps").asInt()).isEqualTo(2);
                    assertThat(again.path("state").asString()).isEqualTo("confirmed");
                }
            }
        } finally {
            peers.stop();
        }
    }

    private static JsonNode finding(JobCli cli) {
        return cli.json(0, "findings", "list", "--json").at("/findings/0");
    }

    private static JsonNode sweeps(JobCli cli) {
        return cli.json(0, "findings", "list", "--json").path("sweeps");
    }

    private ApiNodeProcess node(CloudFixture cloud, String url, String name, int port) throws Exception {
        return ApiNodeProcess.start(directory, name, url, cloud, port, "sweep_interval = 1", "probe_timeout = 240",
                "journal_lease = 3");
    }
}
