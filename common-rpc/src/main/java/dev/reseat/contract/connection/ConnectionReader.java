package dev.reseat.contract.connection;

import dev.reseat.contract.connection.ConnectionInfo.Chap;
import dev.reseat.contract.connection.ConnectionInfo.FibreChannelPath;
import dev.reseat.contract.connection.ConnectionInfo.IscsiPath;
import dev.reseat.contract.connection.ConnectionInfo.NvmePortal;
import dev.reseat.contract.connection.ConnectionInfo.NvmeTarget;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Makes values of documents, each protocol in the shapes that Cinder's drivers give and os-brick takes. */
final class ConnectionReader {
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private static final int FLAT = 0x4000;
    private static final int FLAT_FROM = 256;

    private ConnectionReader() {}

    static ConnectionInfo read(String json) {
        Map<String, Object> values;
        try {
            values = JSON.readValue(json, new TypeReference<LinkedHashMap<String, Object>>() {});
        } catch (JacksonException e) {
            int line = e.getLocation() == null ? 1 : e.getLocation().getLineNr();
            throw new MalformedConnection("connection_info is no JSON object, line " + line);
        }
        if (values == null) {
            throw new MalformedConnection("connection_info is null");
        }
        return read(ConnectionDocument.of(values));
    }

    static ConnectionInfo read(ConnectionDocument document) {
        Fields fields = new Fields(document.data());
        return switch (document.type()) {
            case ConnectionInfo.Local.TYPE -> new ConnectionInfo.Local(device(fields), document);
            case ConnectionInfo.Iscsi.TYPE -> iscsi(fields, document);
            case ConnectionInfo.Rbd.TYPE -> rbd(fields, document);
            case ConnectionInfo.Nfs.TYPE -> nfs(fields, document);
            case ConnectionInfo.Nvme.TYPE -> nvme(fields, document);
            case ConnectionInfo.FibreChannel.TYPE -> fibreChannel(fields, document);
            default -> new ConnectionInfo.Other(document);
        };
    }

    private static Path device(Fields fields) {
        Path device = path(
                fields.text("device_path")
                        .orElseThrow(() -> new MalformedConnection( // os-brick's words
                                "Invalid connection_properties specified no device_path attribute")),
                "device_path");
        if (!device.isAbsolute() || !device.equals(device.normalize())) {
            throw new MalformedConnection("device_path must be absolute and without '..'");
        }
        return device;
    }

    private static ConnectionInfo iscsi(Fields fields, ConnectionDocument document) {
        List<IscsiPath> paths = new ArrayList<>();
        List<Object> portals = fields.list("target_portals");
        if (portals.isEmpty()) {
            paths.add(new IscsiPath(
                    Portal.parse(fields.required("target_portal")),
                    fields.required("target_iqn"),
                    unit(fields, fields.integer("target_lun").orElse(0))));
        } else {
            List<Object> iqns = fields.list("target_iqns");
            List<Object> luns = fields.list("target_luns");
            if (iqns.size() != portals.size() || (!luns.isEmpty() && luns.size() != portals.size())) {
                throw new MalformedConnection("target_portals, target_iqns and target_luns are of different length");
            }
            for (int i = 0; i < portals.size(); i++) {
                int lun = luns.isEmpty()
                        ? fields.integer("target_lun").orElse(0)
                        : Fields.integer("target_luns", luns.get(i));
                paths.add(new IscsiPath(
                        Portal.parse(Fields.text("target_portals", portals.get(i))),
                        Fields.text("target_iqns", iqns.get(i)),
                        unit(fields, lun)));
            }
        }
        return new ConnectionInfo.Iscsi(paths, chap(fields, "auth"), chap(fields, "discovery_auth"), document);
    }

    private static Optional<Chap> chap(Fields fields, String prefix) {
        return fields.text(prefix + "_method")
                .map(method -> new Chap(
                        method,
                        fields.required(prefix + "_username"),
                        new Secret(fields.required(prefix + "_password"))));
    }

    private static ConnectionInfo rbd(Fields fields, ConnectionDocument document) {
        String name = fields.required("name");
        int slash = name.indexOf('/');
        if (slash < 1 || slash == name.length() - 1) {
            throw new MalformedConnection("name is not POOL/IMAGE");
        }
        List<Object> hosts = fields.list("hosts");
        List<Object> ports = fields.list("ports");
        if (hosts.size() != ports.size()) {
            throw new MalformedConnection("hosts and ports are of different length");
        }
        List<Portal> monitors = new ArrayList<>();
        for (int i = 0; i < hosts.size(); i++) {
            monitors.add(new Portal(Fields.text("hosts", hosts.get(i)), Fields.integer("ports", ports.get(i))));
        }
        return new ConnectionInfo.Rbd(
                name.substring(0, slash),
                name.substring(slash + 1),
                monitors,
                fields.text("auth_username"),
                fields.text("keyring").map(Secret::new),
                document);
    }

