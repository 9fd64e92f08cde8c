package dev.reseat.blockstorage;

import dev.reseat.runtime.Deadline;
import dev.reseat.runtime.Service;
import jakarta.inject.Inject;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Map;
import java.util.Set;
import java.util.stream.StreamSupport;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Asks block storage, as Nova's {@code nova.volume.cinder.API} does. Every request but {@link #createAttachment} may be
 * repeated, and those that Nova repeats after an error of the server are repeated here. Thread-safe; blocks, with all
 * repetitions no longer than until the deadline.
 *
 * <p>It comes with the role of a service, so Cinder lets it delete attachments that a guest still uses: the caller has
 * to have looked.
 */
public final class BlockStorageClient implements Service {
    private static final JsonMapper JSON = new JsonMapper();
    private static final TypeReference<Map<String, Object>> OBJECT = new TypeReference<>() {};
    private static final String MICROVERSION = "volume 3.44";
    private static final int ATTEMPTS = 5;
    private static final int NOT_FOUND = 404;
    private static final int UNAUTHORIZED = 401;

    private final Sender sender;
    private final TokenSource authenticator;

    @Inject
    public BlockStorageClient(BlockStorageConfig config) {
        this.sender = new Sender(config.connectRetries(), config.timeout());
        this.authenticator = new TokenSource(config, sender, InstantSource.system());
    }

    @Override
    public void start() {
        // connects with its first request: block storage that is down must not keep the agent from starting
    }

    @Override
    public void stop() {
        sender.close();
    }

    /**
     * Reserves the volume for an instance. Each request makes another attachment.
     *
     * @return the attachment's id
     */
    public String createAttachment(String requestId, String volumeId, String instanceUuid, Deadline deadline) {
        String body = JSON.writeValueAsString(
                Map.of("attachment", Map.of("volume_uuid", volumeId, "instance_uuid", instanceUuid)));
        String answer =
                ask(requestId, "POST", "/attachments", BodyPublishers.ofString(body), Set.of(), deadline);
        try {
            String id = JSON.readTree(answer).path("attachment").path("id").asString("");
            if (!id.isEmpty()) {
                return id;
            }
        } catch (JacksonException e) {
            throw notAttachment();
        }
        throw notAttachment();
    }

    /** {@code os-complete}: the host is connected, and the volume is in use. */
    public void completeAttachment(String requestId, String attachmentId, Deadline deadline) {
        String body = JSON.writeValueAsString(Map.of("os-complete", Map.of()));
        ask(requestId, "POST", "/attachments/" + segment(attachmentId) + "/action", BodyPublishers.ofString(body),
                Set.of(), deadline);
    }

    /** It says that it was done, and perhaps it was. Without the answer, in which there may be secrets. */
    private static BlockStorageException notAttachment() {
        return new BlockStorageException.OutcomeUnknown(
                "the answer of the block-storage endpoint is not an attachment", null);
    }

    /**
     * The backend lets the host of this connector reach the volume, and the attachment's row has how.
     *
     * @return connection_info: a secret; empty if the answer has none
     */
    public Map<String, Object> updateAttachment(
            String requestId, String attachmentId, Map<String, Object> connector, Deadline deadline) {
        String body = JSON.writeValueAsString(Map.of("attachment", Map.of("connector", connector)));
        String answer = ask(requestId, "PUT", "/attachments/" + segment(attachmentId), BodyPublishers.ofString(body),
                Set.of(), deadline);
        try {
            JsonNode connectionInfo = JSON.readTree(answer).path("attachment").path("connection_info");
            return connectionInfo.isObject() ? JSON.convertValue(connectionInfo, OBJECT) : Map.of();
        } catch (JacksonException e) {
            throw notAttachment();
        }
    }

    /** When this returns, the attachment is gone; one that did not exist is no failure. */
    public void deleteAttachment(String requestId, String attachmentId, Deadline deadline) {
        try {
            ask(requestId, "DELETE", "/attachments/" + segment(attachmentId), BodyPublishers.noBody(),
                    Set.of(500, 504), deadline);
        } catch (BlockStorageException.NotFound e) {
            return; // as wished
        }
    }

