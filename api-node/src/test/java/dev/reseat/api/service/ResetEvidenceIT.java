package dev.reseat.api.service;

import static dev.reseat.api.service.ServiceFixture.ADMIN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.tuple;

import dev.reseat.api.flow.ServiceException;
import dev.reseat.api.model.Volume;
import dev.reseat.contract.compute.InspectVolume;
import dev.reseat.contract.evidence.Answer;
import dev.reseat.contract.evidence.Observation;
import dev.reseat.contract.evidence.Source;
import dev.reseat.contract.volume.ResetStatus.Outcome;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whom a reset asks, and what it concludes from answers and from silence. */
@Tag("database")
final class ResetEvidenceIT extends ResetCase {
    @BeforeEach
    void theAttachmentLeadsToTheVolume() {
        fixture.cloud.execute(
                fixture.cloud.cinder(), "UPDATE volume_attachment SET connection_info = ? WHERE id = ?",
                "{\"driver_volume_type\": \"local\", \"device_path\": \"/volumes/v\"}", attachment);
    }

    @ParameterizedTest
    @ValueSource(strings = {"active", "stopped", "shelved_offloaded", "error"})
    void aMappingOfAnInstanceThatExistsIsAClaimWhateverStateItIsIn(String state) {
        Map<String, Object> columns = new HashMap<>(Map.of("vm_state", state));
        if (state.equals("shelved_offloaded")) {
            columns.put("host", null);
        }
        String instance = fixture.cloud.instance(columns);
        fixture.cloud.blockDevice(instance, volume, Map.of());

        assertClaimed(instance, to("available"));
    }

    @ParameterizedTest
    @EnumSource(Force.class)
    void noForceOverrulesAMapping(Force grade) {
        String instance = fixture.cloud.instance();
        fixture.cloud.blockDevice(instance, volume, Map.of("attachment_id", attachment));

        assertClaimed(instance, to("available", grade));
        assertClaimed(instance, to("available", Force.values()));
    }

    @Test
    void aMappingIsAClaimOnAVolumeWithoutAttachmentsToo() {
        String bare = fixture.cloud.volume("error");
        String instance = fixture.cloud.instance();
        fixture.cloud.blockDevice(instance, bare, Map.of());

        assertThatThrownBy(() -> fixture.resets.reset(ADMIN, bare, to("available")))
                .isInstanceOfSatisfying(ServiceException.Conflict.class, e -> assertThat(e.next())
                        .contains("openstack server remove volume " + instance + " " + bare));
        assertThat(fixture.volume(bare).status()).isEqualTo("error");
    }

    @Test
    void mappingsOfTheDeletedAreNone() {
        String gone = fixture.cloud.instance(Map.of("deleted", 7));
        fixture.cloud.blockDevice(gone, volume, Map.of());
        fixture.cloud.blockDevice(fixture.cloud.instance(), volume, Map.of("deleted", 9));

        ResetReport report = fixture.resets.reset(ADMIN, volume, to("available"));

        assertThat(report.after()).map(ResetReport.State::status).contains("available");
        assertThat(of(report.observations(), Source.NOVA)).allMatch(seen -> seen.answer() == Answer.NO)
                .anyMatch(seen -> seen.excerpt().contains(gone + ", which is deleted"));
    }

    @Test
    void novasSilenceIsNoNo() {
        fixture.cloud.execute(fixture.cloud.nova(), "ALTER TABLE block_device_mapping RENAME TO away");

        assertThatThrownBy(() -> fixture.resets.reset(ADMIN, volume, to("available")))
                .isInstanceOf(ServiceException.Conflict.class)
                .hasMessageContaining("It is unknown whether volume " + volume + " is used. nova: ");
        assertUnchanged("undone");

        fixture.resets.reset(ADMIN, volume, to("available", Force.ACCEPT_UNKNOWN));
        assertThat(fixture.volume(volume).status()).isEqualTo("available");
    }

