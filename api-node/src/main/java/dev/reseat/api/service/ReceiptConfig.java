package dev.reseat.api.service;

import dev.reseat.runtime.Settings;
import java.nio.file.Path;
import java.util.Optional;

/**
 * How receipts are signed.
 *
 * @param keyFile where the private key is, read for each receipt; empty for none
 */
public record ReceiptConfig(Optional<Path> keyFile) {
    public static ReceiptConfig from(Settings settings) {
        return new ReceiptConfig(settings.optionalText("reseat", "receipt_key_file").map(Path::of));
    }
}
