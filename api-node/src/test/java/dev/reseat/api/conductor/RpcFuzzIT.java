package dev.reseat.api.conductor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reseat.api.flow.CastReports;
import dev.reseat.api.flow.Journal;
import dev.reseat.api.flow.Reconciler;
import dev.reseat.api.flow.ReconcilerConfig;
import dev.reseat.api.flow.Recovery;
import dev.reseat.api.remote.RemoteConfig;
import dev.reseat.api.remote.VolumeClient;
import dev.reseat.api.service.AttachmentState;
import dev.reseat.api.service.Attachments;
import dev.reseat.api.service.BlockDevices;
import dev.reseat.api.service.DetachGuard;
import dev.reseat.api.service.ServiceRole;
import dev.reseat.api.service.Volumes;
import dev.reseat.api.store.cell.Cells;
import dev.reseat.api.store.cinder.AttachmentTable;
import dev.reseat.api.store.cinder.VolumeMetadataTable;
import dev.reseat.api.store.cinder.VolumeTable;
import dev.reseat.api.store.journal.JournalEntry;
import dev.reseat.api.store.journal.JournalTable;
import dev.reseat.api.store.journal.LeaseConfig;
import dev.reseat.api.store.journal.LeaseTable;
import dev.reseat.api.store.journal.ProcessLeases;
import dev.reseat.api.store.nova.BlockDeviceTable;
import dev.reseat.api.store.nova.InstanceTable;
import dev.reseat.contract.conductor.ConductorRpc;
import dev.reseat.contract.state.StateRpc;
import dev.reseat.contract.volume.VolumeObject;
import dev.reseat.rpc.RequestContext;
import dev.reseat.rpc.RpcException;
import dev.reseat.rpc.Target;
import dev.reseat.rpc.client.ClientConfig;
import dev.reseat.rpc.client.PreparedCall;
import dev.reseat.rpc.client.RpcClient;
import dev.reseat.rpc.envelope.EnvelopeCodec;
import dev.reseat.rpc.object.WireMapper;
import dev.reseat.rpc.server.Endpoint;
import dev.reseat.rpc.server.RpcServer;
import dev.reseat.rpc.server.ServerConfig;
import dev.reseat.rpc.transport.Transport;
import dev.reseat.rpc.transport.memory.MemoryBroker;
import dev.reseat.rpc.transport.memory.MemoryTransport;
import dev.reseat.testing.CloudFixture;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * What peers may send to the methods that api-node serves: every argument null, of a wrong type, too long, or of
 * characters that no row holds. Each is answered by a failure that a Python peer knows, and changes no row.
 */
@Tag("database")
class RpcFuzzIT {
    private static final int CALLS = 1_000;
    private static final List<String> KNOWN = List.of(
            "builtins", "cinder.exception", "nova.exception", "oslo_versionedobjects.exception",
            "oslo_messaging.rpc.dispatcher");

    private static CloudFixture cloud;
    private static Transport transport;
    private static RpcClient client;
    private static RpcServer state;
    private static RpcServer conductor;
    private static ProcessLeases leases;
    private static String repair;

    private Random random = new Random();
    private final List<Object> values = new ArrayList<>(Arrays.asList(
            null, "", "\0", "a\0b", "x".repeat(5_000), 7, -1.5, true, List.of(), Map.of(), List.of("a", "\0"),
            Map.of("host", "host-a"), Map.of("host", 7), Map.of("host", "h".repeat(300)), Map.of("\0", "\0"),
            Map.of("host", "host-a", "mountpoint", "m".repeat(300)), "rw", "\ud83d\udca9",
            Collections.singletonMap("host", null)));

