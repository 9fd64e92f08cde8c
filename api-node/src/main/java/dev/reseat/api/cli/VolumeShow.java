package dev.reseat.api.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** {@code reseat volume show}. */
@Command(name = "show", mixinStandardHelpOptions = true, description = "Shows one volume.")
final class VolumeShow implements Callable<Integer> {
    private final ConnectionOptions options;
    private final Output output;

    @Parameters(paramLabel = "VOLUME", description = "id or name") private String volume;

    @Option(names = Output.JSON_OPTION, description = "print the volume as the server shows it") private boolean json;

    VolumeShow(ConnectionOptions options, Output output) {
        this.options = options;
        this.output = output;
    }

    @Override
    public Integer call() {
        try (ApiClient api = options.client()) {
            JsonNode found = VolumeName.find(api, volume);
            if (json) {
                output.print(found);
            } else {
                output.print(PrettyTable.ofObject(found, "links"));
            }
            return ExitCode.OK;
        }
    }
}
