package dev.reseat.api.service;

import static dev.reseat.api.service.ServiceFixture.ADMIN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.reseat.api.conductor.DiagnosisEndpoint;
import dev.reseat.api.evidence.Fact;
import dev.reseat.api.evidence.Repair;
import dev.reseat.api.evidence.Verdict;
import dev.reseat.api.flow.ServiceException;
import dev.reseat.api.store.StoreException;
import dev.reseat.contract.evidence.Answer;
import dev.reseat.contract.evidence.Source;
import dev.reseat.contract.state.DiagnoseCall;
import dev.reseat.contract.state.StateRpc;
import dev.reseat.contract.volume.BackendConnection;
import dev.reseat.contract.volume.StoredVolume;
import dev.reseat.contract.volume.StoredVolume.LockState;
import dev.reseat.contract.volume.StoredVolume.ObjectState;
import dev.reseat.rpc.RequestContext;
import dev.reseat.rpc.RpcException;
import dev.reseat.rpc.client.ClientConfig;
import dev.reseat.rpc.client.PreparedCall;
import dev.reseat.rpc.client.RpcClient;
import dev.reseat.rpc.server.RpcServer;
import dev.reseat.rpc.server.ServerConfig;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a volume's rows, its hosts and its backend come to, all of them real but for what the two peers are told. */
@Tag("database")
final class DiagnoseVolumesIT extends ScriptedCase {
    @Test
    void aDetachedVolumeIsInOrder() {
        assertPattern(fixture.cloud.volume("available"), "N12");
    }

    @Test
    void aDetachThatDiedInCinder() {
        String volume = volume("detaching");
        attach(volume, fixture.cloud.instance(), Map.of());

        VolumeDiagnosis seen = assertPattern(volume, "6");

        assertThat(seen.verdict().repair()).isEqualTo(Repair.TAKE_DOWN);
        assertThat(seen.command()).contains("reseat repair " + volume);
    }

    /** An old volume-manager, or a driver that cannot tell: nobody knows that no dead client has a lock. */
    @Test
    void aLockThatNobodyTellsOfIsUnknown() {
        String volume = volume("detaching");
        attach(volume, fixture.cloud.instance(), Map.of());
        backend.stored = StoredVolume.UNTOLD;

        VolumeDiagnosis seen = fixture.diagnoses.diagnose(ADMIN, volume);

        assertThat(seen.verdict().kind()).isEqualTo(Verdict.Kind.UNKNOWN);
        assertThat(seen.verdict().mayBe()).contains("6");
        assertThat(seen.verdict().silent()).contains(Source.BACKEND);
        assertThat(seen.facts().answer(Fact.LOCK)).isEqualTo(Fact.UNKNOWN);
        assertThat(seen.facts().answer(Fact.OBJECT)).isEqualTo(Fact.UNKNOWN);
    }

    @Test
    void aDeleteIsHeldUpByWhatTheBackendNames() {
        String volume = volume("error_deleting");
        assertPattern(volume, "24b");

        backend.stored = new StoredVolume(ObjectState.BUSY, LockState.NONE);
        assertPattern(volume, "24");
    }

    @Test
    void anAttachThatDiedInTheApi() {
        String volume = volume("attaching");
        fixture.cloud.attachment(volume, Map.of(
                "instance_uuid", fixture.cloud.instance(Map.of("host", "host-z")), "attach_status", "reserved",
                "connection_info", "{}"));

        assertThat(assertPattern(volume, "1").verdict().repair()).isEqualTo(Repair.TAKE_DOWN);
    }

    @Test
    void aRunningServerThatHasIt() {
        String server = fixture.cloud.instance(Map.of("vm_state", "active"));
        String volume = volume("in-use");
        String attachment = attach(volume, server, Map.of());
        map(server, volume, attachment);
        agent.guest = Answer.YES;
        agent.uses = Answer.YES;
        backend.connections = List.of(used(attachment));

        assertPattern(volume, "N1");

        fixture.cloud.execute(fixture.cloud.cinder(), "UPDATE volumes SET status = 'detaching' WHERE id = ?", volume);
        assertPattern(volume, "7");
        fixture.cloud.execute(fixture.cloud.cinder(), "UPDATE volumes SET status = 'attaching' WHERE id = ?", volume);
        assertPattern(volume, "4");
        fixture.cloud.execute(fixture.cloud.nova(), "UPDATE instances SET task_state = 'rebooting'");
        assertPattern(volume, "N11");
    }

