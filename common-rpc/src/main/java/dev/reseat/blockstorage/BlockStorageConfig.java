package dev.reseat.blockstorage;

import dev.reseat.runtime.Settings;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/**
 * The way to the block-storage API, under the names of nova.conf's group {@code [cinder]}.
 *
 * @param endpoint {@code endpoint_template} (or {@code endpoint_override}); {@code %(project_id)s} stands for the
 *     project of the credentials. Empty: the service catalog says it
 * @param catalog {@code catalog_info}
 * @param region {@code os_region_name}
 * @param connectRetries {@code http_retries}: how often a connection that was not made is tried again
 * @param timeout how long one answer may take
 */
public record BlockStorageConfig(
        Credentials credentials,
        Optional<String> endpoint,
        CatalogInfo catalog,
        Optional<String> region,
        int connectRetries,
        Duration timeout) {
    private static final String GROUP = "cinder";

    public BlockStorageConfig {
        if (connectRetries < 0 || !timeout.isPositive()) {
            throw new IllegalArgumentException("[cinder] http_retries must not be negative, timeout must be positive");
        }
        endpoint.ifPresent(BlockStorageConfig::check);
        if (endpoint.isEmpty() && credentials instanceof Credentials.NoAuth) {
            throw new IllegalArgumentException("[cinder] endpoint_template: must be set with auth_type noauth");
        }
    }

    /** {@code service_type:service_name:interface}. */
    public record CatalogInfo(String type, Optional<String> name, String endpointInterface) {
        static CatalogInfo parse(String text) {
            String[] parts = text.split(":", -1);
            if (parts.length != 3) {
                throw new IllegalArgumentException("must be service_type:service_name:endpoint_type");
            }
            return new CatalogInfo(parts[0], Optional.of(parts[1]).filter(name -> !name.isBlank()),
                    parts[2].replace("URL", ""));
        }
    }

    public static BlockStorageConfig from(Settings settings) {
        return new BlockStorageConfig(
                Credentials.from(settings, GROUP),
                settings.optionalText(GROUP, "endpoint_template")
                        .or(() -> settings.optionalText(GROUP, "endpoint_override")),
                settings.value(GROUP, "catalog_info", CatalogInfo.parse("volumev3::publicURL"), CatalogInfo::parse),
                settings.optionalText(GROUP, "os_region_name"),
                settings.integer(GROUP, "http_retries", 3, 0, 100),
                settings.seconds(GROUP, "timeout", Duration.ofSeconds(60)));
    }

    private static void check(String template) {
        try {
            String scheme =
                    URI.create(template.replace("%(project_id)s", "p").replace("%(tenant_id)s", "p")).getScheme();
            if (!"http".equals(scheme) && !"https".equals(scheme)) {
                throw new IllegalArgumentException("no http or https");
            }
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("[cinder] endpoint_template: not a URL: '" + template + "'", e);
        }
    }
}
