package dev.reseat.api.service;

import static dev.reseat.api.service.ServiceFixture.ADMIN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.reseat.api.evidence.Repair;
import dev.reseat.api.flow.Journal;
import dev.reseat.api.flow.ServiceException;
import dev.reseat.api.model.Attachment;
import dev.reseat.api.model.ErrorCode;
import dev.reseat.api.store.journal.JournalEntry;
import dev.reseat.api.store.journal.JournalStep.Phase;
import dev.reseat.contract.evidence.Answer;
import dev.reseat.contract.volume.BackendConnection;
import dev.reseat.contract.volume.BreakLock;
import dev.reseat.contract.volume.ResetStatus;
import dev.reseat.runtime.Deadline;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The repairs with steps of their own, each read back from rows, host and backend. */
@Tag("database")
final class RemediesIT extends ScriptedCase {
    @Test
    void aMappingThatLeadsNowhereIsDeletedAndComesBack() {
        String volume = fixture.cloud.volume("available");
        String mapping = map(fixture.cloud.instance(), volume, "6e3b1c7a-0000-4000-8000-00000000dead");
        String before = fixture.cloud.state();
        RepairReport dry = fixture.repairs.dryRun(ADMIN, volume, Optional.empty());
        assertThat(dry.before().verdict().row().id()).isEqualTo("14");
        assertThat(dry.inverse().map(Inverse::text)).contains("restore mapping " + mapping);
        assertThat(fixture.cloud.state()).isEqualTo(before);

        RepairReport done = fixture.repairs.repair(ADMIN, volume, Optional.empty());

        assertThat(after(done)).isEqualTo("N12");
        assertThat(live(volume)).isEmpty();
        String entry = done.journal().orElseThrow().toString();
        assertThat(fixture.lastEntry(volume).kind()).isEqualTo("repair");
        assertThat(fixture.lastEntry(volume).reason()).contains("pattern 14: dangling mapping");

        assertThat(fixture.undo.dryRun(ADMIN, entry, Optional.empty()).steps())
                .singleElement()
                .satisfies(step -> assertThat(step).startsWith("restore mapping " + mapping));
        fixture.undo.undo(ADMIN, entry, Optional.empty());
        assertThat(live(volume)).containsExactly(mapping);
        assertThat(fixture.diagnoses.diagnose(ADMIN, volume).verdict().row().id()).isEqualTo("14");
    }

    @Test
    void aMappingIsNotGivenBackOverWhatSomebodyHasDoneSince() {
        String volume = fixture.cloud.volume("available");
        String server = fixture.cloud.instance();
        map(server, volume, "6e3b1c7a-0000-4000-8000-00000000dead");
        String entry = fixture.repairs.repair(ADMIN, volume, Optional.empty()).journal().orElseThrow().toString();
        String other = map(server, volume, "6e3b1c7a-0000-4000-8000-00000000beef");

        assertThatThrownBy(() -> fixture.undo.undo(ADMIN, entry, Optional.empty()))
                .isInstanceOfSatisfying(ServiceException.Conflict.class,
                        refused -> assertThat(refused.code()).isEqualTo(ErrorCode.CHANGED_MEANWHILE));
        assertThat(live(volume)).containsExactly(other);
    }

    @Test
    void ofTwoMappingsTheOneThatLeadsToTheAttachmentStays() {
        String server = fixture.cloud.instance();
        String volume = volume("in-use");
        String attachment = attach(volume, server, Map.of());
        String stale = map(server, volume, "6e3b1c7a-0000-4000-8000-00000000dead");
        String kept = map(server, volume, attachment);
        backend.connections = List.of(exported(attachment, "host-a"));

        RepairReport done = fixture.repairs.repair(ADMIN, volume, Optional.empty());

        assertThat(done.before().verdict().row().id()).isEqualTo("19b");
        assertThat(live(volume)).containsExactly(kept);
        assertThat(after(done)).isEqualTo("N2");
        assertThat(done.steps()).anyMatch(step -> step.contains(stale));
    }

    @Test
    void ofTwoMappingsThatAreAlikeAPersonChooses() {
        String server = fixture.cloud.instance();
        String volume = volume("in-use");
        String attachment = attach(volume, server, Map.of());
        map(server, volume, attachment);
        map(server, volume, attachment);
        backend.connections = List.of(exported(attachment, "host-a"));

        assertThatThrownBy(() -> fixture.repairs.repair(ADMIN, volume, Optional.empty()))
                .isInstanceOf(ServiceException.Conflict.class)
                .hasMessageContaining("it cannot be told which one leads nowhere");
        assertThat(live(volume)).hasSize(2);
    }