    @Test
    void aDeletedServersAttachment() {
        String server = fixture.cloud.instance(Map.of("deleted", 3));
        String volume = volume("in-use");
        attach(volume, server, Map.of());
        assertPattern(volume, "9");

        agent.guest = Answer.YES;
        VolumeDiagnosis ghost = assertPattern(volume, "10");
        assertThat(ghost.verdict().repair()).isEqualTo(Repair.REPORT);
    }

    @Test
    void aHostThatOnlyTheBackendNamesIsAskedToo() {
        String volume = fixture.cloud.volume("available");
        backend.connections = List.of(new BackendConnection(
                Optional.empty(), Optional.of("host-a"), Answer.YES, Answer.NO, "exported"));
        assertPattern(volume, "12");

        agent.uses = Answer.YES;
        VolumeDiagnosis orphan = assertPattern(volume, "11");
        assertThat(orphan.facts().answer(Fact.HOST)).isEqualTo("elsewhere");
    }

    @Test
    void theHostThatHadItLastIsAskedWhereNoRowNamesOne() {
        String volume = fixture.cloud.volume("available");
        attach(volume, fixture.cloud.instance(), Map.of("deleted", true));
        assertPattern(volume, "N12");

        agent.uses = Answer.YES;
        assertPattern(volume, "11");

        agent.close();
        assertThat(assertPattern(volume, "30").verdict().silent()).contains(Source.HOST);
    }

    /** An image service's, a bare machine's: no row names a guest, so all of that host are meant. */
    @Test
    void anAttachmentOfAHostIsInOrderWhereNoGuestOfItListsTheDisk() {
        String volume = volume("in-use");
        String attachment = attach(volume, "-", Map.of());
        fixture.cloud.execute(fixture.cloud.cinder(), "UPDATE volume_attachment SET instance_uuid = NULL");
        agent.uses = Answer.YES;
        backend.connections = List.of(used(attachment));

        assertThat(assertPattern(volume, "N6").facts().answer(Fact.GUEST)).isEqualTo("no");
        assertThat(agent.questions.getLast().instanceUuid()).isEmpty();

        agent.guest = Answer.UNKNOWN;
        assertThat(assertPattern(volume, "N6").facts().answer(Fact.GUEST)).isEqualTo(Fact.UNKNOWN);

        agent.guest = Answer.YES;
        assertThat(fixture.diagnoses.diagnose(ADMIN, volume).facts().answer(Fact.GUEST)).isEqualTo("live");
    }

    @Test
    void aGuestThatCannotBeAskedWhereOnlyTheBackendNamesItsHostIsUnknown() {
        String volume = fixture.cloud.volume("available");
        backend.connections = List.of(new BackendConnection(
                Optional.empty(), Optional.of("host-a"), Answer.YES, Answer.NO, "exported"));
        agent.guest = Answer.UNKNOWN;

        assertThat(assertPattern(volume, "30").verdict().silent()).contains(Source.GUEST);
    }

    @Test
    void aSilentAgentIsNotEnoughEvidence() {
        String volume = volume("detaching");
        attach(volume, fixture.cloud.instance(), Map.of());
        agent.close();

        VolumeDiagnosis seen = assertPattern(volume, "30");

        assertThat(seen.verdict().kind()).isEqualTo(Verdict.Kind.UNKNOWN);
        assertThat(seen.verdict().repair()).isEqualTo(Repair.REPORT);
        assertThat(seen.verdict().silent()).contains(Source.GUEST, Source.HOST);
        assertThat(seen.verdict().mayBe()).contains("6");
    }

