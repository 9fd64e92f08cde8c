package dev.reseat.api.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reseat.api.object.JsonText;
import dev.reseat.contract.compute.ComputeRpc;
import dev.reseat.contract.compute.GetVolumeConnector;
import dev.reseat.contract.compute.InspectVolume;
import dev.reseat.contract.compute.RemoveVolumeConnection;
import dev.reseat.contract.evidence.Answer;
import dev.reseat.contract.volume.VolumeArguments;
import dev.reseat.rpc.server.Endpoint;
import dev.reseat.rpc.server.RpcServer;
import dev.reseat.testing.CloudFixture;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Ceph's monitors have moved: who carries the old address is refreshed, stopped instances now and others later. */
@Tag("database")
class MovedMonitorsIT {
    private static final String OLD = "192.0.2.10";

    private JobCloud node;
    private CloudFixture cloud;
    private RpcServer agent;

    @BeforeEach
    void open() {
        node = new JobCloud();
        cloud = node.cloud;
        node.backends.connection = this::connect;
        agent = node.peers.server(ComputeRpc.own("host-a"), List.of(
                Endpoint.inDefaultNamespace(6, 5)
                        .method(RemoveVolumeConnection.METHOD, RemoveVolumeConnection.class, (_, args) -> remove(args))
                        .build(),
                Endpoint.of(ComputeRpc.NAMESPACE, 1, 0)
                        .method(GetVolumeConnector.METHOD, GetVolumeConnector.class,
                                (_, _) -> Map.of("host", "host-a", "ip", "192.0.2.1"))
                        .method(InspectVolume.METHOD, InspectVolume.class,
                                (_, _) -> new InspectVolume.Result(Answer.NO, Answer.NO, Answer.NO, "looked"))
                        .build()));
        agent.start();
    }

    @AfterEach
    void close() {
        agent.stop();
        node.close();
    }

    @Test
    void stoppedInstancesAreRefreshedAndRunningOnesWhenTheyStop() {
        String stopped = cloud.instance();
        String running = cloud.instance(Map.of("vm_state", "active", "power_state", 1));
        String first = mapping(stopped, OLD);
        String second = mapping(running, OLD);
        String other = mapping(cloud.instance(), "192.0.2.100"); // the old one is a part of its text
        String damaged = cloud.volume("in-use");
        cloud.blockDevice(cloud.instance(), damaged, Map.of("connection_info", "{\"driver_volume_type\": 7"));

        String job = node.cli.create("--select", "address=" + OLD, "--refresh", "--stop-start", "never", "--apply");
        assertThat(node.cli.show(job).at("/notes/0").asString()).contains("cannot be read", damaged);
        assertThat(node.cli.run(10, "job", "watch", job, "--for", "8").err()).contains("1 held, 1 done");
        assertThat(node.cli.run(0, "job", "report", job, "--state", "held").out())
                .contains("will fail at its next start", running);
        assertThat(info(first)).contains("192.0.2.20").doesNotContain(OLD);
        assertThat(info(second)).contains(OLD);

        cloud.execute(cloud.nova(), "UPDATE instances SET vm_state = 'stopped', power_state = 4 WHERE uuid = ?",
                running);
        node.cli.run(0, "job", "watch", job);

        assertThat(node.cli.states(job)).isEqualTo(Map.of("done", 2L));
        assertThat(node.cli.run(8, "job", "undo", job).err()).contains("cannot be undone");
        assertThat(info(second)).contains("192.0.2.20").doesNotContain(OLD);
        assertThat(info(other)).contains("192.0.2.100");
    }

    private String info(String mapping) {
        return cloud.row(cloud.nova(), "SELECT connection_info FROM block_device_mapping WHERE uuid = ?", mapping)
                .get("connection_info")
                .toString();
    }

    private String mapping(String instance, String monitor) {
        String volume = cloud.volume(Map.of("status", "in-use", "attach_status", "attached"));
        String attachment = cloud.attachment(volume, Map.of(
                "instance_uuid", instance, "connector", "{\"host\": \"host-a\"}",
                "connection_info", JsonText.of(rbd(monitor))));
        return cloud.blockDevice(instance, volume, Map.of(
                "attachment_id", attachment, "connection_info",
                JsonText.of(Map.of("driver_volume_type", "rbd", "data", rbd(monitor)))));
    }

    private static Map<String, Object> rbd(String monitor) {
        Map<String, Object> info = new LinkedHashMap<>();
        info.put("driver_volume_type", "rbd");
        info.put("name", "volumes/v");
        info.put("hosts", List.of(monitor));
        info.put("ports", List.of("6789"));
        return info;
    }

    /** As Cinder's volume service: it stores all of the attachment but connection_info, which it answers. */
    private Map<String, Object> connect(VolumeArguments.AttachmentUpdate args) {
        cloud.execute(
                cloud.cinder(),
                "UPDATE volume_attachment SET connector = ?, attached_host = ?, attach_status = 'attaching'"
                        + " WHERE id = ?",
                JsonText.of(args.connector()), args.connector().get("host"), args.attachmentId());
        return rbd("192.0.2.20");
    }

    /** As an agent that also deletes the old attachment. */
    private Object remove(RemoveVolumeConnection args) {
        Object mapped = cloud.row(
                cloud.nova(), "SELECT attachment_id FROM block_device_mapping WHERE volume_id = ? AND deleted = 0",
                args.volumeId()).get("attachment_id");
        cloud.execute(cloud.cinder(), "UPDATE volume_attachment SET deleted = true, attach_status = 'detached'"
                + " WHERE id = ?", mapped);
        return null;
    }
}
