package dev.reseat.api.cli;

import dev.reseat.api.model.ErrorCode;
import dev.reseat.api.rest.json.RefreshBody;
import dev.reseat.api.rest.json.RefreshView;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.StreamSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code reseat bdm refresh}: {@code nova-manage volume_attachment refresh}, without carrying a file by hand. */
@Command(name = "refresh", mixinStandardHelpOptions = true, customSynopsis = {"reseat bdm refresh [OPTIONS] BDM_UUID",
        "       reseat bdm refresh [OPTIONS] INSTANCE VOLUME",
        "       reseat bdm refresh [OPTIONS] --all-volumes-of INSTANCE"},
        description = "Gives the block device "
                + "mappings of a stopped instance fresh connection_info.",
        exitCodeListHeading = "%nExit codes, 0 to "
                + "7 as nova-manage volume_attachment refresh:%n",
        exitCodeList = {
                " 0:done",
                " 1:failed, or several mappings failed in different ways",
                " 2:there is no such connector file; or the command line is wrong",
                " 3:the connector file cannot be read",
                " 4:there is no such instance",
                " 5:the instance is not in a state that allows it: it must be stopped, with no task in flight",
                " 6:there is no such mapping",
                " 7:the connector is of another host than the instance",
                " 8:refused for another reason; nothing has changed",
                " 9:the outcome is unknown: somebody did not answer in time and may have done it; see reseat journal",
                "10:cannot reach the server, or it cannot reach those it needs; try again later",
                "11:not allowed"})
final class BdmRefresh implements Callable<Integer>, Output.OwnCodes {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final String ACCEPT_UNKNOWN = "accept-unknown";
    private static final int NO_FILE = 2;
    private static final int UNREADABLE_FILE = 3;
    private static final int NO_INSTANCE = 4;
    private static final int WRONG_STATE = 5;
    private static final int NO_MAPPING = 6;
    private static final int WRONG_HOST = 7;

    private final ConnectionOptions options;
    private final Output output;

    @Parameters(arity = "0..2", paramLabel = "ID", description = "the mapping's uuid; or the instance's, and the "
            + "volume's id or name") private List<String> ids =
                    List.of();

    @Option(names = "--all-volumes-of", paramLabel = "INSTANCE", description = "all volumes of this instance, one "
            + "after the other") private String allVolumesOf;

    @Option(names = "--connector-file", paramLabel = "FILE", description = "the host's connector as nova-manage "
            + "volume_attachment get_connector --json prints it;"
            + " without it the host's agent is asked") private Path connectorFile;

    @Option(names = "--reason", paramLabel = "TEXT", description = "why; recorded in the "
            + "journal") private String reason;

    @Option(names = "--force", paramLabel = "GRADE", description = "accept-unknown takes another host that cannot be "
            + "asked not to use the volume; needs --reason") private List<String> force = List.of();

    @Option(names = "--dry-run", description = "check the preconditions, change nothing") private boolean dryRun;

    @Option(names = "--receipt", paramLabel = "FILE", description = "write the signed account of what was seen and "
            + "done there, for its owner alone; of one mapping; see reseat receipt") private Path receipt;

    @Option(names = Output.JSON_OPTION, description = "print {\"mappings\": [...]}, one report or error for "
            + "each") private boolean json;

    BdmRefresh(ConnectionOptions options, Output output) {
        this.options = options;
        this.output = output;
    }

    @Override
    public Integer call() {
        if (ids.isEmpty() == (allVolumesOf == null)) {
            throw new UsageError("say which: BDM_UUID, or INSTANCE VOLUME, or --all-volumes-of INSTANCE");
        }
        if (receipt != null && (dryRun || allVolumesOf != null)) {
            throw new UsageError("--receipt goes with one mapping that is refreshed: without --dry-run and"
                    + " --all-volumes-of; reseat journal receipt has those of others");
        }
        RefreshBody body = body();
        List<Integer> codes = new ArrayList<>();
        ArrayNode reports = JSON.createArrayNode();
        try (ApiClient api = options.client()) {
            List<JsonNode> mappings = mappings(api);
            try (ReceiptFile file = receipt == null ? null : new ReceiptFile(receipt);
                    Progress progress = output.progress(mappings.size())) {
                for (JsonNode mapping : mappings) {
                    String uuid = mapping.path("uuid").asString();
                    progress.begin(uuid);
                    ObjectNode report = reports.addObject().put("bdm_uuid", uuid);
                    codes.add(refresh(api, mapping, isOneOfSeveral(mapping, mappings), body, report));
                    if (file != null) {
                        codes.add(file.write(api, report.path("refresh").path("journal").stringValueOpt(), output));
                    }
                    progress.end();
                }
            }
        }
        if (json) {
            output.print(JSON.createObjectNode().set("mappings", reports));
        }
        return ExitCode.ofAll(codes);
    }

