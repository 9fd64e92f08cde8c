package dev.reseat.api.rest.repair;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reseat.api.cli.ReseatCli;
import dev.reseat.api.rest.RestFixture;
import dev.reseat.testing.CloudFixture;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Receipts, from the repair that they tell of to whoever checks them without any server. */
@Tag("database")
class ReceiptIT {
    @TempDir Path folder;
    private RestFixture node;
    private Path publicKey;

    private record Run(int code, String out, String err) {}

    @BeforeEach
    void anApiNodeWithAKey() throws Exception {
        KeyPair keys = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        Path privateKey = pem("receipt.pem", "PRIVATE KEY", keys.getPrivate());
        publicKey = pem("receipt.pub", "PUBLIC KEY", keys.getPublic());
        node = RestFixture.with("auth_strategy = noauth\n[reseat]\nreceipt_key_file = " + privateKey + "\n");
    }

    @AfterEach
    void close() {
        node.close();
    }

    @Test
    void aResetWritesWhatProvedItAndAnybodyCanCheckThat() throws IOException {
        String volume = node.cloud.volume("error");
        Path receipt = folder.resolve("receipt.json");

        Run reset = reseat(
                "volume", "reset-state", "--state", "available", "--reason", "password=SECRETa, seen", "--receipt",
                receipt.toString(), volume);
        assertThat(reset.code()).as("%s", reset).isZero();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(receipt))).isEqualTo("rw-------");

        Run valid = reseat("receipt", "verify", receipt.toString(), "--key", publicKey.toString());
        assertThat(valid.code()).as("%s", valid).isZero();
        assertThat(valid.out()).contains("valid: reset of volume " + volume + ", done", "seen", "backend", "nova");
        JsonNode account = JsonMapper.shared()
                .readTree(reseat("receipt", "verify", "--json", receipt.toString(), "--key", publicKey.toString())
                        .out());
        assertThat(account.path("observations")).isNotEmpty()
                .allSatisfy(one -> assertThat(one.path("seen_at").asString()).matches("\\d{4}-\\d\\d-\\d\\dT.*Z"));
        assertThat(account.findValuesAsString("source")).contains("cinder", "nova", "guest", "host", "backend");
        assertThat(account.toString()).doesNotContain("SECRET");
    }

    @Test
    void whatWasChangedOrIsOfAnotherKeyIsNotValid() throws Exception {
        String volume = node.cloud.volume("error");
        Path file = folder.resolve("receipt.json");
        reseat("volume", "reset-state", "--state", "available", "--receipt", file.toString(), volume);
        Path other = pem("other.pub", "PUBLIC KEY", KeyPairGenerator.getInstance("Ed25519")
                .generateKeyPair()
                .getPublic());
        assertThat(reseat("receipt", "verify", file.toString(), "--key", other.toString()).code()).isEqualTo(1);

        JsonNode receipt = JsonMapper.shared().readTree(Files.readString(file));
        String payload = new String(
                Base64.getUrlDecoder().decode(receipt.path("payload").asString()), StandardCharsets.UTF_8);
        String forged = encoded(payload.replace("\"no\"", "\"yes\""));
        Files.writeString(file, receipt.toString().replace(receipt.path("payload").asString(), forged));
        Run run = reseat("receipt", "verify", file.toString(), "--key", publicKey.toString());
        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err()).contains("NOT VALID");
        assertThat(run.out()).isEmpty();

        String unsigned = encoded("{\"alg\":\"none\"}");
        Files.writeString(file, "{\"protected\": \"" + unsigned + "\", \"payload\": \"" + forged
                + "\", \"signature\": \"\"}");
        assertThat(reseat("receipt", "verify", file.toString(), "--key", publicKey.toString()).code()).isEqualTo(1);
    }

    @Test
    void aFileThatIsThereIsNotOverwrittenAndNothingIsDone() throws IOException {
        String volume = node.cloud.volume("error");
        Path file = Files.writeString(folder.resolve("kept"), "mine");

        Run run = reseat("volume", "reset-state", "--state", "available", "--receipt", file.toString(), volume);

        assertThat(run.code()).isEqualTo(2);
        assertThat(file).hasContent("mine");
        assertThat(reseat("volume", "show", volume).out()).contains("error");
    }

    @Test
    void aRefusedRepairLeavesNoFileAndAnEarlierOneHasAReceiptToo() throws IOException {
        String volume = node.cloud.volume("error");
        Path file = folder.resolve("none.json");
        Run refused = reseat("volume", "reset-state", "--state", "in-use", "--receipt", file.toString(), volume);
        assertThat(refused.code()).isNotZero();
        assertThat(file).doesNotExist();

        String entry = JsonMapper.shared()
                .readTree(reseat("volume", "reset-state", "--state", "available", "--json", volume).out())
                .at("/volumes/0/reset/journal")
                .asString();
        assertThat(reseat("journal", "receipt", entry, "--receipt", file.toString()).code()).isZero();
        assertThat(reseat("receipt", "verify", file.toString(), "--key", publicKey.toString()).code()).isZero();
        assertThat(reseat("journal", "receipt", "none-such").code()).isEqualTo(4);
        assertThat(reseat("volume", "reset-state", "--state", "error", "--receipt", folder.resolve("two").toString(),
                volume, volume).err()).contains("--receipt goes with one volume");
    }

    private static String encoded(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private Run reseat(String... words) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        Map<String, String> environment = Map.of(
                "RESEAT_ENDPOINT", "http://127.0.0.1:" + node.server.port(), "OS_AUTH_TYPE", "noauth", "OS_USER_ID",
                CloudFixture.USER, "OS_PROJECT_ID", CloudFixture.PROJECT);
        int code = ReseatCli.run(words, environment, new PrintWriter(out), new PrintWriter(err));
        return new Run(code, out.toString(), err.toString());
    }

    private Path pem(String name, String kind, Key key) throws IOException, GeneralSecurityException {
        String text = Base64.getMimeEncoder(64, new byte[]{'\n'}).encodeToString(key.getEncoded());
        return Files.writeString(
                folder.resolve(name), "-----BEGIN " + kind + "-----\n" + text + "\n-----END " + kind + "-----\n");
    }
}
