package dev.reseat.api.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The same request for each volume that the command line names, one after the other; the failure of one stops no other.
 * What came of them is printed one by one for people, or at the end as one document {@code {"volumes": [...]}}.
 */
final class VolumeRequests {
    private static final JsonMapper JSON = JsonMapper.shared();

    private final ConnectionOptions options;
    private final Output output;
    private final boolean json;
    private final Optional<Path> receipt;

    VolumeRequests(ConnectionOptions options, Output output, boolean json) {
        this(options, output, json, Optional.empty());
    }

    /** @param receipt where the receipt of what was done goes */
    VolumeRequests(ConnectionOptions options, Output output, boolean json, Optional<Path> receipt) {
        this.options = options;
        this.output = output;
        this.json = json;
        this.receipt = receipt;
    }

    /**
     * @param volumes ids or names
     * @param verb the last word of the path, and the key of the answer
     * @param text what people are shown of a volume's answer
     * @return the exit code of all together
     */
    int post(List<String> volumes, String verb, Object body, BiFunction<String, JsonNode, String> text) {
        if (receipt.isPresent() && volumes.size() > 1) {
            throw new UsageError(ReceiptFile.ONE);
        }
        volumes.forEach(ApiClient::segment); // all of them, before anything is done
        List<Integer> codes = new ArrayList<>();
        ArrayNode reports = JSON.createArrayNode();
        try (ApiClient api = options.client();
                ReceiptFile file = receipt.map(ReceiptFile::new).orElse(null);
                Progress progress = output.progress(volumes.size())) {
            for (String volume : volumes) {
                progress.begin(volume);
                ObjectNode report = reports.addObject().put("volume", volume);
                codes.add(post(api, volume, verb, body, text, report));
                if (file != null) {
                    codes.add(file.write(api, report.path(verb).path("journal").stringValueOpt(), output));
                }
                progress.end();
            }
        }
        if (json) {
            output.print(JSON.createObjectNode().set("volumes", reports));
        }
        return ExitCode.ofAll(codes);
    }

    private int post(
            ApiClient api, String volume, String verb, Object body, BiFunction<String, JsonNode, String> text,
            ObjectNode report) {
        try {
            String id = VolumeName.id(api, volume);
            JsonNode answer = api.post("/reseat/v1/volumes/" + ApiClient.encoded(id) + "/" + verb, body).path(verb);
            report.set(verb, answer);
            if (!json) {
                output.print(text.apply(volume, answer));
            }
            return ExitCode.OK;
        } catch (ApiFailure failure) {
            int code = ExitCode.of(failure);
            report.set("error", Output.asJson(failure, code));
            if (!json) {
                output.problem(volume, failure);
            }
            return code;
        }
    }
}
