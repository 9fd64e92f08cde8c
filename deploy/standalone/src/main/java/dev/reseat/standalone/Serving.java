package dev.reseat.standalone;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;

/** What a person, or a program, needs to know of a cloud that keeps running. */
final class Serving {
    private final AllInOne cloud;
    private final DemoCloud demo;

    Serving(AllInOne cloud, DemoCloud demo) {
        this.cloud = cloud;
        this.demo = demo;
    }

    /** {@code serving {…}}: one line, ending in a JSON object. */
    String line() {
        Map<String, String> volumes = new LinkedHashMap<>();
        demo.volumes().forEach((name, volume) -> volumes.put(name, volume.id()));
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("volume_endpoint", cloud.volumeEndpoint().toString());
        facts.put("compute_endpoint", cloud.root().resolve("/v2.1").toString());
        facts.put("reseat_endpoint", cloud.root().resolve("/reseat/v1").toString());
        facts.put("transport_url", cloud.transportUrl());
        facts.put("project_id", AllInOneSettings.PROJECT);
        facts.put("user_id", AllInOneSettings.USER);
        facts.put("volumes", volumes);
        facts.put("instances", demo.servers());
        facts.put("hosts", AllInOneSettings.HOSTS);
        facts.put("backend", AllInOneSettings.VOLUME_HOST + "@" + cloud.backend());
        facts.put("backend_directory", cloud.backendDirectory().toString());
        return "serving " + JsonMapper.shared().writeValueAsString(facts);
    }

    /** To be pasted into a shell. */
    List<String> commands() {
        String user = AllInOneSettings.USER;
        String project = AllInOneSettings.PROJECT;
        String reseat = Optional.ofNullable(System.getProperty("reseat.home")).map(home -> home + "/bin/").orElse("")
                + "reseat";
        return List.of(
                "cinder --os-auth-type noauth --os-endpoint " + cloud.volumeEndpoint() + " --os-project-id " + project
                        + " --os-user-id " + user + " reset-state --state available " + id("attaching-connected"),
                reseat + " --endpoint " + cloud.root() + " --os-auth-type noauth --os-project-id " + project
                        + " --os-user-id " + user + " bdm refresh --all-volumes-of " + demo.servers().get("mail-1"),
                "curl -i -X POST -H 'X-Auth-Token: " + user + ":" + project + "' -H 'Content-Type: application/json'"
                        + " -d '{\"os-reset_status\": {\"status\": \"available\"}}' " + cloud.volumeEndpoint() + "/"
                        + project + "/volumes/" + id("held") + "/action");
    }

    private String id(String volume) {
        return demo.volumes().get(volume).id();
    }
}