    @Test
    void everyHostThatAnyRowNamesIsAsked() {
        String moved = fixture.cloud.instance(Map.of("host", "host-c"));
        String ghost = fixture.cloud.instance(Map.of("host", "host-d", "deleted", 3));
        fixture.cloud.insert(
                fixture.cloud.nova(),
                "migrations",
                Map.of("instance_uuid", moved, "source_compute", "host-e", "dest_compute", "host-c", "status", "error",
                        "deleted", 0));
        fixture.cloud.execute(
                fixture.cloud.cinder(), "UPDATE volume_attachment SET instance_uuid = ?, attached_host = 'host-b'",
                moved);
        fixture.cloud.blockDevice(
                ghost, volume,
                Map.of("connection_info",
                        "{\"driver_volume_type\": \"local\", \"data\": {\"device_path\": \"/old\"}}"));
        var agents = List.of("host-b", "host-c", "host-d", "host-e")
                .stream()
                .collect(Collectors.toMap(host -> host, host -> new ScriptedAgent(fixture, 5, host)));
        agents.get("host-e").uses = Answer.YES;

        assertThatThrownBy(() -> fixture.resets.plan(ADMIN, volume, to("available")))
                .isInstanceOf(ServiceException.Conflict.class)
                .hasMessageContaining("host-e");

        assertThat(agent.questions).isNotEmpty();
        assertThat(agents.values()).allSatisfy(each -> assertThat(each.questions).isNotEmpty());
        assertThat(agents.get("host-d").questions)
                .extracting(InspectVolume::instanceUuid,
                        question -> question.connectionInfo().orElseThrow().get("data"))
                .containsExactly(tuple(
                        Optional.of(ghost), Map.of("device_path", "/old")));
        agents.values().forEach(ScriptedAgent::close);
    }

    @Test
    void aSkippedDriverDoesNotMakeASilentHostANo() {
        agent.close();

        assertThatThrownBy(() -> fixture.resets.reset(ADMIN, volume, to("available", Force.SKIP_DRIVER)))
                .isInstanceOf(ServiceException.Conflict.class)
                .hasMessageContaining("guest and host on host-a: no answer")
                .isInstanceOfSatisfying(ServiceException.class, e -> assertThat(e.next().orElse(""))
                        .contains("--force accept-unknown --force skip-driver"));
        assertUnchanged("undone");

        fixture.resets.reset(ADMIN, volume, to("available", Force.SKIP_DRIVER, Force.ACCEPT_UNKNOWN));
        assertThat(fixture.volume(volume).status()).isEqualTo("available");
        assertThat(backend.asked).isEmpty();
    }

    @Test
    void aGuestThatCannotBeAskedIsNoNoEither() {
        agent.guest = Answer.UNKNOWN;

        assertThatThrownBy(() -> fixture.resets.reset(ADMIN, volume, to("available", Force.SKIP_DRIVER)))
                .hasMessageContaining("guest on host-a");
    }

    @Test
    void whetherAnyGuestListsItIsAskedWhereNoInstanceIsNamed() {
        fixture.cloud.execute(fixture.cloud.cinder(), "UPDATE volume_attachment SET instance_uuid = NULL");

        fixture.resets.plan(ADMIN, volume, to("available"));

        assertThat(agent.questions).extracting(InspectVolume::instanceUuid).containsOnly(Optional.empty());
        agent.guest = Answer.YES;
        assertThatThrownBy(() -> fixture.resets.reset(ADMIN, volume, to("available", Force.values())))
                .isInstanceOf(ServiceException.Conflict.class)
                .hasMessageContaining("is in use on host host-a: guest says ");
    }

    @Test
    void ignoringAnErrorIsNotTakingAnUnreachableDriverForANo() {
        String lost = fixture.cloud.volume(Map.of("status", "detaching", "host", "host-9@gone#pool"));

        var failure = catchThrowableOfType(
                ServiceException.Unavailable.class,
                () -> fixture.resets.reset(ADMIN, lost, to("available", Force.IGNORE_DRIVER_ERROR)));

        assertThat(failure.next().orElse("")).contains("--force accept-unknown --force ignore-driver-error");
        assertThat(fixture.volume(lost).status()).isEqualTo("detaching");
        fixture.resets.reset(ADMIN, lost, to("available", Force.IGNORE_DRIVER_ERROR, Force.ACCEPT_UNKNOWN));
        assertThat(fixture.volume(lost).status()).isEqualTo("available");
    }

