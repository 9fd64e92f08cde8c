package dev.reseat.systemtest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reseat.api.store.DatabaseUrl;
import dev.reseat.systemtest.Http.Answer;
import dev.reseat.systemtest.Scene.Attached;
import dev.reseat.testing.CuttableLink;
import dev.reseat.testing.EmbeddedDatabase;
import dev.reseat.testing.OtherTransaction;
import dev.reseat.testing.RabbitBroker;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Broker or database away, at the start or later; and a process that is told to end. Nothing is lost. */
@Tag("broker")
@Tag("database")
@Tag("slow")
final class OutageIT {
    private static final Duration COMES_BACK = Duration.ofSeconds(90);

    private static Answer reset(Cloud cloud, Attached attached) {
        return cloud.http()
                .post(
                        "/v3/volumes/" + attached.volume() + "/action",
                        "{\"os-reset_status\": {\"status\": \"available\"}}");
    }

    /** Asks again until it is done: whoever has been away needs a moment. */
    private static void resetInTheEnd(Cloud cloud, Attached attached) {
        long end = System.nanoTime() + COMES_BACK.toNanos();
        Answer answer = reset(cloud, attached);
        while (isNotYet(answer) && System.nanoTime() < end) {
            answer = reset(cloud, attached);
        }
        assertThat(answer.status()).as(answer.text()).isEqualTo(202);
        assertThat(cloud.volume(attached.volume())).containsEntry("status", "available");
        assertThat(cloud.liveAttachments(attached.volume())).isZero();
        assertThat(attached.exports()).doesNotExist();
    }

    /** Nobody is there to do it, or a host is not there yet to say that it does not use the volume. */
    private static boolean isNotYet(Answer answer) {
        return answer.status() == 503 || (answer.status() == 409 && answer.message().contains("nobody listens"));
    }

    private static void assertStillStuck(Cloud cloud, Attached attached) {
        assertThat(cloud.volume(attached.volume())).containsEntry("status", "detaching");
        assertThat(cloud.liveAttachments(attached.volume())).isOne();
        assertThat(attached.exports()).exists();
    }

    @Test
    void aBrokerThatComesLateOrGoesAwayIsWaitedFor() throws Exception {
        RabbitBroker broker = RabbitBroker.restartable();
        try (Cloud cloud = Cloud.prepared()) {
            broker.stop();
            cloud.launch();
            broker.start();
            Attached first = attachedInTheEnd(cloud);
            resetInTheEnd(cloud, first);

            Attached second = new Scene(cloud).stuck("second", "detaching");
            broker.kill();
            Answer away = reset(cloud, second);
            assertThat(away.status()).as(away.text()).isEqualTo(503);
            assertThat(away.json().path("serviceUnavailable").path("code").intValue()).isEqualTo(503);
            assertStillStuck(cloud, second);

            broker.start();
            resetInTheEnd(cloud, second);
        } finally {
            RabbitBroker.running();
        }
    }

    private static Attached attachedInTheEnd(Cloud cloud) {
        long end = System.nanoTime() + COMES_BACK.toNanos();
        while (true) {
            try {
                return new Scene(cloud).stuck("first", "detaching");
            } catch (AssertionError notYet) {
                if (System.nanoTime() > end) {
                    throw notYet;
                }
            }
        }
    }

    @Test
    void aDatabaseThatComesLateOrGoesAwayIsWaitedFor() throws Exception {
        try (EmbeddedDatabase any = EmbeddedDatabase.create();
                CuttableLink link = new CuttableLink(address(any.cinder()));
                Cloud cloud = Cloud.prepared(url -> through(link, url))) {
            cloud.apiNode().launch();
            cloud.apiNode().output().await(line -> line.contains("database"), COMES_BACK);
            link.mend();
            cloud.apiNode().awaitStarted();
            cloud.volumeManager().launch().awaitStarted();
            cloud.computeAgent().launch().awaitStarted();
            Attached stuck = new Scene(cloud).stuck("cut", "detaching");

            link.cut();
            Answer away = reset(cloud, stuck);
            assertThat(away.status()).as(away.text()).isEqualTo(503);
            assertThat(away.message()).isEqualTo("The database cannot be reached now. Try again later.");
            assertStillStuck(cloud, stuck);

            link.mend();
            resetInTheEnd(cloud, stuck);
        }
    }

