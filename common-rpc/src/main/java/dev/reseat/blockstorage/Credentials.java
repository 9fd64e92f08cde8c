package dev.reseat.blockstorage;

import dev.reseat.runtime.Settings;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Who this process is to block storage. Always a service user of its own, never the user of a request. */
public sealed interface Credentials {
    /** The API trusts whoever comes ({@code auth_strategy = noauth}); the token is {@code user:project}. */
    record NoAuth(String user, String project) implements Credentials {
        public NoAuth {
            if (user.isBlank() || user.contains(":") || project.isBlank()) {
                throw new IllegalArgumentException(
                        "[cinder] username and project_id must be set with auth_type noauth");
            }
        }
    }

    /**
     * Keystone v3, user name and password.
     *
     * @param user {@code {id}} or {@code {name, domain: {id or name}}}, as Keystone's request has it
     * @param project likewise
     * @param password a secret
     */
    record Password(URI authUrl, Map<String, Object> user, String password, Map<String, Object> project)
            implements
            Credentials {
        public Password {
            user = Map.copyOf(user);
            project = Map.copyOf(project);
        }

        @Override
        public String toString() {
            return "Password[" + authUrl + "]";
        }
    }

    static Credentials from(Settings settings, String group) {
        String type = settings.choice(group, "auth_type", "password", List.of("noauth", "password", "v3password"));
        if (type.equals("noauth")) {
            return new NoAuth(settings.text(group, "username", "nova"), settings.requiredText(group, "project_id"));
        }
        return new Password(
                settings.value(group, "auth_url", URI.create("http://127.0.0.1:5000/v3"), URI::create),
                principal(settings, group, "user", "username"),
                settings.requiredText(group, "password"),
                principal(settings, group, "project", "project_name"));
    }

    private static Map<String, Object> principal(Settings settings, String group, String kind, String nameKey) {
        Optional<String> id = settings.optionalText(group, kind + "_id");
        Optional<String> name = settings.optionalText(group, nameKey);
        Optional<String> domainId = settings.optionalText(group, kind + "_domain_id");
        Optional<String> domainName = settings.optionalText(group, kind + "_domain_name");
        if (id.isPresent()) {
            return Map.of("id", id.get());
        }
        return Map.of("name", name.orElse("nova"), "domain",
                domainName.<Map<String, Object>>map(text -> Map.of("name", text))
                        .orElseGet(() -> Map.of("id", domainId.orElse("default"))));
    }
}