    @Test
    void onlyTheAttachmentThatAMigrationHasLeftBehindIsDeleted() {
        try (ScriptedAgent other = new ScriptedAgent(fixture, 5, "host-b")) {
            String server = fixture.cloud.instance();
            String volume = volume("in-use");
            String kept = attach(volume, server, Map.of());
            String left = attach(
                    volume, server, Map.of("connector", "{\"host\": \"host-b\"}", "attached_host", "host-b"));
            map(server, volume, kept);
            backend.connections = List.of(exported(kept, "host-a"), exported(left, "host-b"));
            other.uses = Answer.YES;
            assertThatThrownBy(() -> fixture.repairs.repair(ADMIN, volume, Optional.empty()))
                    .isInstanceOf(ServiceException.Conflict.class);
            assertThat(backend.asked).doesNotContain("attachment_delete");

            other.uses = Answer.NO;
            RepairReport done = fixture.repairs.repair(ADMIN, volume, Optional.empty());

            assertThat(done.before().verdict().row().id()).isEqualTo("16b");
            assertThat(backend.asked).contains("attachment_delete");
            assertThat(fixture.volume(volume).attachments()).extracting(Attachment::id).containsExactly(kept);
            assertThat(fixture.volume(volume).status()).isEqualTo("in-use");
        }
    }

    @Test
    void aVolumeThatWasResetUnderARunningGuestGetsItsAttachmentBack() {
        String server = fixture.cloud.instance(Map.of("vm_state", "active"));
        String volume = fixture.cloud.volume("available");
        String attachment = attach(volume, server, Map.of("deleted", true, "attach_status", "detached"));
        map(server, volume, attachment);
        agent.guest = Answer.YES;
        agent.uses = Answer.YES;
        backend.connections = List.of(new BackendConnection(
                Optional.empty(), Optional.of("host-a"), Answer.YES, Answer.YES, "a lock"));
        RepairReport done = fixture.repairs.repair(ADMIN, volume, Optional.empty());

        assertThat(done.before().verdict().row().id()).isEqualTo("13");
        assertThat(backend.asked).contains("reset_status in-use");
        assertThat(fixture.volume(volume).status()).isEqualTo("in-use");
        assertThat(fixture.volume(volume).attachments()).extracting(Attachment::id, Attachment::status)
                .containsExactly(tuple(attachment, "attached"));
        assertThat(fixture.journalQueries.ofSubject(volume, 5)).filteredOn(one -> one.requestId().equals("req-test"))
                .extracting(JournalView::kind)
                .containsExactly("reset");
        assertThat(after(done)).isEqualTo("N1");
    }

    @Test
    void whatTheDriverCannotPutBackStaysSafeFromOthersAndIsCompletedLater() {
        String server = fixture.cloud.instance(Map.of("vm_state", "active"));
        String volume = fixture.cloud.volume("available");
        String attachment = attach(volume, server, Map.of("deleted", true, "attach_status", "detached"));
        map(server, volume, attachment);
        agent.guest = Answer.YES;
        agent.uses = Answer.YES;
        backend.connections = List.of(new BackendConnection(
                Optional.empty(), Optional.of("host-a"), Answer.YES, Answer.YES, "a lock"));
        backend.reset = _ -> ScriptedBackend.result(
                ResetStatus.Outcome.FAILED, "the array is busy");

        assertThatThrownBy(() -> fixture.repairs.repair(ADMIN, volume, Optional.empty()))
                .isInstanceOf(ServiceException.Failed.class);
        assertThat(fixture.volume(volume).status()).isEqualTo("attaching");
        assertThat(fixture.diagnoses.diagnose(ADMIN, volume).verdict().row().id()).isEqualTo("4");

        backend.reset = _ -> ScriptedBackend.result(ResetStatus.Outcome.PROVED);
        fixture.repairs.repair(ADMIN, volume, Optional.empty());
        assertThat(fixture.volume(volume).status()).isEqualTo("in-use");
    }

    @Test
    void aDeleteWhoseObjectIsGoneIsFinishedByCinder() {
        try (ScriptedBackend cinder = new ScriptedBackend(fixture, false)) {
            String volume = fixture.cloud.volume("error_deleting");
            assertThat(fixture.diagnoses.diagnose(ADMIN, volume).verdict().row().id()).isEqualTo("24b");
            backend.gone = true;
            cinder.delete = () -> fixture.cloud.execute(
                    fixture.cloud.cinder(), "UPDATE volumes SET deleted = true, status = 'deleted' WHERE id = ?",
                    volume);

            RepairReport done = fixture.repairs.repair(ADMIN, volume, Optional.empty());

            assertThat(done.before().verdict().row().id()).isEqualTo("25");
            assertThat(done.after()).isEmpty();
            assertThat(cinder.asked).containsExactly("delete_volume");
            assertThat(backend.asked).doesNotContain("delete_volume");
            assertThat(fixture.lastEntry(volume).state()).isEqualTo("done");
        }
    }

