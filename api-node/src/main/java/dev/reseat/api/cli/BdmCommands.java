package dev.reseat.api.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import tools.jackson.databind.JsonNode;

/** {@code reseat bdm}: block device mappings, as {@code nova-manage volume_attachment} has them. */
@Command(name = "bdm", mixinStandardHelpOptions = true, synopsisSubcommandLabel = "COMMAND", description = "Looks at "
        + "block device mappings and refreshes their connection_info.")
final class BdmCommands {
    private static final String PATH = "/reseat/v1/block-device-mappings";

    private BdmCommands() {}

    static CommandLine all(ConnectionOptions options, Output output) {
        return new CommandLine(new BdmCommands())
                .addSubcommand(new BdmShow(options, output))
                .addSubcommand(new BdmRefresh(options, output));
    }

    /** The path of one mapping. */
    static String path(String uuid) {
        return PATH + "/" + ApiClient.segment(uuid);
    }

    /** The mapping of a volume to an instance. */
    static JsonNode find(ApiClient api, String instance, String volume, boolean showSecrets) {
        Map<String, String> query = pair(instance, VolumeName.id(api, volume));
        if (showSecrets) {
            query.put("show_secrets", "true");
        }
        return api.get(PATH + ApiClient.query(query)).path("block_device_mappings").path(0);
    }

    /** The mapping of a volume, by its id, to an instance; fails if there are several. */
    static JsonNode ofVolume(ApiClient api, String instance, String volumeId) {
        return api.get(PATH + ApiClient.query(pair(instance, volumeId)))
                .path("block_device_mappings")
                .path(0);
    }

    private static Map<String, String> pair(String instance, String volumeId) {
        Map<String, String> query = new LinkedHashMap<>();
        query.put("instance", instance);
        query.put("volume", volumeId);
        return query;
    }

    /** All mappings of an instance. */
    static JsonNode ofInstance(ApiClient api, String instance) {
        return api.get(PATH + ApiClient.query(Map.of("instance", instance))).path("block_device_mappings");
    }
}
