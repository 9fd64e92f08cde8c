package dev.reseat.systemtest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Our packages on a clean Debian, with a broker and databases that are ours alone. For one thread. */
final class PackagedCloud implements AutoCloseable {
    static final List<String> SERVICES = List.of("reseat-api-node", "reseat-volume-manager", "reseat-compute-agent");
    private static final Path REMOVAL = Path.of("/var/lib/reseat/compute/removals/of-the-time-before.instance.json");

    private final Cloud cloud;
    private final CleanRoot root;
    private final Map<String, InstalledUnit> units = new LinkedHashMap<>();

    private PackagedCloud(Cloud cloud, CleanRoot root) {
        this.cloud = cloud;
        this.root = root;
        for (String service : SERVICES) {
            units.put(service,
                    new InstalledUnit(root, service, cloud.settings().directory().resolve(service + ".log")));
        }
    }

    /** Nothing is installed yet, and the databases have no table of ours. */
    static PackagedCloud prepared() throws IOException {
        Cloud cloud = Cloud.prepared();
        try {
            cloud.rows().execute(cloud.cinder(), "DROP SCHEMA reseat CASCADE");
            return new PackagedCloud(cloud, CleanRoot.open(cloud.settings().directory()));
        } catch (IOException | RuntimeException e) {
            cloud.close();
            throw e;
        }
    }

    Cloud cloud() {
        return cloud;
    }

    CleanRoot root() {
        return root;
    }

    InstalledUnit unit(String service) {
        return units.get(service);
    }

    /** What is asked for stands in words that dpkg checks: nothing is fetched, nothing is missing. */
    void install(List<Path> debs) throws IOException {
        Path folder = Files.createDirectories(root.path("/root/packages"));
        List<String> words = new ArrayList<>(List.of("dpkg", "--force-confdef", "--force-confold", "-i"));
        for (Path deb : debs) {
            Files.copy(deb, folder.resolve(deb.getFileName()));
            words.add("/root/packages/" + deb.getFileName());
        }
        root.run(words.toArray(String[]::new)).assertSucceeded();
        Program.run("rm", "-rf", folder.toString()).assertSucceeded();
    }

    /** As an operator writes them, over the samples; who may read a file is not touched. */
    void configure() throws IOException {
        for (String service : SERVICES) {
            String file = "/etc/reseat/" + service + ".conf";
            String text = Files.readString(cloud.settings().directory().resolve(service + ".conf"))
                    .replaceFirst("\\[DEFAULT]\n", "[DEFAULT]\nrpc_ping_enabled = true\n")
                    .replaceAll("state_path = .*\n", "")
                    // JVMs that have just been started, on a busy machine
                    .replaceAll("(rpc_response_timeout|driver_timeout|probe_timeout) = \\d+", "$1 = 50");
            Files.writeString(root.path(file), text);
        }
        int account = root.id("-u", "reseat");
        Program.run("chown", account + ":" + account, cloud.settings().volumes().toString()).assertSucceeded();
    }

    /** Makes or brings up to date the tables, with the command of the package. */
    void syncTables() {
        root.run("reseat", "db", "sync").assertSucceeded();
    }

    void start() throws InterruptedException {
        for (InstalledUnit unit : units.values()) {
            unit.start();
        }
    }

    void stop() throws InterruptedException {
        for (InstalledUnit unit : units.values()) {
            unit.stop();
        }
    }

    /** Its host is done, and its caller has gone: it stays until somebody asks again. */
    Path leaveARemovalUnfinished() throws IOException {
        return Files.writeString(root.path(REMOVAL.toString()), """
                {"volume_id": "of-the-time-before", "instance_uuid": "instance", "attachment_id": "attachment",
                 "deletes_attachment": true, "driver_volume_type": "local", "device": null, "request_id": "req-1",
                 "begun": "2026-11-22T00:00:00Z", "step": "BLOCK_STORAGE"}
                """);
    }

    @Override
    public void close() {
        units.values().forEach(InstalledUnit::close);
        root.close();
        cloud.close();
    }
}