    private static InetSocketAddress address(DatabaseUrl url) {
        String[] server = url.server().split(":", 2);
        return new InetSocketAddress(server[0], Integer.parseInt(server[1]));
    }

    private static DatabaseUrl through(CuttableLink link, DatabaseUrl url) {
        return url.withServer("127.0.0.1:" + link.port());
    }

    /** The host lets go, block storage waits for the row: nobody says then that everything is as it was. */
    @Test
    void aRowThatSomebodyHoldsDuringARefreshMakesItsOutcomeUnknown() throws Exception {
        try (Cloud cloud = Cloud.running()) {
            Scene scene = new Scene(cloud);
            Attached stale = scene.attached("held row");
            Process holder = scene.heldByAgent(stale);
            try (OtherTransaction other = OtherTransaction.on(cloud.cinder())) {
                other.run(tx -> tx.handle()
                        .execute("SELECT 1 FROM volume_attachment WHERE id = ? FOR UPDATE", stale.attachment()));

                Answer answer = cloud.http()
                        .post("/reseat/v1/block-device-mappings/" + stale.mapping() + "/refresh", "{}");

                assertThat(answer.status()).as(answer.text()).isEqualTo(504);
                assertThat(answer.text()).doesNotContain("as it was");
                assertThat(holder.isAlive()).as("the host has let go").isFalse();
                assertThat(cloud.journal(stale.volume()).get("state")).isIn("unknown", "open");
            }

            cloud.awaitSettled(stale.volume());

            assertThat(cloud.journal(stale.volume())).containsEntry("state", "done");
            Map<String, Object> mapping = cloud.rows()
                    .row(cloud.nova(), "SELECT * FROM block_device_mapping WHERE uuid = ?", stale.mapping());
            assertThat(mapping.get("attachment_id")).isNotEqualTo(stale.attachment());
            assertThat(Files.readString(stale.exports())).contains(mapping.get("attachment_id").toString());
            assertThat(cloud.liveAttachments(stale.volume())).isOne();
        }
    }

    @Test
    void aProcessThatIsToldToEndFinishesWhatItHasBegun() throws Exception {
        try (Cloud cloud = Cloud.running()) {
            Attached stuck = new Scene(cloud).stuck("drained", "detaching");
            CompletableFuture<Answer> answer;
            try (OtherTransaction other = OtherTransaction.on(cloud.cinder())) {
                other.run(tx -> tx.handle().execute("SELECT 1 FROM volumes WHERE id = ? FOR UPDATE", stuck.volume()));
                answer = cloud.http()
                        .sending(
                                "POST", "/v3/volumes/" + stuck.volume() + "/action",
                                "{\"os-reset_status\": {\"status\": \"available\"}}");
                other.awaitBlocked(cloud.cinder());
                cloud.apiNode().terminate();
                awaitRefusal(cloud);
                assertThat(cloud.apiNode().isAlive()).isTrue();
            }
            assertThat(answer.get().status()).isEqualTo(202);
            assertThat(cloud.apiNode().awaitEnd()).isZero();
            assertThat(cloud.volume(stuck.volume())).containsEntry("status", "available");
            assertThat(cloud.journal(stuck.volume())).containsEntry("state", "done");

            cloud.volumeManager().terminate();
            cloud.computeAgent().terminate();
            assertThat(cloud.volumeManager().awaitEnd()).isZero();
            assertThat(cloud.computeAgent().awaitEnd()).isZero();
        }
    }

    /** New requests are refused, in whatever way, while the old one goes on. */
    private static void awaitRefusal(Cloud cloud) {
        long end = System.nanoTime() + COMES_BACK.toNanos();
        boolean refused = false;
        while (!refused && System.nanoTime() < end) {
            try {
                refused = cloud.http().get("/v3/volumes").status() == 503;
            } catch (UncheckedIOException closed) {
                refused = true;
            }
        }
        assertThat(refused).isTrue();
    }

    @Test
    void settingsThatMakeNoSenseAreNamedAndNothingStarts(@TempDir Path directory) throws Exception {
        var wrong = new ServiceProcess("reseat-volume-manager", directory, """
                [DEFAULT]
                enabled_backends = file
                rpc_response_timeuot = 5
                [file]
                volume_driver = file
                """);

        assertThat(wrong.launch().awaitEnd()).isEqualTo(2);
        assertThat(wrong.output().await(line -> line.contains("rpc_response_timeuot"), COMES_BACK)).isNotEmpty();
    }
}