    @BeforeAll
    static void open() {
        cloud = CloudFixture.open();
        transport = new MemoryTransport(new MemoryBroker());
        var codec = new EnvelopeCodec(WireMapper.create());
        var meters = new SimpleMeterRegistry();
        client = new RpcClient(transport, codec, ClientConfig.withTimeout(Duration.ofSeconds(10)), meters);
        var database = cloud.database();
        var volumeTable = new VolumeTable();
        var volumes = new Volumes(database, volumeTable, new VolumeMetadataTable());
        var table = new AttachmentTable();
        var devices = new BlockDeviceTable();
        var instances = new InstanceTable();
        var guard = new DetachGuard(new BlockDevices(Cells.of(database), devices, instances), new ServiceRole());
        var remote = new RemoteConfig("openstack", "nova", Duration.ofSeconds(1), Duration.ofSeconds(1),
                Optional.empty(), Optional.empty());
        var attachments = new Attachments(
                database, volumes, volumeTable, table, new VolumeClient(client, remote), guard, InstantSource.system());
        var rows = new AttachmentState(database, volumeTable, table, attachments, InstantSource.system());
        state = new RpcServer(transport, codec, StateRpc.target().onServer("api-1"),
                Stream.concat(
                        new StateEndpoint(volumes, attachments, rows).endpoints().stream(),
                        Stream.of(steps(meters))).toList(),
                ServerConfig.DEFAULT, meters);
        conductor = new RpcServer(transport, codec, ConductorRpc.target("nova").onServer("api-1"),
                new ConductorEndpoint(database, Cells.of(database), devices, instances, new JournalTable(), table,
                        volumeTable)
                        .endpoints(),
                ServerConfig.DEFAULT, meters);
        state.start();
        conductor.start();
    }

    /** With an entry whose step waits for a report that never comes right. */
    private static Endpoint steps(SimpleMeterRegistry meters) {
        leases = new ProcessLeases(cloud.database(), new LeaseTable(), new LeaseConfig(Duration.ofHours(1)));
        leases.start();
        var journal = new Journal(cloud.database(), new JournalTable(), leases, InstantSource.system());
        Recovery recovery = (context, entry, row, patient) -> {};
        var reconciler = new Reconciler(
                journal, Map.of(JournalEntry.Kind.RESET, recovery),
                new ReconcilerConfig(Duration.ofHours(1), Duration.ofHours(1)), InstantSource.system(), meters);
        repair = journal.open(RequestContext.admin(), new Journal.Intention(
                JournalEntry.Kind.RESET, "vol", Optional.empty(), Optional.empty(), Map.of(), Map.of()))
                .id()
                .toString();
        return new StepEndpoint(new CastReports(journal, reconciler)).endpoint();
    }

    @AfterAll
    static void close() {
        leases.stop();
        state.stop();
        conductor.stop();
        client.close();
        transport.close();
        cloud.close();
    }

    @Test
    void everyValueIsAnsweredByAFailureThatPeersKnowAndChangesNothing() {
        fuzz(20_261_129, CALLS);
    }

    @Test
    @Tag("slow")
    void theSameForLong() {
        for (long seed = 1; seed <= 10; seed++) {
            fuzz(seed, 5_000);
        }
    }

    private void fuzz(long seed, int calls) {
        random = new Random(seed);
        populate();
        List<String> broken = new ArrayList<>();
        int refused = 0;
        String before = cloud.state();
        for (int i = 0; i < calls; i++) {
            boolean ofState = random.nextBoolean();
            String method = ofState
                    ? any(List.of(
                            "get_volume", "get_attachment", "attachment_connected", "attach", "finish_detach",
                            "export_created", "admit_step", "report_step"))
                    : any(List.of("object_class_action_versions", "object_action", "object_backport_versions"));
            Map<String, Object> args = ofState ? stateArguments(method) : conductorArguments(method);
            Target target = ofState ? StateRpc.steps() : ConductorRpc.target("nova");
            try {
                client.prepare(target).call(RequestContext.admin(), method, args, Object.class);
            } catch (RpcException.RemoteFailure failure) {
                refused++;
                if (!KNOWN.contains(failure.failure().module())) {
                    broken.add(method + " " + args + ": " + failure.failure());
                }
                if (!cloud.state().equals(before)) {
                    broken.add("changed something: " + method + " " + args);
                }
            }
            before = cloud.state();
        }

        assertThat(broken).isEmpty();
        assertThat(refused).isGreaterThan(calls / 3);
    }

    @Test
    void whatADriverHasStoredIsWrittenToAVolumeOfItsBackendAlone() {
        String id = cloud.volume(Map.of("status", "available", "host", "host-1@rbd1#pool"));
        var created = new StateRpc.ExportCreated(
                id, "host-1@rbd1", Optional.of("192.0.2.1:3260,1 iqn.v 1"), Optional.of("CHAP someone geheim"));
        var elsewhere = new StateRpc.ExportCreated(id, "host-1@rbd10", Optional.empty(), Optional.empty());
        PreparedCall api = client.prepare(StateRpc.target());

        for (int i = 0; i < 2; i++) {
            api.call(RequestContext.admin(), StateRpc.ExportCreated.METHOD, created, Void.class);
        }
        assertThatThrownBy(
                () -> api.call(RequestContext.admin(), StateRpc.ExportCreated.METHOD, elsewhere, Void.class))
                .hasMessageContaining("VolumeNotFound");

        VolumeObject now = api.call(
                RequestContext.admin(), StateRpc.GetVolume.METHOD, new StateRpc.GetVolume(id), VolumeObject.class);
        assertThat(now.providerLocation()).contains("192.0.2.1:3260,1 iqn.v 1");
        assertThat(now.providerAuth()).contains("CHAP someone geheim");
        assertThat(now.toString()).doesNotContain("geheim");
    }

