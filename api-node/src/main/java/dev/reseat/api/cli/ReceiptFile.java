package dev.reseat.api.cli;

import dev.reseat.api.rest.json.ReceiptView;
import dev.reseat.api.rest.json.RestJson;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * Where a receipt goes. The file is made, for its owner alone, before anything is repaired, so that one that cannot be
 * made is told in time; one that nothing came into is removed.
 */
final class ReceiptFile implements AutoCloseable {
    static final String NOT_DRY = "--receipt goes without --dry-run, which does nothing";
    static final String ONE = "--receipt goes with one volume; reseat journal receipt has those of others";

    private final Path path;
    private boolean written;

    /** @throws UsageError if it is there already or cannot be made */
    ReceiptFile(Path path) {
        this.path = path;
        try {
            Files.createFile(path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        } catch (FileAlreadyExistsException e) {
            throw new UsageError("the receipt's file is there already: " + path);
        } catch (IOException e) {
            throw new UsageError("the receipt cannot be written to " + path + ": " + e);
        }
    }

    /** Asks for the receipt of a journal entry, and keeps it. */
    void write(ApiClient api, String journal) {
        String text = text(api, journal);
        try {
            Files.writeString(path, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        written = true;
    }

    /**
     * The same of what was done just now, and has its own report: a receipt that cannot be had is told, with how to
     * get it later.
     *
     * @param journal empty if nothing was done
     * @return the exit code for that
     */
    int write(ApiClient api, Optional<String> journal, Output output) {
        if (journal.isEmpty()) {
            return ExitCode.OK;
        }
        try {
            write(api, journal.get());
            return ExitCode.OK;
        } catch (ApiFailure failure) {
            output.note("it is done, but its receipt cannot be had: " + failure.problem());
            failure.next().ifPresent(next -> output.note("next: " + next));
            output.note("later: reseat journal receipt " + journal.get());
            return ExitCode.FAILED;
        }
    }

    /** The receipt of a journal entry, as it is kept. */
    static String text(ApiClient api, String journal) {
        JsonNode receipt =
                api.get("/reseat/v1/journal/" + ApiClient.encoded(journal) + "/receipt").path("receipt");
        return RestJson.mapper()
                .writerWithDefaultPrettyPrinter()
                .writeValueAsString(ApiClient.read(receipt, ReceiptView.class)) + "\n";
    }

    @Override
    public void close() {
        if (!written) {
            try {
                Files.deleteIfExists(path);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
