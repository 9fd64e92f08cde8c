package dev.reseat.systemtest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reseat.contract.compute.BlockDeviceMappingObject;
import dev.reseat.contract.compute.ComputeRpc;
import dev.reseat.contract.compute.InstanceObject;
import dev.reseat.contract.compute.RemoveVolumeConnection;
import dev.reseat.contract.compute.ServiceVersions;
import dev.reseat.contract.compute.StartInstance;
import dev.reseat.contract.compute.StopInstance;
import dev.reseat.contract.conductor.ConductorRpc;
import dev.reseat.contract.state.CinderOperation;
import dev.reseat.contract.volume.SchedulerRpc;
import dev.reseat.contract.volume.VolumeArguments;
import dev.reseat.contract.volume.VolumeAttachmentObject;
import dev.reseat.contract.volume.VolumeObject;
import dev.reseat.contract.volume.VolumeRpc;
import dev.reseat.rpc.RpcVersion;
import dev.reseat.rpc.object.VersionedObject;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/**
 * What the current sources of Nova and Cinder send, take and call their versions, beside what our callers and servers
 * do. A release that is to come announces itself here.
 */
final class MasterInterfacesTest {
    private static final String COMPUTE_CLIENT = "nova/nova/compute/rpcapi.py";
    private static final String VOLUME_CLIENT = "cinder/cinder/volume/rpcapi.py";
    /** No row waits for these: who sends them goes on without, and they are logged. */
    private static final Set<String> IDLE = Set.of(
            "publish_service_capabilities", "remove_export_snapshot", "failover_completed", "do_cleanup",
            "set_log_levels");
    /** Cinder's methods that are called, served, or both. */
    private static final Map<String, Class<? extends Record>> VOLUME_METHODS = Map.of(
            "initialize_connection", VolumeArguments.InitializeConnection.class,
            "terminate_connection", VolumeArguments.TerminateConnection.class,
            "remove_export", VolumeArguments.RemoveExport.class,
            "attach_volume", VolumeArguments.AttachVolume.class,
            "detach_volume", VolumeArguments.DetachVolume.class,
            "attachment_update", VolumeArguments.AttachmentUpdate.class,
            "attachment_delete", VolumeArguments.AttachmentDelete.class,
            "get_capabilities", VolumeArguments.GetCapabilities.class,
            "delete_volume", VolumeArguments.DeleteVolume.class);

    private final Masters masters = Masters.orSkip();

