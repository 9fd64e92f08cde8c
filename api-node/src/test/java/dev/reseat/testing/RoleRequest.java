package dev.reseat.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * A request, and what each kind of caller is answered: a line of {@code roles.txt}.
 *
 * @param path with the names of things in braces
 * @param statuses in the order of {@link #CALLERS}
 * @param body the same; empty for none
 */
public record RoleRequest(String method, String path, List<Integer> statuses, String body) {
    public static final List<String> CALLERS = List.of(
            "admin", "member", "reader", "service", "system-admin", "system-reader", "not-admin-project", "foreign");
    private static final String FILE = "roles.txt";

    /** All lines. */
    public static List<RoleRequest> all() {
        try (InputStream file = RoleRequest.class.getResourceAsStream(FILE)) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(RoleRequest::parse)
                    .toList();
        } catch (IOException failure) {
            throw new UncheckedIOException(FILE, failure);
        }
    }

    private static RoleRequest parse(String line) {
        String[] parts = line.split("\\|", 4);
        List<Integer> statuses =
                Arrays.stream(parts[2].strip().split(" ", -1)).map(Integer::valueOf).toList();
        return new RoleRequest(parts[0].strip(), parts[1].strip(), statuses, parts[3].strip());
    }

    /** What one of {@link #CALLERS} is answered. */
    public int status(String caller) {
        return statuses.get(CALLERS.indexOf(caller));
    }

    /** The same about things that are there only for it. */
    public RoleRequest aboutNewThings(CloudFixture cloud, String project) {
        String filledPath = path;
        String filledBody = body;
        for (Map.Entry<String, String> thing : things(cloud, project).entrySet()) {
            String word = "{" + thing.getKey() + "}";
            filledPath = filledPath.replace(word, thing.getValue());
            filledBody = filledBody.replace(word, thing.getValue());
        }
        return new RoleRequest(method, filledPath, statuses, filledBody);
    }

    private static Map<String, String> things(CloudFixture cloud, String project) {
        String volume = cloud.volume(Map.of("project_id", project));
        String server = cloud.instance(Map.of("project_id", project));
        String mapped = cloud.volume(Map.of("status", "in-use", "project_id", project));
        String attachment = cloud.attachment(
                mapped, Map.of("instance_uuid", server, "connector", "{\"host\": \"host-a\"}"));
        String bdm = cloud.blockDevice(server, mapped, Map.of("attachment_id", attachment));
        String reserved = cloud.attachment(
                cloud.volume(Map.of("status", "reserved", "project_id", project)), "reserved");
        String none = UUID.randomUUID().toString();
        String service = "host-" + none;
        cloud.insert(cloud.cinder(), "services", Map.of(
                "host", service, "binary", "cinder-volume", "topic", "cinder-volume", "report_count", 0,
                "disabled", false, "deleted", false));
        return Map.of("volume", volume, "server", server, "mapped", mapped, "attachment", attachment, "bdm", bdm,
                "reserved", reserved, "none", none, "service", service);
    }

    /** Whether a route of that method and path may take it; where one segment has a name in braces, anything fits. */
    public boolean fits(String routeMethod, String routePath) {
        String[] segments = path.replaceFirst("\\?.*", "").split("/", -1);
        String[] route = routePath.split("/", -1);
        boolean fits = method.equals(routeMethod) && segments.length == route.length;
        for (int i = 0; fits && i < route.length; i++) {
            fits = route[i].startsWith("{") || route[i].equals(segments[i]);
        }
        return fits;
    }

    @Override
    public String toString() {
        return method + " " + path + " " + body;
    }
}