    @Test
    void anAttachmentIsNotDetachedThroughAnotherVolume() {
        String attachment = cloud.attachment(cloud.volume("in-use"), "attached");
        String other = cloud.volume("in-use");
        String before = cloud.state();

        Map<String, Object> args = Map.of("volume_id", other, "attachment_id", attachment);
        RpcException.RemoteFailure failure = org.assertj.core.api.Assertions.catchThrowableOfType(
                RpcException.RemoteFailure.class,
                () -> client.prepare(StateRpc.target())
                        .call(RequestContext.admin(), "finish_detach", args, Object.class));

        assertThat(failure.failure().type()).isEqualTo("InvalidVolume");
        assertThat(failure.failure().message()).contains("Mismatched volume and attachment");
        assertThat(cloud.state()).isEqualTo(before);
    }

    private void populate() {
        for (String status : List.of("available", "in-use", "reserved", "attaching", "error")) {
            String volume = cloud.volume(status);
            String instance = cloud.instance();
            String attachment = cloud.attachment(volume, Map.of("instance_uuid", instance));
            cloud.blockDevice(instance, volume, Map.of("attachment_id", attachment));
            values.addAll(List.of(volume, instance, attachment, volume, instance, attachment, repair, "done"));
        }
        for (String damaged : List.of("{\"host\": \"host-a\", \"ini", "{'host': 'a'}", "null", "[]", "7", " ")) {
            String volume = cloud.volume("in-use");
            String instance = cloud.instance();
            String attachment = cloud.attachment(volume, Map.of(
                    "instance_uuid", instance, "connector", damaged, "connection_info", damaged));
            cloud.blockDevice(instance, volume, Map.of("attachment_id", attachment, "connection_info", damaged));
            values.addAll(List.of(volume, instance, attachment));
        }
    }

    private Map<String, Object> stateArguments(String method) {
        return some(switch (method) {
            case "get_volume" -> List.of("volume_id");
            case "get_attachment" -> List.of("attachment_id");
            case "attachment_connected" -> List.of("attachment_id", "connector", "connection_info", "attach_mode");
            case "export_created" -> List.of("volume_id", "host", "provider_location", "provider_auth");
            case "admit_step" -> List.of("journal_id", "step", "epoch");
            case "report_step" -> List.of("journal_id", "step", "epoch", "outcome", "detail", "result");
            case "attach" -> List.of("volume_id", "instance_uuid", "host_name", "mountpoint", "mode");
            default -> List.of("volume_id", "attachment_id");
        });
    }

    private Map<String, Object> conductorArguments(String method) {
        Map<String, Object> args = new LinkedHashMap<>();
        switch (method) {
            case "object_class_action_versions" -> {
                args.put("objname",
                        any(Arrays.asList("BlockDeviceMapping", "BlockDeviceMappingList", "Instance", null)));
                args.put("objmethod", any(Arrays.asList(
                        "get_by_volume_and_instance", "get_by_volume", "get_by_instance_uuid", "get_by_uuid", null)));
                args.put("object_versions", random.nextBoolean() ? Map.of() : any(values));
                args.put("args", random.nextBoolean() ? Arrays.asList(any(values), any(values)) : List.of());
                args.put("kwargs", some(List.of("volume_id", "instance_uuid", "uuid")));
            }
            case "object_action" -> args.putAll(some(List.of("objinst", "objmethod", "args", "kwargs")));
            default -> args.putAll(some(List.of("objinst", "object_versions")));
        }
        return args;
    }

    /** Most of them given, with anything. */
    private Map<String, Object> some(List<String> names) {
        Map<String, Object> args = new HashMap<>();
        for (String name : names) {
            if (random.nextInt(12) > 0) {
                args.put(name, any(values));
            }
        }
        return args;
    }

    private <T> T any(List<T> all) {
        return all.get(random.nextInt(all.size()));
    }
}
