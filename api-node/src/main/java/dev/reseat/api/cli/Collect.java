package dev.reseat.api.cli;

import dev.reseat.api.offline.CaptureFolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** {@code reseat collect}: what a diagnosis rests on, for somebody who cannot ask this cloud. */
@Command(name = "collect", mixinStandardHelpOptions = true, description = "Asks every source about volumes, as "
        + "@|bold reseat diagnose|@ does, and writes rows and answers down instead of judging them. Changes nothing.",
        footer = {
                "",
                "Secrets are masked; names and addresses of hosts are not. The folder and its files are for their owner"
                        + " alone. Elsewhere: @|bold reseat diagnose --offline DIR --all|@."})
final class Collect implements Callable<Integer> {
    private final ConnectionOptions options;
    private final Output output;

    @Parameters(index = "0", paramLabel = "DIR", description = "a folder that is empty, or not there "
            + "yet") private Path folder;

    @Option(names = "--volume", paramLabel = "VOLUME", description = "id or name; "
            + "repeatable") private List<String> volumes = List.of();

    @Mixin private VolumeSelection selection;

    Collect(ConnectionOptions options, Output output) {
        this.options = options;
        this.output = output;
    }

    @Override
    public Integer call() {
        selection.requireAny(volumes);
        try (ApiClient api = options.client()) {
            CaptureFolder capture = new CaptureFolder(folder);
            List<String> ids = volumes.stream().map(name -> VolumeName.id(api, name)).toList();
            Optional<String> after = Optional.empty();
            do {
                JsonNode page = api.post("/reseat/v1/captures", selection.body(ids, after));
                capture.add(page);
                page.path("missing").forEach(id -> output.note("no volume " + id.asString() + " fits"));
                after = Optional.of(page.path("next").asString("")).filter(next -> !next.isEmpty());
            } while (after.isPresent());
            capture.write();
            capture.silentCells().forEach(why -> output.note("rows of Nova's are missing: " + why));
            output.note(capture.volumes() + " volumes are in " + folder);
            return ExitCode.OK;
        } catch (IllegalArgumentException e) {
            throw new UsageError(e.getMessage());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