    @Test
    void aDeleteThatCinderHasNotFinishedIsNoneThatIsDone() {
        String volume = fixture.cloud.volume("error_deleting");
        backend.gone = true;
        assertThatThrownBy(() -> fixture.repairs.repair(ADMIN, volume, Optional.empty()))
                .isInstanceOf(ServiceException.Unavailable.class);
        assertThat(fixture.lastEntry(volume).state()).isEqualTo("undone");

        try (ScriptedBackend cinder = new ScriptedBackend(fixture, false)) {
            assertThatThrownBy(() -> fixture.repairs.repair(ADMIN, volume, Optional.empty()))
                    .isInstanceOf(ServiceException.Failed.class)
                    .hasMessageContaining("its row is still there");
            assertThat(cinder.asked).containsExactly("delete_volume");
            assertThat(fixture.lastEntry(volume).state()).isEqualTo("failed");
        }
    }

    @Test
    void aJobWhoseServiceIsDeadLeavesItsErrorState() {
        String volume = fixture.cloud.volume("extending");
        service("false");
        assertThatThrownBy(() -> fixture.repairs.repair(ADMIN, volume, Optional.of("29"), Optional.empty()))
                .isInstanceOf(ServiceException.Conflict.class);

        fixture.cloud.execute(fixture.cloud.cinder(), "DELETE FROM services");
        service("true");
        RepairReport done = fixture.repairs.repair(ADMIN, volume, Optional.empty());

        assertThat(done.before().verdict().row().id()).isEqualTo("29");
        assertThat(fixture.volume(volume).status()).isEqualTo("error_extending");
        assertThat(done.inverse().map(Inverse::text)).contains("reset to extending");
        assertThat(backend.asked).doesNotContain("reset_status available");
    }

    @Test
    void anAttachThatDiedOnTheHostIsTakenBackHostFirst() {
        String volume = brokenAttach();
        agent.uses = Answer.YES;
        agent.remove = _ -> agent.uses = Answer.NO;

        RepairReport done = fixture.repairs.repair(ADMIN, volume, Optional.empty());

        assertThat(done.before().verdict().row().id()).isEqualTo("3");
        assertThat(agent.asked).containsExactly("remove_volume_connection delete=true");
        assertThat(backend.asked).contains("attachment_delete");
        assertThat(fixture.volume(volume).status()).isEqualTo("available");
        assertThat(fixture.volume(volume).attachments()).isEmpty();
        assertThat(live(volume)).isEmpty();
        assertThat(fixture.lastEntry(volume).steps())
                .filteredOn(step -> step.phase().equals("done"))
                .extracting(JournalView.Step::name)
                .containsExactly(
                        "evidence", "plan", HostRemoval.REMOVE, HostRemoval.PROOF_HOST, HostRemoval.DELETE,
                        HostRemoval.MAPPING);
    }

    @Test
    void noRowChangesWhileTheHostHoldsOn() {
        String volume = brokenAttach();
        agent.uses = Answer.YES;
        String before = fixture.cloud.state();

        assertThatThrownBy(() -> fixture.repairs.repair(ADMIN, volume, Optional.empty()))
                .isInstanceOf(ServiceException.Failed.class)
                .hasMessageContaining("No row was changed");

        assertThat(fixture.cloud.state()).isEqualTo(before);
        assertThat(backend.asked).doesNotContain("attachment_delete");
        assertThat(fixture.lastEntry(volume).state()).isEqualTo("failed");
    }

    @Test
    void aRemovalThatWasCutOffIsGoneOnWith() {
        String volume = brokenAttach();
        cutOff(volume, Repair.REMOVE_FROM_HOST, entry -> {
            entry.step(HostRemoval.REMOVE, Phase.BEGUN, Map.of());
            entry.step(HostRemoval.REMOVE, Phase.DONE, Map.of());
        });

        fixture.reconciler(Duration.ofHours(1)).settleAll();

        assertThat(fixture.lastEntry(volume).state()).isEqualTo("done");
        assertThat(agent.asked).isEmpty();
        assertThat(fixture.volume(volume).status()).isEqualTo("available");
        assertThat(live(volume)).isEmpty();
    }

