package dev.reseat.api.cli;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code reseat journal receipt}: the signed account of one repair, also long after it. */
@Command(name = "receipt", mixinStandardHelpOptions = true, description = "Prints the signed account of one repair: "
        + "every observation that it was decided on and proved by, with its time.",
        footer = {"", "Check it with @|bold reseat receipt verify|@."})
final class JournalReceipt implements Callable<Integer> {
    private final ConnectionOptions options;
    private final Output output;

    @Parameters(paramLabel = "JOURNAL_ID", description = "of the repair") private String entry;

    @Option(names = "--receipt", paramLabel = "FILE", description = "write it there instead, for its owner "
            + "alone") private Path file;

    JournalReceipt(ConnectionOptions options, Output output) {
        this.options = options;
        this.output = output;
    }

    @Override
    public Integer call() {
        try (ApiClient api = options.client()) {
            if (file == null) {
                output.print(ReceiptFile.text(api, entry).stripTrailing());
                return ExitCode.OK;
            }
            try (ReceiptFile receipt = new ReceiptFile(file)) {
                receipt.write(api, entry);
            }
        }
        return ExitCode.OK;
    }
}
