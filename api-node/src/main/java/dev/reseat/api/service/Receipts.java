package dev.reseat.api.service;

import dev.reseat.api.flow.ServiceException;
import dev.reseat.api.object.JsonText;
import dev.reseat.contract.Secrets;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The signed account of one repair: every observation that it was decided on and proved by, with its time, and every
 * step. Made from the journal, where no secret is; masked once more.
 */
public final class Receipts {
    private static final String OBSERVATIONS = "observations";
    private static final Map<String, String> HEADER = Map.of("alg", "EdDSA", "typ", "reseat-receipt+json");

    private final JournalQueries journal;
    private final ReceiptConfig config;
    private final InstantSource clock;

    @Inject
    Receipts(JournalQueries journal, ReceiptConfig config, InstantSource clock) {
        this.journal = journal;
        this.config = config;
        this.clock = clock;
    }

    /**
     * @throws ServiceException.NotFound if there is no such entry
     * @throws ServiceException.Conflict if it is not settled yet
     * @throws ServiceException.NotImplemented if this api-node has no key
     * @throws ServiceException.Failed if its key cannot be read
     */
    public SignedReceipt of(String entryId) {
        JournalView entry = journal.find(entryId)
                .orElseThrow(() -> new ServiceException.NotFound("The journal has no entry " + entryId + "."));
        if (entry.closedAt().isEmpty()) {
            throw new ServiceException.Conflict(
                    "Journal entry " + entryId + " is " + entry.state() + "; a receipt is of what is settled.",
                    "reseat journal show " + entry.subject());
        }
        ReceiptKey key = key();
        String header = encoded(JsonText.of(HEADER));
        String payload = encoded(Secrets.maskedJson(JsonText.of(account(entry))));
        byte[] signed = (header + "." + payload).getBytes(StandardCharsets.US_ASCII);
        return new SignedReceipt(
                header, payload, Base64.getUrlEncoder().withoutPadding().encodeToString(key.sign(signed)));
    }

    private ReceiptKey key() {
        Path file = config.keyFile()
                .orElseThrow(() -> new ServiceException.NotImplemented(
                        "This api-node has no key to sign receipts with.",
                        "set [reseat] receipt_key_file, made by openssl genpkey -algorithm ed25519"));
        try {
            return ReceiptKey.read(file);
        } catch (IllegalArgumentException e) {
            throw new ServiceException.Failed("[reseat] receipt_key_file: " + e.getMessage(), null, e);
        }
    }

    private static String encoded(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private Map<String, Object> account(JournalView entry) {
        Map<String, Object> account = new LinkedHashMap<>();
        account.put("receipt", 1);
        account.put("issued_at", clock.instant().toString());
        account.put("journal", entry.id().toString());
        account.put("kind", entry.kind());
        account.put("volume_id", entry.subject());
        account.put("state", entry.state());
        account.put("outcome", entry.outcome());
        account.put("reason", entry.reason());
        account.put("request_id", entry.requestId());
        account.put("user_id", entry.userId());
        account.put("opened_at", entry.openedAt().toString());
        account.put("closed_at", entry.closedAt().map(Instant::toString));
        List<Object> observations = new ArrayList<>();
        List<Object> steps = new ArrayList<>();
        for (JournalView.Step step : entry.steps()) {
            Map<String, Object> detail = new LinkedHashMap<>(JsonText.map(step.detail()));
            Optional.ofNullable(detail.remove(OBSERVATIONS))
                    .ifPresent(said -> observations.addAll(during(step.name(), (List<?>) said)));
            Map<String, Object> told = new LinkedHashMap<>();
            told.put("name", step.name());
            told.put("phase", step.phase());
            told.put("at", step.at().toString());
            told.put("detail", detail);
            steps.add(told);
        }
        account.put(OBSERVATIONS, observations);
        account.put("steps", steps);
        return account;
    }

    private static List<Object> during(String step, List<?> observations) {
        List<Object> all = new ArrayList<>();
        for (Object one : observations) {
            Map<String, Object> said = new LinkedHashMap<>(Map.of("step", step));
            ((Map<?, ?>) one).forEach((name, value) -> said.put(String.valueOf(name), value));
            all.add(said);
        }
        return all;
    }
}