    @Test
    void aHostThatNovaHasDownIsPattern22() {
        String server = fixture.cloud.instance(Map.of("vm_state", "active"));
        String volume = volume("in-use");
        map(server, volume, attach(volume, server, Map.of()));
        agent.close();
        assertPattern(volume, "30");

        fixture.cloud.execute(
                fixture.cloud.nova(),
                "INSERT INTO services (host, \"binary\", topic, report_count, deleted, forced_down)"
                        + " VALUES ('host-a', 'nova-compute', 'compute', 1, 0, true)");
        assertPattern(volume, "22");
    }

    @Test
    void novasSilenceIsNotEnoughEvidence() {
        String volume = volume("detaching");
        attach(volume, fixture.cloud.instance(), Map.of());
        fixture.cloud.execute(fixture.cloud.nova(), "ALTER TABLE block_device_mapping RENAME TO away");

        assertThat(assertPattern(volume, "30").verdict().silent()).contains(Source.NOVA);
    }

    @Test
    void whatIsSafeIsDoneAndShownToHaveBeen() {
        String volume = volume("detaching");
        attach(volume, fixture.cloud.instance(), Map.of());
        String before = fixture.cloud.state();

        RepairReport dry = fixture.repairs.dryRun(ADMIN, volume, Optional.empty());
        assertThat(dry.steps()).anyMatch(step -> step.startsWith("reset_status available"));
        assertThat(fixture.cloud.state()).isEqualTo(before);

        RepairReport done = fixture.repairs.repair(ADMIN, volume, Optional.empty());
        assertThat(done.before().verdict().row().id()).isEqualTo("6");
        assertThat(done.after().map(seen -> seen.verdict().row().id())).contains("N12");
        assertThat(fixture.volume(volume).attachments()).isEmpty();
        assertThat(fixture.lastEntry(volume).reason()).contains("pattern 6: detach died in Cinder");

        assertThat(fixture.repairs.repair(ADMIN, volume, Optional.empty()).journal()).isEmpty();
    }

    @Test
    void anAttachThatOnlyLacksItsCompletionIsCompleted() {
        String server = fixture.cloud.instance(Map.of("vm_state", "active"));
        String volume = volume("attaching");
        String attachment = attach(volume, server, Map.of("attach_status", "attaching"));
        map(server, volume, attachment);
        agent.guest = Answer.YES;
        agent.uses = Answer.YES;
        backend.connections = List.of(used(attachment));

        RepairReport done = fixture.repairs.repair(ADMIN, volume, Optional.of("its owner waits"));

        assertThat(done.after().map(seen -> seen.verdict().row().id())).contains("N1");
        assertThat(fixture.volume(volume).attachments()).extracting(one -> one.status()).containsExactly("attached");
    }

    @Test
    void whatAPersonHasToDecideIsRefusedAndNothingChanges() {
        String server = fixture.cloud.instance(Map.of("deleted", 3));
        String ghost = volume("in-use");
        attach(ghost, server, Map.of());
        agent.guest = Answer.YES;
        String before = fixture.cloud.state();

        assertThatThrownBy(() -> fixture.repairs.repair(ADMIN, ghost, Optional.empty()))
                .isInstanceOfSatisfying(ServiceException.Conflict.class, refused -> {
                    assertThat(refused).hasMessageContaining("pattern 10, ghost of a deleted server");
                    assertThat(refused.observations()).isNotEmpty();
                });
        agent.close();
        assertThatThrownBy(() -> fixture.repairs.repair(ADMIN, ghost, Optional.empty()))
                .isInstanceOf(ServiceException.Conflict.class)
                .hasMessageContaining("Silent: guest, host.");
        assertThat(fixture.cloud.state()).isEqualTo(before);
        assertThat(backend.asked).containsOnly("describe_connections");
    }