    @Test
    void aDeletionThatWasCutOffIsOnlyLookedAt() {
        String volume = fixture.cloud.volume("available");
        String mapping = map(fixture.cloud.instance(), volume, "6e3b1c7a-0000-4000-8000-00000000dead");
        cutOff(volume, Repair.DELETE_MAPPING, entry -> entry.step(MappingDeletion.DELETE, Phase.BEGUN, Map.of()));
        fixture.reconciler(Duration.ofHours(1)).settleAll();
        assertThat(fixture.lastEntry(volume).state()).isEqualTo("failed");
        assertThat(live(volume)).containsExactly(mapping);

        cutOff(volume, Repair.DELETE_MAPPING, entry -> entry.step(MappingDeletion.DELETE, Phase.BEGUN, Map.of()));
        fixture.cloud.execute(fixture.cloud.nova(), "UPDATE block_device_mapping SET deleted = id");
        fixture.reconciler(Duration.ofHours(1)).settleAll();
        assertThat(fixture.lastEntry(volume).state()).isEqualTo("done");
    }

    @Test
    void theLockOfADeadClientIsBrokenByTheBackendAlone() {
        String volume = fixture.cloud.volume("in-use");
        String before = fixture.cloud.state();

        breakLock(volume);

        assertThat(backend.asked).containsOnlyOnce("break_lock");
        assertThat(fixture.lastEntry(volume).state()).isEqualTo("done");
        assertThat(fixture.cloud.state()).isEqualTo(before);

        backend.lock = new BreakLock.Result(BreakLock.Outcome.REFUSED, "its owner watches the image");
        assertThatThrownBy(() -> breakLock(volume)).isInstanceOf(ServiceException.Failed.class)
                .hasMessageContaining("its owner watches the image");
        assertThat(fixture.lastEntry(volume).state()).isEqualTo("failed");
    }

    private void breakLock(String volume) {
        Remedy.Prescription prescribed = fixture.remedies.of(Repair.BREAK_LOCK)
                .orElseThrow()
                .prescribe(ADMIN, fixture.diagnoses.diagnose(ADMIN, volume));
        fixture.remedies.run(ADMIN, ((Remedy.Prescription.Do) prescribed).order(), Optional.empty(), List.of(),
                Deadline.after(Duration.ofSeconds(60)));
    }

    private interface Begun {
        void write(Journal.Entry entry);
    }

    /** As a process leaves it that dies there. */
    private void cutOff(String volume, Repair repair, Begun begun) {
        Remedy.Prescription prescribed = fixture.remedies.of(repair)
                .orElseThrow()
                .prescribe(ADMIN, fixture.diagnoses.diagnose(ADMIN, volume));
        RemedyOrder order = ((Remedy.Prescription.Do) prescribed).order();
        try (var entry = fixture.journal.open(ADMIN, new Journal.Intention(
                JournalEntry.Kind.REPAIR, volume, Optional.empty(), Optional.empty(), order, order.volume()))) {
            begun.write(entry);
        }
    }

    private String brokenAttach() {
        String server = fixture.cloud.instance(Map.of("vm_state", "active"));
        String volume = volume("attaching");
        String attachment = attach(volume, server, Map.of("attach_status", "attaching"));
        map(server, volume, attachment);
        backend.connections = List.of(exported(attachment, "host-a"));
        return volume;
    }

    private void service(String dead) {
        fixture.cloud.execute(
                fixture.cloud.cinder(),
                "INSERT INTO services (host, \"binary\", topic, report_count, deleted, disabled, created_at,"
                        + " updated_at)"
                        + " VALUES ('host-1@file', 'cinder-volume', 'cinder-volume', 1, false, false,"
                        + " timezone('UTC', now()), CASE WHEN " + dead + " THEN timestamp '2020-01-01' ELSE"
                        + " timezone('UTC', now()) END)");
    }

    private static String after(RepairReport report) {
        return report.after().orElseThrow().verdict().row().id();
    }

    private List<String> live(String volume) {
        return fixture.devices.live(fixture.volume(volume)).stream().map(device -> device.uuid()).toList();
    }

    private String volume(String status) {
        return fixture.cloud.volume(Map.of("status", status, "attach_status", "attached"));
    }

    private String attach(String volume, String server, Map<String, Object> more) {
        Map<String, Object> columns = new HashMap<>(Map.of(
                "instance_uuid", server, "connector", "{\"host\": \"host-a\"}", "connection_info", WAY));
        columns.putAll(more);
        return fixture.cloud.attachment(volume, columns);
    }

    private String map(String server, String volume, String attachment) {
        return fixture.cloud.blockDevice(
                server, volume, Map.of("attachment_id", attachment, "connection_info", NESTED));
    }

    private static BackendConnection exported(String attachment, String host) {
        return new BackendConnection(
                Optional.of(attachment), Optional.of(host), Answer.YES, Answer.NO, "exported");
    }
}
