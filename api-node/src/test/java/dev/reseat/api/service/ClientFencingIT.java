package dev.reseat.api.service;

import static dev.reseat.api.service.ServiceFixture.ADMIN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reseat.api.flow.Journal;
import dev.reseat.api.flow.ServiceException;
import dev.reseat.api.model.ErrorCode;
import dev.reseat.api.store.journal.JournalEntry;
import dev.reseat.api.store.journal.JournalStep.Phase;
import dev.reseat.contract.evidence.Answer;
import dev.reseat.contract.volume.BackendConnection;
import dev.reseat.contract.volume.FenceClient;
import dev.reseat.rpc.Failure;
import dev.reseat.rpc.server.EndpointFailure;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A client is kept out for who names it, and for nobody else. */
@Tag("database")
@Tag("any-database")
@Tag("slow-on-mariadb")
final class ClientFencingIT {
    private static final String CLIENT = "192.0.2.7:0/4711";
    private static final String FENCED = FenceClient.METHOD + " " + CLIENT + " 86400";

    private final ServiceFixture fixture = new ServiceFixture();
    private final ScriptedBackend backend = new ScriptedBackend(fixture, true);
    private final String volume = fixture.cloud.volume("in-use");

    @AfterEach
    void close() {
        backend.close();
        fixture.close();
    }

    private static FenceRequest request(String client, boolean unseen) {
        return new FenceRequest(
                new FenceClient(client, Optional.empty()), unseen, Optional.of("its host is cut off, ticket 4711"));
    }

    private void shows(String address) {
        backend.connections = List.of(new BackendConnection(
                Optional.empty(), Optional.of("host-a"), Answer.UNKNOWN, Answer.UNKNOWN, "has a lock", Optional.of(
                        address)));
    }

    @Test
    void aDryRunShowsWhoItIsAndChangesNothing() {
        shows(CLIENT);

        FenceReport dry = fixture.fencing.dryRun(ADMIN, volume, request(CLIENT, false));

        assertThat(dry.seen()).extracting(BackendConnection::detail).containsExactly("has a lock");
        assertThat(dry.steps()).containsExactly(
                "fence_client " + CLIENT + " for 86400 seconds (reseat-volume-manager)");
        assertThat(dry.inverse().text()).contains("cannot be undone", "a person lifts the fence");
        assertThat(dry.journal()).isEmpty();
        assertThat(backend.asked).containsExactly("describe_connections");
        assertThat(fixture.journalQueries.ofSubject(volume, 5)).isEmpty();
    }

    @Test
    void whatWasDoneIsInTheJournalAndIsNotUndoneHere() {
        shows(CLIENT);

        FenceReport done = fixture.fencing.fence(ADMIN, volume, request(CLIENT, false));

        assertThat(backend.asked).contains(FENCED);
        assertThat(done.outcome()).contains("kept out; let in by: unfence it");
        JournalView entry = fixture.lastEntry(volume);
        assertThat(entry.kind()).isEqualTo("fence");
        assertThat(entry.state()).isEqualTo("done");
        assertThat(entry.reason()).contains("its host is cut off, ticket 4711");
        assertThat(entry.steps()).extracting(JournalView.Step::name).contains("evidence", "plan", FenceClient.METHOD);
        assertThat(entry.steps().toString()).contains("has a lock");
        assertThat(fixture.volume(volume).status()).as("rows are another matter").isEqualTo("in-use");
        assertThatThrownBy(() -> fixture.undo.undo(ADMIN, entry.id().toString(), Optional.empty()))
                .isInstanceOfSatisfying(ServiceException.Conflict.class,
                        refused -> assertThat(refused.code()).isEqualTo(ErrorCode.CANNOT_BE_UNDONE));
    }

    @Test
    void whoIsNotSeenAtTheVolumeIsKeptOutOnlyWhenThatIsSaid() {
        shows("192.0.2.8:0/1");

        assertThatThrownBy(() -> fixture.fencing.fence(ADMIN, volume, request(CLIENT, false)))
                .isInstanceOfSatisfying(ServiceException.Conflict.class,
                        refused -> assertThat(refused.next().orElseThrow()).endsWith("--unseen"))
                .hasMessageContaining("has a lock");
        assertThat(backend.asked).doesNotContain(FENCED);
        assertThat(fixture.journalQueries.ofSubject(volume, 5)).isEmpty();

        fixture.fencing.fence(ADMIN, volume, request(CLIENT, true));
        assertThat(backend.asked).contains(FENCED);
    }

    @Test
    void aDriverThatCannotTellHasNotSeenThatNobodyIsThere() {
        backend.tells = false;

        assertThatThrownBy(() -> fixture.fencing.dryRun(ADMIN, volume, request(CLIENT, false)))
                .isInstanceOfSatisfying(ServiceException.Conflict.class,
                        refused -> assertThat(refused.next().orElseThrow()).endsWith("--unseen"))
                .hasMessageContaining("Driver scripted cannot tell who is at volume")
                .hasMessageNotContaining("nobody");
    }