    private static ConnectionInfo nfs(Fields fields, ConnectionDocument document) {
        String export = fields.required("export");
        int end = export.indexOf(":/");
        if (end < 1) {
            throw new MalformedConnection("export is not HOST:/PATH");
        }
        return new ConnectionInfo.Nfs(
                Portal.canonical(export.substring(0, end)),
                export.substring(end + 1),
                fields.required("name"),
                fields.text("options").map(Secret::new),
                document.find("mount_point_base")
                        .map(value -> path(Fields.text("mount_point_base", value), "mount_point_base")),
                document);
    }

    private static ConnectionInfo nvme(Fields fields, ConnectionDocument document) {
        List<NvmeTarget> targets = new ArrayList<>();
        for (Object replica : fields.list("volume_replicas")) {
            targets.add(nvmeTarget(fields.inside("volume_replicas", replica)));
        }
        if (targets.isEmpty()) {
            targets.add(nvmeTarget(fields));
        }
        return new ConnectionInfo.Nvme(targets, document);
    }

    private static NvmeTarget nvmeTarget(Fields fields) {
        String nqn = fields.text("target_nqn").orElseGet(() -> fields.required("nqn"));
        List<NvmePortal> portals = new ArrayList<>();
        for (Object portal : fields.list("portals")) {
            if (!(portal instanceof List<?> parts) || parts.size() < 2) {
                throw new MalformedConnection("portals are not of address, port and transport");
            }
            String transport = parts.size() > 2 ? Fields.text("portals", parts.get(2)) : "tcp";
            portals.add(nvmePortal(
                    Fields.text("portals", parts.get(0)), Fields.integer("portals", parts.get(1)), transport));
        }
        if (portals.isEmpty()) {
            portals.add(nvmePortal(
                    fields.required("target_portal"),
                    fields.integer("target_port").orElseThrow(() -> new MalformedConnection("target_port is missing")),
                    fields.text("transport_type").orElse("tcp")));
        }
        return new NvmeTarget(
                nqn,
                fields.text("vol_uuid").map(ConnectionReader::uuid),
                fields.text("volume_nguid").map(ConnectionReader::uuid),
                fields.integer("ns_id"),
                fields.text("host_nqn"),
                portals);
    }

    /** As kernels write it, however a driver does. */
    private static String uuid(String text) {
        String digits = text.toLowerCase(Locale.ROOT).replace("-", "");
        return digits.replaceFirst("^([0-9a-f]{8})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{12})$",
                "$1-$2-$3-$4-$5");
    }

    /** os-brick takes RoCEv2 as rdma and everything else as tcp. */
    private static NvmePortal nvmePortal(String host, int port, String transport) {
        String lower = transport.toLowerCase(Locale.ROOT);
        return new NvmePortal(new Portal(host, port), lower.equals("rdma") || lower.equals("rocev2") ? "rdma" : "tcp");
    }

    /** As kernels number it: by some standards large numbers, or all of them, are marked as flat ones. */
    private static int unit(Fields fields, int lun) {
        return switch (fields.text("addressing_mode").orElse("SAM")) {
            case "SAM", "transparent" -> lun;
            case "SAM2" -> lun < FLAT_FROM ? lun : lun + FLAT;
            case "SAM3-flat" -> lun + FLAT;
            default -> throw new MalformedConnection("addressing_mode is none that os-brick knows");
        };
    }

    private static ConnectionInfo fibreChannel(Fields fields, ConnectionDocument document) {
        List<Object> names = fields.listOrOne("target_wwns");
        if (names.isEmpty()) {
            names = fields.listOrOne("target_wwn");
        }
        List<Object> luns = fields.list("target_luns");
        if (names.isEmpty() || (luns.size() > 1 && luns.size() != names.size())) {
            throw new MalformedConnection("target_wwn is missing, or target_luns are of another length");
        }
        List<FibreChannelPath> paths = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            int lun = luns.isEmpty()
                    ? fields.integer("target_lun").orElse(0)
                    : Fields.integer("target_luns", luns.get(luns.size() == 1 ? 0 : i));
            paths.add(new FibreChannelPath(new Wwn(Fields.text("target_wwn", names.get(i))), unit(fields, lun)));
        }
        Map<Wwn, List<Wwn>> zones = new LinkedHashMap<>();
        Optional.ofNullable(document.data().get("initiator_target_map")).ifPresent(map -> {
            Fields inside = fields.inside("initiator_target_map", map);
            inside.keys()
                    .forEach(key -> zones.put(
                            new Wwn(key),
                            inside.listOrOne(key).stream().map(name -> new Wwn(Fields.text(key, name))).toList()));
        });
        return new ConnectionInfo.FibreChannel(paths, zones, document);
    }

    private static Path path(String text, String key) {
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            throw new MalformedConnection(key + " is not a path");
        }
    }
}
