package dev.reseat.compute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reseat.compute.journal.Removal;
import dev.reseat.compute.journal.RemovalJournal;
import dev.reseat.contract.connection.ConnectionInfo;
import dev.reseat.contract.evidence.Answer;
import dev.reseat.rpc.RequestContext;
import dev.reseat.rpc.RpcException;
import dev.reseat.rpc.RpcVersion;
import dev.reseat.rpc.transport.TransportUrl;
import dev.reseat.rpc.transport.rabbit.RabbitConfig;
import dev.reseat.rpc.transport.rabbit.RabbitTransport;
import dev.reseat.testing.RabbitBroker;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * An agent process is killed in the middle of a removal, and started again. The middle is held open by block storage.
 */
@Tag("broker")
@Tag("slow")
final class KilledAgentIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    @TempDir private Path directory;
    private final String url = RabbitBroker.running().transportUrl();
    private final String host = "host-" + UUID.randomUUID();
    private AgentCloud cloud;
    private ComputeAgent connectors;
    private ConnectionInfo.Local connection;

    @BeforeEach
    void prepare() {
        TransportUrl broker = TransportUrl.parse(url);
        RabbitConfig config = RabbitConfig.defaults();
        cloud = new AgentCloud(directory, () -> RabbitTransport.of(broker, config, "reseat-test")).withConductor();
        connectors = cloud.unstarted(host);
        connection = cloud.attachedTo(connectors);
        cloud.conductor.instance(AgentCloud.INSTANCE, AgentCloud.instance());
    }

    @AfterEach
    void stop() {
        connectors.connectors().disconnect(connection, AgentCloud.soon());
        cloud.close();
    }

    @Test
    void aHalfDoneRemovalIsFinishedOnTheHostAndItsAttachmentLeftAlone() throws Exception {
        String info = AgentCloud.connectionInfo(connection).replaceFirst("\\{", "{\"multiattach\": true, ");
        cloud.conductor.map(AgentCloud.VOLUME, AgentCloud.INSTANCE, AgentCloud.ATTACHMENT, info);
        cloud.blockStorage.on("GET /volumes/" + AgentCloud.VOLUME, 200,
                "{\"volume\": {\"id\": \"v\", \"attachments\": []}}");
        CountDownLatch gate = cloud.blockStorage.holdAnswersAfter(1); // it asks before it begins, too
        killedWhileItAsksBlockStorage();
        assertThat(journal().unfinished()).extracting(Removal::step).containsExactly(Removal.Step.HOST);
        assertThat(held()).isEqualTo(Answer.YES);

        gate.countDown();
        try (var journal = new JournalWatch(cloud.state(host)); AgentProcess agent = start()) {
            agent.await("left unfinished: removal of volume " + AgentCloud.VOLUME);
            journal.await(LIMIT, left -> left.stream().noneMatch(Removal::touchesHost));
            agent.await("finished on this host");
            assertThat(held()).isEqualTo(Answer.NO);
            assertThat(cloud.blockStorage.lines()).noneMatch(line -> line.startsWith("DELETE"));
            assertThat(remove(LIMIT)).isNull(); // the caller asks again, and gets the rest
            assertThat(cloud.blockStorage.lines()).contains("DELETE /attachments/" + AgentCloud.ATTACHMENT);
            assertThat(journal().unfinished()).isEmpty();
        }
    }

    @Test
    void aRemovalThatWasDoneOnTheHostIsReportedUntilItsCallerAsksAgain() throws Exception {
        CountDownLatch gate = cloud.blockStorage.holdAnswers();
        killedWhileItAsksBlockStorage();
        assertThat(held()).isEqualTo(Answer.NO);
        assertThat(journal().unfinished()).extracting(Removal::step).containsExactly(Removal.Step.BLOCK_STORAGE);

        gate.countDown();
        try (AgentProcess agent = start()) {
            agent.await("left unfinished: removal of volume " + AgentCloud.VOLUME);
            URI monitor = monitor(agent);
            agent.await(" started in ");
            assertThat(get(monitor.resolve("/health"))).contains("1 unfinished");
            assertThat(get(monitor.resolve("/metrics"))).contains("reseat_compute_removals_unfinished");
            assertThat(remove(LIMIT)).isNull();
            assertThat(get(monitor.resolve("/health"))).contains("none unfinished");
            assertThat(agent.terminate()).isZero();
        }
    }

    @Test
    void anAgentThatCannotReadItsSettingsSaysWhichAndEnds() throws Exception {
        try (AgentProcess agent = AgentProcess.start(directory, settings() + "[local]\nuse_lop = true\n")) {
            agent.await("use_lop");
            assertThat(agent.awaitEnd()).isEqualTo(2);
        }
    }

    private void killedWhileItAsksBlockStorage() throws Exception {
        try (AgentProcess agent = start()) {
            agent.await(" started in ");
            Thread caller = Thread.ofVirtual()
                    .start(() -> assertThatThrownBy(() -> remove(Duration.ofSeconds(12)))
                            .isInstanceOf(RpcException.OutcomeUnknown.class));
            assertThat(cloud.blockStorage.asked().await(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
            agent.kill();
            assertThat(caller.join(LIMIT)).isTrue();
        }
    }

    private Object remove(Duration limit) {
        return cloud.calling(host)
                .atVersion(RpcVersion.of(6, 3))
                .timeout(limit)
                .call(
                        RequestContext.admin(), "remove_volume_connection",
                        Map.of("instance", AgentCloud.instance(), "volume_id", AgentCloud.VOLUME, "delete_attachment",
                                true),
                        Void.class);
    }

    private AgentProcess start() throws Exception {
        return AgentProcess.start(directory, settings());
    }

    private String settings() {
        return """
                [DEFAULT]
                host = %s
                my_ip = 192.0.2.10
                state_path = %s
                compute_driver = none
                transport_url = %s
                rpc_response_timeout = 10
                [cinder]
                auth_type = noauth
                username = nova
                project_id = %s
                endpoint_template = %s
                [monitor]
                port = 0
                [local]
                use_loop = false
                volumes_dirs = %s
                users_share_namespace = true
                """.formatted(host, cloud.state(host), url, BlockStorageFake.PROJECT, cloud.blockStorage.endpoint(),
                cloud.directory);
    }

    private static URI monitor(AgentProcess agent) throws InterruptedException {
        String line = agent.await("metrics and health on ");
        return URI.create("http://127.0.0.1:" + line.substring(line.lastIndexOf(':') + 1).strip());
    }

    private static String get(URI uri) throws Exception {
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString()).body();
        }
    }

    private Answer held() {
        return connectors.connectors().inspect(connection, AgentCloud.soon()).held();
    }

    private RemovalJournal journal() {
        return new RemovalJournal(cloud.state(host));
    }
}