    @Test
    void aFailedDriverProvesNothingSoTheHostsAreAskedAgain() {
        backend.reset = _ -> {
            agent.close();
            return ScriptedBackend.result(Outcome.FAILED);
        };

        assertThatThrownBy(() -> fixture.resets.reset(ADMIN, volume, to("available", Force.IGNORE_DRIVER_ERROR)))
                .isInstanceOf(ServiceException.Conflict.class)
                .hasMessageContaining("host-a")
                .hasMessageContaining("The driver has done its part already.");
        assertUnchanged("failed");
        assertThat(fixture.lastEntry(volume).outcome().orElseThrow()).contains("The driver has done its part already.");
    }

    @Test
    void aHostThatCannotBeAskedBlocksWhateverADriverProves() {
        agent.close();

        assertThatThrownBy(() -> fixture.resets.reset(ADMIN, volume, to("available")))
                .isInstanceOf(ServiceException.Conflict.class)
                .hasMessageContaining("guest and host on host-a: no answer")
                .isInstanceOfSatisfying(ServiceException.class, e -> assertThat(e.next().orElse(""))
                        .contains("--force accept-unknown"));
        assertThat(backend.asked).as("nothing was taken down").containsExactly("describe_connections");
        assertUnchanged("undone");
        assertThat(evidenceInJournal()).contains("\"answer\": \"unknown\"", "\"host\": \"host-a\"", "inspect_volume");

        ResetReport report = fixture.resets.reset(ADMIN, volume, to("available", Force.ACCEPT_UNKNOWN));
        assertThat(report.driver().code()).isEqualTo("proved");
        assertThat(of(report.observations(), Source.HOST)).extracting(Observation::answer)
                .containsExactly(Answer.UNKNOWN);
    }

    @Test
    void withoutOurVolumeManagerAVolumeThatNobodyUsesIsFreedByCinders() {
        onlyCinder();

        ResetReport report = fixture.resets.reset(ADMIN, volume, to("available"));

        assertThat(backend.asked).containsExactly("attachment_delete", "remove_export");
        assertThat(report.driver().code()).isEqualTo("unproved");
        assertThat(report.plan().required()).containsExactlyInAnyOrder(Source.NOVA, Source.GUEST, Source.HOST);
        assertThat(of(report.observations(), Source.HOST)).as("asked before and after").hasSize(2);
        assertThat(fixture.volume(volume).status()).isEqualTo("available");
        assertThat(fixture.volume(volume).attachments()).isEmpty();
    }

    @Test
    void withoutOurVolumeManagerAVolumeWithoutAttachmentsIsNoFault() {
        onlyCinder();
        String bare = fixture.cloud.volume("error");

        ResetReport report = fixture.resets.reset(ADMIN, bare, to("available"));

        assertThat(report.driver().code()).isEqualTo("unproved");
        assertThat(fixture.volume(bare).status()).isEqualTo("available");
    }

    @Test
    void withoutOurVolumeManagerASilentHostKeepsTheVolume() {
        onlyCinder();
        agent.close();

        assertThatThrownBy(() -> fixture.resets.reset(ADMIN, volume, to("available")))
                .isInstanceOf(ServiceException.Conflict.class)
                .hasMessageContaining("guest and host on host-a");
        assertUnchanged("undone");
        assertThat(backend.asked).isEmpty();

        fixture.resets.reset(ADMIN, volume, to("available", Force.ACCEPT_UNKNOWN));
        assertThat(fixture.volume(volume).status()).isEqualTo("available");
    }

    @Test
    void aDryRunRefusesWhatTheResetRefusesAndNothingElse() {
        agent.uses = Answer.YES;

        assertThatThrownBy(() -> fixture.resets.plan(ADMIN, volume, to("available")))
                .isInstanceOf(ServiceException.Conflict.class)
                .isInstanceOfSatisfying(ServiceException.class, e -> assertThat(of(e.observations(), Source.HOST))
                        .extracting(Observation::answer)
                        .containsExactly(Answer.YES));
        assertThat(fixture.resets.plan(ADMIN, volume, to("in-use")).plan().steps())
                .extracting(ResetPlan.Step::name)
                .containsExactly("reset_status in-use", "set status in-use");
        assertThat(fixture.resets.reset(ADMIN, volume, to("in-use")).driver().code()).isEqualTo("proved");
    }