    @Test
    void everyClientOfAHostIsSeenWhereOneOfThemIs() {
        shows(CLIENT);

        assertThat(fixture.fencing.dryRun(ADMIN, volume, request("192.0.2.7:0/0", false)).seen()).hasSize(1);
        assertThatThrownBy(() -> fixture.fencing.dryRun(ADMIN, volume, request("192.0.2.70:0/0", false)))
                .isInstanceOf(ServiceException.Conflict.class);
    }

    @Test
    void anInitiatorIsTheSameInLargeAndSmallLetters() {
        shows("iqn.1993-08.org.debian:01:host-a");

        assertThat(fixture.fencing.dryRun(ADMIN, volume, request("iqn.1993-08.org.debian:01:HOST-A", false)).seen())
                .hasSize(1);
    }

    @Test
    void aBackendThatCannotIsNamedAndAReasonIsNeeded() {
        shows(CLIENT);
        backend.fence = () -> new FenceClient.Result(false, "scripted", "driver scripted cannot keep a client out");

        assertThatThrownBy(() -> fixture.fencing.fence(ADMIN, volume, request(CLIENT, false)))
                .isInstanceOf(ServiceException.NotImplemented.class)
                .hasMessageContaining("scripted");
        assertThat(fixture.lastEntry(volume).state()).isEqualTo("failed");
        var silent = new FenceRequest(new FenceClient(CLIENT, Optional.empty()), true, Optional.empty());
        assertThatThrownBy(() -> fixture.fencing.fence(ADMIN, volume, silent))
                .isInstanceOf(ServiceException.Invalid.class);
    }

    @Test
    void oneThatWasCutOffIsNotRepeated() {
        cutOff();
        cutOff(FenceClient.METHOD);

        assertThat(fixture.journalQueries.ofSubject(volume, 5)).extracting(JournalView::state)
                .containsExactly("unknown", "undone");
        assertThat(fixture.lastEntry(volume).outcome().orElseThrow()).contains("may keep " + CLIENT + " out, or not");
        fixture.reconciler(Duration.ofNanos(1)).settleAll();
        assertThat(fixture.lastEntry(volume).state()).isEqualTo("failed");
        assertThat(fixture.lastEntry(volume).outcome().orElseThrow()).contains("Given up", "may keep", "or not");
        assertThat(backend.asked).isEmpty();
    }

    @Test
    void oneThatWasNotAnsweredIsUnknownUntilItIsDoneAgain() {
        shows(CLIENT);
        Supplier<FenceClient.Result> answers = backend.fence;
        backend.fence = () -> {
            throw new EndpointFailure(Failure.of("oslo_messaging.exceptions", "MessagingTimeout", "outcome unknown"));
        };

        assertThatThrownBy(() -> fixture.fencing.fence(ADMIN, volume, request(CLIENT, false)))
                .isInstanceOf(ServiceException.Unknown.class);
        assertThat(fixture.lastEntry(volume).state()).isEqualTo("unknown");
        fixture.reconciler(Duration.ofHours(1)).settleAll();
        assertThat(fixture.lastEntry(volume).state()).as("it may be in force").isEqualTo("unknown");
        assertThat(backend.asked).containsOnlyOnce(FENCED);

        backend.fence = answers;
        fixture.fencing.fence(ADMIN, volume, request(CLIENT, false));

        assertThat(fixture.journalQueries.ofSubject(volume, 5)).extracting(JournalView::state)
                .containsExactly("done", "superseded");
    }

    @Test
    void oneThatIsUnknownKeepsNoResetBackThatAsksNoDriver() {
        cutOff(FenceClient.METHOD);
        assertThat(fixture.lastEntry(volume).state()).isEqualTo("unknown");

        fixture.resets.reset(ADMIN, volume, new StateRequest(
                Optional.of("error"), Optional.empty(), Optional.empty(), EnumSet.of(Force.SKIP_DRIVER),
                Optional.of("ticket 4711")));

        assertThat(fixture.volume(volume).status()).isEqualTo("error");
    }

    /** And another api-node takes over. */
    private void cutOff(String... steps) {
        try (var entry = fixture.journal.open(ADMIN, new Journal.Intention(
                JournalEntry.Kind.FENCE, volume, Optional.empty(), Optional.empty(), request(CLIENT, false),
                fixture.volume(volume).guard()))) {
            for (String step : steps) {
                entry.step(step, Phase.BEGUN, Map.of());
            }
            entry.leaveUnknown("the process is gone");
        }
        fixture.reconciler(Duration.ofHours(1)).settleAll();
    }
}