    @Test
    void otherServicesAskByRpc() {
        String volume = volume("detaching");
        attach(volume, fixture.cloud.instance(), Map.of());
        RpcServer server = new RpcServer(
                fixture.transport, fixture.codec, StateRpc.target().onServer("api-1"),
                List.of(new DiagnosisEndpoint(fixture.diagnoses).endpoint()), ServerConfig.DEFAULT, fixture.meters);
        server.start();
        try (RpcClient client = new RpcClient(
                fixture.transport, fixture.codec, ClientConfig.withTimeout(Duration.ofSeconds(60)),
                new SimpleMeterRegistry())) {
            PreparedCall ask = client.prepare(StateRpc.target());

            DiagnoseCall.Result seen =
                    ask.call(ADMIN, DiagnoseCall.METHOD, Map.of("volumes", List.of(volume)), DiagnoseCall.Result.class);
            assertThat(seen.diagnoses()).extracting(DiagnoseCall.Found::pattern, DiagnoseCall.Found::repair)
                    .containsExactly(tuple("6", "take_down"));
            assertThat(seen.diagnoses().getFirst().facts()).containsEntry("status", "detaching");

            assertThatThrownBy(() -> ask.call(ADMIN, DiagnoseCall.METHOD, Map.of(), DiagnoseCall.Result.class))
                    .isInstanceOfSatisfying(RpcException.RemoteFailure.class,
                            e -> assertThat(e.type()).isEqualTo("InvalidInput"));
            RequestContext anybody = RequestContext.of("ada", "p", false, "req-test");
            assertThatThrownBy(
                    () -> ask.call(anybody, DiagnoseCall.METHOD, Map.of("all", true), DiagnoseCall.Result.class))
                    .isInstanceOfSatisfying(RpcException.RemoteFailure.class,
                            e -> assertThat(e.type()).isEqualTo("PolicyNotAuthorized"));
        } finally {
            server.stop();
        }
    }

    @Test
    void selectorsMustAllHoldAndOneThatFitsNothingSelectsNothing() {
        String server = fixture.cloud.instance();
        String one = volume("detaching");
        attach(one, server, Map.of());
        String other = fixture.cloud.volume("available");

        assertThat(ids(request(List.of(), server, null, null))).containsExactly(one);
        assertThat(ids(request(List.of(), null, "host-a", null))).containsExactly(one);
        assertThat(ids(request(List.of(other), server, null, null))).isEmpty();
        assertThat(ids(request(List.of(), null, "host-z", null))).isEmpty();
        assertThat(ids(request(List.of(one, other), null, null, "available"))).containsExactly(other);
        assertThat(fixture.diagnoses.diagnose(ADMIN, request(List.of("none-such"), null, null, null)).missing())
                .containsExactly("none-such");
        assertThatThrownBy(() -> request(List.of(), null, null, null)).isInstanceOf(ServiceException.Invalid.class);
        assertThat(backend.asked).hasSize(3);
    }

    @Test
    void aSelectorThatFailsSelectsNothing() {
        fixture.cloud.volume("available");
        fixture.cloud.execute(fixture.cloud.nova(), "ALTER TABLE block_device_mapping RENAME TO away");

        assertThatThrownBy(() -> fixture.diagnoses.diagnose(ADMIN, request(List.of(), "any", null, null)))
                .isInstanceOf(StoreException.class);
        assertThat(backend.asked).isEmpty();
    }

    private List<String> ids(DiagnosisRequest request) {
        return fixture.diagnoses.diagnose(ADMIN, request)
                .volumes()
                .stream()
                .map(diagnosis -> diagnosis.volume().id())
                .toList();
    }

    private static DiagnosisRequest request(List<String> volumes, String instance, String host, String state) {
        return new DiagnosisRequest(
                volumes, Optional.ofNullable(instance), Optional.ofNullable(host), Optional.empty(), Optional.empty(),
                Optional.ofNullable(state), false, Optional.empty(), DiagnosisRequest.MOST);
    }

    private VolumeDiagnosis assertPattern(String volume, String pattern) {
        VolumeDiagnosis seen = fixture.diagnoses.diagnose(ADMIN, volume);
        assertThat(seen.verdict().row().id()).as("%s", seen).isEqualTo(pattern);
        return seen;
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

    private void map(String server, String volume, String attachment) {
        fixture.cloud.blockDevice(server, volume, Map.of("attachment_id", attachment, "connection_info", NESTED));
    }

    private static BackendConnection used(String attachment) {
        return new BackendConnection(
                Optional.of(attachment), Optional.of("host-a"), Answer.YES, Answer.YES, "a lock");
    }
}