    @Test
    void aDryRunSaysWhatWouldBeDoneAndByWhom() {
        onlyCinder();

        ResetPlan plan = fixture.resets.plan(ADMIN, volume, to("available")).plan();

        assertThat(plan.way()).isEqualTo(ResetPlan.Way.CINDER);
        assertThat(plan.steps()).extracting(ResetPlan.Step::name)
                .containsExactly(
                        "attachment_delete " + attachment, "remove_export", "ask Nova's rows, guests and hosts again",
                        "set status available");
        assertThat(plan.steps().getFirst().by()).startsWith("cinder-volume of ");
        assertThat(backend.asked).isEmpty();
    }

    @Test
    void whoTakesTheVolumeWhileTheDriverWorksKeepsIt() {
        String instance = fixture.cloud.instance();
        backend.reset = _ -> {
            fixture.cloud.blockDevice(instance, volume, Map.of());
            return ScriptedBackend.result(Outcome.PROVED);
        };

        assertThatThrownBy(() -> fixture.resets.reset(ADMIN, volume, to("available")))
                .isInstanceOf(ServiceException.Conflict.class)
                .hasMessageContaining("is still mapped by Nova");
        assertUnchanged("failed");
    }

    @Test
    void aRefusedResetDoesNotForgetWhatIsUnknownOfAnEarlierOne() {
        fixture.cutOffReset(volume, to("available"), "driver");
        backend.connections = List.of(ScriptedBackend.connection(attachment, Answer.UNKNOWN));
        fixture.reconciler(Duration.ofMinutes(1)).settleAll();
        assertUnchanged("unknown");
        agent.uses = Answer.YES;

        assertThatThrownBy(() -> fixture.resets.reset(ADMIN, volume, to("available", Force.SKIP_DRIVER)))
                .hasMessageContaining("host-a");

        assertUnchanged("unknown");
    }

    @Test
    void errorDeletingNeedsAReason() {
        assertThatThrownBy(() -> fixture.resets.reset(ADMIN, volume, to("error_deleting")))
                .isInstanceOf(ServiceException.Invalid.class)
                .hasMessage("Cannot reset-state to error_deleting without a reason, which is recorded.");

        var request = new StateRequest(
                Optional.of("error_deleting"), Optional.empty(), Optional.empty(), Set.of(),
                Optional.of("its snapshot is gone"));
        fixture.resets.reset(ADMIN, volume, request);

        assertThat(fixture.volume(volume).status()).isEqualTo("error_deleting");
        assertThat(fixture.lastEntry(volume).reason()).contains("its snapshot is gone");
    }

    private void onlyCinder() {
        backend.close();
        backend = new ScriptedBackend(fixture, false);
    }

    private void assertClaimed(String instance, StateRequest request) {
        assertThatThrownBy(() -> fixture.resets.reset(ADMIN, volume, request))
                .isInstanceOf(ServiceException.Conflict.class)
                .hasMessageContaining(instance)
                .isInstanceOfSatisfying(ServiceException.class, e -> assertThat(e.next().orElse(""))
                        .contains("openstack server remove volume " + instance + " " + volume));
        assertUnchanged("undone");
    }

    private void assertUnchanged(String journalState) {
        Volume now = fixture.volume(volume);
        assertThat(now.status()).isEqualTo("detaching");
        assertThat(now.attachments()).hasSize(1);
        assertThat(fixture.lastEntry(volume).state()).isEqualTo(journalState);
    }

    private String evidenceInJournal() {
        return fixture.lastEntry(volume)
                .steps()
                .stream()
                .filter(step -> step.name().equals("evidence"))
                .map(JournalView.Step::detail)
                .collect(Collectors.joining());
    }

    private static List<Observation> of(List<Observation> observations, Source source) {
        return observations.stream().filter(seen -> seen.source() == source).toList();
    }
}