    private List<JsonNode> mappings(ApiClient api) {
        if (allVolumesOf == null) {
            return List.of(ids.size() == 1
                    ? JSON.createObjectNode().put("uuid", ids.getFirst())
                    : BdmCommands.find(api, ids.getFirst(), ids.getLast(), false));
        }
        return StreamSupport.stream(BdmCommands.ofInstance(api, allVolumesOf).spliterator(), false)
                .filter(mapping -> mapping.path("volume_id").isString())
                .toList();
    }

    /** Of all volumes of an instance, one that has another mapping there. */
    private boolean isOneOfSeveral(JsonNode mapping, List<JsonNode> all) {
        return allVolumesOf != null
                && all.stream().filter(other -> other.path("volume_id").equals(mapping.path("volume_id"))).count() > 1;
    }

    private int refresh(ApiClient api, JsonNode mapping, boolean several, RefreshBody body, ObjectNode report) {
        String uuid = mapping.path("uuid").asString();
        try {
            if (several) { // refused: nobody has chosen this one
                BdmCommands.ofVolume(api, allVolumesOf, mapping.path("volume_id").asString());
            }
            JsonNode answer = api.post(BdmCommands.path(uuid) + "/refresh", body).path("refresh");
            report.set("refresh", answer);
            if (!json) {
                output.print(RefreshText.of(ApiClient.read(answer, RefreshView.class), dryRun));
            }
            return ExitCode.OK;
        } catch (ApiFailure failure) {
            int code = exitCode(failure);
            report.set("error", Output.asJson(failure, code));
            if (!json) {
                output.problem(uuid, failure);
            }
            return code;
        }
    }

    private RefreshBody body() {
        if (force.stream().anyMatch(grade -> !grade.equals(ACCEPT_UNKNOWN))) {
            throw new UsageError("--force of a refresh is " + ACCEPT_UNKNOWN + " and nothing else");
        }
        if (!force.isEmpty() && (reason == null || reason.isBlank())) {
            throw new UsageError("--force needs --reason TEXT, which is recorded");
        }
        return new RefreshBody(
                Optional.ofNullable(connectorFile).map(BdmRefresh::connector), Optional.ofNullable(reason),
                !force.isEmpty(), dryRun);
    }

    private static Map<String, Object> connector(Path file) {
        JsonNode connector;
        try {
            connector = JSON.readTree(Files.readString(file));
        } catch (NoSuchFileException missing) {
            throw new UsageError(NO_FILE, "Connector file not found: " + file);
        } catch (IOException | JacksonException unreadable) {
            throw notAConnector(file, "it is no JSON text (" + unreadable.getClass().getSimpleName() + ")");
        }
        if (!connector.isObject()) {
            throw notAConnector(file, "it holds no JSON object");
        }
        if (connector.path("host").stringValue("").isBlank()) {
            throw notAConnector(file, "it names no host");
        }
        return JSON.convertValue(connector, new TypeReference<>() {});
    }

    /** The file's text is not repeated: initiators and addresses are nobody's business in a log of a terminal. */
    private static UsageError notAConnector(Path file, String why) {
        return new UsageError(UNREADABLE_FILE,
                "Failed to open " + file + ". Does it contain valid connector_info data? "
                        + why + "; nova-manage volume_attachment get_connector --json writes it on the host");
    }

    @Override
    public int exitCode(ApiFailure failure) {
        int general = ExitCode.of(failure);
        if (general == ExitCode.NOT_FOUND) {
            return failure.code().equals(Optional.of(ErrorCode.INSTANCE_NOT_FOUND)) ? NO_INSTANCE : NO_MAPPING;
        }
        return failure.code()
                .map(code -> switch (code) {
                    case WRONG_HOST -> WRONG_HOST;
                    case INSTANCE_STATE -> WRONG_STATE;
                    default -> general;
                })
                .orElse(general);
    }
}
