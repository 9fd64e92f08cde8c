package dev.reseat.standalone;

import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Definitions of guests as Nova makes them of its mappings, but for what takes time: they have no system to boot. */
final class GuestXml {
    private static final Pattern HOST = Pattern.compile("<host name='([^']*)' port='([^']*)'");

    private GuestXml() {}

    static String domain(String name, String uuid, String disks) {
        return """
                <domain type='qemu'><name>%s</name><uuid>%s</uuid><memory unit='MiB'>32</memory><vcpu>1</vcpu>
                  <os><type arch='x86_64' machine='q35'>hvm</type></os><features><acpi/></features>
                  <devices><emulator>/usr/bin/qemu-system-x86_64</emulator>
                    <controller type='scsi' model='virtio-scsi'/><controller type='usb' model='none'/>
                    <memballoon model='none'/>%s</devices></domain>
                """.formatted(name, uuid, disks);
    }

    /** @param info the mapping's connection_info, {@code {driver_volume_type, data}} */
    static String disk(String volumeId, String info) {
        JsonNode data = JsonMapper.shared().readTree(info).path("data");
        StringBuilder hosts = new StringBuilder();
        for (int i = 0; i < data.path("hosts").size(); i++) {
            hosts.append("<host name='%s' port='%s'/>".formatted(
                    data.path("hosts").get(i).asString(), data.path("ports").get(i).asString()));
        }
        return """
                <disk type='network' device='disk'><driver name='qemu' type='raw' cache='none'/>
                  <auth username='%s'><secret type='ceph' uuid='%s'/></auth>
                  <source protocol='rbd' name='%s'>%s</source>
                  <target dev='sdb' bus='scsi'/><serial>%s</serial></disk>
                """.formatted(data.path("auth_username").asString(), data.path("secret_uuid").asString(),
                data.path("name").asString(), hosts, volumeId);
    }

    /** The same of what the block storage API gives, which is flat. */
    static String disk(String volumeId, Map<String, Object> flat) {
        return disk(volumeId, JsonMapper.shared().writeValueAsString(Map.of("data", flat)));
    }

    /** Addresses that the mapping leads to, {@code HOST:PORT}. */
    static List<String> monitors(String info) {
        return monitors(JsonMapper.shared().readTree(info).path("data"));
    }

    /** The same of what Cinder keeps of an attachment, which is flat. */
    static List<String> monitorsOf(String flat) {
        return monitors(JsonMapper.shared().readTree(flat));
    }

    /** The same of a definition's disk of that image; none if it has no such disk. */
    static List<String> monitors(String definition, String image) {
        Matcher source = Pattern.compile("<source protocol='rbd' name='[^']*/" + Pattern.quote(image) + "'.*?</source>",
                Pattern.DOTALL).matcher(definition);
        return source.find()
                ? HOST.matcher(source.group()).results().map(host -> host.group(1) + ":" + host.group(2)).toList()
                : List.of();
    }

    private static List<String> monitors(JsonNode data) {
        return IntStream.range(0, data.path("hosts").size())
                .mapToObj(i -> data.path("hosts").get(i).asString() + ":" + data.path("ports").get(i).asString())
                .toList();
    }
}
