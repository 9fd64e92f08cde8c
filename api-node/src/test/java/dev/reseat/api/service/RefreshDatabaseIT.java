package dev.reseat.api.service;

import static dev.reseat.api.service.ServiceFixture.ADMIN;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.reseat.api.flow.ServiceException;
import dev.reseat.api.store.StoreException;
import dev.reseat.contract.evidence.Answer;
import dev.reseat.rpc.Failure;
import dev.reseat.rpc.server.EndpointFailure;
import dev.reseat.testing.CloudFixture;
import dev.reseat.testing.EmbeddedDatabase;
import dev.reseat.testing.OtherTransaction;
import dev.reseat.testing.RestartableDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * PostgreSQL is restarted, or somebody else holds a row of it, while a refresh is under way. "As it was" is never said
 * while the host has let go.
 */
@Tag("database")
final class RefreshDatabaseIT extends RefreshCase {
    private static final Duration PATIENT = Duration.ofMinutes(5);

    // made by newFixture(), before this class's own fields would be
    private RestartableDatabase server;
    private Path directory;

    @Override
    ServiceFixture newFixture() {
        try {
            directory = Files.createTempDirectory("reseat-database");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server = RestartableDatabase.in(directory);
        return new ServiceFixture(CloudFixture.open(EmbeddedDatabase.on(server.url())));
    }

    @BeforeEach
    void theHostHoldsTheVolume() {
        agent.uses = Answer.YES;
        backend.connections = List.of(ScriptedBackend.connection(old, Answer.YES));
    }

    @Override
    @AfterEach
    void close() {
        super.close();
        server.close();
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void stoppedBeforeTheHostIsTouchedItIsUndone() {
        agent.beforeConnector = server::stop;

        assertUnknown(catchThrowable(() -> fixture.refreshes.refresh(ADMIN, bdm, REQUEST)));
        agent.beforeConnector = () -> {};
        server.start();
        settle();

        assertAsBefore("undone");
        assertThat(agent.asked).containsExactly("get_volume_connector");
    }

    @Test
    void whatCannotBeTakenBackYetIsTakenBackLater() throws Exception {
        lock(cutOff("lock"));
        try (OtherTransaction other = OtherTransaction.on(fixture.cloud.nova())) {
            other.run(tx -> tx.handle().execute("SELECT 1 FROM instances WHERE uuid = ? FOR UPDATE", instance));

            fixture.reconciler(PATIENT).settleAll();

            assertThat(fixture.lastEntry(volume).state()).isEqualTo("unknown");
            assertThat(instance().locked()).isTrue();
        }
        settle();

        assertAsBefore("undone");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void stoppedWhileTheHostLetsGoItIsGoneOnWith(boolean beforeTheOldAttachmentWent) {
        agent.remove = _ -> {
            letGo();
            if (beforeTheOldAttachmentWent) {
                server.stop();
                throw new EndpointFailure(Failure.of("nova.exception", "CinderConnectionFailed", "answered 503"));
            }
            deleteOld();
            server.stop();
        };

        assertUnknown(catchThrowable(() -> fixture.refreshes.refresh(ADMIN, bdm, REQUEST)));
        agent.remove = _ -> deleteOld();
        server.start();
        assertThat(entry().outcome().orElse("")).doesNotContain("as it was");
        settle();

        assertRefreshed();
        assertThat(fixture.lastEntry(volume).state()).isEqualTo("done");
    }

    @Test
    void stoppedWhileTheBackendExportsItIsGoneOnWith() {
        agent.remove = _ -> {
            letGo();
            deleteOld();
        };
        backend.beforeAnswer = server::stop;

        assertUnknown(catchThrowable(() -> fixture.refreshes.refresh(ADMIN, bdm, REQUEST)));
        backend.beforeAnswer = () -> {};
        server.start();
        settle();

        assertRefreshed();
        assertThat(fixture.lastEntry(volume).state()).isEqualTo("done");
    }

    @Test
    @Tag("slow")
    void aRowThatSomebodyHoldsMakesTheOutcomeUnknownAndIsWaitedFor() throws Exception {
        CompletableFuture<Void> deleted = new CompletableFuture<>();
        agent.remove = _ -> {
            letGo();
            deleteOld(); // waits for the row longer than the agent is waited for
            deleted.complete(null);
        };
        try (OtherTransaction other = OtherTransaction.on(fixture.cloud.cinder())) {
            other.run(tx -> tx.handle().execute("SELECT 1 FROM volume_attachment WHERE id = ? FOR UPDATE", old));

            assertUnknown(catchThrowable(() -> fixture.refreshes.refresh(ADMIN, bdm, REQUEST)));

            assertThat(deleted).as("the row was held").isNotDone();
            assertThat(fixture.lastEntry(volume).state()).isEqualTo("unknown");
            assertThat(fixture.lastEntry(volume).outcome().orElseThrow()).doesNotContain("as it was");
            assertThat(instance().locked()).isTrue();
        }
        deleted.get(20, SECONDS);
        settle();

        assertRefreshed();
        assertThat(fixture.lastEntry(volume).state()).isEqualTo("done");
    }

    @Test
    @Tag("slow")
    void aRowThatIsHeldUntilTheEndIsToldAsItIs() throws Exception {
        agent.remove = _ -> {
            letGo();
            throw new EndpointFailure(Failure.of("nova.exception", "CinderConnectionFailed", "answered 504"));
        };
        backend.refusesConnections = true; // nor does the backend export it again
        try (OtherTransaction other = OtherTransaction.on(fixture.cloud.cinder())) {
            other.run(tx -> tx.handle().execute("SELECT 1 FROM volume_attachment WHERE id = ? FOR UPDATE", old));

            assertUnknown(catchThrowable(() -> fixture.refreshes.refresh(ADMIN, bdm, REQUEST)));
            fixture.reconciler(Duration.ofNanos(1)).settleAll();
        }

        assertThat(fixture.lastEntry(volume).state()).isEqualTo("failed");
        assertThat(fixture.lastEntry(volume).outcome().orElseThrow())
                .contains("host or backend are not as they were", "held by the host: no")
                .doesNotContain("everything is as it was");
        assertThat(device().attachmentId()).contains(old);
        assertThat(instance().locked()).isFalse();
    }

    private void letGo() {
        agent.uses = Answer.NO;
        backend.connections = List.of(ScriptedBackend.connection(old, Answer.NO));
    }

    private void settle() {
        long end = System.nanoTime() + SECONDS.toNanos(60);
        while (List.of("open", "unknown").contains(entry().state()) && System.nanoTime() < end) {
            fixture.reconciler(PATIENT).settleAll();
        }
    }

    /** A pool finds out by using them which of its connections have ended with the server. */
    private JournalView entry() {
        long end = System.nanoTime() + SECONDS.toNanos(60);
        while (true) {
            try {
                return fixture.lastEntry(volume);
            } catch (StoreException.Unavailable e) {
                if (System.nanoTime() > end) {
                    throw e;
                }
            }
        }
    }

    private static void assertUnknown(Throwable failure) {
        assertThat(failure).isInstanceOf(ServiceException.Unknown.class);
        assertThat(failure.getMessage()).doesNotContain("as it was");
    }
}
