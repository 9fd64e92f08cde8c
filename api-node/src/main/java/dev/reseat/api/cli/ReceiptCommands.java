package dev.reseat.api.cli;

import dev.reseat.api.rest.json.ReceiptView;
import dev.reseat.api.rest.json.RestJson;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.StringJoiner;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code reseat receipt}: the signed accounts of repairs. */
@Command(name = "receipt", mixinStandardHelpOptions = true, synopsisSubcommandLabel = "COMMAND", description = "Checks "
        + "the signed account of a repair: what was seen before it and what proved it, with times.")
final class ReceiptCommands {
    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN PUBLIC KEY-----(.*?)-----END PUBLIC KEY-----", Pattern.DOTALL);
    private static final String ED25519 = "Ed25519";

    private ReceiptCommands() {}

    static CommandLine all(Output output) {
        return new CommandLine(new ReceiptCommands()).addSubcommand(new Verify(output));
    }

    /** {@code reseat receipt verify}. Asks no server. */
    @Command(name = "verify", mixinStandardHelpOptions = true, description = "Says whether a receipt is whole and of "
            + "that key, and what it says. Asks nobody.",
            footer = {
                    "",
                    "A receipt is a flattened JSON Web Signature (EdDSA), which other programs can check too. The"
                            + " public key is what openssl pkey -in KEY -pubout writes.",
                    "Exit codes: 0 the signature fits, 1 it does not, 2 the file or the key cannot be read."})
    static final class Verify implements Callable<Integer> {
        private final Output output;

        @Parameters(paramLabel = "FILE", description = "the receipt") private Path file;

        @Option(names = "--key", required = true, paramLabel = "PUB",
                description = "the public key, PEM") private Path key;

        @Option(names = Output.JSON_OPTION, description = "print what was signed") private boolean json;

        Verify(Output output) {
            this.output = output;
        }

        @Override
        public Integer call() {
            ReceiptView receipt = receipt();
            if (!isSigned(receipt, publicKey())) {
                output.note("NOT VALID: the signature of " + file + " does not fit; do not believe what it says");
                return ExitCode.FAILED;
            }
            JsonNode account = decoded(receipt.payload());
            if (json) {
                output.print(account);
            } else {
                output.print(text(account));
            }
            return ExitCode.OK;
        }

        private ReceiptView receipt() {
            try {
                ReceiptView read = RestJson.mapper().readValue(Files.readString(file), ReceiptView.class);
                if (read.header() == null || read.payload() == null || read.signature() == null) {
                    throw new UsageError(file + " is no receipt: a part is missing");
                }
                return read;
            } catch (IOException | JacksonException e) {
                throw new UsageError(file + " is no receipt: " + e.getMessage());
            }
        }

        private PublicKey publicKey() {
            try {
                Matcher block = BLOCK.matcher(Files.readString(key));
                if (!block.find()) {
                    throw new UsageError(key + " holds no public key");
                }
                byte[] encoded = Base64.getMimeDecoder().decode(block.group(1));
                return KeyFactory.getInstance(ED25519).generatePublic(new X509EncodedKeySpec(encoded));
            } catch (IOException e) {
                throw new UsageError("the key cannot be read: " + e);
            } catch (GeneralSecurityException | IllegalArgumentException e) {
                throw new UsageError(key + " holds no Ed25519 public key");
            }
        }

        /** Only that one kind of signature: a header does not choose how it is checked. */
        private boolean isSigned(ReceiptView receipt, PublicKey by) {
            try {
                if (!decoded(receipt.header()).path("alg").asString("").equals("EdDSA")) {
                    return false;
                }
                Signature signature = Signature.getInstance(ED25519);
                signature.initVerify(by);
                signature.update(
                        (receipt.header() + "." + receipt.payload()).getBytes(StandardCharsets.US_ASCII));
                return signature.verify(Base64.getUrlDecoder().decode(receipt.signature()));
            } catch (GeneralSecurityException | IllegalArgumentException e) {
                return false; // of another length, or no signature at all
            }
        }

        private JsonNode decoded(String part) {
            try {
                return JsonMapper.shared().readTree(Base64.getUrlDecoder().decode(part));
            } catch (IllegalArgumentException | JacksonException e) {
                throw new UsageError(file + " is no receipt: a part cannot be read");
            }
        }

        private static String text(JsonNode account) {
            StringJoiner text = new StringJoiner("\n");
            text.add("valid: " + account.path("kind").asString() + " of volume " + account.path("volume_id").asString()
                    + ", " + account.path("state").asString());
            text.add("  journal: " + account.path("journal").asString());
            text.add("  by:      " + account.path("user_id").asString("-") + ", "
                    + account.path("request_id").asString());
            text.add("  reason:  " + account.path("reason").asString("-"));
            text.add("  from:    " + account.path("opened_at").asString() + " to "
                    + account.path("closed_at").asString());
            text.add("  outcome: " + account.path("outcome").asString("-"));
            PrettyTable seen = new PrettyTable("Step", "Seen at", "Source", "Host", "Question", "Answer", "Said");
            account.path("observations")
                    .forEach(one -> seen.row(
                            one.path("step").asString(), one.path("seen_at").asString(), one.path("source").asString(),
                            one.path("host").asString("-"), one.path("question").asString(),
                            one.path("answer").asString(), one.path("excerpt").asString()));
            return text.add(seen.toString()).toString();
        }
    }
}