    private static Set<String> words(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false).map(JsonNode::stringValue).collect(Collectors.toSet());
    }

    /** The names on the wire. */
    private static Set<String> arguments(Class<? extends Record> type) {
        return Arrays.stream(type.getRecordComponents())
                .map(RecordComponent::getName)
                .map(name -> name.replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** A method of theirs can be called with what we send it. */
    private static void assertTaken(JsonNode methods, String method, Class<? extends Record> sent) {
        JsonNode theirs = methods.path(method);
        assertThat(words(theirs.path("arguments"))).as(method).containsAll(arguments(sent));
        assertThat(arguments(sent)).as(method).containsAll(words(theirs.path("required")));
    }

    private static RpcVersion version(JsonNode text) {
        return RpcVersion.parse(text.stringValue());
    }

    @Test
    void everyReleaseOfNovaIsKnown() {
        JsonNode aliases = masters.read("constant", COMPUTE_CLIENT, "ComputeAPI.VERSION_ALIASES");
        Map<String, RpcVersion> since5 = new HashMap<>();
        aliases.properties().forEach(alias -> since5.put(alias.getKey(), version(alias.getValue())));
        since5.values().removeIf(version -> version.major() < ComputeRpc.OLD_VERSION.major());

        assertThat(ComputeRpc.RELEASES).containsExactlyInAnyOrderEntriesOf(since5);
    }

    @Test
    void whatEachServiceVersionServesIsKnown() {
        JsonNode history = masters.read("constant", "nova/nova/objects/service.py", "SERVICE_VERSION_HISTORY");
        int newest = masters.read("constant", "nova/nova/objects/service.py", "SERVICE_VERSION").intValue();
        assertThat(history.size()).isEqualTo(newest + 1);

        for (int service = 0; service <= newest; service++) {
            RpcVersion served = version(history.get(service).path("compute_rpc"));
            if (served.major() >= ComputeRpc.OLD_VERSION.major()) {
                assertThat(ServiceVersions.served(service)).as("service version " + service).hasValue(served);
            }
        }
        assertThat(ServiceVersions.served(newest)).as("what our agents serve").hasValue(ComputeRpc.VERSION);
    }

    @Test
    void novaComputeTakesWhatItIsSent() {
        JsonNode takes = masters.read("takes", "nova/nova/compute/manager.py", "ComputeManager");

        assertTaken(takes, RemoveVolumeConnection.METHOD, RemoveVolumeConnection.class);
        assertTaken(takes, StopInstance.METHOD, StopInstance.class);
        assertTaken(takes, StartInstance.METHOD, StartInstance.class);
    }

    @Test
    void ourAgentsTakeWhatNovaSends() {
        JsonNode removal =
                masters.read("sends", COMPUTE_CLIENT, "ComputeAPI").path(RemoveVolumeConnection.METHOD);

        assertThat(words(removal.path("arguments"))).isEqualTo(arguments(RemoveVolumeConnection.class));
        assertThat(words(removal.path("versions")))
                .containsExactlyInAnyOrder("5.0", ComputeRpc.DELETES_ATTACHMENT.toString());
    }

    @Test
    void novasConductorIsTheSame() {
        JsonNode takes = masters.read("takes", "nova/nova/conductor/manager.py", "ConductorManager");
        JsonNode sends = masters.read("sends", "nova/nova/conductor/rpcapi.py", "ConductorAPI");
        Map<String, Class<? extends Record>> methods = Map.of(
                ConductorRpc.ObjectClassAction.METHOD, ConductorRpc.ObjectClassAction.class,
                ConductorRpc.ObjectAction.METHOD, ConductorRpc.ObjectAction.class,
                ConductorRpc.ObjectBackport.METHOD, ConductorRpc.ObjectBackport.class);

        methods.forEach((method, type) -> {
            assertTaken(takes, method, type);
            assertThat(words(sends.path(method).path("arguments"))).as(method).isEqualTo(arguments(type));
        });
    }

    @Test
    void cinderVolumeTakesWhatItIsSent() {
        JsonNode takes = masters.read("takes", "cinder/cinder/volume/manager.py", "VolumeManager");

        VOLUME_METHODS.forEach((method, type) -> assertTaken(takes, method, type));
        assertThat(version(masters.read("constant", VOLUME_CLIENT, "VolumeAPI.RPC_API_VERSION")))
                .matches(theirs -> theirs.major() == VolumeRpc.VERSION.major());
    }

    @Test
    void ourVolumeManagersTakeWhatCinderSends() {
        JsonNode sends = masters.read("sends", VOLUME_CLIENT, "VolumeAPI");

        VOLUME_METHODS.forEach((method, type) -> assertThat(arguments(type)).as(method)
                .containsAll(words(sends.path(method).path("arguments"))));
    }

    /** A client sends what it needs at least, and no higher than the row in {@code services} says, which is ours. */
    @Test
    void whatCinderCastsIsNeverLost() {
        JsonNode sends = masters.read("sends", VOLUME_CLIENT, "VolumeAPI");

        Set<String> unknown = new TreeSet<>();
        sends.properties().forEach(entry -> {
            JsonNode lowest = entry.getValue().path("versions").path(0);
            boolean sendable = lowest.isMissingNode() || version(lowest).compareTo(VolumeRpc.VERSION) <= 0;
            if (words(entry.getValue().path("kinds")).contains("cast") && sendable) {
                unknown.add(entry.getKey());
            }
        });
        for (CinderOperation operation : CinderOperation.values()) {
            assertThat(sends.path(operation.method()).isMissingNode()).as(operation.method()).isFalse();
            Optional<String> argument = operation.argument();
            assertThat(words(sends.path(operation.method()).path("arguments"))).as(operation.method())
                    .containsAll(argument.stream().toList());
            unknown.remove(operation.method());
        }
        unknown.removeAll(IDLE);
        unknown.remove("remove_export"); // served
        assertThat(unknown).isEmpty();
    }

    @Test
    void cindersSchedulersTakeWhatTheyAreTold() {
        JsonNode takes = masters.read("takes", "cinder/cinder/scheduler/manager.py", "SchedulerManager");

        assertTaken(takes, SchedulerRpc.UpdateServiceCapabilities.METHOD, SchedulerRpc.UpdateServiceCapabilities.class);
    }

    @Test
    void objectsAreReadInTheirNewestVersions() {
        assertRead(InstanceObject.class, "nova/nova/objects/instance.py");
        assertRead(BlockDeviceMappingObject.class, "nova/nova/objects/block_device.py");
        assertRead(VolumeObject.class, "cinder/cinder/objects/volume.py");
        assertRead(VolumeAttachmentObject.class, "cinder/cinder/objects/volume_attachment.py");
        JsonNode lists = masters.read("objects", "cinder/cinder/objects/base.py");
        assertThat(lists.properties().stream().map(Map.Entry::getKey)).as("lists of versions that Cinder pins to")
                .contains(VolumeRpc.OBJECT_VERSION);
    }

    private void assertRead(Class<? extends Record> type, String file) {
        VersionedObject ours = type.getAnnotation(VersionedObject.class);
        String read = Stream.of(ours.reads(), ours.version()).filter(text -> !text.isEmpty()).findFirst().orElseThrow();
        assertThat(masters.read("constant", file, ours.name() + ".VERSION").stringValue()).as(ours.name())
                .isEqualTo(read);
    }

    /** Python takes a project from the folder and not from what is installed. */
    @Test
    void peersAreOfTheseSources() {
        Map<String, String> modules = Map.of("oslo.messaging", "oslo_messaging", "python-cinderclient", "cinderclient");
        modules.forEach((project, module) -> {
            Program told = Program.run(
                    Map.of("PYTHONPATH", masters.of(project).toString()),
                    List.of("/usr/bin/python3", "-c", "import " + module + "; print(" + module + ".__file__)"));
            told.assertSucceeded();
            assertThat(told.out()).startsWith(masters.of(project).toString());
        });
    }
}