    /** {@code os-terminate_connection}: the backend no longer lets the host of this connector reach the volume. */
    public void terminateConnection(
            String requestId, String volumeId, Map<String, Object> connector, Deadline deadline) {
        action(requestId, volumeId, "os-terminate_connection", Map.of("connector", connector), Set.of(500), deadline);
    }

    /** {@code os-roll_detaching}: a volume that is detaching is in use again; any other stays as it is. */
    public void rollDetaching(String requestId, String volumeId, Deadline deadline) {
        action(requestId, volumeId, "os-roll_detaching", Map.of(), Set.of(), deadline);
    }

    /** @throws BlockStorageException.NotFound if there is no such volume */
    public CinderVolume volume(String requestId, String volumeId, Deadline deadline) {
        String body =
                ask(requestId, "GET", "/volumes/" + segment(volumeId), BodyPublishers.noBody(), Set.of(), deadline);
        JsonNode volume;
        try {
            volume = JSON.readTree(body).path("volume");
        } catch (JacksonException e) {
            throw notVolume();
        }
        if (!volume.path("attachments").isArray()) {
            throw notVolume(); // no attachments is an answer; no word of them is none
        }
        return new CinderVolume(
                volume.path("id").asString(""),
                volume.path("status").asString(""),
                StreamSupport.stream(volume.path("attachments").spliterator(), false)
                        .map(BlockStorageClient::attachment)
                        .toList());
    }

    private static BlockStorageException notVolume() {
        return new BlockStorageException.Misconfigured("the answer of the block-storage endpoint is not a volume");
    }

    private static CinderVolume.Attachment attachment(JsonNode json) {
        return new CinderVolume.Attachment(
                json.path("attachment_id").asString(""), json.path("server_id").asString(""),
                json.path("host_name").asString(""));
    }

    private void action(String requestId, String volumeId, String name, Map<String, Object> value, Set<Integer> again,
            Deadline deadline) {
        String body = JSON.writeValueAsString(Map.of(name, value));
        ask(requestId, "POST", "/volumes/" + segment(volumeId) + "/action", BodyPublishers.ofString(body), again,
                deadline);
    }

    private String ask(
            String requestId, String method, String path, HttpRequest.BodyPublisher body, Set<Integer> again,
            Deadline deadline) {
        boolean renewed = false;
        for (int attempt = 1;; attempt++) {
            HttpResponse<String> answer = once(requestId, method, path, body, deadline);
            int status = answer.statusCode();
            if (status / 100 == 2) {
                return answer.body();
            }
            if (status == UNAUTHORIZED && !renewed) {
                renewed = true;
                authenticator.forget();
            } else if (!again.contains(status) || attempt >= ATTEMPTS || deadline.isOver()) {
                throw failure(status, answer.body());
            }
        }
    }

    private HttpResponse<String> once(
            String requestId, String method, String path, HttpRequest.BodyPublisher body, Deadline deadline) {
        BlockStorageAccess access = authenticator.access(deadline);
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(access.endpoint() + path))
                .header("Accept", "application/json")
                .header("Content-Type", "application/json")
                .header("OpenStack-API-Version", MICROVERSION)
                .header("X-OpenStack-Request-ID", requestId)
                .method(method, body);
        access.headers().forEach(request::header);
        return sender.send(request, deadline);
    }

    /** The words of {@code {"<kind>": {"code": N, "message": "..."}}}. */
    private static BlockStorageException failure(int status, String body) {
        String message = "";
        try {
            JsonNode json = JSON.readTree(body);
            message = StreamSupport.stream(json.spliterator(), false)
                    .map(kind -> kind.path("message").asString(""))
                    .findFirst()
                    .orElse("");
        } catch (JacksonException e) {
            message = ""; // a proxy's page: the status has to do
        }
        return status == NOT_FOUND
                ? new BlockStorageException.NotFound(message)
                : new BlockStorageException.Refused(status, message);
    }

    /** Ids come over the wire: no part of them may lead to another resource. */
    private static String segment(String id) {
        return URLEncoder.encode(id, StandardCharsets.UTF_8);
    }
}
