package dev.reseat.api.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** {@code reseat volume}: looking at volumes. {@link ResetState} changes them, {@link FenceCommand} their clients. */
@Command(name = "volume", mixinStandardHelpOptions = true, synopsisSubcommandLabel = "COMMAND", description = "Looks "
        + "at volumes, resets their state, keeps clients out.")
final class VolumeCommands {
    private VolumeCommands() {}

    static CommandLine all(ConnectionOptions options, Output output) {
        return new CommandLine(new VolumeCommands())
                .addSubcommand(new VolumeList(options, output))
                .addSubcommand(new VolumeShow(options, output))
                .addSubcommand(new ResetState(options, output))
                .addSubcommand(new FenceCommand(options, output));
    }
}
