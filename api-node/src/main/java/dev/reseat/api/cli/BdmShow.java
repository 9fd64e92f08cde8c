package dev.reseat.api.cli;

import dev.reseat.api.model.ErrorCode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** {@code reseat bdm show}: prints what {@code nova-manage volume_attachment show} prints, the secrets masked. */
@Command(name = "show", mixinStandardHelpOptions = true, customSynopsis = {"reseat bdm show [OPTIONS] BDM_UUID",
        "       reseat bdm show [OPTIONS] INSTANCE VOLUME"},
        description = "Shows a block device "
                + "mapping.",
        exitCodeListHeading = "%nExit codes, 0 to 3 as nova-manage volume_attachment "
                + "show:%n",
        exitCodeList = {
                " 0:done",
                " 1:failed; also with --connection-info where none is stored, or a damaged one",
                " 2:there is no such instance; or the command line is wrong",
                " 3:there is no such mapping, or no such volume",
                "10:cannot reach the server, or it cannot reach those it needs",
                "11:not allowed"})
final class BdmShow implements Callable<Integer>, Output.OwnCodes {
    private static final int NO_INSTANCE = 2;
    private static final int NO_MAPPING = 3;
    private static final String CONNECTION_INFO = "connection_info";

    private final ConnectionOptions options;
    private final Output output;

    @Parameters(arity = "1..2", paramLabel = "ID", description = "the mapping's uuid; or the instance's, and the "
            + "volume's id or name") private List<String> ids;

    @Option(names = {"--connection-info",
            "--connection_info"},
            description = "only the connection_info; with --json as it is "
                    + "stored") private boolean connectionInfo;

    @Option(names = Output.JSON_OPTION, description = "print JSON") private boolean json;

    @Option(names = "--show-secrets", description = "print passwords and keys instead of "
            + "***") private boolean showSecrets;

    BdmShow(ConnectionOptions options, Output output) {
        this.options = options;
        this.output = output;
    }

    @Override
    public Integer call() {
        JsonNode mapping;
        try (ApiClient api = options.client()) {
            mapping = ids.size() == 1
                    ? api.get(BdmCommands.path(ids.getFirst()) + (showSecrets ? "?show_secrets=true" : ""))
                            .path("block_device_mapping")
                    : BdmCommands.find(api, ids.getFirst(), ids.getLast(), showSecrets);
        }
        return connectionInfo ? printConnectionInfo(mapping.path(CONNECTION_INFO)) : printMapping(mapping);
    }

    private int printMapping(JsonNode mapping) {
        if (json) {
            output.print(mapping);
            return ExitCode.OK;
        }
        Map<String, String> properties = mapping.properties()
                .stream()
                .collect(Collectors.toMap(Map.Entry::getKey, BdmShow::cell));
        properties.putIfAbsent("deleted", "False"); // deleted mappings are not served
        properties.putIfAbsent("deleted_at", "None");
        output.print(PrettyTable.ofProperties(properties));
        return ExitCode.OK;
    }

    private int printConnectionInfo(JsonNode connectionInfo) {
        if (connectionInfo.path("damaged").isString()) {
            throw new ApiFailure.NotStored(
                    "The stored connection_info is damaged: " + connectionInfo.path("damaged").stringValue()
                            + ". A refresh mends it.");
        }
        if (!connectionInfo.isObject()) {
            throw new ApiFailure.NotStored("No connection_info is stored.");
        }
        output.print(json ? connectionInfo.toString() : PrettyTable.ofObject(connectionInfo));
        return ExitCode.OK;
    }

    /** A time as Python prints it; connection_info as the JSON it is stored as. */
    private static String cell(Map.Entry<String, JsonNode> property) {
        JsonNode value = property.getValue();
        if (property.getKey().equals(CONNECTION_INFO) && value.isObject()) {
            return value.toString();
        }
        boolean isTime = property.getKey().endsWith("_at") && value.isString();
        return isTime ? value.stringValue().replace('T', ' ') + "+00:00" : Shown.cell(value);
    }

    @Override
    public int exitCode(ApiFailure failure) {
        int general = ExitCode.of(failure);
        if (general != ExitCode.NOT_FOUND) {
            return general;
        }
        return failure.code().equals(Optional.of(ErrorCode.INSTANCE_NOT_FOUND)) ? NO_INSTANCE : NO_MAPPING;
    }
}
