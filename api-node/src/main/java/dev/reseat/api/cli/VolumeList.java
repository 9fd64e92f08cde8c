package dev.reseat.api.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;

/** {@code reseat volume list}. */
@Command(name = "list", mixinStandardHelpOptions = true, description = "Lists the volumes of all projects, newest "
        + "first.")
final class VolumeList implements Callable<Integer> {
    private static final String PAGE = "500";

    private final ConnectionOptions options;
    private final Output output;

    @Option(names = "--status", paramLabel = "STATUS", description = "only those in this status, such as "
            + "attaching") private String status;

    @Option(names = "--name", paramLabel = "NAME", description = "only those of this name") private String name;

    @Option(names = "--project", paramLabel = "ID", description = "only those of this project") private String project;

    @Option(names = Output.JSON_OPTION, description = "print a JSON array of the volumes as the server shows "
            + "them") private boolean json;

    VolumeList(ConnectionOptions options, Output output) {
        this.options = options;
        this.output = output;
    }

    @Override
    public Integer call() {
        ArrayNode volumes = JsonMapper.shared().createArrayNode();
        try (ApiClient api = options.client()) {
            Map<String, String> query = query();
            JsonNode page = page(api, query, volumes);
            while (page.has("volumes_links") && !page.path("volumes").isEmpty()) {
                query.put("marker", volumes.get(volumes.size() - 1).path("id").asString());
                page = page(api, query, volumes);
            }
        }
        if (json) {
            output.print(volumes);
        } else {
            output.print(table(volumes));
        }
        return ExitCode.OK;
    }

    private static JsonNode page(ApiClient api, Map<String, String> query, ArrayNode volumes) {
        JsonNode page = api.get("/v3/volumes/detail" + ApiClient.query(query));
        page.path("volumes").forEach(volumes::add);
        return page;
    }

    private Map<String, String> query() {
        Map<String, String> query = new LinkedHashMap<>();
        query.put("all_tenants", "1");
        query.put("limit", PAGE);
        if (status != null) {
            query.put("status", status);
        }
        if (name != null) {
            query.put("name", name);
        }
        if (project != null) {
            query.put("project_id", project);
        }
        return query;
    }

    private static PrettyTable table(ArrayNode volumes) {
        PrettyTable table = new PrettyTable("ID", "Status", "Name", "Size", "Host", "Attached to");
        for (JsonNode volume : volumes) {
            table.row(
                    text(volume, "id"),
                    text(volume, "status"),
                    text(volume, "name"),
                    text(volume, "size"),
                    text(volume, "os-vol-host-attr:host"),
                    StreamSupport.stream(volume.path("attachments").spliterator(), false)
                            .map(attachment -> text(attachment, "server_id"))
                            .collect(Collectors.joining(",")));
        }
        return table;
    }

    private static String text(JsonNode object, String key) {
        JsonNode value = object.path(key);
        return value.isMissingNode() || value.isNull() ? "-" : Shown.cell(value);
    }
}
